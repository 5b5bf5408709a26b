"""CSV files as people have them: any delimiter, a BOM or none, UTF-8 or Windows-1252, Indonesian or English heads."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.whole import read_whole
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Usage, Where, reason_of
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.recording.rows import InputRow, Sheet

# Other words for a column, in the heads of real sheets.
_HEADS: dict[str, tuple[str, ...]] = {
    "id": ("kode", "member", "anggota", "kk", "rumah", "no"),
    "name": ("nama", "kepala keluarga"),
    "joined": ("masuk", "bergabung", "tanggal masuk"),
    "class": ("golongan", "kelas"),
    "date": ("tanggal", "tgl", "malam"),
    "member": ("rumah", "anggota", "kk", "warga", "kode", "id"),
    "amount": ("nominal", "jumlah", "rupiah"),
    "collector": ("petugas", "penarik"),
    "note": ("catatan", "keterangan"),
}
_DELIMITERS = ",;\t"
# How far down the heads are looked for; banks write up to ten lines of their own above them.
_MOST_LINES_ABOVE = 40
# Where a file has more rows or bytes than this it is no sheet of a neighbourhood.
_MOST_ROWS = 500_000
_MOST_BYTES = 100_000_000


def read_sheet(
    path: str,
    *,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Sheet:
    """The rows of a CSV file with the columns asked for; without any, under the heads as they stand.

    UTF-8 unless it cannot be, then Windows-1252; the delimiter is whichever of `,;tab` the head has most of.
    """
    text = _read_text(Path(path), encoding)
    mark = delimiter or max(_DELIMITERS, key=text.split("\n", 1)[0].count)
    lines = _records(text, mark, path)
    heads = [head.strip() for head in next(lines, (1, []))[1]]
    columns = (
        _columns(heads, required, optional, path)
        if required or optional
        else {head: at for at, head in enumerate(heads)}
    )
    return Sheet(path, _rows(lines, columns, len(heads), path))


def read_columns(
    path: str,
    columns: Mapping[str, Sequence[str | int]],
    *,
    skip: int = 0,
    delimiter: str | None = None,
    encoding: str | None = None,
    overflow: str | None = None,
) -> Sheet:
    """The rows below the first line, `skip` lines down, that has all the columns: a bank writes its own lines above it.

    `columns` gives for each name the heads it may stand under, or its number from 1 (where it has no head, or the
    head of another). When all are numbers no line is taken for the heads. A row of more cells than there are heads
    is refused, unless they are an `overflow` column's text with unquoted delimiters in it.
    """
    text = _read_text(Path(path), encoding)
    marks = [delimiter] if delimiter else list(_DELIMITERS)
    if all(isinstance(head, int) for heads in columns.values() for head in heads):
        first = next(iter(text.split("\n")[skip:]), "")
        lines = _records(text, max(marks, key=first.count), path, skip)
        found = {name: int(heads[0]) - 1 for name, heads in columns.items()}
        return Sheet(path, _rows(lines, found, None, path))
    head, mark = _find_heads(text, columns, marks, skip, path)
    lines = (row for row in _records(text, mark, path, skip) if row[0] > head.number)
    spill = (head.positions[overflow], mark) if overflow else None
    return Sheet(path, _rows(lines, head.positions, head.width, path, spill))


class _Heads(NamedTuple):
    """A line that may be the one with the heads: its number, its cells, and where the columns stand in it."""

    number: int = 0
    cells: tuple[str, ...] = ()
    positions: Mapping[str, int] = {}

    @property
    def width(self) -> int:
        return len(self.cells)


def _find_heads(
    text: str, columns: Mapping[str, Sequence[str | int]], marks: Sequence[str], skip: int, path: str
) -> tuple[_Heads, str]:
    """The first line with all the columns, and the delimiter by which it has them."""
    best = _Heads()
    unreadable: Usage | None = None
    for mark in marks:
        try:
            for number, cells in islice(_records(text, mark, path, skip), _MOST_LINES_ABOVE):
                heads = tuple(cell.strip() for cell in cells)
                found = _Heads(number, heads, _positions(columns, heads))
                if len(found.positions) == len(columns):
                    return found, mark
                best = max(best, found, key=lambda heads: len(heads.positions))
        except Usage as problem:  # a quotation mark that another delimiter would make sense of
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


def _positions(columns: Mapping[str, Sequence[str | int]], heads: Sequence[str]) -> dict[str, int]:
    """Where the columns stand that a line of heads has; a number is had by any line long enough."""
    places = {" ".join(head.casefold().split()): at for at, head in reversed(list(enumerate(heads)))}
    found = {}
    for name, wanted in columns.items():
        for head in wanted:
            at = head - 1 if isinstance(head, int) else places.get(" ".join(head.casefold().split()), len(heads))
            if at < len(heads):
                found[name] = at
                break
    return found


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
    rows = []
    places, least = list(columns.items()), max(columns.values(), default=-1) + 1
    for line, cells in lines:
        extra = len(cells) - width if width is not None else 0
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


def _read_text(path: Path, encoding: str | None) -> str:
    try:
        data, _ = read_whole(path, _MOST_BYTES)
    except FileNotFoundError:
        raise Usage(msg("There is no such file."), where=Where(str(path))) from None
    except Trouble as trouble:
        raise Usage(
            trouble.text, hint=msg("Save the rows as a CSV file, then give its name."), where=Where(str(path))
        ) from None
    except OSError as error:
        raise Usage(
            msg("The file cannot be read: {reason}.", reason=reason_of(error)), where=Where(str(path))
        ) from None
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
                where=Where(str(path)),
                hint=msg("Save it again as CSV UTF-8."),
            ) from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Usage(
            msg("The file is neither in UTF-8 nor in Windows-1252."),
            hint=msg("Save it again as CSV UTF-8."),
            where=Where(str(path)),
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
                raise Usage(
                    msg('The file has no column "{column}".', column=words),
                    hint=nearest_hint(name, heads) or msg("Its first line must name the columns."),
                    where=Where(path, 1),
                )
    return found
