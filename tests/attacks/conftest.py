"""The victim of the attacks: a treasurer's book in git, the program run as its own process, and a trap that tells if it was sprung."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sync.git_book import GitBook, environment, line

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Victim:
    """A treasurer with a `book`, another copy `theirs` that a hostile hand commits to, and a `trap`."""

    book: GitBook
    theirs: GitBook
    folder: Path

    @property
    def trap(self) -> str:
        """A program that anyone who starts it leaves a mark with; it does what `cat` does."""
        script = self.folder / "trap"
        script.write_text(f"#!/bin/sh\necho sprung >> {self.mark}\nexec cat\n")
        script.chmod(0o755)
        return str(script)

    @property
    def mark(self) -> Path:
        return self.folder / "mark"

    @property
    def is_sprung(self) -> bool:
        return self.mark.exists()

    def types(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Type a command in the folder of the repository, and read what came of it."""
        return subprocess.run(
            [sys.executable, "-m", "wksbm_cli", "--lang", "en", *words],
            cwd=self.book.top,
            env={
                **environment(),
                "PYTHONPATH": str(ROOT),
                "WKSBM_NOW": "2026-03-01T19:00:00+07:00",
                "WKSBM_BY": "siti",
                "HOME": str(self.folder),
                "XDG_STATE_HOME": str(self.folder / "state"),
                **more,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def everything(self) -> None:
        """What a treasurer and an auditor type in a month, whatever comes of it."""
        for words in (
            ("balance",),
            ("income", "kas-sosial", "5000", "--from", "Bank"),
            ("check",),
            ("audit",),
            ("sync", "--dry-run"),
            ("sync",),
        ):
            self.types(*words)

    def files(self) -> dict[str, bytes]:
        """Every file of the book, the program's own state left out."""
        return {
            str(path.relative_to(self.book.root)): path.read_bytes()
            for path in sorted(self.book.root.rglob("*"))
            if path.is_file() and ".wksbm" not in path.parts
        }


@pytest.fixture
def victim(tmp_path: Path) -> Victim:
    """A book with some entries that commits by itself, cloned from a bare copy which someone else can send to."""
    first = GitBook.new(tmp_path / "first")
    first.write("book.toml", 'format = 1\nname = "Melati"\nlanguage = "en"\n\n[git]\nauto_commit = true\n')
    first.add(line(3), line(4))
    first.commit("first")
    common = tmp_path / "common.git"
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", first.top, common], check=True, env=environment(), capture_output=True
    )
    copies = []
    for name in ("victim", "theirs"):
        top = tmp_path / name
        subprocess.run(["git", "clone", "--quiet", common, top], check=True, env=environment(), capture_output=True)
        copies.append(GitBook(top, top / "ledgers"))
    assert os.path.isdir(copies[0].root)  # noqa: PTH112
    return Victim(copies[0], copies[1], tmp_path)
