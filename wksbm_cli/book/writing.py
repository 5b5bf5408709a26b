"""Atomic, durable writes to the book: one lock, fsync before a write is acknowledged, a batch whole or not at all.

One entry is one `write`. A kill or power cut could leave any part of several, so a batch goes into a write-ahead file
first; the next holder of the lock replays it after a crash, without the lines already written. Registers that change
together are staged beside the old ones, and the write-ahead file names them.
"""

from __future__ import annotations

import errno
import json
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from wksbm_cli.book import bound
from wksbm_cli.book.disk import disk_trouble, sync_folder
from wksbm_cli.book.folder import BOOK_FILES, Folder, LedgerFile
from wksbm_cli.book.lock import Unwritable, locked
from wksbm_cli.book.reading import HEADER, is_torn
from wksbm_cli.book.whole import LARGEST_LEDGER, read_whole
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import LINE, is_id_of
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Trouble, reason_of
from wksbm_cli.domain.slug import SLUG, is_clean_text

# How long a command waits for another that is writing.
LOCK_PATIENCE_SECONDS = 30.0
# Do not write through a symbolic link, nor block on a pipe.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# Binary mode, on systems that would convert line ends.
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def writing(folder: Folder) -> Iterator[list[Message]]:
    """Hold the book's lock, after recovery from a crash. Yields notices of what was recovered."""
    busy = Trouble(
        msg(
            "Another program has been writing to this book for {seconds} seconds.",
            seconds=int(LOCK_PATIENCE_SECONDS),
        ),
        hint=msg("Wait until it is done, then type the command again."),
    )
    with ExitStack() as held:
        notices: list[Message] = []
        try:
            held.enter_context(locked(folder, "lock", LOCK_PATIENCE_SECONDS, busy))
        except OSError as error:
            raise disk_trouble(error, folder, folder.state) from None
        try:
            _replay(folder, notices)
        except OSError as error:
            raise disk_trouble(error, folder, folder.root) from None
        if folder.moving.exists():
            from wksbm_cli.book.moving import finish

            try:
                finish(folder, after_a_crash=True)
            except Problem as problem:
                notices.append(msg("git does not know yet what a sync brought: {reason}", reason=problem.text))
        yield notices


def append(
    folder: Folder, entries: Sequence[Entry], titles: Mapping[str, str], notices: list[Message]
) -> list[LedgerFile]:
    """Put entries into their ledgers, durably, all or none. The caller holds the lock (`writing`).

    `titles` gives each fund's displayed name for the header of a new year's file. Returns the files written. On return,
    every line is on the disk and was read back.
    """
    lines = _by_ledger(folder, entries)
    try:
        for ledger in lines:
            folder.check_inside(ledger.path)
            _mend_tail(folder, ledger, notices)
        sizes = _sizes(lines)
        try:
            if len(entries) > 1:
                _write_ahead(folder, _batch(lines, titles, sizes))
            for ledger, new in lines.items():
                _append_to(folder, ledger, new, titles[ledger.fund])
            if len(entries) > 1:
                _forget_write_ahead(folder)
        except BaseException:  # a full disk, or someone pressing Ctrl-C
            _take_back(folder, sizes)
            raise
    except OSError as error:
        raise disk_trouble(error, folder, folder.root) from None
    folder.written.extend(ledger.path for ledger in lines)
    return list(lines)


def _by_ledger(folder: Folder, entries: Sequence[Entry]) -> dict[LedgerFile, list[str]]:
    lines: dict[LedgerFile, list[str]] = {}
    for entry in entries:
        lines.setdefault(folder.ledger(entry.fund, entry.date.year), []).append(entry.line)
    return lines


def _sizes(ledgers: Iterable[LedgerFile]) -> dict[LedgerFile, int | None]:
    return {ledger: ledger.path.stat().st_size if ledger.path.exists() else None for ledger in ledgers}


def _take_back(folder: Folder, sizes: Mapping[LedgerFile, int | None]) -> None:
    """Roll back a failed write: truncate ledgers to the size they had (None: remove them)."""
    try:
        for ledger, size in sizes.items():
            if size is None:
                ledger.path.unlink(missing_ok=True)
            elif ledger.path.stat().st_size != size:
                descriptor = os.open(ledger.path, os.O_WRONLY | _NO_LINKS | _BINARY)
                try:
                    os.ftruncate(descriptor, size)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        with suppress(FileNotFoundError):
            _forget_write_ahead(folder)
    except OSError as error:
        raise Trouble(
            msg("The disk failed in the middle of writing: {reason}.", reason=reason_of(error)),
            hint=msg("Look in the cash book for what was recorded before you type it again: wksbm cashbook FUND"),
            where=folder.where(folder.root),
        ) from None


def replace_file(folder: Folder, path: Path, text: str) -> None:
    """Atomically replace a register or a state file by `text`. The caller holds the lock."""
    _stage(folder, path, text)
    try:
        _put_in_place(folder, path)
    except OSError as error:
        _unstage(path)
        raise disk_trouble(error, folder, path) from None


def replace_registers(folder: Folder, texts: Mapping[str, str]) -> None:
    """Atomically replace the registers of several funds (`ORG/FUND`), all or none. The caller holds the lock."""
    change_registers(folder, {folder.fund_file(fund): text for fund, text in texts.items()})


def change_registers(
    folder: Folder,
    texts: Mapping[Path, str],
    entries: Sequence[Entry] = (),
    titles: Mapping[str, str] = {},
    notices: list[Message] | None = None,
) -> None:
    """Atomically replace registers and append the entries that record the change, all or none. The caller holds the
    lock."""
    lines = _by_ledger(folder, entries)
    try:
        for path, text in texts.items():
            _stage(folder, path, text)
        for ledger in lines:
            folder.check_inside(ledger.path)
            _mend_tail(folder, ledger, [] if notices is None else notices)
        sizes = _sizes(lines)
        waiting = [
            {"register": path.relative_to(folder.root).as_posix(), "digest": _digest(text.encode())}
            for path, text in texts.items()
        ]
        _write_ahead(folder, [*waiting, *_batch(lines, titles, sizes)])
    except BaseException as error:
        with suppress(FileNotFoundError):
            _forget_write_ahead(folder)
        for path in texts:
            _unstage(path)
        if isinstance(error, OSError):
            raise disk_trouble(error, folder, folder.root) from None
        raise
    new = [
        path for path in texts if not path.exists()
    ]  # registers first: a ledger without its register belongs to no fund
    try:
        for path in new:
            _put_in_place(folder, path)
        for ledger, added in lines.items():
            _append_to(folder, ledger, added, titles[ledger.fund])
    except BaseException as error:
        for path in new:
            if path.exists():
                path.replace(_staged(path))
        _take_back(folder, sizes)
        for path in texts:
            _unstage(path)
        if isinstance(error, OSError):
            raise disk_trouble(error, folder, folder.root) from None
        raise
    folder.written.extend(ledger.path for ledger in lines)
    try:
        _put_those_waiting(folder, list(texts))
    except KeyboardInterrupt:  # committed: the next holder of the lock would replay it
        _put_those_waiting(folder, list(texts))
        raise
    except OSError as error:
        raise Trouble(
            msg("The disk failed in the middle of writing: {reason}.", reason=reason_of(error)),
            hint=msg("What was begun is finished by the next command, for instance: wksbm balance"),
            where=folder.where(folder.root),
        ) from None


def put_files(folder: Folder, prefix: str, contents: Mapping[str, bytes | None], then: str) -> None:
    """Atomically replace files, all or none, and write `then` into `Folder.moving` with them. Paths are below the folder
    that contains the book at `prefix`; None removes a file. The caller holds the lock."""
    place = folder.state / "sync" / "files"
    parts: list[dict[str, str | None]] = []
    try:
        _make_folder(place)
        for number, (name, data) in enumerate(contents.items()):
            staged = None if data is None else f"{number}"
            parts.append({"name": name, "staged": staged, "digest": _digest(data or b"")})
            _inside(folder, prefix, name)
            if data is not None:
                descriptor = os.open(place / f"{number}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
                try:
                    _write_all(descriptor, data)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        sync_folder(place)
    except OSError as error:
        raise disk_trouble(error, folder, folder.root) from None
    record = {"prefix": prefix, "files": parts, "then": then}
    _note_ahead(folder, record)
    try:
        _put_files(folder, record)
    except OSError as error:
        raise Trouble(
            msg("The disk failed in the middle of writing: {reason}.", reason=reason_of(error)),
            hint=msg("What was begun is finished by the next command, for instance: wksbm balance"),
            where=folder.where(folder.root),
        ) from None


def _put_files(folder: Folder, record: Mapping[str, Any]) -> None:
    """Rename each staged file into place; one that is no longer staged is already there."""
    place = folder.state / "sync" / "files"
    for part in record["files"]:
        path = _inside(folder, record["prefix"], part["name"])
        if part["staged"] is None:
            with suppress(FileNotFoundError):
                path.unlink()
                sync_folder(path.parent)
        elif os.path.lexists(staged := place / part["staged"]):
            if staged.is_symlink() or _digest(staged.read_bytes()) != part["digest"]:
                raise ValueError(part["name"])
            _make_folder(path.parent)
            if path.exists():
                staged.chmod(path.stat().st_mode & 0o777)
            staged.replace(path)
            sync_folder(path.parent)
    note_move(folder, record["then"])
    _forget_write_ahead(folder)


def note_move(folder: Folder, text: str) -> None:
    """Record the pending update of git's refs and index, marked as made by this machine. The caller holds the lock."""
    _remember(folder, text, bound.MOVING)
    replace_file(folder, folder.moving, text)


def _inside(folder: Folder, prefix: str, name: str) -> Path:
    """A path below the folder that the book is `prefix` below; `Trouble` where it, or a link on its way, leads out."""
    root = folder.root.resolve()
    top = root.parents[prefix.count("/") - 1] if prefix else root
    path = top / name
    if not path.parent.resolve().is_relative_to(top) or ".git" in path.parts[len(top.parts) :] or path.is_symlink():
        raise Trouble(
            msg("{path} leads out of the book; nothing is written there.", path=folder.shown(path)),
            hint=msg("Remove the link, or make it a folder of the book."),
        )
    return path


def _put_those_waiting(folder: Folder, paths: Sequence[Path]) -> None:
    for path in paths:
        if _staged(path).exists():
            _put_in_place(folder, path)
    with suppress(FileNotFoundError):
        _forget_write_ahead(folder)


def _staged(path: Path) -> Path:
    """The staged copy of a file, beside it."""
    return path.with_name(f".{path.name}.tmp")


def _stage(folder: Folder, path: Path, text: str) -> None:
    folder.check_inside(path)
    staged = _staged(path)
    try:
        _make_folder(path.parent)
        staged.unlink(missing_ok=True)  # left by a run that was killed
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            if path.exists():
                staged.chmod(path.stat().st_mode & 0o777)
            _write_all(descriptor, text.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        _unstage(path)
        raise disk_trouble(error, folder, path) from None


def _make_folder(path: Path) -> None:
    """Create a folder and its missing parents durably."""
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def _unstage(path: Path) -> None:
    with suppress(OSError):
        _staged(path).unlink()


def _put_in_place(folder: Folder, path: Path) -> None:
    _staged(path).replace(path)
    sync_folder(path.parent)
    if path.parent != folder.state:
        folder.written.append(path)


def _append_to(folder: Folder, ledger: LedgerFile, lines: Sequence[str], title: str) -> None:
    """One `write` of all lines at the end of one ledger, synced and read back."""
    descriptor = os.open(ledger.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _NO_LINKS | _BINARY, 0o666)
    try:
        size = os.fstat(descriptor).st_size
        data = (_missing_head(descriptor, size, ledger, title) + "".join(f"{line}\n" for line in lines)).encode()
        _write_all(descriptor, data)
        os.fsync(descriptor)
        if _read_at(descriptor, size, len(data)) != data:
            raise Trouble(
                msg("What was written is not what the disk gives back; the disk may be failing."),
                where=folder.where(ledger.path),
                hint=msg("Copy the book to another disk before you go on."),
            )
    finally:
        os.close(descriptor)
    if not size:
        sync_folder(ledger.path.parent)


def _missing_head(descriptor: int, size: int, ledger: LedgerFile, title: str) -> str:
    """The missing part of the header: all of it in a new file, a rest where the writer was killed."""
    if not size:
        return f"# {title} · {ledger.year}\n{HEADER}\n"
    for line in _read_at(descriptor, 0, min(size, 1 << 16)).removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        bare = line.strip()
        if bare and not bare.startswith(b"#"):
            return ""  # a complete header, or bytes that the reader refuses anyway
    return f"{HEADER}\n"


def _write_all(descriptor: int, data: bytes) -> None:
    """One `write`; a short write, on a nearly full disk, is an error."""
    if os.write(descriptor, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _read_at(descriptor: int, offset: int, length: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def _mend_tail(folder: Folder, ledger: LedgerFile, notices: list[Message]) -> None:
    """Recover the end of a ledger: terminate a complete last line, move a torn one aside.

    A torn line was never acknowledged. It is kept in the state folder, with a notice to the user.
    """
    try:
        descriptor = os.open(ledger.path, os.O_RDWR | os.O_APPEND | _NO_LINKS | _BINARY)
    except FileNotFoundError:
        return
    try:
        size = os.fstat(descriptor).st_size
        rest = _last_line(descriptor, size)
        if not rest:
            return
        if is_torn(rest):
            aside = folder.state / f"torn-{ledger.fund.replace('/', '-')}-{ledger.year}.txt"
            kept = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINKS | _BINARY, 0o666)
            try:
                _write_all(kept, rest + b"\n")
                os.fsync(kept)
            finally:
                os.close(kept)
            sync_folder(folder.state)
            os.ftruncate(descriptor, size - len(rest))
            notices.append(
                msg(
                    "The last line of {path} was cut off while being written; it was set aside in {aside}.",
                    path=folder.shown(ledger.path),
                    aside=folder.shown(aside),
                )
            )
        else:
            _write_all(descriptor, b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_line(descriptor: int, size: int) -> bytes:
    """The bytes after the last line end."""
    length = 1 << 12
    while True:
        tail = _read_at(descriptor, max(0, size - length), min(length, size))
        if length >= size or b"\n" in tail:
            return tail[tail.rfind(b"\n") + 1 :]
        length *= 8


def _batch(
    lines: Mapping[LedgerFile, Sequence[str]], titles: Mapping[str, str], sizes: Mapping[LedgerFile, int | None]
) -> list[Mapping[str, Any]]:
    """The lines of each ledger, with its size before the batch (0: no file)."""
    return [
        {
            "fund": ledger.fund,
            "year": ledger.year,
            "title": titles[ledger.fund],
            "size": sizes[ledger] or 0,
            "lines": new,
        }
        for ledger, new in lines.items()
    ]


def _write_ahead(folder: Folder, batch: Sequence[Mapping[str, Any]]) -> None:
    _note_ahead(folder, {"parts": batch})


def _note_ahead(folder: Folder, record: Mapping[str, Any]) -> None:
    # A nonce, so that an old write-ahead file that somebody kept is never taken for the current one.
    text = json.dumps({"nonce": os.urandom(16).hex(), **record}, ensure_ascii=False)
    _remember(folder, text, "")
    replace_file(folder, folder.write_ahead, text)


def _remember(folder: Folder, text: str, what: str) -> None:
    try:
        bound.remember(folder, text.encode(), what)
    except (OSError, RuntimeError) as error:  # no home folder, or a read-only one
        raise Unwritable(
            msg(
                "What several files are to receive could not be noted down in your own folder first: {reason}.",
                reason=str(error),
            ),
            hint=msg("Name a folder that may be written in XDG_STATE_HOME, then type the command again."),
        ) from None


def _forget_write_ahead(folder: Folder) -> None:
    folder.write_ahead.unlink()
    sync_folder(folder.state)
    with suppress(OSError):
        bound.forget(folder)


def _digest(data: bytes) -> str:
    return blake2b(data).hexdigest()


def _replay(folder: Folder, notices: list[Message]) -> None:
    """Replay a batch that a crash interrupted: append its lines that are missing, rename its registers that are still
    staged."""
    path = folder.write_ahead
    try:
        data = read_whole(path, LARGEST_LEDGER)[0]
        if path.is_symlink() or not bound.is_ours(folder, data):
            raise _foreign(folder)
        record = json.loads(data)
        if "files" in record:
            _put_files(folder, record)
            notices.append(msg("A sync that was interrupted has been completed; to send it: wksbm sync"))
            return
        batch = [_part(folder, part) for part in record["parts"]]
    except FileNotFoundError:
        return
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Trouble(
            msg("The write-ahead file cannot be read; the book was not touched."),
            hint=msg("Move it away to go on without the batch it held."),
            where=folder.where(path),
        ) from None
    registers = [part for part in batch if isinstance(part, Path)]
    for register in registers:
        folder.check_inside(register)
    for part in batch:
        if not isinstance(part, Path):
            _append_missing(folder, *part, notices)
    _put_those_waiting(folder, registers)
    notices.append(msg("A batch that was interrupted has been completed."))


def _foreign(folder: Folder) -> Trouble:
    return Trouble(
        msg(
            "This write-ahead file is not as this machine wrote it: it came with the folder or was damaged. Nothing of it is recorded."
        ),
        hint=msg(
            "If another machine was interrupted at this book, type any command there. If this one was, look in the cash book "
            "for what is missing. Then take it away: rm {path}",
            path=shlex.quote(folder.shown(folder.write_ahead)),
        ),
        where=folder.where(folder.write_ahead),
    )


def _append_missing(
    folder: Folder, ledger: LedgerFile, title: str, size: int, lines: Sequence[str], notices: list[Message]
) -> None:
    folder.check_inside(ledger.path)
    _cut_back(ledger, title, size, lines)
    _mend_tail(folder, ledger, notices)
    present = ledger.path.read_bytes().split(b"\n") if ledger.path.exists() else []
    ids = {line.partition(b" ")[0] for line in present}
    missing = [line for line in lines if line.partition(" ")[0].encode() not in ids]
    if missing:
        _append_to(folder, ledger, missing, title)
        folder.written.append(ledger.path)


def _cut_back(ledger: LedgerFile, title: str, size: int, lines: Sequence[str]) -> None:
    """Truncate the batch's own lines where a power cut left them with holes: blocks that did not reach the disk read as
    zeros. What others wrote there since is left alone."""
    try:
        descriptor = os.open(ledger.path, os.O_RDWR | _NO_LINKS | _BINARY)
    except FileNotFoundError:
        return
    try:
        tail = _read_at(descriptor, size, max(0, os.fstat(descriptor).st_size - size))
        head = "" if size else f"# {title} · {ledger.year}\n{HEADER}\n"
        ours = (head + "".join(f"{line}\n" for line in lines)).encode()
        if (
            b"\0" in tail
            and len(tail) <= len(ours)
            and all(byte in (0, own) for byte, own in zip(tail, ours, strict=False))
        ):
            os.ftruncate(descriptor, size)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _part(folder: Folder, part: Mapping[str, Any]) -> Path | tuple[LedgerFile, str, int, list[str]]:
    """Parse one part of a write-ahead file, a staged register or the lines of one ledger; each line must be an entry of
    that fund."""
    if "register" in part:
        name: str = part["register"]
        if not BOOK_FILES.fullmatch(name) or not name.endswith(".toml"):
            raise ValueError(name)
        path = folder.root / name
        waiting = _staged(path)
        if os.path.lexists(waiting) and (waiting.is_symlink() or _digest(waiting.read_bytes()) != part["digest"]):
            raise ValueError(name)
        return path
    fund = part["fund"]
    if not all(SLUG.fullmatch(slug) for slug in fund.split("/")):
        raise ValueError(fund)
    ledger, lines = folder.ledger(fund, int(part["year"])), list(part["lines"])
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None or not is_id_of(match[1], ledger.fund, match[2]):
            raise ValueError(line)
    if not is_clean_text(part["title"]):
        raise ValueError(part["title"])
    return ledger, part["title"], int(part.get("size", 0)), lines
