"""The index is only a cache: whatever befalls its files, no report prints a wrong figure."""

from __future__ import annotations

import os
import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Typist
from wksbm_cli import open_book
from wksbm_cli.book.folder import Folder
from wksbm_cli.index import build, cache

REPORTS = (
    ("balance", "--format", "json"),
    ("balance", "--by", "place", "--to", "2026-01-20", "--format", "json"),
    ("contributions", "--format", "json"),
    ("cashbook", "kas-sosial", "--format", "csv"),
)
FLIPS = 60


@pytest.fixture
def kept(book: Typist) -> Typist:
    """A book with entries of several kinds, its index up to date."""
    for words in (
        ("opening", "kas-sosial", "1jt", "--date", "2026-01-01"),
        ("contribute", "kas-sosial", "budi", "5000", "--for", "2026-01", "--date", "2026-01-10"),
        ("contribute", "kas-sosial", "tini", "10000", "--for", "2026-01..2026-02", "--date", "2026-01-12"),
        ("spend", "kas-sosial", "20000", "--for", "Air minum", "--date", "2026-01-15"),
        ("move", "kas-sosial", "500000", "kas", "bank", "--date", "2026-01-20"),
        ("collect", "jimpitan", "--absent", "r003", "--date", "2026-01-20"),
    ):
        book.must(*words)
    return book


def state(book: Typist) -> Path:
    return book.folder / "ledgers" / ".wksbm"


def answers(book: Typist) -> list[str]:
    return [book.must(*words).out for words in REPORTS]


def rebuilds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one whenever the index is built from nothing."""
    built: list[str] = []
    real = build._build

    def counting(*arguments: object) -> None:
        built.append("built")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "_build", counting)
    return built


def test_an_index_left_alone_is_not_built_again(kept: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other tests here measure would be worth nothing if every command built the index."""
    built = rebuilds(monkeypatch)
    answers(kept)
    kept.must("income", "kas-sosial", "1000", "--from", "Warung")
    kept.must("member", "add", "r004", "Dewi")
    answers(kept)
    assert built == []


def damaged(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        damaged(lambda data: b""),
        damaged(lambda data: data[: len(data) // 2]),
        damaged(lambda data: data[:100]),
        damaged(lambda data: b"This is no index." * 1000),
        damaged(lambda data: data + b"\0" * 4096),
        damaged(lambda data: bytes(len(data))),
    ],
    ids=["missing", "empty", "halved", "headless", "garbage", "grown", "zeros"],
)
@pytest.mark.parametrize("file", ["index.sqlite", "index.stamp"])
def test_a_damaged_index_is_built_again(kept: Typist, file: str, damage: Callable[[Path], None]) -> None:
    expected = answers(kept)
    damage(state(kept) / file)
    assert answers(kept) == expected
    damage(state(kept) / file)
    kept.must("income", "kas-sosial", "5000", "--from", "Warung")
    rows = kept.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
    assert rows[0]["balance"] == 1_000_000


def test_no_flipped_bit_changes_a_figure(kept: Typist) -> None:
    """A bit of every page, and some at random, in the index and in its stamp."""
    expected = answers(kept)
    chance = random.Random(7)
    index = state(kept) / "index.sqlite"
    size = index.stat().st_size
    places = [page + chance.randrange(4096) for page in range(0, size, 4096)]
    places += [chance.randrange(size) for _ in range(max(0, FLIPS - len(places)))]
    for number, place in enumerate(places):
        data = bytearray(index.read_bytes())
        data[place % len(data)] ^= 1 << chance.randrange(8)
        index.write_bytes(data)
        words, answer = list(zip(REPORTS, expected, strict=True))[number % len(REPORTS)]
        assert kept.must(*words).out == answer, f"bit flipped in byte {place}"


def test_a_change_that_hides_its_time_is_seen_all_the_same(kept: Typist) -> None:
    """A sum made larger by one; size, inode and time of change as before: only the kernel's own note (ctime) tells."""
    expected = answers(kept)
    index = state(kept) / "index.sqlite"
    stat = index.stat()
    connection = sqlite3.connect(index)
    for table in ("fund_month", "place_month"):
        connection.execute(f"UPDATE {table} SET inflow = inflow + 1")
    connection.commit()
    connection.close()
    os.utime(index, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (index.stat().st_size, index.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    assert answers(kept) == expected


def test_an_index_of_another_moment_of_the_book_is_not_believed(kept: Typist) -> None:
    """As a backup restores it: the files of an earlier day, whole and fitting each other."""
    earlier = {path.name: path.read_bytes() for path in state(kept).iterdir()}
    kept.must("income", "kas-sosial", "1000", "--from", "Warung", "--date", "2026-01-18")
    expected = answers(kept)
    for name, data in earlier.items():
        (state(kept) / name).write_bytes(data)
    assert answers(kept) == expected


def test_a_writer_killed_while_changing_the_index_leaves_no_stamp(kept: Typist) -> None:
    expected = answers(kept)
    folder = Folder(kept.folder / "ledgers")
    with pytest.raises(RuntimeError), cache.changing(folder):
        connection = sqlite3.connect(state(kept) / "index.sqlite")
        connection.execute("UPDATE fund_month SET inflow = inflow + 1")
        connection.commit()
        connection.close()
        raise RuntimeError
    assert not (state(kept) / "index.stamp").exists()
    assert answers(kept) == expected


def test_damage_that_shows_only_while_reading_is_told_and_mended(kept: Typist) -> None:
    """A disk that gives back other bytes than were written, unseen by the file's times."""
    expected = answers(kept)
    index = state(kept) / "index.sqlite"
    connection = sqlite3.connect(index)
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'fund_month'").fetchone()[0]
    connection.close()
    with index.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    (state(kept) / "index.stamp").write_text(cache._stat(index) or "")
    for words in (("balance",), ("income", "kas-sosial", "1000", "--from", "Warung")):
        before = kept.files()
        answer = kept(*words)
        if answer.code:
            assert answer.code == 4
            assert "type the command again" in answer.err
            assert kept.files() == before
            break
    else:
        raise AssertionError("the damage was not noticed")
    assert answers(kept) == expected


# --- what else may change beside the index ------------------------------------------------------------------------


def test_who_keeps_the_book_open_keeps_nobody_from_recording(kept: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook goes on seeing the book as it opened it; others record, report, and build no index anew."""
    built = rebuilds(monkeypatch)
    with open_book(kept.folder / "ledgers") as notebook:
        before = notebook.balances()
        for number in range(3):
            kept.must("income", "kas-sosial", "1000", "--from", f"Warung {number}")
        rows = kept.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
        assert rows[0]["balance"] == 998_000
        assert notebook.balances() == before
    assert built == []
    assert not (state(kept) / "index.new").exists()


@pytest.mark.parametrize(
    ("register", "text", "gone"),
    [
        ("rt-07/members.toml", '\n[r003]\nname = "Agus Wibowo"\n', 'no member "r003"'),
        ("rt-07/jimpitan/fund.toml", None, 'no due "jimpitan"'),
    ],
)
def test_a_name_taken_out_of_a_register_by_hand_is_missed_at_once(
    kept: Typist, register: str, text: str | None, gone: str
) -> None:
    """Whether the index was just read or is made anew; even of a member who is only said to have received."""
    kept.must(
        "disburse", "donasi", "0,5rb", "--to", "Pak Agus", "--for", "Besuk", "--member", "r003", "--allow-negative"
    )
    kept.must("balance")
    path = kept.folder / "ledgers" / register
    before = path.read_text()
    path.write_text(before.replace(text, "\n") if text else before.partition("[dues")[0])
    answers = []
    for _ in range(2):
        answer = kept("balance")
        assert answer.code == 4
        assert gone in answer.err
        answers.append(answer.err)
        (state(kept) / "index.stamp").unlink(missing_ok=True)
    assert answers[0] == answers[1]
    path.write_text(before)
    kept.must("balance")


@pytest.mark.parametrize("in_place", [True, False])
def test_a_ledger_replaced_by_one_of_the_same_size_and_time_is_read(kept: Typist, in_place: bool) -> None:
    ledger = kept.ledger()
    stat = ledger.stat()
    changed = ledger.read_bytes().replace(b"amount = 20000", b"amount = 90000")
    copy = ledger if in_place else ledger.with_suffix(".copy")
    copy.write_bytes(changed)
    os.utime(copy, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    copy.replace(ledger)
    assert (ledger.stat().st_size, ledger.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    answer = kept("balance")
    assert answer.code == 4
    assert "was changed after it was written" in answer.err


def test_an_old_line_changed_by_hand_is_found_before_anything_is_recorded_on_top(kept: Typist) -> None:
    ledger = kept.ledger()
    ledger.write_text(ledger.read_text().replace("amount = 20000", "amount = 2000"))
    before = kept.files()
    for words in (("balance",), ("income", "kas-sosial", "1000", "--from", "Warung")):
        answer = kept(*words)
        assert answer.code == 4
        assert re.match(r"ledgers/rt-07/kas-sosial/2026\.toml:\d+:\n", answer.err)
        assert "was changed after it was written" in answer.err
    assert kept.files() == before


def test_an_old_line_taken_out_by_hand_is_taken_out_of_the_figures(kept: Typist) -> None:
    """`check`, a seal and git tell that it was there; the figures are those of the lines that are."""
    ledger = kept.ledger()
    ledger.write_text("".join(line for line in ledger.read_text().splitlines(keepends=True) if '"expense"' not in line))
    rows = kept.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
    assert rows[0]["balance"] == 1_015_000


def test_a_clock_set_back_changes_nothing_but_the_time_of_recording(kept: Typist) -> None:
    kept.clock("2026-03-01T20:00:00+07:00")
    kept.must("income", "kas-sosial", "1000", "--from", "Warung", "--date", "2026-01-25")
    kept.clock("2026-02-01T08:00:00+07:00")
    kept.must("income", "kas-sosial", "1000", "--from", "Warung", "--date", "2026-01-25")
    kept.must("income", "kas-sosial", "1000", "--from", "Warung", "--date", "2026-01-25")
    assert kept.lines()[-1].endswith("twin = 2, at = 2026-02-01T08:00:00+07:00 }")
    expected = answers(kept)
    (state(kept) / "index.stamp").unlink()
    assert answers(kept) == expected
    rows = kept.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
    assert rows[0]["balance"] == 998_000
