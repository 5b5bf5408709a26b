"""Impossible dates, wrong weekdays, dates out of order or period, months that contradict the row's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.dates import Span, end_of_month, month_of
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, spot
from wksbm_cli.sheets.days import SheetDay, months_named
from wksbm_cli.sheets.tables import SheetRow, SheetTable

_WEEKDAYS = (
    msg("Monday"),
    msg("Tuesday"),
    msg("Wednesday"),
    msg("Thursday"),
    msg("Friday"),
    msg("Saturday"),
    msg("Sunday"),
)
_RECEIPT = msg("The receipt of this row shows the day.")


class _Dated(NamedTuple):
    """A row with a day written in it, and where in the row it stands."""

    row: SheetRow
    day: SheetDay
    column: int | None


def review_days(table: SheetTable) -> Iterator[Outcome]:
    """Every day of a table."""
    column = table.columns.first("day") if table.columns else None
    rows = [_Dated(row, row.day, column) for row in table.rows if row.day is not None and row.figures]
    for dated in rows:
        yield from _in_the_calendar(table, dated)
    real = [dated for dated in rows if dated.day.day is not None]
    yield from _in_order(table, [dated for dated in real if dated.row.part == "entry"])
    if table.period is not None:
        for dated in real:
            yield from _in_the_period(table, dated, table.period)
    yield from _as_the_words_say(table, real)


def _unlike(
    table: SheetTable,
    dated: _Dated,
    check: str,
    text: Message,
    computed: str | None = None,
    hint: Message | None = None,
) -> Discrepancy:
    place = spot(table.grid, dated.row.number, dated.column)
    return Discrepancy(place, check, text, dated.day.text, computed, hint, _RECEIPT)


def _in_the_calendar(table: SheetTable, dated: _Dated) -> Iterator[Outcome]:
    read = dated.day
    match read.doubt:
        case "impossible":
            yield _unlike(table, dated, "date", msg('There is no such day as "{text}".', text=read.text))
        case "weekday":
            assert read.day is not None
            named = _WEEKDAYS[read.day.weekday()]
            yield _unlike(
                table,
                dated,
                "weekday",
                msg('"{text}": that day is a {weekday}.', text=read.text, weekday=named),
                read.day.isoformat(),
            )
        case "american":
            assert read.day is not None
            text = msg('"{text}" is only a day with the month before the day.', text=read.text)
            yield _unlike(
                table, dated, "date", text, read.day.isoformat(), msg("Day and month may be the other way round.")
            )
        case "serial":
            assert read.day is not None
            text = msg(
                '"{text}" stands where a day should; a spreadsheet may mean {day}.', text=read.text, day=read.day
            )
            yield _unlike(table, dated, "date", text, read.day.isoformat())
        case _:
            yield Agreed("date")


def _in_order(table: SheetTable, rows: Sequence[_Dated]) -> Iterator[Outcome]:
    """Dates earlier than the one above; later rows are compared with the last correct date rather than the wrong one."""
    last: date | None = None
    for at, dated in enumerate(rows):
        day = dated.day.day
        assert day is not None
        if last is not None and day < last:
            later = [each.day.day for each in rows[at + 1 : at + 4] if each.day.day is not None]
            text = msg("{day} stands after {last}.", day=day, last=last)
            # Where later rows continue from this date, the one above was wrong; reported once all the same.
            yield _unlike(table, dated, "order", text, None, _swapped(day, last, table.period))
            if later and all(each < last for each in later):
                last = day
        else:
            if last is not None:
                yield Agreed("order")
            last = day


def _swapped(day: date, last: date, period: Span | None) -> Message | None:
    """Whether the date is in order with day and month swapped."""
    if day.day <= 12 and day.day != day.month:
        turned = date(day.year, day.day, day.month)
        if turned >= last and (period is None or period.end is None or turned <= period.end):
            return msg("Day and month may be the other way round.")
    return None


def _in_the_period(table: SheetTable, dated: _Dated, period: Span) -> Iterator[Outcome]:
    day = dated.day.day
    assert day is not None and period.start is not None and period.end is not None
    # An opening balance is dated the day before the period, and a report is signed in the days after.
    if period.start <= day <= period.end or dated.row.part != "entry":
        yield Agreed("period")
        return
    same_month = period.is_month and day.month == period.start.month
    next_year = period.is_year and abs(day.year - period.start.year) == 1
    hint = msg("The year may be wrong.") if same_month or next_year else None
    text = msg("{day} is not in {period}.", day=day, period=period)
    yield _unlike(table, dated, "period", text, None, hint)


def _as_the_words_say(table: SheetTable, rows: Sequence[_Dated]) -> Iterator[Outcome]:
    """Compare a month named in a row's words with its date; reported only where all other such rows agree.

    Dues are paid ahead and late, so a different month alone is no slip; a single deviation in a list that otherwise agrees
    is.
    """
    named = [
        (dated, months[0])
        for dated in rows
        if dated.row.part == "entry" and len(months := months_named(dated.row.label)) == 1
    ]
    if len(named) < 4:
        return
    apart = [(dated, _apart(dated.day.day, month)) for dated, month in named if dated.day.day is not None]
    usual = max({by for _, by in apart}, key=[by for _, by in apart].count)
    others = [dated for dated, by in apart if by != usual]
    if len(others) != 1:
        return
    dated = others[0]
    day = dated.day.day
    assert day is not None
    yield _unlike(
        table,
        dated,
        "month",
        msg(
            '"{label}" is dated {day}; every other row that names a month keeps to it.',
            label=dated.row.label[:60],
            day=day,
        ),
    )


def _apart(day: date, named: tuple[int, int | None]) -> int:
    """How many months a day is after the month named, the nearest of that name where no year is said."""
    month, year = named
    if year is not None:
        return (day.year - year) * 12 + day.month - month
    apart = (day.month - month) % 12
    return apart - 12 if apart > 6 else apart


def follows(before: Span | None, after: Span | None) -> bool:
    """Whether a period begins where another ends."""
    if before is None or after is None or before.end is None or after.start is None:
        return False
    return before.end < after.start <= end_of_month(month_of(before.end).end or before.end) or (
        (after.start - before.end).days == 1
    )
