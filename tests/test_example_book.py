"""The book in ledgers/ is what its diary makes of the program, and adds up for a reader that knows only the format."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.scripts import ROOT, script
from wksbm_cli.domain.kinds import KINDS

BOOK = ROOT / "ledgers"
MONTH_ENDS = [
    f"2025-{month:02d}-{day}" for month, day in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)
]


READER = script("docs/example/reader.py")


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a book but the program's own state."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".wksbm" not in path.parts
    }


def test_the_diary_makes_the_book_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WKSBM_NOW", "WKSBM_BY", "LANGUAGE"):
        monkeypatch.setenv(name, "")  # what the script sets is put back afterwards
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # a thousand waits for the disk, which others test
    script("docs/example/build.py").build(tmp_path / "book")
    made, kept = files(tmp_path / "book"), files(BOOK)
    assert sorted(made) == sorted(kept)
    for name, data in made.items():
        assert data.decode() == kept[name].decode(), f"{name}: run docs/example/build.py, and read the diff"


def test_every_kind_of_entry_is_in_the_book() -> None:
    found = {entry["kind"] for _, _, entry in READER.entries(BOOK)}
    assert found == set(KINDS), "add the missing kinds to docs/example/diary.txt, then run docs/example/build.py"


def test_an_independent_reader_finds_the_same_in_every_place(typist: Typist) -> None:
    shutil.copytree(BOOK, typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    for day in (*MONTH_ENDS, "2026-01-31", "2026-02-28"):
        rows = typist.must("balance", "--by", "place", "--as-of", day, "--format", "json").json["rows"]
        ours = {
            (f"{row['organisation']}/{row['fund']}", row["place"], row["unit"]): Decimal(str(row["balance"]))
            for row in rows
            if row["balance"]
        }
        assert ours == READER.balances(BOOK, READER.date.fromisoformat(day)), day


def test_a_line_changed_by_hand_is_refused_by_both(typist: Typist) -> None:
    shutil.copytree(BOOK, typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    ledger = typist.ledger("rt-05/dana-kematian", 2025)
    ledger.write_text(ledger.read_text().replace("amount = 2640000", "amount = 2460000"))
    assert typist("balance").code == 4
    with pytest.raises(AssertionError, match="changed"):
        READER.balances(typist.folder / "ledgers")
