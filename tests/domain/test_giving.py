"""Giving on trust: who may be one person, and what the amil may still receive."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wksbm_cli.domain.giving import GivingRules, amil_may_receive, may_be_same_person
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("siti", "Siti Rahayu", True),
        ("Siti Rahayu", "siti", True),
        ("Joko Prasetyo", "Keluarga Joko Prasetyo", True),
        ("Siti Rahayu", "Siti Aminah", False),
        ("Joko", "Jokowi", False),
        ("", "siti", False),
    ],
)
def test_who_may_be_one_person(one: str, other: str, same: bool) -> None:
    assert may_be_same_person(one, other) is same


def test_the_amil_never_receive_more_than_their_share() -> None:
    assert amil_may_receive(1_000_001, 0, GivingRules()) == 125_000  # no part of a rupiah beyond an eighth
    assert amil_may_receive(1_000_000, 120_000, GivingRules()) == 5_000
    assert amil_may_receive(1_000_000, 130_000, GivingRules()) == 0
    assert amil_may_receive(1_000_000, 0, GivingRules(amil_share=Decimal("7.5"))) == 75_000


def test_a_share_above_an_eighth_is_no_rule() -> None:
    with pytest.raises(UnknownKey, match="at most an eighth"):
        GivingRules.from_table({"amil_share": Decimal("12.8")}, IDR)


def test_a_group_may_give_its_amil_nothing_and_no_more_than_an_eighth() -> None:
    for share in (0, Decimal("12.5")):
        assert GivingRules.from_table({"amil_share": share}, IDR).amil_share == share
    for share in (Decimal("-0.1"), Decimal("12.6")):
        with pytest.raises(UnknownKey, match="at most an eighth"):
            GivingRules.from_table({"amil_share": share}, IDR)
