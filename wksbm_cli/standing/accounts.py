"""Sums of postings by account: the double entry underneath the entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.kinds import KINDS, kinds_where, mirrored, postings
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query

# (fund, account, unit) and smallest steps of the unit.
Sums = dict[tuple[str, str, str], int]


def account_sums(query: Query, registers: Registers, funds: Collection[str], span: Span) -> Sums:
    """The change of every account of some funds over a span; opening balances within it are no change.

    Reads the span's entries, including those of other funds.
    """
    began = {id_ for id_, _ in query.openings(funds, span)}
    entries = query.entries(list(registers.funds), list(KINDS), span)
    return _sums(query, registers, funds, (entry for entry in entries if entry.id not in began))


def owed_sums(query: Query, registers: Registers, funds: Collection[str], until: Span) -> Sums:
    """Balances of receivables (`assets:loans:`) and liabilities to members (`liabilities:`) at the end of `until`.

    Reads entries of all time, but only of kinds that post to these accounts: no dues and no nights.
    """
    circles = [fund for fund in funds if registers.funds[fund].type == "arisan"]
    entries = [
        *query.entries(list(funds), kinds_where(lambda kind: kind.changes_owed == "always"), until),
        *query.entries(circles, kinds_where(lambda kind: kind.changes_owed == "in-arisan"), until),
    ]
    sums = _sums(query, registers, funds, entries)
    return {key: minor for key, minor in sums.items() if key[1].startswith(("assets:loans:", "liabilities:"))}


def _sums(query: Query, registers: Registers, funds: Collection[str], entries: Iterable[Entry]) -> Sums:
    sums: Sums = defaultdict(int)
    for entry in entries:
        for posting in _booked(query, registers, entry):
            if posting.fund in funds:
                sums[posting.fund, posting.account, posting.unit] += posting.minor
    return {key: minor for key, minor in sums.items() if minor}


def _booked(query: Query, registers: Registers, entry: Entry) -> Iterable[Posting]:
    if entry.kind != "reversal":
        return postings(entry, registers.funds[entry.fund], registers.book.units)
    original = query.entry(entry.fields["of"])
    assert original is not None, "the index holds what a reversal cancels"
    return mirrored(postings(original, registers.funds[original.fund], registers.book.units))
