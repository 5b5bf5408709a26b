"""Balances of funds, with opening, receipts and payments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import KindTotals, Query
from wksbm_cli.reports.report import Cell, Column, Report, Row, Table
from wksbm_cli.reports.totals import by_unit

if TYPE_CHECKING:
    from wksbm_cli.standing.reserves import ReserveBalance

_FIGURES = (
    Column("opening", msg("Opening"), "amount"),
    Column("in", msg("In"), "amount"),
    Column("out", msg("Out"), "amount"),
    Column("balance", msg("Balance"), "amount"),
)
_OWED = Column("owed_to_members", msg("Owed to members"), "amount")
_KEPT = Column("reserves", msg("Reserves"), "amount")


def balance(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None
) -> Report:
    """Opening, in, out and balance per fund and unit over `span`.

    A fund without a movement holds nothing of its own unit.
    """
    flows = query.fund_flows([fund.slug for fund in funds], span)
    owed = _owed_to_members(query, registers, funds, flows, span.end or date.max)
    kept = _kept(query, registers, funds, span)
    rows: list[Row] = []
    for fund in funds:
        units = [unit for of, unit in flows if of == fund.slug] or [fund.unit.code]
        for unit in sorted(units, key=lambda code: (code != fund.unit.code, code)):
            row: Row = {"organisation": fund.organisation, "fund": fund.short, "unit": unit}
            row |= _figures(flows.get((fund.slug, unit), KindTotals()), unit, registers)
            in_reserves = sum(each.closing for each in kept.get(fund.slug, ())) if unit == fund.unit.code else 0
            row |= {_OWED.key: registers.amount(owed.get((fund.slug, unit), 0), unit)}
            rows.append(row | {_KEPT.key: registers.amount(in_reserves, unit)})
    data = Table(
        (
            Column("organisation", msg("Organisation")),
            Column("fund", msg("Fund")),
            Column("unit", msg("Unit")),
            *_FIGURES,
            _OWED,
            _KEPT,
        ),
        tuple(rows),
        by_unit(rows, [column.key for column in (*_FIGURES, _OWED, _KEPT)], registers),
    )
    several = len({fund.organisation for fund in funds}) > 1
    shown = [
        row
        | {
            "organisation": registers.organisations[row["organisation"]].name,
            "fund": registers.funds[f"{row['organisation']}/{row['fund']}"].name,
        }
        for row in rows
    ]
    return Report(
        name="balance",
        title=msg("Balances"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=data,
        tables=(_for_people(shown, data.totals, ("organisation", "fund") if several else ("fund",), span),),
        notes=(*_of_which_owed(shown), *_of_which_kept(funds, kept), *_strengths(query, registers, funds, span)),
    )


def _owed_to_members(
    query: Query,
    registers: Registers,
    funds: Sequence[Fund],
    flows: Mapping[tuple[str, str], KindTotals],
    until: date,
) -> Mapping[tuple[str, str], int]:
    """The part of each balance that belongs to members, by fund and unit: savings, all that an arisan holds, and the rest of
    death benefits paid in part."""
    owed: dict[tuple[str, str], int] = {}
    for fund in funds:
        key = fund.slug, fund.unit.code
        if fund.type == "arisan":
            owed[key] = flows.get(key, KindTotals()).closing
        elif fund.savings:
            owed[key] = sum(sum(held.values()) for held in query.savings(fund.slug, until).values())
        elif fund.death:
            from wksbm_cli.standing.death import owed_to_families

            owed[key] = sum(owed_to_families(query, registers, fund, until).values())
    return owed


def _of_which_owed(rows: Sequence[Mapping[str, Cell]]) -> Iterator[Message]:
    """A note rather than a column, since most funds owe their members nothing."""
    for row in rows:
        if row[_OWED.key].minor:
            yield msg("{fund}: {amount} is owed to members.", fund=row["fund"], amount=row[_OWED.key])


def _kept(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> Mapping[str, list[ReserveBalance]]:
    """The reserves of the funds that share a surplus."""
    keeping = [fund for fund in funds if fund.surplus and query.has_reserves(fund.slug)]
    if not keeping:
        return {}
    from wksbm_cli.standing.reserves import reserves_of

    return {fund.slug: reserves_of(query, registers, fund, span) for fund in keeping}


def _of_which_kept(funds: Sequence[Fund], kept: Mapping[str, Sequence[ReserveBalance]]) -> Iterator[Message]:
    for fund in funds:
        parts = [
            msg("{name} {amount}", name=fund.reserve_name(each.name), amount=Amount(each.closing, fund.unit))
            for each in kept.get(fund.slug, ())
            if each.closing
        ]
        if parts:
            yield msg("{fund}: kept in reserves: {parts}.", fund=fund.name, parts=parts)


def _strengths(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> Iterator[Message]:
    """For each death benefit fund, how many standard benefits it can still pay, and the trend over a year.

    A member's first question where benefits were cut while the balance was "very large" (docs/practice.md#death-benefit).
    """
    if not any(fund.death for fund in funds):
        return
    from wksbm_cli.standing.death import strength
    from wksbm_cli.standing.dues import report_day

    until = report_day(query, funds, span)
    for fund in funds:
        months = list(strength(query, registers, fund, until)) if fund.death and until else []
        if months and not months[-1][1]:
            yield msg(
                "{fund}: not enough for one standard benefit (at the end of each month since {month}: {counts}).",
                **_reach(fund, months),
            )
        elif months:
            yield msgn(
                "{fund}: enough for {count} standard benefit (at the end of each month since {month}: {counts}).",
                "{fund}: enough for {count} standard benefits (at the end of each month since {month}: {counts}).",
                months[-1][1],
                **_reach(fund, months),
            )


def _reach(fund: Fund, months: Sequence[tuple[str, int]]) -> Row:
    return {
        "fund": fund.name,
        "month": Cycle("month").span(months[0][0]),
        "counts": " ".join(str(count) for _, count in months),
    }


def balance_by_place(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None
) -> Report:
    """The same per place: cash box, bank account, the hands of each collector. Empty places are left out."""
    flows = query.place_flows([fund.slug for fund in funds], span)
    rows: list[Row] = []
    shown: list[Row] = []
    for fund in funds:
        own = [(place, unit, flow) for (of, place, unit), flow in flows.items() if of == fund.slug]
        for place, unit, flow in sorted(own, key=lambda line: (line[0], line[1] != fund.unit.code, line[1])):
            if not (flow.opening or flow.total_in or flow.total_out):
                continue
            row = {"organisation": fund.organisation, "fund": fund.short, "place": place, "unit": unit}
            row |= _figures(flow, unit, registers)
            rows.append(row)
            organisation = registers.organisations[fund.organisation].name
            shown.append(
                row | {"organisation": organisation, "fund": fund.name, "place": registers.place_name(fund, place)}
            )
    several = len({fund.organisation for fund in funds}) > 1
    data = Table(
        (
            Column("organisation", msg("Organisation")),
            Column("fund", msg("Fund")),
            Column("place", msg("Place")),
            Column("unit", msg("Unit")),
            *_FIGURES,
        ),
        tuple(rows),
        by_unit(rows, [column.key for column in _FIGURES], registers),
    )
    return Report(
        name="balance",
        title=msg("Balances by place"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=data,
        tables=(_for_people(shown, data.totals, (*(("organisation",) if several else ()), "fund", "place"), span),),
    )


def _figures(flow: KindTotals, unit: str, registers: Registers) -> Row:
    return {
        "opening": registers.amount(flow.opening, unit),
        "in": registers.amount(flow.total_in, unit),
        "out": registers.amount(flow.total_out, unit),
        "balance": registers.amount(flow.closing, unit),
    }


def _for_people(rows: Sequence[Row], totals: Sequence[Mapping[str, Cell]], names: tuple[str, ...], span: Span) -> Table:
    """The table without an opening column that is empty, and without totals that repeat a single row."""
    begun = span.start or any(row["opening"].minor for row in rows)
    figures = _FIGURES if begun else _FIGURES[1:]
    if len(rows) == len(totals):
        totals = ()
    titles = {"organisation": msg("Organisation"), "fund": msg("Fund"), "place": msg("Place")}
    labelled = tuple({names[0]: msg("Total"), **total} for total in totals)
    return Table((*(Column(name, titles[name]) for name in names), *figures), tuple(rows), labelled)
