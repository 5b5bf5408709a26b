"""Column widths: of one grid, of grids with equal heads, and of a matrix too wide for its paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wksbm_cli.render.page import Grid
from wksbm_cli.render.wrapping import display_width, wrapped

GAP = 2
# A column of words narrower than this breaks nearly every line.
_NARROWEST = 12


def broken_heads(grid: Grid, width: int) -> Grid:
    """The grid itself, or with the heads of its numbers broken at words over lines, each as wide as what stands below it,
    where only so it stands in `width` columns, or stands there without a wrapped word."""
    if total(widths(grid)) <= width:
        return grid
    lines = (*grid.rows, *grid.totals)
    heads = []
    for column, head in enumerate(grid.heads):
        if head.is_number:
            below = max(display_width(row[column].text) for row in lines) if lines else 0
            longest = max(map(len, head.title.split()), default=0)
            head = head._replace(title="\n".join(wrapped(head.title, max(below, longest, 1))))
        heads.append(head)
    broken = grid._replace(heads=tuple(heads))
    return broken if total(widths(broken)) <= width or not fits(grid, width) else grid


def widths(grid: Grid) -> list[int]:
    """How wide each column is where nothing in it is wrapped."""
    lines = (*grid.rows, *grid.totals)
    return [
        max(*map(display_width, head.title.split("\n")), *(display_width(row[column].text) for row in lines), 0)
        for column, head in enumerate(grid.heads)
    ]


def total(columns: Sequence[int]) -> int:
    return sum(columns) + GAP * (len(columns) - 1)


def fits(grid: Grid, width: int) -> bool:
    """Whether the grid stands in `width` columns with only its columns of words wrapped."""
    least = [
        min(needed, _NARROWEST) if head.type == "text" else needed
        for head, needed in zip(grid.heads, widths(grid), strict=True)
    ]
    return total(least) <= width


def narrowed(grid: Grid, columns: Sequence[int], width: int) -> list[int]:
    """`columns` with those of words made narrower, the widest first, until they stand in `width`, or can be no narrower."""
    narrow = list(columns)
    words = [number for number, head in enumerate(grid.heads) if head.type == "text"]
    while total(narrow) > width and words:
        widest = max(words, key=lambda number: narrow[number])
        if narrow[widest] <= _NARROWEST:
            break
        narrow[widest] -= 1
    return narrow


def alike(grids: Sequence[Grid], width: int | None) -> Mapping[tuple[str, ...], list[int]]:
    """The common widths of grids with the same heads, one for each fund say, so that their figures stand below one another.

    Left out where they would not fit the paper.
    """
    widest: dict[tuple[str, ...], list[int]] = {}
    for grid in grids:
        mine = widths(grid)
        widest[grid.keys] = [max(pair) for pair in zip(mine, widest.get(grid.keys, mine), strict=True)]
    return {keys: columns for keys, columns in widest.items() if width is None or total(columns) <= width}


def continued(grid: Grid, width: int) -> Iterator[Grid]:
    """The grid itself, or the parts into which a matrix too wide for `width` is cut, each with its leading columns.

    The labels of a statement are wrapped before it is cut: who adds it up across wants to see the whole line.
    """
    if not grid.is_matrix or (grid.bold_rows and fits(grid, width)):
        yield grid
        return
    needed = widths(grid)
    left = width - total(needed[: grid.key_columns])
    part: list[int] = []
    for column in range(grid.key_columns, len(grid.heads)):
        if part and sum(needed[other] + GAP for other in (*part, column)) > left:
            yield _only(grid, part)
            part = []
        part.append(column)
    yield _only(grid, part)


def _only(grid: Grid, columns: Sequence[int]) -> Grid:
    """The leading columns of a grid with some of its others, and of its totals those that have something there."""
    wanted = (*range(grid.key_columns), *columns)
    return grid._replace(
        heads=tuple(grid.heads[column] for column in wanted),
        rows=tuple(tuple(row[column] for column in wanted) for row in grid.rows),
        totals=tuple(
            tuple(row[column] for column in wanted)
            for row in grid.totals
            if any(row[column].text for column in columns)
        ),
    )
