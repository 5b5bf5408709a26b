"""What members owe and where their payments go: conservation, order, and practice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.due import Due, Event, Tariff
from wksbm_cli.domain.fund import Fund, Place
from wksbm_cli.domain.member import Exemption, Member
from wksbm_cli.domain.obligations import Obligation, Payments, allocate_payments
from wksbm_cli.domain.units import IDR

START = date(2025, 1, 1)
FUND = Fund("rt-07/kas", "Kas", "social", "none", IDR, {"kas": Place("kas", "Kas")}, {})


def due(cycle: str = "month", amount: int = 5000, **changes: Any) -> Due:
    anchor = "kamis pahing" if cycle == "selapanan" else ""
    values: dict[str, Any] = {
        "slug": "iuran",
        "name": "Iuran",
        "cycle": Cycle(cycle, anchor),
        "unit": IDR,
        "required": True,
        "tariffs": (Tariff(START, amount),),
        "start": START,
    }
    return Due(**(values | changes))


def standing(payments: Payments, as_of: date, of: Due | None = None, member: Member | None = None, **away: Any) -> Any:
    return allocate_payments(Obligation(FUND, of or due(), member or Member("r001", "Budi"), **away), payments, as_of)


def pool(minor: int, **named: int) -> Payments:
    return Payments(
        {tuple(key.replace("_", "-").removeprefix("p").split("x")): value for key, value in named.items()},
        minor,
        "2025-03",
    )


# The community's own cases ---------------------------------------------------------------------------------------


def test_a_payment_goes_to_the_oldest_open_month_and_leaves_the_rest_open() -> None:
    at = standing(pool(12_500), date(2025, 3, 31))
    assert dict(at.paid) == {"2025-01": 5000, "2025-02": 5000, "2025-03": 2500}
    assert [(owed.period, owed.minor) for owed in at.open] == [("2025-03", 2500)]
    assert at.settled_to == "2025-02"
    assert at.next_open is not None
    assert (at.next_open.period, at.next_open.minor) == ("2025-03", 2500)


def test_a_payment_that_names_its_month_leaves_older_ones_open() -> None:
    at = standing(pool(0, p2025_03=5000), date(2025, 3, 31))
    assert [owed.period for owed in at.open] == ["2025-01", "2025-02"]


def test_a_payment_for_one_month_keeps_its_place_beside_one_for_a_stretch() -> None:
    at = standing(pool(0, p2025_02x2025_03x2025_04=10_000, p2025_03=5000), date(2025, 4, 30))
    assert dict(at.paid) == {"2025-02": 5000, "2025-03": 5000, "2025-04": 5000}


def test_what_is_more_than_the_month_named_asks_goes_to_the_oldest_open() -> None:
    assert dict(standing(pool(0, p2025_03=9000), date(2025, 3, 31)).paid) == {"2025-01": 4000, "2025-03": 5000}


def test_a_gift_for_months_of_which_nothing_is_owed_stands_with_the_first() -> None:
    exempt = Member("r001", "Budi", exemptions=(Exemption(START, date(2025, 3, 31)),))
    at = standing(pool(0, p2025_02x2025_03=9000), date(2025, 4, 30), member=exempt)
    assert dict(at.paid) == {"2025-02": 9000}
    assert at.arrears == 5000, "April's"


def test_paying_ahead_is_shown_apart_and_consumed_as_months_fall_due() -> None:
    early = standing(pool(20_000), date(2025, 1, 31))
    assert early.ahead == {"2025-02": 5000, "2025-03": 5000, "2025-04": 5000}
    assert early.arrears == 0
    later = standing(pool(20_000), date(2025, 3, 1))
    assert later.ahead == {"2025-04": 5000}


def test_ten_thousand_of_fifty_is_not_paid_up() -> None:
    at = standing(pool(0, p2025=10_000), date(2025, 6, 1), due("year", 50_000))
    assert at.arrears == 40_000
    assert at.settled_to == ""


def test_a_new_tariff_never_changes_what_was_owed_before_it() -> None:
    raised = due(tariffs=(Tariff(START, 5000), Tariff(date(2025, 3, 1), 7500)))
    at = standing(pool(0), date(2025, 4, 30), raised)
    assert [owed.minor for owed in at.open] == [5000, 5000, 7500, 7500]


def test_who_joins_within_a_period_owes_it_by_the_tariff_of_that_day() -> None:
    raised = due(tariffs=(Tariff(START, 5000), Tariff(date(2025, 3, 10), 6000)))
    joined = Member("r002", "Tini", joined=date(2025, 3, 15))
    assert standing(pool(0), date(2025, 3, 31), raised, joined).arrears == 6000
    assert standing(pool(0), date(2025, 3, 31), raised).arrears == 3 * 5000


def test_a_class_changed_within_a_year_counts_from_the_next_period() -> None:
    classed = due("year", 50_000, tariffs=(Tariff(START, 50_000, {"kasepuhan": 10_000}),))
    member = Member("r001", "Budi", classes=((date(2025, 7, 1), "kasepuhan"),))
    at = standing(pool(0), date(2026, 2, 1), classed, member)
    assert [(owed.period, owed.minor) for owed in at.open] == [("2025", 50_000), ("2026", 10_000)]


def test_an_exemption_frees_the_periods_that_begin_in_it() -> None:
    member = Member("r001", "Budi", exemptions=(Exemption(date(2025, 2, 17), date(2025, 4, 30), "kas", "iuran"),))
    at = standing(pool(0), date(2025, 5, 31), member=member)
    assert [owed.period for owed in at.open] == ["2025-01", "2025-02", "2025-05"]


def test_who_joins_later_owes_from_joining_or_from_the_founding() -> None:
    member = Member("r001", "Budi", joined=date(2025, 3, 10))
    assert [owed.period for owed in standing(pool(0), date(2025, 4, 1), member=member).open] == ["2025-03", "2025-04"]
    founding = standing(pool(0), date(2025, 4, 1), due(back_dues="founding"), member)
    assert [owed.period for owed in founding.open] == ["2025-01", "2025-02", "2025-03", "2025-04"]


def test_who_joins_and_leaves_in_one_month_owes_that_month() -> None:
    member = Member("r001", "Budi", joined=date(2025, 2, 3), left=date(2025, 2, 20))
    assert [owed.period for owed in standing(pool(0), date(2025, 6, 1), member=member).open] == ["2025-02"]


def test_an_entry_fee_is_owed_only_by_newcomers() -> None:
    fee = due("once", 25_000, entry_fee=True)
    old, new = Member("r001", "Budi"), Member("r002", "Tini", joined=date(2025, 5, 1))
    assert standing(pool(0), date(2025, 6, 1), fee, old).arrears == 0
    assert standing(pool(0), date(2025, 6, 1), fee, new).arrears == 25_000
    founder = Member("r003", "Agus", joined=START)
    assert standing(pool(0), date(2025, 6, 1), fee, founder).arrears == 0
    next_day = Member("r004", "Sri", joined=START + timedelta(days=1))
    assert standing(pool(0), date(2025, 6, 1), fee, next_day).arrears == 25_000


def test_a_lifetime_due_is_paid_in_parts() -> None:
    once = due("once", 25_000)
    assert standing(pool(15_000), date(2025, 6, 1), once).arrears == 10_000
    assert standing(pool(25_000), date(2025, 6, 1), once).settled_to == "once"


def test_an_event_is_owed_by_those_who_were_members_on_its_day() -> None:
    levy = due(
        "event",
        10_000,
        events=(Event("lelayu-1", "Lelayu", date(2025, 2, 5)), Event("lelayu-2", "Lelayu", date(2025, 8, 5))),
    )
    gone = Member("r001", "Budi", left=date(2025, 6, 30))
    assert [owed.period for owed in standing(pool(0), date(2025, 12, 31), levy, gone).open] == ["lelayu-1"]
    assert standing(pool(0, plelayu_2=10_000), date(2025, 12, 31), levy).arrears == 10_000


def test_nobody_is_in_arrears_with_a_voluntary_due() -> None:
    at = standing(pool(0, p2025_02=3000), date(2025, 12, 31), due("night", 500, required=False))
    assert at.arrears == 0
    assert dict(at.paid) == {"2025-02": 3000}


def test_nights_away_or_called_off_are_no_misses() -> None:
    nightly = due("night", 500, cancelled=(date(2025, 1, 5), date(2025, 1, 6)))
    away = [date(2025, 1, day) for day in (7, 12, 19)]
    at = standing(pool(0, p2025_01=26 * 500), date(2025, 1, 31), nightly, away=away)
    assert at.arrears == 0, "31 nights less 2 called off less 3 away are 26"


def test_nights_away_never_make_a_month_owe_less_than_nothing() -> None:
    exempt = Member("r001", "Budi", exemptions=(Exemption(START, date(2025, 1, 29)),))
    away = [START + timedelta(days=n) for n in range(31)]
    at = standing(pool(0), date(2025, 1, 31), due("night", 500), exempt, away=away)
    assert list(at.fallen) == []


def test_a_night_away_is_what_that_night_would_have_asked() -> None:
    """500 up to the 15th, 1.000 from the 16th: who was away on two nights of the first half owes 15.000 + 16.000 - 1.000."""
    nightly = due("night", tariffs=(Tariff(START, 500), Tariff(date(2025, 1, 16), 1000)))
    away = [date(2025, 1, 3), date(2025, 1, 4)]
    assert standing(pool(0), date(2025, 1, 31), nightly, away=away).arrears == 22_500
    assert standing(pool(0), date(2025, 1, 3), nightly, away=away).arrears == 1000, "of the nights up to then"


def test_of_the_current_month_only_the_nights_so_far_are_owed() -> None:
    assert standing(pool(0), date(2025, 1, 5), due("night", 500)).arrears == 5 * 500


def test_leap_day_and_week_53_are_periods_like_any_other() -> None:
    leap = due("night", 500, start=date(2028, 2, 1), tariffs=(Tariff(date(2028, 2, 1), 500),))
    assert standing(pool(0), date(2028, 2, 29), leap).arrears == 29 * 500
    weekly = due("week", 1000, start=date(2026, 12, 21), tariffs=(Tariff(date(2026, 12, 21), 1000),))
    at = standing(pool(0), date(2027, 1, 10), weekly)
    assert [owed.period for owed in at.open] == ["2026-W52", "2026-W53", "2027-W01"]


def test_a_selapanan_runs_across_the_new_year() -> None:
    at = standing(pool(0), date(2026, 3, 1), due("selapanan", 2000, start=date(2025, 11, 1)))
    days = [owed.start for owed in at.open]
    assert all((later - earlier).days == 35 for earlier, later in pairwise(days))
    assert any(day.year == 2025 for day in days)
    assert any(day.year == 2026 for day in days)


# Properties ------------------------------------------------------------------------------------------------------

CYCLES = ("night", "week", "selapanan", "month", "semester", "year", "once")
months = st.sampled_from([f"2025-{month:02d}" for month in range(1, 13)] + ["2026-01", "2026-02"])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Due, Member, Payments, date]:
    cycle = draw(st.sampled_from(CYCLES))
    days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
    joined = draw(st.none() | days)
    left = draw(st.none() | days.filter(lambda day: joined is None or day >= joined))
    starts = draw(st.lists(days, max_size=2, unique=True).map(sorted))
    tariffs = (
        Tariff(START, 5000),
        *(Tariff(day, draw(st.sampled_from([0, 300, 7500])), {"tua": 100}) for day in starts if day > START),
    )
    member = Member(
        "r001",
        "Budi",
        joined,
        left,
        classes=tuple((day, "tua") for day in draw(st.lists(days, max_size=1))),
        exemptions=tuple(
            Exemption(day, day + timedelta(days=draw(st.integers(0, 200)))) for day in draw(st.lists(days, max_size=2))
        ),
    )
    of = due(
        cycle, tariffs=tariffs, required=draw(st.booleans()), back_dues=draw(st.sampled_from(["none", "founding"]))
    )
    keys = {"night": "month"}.get(cycle, cycle)
    period = st.dates(date(2024, 12, 1), date(2027, 3, 1)).map(Cycle(keys, of.cycle.anchor).period_of)
    named = draw(
        st.dictionaries(
            st.lists(period, min_size=1, max_size=3, unique=True).map(lambda some: tuple(sorted(some))),
            st.integers(1, 60_000),
            max_size=4,
        )
    )
    return of, member, Payments(named, draw(st.integers(0, 500_000)), draw(months)), draw(days)


@given(cases())
def test_the_sum_allocated_is_the_sum_paid(case: tuple[Due, Member, Payments, date]) -> None:
    of, member, payments, as_of = case
    at = allocate_payments(Obligation(FUND, of, member), payments, as_of)
    assert sum(at.paid.values()) == payments.pool + sum(payments.named.values())


@given(cases(), st.randoms())
def test_the_order_of_payments_does_not_matter(case: tuple[Due, Member, Payments, date], random: Any) -> None:
    of, member, payments, as_of = case
    shuffled: list[tuple[tuple[str, ...], int]] = list(payments.named.items())
    random.shuffle(shuffled)
    turned = Payments(dict(shuffled), payments.pool, payments.latest)
    obligation = Obligation(FUND, of, member)
    assert allocate_payments(obligation, payments, as_of).paid == allocate_payments(obligation, turned, as_of).paid


@given(cases())
def test_nothing_is_owed_twice_or_lost(case: tuple[Due, Member, Payments, date]) -> None:
    """What is open is what was owed less what its period received; it never exceeds what was owed."""
    of, member, payments, as_of = case
    at = allocate_payments(Obligation(FUND, of, member), payments, as_of)
    owed = sum(each.minor for each in at.fallen)
    assert 0 <= at.arrears <= owed
    received = sum(min(each.minor, at.paid.get(each.period, 0)) for each in at.fallen)
    assert at.arrears == owed - received


@given(cases(), st.integers(1, 100_000))
def test_paying_more_never_increases_what_is_open(case: tuple[Due, Member, Payments, date], more: int) -> None:
    of, member, payments, as_of = case
    obligation = Obligation(FUND, of, member)
    before = allocate_payments(obligation, payments, as_of)
    after = allocate_payments(obligation, Payments(payments.named, payments.pool + more, payments.latest), as_of)
    assert after.arrears <= before.arrears
    assert before.arrears - after.arrears <= more


def nights_owed(of: Due, member: Member, first: date, last: date) -> Mapping[str, int]:
    """Night by night, without any stretch: the slow way to the same sums."""
    owed: dict[str, int] = {}
    day = first
    while day <= last:
        counts = (member.joined is None or of.back_dues == "founding" or day >= member.joined) and (
            member.left is None or day <= member.left
        )
        exempt = any(each.start <= day and (each.end is None or day <= each.end) for each in member.exemptions)
        if counts and not exempt and day not in of.cancelled:
            tariff = next(each for each in reversed(of.tariffs) if each.start <= day)
            name = next((name for since, name in reversed(member.classes) if since <= day), "")
            owed[f"{day:%Y-%m}"] = owed.get(f"{day:%Y-%m}", 0) + tariff.classes.get(name, tariff.minor)
        day += timedelta(days=1)
    return {month: minor for month, minor in owed.items() if minor}


some_nights = st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=3).map(
    lambda days: tuple(sorted(set(days)))
)


@given(cases(), some_nights, some_nights)
def test_nights_reckoned_by_stretches_are_the_nights_counted_one_by_one(
    case: tuple[Due, Member, Payments, date], off: tuple[date, ...], away: tuple[date, ...]
) -> None:
    of, member, _, as_of = case
    nightly = due("night", tariffs=of.tariffs, back_dues=of.back_dues, cancelled=off)
    at = allocate_payments(Obligation(FUND, nightly, member, away), Payments({}), as_of)
    neither = nightly._replace(cancelled=(*off, *away))
    assert {owed.period: owed.minor for owed in at.fallen} == nights_owed(neither, member, START, as_of)


@pytest.mark.parametrize(
    ("parts", "whole", "odd", "paid", "expected"),
    [
        ({"a/b": 1, "a/c": 2}, 6, "", 30_000, {"a/b": 5000, "a/c": 10_000}),
        ({"a/b": 30}, 100, "", 25_001, {"a/b": 7500}),
        ({"a/b": 1}, 3, "a/b", 10_000, {"a/b": 3334}),
        ({"a/b": 1, "a/c": 1}, 3, "a/c", 10_000, {"a/b": 3333, "a/c": 3334}),
        ({"a/b": 4000, "a/c": 3000}, 0, "", 5000, {"a/b": 4000, "a/c": 1000}),
    ],
)
def test_a_payment_is_divided_and_the_odd_rupiah_goes_where_the_rule_says(
    parts: dict[str, int], whole: int, odd: str, paid: int, expected: dict[str, int]
) -> None:
    from wksbm_cli.domain.due import Split

    assert Split(START, parts, whole, odd).divide(paid) == expected


@given(
    st.dictionaries(st.sampled_from(["a/b", "a/c", "a/d"]), st.integers(1, 30), min_size=1),
    st.integers(0, 10),
    st.integers(1, 10**9),
)
def test_no_rupiah_is_lost_or_made_in_a_division(parts: dict[str, int], own: int, paid: int) -> None:
    from wksbm_cli.domain.due import Split

    whole = sum(parts.values()) + own
    for odd in ("", *parts):
        given_away = Split(START, parts, whole, odd).divide(paid)
        rest = paid - sum(given_away.values())
        assert rest >= 0
        assert abs(rest - paid * own / whole) < len(parts) + 1
