"""Books and words made to do harm: never a traceback, a hang, a mark that acts, a write outside the book."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.hostile import ATTACKS, Battlefield, attempt

# How many attacks of each kind the suite makes; `python -m tests.hostile` goes on from there.
FILES, WORDS, PER_BOOK = 40, 400, 20


@pytest.fixture
def field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Battlefield:
    """The example book, shortened, with files around it that nothing may touch."""
    made = Battlefield.lay_out(tmp_path)
    monkeypatch.chdir(made.folder)
    monkeypatch.setenv("WKSBM_NOW", "2026-03-01T19:00:00+07:00")
    monkeypatch.setenv("WKSBM_BY", "siti")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("WKSBM_BOOK", raising=False)
    return made


@pytest.mark.parametrize("start", range(0, FILES, PER_BOOK))
def test_files_bent_out_of_shape(field: Battlefield, start: int) -> None:
    for number in range(start, start + PER_BOOK):
        for words, wrong in ATTACKS["file"](field, number):
            pytest.fail(f"python -m tests.hostile --attack file --start {number} --once: {words}\n{wrong}")


@pytest.mark.parametrize("start", range(0, WORDS, 10 * PER_BOOK))
def test_words_nobody_would_type(field: Battlefield, start: int) -> None:
    for number in range(start, start + 10 * PER_BOOK):
        for words, wrong in ATTACKS["words"](field, number):
            pytest.fail(f"python -m tests.hostile --attack words --start {number} --once: {words}\n{wrong}")


def behaves(field: Battlefield, *words: str) -> None:
    wrong = attempt(field, words)
    assert wrong is None, wrong


READS_A_FILE = (
    ("collect", "jimpitan", "--file"),
    ("member", "add", "--org", "rt-05", "--file"),
    ("import", "--rules", "bca", "--fund", "kas-sosial"),
    ("import", "bca.csv", "--fund", "kas-sosial", "--rules"),
    ("verify",),
)


@pytest.mark.parametrize("name", ["pipa", "/dev/zero", "/dev/full", ".", "ke-mana-mana", "kosong"])
def test_what_is_no_file_is_not_waited_for(field: Battlefield, name: str) -> None:
    os.mkfifo("pipa")
    Path("ke-mana-mana").symlink_to("ke-mana-mana")
    Path("kosong").touch()
    for words in READS_A_FILE:
        behaves(field, *words, name)


@pytest.mark.parametrize(
    "name",
    [
        "book.toml",
        "rt-05/members.toml",
        "rt-05/organisation.toml",
        "rt-05/jimpitan/fund.toml",
        "rt-05/jimpitan/2025.toml",
    ],
)
@pytest.mark.parametrize("what", ["pipe", "device", "folder", "loop", "endless", "nothing"])
def test_a_file_of_the_book_that_is_none(field: Battlefield, name: str, what: str) -> None:
    path = field.book / name
    path.unlink()
    match what:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path.name)
        case "endless":
            with path.open("wb") as file:
                file.truncate(1 << 40)
    for words in (
        ("check",),
        ("balance",),
        ("income", "jimpitan", "5", "--from", "x"),
        ("fund", "place", "jimpitan", "x"),
    ):
        behaves(field, *words)


@pytest.mark.parametrize(
    "name", ["lock", "index.sqlite", "index.stamp", "index.new", "write-ahead.json", "torn-rt-05-jimpitan-2026.txt"]
)
@pytest.mark.parametrize("target", ["luar/rahasia.toml", "luar/baru"])
def test_no_link_in_the_state_folder_leads_a_write_out_of_the_book(field: Battlefield, name: str, target: str) -> None:
    ledger = field.book / "rt-05/jimpitan/2026.toml"
    ledger.write_text(ledger.read_text() + "0123", encoding="utf-8")
    (field.book / ".wksbm").mkdir()
    (field.book / ".wksbm" / name).symlink_to(field.outside / target)
    for words in (("balance",), ("income", "jimpitan", "5", "--from", "x"), ("check",)):
        behaves(field, *words)


@pytest.mark.parametrize(
    "name",
    [".wksbm", "rt-05", "rt-05/jimpitan", "rt-05/jimpitan/2026.toml", "rt-05/jimpitan/fund.toml", "rt-05/members.toml"],
)
def test_no_link_in_the_book_leads_a_write_out_of_it(field: Battlefield, name: str) -> None:
    inside, moved = field.book / name, field.outside / "luar" / Path(name).name
    if inside.exists():
        inside.rename(moved)
    else:
        moved.mkdir()
    inside.symlink_to(moved)
    for words in (
        ("balance",),
        ("income", "jimpitan", "5", "--from", "x"),
        ("fund", "place", "jimpitan", "x"),
        ("member", "leave", "kk-01", "--org", "rt-05"),
        ("fund", "add", "rt-05/baru", "Baru"),
        ("close", "2025"),
    ):
        behaves(field, *words)


def test_a_ledger_of_numbers_too_large_to_add_up(book: Typist) -> None:
    from tests.damaged import Damaged

    members = ", ".join(f"r00{n} = 999999999999" for n in (1, 2, 3))
    damaged = Damaged(book)
    for day in range(1, 29):
        for _ in range(120):
            damaged.put(
                f'date = 2026-01-{day:02d}, kind = "contribution", unit = "beras", members = {{ {members} }}, note = "{random.random()}"',
                "rt-07/lumbung",
            )
    for words in (("balance",), ("check",), ("summary", "--month", "2026-01"), ("opening", "lumbung", "1")):
        answer = book(*words)
        assert answer.code in (0, 1, 3, 4)


def test_bytes_that_are_no_text_may_be_typed(field: Battlefield) -> None:
    """As the system hands them over: the program's own arguments, not those of a test."""
    for word in (b"\xff\xfe", b"\x1b[31m", "é".encode("latin-1")):
        for words in (
            (b"balance", b"--fund", word),
            (b"member", b"show", word),
            (word,),
            (b"--book", word, b"init"),
            (b"--lang", word),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "wksbm_cli", *words],
                capture_output=True,
                check=False,
                timeout=60,
                cwd=field.folder,
            )
            assert b"Traceback" not in done.stderr, done.stderr
            assert b"\x1b" not in done.stderr + done.stdout
