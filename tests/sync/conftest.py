"""Two treasurers, each with a clone of their own, and the copy between them; and a book to damage."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Answer, Typist
from tests.damaged import damaged
from tests.sync.git_book import GitBook, line

__all__ = ["damaged"]


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


class Treasurer:
    """Someone with a clone of their own."""

    def __init__(self, name: str, book: GitBook, typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
        self.name, self.book = name, book
        self._typist, self._monkeypatch = typist, monkeypatch

    def __call__(self, *words: str, lang: str = "en") -> Answer:
        self._monkeypatch.setenv("WKSBM_BY", self.name)
        return self._typist("--book", str(self.book.root), *words, lang=lang)

    def clock(self, moment: str) -> None:
        """Set the clock of both machines."""
        self._typist.clock(moment)

    def must(self, *words: str) -> Answer:
        answer = self(*words)
        assert answer.code == 0, f"{words}: {answer.err}{answer.out}"
        return answer

    def state(self) -> tuple[str, str, dict[str, bytes]]:
        """Where the branch is, what git thinks of the files, and the files: to see that nothing changed."""
        files = {
            str(path.relative_to(self.book.root)): path.read_bytes()
            for path in self.book.root.rglob("*")
            if path.is_file() and not {".wksbm", ".git"} & set(path.parts)
        }
        return self.book.git("rev-parse", "HEAD"), self.book.git("status", "--porcelain"), files


@pytest.fixture
def remote(tmp_path: Path) -> GitBook:
    """The shared copy, a bare repository with a book in it."""
    first = GitBook.new(tmp_path / "first")
    first.add(line(1), line(2))
    first.commit("begin")
    first.git("clone", "--quiet", "--bare", str(first.top), str(tmp_path / "remote.git"))
    return GitBook(tmp_path / "remote.git", tmp_path / "remote.git" / "ledgers")


@pytest.fixture
def siti(remote: GitBook, tmp_path: Path, typist: Typist, monkeypatch: pytest.MonkeyPatch) -> Treasurer:
    return Treasurer("siti", remote.clone(tmp_path / "siti"), typist, monkeypatch)


@pytest.fixture
def budi(remote: GitBook, tmp_path: Path, typist: Typist, monkeypatch: pytest.MonkeyPatch) -> Treasurer:
    return Treasurer("budi", remote.clone(tmp_path / "budi"), typist, monkeypatch)
