"""Receipts and payments of a fund in a period as lines of a yearly report: one line for flows with the same key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from wksbm_cli.domain.describe import noted
from wksbm_cli.domain.flow import Flow, StatementLine
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.kinds.kind import Lines
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.registers import Registers
from wksbm_cli.reports.flows import Flows

_ORDER = {kind: rank for rank, kind in enumerate(KINDS)}


class Account(NamedTuple):
    """Opening, lines and closing balance of a fund in one unit; smallest steps."""

    fund: Fund
    unit: str
    opening: int
    receipts: tuple[StatementLine, ...]
    payments: tuple[StatementLine, ...]

    @property
    def total_in(self) -> int:
        return sum(line.minor for line in self.receipts)

    @property
    def total_out(self) -> int:
        return -sum(line.minor for line in self.payments)

    @property
    def closing(self) -> int:
        return self.opening + self.total_in - self.total_out


def accounts_of(flows: Flows, before: Mapping[str, int]) -> Iterator[Account]:
    """One per unit that the fund held or moved (cancelled movements included), its own unit first."""
    fund = flows.fund
    for unit in sorted({fund.unit.code, *before, *flows.cancelled}, key=lambda code: (code != fund.unit.code, code)):
        mine = [flow for flow in flows.flows if flow.unit == unit]
        opening = before.get(unit, 0)
        lines = _lines((flow for flow in mine if flow.kind != "opening"), fund)
        if opening or lines or unit in flows.cancelled:
            receipts = tuple(line for line in lines if line.minor > 0)
            yield Account(fund, unit, opening, receipts, tuple(line for line in lines if line.minor < 0))


def _lines(flows: Iterable[Flow], fund: Fund) -> list[StatementLine]:
    """Flows summed by key, in the order of kinds, of the fund's dues, and of dates."""
    lines: dict[tuple[Any, ...], StatementLine] = {}
    for flow in flows:
        line = lines.setdefault((flow.kind, flow.minor > 0, *_what(flow, fund)), StatementLine(flow))
        line.add(flow)
    dues = {due: rank for rank, due in enumerate(fund.dues)}

    def order(line: StatementLine) -> tuple[int, int]:
        kind = line.first.kind
        return _ORDER[kind], dues.get(line.first.detail, len(dues)) if kind == "contribution" else 0

    return sorted(lines.values(), key=order)


def _what(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    """The key of a flow: flows with equal keys share a line."""
    return _lines_of(flow).thing(flow, fund)


def label(line: StatementLine, account: Account, registers: Registers) -> Message:
    """The label of a line, with the note where it is of a single entry."""
    what = _lines_of(line.first).label(line, account.fund, registers)
    return noted(what, line.first.entry, registers, names_helped=False) if line.times == 1 else what


def _lines_of(flow: Flow) -> Lines:
    lines = KINDS[flow.kind].lines
    assert lines is not None, "what changes what a fund holds has a line"
    return lines
