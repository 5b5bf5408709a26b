"""A sync killed, or failed by the disk, at each step that changes a file or starts git, in turn.

Afterwards the book is the old or the joined one, the next command reads it, and the next sync finishes: every entry
once on both sides, nothing staged, nothing left behind. All of it by hand: WKSBM_FAULTS=all.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typist
from tests.sync.git_book import GitBook, line
from wksbm_cli.cli.main import run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
ALL = os.environ.get("WKSBM_FAULTS") == "all"
# Each `share`-th step is tried, so that the usual run stays short.
SHARE = 1 if ALL else 9
MOST_STEPS = 400
CALLS = ("write", "fsync", "ftruncate", "replace", "rename", "unlink", "link", "mkdir", "rmdir", "open")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[GitBook, GitBook]]:
    """Makes two clones, anew each time: budi's is behind by a new year, a new member; siti's is ahead by an entry."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    first = GitBook.new(tmp_path / "first")
    first.add(line(1), line(2))
    first.commit("begin")
    first.git("clone", "--quiet", "--bare", str(first.top), str(tmp_path / "kept.git"))
    remote = GitBook(tmp_path / "kept.git", tmp_path / "kept.git" / "ledgers")
    budi = remote.clone(tmp_path / "budi-kept")
    siti = remote.clone(tmp_path / "siti")
    siti.add(line(3))
    siti.add(line(4, year=2027), year=2027)
    siti.write("rt-07/members.toml", (siti.root / "rt-07/members.toml").read_text() + '\n[r003]\nname = "Agus"\n')
    siti.commit("mine")
    siti.git("push", "--quiet")
    budi.add(line(5, by="budi"))
    number = iter(range(10_000))

    def make() -> tuple[GitBook, GitBook]:
        n = next(number)
        shutil.copytree(tmp_path / "kept.git", tmp_path / f"remote-{n}.git")
        shutil.copytree(budi.top, tmp_path / f"budi-{n}")
        book = GitBook(tmp_path / f"budi-{n}", tmp_path / f"budi-{n}" / "ledgers")
        book.git("remote", "set-url", "origin", str(tmp_path / f"remote-{n}.git"))
        return book, GitBook(tmp_path / f"remote-{n}.git", tmp_path)

    return make


def fault_at(nth: int, words: tuple[str, ...], *, kill: bool) -> bool:
    """Type a command whose nth step kills it or fails; whether it got that far."""
    child = os.fork()
    if child == 0:
        left = nth

        def step(real: Callable[..., Any], name: str) -> Callable[..., Any]:
            def call(*arguments: Any, **named: Any) -> Any:
                nonlocal left
                if name == "open" and not arguments[1] & WRITES:
                    return real(*arguments, **named)
                left -= 1
                if left:
                    return real(*arguments, **named)
                if kill:
                    os._exit(99)
                if name == "git":
                    return subprocess.CompletedProcess(arguments, -9, "", "")
                raise OSError(errno.EIO, os.strerror(errno.EIO))

            return call

        for name in CALLS:
            setattr(os, name, step(getattr(os, name), name))
        subprocess.run = step(subprocess.run, "git")
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        code = run(["--lang", "en", *words])
        os._exit(98 if left > 0 else code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 98


@pytest.mark.parametrize("kill", [True, False])
def test_a_sync_is_done_or_not_begun_and_the_next_finishes(
    apart: Callable[[], tuple[GitBook, GitBook]], typist: Typist, monkeypatch: pytest.MonkeyPatch, kill: bool
) -> None:
    monkeypatch.setenv("WKSBM_BY", "budi")
    old, joined = {line(1), line(2), line(5, by="budi")}, {line(day) for day in (1, 2, 3)} | {line(5, by="budi")}
    reached = 0
    for nth in range(1, MOST_STEPS, SHARE):
        budi, remote = apart()
        words = ("--book", str(budi.root))
        if not fault_at(nth, (*words, "sync"), kill=kill):
            break
        reached += 1
        told = typist.must(*words, "balance", "--format", "json").json["totals"][0]["balance"]
        now = set(budi.lines())
        assert (now, told) in ((old, 15_000), (joined, 25_000)), f"step {nth}"
        assert budi.ledger(year=2027).exists() == (now == joined), f"step {nth}"
        assert len(typist.must(*words, "member", "list", "--format", "json").json["rows"]) == 2 + (now == joined)
        typist.must(*words, "sync")
        assert set(budi.lines()) == joined and len(budi.lines()) == len(joined), f"step {nth}"
        assert budi.lines(year=2027) == [line(4, year=2027)]
        assert budi.git("status", "--porcelain") == "", f"step {nth}"
        assert budi.git("rev-parse", "HEAD") == remote.git("rev-parse", "main"), f"step {nth}"
        budi.git("fsck", "--strict")
        left = {path.name for path in (budi.root / ".wksbm").iterdir()}
        assert left <= {"lock", "sync.lock", "index.sqlite", "index.stamp", "index.new"}, f"step {nth}"
        assert not list((budi.top / ".git").rglob("*.lock")), f"step {nth}"
        shutil.rmtree(budi.top)
        shutil.rmtree(remote.top)
    else:
        raise AssertionError("the sync never came to its end")
    assert reached > (60 if ALL else 6)
    print(f"{reached} steps {'killed' if kill else 'failed'}")
