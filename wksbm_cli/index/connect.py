"""Opening an index that agrees with the files: the fast path of every report, which imports little else.

Where anything differs, `build` brings it up to date, imported only then.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, nullcontext, suppress

from wksbm_cli.book.folder import Folder
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index import cache
from wksbm_cli.index.current import is_current


def connect(
    folder: Folder,
    registers: Registers,
    notices: list[Message],
    reading: AbstractContextManager[None] | None = None,
) -> sqlite3.Connection:
    """A connection to an index that agrees with the files, in a read transaction, so that all queries of a report see one
    snapshot of the book.

    `notices` receives messages about the files for the user (a torn line, a batch completed). Takes the book's lock only
    when there is something to read, and then enters `reading` (a progress display), since that may take a while.
    """
    connection = cache.opened(folder)
    if connection is not None:
        with suppress(sqlite3.DatabaseError):
            if is_current(connection, folder, registers, notices):
                return connection
        connection.close()
    from wksbm_cli.index.build import brought_up_to_date

    with reading or nullcontext():
        return brought_up_to_date(folder, registers, notices)
