"""How old what is open is: by whole months since its last day."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import Typist
from wksbm_cli.reports.arrears import months_since


@pytest.mark.parametrize(
    ("end", "as_of", "months"),
    [
        (date(2026, 2, 28), date(2026, 2, 28), 0),
        (date(2026, 2, 28), date(2026, 3, 31), 1),
        (date(2026, 2, 28), date(2026, 5, 29), 3),
        (date(2026, 2, 28), date(2026, 5, 31), 3),
        (date(2026, 2, 28), date(2026, 6, 1), 4),
        (date(2026, 1, 31), date(2026, 4, 30), 3),
        (date(2026, 1, 31), date(2026, 5, 1), 4),
        (date(2026, 1, 15), date(2026, 4, 15), 3),
        (date(2026, 1, 15), date(2026, 4, 16), 4),
        (date(2026, 1, 30), date(2026, 2, 28), 1),
        (date(2026, 1, 30), date(2026, 3, 1), 2),
    ],
)
def test_a_month_after_the_end_of_a_month_is_the_end_of_the_next(end: date, as_of: date, months: int) -> None:
    """What was open for February was over three months old on 29 May, and for January from 1 May on."""
    assert months_since(end, as_of) == months


def owing_two_funds(book: Typist) -> None:
    book.must("fund", "add", "rt-07/ronda", "Kas Ronda")
    book.must("fund", "due", "ronda", "jaga", "2000", "--from", "2026-01-01")
    book.must("contribute", "ronda", "budi", "2000", "--date", "2026-01-05")


def test_a_household_is_one_line_with_its_funds_and_what_settles_it_all(book: Typist) -> None:
    owing_two_funds(book)
    words = ("arrears", "--as-of", "2026-01-31", "--format", "markdown")
    lines = book.must(*words).out.splitlines()
    (tini,) = [line for line in lines if "r002" in line]
    assert "Kas Sosial" in tini and "Kas Ronda" in tini and "Rp7,000" in tini
    (budi,) = [line for line in lines if "r001" in line]
    assert "Kas Ronda" not in budi and "Rp5,000" in budi
    assert len([line for line in book.must(*words, "--detail").out.splitlines() if "r002" in line]) == 3
    data = ("arrears", "--as-of", "2026-01-31", "--format", "csv")
    assert book.must(*data).out == book.must(*data, "--detail").out
    assert book.must(*data).out.count(",r002,") == 2


def test_the_heading_says_to_which_day_the_book_is_kept(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    owing_two_funds(book)
    monkeypatch.setenv("WKSBM_NOW", "2026-02-08T09:00:00+07:00")
    out = book.must("arrears").out
    assert "The book is kept to 5 January 2026, 34 days ago. As of today: --as-of today" in out
    today = book.must("arrears", "--as-of", "today").out
    assert "up to 8 February 2026" in today and "is kept to" not in today
