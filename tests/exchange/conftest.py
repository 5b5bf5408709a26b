"""A small book with every kind of entry in it, recorded by the commands, over two months and two funds at a time."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import Typist

# Texts that would act on a page of hledger, ledger or beancount, if they were not kept from it.
SLY = 'Bu "Siti" {x} @ 3 IDR; kk, member: r999 | [2026-01-05]  date:2026-01-09 #tag ^link \\'

COMMANDS = (
    ("2025-12-30", "save simpan-pinjam r001 10000 --class sukarela"),
    ("2025-12-30", "income simpan-pinjam 10000 --from Bank --source interest"),
    ("2026-01-01", "opening kas-sosial 1jt"),
    ("2026-01-01", "opening kas-sosial 2jt --place bank"),
    ("2026-01-01", "opening lumbung '40 kg beras'"),
    ("2026-01-05", "contribute kas-sosial r001 15000 --for 2026-01..2026-03"),
    ("2026-01-05", "contribute kas-sosial r002 2500 --for 2026-01"),
    ("2026-01-06", "collect jimpitan --absent r003 --collector joko"),
    ("2026-01-07", "collect jimpitan --absent r001 --collector joko"),
    ("2026-01-08", "move jimpitan 1500 joko kas"),
    ("2026-01-09", "contribute arisan r001 20000"),
    ("2026-01-09", "contribute arisan r002 20000 --covered-by r001"),
    ("2026-01-09", "arisan draw arisan --seed '9 Januari 2026 melati' --said-by r001 --said-by r002 --said-by r003"),
    ("2026-01-10", "arisan settle arisan r002 r001 20000"),
    ("2026-01-10", "donate donasi 250rb --from SLY --source individual --member r003 --note SLY"),
    ("2026-01-11", "donate lumbung '2,5 kg beras' --from 'Toko Jaya' --source company"),
    ("2026-01-12", "income kas-sosial 12345 --from Bank --source interest --place bank"),
    ("2026-01-20", "disburse kas-sosial 150rb --to SLY --for SLY --member r002 --pillar protection --mode handling"),
    ("2026-01-21", "disburse lumbung '5 kg beras' --to 'Mbah Karto' --for sembako"),
    ("2026-01-22", "opening simpan-pinjam 1jt"),
    ("2026-01-22", "save simpan-pinjam r001 50000 --class pokok"),
    ("2026-01-23", "save simpan-pinjam r002 20000 --class sukarela"),
    ("2026-01-24", "lend simpan-pinjam r001 120rb --rate 1 --method flat --instalments 10 --cycle month"),
    ("2026-01-25", "repay simpan-pinjam r001 13200"),
    ("2026-01-26", "repay simpan-pinjam r001 13200 --covered-by r002"),
    ("2026-01-27", "repay simpan-pinjam r001 13200 --to-coverer r002"),
    ("2026-01-27", "lend simpan-pinjam r002 100rb --rate 1 --method flat --instalments 3 --cycle month --round 1000"),
    (
        "2026-01-28",
        "reschedule simpan-pinjam r002 --instalments 6 --reason 'Panen gagal' --approved-by 'Harno Wiyono'",
    ),
    ("2026-01-28", "write-off simpan-pinjam r002 --amount 40rb --reason Keringanan --approved-by 'Harno Wiyono'"),
    ("2026-01-28", "surplus pay simpan-pinjam 2025"),
    ("2026-01-28", "withdraw simpan-pinjam r002 5000 --class sukarela"),
    ("2026-01-31", "count kas-sosial 867500"),
    ("2026-02-01", "spend kas-sosial 30rb --for SLY --to 'Toko Jaya'"),
    ("2026-02-01", "return kas-sosial 5rb --to Kelurahan --reason SLY"),
    ("2026-02-02", "transfer jimpitan kas-sosial 1000 --reason SLY"),
    ("2026-02-03", "exchange lumbung '10,25 kg beras' 123000 --to-place kotak"),
    ("2026-02-04", "count lumbung '27 kg beras' --reason SLY"),
    ("2026-02-05", "count kas-sosial 833500"),
)
REVERSED = ("transfer jimpitan kas-sosial 1000 --reason SLY", "contribute kas-sosial r002 2500 --for 2026-01")
LAST = "2026-02-10T20:00:00+07:00"


def words_of(line: str) -> list[str]:
    return [SLY if word == "SLY" else word for word in shlex.split(line)]


@pytest.fixture(scope="session")
def kept_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the full book is kept once it was recorded, for the tests after the first."""
    return tmp_path_factory.mktemp("kept") / "ledgers"


@pytest.fixture
def full_book(typist: Typist, kept_book: Path, request: pytest.FixtureRequest) -> Typist:
    """Every kind of entry, each recorded in the evening of its day; at last two are cancelled, one of them between two funds."""
    if kept_book.exists():
        shutil.copytree(kept_book, typist.folder / "ledgers")
        typist.clock(LAST)
        return typist
    book: Typist = request.getfixturevalue("book")
    for line in (
        "fund add rt-07/arisan Arisan --type arisan",
        "org edit --chair 'Harno Wiyono'",
        "arisan set arisan 20000",
        "arisan join arisan melati r001",
        "arisan join arisan mawar r002",
        "arisan start arisan --date 2026-01-09",
        "fund place lumbung kotak 'Kotak uang'",
        "fund add rt-07/simpan-pinjam 'Simpan Pinjam' --type savings",
        "fund savings simpan-pinjam pokok",
        "fund savings simpan-pinjam sukarela",
        "fund surplus simpan-pinjam simpanan=70 cadangan=30",
        "fund loans simpan-pinjam --rate 1 --method flat --instalments 10 --cycle month",
    ):
        book.must(*words_of(line))
    ids: dict[str, str] = {}
    for minute, (day, line) in enumerate(COMMANDS):
        book.clock(f"{day}T19:{minute:02d}:00+07:00")
        ids[line] = book.must(*words_of(line), "--format", "json").json["recorded"][0]["id"]
    book.clock(LAST)
    for line in REVERSED:
        book.must("reverse", ids[line], "--reason", SLY)
    shutil.copytree(book.folder / "ledgers", kept_book, ignore=shutil.ignore_patterns(".wksbm"))
    return book
