"""The transcripts of tests/scenarios say what the program says."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.transcript import UPDATE, Ids, header, performed

SCENARIOS = Path(__file__).parent / "scenarios"
PAGES = sorted(path for path in SCENARIOS.rglob("*.md") if path.name != "README.md")


@dataclass(frozen=True)
class Shelf:
    """Where the books that transcripts start from stand, each made once, and the ids that each printed."""

    folder: Path
    ids: dict[str, Ids] = field(default_factory=dict)

    def lay_out(self, book: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ids:
        """Put a copy of the book that its transcript in tests/scenarios/books makes into `folder`; its ids."""
        made = self.folder / book
        if not made.exists():
            made.mkdir()
            page = (SCENARIOS / "books" / f"{book}.md").read_text(encoding="utf-8")
            before = header(page).get("book")
            self.ids[book] = Ids(dict(self.lay_out(before, made, monkeypatch).now) if before else {})
            performed(page, made, monkeypatch, self.ids[book])
        shutil.copytree(made, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".wksbm"))
        return Ids(dict(self.ids[book].now))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SCENARIOS).with_suffix("")))
def test_transcript(path: Path, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = path.read_text(encoding="utf-8")
    book = header(page).get("book")
    now = performed(page, tmp_path, monkeypatch, shelf.lay_out(book, tmp_path, monkeypatch) if book else None)
    if os.environ.get(UPDATE):
        path.write_text(now, encoding="utf-8")
    else:
        assert now == page, f"after a deliberate change: {UPDATE}=1 pytest {Path(__file__).name}, and read the diff"
