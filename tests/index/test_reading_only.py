"""Who may not write to the book is answered all the same, and never from the middle of someone else's recording."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conftest import Typist
from wksbm_cli.book.lock import Unwritable
from wksbm_cli.domain.message import msg
from wksbm_cli.index import build


@pytest.fixture
def reader(book: Typist, monkeypatch: pytest.MonkeyPatch) -> Typist:
    """The small book with a million in it, and no right to write."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    (book.folder / "ledgers" / ".wksbm" / "index.stamp").unlink()

    @contextmanager
    def forbidden(folder: object) -> Iterator[list[object]]:
        raise Unwritable(msg("No."))
        yield []

    monkeypatch.setattr(build, "writing", forbidden)
    monkeypatch.setattr(build, "_LOOK_SECONDS", 0)
    return book


def held(book: Typist) -> int:
    return sum(row["balance"] for row in book.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"])


def test_a_reader_is_answered_from_memory(reader: Typist) -> None:
    assert held(reader) == 1_000_000


def test_a_batch_that_is_half_done_is_not_added_up(reader: Typist) -> None:
    (reader.folder / "ledgers" / ".wksbm" / "write-ahead.json").write_text("[]")
    answer = reader("balance")
    assert (answer.code, answer.out) == (4, "")
    assert "figures would be wrong" in answer.err
    assert "wksbm balance" in answer.err


def test_a_line_written_while_the_files_were_read_is_waited_for(
    reader: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader sees the book before the line or after it; here it looks again, for the file has grown."""
    line, ledger, real = reader.lines()[0], reader.ledger(), build._in_memory
    looks: list[str] = []
    ledger.write_text(ledger.read_text().replace(f"{line}\n", ""))

    def overtaken(*arguments: Any) -> sqlite3.Connection:
        connection = real(*arguments)
        if not looks:
            ledger.write_text(f"{ledger.read_text()}{line}\n")
        looks.append(line)
        return connection

    monkeypatch.setattr(build, "_in_memory", overtaken)
    assert held(reader) == 1_000_000
    assert len(looks) == 2
