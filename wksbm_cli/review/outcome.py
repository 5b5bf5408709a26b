"""The result of a review: discrepancies, agreements, and what could not be verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wksbm_cli.domain.message import Message
from wksbm_cli.sheets.figures import Figure
from wksbm_cli.sheets.grid import SheetGrid, column_letters


class Spot(NamedTuple):
    """A place in a file: the sheet ('' where the file is one), the row from 1, and the column's letters where one is meant."""

    file: str
    sheet: str
    row: int
    column: str = ""

    def __str__(self) -> str:
        cell = f"{self.column}{self.row}" if self.column else str(self.row)
        return f"{self.sheet}!{cell}" if self.sheet else cell


def spot(grid: SheetGrid, row: int, column: int | None = None) -> Spot:
    """The place of a cell, or of a row, counted from 0."""
    letters = "" if column is None else column_letters(column)
    return Spot(grid.file, grid.name, row + 1, letters)


class Discrepancy(NamedTuple):
    """A printed figure that contradicts others of the sheet, without deciding which of them is wrong.

    `check` is a stable code. `printed` and `computed` are figures in rupiah or goods, or the text as it stands.
    `hint` is the likely slip, `settled_by` what would show which is true.
    """

    spot: Spot
    check: str
    text: Message
    printed: Figure | str | None = None
    computed: Figure | str | None = None
    hint: Message | None = None
    settled_by: Message | None = None

    @property
    def difference(self) -> Figure | None:
        """How much more is printed than was computed."""
        if isinstance(self.printed, str) or isinstance(self.computed, str):
            return None
        return None if self.printed is None or self.computed is None else self.printed - self.computed


class Agreed(NamedTuple):
    """A figure or date that was recomputed and agrees."""

    check: str


Outcome = Discrepancy | Agreed


class Reviewed(NamedTuple):
    """A whole review. `agreed` counts agreements by check; `unchecked` is what could not be verified, and why."""

    files: Sequence[str]
    discrepancies: Sequence[Discrepancy]
    agreed: Mapping[str, int]
    unchecked: Sequence[Message]
