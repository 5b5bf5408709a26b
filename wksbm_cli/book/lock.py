"""The locks of a book: one writer at a time, one sync at a time, and none outlives the process that holds it."""

from __future__ import annotations

import errno
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from wksbm_cli.book.folder import Folder
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, reason_of

# Errors of file systems without locks: network folders, memory cards, some containers.
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)


class Unwritable(Trouble):
    """No permission to write, or a read-only file system; reading may still work."""


@contextmanager
def locked(folder: Folder, name: str, patience_seconds: float, busy: Trouble) -> Iterator[None]:
    """Hold a lock in the state folder; `busy` is raised where another process holds it for longer than the patience.

    `OSError` is passed on. A lock file with its owner's name in it would outlive a killed process, so a file
    system without locks is refused at once.
    """
    from filelock import FileLock, SoftFileLock, Timeout

    folder.check_inside(folder.state / name)
    folder.state.mkdir(exist_ok=True)
    lock = FileLock(folder.state / name, timeout=patience_seconds)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a SoftFileLock, which is refused here
            lock.acquire()
        if isinstance(lock, SoftFileLock):  # the fallback of some versions of filelock
            lock.release()
            raise NotImplementedError
    except Timeout:
        raise busy from None
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
            raise
        raise _without_locks(folder, error) from None
    try:
        yield
    finally:
        lock.release()


def _without_locks(folder: Folder, error: OSError | NotImplementedError) -> Unwritable:
    reason = reason_of(error) if isinstance(error, OSError) else str(error)
    return Unwritable(
        msg(
            "This disk keeps no locks ({reason}), so two recordings at once could damage the book; nothing was recorded.",
            reason=reason or "flock",
        ),
        hint=msg("Keep the book on the disk of the machine itself. Reading it works from here too."),
        where=folder.where(folder.state),
    )
