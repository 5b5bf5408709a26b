"""Dates and spans: what is printed is read the same, and no day that never was is read at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    Span,
    nearest_month,
    parse_date,
    parse_month,
    parse_written_date,
    parse_year,
)
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


@pytest.mark.parametrize("typed", ["2026-13", "2026-00", "0/2026", "13/2026", "1944-01", "2200-01", "Fob", "2026", ""])
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


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_a_day_without_a_year_is_the_last_one_up_to_today(today: date, day: date) -> None:
    if (day.month, day.day) == (2, 29):
        return
    name = MONTH_NAMES_SHORT[day.month - 1]
    for typed in (f"{day.day}/{day.month}", f"{day.day} {name}"):
        meant = parse_date(typed, today)
        assert (meant.month, meant.day) == (day.month, day.day)
        assert meant <= today < meant.replace(year=meant.year + 1, day=min(meant.day, 28)) + timedelta(days=4)


MONTH_NAMES_SHORT = "jan feb mar apr mei jun jul agt sep okt nov des".split()  # noqa: SIM905


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_the_last_one_and_with_lalu_before_today(today: date, number: int) -> None:
    name = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "ahad")[number]
    meant, before = parse_date(name, today), parse_date(f"{name} lalu", today)
    assert meant.weekday() == before.weekday() == number
    assert timedelta() <= today - meant < timedelta(days=7)
    assert timedelta(days=1) <= today - before <= timedelta(days=7)


@pytest.mark.parametrize(
    ("typed", "today", "meant"),
    [
        ("1/12", date(2026, 11, 24), date(2025, 12, 1)),
        ("2/10", date(2026, 11, 24), date(2026, 10, 2)),
        ("10 oktober", date(2026, 10, 10), date(2026, 10, 10)),
        ("minggu", date(2026, 11, 22), date(2026, 11, 22)),
        ("ahad lalu", date(2026, 11, 22), date(2026, 11, 15)),
        ("last monday", date(2026, 11, 24), date(2026, 11, 23)),
        ("Jum'at", date(2026, 11, 24), date(2026, 11, 20)),
    ],
)
def test_days_as_people_say_them(typed: str, today: date, meant: date) -> None:
    assert parse_date(typed, today) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("31/2", "28"),
        ("2/13", "13"),
        ("32/1", "31"),
        ("10 foo", "foo"),
        ("besok", "besok"),
        ("minggu lalu", "minggu lalu"),
    ],
)
def test_a_day_there_is_none_of_is_refused_with_its_reason(typed: str, says: str) -> None:
    with pytest.raises(Usage) as refused:
        parse_date(typed, date(2026, 11, 24))
    assert says in str(refused.value.text.values)


def test_a_day_without_a_year_is_not_read_from_a_file() -> None:
    for typed in ("2/10", "10 oktober", "senin", "kemarin"):
        with pytest.raises(Usage):
            parse_written_date(typed)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_a_month_by_its_name_alone(today: date, number: int) -> None:
    """Of a report the last that has begun; of what is paid for the nearest, which may be ahead."""
    name = MONTH_NAMES_SHORT[number - 1]
    report = parse_month(name, today).start
    assert report is not None and report.month == number and report <= today and (today - report).days < 366
    nearest = nearest_month(name, today)
    assert nearest is not None and nearest.start is not None and nearest.start.month == number
    months = (nearest.start.year - today.year) * 12 + nearest.start.month - today.month
    assert -5 <= months <= 6
