"""What is kept of a surplus is paid out of once, and a year is the organisation's."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged


@pytest.fixture
def usp(book: Typist) -> Typist:
    """The small book with a fund that earned 200.000 in 2025 and keeps half of it; Budi has saved."""
    for minute, line in enumerate(
        (
            ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
            ("fund", "savings", "usp", "sukarela"),
            ("fund", "surplus", "usp", "simpanan=50", "pengurus=20", "sosial=30"),
            ("opening", "usp", "1jt", "--date", "2025-01-01"),
            ("save", "usp", "budi", "100.000", "--date", "2025-01-02"),
            ("income", "usp", "200.000", "--from", "Warung", "--source", "rent", "--date", "2025-06-01"),
            ("surplus", "pay", "usp", "2025", "--date", "2026-01-10"),
        )
    ):
        book.clock(f"2026-02-01T19:{minute:02d}:00+07:00")
        book.must(*line)
    book.clock("2026-02-01T20:00:00+07:00")
    return book


def surplus(book: Typist, *words: str) -> tuple[int, dict[str, int]]:
    """What a year earned, and what is in each reserve at its end."""
    told = json.loads(book.must("surplus", "usp", *words, "--format", "json").out)
    return int(told["totals"][0]["amount"]), {row["share"]: row["balance"] for row in told["rows"] if row["balance"]}


def test_what_is_paid_out_of_a_reserve_is_no_cost_of_the_next_surplus(usp: Typist) -> None:
    usp.must("income", "usp", "50.000", "--from", "Warung", "--source", "rent", "--date", "2026-01-11")
    usp.must("spend", "usp", "40.000", "--for", "Honor pengurus", "--reserve", "pengurus", "--date", "2026-01-12")
    usp.must("spend", "usp", "8.000", "--for", "Buku", "--date", "2026-01-12")
    assert surplus(usp, "--year", "2026") == (42_000, {"sosial": 60_000})
    assert surplus(usp, "--year", "2025") == (200_000, {})


def test_a_cancelled_payment_is_back_in_its_reserve_on_the_day_it_was_cancelled(usp: Typist) -> None:
    usp.must(
        "disburse",
        "usp",
        "25.000",
        "--to",
        "Mbah Karto",
        "--for",
        "Beras",
        "--reserve",
        "sosial",
        "--date",
        "2026-01-12",
    )
    usp.clock("2026-02-03T19:00:00+07:00")
    usp.must("reverse", "last", "--reason", "Belum diambil")
    assert surplus(usp, "--month", "2026-01")[1] == {"pengurus": 40_000, "sosial": 35_000}
    assert surplus(usp, "--month", "2026-02")[1] == {"pengurus": 40_000, "sosial": 60_000}
    assert surplus(usp, "--year", "2026")[0] == 0


def test_a_transfer_out_of_a_reserve_leaves_the_statements_as_they_are(usp: Typist) -> None:
    usp.must(
        "transfer",
        "usp",
        "kas-sosial",
        "10.000",
        "--reason",
        "Dana sosial",
        "--reserve",
        "sosial",
        "--date",
        "2026-01-12",
    )
    rows = json.loads(usp.must("annual", "--isak", "--year", "2026", "--format", "json").out)["rows"]
    position = {row["item"]: row["total"] for row in rows if row["statement"] == "position"}
    assert position["reserves"] == 90_000
    assert position["reserves"] + position["not-reserved"] == position["net-assets"]
    changes = {row["item"]: row["total"] for row in rows if row["statement"] == "net-assets"}
    assert changes["end"] == position["net-assets"] == changes["beginning"] + changes["equity:surplus"]


def test_a_year_shared_out_before_reserves_had_names_is_named_later(usp: Typist) -> None:
    """A line as earlier programs wrote it, without `kept`."""
    usp.must("reverse", "last", "--reason", "Cara lama")
    Damaged(usp).put('date = 2026-01-10, kind = "surplus", year = 2025, members = { r001 = 100000 }', "rt-07/usp")
    assert surplus(usp, "--year", "2026") == (0, {})
    answer = usp.must("surplus", "pay", "usp", "2025").out
    assert "Surplus of 2025, kept in reserves" in answer
    assert surplus(usp, "--year", "2026")[1] == {"pengurus": 40_000, "sosial": 60_000}
    assert usp("surplus", "pay", "usp", "2025").code == 3


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("2026", ("2025-07-01", "2026-06-30")),
        ("2025/2026", ("2025-07-01", "2026-06-30")),
        ("this", ("2025-07-01", "2026-06-30")),
        ("last", ("2024-07-01", "2025-06-30")),
    ],
)
def test_a_year_is_the_organisations_own(usp: Typist, typed: str, span: tuple[str, str]) -> None:
    usp.must("org", "edit", "--fiscal-year", "Juli")
    for report in (("surplus", "usp"), ("annual",), ("annual", "--isak"), ("summary",), ("supervisor",)):
        told = json.loads(usp.must(*report, "--year", typed, "--format", "json").out)
        assert (told["from"], told["to"]) == span, report


def test_a_year_of_two_organisations_that_differ_is_the_calendars(usp: Typist) -> None:
    usp.must("org", "edit", "--fiscal-year", "7")
    usp.must("org", "add", "rw-01", "RW 01")
    usp.must("fund", "add", "rw-01/kas", "Kas RW")
    told = json.loads(usp.must("annual", "--year", "2026", "--format", "json").out)
    assert (told["from"], told["to"]) == ("2026-01-01", "2026-12-31")
    assert usp("annual", "--year", "2025/2026").code == 2
    told = json.loads(usp.must("annual", "--org", "rt-07", "--year", "2025/2026", "--format", "json").out)
    assert (told["from"], told["to"]) == ("2025-07-01", "2026-06-30")


def test_the_command_on_a_paper_makes_the_same_paper_again(usp: Typist) -> None:
    usp.must("org", "edit", "--fiscal-year", "7")
    paper = usp.must("annual", "--year", "last", "--format", "text").out
    assert "--year 2025" in paper
    assert "2024/2025" in paper


def test_dues_are_named_as_left_out(usp: Typist) -> None:
    usp.must("fund", "due", "usp", "administrasi", "5.000", "--from", "2026-01-01")
    usp.must("contribute", "usp", "budi", "5.000", "--due", "administrasi", "--date", "2026-01-12")
    answer = usp.must("surplus", "usp", "--year", "2026").out
    assert "Not in it, since it is not earned: contributions Rp5,000." in answer
