"""Where an index is built in several processes it is the same index, and one process suffices when they fail."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from tests.conftest import Typist
from wksbm_cli.book.folder import LedgerFile
from wksbm_cli.index import files

COMMANDS = (("balance", "--format", "json"), ("cashbook", "kas-sosial", "--format", "csv"))


@pytest.fixture
def kept(book: Typist, monkeypatch: pytest.MonkeyPatch) -> Typist:
    """A book of several ledger files, any of them worth a process, and two cores for them."""
    for year in (2024, 2025, 2026):
        book.must("income", "kas-sosial", "1000", "--from", "Warung", "--date", f"{year}-01-05")
        book.must("donate", "donasi", "5000", "--from", "Toko Jaya", "--date", f"{year}-01-06")
    monkeypatch.setattr(files, "_WORTH_PROCESSES_BYTES", 0)
    monkeypatch.setattr(files, "_cores", lambda: 2)
    return book


def answers(book: Typist) -> list[str]:
    (book.folder / "ledgers" / ".wksbm" / "index.stamp").unlink()
    return [book.must(*words).out for words in COMMANDS]


def test_several_processes_make_the_same_index(kept: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    several = answers(kept)
    monkeypatch.setattr(files, "_cores", lambda: 1)
    assert answers(kept) == several


def test_what_is_wrong_in_a_line_is_told_from_another_process_too(kept: Typist) -> None:
    ledger = kept.ledger("rt-07/donasi", 2025)
    ledger.write_text(ledger.read_text().replace("amount = 5000", "amount = 500"))
    answer = kept("balance")
    assert answer.code == 4
    assert answer.err.startswith("ledgers/rt-07/donasi/2025.toml:3:\n")
    assert "was changed after it was written" in answer.err
    assert "wksbm reverse" in answer.err


def dying(ledger: LedgerFile) -> files.Compiled:
    os._exit(1)


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="needs processes that share what is patched")
def test_processes_that_the_system_ends_are_done_without(kept: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = answers(kept)
    monkeypatch.setattr(files, "_compile_here", dying)
    assert answers(kept) == expected
