"""Dues as a treasurer types and is told of them: slips refused in words, gifts of the exempt, what a card says."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from tests.test_bad_input import refused


@pytest.fixture
def dues(book: Typist) -> Typist:
    """The small book; Tini is exempt to the end of June, Agus joined and left in January, and a due falls each week."""
    book.must("member", "exempt", "tini", "--from", "2026-01-01", "--to", "2026-06-30", "--reason", "sakit")
    book.must("member", "leave", "agus", "--date", "2026-01-20", "--debts", "owed")
    book.must("fund", "add", "rt-07/kas-rt", "Kas RT")
    book.must("fund", "due", "kas-rt", "kas", "1.000", "--cycle", "week", "--from", "2026-01-01")
    return book


SLIPS = {
    "a tariff after the last day": (
        ("fund", "due", "kas-sosial", "iuran-sosial", "6000", "--from", "2026-08-01", "--to", "2026-07-01"),
        3,
        "would never hold",
        None,
    ),
    "no period": (
        ("contribute", "kas-sosial", "budi", "5000", "--for", ""),
        2,
        '"" is not a period',
        "2026-01..2026-03",
    ),
    "ten years ahead": (
        ("contribute", "kas-sosial", "budi", "5000", "--for", "2037-01"),
        3,
        "January 2037 is more than ten years ahead",
        "oldest open period",
    ),
    "more than can be owed": (
        ("contribute", "kas-sosial", "agus", "50.000", "--date", "2026-01-20"),
        3,
        "more than Agus Wibowo can owe",
        "Rp5,000 would settle it all",
    ),
    "two divisions from one day": (
        ("fund", "split", "kas-sosial", "iuran-sosial", "--part", "kas-rt=20", "--from", "2026-01-01"),
        3,
        "divided in two ways from 1 January 2026",
        None,
    ),
    "an amount where shares are meant": (
        ("fund", "split", "kas-sosial", "iuran-sosial", "--part", "kas-rt=2.000", "--from", "2026-02-01"),
        2,
        "must be a fund and its share",
        "--of 0",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_about_dues_is_refused_in_words(dues: Typist, slip: str) -> None:
    dues.must("fund", "split", "kas-sosial", "iuran-sosial", "--part", "kas-rt=10", "--from", "2026-01-01")
    words, code, says, hint = SLIPS[slip]
    refused(dues, *words, code=code, says=says, hint=hint)


def test_when_all_is_paid_nothing_is_said_to_settle_it(dues: Typist) -> None:
    dues.must("contribute", "kas-sosial", "agus", "5000", "--date", "2026-01-20")
    refused(
        dues,
        *("contribute", "kas-sosial", "agus", "5000", "--date", "2026-01-20"),
        code=3,
        says="more than Agus Wibowo can owe",
        hint="Nothing more is owed",
    )


def test_fixed_parts_are_taken_off_first(dues: Typist) -> None:
    dues.must(
        "fund", "split", "kas-sosial", "iuran-sosial", "--part", "kas-rt=2.000", "--of", "0", "--from", "2026-02-01"
    )
    answer = dues.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-02-03")
    assert "Kas Sosial Rp3,000; Kas RT Rp2,000" in answer.out


def test_who_is_exempt_for_a_time_and_pays_is_told_for_when_it_counts(dues: Typist) -> None:
    told = dues.must("contribute", "kas-sosial", "tini", "5000", "--date", "2026-02-03").err
    assert "Tini Lestari owes nothing of Iuran sosial on 3 February 2026; it pays July 2026 ahead." in told
    told = dues.must("contribute", "kas-sosial", "tini", "5000", "--date", "2026-02-04", "--for", "2026-02").err
    assert "voluntary gift" in told
    rows = dues.must("contributions", "--year", "2026", "--format", "json").json["rows"]
    assert {row["period"]: row["amount"] for row in rows if row["member"] == "r002"} == {
        "2026-02": 5000,
        "2026-07": 5000,
    }


def test_an_exempt_house_that_gives_at_night_is_told_of_as_a_gift(dues: Typist) -> None:
    dues.must("fund", "due", "kas-rt", "ronda", "500", "--cycle", "night", "--from", "2026-01-01")
    words = ("contribute", "kas-rt", "tini", "500", "--due", "ronda", "--date", "2026-02-03")
    assert "voluntary gift" in dues.must(*words).err
    assert dues.must("contribute", "kas-rt", "budi", "500", "--due", "ronda", "--date", "2026-02-03").err == ""


def test_who_joined_and_left_in_one_month_owes_that_month_alone(dues: Typist) -> None:
    rows = dues.must("arrears", "--as-of", "2026-03-01", "--format", "json").json["rows"]
    assert [(row["due"], row["periods"]) for row in rows if row["member"] == "r003"] == [
        ("kas", ["2026-W01", "2026-W02", "2026-W03", "2026-W04"]),
        ("iuran-sosial", ["2026-01"]),
    ]


def test_a_card_says_up_to_which_day_the_weeks_are_paid(dues: Typist) -> None:
    dues.must("contribute", "kas-rt", "budi", "2.500", "--date", "2026-02-01")
    card = dues.must("member", "card", "budi", "--as-of", "2026-02-01")
    assert "Kas: paid up to 11 January 2026; Rp2,500 still open since 12 January 2026." in card.out
    card = dues.must("member", "card", "budi", "--as-of", "2026-02-01", lang="id")
    assert "Kas: lunas s.d. 11 Januari 2026; kurang Rp2.500 sejak 12 Januari 2026." in card.out


def test_the_month_of_nights_that_runs_is_not_called_paid_ahead(book: Typist) -> None:
    book.must("fund", "add", "rt-07/ronda", "Ronda")
    book.must("fund", "due", "ronda", "ronda", "500", "--cycle", "night", "--from", "2026-02-01")
    book.must("contribute", "ronda", "budi", "16.000", "--date", "2026-02-10")
    rows = book.must("contributions", "--fund", "ronda", "--as-of", "2026-02-10").out.splitlines()
    heads = next(row for row in rows if row.startswith("Member"))
    assert heads.split() == ["Member", "Name", "Feb", "2026", "Mar", "2026*", "Total"]


@pytest.mark.parametrize(
    ("make", "again"),
    [
        (("fund", "place", "kas-rt", "laci", "Laci"), ("fund", "place", "kas-rt", "laci", "Lain")),
        (("fund", "savings", "kas-rt", "pokok"), ("fund", "savings", "kas-rt", "pokok", "--locked")),
        (
            ("fund", "event", "kas-sosial", "hajatan", "--due", "tamu", "--date", "2026-02-01"),
            ("fund", "event", "kas-sosial", "hajatan", "--due", "tamu", "--date", "2026-02-02"),
        ),
    ],
)
def test_what_a_register_has_is_not_put_there_again(
    dues: Typist, make: tuple[str, ...], again: tuple[str, ...]
) -> None:
    dues.must("fund", "due", "kas-sosial", "tamu", "5000", "--cycle", "event")
    dues.must(*make)
    refused(dues, *again, code=3, says="is there already", hint="wksbm fund show")


def test_a_sheet_that_is_refused_says_nothing_else(book: Typist) -> None:
    sheet = book.folder / "malam.csv"
    sheet.write_text("date,member,amount\n2026-02-01,r001,0\n2026-02-01,r002,500\n2026-05-01,r002,500\n")
    answer = refused(book, "collect", "jimpitan", "--file", str(sheet), code=3, says="cannot be used", where=str(sheet))
    assert "nothing given" not in answer.err
    sheet.write_text("date,member,amount\n2026-02-01,r001,0\n")
    refused(book, "collect", "jimpitan", "--file", str(sheet), code=3, says="Nobody gave", hint=None, where=str(sheet))
    sheet.write_text("date,member,amount\n2026-02-01,r001,0\n2026-02-01,r002,500\n")
    assert "1 row of nothing given" in book.must("collect", "jimpitan", "--file", str(sheet)).err


@pytest.mark.parametrize(("cycle", "anchor", "periods"), [("week", "", 53), ("selapanan", "kamis pahing", 10)])
def test_the_matrix_of_a_year_holds_what_is_paid_for_that_year(
    book: Typist, cycle: str, anchor: str, periods: int
) -> None:
    """A year of 53 weeks, whose first began in the December before; a selapanan that does is the year's before."""
    book.clock("2026-12-30T19:00:00+07:00")
    book.must("fund", "add", "rt-07/kas-rt", "Kas RT")
    words = ("--anchor", anchor) if anchor else ()
    book.must("fund", "due", "kas-rt", "kas", "1.000", "--cycle", cycle, "--from", "2025-01-01", *words)
    book.must("contribute", "kas-rt", "budi", f"{periods}.000", "--for", "2026")
    rows = book.must("contributions", "--year", "2026", "--fund", "kas-rt", "--format", "json").json["rows"]
    assert [row["amount"] for row in rows] == [1000] * periods
    assert book.must("contributions", "--year", "2025", "--fund", "kas-rt", "--format", "json").json["rows"] == []


def test_the_head_of_the_matrix_says_what_was_due_in_the_time_shown(dues: Typist) -> None:
    dues.must("fund", "due", "kas-sosial", "iuran-sosial", "6.000", "--from", "2026-03-01")
    dues.must("fund", "due", "kas-sosial", "iuran-sosial", "9.000", "--from", "2027-01-01")
    dues.must("contribute", "kas-sosial", "budi", "15.000", "--date", "2026-02-01")
    year = dues.must("contributions", "--fund", "kas-sosial", "--year", "2026").out
    assert "Iuran sosial, Rp5,000 each month, Rp6,000 from 1 March 2026" in " ".join(year.split())
    month = dues.must("contributions", "--fund", "kas-sosial", "--month", "2026-02").out
    assert "Iuran sosial, Rp5,000 each month" in month
    assert "Iuran sosial, Rp5,000 each month" in dues.must("contributions", "--fund", "kas-sosial").out


def test_an_event_is_shown_by_its_name_and_amount_also_when_nobody_has_given(dues: Typist) -> None:
    dues.must("fund", "due", "kas-sosial", "tamu", "5000", "--cycle", "event", "--from", "2026-01-01")
    dues.must("fund", "event", "kas-sosial", "hajatan", "Hajatan", "--amount", "7.500", "--date", "2026-02-01")
    seen = dues.must("contributions", "--event", "hajatan").out
    assert "Kas Sosial: Tamu, Hajatan: Rp7,500" in seen
    assert ["Paid", "0/1"] in [line.split() for line in seen.splitlines()]  # Tini is exempt, Agus has left
