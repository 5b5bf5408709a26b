"""Loans end at nothing, charges come first, and a surplus is shared to the last rupiah."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.lending import (
    INSTALMENT_CYCLES,
    Repayment,
    SurplusShare,
    Terms,
    apportion,
    schedule,
    settle,
    share_surplus,
    state,
)
from wksbm_cli.domain.table import UnknownKey

START = date(2026, 1, 31)
terms = st.builds(
    Terms,
    principal=st.integers(1, 50_000_000),
    rate=st.decimals(0, 10, places=2),
    method=st.sampled_from(["flat", "declining"]),
    instalments=st.integers(1, 60),
    cycle=st.sampled_from(INSTALMENT_CYCLES),
    start=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)


def test_a_flat_loan_bears_the_same_charge_each_month() -> None:
    made = schedule(Terms(1_000_000, Decimal("1.5"), "flat", 10, "month", date(2026, 1, 10)))
    assert [(each.principal, each.charge) for each in made] == [(100_000, 15_000)] * 10
    assert made[0].due == date(2026, 2, 10)
    assert made[-1].due == date(2026, 11, 10)


def test_a_declining_loan_bears_less_as_less_is_left() -> None:
    made = schedule(Terms(1_000_000, Decimal(2), "declining", 4, "month", date(2026, 1, 10)))
    assert [each.charge for each in made] == [20_000, 15_000, 10_000, 5_000]


def test_what_division_leaves_over_is_in_the_last_instalment() -> None:
    made = schedule(Terms(1_000_000, Decimal(0), "flat", 3, "month", date(2026, 1, 10)))
    assert [each.principal for each in made] == [333_333, 333_333, 333_334]


def test_a_loan_of_the_last_of_january_falls_due_on_the_last_of_february() -> None:
    made = schedule(Terms(3000, Decimal(0), "flat", 3, "month", START))
    assert [each.due for each in made] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_uppks_twelve_weeks_of_ten_percent_and_one_of_charge() -> None:
    """DOMAIN §2e: weekly instalments of a tenth of the principal with one percent of it as charge."""
    made = schedule(Terms(1_000_000, Decimal(1), "flat", 10, "week", date(2026, 1, 5)))
    assert {each.principal + each.charge for each in made} == {110_000}
    assert (made[1].due - made[0].due).days == 7


@given(terms)
def test_the_instalments_add_up_to_the_loan(loan: Terms) -> None:
    made = schedule(loan)
    assert sum(each.principal for each in made) == loan.principal
    assert len(made) == loan.instalments
    assert all(earlier.due < later.due for earlier, later in pairwise(made))


@given(terms, st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 5_000_000)), max_size=12))
def test_a_loan_fully_repaid_leaves_nothing(loan: Terms, payments: list[tuple[int, int]]) -> None:
    """Whatever is paid when, charge first, the loan ends at exactly nothing once everything is paid."""
    repaid = []
    for days, amount in sorted(payments):
        day = loan.start + timedelta(days=days)
        before = state(loan, repaid, day)
        amount = min(amount, before.payable)
        if amount:
            used = settle(before, amount)
            assert used.principal + used.charge == amount
            assert used.principal == 0 or used.charge >= before.charge_due, "the charge fallen due comes first"
            repaid.append(used)
    end = schedule(loan)[-1].due + timedelta(days=2000)
    before = state(loan, repaid, end)
    rest = before.payable
    if rest:
        repaid.append(settle(before, rest))
    after = state(loan, repaid, end)
    assert (after.outstanding, after.charge_left, after.arrears, after.late_instalments) == (0, 0, 0, 0)
    assert after.collectability == "settled"


def monthly(method: str, rate: int = 2) -> Terms:
    """1.000.000 in ten monthly instalments from 10 January 2026."""
    return Terms(1_000_000, Decimal(rate), method, 10, "month", date(2026, 1, 10))


def pay(loan: Terms, repaid: list[Repayment], day: date, amount: int) -> Repayment:
    used = settle(state(loan, repaid, day), amount)
    repaid.append(used)
    return used


@pytest.mark.parametrize("method", ["flat", "declining"])
def test_who_pays_a_day_early_every_month_is_never_late(method: str) -> None:
    loan, repaid = monthly(method), []
    for each in schedule(loan):
        used = pay(loan, repaid, each.due - timedelta(days=1), each.principal + each.charge)
        assert (used.principal, used.charge) == (each.principal, each.charge)
        assert state(loan, repaid, each.due).late_instalments == 0
    assert state(loan, repaid, date(2026, 12, 31)).collectability == "settled"


def test_two_instalments_of_a_flat_loan_at_once_leave_nothing_late_for_two_months() -> None:
    loan, repaid = monthly("flat"), []
    pay(loan, repaid, date(2026, 2, 10), 240_000)
    assert state(loan, repaid, date(2026, 3, 10)).arrears == 0
    assert state(loan, repaid, date(2026, 4, 10)).arrears == 120_000


def test_what_is_paid_back_early_lowers_later_charges_of_a_declining_loan() -> None:
    loan, repaid = monthly("declining"), []
    used = pay(loan, repaid, date(2026, 1, 20), 520_000)
    assert (used.charge, used.principal) == (20_000, 500_000)  # the month begun is charged, the rest lowers the loan
    charges = [each.charge for each in state(loan, repaid, date(2026, 1, 20)).instalments]
    assert charges == [20_000] + [10_000] * 5 + [8_000, 6_000, 4_000, 2_000]


def test_a_declining_loan_paid_off_owes_no_later_charge() -> None:
    loan, repaid = monthly("declining"), []
    assert state(loan, [], date(2026, 2, 10)).payable == 1_020_000
    pay(loan, repaid, date(2026, 2, 10), 1_020_000)
    assert state(loan, repaid, date(2026, 2, 10)).collectability == "settled"
    assert state(loan, repaid, date(2026, 12, 31)).payable == 0


def test_lateness_does_not_raise_a_declining_charge() -> None:
    late = state(monthly("declining"), [], date(2026, 12, 31))
    assert [each.charge for each in late.instalments] == [each.charge for each in schedule(monthly("declining"))]


def test_an_instalment_whose_charge_is_open_is_late_too() -> None:
    loan = Terms(100_000, Decimal(1), "flat", 10, "month", date(2026, 1, 10))
    whole_principal = Repayment(date(2026, 2, 10), principal=10_000, charge=0)
    assert state(loan, [whole_principal], date(2026, 2, 11)).late_instalments == 1


def test_an_instalment_tells_when_it_was_paid_and_how_late() -> None:
    loan, repaid = monthly("flat"), []
    pay(loan, repaid, date(2026, 2, 15), 130_000)
    as_of = date(2026, 3, 20)
    lines = state(loan, repaid, as_of).lines()
    assert [(line.state(as_of), line.paid, line.days_late(as_of)) for line in lines[:3]] == [
        ("paid", 120_000, 5),
        ("late", 10_000, 10),
        ("open", 0, 0),
    ]


@pytest.mark.parametrize(("months", "band"), [(6, "current"), (7, "doubtful"), (12, "doubtful"), (13, "bad")])
def test_bands_of_a_monthly_loan_are_those_of_practice(months: int, band: str) -> None:
    """DOMAIN §2e: up to 6 instalments late current, up to 12 doubtful, beyond bad."""
    loan = Terms(2_400_000, Decimal(1), "flat", 24, "month", date(2025, 1, 10))
    as_of = schedule(loan)[months - 1].due
    assert state(loan, [], as_of).late_instalments == months
    assert state(loan, [], as_of).collectability == band


def test_what_a_division_leaves_over_goes_by_the_largest_fraction() -> None:
    weights = {"r001": Decimal(1), "r002": Decimal(2), "r003": Decimal(4)}
    assert apportion(10, weights) == {"r001": 1, "r002": 3, "r003": 6}, "of 1.43, 2.86 and 5.71"


def test_shares_of_a_surplus_must_make_a_hundred() -> None:
    with pytest.raises(UnknownKey, match="make 95 percent"):
        SurplusShare.all_from({"anggota": {"percent": 60}, "cadangan": {"percent": 35}})


shares = st.lists(st.integers(1, 40), min_size=1, max_size=5).map(
    lambda parts: [
        SurplusShare(f"s{number}", f"S{number}", Decimal(100) * part / sum(parts), by)
        for number, part in enumerate(parts)
        for by in (("savings", "charges", "")[number % 3],)
    ]
)
weights = st.dictionaries(st.sampled_from(["r001", "r002", "r003", "r004"]), st.integers(0, 10**7))


@given(st.integers(0, 10**9), shares, weights, weights)
def test_a_surplus_is_shared_to_the_last_rupiah(
    surplus: int, rules: list[SurplusShare], savings: dict[str, int], charges: dict[str, int]
) -> None:
    divided = share_surplus(surplus, rules, {"savings": savings, "charges": charges})
    assert sum(sum(parts.values()) for parts in divided.values()) == surplus
    assert all(part >= 0 for parts in divided.values() for part in parts.values())


@given(
    st.integers(0, 10**9), st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(1, 10**6), min_size=1)
)
def test_nobody_gets_a_whole_step_more_or_less_than_the_exact_share(whole: int, parts: dict[str, int]) -> None:
    divided = apportion(whole, {key: Decimal(value) for key, value in parts.items()})
    total = sum(parts.values())
    assert all(abs(divided[key] * total - whole * value) < total for key, value in parts.items())
