"""Files that arrive with the folder of a book and look like the program's own, or stand where a file of the book belongs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.attacks.conftest import Victim
from tests.conftest import Typist
from tests.sync.git_book import FUND, line


@pytest.mark.parametrize("shape", ["bare", "parts"])
def test_a_write_ahead_file_that_arrives_is_never_replayed(victim: Victim, shape: str) -> None:
    """Its lines have right ids: it would record what nobody here typed."""
    forged = [{"fund": FUND, "year": 2026, "title": "Kas", "lines": [line(9, 9_000_000)]}]
    state = victim.book.root / ".wksbm"
    state.mkdir(exist_ok=True)
    (state / "write-ahead.json").write_text(json.dumps(forged if shape == "bare" else {"nonce": "", "parts": forged}))
    before = victim.files()
    for words in (("balance",), ("income", "kas-sosial", "5000", "--from", "Bank"), ("sync",)):
        done = victim.types(*words)
        assert done.returncode == 4
        assert "not as this machine wrote it" in done.stderr
    assert victim.files() == before
    hint = victim.types("balance").stderr.partition("Then take it away: rm ")[2].strip()
    (victim.book.top / hint).unlink()
    assert victim.types("balance").returncode == 0


def test_what_git_is_to_be_told_is_never_taken_from_a_file_that_arrives(victim: Victim) -> None:
    """It would move the branch to a state that somebody else chose."""
    head = victim.book.git("rev-parse", "HEAD")
    victim.book.git("commit", "--quiet", "--allow-empty", "-m", "chosen")
    chosen = victim.book.git("rev-parse", "HEAD")
    victim.book.git("reset", "--quiet", "--hard", head)
    state = victim.book.root / ".wksbm"
    state.mkdir(exist_ok=True)
    told = {"branch": "refs/heads/main", "old": head, "new": chosen, "names": []}
    (state / "git-move.json").write_text(json.dumps(told))
    done = victim.types("income", "kas-sosial", "5000", "--from", "Bank")
    assert done.returncode == 0 and "not noted down by this machine" in done.stderr
    refused = victim.types("sync")
    assert refused.returncode == 4
    assert chosen not in victim.book.git("rev-list", "HEAD").split()
    (victim.book.top / refused.stderr.partition("Take it away: rm ")[2].strip()).unlink()
    assert victim.types("sync").returncode == 0


def test_an_output_never_lands_on_a_file_of_the_book(book: Typist) -> None:
    book.must("income", "kas-sosial", "5000", "--from", "Bank")
    before = book.files()
    for name in (
        "book.toml",
        "rt-07/members.toml",
        "rt-07/kas-sosial/2026.toml",
        "rt-07/kas-sosial/2027.toml",
        ".wksbm/lock",
    ):
        answer = book("balance", "--output", f"ledgers/{name}")
        assert answer.code == 3
    Path(book.folder / "link.txt").symlink_to(book.ledger())
    assert book("balance", "--output", "link.txt").code == 3
    assert book.files() == before


def test_a_year_in_other_digits_is_no_ledger(book: Typist) -> None:
    """A file that one part of the program counts and another does not see."""
    book.must("income", "kas-sosial", "5000", "--from", "Bank")
    total = book.must("balance", "--format", "json").json["totals"]
    (book.folder / "ledgers/rt-07/kas-sosial/٢٠٢٥.toml").write_text(
        "[transactions]\n" + line(9, 9_000_000, year=2025) + "\n", encoding="utf-8"
    )
    assert book.must("balance", "--format", "json").json["totals"] == total
