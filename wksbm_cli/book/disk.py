"""Syncing a folder to the disk, and system errors in words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.lock import Unwritable
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, reason_of


def sync_folder(path: Path) -> None:
    """fsync a folder, so that created and renamed files survive a power cut."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_trouble(error: OSError, folder: Folder, path: Path) -> Trouble:
    """An `OSError` as a `Trouble`, in words."""
    where = folder.where(Path(error.filename) if isinstance(error.filename, str) else path)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Unwritable(
                msg("The disk is full; nothing was recorded."),
                hint=msg("Make room, then type the command again."),
                where=where,
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Unwritable(
                msg("This folder may not be written; nothing was recorded."),
                hint=msg("Ask its owner for the right to write, or work in a copy of the book."),
                where=where,
            )
    return Trouble(msg("The disk refused: {reason}. Nothing was recorded.", reason=reason_of(error)), where=where)
