"""Charts for reports: month-end balances of funds, and paid against due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Chart, Series
from wksbm_cli.standing.dues import report_day

# A year and a month, to compare the same season.
MONTHS = 13


def balance_charts(
    query: Query, registers: Registers, funds: Sequence[Fund], names: Mapping[tuple[str, str], str], span: Span
) -> Iterator[Chart]:
    """The balance of each fund at the end of each of the last `MONTHS` months that `span` has reached, in its own unit.

    No chart for a fund with fewer than two months, or with zero at every month's end, as an arisan has.
    """
    until = report_day(query, funds, span)
    if until is None:
        return
    for fund in funds:
        changes = dict(query.months(fund.slug, fund.unit.code, until))
        if not changes:
            continue
        first = max(months_before(until, MONTHS - 1), date.fromisoformat(f"{min(changes)}-01"))
        months = tuple(_from_to(first, until))
        if len(months) < 2:
            continue
        balance = sum(change for month, change in changes.items() if month < f"{first:%Y-%m}")
        values = []
        for month in months:
            balance += changes.get(f"{month:%Y-%m}", 0)
            values.append(balance)
        if not any(values):
            continue
        yield Chart(
            msg("{fund}: balance by month ({unit})", fund=names[fund.organisation, fund.short], unit=fund.unit.symbol),
            fund.unit,
            months,
            (Series(msg("Balance"), tuple(values)),),
        )


def months_before(day: date, count: int) -> date:
    """The first day of the month `count` months before that of `day`."""
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _from_to(first: date, last: date) -> Iterator[date]:
    """The first days of the months from that of `first` to that of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = months_before(month, -1)
