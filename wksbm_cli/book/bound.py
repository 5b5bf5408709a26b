"""What makes a write-ahead file, or what git has still to be told, this machine's and this book's own: its digest, kept
outside the book.

A folder can bring a write-ahead file along, through git or in an archive, and replaying it would record what somebody
else wrote. So before one is written, its digest, over a random number too, is put on the disk in the user's own state folder, under
the path of the book; one that has no such digest there is never replayed.
"""

from __future__ import annotations

import os
import sys
from hashlib import blake2b
from pathlib import Path

from wksbm_cli.book.folder import Folder

# The name of what git has still to be told (`Folder.moving`), beside the write-ahead file, which has none.
MOVING = "moving"


def remember(folder: Folder, data: bytes, what: str = "") -> None:
    """Put on the disk, before the write-ahead file itself (or another, `what`), that the one with these bytes is ours."""
    keep(own_path(folder, what), _digest(data))


def keep(path: Path, data: bytes) -> None:
    """Put bytes in place of a file of the user's own state, whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path)
    if os.name == "posix":
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_ours(folder: Folder, data: bytes, what: str = "") -> bool:
    try:
        return own_path(folder, what).read_bytes() == _digest(data)
    except OSError:
        return False


def forget(folder: Folder, what: str = "") -> None:
    """The file is done with; a copy of it is nobody's."""
    own_path(folder, what).unlink(missing_ok=True)


def own_path(folder: Folder, what: str = "") -> Path:
    """What this user's own state folder keeps of a book, by where the book is; outside of it, so that nothing brings it along."""
    book = os.fsencode(folder.root.resolve()) + what.encode()
    return _state() / "wksbm" / blake2b(book, digest_size=16).hexdigest()


def _digest(data: bytes) -> bytes:
    return blake2b(data).hexdigest().encode()


def _state() -> Path:
    """Where the system has a user's programs keep what they remember."""
    if chosen := os.environ.get("XDG_STATE_HOME"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home())
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path.home() / ".local" / "state"
