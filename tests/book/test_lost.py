"""A ledger that was there and is gone is told by every command that reads, and what is said to do brings it back."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.sync.git_book import environment

READING = (
    ("balance",),
    ("cashbook", "kas-sosial"),
    ("summary",),
    ("contributions", "--fund", "kas-sosial"),
    ("export", "csv"),
    ("income", "kas-sosial", "1000", "--from", "Warung"),
)


def remedy(answer_err: str) -> list[str]:
    return shlex.split(answer_err.strip().splitlines()[-1].partition(": ")[2])


@pytest.fixture
def committed(book: Typist, monkeypatch: pytest.MonkeyPatch) -> Typist:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    book.must("init", "--git")
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    for words in (("add", "--all"), ("commit", "--quiet", "--message=saved")):
        subprocess.run(["git", *words], cwd=book.folder / "ledgers", env=environment(), check=True)
    return book


@pytest.mark.parametrize("index", ["kept", "gone"])
@pytest.mark.parametrize("typed_in", ["", "ledgers/rt-07", "elsewhere"])
def test_a_committed_ledger_that_is_gone(
    committed: Typist, index: str, typed_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed.must("balance")
    whole = committed.ledger().read_bytes()
    committed.ledger().unlink()
    here = committed.folder / typed_in
    here.mkdir(exist_ok=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("WKSBM_BOOK", str(committed.folder / "ledgers"))
    for words in READING:
        if index == "gone":
            shutil.rmtree(committed.folder / "ledgers" / ".wksbm", ignore_errors=True)
        answer = committed(*words)
        assert (answer.code, answer.out) == (4, ""), words
        assert "2026.toml:\nThis ledger was here and is gone" in answer.err
    closing = committed("close", "2026-01")
    assert (closing.code, "is gone" in closing.err) == (3, True)
    found = committed("check", "--format", "json")
    assert (found.code, [one["code"] for one in found.json["findings"]]) == (1, ["lost"])
    typed = remedy(committed("balance").err)
    if typed_in == "":  # the repository is the book's own folder, below this one
        assert typed[:2] == ["git", "-C"]
    subprocess.run(typed, check=True, capture_output=True)
    assert committed.ledger().read_bytes() == whole
    assert committed.must("balance", "--format", "json").json["totals"][0]["balance"] == 1_000_000


def test_a_ledger_that_only_the_index_knows(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    whole = book.ledger().read_bytes()
    book.ledger().unlink()
    for words in READING:
        answer = book(*words)
        assert (answer.code, answer.out) == (4, ""), words
        assert "from a copy of the book" in answer.err
    assert not book.ledger().exists()
    book.ledger().write_bytes(whole)
    assert book.must("balance", "--format", "json").json["totals"][0]["balance"] == 1_000_000
    book.ledger().unlink()
    subprocess.run(remedy(book("balance").err), check=True)
    assert book.must("balance", "--format", "json").json["totals"][0]["balance"] == 0


def test_a_whole_fund_that_is_gone(committed: Typist) -> None:
    committed.must("balance")
    shutil.rmtree(committed.ledger().parent)
    assert "is gone" in committed("balance").err
    assert committed("check").code == 1


def test_where_git_cannot_be_asked_reading_goes_on(committed: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(committed.folder / "ledgers" / ".wksbm")
    monkeypatch.setenv("PATH", str(Path(os.devnull)))
    committed.must("balance")
