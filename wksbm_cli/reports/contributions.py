"""Who paid what, for which period: the matrix people know, derived from the entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from wksbm_cli.domain.cycles import CYCLES, Cycle
from wksbm_cli.domain.dates import Brief, Span
from wksbm_cli.domain.due import Due, Event, Tariff
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.obligations import Obligation, bucket_cycle
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount, Unit, minor_of
from wksbm_cli.domain.wording import due_in_fund, shown_buckets
from wksbm_cli.index.query import Query
from wksbm_cli.reports.charts import MONTHS
from wksbm_cli.reports.report import Chart, Column, Report, Series, Table
from wksbm_cli.standing.dues import standings

# More nights than this are shown by month.
_MOST_NIGHTS = 31


class PaidMatrix(NamedTuple):
    """Payments towards one due (or without a due) by member and period, in smallest steps.

    `ahead` are the periods not begun; `asked` the members who owe something for a period (all members, for a voluntary
    due), and `owed` how much. `tariffs` are those in force in the time shown; `event` is set where a single one is shown;
    `nights` is the span of nights shown, where months are not shown whole.
    """

    fund: Fund
    due: Due | None
    unit: Unit
    paid: Mapping[str, Mapping[str, int]]
    ahead: frozenset[str] = frozenset()
    asked: Mapping[str, frozenset[str]] = {}
    owed: Mapping[str, int] = {}
    tariffs: Sequence[Tariff] = ()
    event: Event | None = None
    nights: Span | None = None

    @property
    def periods(self) -> list[str]:
        asked = {self.event.slug} if self.event else set()
        return sorted({period for cells in self.paid.values() for period in cells} | asked)


def contributions(
    query: Query,
    registers: Registers,
    funds: Sequence[Fund],
    span: Span,
    heading: str | None = None,
    *,
    as_of: date,
    event: str | None = None,
) -> Report:
    """What each member paid for each period that lies in `span` (or for one `event`), by payments up to `as_of`.

    A payment is shown in the period it was allocated to, not in the month it was made; without a due, in its month. Nights
    are shown by month, and for a part of a month by what was given on its nights.
    """
    until = as_of
    sheets = [sheet for fund in funds for sheet in _sheets(query, registers, fund, span, until, event)]
    rows = [
        {
            "organisation": sheet.fund.organisation,
            "fund": sheet.fund.short,
            "due": sheet.due.slug if sheet.due else "",
            "member": member,
            "name": registers.members[sheet.fund.organisation][member].person,
            "period": period,
            "amount": Amount(minor, sheet.unit),
            "unit": sheet.unit.code,
        }
        for sheet in sheets
        for member, cells in sheet.paid.items()
        for period, minor in sorted(cells.items())
    ]
    totals: dict[str, Amount] = {}
    for row in rows:
        code = str(row["unit"])
        totals[code] = totals[code] + row["amount"] if code in totals else row["amount"]  # type: ignore[assignment,operator]
    return Report(
        name="contributions",
        title=msg("Contributions"),
        book=registers.book.name,
        heading=heading,
        span=span if (span.start, span.end) != (None, None) else Span(None, until),
        data=Table(_COLUMNS, tuple(rows), tuple({"unit": unit, "amount": amount} for unit, amount in totals.items())),
        tables=tuple(_matrix(sheet, registers) for sheet in sheets),
        charts=tuple(_chart(sheet) for sheet in sheets if sheet.owed and _is_monthly(sheet)),
        notes=tuple(_notes(sheets, span)),
    )


def _notes(sheets: Sequence[PaidMatrix], span: Span) -> Iterator[Message]:
    if any(sheet.ahead for sheet in sheets):
        yield msg("* paid ahead")
    if any(_is_owed(sheet) for sheet in sheets):
        yield msg("Paid: of the members who owe for that time; after + those who owe nothing.")
    if any(not _is_owed(sheet) for sheet in sheets):
        yield msg("Gave: of all members; nobody owes it.")
    if any(sheet.nights for sheet in sheets):
        yield msg("Nights are told by what was given on them, whatever month it went to.")
    if span.start and any(sheet.due and sheet.due.cycle.name == "once" for sheet in sheets):
        yield msg("What is owed once in a lifetime is told as it stood at the end of the period.")


_COLUMNS = (
    Column("organisation", msg("Organisation")),
    Column("fund", msg("Fund")),
    Column("due", msg("Due")),
    Column("member", msg("Member")),
    Column("name", msg("Name")),
    Column("period", msg("Period")),
    Column("amount", msg("Amount"), "amount"),
    Column("unit", msg("Unit")),
)


def _sheets(
    query: Query, registers: Registers, fund: Fund, span: Span, until: date, event: str | None
) -> Iterator[PaidMatrix]:
    for due in fund.dues.values():
        nights = _part_of_months(due, span, until) if event is None else None
        sheet = (
            _nights_sheet(query, registers, fund, due, nights)
            if nights
            else _due_sheet(query, registers, fund, due, span, until, event)
        )
        if sheet.paid or event in [known.slug for known in due.events]:
            yield sheet
    if event is None:
        yield from _free_sheets(query, registers, fund, Span(span.start, min(span.end or until, until)))


def _part_of_months(due: Due, span: Span, until: date) -> Span | None:
    """The nights of a span that is not of whole months."""
    begun = span.start is not None and span.start.day > 1
    broken_off = span.end is not None and (span.end + timedelta(days=1)).day > 1
    if due.cycle.name != "night" or not (begun or broken_off):
        return None
    return Span(max(span.start or due.start, due.start), min(span.end or until, until))


def _nights_sheet(query: Query, registers: Registers, fund: Fund, due: Due, nights: Span) -> PaidMatrix:
    """Payments on each night of a span, summed by month where the span is longer than a month."""
    assert nights.start is not None and nights.end is not None
    count = (nights.end - nights.start).days + 1
    days = [nights.start + timedelta(days=number) for number in range(count)]
    by_night = count <= _MOST_NIGHTS
    parts: dict[str, list[date]] = defaultdict(list)
    for day in days:
        parts[day.isoformat() if by_night else f"{day:%Y-%m}"].append(day)
    paid: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in query.entries([fund.slug], ["contribution"], nights, with_cancelled=False, as_of=nights.end):
        if entry.fields.get("due") == due.slug:
            for member, value in entry.fields["members"].items():
                paid[member][entry.date.isoformat() if by_night else f"{entry.date:%Y-%m}"] += minor_of(value, due.unit)
    members = registers.members[fund.organisation]
    shown = [key for key in parts if any(key in cells for cells in paid.values())]
    away = query.standing_sums(registers, fund.slug, due.slug, nights.end)[1]
    asked: dict[str, frozenset[str]] = {}
    for key in shown:
        first, last = parts[key][0], parts[key][-1]
        if due.required:
            owing = (Obligation(fund, due, member, away.get(slug, ())) for slug, member in members.items())
            asked[key] = frozenset(each.member.slug for each in owing if each.owes_between(first, last))
        else:
            asked[key] = _there(members, first, last)
    rows = sorted({*paid, *(frozenset[str]().union(*asked.values()) if due.required else ())}) if shown else []
    tariffs = _in_force(due, nights, nights.end)
    return PaidMatrix(
        fund,
        due,
        due.unit,
        {member: dict(paid.get(member, {})) for member in rows},
        asked=asked,
        tariffs=tariffs,
        nights=nights,
    )


def _there(members: Mapping[str, Member], first: date, last: date) -> frozenset[str]:
    """The members who belonged to the group on any day from `first` to `last`."""
    return frozenset(
        slug
        for slug, member in members.items()
        if (member.joined is None or member.joined <= last) and (member.left is None or first <= member.left)
    )


def _due_sheet(
    query: Query, registers: Registers, fund: Fund, due: Due, span: Span, until: date, event: str | None
) -> PaidMatrix:
    """The cells of a due whose period belongs to `span`, or that belong to `event`.

    A one-off due belongs to no year: it is shown as of the end of the span, with the members of that day and payments of
    all years.
    """
    if due.cycle.name == "once" and span.end:
        until = min(until, span.end)
    paid: dict[str, dict[str, int]] = {}
    ahead: set[str] = set()
    asked: dict[str, set[str]] = defaultdict(set)
    due_in: dict[str, int] = defaultdict(int)
    found = standings(query, registers, fund, due, until)
    for member, standing in found.items():
        cells = {period: minor for period, minor in standing.paid.items() if _wanted(period, due, span, event)}
        if cells:
            paid[member] = cells
        # In a current month of nights a part may be paid ahead, but the month counts as begun.
        begun = {owed.period for owed in standing.fallen}
        ahead |= (standing.ahead.keys() & cells.keys()) - begun
        for owed in standing.fallen:
            if _wanted(owed.period, due, span, event):
                asked[owed.period].add(member)
                due_in[owed.period] += owed.minor
                paid.setdefault(member, {})
    if not any(paid.values()) and event is None:
        paid = {}
    if due.required:
        for period in ahead:
            asked[period] |= {member for member, standing in found.items() if standing.obligation.in_period(period)}
        whom = {period: frozenset(members) for period, members in asked.items()}
    else:
        members = registers.members[fund.organisation]
        whom = {period: _there(members, *_days_of(due, period, until)) for cells in paid.values() for period in cells}
    shown = next((known for known in due.events if known.slug == event), None)
    tariffs = _in_force(due, Span(shown.date, shown.date) if shown else span, until)
    return PaidMatrix(fund, due, due.unit, paid, frozenset(ahead), whom, due_in, tariffs, shown)


def _days_of(due: Due, period: str, until: date) -> tuple[date, date]:
    """The first and last day of a period; of an event its day, of a one-off due the day of the report."""
    if due.cycle.name == "event":
        day = next((event.date for event in due.events if event.slug == period), until)
        return day, day
    if due.cycle.name == "once":
        return until, until
    return _bounds(bucket_cycle(due).span(period))


def _in_force(due: Due, span: Span, until: date) -> Sequence[Tariff]:
    """The tariffs in force in a span; for an open span, the one in force at `until`."""
    first, last = span.start or until, span.end or until
    began = due.tariff_on(first) or due.tariffs[0]
    return (began, *(tariff for tariff in due.tariffs if tariff is not began and first < tariff.start <= last))


def _wanted(period: str, due: Due, span: Span, event: str | None) -> bool:
    if event is not None:
        return period == event
    if due.cycle.name == "event":
        day = next((known.date for known in due.events if known.slug == period), None)
    elif due.cycle.name == "once":
        day = None
    else:
        day = bucket_cycle(due).day_of(period)
    if day is None:
        return True
    return (span.start is None or span.start <= day) and (span.end is None or day <= span.end)


def _free_sheets(query: Query, registers: Registers, fund: Fund, span: Span) -> Iterator[PaidMatrix]:
    """Payments towards no due, by the month they were made, a sheet per unit."""
    cells: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for paid in query.paid(registers, [fund.slug], span):
        if not paid.due and paid.minor:
            cells[paid.unit][paid.member][paid.month] += paid.minor
    everyone = registers.members[fund.organisation]
    for unit, members in sorted(cells.items()):
        months = {month for of in members.values() for month in of}
        asked = {month: _there(everyone, *_bounds(Cycle("month").span(month))) for month in months}
        given = {member: dict(members[member]) for member in sorted(members)}
        yield PaidMatrix(fund, None, registers.unit(unit), given, asked=asked)


def _matrix(sheet: PaidMatrix, registers: Registers) -> Table:
    """Members down, periods across, the amount paid in each cell; totals both ways, and how many took part."""
    members = registers.members[sheet.fund.organisation]
    periods = sheet.periods
    lines = tuple(
        {
            "member": member,
            "name": members[member].person,
            **_cells(cells, sheet),
            "sum": Amount(sum(cells.values()), sheet.unit),
        }
        for member, cells in sheet.paid.items()
    )
    sums = {period: sum(cells.get(period, 0) for cells in sheet.paid.values()) for period in periods}
    total = {"member": msg("Total"), **_cells(sums, sheet), "sum": Amount(sum(sums.values()), sheet.unit)}
    label = msg("Paid") if _is_owed(sheet) else msg("Gave")
    shares = {"member": label, **{period: _share(sheet, period) for period in periods}}
    return Table(
        (
            Column("member", msg("Member")),
            Column("name", msg("Name")),
            *(Column(period, _head(period, sheet), "period") for period in periods),
            Column("sum", msg("Total"), "figure"),
        ),
        lines,
        (total, shares),
        title=_title(sheet),
        key_columns=2,
    )


def _is_owed(sheet: PaidMatrix) -> bool:
    return sheet.due is not None and sheet.due.required


def _is_monthly(sheet: PaidMatrix) -> bool:
    return sheet.due is not None and bucket_cycle(sheet.due).name == "month"


def _bounds(span: Span) -> tuple[date, date]:
    assert span.start is not None and span.end is not None
    return span.start, span.end


def _chart(sheet: PaidMatrix) -> Chart:
    """A chart of paid against due, by month begun."""
    assert sheet.due is not None
    months = sorted(sheet.owed)[-MONTHS:]
    paid = [sum(cells.get(month, 0) for cells in sheet.paid.values()) for month in months]
    return Chart(
        msg("{due} ({unit})", due=due_in_fund(sheet.fund, sheet.due), unit=sheet.unit.symbol),
        sheet.unit,
        tuple(date.fromisoformat(f"{month}-01") for month in months),
        (
            Series(msg("paid"), tuple(paid)),
            Series(msg("due"), tuple(sheet.owed[month] for month in months)),
        ),
    )


def _cells(cells: Mapping[str, int], sheet: PaidMatrix) -> dict[str, Amount]:
    return {period: Amount(minor, sheet.unit) for period, minor in cells.items() if minor}


def _share(sheet: PaidMatrix, period: str) -> Message:
    """The number of payers among those who owe, and separately of those who owe nothing."""
    paying = {member for member, cells in sheet.paid.items() if cells.get(period)}
    asked = sheet.asked.get(period, frozenset())
    share = msg("{count}/{all}", count=len(paying & asked), all=len(asked))
    return msg("{share} +{more}", share=share, more=len(paying - asked)) if paying - asked else share


def _head(period: str, sheet: PaidMatrix) -> Message:
    told = _period(period, sheet)
    return msg("{period}*", period=told) if period in sheet.ahead else msg("{period}", period=told)


def _period(period: str, sheet: PaidMatrix) -> Brief | Message | Person | str:
    """A period as short as the head of a column; of a week or selapanan its first day."""
    if sheet.nights:
        if len(period) == len("2026-02-19"):
            return Brief(Cycle("night").span(period))
        month, nights = _bounds(Cycle("month").span(period)), _bounds(sheet.nights)
        return Brief(Span(max(month[0], nights[0]), min(month[1], nights[1])))
    if sheet.due is None:
        return Brief(Cycle("month").span(period))
    told = shown_buckets(sheet.fund, sheet.due, [period])[0]
    if not isinstance(told, Span):
        return told
    return Brief(Span(told.start, told.start) if sheet.due.cycle.name in ("week", "selapanan") else told)


def _title(sheet: PaidMatrix) -> Message:
    if sheet.due is None:
        return msg("{fund} ({unit})", fund=sheet.fund.name, unit=sheet.unit.symbol)
    due = due_in_fund(sheet.fund, sheet.due)
    first, *later = sheet.tariffs
    if sheet.event is not None:
        minor = first.minor if sheet.event.minor is None else sheet.event.minor
        return msg("{due}, {event}: {amount}", due=due, event=sheet.event.name, amount=Amount(minor, sheet.unit))
    asked = msg("{amount} {cycle}", amount=Amount(first.minor, sheet.unit), cycle=CYCLES[sheet.due.cycle.name])
    changes = [msg("{amount} from {date}", amount=Amount(each.minor, sheet.unit), date=each.start) for each in later]
    return msg("{due}, {amounts}", due=due, amounts=[asked, *changes])
