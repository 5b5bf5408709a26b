"""The same work through wksbm and through its peers, side by side, in one run on one machine.

    python benchmarks/run.py [--quick] [--write]

Installs nothing; uses hledger, ledger and beancount where they are present. Every figure is the best of several runs, every
target a ratio within this run. `--write` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks import generate

ROOT = Path(__file__).parent.parent
DOC = ROOT / "docs" / "performance.md"
MARK = "<!-- measured by benchmarks/run.py: everything below is replaced -->"
BARE = """
import typer
app = typer.Typer()
@app.command()
def one(count: int = 1): print(count)
@app.command()
def two(): print(2)
app()
"""


@dataclass(frozen=True)
class Cost:
    """The best of several runs of a command: seconds, and the most memory a process of it held, in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Line:
    """A ratio against its target: `ratio` must be at most `target`, or at least it where `more` is better."""

    work: str
    ours: str
    against: str
    ratio: float
    target: float
    more: bool = False

    @property
    def met(self) -> bool:
        return self.ratio >= self.target if self.more else self.ratio <= self.target


def cost(command: Sequence[str], folder: Path, runs: int, before: Callable[[], object] = lambda: None) -> Cost:
    """Run a command several times; what `before` prepares is not counted."""
    seconds, memory = [], []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        memory.append(usage.ru_maxrss / 1024)
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode()}")
    return Cost(min(seconds), min(memory))


class Bench:
    """Folders, commands and the lines measured so far."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        self.lines: list[Line] = []
        self.remarks: list[str] = []
        self.wksbm = shutil.which("wksbm") or "wksbm"
        (folder / "bare.py").write_text(BARE)
        self.example = folder / "example"
        shutil.copytree(ROOT / "ledgers", self.example / "ledgers", ignore=shutil.ignore_patterns(".wksbm", "*.py"))

    def ours(
        self, folder: Path, *words: str, runs: int | None = None, before: Callable[[], object] = lambda: None
    ) -> Cost:
        return cost([self.wksbm, *words], folder, runs or self.runs, before)

    def line(self, work: str, ours: float, against: str, theirs: float, target: float, *, more: bool = False) -> None:
        ratio = theirs / ours if more else ours / theirs
        self.lines.append(Line(work, f"{ours:.3f} s", f"{against}: {theirs:.3f} s", ratio, target, more))
        print(f"{'ok ' if self.lines[-1].met else 'NOT'} {work}: {ratio:.2f} (target {target})", flush=True)

    def startup(self) -> float:
        bare = cost([sys.executable, "bare.py", "one"], self.folder, self.runs * 3).seconds
        self.line(
            "`wksbm --version`",
            self.ours(self.example, "--version", runs=self.runs * 3).seconds,
            "bare Typer",
            bare,
            1.25,
        )
        self.ours(self.example, "balance")
        balance = self.ours(self.example, "balance", "--format", "json", runs=self.runs * 3).seconds
        self.line("`balance --format json`, example book", balance, "bare Typer", bare, 1.6)
        table = self.ours(self.example, "balance", runs=self.runs * 3).seconds
        self.line("`balance` as a table, example book", table, "bare Typer", bare, 2.2)
        return balance

    def book(self, name: str, organisations: int) -> tuple[Path, int]:
        folder = self.folder / name
        folder.mkdir()
        postings = generate.make(folder, organisations, 2600)
        print(f"{name}: {postings:,} postings", flush=True)
        return folder, postings

    def journal(self, folder: Path, program: str) -> Path:
        """The exact equal of the book for a peer, by our own export."""
        path = folder / f"book.{program}"
        if not path.exists():
            self.ours(folder, "export", program, "--output", str(path), runs=1)
        return path

    def against_peers(self, folder: Path, postings: int, times_faster: float, example: float) -> None:
        """Warm reports, the first index, recording, and checking, each against one `ledger bal`."""
        size = f"{postings / 1000:,.0f} thousand postings"
        state = folder / "ledgers" / ".wksbm"
        forget = lambda: shutil.rmtree(state, ignore_errors=True)  # noqa: E731
        first = self.ours(folder, "balance", "--format", "json", runs=min(3, self.runs), before=forget)
        warm = self.ours(folder, "balance", "--format", "json").seconds
        summary = self.ours(folder, "summary", "--month", "2020-03", "--format", "json").seconds
        check = self.ours(folder, "check", runs=1).seconds
        self.line(f"`balance`, warm, {size}: growth with history", warm, "example book", example, 1.3)
        self.remarks.append(
            f"{size}: `summary` of one month {summary:.3f} s; first index {first.seconds:.2f} s,"
            f" {first.megabytes:.0f} MB at most per process"
        )
        if shutil.which("ledger"):
            path = self.journal(folder, "ledger")
            theirs = cost(["ledger", "-f", str(path), "bal"], folder, min(3, self.runs))
            self.line(
                f"`balance`, warm, {size} (times faster)", warm, "`ledger bal`", theirs.seconds, times_faster, more=True
            )
            self.line(
                f"`summary`, warm, {size} (times faster)",
                summary,
                "`ledger bal`",
                theirs.seconds,
                times_faster,
                more=True,
            )
            if times_faster > 10:
                self.line(f"first index, {size}", first.seconds, "`ledger bal`", theirs.seconds, 0.5)
                self.line(f"`check`, {size}", check, "`ledger bal`", theirs.seconds, 0.7)
                self.lines.append(
                    Line(
                        f"memory of the first index, {size}",
                        f"{first.megabytes:.0f} MB",
                        "120 MB",
                        first.megabytes,
                        120,
                    )
                )
            self.remarks.append(f"{size}: `ledger bal` {theirs.seconds:.2f} s, {theirs.megabytes:.0f} MB")
        for program, command in (
            ("hledger", ["hledger", "-f", "{}", "bal"]),
            ("beancount", ["bean-check", "--no-cache", "{}"]),
        ):
            if shutil.which(command[0]) and times_faster < 10:
                path = self.journal(folder, program)
                theirs = cost([word.format(path) for word in command], folder, 1)
                self.remarks.append(
                    f"{size}: `{' '.join(command[:1] + command[3:])}` {theirs.seconds:.2f} s, {theirs.megabytes:.0f} MB"
                )

    def recording(self, folder: Path, postings: int) -> None:
        empty = self.folder / f"empty-{postings}"
        empty.mkdir()
        for words in (("init", "Kosong"), ("org", "add", "rt-01", "RT 01"), ("fund", "add", "rt-01/kas-sosial", "Kas")):
            self.ours(empty, *words, runs=1)
        entry = ("opening", "rt-01/kas-sosial", "1000", "--date", "2024-02-01")
        theirs = self.ours(empty, *entry).seconds
        self.line(
            f"recording one entry, {postings / 1000:,.0f} thousand postings",
            self.ours(folder, *entry).seconds,
            "empty book",
            theirs,
            1.2,
        )
        warm = self.ours(folder, "balance", "--format", "json").seconds
        after = self.ours(
            folder, "balance", "--format", "json", before=lambda: self.ours(folder, *entry, runs=1)
        ).seconds
        self.line("the next report after an entry", after, "a warm one", warm, 1.1)

    def importing(self) -> None:
        """20,000 rows of collections, some 400 nights, against reading that CSV and starting."""
        folder = self.folder / "import"
        folder.mkdir()
        rows = [
            (date(2025, 1, 1) + timedelta(days=night), f"r{house:03d}", 500, f"p{night % 8}")
            for night in range(400)
            for house in range(1, 51)
        ]
        with (folder / "sheet.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("tanggal", "rumah", "nominal", "petugas"), *rows])
        (folder / "members.csv").write_text(
            "id,name\n" + "".join(f"r{house:03d},Warga {house}\n" for house in range(1, 51))
        )
        for words in (
            ("init", "Impor"),
            ("org", "add", "rt-01", "RT 01"),
            ("member", "add", "--file", "members.csv"),
            ("fund", "add", "rt-01/jimpitan", "Jimpitan", "--type", "jimpitan"),
            ("fund", "due", "jimpitan", "jimpitan", "500", "--cycle", "night", "--voluntary", "--from", "2025-01-01"),
        ):
            self.ours(folder, *words, runs=1)
        ledgers = folder / "ledgers" / "rt-01" / "jimpitan"
        state = folder / "ledgers" / ".wksbm"

        def undo() -> None:
            """As before the sheet; the index goes too, for it would miss the ledgers it remembers."""
            shutil.rmtree(state, ignore_errors=True)
            for path in ledgers.glob("2*.toml"):
                path.unlink()

        ours = self.ours(
            folder, "collect", "jimpitan", "--file", "sheet.csv", runs=min(3, self.runs), before=undo
        ).seconds
        parse = "import csv,sys; rows = list(csv.DictReader(open('sheet.csv'))); print(len(rows))"
        bare = (
            cost([sys.executable, "-c", parse], folder, self.runs).seconds
            + cost([self.wksbm, "--version"], folder, self.runs).seconds
        )
        self.line("`collect --file`, 20,000 rows", ours, "bare parse and start-up", bare, 2.5)

    def table(self) -> str:
        rows = ["| work | wksbm | against | ratio | target | |", "|---|---|---|---|---|---|"]
        for line in self.lines:
            sign = "at least" if line.more else "at most"
            met = "met" if line.met else "not met"
            rows.append(
                f"| {line.work} | {line.ours} | {line.against} | {line.ratio:.2f} | {sign} {line.target} | {met} |"
            )
        return "\n".join([*rows, "", *(f"- {remark}" for remark in self.remarks)])


def machine() -> str:
    versions = [f"Python {platform.python_version()}"]
    for command in (["hledger", "--version"], ["ledger", "--version"], ["bean-check", "--version"]):
        if shutil.which(command[0]):
            said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().splitlines()
            versions += said[:1]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{date.today().isoformat()}, {platform.system()} {platform.machine()}, {cores} cores. {'; '.join(versions)}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave the book of 1.59 million postings out")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--runs", type=int, default=5)
    typed = parser.parse_args()
    os.environ.update(WKSBM_BY="siti", LC_ALL="C.UTF-8")
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(Path(temporary), typed.runs)
        example = bench.startup()
        small, postings = bench.book("small", 1)
        bench.against_peers(small, postings, 4, example)
        bench.importing()
        if not typed.quick:
            large, postings = bench.book("large", 10)
            bench.against_peers(large, postings, 50, example)
            bench.recording(large, postings)
        else:
            bench.recording(small, postings)
        table = bench.table()
    print(table)
    if typed.write:
        text = DOC.read_text(encoding="utf-8") if DOC.exists() else f"# How fast it is\n\n{MARK}\n"
        DOC.write_text(f"{text.partition(MARK)[0]}{MARK}\n\n{machine()}\n\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
