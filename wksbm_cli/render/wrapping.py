"""Texts in lines of a width, measured in columns of a terminal."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import combining, east_asian_width

_BETWEEN_INITIALS, _HELD = re.compile(r"(?<=\b\w\.) (?=\w\.)"), "\N{NO-BREAK SPACE}"


class TextLine(NamedTuple):
    """A line of output. `is_bold` for the name of a row with figures below it, and for totals; `red` are the ranges of
    characters with negative amounts; `on_white` for dark on white regardless of the terminal's colours."""

    text: str
    is_bold: bool = False
    red: tuple[tuple[int, int], ...] = ()
    on_white: bool = False


def display_width(text: str) -> int:
    """Width in terminal columns: two for wide East Asian characters, zero for combining marks."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width`, broken between words where possible, and not between initials. Leading spaces are
    kept, since they indent the parts of a sum."""
    lines: list[str] = []
    line = ""
    words = [word for word in _BETWEEN_INITIALS.sub(_HELD, text).split(" ") if word]
    if words:
        words[0] = text[: len(text) - len(text.lstrip(" "))] + words[0]
    for word in words:
        joined = f"{line} {word}" if line else word
        if display_width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while display_width(word) > width:
            fits = max(1, next(end for end in range(len(word)) if display_width(word[: end + 1]) > width))
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [part.replace(_HELD, " ") for part in (*lines, line) if part]
