"""Sentences as values, translated only at the edge.

The domain does not know the reader's language. It returns a `Message`: an English sentence
that is the key of the catalogue, and the values to put in. `render.language.Language.say` looks the
sentence up and prints the values (amounts, dates, other messages) as that language does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Message(NamedTuple):
    """`text` with `{name}` places for `values`; `plural` and `number` where English needs two forms."""

    text: str
    values: Mapping[str, Any] = {}
    plural: str | None = None
    number: int = 1

    def __str__(self) -> str:
        """The English sentence, for tests and tracebacks; users are answered by `Language.say`."""
        text = self.text if self.plural is None or self.number == 1 else self.plural
        return text.format(**self.values)


def msg(text: str, /, **values: Any) -> Message:
    """A sentence to be translated; the extractor of catalogues looks for calls of this name."""
    return Message(text, values)


def msgn(text: str, plural: str, count: int, /, **values: Any) -> Message:
    """A sentence with a plural form; `{count}` is the number."""
    return Message(text, {"count": count, **values}, plural, count)
