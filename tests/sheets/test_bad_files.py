"""Files of strangers given to every command that takes a sheet: a clear sentence, nothing booked, and little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.conftest import Typist

READERS = (
    ("review", "FILE"),
    ("import", "FILE", "--fund", "kas-sosial"),
    ("collect", "kas-sosial", "--file", "FILE"),
    ("member", "add", "--file", "FILE"),
)
ROWS = (
    ("Tanggal", "Uraian", "Masuk", "Keluar"),
    ("2026-01-05", "Sewa tenda", 40000, None),
    ("2026-01-06", "Beli lampu", None, 15000),
)
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def workbook(path: Path, change: Callable[[Any], object] = lambda sheet: None) -> None:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    change(book.active)
    book.save(path)


def with_parts(path: Path, **parts: bytes) -> None:
    """A workbook with more in its package than its sheet."""
    workbook(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("command", READERS, ids=lambda words: words[0])
@pytest.mark.parametrize("case", ["locked", "bomb of rows", "bomb of texts", "empty", "broken", "missing"])
def test_every_command_refuses_in_words_and_books_nothing(book: Typist, command: tuple[str, ...], case: str) -> None:
    path = book.folder / "lembar.xlsx"
    match case:
        case "locked":
            path.write_bytes(LOCKED)
        case "bomb of rows":
            with_parts(path, **{"xl/worksheets/sheet9.xml": b" " * (300 << 20)})
        case "bomb of texts":
            with_parts(path, **{"xl/sharedStrings2.xml": b" " * (60 << 20)})
        case "empty":
            Workbook().save(path)
        case "broken":
            workbook(path)
            path.write_bytes(path.read_bytes()[:-400])
    before = book.files()
    answer = book(*(str(path) if word == "FILE" else word for word in command))
    assert answer.code in (2, 3) and answer.out == ""
    assert "lembar.xlsx" in answer.err and "Traceback" not in answer.err
    assert book.files() == before


def test_a_name_with_another_ending_is_read_as_what_it_is(book: Typist) -> None:
    workbook(book.folder / "buku.csv")
    assert book("import", "buku.csv", "--fund", "kas-sosial").code == 0
    (book.folder / "teks.xlsx").write_text("Tanggal;Uraian;Masuk;Keluar\n7/1/2026;Sewa kursi;5.000;\n")
    assert book("import", "teks.xlsx", "--fund", "kas-sosial").code == 0
    (row,) = book.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
    assert row["balance"] == 30000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_guessed_import_takes_any_encoding(book: Typist, encoding: str) -> None:
    text = "Tanggal;Uraian;Masuk;Keluar\n7/1/2026;Café René;5.000;\n"
    (book.folder / "kas.csv").write_bytes(text.encode(encoding))
    book.must("import", "kas.csv", "--fund", "kas-sosial")
    assert "Café René" in book.must("cashbook", "kas-sosial").out


def test_what_the_file_hides_or_runs_is_told_before_it_is_booked(book: Typist) -> None:
    path = book.folder / "kas.xlsm"

    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True

    workbook(path, hide)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    answer = book("import", "kas.xlsm", "--fund", "kas-sosial")
    assert answer.code == 0
    for said in ("macros; none was run", "figures from other files", "1 row is hidden", "columns are hidden"):
        assert said in answer.err


def test_a_formula_without_a_result_is_never_booked_as_nothing(book: Typist) -> None:
    workbook(book.folder / "kas.xlsx", lambda sheet: sheet.__setitem__("C2", "=8*5000"))
    assert load_workbook(book.folder / "kas.xlsx", data_only=True).active["C2"].value is None
    before = book.files()
    answer = book("import", "kas.xlsx", "--fund", "kas-sosial")
    assert answer.code == 3 and "line 2" in answer.err
    assert "1 formula has no stored result (C2)" in answer.err
    assert book.files() == before


# The most memory of a process as the kernel counts it since it began; `ru_maxrss` would count its parent's too.
MEASURED = """
import re, sys
from pathlib import Path
from wksbm_cli.cli.main import run
run(["--lang", "en", "review", sys.argv[1]])
print(int(re.search("VmHWM:\\\\s+(\\\\d+)", Path("/proc/self/status").read_text())[1]) // 1024, file=sys.stderr)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is asked of Linux's kernel")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_million_cells_and_more_are_refused_in_less_than_200_megabytes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"besar.{kind}"
    if kind == "csv":
        path.write_text("\n".join(";".join(str(row * 100 + at) for at in range(20)) for row in range(70_000)))
    else:
        # Empty cells are dear too: each row says that it reaches far to the right.
        rows = b"".join(b'<row r="%d"><c r="DP%d"><v>1</v></c></row>' % (row, row) for row in range(1, 12_000))
        workbook(tmp_path / "kecil.xlsx")
        head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        with (
            zipfile.ZipFile(tmp_path / "kecil.xlsx") as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                is_sheet = name == "xl/worksheets/sheet1.xml"
                new.writestr(name, head + rows + b"</sheetData></worksheet>" if is_sheet else old.read(name))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=300, check=False
    )
    assert "larger than a sheet kept by hand can be" in done.stderr
    assert int(done.stderr.split()[-1]) < 200, done.stderr
