"""Pagination of a day book on A4, so that each full page can end with the sums carried over.

Heights are millimetres, from html.py's print style with a small margin: 9 point letters, line height 1.35.
"""

from __future__ import annotations

from collections.abc import Sequence

from wksbm_cli.render.columns import widths
from wksbm_cli.render.page import Cell, Grid, Page

# A4 upright within margins of 14, and what stands on it: above the first row of the whole, of another unit, of a sheet
# that goes on; a line of a row and what is between rows; a letter of what is never wrapped, one of words, and what is
# between columns.
_ACROSS, _PAPER = 182.0, 269.0
_HEADER, _TITLE, _HEADS = 44.0, 18.0, 7.0
_LINE, _BETWEEN = 4.3, 1.5
_LETTER, _WORD_LETTER, _GAP = 1.8, 1.85, 2.2
# Letters in a line of a sentence and of a seal below the table.
_SENTENCE, _SEAL = 90, 70
# The code of the seal beside it.
_QR = 24.0
# Place and date; a row of people who sign.
_WHEN, _SIGNED = 11.0, 30.0
# So many rows at least stand above those who sign.
_FEWEST = 5


def sheets(grid: Grid, *, begins: bool, end: float) -> list[tuple[int, int]]:
    """The rows of each sheet, from and to; all of them together where nothing is carried over.

    `begins` says whether the page's header stands above the grid, `end` how high is what has to stand below its last row.
    """
    count = len(grid.rows)
    if not grid.carried:
        return [(0, count)]
    letters = _letters(grid)
    row_heights = [_lines(row, letters) * _LINE + _BETWEEN for row in grid.rows]
    carried = _LINE + _BETWEEN
    above = _HEADER if begins else _TITLE
    firsts, used = [0], 0.0
    for number, needed in enumerate(row_heights):
        if number > firsts[-1] and above + used + needed + carried > _PAPER:
            firsts.append(number)
            used, above = 0.0, _HEADS + carried
        used += needed
    if above + used + end > _PAPER:
        firsts.append(count)  # the last rows go on, above those who sign
    if len(firsts) > 1:
        firsts[-1] = max(firsts[-2] + 1, min(firsts[-1], count - _FEWEST))
    return list(zip(firsts, [*firsts[1:], count], strict=True))


def _letters(grid: Grid) -> list[int | None]:
    """How many letters stand in a line of each column of words; None for a column that is never wrapped."""
    taken, words = 0.0, 0
    for head, width in zip(grid.heads, widths(grid), strict=True):
        words += head.type == "text"
        taken += _GAP + (0.0 if head.type == "text" else width * _LETTER)
    room = int((_ACROSS - taken) / _WORD_LETTER / max(1, words))
    return [max(1, room) if head.type == "text" else None for head in grid.heads]


def _lines(row: Sequence[Cell], letters: Sequence[int | None]) -> int:
    return max(-(-len(cell.text) // room) if room else 1 for cell, room in zip(row, letters, strict=True))


def height_of_end(told: Page) -> float:
    """How high is what stands below the last table of a page: its totals, the notes, who signs, the seal."""
    totals = (_LINE + _BETWEEN) * len(told.grids[-1].totals) if told.grids else 0.0
    notes = sum(-(-len(note) // _SENTENCE) for note in told.notes) * (_LINE + 1)
    signed = _WHEN + _SIGNED * bool(told.signatures) + _SIGNED * bool(told.acknowledged) if told.signatures else 0.0
    seal = 8 + max(_QR, (-(-len(told.seal) // _SEAL) - -len(told.command or "") // _SEAL) * _LINE) if told.seal else 0.0
    return totals + notes + signed + seal
