"""The file of the index, believed only while it is exactly what its last writer left.

SQLite does not notice a flipped bit in a sum, nor pages of two ages after a power cut. So whoever changes the file,
holding the book's lock, first withdraws its stamp, and when the change is on the disk stamps it anew: size, times and inode,
as the index itself remembers of ledgers. A reader compares them under SQLite's read lock, beneath which nobody writes.
An index without a fitting stamp is built anew, beside the old one and then in its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.whole import read_whole
from wksbm_cli.domain.problem import Trouble

# How long SQLite waits for another process: to read longer than to write, for who waits to write keeps others from
# reading, and can put a new file in the place of one that is held.
_PATIENCE_SECONDS = 3.0
_WRITING_PATIENCE_MS = 300
# Four numbers of 64 bits.
_LONGEST_STAMP = 100


class Held(Exception):
    """Someone has been reading the index for so long that it cannot be changed; another can take its place."""


def opened(folder: Folder) -> sqlite3.Connection | None:
    """The index in a read transaction, beneath which it cannot change; None where there is none to believe."""
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
        connection.execute("SELECT 1 FROM meta").fetchone()  # from here on the read lock is held
        if before == _stat(path) == _stamp(folder):
            connection.execute(f"PRAGMA busy_timeout = {_WRITING_PATIENCE_MS}")
            return connection
    connection.close()
    return None


@contextmanager
def changing(folder: Folder) -> Iterator[None]:
    """Within it the caller, who holds the book's lock, changes the index in one transaction; `Held` when it may not."""
    before = _withdraw_stamp(folder)
    try:
        yield
    except BaseException as error:
        if before is not None and before == _stat(_file(folder)):  # rolled back before a byte was written
            _put_stamp(folder)
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise Held from None
        raise
    _put_stamp(folder)


def replaced(folder: Folder, build: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """A new index, filled by `build`, in place of any other; readers of the old one go on reading it."""
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
    """Have the index built anew when it is next needed."""
    with suppress(OSError):
        _withdraw_stamp(folder)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_SECONDS)
    # Of a change that was not finished nothing is to be saved: it left no stamp. What is stamped is on the disk.
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
    """Take the stamp away, lastingly; what it said."""
    from wksbm_cli.book.disk import sync_folder

    stamp = _stamp(folder)
    with suppress(FileNotFoundError):
        _stamp_file(folder).unlink()
        sync_folder(folder.state)
    return stamp
