"""What is being typed into a sheet, kept beside the book so that a crash or a closed terminal loses none of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from wksbm_cli.guided.round import Mark

_NAME = "guided.json"
_WORDS = ("paid", "nothing", "away")
_MOST = 10**15


def kept(state: Path, key: str, houses: Collection[str]) -> dict[str, Mark]:
    """The marks kept for a sheet, of houses that are on it."""
    marks = _read(state).get(key)
    if not isinstance(marks, Mapping):
        return {}
    return {slug: mark for slug, mark in marks.items() if slug in houses and _is_mark(mark)}


def keep(state: Path, key: str, marks: Mapping[str, Mark]) -> None:
    """A disk that takes nothing keeps nothing: the sheet on the screen stands all the same."""
    with suppress(OSError):
        _write(state, {**_read(state), key: dict(marks)})


def forget(state: Path, key: str) -> None:
    sheets = _read(state)
    if sheets.pop(key, None) is not None:
        with suppress(OSError):
            _write(state, sheets)


def _is_mark(mark: object) -> bool:
    return mark in _WORDS or (type(mark) is int and 0 <= mark < _MOST)


def _read(state: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        found = json.loads((state / _NAME).read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def _write(state: Path, sheets: Mapping[str, object]) -> None:
    state.mkdir(exist_ok=True)
    staged = state / f"{_NAME}.new"
    staged.write_text(json.dumps(sheets), encoding="utf-8")
    staged.replace(state / _NAME)
