"""A hook by which git checks the book before every commit.

The one way in which a book is looked at without anyone asking, so it runs nothing that the book could bring: the
interpreter is named by its path and takes no module from the folder it is started in (`-P`).
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, git_of
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Trouble, Where, reason_of

_MARK = "# Put here by: wksbm check --install-hook"


def install(folder: Folder) -> Path:
    """Put the hook in its place and say where; `Refused` where another hook is there."""
    git = git_of(folder)
    if git is None:
        raise Refused(
            msg("The book is not kept in git."), hint=msg("To keep it there from now on: git init, or wksbm init --git")
        )
    command = _command(git)
    hooks = _hooks(git, command)
    path = hooks / "pre-commit"
    if path.is_symlink() or (path.exists() and _MARK not in _text(path)):
        raise _foreign(path, command)
    try:
        hooks.mkdir(exist_ok=True)
        new = path.with_name(f".pre-commit.{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o755)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"#!/bin/sh\n{_MARK}\nexec {command}\n")
        new.replace(path)
    except OSError as error:
        raise Trouble(
            msg("The hook could not be written: {reason}.", reason=reason_of(error)), where=Where(str(path))
        ) from None
    return path


def _command(git: Git) -> str:
    """What the hook runs, from the top of the work tree, where git starts it."""
    book = os.path.join(".", git.prefix)  # noqa: PTH118 - a Path would drop the dot that keeps it from being an option
    return shlex.join([sys.executable, "-P", "-m", "wksbm_cli", "--book", book, "check"])


def _hooks(git: Git, command: str) -> Path:
    """The folder of the repository's own hooks."""
    # Our own calls of git take no hooks from anywhere; theirs is the last word but one on where they are.
    elsewhere = git.run("config", "--get-all", "core.hooksPath").splitlines()[:-1]
    if elsewhere:
        raise _foreign(Path(elsewhere[-1]) / "pre-commit", command)
    return git.top / git.run("rev-parse", "--git-common-dir").removesuffix("\n") / "hooks"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _foreign(path: Path, command: str) -> Refused:
    return Refused(
        msg("Git here already has a hook of its own, or its hooks elsewhere: {path}.", path=str(path)),
        hint=msg("Add this line to it: {command}", command=f"{command} || exit 1"),
    )
