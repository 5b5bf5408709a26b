"""The status of a collection: per night and collector the houses that gave and that did not, and where the money is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wksbm_cli.domain.dates import Span, joined
from wksbm_cli.domain.describe import amount_of
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Table, select

# With more gaps than this, only the number of missing nights is shown.
_MOST_NAMED = 10


def collection(query: Query, registers: Registers, fund: Fund, due: Due | None, span: Span) -> Report:
    """One row per night and collector with entries in `span`, cancelled entries left out."""
    rows: list[dict[str, Any]] = []
    empty: list[str] = []
    for entry in query.entries([fund.slug], ["contribution"], span, with_cancelled=False, as_of=span.end):
        fields = entry.fields
        if due is not None and fields.get("due") != due.slug:
            continue
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
            }
        )
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
    )
    sums: dict[str, dict[str, Any]] = {}
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
        tables=(people, *_hands(query, registers, fund, span)),
        notes=tuple(_nights(due, span, {row["date"] for row in rows})),
        brief=tuple(_brief(people.rows, empty, totals)) if rows else (),
    )


def _brief(
    rows: Sequence[Mapping[str, Any]], empty: Sequence[str], totals: Sequence[dict[str, Any]]
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
        declared = fund.places.get(place)
        if declared is not None and declared.kind != "collector":
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


def _nights(due: Due | None, span: Span, recorded: set[date]) -> Iterator[Message]:
    """The nights of the span without an entry: called off, or not yet recorded."""
    if due is None or due.cycle.name != "night" or span.start is None or span.end is None:
        return
    missing = [
        night
        for number in range((span.end - span.start).days + 1)
        for night in (span.start + timedelta(days=number),)
        if night not in recorded and night >= due.start
    ]
    called_off = [night for night in missing if night in due.cancelled]
    missing = [night for night in missing if night not in due.cancelled and recorded and night <= max(recorded)]
    runs = joined(Span(night, night) for night in missing)
    if called_off:
        yield msg("Called off: {dates}.", dates=joined(Span(night, night) for night in called_off))
    if 0 < len(runs) <= _MOST_NAMED:
        yield msg("Nothing recorded for: {dates}.", dates=runs)
    elif missing:
        yield msgn("Nothing recorded for {count} night.", "Nothing recorded for {count} nights.", len(missing))
