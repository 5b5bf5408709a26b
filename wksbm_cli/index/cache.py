"""The file of the index, trusted only while its stamp matches.

SQLite does not detect a flipped bit in a sum, nor a mix of old and new pages after a power cut. So a writer, holding
the book's lock, first removes the stamp, and writes a new one when the change is on the disk: size, times and inode,
as kept for ledgers. A reader compares them under SQLite's read lock, which excludes writers. An index without a
matching stamp is rebuilt beside the old one and renamed over it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.whole import read_whole
from wksbm_cli.domain.problem import Trouble

# SQLite's busy timeouts: longer for readers than for writers, since a waiting writer blocks readers and can replace
# the file instead.
_PATIENCE_SECONDS = 3.0
_WRITING_PATIENCE_MS = 300
# Four 64-bit numbers.
_LONGEST_STAMP = 100


class Held(Exception):
    """The index has been locked by a reader for too long to be changed; it can be replaced instead."""


def opened(folder: Folder) -> sqlite3.Connection | None:
    """The index in a read transaction; None where there is no valid one."""
    path = _file(folder)
    before = _stat(path)
    if before is None or before != _stamp(folder):
        return None
    try:
        connection = _connect(path)
    except sqlite3.Error:
        return None
    with suppress(sqlite3.Error):
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM meta").fetchone()  # takes the read lock
        if before == _stat(path) == _stamp(folder):
            connection.execute(f"PRAGMA busy_timeout = {_WRITING_PATIENCE_MS}")
            return connection
    connection.close()
    return None


@contextmanager
def changing(folder: Folder) -> Iterator[None]:
    """A write transaction on the index, for the holder of the book's lock; `Held` when readers block it."""
    before = _withdraw_stamp(folder)
    try:
        yield
    except BaseException as error:
        if before is not None and before == _stat(_file(folder)):  # rolled back with nothing written
            _put_stamp(folder)
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise Held from None
        raise
    _put_stamp(folder)


def replaced(folder: Folder, build: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Replace the index by a new one, filled by `build`; readers of the old file keep it open."""
    new = folder.state / "index.new"
    new.unlink(missing_ok=True)
    connection = _connect(new)
    try:
        connection.execute("PRAGMA cache_spill = ON")
        build(connection)
    except BaseException:
        connection.close()
        new.unlink(missing_ok=True)
        raise
    connection.close()
    _withdraw_stamp(folder)
    new.replace(_file(folder))
    _put_stamp(folder)
    return _connect(_file(folder))


def distrust(folder: Folder) -> None:
    """Invalidate the index, so that it is rebuilt when next needed."""
    with suppress(OSError):
        _withdraw_stamp(folder)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_SECONDS)
    # No journal: an unfinished change leaves no stamp, so the file is discarded; a stamped one has been synced.
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_spill = OFF")
    return connection


def _file(folder: Folder) -> Path:
    return folder.state / "index.sqlite"


def _stamp_file(folder: Folder) -> Path:
    return folder.state / "index.stamp"


def _stat(path: Path) -> str | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"


def _stamp(folder: Folder) -> str | None:
    try:
        return read_whole(_stamp_file(folder), _LONGEST_STAMP)[0].decode("ascii")
    except (OSError, UnicodeDecodeError, Trouble):
        return None


def _put_stamp(folder: Folder) -> None:
    _stamp_file(folder).write_text(_stat(_file(folder)) or "", encoding="ascii")


def _withdraw_stamp(folder: Folder) -> str | None:
    """Remove the stamp durably; returns what it was."""
    from wksbm_cli.book.disk import sync_folder

    stamp = _stamp(folder)
    with suppress(FileNotFoundError):
        _stamp_file(folder).unlink()
        sync_folder(folder.state)
    return stamp
