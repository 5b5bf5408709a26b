"""Whether the index agrees with the files as they are now.

A ledger file is unchanged when its size, times and inode are.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from wksbm_cli.book.folder import Folder, LedgerFile
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index import cache
from wksbm_cli.index.schema import VERSION


class Known(NamedTuple):
    """What the index remembers of a ledger file; `digest` is over its first `used` bytes, of `lines` lines."""

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


# A changed ledger file with its state as read by the index; None when it is new.
Changed = tuple[LedgerFile, Known | None]


def is_current(connection: sqlite3.Connection, folder: Folder, registers: Registers, notices: list[Message]) -> bool:
    if changed_files(connection, folder, registers) != [] or folder.write_ahead.exists():
        return False
    notices += torn_ledgers(connection, folder)
    return True


def changed_files(connection: sqlite3.Connection, folder: Folder, registers: Registers) -> list[Changed] | None:
    """The ledger files that changed since the index read them, each with its old state; None where the whole index is stale.

    `Trouble` where a file it has read is gone, rather than showing a fund without its past.
    """
    row = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    if row != (fingerprint(registers),) or not _names_are_known(connection, registers):
        refuse_lost(folder, [path for (path,) in connection.execute("SELECT path FROM file")])
        return None
    known = known_files(connection)
    changed: list[Changed] = []
    for ledger in folder.ledgers(registers.ledgers):
        was = known.pop(file_key(ledger), None)
        if was is None or not was.is_unchanged(ledger.path.stat()):
            changed.append((ledger, was))
    if known:
        refuse_lost(folder, known)
        return None
    return changed


def refuse_lost(folder: Folder, paths: Iterable[str]) -> None:
    """`Trouble` where one of these ledgers (paths below the book) is not on the disk."""
    if any(not os.path.lexists(folder.root / path) for path in paths):
        from wksbm_cli.book.lost import lost

        raise lost(folder, paths)


def fingerprint(registers: Registers) -> str:
    """All register values on which sums depend: schema version, offset, units, fund types, first places, cycles."""
    units = sorted((unit.code, unit.decimals) for unit in registers.book.units.values())
    funds = sorted((fund.slug, fund.type, fund.default_place) for fund in registers.funds.values())
    dues = sorted(
        (fund.slug, due.slug, due.cycle.name, due.cycle.anchor, due.required)
        for fund in registers.funds.values()
        for due in fund.dues.values()
    )
    return repr((VERSION, registers.book.offset, units, funds, dues))


def known_files(connection: sqlite3.Connection) -> dict[str, Known]:
    """Every ledger file that the index has read, by its `file_key`."""
    rows = connection.execute("SELECT path, id, size, mtime_ns, ctime_ns, inode, used, digest, lines FROM file")
    return {path: Known(*rest) for path, *rest in rows}


def remembered_ledgers(folder: Folder) -> list[str]:
    """The ledgers that the index has read, by `file_key`; none where there is no valid index."""
    connection = cache.opened(folder)
    if connection is None:
        return []
    try:
        return [path for (path,) in connection.execute("SELECT path FROM file")]
    except sqlite3.Error:
        return []
    finally:
        connection.close()


def file_key(ledger: LedgerFile) -> str:
    """The key of a ledger file in the index."""
    return f"{ledger.fund}/{ledger.path.name}"


def _names_are_known(connection: sqlite3.Connection, registers: Registers) -> bool:
    """Whether every name used in entries is still registered: someone may have removed it by hand."""
    return all(
        _is_known(registers, fund, register, name)
        for fund, register, name in connection.execute("SELECT fund, register, name FROM named")
    )


def _is_known(registers: Registers, slug: str, register: str, name: str) -> bool:
    fund = registers.funds[slug]
    match register:
        case "member":
            return name in registers.members[fund.organisation]
        case "due":
            return name in fund.dues
        case "fund":
            return name in registers.funds
        case "savings":
            return name in fund.savings
        case "slot":
            return fund.arisan is not None and name in fund.arisan.slots
    place = fund.places.get(name)  # a collector must not share the name of a cash box
    return place is None or place.kind == "collector"


def torn_ledgers(connection: sqlite3.Connection, folder: Folder) -> list[Message]:
    """A notice for every ledger whose last line was cut off, as the index has read it."""
    return [
        msg(
            "{path}:{line} was cut off while being written and is not counted; the next recording sets it aside.",
            path=folder.shown(folder.root / path),
            line=str(line),
        )
        for path, line in connection.execute("SELECT path, lines + 1 FROM file WHERE used < size ORDER BY path")
    ]
