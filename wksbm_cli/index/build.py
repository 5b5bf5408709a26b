"""Bringing the index up to date with the files.

A ledger file is unchanged when its size, times and inode are. One that only grew is read from its old end,
after the digest of its old part is checked. Anything else, a damaged index, another version or a changed
unit or fund type: the index is rebuilt from the lines.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.lock import Unwritable
from wksbm_cli.book.writing import writing
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index import cache
from wksbm_cli.index.compile import Effect, Rows, counting, effect_of
from wksbm_cli.index.current import Changed, changed_files, file_key, fingerprint, is_current, refuse_lost, torn_ledgers
from wksbm_cli.index.files import Compiled, Stale, compile_all, compile_file, duplicate_entry
from wksbm_cli.index.query import find_entry
from wksbm_cli.index.schema import TABLES


def brought_up_to_date(folder: Folder, registers: Registers, notices: list[Message]) -> sqlite3.Connection:
    """An index that agrees with the files, in a read transaction, after reading changes under the book's lock."""
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
    """The same, outside a transaction, for a caller that holds the book's lock."""
    connection = _refreshed(folder, registers)
    notices += torn_ledgers(connection, folder)
    return connection


def _refreshed(folder: Folder, registers: Registers) -> sqlite3.Connection:
    build = partial(_build, folder=folder, registers=registers)
    connection = cache.opened(folder)
    if connection is not None:
        try:
            changed = changed_files(connection, folder, registers)
            connection.execute("COMMIT")
            if changed is None:
                raise Stale
            if changed:
                grow = partial(_grow, old=connection, folder=folder, registers=registers, changed=changed)
                with cache.changing(folder):
                    _read_tails(connection, folder, registers, changed)
            return connection
        except cache.Held:  # by a notebook, for instance, with the book open all day
            build = grow
        except (Stale, sqlite3.DatabaseError, OSError):
            connection.close()
        except BaseException:
            connection.close()
            raise
    try:
        return cache.replaced(folder, build)
    except (sqlite3.Error, OSError):  # no space for an index: keep it in memory
        return _in_memory(folder, registers)


def _grow(
    connection: sqlite3.Connection,
    old: sqlite3.Connection,
    folder: Folder,
    registers: Registers,
    changed: Sequence[Changed],
) -> None:
    """Fill a new index with a copy of the old one plus what was appended to the files."""
    with closing(old):
        old.backup(connection)
    _read_tails(connection, folder, registers, changed)


def _in_memory(folder: Folder, registers: Registers) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _build(connection, folder, registers)
    return connection


# Retries of a read-only user who finds a recording in progress: how many, and the pause between.
_LOOKS, _LOOK_SECONDS = 20, 0.1


def _without_lock(folder: Folder, registers: Registers, notices: list[Message]) -> sqlite3.Connection:
    """For a read-only user: an index in memory, of a state in which no write was in progress."""
    for look in range(_LOOKS):
        if look:
            time.sleep(_LOOK_SECONDS)
        if folder.write_ahead.exists():
            continue
        connection = _in_memory(folder, registers)
        if is_current(connection, folder, registers, notices):
            return connection
        connection.close()
    raise Trouble(
        msg("A recording of several entries was interrupted, or is still going on; figures would be wrong."),
        hint=msg("Whoever may write to the book completes it with any command, for instance: wksbm balance"),
    )


def _build(connection: sqlite3.Connection, folder: Folder, registers: Registers) -> None:
    from wksbm_cli.book.lost import committed_ledgers

    refuse_lost(folder, committed_ledgers(folder))  # no index is left to ask
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('fingerprint', ?)", (fingerprint(registers),))
        files = compile_all(folder, folder.ledgers(registers.ledgers), registers)
        _add(connection, folder, registers, files)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _read_tails(
    connection: sqlite3.Connection, folder: Folder, registers: Registers, changed: Sequence[Changed]
) -> None:
    """Read new files and appended lines; `Stale` when anything else changed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        files = (compile_file(folder, ledger, registers, was) for ledger, was in changed)
        _add(connection, folder, registers, files)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _add(connection: sqlite3.Connection, folder: Folder, registers: Registers, files: Iterable[Compiled]) -> None:
    """Insert compiled files, and after all of them the reversals, which may cancel entries of a later file."""
    waiting: list[tuple[Entry, int, int]] = []
    for file in files:
        file_id = _remember(connection, file)
        file.rows.of_file(file_id)
        _insert_new(connection, folder, file)
        waiting += [(entry, file_id, line) for entry, line in file.reversals]
    rows = Rows()
    taking_back = _counting_here(connection, [entry for entry, _, _ in waiting])
    for entry, file_id, line in waiting:
        effect = _reversal_effect(entry, connection, folder, registers, line)
        rows.add(entry, file_id, line, effect if entry.id in taking_back else Effect([], {}))
    try:
        insert(connection, rows)
    except sqlite3.IntegrityError:
        raise duplicate_entry(waiting[0][0].id) from None


def _remember(connection: sqlite3.Connection, file: Compiled) -> int:
    """Store the state of a file for later comparison; returns its number."""
    known, seal = file.known, file.seal
    file_id = connection.execute(
        "INSERT INTO file (path, size, mtime_ns, ctime_ns, inode, used, digest, lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,"
        " inode = excluded.inode, used = excluded.used, digest = excluded.digest, lines = excluded.lines RETURNING id",
        (
            file_key(file.ledger),
            known.size,
            known.mtime_ns,
            known.ctime_ns,
            known.inode,
            known.used,
            known.digest,
            known.lines,
        ),
    ).fetchone()[0]
    connection.execute(
        "INSERT OR REPLACE INTO sealed VALUES (?, ?, ?, ?)", (file_id, seal.lines, seal.until, seal.digest)
    )
    return int(file_id)


def _insert_new(connection: sqlite3.Connection, folder: Folder, file: Compiled) -> None:
    """Insert a file's rows; an entry already indexed from another file is an error with its place."""
    connection.execute("SAVEPOINT file")
    try:
        insert(connection, file.rows)
        connection.execute("RELEASE file")
    except sqlite3.IntegrityError:
        connection.execute("ROLLBACK TO file")
        for id_, *_, line, text in file.rows.entries:
            if find_entry(connection, id_) is not None:
                where = folder.where(file.ledger.path, line, f"{id_} = {text}"[:120])
                raise duplicate_entry(id_).at(where) from None
        raise


def _counting_here(connection: sqlite3.Connection, reversals: Sequence[Entry]) -> set[str]:
    """Which of these new reversals are effective; `Stale` where one indexed before becomes ineffective."""
    first = counting(reversals)
    for cancelled, id_ in list(first.items()):
        row = connection.execute("SELECT reversal FROM reversal WHERE cancelled = ?", (cancelled,)).fetchone()
        if row is not None and row[0] > id_:
            raise Stale
        if row is not None:
            del first[cancelled]
    return set(first.values())


def _reversal_effect(
    entry: Entry,
    connection: sqlite3.Connection,
    folder: Folder,
    registers: Registers,
    line: int,
) -> Effect:
    cancelled = find_entry(connection, entry.fields["of"])
    if cancelled is None or cancelled.fund != entry.fund or cancelled.kind == "reversal":
        raise Trouble(
            msg("This reversal cancels {id}, which is no entry of this fund.", id=entry.fields["of"]),
            where=folder.where(folder.ledger(entry.fund, entry.date.year).path, line, entry.line[:120]),
            hint=msg("See all of it with: wksbm check"),
        )
    return effect_of(cancelled, registers).mirrored()


def insert(connection: sqlite3.Connection, rows: Rows) -> None:
    """Insert rows, and add sums to existing ones."""
    insert_entries(connection, rows)
    insert_paid(connection, rows)


def insert_entries(connection: sqlite3.Connection, rows: Rows) -> None:
    """Insert what `Rows.add_entry` collected."""
    _count_moved(connection, rows)
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows.entries)
    # Of two reversals of one entry the smaller id is effective (`compile.counting`); `check` reports the other.
    connection.executemany(
        "INSERT INTO reversal VALUES (?, ?) ON CONFLICT DO UPDATE SET reversal = MIN(reversal, excluded.reversal)",
        rows.reversals,
    )
    connection.executemany("INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?)", rows.movements)
    connection.executemany("INSERT INTO party VALUES (?, ?, ?, ?, ?, ?, ?)", rows.parties)
    connection.executemany(
        "INSERT OR IGNORE INTO named VALUES (?, ?, ?)",
        [(*key, name) for key, names in rows.named.items() for name in names],
    )
    for table, columns, sums in (
        ("fund_month", ("inflow", "outflow"), rows.fund_month),
        ("place_month", ("inflow", "outflow"), rows.place_month),
        ("saved", ("minor",), {(fund,): [minor] for fund, minor in rows.saved.items()}),
    ):
        _add_sums(connection, table, columns, sums)


def insert_paid(connection: sqlite3.Connection, rows: Rows) -> None:
    """Insert what `Rows.add_paid` collected."""
    _add_sums(connection, "paid", ("minor", "payments"), rows.paid)
    _add_sums(connection, "away", ("times",), {key: [times] for key, times in rows.away.items()})


# SQLite adds integers exactly up to here; beyond, it would switch to floats.
_MOST_MOVED = 2**63 - 1


def _count_moved(connection: sqlite3.Connection, rows: Rows) -> None:
    """Add up the absolute values of all movements, an upper bound of any sum; `Trouble` where it exceeds what SQLite adds
    exactly."""
    moved = sum(sum(both) for both in rows.place_month.values())
    before = connection.execute("SELECT value FROM meta WHERE key = 'moved'").fetchone()
    moved += int(before[0]) if before else 0
    if moved > _MOST_MOVED:
        raise Trouble(
            msg("The amounts in this book add up to more than any community fund can hold."),
            hint=msg("Look in the ledgers for amounts with more digits than were meant."),
        )
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('moved', ?)", (str(moved),))


def _add_sums(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], sums: Mapping[Any, Sequence[int]]
) -> None:
    """Upsert: add sums to those with the same keys."""
    if not sums:
        return
    width = len(next(iter(sums))) + len(columns)
    added = ", ".join(f"{column} = {column} + excluded.{column}" for column in columns)
    connection.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * width)}) ON CONFLICT DO UPDATE SET {added}",
        [(*key, *value) for key, value in sums.items()],
    )
