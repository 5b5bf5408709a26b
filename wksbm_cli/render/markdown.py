"""Markdown with tables as GitHub has them; nothing in a name or note is markup, a link or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.page import Cell, Grid, page
from wksbm_cli.reports.report import Report

# What may act within a line, and what only at its beginning.
_ACTS = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINE_START = re.compile(r"^(?:\d+(?=[.)])|(?=[-+=#]))")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report as a document with a heading, a table for each of its tables, and its notes as a list."""
    told = page(report, language)
    blocks = [f"# {escaped(told.title)} · {escaped(told.heading)}"]
    if told.period:
        blocks.append(f"*{escaped(told.period)}*")
    blocks += map(_paragraph, told.before)
    for grid in told.grids:
        if grid.title:
            blocks.append(f"## {escaped(grid.title)}")
        blocks.append("\n".join(_table(grid)))
    if told.notes:
        blocks.append("\n".join(f"- {_paragraph(note)}" for note in told.notes))
    if told.signatures:
        blocks.append(_paragraph(told.where_when))
        blocks += (f"{_paragraph(each.role)}: {escaped(each.name)}" for each in (*told.signatures, *told.acknowledged))
    if told.seal:
        blocks.append(f"`{told.seal.replace('`', '')}`")
    if told.command:
        blocks.append(f"`{told.command.replace('`', '')}`")
    return "\n\n".join(blocks) + "\n"


def _table(grid: Grid) -> Iterator[str]:
    if grid.label_value:
        yield from (f"- {_paragraph(label.text)}: {escaped(value.text)}" for label, value in grid.rows)
        return
    yield _row(head.title for head in grid.heads)
    yield _row((("---:" if head.is_number else "---") for head in grid.heads), ready=True)
    for number, row in enumerate((*grid.rows, *grid.totals)):
        if number in grid.bold_rows or number >= len(grid.rows):
            yield _row((_bold(cell) for cell in row), ready=True)
        else:
            yield _row(cell.text for cell in row)


def _row(texts: Iterable[str], *, ready: bool = False) -> str:
    return "| " + " | ".join(text if ready else escaped(text) for text in texts) + " |"


def _bold(cell: Cell) -> str:
    return f"**{escaped(cell.text)}**" if cell.text.strip() else ""


def escaped(text: str) -> str:
    """Text as itself: every character that could act within a line stands behind a backslash."""
    plain = _ACTS.sub(r"\\\1", text.strip())
    return _LINK.sub(lambda link: f"{link[1] or link[3]}\\{link[2] or link[4]}", plain)


def _paragraph(text: str) -> str:
    """Text that begins a line, where a hyphen or a number would begin a list."""
    return _LINE_START.sub(r"\g<0>\\", escaped(text))
