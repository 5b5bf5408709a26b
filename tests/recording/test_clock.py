"""A clock that was set back gives entries a wrong day; who records is told, and decides."""

from __future__ import annotations

from tests.conftest import Typist

INCOME = ("income", "kas-sosial", "5000", "--from", "Bank")


def test_a_clock_that_is_days_behind_the_last_entry_is_told(book: Typist) -> None:
    book.clock("2026-03-02T20:00:00+07:00")
    assert book.must(*INCOME).err == ""
    book.clock("2026-03-02T19:00:00+07:00")  # two phones, an hour apart
    assert book.must(*INCOME).err == ""
    book.clock("2026-03-01T21:00:00+07:00")
    answer = book.must(*INCOME)
    assert "By the clock here it is 1 March 2026, but the last entry was recorded on 2 March 2026." in answer.err
    book.clock("2026-03-01T18:00:00+00:00")  # past midnight where the book is kept
    assert book.must(*INCOME).err == ""


def test_the_day_of_an_entry_says_nothing_of_the_clock(book: Typist) -> None:
    book.clock("2026-03-02T20:00:00+07:00")
    book.must(*INCOME, "--date", "2026-01-31")
    book.must(*INCOME, "--date", "2026-06-01", "--allow-future")
    assert book.must(*INCOME).err == ""
