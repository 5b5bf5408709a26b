"""A stranger's file: read whatever its marks and encoding, refused in words where it is no sheet, and never acted on."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Typist
from wksbm_cli.sheets.days import read_day
from wksbm_cli.sheets.figures import read_figure, read_words
from wksbm_cli.sheets.reading import read_grids


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("Rp. 1.250.000,-", 1_250_000),
        ("Rp 1.250.000,00", 1_250_000),
        ("1.250.000", 1_250_000),
        ("Rp 13,283,200", 13_283_200),
        ("(50.000)", -50_000),
        ("-50.000", -50_000),
        ("50rb", 50_000),
        ("1,5jt", 1_500_000),
        ("14,5 kg", Decimal("14.5")),
        ("-", None),
        ("", None),
        ("nihil", None),
        ("081234567890", 81_234_567_890),
        ("3401234567890001", None),
        ("Iuran", None),
    ],
)
def test_figures_as_indonesians_write_them(written: str, figure: object) -> None:
    assert read_figure(written) == figure


@pytest.mark.parametrize(
    "number", [0, 7, 11, 17, 100, 101, 110, 999, 1000, 1500, 12_345, 100_000, 250_000, 1_000_000, 1_234_567]
)
def test_words_are_read_as_another_program_writes_them(number: int) -> None:
    from num2words import num2words

    assert read_words(f"{num2words(number, lang='id')} rupiah") == number


@pytest.mark.parametrize(
    ("written", "day", "doubt"),
    [
        ("5 Januari 2026", "2026-01-05", ""),
        ("Senin, 5 Januari 2026", "2026-01-05", ""),
        ("Selasa, 5 Januari 2026", "2026-01-05", "weekday"),
        ("31/2/2026", None, "impossible"),
        ("29-02-2025", None, "impossible"),
        ("05/13/2026", "2026-05-13", "american"),
        ("5/1/26", "2026-01-05", ""),
        ("17 Agt 2026", "2026-08-17", ""),
    ],
)
def test_days_as_sheets_write_them(written: str, day: str | None, doubt: str) -> None:
    read = read_day(written)
    assert read is not None
    assert (read.day.isoformat() if read.day else None, read.doubt) == (day, doubt)


def test_a_day_that_a_spreadsheet_shows_as_a_number_is_questioned() -> None:
    read = read_day(46027, in_column_of_days=True)
    assert read is not None and read.day is not None
    assert (read.day.isoformat(), read.doubt) == ("2026-01-05", "serial")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_encoding_and_any_mark(encoding: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "kas.csv"
    path.write_bytes(
        "\r\n".join(mark.join(row) for row in (["Nama", "Jumlah"], ["Café", "5000"], ["Tini", "7500"])).encode(encoding)
    )
    (grid,) = read_grids(str(path))
    assert [list(row) for row in grid.rows] == [["Nama", "Jumlah"], ["Café", "5000"], ["Tini", "7500"]]


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked with a password"),
        ("foto.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "a picture or a printed page"),
        ("lpj.pdf", b"%PDF-1.7\n", "a picture or a printed page"),
        ("data.csv", b"abc\0def\0\0\0", "neither text nor a spreadsheet"),
        ("kosong.csv", b"", "There is nothing in this file"),
        ("rusak.xlsx", b"PK\x03\x04" + b"\xff" * 80, "no spreadsheet that can be read"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(book: Typist, name: str, data: bytes, said: str) -> None:
    (book.folder / name).write_bytes(data)
    answer = book("review", name)
    assert answer.code == 2 and said in answer.err and name in answer.err
    assert "Traceback" not in answer.err


def test_a_file_that_would_fill_the_memory_is_refused_before_it_is_unpacked(book: Typist) -> None:
    packed(
        book.folder / "bom.xlsx",
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (300 << 20)},
    )
    answer = book("review", "bom.xlsx")
    assert answer.code == 2 and "larger than a sheet kept by hand can be" in answer.err


def test_what_is_hidden_or_has_no_result_is_told(tmp_path: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    for row in (["Uraian", "Jumlah"], ["Iuran", 5000], ["Sumbangan", 7000], ["Jumlah", "=SUM(B2:B3)"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("D1:E2")
    workbook.save(tmp_path / "kas.xlsx")
    (grid,) = read_grids(str(tmp_path / "kas.xlsx"))
    assert [note.text for note in grid.notes] == [
        "In the sheet {name}, {count} formula has no stored result ({first}); open the file in its own program and save it.",
        "In the sheet {name}, {count} row is hidden; it was read like the others.",
    ]
    assert grid.hidden == {2} and [tuple(each) for each in grid.merged] == [(0, 3, 1, 4)]
