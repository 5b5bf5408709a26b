"""Arrears by member and due: amount, since when. By household code, since the list must not shame anyone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wksbm_cli.domain.dates import Brief, Span, end_of_month
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.obligations import Owed
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.domain.wording import shown_buckets
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Row, Table, select
from wksbm_cli.standing.dues import standings

# Age of an open period, in months since it ended; one not yet ended is current, not late.
BANDS: tuple[tuple[str, int, Message], ...] = (
    ("current", 0, msg("current")),
    ("to_3", 3, msg("up to 3 months")),
    ("to_6", 6, msg("4 to 6 months")),
    ("to_12", 12, msg("7 to 12 months")),
    ("older", 10**6, msg("over a year")),
)


def arrears(
    query: Query,
    registers: Registers,
    funds: Sequence[Fund],
    as_of: date,
    heading: str | None = None,
    *,
    by_amount: bool = False,
    detail: bool = False,
    days_ago: int = 0,
) -> Report:
    """One row per member and due with something open at the end of `as_of`; `amount` settles it.

    Tables for people have one line per household, and with `detail` the rows below it. `days_ago` is the age of `as_of`
    where it was taken from the book.
    """
    rows: list[Row] = []
    for fund in funds:
        for due in fund.dues.values():
            if not due.required:
                continue
            for member, standing in standings(query, registers, fund, due, as_of).items():
                if open_ := standing.open:
                    rows.append(
                        {
                            "organisation": fund.organisation,
                            "fund": fund.short,
                            "due": due.slug,
                            "member": member,
                            "name": registers.members[fund.organisation][member].person,
                            "periods": [owed.period for owed in open_],
                            "amount": Amount(standing.arrears, due.unit),
                            "unit": due.unit.code,
                            "oldest": open_[0].period,
                            "ages": _ages(open_, as_of, registers, due.unit.code),
                        }
                    )
    order = (
        (lambda row: (-row["amount"].minor, row["member"]))
        if by_amount
        else (lambda row: (row["organisation"], row["member"], row["fund"]))
    )
    rows.sort(key=order)
    columns = (
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("due", msg("Due")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("periods", msg("Periods")),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
        Column("oldest", msg("Oldest")),
        Column("ages", msg("By age")),
    )
    totals = _totals(rows)
    shown = tuple(
        row
        | {
            "organisation": registers.organisations[fund.organisation].name,
            "due": due.name,
            "periods": _in_short(fund, due, row["periods"]),
        }
        for row in rows
        for fund in (registers.funds[f"{row['organisation']}/{row['fund']}"],)
        for due in (fund.dues[row["due"]],)
    )
    several = len({row["organisation"] for row in rows}) > 1
    first = ("organisation",) if several else ()
    sums = tuple({"organisation" if several else "member": msg("Total"), "amount": each["amount"]} for each in totals)
    keys = 2 if several else 1
    households = Table(
        select((*columns, Column("funds", msg("Funds"))), *first, "member", "name", "funds", "amount"),
        _by_household(rows, registers, by_amount=by_amount),
        sums,
        key_columns=keys,
    )
    each_due = Table(
        select(columns, *first, "member", "name", "due", "periods", "amount"), shown, sums, key_columns=keys
    )
    return Report(
        name="arrears",
        title=msg("Still open"),
        book=registers.book.name,
        heading=heading,
        span=Span(None, as_of),
        data=Table(columns, tuple(rows), totals),
        tables=(households, *([each_due] if detail else ()), *_by_age(rows, registers)) if rows else (),
        before=_kept_to(as_of, days_ago),
        notes=() if rows else (msg("Nobody owes anything."),),
    )


def _kept_to(day: date, days_ago: int) -> tuple[Message, ...]:
    """A note up to which day the book is kept, where that is not today."""
    if days_ago <= 0:
        return ()
    return (
        msgn(
            "The book is kept to {date}, {count} day ago. As of today: --as-of today",
            "The book is kept to {date}, {count} days ago. As of today: --as-of today",
            days_ago,
            date=day,
        ),
    )


def _by_household(rows: Sequence[Row], registers: Registers, *, by_amount: bool) -> tuple[Row, ...]:
    """What each household owes in all, of each unit, and to which funds."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        name = registers.funds[f"{row['organisation']}/{row['fund']}"].name
        one = found.setdefault(
            (row["organisation"], row["member"], row["unit"]),
            {
                "organisation": registers.organisations[row["organisation"]].name,
                "member": row["member"],
                "name": row["name"],
                "funds": [],
                "amount": Amount(0, row["amount"].unit),
            },
        )
        if name not in one["funds"]:
            one["funds"].append(name)
        one["amount"] += row["amount"]
    households = found.values()
    return tuple(sorted(households, key=lambda one: -one["amount"].minor) if by_amount else households)


def _in_short(fund: Fund, due: Due, periods: Sequence[str]) -> Any:
    """Periods in brief, first to last and their number: `Jan–Mar 2026 (3)`; a single one and events by name."""
    shown = shown_buckets(fund, due, periods)
    first, last = shown[0], shown[-1]
    if not isinstance(first, Span) or not isinstance(last, Span):
        return shown
    whole = Brief(Span(first.start, last.end))
    return whole if len(periods) == 1 else msg("{period} ({count})", period=whole, count=len(periods))


def months_since(day: date, as_of: date) -> int:
    """Months begun since `day`: 0 while it has not passed. A month after a month's end is the next month's end."""
    if as_of <= day:
        return 0
    last = end_of_month(as_of)
    turn = last if day == end_of_month(day) else as_of.replace(day=min(day.day, last.day))
    return (as_of.year - day.year) * 12 + as_of.month - day.month + (as_of > turn)


def _ages(open_: Sequence[Owed], as_of: date, registers: Registers, unit: str) -> dict[str, Amount]:
    ages: dict[str, Amount] = {}
    for owed in open_:
        months = months_since(owed.end, as_of)
        band = next(key for key, most, _ in BANDS if months <= most)
        amount = registers.amount(owed.minor, unit)
        ages[band] = ages[band] + amount if band in ages else amount
    return ages


def _totals(rows: Sequence[Row]) -> tuple[Row, ...]:
    totals: dict[str, Amount] = {}
    for row in rows:
        unit = row["unit"]
        totals[unit] = totals[unit] + row["amount"] if unit in totals else row["amount"]
    return tuple({"unit": unit, "amount": amount} for unit, amount in sorted(totals.items()))


def _by_age(rows: Sequence[Row], registers: Registers) -> list[Table]:
    """Arrears by age, without names."""
    tables = []
    for unit in sorted({row["unit"] for row in rows}):
        lines = []
        for key, _, title in BANDS:
            amounts = [row["ages"][key] for row in rows if row["unit"] == unit and key in row["ages"]]
            if amounts:
                lines.append(
                    {
                        "what": title,
                        "members": len({row["member"] for row in rows if row["unit"] == unit and key in row["ages"]}),
                        "amount": Amount(sum(each.minor for each in amounts), amounts[0].unit),
                    }
                )
        tables.append(
            Table(
                (
                    Column("what", msg("Age")),
                    Column("members", msg("Members"), "count"),
                    Column("amount", msg("Amount"), "amount"),
                ),
                tuple(lines),
            )
        )
    return tables
