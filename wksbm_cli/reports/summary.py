"""A summary of a period: opening, receipts and payments by kind, and closing of every fund."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import PLACE_KINDS, Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR, Amount, Unit
from wksbm_cli.index.query import KindTotals, Query
from wksbm_cli.reports.charts import balance_charts
from wksbm_cli.reports.helped import first_of_occasions, is_passed_on, same_people
from wksbm_cli.reports.report import Column, Report, Row, Table
from wksbm_cli.reports.totals import by_unit
from wksbm_cli.standing.dues import turnout


def summary(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None
) -> Report:
    """One row per fund and unit; for people a table per fund, the totals, then contributions and help in brief."""
    flows = query.fund_flows([fund.slug for fund in funds], span)
    rows: list[Row] = []
    for fund in funds:
        units = [unit for of, unit in flows if of == fund.slug] or [fund.unit.code]
        for unit in sorted(units, key=lambda code: (code != fund.unit.code, code)):
            flow = flows.get((fund.slug, unit), KindTotals())
            rows.append(
                {
                    "organisation": fund.organisation,
                    "fund": fund.short,
                    "unit": unit,
                    "opening": registers.amount(flow.opening, unit),
                    "in": registers.amount(flow.total_in, unit),
                    "out": registers.amount(flow.total_out, unit),
                    "closing": registers.amount(flow.closing, unit),
                    "in_by_kind": _by_kind(flow.inflow, unit, registers),
                    "out_by_kind": _by_kind(flow.outflow, unit, registers),
                }
            )
    totals = by_unit(rows, [column.key for column in _FIGURES], registers)
    names = fund_names(funds, registers)
    columns = (
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("unit", msg("Unit")),
        *_FIGURES,
        Column("in_by_kind", msg("In by kind")),
        Column("out_by_kind", msg("Out by kind")),
    )
    return Report(
        name="summary",
        title=msg("Summary"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=Table(columns, tuple(rows), totals),
        tables=(
            *(_fund_table(row, names) for row in rows if len(funds) == 1 or _has_figures(row)),
            *([_total_table(rows, names, totals)] if len(funds) > 1 else ()),
        ),
        notes=(
            *_where_it_is(query, registers, funds, span),
            *_contributions_in_brief(query, registers, funds, names, span),
            *_help_in_brief(query, funds, names, span),
        ),
        charts=tuple(balance_charts(query, registers, funds, names, span)),
        brief=in_brief(totals),
    )


_FIGURES = (
    Column("opening", msg("Opening"), "amount"),
    Column("in", msg("In"), "amount"),
    Column("out", msg("Out"), "amount"),
    Column("closing", msg("Closing"), "amount"),
)


def _by_kind(flows: dict[str, int], unit: str, registers: Registers) -> dict[str, Amount]:
    return {kind: registers.amount(flows[kind], unit) for kind in KINDS if flows.get(kind)}


def fund_names(funds: Sequence[Fund], registers: Registers) -> dict[tuple[str, str], str]:
    """Names of funds, with the organisation's where there are several."""
    several = len({fund.organisation for fund in funds}) > 1
    return {
        (fund.organisation, fund.short): f"{registers.organisations[fund.organisation].name} · {fund.name}"
        if several
        else fund.name
        for fund in funds
    }


def account_title(fund: str, unit: Unit) -> Message:
    """The title of a fund's figures, with the unit for goods."""
    return msg("{fund}", fund=fund) if unit is IDR else msg("{fund}: {unit}", fund=fund, unit=unit.name)


def _has_figures(row: Row) -> bool:
    return bool(row["opening"].minor or row["in_by_kind"] or row["out_by_kind"])


def _fund_table(row: Row, names: Mapping[tuple[str, str], str]) -> Table:
    """Opening, each kind that came in or went out, closing."""
    lines: list[Row] = [{"what": msg("Opening balance"), "amount": row["opening"]}]
    lines += [
        {"what": msg("  {kind}", kind=KINDS[kind].title), "amount": amount}
        for kind, amount in row["in_by_kind"].items()
    ]
    lines += [
        {"what": msg("  {kind}", kind=KINDS[kind].title), "amount": -amount}
        for kind, amount in row["out_by_kind"].items()
    ]
    return Table(
        (
            Column("what", account_title(names[row["organisation"], row["fund"]], row["closing"].unit)),
            Column("amount", msg("Amount"), "amount"),
        ),
        tuple(lines),
        ({"what": msg("Closing balance"), "amount": row["closing"]},),
    )


def _total_table(rows: Sequence[Row], names: Mapping[tuple[str, str], str], totals: Sequence[Row]) -> Table:
    """Totals of all funds side by side, without empty units."""
    told = {row["unit"] for row in rows if _has_figures(row)} or {row["unit"] for row in rows}
    shown = tuple(
        row | {"what": names[row["organisation"], row["fund"]]}
        for row in rows
        if row["unit"] in told and (_has_figures(row) or row["unit"] == IDR.code)
    )
    labelled = tuple({"what": msg("Total"), **total} for total in totals if total["unit"] in told)
    return Table((Column("what", msg("All funds")), *_FIGURES), shown, labelled, is_summary=True)


def in_brief(totals: Sequence[Row]) -> tuple[tuple[str, Message], ...]:
    """The closing balance, and for rupiah receipts and payments."""
    parts: list[tuple[str, Message]] = []
    for total in totals:
        if total["unit"] == IDR.code:
            parts += [
                ("💰", msg("balance {amount}", amount=total["closing"])),
                ("📥", msg("in {amount}", amount=total["in"])),
                ("📤", msg("out {amount}", amount=total["out"])),
            ]
        elif total["closing"].minor:
            parts.append(("📦", msg("{amount}", amount=total["closing"])))
    return tuple(parts)


def _where_it_is(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> Iterator[Message]:
    """Rupiah in cash and at the bank (where there are both), which add up to the balance."""
    held: Counter[str] = Counter()
    for (slug, place, unit), flow in query.place_flows([fund.slug for fund in funds], span).items():
        if unit == IDR.code:
            held[registers.funds[slug].place_kind(place)] += flow.closing
    places = [
        msg("{place} {amount}", place=title, amount=Amount(held[kind], IDR))
        for kind, title in PLACE_KINDS.items()
        if held[kind]
    ]
    if len(places) > 1:
        yield msg("Where the money is: {places}.", places=places)


def _contributions_in_brief(
    query: Query, registers: Registers, funds: Sequence[Fund], names: Mapping[tuple[str, str], str], span: Span
) -> Iterator[Message]:
    """Of a month, how many of those who owe paid in it, and how many gave voluntarily; details are in the contributions
    report."""
    if span.is_month:
        yield from who_paid(query, registers, funds, names, span)


def who_paid(
    query: Query, registers: Registers, funds: Sequence[Fund], names: Mapping[tuple[str, str], str], span: Span
) -> Iterator[Message]:
    """How many of those who owe a fund paid in a span with both ends, and how many gave voluntarily."""
    if span.start is None or span.end is None:
        return
    for fund in funds:
        name = names[fund.organisation, fund.short]
        asked = turnout(query, registers, fund, span)
        if payers := asked.paid:
            yield msg(
                "{fund}: {count} of {all} members who owe paid in {month}.",
                fund=name,
                count=len(payers & asked.owing),
                all=len(asked.owing),
                month=span,
            )
            apart = (
                (msg("exempt {count}", count=len(asked.exempt)), asked.exempt),
                (msg("away {count}", count=len(asked.away)), asked.away),
                (msg("paid without owing {count}", count=len(payers - asked.owing)), payers - asked.owing),
            )
            if told := [message for message, members in apart if members]:
                yield msg("{fund}: not counted there: {apart}.", fund=name, apart=told)
        if givers := asked.gave:
            members = registers.members[fund.organisation].items()
            active = {slug for slug, member in members if member.is_active(span.end)}
            yield msg(
                "{fund}: {count} of {all} members gave in {month}, as a voluntary gift.",
                fund=name,
                count=len(givers),
                all=len(active | givers),
                month=span,
            )


def _help_in_brief(
    query: Query, funds: Sequence[Fund], names: Mapping[tuple[str, str], str], span: Span
) -> list[Message]:
    """The number of times help was given, by fund; receivers are in the disbursements report."""
    given = query.entries([fund.slug for fund in funds], ["disbursement"], span, with_cancelled=False, as_of=span.end)
    entries = [entry for entry in given if not is_passed_on(entry)]
    occasions = first_of_occasions(entries, same_people(entries))
    counts = Counter(entry.fund for entry in entries if entry.id in occasions)
    return [
        msgn(
            "{fund}: help given once.",
            "{fund}: help given {count} times.",
            counts[fund.slug],
            fund=names[fund.organisation, fund.short],
        )
        for fund in funds
        if counts[fund.slug]
    ]
