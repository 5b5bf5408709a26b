"""What a report reads grows with its answer, not with how long the group has existed.

It is not timed: counted are the lines parsed and SQLite's own steps (opcodes), on a book of one year and on one of seven.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks import generate
from wksbm_cli.cli.main import run
from wksbm_cli.domain import line
from wksbm_cli.domain.line import make_entry
from wksbm_cli.index import query

YEAR, SEVEN_YEARS = 366, 2557
# Of the last month that both books have whole.
REPORTS = {
    "balance": ("balance",),
    "balance of a day": ("balance", "--to", "2017-11-15"),
    "summary": ("summary", "--month", "2017-11"),
    "matrix": ("contributions", "--year", "2017", "--as-of", "2017-12-15"),
    "help given": ("disbursements", "--month", "2017-11"),
}
STEPS = 100
# The six years more are 72 months of 90 entries. A sum for each is read where the answer is a balance: that takes less
# than a hundred steps a month, which no reading of its entries does.
MORE_MONTHS = 72


class Work(NamedTuple):
    """How many lines were parsed, and how many hundreds of SQLite's steps were taken."""

    lines: int
    steps: int


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = []
    for nights in (YEAR, SEVEN_YEARS):
        folder = tmp_path_factory.mktemp("nights")
        generate.make(folder, 1, nights)
        made.append(folder)
    return made[0], made[1]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    counts = [0, 0]
    connect, parse = sqlite3.connect, line.parse_line

    def counting(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)

        def step() -> int:
            counts[1] += 1
            return 0

        connection.set_progress_handler(step, STEPS)
        return connection

    def parsing(fund: str, text: str) -> object:
        counts[0] += 1
        return parse(fund, text)

    monkeypatch.setattr(sqlite3, "connect", counting)
    monkeypatch.setattr(line, "parse_line", parsing)
    yield counts


def work(folder: Path, words: tuple[str, ...], counts: list[int], monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("WKSBM_BOOK", raising=False)
    assert run(["balance"]) == 0  # the index is made by the first of all reports
    query.entry_of.cache_clear()
    counts[:] = 0, 0
    assert run([*words, "--format", "json"]) == 0
    return Work(*counts)


@pytest.mark.parametrize("report", REPORTS)
def test_the_cost_of_a_report_does_not_grow_with_history(
    report: str, books: tuple[Path, Path], counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, seven = (work(folder, REPORTS[report], counted, monkeypatch) for folder in books)
    assert seven.lines == one.lines
    assert seven.steps <= one.steps + MORE_MONTHS


def test_a_cash_book_looks_back_at_its_own_payers_alone(
    books: tuple[Path, Path], counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which months a payment settled is told as it was told that day: by what its payer had paid before, in seven years
    seven times as much, and by nothing else of the book."""
    words = ("cashbook", "kas-sosial", "--month", "2017-11")
    one, seven = (work(folder, words, counted, monkeypatch) for folder in books)
    assert 0 < seven.lines <= 7 * one.lines
    assert seven.steps <= 7 * one.steps


def imported(rows: int, folder: Path, counts: list[int], monkeypatch: pytest.MonkeyPatch) -> Work:
    """The work of taking in so many costs of a fund in which as many savings stand."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("WKSBM_BOOK", raising=False)
    monkeypatch.setenv("WKSBM_NOW", "2026-02-01T20:00:00+07:00")
    for words in (
        ("init", "Koperasi"),
        ("org", "add", "rt-07", "RT 07"),
        ("member", "add", "budi", "Budi Santoso"),
        ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "usp", "sukarela"),
        ("income", "usp", "90000000", "--from", "Desa"),
    ):
        assert run([*words]) == 0
    with (folder / "ledgers" / "rt-07" / "usp" / "2026.toml").open("a") as ledger:
        at = datetime.fromisoformat("2026-02-01T20:00:00+07:00")
        for row in range(1, rows + 1):
            fields = {"member": "budi", "class": "sukarela", "amount": 1000}
            saving = make_entry("rt-07/usp", "saving", at.date(), fields, "siti", at, row=row)
            ledger.write(f"{saving.id} = {saving.text}\n")
    lines = [f"2026-02-01,Kapur {row},1000" for row in range(rows)]
    Path("biaya.csv").write_text("\n".join(["tanggal,uraian,nominal", *lines, ""]))
    Path("biaya.toml").write_text(RULES)
    return work(folder, ("import", "biaya.csv", "--rules", "biaya.toml"), counts, monkeypatch)


RULES = """
[columns]
date = "tanggal"
text = "uraian"
amount = "nominal"

[file]
dates = ["yyyy-mm-dd"]

[defaults]
fund = "usp"

[[rules]]
kind = "expense"
purpose = "{text}"
"""


def test_the_cost_of_an_import_grows_with_its_rows_alone(
    tmp_path: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether members keep what they have saved is asked of every row: of their sum, not of all their savings."""
    few, many = (imported(rows, tmp_path / str(rows), counted, monkeypatch) for rows in (200, 800))
    assert many.lines <= 4 * few.lines
    assert many.steps <= 5 * few.steps
