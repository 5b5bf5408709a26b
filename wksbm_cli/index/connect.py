"""Opening the index when it agrees with the files: the way every warm report takes, and all it loads.

Where anything differs it is brought up to date by `build`, which is loaded only then.
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
    """A connection to an index that agrees with the files as they are now, in a read transaction: a report
    made of several queries sees one state of the book, whoever writes meanwhile.

    `notices` receives what a person should know of the files (a torn line, a batch completed). Takes the
    book's lock only when there is something to read, and enters `reading` around that: it may take a while.
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
