"""A book to type commands into, as a treasurer would: `book("contribute", "kas-sosial", "budi", "5000")`."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from wksbm_cli.cli.main import run

# A slow machine makes no test fail.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Typist:
    """Types commands in one folder; the clock, the name and the language are set, not the machine's."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capsys, self._monkeypatch = capsys, monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setenv("WKSBM_BY", "siti")
        monkeypatch.delenv("WKSBM_BOOK", raising=False)
        monkeypatch.setenv("LC_ALL", "C")
        monkeypatch.setenv("XDG_STATE_HOME", str(folder.parent / f"{folder.name}-state"))
        self.clock("2026-03-01T19:00:00+07:00")

    def clock(self, moment: str) -> None:
        """Set the moment at which the following commands are typed."""
        self._monkeypatch.setenv("WKSBM_NOW", moment)

    def __call__(self, *words: str, lang: str = "en") -> Answer:
        """Type one command and read its answer."""
        self._capsys.readouterr()
        code = run(["--lang", lang, *words])
        captured = self._capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    def must(self, *words: str, lang: str = "en") -> Answer:
        """Type a command that has to succeed."""
        answer = self(*words, lang=lang)
        assert answer.code == 0, f"wksbm {' '.join(words)}: {answer.err or answer.out}"
        return answer

    def ledger(self, fund: str = "rt-07/kas-sosial", year: int = 2026) -> Path:
        return self.folder / "ledgers" / fund / f"{year}.toml"

    def lines(self, fund: str = "rt-07/kas-sosial", year: int = 2026) -> list[str]:
        """The entry lines of a ledger."""
        path = self.ledger(fund, year)
        return [line for line in path.read_text().splitlines() if " = {" in line] if path.exists() else []

    def files(self) -> dict[str, bytes]:
        """Every file of the book by its path, the program's own state left out: to see that nothing changed."""
        root = self.folder / "ledgers"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and ".wksbm" not in path.parts
        }


@pytest.fixture
def typist(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typist:
    """Someone at an empty folder."""
    return Typist(tmp_path, capsys, monkeypatch)


@pytest.fixture(scope="session")
def kept_small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small book is kept once it was typed, for the tests after the first."""
    return tmp_path_factory.mktemp("kept") / "ledgers"


@pytest.fixture
def book(typist: Typist, kept_small_book: Path) -> Typist:
    """A small book: RT 07 with three members, a social fund with a monthly due, a nightly collection, a rice store."""
    if kept_small_book.exists():
        shutil.copytree(kept_small_book, typist.folder / "ledgers")
        return typist
    typist.clock("2026-01-01T07:00:00+07:00")
    for words in (
        ("init", "WKSBM Melati"),
        ("org", "add", "rt-07", "RT 07"),
        ("member", "add", "r001", "Budi Santoso"),
        ("member", "add", "r002", "Tini Lestari"),
        ("member", "add", "r003", "Agus Wibowo"),
        ("fund", "add", "rt-07/kas-sosial", "Kas Sosial", "--type", "social"),
        ("fund", "place", "kas-sosial", "bank", "Bank", "--kind", "bank"),
        ("fund", "due", "kas-sosial", "iuran-sosial", "5000", "--from", "2026-01-01"),
        ("fund", "add", "rt-07/jimpitan", "Jimpitan", "--type", "jimpitan"),
        ("fund", "due", "jimpitan", "jimpitan", "500", "--cycle", "night", "--from", "2026-01-01", "--voluntary"),
        ("fund", "add", "rt-07/lumbung", "Jimpitan Beras", "--type", "jimpitan", "--unit", "beras"),
        ("fund", "add", "rt-07/donasi", "Donasi Warga", "--type", "donation"),
    ):
        typist.must(*words)
    typist.clock("2026-03-01T19:00:00+07:00")
    shutil.copytree(typist.folder / "ledgers", kept_small_book, ignore=shutil.ignore_patterns(".wksbm"))
    return typist
