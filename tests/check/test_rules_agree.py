"""What is refused when typed is found when forged; what a flag allows stands in the line, and keeps no book from closing."""

from __future__ import annotations

import pytest

from tests.check.gallery import CHAPTERS, lay_out
from tests.damaged import Damaged
from wksbm_cli.domain.rules import NEGATIVE, RULES, Permissions

CASES = {case.code: case for chapter in CHAPTERS for case in chapter.cases}


@pytest.mark.parametrize(
    "code", [*(rule.code for rule in RULES if rule.code in CASES or not rule.only_typed), NEGATIVE]
)
def test_a_forged_line_against_a_rule_is_found(code: str, damaged: Damaged) -> None:
    """Rules that a check does not ask are asked by a pass of their own, under the same code."""
    lay_out(damaged.book)
    CASES[code].damage(damaged)
    assert code in {found for _, found, _ in damaged.found()}


def test_every_flag_is_of_one_rule() -> None:
    assert sorted([*(rule.flag for rule in RULES if rule.flag), NEGATIVE]) == sorted(Permissions._fields)


def test_what_goes_below_zero_with_a_flag_says_so_in_its_line_and_is_no_error(damaged: Damaged) -> None:
    book = damaged.book
    spent = ("spend", "kas-sosial", "90jt", "--for", "Tenda", "--date", "2026-02-20", "--allow-negative")
    book.must(*spent)
    assert 'allowed = ["negative"], by = ' in book.lines()[-1]
    assert [(severity, code) for severity, code, _ in damaged.found() if code == NEGATIVE] == [("warning", NEGATIVE)]
    book.must("close", "2026-02", "--fund", "kas-sosial")


def test_a_flag_that_was_not_needed_leaves_no_trace(damaged: Damaged) -> None:
    damaged.book.must("spend", "kas-sosial", "1000", "--for", "Kapur", "--date", "2026-03-01", "--allow-negative")
    assert "allowed" not in damaged.book.lines()[-1]


def test_a_day_still_to_come_says_so_in_its_line(damaged: Damaged) -> None:
    damaged.book.must("spend", "kas-sosial", "1000", "--for", "Kapur", "--date", "2026-12-30", "--allow-future")
    assert 'allowed = ["future"], by = ' in damaged.book.lines()[-1]
    assert {severity for severity, _, _ in damaged.found()} <= {"warning"}


def test_a_permission_that_is_none_is_no_line(damaged: Damaged) -> None:
    damaged.put('date = 2026-03-01, kind = "income", amount = 7000, from = "Bank", allowed = ["anything"]')
    assert [code for _, code, _ in damaged.found()] == ["schema"]
