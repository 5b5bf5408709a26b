"""Parsing TOML files written by hand, with file, line and text in every error."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli

from wksbm_cli.book.folder import shown
from wksbm_cli.book.whole import LARGEST_REGISTER, read_whole
from wksbm_cli.domain.inline import exact_number
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem, Trouble, Where, reason_of
from wksbm_cli.domain.table import UnknownKey

# How git begins a part that it could not merge.
CONFLICT = "<<<<<<< "
_ANY_TABLE = re.compile(r"^\s*\[")


def unreadable(error: OSError, path: Path) -> Trouble:
    """The error about an existing file that cannot be read."""
    return Trouble(
        msg("This file cannot be read: {reason}.", reason=reason_of(error)),
        hint=msg("Ask its owner for the right to read it.") if isinstance(error, PermissionError) else None,
        where=Where(shown(path)),
    )


@lru_cache(maxsize=1024)
def _loaded(text: str) -> dict[str, Any]:
    """Parse a text, cached: a recording reads every register twice, before and under the lock."""
    return tomli.loads(text, parse_float=exact_number)


def loaded(data: bytes) -> dict[str, Any] | None:
    """Parse a register from git or another clone; None where it is invalid."""
    try:
        return _loaded(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, ArithmeticError, RecursionError):
        return None


class TomlFile:
    """Reads a file; every `Problem` raised within the `with` block gets its file and line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[str] = []
        self.table: dict[str, Any] = {}

    def __enter__(self) -> TomlFile:
        try:
            text = read_whole(self._path, LARGEST_REGISTER)[0].decode("utf-8-sig").replace("\r\n", "\n")
            self._lines = text.split("\n")
            self.table = _loaded(text)
        except UnicodeDecodeError:
            raise Trouble(
                msg("This file is not in UTF-8."), where=self._where(0), hint=msg("Save it in a text editor as UTF-8.")
            ) from None
        except tomli.TOMLDecodeError as error:
            from wksbm_cli.book.unjoined import unjoined

            if marked := next((at for at, line in enumerate(self._lines, 1) if line.startswith(CONFLICT)), 0):
                raise unjoined(self._path, self._where(marked)) from None
            raise Trouble(
                msg("This file is not valid TOML: {reason}.", reason=str(error)),
                where=self._where(getattr(error, "lineno", 0)),
                hint=msg("Correct this line in a text editor, then type the command again."),
            ) from None
        # Thousands of digits, or brackets nested thousands deep.
        except (ValueError, ArithmeticError, RecursionError):
            raise Trouble(msg("This file holds what no book can hold."), where=self._where(0)) from None
        except OSError as error:
            raise unreadable(error, self._path) from None
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UnknownKey):
            error.at(self._where(self._line_of(error)))
        elif isinstance(error, Problem):
            error.at(self._where(0))

    def _where(self, line: int) -> Where:
        excerpt = self._lines[line - 1].strip()[:120] if 0 < line <= len(self._lines) else ""
        return Where(shown(self._path), line, excerpt)

    def _line_of(self, error: UnknownKey) -> int:
        """The first line that sets the key or opens a table of that name, within the given table; 0 for none."""
        # A dotted key (`units.beras`), or a quoted key that contains a point itself.
        either = "|".join(re.escape(key) for key in dict.fromkeys((error.key, error.key.rsplit(".", 1)[-1])))
        name = f"(?:{either})"
        pattern = re.compile(
            rf'^\s*(?:(?:[\w"-]+\.)*"?{name}"?\s*=|\[+[^\]#]*(?<![\w-]){name}"?\]+)|[{{,]\s*"?{name}"?\s*='
        )
        first, last = self._bounds(error.within)
        found = (number for number in range(first, last + 1) if pattern.search(self._lines[number - 1]))
        return next(found, 0)

    def _bounds(self, within: tuple[str, int] | None) -> tuple[int, int]:
        """The first and last line of a table of an array; of the whole file where it is not written as `[[name]]`."""
        if within is not None:
            name, number = within
            opening = re.compile(rf"^\s*\[\[\s*{re.escape(name)}\s*\]\]")
            starts = [line for line, text in enumerate(self._lines, 1) if opening.search(text)]
            if number < len(starts):
                first = starts[number]
                later = range(first + 1, len(self._lines) + 1)
                # A table of the table, as [rules.when], belongs to it.
                inner = re.compile(rf"^\s*\[\s*{re.escape(name)}\.")
                ends = (line for line in later if _ANY_TABLE.search(self._lines[line - 1]))
                return first, next(
                    (line - 1 for line in ends if not inner.search(self._lines[line - 1])), len(self._lines)
                )
        return 1, len(self._lines)
