"""Transcripts: pages of prose with typed commands and their answers, performed so that what is written stays true.

The form is told in tests/scenarios/README.md. Performing a page gives the page as it ought to be written:
the same prose, files and commands, with the answers the program gives now.
"""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from wksbm_cli.cli.main import run

HEADER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```$|^<!-- clock: (\S+) -->$", re.DOTALL | re.MULTILINE)
LOCALES = {"en": "en_US.UTF-8", "id": "id_ID.UTF-8"}


def header(page: str) -> dict[str, str]:
    """The lines `key: value` above a page."""
    found = HEADER.match(page)
    assert found is not None, "a transcript begins with a header between two lines of ---"
    return dict(line.split(": ", 1) for line in found[1].splitlines())


def performed(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """`page` with the answers its commands give in `folder`, which holds the book it starts from."""
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
    typist = _Typist(folder, monkeypatch)

    def fence(match: re.Match[str]) -> str:
        language, name, body, clock = match.groups()
        if clock:
            monkeypatch.setenv("WKSBM_NOW", clock)
        if language == "console":
            return f"```console\n{typist.perform(body)}```"
        if name is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(body, encoding="utf-8")
        return match[0]

    return FENCE.sub(fence, page)


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

    def perform(self, block: str) -> str:
        return "".join(f"{typed}{self._answer(command)}" for typed, command in _commands(block))

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
    """The commands of a block as typed (a line ending in a backslash goes on) and as a shell reads them."""
    lines = iter(block.splitlines(keepends=True))
    for line in lines:
        if not line.startswith("$ "):
            continue
        typed = line
        while typed.endswith("\\\n"):
            typed += next(lines)
        yield typed, typed[2:].replace("\\\n", " ")
