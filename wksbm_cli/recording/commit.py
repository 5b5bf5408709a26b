"""The one way into a ledger: validate drafts against the current book, append them durably, return the new balances."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.writing import append, writing
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import make_entry
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Refused, Where
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.rules import NEGATIVE, Case, Permissions, broken_by, nothing_below_zero
from wksbm_cli.domain.shape import check_shape
from wksbm_cli.domain.slug import check_text
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.build import insert_entries, insert_paid, refresh
from wksbm_cli.index.compile import Effect, Rows, effect_of
from wksbm_cli.index.query import Query, find_entry
from wksbm_cli.recording.consistency import Consistency
from wksbm_cli.recording.rows import RowProblem, unusable_rows
from wksbm_cli.standing.held import DayBalances
from wksbm_cli.standing.settled import settled_in


class Draft(NamedTuple):
    """An entry before it has an author, a time and an id. `fund` is `ORG/FUND`.

    `notices` are remarks for its author that do not prevent recording; `origin` is the row of a file it was made from.
    """

    fund: str
    kind: str
    date: date
    fields: Mapping[str, Any] = {}
    notices: tuple[Message, ...] = ()
    origin: Where | None = None


class Recorded(NamedTuple):
    """The result of a recording command: the entries, and the new balances of the funds affected.

    `cancelled` are the entries cancelled by reversals among them, by id; `settled` is what each payment or sheet
    paid for, in words. With `dry_run` nothing was written.
    """

    entries: tuple[Entry, ...]
    balances: tuple[tuple[str, Amount], ...]
    notices: tuple[Message, ...] = ()
    dry_run: bool = False
    cancelled: Mapping[str, Entry] = {}
    settled: Mapping[str, Message] = {}


Drafting = Callable[[Query], Sequence[Draft]]


def commit(
    folder: Folder,
    drafting: Drafting,
    *,
    by: str,
    now: datetime,
    permissions: Permissions,
    reason: str | None = None,
    dry_run: bool = False,
) -> Recorded:
    """Record the drafts that `drafting` returns, atomically; a `Problem` where one is refused.

    `drafting` is called under the lock, so that what it reads (a counted difference, the refs already imported) cannot
    change before the write. The registers are read there for the same reason: a member may have left, or a month been
    closed, while this command waited.
    """
    with writing(folder) as notices:
        registers = read_registers(folder)
        connection = refresh(folder, registers, notices)
        try:
            notices += _clock_behind(Query(connection), now)
            drafts = drafting(Query(connection))
            for draft in drafts:
                notices += draft.notices
            # The entries are validated together in a transaction of the index that is rolled back:
            # the index only keeps what was read from files.
            connection.execute("BEGIN IMMEDIATE")
            try:
                view = Query(connection)
                cases = _judge(connection, registers, drafts, by=by, now=now, permissions=permissions, reason=reason)
                balances = _balances(connection, registers, cases)
                cancelled = _cancelled(connection, cases)
                settled = _settled(connection, registers, cases)
                notices += _counted_since(view, cases)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            entries = [case.entry for case in cases]
            if entries and not dry_run:
                append(folder, entries, {fund.slug: fund.name for fund in registers.funds.values()}, notices)
                connection.close()
                # Recorded: from here on neither a full disk (for the index) nor Ctrl-C may report a failure.
                with suppress(Problem, OSError, sqlite3.Error, KeyboardInterrupt):
                    connection = refresh(folder, registers, notices)
        finally:
            connection.close()
    return Recorded(tuple(entries), balances, tuple(notices), dry_run, cancelled, settled)


def _clock_behind(book: Query, now: datetime) -> list[Message]:
    """A notice where today is before the last recording in the book, since a wrong clock gives wrong dates unnoticed."""
    last = book.last_recorded()
    if last is None or last.astimezone(now.tzinfo).date() <= now.date():
        return []
    return [
        msg(
            "By the clock here it is {today}, but the last entry was recorded on {last}. If the clock is wrong, set it right.",
            today=now.date(),
            last=last.astimezone(now.tzinfo).date(),
        )
    ]


def _judge(
    connection: sqlite3.Connection,
    registers: Registers,
    drafts: Sequence[Draft],
    *,
    by: str,
    now: datetime,
    permissions: Permissions,
    reason: str | None,
) -> list[Case]:
    """The drafts as entries, each validated by every rule with all before it applied.

    For drafts from rows of a file, all refusals are collected, not only the first.
    """
    view = Query(connection)
    judged: list[tuple[Draft, Case]] = []
    wrong: list[RowProblem] = []
    # Rules never query payments of dues (`rules.View`); they are needed only where a few payments are described in words.
    paid = Rows()
    consistency = Consistency(view, registers)
    recorded_at, format_ = registers.book.recorded_at(now), registers.book.format
    for number, draft in enumerate(drafts, 1):
        row = number if len(drafts) > 1 and format_ > 1 else None
        make = partial(_entry, connection, by=by, at=recorded_at, format_=format_, row=row)
        with _gathering(draft, wrong):
            registers.fund(draft.fund)  # refused where its ledger disappeared while this command waited
            entry = make(draft)
            check_shape(entry, registers)
            effect = _effect(connection, entry, registers)
            case = Case(
                entry=entry,
                fund=registers.funds[entry.fund],
                movements=effect.movements,
                registers=registers,
                before=view,
                today=now.date(),
            )
            if needed := broken_by(case, permissions.given):
                draft = draft._replace(fields=_allowed(draft.fields, needed, reason))
                entry = make(draft)
                check_shape(entry, registers)
                case = case._replace(entry=entry)
                broken_by(case, permissions.given)  # what is allowed may ask for more: an approver, a reason
            consistency.expect(entry)
            rows = Rows()
            rows.add_entry(entry, 0, 0, effect)
            if len(drafts) <= MOST_TOLD:
                paid.add_paid(entry, effect)
            insert_entries(connection, rows)
            judged.append((draft, case))
    insert_paid(connection, paid)
    draft_of = {case.entry.id: draft for draft, case in judged}
    for entry, refused in consistency.broken_by([case.entry for _, case in judged]):
        with _gathering(draft_of[entry.id], wrong):
            raise refused
    # Without the refused rows, a place may be negative only because their receipts are missing.
    held = DayBalances(view, min((case.entry.date for _, case in judged), default=now.date()))
    for number, (draft, case) in enumerate(judged if not wrong else ()):
        with _gathering(draft, wrong):
            try:
                nothing_below_zero(case, held)
            except Refused:
                if not permissions.negative:
                    raise
                judged[number] = (
                    draft,
                    case._replace(entry=_allowing(case.entry, NEGATIVE, reason, registers.book.format)),
                )
    if wrong:
        raise unusable_rows(next(draft.origin.path for draft in drafts if draft.origin), wrong)
    return [case for _, case in judged]


@contextmanager
def _gathering(draft: Draft, wrong: list[RowProblem]) -> Iterator[None]:
    """A context that collects the problems of drafts made from rows, and raises those of others."""
    try:
        yield
    except Problem as problem:
        if draft.origin is None:
            raise
        wrong.append((draft.origin.line, problem.text))


def _entry(
    connection: sqlite3.Connection, draft: Draft, *, by: str, at: datetime, format_: int, row: int | None
) -> Entry:
    """The entry of a draft; an equal one of the same second gets a number as its `twin`."""
    twin = 1
    while True:
        entry = make_entry(draft.fund, draft.kind, draft.date, draft.fields, by, at, twin, format_, row)
        if find_entry(connection, entry.id) is None:
            return entry
        twin += 1


def _allowed(fields: Mapping[str, Any], flags: Sequence[str], reason: str | None) -> dict[str, Any]:
    """The fields plus the permissions that were needed, and their reason where the kind has no reason of its own."""
    why = fields.get("reason") or (check_text(reason) if reason else None)
    return {**fields, "allowed": [*fields.get("allowed", ()), *flags], "reason": why}


def _allowing(entry: Entry, flag: str, reason: str | None, format_: int) -> Entry:
    """The entry with one more permission, needed by its movements; its `twin` stays."""
    own = {key: value for key, value in entry.fields.items() if key not in ("by", "at", "twin", "row")}
    fields = _allowed(own, [flag], reason)
    twin, row = entry.fields.get("twin", 1), entry.fields.get("row")
    return make_entry(entry.fund, entry.kind, entry.date, fields, entry.by, entry.at, twin, format_, row)


def _effect(connection: sqlite3.Connection, entry: Entry, registers: Registers) -> Effect:
    if entry.kind != "reversal":
        return effect_of(entry, registers)
    cancelled = find_entry(connection, entry.fields["of"])
    assert cancelled is not None, "drafts.reversal looked it up in this same book"
    if cancelled.kind == "reversal":
        return Effect([], {})  # refused by the rules
    return effect_of(cancelled, registers).mirrored()


def _cancelled(connection: sqlite3.Connection, cases: Sequence[Case]) -> dict[str, Entry]:
    undone = (find_entry(connection, case.entry.fields["of"]) for case in cases if case.entry.kind == "reversal")
    return {entry.id: entry for entry in undone if entry is not None}


def _counted_since(view: Query, cases: Sequence[Case]) -> list[Message]:
    """A notice for each place counted after the entry's date, since that count already included its effect."""
    places: dict[tuple[str, str, str], Case] = {}
    for case in cases if any(case.entry.date < case.today for case in cases) else ():
        for fund, place, unit, _ in case.movements:
            earliest = places.setdefault((fund, place, unit), case)
            if case.entry.date < earliest.entry.date:
                places[fund, place, unit] = case
    return [
        msg(
            "{place} of {fund} was counted on {date}, and the count covered what this says of {day}: count it again.",
            place=case.registers.place_name(case.registers.funds[fund], place),
            fund=case.registers.funds[fund].name,
            date=counted,
            day=case.entry.date,
        )
        for (fund, place, unit), case in places.items()
        if (counted := view.counted_after(fund, place, unit, case.entry.date)) is not None
    ]


# A larger batch is reported by its number of entries, without words for each payment.
MOST_TOLD = 5


def _settled(connection: sqlite3.Connection, registers: Registers, cases: Sequence[Case]) -> dict[str, Message]:
    """What payments and sheets paid for, in words."""
    if len(cases) > MOST_TOLD:
        return {}
    return settled_in(Query(connection), registers, (case.entry for case in cases))


def _balances(
    connection: sqlite3.Connection, registers: Registers, cases: Sequence[Case]
) -> tuple[tuple[str, Amount], ...]:
    """The balances of every fund and unit affected, in the order of the entries."""
    touched: dict[tuple[str, str], None] = {}
    for case in cases:
        moved = sorted(case.movements, key=lambda movement: movement[3])
        still = (case.fund.slug, case.entry.unit)  # a count that agrees moves nothing
        touched.update(dict.fromkeys([(fund, unit) for fund, _, unit, _ in moved] or [still]))
    query = Query(connection)
    return tuple((fund, registers.amount(query.balance(fund, unit), unit)) for fund, unit in touched)
