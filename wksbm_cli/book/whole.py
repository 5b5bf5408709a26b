"""Reading a regular file with an upper limit of size; never blocks on a pipe or a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from wksbm_cli.book.folder import shown
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Where

# Ten thousand households are a megabyte of members.toml; a year of a nightly collection from a hundred houses is
# as much of a ledger. A hundred times that is an accident, or an attempt to exhaust memory.
LARGEST_REGISTER = 16 << 20
LARGEST_LEDGER = 256 << 20


def read_whole(path: Path, most: int) -> tuple[bytes, os.stat_result]:
    """The bytes of a file, and its `stat` at that time.

    `Trouble` for what is no regular file or has more than `most` bytes; `OSError` is passed on.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise Trouble(msg("This is no file but a folder, a pipe or a device."), where=Where(shown(path)))
        if state.st_size <= most:
            data = file.read(state.st_size)
            # A file that grew since, or one without a size, as in /proc.
            data += file.read(most + 1 - len(data))
            if len(data) <= most:
                return data, state
        raise Trouble(msg("This file is larger than any book's can be."), where=Where(shown(path)))
