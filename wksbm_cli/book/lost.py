"""Ledgers known from git or the index that are missing on the disk: a fund must not look empty because a file was lost."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from wksbm_cli.book.folder import Folder, is_ledger_name
from wksbm_cli.book.git import committed_files, git_of
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Trouble
from wksbm_cli.domain.slug import SLUG


def committed_ledgers(folder: Folder) -> list[str]:
    """The ledgers in git's HEAD, as paths below the book; none where the book is in no usable repository."""
    with suppress(Problem, OSError):
        git = git_of(folder)
        if git is not None:
            names = (name.removeprefix(git.prefix) for name in committed_files(git))
            return [name for name in names if _is_ledger(name)]
    return []


def missing(folder: Folder, paths: Iterable[str]) -> list[str]:
    """The paths below the book that do not exist."""
    return [path for path in paths if not (folder.root / path).exists() and not (folder.root / path).is_symlink()]


def lost(folder: Folder, paths: Iterable[str]) -> Trouble:
    """The error about the first missing ledger, with a hint how to restore it."""
    gone = sorted(missing(folder, paths))
    folder.check_inside(folder.root / gone[0])  # its folder may be a link that leads elsewhere
    return Trouble(
        LOST,
        hint=how_to_restore(folder, gone[0], committed=gone[0] in committed_ledgers(folder)),
        where=folder.where(folder.root / gone[0]),
        details=[msg("{path}", path=folder.shown(folder.root / path)) for path in gone[1:10]],
    )


def how_to_restore(folder: Folder, path: str, *, committed: bool) -> Message:
    """The command that restores a lost ledger (a path below the book)."""
    if committed:
        git = git_of(folder)
        inside = git is not None and Path.cwd().is_relative_to(git.top)
        words = ["git"] if inside else ["git", "-C", str(folder.root)]
        name = folder.shown(folder.root / path) if inside else path
        return msg("Put it back from git: {command}", command=shlex.join([*words, "checkout", "HEAD", "--", name]))
    return msg(
        "Put it back from a copy of the book. Where it is truly to be gone, with all that was recorded in it: rm {index}",
        index=shlex.quote(folder.shown(folder.state / "index.sqlite")),
    )


def is_committed(folder: Folder, ledger: Path, line: str) -> bool:
    """Whether git's HEAD has this line in this ledger."""
    with suppress(Problem, OSError):
        git = git_of(folder)
        if git is not None:
            name = f"{git.prefix}{ledger.relative_to(folder.root).as_posix()}"
            saved = git.attempt("cat-file", "blob", f"HEAD:{name}")
            return line in saved.stdout.split("\n")
    return False


def _is_ledger(name: str) -> bool:
    *folders, file = name.split("/")
    return len(folders) in (1, 2) and all(SLUG.fullmatch(slug) for slug in folders) and is_ledger_name(file)


LOST = msg("This ledger was here and is gone; what was recorded in it would be missing from every figure.")
