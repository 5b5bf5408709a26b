"""Values as TOML writes them on one line: into a ledger, and into a sentence about a value that cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeGuard

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MOST_SHOWN = 60
# A third as a percentage has 16 digits after the point in most programs, and a fund's rupiah at most 12 before it.
_MOST_DIGITS = 20
# Longer whole numbers are never printed: Python itself refuses to convert thousands of digits.
_LARGEST_SHOWN = 10**40


def is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether a value is a list of values and no record: a `NamedTuple` is a tuple too."""
    return type(value) in (list, tuple)


def inline(value: Any) -> str:
    """A value as TOML writes it inside a line. Texts hold no control characters, so two escapes are enough."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case _ if is_list(value):
            return "[" + ", ".join(inline(item) for item in value) + "]"
        case Mapping():
            # What members gave, of which a line has sixty, are whole numbers.
            pairs = ", ".join(
                [f"{inline_key(key)} = {item if type(item) is int else inline(item)}" for key, item in value.items()]
            )
            return "{ " + pairs + " }" if pairs else "{}"
    raise TypeError(f"{type(value).__name__} has no place in a ledger line")


@lru_cache(maxsize=1024)
def inline_key(key: str) -> str:
    """A key as it stands in a table; a collection names the same members night after night."""
    return key if _BARE_KEY.fullmatch(key) else inline(key)


def exact_number(digits: str) -> Decimal:
    """A TOML number with a point, without a loss; `ValueError` for one that no book has (nan, 1e9999999)."""
    number = Decimal(digits)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS or len(digits) > 2 * _MOST_DIGITS:
        raise ValueError
    return number


def shown(value: Any) -> str:
    """Any value a TOML file can hold, as it may stand there, cut to what a sentence can carry."""
    match value:
        case float() | time() | Decimal():  # 1e999999999 is never written out
            text = str(value)
        case int() if abs(value) > _LARGEST_SHOWN:
            text = hex(value)
        case list() | Mapping():
            text = "[...]" if isinstance(value, list) else "{ ... }"
        case _:
            text = inline(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
