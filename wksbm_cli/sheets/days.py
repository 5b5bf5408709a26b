"""Days as sheets write them: with a weekday, a month's name, two digits of a year or none; and days that cannot be."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from wksbm_cli.domain.dates import FIRST_YEAR, LAST_YEAR, MONTH_NAMES, Span, end_of_month
from wksbm_cli.sheets.grid import Cell

WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "senin monday mon sen",
            "selasa tuesday tue sel",
            "rabu wednesday wed rab",
            "kamis thursday thu kam",
            "jumat jum'at friday fri jum",
            "sabtu saturday sat sab",
            "minggu ahad sunday sun min",
        )
    )
    for name in names.split()
}
# Day 1 of Excel's calendar is 1 January 1900, and it counts a 29 February 1900 that never was.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(25_000, 80_000)

# Faults of a date: impossible, with the wrong weekday, with day and month swapped, or a spreadsheet's serial number.
Doubt = Literal["", "impossible", "weekday", "american", "serial"]


class SheetDay(NamedTuple):
    """A date parsed from a cell. `day` is None for an impossible date; `weekday` (0 is Monday) is the one written beside it."""

    day: date | None
    text: str
    doubt: Doubt = ""
    weekday: int | None = None


_MONTH_WORD = "|".join(sorted(MONTH_NAMES, key=len, reverse=True))
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\.?,?\s*(?:/\s*)?)?"
_NUMERIC = re.compile(rf"{_WEEKDAY}(?P<a>\d{{1,2}})[/.\- ](?P<b>\d{{1,2}})(?:[/.\- ](?P<year>\d{{4}}|\d{{2}}))?", re.I)
_ISO = re.compile(rf"{_WEEKDAY}(?P<year>\d{{4}})[-/](?P<b>\d{{1,2}})[-/](?P<a>\d{{1,2}})(?:[ T].*)?", re.I)
_NAMED = re.compile(
    rf"{_WEEKDAY}(?:tgl\.?|tanggal)?\s*(?P<a>\d{{1,2}})[ \-./]*(?P<name>{_MONTH_WORD})\.?(?:[ \-./,]*(?P<year>\d{{4}}|\d{{2}}))?",
    re.I,
)


def read_day(cell: Cell, year: int | None = None, *, in_column_of_days: bool = False) -> SheetDay | None:
    """The day of a cell, None where it is none. `year` is taken where only day and month are written."""
    if isinstance(cell, date):
        return SheetDay(cell, cell.isoformat()) if FIRST_YEAR <= cell.year <= LAST_YEAR else None
    if type(cell) is int:
        if in_column_of_days and cell in _SERIALS:
            return SheetDay(_SERIAL_ZERO + timedelta(days=cell), str(cell), "serial")
        return None
    if type(cell) is not str or len(cell) > 60 or not any(char.isdigit() for char in cell):
        return None
    text = " ".join(cell.split())
    for pattern in (_NUMERIC, _ISO, _NAMED):
        if found := pattern.fullmatch(text):
            return _day(found, text, year)
    return None


def _day(found: re.Match[str], text: str, year: int | None) -> SheetDay | None:
    parts = found.groupdict()
    digits = parts["year"]
    if digits is None and year is None:
        return None
    full = int(digits) if digits and len(digits) == 4 else 2000 + int(digits) if digits else year
    assert full is not None
    day, doubt = int(parts["a"]), ""
    month = MONTH_NAMES[parts["name"].lower()] if parts.get("name") else int(parts["b"])
    if not FIRST_YEAR <= full <= LAST_YEAR:
        return None
    weekday = WEEKDAYS[parts["weekday"].lower()] if parts["weekday"] else None
    if month > 12 >= day and not parts.get("name"):
        day, month, doubt = month, day, "american"
    if not 1 <= month <= 12 or not 1 <= day <= end_of_month(date(full, month, 1)).day:
        return SheetDay(None, text, "impossible", weekday)
    read = date(full, month, day)
    if weekday is not None and read.weekday() != weekday:
        doubt = "weekday"
    return SheetDay(read, text, doubt, weekday)  # type: ignore[arg-type]


_SPAN_YEAR = re.compile(r"\b(?:tahun|th\.?|thn\.?|year|per)?\s*(20\d{2}|19[4-9]\d)\b", re.I)
_SPAN_MONTH = re.compile(rf"\b(?P<name>{_MONTH_WORD})\.?\s*(?P<year>20\d{{2}}|19[4-9]\d)\b", re.I)
_UNTIL = r"(?:s\.?\s*/?\s*d\.?|sampai(?: dengan)?|hingga|to|[-–])"
_FROM_TO = re.compile(
    rf"\b(?:\d{{1,2}}\s+)?(?P<first>{_MONTH_WORD})\.?\s*(?P<first_year>20\d{{2}})?\s*{_UNTIL}\s*"
    rf"(?:\d{{1,2}}\s+)?(?P<last>{_MONTH_WORD})\.?\s*(?P<year>20\d{{2}})\b",
    re.I,
)


def period_named(text: str) -> Span | None:
    """The period a title names: from one month to another, a month, or a year; None for a text that names none, or several."""
    if found := _FROM_TO.search(text):
        year = int(found["year"])
        first = Span.month(int(found["first_year"] or year), MONTH_NAMES[found["first"].lower()]).start
        last = Span.month(year, MONTH_NAMES[found["last"].lower()]).end
        return Span(first, last) if first and last and first <= last else None
    months = {(int(year), MONTH_NAMES[name.lower()]) for name, year in _SPAN_MONTH.findall(text)}
    if len(months) == 1:
        return Span.month(*months.pop())
    years = {int(year) for year in _SPAN_YEAR.findall(text)}
    return Span.year(years.pop()) if len(years) == 1 and not months else None


# Agus, Mei and April are neighbours too: a short name is a month behind "bulan" or before a year.
_MONTH_IN_TEXT = re.compile(
    rf"\b(?P<said>(?:bulan|bln)\.?\s+)?(?P<name>{_MONTH_WORD})\b\.?(?:\s*(?P<year>20\d{{2}}))?", re.I
)
_LONG_ENOUGH = 6


def months_named(text: str) -> list[tuple[int, int | None]]:
    """The months a text names, each with its year where it has one."""
    return [
        (MONTH_NAMES[found["name"].lower()], int(found["year"]) if found["year"] else None)
        for found in _MONTH_IN_TEXT.finditer(text)
        if found["said"]
        or found["year"]
        or len(found["name"]) >= _LONG_ENOUGH
        or found["name"].lower() in ("juni", "juli", "maret")
    ]
