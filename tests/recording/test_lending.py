"""How much a fund lends and takes back, to the rupiah on which it turns."""

from __future__ import annotations

import pytest

from tests.conftest import Typist


@pytest.fixture
def usp(book: Typist) -> Typist:
    """The small book with a fund that lends three times the savings, and 200.000 at most; Budi has saved 100.000."""
    for line in (
        ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "usp", "pokok", "--amount", "20.000", "--locked"),
        ("fund", "savings", "usp", "sukarela"),
        ("fund", "loans", "usp", "--rate", "1", "--instalments", "10", "--times-savings", "3", "--ceiling", "200.000"),
        ("opening", "usp", "1jt", "--date", "2026-01-01"),
        ("save", "usp", "budi", "100.000", "--date", "2026-01-02"),
        ("save", "usp", "tini", "30.000", "--date", "2026-01-02"),
    ):
        book.must(*line)
    return book


def refused(book: Typist, *words: str, says: str, code: int = 3) -> None:
    before = book.files()
    answer = book(*words)
    assert (answer.code, answer.err.splitlines()[0]) == (code, says), answer.err or answer.out
    assert book.files() == before


def test_the_ceiling_is_of_all_that_a_member_owes(usp: Typist) -> None:
    refused(usp, "lend", "usp", "budi", "200.001", says="Simpan Pinjam lends at most Rp200,000.")
    usp.must("lend", "usp", "budi", "150.000", "--date", "2026-01-05")
    sentence = "Simpan Pinjam lends at most Rp200,000; Budi Santoso owes Rp150,000 already."
    refused(usp, "lend", "usp", "budi", "50.001", says=sentence)
    usp.must("lend", "usp", "budi", "50.000", "--date", "2026-01-06")


def test_three_times_the_savings_are_lent_and_not_a_rupiah_more(usp: Typist) -> None:
    sentence = (
        "Tini Lestari has saved Rp30,000 and owes Rp0; the fund lends at most 3 times what is saved: Rp90,000 more."
    )
    refused(usp, "lend", "usp", "tini", "90.001", says=sentence)
    usp.must("lend", "usp", "tini", "90.000", "--date", "2026-01-05")
    left = "Tini Lestari owes Rp90,000, for which Rp30,000 must stay saved; Rp29,999 would be left."
    refused(usp, "withdraw", "usp", "tini", "1", says=left)


def test_a_fine_comes_on_top_of_what_settles_a_loan(usp: Typist) -> None:
    usp.must("lend", "usp", "budi", "100.000", "--date", "2026-01-05")
    sentence = (
        "Rp112,000 settles this loan of Budi Santoso, charges of Rp9,000 that are not due yet among it;"
        " Rp112,001 is more."
    )
    refused(usp, "repay", "usp", "budi", "112.001", "--fine", "2.000", says=sentence)
    usp.must("repay", "usp", "budi", "1.000", "--fine", "1.000")  # the fine alone
    told = usp.must("repay", "usp", "budi", "112.000", "--fine", "2.000").err.splitlines()[0]
    assert told == "Principal Rp100,000, charge Rp10,000, of it Rp9,000 not due yet; still outstanding: Rp0."
    refused(usp, "repay", "usp", "budi", "1.000", says="Budi Santoso has no such loan in Simpan Pinjam.")


def test_of_several_loans_one_is_named(usp: Typist) -> None:
    for day in ("2026-01-05", "2026-01-06"):
        usp.must("lend", "usp", "budi", "50.000", "--date", day)
    sentence = "Budi Santoso has several loans; say which with --loan."
    refused(usp, "repay", "usp", "budi", "5.500", says=sentence, code=2)
    second = usp.lines("rt-07/usp")[-1].split()[0]
    usp.must("repay", "usp", "budi", "5.500", "--loan", second[:6])
    assert f'loan = "{second}"' in usp.lines("rt-07/usp")[-1]


def test_obligatory_savings_are_taken_along_by_who_has_left(usp: Typist) -> None:
    usp.must("save", "usp", "tini", "20.000", "--class", "pokok", "--date", "2026-01-03")
    stays = "Tini Lestari holds Rp20,000 of Simpanan pokok; Rp20,000 of it stays while a member."
    refused(usp, "withdraw", "usp", "tini", "1.000", "--class", "pokok", says=stays)
    usp.must("member", "leave", "tini", "--date", "2026-02-10", "--debts", "owed")
    refused(usp, "withdraw", "usp", "tini", "20.000", "--class", "pokok", "--date", "2026-02-09", says=stays)
    usp.must("withdraw", "usp", "tini", "20.000", "--class", "pokok", "--date", "2026-02-10")


def test_a_surplus_is_given_out_when_its_year_is_over(usp: Typist) -> None:
    usp.must("fund", "surplus", "usp", "simpanan=60", "cadangan=40")
    usp.must("income", "usp", "10.000", "--from", "Bank", "--source", "interest", "--date", "2026-01-10")
    usp.clock("2027-01-02T19:00:00+07:00")
    early = "2026 is not over on 31 December 2026."
    refused(usp, "surplus", "pay", "usp", "2026", "--date", "2026-12-31", says=early)
    usp.must("surplus", "pay", "usp", "2026", "--date", "2027-01-01")
    assert "members = { r001 = 4615, r002 = 1385 }" in usp.lines("rt-07/usp", 2027)[-1]
