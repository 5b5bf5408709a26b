"""The one way into a register: apply a change, validate the result by parsing it, and write it atomically together with
a decision in the organisation's ledger for each fact changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from wksbm_cli.book.editing import Edit, edited, new_register
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.toml import loaded
from wksbm_cli.book.writing import change_registers, replace_file, writing
from wksbm_cli.domain.decisions import KIND, FactChange, fact_changes, tree_of
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fixed import fixed_facts
from wksbm_cli.domain.fund import Fund, check_members
from wksbm_cli.domain.line import make_entry
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import BookSettings, Organisation, Registers
from wksbm_cli.domain.slug import check_slug
from wksbm_cli.index.build import refresh
from wksbm_cli.index.query import Query


class Change(NamedTuple):
    """One command's change of one register, and the sentences of its answer.

    `register` is `book`, `organisation`, `members` or `fund`; `slug` that of the organisation or `ORG/FUND`. A register
    to be created has its whole `table` instead of edits. `notices` are remarks that do not prevent the change.
    """

    register: str
    slug: str
    edits: tuple[Edit, ...]
    said: tuple[Message, ...]
    table: Mapping[str, Any] | None = None
    notices: tuple[Message, ...] = ()


class Deciding(NamedTuple):
    """Who changes a register and when, and for the decision entry: who decided, and why."""

    by: str
    now: datetime
    decided_by: str | None = None
    reason: str | None = None


class Changed(NamedTuple):
    """A change made (with `dry_run`: to be made): the file with its text before and after, and the decision entries."""

    path: str
    before: str
    after: str
    said: tuple[Message, ...]
    decisions: tuple[Entry, ...] = ()
    notices: tuple[Message, ...] = ()
    dry_run: bool = False


class Present:
    """The book under the lock; its ledgers are only read by changes that query them."""

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


def change_register(
    folder: Folder, make: Callable[[Present], Change], deciding: Deciding, *, dry_run: bool = False
) -> Changed:
    """Make a change and write it atomically; a `Problem` where it is refused.

    `make` is called under the lock: someone else may have added the same name, or closed a month, while this command
    waited.
    """
    with writing(folder) as notices:
        present = Present(folder, notices)
        try:
            change = make(present)
        finally:
            present.close()
        path, registers = _path(folder, change), present.registers

        def check(table: Mapping[str, Any]) -> None:
            _refuse_closed(registers, _read(registers, change, table))

        if change.table is not None:
            before, after = "", new_register(folder, path, change.table, check)
        else:
            before, after = edited(folder, path, change.edits, check)
        told = list(fact_changes(_facts(change, before), _facts(change, after)))
        decisions = decisions_of(folder, registers, change.slug.partition("/")[0], told, deciding)
        if decisions and not dry_run:
            change_registers(
                folder, {path: after}, decisions, {change.slug.partition("/")[0]: _title(registers, change)}, notices
            )
        elif after != before and not dry_run:
            replace_file(folder, path, after)
        return Changed(folder.shown(path), before, after, change.said, decisions, (*notices, *change.notices), dry_run)


def decisions_of(
    folder: Folder, registers: Registers, organisation: str, changes: Iterable[FactChange], deciding: Deciding
) -> tuple[Entry, ...]:
    """Decision entries for changes of facts; equal ones of one second get a `twin`."""
    day, at, format_ = deciding.now.date(), registers.book.recorded_at(deciding.now), registers.book.format
    ledger = folder.ledger(organisation, day.year).path
    present = ledger.read_text(encoding="utf-8", errors="replace") if ledger.exists() else ""
    decisions = []
    for change in changes:
        fields = {**change._asdict(), "decided_by": deciding.decided_by, "reason": deciding.reason}
        for twin in count(1):
            entry = make_entry(organisation, KIND, day, fields, deciding.by, at, twin, format_)
            if f"{entry.id} = " not in present:
                break
        decisions.append(entry)
    return tuple(decisions)


def _facts(change: Change, text: str) -> dict[str, Any]:
    """The facts in a register's text; an empty text means no file."""
    table = loaded(text.encode()) or {}
    match change.register:
        case "fund":
            return tree_of(None, {}, {change.slug.partition("/")[2]: table})
        case "members":
            return tree_of(None, table, {})
        case "organisation":
            return tree_of(table, {}, {})
    return {}


def _title(registers: Registers, change: Change) -> str:
    """The organisation's displayed name, for the header of its ledger."""
    organisation = registers.organisations.get(change.slug.partition("/")[0])
    return organisation.name if organisation else str((change.table or {})["name"])


def _path(folder: Folder, change: Change) -> Path:
    match change.register:
        case "fund":
            return folder.fund_file(change.slug)
        case "members":
            return folder.members_file(change.slug)
        case "organisation":
            return folder.organisation_file(change.slug)
    return folder.book_file


def _read(registers: Registers, change: Change, table: Mapping[str, Any]) -> Registers:
    """Parse all registers with one of them changed, so that an invalid text is never written."""
    slug = change.slug
    match change.register:
        case "fund":
            fund = Fund.from_table(slug, table, registers.book.units)
            check_members(fund, registers.members[fund.organisation])
            return registers._replace(funds={**registers.funds, slug: fund})
        case "members":
            members = {name: Member.from_table(check_slug(name), entry) for name, entry in table.items()}
            return registers._replace(members={**registers.members, slug: members})
        case "organisation":
            organisation = Organisation.from_table(slug, table)
            return registers._replace(organisations={**registers.organisations, slug: organisation})
    return registers._replace(book=BookSettings.from_table(table))


def _refuse_closed(before: Registers, after: Registers) -> None:
    """Refuse a change of facts frozen by a closed period, whichever register it is in."""
    for slug, fund in before.funds.items():
        members, changed = before.members[fund.organisation], after.members[fund.organisation]
        closed = fund.closed_until
        if closed is None or (after.funds[slug] is fund and changed is members):
            continue
        if fixed_facts(fund, members, closed) != fixed_facts(after.funds[slug], changed, closed):
            raise closed_already(fund, closed)


def closed_already(fund: Fund, closed: date) -> Refused:
    """The refusal of a change that reaches into a closed period."""
    return Refused(
        msg("{fund} is closed up to {date}; what was owed until then stands.", fund=fund.name, date=closed),
        hint=msg("Say a later day, or open the period again: wksbm reopen PERIOD --reason ..."),
    )


def edit_fund(fund: Fund, edits: Sequence[Edit], *said: Message) -> Change:
    return Change("fund", fund.slug, tuple(edits), said)
