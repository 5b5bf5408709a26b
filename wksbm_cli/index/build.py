"""Bringing the index up to date with the files, and never believing it where they differ.

A ledger file is unchanged when its size, times and inode are. One that only grew is read from its old end,
after the digest of its old part is checked. Anything else, a damaged index, another version or a changed
unit or fund type: the index is built anew from the lines.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from wksbm_cli.book.folder import Folder, LedgerFile
from wksbm_cli.book.reading import split_ledger
from wksbm_cli.book.toml import unreadable
from wksbm_cli.book.writing import Unwritable, has_write_ahead, writing
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import parse_line
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Trouble
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import seal_ledger
from wksbm_cli.domain.shape import check_shape
from wksbm_cli.index import cache
from wksbm_cli.index.compile import Effect, Rows, effect_of
from wksbm_cli.index.query import find_entry
from wksbm_cli.index.schema import TABLES, VERSION


@dataclass(frozen=True, slots=True)
class Known:
    """What the index remembers of a ledger file."""

    id: int
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    used: int
    digest: bytes
    lines: int

    def is_unchanged(self, stat: os.stat_result) -> bool:
        return (self.size, self.mtime_ns, self.ctime_ns, self.inode) == (
            stat.st_size,
            stat.st_mtime_ns,
            stat.st_ctime_ns,
            stat.st_ino,
        )


class _Stale(Exception):
    """The index cannot be mended by reading tails; build it anew."""


def connect(folder: Folder, registers: Registers, notices: list[Message]) -> sqlite3.Connection:
    """A connection to an index that agrees with the files as they are now, in a read transaction: a report
    made of several queries sees one state of the book, whoever writes meanwhile.

    `notices` receives what a person should know of the files (a torn line, a batch completed). Takes the
    book's lock only when there is something to read.
    """
    connection = cache.opened(folder)
    if connection is not None:
        with suppress(sqlite3.DatabaseError):
            if _is_current(connection, folder, registers, notices):
                return connection
        connection.close()
    try:
        with writing(folder) as mended:
            notices += mended
            connection = refresh(folder, registers, notices)
            connection.execute("BEGIN")
            connection.execute("SELECT 1 FROM meta").fetchone()
            return connection
    except Unwritable:
        return _without_lock(folder, registers, notices)


def refresh(folder: Folder, registers: Registers, notices: list[Message]) -> sqlite3.Connection:
    """The same for a caller that holds the book's lock, and with no transaction begun."""
    connection = cache.opened(folder)
    if connection is not None:
        try:
            is_current = _is_current(connection, folder, registers, notices)
            connection.execute("COMMIT")
            if not is_current:
                with cache.changing(folder):
                    _read_tails(connection, folder, registers, notices)
            return connection
        except (_Stale, sqlite3.DatabaseError, OSError):
            connection.close()
        except BaseException:
            connection.close()
            raise
    try:
        return cache.replaced(folder, lambda new: _build(new, folder, registers, notices))
    except (sqlite3.Error, OSError):  # no room for an index: memory will do
        return _in_memory(folder, registers, notices)


def _in_memory(folder: Folder, registers: Registers, notices: list[Message]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _build(connection, folder, registers, notices)
    return connection


# How often, and after how long, someone who may only read looks again whether a recording is done.
_LOOKS, _LOOK_SECONDS = 20, 0.1


def _without_lock(folder: Folder, registers: Registers, notices: list[Message]) -> sqlite3.Connection:
    """For someone who may only read: an index in memory, of a moment at which nobody was writing."""
    for look in range(_LOOKS):
        if look:
            time.sleep(_LOOK_SECONDS)
        if has_write_ahead(folder):
            continue
        found: list[Message] = []
        connection = _in_memory(folder, registers, found)
        if _is_current(connection, folder, registers, []):
            notices += found
            return connection
        connection.close()
    raise Trouble(
        msg("A recording in several funds was interrupted, or is still going on; figures would be wrong."),
        hint=msg("Whoever may write to the book completes it with any command, for instance: wksbm balance"),
    )


def fingerprint(registers: Registers) -> str:
    """What of the registers the sums depend on: the version of the tables, units, fund types, first places, cycles."""
    units = sorted((unit.code, unit.decimals) for unit in registers.book.units.values())
    funds = sorted((fund.slug, fund.type, fund.default_place) for fund in registers.funds.values())
    dues = sorted(
        (fund.slug, due.slug, due.cycle.name, due.cycle.anchor, due.required)
        for fund in registers.funds.values()
        for due in fund.dues.values()
    )
    return repr((VERSION, units, funds, dues))


def _is_current(connection: sqlite3.Connection, folder: Folder, registers: Registers, notices: list[Message]) -> bool:
    if connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone() != (fingerprint(registers),):
        return False
    known = known_files(connection)
    present = folder.ledgers(list(registers.funds))
    if len(known) != len(present) or has_write_ahead(folder):
        return False
    for ledger in present:
        was = known.get(file_key(ledger))
        if was is None or not was.is_unchanged(ledger.path.stat()):
            return False
        if was.used < was.size:
            notices.append(_torn(folder, ledger, was.lines + 1))
    return _names_are_known(connection, registers)


def known_files(connection: sqlite3.Connection) -> dict[str, Known]:
    """Every ledger file that the index has read, by its `file_key`."""
    rows = connection.execute("SELECT path, id, size, mtime_ns, ctime_ns, inode, used, digest, lines FROM file")
    return {path: Known(*rest) for path, *rest in rows}


def file_key(ledger: LedgerFile) -> str:
    """What the index calls a ledger file."""
    return f"{ledger.fund}/{ledger.path.name}"


def _names_are_known(connection: sqlite3.Connection, registers: Registers) -> bool:
    """A member or due that entries name may have gone from its register by hand since they were read."""
    return all(
        member in registers.members[fund.partition("/")[0]] and (not due or due in registers.funds[fund].dues)
        for fund, due, member in connection.execute("SELECT DISTINCT fund, due, member FROM paid")
    )


def _torn(folder: Folder, ledger: LedgerFile, line: int) -> Message:
    return msg(
        "{path}:{line} was cut off while being written and is not counted; the next recording sets it aside.",
        path=folder.shown(ledger.path),
        line=str(line),
    )


def _build(connection: sqlite3.Connection, folder: Folder, registers: Registers, notices: list[Message]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('fingerprint', ?)", (fingerprint(registers),))
        files = folder.ledgers(list(registers.funds))
        _add_files(connection, folder, registers, [(ledger, None) for ledger in files], notices)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _read_tails(connection: sqlite3.Connection, folder: Folder, registers: Registers, notices: list[Message]) -> None:
    """Read new files and the new ends of grown ones; `_Stale` when more than that has changed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        if row != (fingerprint(registers),) or not _names_are_known(connection, registers):
            raise _Stale
        known = known_files(connection)
        changed: list[tuple[LedgerFile, Known | None]] = []
        for ledger in folder.ledgers(list(registers.funds)):
            was = known.pop(file_key(ledger), None)
            if was is None or not was.is_unchanged(ledger.path.stat()):
                changed.append((ledger, was))
        if known:  # a ledger file is gone
            raise _Stale
        _add_files(connection, folder, registers, changed, notices)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _add_files(
    connection: sqlite3.Connection,
    folder: Folder,
    registers: Registers,
    files: Iterable[tuple[LedgerFile, Known | None]],
    notices: list[Message],
) -> None:
    rows = Rows()
    waiting: list[tuple[Entry, int, int]] = []
    added: dict[str, Entry] = {}
    for ledger, was in files:
        stat, data = _read(ledger)
        start = 0
        if was is not None:
            start = was.used
            if stat.st_ino != was.inode or blake2b(data[:start]).digest() != was.digest:
                raise _Stale
        raw = split_ledger(folder, ledger, data[start:], first_line=was.lines + 1 if was else 1)
        line_count = (was.lines if was else 0) + data.count(b"\n", start)
        used = len(data) - len(raw.torn)
        # What is added to a last line without its end cannot be told apart from it: then no tail is read.
        digest = blake2b(data[:used]).digest() if raw.ended else b""
        if raw.torn:
            notices.append(_torn(folder, ledger, line_count + 1))
        file_id = connection.execute(
            "INSERT INTO file (path, size, mtime_ns, ctime_ns, inode, used, digest, lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,"
            " inode = excluded.inode, used = excluded.used, digest = excluded.digest, lines = excluded.lines RETURNING id",
            (
                file_key(ledger),
                len(data),
                stat.st_mtime_ns,
                stat.st_ctime_ns,
                stat.st_ino,
                used,
                digest,
                line_count,
            ),
        ).fetchone()[0]
        sealed = seal_ledger(data[:used])
        connection.execute(
            "INSERT OR REPLACE INTO sealed VALUES (?, ?, ?, ?, ?)",
            (file_id, sealed.lines, sealed.until, sealed.digest, " ".join(sealed.sends_to)),
        )
        for line in raw.lines:
            try:
                entry = read_entry(ledger, line.text, registers)
                if entry.id in added or find_entry(connection, entry.id) is not None:
                    raise Trouble(
                        msg("The entry {id} is in the book twice.", id=entry.id),
                        hint=msg("Remove one of the two identical lines."),
                    )
            except Problem as problem:
                raise Trouble(
                    problem.text, hint=problem.hint, where=folder.where(ledger.path, line.number, line.text[:120])
                ) from None
            added[entry.id] = entry
            if entry.kind == "reversal":
                waiting.append((entry, file_id, line.number))
            else:
                rows.add(entry, file_id, line.number, effect_of(entry, registers))
    # A reversal may stand in a file read before the one that holds what it cancels.
    for entry, file_id, number in waiting:
        rows.add(entry, file_id, number, _reversal_effect(entry, added.get, connection, folder, registers, number))
    insert(connection, rows)


def _read(ledger: LedgerFile) -> tuple[os.stat_result, bytes]:
    """A ledger's bytes, and what they are remembered by."""
    try:
        with ledger.path.open("rb") as file:
            return os.fstat(file.fileno()), file.read()
    except OSError as error:
        raise unreadable(error, ledger.path) from None


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


def _reversal_effect(
    entry: Entry,
    added: Callable[[str], Entry | None],
    connection: sqlite3.Connection,
    folder: Folder,
    registers: Registers,
    line: int,
) -> Effect:
    cancelled = added(entry.fields["of"]) or find_entry(connection, entry.fields["of"])
    if cancelled is None or cancelled.fund != entry.fund or cancelled.kind == "reversal":
        raise Trouble(
            msg("This reversal cancels {id}, which is no entry of this fund.", id=entry.fields["of"]),
            where=folder.where(folder.ledger(entry.fund, entry.date.year).path, line, entry.line[:120]),
        )
    return effect_of(cancelled, registers).mirrored()


def insert(connection: sqlite3.Connection, rows: Rows) -> None:
    """Add rows to the tables, sums to the sums that are there."""
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows.entries)
    # A second reversal of one entry is found by `check`, and refused when typed; the first stands here.
    connection.executemany("INSERT OR IGNORE INTO reversal VALUES (?, ?)", rows.reversals)
    connection.executemany("INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?)", rows.movements)
    connection.executemany("INSERT INTO party VALUES (?, ?, ?, ?, ?, ?, ?)", rows.parties)
    for table, columns, sums in (
        ("fund_month", ("inflow", "outflow"), rows.fund_month),
        ("place_month", ("inflow", "outflow"), rows.place_month),
        ("paid", ("minor", "payments"), rows.paid),
        ("away_month", ("nights",), {key: [nights] for key, nights in rows.away.items()}),
    ):
        _add_sums(connection, table, columns, sums)


def _add_sums(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], sums: Mapping[Any, Sequence[int]]
) -> None:
    """Add sums to those that stand in a table under the same keys."""
    if not sums:
        return
    width = len(next(iter(sums))) + len(columns)
    added = ", ".join(f"{column} = {column} + excluded.{column}" for column in columns)
    connection.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * width)}) ON CONFLICT DO UPDATE SET {added}",
        [(*key, *value) for key, value in sums.items()],
    )
