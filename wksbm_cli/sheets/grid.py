"""A foreign file as grids of raw cells, one for each sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from wksbm_cli.domain.message import Message

# What a cell holds: a text as it is written, a number or a day as a spreadsheet stores it, or nothing.
Cell = str | int | Decimal | date | None
# Ten years of a nightly collection from sixty houses are 200,000 rows; what has more was not kept by hand.
MOST_ROWS = 200_000
MOST_COLUMNS = 120
# A million texts take some 100 MB; six columns of those 200,000 rows are a little more.
MOST_CELLS = 1_250_000


class MergedCells(NamedTuple):
    """Cells that are shown as one: rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class SheetGrid(NamedTuple):
    """One sheet. Rows are as long as they are; a cell beyond the end of its row is empty.

    `name` is the sheet's, '' where a file is only one. `hidden` are rows (from 0) that a reader of the file does not
    see. `notes` say what of the file could not be read as it is.
    """

    file: str
    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[MergedCells, ...] = ()
    hidden: frozenset[int] = frozenset()
    notes: tuple[Message, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None


def column_letters(column: int) -> str:
    """`A` for column 0, `AA` for column 26, as spreadsheets name them."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
