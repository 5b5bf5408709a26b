"""A witness: what another household saw of a book must be contained in whatever it sees of it later."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged
from tests.seals.test_signing import files, found, new_key, seal

KAS = "rt-07/kas-sosial"


@pytest.fixture
def book(damaged: Damaged, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Typist:
    """The copy of another household, in April; what it remembers is its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    damaged.book.clock("2026-04-02T20:00:00+07:00")
    return damaged.book


def test_what_was_seen_must_stay(book: Typist) -> None:
    assert "Seen for the first time: 1 fund." in book.must("witness").out
    assert "All that was seen before is there, unchanged, in 1 fund." in book.must("witness").out
    book.must("income", KAS, "7000", "--from", "Bank")
    book.must("close", "2026-01", "--fund", KAS)
    assert "unchanged" in book.must("witness").out
    ledger = book.ledger()
    before = ledger.read_text()
    ledger.write_text("".join(line for line in before.splitlines(keepends=True) if "Besuk" not in line))
    refused = book("witness")
    assert refused.code == 1
    assert f"NOT WITNESSED: {KAS} does not contain what was seen on 2 April 2026." in refused.out
    assert book("witness").code == 1, "it was not forgotten"
    ledger.write_text(before)
    book.must("witness")


def test_a_closing_taken_out_is_missed_though_every_line_is_there(book: Typist) -> None:
    book.must("close", "2026-01", "--fund", KAS)
    book.must("witness")
    register = book.folder / "ledgers" / KAS / "fund.toml"
    before = register.read_text()
    register.write_text(before[: before.index("[[closed]]")])
    refused = book("witness")
    assert (refused.code, "The closing closing-2026-01-" in refused.out) == (1, True)
    register.write_text(before)
    book.must("reopen", "2026-01", "--reason", "Kuitansi", "--fund", KAS)
    book.must("witness")  # opened again in the open is no loss


def test_a_register_that_says_something_else_of_that_time_is_told_and_no_loss(book: Typist) -> None:
    book.must("witness")
    register = book.folder / "ledgers" / KAS / "fund.toml"
    register.write_text(register.read_text().replace('name = "Kas Sosial"', 'name = "Kas Sosial RT 07"'))
    told = book.must("witness").out
    assert f"{KAS}: nothing is missing, but the registers say something else than was seen on 2 April 2026:" in told
    assert "nothing is missing" not in book.must("witness").out


def test_a_fund_that_is_gone_is_missed(book: Typist) -> None:
    book.must("witness")
    shutil.rmtree(book.folder / "ledgers" / KAS)
    answer = book("witness", "--format", "json")
    assert answer.code == 1
    assert (answer.json["contained"], [one["fund"] for one in answer.json["missing"]]) == (False, [KAS])


def test_only_to_compare_keeps_nothing(book: Typist) -> None:
    book.must("witness", "--dry-run")
    assert "first time" in book.must("witness", "--dry-run").out


def test_a_memory_that_cannot_be_read_is_no_first_time(book: Typist, tmp_path: Path) -> None:
    book.must("witness")
    (kept,) = (tmp_path / "state").rglob("*.witness.json")
    kept.write_text("{")
    refused = book("witness")
    assert (refused.code, str(kept) in refused.err) == (4, True)
    kept.unlink()
    book.must("witness")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed here")
def test_a_witness_countersigns_only_a_successor_of_what_it_saw(book: Typist, tmp_path: Path) -> None:
    key = str(new_key(tmp_path, "saksi"))
    book.must("org", "signer", "saksi", f"{key}.pub", "--name", "Keluarga Wiryo")
    book.must("witness", "--key", key)
    assert files(book) == [], "nothing is closed yet"
    book.must("close", "2026-01", "--fund", KAS)
    assert "signed by Keluarga Wiryo" in book.must("witness", "--key", key).out
    stem = files(book)[0].partition(".")[0]
    assert files(book) == [f"{stem}.saksi.witness.sig", f"{stem}.txt"]
    assert "signed by" not in book.must("witness", "--key", key).out, "once is enough"
    assert "countersigned by Keluarga Wiryo, as a witness." in book.must("verify", seal(book)).out
    assert found(book) == []
    book.must("close", "2026-02", "--fund", KAS)
    ledger = book.ledger()
    kept = [line for line in ledger.read_text().splitlines(keepends=True) if "Besuk" not in line]
    ledger.write_text("".join(kept))
    refused = book("witness", "--key", key)
    assert (refused.code, len(files(book))) == (1, 2)
