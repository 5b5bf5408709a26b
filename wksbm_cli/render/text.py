"""Plain aligned text for mail, cron and paper: the same bytes everywhere, no sign beyond those of the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wksbm_cli.render.columns import GAP, alike, broken_heads, display_width, narrowed, total
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, WIDTH, Layout
from wksbm_cli.render.page import Grid, Page, Signed, page
from wksbm_cli.render.stacked import wrapped
from wksbm_cli.reports.report import Report

# A text longer than this goes on below; figures are never broken.
_WIDEST = 40
_SIGNATURE = 36
# Where a page is cut between two copies.
_CUT = ("", "- " * 39 + "-", "")


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report as lines; with `layout.short` as one."""
    told = page(report, language)
    if layout.short:
        return short(told) + "\n"
    lines = [line.rstrip() for line in _lines(told, language, layout)]
    if told.copies:
        lines = [line for copy in told.copies for line in (*lines, "", copy, *_CUT)][: -len(_CUT)]
    return "".join(f"{line}\n" for line in lines)


def short(told: Page) -> str:
    """Title, period and the figures that matter, without signs."""
    head = ", ".join(part for part in (f"{told.title} {told.heading}", told.period) if part)
    return f"{head}: " + "; ".join(text for _, text in told.parts)


def _lines(told: Page, language: Language, layout: Layout) -> Iterator[str]:
    yield f"{told.title} · {told.heading}"
    if told.period:
        yield told.period
    if told.before:
        yield ""
        yield from (line for sentence in told.before for line in wrapped(sentence, WIDTH))
    grids = [broken_heads(grid, WIDTH) for grid in told.grids]
    common = alike(grids, None)
    for grid in grids:
        yield ""
        if grid.title:
            yield grid.title
        yield from _ruled(grid, common[grid.keys])
    if layout.charts:
        from wksbm_cli.render.bars import bars

        for chart in told.charts:
            yield ""
            yield from (line.text for line in bars(chart, language, layout.width))
    if told.notes:
        yield ""
        yield from (line for note in told.notes for line in wrapped(note, WIDTH))
    yield from signed(told)
    if told.seal:
        yield ""
        yield told.seal


def _ruled(grid: Grid, common: Sequence[int]) -> Iterator[str]:
    """Columns as wide as their cells and those of grids alike, a rule under the heads and one above the totals."""
    most = narrowed(grid, [min(least, _WIDEST) for least in common], WIDTH)
    lines = [
        [wrapped(cell.text, room) for cell, room in zip(row, most, strict=True)] for row in (*grid.rows, *grid.totals)
    ]
    heads = [
        [] if grid.label_value else [line for part in head.title.split("\n") for line in wrapped(part, room)]
        for head, room in zip(grid.heads, most, strict=True)
    ]
    widths = [
        max(room, *(display_width(part) for row in (heads, *lines) for part in row[column]), 0)
        for column, room in enumerate(most)
    ]
    rule = "-" * total(widths)

    def laid(row: list[list[str]]) -> Iterator[str]:
        for number in range(max((len(cell) for cell in row), default=0)):
            yield (" " * GAP).join(
                _padded(cell[number] if number < len(cell) else "", width, right=head.is_number)
                for cell, width, head in zip(row, widths, grid.heads, strict=True)
            )

    if not grid.label_value:
        deepest = max(map(len, heads))
        yield from laid([[""] * (deepest - len(head)) + head for head in heads])  # standing on the rule
        yield rule
    for row in lines[: len(grid.rows)]:
        yield from laid(row)
    if grid.totals:
        yield rule
    for row in lines[len(grid.rows) :]:
        yield from laid(row)


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def signed(told: Page) -> Iterator[str]:
    """Room to sign: place and date at the right, roles side by side over the names, who acknowledges it in the middle."""
    if not told.signatures:
        return
    width = min(_SIGNATURE, WIDTH // len(told.signatures))
    yield ""
    yield " " * (width * (len(told.signatures) - 1)) + told.where_when
    yield from _block(told.signatures, 0, width)
    if told.acknowledged:
        yield ""
        yield from _block(told.acknowledged, width * max(0, len(told.signatures) - len(told.acknowledged)) // 2, width)


def _block(block: Sequence[Signed], indent: int, width: int) -> Iterator[str]:
    for texts in ([each.role for each in block], [""], [""], [""], [f"({each.name})" for each in block]):
        yield " " * indent + "".join(f"{text:<{width}}" for text in texts)
