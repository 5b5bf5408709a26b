"""Plain aligned text for mail, cron and paper: the same bytes everywhere, no symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wksbm_cli.render.columns import alike, broken_heads
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, WIDTH, Layout
from wksbm_cli.render.page import Page, Signed, page
from wksbm_cli.render.ruled import ruled
from wksbm_cli.render.wrapping import wrapped
from wksbm_cli.reports.report import Report

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
        yield from (line.text for line in ruled(grid, common, WIDTH))
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
        if layout.qr:
            from wksbm_cli.render.qr import as_lines

            yield from as_lines(told.seal_text)
    if told.command:
        yield told.command


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
