"""The text of a WhatsApp message: its own bold and italic, and lines so short that no phone breaks them.

WhatsApp has no escape character. A `*`, `_`, `~` or backtick in a name is replaced by its fullwidth form, which looks
the same, is in every phone's fonts, and is no markup; so are marks of lists and quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.page import Page, page
from wksbm_cli.render.stacked import stacked
from wksbm_cli.render.wrapping import TextLine, display_width, wrapped
from wksbm_cli.reports.report import Report

# What fits a bubble on a phone of 360 points in WhatsApp's middle size of letters.
LINE = 36
_RULE = "━" * 16
_MARKS = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "*_~`"})
_LINE_START = re.compile(r"^\s*(?:>|-(?=\s|$)|\d+(?=\.\s))")


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report as one message; with `layout.short` as one line with signs."""
    told = page(report, language)
    if layout.short:
        return _short(told) + "\n"
    return "".join(f"{line}\n" for line in _lines(told))


def _short(told: Page) -> str:
    head = [f"*{_plain(told.title)}* {_plain(told.heading)}", *([_plain(told.period)] if told.period else [])]
    return " · ".join([*head, *(f"{sign} {_plain(text)}".strip() for sign, text in told.parts)])


def _lines(told: Page) -> Iterator[str]:
    yield from _strong(told.title)
    yield from _strong(told.heading)
    if told.period:
        yield from (f"_{part}_" for part in _fitted(told.period, LINE - 2))
    yield _RULE
    for sentence in told.before:
        yield from _fitted(sentence, LINE)
    for grid in told.grids:
        yield ""
        if grid.caption:
            yield from _strong(grid.caption)
        for line in stacked(grid, LINE, codes=False):
            yield from _emphasised(line)
    if told.notes:
        yield ""
        for note in told.notes:
            first, *rest = _fitted(note, LINE - 2)
            yield f"• {first}"
            yield from (f"  {part}" for part in rest)
    if told.signatures:
        yield ""
        for signed in (*told.signatures, *told.acknowledged):
            yield from _fitted(f"{signed.role}: {signed.name}", LINE)
    if told.seal:
        # In one piece, so that it can be copied and verified; the only line a phone may break.
        yield ""
        yield _plain(told.seal)
    if told.command:
        yield _plain(told.command)


def _fitted(text: str, width: int) -> Iterator[str]:
    """Plain lines of at most `width`; a twin is twice as wide as its mark, so a line that grew is wrapped once more."""
    for part in wrapped(text, width):
        plain = _plain(part)
        if display_width(plain) <= width:
            yield plain
        else:
            yield from _fitted(plain, width)


def _strong(text: str) -> Iterator[str]:
    """Each line in its own marks: bold does not go over the end of a line."""
    yield from (f"*{part}*" for part in _fitted(text, LINE - 2))


def _emphasised(line: TextLine) -> Iterator[str]:
    for text in _fitted(line.text, LINE):
        body = text.lstrip()
        yield f"{text[: len(text) - len(body)]}*{body}*" if line.is_bold and body else text


def _plain(text: str) -> str:
    """Text in which nothing is a mark of WhatsApp's."""
    return _LINE_START.sub(_twin, text.translate(_MARKS))


def _twin(start: re.Match[str]) -> str:
    return "".join(char if char.isspace() else chr(ord(char) + 0xFEE0) for char in start[0])
