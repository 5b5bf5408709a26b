"""How long funds last: balances divided by the average monthly outgoings of the last year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.charts import months_before
from wksbm_cli.reports.flows import flows_of
from wksbm_cli.reports.report import Column, Row, Table
from wksbm_cli.standing.death import strength

MONTHS = 12  # over which outgoings are averaged


class Reserve(NamedTuple):
    """A fund's balance in its own unit, its average monthly outgoings in `over`, the whole months covered, and the death
    benefits it can still pay. None where nothing goes out, or where the fund pays no such benefit."""

    fund: Fund
    over: Span
    balance: Amount
    monthly: Amount
    months: int | None
    benefits: int | None


class Reserves(NamedTuple):
    """The funds' reserves at the end of `over`, the months whose outgoings are averaged."""

    over: Span
    funds: Sequence[Reserve]

    def tables(self, names: Mapping[tuple[str, str], str]) -> list[Table]:
        told: tuple[Column, ...] = (
            Column("fund", msg("Fund")),
            Column("balance", msg("Balance"), "amount"),
            Column("monthly", msg("Out in a month"), "amount"),
            Column("months", msg("Months covered"), "count"),
        )
        if any(each.benefits is not None for each in self.funds):
            told += (Column("benefits", msg("Death benefits covered"), "count"),)
        rows = tuple(
            {
                "fund": names[each.fund.organisation, each.fund.short],
                "balance": each.balance,
                "monthly": each.monthly,
                "months": each.months,
                "benefits": each.benefits,
            }
            for each in self.funds
        )
        return [Table(told, rows, title=msg("How long the funds last"))] if rows else []

    def notes(self, names: Mapping[tuple[str, str], str]) -> Iterator[Message]:
        if self.funds:
            yield msg("Outgoings in a month: help and running costs, the average over {span}.", span=self.over)
        for each in self.funds:
            if each.monthly.minor and each.over != self.over:
                yield msg(
                    "{fund}: since it began, over {span}.",
                    fund=names[each.fund.organisation, each.fund.short],
                    span=each.over,
                )

    def in_data(self) -> Iterator[Row]:
        """Rows of the long form: one for each figure of each fund."""
        for each in self.funds:
            row = {"section": "reserves", "organisation": each.fund.organisation, "fund": each.fund.short}
            yield row | {"item": "balance", "unit": each.fund.unit.code, "amount": each.balance}
            yield row | {"item": "monthly", "unit": each.fund.unit.code, "amount": each.monthly}
            yield row | {"item": "months", "count": each.months}
            if each.benefits is not None:
                yield row | {"item": "benefits", "count": each.benefits}


def reserves(query: Query, registers: Registers, funds: Sequence[Fund], day: date | None) -> Reserves:
    """How long the funds last from the end of `day`. Without those of an arisan, whose pots pass through, and none
    before the book begins. A fund of less than a year is averaged over the months it has."""
    begun = query.span_of_entries().start
    if day is None or begun is None or begun > day:
        return Reserves(Span(None, day), ())
    over = Span(max(months_before(day, MONTHS - 1), begun.replace(day=1)), day)
    lasting = [fund for fund in funds if fund.type != "arisan"]
    return Reserves(over, [_reserve(query, registers, fund, over) for fund in lasting])


def _reserve(query: Query, registers: Registers, fund: Fund, over: Span) -> Reserve:
    assert over.start is not None and over.end is not None
    begun = min((month for month, _ in query.months(fund.slug, fund.unit.code, over.end)), default=None)
    if begun is not None:
        over = Span(max(over.start, date.fromisoformat(f"{begun}-01")), over.end)
    assert over.start is not None and over.end is not None
    months = (over.end.year - over.start.year) * 12 + over.end.month - over.start.month + 1
    unit = fund.unit
    gone = -sum(
        flow.minor
        for flow in flows_of(query, registers, fund, over).flows
        if KINDS[flow.kind].is_outgoing and flow.unit == unit.code
    )
    flow = query.fund_flows([fund.slug], Span(None, over.end)).get((fund.slug, unit.code))
    balance = flow.closing if flow else 0
    return Reserve(
        fund,
        over,
        Amount(balance, unit),
        Amount(gone // months, unit),
        max(0, balance) * months // gone if gone else None,
        next((count for _, count in reversed(list(strength(query, registers, fund, over.end)))), None)
        if fund.death
        else None,
    )
