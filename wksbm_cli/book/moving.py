"""Moving git on to a joined state of the book, once its files are in place: the branch and git's index.

The files go by way of the write-ahead file like any batch; what git has still to be told stands in a file of its own, so
that a git that cannot be moved keeps nobody from reading or recording. Whoever next takes the book's lock goes on.
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

# git holds the lock of a ref for milliseconds; one that is there for longer, after a run of ours was killed, is its.
_LOCK_SECONDS = 1.0
_NO_COMMIT = "0" * 40


class Move(NamedTuple):
    """A branch from one commit (None: it has none) to another, and the paths below the top that differ between them."""

    branch: str
    old: str | None
    new: str
    names: tuple[str, ...]

    def recorded(self) -> str:
        """As it stands in `Folder.moving` until git has been told."""
        return json.dumps(self._asdict())


def finish(folder: Folder, *, after_a_crash: bool = False) -> None:
    """Tell git what the files say already; `Trouble` where it cannot be told now. A branch that went elsewhere stays there."""
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
    """Also past a lock that a killed git left, one that had been asked to save a recording for instance."""
    asked = ("update-ref", "-m", "wksbm sync", to.branch, to.new, to.old or _NO_COMMIT)
    if git.attempt(*asked).returncode != 0:
        clear_locks(git, ("HEAD", to.branch))
        git.run(*asked)


def clear_locks(git: Git, names: Sequence[str]) -> None:
    """Remove the locks of git's files that a killed run left; one that is another program's goes by itself."""
    waiting = [path for name in names if (path := git.path(f"{name}.lock")).exists()]
    until = time.monotonic() + _LOCK_SECONDS
    while waiting and time.monotonic() < until:
        time.sleep(_LOCK_SECONDS / 20)
        waiting = [path for path in waiting if path.exists()]
    for path in waiting:
        path.unlink(missing_ok=True)


def _bring_index(folder: Folder, git: Git, to: Move) -> None:
    """Let git's index say of these paths what the commit says; what else is staged stays. No file is touched."""
    index, lock = git.path("index"), git.path("index.lock")
    for left in folder.state.glob("git-index*"):  # of a run that was killed, whose git may even go on for a moment
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
    """Take git's lock with the new index in it, in one step where the file system can."""
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
    """An empty folder for the joining; what a killed run left in it is gone."""
    place = folder.state / "sync"
    with suppress(FileNotFoundError):
        shutil.rmtree(place)
    place.mkdir(parents=True)
    return place
