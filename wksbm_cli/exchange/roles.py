"""Rows of a foreign file with the role each has: entries with their day, section and amounts; sums and headings left out.

The sheet reader says what a row is, and `[rows]` of a rules file corrects it. A row that has an amount or a day is never left
out because it cannot be read: it goes on as an entry, and the import refuses it in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage, Where
from wksbm_cli.exchange.rules import ROLE, SECTION, FileLayout
from wksbm_cli.exchange.sheets import positions, written
from wksbm_cli.recording.rows import InputRow, Sheet, unusable_rows
from wksbm_cli.sheets.grid import Cell, SheetGrid
from wksbm_cli.sheets.tables import RowPart, SheetRow, SheetTable, read_tables

_MONEY = ("amount", "in", "out")
_HAS_DIGIT = re.compile(r"[0-9]")
# What a review finds that makes the rows of a sheet doubtful; the rest is for whoever made it.
_ARITHMETIC = ("balance", "sum", "closing", "carried")


def read_by_role(grids: Sequence[SheetGrid], layout: FileLayout) -> Sheet:
    """The entries and opening balances of every table that has the columns of the layout."""
    rows: list[InputRow] = []
    found = False
    for grid in grids:
        for table in read_tables(grid):
            if table.columns is None or table.is_recap:
                continue
            width = max(table.columns.titles, default=-1) + 1
            places = positions(layout.columns, [table.columns.titles.get(at, "") for at in range(width)])
            if len(places) == len(layout.columns):
                rows += _rows(table, places, layout, is_first=not found)
                found = True
    if not found:
        raise Usage(
            msg("No table of the file has all the columns of [columns]."),
            hint=msg("See what is understood of it: wksbm review {file} --explain", file=grids[0].file),
            where=Where(grids[0].file),
        )
    return Sheet(grids[0].file, rows)


def refuse_wrong_sums(grids: Sequence[SheetGrid]) -> None:
    """One `Refused` with every balance and sum of the sheets that its own rows do not come to."""
    from wksbm_cli.review.review import review_grids

    file = grids[0].file
    wrong = [
        (each.spot.row, each.text) for each in review_grids([file], grids).discrepancies if each.check in _ARITHMETIC
    ]
    if wrong:
        raise unusable_rows(file, wrong)


def _rows(table: SheetTable, places: Mapping[str, int], layout: FileLayout, *, is_first: bool) -> Iterator[InputRow]:
    assert table.columns is not None
    money = [places[name] for name in _MONEY if name in places]
    section = table.title.rpartition(" · ")[2]
    day = _first_day(table, places)
    for row in table.rows:
        role = _role(row, layout, [table.grid.cell(row.number, column) for column in money])
        if role == "heading":
            section = row.label
        if role not in ("entry", "opening") or (role == "opening" and not is_first):
            continue
        day = _day(table, row, places) or day
        cells = {name: _cell(table, row, column, layout) for name, column in places.items()}
        cells |= {"date": day, ROLE: role, SECTION: section}
        if role == "opening" and not any(_HAS_DIGIT.search(cells.get(name, "")) for name in _MONEY):
            cells["amount" if "amount" in cells else "in"] = cells.get("balance", "")
        yield InputRow(row.number + 1, cells)


def _role(row: SheetRow, layout: FileLayout, money: Sequence[Cell]) -> RowPart:
    for role, expression in (layout.roles or {}).items():
        if expression.search(row.label):
            return role
    has_money = any(cell is not None and _HAS_DIGIT.search(str(cell)) for cell in money)
    if row.part in ("heading", "note") and (has_money or row.day is not None):
        return "entry"
    return row.part


def _first_day(table: SheetTable, places: Mapping[str, int]) -> str:
    """The day of an opening balance that has none of its own: that of the first row with one, or the period's first."""
    written_days = (_day(table, row, places) for row in table.rows)
    if found := next((day for day in written_days if day), ""):
        return found
    return table.period.start.isoformat() if table.period and table.period.start else ""


def _day(table: SheetTable, row: SheetRow, places: Mapping[str, int]) -> str:
    """The day as 2026-02-19; one that is in doubt as it is written, for the import to refuse."""
    if row.day is not None and row.day.day is not None and not row.day.doubt:
        return row.day.day.isoformat()
    return written(table.grid.cell(row.number, places["date"]), ",") if row.figures or row.day is not None else ""


def _cell(table: SheetTable, row: SheetRow, column: int, layout: FileLayout) -> str:
    figure = row.figures.get(column)
    return written(table.grid.cell(row.number, column) if figure is None else figure, layout.money.decimal or ",")
