"""What is owed in one unit is not paid in another: five kilograms are no five rupiah, typed or written by hand."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from tests.test_bad_input import refused
from wksbm_cli.domain.line import entry_id

BY = 'by = "siti", at = 2026-02-01T10:00:00+07:00 }'
TERMS = 'rate = 1, method = "flat", instalments = 5, cycle = "month"'
BY_HAND = {
    "a due": ("kas-sosial", 'kind = "contribution", due = "iuran-sosial", members = { r001 = 5 }'),
    "savings": ("usp", 'kind = "saving", amount = 5, member = "r001", class = "sukarela"'),
    "a loan": ("usp", f'kind = "loan", amount = 5, member = "r001", {TERMS}'),
}


@pytest.fixture
def usp(book: Typist) -> Typist:
    """The small book with a fund that keeps savings and lends, in which Budi has saved and borrowed."""
    for line in (
        ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "usp", "pokok", "--amount", "10.000", "--locked"),
        ("fund", "savings", "usp", "wajib", "--amount", "5.000"),
        ("fund", "savings", "usp", "sukarela"),
        ("fund", "loans", "usp", "--rate", "1", "--instalments", "10"),
        ("opening", "usp", "1jt", "--date", "2026-01-01"),
        ("save", "usp", "budi", "10.000", "--class", "pokok", "--date", "2026-01-02"),
        ("save", "usp", "budi", "5.000", "--class", "wajib", "--date", "2026-01-02"),
        ("save", "usp", "budi", "3.000", "--date", "2026-01-02"),
        ("lend", "usp", "budi", "100.000", "--date", "2026-01-03"),
        ("contribute", "kas-sosial", "tini", "5000", "--date", "2026-01-05"),
    ):
        book.must(*line)
    return book


@pytest.mark.parametrize("what", BY_HAND)
def test_a_line_in_another_unit_than_it_is_owed_in_is_an_error(usp: Typist, what: str) -> None:
    fund, fields = BY_HAND[what]
    text = f'{{ date = 2026-02-01, {fields}, unit = "beras", {BY}'
    ledger = usp.ledger(f"rt-07/{fund}")
    ledger.write_text(ledger.read_text() + f"{entry_id(f'rt-07/{fund}', text)} = {text}\n")
    answer = usp("check")
    assert answer.code == 1
    assert "in Rupiah, not in Beras." in answer.out


def test_a_collection_of_another_unit_than_the_due_is_refused(usp: Typist) -> None:
    words = ("collect", "kas-sosial", "--absent", "", "--amount", "2 kg beras")
    refused(usp, *words, code=3, says="Iuran sosial is paid in Rupiah, not in Beras", hint=None)


def test_a_withdrawal_beyond_what_is_there_names_where_more_is(usp: Typist) -> None:
    usp.must("save", "usp", "budi", "1.000", "--class", "wajib", "--date", "2026-01-04")
    words = ("withdraw", "usp", "budi", "3.001")
    refused(usp, *words, code=3, says="Budi Santoso holds Rp3,000 of Simpanan sukarela; Rp3,001 is more.", hint="wajib")
    usp.must("withdraw", "usp", "budi", "1.000", "--class", "wajib")
    refused(usp, *words, code=3, says="Rp3,001 is more.", hint="wksbm savings rt-07/usp")


def test_a_card_says_what_is_saved_and_still_to_be_paid_back(usp: Typist) -> None:
    card = usp.must("member", "card", "budi", "--as-of", "2026-02-28").out
    assert "Simpan Pinjam: Rp18,000 saved." in card
    assert "of the loan" in card
    assert "Rp100,000" in card
    assert "Rp11,000 late." in " ".join(card.split())
    usp.must("repay", "usp", "budi", "110.000", "--date", "2026-03-01")
    assert "to be paid back" not in usp.must("member", "card", "budi", "--as-of", "2026-03-01").out


def test_what_was_covered_and_given_back_stays_told(usp: Typist) -> None:
    usp.must("repay", "usp", "budi", "11.000", "--covered-by", "tini", "--date", "2026-02-03")
    usp.must("repay", "usp", "budi", "11.000", "--to-coverer", "tini", "--date", "2026-02-20")
    usp.must("repay", "usp", "budi", "11.000", "--covered-by", "agus", "--date", "2026-02-28")
    rows = [line.split() for line in usp.must("loans", "usp", "--as-of", "2026-02-28").out.splitlines()]
    assert ["Budi", "Santoso", "Tini", "Lestari", "Rp11,000", "Rp11,000", "Rp0"] in rows
    assert ["Budi", "Santoso", "Agus", "Wibowo", "Rp11,000", "Rp0", "Rp11,000"] in rows


def test_zakat_is_given_and_never_lent(usp: Typist) -> None:
    usp.must("fund", "add", "rt-07/zakat", "Zakat", "--type", "zakat")
    refused(usp, "fund", "loans", "zakat", "--rate", "0", code=3, says="given and never lent", hint=None)
    rules = usp.folder / "ledgers/rt-07/zakat/fund.toml"
    rules.write_text(rules.read_text() + "\n[loans]\nrate = 0\n")  # by hand
    usp.must("donate", "zakat", "100.000", "--from", "Hamba Allah")
    refused(usp, "lend", "zakat", "budi", "10.000", code=3, says="given and never lent", hint="wksbm disburse")
