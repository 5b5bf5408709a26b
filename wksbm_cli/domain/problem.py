"""Errors as values: the place, the sentence, and a hint with the next command."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import NamedTuple

from wksbm_cli.domain.message import Message, msg


class Where(NamedTuple):
    """A place in a file: path as the user sees it, line counted from 1 (0: the file as a whole), and the text there."""

    path: str
    line: int = 0
    excerpt: str = ""


class Problem(Exception):
    """An error that a person can correct; nothing has been written when one is raised. Subclasses set the exit code.

    `details` lists the single findings behind one sentence (every unknown code of an import, say).
    """

    exit_code = 4

    def __init__(
        self,
        text: Message,
        *,
        hint: Message | None = None,
        where: Where | None = None,
        details: Sequence[Message] = (),
    ) -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint
        self.where = where
        self.details = tuple(details)

    def __str__(self) -> str:
        """In English, for Python programs: place, sentence and hint."""
        said = f"{self.text} {self.hint}" if self.hint else str(self.text)
        if self.where is None:
            return said
        line = f":{self.where.line}" if self.where.line else ""
        return f"{self.where.path}{line}: {said}"

    def at(self, where: Where) -> Problem:
        """The same problem, placed; the first place given stands."""
        if self.where is None:
            self.where = where
        return self


class Usage(Problem):
    """What was typed cannot be understood."""

    exit_code = 2


class Refused(Problem):
    """Understood, but against a rule of the group."""

    exit_code = 3


class Trouble(Problem):
    """The book or the disk is not as it must be."""

    exit_code = 4


# Common system errors, translatable: `strerror` is in English only.
_REASONS = {
    errno.ENOENT: msg("there is no such file or folder"),
    errno.EACCES: msg("it is not permitted"),
    errno.EPERM: msg("it is not permitted"),
    errno.EROFS: msg("the disk can only be read"),
    errno.ENOSPC: msg("the disk is full"),
    errno.EDQUOT: msg("the disk is full"),
    errno.EIO: msg("the disk does not work as it should"),
    errno.EISDIR: msg("it is a folder"),
    errno.ENOTDIR: msg("a part of the path is not a folder"),
    errno.EEXIST: msg("it is there already"),
    errno.ENAMETOOLONG: msg("the name is too long"),
    errno.ELOOP: msg("its links lead back to each other"),
}


def reason_of(error: OSError) -> Message | str:
    """The reason for an `OSError`, translatable where it is a common one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
