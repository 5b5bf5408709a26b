"""Closed periods: what is written down, what is refused from then on, and what opens them again."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged

KAS = "rt-07/kas-sosial"


def closings(book: Typist, fund: str = KAS) -> list[dict[str, Any]]:
    """What fund.toml says is closed."""
    table = tomllib.loads((book.folder / "ledgers" / fund / "fund.toml").read_text())
    found: list[dict[str, Any]] = table.get("closed", [])
    return found


@pytest.fixture
def book(damaged: Damaged) -> Typist:
    """A book with three entries in January, in April."""
    damaged.book.clock("2026-04-02T20:00:00+07:00")
    return damaged.book


def test_closing_writes_down_what_was_there_and_keeps_what_people_wrote(book: Typist) -> None:
    register = book.folder / "ledgers" / KAS / "fund.toml"
    register.write_text("# dipegang Bu Siti\n" + register.read_text())
    book.must("move", "kas-sosial", "200rb", "kas", "bank", "--date", "2026-02-03")
    book.must("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-03-01")
    answer = book.must("close", "2026-02", "--fund", "kas-sosial")
    assert "Rp200,000 in Bank, Rp655,000 in Kas" in answer.out
    (closing,) = closings(book)
    assert closing["balances"] == [{"place": "bank", "amount": 200_000}, {"place": "kas", "amount": 655_000}]
    assert (closing["period"], closing["by"], closing["at"].isoformat()) == (
        "2026-02",
        "siti",
        "2026-04-02T20:00:00+07:00",
    )
    assert register.read_text().startswith("# dipegang Bu Siti\n")
    assert book("check").code == 0


def test_the_seal_of_a_closing_holds_until_a_line_is_touched(book: Typist) -> None:
    book.must("close", "2026-01", "--fund", "kas-sosial")
    seal = closings(book)[0]["seal"]
    book.must("income", "kas-sosial", "7000", "--from", "Bank")
    assert book("verify", seal).code == 0
    path = book.ledger()
    path.write_text(path.read_text().replace("Besuk", "Besok"))
    assert book("verify", seal).code == 1


def test_goods_are_closed_in_their_unit(book: Typist) -> None:
    book.must("opening", "lumbung", "12,5 kg beras", "--date", "2026-01-01")
    book.must("close", "2026-01", "--fund", "lumbung")
    assert closings(book, "rt-07/lumbung")[0]["balances"] == [{"place": "lumbung", "amount": 12.5, "unit": "beras"}]
    assert book("check").code == 0


def test_nothing_dated_in_a_closed_period_is_recorded(book: Typist) -> None:
    book.must("close", "2026-02", "--fund", "kas-sosial")
    before = book.files()
    for words in (
        ("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-02-28"),
        ("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2025-07-01"),  # before it, as well
        ("transfer", "kas-sosial", "jimpitan", "7000", "--reason", "x", "--date", "2026-02-28"),
        ("transfer", "jimpitan", "kas-sosial", "7000", "--reason", "x", "--date", "2026-02-28", "--allow-negative"),
        ("reverse", book.lines()[1][:8], "--reason", "x", "--date", "2026-02-28"),
    ):
        answer = book(*words)
        assert answer.code == 3
        assert "closed up to 28 February 2026" in answer.err
    assert book.files() == before
    book.must("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-03-01")
    book.must("opening", "jimpitan", "7000", "--date", "2026-01-01")  # another fund


def test_what_was_owed_in_a_closed_period_stands(book: Typist) -> None:
    due = ("fund", "due", "kas-sosial", "kebersihan")
    book.must(*due, "5000", "--from", "2026-01-01")
    book.must("close", "2026-02", "--fund", "kas-sosial")
    before = book.files()
    for words in (
        (*due, "7500", "--from", "2026-02-28"),
        (*due, "7500", "--from", "2026-03-01", "--to", "2026-02-27"),
        ("fund", "due", "kas-sosial", "keamanan", "5000", "--from", "2026-01-01"),
    ):
        answer = book(*words)
        assert answer.code == 3
        assert "closed up to 28 February 2026; what was owed until then stands." in answer.err
    assert book.files() == before
    book.must(*due, "7500", "--from", "2026-03-01")
    book.must("fund", "due", "jimpitan", "keamanan", "5000", "--from", "2026-01-01")  # another fund


def test_a_correction_is_a_reversal_in_the_open_period(book: Typist) -> None:
    book.must("close", "2026-02", "--fund", "kas-sosial")
    book.must("reverse", book.lines()[1][:8], "--reason", "Salah orang")
    assert book("check").code == 0  # the balances of February are what they were


def test_all_funds_are_closed_at_once_and_those_closed_already_are_passed_over(book: Typist) -> None:
    book.must("close", "2026-01", "--fund", "kas-sosial")
    answer = book.must("close", "2026-01", "--format", "json").json
    assert {one["fund"] for one in answer["closed"]} == {"rt-07/jimpitan", "rt-07/lumbung", "rt-07/donasi"}
    before = book.files()
    again = book("close", "2026-01")
    assert (again.code, book.files()) == (3, before)
    earlier = book("close", "2025", "--fund", "kas-sosial")
    assert (earlier.code, "closed up to 31 January 2026 already" in earlier.err) == (3, True)


def test_closing_over_a_gap_closes_what_lies_before(book: Typist) -> None:
    book.must("close", "2025", "--fund", "kas-sosial")
    book.must("close", "2026-03", "--fund", "kas-sosial")
    assert book("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-02-01").code == 3
    assert [closing["period"] for closing in closings(book)] == ["2025", "2026-03"]


def test_a_period_not_yet_over_cannot_be_closed(book: Typist) -> None:
    for period in ("2026-04", "2026", "this", "2027"):
        assert book("close", period).code == 3
    book.clock("2026-04-30T23:00:00+07:00")
    book.must("close", "2026-04")  # on its last day it can


@pytest.mark.parametrize("period", ["2026-13", "kemarin", "", "1000", "2026-02-01", "--", "../x"])
def test_what_is_no_period_is_refused(book: Typist, period: str) -> None:
    before = book.files()
    assert book("close", period).code == 2
    assert book.files() == before


def test_what_is_wrong_is_not_closed(book: Typist) -> None:
    damaged = Damaged(book)
    damaged.put('date = 2026-01-02, kind = "opening", amount = 50000', "rt-07/donasi")
    damaged.put('date = 2026-01-03, kind = "expense", amount = 5000, purpose = "ATK"', "rt-07/donasi")
    before = book.files()
    answer = book("close", "2026-01")
    assert (answer.code, book.files()) == (3, before)
    assert "rt-07/donasi/2026.toml:4: Donasi Warga holds money given to be given" in answer.err
    book.must("close", "2026-01", "--fund", "kas-sosial")  # nothing is wrong there


def test_what_is_wrong_in_a_register_that_all_share_closes_no_fund(book: Typist) -> None:
    with (book.folder / "ledgers/rt-07/members.toml").open("a", encoding="utf-8") as file:
        file.write('\n[r009]\nname = "Dewi"\nnote = "NIK 3404015708900003"\n')
    before = book.files()
    answer = book("close", "2026-01", "--fund", "kas-sosial")
    assert (answer.code, book.files()) == (3, before)
    assert "identity" in answer.err


def test_a_warning_does_not_keep_a_period_open(book: Typist) -> None:
    for _ in range(2):
        book.must("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-01-30", "--note", "x")
    assert book("check", "--format", "json").json["warnings"] == 1
    book.must("close", "2026-01", "--fund", "kas-sosial")


def test_what_came_into_a_closed_period_by_another_hand_is_found(book: Typist) -> None:
    book.must("close", "2026-01", "--fund", "kas-sosial")
    damaged = Damaged(book)
    damaged.put('date = 2026-01-31, kind = "income", amount = 7000, from = "Bank"', at="2026-04-02T20:30:00+07:00")
    assert damaged.found() == [("warning", "closed", f"{KAS}/2026.toml:6")]
    damaged.rewrite(lambda text: text[: text.rindex("\n", 0, -1) + 1])
    assert damaged.found() == []
    damaged.put('date = 2026-01-31, kind = "income", amount = 7000, from = "Bank"', at="2026-01-31T20:30:00+07:00")
    assert damaged.found() == [("error", "closing", f"{KAS}/fund.toml")]  # whatever time it claims


def test_a_reopening_leaves_its_mark_and_lets_one_record_again(book: Typist) -> None:
    book.must("close", "2026-01", "--fund", "kas-sosial")
    book.must("close", "2026-02", "--fund", "kas-sosial")
    book.must("close", "2026-03", "--fund", "kas-sosial")
    answer = book.must("reopen", "2026-02", "--fund", "kas-sosial", "--reason", "Nota tertinggal")
    assert "still closed up to 31 January 2026" in answer.out
    marks = [closing.get("reopened") for closing in closings(book)]
    assert marks[0] is None
    assert [(mark["by"], mark["reason"]) for mark in marks[1:] if mark is not None] == [("siti", "Nota tertinggal")] * 2
    assert book("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-01-31").code == 3
    book.must("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2026-02-27")
    book.clock("2026-04-02T21:00:00+07:00")
    book.must("close", "2026-03", "--fund", "kas-sosial")
    assert [closing["period"] for closing in closings(book)] == ["2026-01", "2026-02", "2026-03", "2026-03"]
    assert book("check").code == 0


def test_what_was_opened_before_is_not_said_to_be_closed_still(book: Typist) -> None:
    for period in ("2026-01", "2026-02"):
        book.must("close", period, "--fund", "kas-sosial")
        answer = book.must("reopen", period, "--fund", "kas-sosial", "--reason", "Nota tertinggal")
        assert "is open again" in answer.out
        assert "still closed" not in answer.out


def test_a_reopening_needs_a_reason_and_something_closed(book: Typist) -> None:
    book.must("close", "2026-01", "--fund", "kas-sosial")
    before = book.files()
    assert book("reopen", "2026-01", "--fund", "kas-sosial").code == 2
    assert book("reopen", "2026-02", "--fund", "kas-sosial", "--reason", "x").code == 3
    assert book("reopen", "2026-01", "--fund", "jimpitan", "--reason", "x").code == 3
    assert book.files() == before


def test_a_year_is_opened_by_any_of_its_months(book: Typist) -> None:
    book.must("close", "2025", "--fund", "kas-sosial")
    book.must("reopen", "2025-11", "--fund", "kas-sosial", "--reason", "Nota tertinggal")
    book.must("income", "kas-sosial", "7000", "--from", "Bank", "--date", "2025-02-01", "--allow-early")


def test_a_dry_run_changes_nothing(book: Typist) -> None:
    before = book.files()
    assert book.must("close", "2026-01", "--dry-run", "--format", "json").json["dry_run"] is True
    assert book.files() == before
    book.must("close", "2026-01")
    before = book.files()
    book.must("reopen", "2026-01", "--reason", "x", "--dry-run")
    assert book.files() == before


def test_the_indonesian_names_do_the_same(book: Typist) -> None:
    book.must("tutup-buku", "2026-01", "--dana", "kas-sosial", lang="id")
    book.must("buka-buku", "Januari 2026", "--dana", "kas-sosial", "--alasan", "Nota", lang="id")
    assert closings(book)[0]["reopened"]["reason"] == "Nota"


def test_closing_writes_down_what_was_still_owed(book: Typist) -> None:
    answer = book.must("close", "2026-01", "--fund", "kas-sosial")
    assert "  Still owed: Rp10,000\n" in answer.out  # of three households one has paid
    (closing,) = closings(book)
    assert closing["arrears"] == [{"amount": 10_000}]
    told = book.must("arrears", "--as-of", "2026-01-31", "--format", "json").json["totals"]
    assert [one["amount"] for one in told] == [10_000]
    assert book("check").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("member", "exempt", "r002", "--from", "2026-02-01", "--reason", "sakit"),
        ("member", "edit", "r002", "--name", "Tini Lestari Ningsih"),
        ("member", "leave", "r002", "--date", "2026-01-31", "--debts", "owed"),
        ("contribute", "kas-sosial", "tini", "5000", "--for", "2026-01"),
        ("fund", "due", "kas-sosial", "iuran-sosial", "6000", "--from", "2026-02-01"),
        ("org", "edit", "--treasurer", "Budi"),
    ],
)
def test_what_changes_nothing_in_a_closed_period_is_no_finding(book: Typist, words: tuple[str, ...]) -> None:
    book.must("close", "2026-01", "--fund", "kas-sosial")
    book.must(*words)
    assert book("check").code == 0
    book.must("close", "2026-02", "--fund", "kas-sosial")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "rt-07/members.toml",
            '"Tini Lestari"',
            '"Tini Lestari"\nexemptions = [{ from = 2026-01-01, to = 2026-01-31 }]',
        ),
        ("rt-07/members.toml", '"Tini Lestari"', '"Tini Lestari"\njoined = 2026-02-01'),
        ("rt-07/members.toml", '"Tini Lestari"', '"Tini Lestari"\nleft = 2025-12-31'),
        (f"{KAS}/fund.toml", "amount = 5000", "amount = 4000"),
    ],
)
def test_what_a_hand_changed_in_a_closed_period_is_found(book: Typist, name: str, before: str, after: str) -> None:
    damaged = Damaged(book)
    for month in ("2026-01", "2026-02"):
        book.must("close", month, "--fund", "kas-sosial")
    damaged.rewrite(lambda text: text.replace(before, after, 1), name)
    by_hand = ("warning", "undecided", name)
    assert damaged.found() == [("error", "closing-facts", f"{KAS}/fund.toml"), by_hand]
    (found, _) = damaged.check()["findings"]
    assert "Kas Sosial is closed over 2026-01," in found["message"]  # where it begins
    assert book("close", "2026-03", "--fund", "kas-sosial").code == 3
    verify = found["hint"].rpartition("wksbm ")[2]
    assert book(*verify.split()).code == 1
    book.must("reopen", "2026-01", "--fund", "kas-sosial", "--reason", "Salah tulis")
    assert book("check").code == 0


def test_exemptions_exchanged_are_found_though_the_total_is_the_same(book: Typist) -> None:
    damaged = Damaged(book)
    book.must("member", "exempt", "r002", "--from", "2026-01-01", "--reason", "sakit")
    book.must("close", "2026-01", "--fund", "kas-sosial")
    damaged.rewrite(
        lambda text: text.replace("r002", "rX").replace("r003", "r002").replace("rX", "r003"),
        "rt-07/members.toml",
    )
    by_hand = ("warning", "undecided", "rt-07/members.toml")
    assert damaged.found() == [("error", "closing-facts", f"{KAS}/fund.toml"), by_hand]


def test_benefits_that_had_begun_stand(book: Typist) -> None:
    book.must("fund", "add", "rt-07/kematian", "Dana Kematian", "--type", "death")
    book.must("death", "set", "kematian", "1jt", "--from", "2026-01-01")
    book.must("close", "2026-02", "--fund", "kematian")
    before = book.files()
    for words in (
        ("death", "set", "kematian", "2jt", "--from", "2026-02-01"),
        ("death", "tier", "kematian", "2", "2jt"),
    ):
        answer = book(*words)
        assert (answer.code, "closed up to 28 February 2026" in answer.err) == (3, True), answer
    assert book.files() == before
    book.must("death", "set", "kematian", "2jt", "--from", "2026-03-01")
    assert book("check").code == 0
