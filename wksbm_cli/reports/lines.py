"""What a fund received and paid over a period, as the lines of a yearly report: flows for the same thing are one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import Span, month_of
from wksbm_cli.domain.describe import typed
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import RedactableText
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR
from wksbm_cli.reports.flows import DONATED, EARNED, Flow, Flows

# Dues of these cycles have a line for each month, as people expect them; of any other a line tells the whole period.
_MONTHLY = ("night", "week", "selapanan", "month")
_ORDER = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(slots=True)
class StatementLine:
    """One line of a fund's receipts or payments: flows of the same kind for the same thing. `minor` is negative for payments."""

    first: Flow
    minor: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def times(self) -> int:
        return len(self.entries)

    @property
    def month(self) -> Span:
        """The month of its entries, where they are told by month."""
        return month_of(self.first.entry.date)


class Account(NamedTuple):
    """What a fund began with of one unit, its lines, and what is left; smallest steps."""

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
    """One per unit that the fund held or moved, its own unit first."""
    fund = flows.fund
    for unit in sorted({fund.unit.code, *before}, key=lambda code: (code != fund.unit.code, code)):
        mine = [flow for flow in flows.flows if flow.unit == unit]
        opening = before.get(unit, 0)
        lines = _lines((flow for flow in mine if flow.kind != "opening"), fund)
        if opening or lines:
            receipts = tuple(line for line in lines if line.minor > 0)
            yield Account(fund, unit, opening, receipts, tuple(line for line in lines if line.minor < 0))


def _lines(flows: Iterable[Flow], fund: Fund) -> list[StatementLine]:
    """Flows of the same kind for the same thing, summed; in the order of kinds, of the fund's dues, and of days."""
    lines: dict[tuple[Any, ...], StatementLine] = {}
    for flow in flows:
        line = lines.setdefault((flow.kind, flow.minor > 0, *_what(flow, fund)), StatementLine(flow))
        line.minor += flow.minor
        line.entries.append(flow.entry)
    dues = {due: rank for rank, due in enumerate(fund.dues)}

    def order(line: StatementLine) -> tuple[int, int]:
        kind = line.first.kind
        return _ORDER[kind], dues.get(line.first.detail, len(dues)) if kind == "contribution" else 0

    return sorted(lines.values(), key=order)


def _what(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    """What a flow was for: two flows of one kind for the same thing are one line."""
    match flow.kind:
        case "contribution":
            due = fund.dues.get(flow.detail)
            return flow.detail, f"{flow.entry.date:%Y-%m}" if _is_monthly(due) else ""
        case "disbursement" | "expense":
            return (flow.entry.fields["purpose"].casefold(),)
    return (flow.detail,)


def is_of_a_month(line: StatementLine, fund: Fund) -> bool:
    """Whether a line tells the dues received in one month."""
    return line.first.kind == "contribution" and _is_monthly(fund.dues.get(line.first.detail))


def _is_monthly(due: Due | None) -> bool:
    """Also where no due of the fund says how often: a collection, a part of another fund's due."""
    return due is None or due.cycle.name in _MONTHLY


def label(line: StatementLine, account: Account, registers: Registers) -> Message:
    flow, fund = line.first, account.fund
    detail = flow.detail
    match flow.kind:
        case "contribution":
            return _contribution(line, fund, registers)
        case "donation":
            return DONATED[detail]
        case "income":
            return EARNED[detail]
        case "disbursement" | "expense":
            about = {person: None for each in line.entries for person in typed(each, "purpose", registers).about}
            purpose = RedactableText(flow.entry.fields["purpose"], tuple(about))
            if line.times == 1:
                return msg("{purpose}", purpose=purpose)
            return msg("{purpose} ({count} times)", purpose=purpose, count=line.times)
        case "transfer":
            other = registers.funds[detail].name
            return msg("From the fund {fund}", fund=other) if flow.minor > 0 else msg("To the fund {fund}", fund=other)
        case "exchange":
            return _exchanged(flow, registers.unit(detail).name)
        case "loan":
            return msg("Loans to members")
        case "repayment":
            return _REPAID[detail]
        case "saving":
            return msg("{name}", name=fund.savings[detail].name)
        case "withdrawal":
            return msg("{name}, taken back", name=fund.savings[detail].name)
        case "payout":
            return msg("Arisan pots")
        case "surplus":
            return msg("Surplus shared out to members")
        case "count":
            return msg("Found at a count") if flow.minor > 0 else msg("Missing at a count")
    return msg("Cancelled of an earlier period")


_REPAID = {
    "principal": msg("Loans repaid"),
    "charge": msg("Service charges on loans"),
    "fine": msg("Fines on loans"),
}


def _exchanged(flow: Flow, other: str) -> Message:
    """Goods for money are sold or bought; only goods for goods are exchanged. `other` is what stood on the other side."""
    if flow.unit == IDR.code:
        return msg("Sale of {unit}", unit=other) if flow.minor > 0 else msg("Purchase of {unit}", unit=other)
    if flow.detail == IDR.code:
        return msg("Bought") if flow.minor > 0 else msg("Sold")
    return msg("Got for {unit}", unit=other) if flow.minor > 0 else msg("Given for {unit}", unit=other)


def _contribution(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    flow = line.first
    of, _, slug = flow.detail.rpartition(":")
    due = registers.funds[of or fund.slug].dues.get(slug)
    name = due.name if due else msg("Contributions")
    if of:
        return msg("{due}, part of {fund}, {month}", due=name, fund=registers.funds[of].name, month=line.month)
    if _is_monthly(due):
        return msg("{due} {month}", due=name, month=line.month)
    return msg("{due}", due=name)
