"""The rules that come with the program, each on a made-up sample of the layout it says it reads."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Typist
from wksbm_cli.exchange.rules import READY, ready_made

SAMPLES = Path(__file__).parent / "samples"
BANKS = ("bca", "bca-bisnis", "bni", "bri", "mandiri", "mandiri-kopra")
NAMED = re.compile(r'date = (\S+), kind = "(\w+)", amount = (\d+), (?:from|purpose) = "([^"]*)"')


def entries(book: Typist) -> list[tuple[str, str, int, str]]:
    """Day, kind, amount and words of each line of the social fund."""
    found = [NAMED.search(line) for line in book.lines()]
    return [(match[1], match[2], int(match[3]), match[4]) for match in found if match]


def test_every_ready_made_file_has_a_sample_and_names_its_source() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} == set(ready_made())
    for name in ready_made():
        text = (READY / f"{name}.toml").read_text(encoding="utf-8")
        assert f"--rules {name} " in text
        assert "# Source: " in text
        assert "Not verified: " in text or name == "hledger"


@pytest.mark.parametrize("bank", BANKS)
def test_a_bank_file_is_recorded_once_and_nothing_but_its_transactions(book: Typist, bank: str) -> None:
    """All samples tell the same month: a payment, a purchase, interest, its tax, the bank's fee."""
    book.must("opening", "kas-sosial", "500000", "--date", "2026-02-01", "--place", "bank")
    command = ("import", str(SAMPLES / f"{bank}.csv"), "--rules", bank, "--fund", "kas-sosial", "--place", "bank")
    book.must(*command)
    assert book.must(*command).out == "There was nothing to record.\n"
    found = entries(book)
    assert [(day, kind, amount) for day, kind, amount, _ in found] == [
        ("2026-02-02", "income", 5000),
        ("2026-02-15", "expense", 150000),
        ("2026-02-28", "income", 250),
        ("2026-02-28", "expense", 50),
        ("2026-02-28", "expense", 10000),
    ]
    payment, purchase, interest, tax, fee = (line for line in book.lines() if "opening" not in line)
    assert "BUDI SANTOSO" in payment
    assert "TOKO BUAH SEGAR" in purchase
    assert 'source = "interest"' in interest
    assert '"pajak bunga"' in tax.lower()
    assert '"biaya adm"' in fee.lower()
    assert all('place = "bank"' in line for line in (payment, purchase, interest, tax, fee))
    balance = book.must("balance", "--by", "place", "--format", "json").json["rows"]
    assert [row["balance"] for row in balance if row["place"] == "bank"] == [345200]


def test_a_pending_row_is_recorded_when_it_has_its_day(book: Typist) -> None:
    book.must("opening", "kas-sosial", "500000", "--date", "2026-02-01")
    sheet = (SAMPLES / "bca.csv").read_text()
    (book.folder / "mutasi.csv").write_text(sheet)
    book.must("import", "mutasi.csv", "--rules", "bca", "--fund", "kas-sosial")
    (book.folder / "mutasi.csv").write_text(sheet.replace("PEND,", "'01/03/2026,"))
    book.must("import", "mutasi.csv", "--rules", "bca", "--fund", "kas-sosial")
    assert entries(book)[5:] == [("2026-03-01", "expense", 20000, "KARTU DEBIT 0103 WARUNG BU DEWI")]


def test_an_older_file_whose_days_have_no_year_is_refused(book: Typist) -> None:
    sheet = (SAMPLES / "bca.csv").read_text().replace("/2026,", ",")
    (book.folder / "mutasi.csv").write_text(sheet)
    answer = book("import", "mutasi.csv", "--rules", "bca", "--fund", "kas-sosial")
    assert answer.code == 3
    assert "dd/mm/yyyy" in answer.err


def test_heads_in_indonesian(book: Typist) -> None:
    sheet = (SAMPLES / "bca.csv").read_text()
    sheet = sheet.replace("Date,Description,Branch,Amount,,Balance", "Tanggal,Keterangan,Cabang,Jumlah,,Saldo")
    sheet = sheet.replace("Starting Balance", "Saldo Awal").replace("Credit,=", "Kredit,=")
    (book.folder / "mutasi.csv").write_text(sheet.replace("Ending Balance", "Saldo Akhir"))
    book.must("import", "mutasi.csv", "--rules", "bca", "--fund", "kas-sosial", "--allow-negative")
    assert len(book.lines()) == 5


def test_a_form_of_payments(book: Typist) -> None:
    book.must("import", str(SAMPLES / "google-forms.csv"), "--rules", "google-forms", "--fund", "kas-sosial")
    budi, tini = book.lines()
    assert 'date = 2026-02-09, kind = "contribution"' in budi
    assert 'members = { r001 = 10000 }, for = ["2026-01", "2026-02"]' in budi
    assert "members = { r002 = 5000 }, ref" in tini


def test_payments_to_a_wallet_are_what_is_left_after_its_fee(book: Typist) -> None:
    command = ("import", str(SAMPLES / "shopeepay.csv"), "--rules", "shopeepay", "--fund", "kas-sosial")
    book.must(*command)
    assert book.must(*command).out == "There was nothing to record.\n"
    assert entries(book) == [
        ("2026-02-02", "income", 5000, "ShopeePay"),
        ("2026-02-15", "income", 997000, "ShopeePay"),
        ("2026-02-15", "income", 5000, "ShopeePay"),
    ]
    assert 'note = "KAS RT 07", ref = "shopeepay-140000000000000103"' in book.lines()[2]


def test_a_withdrawal_from_a_wallet_needs_a_rule_that_says_into_which_place_it_went(book: Typist) -> None:
    book.must("fund", "place", "kas-sosial", "shopeepay", "ShopeePay", "--kind", "bank")
    heads, payment, *_ = (SAMPLES / "shopeepay.csv").read_text().splitlines()
    taken_out = payment.replace(",Payment,", ",Withdrawal,").replace("0101,", "0109,")
    (book.folder / "transaksi.csv").write_text("\n".join([heads, payment, taken_out]))
    command = ("import", "transaksi.csv", "--fund", "kas-sosial", "--place", "shopeepay", "--rules")
    answer = book(*command, "shopeepay")
    assert answer.code == 3
    assert "line 3: no rule fits this row: 2026-02-02 08:12:44 | Withdrawal" in answer.err
    own = Path(READY / "shopeepay.toml").read_text(encoding="utf-8")
    rule = "".join(f"{line[6:]}\n" for line in own.splitlines() if line.startswith("#     ") and "import" not in line)
    (book.folder / "saya.toml").write_text(
        f'base = "shopeepay"\n{rule}\n[[rules]]\nwhen.type = ["Payment"]\nkind = "income"\nfrom = "warga"\n'
    )
    book.must(*command, "saya.toml")
    balance = book.must("balance", "--by", "place", "--format", "json").json["rows"]
    assert [row["balance"] for row in balance if row["place"] in ("bank", "shopeepay")] == [5000, 0]


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """What hledger itself writes of the sample journal."""
    if shutil.which("hledger") is None:
        pytest.skip("hledger is not installed")
    csv = tmp_path / "kas-hledger.csv"
    journal = SAMPLES / "hledger.journal"
    done = subprocess.run(
        ["hledger", "-f", str(journal), "print", "-O", "csv"], capture_output=True, text=True, check=True, timeout=60
    )
    csv.write_text(done.stdout)
    return csv


def test_what_hledger_prints(book: Typist, printed: Path) -> None:
    command = ("import", str(printed), "--rules", "hledger", "--fund", "kas-sosial")
    book.must(*command)
    book.must(*command)
    assert entries(book) == [
        ("2026-02-01", "income", 500000, "Saldo awal"),
        ("2026-02-02", "income", 5000, "Budi Santoso, iuran"),
        ("2026-02-15", "expense", 150000, "Jenguk Bu Tini"),
        ("2026-02-16", "expense", 105000, "Jenguk Bu Tini"),
    ]


def test_other_commodities_of_hledger_are_not_taken_for_rupiah(book: Typist, printed: Path) -> None:
    printed.write_text(printed.read_text().replace('"IDR"', '"kg"'))
    answer = book("import", str(printed), "--rules", "hledger", "--fund", "kas-sosial")
    assert answer.code == 3
    assert "no rule fits this row" in answer.err


def test_a_file_of_ones_own_goes_before_ready_made_rules_of_its_name(book: Typist) -> None:
    (book.folder / "bca").write_text('base = "bca"\n[[rules]]\nkind = "ignore"\n')
    book.must("import", str(SAMPLES / "bca.csv"), "--rules", "bca", "--fund", "kas-sosial")
    assert book.lines() == []
