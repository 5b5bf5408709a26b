"""Transcripts: pages of prose with typed commands and their answers, performed so that what is written stays true.

The form is told in tests/scenarios/README.md. Performing a page gives the page as it ought to be written:
the same prose, files and commands, with the answers the program gives now. An id that was printed under other digits
before is written and typed as it is printed now, wherever the page names it.
"""

from __future__ import annotations

import io
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from wksbm_cli.cli.main import run

HEADER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```$|^<!-- clock: (\S+) -->$", re.DOTALL | re.MULTILINE)
# In the environment: pages and snapshots are written anew.
UPDATE = "WKSBM_UPDATE_SNAPSHOTS"
# An id as it is printed, in full or its first 8 digits; and as it may be typed or told of, by its first 4 or more.
_PRINTED = re.compile(r"(?<![\w-])(?:[0-9a-f]{32}|[0-9a-f]{12}|[0-9a-f]{8})(?![\w-])")
_TYPED = re.compile(r"(?<![\w-])(?=\d*[a-f]|\d{8})[0-9a-f]{4,32}(?![\w-])")
_EXIT = re.compile(r"^\[exit (\d+)\]$", re.MULTILINE)
LOCALES = {"en": "en_US.UTF-8", "id": "id_ID.UTF-8"}


def header(page: str) -> dict[str, str]:
    """The lines `key: value` above a page."""
    found = HEADER.match(page)
    assert found is not None, "a transcript begins with a header between two lines of ---"
    return dict(line.split(": ", 1) for line in found[1].splitlines())


@dataclass(frozen=True)
class Ids:
    """The ids that a page and the book it starts from print now, by how they were printed when it was written."""

    now: dict[str, str] = field(default_factory=dict)

    def learn(self, written: str, answer: str) -> None:
        """Pair the ids of an answer as written with those of the answer now.

        A line is known by what stands in it beside its ids, in whatever order the lines come; those that are told
        otherwise now are paired in their order.
        """
        if written == answer:
            return
        before, after = _by_rest(written), _by_rest(answer)
        pairs = []
        for rest in before.keys() & after.keys():
            pairs += list(zip(before[rest], after[rest], strict=False))
            before[rest], after[rest] = before[rest][len(after[rest]) :], after[rest][len(before[rest]) :]
        left, right = ([ids for lines in side.values() for ids in lines] for side in (before, after))
        if len(left) == len(right):
            pairs += list(zip(left, right, strict=True))
        for old_ids, new_ids in pairs:
            if len(old_ids) == len(new_ids):
                for old, new in zip(old_ids, new_ids, strict=True):
                    self.now.setdefault(old, new)
                    self.now.setdefault(old[:8], new[:8])

    def follow(self, text: str) -> str:
        """The text with the ids it names, in full or by their first digits, as they are printed now."""

        def renamed(match: re.Match[str]) -> str:
            typed = match[0]
            found = {new[: len(typed)] for old, new in self.now.items() if old.startswith(typed)}
            return found.pop() if len(found) == 1 else typed

        return _TYPED.sub(renamed, text) if self.now else text


def _by_rest(answer: str) -> dict[str, list[list[str]]]:
    """The ids of each line that has some, by the words of the line without them."""
    found = defaultdict(list)
    for line in answer.splitlines():
        if ids := _PRINTED.findall(line):
            found[" ".join(_PRINTED.sub("#", line).split())].append(ids)
    return found


def performed(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, ids: Ids | None = None) -> str:
    """`page` with the answers its commands give in `folder`, which holds the book it starts from; `ids` are that book's."""
    setting = header(page)
    monkeypatch.chdir(folder)
    for name in ("WKSBM_BOOK", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "WKSBM_NOW": setting["clock"],
        "WKSBM_BY": setting["by"],
        "LC_ALL": LOCALES[setting["lang"]],
        "COLUMNS": "80",
    }.items():
        monkeypatch.setenv(name, value)
    typist = _Typist(folder, monkeypatch, ids or Ids())
    parts, end = [], 0
    for match in FENCE.finditer(page):
        parts += [typist.ids.follow(page[end : match.start()]), _fence(match, typist)]
        end = match.end()
    return "".join([*parts, typist.ids.follow(page[end:])])


def _fence(match: re.Match[str], typist: _Typist) -> str:
    """A block of a page as it is now: commands are typed, files are put into the folder."""
    language, name, body, clock = match.groups()
    if clock:
        typist.monkeypatch.setenv("WKSBM_NOW", clock)
        return match[0]
    if language == "console":
        return f"```console\n{typist.perform(body)}```"
    if name is None:
        return typist.ids.follow(match[0])
    (typist.folder / name).parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".xlsx"):
        write_workbook(typist.folder / name, body)
    else:
        (typist.folder / name).write_text(body, encoding="utf-8")
    return match[0]


def write_workbook(path: Path, body: str) -> None:
    """A workbook of one sheet, whose rows a page shows with `|` between their cells; days are written as 2026-02-19."""
    made = Workbook()
    sheet = made.worksheets[0]
    for line in body.splitlines():
        sheet.append([_cell(text.strip()) for text in line.split("|")])
    made.save(path)


def _cell(text: str) -> str | int | date | None:
    if text.isdigit():
        return int(text)
    with suppress(ValueError):
        return date.fromisoformat(text)
    return text or None


class _Screen(io.StringIO):
    """What a person sees: stdout and stderr in the order they came. Remembers whether anything came by stdout."""

    answered = False


class _Out(io.StringIO):
    """The stdout of a screen."""

    def __init__(self, screen: _Screen) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        self._screen.answered |= bool(text)
        return self._screen.write(text)


@dataclass(frozen=True)
class _Typist:
    """Types the commands of a block in a folder."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    ids: Ids

    def perform(self, block: str) -> str:
        answers = []
        for typed, written in _commands(block):
            typed = self.ids.follow(typed)
            answer = self._answer(typed[2:].replace("\\\n", " "))
            if written:  # of a page that is being made only the commands stand there
                was, now = (_EXIT.search(told) for told in (written, answer))
                assert (was and was[0]) == (now and now[0]), f"{typed}ended otherwise than written:\n{answer}"
            self.ids.learn(written, answer)
            answers += [typed, answer]
        return "".join(answers)

    def _answer(self, command: str) -> str:
        program, *words = shlex.split(command)
        match program:
            case "wksbm":
                return self._wksbm(words)
            case "cat":
                return "".join((self.folder / name).read_text(encoding="utf-8") for name in words)
            case "export":
                for word in words:
                    self.monkeypatch.setenv(*word.split("=", 1))
                return ""
        raise AssertionError(f"a transcript knows wksbm, cat and export, not {program}")

    def _wksbm(self, words: list[str]) -> str:
        before = self._files()
        screen = _Screen()
        with redirect_stdout(_Out(screen)), redirect_stderr(screen):
            code = run(words)
        if code >= 2:  # wrong, refused or in trouble: told on stderr, and nothing is otherwise than it was
            assert not screen.answered, f"wksbm {shlex.join(words)} failed, yet answered on stdout"
            assert self._files() == before, f"wksbm {shlex.join(words)} failed, yet changed the book"
        return screen.getvalue() + (f"[exit {code}]\n" if code else "")

    def _files(self) -> dict[Path, bytes]:
        """Every file but the program's own state."""
        return {
            path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file() and ".wksbm" not in path.parts
        }


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a block as typed (a line ending in a backslash goes on), each with the answer written under it."""
    typed = written = ""
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            if typed:
                yield typed, written
            typed, written = line, ""
        elif typed.endswith("\\\n"):
            typed += line
        else:
            written += line
    if typed:
        yield typed, written
