"""Closing a period of funds, and reopening it: after a check, under the book's lock, written into fund.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from wksbm_cli.book.editing import changed
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.writing import replace_registers, writing
from wksbm_cli.check.check import check_evidence
from wksbm_cli.check.closings import balances_at, last_recorded, late_entries
from wksbm_cli.check.finding import Finding
from wksbm_cli.check.fixed import arrears_at
from wksbm_cli.domain.closing import Closing, Reopening, period_span
from wksbm_cli.domain.facts import facts_digest
from wksbm_cli.domain.fixed import fixed_facts
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import as_text
from wksbm_cli.index.build import refresh
from wksbm_cli.index.query import Query
from wksbm_cli.seals.making import make_seal

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

# The most findings shown with a refusal; `check` shows all.
_MOST_SHOWN = 10


class Closed(NamedTuple):
    """The closings that were made, by fund (`ORG/FUND`); with `dry_run` nothing was written."""

    closings: tuple[tuple[str, Closing], ...]
    registers: Registers
    notices: tuple[Message, ...]
    dry_run: bool


class Reopened(NamedTuple):
    """The reopened closings, by fund, and the last closed day of each now."""

    closings: tuple[tuple[str, Closing], ...]
    until: Mapping[str, date | None]
    registers: Registers
    notices: tuple[Message, ...]
    dry_run: bool


def close(
    folder: Folder, funds: Sequence[str], period: str, *, by: str, now: datetime, dry_run: bool = False
) -> Closed:
    """Close `period` (`2026-03`, `2025`) and all before it. Funds already closed so far are skipped, unless
    entries came into the last closed period from another clone: these get another closing, which includes them.

    `Refused` while the period is not over, where every fund is closed already, and where a check finds an error in
    one of the funds or in what all of them share.
    """
    span = period_span(period)
    assert span.end is not None
    until = span.end
    with writing(folder) as notices:
        registers = read_registers(folder)
        if until > now.date():
            raise Refused(
                msg("{period} lasts until {until}.", period=span, until=until),
                hint=msg("Close it when its last day is done; then nothing more is recorded in it."),
            )
        asked = [fund for fund in map(registers.funds.__getitem__, funds) if not _is_closed_beyond(fund, until)]
        if not asked:
            raise _closed_already(registers, funds, period)
        checked, evidence = check_evidence(folder, now)
        closing_now = [fund for fund in asked if fund.closed_until != until or late_entries(evidence, fund.slug)]
        if not closing_now:
            raise _closed_already(registers, funds, period)
        _refuse_errors(checked.errors, [fund.slug for fund in closing_now])
        seals = _seals(folder, registers, closing_now, until, now, notices)
        closings = [
            (
                fund.slug,
                Closing(
                    period,
                    until,
                    by,
                    registers.book.recorded_at(now),
                    balances_at(evidence, fund.slug, until),
                    seals[fund.slug],
                    seen=last_recorded(evidence),
                    arrears=arrears_at(evidence, fund, until),
                    facts=facts_digest(fixed_facts(fund, registers.members[fund.organisation], until)),
                ),
            )
            for fund in closing_now
        ]
        changes = {slug: _adding(closing, registers) for slug, closing in closings}
        _write(folder, registers, changes, dry_run=dry_run)
    return Closed(tuple(closings), registers, tuple(notices), dry_run)


def reopen(
    folder: Folder,
    funds: Sequence[str],
    period: str,
    reason: str,
    *,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> Reopened:
    """Reopen every closing in force that covers a day of `period`: it stays in fund.toml, with who, when and why.

    Later closings depend on it, and are reopened too.
    """
    start = period_span(period).start
    assert start is not None
    with writing(folder) as notices:
        registers = read_registers(folder)
        mark = Reopening(by, registers.book.recorded_at(now), reason)
        closings: list[tuple[str, Closing]] = []
        until: dict[str, date | None] = {}
        changes: dict[str, Change] = {}
        for slug in funds:
            numbered = list(enumerate(registers.funds[slug].closings))
            opened = [(number, closing) for number, closing in numbered if _covers(closing, start)]
            if opened:
                closings += [(slug, closing) for _, closing in opened]
                left = [closing.until for _, closing in numbered if closing.reopened is None and closing.until < start]
                until[slug] = max(left, default=None)
                changes[slug] = _marking([number for number, _ in opened], mark)
        if not closings:
            raise Refused(
                msg("{period} is not closed.", period=period_span(period)),
                hint=msg("What is closed stands in: wksbm fund show FUND"),
            )
        _write(folder, registers, changes, dry_run=dry_run)
    return Reopened(tuple(closings), until, registers, tuple(notices), dry_run)


Change = Callable[["TOMLDocument"], None]


def _is_closed_beyond(fund: Fund, until: date) -> bool:
    return fund.closed_until is not None and fund.closed_until > until


def _covers(closing: Closing, start: date) -> bool:
    return closing.reopened is None and closing.until >= start


def _closed_already(registers: Registers, funds: Sequence[str], period: str) -> Refused:
    closed = [
        msg("{fund} is closed up to {date} already.", fund=fund.name, date=fund.closed_until)
        for fund in map(registers.funds.__getitem__, funds)
    ]
    if not closed:
        return Refused(msg("There is no fund to close."), hint=msg("To make one, use: wksbm fund add"))
    hint = msg("To correct something in it: wksbm reopen {period} --reason ...", period=period)
    if len(closed) == 1:
        return Refused(closed[0], hint=hint)
    return Refused(msg("Every fund is closed so far already."), details=closed, hint=hint)


def _refuse_errors(errors: Sequence[Finding], funds: Sequence[str]) -> None:
    concerned = [finding for finding in errors if not finding.fund or finding.fund in funds]
    if concerned:
        raise Refused(
            msgn(
                "A check found {count} error; what is closed must be right.",
                "A check found {count} errors; what is closed must be right.",
                len(concerned),
            ),
            details=[
                msg("{path}:{line}: {text}", path=one.where.path, line=str(one.where.line), text=one.text)
                for one in concerned[:_MOST_SHOWN]
            ],
            hint=msg("See all of it with: wksbm check"),
        )


def _seals(
    folder: Folder, registers: Registers, funds: Sequence[Fund], until: date, now: datetime, notices: list[Message]
) -> dict[str, str]:
    """The current seal of each fund, with the facts in force on the last day closed."""
    connection = refresh(folder, registers, notices)
    try:
        query = Query(connection)
        return {
            fund.slug: as_text(make_seal(query, registers, [fund.slug], now, until), registers.funds) for fund in funds
        }
    finally:
        connection.close()


def _adding(closing: Closing, registers: Registers) -> Change:
    def change(document: TOMLDocument) -> None:
        import tomlkit

        if "closed" not in document:
            document["closed"] = tomlkit.aot()
        document["closed"].append(_table(closing.to_table(registers.book.units)))

    return change


def _table(closing: Mapping[str, Any]) -> Table:
    """The table with its amounts in one line each."""
    import tomlkit

    table = tomlkit.table()
    table.trivia.indent = "\n"
    for key, value in closing.items():
        if isinstance(value, list):
            amounts = tomlkit.array().multiline(len(value) > 1)
            for amount in value:
                amounts.append(_inline(amount))
            table.add(key, amounts)
        elif isinstance(value, dict):
            table.add(key, _inline(value))
        else:
            table.add(key, value)
    return table


def _inline(values: Mapping[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(values)
    return table


def _marking(numbers: Sequence[int], mark: Reopening) -> Change:
    def change(document: TOMLDocument) -> None:
        for number in numbers:
            document["closed"][number]["reopened"] = _inline({"by": mark.by, "at": mark.at, "reason": mark.reason})

    return change


def _write(folder: Folder, registers: Registers, changes: Mapping[str, Change], *, dry_run: bool) -> None:
    """Change the registers of several funds atomically, after validating all of them."""
    texts = {
        slug: changed(folder, folder.fund_file(slug), change, partial(_read, registers, slug))
        for slug, change in changes.items()
    }
    if not dry_run:
        replace_registers(folder, texts)


def _read(registers: Registers, slug: str, table: Mapping[str, Any]) -> Fund:
    return Fund.from_table(slug, table, registers.book.units)
