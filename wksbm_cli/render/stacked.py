"""A table for narrow screens: each row as a few short lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from wksbm_cli.render.page import Cell, Grid, Head
from wksbm_cli.render.wrapping import TextLine, display_width, wrapped


def stacked(grid: Grid, width: int, *, codes: bool = True) -> Iterator[TextLine]:
    """The rows and totals of a grid (of a recap the totals alone), no line longer than `width`.

    Without `codes` the ids of entries are left out, which only those who keep the book need.
    """
    kept = [number for number, head in enumerate(grid.heads) if _is_told(number, head, codes=codes)]
    heads = [grid.heads[number] for number in kept]

    def pairs(row: tuple[Cell, ...]) -> list[tuple[Head, str]]:
        return [(head, row[number].text) for head, number in zip(heads, kept, strict=True)]

    if not grid.is_summary:
        for number, row in enumerate(grid.rows):
            if grid.label_value:
                yield from map(TextLine, wrapped(": ".join(cell.text for cell in row), width))
                continue
            yield from _row(grid, pairs(row), width, is_bold=number in grid.bold_rows)
    for total in grid.totals:
        told = pairs(total)
        yield from _row(grid, told[1:] if grid.is_summary and len(grid.totals) == 1 else told, width, is_bold=True)


def _is_told(number: int, head: Head, *, codes: bool) -> bool:
    """Whether a column is shown: running numbers are left out."""
    return not (number == 0 and head.type == "count") and (codes or head.type != "code")


def _row(grid: Grid, pairs: list[tuple[Head, str]], width: int, *, is_bold: bool) -> Iterator[TextLine]:
    """The name of the row, then its other cells with their heads.

    `label: figure` where the grid has one figure, beside a label, and both fit; else the figures below the label.
    """
    alone = sum(head.is_number for head, _ in pairs) == 1
    first = next((number for number, (head, _) in enumerate(pairs) if head.is_number), len(pairs))
    names = [text for _, text in pairs[:first] if text]
    figures = [(head.title, text) for head, text in pairs[first:] if text]
    if len(figures) == 1 and len(names) <= 1:
        title, text = figures[0]
        # The head is redundant where there is only one, or where the name contains it: `Opening balance: 1.000`.
        is_said = alone or (names and title.casefold() in names[0].casefold())
        whole = f"{names[0]}: {text if is_said else f'{title} {text}'}" if names else f"{title}: {text}"
        if display_width(whole) <= width:
            yield TextLine(whole, is_bold)
            return
    # The name is bold above its figures; in a day book only the date.
    is_named = all(head.type != "date" for head, _ in pairs)
    stands_out = grid.numbers > 1
    for number, part in enumerate(_joined(names, width)):
        yield TextLine(part, is_bold or (stands_out and (is_named or number == 0)))
    if len(figures) == 1:
        title, text = figures[0]
        yield TextLine(f"  {text}" if alone else f"  {title} {text}", is_bold)
    elif grid.is_matrix:
        yield from (TextLine(f"  {part}") for part in _joined(_runs(pairs[first:]), width - 2))
    elif len(figures) == 2:
        yield from (
            TextLine(f"  {part}") for part in _joined([f"{title} {text}" for title, text in figures], width - 2)
        )
    else:
        for title, text in figures:
            yield from (TextLine(f"  {part}") for part in wrapped(f"{title}: {text}", width - 2))


def _runs(pairs: list[tuple[Head, str]]) -> list[str]:
    """The cells of a matrix, with equal figures of three or more consecutive periods merged: `Jan 2026–Jun 2026: 5.000`."""
    told: list[str] = []
    for (text, is_period), run in groupby(pairs, key=lambda pair: (pair[1], pair[0].type == "period")):
        titles = [head.title for head, _ in run]
        if text and is_period and len(titles) > 2:
            told.append(f"{titles[0]}–{titles[-1]}: {text}")
        elif text:
            told += [f"{each}: {text}" for each in titles]
    return told


def _joined(parts: list[str], width: int) -> Iterator[str]:
    """Fill lines with parts; only a part longer than a line is broken itself."""
    line = ""
    for part in parts:
        longer = f"{line} · {part}" if line else part
        if display_width(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = wrapped(part, width)
        yield from whole
    if line:
        yield line
