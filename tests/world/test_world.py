"""The book says what happened at the table: after each month of simulated years it is held against the world.

A failure prints the commands that lead to it, without what it does not need. WKSBM_WORLDS=1000 lives a thousand worlds,
WKSBM_FIRST_WORLD says from which seed on.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.world.world import PEOPLE, SETUP, SLOTS, Typed, World
from wksbm_cli.cli.main import run

Answer = tuple[int, str, str]
Command = Callable[[date, tuple[str, ...]], Answer]
FIRST, WORLDS = int(os.environ.get("WKSBM_FIRST_WORLD", "0")), int(os.environ.get("WKSBM_WORLDS", "30"))
# A command of its own takes a fifth of a second: a whole year of three worlds is lived in .ci/long.
PROGRAM_MONTHS = int(os.environ.get("WKSBM_PROGRAM_MONTHS", "2"))
# How many seconds of the processor a failure is made smaller for.
_SHRINKING_SECONDS = 60


def _environment(day: date, number: int) -> dict[str, str]:
    moment = f"{day}T20:{number // 60 % 60:02d}:{number % 60:02d}+07:00"
    return {"WKSBM_NOW": moment, "WKSBM_BY": "siti", "LC_ALL": "C"}


def in_process(folder: Path) -> Command:
    """Commands run in this process."""
    typed = 0

    def command(day: date, words: tuple[str, ...]) -> Answer:
        nonlocal typed
        typed += 1
        out, err = StringIO(), StringIO()
        with (
            mock.patch.dict(os.environ, _environment(day, typed)),
            mock.patch("os.fsync"),  # the disk is not what is tried here
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(["--book", str(folder), "--lang", "en", *words])
        return code, out.getvalue(), err.getvalue()

    return command


def by_program(folder: Path) -> Command:
    """Commands run as a person runs them."""
    typed = 0
    root = Path(__file__).parents[2]

    def command(day: date, words: tuple[str, ...]) -> Answer:
        nonlocal typed
        typed += 1
        done = subprocess.run(
            [sys.executable, "-m", "wksbm_cli", "--book", str(folder), "--lang", "en", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **_environment(day, typed), "PYTHONPATH": str(root)},
        )
        return done.returncode, done.stdout, done.stderr

    return command


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book every world starts from."""
    folder = tmp_path_factory.mktemp("world") / "begun"
    command = in_process(folder)
    for words in SETUP:
        code, _, err = command(date(2026, 1, 1), words)
        assert code == 0, f"{words}: {err}"
    return folder


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WORLDS))
def test_the_book_says_what_happened(seed: int, begun: Path, tmp_path: Path) -> None:
    def live(without: frozenset[tuple[int, int]]) -> str:
        shutil.rmtree(tmp_path / "book", ignore_errors=True)
        shutil.copytree(begun, tmp_path / "book")
        return _live(World(seed, without), in_process(tmp_path / "book"), tmp_path, every_month=True)

    failure = live(frozenset())
    if failure:
        pytest.fail(_shrunk(seed, failure, live))


@pytest.mark.parametrize("seed", range(3))
def test_the_program_itself_says_so_too(seed: int, begun: Path, tmp_path: Path) -> None:
    """Through the real command, held against the world at the end."""
    shutil.copytree(begun, tmp_path / "book")
    failure = _live(World(seed), by_program(tmp_path / "book"), tmp_path, every_month=False, months=PROGRAM_MONTHS)
    assert not failure, failure


def test_a_failure_is_told_by_the_commands_it_needs(begun: Path, tmp_path: Path) -> None:
    """A world whose box loses a note in March: nothing but the month itself is needed to see it."""

    class Stolen(World):
        def month(self, number: int) -> Any:
            yield from super().month(number)
            if number == 3:
                self.places["kas", "kas", "IDR"] -= 1000

    def live(without: frozenset[tuple[int, int]]) -> str:
        shutil.rmtree(tmp_path / "book", ignore_errors=True)
        shutil.copytree(begun, tmp_path / "book")
        return _live(Stolen(1, without), in_process(tmp_path / "book"), tmp_path, every_month=True, months=3)

    told = _shrunk(1, live(frozenset()), live)
    assert "kas/kas" in told
    after_setup = told.splitlines()[len(SETUP) :]
    assert len(after_setup) <= 4, told


def _shrunk(seed: int, failure: str, live: Callable[[frozenset[tuple[int, int]]], str]) -> str:
    """The failure of a world from which everything is left out that it does not need: halves of what happens, then each."""
    needed, without = sorted(_happened(seed)), frozenset[tuple[int, int]]()
    size, end = max(len(needed) // 2, 1), time.process_time() + _SHRINKING_SECONDS
    while time.process_time() < end:
        for start in range(0, len(needed), size):
            tried = without | set(needed[start : start + size])
            if time.process_time() < end and _is_alike(smaller := live(tried), failure):
                failure, without = smaller, tried
        needed = [each for each in needed if each not in without]
        if size == 1:
            break
        size //= 2
    return f"seed {seed}\n{failure}"


def _is_alike(smaller: str, failure: str) -> bool:
    """Whether a smaller world fails in what the larger one did, figures and names apart."""
    shapes = [
        re.sub(r"[0-9a-f]{8}|[0-9,.]+|" + "|".join(PEOPLE), "", said.rpartition("\n")[2].partition(": ")[0])
        for said in (smaller, failure)
    ]
    return bool(smaller) and shapes[0] == shapes[1]


def _happened(seed: int) -> set[tuple[int, int]]:
    world = World(seed)
    return {each for number in range(1, 13) for each, _ in world.month(number)}


def _live(world: World, command: Command, folder: Path, *, every_month: bool, months: int = 12) -> str:
    """Live a world: '' where the book says what happened, else what it says otherwise below the commands typed."""
    typed: list[str] = []
    for number in range(1, months + 1):
        for _, commands in world.month(number):
            last = ""
            for each in commands:
                words = tuple(word.format(id=last, file=str(folder / "sheet.csv")) for word in each.words)
                (folder / "sheet.csv").write_text(each.file)
                typed.append(f"WKSBM_NOW={each.day}T20:00:00+07:00 {shlex.join(('wksbm', *words))}")
                typed += [f"    {line}" for line in each.file.splitlines()]
                code, out, err = command(each.day, words)
                if code and not (each.may_be_refused and code == 3):
                    return _told(typed, err or out)
                last = out.partition(" ")[0] if code == 0 else ""
                if each.says and (difference := _receipt(command, each, last)):
                    return _told(typed, difference)
        if (every_month or number == months) and (difference := _difference(world, command, number)):
            return _told(typed, difference)
    code, out, err = command(date(2026, months, 28), ("check",))
    return _told(typed, out + err) if code else ""


def _receipt(command: Command, each: Typed, id_: str) -> str:
    """What the receipt of an entry says it was for, where that is not what it was."""
    (row,) = _rows(command, each.day, "receipt", id_)
    return "" if row["purpose"] == each.says else f'for "{each.says}"; the receipt says "{row["purpose"]}"'


def _told(typed: list[str], what: str) -> str:
    return "\n".join([*(shlex.join(("wksbm", *words)) for words in SETUP), *typed, what])


def _rows(command: Command, day: date, *words: str) -> list[dict[str, Any]]:
    code, out, err = command(day, (*words, "--format", "json"))
    assert code == 0, err
    rows: list[dict[str, Any]] = json.loads(out)["rows"]
    return rows


def _difference(world: World, command: Command, number: int) -> str:
    """The first thing of which the book says otherwise than the world."""
    day = date(2026, number, 28)
    paid: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in _rows(command, day, "contributions", "--fund", "kas"):
        if row["amount"]:
            paid[row["due"], row["member"]][row["period"]] = row["amount"]
    return _first_difference(_comparisons(world, command, day, number, paid))


def _comparisons(
    world: World, command: Command, day: date, number: int, paid: Mapping[tuple[str, str], Mapping[str, int]]
) -> list[tuple[str, Mapping[Any, Any], Mapping[Any, Any]]]:
    """By what is compared: what the world has, and what the book says."""
    houses = world.houses.items()
    return [
        (
            "what places hold",
            {f"{fund}/{place} {unit}": minor for (fund, place, unit), minor in world.places.items() if minor},
            {
                f"{row['fund']}/{row['place']} {row['unit']}": row["balance"]
                for row in _rows(command, day, "balance", "--by", "place")
                if row["balance"]
            },
        ),
        *(
            (f"{due} paid", {name: told for name, house in houses if (told := of(house))}, _of_due(paid, due))
            for due, of in (
                ("iuran", lambda house: house.months()),
                ("pangkal", lambda house: {"once": house.fee} if house.fee else {}),
                ("lelayu", lambda house: house.levies),
            )
        ),
        (
            "iuran still open",
            {name: owed for name, house in houses if (owed := house.owed(number))},
            {
                row["member"]: row["amount"]
                for row in _rows(command, day, "arrears", "--fund", "kas", "--as-of", day.isoformat())
                if row["due"] == "iuran"
            },
        ),
        (
            "savings",
            {name: house.saved for name, house in houses if house.saved},
            {row["member"]: row["amount"] for row in _rows(command, day, "savings", "usp") if row["amount"]},
        ),
        (
            "loans",
            {loan.house: loan.principal - loan.paid for loan in world.loans if loan.paid < loan.principal},
            {row["member"]: row["outstanding"] for row in _rows(command, day, "loans", "usp") if row["outstanding"]},
        ),
        (
            "arisan paid",
            {name: paid_in for name in SLOTS if (paid_in := world.slots[name])},
            _summed(_rows(command, day, "contributions", "--fund", "arisan")),
        ),
    ]


def _of_due(paid: Mapping[tuple[str, str], Mapping[str, int]], due: str) -> dict[str, Mapping[str, int]]:
    return {member: periods for (of, member), periods in paid.items() if of == due}


def _summed(rows: list[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row["member"]] += row["amount"]
    return {member: minor for member, minor in sums.items() if minor}


def _first_difference(comparisons: list[tuple[str, Mapping[Any, Any], Mapping[Any, Any]]]) -> str:
    for what, truly, booked in comparisons:
        for key in sorted(truly.keys() | booked.keys()):
            if truly.get(key) != booked.get(key):
                return f"{what}, {key}: {truly.get(key)}; the book says {booked.get(key)}"
    return ""
