"""Cycles: every day lies in one period, periods follow one another without gap, and their keys sort in time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.cycles import PASARAN, WEEKDAYS, Cycle, parse_anchor, pasaran
from wksbm_cli.domain.problem import Usage

ANCHORS = [f"{weekday} {market}" for weekday in WEEKDAYS for market in PASARAN]
days = st.dates(date(1946, 1, 1), date(2196, 12, 31))
cycles = st.one_of(
    st.sampled_from([Cycle(name) for name in ("night", "week", "month", "semester", "year")]),
    st.sampled_from([Cycle("selapanan", anchor) for anchor in ANCHORS]),
)


def bounds(cycle: Cycle, key: str) -> tuple[date, date]:
    span = cycle.span(key)
    assert span.start is not None
    assert span.end is not None
    return span.start, span.end


@given(cycles, days)
def test_a_day_lies_in_its_period_and_the_next_begins_the_day_after(cycle: Cycle, day: date) -> None:
    key = cycle.period_of(day)
    start, end = bounds(cycle, key)
    assert start <= day <= end
    assert {cycle.period_of(start), cycle.period_of(end)} == {key}
    after = cycle.period_of(end + timedelta(days=1))
    assert after > key
    assert bounds(cycle, after)[0] == end + timedelta(days=1)
    assert cycle.parse(key) == [key]


@given(cycles, days, st.integers(0, 800))
def test_the_periods_between_two_days_are_those_of_the_days_between(cycle: Cycle, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    each = dict.fromkeys(cycle.period_of(first + timedelta(days=past)) for past in range(length + 1))
    assert cycle.periods(first, last) == list(each)
    assert cycle.periods(last, first - timedelta(days=1)) == []


@given(cycles, days)
def test_a_range_of_periods_is_read_from_its_ends(cycle: Cycle, first: date) -> None:
    last = first + timedelta(days=400)
    assert cycle.parse(f"{cycle.period_of(first)}..{cycle.period_of(last)}") == cycle.periods(first, last)


@given(cycles, st.integers(1947, 2196))
def test_every_period_belongs_to_one_year(cycle: Cycle, year: int) -> None:
    """Who pays "2026" and then "2027" has paid no week and no selapanan twice, and left none out."""
    years = [cycle.parse(str(each)) for each in (year, year + 1)]
    whole = cycle.parse(f"{year}..{year + 1}")
    assert years[0] + years[1] == whole
    starts = [bounds(cycle, key)[0] for key in whole]
    ends = [bounds(cycle, key)[1] for key in whole]
    assert all(end + timedelta(days=1) == start for end, start in zip(ends, starts[1:], strict=False))


@given(st.sampled_from([Cycle("night"), Cycle("week"), Cycle("selapanan", "kamis pahing")]), st.integers(1947, 2196))
def test_the_months_of_a_year_hold_what_the_year_holds(cycle: Cycle, year: int) -> None:
    by_month = [key for month in range(1, 13) for key in cycle.parse(f"{year}-{month:02d}")]
    assert by_month == cycle.parse(str(year))


# --- ISO weeks, by the rule of the standard itself ----------------------------------------------------------------


@given(days)
def test_weeks_are_those_of_iso_8601(day: date) -> None:
    """A week has the year of its Thursday, and its number is how many Thursdays that year has had."""
    thursday = day + timedelta(days=3 - day.weekday())
    first = date(thursday.year, 1, 1)
    number = sum(1 for past in range((thursday - first).days + 1) if (first + timedelta(days=past)).weekday() == 3)
    assert Cycle("week").period_of(day) == f"{thursday.year}-W{number:02d}"


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2024, 52), (2025, 52), (2026, 53), (2027, 52), (2032, 53)])
def test_years_of_52_and_53_weeks(year: int, weeks: int) -> None:
    assert len(Cycle("week").parse(str(year))) == weeks
    if weeks == 52:
        with pytest.raises(Usage):
            Cycle("week").span(f"{year}-W53")


# --- the Javanese calendar, by other ways of reckoning ------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "named"),
    [
        (date(1945, 8, 17), "jumat legi"),  # the proclamation of independence
        (date(1633, 7, 8), "jumat legi"),  # 1 Sura 1555, with which Sultan Agung's calendar begins
    ],
)
def test_known_days_of_the_javanese_calendar(day: date, named: str) -> None:
    assert f"{WEEKDAYS[day.weekday()]} {pasaran(day)}" == named


@given(days)
def test_market_days_by_the_julian_day_number(day: date) -> None:
    """JDN 2431685 was 17 August 1945, a Legi; the five days run on without a break."""
    year, month = (day.year, day.month) if day.month > 2 else (day.year - 1, day.month + 12)
    century = year // 100
    number = 365 * year + year // 4 - century + century // 4 + (153 * (month - 3) + 2) // 5 + day.day + 1721119
    assert pasaran(day) == PASARAN[(number - 2431685) % 5]


@given(st.sampled_from(ANCHORS), days)
def test_a_selapanan_begins_on_its_pair_of_days_and_lasts_35(anchor: str, day: date) -> None:
    """Of 35 days in a row exactly one is the pair: the Chinese remainder of a week of seven and one of five."""
    cycle = Cycle("selapanan", anchor)
    start, end = bounds(cycle, cycle.period_of(day))
    assert (end - start).days == 34
    weekday, market = anchor.split()
    begins = [
        day - timedelta(days=back)
        for back in range(35)
        if (day - timedelta(days=back)).weekday() == WEEKDAYS.index(weekday)
        and pasaran(day - timedelta(days=back)) == market
    ]
    assert begins == [start]


def test_selapanan_run_on_across_the_new_year() -> None:
    cycle = Cycle("selapanan", "kamis pahing")
    keys = cycle.periods(date(2025, 1, 1), date(2027, 12, 31))
    starts = [date.fromisoformat(key) for key in keys]
    assert {(after - before).days for before, after in pairwise(starts)} == {35}


# --- what is no period --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cycle", "key"),
    [
        (Cycle("night"), "2025-02-29"),
        (Cycle("night"), "9999-12-31"),
        (Cycle("night"), "9999-12-30..9999-12-31"),
        (Cycle("night"), "1945-01-01..9999-12-31"),
        (Cycle("night"), "2026-W01"),
        (Cycle("week"), "2025-W53"),
        (Cycle("week"), "2026-W00"),
        (Cycle("week"), "9999-W52"),
        (Cycle("month"), "2026-13"),
        (Cycle("month"), "0000-01"),
        (Cycle("month"), "9999-12"),
        (Cycle("month"), "9999"),
        (Cycle("month"), "٢٠٢٦-٠٢"),
        (Cycle("month"), "2026-02..besok"),
        (Cycle("month"), "2026-02-19"),
        (Cycle("month"), ""),
        (Cycle("month"), ".."),
        (Cycle("semester"), "2026-S3"),
        (Cycle("semester"), "9999-S1"),
        (Cycle("year"), "1944"),
        (Cycle("year"), "9999"),
        (Cycle("year"), "2026-02"),
        (Cycle("selapanan", "kamis pahing"), "2026-02-13"),
        (Cycle("selapanan", "kamis pahing"), "9999-12-31"),
        (Cycle("once"), "2026"),
        (Cycle("event"), "../x"),
    ],
)
def test_what_is_no_period_is_refused(cycle: Cycle, key: str) -> None:
    with pytest.raises(Usage):
        cycle.parse(key)


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [("Kamis Pahing", "kamis pahing"), ("ahad-kliwon", "minggu kliwon"), ("  JUMAT   legi ", "jumat legi")],
)
def test_anchors_as_people_write_them(typed: str, anchor: str) -> None:
    assert parse_anchor(typed) == anchor


@pytest.mark.parametrize("typed", ["", "kamis", "pahing kamis", "kamis pahing legi", "thursday pahing"])
def test_no_such_pair_of_days(typed: str) -> None:
    with pytest.raises(Usage):
        parse_anchor(typed)
