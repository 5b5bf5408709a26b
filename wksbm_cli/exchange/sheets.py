"""Reading tabular files: a workbook, or a CSV with any delimiter, with or without BOM, UTF-8 or Windows-1252; heads in
either language; a list of names pasted from a chat.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.whole import read_whole
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Usage, Where, reason_of
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.recording.rows import InputRow, Sheet
from wksbm_cli.sheets.grid import Cell, SheetGrid
from wksbm_cli.sheets.reading import STDIN, is_workbook, read_grids

# Synonyms of columns in the heads of real sheets.
_HEADS: dict[str, tuple[str, ...]] = {
    "id": ("kode", "member", "anggota", "kk", "rumah"),
    "name": ("nama", "kepala keluarga", "nama kepala keluarga", "nama warga", "nama anggota", "nama kk"),
    "joined": ("masuk", "bergabung", "tanggal masuk"),
    "class": ("golongan", "kelas"),
    "date": ("tanggal", "tgl", "malam"),
    "member": ("rumah", "anggota", "kk", "warga", "kode", "id"),
    "amount": ("nominal", "jumlah", "rupiah"),
    "collector": ("petugas", "penarik"),
    "note": ("catatan", "keterangan"),
}
_DELIMITERS = ",;\t"
_BEFORE_A_NAME = re.compile(r"^\s*(?:\d{1,4}\s*[.)\-:]?|[-•*▪✅])\s+(?=\D)")
# Heads are searched in so many lines; banks write up to ten lines above them.
_MOST_LINES_ABOVE = 40
# Upper limits of rows and bytes for a neighbourhood's sheet.
_MOST_ROWS = 500_000
_MOST_BYTES = 100_000_000


class MissingColumn(Usage):
    """No line of the sheet has the required columns: it may be a sheet of another kind."""


def read_sheet(path: str, required: Sequence[str], optional: Sequence[str]) -> Sheet:
    """The rows of a sheet with the columns asked for: of a workbook, or of a CSV whose first line names them.

    A CSV is UTF-8 unless it cannot be, then Windows-1252; the delimiter is whichever of `,;tab` the head has most of.
    """
    if is_workbook(path):
        return _of_workbook(path, required, optional)
    return _of_csv(path, _read_text(path, None), required, optional)


def read_members(path: str) -> Sheet:
    """A sheet of members, or a mere list of their names, one on each line, with or without numbers before them."""
    columns = ("name",), ("id", "joined", "class", "note")
    if is_workbook(path):
        return _of_workbook(path, *columns)
    text = _read_text(path, None)
    first = next((line for line in text.splitlines() if line.strip()), "")
    heads = {head.strip(' "').casefold() for head in re.split(r"[,;\t]", first)}
    known = {word for name in ("id", "name", "joined") for word in (name, *_HEADS[name])}
    if not first or heads & known or any(mark in text for mark in ";\t\0"):
        return _of_csv(path, text, *columns)
    lines = enumerate(text.splitlines(), start=1)
    names = ((number, _BEFORE_A_NAME.sub("", line).strip()) for number, line in lines)
    return Sheet(path, [InputRow(number, {"name": name}) for number, name in names if name])


def _of_csv(path: str, text: str, required: Sequence[str], optional: Sequence[str]) -> Sheet:
    mark = max(_DELIMITERS, key=text.split("\n", 1)[0].count)
    lines = _records(text, mark, path)
    heads = [head.strip() for head in next(lines, (1, []))[1]]
    columns = _columns(heads, required, optional, path)
    _refuse_twice(columns, heads, Where(path, 1))
    return Sheet(path, _rows(lines, columns, len(heads), path))


def _of_workbook(path: str, required: Sequence[str], optional: Sequence[str]) -> Sheet:
    """The rows below the first line that names the columns, of the first sheet that has one; sums under them are left out."""
    from wksbm_cli.sheets.tables import is_sum

    problem: MissingColumn | None = None
    for grid in read_grids(path):
        lines = list(_lines_of_grid(grid, ","))
        for at, (number, cells) in enumerate(lines[:_MOST_LINES_ABOVE]):
            heads = [cell.strip() for cell in cells]
            try:
                columns = _columns(heads, required, optional, path)
            except MissingColumn as missing:
                problem = problem or missing
                continue
            _refuse_twice(columns, heads, Where(path, number))
            rows = (line for line in lines[at + 1 :] if not is_sum(line[1]))
            return Sheet(path, _rows(rows, columns, None, path))
    assert problem is not None  # a workbook without a cell is refused when it is read
    raise problem


def _lines_of_grid(grid: SheetGrid, decimal: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook's sheet with their numbers, each cell as it would stand in a CSV; empty rows are left out."""
    for number, cells in enumerate(grid.rows, start=1):
        if any(cell is not None for cell in cells):
            yield number, [written(cell, decimal) for cell in cells]


def written(cell: Cell, decimal: str) -> str:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}".replace(".", decimal)
    return str(cell)


def read_columns(
    path: str,
    columns: Mapping[str, Sequence[str | int]],
    *,
    skip: int = 0,
    delimiter: str | None = None,
    encoding: str | None = None,
    overflow: str | None = None,
    decimal: str = ",",
) -> Sheet:
    """The rows below the first line, `skip` lines down, that has all the columns: a bank writes its own lines above it.

    `columns` gives for each name the heads it may stand under, or its number from 1 (where it has no head, or the
    head of another). When all are numbers no line is taken for the heads. A row of more cells than there are heads
    is refused, unless they are an `overflow` column's text with unquoted delimiters in it.
    """
    tables = list(_tables(path, [delimiter] if delimiter else list(_DELIMITERS), skip, encoding, decimal))
    if all(isinstance(head, int) for heads in columns.values() for head in heads):
        found = {name: int(heads[0]) - 1 for name, heads in columns.items()}
        widest = max(tables, key=lambda table: len(next(table.lines(), (0, []))[1]))
        return Sheet(path, _rows(widest.lines(), found, None, path))
    head, table = _find_heads(tables, columns, path)
    by_head = {name: at for name, at in head.positions.items() if at + 1 not in columns[name]}
    _refuse_twice(by_head, head.cells, Where(path, head.number))
    lines = (row for row in table.lines() if row[0] > head.number)
    spill = (head.positions[overflow], table.mark) if overflow and table.mark else None
    return Sheet(path, _rows(lines, head.positions, head.width if table.mark else None, path, spill))


class _Lines(NamedTuple):
    """A candidate parse of a file: a CSV by one delimiter, or one sheet of a workbook."""

    mark: str
    lines: Callable[[], Iterator[tuple[int, list[str]]]]


def _tables(path: str, marks: Sequence[str], skip: int, encoding: str | None, decimal: str) -> Iterator[_Lines]:
    if is_workbook(path):
        for grid in read_grids(path):
            yield _Lines("", partial(islice, list(_lines_of_grid(grid, decimal)), skip, None))
        return
    text = _read_text(path, encoding)
    for mark in marks:
        yield _Lines(mark, partial(_records, text, mark, path, skip))


class _Heads(NamedTuple):
    """A candidate line of heads: its number, its cells, and the positions of the columns."""

    number: int = 0
    cells: tuple[str, ...] = ()
    positions: Mapping[str, int] = {}

    @property
    def width(self) -> int:
        return len(self.cells)


def _find_heads(
    tables: Sequence[_Lines], columns: Mapping[str, Sequence[str | int]], path: str
) -> tuple[_Heads, _Lines]:
    """The first line with all columns, and the parse in which it has them."""
    best = _Heads()
    unreadable: Usage | None = None
    for table in tables:
        try:
            for number, cells in islice(table.lines(), _MOST_LINES_ABOVE):
                heads = tuple(cell.strip() for cell in cells)
                found = _Heads(number, heads, positions(columns, heads))
                if len(found.positions) == len(columns):
                    return found, table
                best = max(best, found, key=lambda heads: len(heads.positions))
        except Usage as problem:  # a quotation mark that is only valid with another delimiter
            unreadable = unreadable or problem
    if unreadable is not None and not best.positions:
        raise unreadable
    missing = next(heads for name, heads in columns.items() if name not in best.positions)
    raise Usage(
        msg('The file has no column "{column}".', column=" / ".join(str(head) for head in missing)),
        hint=nearest_hint(str(missing[0]), [head for head in best.cells if head])
        or msg("Look at how the heads are written in the file, and in [columns] of the rules."),
        where=Where(path, best.number),
    )


def positions(columns: Mapping[str, Sequence[str | int]], heads: Sequence[str]) -> dict[str, int]:
    """The positions of columns in a line of heads; a numbered column is in any line long enough."""
    places = {_plain(head): at for at, head in reversed(list(enumerate(heads)))}
    found = {}
    for name, wanted in columns.items():
        for head in wanted:
            at = head - 1 if isinstance(head, int) else places.get(_plain(head), len(heads))
            if at < len(heads):
                found[name] = at
                break
    return found


def _plain(head: str) -> str:
    return " ".join(head.casefold().split())


def _refuse_twice(columns: Mapping[str, int], heads: Sequence[str], where: Where) -> None:
    """Refuse a duplicate head, which is ambiguous."""
    plain = [_plain(head) for head in heads]
    for at in columns.values():
        same = [str(number) for number, head in enumerate(plain, 1) if at < len(plain) and head and head == plain[at]]
        if len(same) > 1:
            raise Usage(
                msg('The file has {count} columns "{column}".', count=len(same), column=heads[at]),
                hint=msg(
                    "Rename one in the file; in [columns] of a file of rules say which by its number: {numbers}.",
                    numbers=same,
                ),
                where=where,
            )


def _records(text: str, mark: str, path: str, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file, cut into cells, each with the number of its (last) line; empty ones are left out."""
    if "\0" in text:
        raise Usage(
            msg("This is not a CSV file: it holds bytes that are no text."),
            where=Where(path),
            hint=msg("Save the rows as a CSV file, then give its name."),
        )
    source = StringIO(text, newline="")
    for _ in range(skip):
        source.readline()
    reader = csv.reader(source, delimiter=mark, strict=True)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield skip + reader.line_num, cells
    except csv.Error as error:
        raise Usage(
            msg("This is not a proper CSV file: {reason}.", reason=str(error)),
            hint=msg("Look for a quotation mark that is not closed."),
            where=Where(path, skip + reader.line_num),
        ) from None


def _rows(
    lines: Iterator[tuple[int, list[str]]],
    columns: Mapping[str, int],
    width: int | None,
    path: str,
    spill: tuple[int, str] | None = None,
) -> list[InputRow]:
    """The rows below the heads, their cells by name. `spill` is the column that takes cells too many, and the delimiter."""
    rows: list[InputRow] = []
    places, least = list(columns.items()), max(columns.values(), default=-1) + 1
    wide = width if width is not None else sys.maxsize
    for line, cells in lines:
        extra = len(cells) - wide
        if extra > 0 and any(cell.strip() for cell in cells[width:]):
            if spill is None:
                raise Usage(
                    msg("This row has {count} cells, the head has {heads}.", count=len(cells), heads=width or 0),
                    where=Where(path, line),
                )
            at, mark = spill
            cells[at : at + extra + 1] = [mark.join(cells[at : at + extra + 1])]
        if len(cells) < least:
            cells += [""] * (least - len(cells))
        rows.append(InputRow(line, {name: cells[at].strip() for name, at in places}))
        if len(rows) > _MOST_ROWS:
            raise Usage(msg("The file has more than {most} rows.", most=_MOST_ROWS), where=Where(path))
    return rows


def _read_text(path: str, encoding: str | None) -> str:
    try:
        data = sys.stdin.buffer.read(_MOST_BYTES) if path == STDIN else read_whole(Path(path), _MOST_BYTES)[0]
    except FileNotFoundError:
        raise Usage(msg("There is no such file."), where=Where(path)) from None
    except Trouble as trouble:
        raise Usage(
            trouble.text, hint=msg("Save the rows as a CSV file, then give its name."), where=Where(path)
        ) from None
    except OSError as error:
        raise Usage(msg("The file cannot be read: {reason}.", reason=reason_of(error)), where=Where(path)) from None
    try:
        return data.decode(encoding or "utf-8-sig")
    except LookupError:
        raise Usage(
            msg('The encoding "{name}" is not known.', name=encoding),
            hint=msg("Type for instance: {example}", example="utf-8, windows-1252, utf-16"),
        ) from None
    except UnicodeError:
        if encoding:
            raise Usage(
                msg("The file is not in the encoding {name}.", name=encoding),
                where=Where(path),
                hint=msg("Save it again as CSV UTF-8."),
            ) from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Usage(
            msg("The file is neither in UTF-8 nor in Windows-1252."),
            hint=msg("Save it again as CSV UTF-8."),
            where=Where(path),
        ) from None


def _columns(heads: Sequence[str], required: Sequence[str], optional: Sequence[str], path: str) -> dict[str, int]:
    """Where each column asked for stands, by its own name or another word for it; each head serves once."""
    places = {head.casefold(): at for at, head in reversed(list(enumerate(heads)))}
    found: dict[str, int] = {}
    for name in (*required, *optional):
        for word in (name, *_HEADS.get(name, ())):
            if word in places and places[word] not in found.values():
                found[name] = places[word]
                break
        else:
            if name in required:
                words = " / ".join((name, *_HEADS.get(name, ())[:2]))
                raise MissingColumn(
                    msg('The file has no column "{column}".', column=words),
                    hint=nearest_hint(name, heads) or msg("Its first line must name the columns."),
                    where=Where(path, 1),
                )
    return found
