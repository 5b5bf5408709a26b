"""The book as one long table for spreadsheets, databases and notebooks: one row per posting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal

from wksbm_cli.exchange.journal import Journal, Say, Transaction, description, entry_tags, member_of


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting with the values of its entry; '' where there is none.

    `amount` is signed and in whole units, with exactly the decimals of the unit; it is more than zero where a
    place, a debt owed to the fund or a cost grows. `fund` is without its organisation, `member` whose part of
    the entry the posting is, `period` what was paid for, several joined by spaces, `recorded` in UTC. An entry
    that carries in what there was before the period has the kind `carried`, no id and no time.
    """

    date: date
    id: str
    kind: str
    organisation: str
    fund: str
    account: str
    place: str
    member: str
    due: str
    period: str
    event: str
    amount: Decimal
    unit: str
    description: str
    counterparty: str
    purpose: str
    mode: str
    category: str
    approved_by: str
    reverses: str
    note: str
    ref: str
    by: str
    recorded: datetime | None


COLUMNS = tuple(field.name for field in fields(PostingRow))


def rows(journal: Journal, say: Say) -> Iterator[PostingRow]:
    """The rows of a journal, in its order; the description in the language of `say`."""
    for transaction in journal.transactions:
        yield from _rows(transaction, journal, say)


def _rows(transaction: Transaction, journal: Journal, say: Say) -> Iterator[PostingRow]:
    said = dict(entry_tags(transaction))
    entry = transaction.entry
    sentence = say(description(transaction, journal))
    for posting in transaction.postings:
        unit = journal.registers.unit(posting.unit)
        organisation, _, fund = posting.fund.partition("/")
        yield PostingRow(
            date=transaction.date,
            id=entry.id if entry else "",
            kind=transaction.kind,
            organisation=organisation,
            fund=fund,
            account=posting.account,
            place=posting.place or "",
            member=member_of(transaction, posting) or "",
            due=posting.due or "",
            period=posting.period or (said.get("for", "") if posting.due else ""),
            event=said.get("event", ""),
            amount=Decimal(posting.minor).scaleb(-unit.decimals),
            unit=unit.code,
            description=sentence,
            counterparty=said.get("from") or said.get("to") or "",
            purpose=said.get("purpose") or said.get("reason") or "",
            mode=said.get("mode", ""),
            category=said.get("category", ""),
            approved_by=said.get("approved_by", ""),
            reverses=said.get("of", ""),
            note=said.get("note", ""),
            ref=said.get("ref", ""),
            by=entry.by if entry else "",
            recorded=entry.at.astimezone(UTC) if entry else None,
        )
