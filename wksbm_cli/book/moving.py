"""Updating git's branch and index to a merged state of the book, after its files are in place.

The files go through the write-ahead file like any batch; the pending update of git is in a file of its own, so that a
failing git blocks neither reading nor recording. The next holder of the book's lock retries.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book import bound
from wksbm_cli.book.bound import MOVING
from wksbm_cli.book.disk import disk_trouble
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, git_of
from wksbm_cli.book.whole import LARGEST_LEDGER, read_whole
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble

# git holds the lock of a ref for milliseconds; an older one, after a run of ours was killed, is a stale lock of ours.
_LOCK_SECONDS = 1.0
_NO_COMMIT = "0" * 40


class Move(NamedTuple):
    """A pending update of a branch from one commit (None: no commit yet) to another, with the paths that differ."""

    branch: str
    old: str | None
    new: str
    names: tuple[str, ...]

    def recorded(self) -> str:
        """Serialised for `Folder.moving`, until git is updated."""
        return json.dumps(self._asdict())


def finish(folder: Folder, *, after_a_crash: bool = False) -> None:
    """Update git to match the files; `Trouble` where that fails now. A branch that moved elsewhere meanwhile stays there."""
    try:
        data = read_whole(folder.moving, LARGEST_LEDGER)[0]
        if not bound.is_ours(folder, data, MOVING):
            raise _foreign(folder)
        to = Move(**json.loads(data))
        git = git_of(folder)
    except FileNotFoundError:
        return
    except (ValueError, TypeError):
        git = None
    if git is not None:
        head = git.head()
        if git.attempt("symbolic-ref", "--quiet", "HEAD").stdout.strip() == to.branch and head in (to.old, to.new):
            if after_a_crash:
                clear_locks(git, ("HEAD", to.branch))
            if head != to.new:
                _move_branch(git, to)
            try:
                _bring_index(folder, git, to)
            except OSError as error:
                raise disk_trouble(error, folder, folder.root) from None
    folder.moving.unlink(missing_ok=True)
    with suppress(OSError):
        bound.forget(folder, MOVING)


def _foreign(folder: Folder) -> Trouble:
    return Trouble(
        msg("What git is still to be told of a sync was not noted down by this machine; git was not touched."),
        hint=msg("Take it away: rm {path}", path=shlex.quote(folder.shown(folder.moving))),
        where=folder.where(folder.moving),
    )


def _move_branch(git: Git, to: Move) -> None:
    """Removes a stale lock that a killed git left."""
    asked = ("update-ref", "-m", "wksbm sync", to.branch, to.new, to.old or _NO_COMMIT)
    if git.attempt(*asked).returncode != 0:
        clear_locks(git, ("HEAD", to.branch))
        git.run(*asked)


def clear_locks(git: Git, names: Sequence[str]) -> None:
    """Remove stale locks of git's files, after waiting for a live program to release its own."""
    waiting = [path for name in names if (path := git.path(f"{name}.lock")).exists()]
    until = time.monotonic() + _LOCK_SECONDS
    while waiting and time.monotonic() < until:
        time.sleep(_LOCK_SECONDS / 20)
        waiting = [path for path in waiting if path.exists()]
    for path in waiting:
        path.unlink(missing_ok=True)


def _bring_index(folder: Folder, git: Git, to: Move) -> None:
    """Update these paths in git's index to the commit; other staged paths stay. No file is touched."""
    index, lock = git.path("index"), git.path("index.lock")
    for left in folder.state.glob("git-index*"):  # left by a killed run, whose git may still be running for a moment
        if lock.exists() and lock.samefile(left):
            lock.unlink()
        left.unlink(missing_ok=True)
    new = folder.state / f"git-index-{os.getpid()}"
    if index.exists():
        shutil.copyfile(index, new)
    entries = {name: f"0 {_NO_COMMIT}\t{name}" for name in to.names}
    literal = {"GIT_LITERAL_PATHSPECS": "1", "GIT_INDEX_FILE": str(new.resolve())}
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", to.new).split("\0")
    entries.update((name, row) for row in listed if (name := row.partition("\t")[2]) in entries)
    git.run(
        "update-index", "-z", "--index-info", given="".join(f"{row}\0" for row in entries.values()), environment=literal
    )
    git.attempt("update-index", "-q", "--refresh", environment=literal)
    descriptor = os.open(new, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        _take(new, lock)
    except FileExistsError:
        raise Trouble(
            msg("Another git program is at work here, or was killed: {path} is there.", path=str(lock)),
            hint=msg("Where no other git is running: rm {path}", path=str(lock)),
        ) from None
    lock.replace(index)
    new.unlink(missing_ok=True)


def _take(new: Path, lock: Path) -> None:
    """Acquire git's lock with the new index as its content, atomically where the file system can link."""
    try:
        os.link(new, lock)
    except FileExistsError:
        raise
    except OSError:
        with lock.open("xb") as file:
            file.write(new.read_bytes())
            file.flush()
            os.fsync(file.fileno())


def sweep(folder: Folder) -> Path:
    """An empty temporary folder for merging; leftovers of a killed run are removed."""
    place = folder.state / "sync"
    with suppress(FileNotFoundError):
        shutil.rmtree(place)
    place.mkdir(parents=True)
    return place
