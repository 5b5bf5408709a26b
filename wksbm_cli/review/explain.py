"""Showing how a foreign sheet was interpreted: the class of each column and row, and what was ignored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.reports.report import Column, Report, Row, Table
from wksbm_cli.review.recap import form_of
from wksbm_cli.sheets.columns import Part
from wksbm_cli.sheets.grid import column_letters
from wksbm_cli.sheets.reading import read_grids
from wksbm_cli.sheets.tables import RowPart, SheetTable, read_tables

_FORMS: dict[str, Message] = {
    "cash book": msg("a cash book"),
    "list": msg("a list of amounts"),
    "matrix": msg("households and months"),
    "recap": msg("a recapitulation"),
    "unknown": msg("figures of an unknown kind"),
}
COLUMN_PARTS: dict[Part, Message] = {
    "number": msg("running number"),
    "day": msg("day"),
    "voucher": msg("number of the receipt"),
    "text": msg("text"),
    "in": msg("money in"),
    "out": msg("money out"),
    "balance": msg("balance"),
    "opening": msg("opening balance"),
    "closing": msg("closing balance"),
    "amount": msg("amount"),
    "quantity": msg("how many"),
    "price": msg("price of one"),
    "period": msg("month or night"),
    "total": msg("sum of the row"),
    "unit": msg("unit"),
    "unknown": msg("not known"),
}
_ROWS: dict[RowPart, Message] = {
    "entry": msg("rows that count"),
    "opening": msg("opening balance"),
    "carried": msg("carried to or from another page"),
    "sum": msg("sums"),
    "closing": msg("closing balance"),
    "heading": msg("headings"),
    "note": msg("remarks, left out"),
}
# The most rows listed for each class.
_MOST_NAMED = 6

_DATA = (
    Column("file", msg("File")),
    Column("sheet", msg("Sheet")),
    Column("table", msg("Table"), "count"),
    Column("form", msg("Kind"), "code"),
    Column("column", msg("Column"), "code"),
    Column("heading", msg("Heading")),
    Column("part", msg("Read as"), "code"),
    Column("rows", msg("Rows")),
)


def explain(paths: Sequence[str]) -> Report:
    """The tables found in the files, with the classes of columns and rows, without checking them."""
    grids = [grid for path in paths for grid in read_grids(path)]
    tables = [table for at, grid in enumerate(grids) for table in read_tables(grid, follows_others=at > 0)]
    empty = [grid for grid in grids if not any(table.grid is grid for table in tables)]
    data = [row for number, table in enumerate(tables, start=1) for row in _data(number, table)]
    return Report(
        name="review-explained",
        title=msg("What was understood"),
        book=", ".join(PurePath(path).name for path in paths),
        span=Span(None, None),
        data=Table(_DATA, tuple(data)),
        tables=tuple(shown for table in tables for shown in _shown(table)),
        notes=(
            *(note for grid in grids for note in grid.notes),
            *(msg('"{sheet}": no figures were found in it.', sheet=grid.name or grid.file) for grid in empty),
        ),
    )


def _data(number: int, table: SheetTable) -> Iterator[Row]:
    about = {
        "file": PurePath(table.grid.file).name,
        "sheet": table.grid.name,
        "table": number,
        "form": form_of(table),
    }
    nothing = {"column": None, "heading": None, "part": None, "rows": None}
    for column, part in table.columns.parts.items() if table.columns else ():
        heading = table.columns.titles[column] if table.columns else ""
        yield {**about, **nothing, "column": column_letters(column), "heading": heading, "part": part}
    for row_part, numbers in _rows_by_part(table).items():
        yield {**about, **nothing, "part": row_part, "rows": numbers}


def _rows_by_part(table: SheetTable) -> dict[RowPart, list[int]]:
    """The rows of each part, counted from 1."""
    found: dict[RowPart, list[int]] = defaultdict(list)
    for row in table.rows:
        found[row.part].append(row.number + 1)
    return {part: found[part] for part in _ROWS if part in found}


def _shown(table: SheetTable) -> Iterator[Table]:
    name = table.title.rpartition(" · ")[2][:60] or table.grid.name or PurePath(table.grid.file).name
    title = msg("{table}: {form}", table=name, form=_FORMS[form_of(table)])
    if table.columns is not None:
        yield Table(
            (
                Column("column", msg("Column"), "code"),
                Column("heading", msg("Heading")),
                Column("part", msg("Read as")),
            ),
            tuple(
                {"column": column_letters(column), "heading": table.columns.titles[column], "part": COLUMN_PARTS[part]}
                for column, part in table.columns.parts.items()
            ),
            title=title,
        )
    yield Table(
        (Column("part", msg("Rows read as")), Column("count", msg("How many"), "count"), Column("rows", msg("Which"))),
        tuple(
            {"part": _ROWS[part], "count": len(numbers), "rows": _named(numbers)}
            for part, numbers in _rows_by_part(table).items()
        ),
        title=None if table.columns is not None else title,
    )


def _named(numbers: Sequence[int]) -> str:
    """The rows, `3, 5-17`; of many the first runs alone."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:_MOST_NAMED]]
    return ", ".join(told) + (" ..." if len(runs) > _MOST_NAMED else "")
