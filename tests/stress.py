"""The faults that take long: many writers at once, and writers killed at random moments. A script, for CI and for doubt.

    python tests/stress.py                  eight processes of forty entries each, then 1,000 kills
    python tests/stress.py --kills 50       the same, shorter; --writers 4 --entries 10 as well

Bounded by its counts and by a time-out for every command. Prints what it found and exits 1 where an entry was lost,
doubled or halved, or where a reader saw a total that never was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE_SECONDS = 120
ENTRY = re.compile(r"[0-9a-f]{32} = \{ .+ \}")
AMOUNT = 1_000
HOUSES = 10


class Failed(Exception):
    """The book is not as it must be."""


def environment(book: Path, by: str = "siti") -> dict[str, str]:
    return {
        **os.environ,
        "WKSBM_BOOK": str(book),
        "WKSBM_BY": by,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")))),
    }


def wksbm(book: Path, *words: str, by: str = "siti") -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "wksbm_cli", "--lang", "en", *words],
        env=environment(book, by),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if ran.returncode:
        raise Failed(f"wksbm {' '.join(words)}: exit {ran.returncode}\n{ran.stderr}{ran.stdout}")
    return ran.stdout


TYPIST = """
import json, sys
from wksbm_cli.cli.main import run
sys.exit(max(run(["--lang", "en", *words]) for words in json.loads(sys.argv[1])))
"""


def make_book(folder: Path) -> Path:
    book = folder / "ledgers"
    commands = (
        ("init", "Uji"),
        ("org", "add", "rt-07", "RT 07"),
        *(("member", "add", f"r{number:03d}", f"Rumah {number}") for number in range(HOUSES)),
        ("fund", "add", "rt-07/kas", "Kas"),
        ("fund", "add", "rt-07/sosial", "Sosial"),
        ("fund", "due", "kas", "jimpitan", "500", "--cycle", "night", "--from", "2024-01-01", "--voluntary"),
    )
    subprocess.run(
        [sys.executable, "-c", TYPIST, json.dumps(commands)],
        env=environment(book),
        stdout=subprocess.DEVNULL,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    return book


def lines(book: Path) -> list[str]:
    """The entries of all ledgers, each of which must be whole and stand once."""
    found = []
    for path in sorted(book.glob("*/*/[0-9]*.toml")):
        text = path.read_text(encoding="utf-8")
        if not text.endswith("\n"):
            raise Failed(f"{path} ends in the middle of a line")
        if text.count("[transactions]") != 1:
            raise Failed(f"{path} has not one header")
        for line in text.splitlines():
            if ENTRY.fullmatch(line):
                found.append(line)
            elif line.strip() and not line.startswith(("#", "[transactions]")):
                raise Failed(f"{path} holds half an entry: {line[:80]}")
    if len(set(found)) != len(found):
        raise Failed("an entry stands twice")
    return found


def balance(book: Path) -> int:
    rows = json.loads(wksbm(book, "balance", "--format", "json"))["rows"]
    return sum(row["balance"] for row in rows)


# --- many at once -------------------------------------------------------------------------------------------------

WRITER = """
import os, sys
from wksbm_cli.cli.main import run
done = 0
for number in range(int(sys.argv[1])):
    done += run(["income", "rt-07/kas", "1000", "--from", f"{os.environ['WKSBM_BY']} {number}"]) == 0
sys.exit(0 if done == int(sys.argv[1]) else 1)
"""
READER = """
import contextlib, io, json, sys
from pathlib import Path
from wksbm_cli.cli.main import run
stop, seen = Path(sys.argv[1]), []
for _ in range(100_000):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = run(["balance", "--by", sys.argv[2], "--format", "json"])
    if code:
        sys.exit(f"a reader was answered with exit {code}")
    answer = json.loads(out.getvalue())
    total = sum(row["balance"] for row in answer["rows"])
    if total != sum(row["balance"] for row in answer["totals"]):
        sys.exit("rows and totals differ")
    seen.append(total)
    if stop.exists():
        break
print(json.dumps(seen))
"""


def many_at_once(folder: Path, writers: int, entries: int) -> None:
    """Each of `writers` processes records `entries` entries while two others read."""
    book, stop = make_book(folder), folder / "stop"
    write = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(entries)],
            env=environment(book, f"penulis {number}"),
            stdout=subprocess.DEVNULL,
        )
        for number in range(writers)
    ]
    read = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(stop), by], env=environment(book), stdout=subprocess.PIPE, text=True
        )
        for by in ("fund", "place")
    ]
    codes = [process.wait(PATIENCE_SECONDS * writers) for process in write]
    stop.touch()
    seen = [json.loads(process.communicate(timeout=PATIENCE_SECONDS)[0] or "null") for process in read]
    if any(codes):
        raise Failed("a writer could not record")
    if None in seen:
        raise Failed("a reader failed")
    for totals in seen:
        if any(total % AMOUNT for total in totals):
            raise Failed("a reader saw a part of an entry")
        if totals != sorted(totals):
            raise Failed("a reader saw the book shrink")
    kept, held = len(lines(book)), balance(book)
    print(
        f"{writers} processes of {entries} entries: {kept} kept, {held} rupiah, {sum(map(len, seen))} reports meanwhile"
    )
    if kept != writers * entries or held != AMOUNT * kept:
        raise Failed(f"{kept} of {writers * entries} entries are there, and {held} rupiah")


# --- killed at random moments -------------------------------------------------------------------------------------


def commands(number: int, sheet: Path) -> Sequence[tuple[str, ...]]:
    """Commands that write one line, several files, and a register."""
    house, day = f"r{number // 4 // 28 % HOUSES:03d}", number // 4 % 28 + 1
    sheet.write_text(
        f"date,member,amount\n2024-12-{day:02d},{house},500\n2025-01-{day:02d},{house},500\n", encoding="utf-8"
    )
    return (
        ("income", "rt-07/kas", "1000", "--from", f"Warung {number}"),
        ("transfer", "rt-07/kas", "rt-07/sosial", "1000", "--reason", f"Bagi {number}"),
        ("collect", "rt-07/kas", "--file", str(sheet)),
        ("member", "add", f"s{number:06d}", "Warga baru"),
    )


def kill_at_random(folder: Path, kills: int, seed: int) -> None:
    """Kill -9 a writing command somewhere between its start and its usual end; nothing acknowledged is lost, nothing half."""
    chance = random.Random(seed)
    book, sheet = make_book(folder), folder / "nights.csv"
    wksbm(book, "opening", "rt-07/kas", "100jt", "--date", "2024-01-01")
    started = time.monotonic()
    wksbm(book, "income", "rt-07/kas", "1000", "--from", "Warung")
    usual = time.monotonic() - started
    acknowledged = set(lines(book))
    died = completed = 0
    for number in range(kills):
        words = commands(number, sheet)[number % 4]
        child = subprocess.Popen(
            [sys.executable, "-m", "wksbm_cli", "--lang", "en", *words],
            env=environment(book),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        # Most of a command is the start of the interpreter; what is to be hit lies behind it.
        time.sleep(chance.uniform(0.4, 1.1) * usual)
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=PATIENCE_SECONDS)
        died += child.returncode < 0
        completed += child.returncode == 0
        usual *= 1.01 if child.returncode < 0 else 0.97  # so that three of four are hit, however busy the machine is
        if number % 10 == 9 or number == kills - 1:
            _look(book, acknowledged)
    print(f"{kills} kills: {died} died, {completed} were done before; {len(acknowledged)} entries, none lost")


def _look(book: Path, acknowledged: set[str]) -> None:
    """Let the next command mend what is to be mended, and hold the book against what it held before."""
    wksbm(book, "income", "rt-07/kas", "1000", "--from", "Sesudahnya")
    wksbm(book, "income", "rt-07/sosial", "1000", "--from", "Sesudahnya")
    now = set(lines(book))
    if lost := acknowledged - now:
        raise Failed(f"{len(lost)} acknowledged entries are lost")
    nights = [line for line in now if 'kind = "contribution"' in line]
    if sum("date = 2024-12-" in line for line in nights) != sum("date = 2025-01-" in line for line in nights):
        raise Failed("a batch is in one of its two files alone")
    if "balance" not in wksbm(book, "balance", "--format", "json"):
        raise Failed("the book cannot be read")
    wksbm(book, "member", "list")
    acknowledged |= now


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    try:
        runs: tuple[Callable[[Path], None], ...] = (
            lambda folder: many_at_once(folder, chosen.writers, chosen.entries),
            lambda folder: kill_at_random(folder, chosen.kills, chosen.seed),
        )
        for run in runs:
            with tempfile.TemporaryDirectory(prefix="wksbm-stress-") as name:
                run(Path(name))
    except Failed as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
