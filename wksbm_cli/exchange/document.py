"""The book as one JSON document: every entry with the keys of its line, and its postings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wksbm_cli.domain.entry import Posting
from wksbm_cli.exchange.journal import Journal, Say, Transaction, description, member_of

VERSION = 1


def document(journal: Journal, say: Say) -> Mapping[str, Any]:
    """The journal as one value for `render.json`; its keys are described in docs/export.md.

    An entry's `fields` are the keys of its ledger line, with their values as they stand there.
    """
    return {
        "export": "entries",
        "version": VERSION,
        "book": journal.registers.book.name,
        "from": journal.span.start,
        "to": journal.span.end,
        "units": [
            {"code": unit.code, "name": unit.name, "symbol": unit.symbol, "decimals": unit.decimals}
            for unit in journal.units()
        ],
        "carried": [
            _posting(each, posting, journal)
            for each in journal.transactions
            if not each.entry
            for posting in each.postings
        ],
        "entries": [_entry(each, journal, say) for each in journal.transactions if each.entry],
    }


def _entry(transaction: Transaction, journal: Journal, say: Say) -> dict[str, Any]:
    entry = transaction.entry
    assert entry is not None
    return {
        "id": entry.id,
        "fund": entry.fund,
        "date": entry.date,
        "kind": entry.kind,
        "description": say(description(transaction, journal)),
        "fields": entry.fields,
        "postings": [_posting(transaction, posting, journal) for posting in transaction.postings],
    }


def _posting(transaction: Transaction, posting: Posting, journal: Journal) -> dict[str, Any]:
    return {
        "fund": posting.fund,
        "account": posting.account,
        "place": posting.place,
        "member": member_of(transaction, posting),
        "due": posting.due,
        "amount": journal.registers.amount(posting.minor, posting.unit),
        "unit": posting.unit,
    }
