"""What came into a fund and went out of it in a period, told apart by what it was for: the matter of a yearly report.

What was recorded and cancelled within the period is left out, on both sides: it came from nobody and went to nobody.
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
    """Everything that changed what a fund holds, oldest first. `cancelled` is what was recorded and cancelled, by unit."""

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
    if lines is None:  # what was there before is told as such
        yield Flow(entry, unit, net)
    else:
        for detail, minor in lines.parts(entry, fund.slug, unit, net, registers):
            yield Flow(entry, unit, minor, detail)
