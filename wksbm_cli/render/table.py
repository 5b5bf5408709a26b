"""A report for a terminal: as wide as that is, ruled as a cash book is, coloured sparingly.

Who signs is left to paper. Only the colours need Rich, and it is given no markup: `[red]` in a name is only letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wksbm_cli.render.columns import alike, broken_heads, continued, fits
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.page import Page, page
from wksbm_cli.render.ruled import ruled
from wksbm_cli.render.stacked import stacked
from wksbm_cli.render.text import short
from wksbm_cli.render.wrapping import TextLine, wrapped
from wksbm_cli.reports.report import Report

_MOST_PARTS = 3  # of a matrix below each other; more are harder to read than each row by itself


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report for a terminal of `layout.width` columns."""
    told = page(report, language)
    lines = _sentence(short(told), layout) if layout.short else _lines(told, language, layout)
    return "".join(f"{line}\n" for line in (_coloured(lines) if layout.colour else (line.text for line in lines)))


def _lines(told: Page, language: Language, layout: Layout) -> Iterator[TextLine]:
    yield from _sentence(f"{told.title} · {told.heading}", layout, is_bold=True)
    for sentence in (told.period or "", *told.before):
        yield from _sentence(sentence, layout)
    grids = [broken_heads(grid, layout.width) for grid in told.grids]
    common = alike(grids, layout.width)
    for whole, grid in zip(told.grids, grids, strict=True):
        yield TextLine("")
        if grid.title:
            yield from _sentence(grid.title, layout, is_bold=True)
        parts = list(continued(grid, layout.width))
        if len(parts) > _MOST_PARTS or not all(fits(part, layout.width) for part in parts):
            if whole.caption and not whole.title:
                yield from _sentence(whole.caption, layout, is_bold=True)
            yield from stacked(whole, layout.width)
            continue
        for number, part in enumerate(parts):
            if number:
                yield TextLine("")
            yield from ruled(part, common, layout.width, "─")
    if layout.charts:
        from wksbm_cli.render.bars import bars

        for chart in told.charts:
            yield TextLine("")
            yield from bars(chart, language, layout.width)
    if told.notes:
        yield TextLine("")
    for note in told.notes:
        yield from _sentence(note, layout)
    if told.seal:
        yield from (TextLine(""), TextLine(told.seal))
        if layout.qr:
            from wksbm_cli.render.qr import as_lines

            yield from (TextLine(line, on_white=True) for line in as_lines(told.seal_text))
    if told.command:
        yield TextLine(told.command)


def _sentence(text: str, layout: Layout, *, is_bold: bool = False) -> Iterator[TextLine]:
    yield from (TextLine(line, is_bold) for line in wrapped(text, layout.width))


def _coloured(lines: Iterable[TextLine]) -> Iterator[str]:
    """The lines with the escape sequences of a terminal: what is bold, and red where an amount is below nothing."""
    from rich.color import ColorSystem
    from rich.style import Style

    usual, bold, red = Style.null(), Style(bold=True), Style(color="red")
    paper = Style(color="black", bgcolor="white")

    def painted(text: str, style: Style) -> str:
        return style.render(text, color_system=ColorSystem.STANDARD)

    for line in lines:
        style, end, parts = paper if line.on_white else bold if line.is_bold else usual, 0, []
        for start, stop in line.red:
            parts += [painted(line.text[end:start], style), painted(line.text[start:stop], style + red)]
            end = stop
        yield "".join((*parts, painted(line.text[end:], style)))
