"""Help given: to whom, for what, under which pillar, in which way, for which category of beneficiary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import amount_of, other_side, typed
from wksbm_cli.domain.entry import short_id
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import FORWARDED, ZAKAT_TO
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.sources import MODES, PILLARS
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.helped import first_of_occasions, headcount, same_people
from wksbm_cli.reports.report import Column, Report, Row, Table

# The id is for cancelling; the category is sensitive beside a name (docs/practice.md#organisations), and
# shown only where that is asked for.
_SHOWN = ("date", "id", "fund", "to", "purpose", "category", "asnaf", "amount")


def disbursements(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None
) -> Report:
    """Every disbursement that was not cancelled, oldest first, with sums by pillar, mode, asnaf and category."""
    rows, classified = [], []
    entries = list(
        query.entries([fund.slug for fund in funds], ["disbursement"], span, with_cancelled=False, as_of=span.end)
    )
    people = same_people(entries)
    occasions = first_of_occasions(entries, people)
    for entry in entries:
        fields = entry.fields
        amount = amount_of(entry, registers)
        rows.append(
            {
                "date": entry.date,
                "id": entry.id,
                "organisation": entry.organisation,
                "fund": registers.funds[entry.fund].short,
                "to": other_side(entry),
                "purpose": typed(entry, "purpose", registers),
                "pillar": fields.get("pillar", ""),
                "mode": fields.get("mode", ""),
                "category": fields.get("category", ""),
                "asnaf": fields.get("asnaf", ""),
                "people": fields.get("people"),
                "amount": amount,
                "unit": amount.unit.code,
            }
        )
        receiver = {"who": people[entry.id], "number": headcount(entry), "first": entry.id in occasions}
        classified.append(rows[-1] | receiver)
    columns = (
        Column("date", msg("Date"), "date"),
        Column("id", msg("Id"), "code"),
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("to", msg("To")),
        Column("purpose", msg("Purpose")),
        Column("pillar", msg("Pillar")),
        Column("mode", msg("Mode")),
        Column("category", msg("Category"), sensitive=True),
        Column("asnaf", msg("Asnaf")),
        Column("people", msg("People"), "count"),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
    )
    totals = tuple({"unit": unit, "amount": amount} for unit, amount in _sums(rows, "unit").items())
    shown = tuple(
        row
        | {
            "fund": registers.funds[f"{row['organisation']}/{row['fund']}"].name,
            "id": short_id(row["id"]),
            "category": CATEGORIES.get(row["category"]),
            "asnaf": msg("forwarded") if row["asnaf"] == FORWARDED else row["asnaf"],
        }
        for row in rows
    )
    left_out = {
        *(["fund"] if len({row["fund"] for row in rows}) == 1 else []),
        *(["category"] if not any(row["category"] for row in rows) else []),
        *(["asnaf"] if not any(row["asnaf"] for row in rows) else []),
    }
    labelled = tuple({"date": msg("Total"), "amount": total["amount"]} for total in totals)
    listed = Table(
        tuple(column for column in columns if column.key in _SHOWN and column.key not in left_out),
        shown,
        labelled,
    )
    by = [
        _grouped(classified, key, title, names)
        for key, title, names in (
            ("pillar", msg("By pillar"), PILLARS),
            ("mode", msg("By way of helping"), MODES),
            ("asnaf", msg("By asnaf"), ZAKAT_TO),
        )
        if any(row[key] for row in classified)
    ]
    if any(row["category"] for row in rows):
        by.append(_by_category(classified))
    return Report(
        name="disbursements",
        title=msg("Help given"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=Table(columns, tuple(rows), totals),
        tables=(listed, *by) if rows else (),
        notes=() if rows else (msg("No help was given."),),
    )


def _sums(rows: Sequence[Row], *keys: str) -> dict[Any, Amount]:
    """Sums by the values of some keys; the unit is one of them, so that units are never mixed."""
    sums: dict[Any, Amount] = {}
    for row in rows:
        key = row[keys[0]] if len(keys) == 1 else tuple(row[name] for name in keys)
        sums[key] = sums[key] + row["amount"] if key in sums else row["amount"]
    return sums


def _grouped(rows: Sequence[Row], key: str, title: Any, names: Any) -> Table:
    """How many people, how often and how much, by one of the classifications; people are not named."""
    sums = _sums(rows, key, "unit")
    of = {each: [row for row in rows if (row[key], row["unit"]) == each] for each in sums}
    made = tuple(
        {
            "what": names[value] if value else msg("not said"),
            "people": _people(of[value, unit]),
            "times": len(of[value, unit]),
            "amount": amount,
        }
        for (value, unit), amount in sorted(sums.items(), key=lambda item: (item[0][0] == "", item[0]))
    )
    return Table(
        (
            Column("what", title),
            Column("people", msg("People"), "count"),
            Column("times", msg("Times"), "count"),
            Column("amount", msg("Amount"), "amount"),
        ),
        made,
    )


def _people(rows: Sequence[Row]) -> int:
    """The number of people: each receiver once, with the largest number of people given for the name."""
    numbers: Counter[Any] = Counter()
    for row in rows:
        numbers[row["who"]] = max(numbers[row["who"]], row["number"])
    return numbers.total()


def _by_category(rows: Sequence[Row]) -> Table:
    """People and occasions only: an amount could be matched with a name in the list above."""
    of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of[row["category"]].append(row)
    made = tuple(
        {
            "what": CATEGORIES[category] if category else msg("not said"),
            "people": _people(of[category]),
            "times": sum(row["first"] for row in of[category]),
        }
        for category in sorted(of, key=lambda category: (category == "", category))
    )
    return Table(
        (
            Column("what", msg("By category"), sensitive=True),
            Column("people", msg("People"), "count"),
            Column("times", msg("Times"), "count"),
        ),
        made,
    )
