"""The transcripts of tests/scenarios say what the program says."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.transcript import header, performed

SCENARIOS = Path(__file__).parent / "scenarios"
PAGES = sorted(path for path in SCENARIOS.rglob("*.md") if path.name != "README.md")
UPDATE = "WKSBM_UPDATE_SCENARIOS"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the books that transcripts start from stand, each made once."""
    return tmp_path_factory.mktemp("shelf")


def lay_out(book: str, shelf: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a copy of the book that the transcript books/BOOK.md makes into `folder`."""
    made = shelf / book
    if not made.exists():
        made.mkdir()
        page = (SCENARIOS / "books" / f"{book}.md").read_text(encoding="utf-8")
        if before := header(page).get("book"):
            lay_out(before, shelf, made, monkeypatch)
        performed(page, made, monkeypatch)
    shutil.copytree(made, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".wksbm"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SCENARIOS).with_suffix("")))
def test_transcript(path: Path, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = path.read_text(encoding="utf-8")
    if book := header(page).get("book"):
        lay_out(book, shelf, tmp_path, monkeypatch)
    now = performed(page, tmp_path, monkeypatch)
    if os.environ.get(UPDATE):
        path.write_text(now, encoding="utf-8")
    else:
        assert now == page, f"after a deliberate change: {UPDATE}=1 pytest {Path(__file__).name}, and read the diff"
