"""What `schedule` prints does its work where cron does: no terminal, no home, no locale, nothing typed."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Typist

# What cron gives a command, less than that: not even a home.
BARE = {"PATH": "/usr/bin:/bin", "WKSBM_NOW": "2026-03-01T06:00:00+07:00"}


@pytest.fixture
def kept(book: Typist) -> Typist:
    """A book with something in last month."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-02-01")
    return book


def line_of(table: str) -> str:
    """The one line of a crontab that is no comment."""
    (line,) = [line for line in table.splitlines() if not line.startswith("#")]
    return line


def run_as_cron_does(line: str, when: str = "0 6 1 * *", **more: str) -> subprocess.CompletedProcess[str]:
    """The command behind the five fields, in `sh`, with `\\%` told back to `%` (crontab(5))."""
    assert line.startswith(when + " ")
    command = line.removeprefix(when + " ").replace("\\%", "%")
    assert "%" not in line.replace("\\%", ""), "a bare % ends the line"
    return subprocess.run(
        ["/bin/sh", "-c", command], env=BARE | more, cwd="/", capture_output=True, text=True, timeout=60, check=False
    )


def test_the_line_writes_last_month_in_silence(kept: Typist) -> None:
    line = line_of(kept.must("schedule").out)
    done = run_as_cron_does(line)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    written = kept.folder / "laporan" / "rt-07" / "2026-02.txt"
    assert "Rp1,000,000" in written.read_text(encoding="utf-8")


def test_signs_that_shells_and_cron_read_are_only_letters(kept: Typist) -> None:
    folder = kept.folder / "my 100% $HOME's; reports"
    table = kept.must("schedule", "--output", str(folder / "{org} {month}.html"), "--day", "28", "--time", "23:59").out
    done = run_as_cron_does(line_of(table), "59 23 28 * *")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "rt-07 2026-02.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_failure_is_told_and_counts_as_one(kept: Typist) -> None:
    line = line_of(kept.must("schedule").out)
    (kept.folder / "laporan").write_text("a file where a folder should be")
    done = run_as_cron_does(line)
    assert done.returncode == 4
    assert "laporan" in done.stderr and not done.stdout


@pytest.mark.skipif(shutil.which("flock") is None, reason="flock is not installed")
def test_a_run_ends_at_once_where_another_is_at_work(kept: Typist) -> None:
    line = line_of(kept.must("schedule").out)
    descriptor = os.open(kept.folder / "ledgers", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        done = run_as_cron_does(line)
    finally:
        os.close(descriptor)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert not (kept.folder / "laporan").exists()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(kept: Typist, tmp_path: Path) -> None:
    output = str(tmp_path / "my 100% $reports/{month}.txt")
    printed = kept.must("schedule", "--org", "rt-07", "--output", output, "--systemd").out
    parts = re.split(r"^# ~/\.config/systemd/user/(\S+)$", printed, flags=re.MULTILINE)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert {Path(name).suffix for name in files} == {".service", ".timer"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not [line for line in said.stderr.splitlines() if any(name in line for name in files)], said.stderr
    assert "my 100%% $$reports" in files[next(name for name in files if name.endswith(".service"))]
    (when,) = re.findall("^OnCalendar=(.*)$", printed, re.MULTILINE)
    assert subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--day", "31"), "28"),
        (("--time", "25:00"), "06:00"),
        (("--time", "6"), "06:00"),
        (("--format", "htlm"), "html"),
        (("--output", "{organisation}.txt"), "{org}"),
        (("--org", "rt-70"), "rt-07"),
    ],
)
def test_a_slip_is_told_now_and_not_by_cron(kept: Typist, words: tuple[str, ...], told: str) -> None:
    answer = kept("schedule", *words)
    assert answer.code in (2, 3)
    assert told in answer.err and not answer.out


@pytest.fixture
def cron(tmp_path: Path) -> Iterator[Path]:
    """A file of /etc/cron.d that a running cron reads; the daemon is started, and stopped, where none runs."""
    if not os.environ.get("CI"):
        pytest.skip("only in CI: it waits up to a minute for the clock")
    if os.geteuid() != 0 or not Path("/etc/cron.d").is_dir() or (daemon := shutil.which("cron")) is None:
        pytest.skip("needs root and Debian's package cron")
    table = Path("/etc/cron.d") / f"wksbm-test-{os.getpid()}"
    started = None
    if subprocess.run(["pidof", "cron"], capture_output=True, check=False).returncode != 0:
        started = subprocess.Popen([daemon, "-f"])
    try:
        yield table
    finally:
        table.unlink(missing_ok=True)
        if started is not None:
            started.terminate()
            started.wait(timeout=10)


def test_cron_itself_runs_it(kept: Typist, cron: Path) -> None:
    line = line_of(kept.must("schedule").out)
    assert line.startswith("0 6 1 * * ")
    cron.write_text(f"* * * * * root {line.removeprefix('0 6 1 * * ')}\n")
    cron.chmod(0o644)
    for _ in range(75):  # a minute, and what the daemon needs to notice the file
        written = list((kept.folder / "laporan").glob("rt-07/*.txt"))
        if written:
            break
        time.sleep(1)
    assert written, "cron did not run the line within a minute"
    assert "Kas Sosial" in written[0].read_text(encoding="utf-8")
