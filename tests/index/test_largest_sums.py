"""Sums are exact however large, or refused: SQLite would go on with floats beyond 2^63."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.line import entry_id

FUND = "rt-07/lumbung"
LARGEST = 999_999_999_999_000  # of a unit with three decimals, in smallest steps
FITTING = (2**63 - 1) // LARGEST


def bring(book: Typist, year: int, count: int) -> None:
    """A ledger of so many donations of as much rice as one entry may have."""
    lines = []
    for number in range(count):
        moment = f"{year}-01-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}+07:00"
        what = 'kind = "donation", amount = 999999999999, unit = "beras", from = "Hujan", source = "individual"'
        text = f'{{ date = {year}-01-01, {what}, by = "siti", at = {moment} }}'
        lines.append(f"{entry_id(FUND, text)} = {text}\n")
    book.ledger(FUND, year).write_text("# Lumbung\n[transactions]\n" + "".join(lines), encoding="utf-8")


def test_what_fits_is_exact(book: Typist) -> None:
    bring(book, 2026, FITTING)
    (row,) = book.must("balance", "--fund", FUND, "--format", "json").json["rows"]
    assert row["balance"] * 1000 == FITTING * LARGEST


@pytest.mark.parametrize("years", [{2026: FITTING + 1}, {2025: FITTING, 2026: 1}])
def test_what_does_not_fit_is_refused_in_words(book: Typist, years: dict[int, int]) -> None:
    for year, count in years.items():
        bring(book, year, count)
    answer = book("balance")
    assert (answer.code, answer.out) == (4, "")
    assert "add up to more than any community fund can hold" in answer.err
    assert "more digits" in answer.err


def test_what_would_not_fit_any_more_is_not_recorded(book: Typist) -> None:
    bring(book, 2026, FITTING)
    before = book.files()
    typed = ("donate", FUND, "999.999.999.999 kg beras", "--from", "Hujan", "--source", "individual")
    assert book(*typed).code == 4
    assert book.files() == before
