"""Receipts and payments of a fund, classified: the lines of a yearly report."""

from __future__ import annotations

from typing import NamedTuple

from wksbm_cli.domain.dates import Span, month_of
from wksbm_cli.domain.entry import Entry


class Flow(NamedTuple):
    """`minor` smallest steps of a unit that came in (or went out, when negative) by one entry, or by one part of it.

    `detail` says more than the kind: a due, a source, a pillar, a class of savings, the fund or unit on the other side,
    which part of a repayment.
    """

    entry: Entry
    unit: str
    minor: int
    detail: str = ""

    @property
    def kind(self) -> str:
        return self.entry.kind


class StatementLine:
    """One line of a fund's receipts or payments: the sum of flows with the same key. `minor` is negative for payments."""

    __slots__ = ("entries", "first", "minor")

    def __init__(self, first: Flow) -> None:
        self.first = first
        self.minor = 0
        self.entries: list[Entry] = []

    def add(self, flow: Flow) -> None:
        self.minor += flow.minor
        self.entries.append(flow.entry)

    @property
    def times(self) -> int:
        return len(self.entries)

    @property
    def month(self) -> Span:
        """The month of its entries, for lines by month."""
        return month_of(self.first.entry.date)
