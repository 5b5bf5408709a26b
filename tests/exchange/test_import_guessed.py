"""A sheet without rules: what is guessed is said, recorded as plainly as it is, and can be saved and mended as rules."""

from __future__ import annotations

import pytest

from tests.conftest import Answer, Typist
from tests.transcript import write_workbook

KAS = """Buku Kas RT 09
No | Tanggal | Uraian | Masuk | Keluar | Saldo
 | | Saldo bulan lalu | | | 500000
1 | 2026-01-05 | Sewa tenda | 40000 | | 540000
2 | 2026-01-10 | Beli lampu | | 100000 | 440000
3 | | Beli kabel | | 15000 | 425000
 | | Jumlah | 40000 | 115000 | 425000
"""


class Sheets:
    """A workbook beside a book, imported by its name."""

    def __init__(self, book: Typist) -> None:
        self.book = book

    def imports(self, body: str, *words: str) -> Answer:
        write_workbook(self.book.folder / "kas.xlsx", body)
        return self.book("import", "kas.xlsx", *words)

    def refused(self, body: str, *words: str, says: str, code: int = 3) -> None:
        before = self.book.files()
        answer = self.imports(body, *words)
        assert (answer.code, answer.out) == (code, ""), answer.err
        assert says in answer.err
        assert self.book.files() == before

    def balance(self) -> int:
        rows = self.book.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
        return sum(row["balance"] for row in rows)


@pytest.fixture
def sheets(book: Typist) -> Sheets:
    return Sheets(book)


FUND = ("--fund", "kas-sosial")


def test_a_cash_book_is_recorded_as_it_is_understood(sheets: Sheets) -> None:
    answer = sheets.imports(KAS, *FUND)
    assert answer.code == 0, answer.err
    assert '"Tanggal" is day' in answer.err
    assert '"Masuk" is money in' in answer.err
    assert sheets.balance() == 425000
    rows = sheets.book.must("cashbook", "kas-sosial", "--format", "json").json["rows"]
    assert [(row["date"], row["kind"]) for row in rows] == [
        ("2026-01-05", "opening"),
        ("2026-01-05", "income"),
        ("2026-01-10", "expense"),
        ("2026-01-10", "expense"),
    ]


def test_again_nothing_is_added(sheets: Sheets) -> None:
    sheets.imports(KAS, *FUND)
    lines = sheets.book.lines()
    assert sheets.imports(KAS, *FUND).code == 0
    assert sheets.book.lines() == lines


def test_a_wrong_balance_or_sum_stops_it_unless_taken_as_it_is(sheets: Sheets) -> None:
    sheets.refused(KAS.replace("| 440000", "| 404000"), *FUND, says="line 5")
    sheets.refused(KAS.replace("Jumlah | 40000", "Jumlah | 41000"), *FUND, says="line 7")
    assert sheets.imports(KAS.replace("Jumlah | 40000", "Jumlah | 41000"), *FUND, "--allow-difference").code == 0


@pytest.mark.parametrize("cell", ["lima ribu 5", "15.00.0", "1O0.000"])
def test_an_amount_that_cannot_be_read_is_never_left_out(sheets: Sheets, cell: str) -> None:
    sheets.refused(KAS.replace("| | 15000 | 425000", f"| | {cell} |"), *FUND, "--allow-difference", says="line 6")


@pytest.mark.parametrize("day", ["30/2/2026", "12/31/2026", "Senin, 6/1/2026"])
def test_a_doubtful_day_is_refused(sheets: Sheets, day: str) -> None:
    sheets.refused(KAS.replace("2026-01-10", day), *FUND, says="lines 5-6: ")  # the row below it has its day


def test_the_months_of_a_workbook_are_one_book(sheets: Sheets) -> None:
    february = (
        "Tanggal;Uraian;Masuk;Keluar;Saldo\n;Saldo awal;;;500.000\n3/1/2026;Sewa;40.000;;540.000\n;Jumlah;40.000;;540.000\n"
        "\nBulan Februari 2026\nTanggal;Uraian;Masuk;Keluar;Saldo\n;Saldo bulan lalu;;;540.000\n"
        "3/2/2026;Beli lampu;;10.000;530.000\n;Jumlah;;10.000;530.000\n"
    )
    (sheets.book.folder / "dua.csv").write_text(february, encoding="utf-8")
    sheets.book.must("import", "dua.csv", *FUND)
    assert sheets.balance() == 530000


def test_one_column_of_amounts_goes_by_the_heading_above_it(sheets: Sheets) -> None:
    body = """Tanggal | Uraian | Jumlah
 | PENERIMAAN
2026-01-05 | Sewa tenda | 40000
 | Jumlah | 40000
 | PENGELUARAN
2026-01-10 | Beli lampu | 15000
 | Jumlah | 15000
"""
    assert sheets.imports(body, *FUND).code == 0
    assert sheets.balance() == 25000


def test_the_guess_is_saved_as_rules_that_do_the_same_and_can_be_mended(sheets: Sheets) -> None:
    assert sheets.imports(KAS, *FUND, "--save-rules", "kas.toml").code == 0
    assert sheets.book.lines() == []
    path = sheets.book.folder / "kas.toml"
    assert sheets.imports(KAS, *FUND, "--save-rules", "kas.toml").code == 2
    path.write_text(path.read_text().replace("[rows]", "[rows]\nnote = '^Beli kabel'"))
    assert sheets.imports(KAS, "--rules", "kas.toml", "--allow-difference").code == 0
    assert sheets.balance() == 440000


def test_rules_see_the_role_and_the_section_of_a_row(sheets: Sheets) -> None:
    rules = """[columns]
date = "Tanggal"
text = "Uraian"
amount = "Jumlah"
[rows]
[defaults]
fund = "kas-sosial"
[[rules]]
when = { section = 'rapat', role = ["entry"] }
kind = "expense"
purpose = "{section}: {text}"
"""
    (sheets.book.folder / "r.toml").write_text(rules)
    sheets.book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    body = "Tanggal | Uraian | Jumlah\n | Rapat RT\n2026-01-10 | Kopi | 15000\n | Jumlah | 15000\n"
    assert sheets.imports(body, "--rules", "r.toml").code == 0
    assert "Rapat RT: Kopi" in sheets.book.must("cashbook", "kas-sosial").out


def test_what_is_no_list_of_days_and_amounts_is_named_with_what_to_type(sheets: Sheets) -> None:
    sheets.refused("Nama | Jan | Feb | Mar\nBudi Santoso | 5000 | 5000 | v\n", *FUND, says="wksbm collect", code=2)
    sheets.refused("Nama | Jumlah\nBudi Santoso | 5000\n", *FUND, says="--explain", code=2)
