"""The shortest use of the program: record, and see it in the balance."""

from __future__ import annotations

from tests.conftest import Typist


def test_what_is_recorded_is_in_the_balance(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("contribute", "kas-sosial", "budi", "5.000", "--for", "2026-01")
    row = next(row for row in book.must("balance", "--format", "json").json["rows"] if row["fund"] == "kas-sosial")
    assert (row["opening"], row["in"], row["out"], row["balance"]) == (1_000_000, 5_000, 0, 1_005_000)
