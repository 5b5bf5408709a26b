"""Households down, months or nights across: what a cell says is what the book then has, and no cell is recorded twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Answer, Typist
from tests.transcript import write_workbook

YEAR = """Iuran sosial 2026
No | Nama | Jan | Feb | Mar | Jumlah
1 | Budi Santoso | 5000 | 5000 | v | 15000
2 | Tini Lestari | lunas | - | 2026-02-20 | 10000
3 | Agus Wibowo | 2.500 | | | 2500
Jumlah | | 12500 | 5000 | 10000 | 27500
"""
NIGHTS = """Jimpitan Februari 2026
No | Nama | 1 | 2 | 3
1 | Budi Santoso | 500 | v | 1000
2 | Tini Lestari | | 500 | v
"""


class Table:
    """A workbook beside a book, collected by its name."""

    def __init__(self, book: Typist) -> None:
        self.book = book
        self.path = book.folder / "tabel.xlsx"

    def collect(self, body: str, *words: str, fund: str = "kas-sosial") -> Answer:
        write_workbook(self.path, body)
        return self.book("collect", fund, "--file", str(self.path), *words)

    def refused(self, body: str, *words: str, says: str, code: int = 3) -> None:
        before = self.book.files()
        answer = self.collect(body, *words)
        assert (answer.code, answer.out) == (code, ""), answer.err
        assert says in answer.err
        assert self.book.files() == before


@pytest.fixture
def table(book: Typist) -> Table:
    return Table(book)


def paid(book: Typist) -> dict[str, int]:
    """What each member has paid, by the arrears that are left in March."""
    rows = book.must("arrears", "--fund", "kas-sosial", "--as-of", "2026-03-01", "--format", "json").json["rows"]
    return {row["member"]: row["amount"] for row in rows}


def test_each_cell_is_paid_for_its_own_month(table: Table) -> None:
    table.collect(YEAR)
    open_ = paid(table.book)
    assert open_ == {"r002": 5000, "r003": 12500}
    card = table.book.must("member", "card", "r002", "--format", "json").json["rows"]
    assert [(row["date"], row["paid"]) for row in card] == [("2026-01-31", 5000), ("2026-02-20", 5000)]
    assert "February 2026" in table.book.must("member", "card", "r002").out


def test_again_only_new_cells_are_recorded(table: Table) -> None:
    table.collect(YEAR)
    lines = table.book.lines()
    again = table.collect(YEAR)
    assert (again.code, table.book.lines()) == (0, lines)
    assert "6 cells were recorded already." in again.err
    grown = (
        YEAR.replace("lunas | -", "lunas | v")
        .replace("| 10000\n3", "| 15000\n3")
        .replace("12500 | 5000", "12500 | 10000")
    )
    table.collect(grown.replace("27500", "32500"))
    assert table.book.lines()[:-1] == lines
    assert paid(table.book) == {"r003": 12500}


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("27500", "27000", "column F says Rp27,000; its cells come to Rp27,500"),
        ("| 15000\n2", "| 16000\n2", "line 3: The sum in column F says Rp16,000; its cells come to Rp15,000"),
        ("12500 | 5000", "12500 | 500", "column D says Rp500; its cells come to Rp5,000"),
        ("Agus Wibowo", "Agsu", 'There is no member "Agsu"'),
        ("2.500", "7500", "owes Rp5,000 of Iuran sosial for January 2026; the sheet says Rp7,500"),
        ("lunas", "separo", '"separo" is neither an amount nor a tick'),
        ("lunas", "1", '"1" may be an amount or a tick'),
        (
            "3 | Agus Wibowo | 2.500 | | | 2500",
            "3 | Budi Santoso | 5000 | | | 5000",
            "Budi Santoso stands in line 3 already",
        ),
    ],
)
def test_a_row_that_cannot_be_used_stops_all(table: Table, before: str, after: str, says: str) -> None:
    assert before in YEAR
    table.refused(YEAR.replace(before, after, 1), says=says)


def test_what_the_book_has_otherwise_is_named(table: Table) -> None:
    table.book.must("contribute", "kas-sosial", "r003", "3000", "--for", "2026-01", "--date", "2026-01-20")
    table.refused(YEAR, says="Agus Wibowo has paid Rp3,000 for January 2026 in the book, and Rp2,500 in the sheet")


def test_the_year_is_in_the_sheet_or_typed(table: Table) -> None:
    body = YEAR.replace(" 2026\n", "\n", 1)
    table.refused(body, says="does not say of which year", code=2)
    assert table.collect(body, "--for", "2026").code == 0
    assert paid(table.book) == {"r002": 5000, "r003": 12500}


def test_nights_are_those_of_the_month_above_them(table: Table) -> None:
    assert table.collect(NIGHTS, fund="jimpitan").code == 0
    told = [
        (line.split("date = ")[1][:10], line.split("members = ")[1].split(" }")[0])
        for line in table.book.lines("rt-07/jimpitan")
    ]
    assert told == [
        ("2026-02-01", "{ r001 = 500"),
        ("2026-02-02", "{ r001 = 500, r002 = 500"),
        ("2026-02-03", "{ r001 = 1000, r002 = 500"),
    ]
    again = table.collect(NIGHTS, fund="jimpitan")
    assert "5 rows were recorded already." in again.err
    assert len(table.book.lines("rt-07/jimpitan")) == 3


def test_a_table_as_csv_is_the_same(table: Table) -> None:
    path = Path(table.book.folder / "tabel.csv")
    path.write_text(YEAR.replace(" |", ";").replace("; ", ";").replace("2026-02-20", "20/2/2026"), encoding="utf-8")
    table.book.must("collect", "kas-sosial", "--file", str(path))
    assert paid(table.book) == {"r002": 5000, "r003": 12500}
