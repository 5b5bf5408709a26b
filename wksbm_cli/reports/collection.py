"""The status of a collection: per night and collector the houses that gave and that did not, and where the money is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from wksbm_cli.domain.dates import Span, joined
from wksbm_cli.domain.describe import amount_of
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR
from wksbm_cli.domain.wording import shown_period
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Cell, Column, Report, Row, Table, select
from wksbm_cli.standing.dues import standings


def collection(query: Query, registers: Registers, fund: Fund, due: Due | None, span: Span, today: date) -> Report:
    """One row per sheet (night and collector) in `span`, cancelled entries left out; and for each night or period the
    houses that gave nothing. Nights up to the one before `today` are expected to be recorded."""
    rows: list[Row] = []
    empty: list[str] = []
    sheets: dict[str, list[Entry]] = defaultdict(list)
    for entry in query.entries([fund.slug], ["contribution"], span, with_cancelled=False, as_of=span.end):
        fields = entry.fields
        if due is not None and fields.get("due") != due.slug:
            continue
        key = _collected_for(entry, due)
        sheets[key].append(entry)
        amount = amount_of(entry, registers)
        empty += fields.get("empty", ())
        rows.append(
            {
                "date": entry.date,
                "id": entry.id,
                "fund": fund.short,
                "collector": fields.get("collector", ""),
                "gave": len(fields["members"]),
                "empty": len(fields.get("empty", ())),
                "away": len(fields.get("away", ())),
                "amount": amount,
                "unit": amount.unit.code,
                "nothing": key,
            }
        )
    nothing = _gave_nothing(query, registers, fund, due, span, sheets)
    rows = [row | {"nothing": nothing.get(row["nothing"], [])} for row in rows]
    columns = (
        Column("date", msg("Date"), "date"),
        Column("id", msg("Id"), "code"),
        Column("fund", msg("Fund")),
        Column("collector", msg("Collector")),
        Column("gave", msg("Gave"), "count"),
        Column("empty", msg("Empty"), "count"),
        Column("away", msg("Away"), "count"),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
        Column("nothing", msg("Gave nothing")),
    )
    sums: dict[str, Row] = {}
    for row in rows:
        total = sums.setdefault(
            row["unit"],
            {"unit": row["unit"], "gave": 0, "empty": 0, "away": 0, "amount": registers.amount(0, row["unit"])},
        )
        for key in ("gave", "empty", "away", "amount"):
            total[key] += row[key]
    totals = tuple(sums.values())
    people = Table(
        select(columns, "date", "collector", "gave", "empty", "away", "amount"),
        tuple(row | {"collector": registers.place_name(fund, row["collector"])} for row in rows),
        tuple({**total, "date": msg("Total")} for total in totals),
    )
    return Report(
        name="collection",
        title=msg("Collection"),
        book=registers.book.name,
        heading=fund.name,
        span=span,
        data=Table(columns, tuple(rows), totals),
        tables=(people, *_houses(fund, due, nothing), *_hands(query, registers, fund, span)),
        notes=tuple(_nights(due, span, {row["date"] for row in rows}, today)),
        brief=tuple(_brief(people.rows, empty, totals)) if rows else (),
    )


def _is_by_night(due: Due | None) -> bool:
    return due is None or due.cycle.name == "night"


def _collected_for(entry: Entry, due: Due | None) -> str:
    """The night, or the period or event, that a sheet was collected for."""
    if due is None or due.cycle.name == "night":
        return entry.date.isoformat()
    if named := entry.fields.get("for"):
        return str(named[0])
    if due.cycle.name == "event":
        return next((event.slug for event in reversed(due.events) if event.date <= entry.date), "")
    return due.cycle.period_of(entry.date)


def _gave_nothing(
    query: Query, registers: Registers, fund: Fund, due: Due | None, span: Span, sheets: Mapping[str, Sequence[Entry]]
) -> dict[str, list[str]]:
    """The houses that gave nothing, by night or period: of a required due those who owe it, else every member of that day.

    Of periods that began in the span also those without a sheet. Who was away, or paid ahead, is not among them.
    """
    members = registers.members[fund.organisation]
    until = span.end or max((entry.date for of_one in sheets.values() for entry in of_one), default=date.min)
    found = standings(query, registers, fund, due, until) if due is not None and due.required else {}
    nothing: dict[str, list[str]] = {}
    for key, of_one in sheets.items():
        day = of_one[-1].date
        gave = {house for entry in of_one for house in (*entry.fields["members"], *entry.fields.get("away", ()))}
        if due is None or not due.required:
            nothing[key] = [slug for slug, member in members.items() if member.is_active(day) and slug not in gave]
        elif due.cycle.name == "night":
            nothing[key] = [
                slug
                for slug, standing in found.items()
                if slug not in gave
                and standing.obligation.owes_between(day, day)
                and standing.paid.get(key[:7], 0) < standing.obligation.in_period(key[:7])
            ]
    if due is not None and due.required and due.cycle.name != "night":
        for slug, standing in found.items():
            for owed in standing.fallen:
                begun = span.start is None or span.start <= owed.start
                if begun or owed.period in sheets:
                    houses = nothing.setdefault(owed.period, [])
                    houses += [] if standing.paid.get(owed.period) else [slug]
    return {key: sorted(houses) for key, houses in sorted(nothing.items())}


def _houses(fund: Fund, due: Due | None, nothing: Mapping[str, Sequence[str]]) -> Iterator[Table]:
    """For each night or period with such houses, how many gave nothing and which."""
    rows = tuple(
        {
            "when": date.fromisoformat(key) if due is None or _is_by_night(due) else shown_period(fund, due, key),
            "count": len(houses),
            "houses": houses,
        }
        for key, houses in nothing.items()
        if houses
    )
    if rows:
        by_night = _is_by_night(due)
        yield Table(
            (
                Column("when", msg("Date") if by_night else msg("Period"), "date" if by_night else "text"),
                Column("count", msg("Number of houses"), "count"),
                Column("houses", msg("Houses")),
            ),
            rows,
            title=msg("Gave nothing"),
        )


def _brief(
    rows: Sequence[Mapping[str, Cell]], empty: Sequence[str], totals: Sequence[Row]
) -> Iterator[tuple[str, Message]]:
    """The line that goes into the chat after a round (docs/practice.md#reports): who gave, who did not, how much, who went round.

    The houses that gave nothing are named for one night, by their codes; over several nights only counted.
    """
    yield "✅", msg("gave: {count}", count=sum(row["gave"] for row in rows))
    if empty and len({row["date"] for row in rows}) == 1:
        yield "⭕", msg("empty: {count} ({houses})", count=len(empty), houses=sorted(empty))
    else:
        yield "⭕", msg("empty: {count}", count=len(empty))
    for total in totals:
        yield "💰" if total["unit"] == IDR.code else "📦", msg("{amount}", amount=total["amount"])
    if collectors := sorted({row["collector"] for row in rows if row["collector"]}, key=str):
        yield "👮", msg("{collectors}", collectors=collectors)


def _hands(query: Query, registers: Registers, fund: Fund, span: Span) -> Iterator[Table]:
    """Per collector: collected, handed over, and still held at the end of the span."""
    lines = []
    for (_, place, unit), flow in sorted(query.place_flows([fund.slug], span).items()):
        if fund.place_kind(place) != "collector":
            continue
        lines.append(
            {
                "collector": registers.place_name(fund, place),
                "before": registers.amount(flow.opening, unit),
                "in": registers.amount(flow.total_in, unit),
                "out": registers.amount(flow.total_out, unit),
                "held": registers.amount(flow.closing, unit),
            }
        )
    if lines:
        yield Table(
            (
                Column("collector", msg("Collector")),
                Column("before", msg("Held before"), "amount"),
                Column("in", msg("Collected"), "amount"),
                Column("out", msg("Handed over"), "amount"),
                Column("held", msg("Still held"), "amount"),
            ),
            tuple(lines),
            title=msg("In the collectors' hands"),
        )


def _nights(due: Due | None, span: Span, recorded: set[date], today: date) -> Iterator[Message]:
    """The nights of the span without an entry: called off, or not yet recorded though gone by."""
    if due is None or due.cycle.name != "night" or span.start is None or span.end is None:
        return
    first, last = max(span.start, due.start), min(span.end, due.end or span.end)
    nights = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    missing = [night for night in nights if night not in recorded]
    if called_off := [night for night in missing if night in due.cancelled]:
        yield msg("Called off: {dates}.", dates=joined(Span(night, night) for night in called_off))
    gone_by = max([today - timedelta(days=1), *recorded])
    if open_ := [night for night in missing if night not in due.cancelled and night <= gone_by]:
        yield msg("Nothing recorded for: {dates}.", dates=joined(Span(night, night) for night in open_))
