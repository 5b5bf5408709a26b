"""What stands in a ledger after the disk, the power or a hand on the keyboard failed while it was being written."""

from __future__ import annotations

import errno
import json
import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typist
from wksbm_cli.book import bound, disk, writing
from wksbm_cli.book.folder import Folder
from wksbm_cli.cli.main import run
from wksbm_cli.domain.line import make_entry
from wksbm_cli.index.build import refresh
from wksbm_cli.recording import commit

FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
ENTRY = ("contribute", "kas-sosial", "budi", "5000", "--for", "2026-01")
# Beyond this many calls of the system a recording is sure to be done.
MOST_CALLS = 60
CALLS = ("write", "fsync", "ftruncate", "replace", "unlink")


def balance(book: Typist, fund: str = "kas-sosial") -> int:
    rows = book.must("balance", "--fund", fund, "--format", "json").json["rows"]
    return sum(row["balance"] for row in rows)


# --- the disk says no ---------------------------------------------------------------------------------------------


class FailingOs:
    """The `os` that `writing` and `disk` know, whose nth call of one kind fails; a failing write takes half of the data first."""

    def __init__(self, call: str, nth: int, error: BaseException) -> None:
        self._call, self._left, self._error = call, nth, error

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name != self._call:
            return real

        def failing(*arguments: Any) -> Any:
            self._left -= 1
            if self._left:
                return real(*arguments)
            if name == "write":
                real(arguments[0], arguments[1][: len(arguments[1]) // 2])
            raise self._error

        return failing


def failing_os(patch: pytest.MonkeyPatch, failing: FailingOs) -> None:
    for module in (writing, disk):
        patch.setattr(module, "os", failing)


def full_disk() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("new_file", [True, False])
def test_a_full_disk_leaves_the_ledger_as_it_was(
    book: Typist, monkeypatch: pytest.MonkeyPatch, call: str, new_file: bool
) -> None:
    if not new_file:
        book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    before = book.files()
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs(call, 1, full_disk()))
        answer = book(*ENTRY)
    assert answer.code == 4
    assert "The disk is full; nothing was recorded." in answer.err
    assert "Make room" in answer.err
    assert book.files() == before
    book.must(*ENTRY)
    assert balance(book) == 5_000 + (0 if new_file else 1_000_000)


def two_years(book: Typist) -> tuple[str, ...]:
    """A command whose entries go into two ledger files."""
    sheet = book.folder / "nights.csv"
    sheet.write_text("date,member,amount\n2025-12-31,r001,500\n2026-01-01,r001,500\n2026-01-01,r002,1000\n")
    return ("collect", "jimpitan", "--file", str(sheet))


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_batch_that_fails_midway_is_not_completed_later(
    book: Typist, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    """Its author was told that nothing was recorded and types it again: it must stand once."""
    command = two_years(book)
    before = book.files()
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs(call, nth, full_disk()))
        assert book(*command).code == 4
    assert book.files() == before
    book.must(*command)
    assert balance(book, "jimpitan") == 2_000


def test_ctrl_c_in_the_middle_takes_the_write_back(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.files()
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs("fsync", 1, KeyboardInterrupt()))
        answer = book(*ENTRY)
    assert answer.code == 130
    assert "nothing was recorded" in answer.err
    assert book.files() == before


def test_a_disk_that_gives_back_something_else_is_noticed(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.files()
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_read_at", lambda descriptor, offset, length: b"?" * length)
        answer = book(*ENTRY)
    assert answer.code == 4
    assert "may be failing" in answer.err
    assert book.files() == before


@pytest.mark.parametrize(
    "fault", [sqlite3.OperationalError("database or disk is full"), full_disk(), KeyboardInterrupt()]
)
def test_what_was_recorded_is_answered_whatever_befalls_the_index_afterwards(
    book: Typist, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    real = refresh
    calls: list[tuple[Any, ...]] = []

    def failing(*arguments: Any) -> sqlite3.Connection:
        calls.append(arguments)
        if len(calls) > 1:
            raise fault
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(commit, "refresh", failing)
        answer = book.must(*ENTRY)
    assert len(calls) == 2
    assert "Rp5,000" in answer.out
    assert balance(book) == 5_000


def test_a_register_is_replaced_whole_or_not_at_all(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.files()
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs("write", 1, full_disk()))
        assert book("member", "add", "r004", "Dewi").code == 4
    assert book.files() == before


def test_a_register_keeps_its_permissions(book: Typist) -> None:
    members = book.folder / "ledgers" / "rt-07" / "members.toml"
    members.chmod(0o664)
    before = os.umask(0o077)
    try:
        book.must("member", "add", "r004", "Dewi")
    finally:
        os.umask(before)
    assert members.stat().st_mode & 0o777 == 0o664


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_answer_that_cannot_be_shown_does_not_unsay_what_was_recorded(book: Typist) -> None:
    for words, code, says in (
        (ENTRY, 0, "It was recorded"),
        (("balance",), 4, "The answer could not be written: the disk is full."),
        (("balance", "--format", "xlsx"), 4, "The answer could not be written: the disk is full."),
        (("--help",), 4, "The answer could not be written: the disk is full."),
    ):
        with Path("/dev/full").open("w") as full:
            ran = subprocess.run(
                [sys.executable, "-m", "wksbm_cli", "--lang", "en", *words],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert ran.returncode == code, ran.stderr
        assert says in ran.stderr
        assert len(ran.stderr.splitlines()) == 1, "no path, no traceback, nothing of the book"
    assert balance(book) == 5_000


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_closed_before_the_start_is_no_trouble(book: Typist, closed: str) -> None:
    words = " ".join([sys.executable, "-m", "wksbm_cli", "--lang", "en"])
    recorded = subprocess.run(f"{words} {shlex.join(ENTRY)} {closed}", shell=True, capture_output=True, check=False)
    reported = subprocess.run(f"{words} balance --output a.txt {closed}", shell=True, capture_output=True, check=False)
    assert (recorded.returncode, reported.returncode) == (0, 0), (recorded.stderr, reported.stderr)
    assert balance(book) == 5_000
    assert "Rp5,000" in Path("a.txt").read_text()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the right to mount a small disk")
def test_a_disk_that_is_really_full(book: Typist, tmp_path: Path) -> None:
    """A disk of 400 KiB in memory: the recording is refused whole, reports go on, and with room made so does the rest."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        shutil.copytree(book.folder / "ledgers", disk / "ledgers")
        typed = ("--book", str(disk / "ledgers"))
        book.must(*typed, "opening", "kas-sosial", "1jt", "--date", "2026-01-01")
        filler = disk / "filler"
        for room in (0, 4096, 8192, 16384):
            _fill(filler, room)
            before = {path: path.read_bytes() for path in (disk / "ledgers").rglob("*.toml")}
            refused = 0
            for number in range(40):
                answer = book(*typed, "income", "kas-sosial", "1000", "--from", f"Warung {number}", "--note", "x" * 400)
                assert answer.code in (0, 4), answer.err
                refused += answer.code == 4
                if answer.code:
                    assert "The disk is full; nothing was recorded." in answer.err
                else:
                    before = {path: path.read_bytes() for path in (disk / "ledgers").rglob("*.toml")}
                assert {path: path.read_bytes() for path in (disk / "ledgers").rglob("*.toml")} == before
                if refused == 3:
                    break
            assert refused
            rows = book.must(*typed, "balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
            entries = (disk / "ledgers" / "rt-07" / "kas-sosial" / "2026.toml").read_text().count('"income"')
            assert rows[0]["balance"] == 1_000_000 + 1_000 * entries
            filler.unlink()
            book.must(*typed, "income", "kas-sosial", "1000", "--from", "Warung")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


def _fill(path: Path, room: int) -> None:
    """Fill the disk with one file, but for `room` bytes."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 512):
            pass
    os.truncate(path, path.stat().st_size - room)


# --- the power fails ----------------------------------------------------------------------------------------------


class WatchedOs:
    """The `os` that `writing` knows; it notes what is written and put on the disk, in order, by the name of the file."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in ("write", "fsync", "ftruncate"):
            return real

        def noting(descriptor: int, *arguments: Any) -> Any:
            self.done.append(f"{name} {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
            return real(descriptor, *arguments)

        return noting


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedOs:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs to ask which file is open")
    seen, rename = WatchedOs(), Path.replace

    def noting(path: Path, target: Path) -> Path:
        seen.done.append(f"replace {target.name}")
        return rename(path, target)

    for module in (writing, disk, bound):
        monkeypatch.setattr(module, "os", seen)
    monkeypatch.setattr(Path, "replace", noting)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return seen


def put(name: str, folder: str) -> list[str]:
    """The steps by which a file comes to stand in a folder whole."""
    return [f"write .{name}.tmp", f"fsync .{name}.tmp", f"replace {name}", f"fsync {folder}"]


# The steps by which the digest of a write-ahead file comes into the user's own folder.
NOTED = ["write", "fsync", "replace", "fsync"]


def test_what_is_acknowledged_was_put_on_the_disk_before(tmp_path: Path, watched: WatchedOs) -> None:
    """Only this order lets a line, a file and a folder outlive a power cut; no kill would show one of these missing."""
    folder, titles = Folder(tmp_path), {"rt-07/kas": "Kas"}
    at = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
    december, january, february, march = (
        make_entry("rt-07/kas", "income", day, {"amount": 1000}, "siti", at)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    )
    with writing.writing(folder):
        writing.replace_file(folder, folder.fund_file("rt-07/kas"), "")
        assert watched.done == [f"fsync {tmp_path.name}", "fsync rt-07", *put("fund.toml", "kas")]

        watched.done.clear()
        writing.append(folder, [january], titles, [])
        assert watched.done == ["write 2026.toml", "fsync 2026.toml", "fsync kas"]  # a new file
        folder.ledger("rt-07/kas", 2026).path.write_text(f"[transactions]\n{january.line}\n0123456789ab = {{ da")

        watched.done.clear()
        writing.append(folder, [february], titles, [])
        aside = "torn-rt-07-kas-2026.txt"
        assert watched.done == [
            *(f"write {aside}", f"fsync {aside}", "fsync .wksbm", "ftruncate 2026.toml", "fsync 2026.toml"),
            *("write 2026.toml", "fsync 2026.toml"),
        ]

        watched.done.clear()
        writing.append(folder, [march, december], titles, [])
        assert [step.split()[0] for step in watched.done[:4]] == NOTED
        assert watched.done[4:] == [
            *put("write-ahead.json", ".wksbm"),
            *("write 2026.toml", "fsync 2026.toml", "write 2025.toml", "fsync 2025.toml", "fsync kas"),
            "fsync .wksbm",  # which then forgets the batch
        ]

        watched.done.clear()
        writing.replace_registers(folder, {"rt-07/kas": "#"})
        assert [step.split()[0] for step in watched.done[2:6]] == NOTED
        assert [*watched.done[:2], *watched.done[6:]] == [
            *put("fund.toml", "kas")[:2],
            *put("write-ahead.json", ".wksbm"),
            *put("fund.toml", "kas")[2:],
            "fsync .wksbm",
        ]


# --- the program is killed ----------------------------------------------------------------------------------------


def forget(book: Typist, fund: str = "rt-07/kas-sosial", *years: int) -> None:
    """Take ledgers out of a book as if they had never been, for the next death."""
    for year in years or (2026,):
        book.ledger(fund, year).unlink(missing_ok=True)
    (book.folder / "ledgers" / ".wksbm" / "index.stamp").unlink(missing_ok=True)


def killed_at(nth: int, words: tuple[str, ...], *, half: bool) -> bool:
    """Type a command in a process that dies at its nth call of the system; whether it got that far.

    With `half`, a write puts half of its data into the file before the process dies.
    """
    child = os.fork()
    if child == 0:
        left = nth

        def dying(real: Callable[..., Any], name: str) -> Callable[..., Any]:
            def call(*arguments: Any, **named: Any) -> Any:
                nonlocal left
                left -= 1
                if left:
                    return real(*arguments, **named)
                if half and name == "write":
                    real(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os._exit(99)

            return call

        for name in CALLS:
            setattr(os, name, dying(getattr(os, name), name))
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        os._exit(run(["--lang", "en", *words]))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 99)
    return code == 99


def deaths(words: tuple[str, ...], *, half: bool) -> Iterator[int]:
    """Kill the command at its first call, then at its second ..., until it runs to its end."""
    for nth in range(1, MOST_CALLS):
        if not killed_at(nth, words, half=half):
            return
        yield nth
    raise AssertionError("the command never came to its end")


@FORK
@pytest.mark.parametrize("half", [True, False])
def test_killed_while_recording_one_entry(book: Typist, half: bool) -> None:
    """Whatever was acknowledged stays; of the entry under way there is all or nothing, and the book goes on."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    acknowledged = book.lines()
    for nth in deaths(("income", "kas-sosial", "1000", "--from", "Warung"), half=half):
        lines = book.lines()
        assert lines[: len(acknowledged)] == acknowledged, f"after dying at call {nth}"
        book.must("income", "kas-sosial", "1000", "--from", "Warung")
        lines = book.lines()
        assert len(lines) - len(acknowledged) in (1, 2), f"after dying at call {nth}"
        assert balance(book) == 1_000_000 + 1_000 * (len(lines) - 1)
        acknowledged = lines


@FORK
@pytest.mark.parametrize("half", [True, False])
def test_killed_while_beginning_the_file_of_a_year(book: Typist, half: bool) -> None:
    for nth in deaths(ENTRY, half=half):
        book.must("income", "kas-sosial", "1000", "--from", "Warung")
        assert book.ledger().read_text().count("[transactions]") == 1, f"after dying at call {nth}"
        assert balance(book) == 1_000 + 5_000 * (len(book.lines()) - 1)
        forget(book)


@FORK
@pytest.mark.parametrize("half", [True, False])
def test_killed_in_the_middle_of_a_batch(book: Typist, half: bool) -> None:
    """Two files: afterwards both have their line, or neither has."""
    command = two_years(book)
    for nth in deaths(command, half=half):
        held = balance(book, "jimpitan")
        per_year = [len(book.lines("rt-07/jimpitan", year)) for year in (2025, 2026)]
        assert (held, per_year) in ((0, [0, 0]), (2_000, [1, 1])), f"after dying at call {nth}"
        assert not (book.folder / "ledgers" / ".wksbm" / "write-ahead.json").exists()
        forget(book, "rt-07/jimpitan", 2025, 2026)


@FORK
@pytest.mark.parametrize("half", [True, False])
def test_killed_in_the_middle_of_a_batch_in_one_file(book: Typist, half: bool) -> None:
    """A kill, or a power cut, may keep the first lines of one large write and lose the rest."""
    sheet = book.folder / "nights.csv"
    sheet.write_text("date,member,amount\n" + "".join(f"2026-01-{day:02d},r001,500\n" for day in range(1, 6)))
    for nth in deaths(("collect", "jimpitan", "--file", str(sheet)), half=half):
        held = balance(book, "jimpitan")
        assert (held, len(book.lines("rt-07/jimpitan"))) in ((0, 0), (2_500, 5)), f"after dying at call {nth}"
        forget(book, "rt-07/jimpitan")


def closings(book: Typist) -> list[int]:
    """How many closings stand in each fund's register."""
    return [path.read_text().count("[[closed]]") for path in sorted((book.folder / "ledgers").glob("*/*/fund.toml"))]


@FORK
@pytest.mark.parametrize("half", [True, False])
def test_killed_while_closing_several_funds(book: Typist, half: bool) -> None:
    """Of a closing, all funds are closed or none, and so with its reopening."""
    before = book.files()
    for nth in deaths(("close", "2026-01"), half=half):
        book.must("balance")
        assert closings(book) in ([0] * 4, [1] * 4), f"after dying at call {nth}"
        for name, data in before.items():
            (book.folder / "ledgers" / name).write_bytes(data)
    assert book.files().keys() == before.keys()


@pytest.mark.parametrize(
    ("call", "nth"), [*(("write", nth) for nth in range(1, 6)), *(("fsync", nth) for nth in range(1, 7))]
)
def test_a_closing_for_which_there_is_no_room_closes_nothing(
    book: Typist, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    before = book.files()
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs(call, nth, full_disk()))
        answer = book("close", "2026-01")
    assert (answer.code, "nothing was recorded" in answer.err) == (4, True)
    assert "completed" not in book.must("balance").err  # nothing was left for whoever comes next
    assert book.files() == before
    book.must("close", "2026-01")


def test_a_closing_that_the_disk_stops_midway_is_finished_by_the_next_command(
    book: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs("fsync", 8, OSError(errno.EIO, os.strerror(errno.EIO))))
        answer = book("close", "2026-01")
    assert (answer.code, "finished by the next command" in answer.err) == (4, True)
    assert 0 < sum(closings(book)) < 4
    assert "has been completed" in book.must("balance").err
    assert closings(book) == [1] * 4


def test_ctrl_c_in_the_middle_of_a_closing_comes_too_late(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        failing_os(patch, FailingOs("fsync", 8, KeyboardInterrupt()))
        answer = book("close", "2026-01")
    assert (answer.code, "what was recorded stands" in answer.err) == (130, True)
    assert closings(book) == [1] * 4
    assert "completed" not in book.must("balance").err


def test_no_interrupted_batch_writes_through_a_link(book: Typist, tmp_path: Path) -> None:
    """A batch of our own is waiting, and a fund was put elsewhere meanwhile."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    staged = elsewhere / ".fund.toml.tmp"
    staged.write_text("")
    (book.folder / "ledgers" / "rt-07" / "luar").symlink_to(elsewhere)
    state = book.folder / "ledgers" / ".wksbm"
    state.mkdir(exist_ok=True)
    line = make_entry("rt-07/luar", "income", date(2026, 1, 1), {"amount": 1}, "siti", datetime(2026, 3, 1, tzinfo=UTC))
    share = {"fund": "rt-07/luar", "year": 2026, "title": "x", "lines": [line.line]}
    register = {"register": "rt-07/luar/fund.toml", "digest": blake2b(b"").hexdigest()}
    for batch in ([register], [share]):
        data = json.dumps({"parts": batch}).encode()
        bound.remember(Folder(book.folder / "ledgers"), data)
        (state / "write-ahead.json").write_bytes(data)
        answer = book("income", "kas-sosial", "1000", "--from", "Warung")
        assert (answer.code, "leads out of the book" in answer.err) == (4, True)
        assert list(elsewhere.iterdir()) == [staged]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", ["lock", "index.sqlite", "index.stamp", "index.new", "write-ahead.json"])
def test_a_pipe_among_the_files_of_the_programs_own_is_not_waited_for(book: Typist, name: str) -> None:
    """As a book may hold one that came as an archive."""
    path = book.folder / "ledgers" / ".wksbm" / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    for words in (ENTRY, ("balance",), ("check",)):
        assert book(*words).code in (0, 4)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_or_device_in_place_of_a_file_that_was_read_before_is_not_waited_for(book: Typist) -> None:
    book.must(*ENTRY)
    book.must("balance")  # from here on there is an index that knows the ledger
    for put in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        book.ledger().unlink()
        put(book.ledger())
        assert book("check").code == 1
        assert book("balance").code == 4
    members = book.folder / "ledgers" / "rt-07" / "members.toml"
    members.unlink()
    os.mkfifo(members)
    assert book("member", "add", "r004", "Dewi").code == 4


@FORK
def test_killed_while_changing_a_register(book: Typist) -> None:
    """After the next command the register has its change and the ledger its decision, or neither has."""
    members, ledger = book.folder / "ledgers" / "rt-07" / "members.toml", book.ledger("rt-07")
    before, recorded = members.read_bytes(), ledger.read_bytes()
    outcomes = set()
    for nth in deaths(("member", "add", "r004", "Dewi"), half=True):
        book.must("balance")
        is_changed = members.read_bytes() == before + b'\n[r004]\nname = "Dewi"\n'
        assert is_changed or members.read_bytes() == before, f"after dying at call {nth}"
        assert is_changed == (b'fact = "members.r004"' in ledger.read_bytes()), f"after dying at call {nth}"
        assert book.must("check", "--format", "json").json["findings"] == []
        outcomes.add(is_changed)
        members.write_bytes(before)
        ledger.write_bytes(recorded)
    assert outcomes == {True, False}
    assert sorted(path.name for path in members.parent.iterdir() if path.is_file()) == [
        "2026.toml",
        "members.toml",
        "organisation.toml",
    ]


def test_a_lock_held_by_a_dead_process_is_no_lock(book: Typist) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\nfrom pathlib import Path\nfrom wksbm_cli.book.folder import Folder\n"
            "from wksbm_cli.book.writing import writing\n"
            "with writing(Folder(Path(sys.argv[1]))):\n    print('held', flush=True)\n    time.sleep(60)\n",
            str(book.folder / "ledgers"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    holder.wait(10)
    book.must(*ENTRY)


def test_a_lock_held_by_a_living_process_is_waited_for_and_then_named(
    book: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    before = book.files()
    monkeypatch.setattr(writing, "LOCK_PATIENCE_SECONDS", 0.1)
    with FileLock(book.folder / "ledgers" / ".wksbm" / "lock"):
        answer = book(*ENTRY)
    assert answer.code == 4
    assert "Another program has been writing to this book" in answer.err
    assert "type the command again" in answer.err
    assert book.files() == before


# --- what is found at the end of a ledger -------------------------------------------------------------------------


def test_a_torn_last_line_is_reported_and_set_aside(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    whole = book.ledger().read_bytes()
    torn = '3f9a0c17be42 = { date = 2026-01-02, kind = "income", amount = 700, from = "Warung Bu Één'.encode()
    for cut in (torn, torn[:-2], torn[:20], b"3f9", whole.split(b"\n")[-2][:-1], b"\0" * 40):
        book.ledger().write_bytes(whole + cut)
        answer = book.must("balance", "--fund", "kas-sosial", "--format", "json")
        assert answer.json["rows"][0]["balance"] == 1_000_000
        assert "2026.toml:4 was cut off" in answer.err
        answer = book.must("income", "kas-sosial", "1000", "--from", "Warung")
        assert "set aside in" in answer.err
        aside = book.folder / "ledgers" / ".wksbm" / "torn-rt-07-kas-sosial-2026.txt"
        assert cut in aside.read_bytes()
        assert book.ledger().read_bytes().startswith(whole)
        assert balance(book) == 1_001_000


def test_a_whole_last_line_without_its_end_counts_and_is_completed(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    for end in (b"", b"\r"):
        book.ledger().write_bytes(book.ledger().read_bytes().rstrip() + end)
        held = balance(book)
        book.must("income", "kas-sosial", "1000", "--from", "Warung")
        assert balance(book) == held + 1_000
    assert len(book.lines()) == 3


def test_a_comment_without_a_line_end_is_no_torn_line(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    with book.ledger().open("a") as file:
        file.write("# diperiksa Bu Tini")
    assert book.must("income", "kas-sosial", "1000", "--from", "Warung").err == ""
    assert "# diperiksa Bu Tini\n" in book.ledger().read_text()
    assert balance(book) == 1_001_000


def test_a_last_line_changed_by_hand_is_no_torn_line(book: Typist) -> None:
    """An editor that saves without the last line end must not make a changed entry vanish."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.ledger().write_text(book.ledger().read_text().replace("1000000", "2000000").rstrip("\n"))
    before = book.files()
    for words in (("balance",), ENTRY):
        answer = book(*words)
        assert answer.code == 4
        assert "2026.toml:3:" in answer.err
        assert "was changed after it was written" in answer.err
    assert book.files() == before


def test_a_ledger_with_carriage_returns_is_read_and_written_on(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.ledger().write_bytes(book.ledger().read_bytes().replace(b"\n", b"\r\n"))
    book.must("income", "kas-sosial", "1000", "--from", "Warung")
    assert balance(book) == 1_001_000


def test_a_ledger_with_carriage_returns_alone_is_refused_whole(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.ledger().write_bytes(book.ledger().read_bytes().replace(b"\n", b"\r"))
    before = book.files()
    for words in (("balance",), ENTRY):
        answer = book(*words)
        assert answer.code == 4
        assert "carriage return" in answer.err
    assert book.files() == before


def test_a_header_that_stands_twice_is_one(book: Typist) -> None:
    """As a merge leaves it when two treasurers each began the year's file."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("income", "kas-sosial", "1000", "--from", "Warung")
    head, _, *lines = book.ledger().read_text().splitlines(keepends=True)
    book.ledger().write_text(head + "[transactions]\n" + lines[0] + head + "[transactions]\n" + lines[1])
    assert balance(book) == 1_001_000


@pytest.mark.parametrize("begun", ["", "# Kas Sosial · 2026\n", "\ufeff# Kas Sosial · 2026\n\n", "# Kas", "[transac"])
def test_a_year_begun_without_its_header_gets_one(book: Typist, begun: str) -> None:
    """What a writer killed at the very beginning may leave, and an editor that was opened and closed."""
    book.ledger().write_text(begun, encoding="utf-8")
    book.must("income", "kas-sosial", "1000", "--from", "Warung")
    book.must("income", "kas-sosial", "1000", "--from", "Warung")
    assert book.ledger().read_text(encoding="utf-8").count("[transactions]\n") == 1
    assert balance(book) == 2_000


# --- a batch that was left half done ------------------------------------------------------------------------------


def interrupted(book: Typist) -> Path:
    """A book whose batch was killed between its two files; the write-ahead file."""
    command = two_years(book)
    for nth in range(1, MOST_CALLS):
        assert killed_at(nth, command, half=False)
        if sum(book.ledger("rt-07/jimpitan", year).exists() for year in (2025, 2026)) == 1:
            return book.folder / "ledgers" / ".wksbm" / "write-ahead.json"
        balance(book)
        forget(book, "rt-07/jimpitan", 2025, 2026)
    raise AssertionError("no call lies between the two files")


@FORK
def test_a_batch_left_half_done_is_completed_by_whoever_comes_next(book: Typist) -> None:
    interrupted(book)
    answer = book.must("balance", "--fund", "jimpitan", "--format", "json")
    assert "has been completed" in answer.err
    assert answer.json["rows"][0]["balance"] == 2_000


@FORK
@pytest.mark.parametrize("holes", [slice(0, 30), slice(40, 90), slice(-20, None), slice(0, None)])
def test_holes_that_a_power_cut_left_in_a_batch_are_filled(book: Typist, holes: slice) -> None:
    """The size of a file may come to the disk before its blocks: what is missing are zeros."""
    sheet = book.folder / "nights.csv"
    sheet.write_text("date,member,amount\n" + "".join(f"2026-01-{day:02d},r001,500\n" for day in range(2, 6)))
    book.must("income", "jimpitan", "100", "--from", "Warung", "--date", "2026-01-01")
    before = book.ledger("rt-07/jimpitan").read_bytes()
    words = ("collect", "jimpitan", "--file", str(sheet))
    book.must(*words)
    whole = book.ledger("rt-07/jimpitan").read_bytes()
    book.ledger("rt-07/jimpitan").write_bytes(before)
    state = book.folder / "ledgers" / ".wksbm" / "write-ahead.json"
    for nth in range(1, MOST_CALLS):
        assert killed_at(nth, words, half=False)
        if state.exists() and book.ledger("rt-07/jimpitan").read_bytes() == whole:
            break
        book.must("balance")
        book.ledger("rt-07/jimpitan").write_bytes(before)
    ours = bytearray(whole[len(before) :])
    ours[holes] = bytes(len(ours[holes]))
    book.ledger("rt-07/jimpitan").write_bytes(before + ours)
    assert "has been completed" in book.must("balance").err
    assert book.ledger("rt-07/jimpitan").read_bytes() == whole
    assert book("check").code == 0


@FORK
def test_a_write_ahead_file_that_cannot_be_read_stops_everything(book: Typist) -> None:
    path = interrupted(book)
    batch = path.read_text()
    before = book.files()
    for damaged in (
        "",
        "{}",
        "[1]",
        '[{"fund": "rt-07/jimpitan"}]',
        '["register"]',
        '[{"register": 7}]',
        '[{"register": "rt-07/../../jimpitan"}]',
        '[{"register": "rt-07/jimpitan\\u0000"}]',
        batch[:-9],
        "[" * 100_000,
        batch.replace("500", "700"),
        batch.replace("rt-07/jimpitan", "rt-07/../../jimpitan"),
        batch.replace("2025", "two"),
    ):
        path.write_text(damaged)
        answer = book("balance")
        assert answer.code == 4, damaged[:40]
        assert "write-ahead.json:" in answer.err
        assert "not as this machine wrote it" in answer.err
        assert book.files() == before
