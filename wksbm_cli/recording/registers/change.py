"""The one way into a register: make a change of the book as it is, read the result as the program will, write it durably."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from wksbm_cli.book.editing import Edit, edited, new_register
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.writing import replace_file, writing
from wksbm_cli.domain.fund import Fund, check_members
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.registers import BookSettings, Organisation, Registers
from wksbm_cli.domain.slug import check_slug
from wksbm_cli.index.build import refresh
from wksbm_cli.index.query import Query


class Change(NamedTuple):
    """What one command does to one register, and the sentences that answer it.

    `register` is `book`, `organisation`, `members` or `fund`; `slug` that of the organisation or `ORG/FUND`. A register
    that is not there yet has its whole `table` instead of edits.
    """

    register: str
    slug: str
    edits: tuple[Edit, ...]
    said: tuple[Message, ...]
    table: Mapping[str, Any] | None = None


class Changed(NamedTuple):
    """A change as it was made, or with `dry_run` as it would be: the file and its text before and after."""

    path: str
    before: str
    after: str
    said: tuple[Message, ...]
    notices: tuple[Message, ...] = ()
    dry_run: bool = False


class Present:
    """The book as it is while the lock is held; its ledgers are read only by a change that asks what they hold."""

    def __init__(self, folder: Folder, notices: list[Message]) -> None:
        self.registers: Registers = read_registers(folder)
        self._folder = folder
        self._notices = notices
        self._query: Query | None = None

    @property
    def query(self) -> Query:
        if self._query is None:
            self._query = Query(refresh(self._folder, self.registers, self._notices))
        return self._query

    def close(self) -> None:
        if self._query is not None:
            self._query.close()


def change_register(folder: Folder, make: Callable[[Present], Change], *, dry_run: bool = False) -> Changed:
    """Make a change and write it, or raise a `Problem` with nothing written.

    `make` is called under the lock: someone else may have added the same name, or closed a month, while this command
    waited.
    """
    with writing(folder) as notices:
        present = Present(folder, notices)
        try:
            change = make(present)
        finally:
            present.close()
        path = _path(folder, change)
        if change.table is not None:
            before, after = "", new_register(folder, path, change.table, _reader(present.registers, change))
        else:
            before, after = edited(folder, path, change.edits, _reader(present.registers, change))
        if after != before and not dry_run:
            replace_file(folder, path, after)
        return Changed(folder.shown(path), before, after, change.said, tuple(notices), dry_run)


def _path(folder: Folder, change: Change) -> Path:
    match change.register:
        case "fund":
            return folder.fund_file(change.slug)
        case "members":
            return folder.members_file(change.slug)
        case "organisation":
            return folder.organisation_file(change.slug)
    return folder.book_file


def _reader(registers: Registers, change: Change) -> Callable[[Mapping[str, Any]], object]:
    """How the program will read the register: what it refuses is never put in place."""
    match change.register:
        case "fund":
            return lambda table: _read_fund(registers, change.slug, table)
        case "members":
            return _read_members
        case "organisation":
            return lambda table: Organisation.from_table(change.slug, table)
    return BookSettings.from_table


def _read_fund(registers: Registers, slug: str, table: Mapping[str, Any]) -> None:
    fund = Fund.from_table(slug, table, registers.book.units)
    check_members(fund, registers.members[fund.organisation])


def _read_members(table: Mapping[str, Any]) -> None:
    for slug, entry in table.items():
        Member.from_table(check_slug(slug), entry)


def edit_fund(fund: Fund, edits: Sequence[Edit], *said: Message) -> Change:
    return Change("fund", fund.slug, tuple(edits), said)
