"""Tables for a terminal, with Rich: ruled as a cash book is, coloured sparingly, as narrow as the terminal.

Who signs is left to paper. Names and notes reach Rich as `Text`, never as markup, so that `[red]` in a name is only letters.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wksbm_cli.render.bars import bars
from wksbm_cli.render.columns import alike, broken_heads, continued, fits
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.page import Cell, Grid, page
from wksbm_cli.render.stacked import stacked
from wksbm_cli.render.text import short
from wksbm_cli.reports.report import Report

_MOST_PARTS = 3  # of a matrix below each other; more are harder to read than each row by itself
# A rule under the heads and one above the totals, and nothing else.
_RULED = box.Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report for a terminal of `layout.width` columns."""
    told = page(report, language)
    out = io.StringIO()
    console = Console(
        file=out,
        width=layout.width,
        height=100,
        force_terminal=layout.colour,
        no_color=not layout.colour,
        color_system="standard" if layout.colour else None,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    if layout.short:
        console.print(Text(short(told)))
        return out.getvalue()
    console.print(Text(f"{told.title} · {told.heading}", style="bold"))
    if told.period:
        console.print(Text(told.period))
    for sentence in told.before:
        console.print(Text(sentence))
    grids = [broken_heads(grid, layout.width) for grid in told.grids]
    common = alike(grids, layout.width)
    for whole, grid in zip(told.grids, grids, strict=True):
        console.print()
        if grid.title:
            console.print(Text(grid.title, style="bold"))
        parts = list(continued(grid, layout.width))
        if len(parts) > _MOST_PARTS or not all(fits(part, layout.width) for part in parts):
            if whole.caption and not whole.title:
                console.print(Text(whole.caption, style="bold"))
            for line in stacked(whole, layout.width):
                console.print(Text(line.text, style="bold" if line.is_bold else ""))
            continue
        for number, part in enumerate(parts):
            if number:
                console.print()
            console.print(_ruled(part, common))
    if layout.charts:
        for chart in told.charts:
            console.print()
            for bar in bars(chart, language, layout.width):
                console.print(Text(bar.text, style="bold" if bar.is_bold else ""))
    if told.notes:
        console.print()
    for note in told.notes:
        console.print(Text(note))
    if told.seal:
        console.print()
        console.print(Text(told.seal, style="dim"), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")[:-1])


def _ruled(grid: Grid, common: Mapping[tuple[str, ...], Sequence[int]]) -> Table:
    made = Table(
        box=None if grid.label_value else _RULED,
        show_header=not grid.label_value,
        show_edge=False,
        show_footer=False,
        pad_edge=False,
        padding=(0, 2 if grid.label_value else 1),
        header_style="bold",
        collapse_padding=True,
    )
    for column, head in enumerate(grid.heads):
        made.add_column(
            Text(head.title),
            justify="right" if head.is_number else "left",
            no_wrap=head.type != "text",
            min_width=common[grid.keys][column] if grid.keys in common else None,
            overflow="fold",
        )
    for number, row in enumerate(grid.rows):
        made.add_row(*map(_text, row), style="bold" if number in grid.bold_rows else "")
    if grid.totals:
        made.add_section()
        for row in grid.totals:
            made.add_row(*map(_text, row), style="bold")
    return made


def _text(cell: Cell) -> Text:
    return Text(cell.text, style="red" if cell.negative else "")
