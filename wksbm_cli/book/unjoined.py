"""Files of a book that plain git could not merge: conflict markers in them, and the commands that merge them instead."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble, Where

UNJOINED = msg("git could not join the two versions of this file.")
# What git leaves in its folder during an operation, and the command that gives it up.
UNDER_WAY: Final = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


def unjoined(path: Path, where: Where) -> Trouble:
    """The error about a file with conflict markers."""
    return Trouble(UNJOINED, hint=how_to_join(path), where=where)


def how_to_join(path: Path) -> Message:
    """What to type: give up git's merge for `wksbm sync`, which joins registers and ledgers by what stands in them."""
    if operation := _operation(path):
        return msg(
            "Give that up, and join anew: git {operation} --abort; wksbm sync",
            operation=operation,
        )
    return msg(
        "Keep what is right of both, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>; then: wksbm check"
    )


def _operation(path: Path) -> str | None:
    """The operation that git has begun in the repository of a file and not finished."""
    for above in path.resolve().parents:
        if os.path.lexists(above / ".git"):
            return next((name for mark, name in UNDER_WAY.items() if _is_there(above / ".git", mark)), None)
    return None


def _is_there(git: Path, mark: str) -> bool:
    if git.is_file():  # a work tree beside its repository: `gitdir: PATH`
        git = git.parent / git.read_text(encoding="utf-8", errors="replace").partition("gitdir:")[2].strip()
    return (git / mark).exists()
