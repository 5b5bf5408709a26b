"""A hook by which git checks the book before every commit.

It runs without being asked, so it must not execute anything from the book: the interpreter is named by absolute path
and imports no module from the current folder (`-P`).
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
    """Install the hook and return its path; `Refused` where there is another one."""
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
    """The hook's command, run by git in the top of the work tree."""
    book = os.path.join(".", git.prefix)  # noqa: PTH118 - a Path would drop the dot that keeps it from being an option
    return shlex.join([sys.executable, "-P", "-m", "wksbm_cli", "--book", book, "check"])


def _hooks(git: Git, command: str) -> Path:
    """The folder of the repository's own hooks."""
    # Our own calls disable hooks as the last setting, so the user's own is the last but one.
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
