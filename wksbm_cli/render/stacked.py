"""A table for narrow places, a phone or a split screen: each row as a few short lines below each other."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from wksbm_cli.render.page import Cell, Grid, Head


@dataclass(frozen=True, slots=True)
class Line:
    """A line that fits. `strong` for the name of a row with figures below it, and for totals."""

    text: str
    strong: bool = False


def stacked(grid: Grid, width: int) -> Iterator[Line]:
    """The rows and totals of a grid, no line longer than `width`."""
    for row in grid.rows:
        yield from _row(grid, row, width, strong=False)
    for total in grid.totals:
        yield from _row(grid, total, width, strong=True)


def _row(grid: Grid, row: tuple[Cell, ...], width: int, *, strong: bool) -> Iterator[Line]:
    """`label: figure` where one figure stands beside a label and both fit; else the label, then a line per figure."""
    names, figures = _split(grid, row)
    label = " · ".join(names)
    if len(figures) == 1:
        whole = f"{label}: {figures[0][1]}" if label else f"{figures[0][0].title}: {figures[0][1]}"
        if len(whole) <= width:
            yield Line(whole, strong)
            return
    yield from (Line(part, strong or len(figures) > 1) for part in wrapped(label, width))
    if grid.is_matrix and len(figures) > 1:
        cells = [f"{head.title} {text}" for head, text in figures]
        yield from (Line(f"  {part}", strong) for part in _joined(cells, width - 2))
        return
    for head, text in figures:
        told = text if len(figures) == 1 else f"{head.title}: {text}"
        yield from (Line(f"  {part}", strong) for part in wrapped(told, width - 2))


def _split(grid: Grid, row: tuple[Cell, ...]) -> tuple[list[str], list[tuple[Head, str]]]:
    """What names a row, and what is told of it under heads: all from the first number on.

    The running number of a row says nothing where rows are not lines, and is left out.
    """
    pairs = [(head, cell.text) for head, cell in zip(grid.heads, row, strict=True)]
    if pairs[0][0].type == "count":
        pairs = pairs[1:]
    first = next((number for number, (head, _) in enumerate(pairs) if head.is_number), len(pairs))
    names = [text for _, text in pairs[:first] if text]
    return names, [(head, text) for head, text in pairs[first:] if text]


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width`, broken between words where there is one."""
    return textwrap.wrap(text, width, break_on_hyphens=False) if text else []


def _joined(cells: list[str], width: int) -> Iterator[str]:
    """Cells side by side, as many as fit on a line."""
    line = ""
    for cell in cells:
        longer = f"{line} · {cell}" if line else cell
        if line and len(longer) > width:
            yield line
            longer = cell
        line = longer
    if line:
        yield line
