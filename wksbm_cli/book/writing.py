"""Appending to ledgers: one lock, one write, on the disk before it is acknowledged, all of a batch or nothing.

A batch that touches one file is one `write`. A batch that touches several is first put whole into a
write-ahead file; whoever next takes the lock after a crash replays it, leaving out the lines already there.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wksbm_cli.book.folder import Folder, LedgerFile
from wksbm_cli.book.reading import HEADER
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import LINE, entry_id
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble

LOCK_PATIENCE_SECONDS = 30.0


@contextmanager
def writing(folder: Folder) -> Iterator[list[Message]]:
    """Hold the book's lock, with what a crash left behind put right. Yields notices of what was mended."""
    from filelock import FileLock, Timeout

    try:
        folder.check_inside(folder.state)
        folder.state.mkdir(exist_ok=True)
        lock = FileLock(folder.state / "lock", timeout=LOCK_PATIENCE_SECONDS)
        lock.acquire()
    except Timeout:
        raise Trouble(
            msg(
                "Another program has been writing to this book for {seconds} seconds.",
                seconds=int(LOCK_PATIENCE_SECONDS),
            ),
            hint=msg("Wait until it is done, then type the command again."),
        ) from None
    except OSError as error:
        raise disk_trouble(error, folder, folder.state) from None
    try:
        notices: list[Message] = []
        _replay(folder, notices)
        yield notices
    finally:
        lock.release()


def append(
    folder: Folder, entries: Sequence[Entry], titles: dict[str, str], notices: list[Message]
) -> list[LedgerFile]:
    """Put entries into their ledgers, durably, all or none. The caller holds the lock (`writing`).

    `titles` gives each fund's displayed name for the first line of a new year's file. Returns the files
    written. When this returns, every line is on the disk and was read back.
    """
    lines: dict[LedgerFile, list[str]] = {}
    for entry in entries:
        lines.setdefault(folder.ledger(entry.fund, entry.date.year), []).append(entry.line)
    try:
        for ledger in lines:
            folder.check_inside(ledger.path)
            _mend_tail(folder, ledger, notices)
        if len(lines) > 1:
            _write_ahead(folder, lines, titles)
        for ledger, new in lines.items():
            _append_to(folder, ledger, new, titles[ledger.fund])
        if len(lines) > 1:
            _forget_write_ahead(folder)
    except OSError as error:
        raise disk_trouble(error, folder, folder.root) from None
    return list(lines)


def replace_file(folder: Folder, path: Path, text: str) -> None:
    """Put `text` in place of a register or of a state file: whole or not at all."""
    folder.check_inside(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            _write_all(descriptor, text.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk_trouble(error, folder, path) from None


def disk_trouble(error: OSError, folder: Folder, path: Path) -> Trouble:
    """What the operating system refused, in words."""
    where = folder.where(Path(error.filename) if isinstance(error.filename, str) else path)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Trouble(
                msg("The disk is full; nothing was recorded."),
                hint=msg("Make room, then type the command again."),
                where=where,
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Trouble(
                msg("This folder may not be written; nothing was recorded."),
                hint=msg("Ask its owner for the right to write, or work in a copy of the book."),
                where=where,
            )
    return Trouble(
        msg("The disk refused: {reason}. Nothing was recorded.", reason=error.strerror or str(error)), where=where
    )


def _append_to(folder: Folder, ledger: LedgerFile, lines: Sequence[str], title: str) -> None:
    """One `write` of all lines at the end of one ledger, synced and read back; a failed write is taken back."""
    data = "".join(f"{line}\n" for line in lines).encode()
    is_new = not ledger.path.exists()
    if is_new:
        head = f"# {title} · {ledger.year}\n{HEADER}\n"
        data = head.encode() + data
    descriptor = os.open(ledger.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        size = os.fstat(descriptor).st_size
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            if is_new:
                ledger.path.unlink()
            raise
        if _read_at(descriptor, size, len(data)) != data:
            raise Trouble(
                msg("What was written is not what the disk gives back; the disk may be failing."),
                where=folder.where(ledger.path),
            )
    finally:
        os.close(descriptor)
    if is_new:
        _sync_folder(ledger.path.parent)


def _write_all(descriptor: int, data: bytes) -> None:
    """One `write`; what a nearly full disk took only in part counts as refused."""
    if os.write(descriptor, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _read_at(descriptor: int, offset: int, length: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def _sync_folder(path: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mend_tail(folder: Folder, ledger: LedgerFile, notices: list[Message]) -> None:
    """Make the ledger end with a line end: complete a whole last line, set a torn one aside.

    A torn line was never acknowledged. It is kept in the state folder, and its keeper is told.
    """
    try:
        descriptor = os.open(ledger.path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return
    try:
        size = os.fstat(descriptor).st_size
        start = max(0, size - (1 << 20))
        tail = _read_at(descriptor, start, size - start)
        torn = tail[tail.rfind(b"\n") + 1 :]
        if not torn:
            return
        if is_whole(ledger.fund, torn.decode(errors="replace")):
            os.lseek(descriptor, 0, os.SEEK_END)
            _write_all(descriptor, b"\n")
        else:
            aside = folder.state / f"torn-{ledger.fund.replace('/', '-')}-{ledger.year}-{size}.txt"
            with aside.open("wb") as file:
                file.write(torn)
                os.fsync(file.fileno())
            os.ftruncate(descriptor, size - len(torn))
            notices.append(
                msg(
                    "The last line of {path} was cut off while being written; it was set aside in {aside}.",
                    path=folder.shown(ledger.path),
                    aside=folder.shown(aside),
                )
            )
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_whole(fund: str, line: str) -> bool:
    """Whether a last line without a line end is complete all the same: its id agrees with its text."""
    match = LINE.fullmatch(line.rstrip("\r"))
    return match is not None and match[1] == entry_id(fund, match[2])


def _write_ahead_file(folder: Folder) -> Path:
    return folder.state / "write-ahead.json"


def _write_ahead(folder: Folder, lines: dict[LedgerFile, list[str]], titles: dict[str, str]) -> None:
    batch = [
        {"fund": ledger.fund, "year": ledger.year, "title": titles[ledger.fund], "lines": new}
        for ledger, new in lines.items()
    ]
    replace_file(folder, _write_ahead_file(folder), json.dumps(batch, ensure_ascii=False))


def _forget_write_ahead(folder: Folder) -> None:
    _write_ahead_file(folder).unlink()
    _sync_folder(folder.state)


def has_write_ahead(folder: Folder) -> bool:
    """Whether a batch is under way, or was left half done by a crash."""
    return _write_ahead_file(folder).exists()


def _replay(folder: Folder, notices: list[Message]) -> None:
    """Finish a batch that a crash interrupted: append each of its lines that is not there yet."""
    path = _write_ahead_file(folder)
    try:
        batch = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except ValueError:
        raise Trouble(
            msg("The write-ahead file cannot be read; the book was not touched."),
            hint=msg("Move it away to go on without the batch it held."),
            where=folder.where(path),
        ) from None
    for part in batch:
        ledger = folder.ledger(part["fund"], part["year"])
        folder.check_inside(ledger.path)
        _mend_tail(folder, ledger, notices)
        present = set(ledger.path.read_text(encoding="utf-8").split("\n")) if ledger.path.exists() else set()
        missing = [line for line in part["lines"] if line not in present]
        if missing:
            _append_to(folder, ledger, missing, part["title"])
    _forget_write_ahead(folder)
    notices.append(msg("A batch that was interrupted has been completed."))
