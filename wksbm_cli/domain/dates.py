"""Dates and spans as people type them: `19/2/2026`, `19 Feb`, `kemarin`, `senin`, `2026-02`, `last`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage

# No book starts before the Republic; a year outside these limits is a typing error.
FIRST_YEAR, LAST_YEAR = 1945, 2199

MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb peb pebruari",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agt agu ags agus aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_TODAY = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin monday",
            "selasa tuesday",
            "rabu wednesday",
            "kamis thursday",
            "jumat jum'at friday",
            "sabtu saturday",
            "minggu ahad sunday",
        )
    )
    for name in names.split()
}
_DAY = timedelta(days=1)
_EXAMPLES = "2026-02-19, 19/2/2026, 19 Feb 2026"


def parse_date(text: str, today: date) -> date:
    """The day that someone means by `text`; `today` is the book's own. Day before month, as Indonesia writes it.

    Without a year it is the last such day up to today: `2/10`, `2 oktober`, `senin`. `senin lalu` is before today.
    """
    plain = " ".join(text.split()).lower()
    if plain in _TODAY:
        return today - timedelta(days=_TODAY[plain])
    if match := re.fullmatch(r"(last )?([a-z']+)( lalu| kemarin)?", plain):
        weekday = _WEEKDAYS.get(match[2])
        said_before = bool(match[1] or match[3])
        # `minggu lalu` is more often last week than last Sunday.
        if weekday is not None and not (match[2] == "minggu" and said_before):
            back = (today.weekday() - weekday) % 7
            return today - timedelta(days=back or (7 if said_before else 0))
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})", plain):
        return _last_such_day(text, int(match[2]), int(match[1]), today)
    if match := re.fullmatch(r"(\d{1,2})[ -]([a-z]+)\.?", plain):
        return _last_such_day(text, _month_named(text, match[2]), int(match[1]), today)
    return parse_written_date(text)


def parse_written_date(text: str) -> date:
    """A day with its year, as it stands in a file."""
    plain = " ".join(text.split()).lower()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain):
        return _day(text, int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d+)", plain):
        return _day(text, _full_year(text, match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d+)", plain):
        return _day(text, _full_year(text, match[3]), _month_named(text, match[2]), int(match[1]))
    raise Usage(
        msg('"{text}" cannot be read as a date.', text=text[:40]),
        hint=msg("Type for instance: {example}", example=_EXAMPLES),
    )


def _last_such_day(text: str, month: int, day: int, today: date) -> date:
    this_year = _day(text, today.year, month, day)
    return this_year if this_year <= today else _day(text, today.year - 1, month, day)


def _full_year(text: str, digits: str) -> int:
    if len(digits) != 4:
        raise Usage(
            msg('The year in "{text}" must have four digits.', text=text[:40]),
            hint=msg("Type for instance: {example}", example=_EXAMPLES),
        )
    return int(digits)


def _month_named(text: str, name: str) -> int:
    if name not in MONTH_NAMES:
        raise Usage(
            msg('"{name}" in "{text}" is not a month.', name=name, text=text[:40]),
            hint=msg("Type for instance: {example}", example=_EXAMPLES),
        )
    return MONTH_NAMES[name]


def _day(text: str, year: int, month: int, day: int) -> date:
    check_year(year)
    if not 1 <= month <= 12:
        raise Usage(
            msg('There is no month {month} in "{text}"; the day comes before the month.', month=month, text=text[:40]),
            hint=msg("Type for instance: {example}", example=_EXAMPLES),
        )
    last = end_of_month(date(year, month, 1)).day
    if not 1 <= day <= last:
        raise Usage(
            msg("{month} has {last} days; there is no day {day}.", month=Span.month(year, month), last=last, day=day)
        )
    return date(year, month, day)


def check_year(year: int) -> None:
    """Refuse a year that no book of a community can have."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Usage(msg("There is no year {year} in a book like this.", year=f"{year:04d}"))


def end_of_month(day: date) -> date:
    """The last day of the month that holds `day`."""
    return day.replace(day=31) if day.month == 12 else date(day.year, day.month + 1, 1) - _DAY


def months_later(day: date, months: int, wanted: int | None = None) -> date:
    """The same day of a later month, or its `wanted` day; the last day where that month has no such day."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(wanted or day.day, end_of_month(first).day))


class Span(NamedTuple):
    """From `start` to `end`, both included; `None` leaves a side open."""

    start: date | None
    end: date | None

    @classmethod
    def month(cls, year: int, month: int) -> Span:
        first = date(year, month, 1)
        return cls(first, end_of_month(first))

    @classmethod
    def year(cls, year: int, begins: int = 1) -> Span:
        """The year of this number; one that begins in another month than January is numbered by the year it ends in."""
        if begins == 1:
            return cls(date(year, 1, 1), date(year, 12, 31))
        return cls(date(year - 1, begins, 1), date(year, begins, 1) - _DAY)

    @classmethod
    def year_of(cls, day: date, begins: int = 1) -> Span:
        """The year that holds a day."""
        return cls.year(day.year + (begins > 1 and day.month >= begins), begins)

    @property
    def is_month(self) -> bool:
        return self.start is not None and self == Span.month(self.start.year, self.start.month)

    @property
    def is_months(self) -> bool:
        """Whether the span is of whole months."""
        return self.start is not None and self.end is not None and self.start.day == 1 and (self.end + _DAY).day == 1

    @property
    def is_year(self) -> bool:
        return self.start is not None and self == Span.year(self.start.year)

    @property
    def is_fiscal_year(self) -> bool:
        """Whether the span is a year of whole months that begins in another month than January."""
        start, end = self
        return start is not None and end is not None and start.month > 1 and self == Span.year(end.year, start.month)


class Brief(NamedTuple):
    """A span in its shortest form, for narrow columns: `Jan 2026`."""

    span: Span


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans, oldest first, with adjacent ones merged: January and February 2026."""
    runs: list[Span] = []
    for span in spans:
        if runs and (end := runs[-1].end) and end + _DAY == span.start:
            runs[-1] = Span(runs[-1].start, span.end)
        else:
            runs.append(span)
    return runs


def month_of(day: date) -> Span:
    """The month that holds `day`."""
    return Span.month(day.year, day.month)


def parse_month(text: str, today: date) -> Span:
    """`2026-02`, `02/2026`, `Februari 2026`, `Februari` (the last one that has begun), `last`/`lalu` or `this`/`ini`."""
    plain = " ".join(text.split()).lower()
    if plain in ("this", "ini", "bulan ini"):
        return Span.month(today.year, today.month)
    if plain in ("last", "lalu", "bulan lalu"):
        before = today.replace(day=1) - timedelta(days=1)
        return Span.month(before.year, before.month)
    if match := re.fullmatch(r"(\d{4})[-/](\d{1,2})", plain):
        year, month = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"(\d{1,2})[-/](\d{4})", plain):
        year, month = int(match[2]), int(match[1])
    elif match := re.fullmatch(r"([a-z]+) (\d{4})", plain):
        year, month = int(match[2]), _month_named(text, match[1])
    elif plain in MONTH_NAMES:
        month = MONTH_NAMES[plain]
        year = today.year - (month > today.month)
    else:
        raise Usage(
            msg('"{text}" cannot be read as a month.', text=text[:40]),
            hint=msg("Type for instance: {example}", example="2026-02, Februari 2026, Februari, lalu"),
        )
    check_year(year)
    if not 1 <= month <= 12:
        raise Usage(msg("There is no month {month}.", month=month))
    return Span.month(year, month)


def nearest_month(text: str, today: date) -> Span | None:
    """The month of a bare name (`okt`) that is nearest to today, before or after it; None where it is no name of a month.

    For what dues are paid for, which may be ahead: in November `des` is the month to come, in January the one that passed.
    """
    month = MONTH_NAMES.get(text.strip().lower())
    if month is None:
        return None
    ahead = (month - today.month + 5) % 12 - 5  # from five months back to six ahead
    number = today.year * 12 + today.month - 1 + ahead
    return Span.month(number // 12, number % 12 + 1)


def parse_month_of_year(text: str) -> int:
    """`7` or `Juli`: a month of any year."""
    plain = text.strip().lower()
    if not plain.isdigit():
        return _month_named(text, plain)
    if not 1 <= int(plain) <= 12:
        raise Usage(msg("There is no month {month}.", month=int(plain)))
    return int(plain)


def parse_year(text: str, today: date, begins: int = 1) -> Span:
    """`2026`, `last`/`lalu` or `this`/`ini`; of a group whose years begin in the month `begins` also `2025/2026`."""
    plain = text.strip().lower()
    if plain in ("this", "ini", "last", "lalu"):
        end = Span.year_of(today, begins).end
        assert end is not None
        return Span.year(end.year - (plain in ("last", "lalu")), begins)
    if begins > 1 and (both := re.fullmatch(r"(\d{4})/(\d{4})", plain)) and int(both[2]) == int(both[1]) + 1:
        plain = both[2]
    if not re.fullmatch(r"\d{4}", plain):
        raise Usage(
            msg('"{text}" cannot be read as a year.', text=text[:40]),
            hint=msg("Type for instance: {example}", example="2026"),
        )
    check_year(int(plain))
    return Span.year(int(plain), begins)
