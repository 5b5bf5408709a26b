"""The book says what happened at the table: after each month of simulated years it is held against the world.

A failure prints the commands up to the month that first differs. WKSBM_WORLDS=1000 lives a thousand of them.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.world.world import SETUP, Typed, World
from wksbm_cli.cli.main import run

Answer = tuple[int, str, str]
Command = Callable[[date, tuple[str, ...]], Answer]
WORLDS = int(os.environ.get("WKSBM_WORLDS", "12"))


def _environment(day: date, number: int) -> dict[str, str]:
    return {"WKSBM_NOW": f"{day}T20:{number // 60 % 60:02d}:{number % 60:02d}+07:00", "WKSBM_BY": "siti", "LC_ALL": "C"}


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


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_book_says_what_happened(seed: int, begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun, tmp_path / "book")
    _live(World(seed), in_process(tmp_path / "book"), months=12)


@pytest.mark.parametrize("seed", range(3))
def test_the_program_itself_says_so_too(seed: int, begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun, tmp_path / "book")
    _live(World(seed), by_program(tmp_path / "book"), months=3)


def _live(world: World, command: Command, months: int) -> None:
    typed: list[str] = []
    for month in range(1, months + 1):
        for each in world.month(month):
            words = _words(each, command)
            typed.append(f"WKSBM_NOW={each.day}T20:00:00+07:00 {shlex.join(('wksbm', *words))}")
            code, out, err = command(each.day, words)
            assert code == 0 or (each.may_be_refused and code == 3), _told(typed, err or out)
        difference = _difference(world, command, date(2026, month, 28))
        assert not difference, _told(typed, difference)


def _words(each: Typed, command: Command) -> tuple[str, ...]:
    """The words of a command; in place of `{id}` the id of what was recorded last."""
    if not each.cancels:
        return each.words
    rows = _rows(command, each.day, "cashbook", "kas")
    newest = max(
        (row for row in rows if row["kind"] == "contribution" and row["in"] == 50000), key=lambda row: row["date"]
    )
    return tuple(newest["id"] if word == "{id}" else word for word in each.words)


def _told(typed: list[str], what: str) -> str:
    return "\n".join([*(shlex.join(("wksbm", *words)) for words in SETUP), *typed, what])


def _rows(command: Command, day: date, *words: str) -> list[dict[str, Any]]:
    code, out, err = command(day, (*words, "--format", "json"))
    assert code == 0, err
    rows: list[dict[str, Any]] = json.loads(out)["rows"]
    return rows


def _difference(world: World, command: Command, day: date) -> str:
    """The first thing of which the book says otherwise than the world."""
    places = {row["place"]: row["balance"] for row in _rows(command, day, "balance", "--by", "place")}
    for place, held in world.places.items():
        if places.get(place, 0) != held:
            return f"{place} holds {held}; the book says {places.get(place, 0)}"
    paid: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in _rows(command, day, "contributions", "--fund", "kas"):
        paid[row["member"], row["due"]][row["period"]] = row["amount"]
    for name, house in world.houses.items():
        for due, told in (
            ("iuran", house.months()),
            ("pangkal", {"once": house.fee} if house.fee else {}),
            ("lelayu", house.levies),
        ):
            booked = {period: amount for period, amount in paid[name, due].items() if amount}
            if booked != told:
                return f"{name} paid of {due} {told}; the book says {booked}"
    return ""
