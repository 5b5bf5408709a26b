"""CSV files as people have them, read whole or refused whole, with every row that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.conftest import Answer, Typist

MEMBERS = "id,name,joined,class,note\nr010,Dewi Anggraini,2026-01-05,,\nr011,Joko Susilo,,kasepuhan,rumah pojok\n"
NIGHTS = "date,member,amount,collector,note\n2026-02-01,r001,500,joko,\n2026-02-01,r002,1000,joko,pagar\n2026-02-02,r001,500,,\n"


def sheet(book: Typist, data: str | bytes) -> str:
    path = book.folder / "sheet.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def refused(book: Typist, *words: str, code: int, says: str) -> Answer:
    """Nothing changes; the file is named, and what is wrong in it."""
    before = book.files()
    answer = book(*words)
    assert answer.code == code, answer.err or answer.out
    assert answer.out == ""
    assert "sheet.csv" in answer.err.splitlines()[0]
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert all(char.isprintable() or char == "\n" for char in answer.err)
    assert book.files() == before
    return answer


LAYOUTS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
    "old line ends": lambda text: text.replace("\n", "\r").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "quoted": lambda text: "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
    ).encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "empty lines": lambda text: text.replace("\n", "\n\n,,,,\n").encode(),
    "Indonesian heads": lambda text: (
        text.replace("id,name,joined,class,note", "Kode,Nama,Masuk,Golongan,Catatan")
        .replace("date,member,amount,collector,note", "Tanggal,Rumah,Nominal,Petugas,Keterangan")
        .encode()
    ),
    "spaces": lambda text: text.replace(",", " , ").encode(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_layout_of_a_sheet_says_the_same(book: Typist, layout: str) -> None:
    book.must("member", "add", "--file", sheet(book, LAYOUTS[layout](MEMBERS)))
    rows = {row["member"]: row for row in book.must("member", "list", "--format", "json").json["rows"]}
    assert (rows["r010"]["name"], rows["r011"]["name"]) == ("Dewi Anggraini", "Joko Susilo")
    book.must("collect", "jimpitan", "--file", sheet(book, LAYOUTS[layout](NIGHTS)))
    assert [line.split("members = { ")[1].split(" }")[0] for line in book.lines("rt-07/jimpitan")] == [
        "r001 = 500, r002 = 1000",
        "r001 = 500",
    ]


def test_a_sheet_of_windows_is_read(book: Typist) -> None:
    book.must("member", "add", "--file", sheet(book, MEMBERS.replace("Dewi", "Désirée").encode("cp1252")))
    assert "Désirée Anggraini" in book.must("member", "list").out


BAD_MEMBERS: dict[str, tuple[str | bytes, int, str]] = {
    "no column of names": ("id,joined\nr010,2026-01-05\n", 2, '"name / nama'),
    "nothing": ("", 2, "no column"),
    "only spaces": ("  \n\n", 2, "no column"),
    "an open quotation mark": ('id,name\nr010,"Dewi\nr011,Joko\n', 2, "not a proper CSV file"),
    "letters after a quotation mark": ('id,name\nr010,"Dewi"x\n', 2, "not a proper CSV file"),
    "more cells than heads": ("id,name\nr010,Dewi,Anggraini\n", 2, "3 cells"),
    "an id that is none": ("id,name\n../r010,Dewi\n", 3, "cannot be a short name"),
    "an id in capitals": ("id,name\nR010,Dewi\n", 3, "cannot be a short name"),
    "no id": ("id,name\n,Dewi\n", 3, "line 2"),
    "no name": ("id,name\nr010,\n", 3, "name of r010"),
    "an id twice": ("id,name\nr010,Dewi\nr010,Joko\n", 3, "in the file already, in line 2"),
    "a day that never was": ("id,name,joined\nr010,Dewi,29/2/2025\n", 3, "28 days"),
    "an escape": ("id,name\nr010,\x1b[31mDewi\n", 3, "control character"),
    "a line break in a name": ('id,name\nr010,"Dewi\nAnggraini"\n', 3, "line break"),
    "bytes that are no text": (b"id,name\nr010,De\0wi\n", 2, "bytes that are no text"),
    "sixteen-bit letters": ("id,name\nr010,Dewi\n".encode("utf-16"), 2, ""),
    "two columns of one head": ("id,name, Name\nr010,Dewi,Joko\n", 2, '2 columns "name"'),
    "no known encoding": (b"id,name\nr010,De\x81\x8dwi\n", 2, "neither in UTF-8 nor in Windows-1252"),
}


@pytest.mark.parametrize("fault", BAD_MEMBERS)
def test_a_sheet_of_members_that_cannot_be_used(book: Typist, fault: str) -> None:
    data, code, says = BAD_MEMBERS[fault]
    refused(book, "member", "add", "--file", sheet(book, data), code=code, says=says)


BAD_NIGHTS = {
    "no column of dates": ("member,amount\nr001,500\n", 2, '"date / tanggal'),
    "an unknown house": ("date,member\n2026-02-01,r099\n", 3, 'no member "r099"'),
    "a house twice a night": ("date,member\n2026-02-01,r001\n1/2/2026,R001\n", 3, "stands on 1 February 2026 already"),
    "an amount that is none": ("date,member,amount\n2026-02-01,r001,banyak\n", 3, "cannot be read as an amount"),
    "less than nothing": ("date,member,amount\n2026-02-01,r001,-500\n", 3, "less than nothing"),
    "reads two ways": ('date,member,amount\n2026-02-01,r001,"1,500"\n', 3, "reads two ways"),
    "30 digits": (f"date,member,amount\n2026-02-01,r001,{'9' * 30}\n", 3, "likely a slip"),
    "a day that never was": ("date,member\n2025-02-29,r001\n", 3, "28 days"),
    "a day to come": ("date,member\n2026-03-05,r001\n", 3, "still to come"),
    "a unit of its own": ("date,member,amount\n2026-02-01,r001,2 kg beras\n", 3, "not in Rupiah"),
    "a collector that is none": ("date,member,collector\n2026-02-01,r001,../x\n", 3, "cannot be a short name"),
    "an escape in a note": ("date,member,note\n2026-02-01,r001,\x1b]0;x\x07\n", 3, "control character"),
}


@pytest.mark.parametrize("fault", BAD_NIGHTS)
def test_a_sheet_of_nights_that_cannot_be_used(book: Typist, fault: str) -> None:
    data, code, says = BAD_NIGHTS[fault]
    refused(book, "collect", "jimpitan", "--file", sheet(book, data), code=code, says=says)


def test_every_row_that_is_wrong_is_named_at_once(book: Typist) -> None:
    rows = "date,member,amount\n2026-02-01,r001,500\n2026-02-01,r098,500\n2026-02-30,r001,500\n2026-02-02,r099,x\n"
    answer = refused(book, "collect", "jimpitan", "--file", sheet(book, rows), code=3, says="cannot be used")
    assert [line.split(":")[0] for line in answer.err.splitlines() if line.startswith("  - ")] == [
        "  - line 3",
        "  - line 4",
        "  - line 5",
    ]


def test_nights_that_a_rule_refuses_are_named_by_their_first_rows(book: Typist) -> None:
    long = "pagar rusak " * 30
    rows = (
        "date,member,note\n2026-02-01,r001,\n2026-03-05,r001,\n2026-03-05,r002,\n2026-03-06,r001,\n"
        f"2026-02-02,r001,{long}\n2026-02-02,r002,{long.upper()}\n"
    )
    answer = refused(book, "collect", "jimpitan", "--file", sheet(book, rows), code=3, says="at most 500 letters")
    assert "line 6" in answer.err
    rows = "\n".join(rows.splitlines()[:5]) + "\n"
    answer = refused(book, "collect", "jimpitan", "--file", sheet(book, rows), code=3, says="is still to come")
    assert "line 3: 5 March 2026" in answer.err
    assert "line 5: 6 March 2026" in answer.err


def test_unknown_codes_go_to_the_member_named_for_them(book: Typist) -> None:
    rows = "date,member,amount\n2026-02-01,r098,500\n2026-02-01,r099,700\n2026-02-01,r003,300\n2026-02-01,r001,0\n"
    answer = book.must("collect", "jimpitan", "--file", sheet(book, rows), "--unknown-as", "r003")
    assert "members = { r003 = 1500 }" in book.lines("rt-07/jimpitan")[0]
    assert "r098 (1), r099 (1)" in answer.err
    assert "1 row of nothing given" in answer.err


@pytest.mark.parametrize("name", ["tidak-ada.csv", "."])
def test_a_sheet_that_is_not_there(book: Typist, name: str) -> None:
    before = book.files()
    for words in (("member", "add"), ("collect", "jimpitan")):
        answer = book(*words, "--file", str(Path(name)))
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith(f"{name}:")
    assert book.files() == before


def test_a_file_without_end_is_refused(book: Typist) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("needs /dev/zero")
    answer = book("collect", "jimpitan", "--file", "/dev/zero")
    assert answer.code == 2
    assert "no file but a folder, a pipe or a device" in answer.err


# Workbooks, and lists of names


def workbook(book: Typist, *sheets: Sequence[Sequence[Any]]) -> str:
    made = Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(list(row))
    path = book.folder / "sheet.csv"  # whatever its name
    made.save(path)
    return str(path)


def test_a_workbook_is_read_below_its_title_and_without_its_sums(book: Typist) -> None:
    cover = [["RT 07 Sumberayem"]]
    members: list[list[Any]] = [
        ["Daftar warga"],
        [],
        ["No", "Kode", "Nama", "Masuk"],
        [1, "r010", "Dewi", date(2026, 1, 5)],
    ]
    book.must("member", "add", "--file", workbook(book, cover, members))
    assert "2026-01-05" in (book.folder / "ledgers" / "rt-07" / "members.toml").read_text()
    nights: list[list[Any]] = [
        ["Tanggal", "Rumah", "Nominal"],
        [date(2026, 2, 1), "r001", 500],
        [datetime(2026, 2, 1), "r002", 1000.0],
        ["Jumlah", None, 1500],
    ]
    book.must("collect", "jimpitan", "--file", workbook(book, nights))
    assert "members = { r001 = 500, r002 = 1000 }" in book.lines("rt-07/jimpitan")[0]
    refused(book, "collect", "jimpitan", "--file", workbook(book, members), code=2, says="date / tanggal")


def test_a_list_of_names_gets_ids_that_go_on(book: Typist) -> None:
    names = "1. Dewi Anggraini\n2) Joko Susilo\n\n- H. Ahmad, S.Pd\n Slamet  \n"
    answer = book.must("member", "add", "--file", sheet(book, names))
    assert "Added 4 members" in answer.out
    rows = {row["member"]: row["name"] for row in book.must("member", "list", "--format", "json").json["rows"]}
    added = {slug: name for slug, name in rows.items() if slug > "r003"}
    assert added == {"r004": "Dewi Anggraini", "r005": "Joko Susilo", "r006": "H. Ahmad, S.Pd", "r007": "Slamet"}
    book.must("member", "add", "--file", sheet(book, "Nama Warga;Masuk\nSri;2026-02-01\n"))
    assert book.must("member", "show", "r008").code == 0
