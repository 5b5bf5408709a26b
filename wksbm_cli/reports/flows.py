"""Receipts and payments of a fund in a period, classified by purpose: the input of yearly reports.

Entries recorded and cancelled within the period are left out on both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.flow import Flow
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query


class Flows(NamedTuple):
    """All changes of a fund's holdings, oldest first. `cancelled` are the amounts recorded and cancelled, by unit."""

    fund: Fund
    flows: tuple[Flow, ...]
    cancelled: Mapping[str, int]


def flows_of(query: Query, registers: Registers, fund: Fund, span: Span) -> Flows:
    """The flows of one fund. Reads every entry of the fund in the span: 400 or so for a year with a nightly collection."""
    movements = list(query.movements(fund.slug, span))
    ids = {entry.id for entry, _, _ in movements}
    undone = {entry.fields["of"] for entry, _, _ in movements if entry.kind == "reversal" and entry.fields["of"] in ids}
    found: list[Flow] = []
    cancelled: dict[str, int] = defaultdict(int)
    for entry, unit, net in movements:
        if entry.id in undone:
            cancelled[unit] += abs(net)
        elif entry.kind != "reversal" or entry.fields["of"] not in undone:
            found += _told_apart(entry, unit, net, fund, registers)
    return Flows(fund, tuple(found), dict(cancelled))


def _told_apart(entry: Entry, unit: str, net: int, fund: Fund, registers: Registers) -> Iterator[Flow]:
    lines = KINDS[entry.kind].lines
    if lines is None:  # opening balances are shown as such
        yield Flow(entry, unit, net)
    else:
        for detail, minor in lines.parts(entry, fund.slug, unit, net, registers):
            yield Flow(entry, unit, minor, detail)
