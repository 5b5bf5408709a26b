"""Reconstructing the book as of a seal, to make a paper again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.ledgers import read_lines
from wksbm_cli.book.reading import read_registers
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.decisions import undone
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.facts import in_force
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.line import id_in
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.registers import Organisation, Registers
from wksbm_cli.domain.seal import is_later, recorded_at
from wksbm_cli.seals.verify import Verdict, decisions_since

_NAMED = re.compile(rb'"([a-z0-9-]+/[a-z0-9-]+)"')
_DATE = re.compile(r"\{ date = (\d{4}-\d\d-\d\d)[ ,]")


class State(NamedTuple):
    """A reconstructed book: its registers, and the lines of each ledger by path in the book."""

    registers: Registers
    ledgers: Mapping[str, list[bytes]]


def states_at(folder: Folder, verdict: Verdict, moment: datetime) -> Iterator[State]:
    """The lines of a verified seal, those of other funds recorded up to a given time, and the registers as they were then:
    without what was decided since, and without funds and closings added since.

    Where a register was changed without a decision, or one was recorded later than the change, these are not exact; so there is a
    second candidate without only those decisions that have to be undone for the seal. What begins after the day of the seal is not
    sealed, and when it was written may not be known: next year's tariff may be on a paper of this year or not. So there is a third
    candidate with only what was in force on that day.
    """
    registers = read_registers(folder)
    decisions = decisions_since(read_lines(folder), registers.book.recorded_at(moment).isoformat(timespec="seconds"))
    sealed = _without(registers.tables, verdict.facts.undone if verdict.facts is not None else ())
    candidates = [_without(registers.tables, [one for one in decisions if one.at > moment]), sealed]
    if verdict.seal.day is not None:
        day = verdict.seal.day
        candidates.append({path: in_force(table, day) for path, table in sealed.items()})
    for number, tables in enumerate(candidates):
        if tables not in candidates[:number] and (then := _registers_of(registers, tables)) is not None:
            yield _state(folder, verdict, moment, then)


def _without(tables: Mapping[str, Mapping[str, Any]], decisions: Iterable[Entry]) -> Mapping[str, Mapping[str, Any]]:
    """The registers before decisions that are told newest first."""
    for decision in decisions:
        tables = undone(tables, decision)
    return tables


def _registers_of(registers: Registers, tables: Mapping[str, Mapping[str, Any]]) -> Registers | None:
    """The registers that these tables make; None where they are invalid."""
    try:
        organisations = {
            slug: Organisation.from_table(slug, tables[f"{slug}/organisation.toml"]) for slug in registers.organisations
        }
        members = {
            organisation: {
                slug: Member.from_table(slug, table)
                for slug, table in tables.get(f"{organisation}/members.toml", {}).items()
            }
            for organisation in registers.members
        }
        funds = {
            slug: Fund.from_table(slug, table, registers.book.units)
            for slug in registers.funds
            if (table := tables.get(f"{slug}/fund.toml")) is not None
        }
    except Problem:
        return None
    return registers._replace(organisations=organisations, members=members, funds=funds, tables=tables)


def _state(folder: Folder, verdict: Verdict, moment: datetime, registers: Registers) -> State:
    covered = set(verdict.seal.covered(registers.funds))
    counted = set(verdict.facts.funds) if verdict.facts is not None and verdict.facts.hold else covered
    ledgers: dict[str, list[bytes]] = {}
    for ledger in read_lines(folder):
        lines = [
            line
            for line in ledger.lines
            if (
                (ledger.fund, line.decode(errors="replace")) in verdict.lines.sealed
                if ledger.fund in covered
                else not is_later(recorded_at(line), moment)
            )
        ]
        if lines:
            ledgers[f"{ledger.fund}/{ledger.path.name}"] = lines
    # Other funds are kept where they have an entry or are named in one; the rest may have been added since.
    used = {path.rpartition("/")[0] for path in ledgers}
    used |= {name.decode() for lines in ledgers.values() for line in lines for name in _NAMED.findall(line)}
    funds = {
        slug: _unclosed(fund, moment)
        for slug, fund in registers.funds.items()
        if slug in counted or (slug not in covered and slug in used)
    }
    tables = {path: _table_at(table, moment) for path, table in registers.tables.items()}
    return State(registers._replace(funds=funds, tables=tables), ledgers)


def _unclosed(fund: Fund, moment: datetime) -> Fund:
    """A fund without closings and reopenings made after a given time."""
    return fund._replace(
        closings=tuple(
            closing._replace(reopened=None) if closing.reopened and closing.reopened.at > moment else closing
            for closing in fund.closings
            if closing.at <= moment
        )
    )


def _table_at(table: Mapping[str, Any], moment: datetime) -> Mapping[str, Any]:
    closed = table.get("closed")
    return {**table, "closed": [row for row in closed if row["at"] <= moment]} if isinstance(closed, list) else table


def recorded_since(folder: Folder, verdict: Verdict, span: Span) -> Iterator[tuple[str, str, str]]:
    """Entries recorded in the seal's funds after it, and dated within its period: fund, id and line."""
    if span.end is None:
        return
    ledgers = read_lines(folder)
    covered = set(verdict.seal.covered({ledger.fund for ledger in ledgers if "/" in ledger.fund}))
    for ledger in ledgers:
        for line in ledger.lines if ledger.fund in covered else ():
            text = line.decode(errors="replace")
            day = _DATE.search(text)
            if day is None or (ledger.fund, text) in verdict.lines.sealed:
                continue
            if (span.start is None or span.start.isoformat() <= day[1]) and day[1] <= span.end.isoformat():
                yield ledger.fund, id_in(text), text
