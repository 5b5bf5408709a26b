"""Texts in lines of a width, measured in columns of a terminal."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import combining, east_asian_width

_BETWEEN_INITIALS, _HELD = re.compile(r"(?<=\b\w\.) (?=\w\.)"), "\N{NO-BREAK SPACE}"


class TextLine(NamedTuple):
    """A line that fits. `is_bold` for what names a row with figures below it, and for a total; `red` are the stretches of it,
    from and to which letter, that are amounts below nothing; `on_white` for what is dark on white whatever the terminal's colours."""

    text: str
    is_bold: bool = False
    red: tuple[tuple[int, int], ...] = ()
    on_white: bool = False


def display_width(text: str) -> int:
    """Columns on a terminal: two for the wide letters of East Asia, none for marks on a letter."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width`, broken between words where there is one, and not between initials. The spaces before
    its first word stay: they set what is part of a sum off from the sum."""
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
