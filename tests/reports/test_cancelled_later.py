"""What is cancelled later: a report of a month tells the same before and after, and the next year takes back what it must."""

from __future__ import annotations

import pytest

from tests.conftest import Typist


@pytest.fixture
def lending(book: Typist) -> Typist:
    for line in (
        ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
        ("fund", "loans", "usp", "--rate", "1", "--instalments", "10"),
        ("fund", "surplus", "usp", "jasa=50", "cadangan=50"),
        ("opening", "usp", "5jt", "--date", "2025-01-01"),
        ("lend", "usp", "r001", "1jt", "--date", "2025-11-01"),
    ):
        book.must(*line)
    return book


def last(book: Typist, year: int = 2026) -> str:
    return book.lines("rt-07/usp", year)[-1].split()[0]


def cancel(book: Typist, id_: str, day: str) -> None:
    book.must("reverse", id_, "--reason", "keliru", "--date", day)


def test_a_loan_is_outstanding_until_the_day_it_is_cancelled(lending: Typist) -> None:
    loan = last(lending, 2025)
    words = ("loans", "usp", "--as-of", "2025-12-31", "--format", "json")
    before = lending.must(*words).json["rows"]
    cancel(lending, loan, "2026-01-05")
    assert lending.must(*words).json["rows"] == before
    assert lending.must("loans", "usp", "--as-of", "2026-01-05", "--format", "json").json["rows"] == []
    refused = lending("repay", "usp", "r001", "100rb", "--date", "2025-12-31")  # it is cancelled, whatever day is typed
    assert refused.code == 3


def test_the_help_of_a_month_stays_what_its_cash_book_says(lending: Typist) -> None:
    lending.must("disburse", "usp", "50rb", "--to", "Pak Agus", "--for", "Besuk", "--date", "2026-01-10")
    words = ("disbursements", "--month", "2026-01", "--format", "json")
    before = lending.must(*words).json["rows"]
    assert len(before) == 1
    cancel(lending, last(lending), "2026-02-02")
    assert lending.must(*words).json["rows"] == before
    whole = ("disbursements", "--from", "2026-01-01", "--to", "2026-02-28", "--format", "json")
    assert lending.must(*whole).json["rows"] == []


def test_a_charge_cancelled_in_the_next_year_is_earned_once(lending: Typist) -> None:
    lending.must("repay", "usp", "r001", "110rb", "--date", "2025-12-01")
    earned = ("surplus", "usp", "--format", "json", "--year")
    first = lending.must(*earned, "2025").json
    cancel(lending, last(lending, 2025), "2026-01-05")
    assert lending.must(*earned, "2025").json["rows"] == first["rows"]
    lending.must("repay", "usp", "r001", "110rb", "--date", "2026-01-06")
    # The charges of November and December, less that of November which 2025 has earned already.
    assert lending.must(*earned, "2026").json["totals"][0]["amount"] == 20_000 - 10_000
