"""Authentication of a write-ahead file (or a pending update of git) as made on this machine for this book: its digest is
kept outside the book.

A write-ahead file can arrive with a folder, through git or in an archive, and replaying it would record what somebody
else wrote. So before one is written, its digest (with a nonce in it) is stored durably in the user's own state
folder, under the path of the book; a write-ahead file without such a digest is never replayed.
"""

from __future__ import annotations

import os
import sys
from hashlib import blake2b
from pathlib import Path

from wksbm_cli.book.folder import Folder

# The name for a pending update of git (`Folder.moving`); the write-ahead file has the empty name.
MOVING = "moving"


def remember(folder: Folder, data: bytes, what: str = "") -> None:
    """Store the digest of a write-ahead file (or another, `what`), durably, before that file itself is written."""
    keep(own_path(folder, what), _digest(data))


def keep(path: Path, data: bytes) -> None:
    """Atomically and durably replace a file in the user's own state folder."""
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
    """Remove the digest once the file is done with, so that a copy of it is never replayed."""
    own_path(folder, what).unlink(missing_ok=True)


def own_path(folder: Folder, what: str = "") -> Path:
    """The path in the user's state folder that belongs to a book, derived from the book's own path."""
    book = os.fsencode(folder.root.resolve()) + what.encode()
    return _state() / "wksbm" / blake2b(book, digest_size=16).hexdigest()


def _digest(data: bytes) -> bytes:
    return blake2b(data).hexdigest().encode()


def _state() -> Path:
    """The system's folder for state of a user's programs."""
    if chosen := os.environ.get("XDG_STATE_HOME"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home())
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path.home() / ".local" / "state"
