"""Dates and spans: what is printed is read the same, and no day that never was is read at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.dates import FIRST_YEAR, LAST_YEAR, Span, parse_date, parse_month, parse_year
from wksbm_cli.domain.problem import Usage
from wksbm_cli.render.language import Language

TODAY = date(2026, 3, 1)
LANGUAGES = {code: Language(code) for code in ("id", "en")}

days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


@given(days)
def test_a_day_is_read_however_it_is_printed(day: date) -> None:
    printed = [day.isoformat(), f"{day.day}/{day.month}/{day.year}", f"{day.day}-{day.month}-{day.year}"]
    for code, language in LANGUAGES.items():
        printed += [language.day(day), language.short_day(day), format_date(day, "d MMM y", locale=code)]
    for text in printed:
        assert parse_date(text, TODAY) == day
        assert parse_date(f" {text.upper()} ", TODAY) == day


@given(days)
def test_a_day_is_printed_as_the_language_writes_it(day: date) -> None:
    assert LANGUAGES["id"].day(day) == format_date(day, "long", locale="id")
    assert LANGUAGES["en"].day(day) == format_date(day, "long", locale="en_GB")


@given(days)
def test_a_month_is_read_however_it_is_printed(day: date) -> None:
    span = Span.month(day.year, day.month)
    printed = [f"{day:%Y-%m}", f"{day.month}/{day.year}", *(language.span(span) for language in LANGUAGES.values())]
    for text in printed:
        assert parse_month(text, TODAY) == span
    assert span.start is not None
    assert span.end is not None
    assert span.start.day == 1
    assert (span.end + timedelta(days=1)).day == 1
    assert span.start <= day <= span.end


@given(days)
def test_last_and_this_follow_the_day(today: date) -> None:
    this, last = parse_month("this", today), parse_month("last", today)
    assert this.start is not None
    assert this.start <= today
    assert last.end == this.start - timedelta(days=1)
    assert last == parse_month("bulan lalu", today)
    assert parse_year("last", today) == Span.year(today.year - 1)
    assert parse_date("kemarin", today) == today - timedelta(days=1)
    assert parse_date("Hari  ini", today) == today


@pytest.mark.parametrize(
    "typed",
    [
        "2025-02-29",
        "29 Feb 2025",
        "31/4/2026",
        "2026-13-01",
        "2026-00-10",
        "0/1/2026",
        "32/1/2026",
        "2/19/2026",
        "19/2/26",
        "1 Jan 1944",
        "1/1/2200",
        "0000-01-01",
        "99999-01-01",
        "19 Foo 2026",
        "19 ma 2026",
        "2026",
        "2026-02",
        "besok",
        "",
        "-1/2/2026",
        "2026-02-19T10:00:00",
        "19 Feb 2026 malam",
    ],
)
def test_no_such_day(typed: str) -> None:
    with pytest.raises(Usage):
        parse_date(typed, TODAY)


@pytest.mark.parametrize("typed", ["2026-13", "2026-00", "0/2026", "13/2026", "1944-01", "2200-01", "Feb", "2026", ""])
def test_no_such_month(typed: str) -> None:
    with pytest.raises(Usage):
        parse_month(typed, TODAY)


@pytest.mark.parametrize("typed", ["26", "1944", "2200", "20266", "dua ribu", ""])
def test_no_such_year(typed: str) -> None:
    with pytest.raises(Usage):
        parse_year(typed, TODAY)


def test_29_february_is_a_day_where_it_was() -> None:
    assert parse_date("29 Februari 2024", TODAY) == date(2024, 2, 29)
    assert parse_date("29/2/2000", TODAY) == date(2000, 2, 29)
