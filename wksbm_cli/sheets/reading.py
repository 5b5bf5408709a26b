"""Files into grids: CSV of any delimiter and encoding, spreadsheets, and text pasted from a chat or a terminal.

Files are untrusted: too large, encrypted or mislabelled ones are refused with a message before they are parsed.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path, PurePath
from typing import NamedTuple

from wksbm_cli.book.whole import read_whole
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Usage, Where, reason_of
from wksbm_cli.sheets.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetGrid

# For texts; a spreadsheet is compressed, and has limits of its own (xlsx.py).
_MOST_BYTES = 48 << 20
_LONGEST_CELL = 2_000
_DELIMITERS = ";\t|,"
STDIN = "-"

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF, _PICTURES = b"%PDF", (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")


def read_grids(path: str) -> list[SheetGrid]:
    """The sheets of a file, the empty ones left out; `-` reads text from standard input."""
    if path == STDIN:
        return _kept(path, [_of_text(path, sys.stdin.buffer.read(_MOST_BYTES + 1))])
    try:
        with Path(path).open("rb") as file:
            head = file.read(8)
    except FileNotFoundError:
        raise Usage(msg("There is no file {path}.", path=path)) from None
    except OSError as error:
        raise Trouble(msg("{path} cannot be read: {reason}.", path=path, reason=reason_of(error))) from None
    if head.startswith(_ZIP):
        from wksbm_cli.sheets.xlsx import read_workbook

        return _kept(path, read_workbook(path))
    _refuse_others(path, head)
    return _kept(path, [_of_text(path, read_whole(Path(path), _MOST_BYTES)[0])])


def is_workbook(path: str) -> bool:
    """Whether a file is a spreadsheet by its first bytes, whatever its name; a file that cannot be read is none."""
    if path == STDIN or not Path(path).is_file():  # a pipe can only be read once
        return False
    try:
        with Path(path).open("rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except OSError:
        return False


def _kept(path: str, grids: Sequence[SheetGrid]) -> list[SheetGrid]:
    kept = [grid for grid in grids if grid.rows]
    if not kept:
        raise Usage(msg("There is nothing in this file."), where=Where(path))
    return kept


def _refuse_others(path: str, head: bytes) -> None:
    """Refuse binary formats, recognised by their first bytes."""
    save_as = msg("Open it in its own program and save it as xlsx or CSV, then type the command again.")
    if head.startswith(_OLE):
        text = msg("This spreadsheet is locked with a password, or of the kind before 2007 (xls).")
        raise Usage(text, hint=save_as, where=Where(path))
    if head.startswith(_PDF) or head.startswith(_PICTURES):
        text = msg("This is a picture or a printed page, not a sheet.")
        hint = msg("Ask for the spreadsheet it was made from, or type its rows into a CSV file.")
        raise Usage(text, hint=hint, where=Where(path))
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Usage(msg("This is neither text nor a spreadsheet."), hint=save_as, where=Where(path))


def _of_text(path: str, data: bytes) -> SheetGrid:
    if len(data) > _MOST_BYTES:
        raise Usage(msg("This file is larger than a sheet kept by hand can be."), where=Where(path))
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    mark = _delimiter(lines)
    name = PurePath(path).stem if path != STDIN else ""
    read = _pasted_rows(lines) if mark is None else _records(text, mark, path)
    rows = list(islice(read, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Usage(
            msg("This file has more than {count} rows; a sheet kept by hand has fewer.", count=MOST_ROWS),
            where=Where(path),
        )
    while rows and not any(rows[-1]):
        rows.pop()
    return SheetGrid(path, name, rows)


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 where the text can be that, else Windows-1252, in which every byte means something."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _records(text: str, mark: str, path: str) -> Iterator[list[str | None]]:
    """The rows of a CSV; a quotation mark may hold a line end, and the row is then counted once."""
    reader = csv.reader(StringIO(text), delimiter=mark, skipinitialspace=True)
    count = 0
    try:
        for cells in reader:
            count += len(cells)
            if count > MOST_CELLS:
                raise Usage(msg("This file is larger than a sheet kept by hand can be."), where=Where(path))
            yield [cell.strip()[:_LONGEST_CELL] or None for cell in cells[:MOST_COLUMNS]]
    except csv.Error:
        raise Usage(
            msg("This line cannot be read as CSV."),
            hint=msg("A quotation mark may not have been closed."),
            where=Where(path, reader.line_num),
        ) from None


def _delimiter(lines: Sequence[str]) -> str | None:
    """The delimiter that splits most lines into the same number of cells; None where there is none."""
    sample = [line for line in lines[:200] if line.strip()]
    best, mark = 0, None
    for candidate in _DELIMITERS:
        counts = [line.count(candidate) for line in sample]
        usual = max(set(counts) - {0}, key=counts.count, default=0)
        # Commas also occur in sentences and amounts; in a table nearly every line has the same number.
        alike = counts.count(usual) if usual else 0
        if alike > best and alike * 2 >= len(sample):
            best, mark = alike, candidate
    return mark


_CHAT = re.compile(r"^\[?\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? +\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\]?(?: -)? [^:]{1,40}: ")
_BULLET = re.compile(r"^\s*[-•*▪✅⭕💰👮]+\s+")
_LAST_AMOUNT = re.compile(
    r"^(?P<label>.*?\D)[\s:=.]+(?P<amount>[-(]?(?:rp\.?\s*)?\d[\d.,]*(?:,-|\s*(?:rb|ribu|jt|juta))?\)?)$", re.IGNORECASE
)


class _Chunk(NamedTuple):
    """A cell of a line, with where it begins and ends in it."""

    text: str
    start: int
    end: int


def _pasted_rows(lines: Iterable[str]) -> Iterator[list[str | None]]:
    """Lines of a message or terminal as cells, assigned by position to the heads above them, if any."""
    from wksbm_cli.sheets.columns import read_heads

    heads: list[_Chunk] = []
    for line in lines:
        plain = _BULLET.sub("", _CHAT.sub("", line.expandtabs().rstrip()).replace("*", "").replace("_", " "))
        if not plain.strip("━─-=·. "):
            yield []
            continue
        chunks = [_Chunk(found[0], *found.span()) for found in _CHUNK.finditer(plain)]
        if len(chunks) > 2 and read_heads([chunk.text for chunk in chunks]) is not None:
            heads = chunks
            yield [chunk.text for chunk in chunks]
        elif heads:
            yield _under(heads, chunks)
        else:
            yield _label_and_amount(chunks, plain.strip())


_YEAR = re.compile(r"(?:19|20)\d\d")
_CHUNK = re.compile(r"\S+(?: \S+)*")


def _under(heads: Sequence[_Chunk], chunks: Sequence[_Chunk]) -> list[str | None]:
    """Cells below heads: texts begin where their head does, figures end where it ends."""
    cells: list[str | None] = [None] * len(heads)
    for chunk in chunks:
        at = min(
            range(len(heads)),
            key=lambda at: min(abs(heads[at].start - chunk.start), abs(heads[at].end - chunk.end)),
        )
        before = cells[at]
        cells[at] = (f"{before} {chunk.text}" if before else chunk.text)[:_LONGEST_CELL]
    return cells


def _label_and_amount(chunks: Sequence[_Chunk], plain: str) -> list[str | None]:
    """Split a line without heads at a gap, else before an amount at its end."""
    if len(chunks) == 1 and (found := _LAST_AMOUNT.match(plain)) and not _YEAR.fullmatch(found["amount"]):
        return [found["label"].strip(" :=.")[:_LONGEST_CELL], found["amount"]]
    return [chunk.text.strip(" :")[:_LONGEST_CELL] or None for chunk in chunks[:MOST_COLUMNS]]
