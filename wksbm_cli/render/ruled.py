"""A grid as aligned columns with a rule under the heads and one above the totals: on a terminal, in a mail, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wksbm_cli.render.columns import GAP, narrowed, total, widths
from wksbm_cli.render.page import Cell, Grid
from wksbm_cli.render.wrapping import TextLine, display_width, wrapped


def ruled(
    grid: Grid, common: Mapping[tuple[str, ...], Sequence[int]], width: int, rule: str = "-"
) -> Iterator[TextLine]:
    """The lines of a grid: columns as wide as their cells and those of grids alike, words wrapped to stand in `width`,
    figures never."""
    most = narrowed(grid, common.get(grid.keys) or widths(grid), width)
    rows = [_wrapped(row, most) for row in (*grid.rows, *grid.totals)]
    heads = [
        [] if grid.label_value else [line for part in head.title.split("\n") for line in wrapped(part, room)]
        for head, room in zip(grid.heads, most, strict=True)
    ]
    columns = [
        max(room, *(display_width(part) for row in (heads, *rows) for part in row[column]), 0)
        for column, room in enumerate(most)
    ]
    under = rule * total(columns)
    if not grid.label_value:
        deepest = max(map(len, heads))
        standing = [[""] * (deepest - len(head)) + head for head in heads]  # on the rule
        yield from _laid(grid, standing, columns, is_bold=True)
        yield TextLine(under)
    for number, (row, cells) in enumerate(zip(grid.rows, rows, strict=False)):
        yield from _laid(grid, cells, columns, row, is_bold=number in grid.bold_rows)
    if grid.totals:
        yield TextLine(under)
    for row, cells in zip(grid.totals, rows[len(grid.rows) :], strict=True):
        yield from _laid(grid, cells, columns, row, is_bold=True)


def _wrapped(row: Sequence[Cell], rooms: Sequence[int]) -> list[list[str]]:
    return [wrapped(cell.text, room) for cell, room in zip(row, rooms, strict=True)]


def _laid(
    grid: Grid, cells: Sequence[Sequence[str]], columns: Sequence[int], row: Sequence[Cell] = (), *, is_bold: bool
) -> Iterator[TextLine]:
    """A row, whose wrapped cells go on below; where its amounts are below nothing is told beside the text."""
    for number in range(max((len(cell) for cell in cells), default=0)):
        line, red = "", []
        for column, (cell, width, head) in enumerate(zip(cells, columns, grid.heads, strict=True)):
            text = cell[number] if number < len(cell) else ""
            space = " " * (width - display_width(text))
            line += (" " * GAP if column else "") + (space if head.is_number else "")
            if row and row[column].negative and text:
                red.append((len(line), len(line) + len(text)))
            line += text + ("" if head.is_number else space)
        yield TextLine(line.rstrip(), is_bold, tuple(red))
