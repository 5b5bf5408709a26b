"""Spreadsheets (xlsx) into grids, by openpyxl; what its streaming mode leaves out is parsed from the XML itself.

No macro, link or formula is ever executed: of a formula, the stored result is used.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Usage, Where
from wksbm_cli.sheets.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, MergedCells, SheetGrid

# Limits against decompression bombs: texts are kept in memory, sheets are streamed.
_MOST_TEXTS = 24 << 20
_MOST_SHEETS = 256 << 20
_MOST_OF_THEM = 60
_PIECE = 1 << 16
_LONGEST_CELL = 2_000
# Longer than any XML tag searched for here.
_OVERLAP = 4_096

_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d{1,7})"')
_HIDDEN_COLUMN = re.compile(rb'<col (?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_NO_RESULT = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>')


class _Structure(NamedTuple):
    """The parts of a sheet's XML beside its cells."""

    merged: tuple[MergedCells, ...]
    hidden: frozenset[int]
    notes: tuple[Message, ...]


def read_workbook(path: str) -> list[SheetGrid]:
    """The sheets of a workbook in its order."""
    try:
        with Path(path).open("rb") as file, zipfile.ZipFile(file) as archive:
            _refuse_hostile(archive, path)
            return list(_grids(file, archive, path))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError):
        raise _unreadable(path) from None


def _unreadable(path: str) -> Usage:
    return Usage(
        msg("This is no spreadsheet that can be read (xlsx)."),
        hint=msg("Open it in its own program and save it as xlsx or CSV, then type the command again."),
        where=Where(path),
    )


def _refuse_hostile(archive: zipfile.ZipFile, path: str) -> None:
    """Refuse decompression bombs and archives of other formats."""
    parts = {part.filename: part.file_size for part in archive.infolist()}
    if "xl/workbook.xml" not in parts:
        if "content.xml" in parts:
            raise Usage(
                msg("This is a sheet of LibreOffice (ods)."),
                hint=msg("Save it as xlsx or CSV there, then type the command again."),
                where=Where(path),
            )
        raise _unreadable(path)
    sheets = sum(size for name, size in parts.items() if name.startswith("xl/worksheets/"))
    if sheets > _MOST_SHEETS or sum(parts.values()) - sheets - _media(parts) > _MOST_TEXTS:
        raise Usage(msg("This file is larger than a sheet kept by hand can be."), where=Where(path))


def _media(parts: dict[str, int]) -> int:
    """Pictures, macros and the like, which are never decompressed."""
    return sum(size for name, size in parts.items() if name.startswith("xl/media/") or name.endswith(".bin"))


def _grids(file: BinaryIO, archive: zipfile.ZipFile, path: str) -> Iterator[SheetGrid]:
    from xml.etree.ElementTree import ParseError

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, ParseError, OSError, TypeError, AttributeError):
        raise _unreadable(path) from None
    whole: tuple[Message, ...] = ()
    if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
        whole = (msg("The file holds macros; none was run."),)
    if any(name.startswith("xl/externalLinks/") for name in archive.namelist()):
        whole = (*whole, msg("The file takes figures from other files; they are taken as they were stored."))
    try:
        for sheet in workbook.worksheets[:_MOST_OF_THEM]:
            structure = _structure(archive, sheet)
            notes = (*whole, *structure.notes)
            whole = ()
            if sheet.sheet_state != "visible":
                notes = (*notes, msg("The sheet {name} is hidden.", name=sheet.title))
            rows = _rows(sheet, path)
            yield SheetGrid(path, sheet.title, rows, structure.merged, structure.hidden, notes)
    except (ParseError, KeyError, ValueError, TypeError, AttributeError):
        raise _unreadable(path) from None
    finally:
        workbook.close()


def _rows(sheet: Any, path: str) -> list[tuple[Cell, ...]]:
    sheet.reset_dimensions()  # some programs say of every sheet that it has a million rows
    rows: list[tuple[Cell, ...]] = []
    last = count = 0
    for cells in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        if len(rows) >= MOST_ROWS:
            raise Usage(
                msg("This file has more than {count} rows; a sheet kept by hand has fewer.", count=MOST_ROWS),
                where=Where(path),
            )
        row = tuple([_cell(value) if value is not None else None for value in cells])
        rows.append(row)
        count += len(row)
        if count > MOST_CELLS:
            raise Usage(msg("This file is larger than a sheet kept by hand can be."), where=Where(path))
        if any(cell is not None for cell in row):
            last = len(rows)
    del rows[last:]
    return rows


def _cell(value: Any) -> Cell:
    """A stored value as a cell. Binary floating point noise of a spreadsheet is rounded away."""
    kind = type(value)
    if kind is str:
        return value.strip()[:_LONGEST_CELL] or None
    if kind is int:
        return value  # type: ignore[no-any-return]
    if kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return int(value) if value == int(value) else Decimal(repr(round(value, 6)))
    if kind is datetime:
        return value.date()  # type: ignore[no-any-return]
    if isinstance(value, date):
        return value
    return str(value)[:_LONGEST_CELL] if not isinstance(value, (bool, time)) else None


def _structure(archive: zipfile.ZipFile, sheet: Any) -> _Structure:
    """Merged cells, hidden rows and columns, and formulas without a result, parsed from the sheet's XML as a stream."""
    merged: dict[tuple[int, int, int, int], None] = {}
    hidden: set[int] = set()
    no_result: dict[str, None] = {}
    hidden_columns = False
    with archive.open(sheet._worksheet_path) as file:
        kept = b""
        while piece := file.read(_PIECE):
            text = kept + piece
            for left, top, right, bottom in _MERGE.findall(text):
                merged[int(top) - 1, _column(left), int(bottom) - 1, _column(right)] = None
            hidden.update(int(row) - 1 for row in _HIDDEN_ROW.findall(text))
            if b"<f" in text:
                no_result.update(dict.fromkeys(name.decode() for name in _NO_RESULT.findall(text)))
            hidden_columns = hidden_columns or bool(_HIDDEN_COLUMN.search(text))
            kept = text[-_OVERLAP:]
    notes: list[Message] = []
    if no_result:
        notes.append(
            msgn(
                "In the sheet {name}, {count} formula has no stored result ({first}); open the file in its own program and save it.",
                "In the sheet {name}, {count} formulas have no stored result ({first} ...); open the file in its own program "
                "and save it.",
                len(no_result),
                name=sheet.title,
                first=next(iter(no_result)),
            )
        )
    if hidden:
        notes.append(
            msgn(
                "In the sheet {name}, {count} row is hidden; it was read like the others.",
                "In the sheet {name}, {count} rows are hidden; they were read like the others.",
                len(hidden),
                name=sheet.title,
            )
        )
    if hidden_columns:
        notes.append(msg("In the sheet {name}, columns are hidden; they were read like the others.", name=sheet.title))
    return _Structure(tuple(MergedCells(*each) for each in merged), frozenset(hidden), tuple(notes))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
