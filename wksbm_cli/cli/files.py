"""Writing a rendered report to a file, atomically and durably."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from wksbm_cli.book.disk import sync_folder
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble, Where, reason_of


def replace_report(path: Path, content: str | bytes) -> None:
    """Put `content` in place of the file at `path`; folders on the way are made.

    Raises `Trouble` with the reason when that cannot be; the old file is then as it was. What is no regular file (a
    pipe, `/dev/stdout`) is written to, never replaced; a link keeps leading where it leads.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        target = path.resolve()
        if target.is_symlink():  # a ring of links, from Python 3.13 on
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if target.is_dir() or not path.name:
            raise IsADirectoryError(errno.EISDIR, "")
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data)
    except OSError as error:
        raise Trouble(_reason(error), where=Where(str(path))) from None
    except RuntimeError:  # a ring of links, before Python 3.13
        raise Trouble(_reason(OSError(errno.ELOOP, "")), where=Where(str(path))) from None


def _replace(target: Path, data: bytes) -> None:
    temporary = target.with_name(f".wksbm-{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _reason(error: OSError) -> Message:
    match error.errno:
        case errno.EISDIR:
            return msg("This is a folder; --output needs the name of a file.")
        case errno.ENOSPC | errno.EDQUOT:
            return msg("The disk is full; the report was not written.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return msg("This may not be written to; the report was not written.")
        case errno.ENOTDIR | errno.EEXIST:
            return msg("A part of this path is a file, not a folder; the report was not written.")
        case errno.ENAMETOOLONG:
            return msg("This name is too long for a file; the report was not written.")
    return msg("The report could not be written: {reason}.", reason=reason_of(error))
