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
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import IO, Any, NoReturn
from unittest import mock

import pytest

from tests.world.world import PEOPLE, SETUP, SLOTS, Typed, World
from wksbm_cli.cli.main import run

Answer = tuple[int, str, str]
Command = Callable[[date, tuple[str, ...]], Answer]
FUNDS = {words[2].partition("/")[2]: words[3] for words in SETUP if words[:2] == ("fund", "add")}
# The cash books of every so manieth month are handed over, and looked at again after as many.
PAPERS = 3
FIRST, WORLDS = int(os.environ.get("WKSBM_FIRST_WORLD", "0")), int(os.environ.get("WKSBM_WORLDS", "30"))
# For so many months every command is a process of its own, started from nothing: a fifth of a second each. The rest of the year
# is forked; in .ci/long all twelve are started.
PROGRAM_MONTHS = int(os.environ.get("WKSBM_PROGRAM_MONTHS", "1"))
# How many seconds of the processor a failure is made smaller for.
_SHRINKING_SECONDS = 120


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


def by_program_then_fork(folder: Path, months: int) -> Command:
    """Commands run as a person runs them, and after some months in a process forked from this one, which has loaded the
    program already: whatever one command leaves to the next is on the disk, and a year costs what two months did."""
    begun, forked = by_program(folder), 0
    if not hasattr(os, "fork"):
        return begun

    def command(day: date, words: tuple[str, ...]) -> Answer:
        nonlocal forked
        if day.month <= months:
            return begun(day, words)
        forked += 1
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if not child:
                _become_the_program(
                    ["--book", str(folder), "--lang", "en", *words], _environment(day, forked), out, err
                )
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said = []
            for file in (out, err):
                file.seek(0)
                said.append(file.read().decode())
        return code, said[0], said[1]

    return command


def _become_the_program(words: list[str], environment: Mapping[str, str], out: IO[bytes], err: IO[bytes]) -> NoReturn:
    try:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        os.environ.update(environment)
        sys.argv = ["wksbm", *words]
        from wksbm_cli.__main__ import main  # here alone: it turns the collector of cycles off

        main()
    finally:
        os._exit(70)  # never on into the tests


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where a world lives: in memory where the system has a folder there. A year is hundreds of small files written in turn,
    for which a slow disk takes ten times as long as the program."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="wksbm-world-") as made:
        yield Path(made)


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
def test_the_book_says_what_happened(seed: int, begun: Path, folder: Path) -> None:
    def live(without: frozenset[tuple[int, int]], months: int = 12) -> str:
        shutil.rmtree(folder / "book", ignore_errors=True)
        shutil.copytree(begun, folder / "book")
        return _live(World(seed, without), in_process(folder / "book"), folder, every_month=True, months=months)

    failure = live(frozenset())
    if failure:
        pytest.fail(_shrunk(seed, failure, live))


@pytest.mark.parametrize("seed", range(3))
def test_the_program_itself_says_so_too(seed: int, begun: Path, folder: Path) -> None:
    """A year through the real command, held against the world after its last month."""
    shutil.copytree(begun, folder / "book")
    command = by_program_then_fork(folder / "book", PROGRAM_MONTHS)
    failure = _live(World(seed), command, folder, every_month=False)
    assert not failure, failure


def test_a_failure_is_told_by_the_commands_it_needs(begun: Path, folder: Path) -> None:
    """A world whose box loses a note in March: nothing but the month itself is needed to see it."""

    class Stolen(World):
        def month(self, number: int) -> Any:
            yield from super().month(number)
            if number == 3:
                self.places["kas", "kas", "IDR"] -= 1000

    def live(without: frozenset[tuple[int, int]], months: int = 3) -> str:
        shutil.rmtree(folder / "book", ignore_errors=True)
        shutil.copytree(begun, folder / "book")
        return _live(Stolen(1, without), in_process(folder / "book"), folder, every_month=True, months=months)

    told = _shrunk(1, live(frozenset()), live)
    assert told.endswith("Kas: -1000; the book says None")
    after_setup = told.splitlines()[len(SETUP) :]
    assert len(after_setup) <= 4, told


def _shrunk(seed: int, failure: str, live: Callable[[frozenset[tuple[int, int]], int], str]) -> str:
    """The failure of a world from which everything is left out that it does not need: halves of what happens, then each."""
    until = max(int(month) for month in re.findall(r"WKSBM_NOW=\d{4}-(\d\d)", failure) or ["12"])
    needed = sorted(each for each in _happened(seed) if each[0] <= until)
    without: frozenset[tuple[int, int]] = frozenset()
    size, end = max(len(needed) // 2, 1), time.process_time() + _SHRINKING_SECONDS
    while time.process_time() < end:
        for start in range(0, len(needed), size):
            tried = without | set(needed[start : start + size])
            if time.process_time() < end and _is_alike(smaller := live(tried, until), failure):
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
    kept: dict[str, str] = {}
    papers: list[Path] = []
    for number in range(1, months + 1):
        for _, commands in world.month(number):
            last = ""
            for each in commands:
                words = tuple(word.format(id=last, file=str(folder / "sheet.csv"), **kept) for word in each.words)
                (folder / "sheet.csv").write_text(each.file)
                typed.append(f"WKSBM_NOW={each.day}T20:00:00+07:00 {shlex.join(('wksbm', *words))}")
                typed += [f"    {line}" for line in each.file.splitlines()]
                code, out, err = command(each.day, words)
                if code and not (each.may_be_refused and code == 3):
                    return _told(typed, err or out)
                last = out.partition(" ")[0] if code == 0 else ""
                if each.keep:
                    kept[each.keep] = last
                if each.says and (difference := _receipt(command, each, last)):
                    return _told(typed, difference)
        if (every_month or number == months) and (difference := _difference(world, command, number)):
            return _told(typed, difference)
        if number % PAPERS == 0 and (difference := _papers(command, number, papers, folder)):
            return _told(typed, difference)
    code, out, err = command(date(2026, months, 28), ("check",))
    return _told(typed, out + err) if code else ""


def _receipt(command: Command, each: Typed, id_: str) -> str:
    """What the receipt of an entry says it was for, where that is not what it was."""
    (row,) = _rows(command, each.day, "receipt", id_)
    return "" if row["purpose"] == each.says else f'for "{each.says}"; the receipt says "{row["purpose"]}"'


def _papers(command: Command, number: int, papers: list[Path], folder: Path) -> str:
    """The cash books of a month as they are handed over: they add up, and are what the book says, and still are months later."""
    day = date(2026, number, 28)
    for paper in papers:
        code, out, err = command(day, ("verify", str(paper)))
        if code:
            return f"verify {paper.name}: {out}{err}"
    papers.clear()
    for fund in sorted({"kas", list(FUNDS)[number // PAPERS]}):
        if not _rows(command, day, "cashbook", fund):
            continue  # a seal over nothing shows nothing, and is not verified
        paper = folder / f"{fund}-{number}.txt"
        words = ("cashbook", fund, "--month", f"{day:%Y-%m}", "--format", "text", "--output", str(paper))
        for asked in (words, ("verify", str(paper)), ("review", str(paper))):
            code, out, err = command(day, asked)
            if code:
                return f"{asked[0]} {paper.name}: {out}{err}"
        papers.append(paper)
    return ""


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
    in_funds: dict[str, int] = defaultdict(int)
    for (fund, _, unit), minor in world.places.items():
        if unit == "IDR":
            in_funds[FUNDS[fund]] += minor
            in_funds["Total"] += minor
    return [
        (
            "what is sent round",
            {name: minor for name, minor in in_funds.items() if minor},
            {name: minor for name, minor in _sent_round(command, day).items() if minor},
        ),
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
            "layat paid",
            {name: house.layat for name, house in houses if house.layat},
            _by_member(_rows(command, day, "contributions", "--fund", "kematian")),
        ),
        (
            "zakat given",
            {asnaf: minor for asnaf, minor in world.zakat.items() if asnaf not in ("in", "amil") and minor},
            _by_asnaf(_rows(command, day, "disbursements", "--fund", "zakat")),
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


def _sent_round(command: Command, day: date) -> dict[str, int]:
    """What the text for WhatsApp says that each fund has in rupiah, and all of them together, by name."""
    code, out, err = command(day, ("balance", "--format", "whatsapp"))
    assert code == 0, err
    told = re.findall(r"^\*(.+)\*\n(?:  .*\n)*?  Balance: (-?)Rp([0-9,]+)$", out, re.MULTILINE)
    return {name: int(f"{sign}{figures.replace(',', '')}") for name, sign, figures in told}


def _by_member(rows: list[dict[str, Any]]) -> dict[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row["amount"]:
            found[row["member"]][row["period"]] = row["amount"]
    return dict(found)


def _by_asnaf(rows: list[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row["asnaf"]] += row["amount"]
    return dict(sums)


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
