"""The year of zakat funds: sources, use by asnaf, the amil's share and what is left, as a mosque or UPZ reports it to BAZNAS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.flow import Flow
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import FORWARDED, NO_LIMITS, ZAKAT_TO, amil_may_receive
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import PAYMENTS, RECEIPTS
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.flows import flows_of
from wksbm_cli.reports.helped import same_people
from wksbm_cli.reports.report import Column, Report, Row, Table, long_form, select
from wksbm_cli.reports.signing import by_the_board
from wksbm_cli.standing.dues import report_day


class Line(NamedTuple):
    """A source or a use: the households and people of it, and how much of each unit in smallest steps."""

    section: str
    item: str
    title: Message
    households: int
    people: int
    amounts: Mapping[str, int]


def zakat(query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None) -> Report:
    """One report over the zakat funds among those asked for."""
    of_zakat = [fund for fund in funds if fund.restriction == "zakat"]
    if not of_zakat:
        raise Refused(
            msg("No zakat is kept in these funds."),
            hint=msg('To add one: wksbm fund add ORG/FUND "Zakat Fitrah" --type zakat'),
        )
    lines = _lines(query, registers, of_zakat, span)
    held = _held(query, of_zakat, span)
    amil = list(_amil(query, registers, of_zakat, span))
    columns = (
        Column("section", msg("Section")),
        Column("item", msg("Item")),
        Column("households", msg("Households"), "count"),
        Column("people", msg("People"), "count"),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
    )
    day = report_day(query, of_zakat, span)
    return Report(
        name="zakat",
        title=msg("Sources and use of zakat"),
        book=registers.book.name,
        heading=heading or (of_zakat[0].name if len(of_zakat) == 1 else None),
        span=span,
        data=long_form(columns, (*_in_data(lines, registers), *_balances_in_data(held, amil, registers)), ()),
        tables=(
            *_told(lines, "receipts", msg("Sources"), registers),
            *_told(lines, "use", msg("Use"), registers),
            _balances(held, registers),
        ),
        notes=tuple(
            msg(
                "Of {received} received in {year} the amil may receive {share}%, {most}; they received {got}, {left} more may be.",
                received=registers.amount(each.received, each.unit),
                year=str(each.year),
                share=each.share,
                most=registers.amount(each.most, each.unit),
                got=registers.amount(each.given, each.unit),
                left=registers.amount(max(0, each.most - each.given), each.unit),
            )
            for each in amil
        ),
        signing=by_the_board(registers, of_zakat, day) if day else None,
    )


def _lines(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> list[Line]:
    """What came in by its source, then what went out by asnaf, in the order of these."""
    found: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    inside = {fund.slug for fund in funds}
    for fund in funds:
        for flow in flows_of(query, registers, fund, span).flows:
            lines = KINDS[flow.kind].lines
            # Transfers between the funds of this report are neither receipts nor use.
            if lines is None or (flow.kind == "transfer" and flow.detail in inside):
                continue
            asnaf = flow.entry.fields.get("asnaf")
            section = "use" if flow.minor < 0 else "receipts"
            found[section, asnaf if asnaf and section == "use" else lines.item(flow, fund)].append(flow)
    order = [*RECEIPTS, *ZAKAT_TO, *PAYMENTS]
    titles = RECEIPTS | PAYMENTS | ZAKAT_TO
    people = _people([flow.entry for flows in found.values() for flow in flows])
    return [
        _line(section, item, titles[item], flows, people)
        for (section, item), flows in sorted(found.items(), key=lambda each: (each[0][0], order.index(each[0][1])))
    ]


def _people(entries: Sequence[Entry]) -> dict[str, object]:
    """Who gave or received, the same value for the same household; of a sheet of contributions nobody in particular."""
    helped = [entry for entry in entries if "to" in entry.fields]
    known: dict[str, object] = dict(same_people(helped))
    for entry in entries:
        if "from" in entry.fields:
            name = " ".join(str(entry.fields["from"]).casefold().split())
            known[entry.id] = entry.organisation, entry.fields.get("member", name)
    return known


def _line(section: str, item: str, title: Message, flows: Sequence[Flow], people: Mapping[str, object]) -> Line:
    """Each household is counted once, however often it gave or received, and with the most people said of it."""
    households: dict[object, int] = {}
    persons: dict[object, int] = {}
    amounts: dict[str, int] = defaultdict(int)
    for flow in flows:
        fields = flow.entry.fields
        amounts[flow.unit] += abs(flow.minor)
        # Parcels are one household's each; of a sheet every member who gave is one.
        whos: list[object] = [(flow.entry.organisation, member) for member in fields.get("members", ())]
        if not whos and flow.entry.id in people and item != FORWARDED:
            whos = [people[flow.entry.id]]
        for who in whos:
            households[who] = max(households.get(who, 0), fields.get("parcels", 1))
            persons[who] = max(persons.get(who, 0), fields.get("people", 0))
    return Line(section, item, title, sum(households.values()), sum(persons.values()), dict(amounts))


def _held(query: Query, funds: Sequence[Fund], span: Span) -> dict[str, tuple[int, int]]:
    """What the funds held of each unit before the span and at its end."""
    held: dict[str, tuple[int, int]] = {}
    for (_, unit), sums in sorted(query.fund_flows([fund.slug for fund in funds], span).items()):
        opening, closing = held.get(unit, (0, 0))
        held[unit] = opening + sums.opening, closing + sums.closing
    return held


class _Amil(NamedTuple):
    """The amil's limit and the amount received, per unit and year."""

    year: int
    unit: str
    received: int
    share: Any
    most: int
    given: int


def _amil(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> Iterator[_Amil]:
    """Of the year in which the span ends, fund by fund and unit by unit."""
    assert span.end is not None
    year = span.end.year
    for fund in funds:
        rules = fund.giving or NO_LIMITS
        for unit in sorted({unit for _, unit in query.fund_flows([fund.slug], Span.year(year))}):
            received = query.received(fund.slug, unit, year)
            given = query.given_to_asnaf(fund.slug, "amil", unit, year)
            if received or given:
                most = amil_may_receive(received, 0, rules)
                yield _Amil(year, unit, received, rules.amil_share, most, given)


def _amounts(amounts: Mapping[str, int], registers: Registers) -> list[Amount]:
    return [registers.amount(amounts[unit], unit) for unit in sorted(amounts, key=lambda unit: (unit != "IDR", unit))]


def _told(lines: Sequence[Line], section: str, title: Message, registers: Registers) -> list[Table]:
    mine = [line for line in lines if line.section == section]
    if not mine:
        return []
    sums: dict[str, int] = defaultdict(int)
    for line in mine:
        for unit, minor in line.amounts.items():
            sums[unit] += minor
    columns: tuple[Column, ...] = (
        Column("item", title),
        Column("households", msg("Households"), "count"),
        Column("people", msg("People"), "count"),
        Column("amount", msg("Amount")),
    )
    rows = tuple(
        {
            "item": line.title,
            "households": line.households or None,
            "people": line.people or None,
            "amount": _amounts(line.amounts, registers),
        }
        for line in mine
    )
    if not any(line.people for line in mine):
        columns = select(columns, "item", "households", "amount")
    return [Table(columns, rows, ({"item": msg("Total"), "amount": _amounts(sums, registers)},))]


def _balances(held: Mapping[str, tuple[int, int]], registers: Registers) -> Table:
    columns = (
        Column("unit", msg("Unit")),
        Column("opening", msg("At the beginning"), "amount"),
        Column("closing", msg("What is left"), "amount"),
    )
    rows = tuple(
        {
            "unit": registers.unit(unit).name,
            "opening": registers.amount(opening, unit),
            "closing": registers.amount(closing, unit),
        }
        for unit, (opening, closing) in held.items()
    )
    return Table(columns, rows)


def _in_data(lines: Sequence[Line], registers: Registers) -> Iterator[Row]:
    for line in lines:
        for amount in _amounts(line.amounts, registers):
            yield {
                "section": line.section,
                "item": line.item,
                "households": line.households or None,
                "people": line.people or None,
                "amount": amount,
                "unit": amount.unit.code,
            }


def _balances_in_data(
    held: Mapping[str, tuple[int, int]], amil: Sequence[_Amil], registers: Registers
) -> Iterator[Row]:
    for unit, (opening, closing) in held.items():
        for item, minor in (("opening", opening), ("closing", closing)):
            yield {"section": "balance", "item": item, "amount": registers.amount(minor, unit), "unit": unit}
    for each in amil:
        for item, minor in (("may-receive", each.most), ("received", each.given)):
            yield {"section": "amil", "item": item, "amount": registers.amount(minor, each.unit), "unit": each.unit}
