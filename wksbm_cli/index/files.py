"""Ledger files compiled to rows of the index, one by one or, where there is much to read, in several processes.

A file of a nightly collection holds 400 lines and 22 thousand payments a year; ten organisations over seven years
are 25 MB, which two cores compile in two processes while a third feeds SQLite.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from wksbm_cli.book.folder import Folder, LedgerFile
from wksbm_cli.book.reading import split_ledger
from wksbm_cli.book.toml import unreadable
from wksbm_cli.book.whole import LARGEST_LEDGER, read_whole
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import parse_line
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem, Trouble
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import LedgerSeal, seal_ledger
from wksbm_cli.domain.shape import check_shape
from wksbm_cli.index.compile import Rows, effect_of
from wksbm_cli.index.current import Known

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

# Starting a process takes as long as compiling half a megabyte; below this size a second one does not pay.
_WORTH_PROCESSES_BYTES = 3_000_000
_MOST_PROCESSES = 4


class Stale(Exception):
    """A file changed other than by appending; the index must be rebuilt."""


class Compiled(NamedTuple):
    """A compiled ledger file: its state, for later comparison, and the rows of its new lines.

    `rows` have file number 0 until the index assigns one; reversals are separate, since the entries they cancel may be
    in another file. `is_torn` when the last line was cut off while being written.
    """

    ledger: LedgerFile
    known: Known
    seal: LedgerSeal
    rows: Rows
    reversals: tuple[tuple[Entry, int], ...]


def compile_file(folder: Folder, ledger: LedgerFile, registers: Registers, was: Known | None = None) -> Compiled:
    """Compile a file, or only what was appended since state `was`; `Stale` when its old part changed."""
    stat, data = _read(ledger)
    start, first_line = (was.used, was.lines + 1) if was else (0, 1)
    if was is not None and (stat.st_ino != was.inode or blake2b(data[:start]).digest() != was.digest):
        raise Stale
    raw = split_ledger(folder, ledger, data[start:], first_line=first_line)
    used = len(data) - len(raw.torn)
    # A last line without its end may have been continued, so reading only the tail is unsafe.
    digest = blake2b(data[:used]).digest() if raw.ended else b""
    lines = first_line - 1 + data.count(b"\n", start)
    known = Known(0, len(data), stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, used, digest, lines)
    rows, reversals, seen = Rows(), [], set()
    for line in raw.lines:
        try:
            entry = read_entry(ledger, line.text, registers)
            if entry.id in seen:
                raise duplicate_entry(entry.id)
        except Problem as problem:
            where = folder.where(ledger.path, line.number, line.text[:120])
            hint = problem.hint or msg("See all of it with: wksbm check")
            raise Trouble(problem.text, hint=hint, where=where) from None
        seen.add(entry.id)
        if entry.kind == "reversal":
            reversals.append((entry, line.number))
        else:
            rows.add(entry, 0, line.number, effect_of(entry, registers))
    return Compiled(ledger, known, seal_ledger(data[:used]), rows, tuple(reversals))


def compile_all(folder: Folder, ledgers: Sequence[LedgerFile], registers: Registers) -> Iterator[Compiled]:
    """Compile whole files, in their order; with more than one process where that is worth it."""
    pool = _pool(folder, registers, ledgers)
    if pool is None:
        for ledger in ledgers:
            yield compile_file(folder, ledger, registers)
        return
    from concurrent.futures import BrokenExecutor

    done = 0
    try:
        for compiled in _in_pool(pool, ledgers):
            done += 1
            yield compiled
    except BrokenExecutor:  # the system killed a process, as on a small machine out of memory
        for ledger in ledgers[done:]:
            yield compile_file(folder, ledger, registers)


def _in_pool(pool: Executor, ledgers: Sequence[LedgerFile]) -> Iterator[Compiled]:
    with pool:
        waiting: list[Future[Compiled]] = []
        for ledger in ledgers:
            waiting.append(pool.submit(_compile_here, ledger))
            # A limited number of files in flight, since their rows are large.
            if len(waiting) > _MOST_PROCESSES:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _pool(folder: Folder, registers: Registers, ledgers: Sequence[LedgerFile]) -> Executor | None:
    """A process pool; None where it does not pay, or where the system has no multiprocessing (phones)."""
    processes = min(_MOST_PROCESSES, _cores(), len(ledgers))
    if processes < 2 or sum(ledger.path.stat().st_size for ledger in ledgers) < _WORTH_PROCESSES_BYTES:
        return None
    from concurrent.futures import ProcessPoolExecutor

    try:
        return ProcessPoolExecutor(processes, initializer=_begin, initargs=(folder, registers))
    except (ImportError, NotImplementedError, OSError):
        return None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_book: tuple[Folder, Registers]


def _begin(folder: Folder, registers: Registers) -> None:
    """Initialise a worker process with the registers."""
    global _book
    _book = (folder, registers)


def _compile_here(ledger: LedgerFile) -> Compiled:
    folder, registers = _book
    return compile_file(folder, ledger, registers)


def _read(ledger: LedgerFile) -> tuple[os.stat_result, bytes]:
    """A ledger's bytes and its state."""
    try:
        data, stat = read_whole(ledger.path, LARGEST_LEDGER)
    except OSError as error:
        raise unreadable(error, ledger.path) from None
    return stat, data


def read_entry(ledger: LedgerFile, line: str, registers: Registers) -> Entry:
    """The checked entry of a line of a ledger."""
    entry = parse_line(ledger.fund, line)
    check_shape(entry, registers)
    if entry.date.year != ledger.year:
        raise Trouble(
            msg(
                "An entry of {year} cannot stand in the ledger of {other}.",
                year=str(entry.date.year),
                other=str(ledger.year),
            )
        )
    return entry


def duplicate_entry(id_: str) -> Trouble:
    """The error about one entry found in two files."""
    return Trouble(
        msg("The entry {id} is in the book twice.", id=id_), hint=msg("Remove one of the two identical lines.")
    )
