"""Death benefits: every row of a real association's table, and every rule said in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wksbm_cli.domain.death import BenefitTerms, Circumstances, Death, DeathRules, Tier, assess
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR
from wksbm_cli.render.language import Language


def rules(**changes: Any) -> DeathRules:
    """docs/practice.md#death-benefit: the two tiers of benefits, each with one, two and three deaths at once."""
    tiers = [
        {"year": year, "deaths": deaths, "amount": amount, "goods": 200_000}
        for year, amounts in ((1, (750_000, 1_250_000, 1_750_000)), (3, (1_000_000, 1_500_000, 2_000_000)))
        for deaths, amount in enumerate(amounts, 1)
    ]
    table = {"from": date(2024, 1, 1), "tiers": tiers, "waiting_months": 3, "arrears_limit": 3, **changes}
    return DeathRules.from_tables([table], {}, IDR)


def death(day: date = date(2026, 3, 5), **changes: Any) -> Death:
    return Death("d", "r001", "Mbah Karto", day, **changes)


def family(**changes: Any) -> Circumstances:
    return Circumstances(
        **{
            "joined": date(2024, 1, 10),
            "founded": date(2024, 1, 1),
            "active": True,
            "late_periods": 0,
            "arrears": 0,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("day", "deaths", "benefit"),
    [
        (date(2024, 12, 31), 1, 750_000),
        (date(2025, 12, 31), 2, 1_250_000),
        (date(2025, 12, 31), 5, 1_750_000),
        (date(2026, 2, 1), 1, 1_000_000),
        (date(2026, 2, 1), 2, 1_500_000),
        (date(2030, 2, 1), 3, 2_000_000),
    ],
)
def test_the_benefit_follows_the_year_and_how_many_died_at_once(day: date, deaths: int, benefit: int) -> None:
    found = assess(rules(), death(day, deaths=deaths), family(), IDR)
    assert found.eligible
    assert (found.base, found.goods, found.cash) == (benefit, 200_000, benefit - 200_000)


def test_each_death_has_its_benefit_where_the_rules_say_nothing_of_several_at_once() -> None:
    """Where they tell two from one, as parents' here and the household's above, more than the last are as the last."""
    household = rules(tiers=[{"amount": 750_000, "goods": 200_000}, {"amount": 900_000, "goods": 250_000, "year": 3}])
    for day, deaths, amount, goods in (
        (date(2025, 5, 1), 1, 750_000, 200_000),
        (date(2025, 5, 1), 2, 1_500_000, 400_000),
        (date(2026, 5, 1), 3, 2_700_000, 750_000),
    ):
        found = assess(household, death(day, deaths=deaths), family(), IDR)
        assert (found.base, found.goods) == (amount, goods)
    parents = [{"amount": 100_000 * n, "deaths": n, "coverage": "orang-tua"} for n in (1, 2)]
    both = rules(tiers=[{"amount": 750_000}, *parents])
    assert assess(both, death(deaths=3, coverage="orang-tua"), family(), IDR).base == 200_000


@pytest.mark.parametrize(
    ("years_of", "benefit"),
    [("fund", 750_000), ("member", 1_000_000)],
)
def test_the_years_of_the_fund_are_its_own_not_those_of_its_organisation(years_of: str, benefit: int) -> None:
    """An RT of 1990 that began its fund in 2024: in 2025 the fund is in its second year, its oldest members in their 36th."""
    old = family(joined=None, founded=date(1990, 8, 17))
    assert assess(rules(years_of=years_of), death(date(2025, 5, 1)), old, IDR).base == benefit


def test_arrears_are_deducted_from_what_is_handed_over() -> None:
    found = assess(rules(), death(), family(late_periods=2, arrears=20_000), IDR)
    assert (found.base, found.deducted, found.goods, found.cash) == (1_000_000, 20_000, 200_000, 780_000)


def test_arrears_never_make_a_benefit_negative() -> None:
    found = assess(rules(arrears_limit=99), death(), family(late_periods=90, arrears=5_000_000), IDR)
    assert (found.deducted, found.cash) == (800_000, 0)


@pytest.mark.parametrize(("day", "over"), [(date(2026, 4, 14), False), (date(2026, 4, 15), True)])
def test_a_waiting_time_is_over_on_the_same_day_of_the_month(day: date, over: bool) -> None:
    found = assess(rules(), death(day), family(joined=date(2026, 1, 15)), IDR)
    assert found.eligible == over


@pytest.mark.parametrize(("day", "over"), [(date(2026, 2, 27), False), (date(2026, 2, 28), True)])
def test_a_waiting_time_ends_with_a_month_that_has_no_such_day(day: date, over: bool) -> None:
    assert assess(rules(), death(day), family(joined=date(2025, 11, 30)), IDR).eligible == over


@pytest.mark.parametrize(("day", "over"), [(date(2026, 2, 14), False), (date(2026, 2, 15), True)])
def test_a_waiting_time_goes_on_over_the_turn_of_the_year(day: date, over: bool) -> None:
    assert assess(rules(), death(day), family(joined=date(2025, 11, 15)), IDR).eligible == over


def test_founders_do_not_wait() -> None:
    assert assess(rules(), death(date(2024, 1, 5)), family(joined=date(2024, 1, 1)), IDR).eligible


@pytest.mark.parametrize(("day", "benefit"), [(date(2026, 1, 9), 750_000), (date(2026, 1, 10), 1_000_000)])
def test_a_year_of_membership_begins_on_the_day_of_joining(day: date, benefit: int) -> None:
    assert assess(rules(), death(day), family(), IDR).base == benefit


def unmet(found: Any) -> list[str]:
    return [Language("en").say(finding.text) for finding in found.findings if finding.met is False]


@pytest.mark.parametrize(
    ("changes", "of_death", "sentence"),
    [
        ({"late_periods": 4, "arrears": 40_000}, {}, "4 periods in arrears; only 3 are allowed."),
        ({"active": False}, {}, "The family was not a member on 5 March 2026."),
        (
            {"joined": date(2026, 1, 10)},
            {},
            "A member since 10 January 2026: the waiting time of 3 months is not over.",
        ),
        ({}, {"coverage": "parents"}, "parents is not covered; covered are: household."),
    ],
)
def test_each_rule_that_bars_a_benefit_says_so(
    changes: dict[str, Any], of_death: dict[str, Any], sentence: str
) -> None:
    found = assess(rules(), death(**of_death), family(**changes), IDR)
    assert not found.eligible
    assert unmet(found)[0] == sentence


def test_what_only_people_can_judge_is_put_to_the_meeting() -> None:
    found = assess(rules(conditions=["attended three meetings in a row before joining"]), death(), family(), IDR)
    assert [str(finding.text) for finding in found.findings if finding.met is None] == [
        "attended three meetings in a row before joining"
    ]
    assert found.eligible


def test_whom_a_coverage_holds_is_said_in_words() -> None:
    found = assess(rules(covers={"household": "father, mother and three children"}), death(), family(), IDR)
    assert Language("en").say(found.findings[0].text) == "household is covered: father, mother and three children."
    with pytest.raises(UnknownKey, match="no benefit for parents"):
        rules(covers={"parents": "parents living elsewhere"})


def test_a_death_before_the_first_rules_has_none() -> None:
    assert not assess(rules(), death(date(2023, 5, 5)), family(), IDR).eligible


def test_rules_of_a_later_day_do_not_reach_back() -> None:
    old = {"from": date(2024, 1, 1), "tiers": [{"amount": 500_000}]}
    new = {"from": date(2026, 1, 1), "tiers": [{"amount": 900_000}]}
    both = DeathRules.from_tables([new, old], {}, IDR)
    assert assess(both, death(date(2025, 12, 31)), family(), IDR).base == 500_000
    assert assess(both, death(date(2026, 1, 1)), family(), IDR).base == 900_000


def test_the_years_of_a_fund_count_from_its_first_rules() -> None:
    tiers = [{"amount": 500_000}, {"amount": 900_000, "year": 3}]
    both = DeathRules.from_tables(
        [{"from": date(year, 1, 1), "tiers": tiers, "years_of": "fund"} for year in (2024, 2026)], {}, IDR
    )
    assert both.begun == date(2024, 1, 1)
    assert assess(both, death(date(2026, 1, 1)), family(), IDR).base == 900_000


def test_who_joined_after_the_death_receives_nothing() -> None:
    found = assess(rules(waiting_months=0), death(date(2026, 3, 5)), family(joined=date(2026, 4, 1)), IDR)
    assert (found.eligible, found.base, found.cash) == (False, 0, 0)
    assert unmet(found) == ["There is no benefit for this case."]


@pytest.mark.parametrize(
    "tiers",
    [
        [{"year": 3, "amount": 1}],
        [{"deaths": 2, "amount": 1}],
        [{"amount": 1}, {"deaths": 3, "amount": 2}],
        [{"amount": 1}, {"deaths": 2, "amount": 2}, {"year": 3, "amount": 2}],
    ],
)
def test_tiers_with_a_gap_are_refused(tiers: list[dict[str, Any]]) -> None:
    with pytest.raises(UnknownKey, match="have a gap: there is none"):
        rules(tiers=tiers)


def test_a_gap_at_the_beginning_is_told_as_the_first_year() -> None:
    with pytest.raises(UnknownKey, match="there is none from year 1 on for 1 at once"):
        rules(tiers=[{"year": 3, "amount": 1}])


def test_arrears_that_bar_nothing_are_told_and_so_is_that_there_are_none() -> None:
    anyone = DeathRules.from_tables([{"from": date(2024, 1, 1), "tiers": [{"amount": 500_000}]}], {}, IDR)
    for late, sentence in ((0, "Nothing was in arrears."), (2, "2 periods in arrears, which bars nothing.")):
        found = assess(anyone, death(), family(late_periods=late), IDR)
        assert found.eligible
        assert Language("en").say(found.findings[3].text) == sentence


def test_each_coverage_has_tiers_of_its_own() -> None:
    """One may tell deaths apart and the other years; neither fills a gap of the other."""
    household = [{"amount": 500_000}, {"amount": 800_000, "deaths": 2}]
    parents = [{"amount": 100_000, "coverage": "parents"}, {"amount": 200_000, "coverage": "parents", "year": 3}]
    both = rules(tiers=parents + household)
    assert assess(both, death(deaths=2), family(), IDR).base == 800_000
    assert assess(both, death(deaths=2, coverage="parents"), family(), IDR).base == 400_000
    with pytest.raises(UnknownKey, match="there is none from year 1 on for 2 at once"):
        rules(
            tiers=[{"amount": 1}, {"amount": 3, "deaths": 3}, *({**each, "coverage": "parents"} for each in household)]
        )


def test_the_standard_benefit_is_a_household_s_where_there_is_one() -> None:
    parents = {"amount": 100_000, "coverage": "parents"}
    (both,) = rules(tiers=[parents, {"amount": 500_000}]).terms
    assert both.standard(1).amount == 500_000
    (alone,) = rules(tiers=[parents, {"amount": 50_000, "coverage": "siblings"}]).terms
    assert alone.standard(1).amount == 100_000


def test_rules_have_bounds_and_these_belong_to_them() -> None:
    """The last that is allowed and the first that is not, on both sides."""
    one = {"amount": 100}
    each_death = [{"amount": count, "deaths": count} for count in range(1, 102)]
    for good, bad, says in (
        ({"waiting_months": 0}, {"waiting_months": -1}, "0 or more"),
        ({"waiting_months": 1200}, {"waiting_months": 1201}, "0 or more"),
        ({"arrears_limit": 0}, {"arrears_limit": -1}, "0 or more"),
        ({"tiers": [one, {"amount": 1, "year": 200}]}, {"tiers": [one, {"amount": 1, "year": 201}]}, "from 1 on"),
        ({"tiers": [{**one, "year": 1}]}, {"tiers": [one, {"amount": 1, "year": 0}]}, "from 1 on"),
        ({"tiers": each_death[:100]}, {"tiers": each_death}, "from 1 on"),
        ({"tiers": [{**one, "deaths": 1}]}, {"tiers": [one, {"amount": 1, "deaths": 0}]}, "from 1 on"),
        ({"tiers": [{**one, "goods": 100}]}, {"tiers": [{**one, "goods": 101}]}, "goods within its amount"),
        ({"tiers": [{**one, "goods": 0}]}, {"tiers": [{**one, "goods": -1}]}, "goods within its amount"),
        ({"tiers": [{**one, "coverage": "orang-tua"}]}, {"tiers": [{**one, "coverage": "Orang Tua"}]}, "from 1 on"),
    ):
        assert rules(**good).terms
        with pytest.raises(UnknownKey, match=says):
            rules(**bad)


def test_what_rules_leave_open() -> None:
    """The years are the members', nobody waits, arrears bar nothing and are deducted; nothing is in goods."""
    (terms,) = DeathRules.from_tables([{"from": date(2024, 1, 1), "tiers": [{"amount": 500_000}]}], {}, IDR).terms
    assert terms == BenefitTerms(
        date(2024, 1, 1), (Tier(500_000, 1, 1, "household", 0),), "member", 0, None, True, {}, ()
    )
    for short in (
        {"tiers": [{"amount": 500_000}]},
        {"from": date(2024, 1, 1)},
        {"from": date(2024, 1, 1), "tiers": [{}]},
    ):
        with pytest.raises(UnknownKey):
            DeathRules.from_tables([short], {}, IDR)


def test_a_death_reported_is_of_one_at_least() -> None:
    table = {"member": "r001", "deceased": "Mbah Karto", "date": date(2026, 3, 5)}
    assert Death.from_table("d", table) == Death("d", "r001", "Mbah Karto", date(2026, 3, 5), "household", 1)
    for key in table:
        with pytest.raises(UnknownKey):
            Death.from_table("d", {name: value for name, value in table.items() if name != key})
    with pytest.raises(UnknownKey, match="1 or more"):
        Death.from_table("d", {**table, "deaths": 0})
