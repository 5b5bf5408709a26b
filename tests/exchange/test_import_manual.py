"""The manuals of `import`, English and Indonesian, are performed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.transcript import UPDATE, performed

DOCS = Path(__file__).parents[2] / "docs"
SETTING = "---\nclock: 2026-04-01T19:00:00+07:00\nby: siti\nlang: {lang}\n---\n"
# What an answer says in any language: the command above it, a ledger line, an exit code.
SAME_IN_ANY = re.compile(r"\$ |\[exit|[0-9a-f]{32} = ")


def perform(page: str, lang: str, book: Typist, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A page as it is written and as it would be; with an environment variable set, written anew."""
    path = DOCS / page
    written = path.read_text(encoding="utf-8")
    toml = book.folder / "ledgers" / "book.toml"
    toml.write_text(toml.read_text().replace('language = "en"', f'language = "{lang}"'))
    setting = SETTING.format(lang=lang)
    now = performed(setting + written, book.folder, monkeypatch).removeprefix(setting)
    if os.environ.get(UPDATE):
        path.write_text(now, encoding="utf-8")
        return now, now
    return written, now


def test_english_manual(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    written, now = perform("import.md", "en", book, monkeypatch)
    assert now == written, f"after a deliberate change: {UPDATE}=1 pytest {Path(__file__).name}, and read the diff"


def test_indonesian_manual(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sentences are the catalogue's business; here the lines recorded and the exit codes are held."""

    def facts(page: str) -> str:
        return re.sub(
            r"(?<=```console\n)(.*?)(?=```)",
            lambda block: "".join(line for line in block[0].splitlines(True) if SAME_IN_ANY.match(line)),
            page,
            flags=re.DOTALL,
        )

    written, now = perform("id/impor.md", "id", book, monkeypatch)
    assert facts(now) == facts(written)


def test_the_manuals_tell_the_same_rules() -> None:
    """The tables of keys, kinds and ready-made rules name the same things in both languages."""

    def named(page: str) -> list[str]:
        return re.findall(r"^\| (`.*?)(?: \|)", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)

    assert named("import.md") == named("id/impor.md")
