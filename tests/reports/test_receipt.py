"""Receipts and vouchers: who, how much in figures and in words, for what, twice on a page, and void when cancelled."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Typist
from tests.test_bad_input import refused
from wksbm_cli.render.formats import FORMATS


@pytest.fixture
def kept(book: Typist) -> Typist:
    """The small book with money, a fund that lends and one whose pots go round."""
    for words in (
        ("opening", "kas-sosial", "1jt", "--date", "2026-01-01"),
        ("opening", "lumbung", "10 beras", "--date", "2026-01-01"),
        ("fund", "add", "rt-07/pinjam", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "pinjam", "pokok"),
        ("fund", "loans", "pinjam", "--rate", "1", "--method", "flat", "--instalments", "10"),
        ("opening", "pinjam", "1jt", "--date", "2026-01-01"),
    ):
        book.must(*words)
    return book


def recorded(book: Typist, *words: str) -> str:
    """The id of what a command records."""
    return str(book.must(*words, "--format", "json").json["recorded"][0]["id"])


@pytest.mark.parametrize(
    ("words", "title", "party", "in_words", "purpose"),
    [
        (
            ("contribute", "kas-sosial", "budi", "15000", "--for", "2026-01..2026-03"),
            "Receipt",
            "Received from: Budi Santoso",
            "fifteen thousand rupiah",
            "In payment of: Iuran sosial January to March 2026",
        ),
        (
            ("collect", "jimpitan", "--absent", "r003", "--collector", "r003", "--date", "2026-02-02"),
            "Receipt",
            "Received from: 2 members, collected by Agus Wibowo",
            "one thousand rupiah",
            "In payment of: Jimpitan",
        ),
        (
            ("donate", "lumbung", "2,5 beras", "--from", "Toko Jaya", "--source", "company"),
            "Receipt for goods",
            "Received from: Toko Jaya",
            "two point five kg beras",
            "In payment of: Donation (company)",
        ),
        (
            ("income", "kas-sosial", "21000", "--from", "Bank desa", "--source", "interest"),
            "Receipt",
            "Received from: Bank desa",
            "twenty-one thousand rupiah",
            "In payment of: interest",
        ),
        (
            ("save", "pinjam", "tini", "50rb", "--class", "pokok"),
            "Receipt",
            "Received from: Tini Lestari",
            "fifty thousand rupiah",
            "In payment of: Simpanan pokok",
        ),
        (
            ("lend", "pinjam", "tini", "300rb"),
            "Payment voucher",
            "Given to: Tini Lestari",
            "three hundred thousand rupiah",
            "For: Loan, to be repaid in 10 instalments",
        ),
        (
            ("disburse", "kas-sosial", "150rb", "--to", "Keluarga Karsini", "--for", "Besuk", "--approved-by", "Harno"),
            "Payment voucher",
            "Given to: Keluarga Karsini",
            "one hundred and fifty thousand rupiah",
            "For: Besuk",
        ),
        (
            ("spend", "jimpitan", "1000", "--for", "Lampu", "--to", "Warung Bu Yati", "--allow-negative"),
            "Payment voucher",
            "Given to: Warung Bu Yati",
            "one thousand rupiah",
            "For: Lampu",
        ),
        (
            ("exchange", "lumbung", "5 beras", "Rp60.000", "--to", "Warung Bu Yati"),
            "Receipt",
            "Received from: Warung Bu Yati",
            "sixty thousand rupiah",
            "In payment of: 5 kg beras",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_slip_says_who_how_much_in_words_and_for_what(
    kept: Typist, words: tuple[str, ...], title: str, party: str, in_words: str, purpose: str
) -> None:
    page = kept.must("receipt", recorded(kept, *words), "--format", "markdown").out
    assert page.startswith(f"# {title} · ")
    for line in (party, f"# {in_words} #", purpose):
        assert line in page.replace("\\", ""), page


def test_a_repayment_says_what_of_it_is_principal_charge_and_who_covered(kept: Typist) -> None:
    kept.must("lend", "pinjam", "tini", "300rb", "--date", "2026-01-05")
    paid = recorded(kept, "repay", "pinjam", "tini", "33000", "--covered-by", "budi", "--date", "2026-02-05")
    page = kept.must("receipt", paid, "--format", "markdown").out
    assert "Received from: Budi Santoso" in page
    assert "Instalment of Tini Lestari: principal Rp30,000, charge Rp3,000" in page


def test_what_one_member_paid_in_a_sheet_has_a_receipt_of_its_own(book: Typist) -> None:
    sheet = recorded(book, "collect", "kas-sosial", "--paid", "r001,r002", "--date", "2026-02-10")
    row = book.must("receipt", sheet, "--member", "tini", "--format", "json").json["rows"][0]
    assert (row["party"], row["amount"]) == ("Tini Lestari", 5000)
    refused(book, "receipt", sheet, "--member", "agus", code=3, says="Agus Wibowo has no part", hint="r00")


def test_the_number_is_that_of_the_cash_book(kept: Typist) -> None:
    paid = recorded(kept, "contribute", "kas-sosial", "budi", "5000", "--date", "2026-01-20")
    assert kept.must("receipt", paid, "--format", "json").json["rows"][0]["voucher"] == paid[:8]
    kept.must("close", "2026-01")
    voucher = kept.must("receipt", paid, "--format", "json").json["rows"][0]["voucher"]
    assert voucher == f"2/{paid[:8]}"
    assert f"| {voucher} |" in kept.must("cashbook", "kas-sosial", "--format", "markdown").out
    assert kept.must("receipt", voucher, "--format", "json").json["rows"][0]["id"] == paid


@pytest.mark.parametrize("format_", ["text", "html"])
def test_paper_has_it_twice_for_each_to_keep(book: Typist, format_: str) -> None:
    paid = recorded(book, "contribute", "kas-sosial", "budi", "5000")
    page = book.must("receipt", paid, "--format", format_).out
    for told in ("five thousand rupiah", "Rp5,000", "(Budi Santoso)"):
        assert page.count(told) == 2, told
    assert page.index("Copy for the payer") < page.index("Copy for the treasurer")


@pytest.mark.parametrize("format_", [name for name in FORMATS if name not in ("csv", "json", "xlsx", "pdf")])
def test_a_cancelled_one_says_so(book: Typist, format_: str) -> None:
    paid = recorded(book, "contribute", "kas-sosial", "budi", "50000")
    book.must("reverse", paid[:8], "--reason", "salah ketik", "--date", "2026-03-01")
    page = " ".join(book.must("receipt", paid, "--format", format_).out.replace("\\", "").split())
    assert "CANCELLED" in page
    assert "Cancelled on 1 March 2026" in page and "salah ketik" in page


def test_who_signs_is_named_in_full_unless_asked_otherwise(kept: Typist) -> None:
    """The reports that circulate say `Keluarga K.`; nobody can sign that."""
    words = ("disburse", "kas-sosial", "150rb", "--to", "Bu Karsini", "--for", "Besuk Bu Karsini")
    given = recorded(kept, *words)
    page = kept.must("receipt", given, "--format", "html").out
    assert page.count("Bu Karsini") == 6, "to whom, for what, who signs, on each copy"
    hidden = kept.must("receipt", given, "--format", "html", "--privacy", "initials").out
    assert "Karsini" not in hidden and "(Bu K.)" in hidden


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("move", "kas-sosial", "1000", "kas", "bank"), "There are receipts for: contributions"),
        (("opening", "jimpitan", "5000"), "There are receipts for: contributions"),
        (("transfer", "kas-sosial", "donasi", "1000", "--reason", "bagi"), "There are receipts for: contributions"),
        (("count", "kas-sosial", "1jt"), "There are receipts for: contributions"),
        (("exchange", "lumbung", "1 beras", "Rp12.000"), "There are receipts for: contributions"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_passes_to_nobody_has_none(kept: Typist, words: tuple[str, ...], hint: str) -> None:
    entry = recorded(kept, *words)
    refused(kept, "receipt", entry, code=3, says="nothing passes between the fund and anyone", hint=hint)


def test_of_a_reversal_the_way_to_what_it_cancels_is_told(book: Typist) -> None:
    paid = recorded(book, "contribute", "kas-sosial", "budi", "5000")
    reversal = recorded(book, "reverse", paid, "--reason", "salah")
    refused(book, "receipt", reversal, code=3, says="nothing passes", hint=f"wksbm receipt {paid[:8]}")


@pytest.mark.parametrize("typed", ["zz", "12/", "0000"])
def test_an_id_that_is_none_is_refused(book: Typist, typed: str) -> None:
    answer = book("receipt", typed)
    assert answer.code in (2, 3) and answer.out == "" and "wksbm cashbook" in answer.err


def test_every_kind_has_a_slip_or_the_reason_why_not(typist: Typist) -> None:
    """Every kind is in the example book (see test_example_book.py), so one added to the table is met here."""
    import shutil

    from tests.scripts import ROOT

    shutil.copytree(ROOT / "ledgers", typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    met = set()
    for path in sorted((typist.folder / "ledgers").glob("*/*/20*.toml")):
        for id_, kind in re.findall(r'^(\w{32}) = \{ date = \S+, kind = "([\w-]+)"', path.read_text(), re.MULTILINE):
            if kind not in met:
                met.add(kind)
                answer = typist("receipt", id_)
                assert answer.code in (0, 3) and "Traceback" not in answer.err
    assert len(met) > 15
