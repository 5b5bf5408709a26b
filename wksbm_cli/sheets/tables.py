"""Splitting grids into tables with classified rows: entry, opening or closing balance, sum, heading.

A table begins under a row of heads. Where there is none, as in the lists of a yearly report, the texts at the left name
what the figures at the right are, and a heading that says it recapitulates begins a table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.sheets.columns import Columns, joined_heads, read_heads, unknown_heads
from wksbm_cli.sheets.days import SheetDay, period_named, read_day
from wksbm_cli.sheets.figures import Figure, decimal_mark, read_figure
from wksbm_cli.sheets.grid import Cell, SheetGrid

RowPart = Literal["entry", "opening", "carried", "sum", "closing", "heading", "note"]


class SheetRow(NamedTuple):
    """A row that says something. `number` is its place in the grid (from 0), `figures` are by column."""

    number: int
    part: RowPart
    label: str
    figures: Mapping[int, Figure]
    day: SheetDay | None = None
    unit: str = ""


class SheetTable(NamedTuple):
    """A table of a sheet. `columns` is None for a list under no heads; `title` is what stands above it.

    `is_recap` marks a recapitulation, which repeats results of other tables. `mark` is the decimal mark.
    """

    grid: SheetGrid
    title: str
    columns: Columns | None
    rows: tuple[SheetRow, ...]
    is_recap: bool = False
    mark: str = ","

    @property
    def has_several_units(self) -> bool:
        """Whether rows have different units (rupiah, goods): by a column of units, or by several consecutive sums."""
        if len({row.unit for row in self.rows if row.unit}) > 1:
            return True
        said = [row for row in self.rows if row.figures]
        return any(one.part == other.part == "sum" and one.label == other.label for one, other in pairwise(said))

    @property
    def period(self) -> Span | None:
        """The period its title, or else the sheet's name, names."""
        return period_named(self.title) or period_named(self.grid.name)


_WHAT = r"(saldo|sisa)( (saldo|kas|uang|dana))*( dari)?"
_OPENING = re.compile(
    r"\bsaldo( kas)?( r[tw])? awal\b|\bopening balance\b|\bbrought forward\b|\bsaldo (kas )?per 1 januari\b"
    rf"|\b{_WHAT} (akhir )?(bulan|bln|tahun|th|thn|minggu|periode)\.? (yang |yg )?(lalu|sebelumnya|kemarin|kmrn)\b"
    rf"|\b{_WHAT}( yang)? (lalu|sebelumnya)\b|\bsisa( saldo| kas)? (tahun|th|thn)\.? \d{{4}}"
    r"|\bsaldo (kas )?(tahun|th|thn)\.? \d{4}$",
    re.I,
)
_CARRIED = re.compile(
    r"\b(di)?pindah(k?an)?\b(?! (dana|buku|ke|dari kas|antar))|\btransport\b|\bcarried (over|forward)\b", re.I
)
_SUM = re.compile(r"^(\W|\d{1,2}\.)*(sub ?-?total|grand total|total|jumlah|jml)\b", re.I)
_CLOSING = re.compile(
    rf"^\W*{_WHAT}(\s+\S+){{0,3}}? ?(akhir|per\b.*|s\.?/?d\.?\b.*|sampai\b.*|bulan ini.*|tahun ini.*|sekarang)"
    rf"|^\W*{_WHAT}\W*$|\bclosing balance\b|^\W*balance\W*$",
    re.I,
)
RECAP = re.compile(
    r"\b(rekap(itulasi)?|ringkasan|summary|recapitulation|catatan (saldo|keuangan))\b|^\W*catatan\W*$", re.I
)
# A longer row of text is prose rather than a label.
_LONGEST_LABEL = 200


def is_sum(cells: Sequence[str]) -> bool:
    """Whether a row is a sum of those above it: it begins with `Jumlah`, `Total` or a synonym."""
    words = next((cell for cell in cells if cell and not cell.isdigit()), "")
    return _SUM.match(words) is not None


def read_tables(grid: SheetGrid, *, follows_others: bool = False) -> list[SheetTable]:
    """The tables of a sheet, from top to bottom; those without a figure are left out.

    A recapitulation needs a preceding table: in its sheet, or in the sheets that it `follows`.
    """
    mark = decimal_mark(cell for cells in grid.rows[:2_000] for cell in cells)
    return [table for table in _tables(grid, mark, follows_others) if any(row.figures for row in table.rows)]


def _tables(grid: SheetGrid, mark: str, follows_others: bool) -> Iterator[SheetTable]:
    reader = _TableReader(grid, mark, follows_others)
    skipped = -1
    for number, cells in enumerate(grid.rows):
        if number <= skipped or not any(cell is not None for cell in cells):
            continue
        heads = read_heads(cells)
        if heads is not None:
            below = grid.rows[number + 1] if number + 1 < len(grid.rows) else ()
            if (both := joined_heads(heads, cells, below)) is not None:
                heads, skipped = both, number + 1
            if reader.repeats(heads):
                continue
            yield from reader.finish()
            reader.begin(heads)
        elif _are_column_numbers(cells):
            continue
        elif reader.has_heads and (other := unknown_heads(cells)) is not None:
            yield from reader.finish()
            reader.begin(other)
        else:
            row = reader.read(number, cells)
            if row.part == "heading" and RECAP.search(row.label) and not reader.is_recap_already(row):
                yield from reader.finish()
                reader.begin(None, row.label, is_recap=True)
            else:
                reader.add(row)
    yield from reader.finish()


def _are_column_numbers(cells: Sequence[Cell]) -> bool:
    """The line `1 2 3 4 5` that some forms have below their heads."""
    said = [cell for cell in cells if cell is not None]
    return len(said) >= 4 and all(str(cell).strip("() ") == str(at) for at, cell in enumerate(said, start=1))


class _TableReader:
    """Gathers the rows of the table being read."""

    def __init__(self, grid: SheetGrid, mark: str, follows_others: bool) -> None:
        self._grid, self._mark, self._has_before = grid, mark, follows_others
        self._title: list[str] = []
        self._columns: Columns | None = None
        self._rows: list[SheetRow] = []
        self._is_recap = False
        self._year: int | None = None

    def begin(self, columns: Columns | None, title: str = "", *, is_recap: bool = False) -> None:
        """Begin a table; the texts that stood alone above it are its title."""
        above = [row.label for row in self._rows if row.part in ("heading", "note")]
        self._title = [title] if title else [*self._title, *above][-8:]
        self._columns, self._rows = columns, []
        names_it = columns is not None and any(RECAP.search(text) for text in self._title[-2:])
        self._is_recap = self._has_before and (is_recap or names_it)
        period = period_named(" ".join(self._title)) or period_named(self._grid.name)
        self._year = period.start.year if period and period.start else self._year

    def finish(self) -> Iterator[SheetTable]:
        """The table so far, if it is one; a title alone waits for what follows it."""
        if any(row.figures for row in self._rows):
            title = " · ".join(self._title)
            yield SheetTable(self._grid, title, self._columns, tuple(self._rows), self._is_recap, self._mark)
            self._title, self._rows, self._has_before = [], [], True

    @property
    def has_heads(self) -> bool:
        return self._columns is not None and bool(self._rows)

    def repeats(self, columns: Columns) -> bool:
        """Whether these are the heads of the table being read, printed again on its next page."""
        return (
            bool(self._rows)
            and self._columns is not None
            and (self._columns.parts == columns.parts and not self._heading_stands_last())
        )

    def _heading_stands_last(self) -> bool:
        return self._rows[-1].part in ("heading", "note", "closing")

    def is_recap_already(self, row: SheetRow) -> bool:
        return self._is_recap and not self._rows

    def add(self, row: SheetRow) -> None:
        self._rows.append(row)

    def read(self, number: int, cells: Sequence[Cell]) -> SheetRow:
        """Parse a row: its label, date and figures, which determine its class."""
        columns = self._columns
        figures: dict[int, Figure] = {}
        texts: list[str] = []
        day: SheetDay | None = None
        unit = ""
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            part = columns.parts.get(column) if columns else None
            if part == "unit":
                unit = str(cell)[:20]
                continue
            if part in ("number", "voucher"):
                if type(cell) is str and not cell[:1].isdigit() and (len(cell) > 8 or _SUM.match(cell)):
                    texts.append(cell)  # a heading or a sum that begins at the left
                continue
            if part == "day" or (columns is None and day is None):
                found = read_day(cell, self._year, in_column_of_days=part == "day")
                if found is not None:
                    day = found
                    continue
            if part == "text":
                texts.append(str(cell))
                continue
            figure = read_figure(cell, self._mark)
            if figure is not None:
                figures[column] = figure
            elif type(cell) is str:
                texts.append(cell)
        if columns is None:
            figures = _without_the_number(figures, cells)
        label = " ".join(" ".join(texts).split())[: _LONGEST_LABEL + 1]
        row_part = _part_of(label, figures, day)
        if row_part == "entry" and not label and day is None and columns is not None and columns.of("day"):
            row_part = "sum"  # below the rows, without a word
        return SheetRow(number, row_part, label, figures, day, unit)


def _without_the_number(figures: dict[int, Figure], cells: Sequence[Cell]) -> dict[int, Figure]:
    """The figures of a list's row without the running number at its beginning: a small one, before the text."""
    if not figures:
        return figures
    first = min(figures)
    is_number = 0 < figures[first] < 1000 and any(
        type(cell) is str and column > first and column not in figures for column, cell in enumerate(cells)
    )
    if is_number:
        return {column: value for column, value in figures.items() if column != first}
    return figures


def _part_of(label: str, figures: Mapping[int, Figure], day: SheetDay | None) -> RowPart:
    if not figures:
        if day is not None:
            return "note"
        return "heading" if label and len(label) <= 120 else "note"
    if _CARRIED.search(label) and day is None:
        return "carried"
    if _SUM.match(label):
        return "sum"
    if _OPENING.search(label):
        return "opening"
    if _CLOSING.search(label):
        return "closing"
    return "entry"
