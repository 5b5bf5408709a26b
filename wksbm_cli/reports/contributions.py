"""Who paid what, by member and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.registers import Fund, Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Table


def contributions(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None
) -> Report:
    """One row per member, due and period; a payment that names no period counts in the month it was made."""
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for paid in query.paid(registers, [fund.slug for fund in funds], span):
        period = paid.period or paid.month
        sums[paid.fund, paid.due, paid.member, period, paid.unit] += paid.minor
    rows: list[dict[str, Any]] = []
    for (slug, due, member, period, unit), minor in sorted(sums.items()):
        if not minor:
            continue
        fund = registers.funds[slug]
        rows.append(
            {
                "organisation": fund.organisation,
                "fund": fund.short,
                "due": due,
                "member": member,
                "name": registers.members[fund.organisation][member].name,
                "period": period,
                "amount": registers.amount(minor, unit),
                "unit": unit,
            }
        )
    columns = (
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("due", msg("Due")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("period", msg("Period")),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
    )
    totals: dict[str, Amount] = {}
    for row in rows:
        code = row["unit"]
        totals[code] = totals[code] + row["amount"] if code in totals else row["amount"]
    return Report(
        name="contributions",
        title=msg("Contributions"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=Table(columns, tuple(rows), tuple({"unit": unit, "amount": amount} for unit, amount in totals.items())),
        tables=tuple(
            _matrix(rows, key, registers)
            for key in dict.fromkeys((r["organisation"], r["fund"], r["due"], r["unit"]) for r in rows)
        ),
    )


def _matrix(rows: Sequence[dict[str, Any]], key: tuple[str, str, str, str], registers: Registers) -> Table:
    """Members down, periods across, the amount paid in each cell; totals both ways."""
    mine = [row for row in rows if (row["organisation"], row["fund"], row["due"], row["unit"]) == key]
    organisation, short, due, _ = key
    fund = registers.funds[f"{organisation}/{short}"]
    periods = sorted({row["period"] for row in mine})
    lines: dict[str, dict[str, Any]] = {}
    total: dict[str, Any] = {"name": msg("Total")}
    for row in mine:
        line = lines.setdefault(row["member"], {"member": row["member"], "name": row["name"]})
        for into in (line, total):
            for column in (row["period"], "sum"):
                into[column] = into[column] + row["amount"] if column in into else row["amount"]
    return Table(
        (
            Column("member", msg("Member")),
            Column("name", msg("Name")),
            *(Column(period, msg("{period}", period=period), "amount") for period in periods),
            Column("sum", msg("Total"), "amount"),
        ),
        tuple(lines[member] for member in sorted(lines)),
        (total,),
        title=msg("{fund}: {due}", fund=fund.name, due=fund.dues[due].name) if due else msg("{fund}", fund=fund.name),
    )
