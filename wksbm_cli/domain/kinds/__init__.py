"""The kinds of entry: everything the program knows of a kind by its name stands on the record of that kind.

This table is the one place where single entry becomes double entry. A key that is not in the table is an
error, never ignored. A kind is added in the module of its family (CONTRIBUTING.md); nothing else lists kinds by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import arisan, corrections, decisions, giving, lending, places, receipts, savings
from wksbm_cli.domain.kinds.kind import Key, Kind, place_of
from wksbm_cli.domain.units import Unit

__all__ = ["COMMON", "KINDS", "Key", "Kind", "kinds_where", "mirrored", "place_of", "postings"]

# Keys that every kind may carry, after its own. `at` stays the last (domain/line.py).
COMMON = (
    Key("note", "text"),
    Key("ref", "text"),
    Key("allowed", "permissions"),  # the rules overridden with a flag (`rules.Permissions`)
    Key("reason", "text"),  # why they were overridden; a kind with a reason of its own uses the same key
    Key("by", "text", required=True),
    Key("twin", "twin"),
    Key("row", "row"),  # position in the batch recorded by one command
    Key("at", "moment", required=True),
)

# In the order of reports.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for family in (receipts, giving, places, lending, arisan, savings, corrections, decisions)
    for kind in family.KINDS
}


def kinds_where(answer: Callable[[Kind], bool]) -> tuple[str, ...]:
    """The names of the kinds that satisfy a predicate."""
    return tuple(name for name, kind in KINDS.items() if answer(kind))


def postings(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> list[Posting]:
    """The postings of any entry but a reversal (see `mirrored`)."""
    return list(KINDS[entry.kind].postings(entry, fund, units))


def mirrored(booked: list[Posting]) -> list[Posting]:
    """What a reversal books: every posting of the cancelled entry with its sign turned."""
    return [posting._replace(minor=-posting.minor) for posting in booked]
