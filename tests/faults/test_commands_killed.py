"""Every command that writes, killed or failed by the disk at each call by which any of its processes changes a file: ours,
the database's, git's.

The calls are counted and spoilt by strace, from outside. Afterwards the book is the one before the command or the one after
it, whole; the next command reads it and mends what is to be mended; typed again, the command ends where it would have.
All of them by hand: WKSBM_FAULTS=all.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Typist
from tests.scripts import ROOT

ALL = os.environ.get("WKSBM_FAULTS") == "all"
# Each `share`-th call is tried, so that the usual run stays short.
SHARE = 1 if ALL else 29
MOST_CALLS = 400
# The calls by which a file, or a folder, changes. Files are opened for reading by the hundred, and are opened to be written only
# where one of these follows.
CALLS = (
    *("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "renameat2", "link", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "chmod", "fchmod"),
)
LEFT = {"lock", "sync.lock", "index.sqlite", "index.stamp", "index.new", "index.sqlite-journal", "index.new-journal"}


def can_trace() -> bool:
    strace = shutil.which("strace")
    return strace is not None and subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_trace(), reason="needs strace, and leave to use it")


class Command(NamedTuple):
    """A command that writes, and what is typed before it."""

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    committed: bool = False


OPENING = ("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
CLOSE = ("close", "2026-01", "--fund", "kas-sosial")
COMMANDS = {
    "record": Command(("income", "kas-sosial", "1000", "--from", "Warung", "--date", "2026-02-01"), (OPENING,)),
    "batch": Command(("collect", "jimpitan", "--file", "nights.csv")),
    "import": Command(("import", "bank.csv", "--rules", "bank.toml")),
    "close": Command(("close", "2026-01"), (OPENING,)),
    "reopen": Command(("reopen", "2026-01", "--fund", "kas-sosial", "--reason", "Nota"), (OPENING, CLOSE)),
    "register": Command(("member", "edit", "r001", "--name", "Budi Hartono")),
    "members": Command(("member", "add", "--file", "members.csv")),
    "upgrade": Command(("upgrade",)),
    "reverse": Command(("reverse", "PREFIX", "--reason", "Keliru", "--date", "2026-02-01"), (OPENING,)),
    "committed": Command(("spend", "kas-sosial", "1000", "--for", "Lem", "--date", "2026-02-01"), (OPENING,), True),
}
FILES = {
    "nights.csv": "date,member,amount\n2025-12-31,r001,500\n2026-01-01,r001,500\n2026-01-02,r002,500\n",
    "members.csv": "id,name\nr010,Dewi\nr011,Joko\n",
    "bank.csv": "tanggal,uraian,masuk\n2026-01-02,Bunga,700\n2025-12-30,Bunga,500\n",
    "bank.toml": (
        '[columns]\ndate = "tanggal"\ntext = "uraian"\nin = "masuk"\n[defaults]\nfund = "kas-sosial"\n'
        '[[rules]]\nwhen.text = "Bunga"\nkind = "income"\nfrom = "Bank"\nsource = "interest"\n'
    ),
}


def state(book: Typist) -> dict[str, list[str]]:
    """What a reader of the book finds in each of its files: the lines of a ledger in any order."""
    root = book.folder / "ledgers"
    return {
        str(path.relative_to(root)): sorted(path.read_text(encoding="utf-8").splitlines())
        for path in root.rglob("*.toml")
        if not {".wksbm", ".git"} & set(path.parts)
    }


def spoilt(book: Typist, words: tuple[str, ...], call: str, nth: int, how: str) -> tuple[bool, int]:
    """Type a command of which the nth `call` of any process goes wrong; whether there was one, and the exit code."""
    log = book.folder / "strace.log"
    strace = ("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", "-e", f"inject={call}:{how}:when={nth}")
    python = (sys.executable, "-m", "wksbm_cli", "--lang", "en", *words)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*strace, *python], cwd=book.folder, env=environment, capture_output=True, check=False)
    text = log.read_text(encoding="utf-8", errors="replace")
    return "INJECTED" in text or "killed by SIGKILL" in text, done.returncode


def faults(call: str) -> Iterator[int]:
    """Which of the calls are tried: all, or a share of them that is another for each call."""
    yield from range(1 if ALL else 1 + CALLS.index(call) % 3, MOST_CALLS, SHARE)


@pytest.fixture
def kept(book: Typist, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Command], Callable[[], None]]:
    """Prepares the book for a command; what it gives puts the book back as it then was."""

    def prepare(command: Command) -> Callable[[], None]:
        for name, text in FILES.items():
            (book.folder / name).write_text(text, encoding="utf-8")
        root = book.folder / "ledgers"
        for words in command.before:
            book.must(*words)
        settings = root / "book.toml"
        if command.words == ("upgrade",):
            lines = settings.read_text(encoding="utf-8").splitlines()
            old = [line for line in lines if not line.startswith(("offset", "identity"))]
            settings.write_text("\n".join(old).replace("format = 2", "format = 1") + "\n", encoding="utf-8")
        if command.committed:
            book.must("init", "--git")
            settings.write_text(
                settings.read_text(encoding="utf-8") + "\n[git]\nauto_commit = true\n", encoding="utf-8"
            )
            book.must("sync")
        book.must("balance")
        copy = tmp_path_factory.mktemp("book") / "ledgers"
        shutil.copytree(root, copy, symlinks=True)

        def put_back() -> None:
            shutil.rmtree(root)
            shutil.copytree(copy, root, symlinks=True)

        return put_back

    return prepare


@pytest.mark.parametrize("how", ["signal=SIGKILL", "error=EIO"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_done_or_not_begun(
    book: Typist, kept: Callable[[Command], Callable[[], None]], monkeypatch: pytest.MonkeyPatch, name: str, how: str
) -> None:
    for setting in [one for one in os.environ if one.startswith("GIT_")]:
        monkeypatch.delenv(setting)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    command = COMMANDS[name]
    put_back = kept(command)
    words = tuple(book.lines()[-1][:12] if word == "PREFIX" else word for word in command.words)
    old = state(book)
    book.must(*words)
    new = state(book)
    assert old != new
    reached = 0
    for call in CALLS:
        for nth in faults(call):
            put_back()
            was_there, code = spoilt(book, words, call, nth, how)
            if not was_there:
                break
            reached += 1
            where = f"{name}: {call} {nth}, {how}, exit {code}"
            book.must("balance")  # whoever comes next
            now = state(book)
            if name == "upgrade" and now != old:  # the identity is drawn anew each time
                now = {**now, "book.toml": new["book.toml"]}
            assert now in (old, new), where
            assert code != 0 or now == new, f"{where}: said to be done"
            assert book("check").code == 0, where
            if now == old:
                book.must(*words)
                assert name == "upgrade" or state(book) == new, where
            if command.committed:
                sync_as_told(book)
                assert git(book, "status", "--porcelain") == "", where
                git(book, "fsck", "--strict")
            left = {path.name for path in (book.folder / "ledgers" / ".wksbm").iterdir()}
            assert left <= LEFT, where
            assert not list((book.folder / "ledgers").glob("**/.*.tmp")), where
    assert reached > (8 if ALL else 1)
    print(f"{name}: {reached} calls, {how}")


def sync_as_told(book: Typist) -> None:
    """Sync, after taking away the lock of a git that was killed, where the program says to."""
    answer = book("sync")
    if answer.code:
        words = shlex.split(answer.err.splitlines()[-1].partition("rm ")[2])
        assert words and words[0].endswith("index.lock"), answer.err
        Path(words[0]).unlink()
        book.must("sync")


def git(book: Typist, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=book.folder / "ledgers", capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout
