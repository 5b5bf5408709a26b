"""The pictures of a report hold the figures that other reports give for the same days."""

from __future__ import annotations

import re
from calendar import monthrange

import pytest

from tests.conftest import Typist


@pytest.fixture
def kept(book: Typist) -> Typist:
    """Sixteen months with a gap, a transfer, a cancelled entry and a fund of goods."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2024-11-05")
    for day, amount in (
        ("2024-12-31", "250rb"),
        ("2025-03-01", "100rb"),
        ("2026-01-31", "75rb"),
        ("2026-02-28", "1rb"),
    ):
        book.must("donate", "kas-sosial", amount, "--from", "Hamba Allah", "--date", day)
    book.must("disburse", "kas-sosial", "300rb", "--to", "Bu Darmi", "--for", "sakit", "--date", "2025-06-15")
    book.must("transfer", "kas-sosial", "donasi", "50rb", "--reason", "titipan", "--date", "2025-08-17")
    book.must("donate", "lumbung", "12,5", "--from", "Pak Slamet", "--date", "2026-01-10")
    book.must("donate", "lumbung", "2,5", "--from", "Pak Slamet", "--date", "2026-02-10")
    line = book.lines()[1]
    book.must("reverse", line.split()[0], "--reason", "salah ketik")
    return book


def drawn(book: Typist, fund: str, month: str) -> list[tuple[str, int]]:
    """Month and figure of each bar of the fund's chart in a summary."""
    page = book.must("summary", "--month", month, "--format", "html", "--fund", fund).out
    return [
        (label, int(figure.replace(",", "")))
        for label, figure in re.findall(r"<title>(\w+ \d{4}): Rp([\d,]+)</title>", page)
    ]


@pytest.mark.parametrize("month", ["2026-02", "2025-07", "2024-12"])
def test_a_bar_is_the_balance_at_the_end_of_its_month(kept: Typist, month: str) -> None:
    bars = drawn(kept, "kas-sosial", month)
    year, number = int(month[:4]), int(month[5:])
    expected: list[int] = []
    while len(expected) < 13 and (year, number) >= (2024, 11):
        day = f"{year}-{number:02d}-{monthrange(year, number)[1]}"
        (row,) = kept.must("balance", "--fund", "kas-sosial", "--as-of", day, "--format", "json").json["rows"]
        expected.append(row["balance"])
        year, number = (year, number - 1) if number > 1 else (year - 1, 12)
    assert [figure for _, figure in bars] == expected[::-1]


def test_a_single_month_is_not_drawn(kept: Typist) -> None:
    assert drawn(kept, "kas-sosial", "2024-11") == []
    assert "Jan 2026" in kept.must("summary", "--month", "2026-02", "--fund", "lumbung", "--chart").out


def test_a_chart_on_a_terminal_is_drawn_only_when_asked_for(kept: Typist) -> None:
    assert "█" not in kept.must("summary", "--month", "2026-02").out
    out = kept.must("summary", "--month", "2026-02", "--fund", "lumbung", "--chart").out
    assert re.search(r"Jan 2026  █+\S? +12\.5 kg beras\nFeb 2026  █+ +15 kg beras\n", out)


def test_what_was_paid_stands_beside_what_was_due(book: Typist) -> None:
    """Three members owe 5,000 a month from January 2026 on; two pay January, one also a part of February."""
    for member, amount in (("budi", "5000"), ("tini", "7000")):
        book.must("contribute", "kas-sosial", member, amount, "--date", "2026-02-20")
    page = book.must("contributions", "--fund", "kas-sosial", "--format", "html").out
    assert re.findall(r"<title>(\w+, \w+ \d+: Rp[\d,]+)</title>", page) == [
        "paid, January 2026: Rp10,000",
        "paid, February 2026: Rp2,000",
        "due, January 2026: Rp15,000",
        "due, February 2026: Rp15,000",
    ]


def test_a_fund_that_ends_every_month_empty_is_not_drawn(book: Typist) -> None:
    for month in ("01", "02"):
        book.must("donate", "kas-sosial", "50rb", "--from", "Hamba Allah", "--date", f"2026-{month}-05")
        book.must("disburse", "kas-sosial", "50rb", "--to", "Bu Darmi", "--for", "sakit", "--date", f"2026-{month}-06")
    assert drawn(book, "kas-sosial", "2026-02") == []
