"""The periods each payment settled, computed as of its recording, so that a receipt printed later reads the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.obligations import Obligation, Payments, settled_by
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.wording import paid_for
from wksbm_cli.index.compile import period_counted
from wksbm_cli.index.query import Query


def settled_words(query: Query, registers: Registers, entry: Entry, member: str) -> Message | None:
    """The periods a member's contribution paid for, in words; None where there are none (a gift, a night)."""
    return settlements(query, registers, entry, member).get(entry.id)


def settled_in(query: Query, registers: Registers, entries: Iterable[Entry]) -> dict[str, Message]:
    """The same for every single-member payment among some entries, by id."""
    alike: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "contribution" and len(entry.fields["members"]) == 1:
            alike[entry.fund, entry.fields.get("due", ""), next(iter(entry.fields["members"]))].append(entry)
    words: dict[str, Message] = {}
    for (_, _, member), payments in alike.items():
        words |= settlements(query, registers, payments[0], member, {payment.id for payment in payments})
    return words


def settlements(
    query: Query, registers: Registers, like: Entry, member: str, wanted: Collection[str] | None = None
) -> dict[str, Message]:
    """The same for every payment of a member towards the due of one of them, by id; limited to those `wanted`, if given.

    Later entries, reversals included, do not change the words of earlier ones. A member pays a due some dozen times a
    year; nights, which are hundreds, have no words.
    """
    fund = registers.funds[like.fund]
    due = fund.dues.get(like.fields.get("due", ""))
    if like.kind != "contribution" or due is None or due.cycle.name == "night":
        return {}
    obligation = Obligation(fund, due, registers.members[fund.organisation][member])
    entries = [
        (entry, minor)
        for entry, towards, _, minor in query.card(fund.organisation, member, Span(None, None))
        if entry.fund == fund.slug and towards == due.slug
    ]
    words: dict[str, Message] = {}
    payments = Payments({})

    def recorded(paid: tuple[Entry, int]) -> tuple[datetime, int, date, int, str]:
        """The order of recording; within one second and without rows, a cancelled entry comes before its reversal."""
        entry = paid[0]
        rank = 1 if entry.kind == "reversal" else 0 if query.reversal_of(entry.id) else 2
        return entry.at, entry.fields.get("row", 0), entry.date, rank, entry.id

    for entry, minor in sorted(entries, key=recorded):
        original = query.cancelled_by(entry) or entry
        period = tuple(period_counted(original.fields, due, original.date).split())
        after = payments.with_payment(period, minor)
        if original is entry and (wanted is None or entry.id in wanted):
            told = paid_for(fund, due, settled_by(obligation, payments, after, entry.date))
            if told is not None:
                words[entry.id] = told
        payments = after
    return words
