"""What is recorded late is judged by all that stands in the book, not by what stood there on its day."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.line import entry_id

SAID = ("--said-by", "budi", "--said-by", "tini", "--said-by", "agus")


@pytest.fixture
def circle(book: Typist) -> Typist:
    """The small book with a fund that lends, and an arisan whose first round was paid and drawn on 2 February."""
    for line in (
        ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "usp", "sukarela"),
        ("fund", "loans", "usp", "--rate", "1", "--instalments", "10"),
        ("opening", "usp", "1jt", "--date", "2026-01-01"),
        ("fund", "add", "rt-07/arisan", "Arisan", "--type", "arisan"),
        ("arisan", "set", "arisan", "10000"),
        ("arisan", "join", "arisan", "a", "r001"),
        ("arisan", "join", "arisan", "b", "r002"),
        ("arisan", "start", "arisan", "--date", "2026-01-01"),
        ("collect", "arisan", "--absent", "", "--date", "2026-01-05"),
        ("collect", "arisan", "--absent", "", "--date", "2026-02-02"),
        ("arisan", "draw", "arisan", "--seed", "x", *SAID, "--date", "2026-02-02"),
    ):
        book.must(*line)
    return book


def refused(book: Typist, *words: str, says: str) -> None:
    before = book.files()
    answer = book(*words)
    assert (answer.code, says in answer.err) == (3, True), answer.err or answer.out
    assert book.files() == before


def test_a_round_is_not_drawn_again_on_an_earlier_day(circle: Typist) -> None:
    refused(
        circle, "arisan", "draw", "arisan", "--seed", "y", *SAID, "--date", "2026-01-06", says="Round 1 was decided"
    )


def test_a_loan_is_not_repaid_twice_by_paying_on_an_earlier_day(circle: Typist) -> None:
    circle.must("lend", "usp", "budi", "100.000", "--date", "2026-01-10")
    circle.must("repay", "usp", "budi", "110.000", "--date", "2026-02-20")
    refused(circle, "repay", "usp", "budi", "110.000", "--date", "2026-01-20", says="is before it")
    circle.must("lend", "usp", "tini", "100.000", "--date", "2026-01-10")
    circle.must("repay", "usp", "tini", "50.000", "--date", "2026-02-20")
    refused(circle, "repay", "usp", "tini", "60.000", "--date", "2026-01-20", says="is before it")


def test_savings_are_not_withdrawn_before_they_were_there(circle: Typist) -> None:
    circle.must("save", "usp", "budi", "50.000", "--date", "2026-02-01")
    early = circle("withdraw", "usp", "budi", "20.000", "--date", "2026-01-15")
    assert (early.code, early.err.splitlines()) == (
        3,
        [
            "Budi Santoso holds Rp0 of Simpanan sukarela; Rp20,000 is more.",
            "See what is saved with: wksbm savings rt-07/usp",
        ],
    )
    circle.must("withdraw", "usp", "budi", "20.000", "--date", "2026-02-01")


def test_what_was_wrong_before_stops_nobody(circle: Typist) -> None:
    """A line written by hand that promises what is not there is for `check` to tell: the others go on saving."""
    with circle.ledger("rt-07/usp").open("a", encoding="utf-8") as file:
        own = 'kind = "withdrawal", amount = 1000, member = "r002", class = "sukarela"'
        text = f'{{ date = 2026-01-03, {own}, by = "siti", at = 2026-01-03T09:00:00+07:00 }}'
        file.write(f"{entry_id('rt-07/usp', text)} = {text}\n")
    assert "savings-overdrawn" in circle("check", "--format", "json").out
    circle.must("save", "usp", "budi", "50.000", "--date", "2026-02-01")
    circle.must("withdraw", "usp", "budi", "20.000", "--date", "2026-02-02")
    refused(circle, "withdraw", "usp", "budi", "20.000", "--date", "2026-01-15", says="holds Rp0 of Simpanan sukarela")


def test_what_others_rest_on_is_not_cancelled(circle: Typist) -> None:
    win = next(line.split()[0] for line in circle.lines("rt-07/arisan") if 'kind = "win"' in line)
    refused(circle, "reverse", win, "--reason", "x", says="rests on this")
    pot = next(line.split()[0] for line in circle.lines("rt-07/arisan") if 'kind = "payout"' in line)
    circle.must("reverse", pot, "--reason", "x")
    circle.must("reverse", win, "--reason", "x")
    circle.must("arisan", "draw", "arisan", "--seed", "y", *SAID)
    assert circle.must("check").out.endswith("nothing is wrong.\n")


def test_a_benefit_deducts_only_what_is_still_open_when_it_is_paid(book: Typist) -> None:
    for line in (
        ("fund", "add", "rt-07/duka", "Duka", "--type", "death"),
        ("fund", "due", "duka", "iuran", "10000", "--from", "2026-01-01"),
        ("opening", "duka", "1jt", "--date", "2026-01-01"),
        ("death", "set", "duka", "500.000", "--from", "2026-01-01"),
        ("death", "report", "duka", "budi", "--deceased", "Mbah", "--date", "2026-02-20"),
        ("contribute", "duka", "budi", "10000", "--date", "2026-02-25"),
    ):
        book.must(*line)
    assert "Rp0 for arrears, Rp500,000 handed over" in book.must("death", "pay", "duka", "mbah").err


def test_a_levy_of_its_own_is_owed_by_all_but_the_exempt(book: Typist) -> None:
    book.must("fund", "due", "kas-sosial", "lelayu", "5000", "--cycle", "event", "--from", "2026-01-01")
    book.must(
        "member", "exempt", "agus", "--fund", "kas-sosial", "--due", "lelayu", "--from", "2026-01-01", "--reason", "x"
    )
    book.must("fund", "event", "kas-sosial", "banjir", "--date", "2026-02-01", "--amount", "7500")
    owed = book.must("arrears", "--as-of", "2026-02-01", "--format", "json").json["rows"]
    assert {row["member"]: row["amount"] for row in owed if row["due"] == "lelayu"} == {"r001": 7500, "r002": 7500}


def test_a_fund_counts_its_strength_in_the_benefits_it_pays_now(book: Typist) -> None:
    book.must("fund", "add", "rt-07/mati", "Dana Kematian", "--type", "death")
    book.must("death", "set", "mati", "750.000", "--from", "2024-01-01", "--years-of", "fund")
    book.must("death", "tier", "mati", "3", "1jt")
    book.must("opening", "mati", "1,6jt", "--date", "2025-11-01")
    book.must("donate", "mati", "1.000", "--from", "Toko Jaya", "--date", "2026-01-05")
    assert "enough for 2 standard benefits" in book.must("balance", "--fund", "mati", "--as-of", "2025-12-31").out
    assert "enough for 1 standard benefit" in book.must("balance", "--fund", "mati", "--as-of", "2026-01-31").out


def test_a_night_away_that_is_cancelled_is_owed_again_and_once(book: Typist) -> None:
    """On a day within a month too, whose entries are added to the sums of the months before."""
    book.must("fund", "due", "jimpitan", "ronda", "1000", "--cycle", "night", "--from", "2026-02-01")
    lines = len(book.lines("rt-07/jimpitan"))
    away = ("--absent", "", "--away", "budi", "--date", "2026-02-03")
    book.must("collect", "jimpitan", "--due", "ronda", *away)

    def owed(day: str) -> int:
        rows = book.must("arrears", "--fund", "jimpitan", "--as-of", day, "--format", "json").json["rows"]
        return sum(row["amount"] for row in rows if row["member"] == "r001" and row["due"] == "ronda")

    assert (owed("2026-02-05"), owed("2026-02-28")) == (4000, 27000)
    id_ = book.lines("rt-07/jimpitan")[lines].split()[0]
    book.must("reverse", id_, "--reason", "salah malam", "--date", "2026-03-01")
    assert (owed("2026-02-28"), owed("2026-03-01"), owed("2026-03-31")) == (27000, 29000, 59000)


def test_a_gift_to_a_zakat_fund_is_cancelled_as_any_other(book: Typist) -> None:
    """Who the receivers of zakat are is asked of what goes to them, not of a cancellation, which says no amount."""
    book.must("fund", "add", "rt-07/zakat", "Zakat", "--type", "zakat")
    book.must("donate", "zakat", "50000", "--from", "Warga")
    book.must("reverse", "last", "--reason", "Salah ketik")
    assert book.must("check").code == 0
