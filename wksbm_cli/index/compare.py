"""Comparing the index with entries read from the files without it.

The derived rows of those entries are put into temporary tables in memory and compared with those on the disk: for a
large book twice 30,000 movements and 10,000 sums. The entries themselves, a kilobyte each, are compared one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from hashlib import blake2b

from wksbm_cli.book.folder import Folder, LedgerFile
from wksbm_cli.book.whole import LARGEST_LEDGER, read_whole
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index import cache
from wksbm_cli.index.build import insert
from wksbm_cli.index.compile import Effect, Rows, counting
from wksbm_cli.index.current import file_key, fingerprint, known_files
from wksbm_cli.index.schema import TABLES

# Tables without data of entries.
_NOT_ENTRIES = ("meta", "file", "sealed")


def differing_tables(
    folder: Folder,
    registers: Registers,
    entries: Iterable[tuple[Entry, LedgerFile, int]],
    effects: Mapping[str, Effect],
) -> list[str]:
    """The tables of the index that differ from the `entries` of all ledgers (with file and line) and their `effects`.

    Empty where the index agrees, or is stale and would be rebuilt before its next use. An index that has not read the
    latest lines is compared as far as it has read.
    """
    connection = cache.opened(folder)
    if connection is None:
        return []
    with closing(connection), closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        read = _lines_read(connection, folder, registers)
        if read is None:
            return []
        for statement in TABLES.split(";\n"):
            if "CREATE INDEX" not in statement:
                fresh.execute(statement)
        rows = Rows()
        covered = [(entry, number) for entry, ledger, number in entries if number <= read.get(file_key(ledger), 0)]
        taking_back = set(counting(entry for entry, _ in covered if entry.kind == "reversal").values())
        for entry, number in covered:
            effect = effects.get(entry.id) or Effect([], {})  # a decision moves nothing
            if entry.kind == "reversal":
                cancelled = effects.get(entry.fields["of"]) if entry.id in taking_back else None
                effect = cancelled.mirrored() if cancelled is not None else Effect([], {})
            rows.add(entry, 0, number, effect)
        entries_read, rows.entries = rows.entries, []
        insert(fresh, rows)
        return [
            table
            for table in _tables(fresh)
            if _differs(table, connection, entries_read if table == "entry" else _rows(fresh, table))
        ]


def _lines_read(connection: sqlite3.Connection, folder: Folder, registers: Registers) -> Mapping[str, int] | None:
    """How many lines of each ledger file the index has read; None where it will be rebuilt."""
    try:
        made_for = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        files = known_files(connection)
    except sqlite3.DatabaseError:
        return None
    if made_for != (fingerprint(registers),):
        return None
    read = {}
    for key, known in files.items():
        fund, _, name = key.rpartition("/")
        try:
            data = read_whole(folder.root / fund / name, LARGEST_LEDGER)[0][: known.used]
        except (OSError, Trouble):
            return None
        if blake2b(data).digest() != known.digest:
            return None
        read[key] = known.lines
    return read


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in names if name not in _NOT_ENTRIES]


def _differs(table: str, connection: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> bool:
    try:
        return sorted(_rows(connection, table)) != sorted(rows)
    except sqlite3.DatabaseError:  # unreadable
        return True


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The rows of a table, without the file numbers, which differ between two indexes."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    shown = ", ".join("0" if column == "file" else column for column in columns)
    return connection.execute(f"SELECT {shown} FROM {table}")
