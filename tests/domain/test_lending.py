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
    LoanRules,
    LoanTerms,
    Repayment,
    Rescheduling,
    SoFar,
    SurplusShare,
    apportion,
    needless_instalments,
    schedule,
    share_surplus,
    split_payment,
    state,
)
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR

START = date(2026, 1, 31)
terms = st.builds(
    LoanTerms,
    principal=st.integers(1, 50_000_000),
    rate=st.decimals(0, 10, places=2),
    method=st.sampled_from(["flat", "declining"]),
    instalments=st.integers(1, 60),
    cycle=st.sampled_from(INSTALMENT_CYCLES),
    start=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)


def test_a_flat_loan_bears_the_same_charge_each_month() -> None:
    made = schedule(LoanTerms(1_000_000, Decimal("1.5"), "flat", 10, "month", date(2026, 1, 10)))
    assert [(each.principal, each.charge) for each in made] == [(100_000, 15_000)] * 10
    assert made[0].due == date(2026, 2, 10)
    assert made[-1].due == date(2026, 11, 10)


def test_a_declining_loan_bears_less_as_less_is_left() -> None:
    made = schedule(LoanTerms(1_000_000, Decimal(2), "declining", 4, "month", date(2026, 1, 10)))
    assert [each.charge for each in made] == [20_000, 15_000, 10_000, 5_000]


def test_what_division_leaves_over_is_in_the_last_instalment() -> None:
    made = schedule(LoanTerms(1_000_000, Decimal(0), "flat", 3, "month", date(2026, 1, 10)))
    assert [each.principal for each in made] == [333_333, 333_333, 333_334]


def test_a_loan_of_the_last_of_january_falls_due_on_the_last_of_february() -> None:
    made = schedule(LoanTerms(3000, Decimal(0), "flat", 3, "month", START))
    assert [each.due for each in made] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_uppks_twelve_weeks_of_ten_percent_and_one_of_charge() -> None:
    """docs/practice.md#loans: weekly instalments of a tenth of the principal with one percent of it as charge."""
    made = schedule(LoanTerms(1_000_000, Decimal(1), "flat", 10, "week", date(2026, 1, 5)))
    assert {each.principal + each.charge for each in made} == {110_000}
    assert (made[1].due - made[0].due).days == 7


@given(terms)
def test_the_instalments_add_up_to_the_loan(loan: LoanTerms) -> None:
    made = schedule(loan)
    assert sum(each.principal for each in made) == loan.principal
    assert len(made) == loan.instalments
    assert all(earlier.due < later.due for earlier, later in pairwise(made))


@given(terms, st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 5_000_000)), max_size=12))
def test_a_loan_fully_repaid_leaves_nothing(loan: LoanTerms, payments: list[tuple[int, int]]) -> None:
    """Whatever is paid when, charge first, the loan ends at exactly nothing once everything is paid."""
    repaid: list[Repayment] = []
    for days, amount in sorted(payments):
        day = loan.start + timedelta(days=days)
        before = state(loan, repaid, day)
        amount = min(amount, before.payable)
        if amount:
            used = split_payment(before, amount)
            assert used.principal + used.charge == amount
            assert used.principal == 0 or used.charge >= before.charge_due, "the charge fallen due comes first"
            repaid.append(used)
    end = schedule(loan)[-1].due + timedelta(days=2000)
    before = state(loan, repaid, end)
    rest = before.payable
    if rest:
        repaid.append(split_payment(before, rest))
    after = state(loan, repaid, end)
    assert (after.outstanding, after.charge_left, after.arrears, after.late_instalments) == (0, 0, 0, 0)
    assert after.collectability == "settled"


def monthly(method: str, rate: int = 2) -> LoanTerms:
    """1.000.000 in ten monthly instalments from 10 January 2026."""
    return LoanTerms(1_000_000, Decimal(rate), method, 10, "month", date(2026, 1, 10))


def pay(loan: LoanTerms, repaid: list[Repayment], day: date, amount: int) -> Repayment:
    used = split_payment(state(loan, repaid, day), amount)
    repaid.append(used)
    return used


@pytest.mark.parametrize("method", ["flat", "declining"])
def test_who_pays_a_day_early_every_month_is_never_late(method: str) -> None:
    loan = monthly(method)
    repaid: list[Repayment] = []
    for each in schedule(loan):
        used = pay(loan, repaid, each.due - timedelta(days=1), each.principal + each.charge)
        assert (used.principal, used.charge) == (each.principal, each.charge)
        assert state(loan, repaid, each.due).late_instalments == 0
    assert state(loan, repaid, date(2026, 12, 31)).collectability == "settled"


def test_two_instalments_of_a_flat_loan_at_once_leave_nothing_late_for_two_months() -> None:
    loan = monthly("flat")
    repaid: list[Repayment] = []
    pay(loan, repaid, date(2026, 2, 10), 240_000)
    assert state(loan, repaid, date(2026, 3, 10)).arrears == 0
    assert state(loan, repaid, date(2026, 4, 11)).arrears == 120_000


def test_what_is_paid_back_early_lowers_later_charges_of_a_declining_loan() -> None:
    loan = monthly("declining")
    repaid: list[Repayment] = []
    used = pay(loan, repaid, date(2026, 1, 20), 520_000)
    assert (used.charge, used.principal) == (20_000, 500_000)  # the month begun is charged, the rest lowers the loan
    charges = [each.charge for each in state(loan, repaid, date(2026, 1, 20)).instalments]
    assert charges == [20_000] + [10_000] * 5 + [8_000, 6_000, 4_000, 2_000]


def test_a_declining_loan_paid_off_owes_no_later_charge() -> None:
    loan = monthly("declining")
    repaid: list[Repayment] = []
    assert state(loan, [], date(2026, 2, 10)).payable == 1_020_000
    pay(loan, repaid, date(2026, 2, 10), 1_020_000)
    assert state(loan, repaid, date(2026, 2, 10)).collectability == "settled"
    assert state(loan, repaid, date(2026, 12, 31)).payable == 0


def test_lateness_does_not_raise_a_declining_charge() -> None:
    late = state(monthly("declining"), [], date(2026, 12, 31))
    assert [each.charge for each in late.instalments] == [each.charge for each in schedule(monthly("declining"))]


def test_an_instalment_whose_charge_is_open_is_late_too() -> None:
    loan = LoanTerms(100_000, Decimal(1), "flat", 10, "month", date(2026, 1, 10))
    whole_principal = Repayment(date(2026, 2, 10), principal=10_000, charge=0)
    assert state(loan, [whole_principal], date(2026, 2, 11)).late_instalments == 1


def test_an_instalment_tells_when_it_was_paid_and_how_late() -> None:
    loan = monthly("flat")
    repaid: list[Repayment] = []
    pay(loan, repaid, date(2026, 2, 15), 130_000)
    as_of = date(2026, 3, 20)
    lines = state(loan, repaid, as_of).lines()
    assert [(line.state(as_of), line.paid, line.days_late(as_of)) for line in lines[:3]] == [
        ("paid", 120_000, 5),
        ("late", 10_000, 10),
        ("open", 0, 0),
    ]


@pytest.mark.parametrize(
    ("cycle", "good", "doubtful"),
    [("week", 13, 26), ("selapanan", 6, 12), ("month", 6, 12), ("semester", 1, 2), ("year", 1, 2)],
)
def test_bands_are_those_of_practice(cycle: str, good: int, doubtful: int) -> None:
    """docs/practice.md#loans: by the month and by the selapanan up to 6 instalments late are current, up to 12 doubtful; by the week
    those of 3 and of 6 months; of harvests 1 and 2."""
    loan = LoanTerms(2_400_000, Decimal(1), "flat", 40, cycle, date(2025, 1, 10))
    for late, band in ((good, "current"), (good + 1, "doubtful"), (doubtful, "doubtful"), (doubtful + 1, "bad")):
        day = schedule(loan)[late - 1].due
        then = state(loan, [], day + timedelta(days=1))
        assert (then.late_instalments, then.collectability) == (late, band)
        assert state(loan, [], day).late_instalments == late - 1, "nobody is late on the day itself"


def test_a_short_loan_that_nobody_pays_becomes_bad() -> None:
    """By the time since its last due day, since it never has more than its six instalments."""
    loan = LoanTerms(600_000, Decimal(1), "flat", 6, "month", date(2025, 1, 31))
    assert schedule(loan)[-1].due == date(2025, 7, 31)
    days = {date(2025, 8, 1): "current", date(2026, 1, 31): "current", date(2026, 2, 1): "doubtful"}
    for day, band in (days | {date(2026, 7, 31): "doubtful", date(2026, 8, 1): "bad"}).items():
        assert state(loan, [], day).collectability == band, day
    paid = [Repayment(date(2025, 7, 31), 600_000, 36_000)]
    assert state(loan, paid, date(2026, 8, 1)).collectability == "settled"


@pytest.mark.parametrize(
    ("cycle", "days"),
    [
        ("week", [date(2026, 2, 7), date(2026, 2, 14)]),
        ("selapanan", [date(2026, 3, 7), date(2026, 4, 11)]),
        ("semester", [date(2026, 7, 31), date(2027, 1, 31)]),
        ("year", [date(2027, 1, 31), date(2028, 1, 31)]),
    ],
)
def test_an_instalment_falls_due_a_whole_cycle_after_the_one_before(cycle: str, days: list[date]) -> None:
    assert [each.due for each in schedule(LoanTerms(3000, Decimal(0), "flat", 2, cycle, START))] == days


@pytest.mark.parametrize("method", ["flat", "declining"])
def test_a_loan_without_a_charge_is_settled_by_its_last_rupiah(method: str) -> None:
    """And by no rupiah less; nor is any of its instalments paid on the day it was lent."""
    loan = monthly(method, rate=0)
    assert split_payment(state(loan, [], date(2026, 1, 20)), 250_000) == Repayment(date(2026, 1, 20), 250_000, 0)
    assert state(loan, [], date(2026, 2, 10)).collectability == "current"
    assert state(loan, [], date(2026, 2, 10)).lines()[0].paid_on is None
    short = Repayment(date(2026, 2, 11), 999_999, 0)
    assert state(loan, [short], date(2026, 2, 11)).collectability == "current"
    after = state(loan, [short, Repayment(date(2026, 2, 12), 1, 0)], date(2026, 2, 12))
    assert after.collectability == "settled"
    assert [line.paid_on for line in after.lines()] == [date(2026, 2, 11)] * 9 + [date(2026, 2, 12)]


def test_an_instalment_short_of_a_rupiah_is_not_paid() -> None:
    for short in (Repayment(date(2026, 2, 9), 99_999, 20_000), Repayment(date(2026, 2, 9), 100_000, 19_999)):
        then = state(monthly("flat"), [short], date(2026, 2, 11))
        assert (then.late_instalments, then.arrears, then.lines()[0].paid_on) == (1, 1, None)
        assert then.next_due == then.instalments[0]


def test_what_is_repaid_later_lowers_nothing_on_an_earlier_day() -> None:
    loan, later = monthly("declining"), Repayment(date(2026, 2, 11), 500_000, 20_000)
    before = state(loan, [later], date(2026, 2, 10))
    assert (before.outstanding, before.payable) == (1_000_000, 1_020_000)
    assert before.principal_due + before.charge_due == 120_000
    assert state(loan, [later], date(2026, 2, 11)).outstanding == 500_000


def test_the_next_instalment_is_the_first_not_fully_paid() -> None:
    then = state(monthly("flat"), [Repayment(date(2026, 2, 9), 100_000, 20_000)], date(2026, 2, 10))
    assert then.next_due == then.instalments[1]


@pytest.mark.parametrize("method", ["flat", "declining"])
def test_too_much_charge_of_another_hand_takes_nothing_off_the_principal(method: str) -> None:
    """No command takes more than the charge; who wrote the line by hand still owes what was lent."""
    then = state(monthly(method), [Repayment(date(2026, 2, 1), 0, 250_000)], date(2026, 2, 20))
    assert (then.charge_due, then.charge_left, then.payable) == (0, 0, 1_000_000)


def test_who_has_paid_back_ahead_pays_the_next_charge_first() -> None:
    ahead = Repayment(date(2026, 1, 15), 150_000, 20_000)
    day = date(2026, 1, 20)
    assert split_payment(state(monthly("flat"), [ahead], day), 10_000) == Repayment(day, 0, 10_000)
    assert split_payment(state(monthly("flat"), [ahead], day), 75_000) == Repayment(day, 50_000, 25_000)


def test_principal_that_is_behind_is_late_though_every_charge_is_paid() -> None:
    behind = Repayment(date(2026, 2, 10), principal=100_000, charge=60_000)
    assert state(monthly("flat"), [behind], date(2026, 4, 11)).late_instalments == 2


def test_an_instalment_of_nothing_is_paid_from_the_beginning() -> None:
    """Two rupiah in three parts: nothing, nothing, and the two."""
    lines = state(LoanTerms(2, Decimal(0), "flat", 3, "month", START), [], date(2026, 12, 31)).lines()
    assert [line.paid_on for line in lines] == [START, START, None]


def test_a_rate_and_a_number_of_instalments_have_bounds() -> None:
    for name, allowed, refused in (
        ("rate", (0, Decimal("0.01"), 100), (-1, Decimal("100.01"))),
        ("instalments", (1, 520), (0, 521)),
    ):
        for value in allowed:
            assert getattr(LoanRules.from_table({name: value}, IDR), name) == value
        for value in refused:
            with pytest.raises(UnknownKey, match="0 to 100 percent" if name == "rate" else "1 to 520"):
                LoanRules.from_table({name: value}, IDR)


def test_what_the_terms_of_a_fund_leave_open() -> None:
    """No charge, ten months, and no limit."""
    assert LoanRules.from_table({}, IDR) == (Decimal(0), "flat", 10, "month", 0, 0, 0, 0, False)


def test_what_a_division_leaves_over_goes_by_the_largest_fraction() -> None:
    weights = {"r001": Decimal(1), "r002": Decimal(2), "r003": Decimal(4)}
    assert apportion(10, weights) == {"r001": 1, "r002": 3, "r003": 6}, "of 1.43, 2.86 and 5.71"


def test_shares_of_a_surplus_must_make_a_hundred() -> None:
    with pytest.raises(UnknownKey, match="make 95 percent"):
        SurplusShare.all_from({"anggota": {"percent": 60}, "cadangan": {"percent": 35}})


def test_a_share_of_the_surplus_may_be_nothing_but_not_less() -> None:
    made = SurplusShare.all_from({"anggota": {"percent": 100}, "cadangan": {"percent": 0}})
    assert [share.percent for share in made] == [100, 0]
    with pytest.raises(UnknownKey):
        SurplusShare.all_from({"anggota": {"percent": Decimal("100.5")}, "cadangan": {"percent": Decimal("-0.5")}})
    with pytest.raises(UnknownKey):
        SurplusShare.all_from({"anggota": {"percent": 100}, "cadangan": {}})


def test_a_single_rupiah_saved_has_its_share_and_nothing_saved_has_none() -> None:
    rules = [SurplusShare("anggota", "Anggota", Decimal(100), "savings")]
    assert share_surplus(1000, rules, {"savings": {"r001": 1, "r002": 3, "r003": 0}}) == {
        "anggota": {"r001": 250, "r002": 750}
    }
    assert share_surplus(1000, rules, {"savings": {"r003": 0}}) == {"anggota": {"": 1000}}, "nobody to share it"


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


def rounded(step: int, instalments: int = 6, rate: str = "1.5", method: str = "flat") -> LoanTerms:
    return LoanTerms(1_000_000, Decimal(rate), method, instalments, "month", date(2026, 1, 10), step)


def test_instalments_are_rounded_up_as_agreed_and_the_last_is_what_is_left() -> None:
    made = schedule(rounded(1000))
    assert [each.principal + each.charge for each in made] == [182_000] * 5 + [180_000]
    assert {each.charge for each in made} == {15_000}
    assert sum(each.principal for each in made) == 1_000_000
    declining = schedule(rounded(1000, method="declining"))
    assert {(each.principal + each.charge) % 1000 for each in declining[:-1]} == {0}


@given(terms, st.integers(0, 100_000))
def test_rounded_instalments_add_up_to_the_loan(loan: LoanTerms, step: int) -> None:
    made = schedule(loan._replace(round=step))
    assert sum(each.principal for each in made) == loan.principal
    assert all(each.principal >= 0 for each in made)


def test_rounding_that_leaves_nothing_for_the_last_instalments_is_counted() -> None:
    assert needless_instalments(rounded(1000)) == 0
    assert needless_instalments(rounded(400_000)) == 3
    assert needless_instalments(rounded(0)) == 0


def test_a_loan_agreed_anew_is_not_late_and_keeps_what_was_paid() -> None:
    loan = monthly("flat")
    paid: list[Repayment] = []
    pay(loan, paid, date(2026, 2, 10), 120_000)
    late = state(loan, paid, date(2026, 5, 20))
    assert (late.outstanding, late.charge_due, late.late_instalments) == (900_000, 60_000, 3)
    anew = LoanTerms(900_000, Decimal(1), "flat", 18, "month", date(2026, 5, 20))
    events: list[Repayment | Rescheduling] = [*paid, Rescheduling(date(2026, 5, 20), anew, carried=60_000)]
    then = state(loan, events, date(2026, 6, 20))
    assert (then.outstanding, then.arrears, then.collectability) == (900_000, 0, "current")
    assert (then.instalments[0].charge, then.instalments[1].charge) == (69_000, 9_000)
    events.append(split_payment(then, 119_000))
    assert events[-1] == Repayment(date(2026, 6, 20), 50_000, 69_000)
    assert state(loan, events, date(2026, 6, 20)).so_far == SoFar(150_000, 89_000, 0)
    assert state(loan, events, date(2026, 5, 19)).late_instalments == 3, "what it was before stays so"


def test_what_is_written_off_is_neither_owed_nor_paid() -> None:
    loan = monthly("flat")
    events: list[Repayment] = []
    pay(loan, events, date(2026, 2, 10), 150_000)
    events.append(Repayment(date(2027, 3, 1), 890_000, 0, written_off=True))
    then = state(loan, events, date(2027, 3, 1))
    assert (then.outstanding, then.payable, then.charge_left, then.arrears, then.late_instalments) == (0,) * 5
    assert then.collectability == "written-off"
    assert then.so_far == SoFar(110_000, 40_000, 890_000)
    lines = then.lines()
    assert [line.state(then.as_of) for line in lines] == ["paid"] + ["written-off"] * 9
    assert sum(line.paid for line in lines) == 150_000
    assert sum(line.written_off for line in lines) == 890_000


def test_a_part_written_off_lowers_the_loan() -> None:
    loan = monthly("flat", rate=0)
    events = [Repayment(date(2026, 2, 10), 400_000, 0, written_off=True)]
    then = state(loan, events, date(2026, 3, 11))
    assert (then.outstanding, then.collectability, then.arrears) == (600_000, "current", 0)
