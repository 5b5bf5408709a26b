"""Giving on trust: from when an amount needs approval, and what the amil may still receive."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.giving import GivingRules, amil_may_receive
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR


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


def test_a_limit_holds_from_its_day_on() -> None:
    table = {"approval_above": 500_000, "approval": [{"from": date(2026, 7, 1), "above": 200_000}]}
    rules = GivingRules.from_table(table, IDR)
    days = (date(2020, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [rules.approval_above(day) for day in days] == [500_000, 500_000, 200_000]
    assert GivingRules().approval_above(date(2026, 7, 1)) is None


def test_the_eighth_is_of_the_year_of_the_entry(book: Typist) -> None:
    """What was not taken of one year's zakat is not taken of the next, and both ways of taking it count together."""
    book.must("fund", "add", "rt-07/zakat", "Zakat", "--type", "zakat")
    book.must("fund", "add", "rt-07/amil", "Dana Amil")
    book.must("donate", "zakat", "1jt", "--from", "Warga", "--date", "2025-04-01")
    book.must("donate", "zakat", "400rb", "--from", "Warga", "--date", "2026-02-01")
    take = ("transfer", "zakat", "amil", "30rb", "--reason", "Bagian amil", "--asnaf", "amil", "--date", "2026-02-02")
    book.must(*take)
    answer = book("disburse", "zakat", "30rb", "--to", "Panitia", "--for", "Amil", "--asnaf", "amil")
    assert answer.code == 3
    assert answer.err.splitlines()[0] == "The amil may receive 12.5% of what came in in 2026: Rp20,000 more."
    book.must("disburse", "zakat", "125rb", "--to", "Panitia", "--for", "A", "--asnaf", "amil", "--date", "2025-04-02")
    assert book.must("check").code == 0
