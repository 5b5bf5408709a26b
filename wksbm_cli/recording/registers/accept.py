"""Accepting the registers as they are: a decision for every fact without one, and one for each conflict of two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wksbm_cli.book.decisions import read_decisions
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.writing import change_registers, writing
from wksbm_cli.domain.decisions import FactChange, decided, fact_changes, facts_of, value_at
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.message import Message
from wksbm_cli.recording.registers.change import Deciding, decisions_of


class Accepted(NamedTuple):
    """The decisions recorded (with `dry_run`: that would be); empty where every fact had one."""

    decisions: tuple[Entry, ...]
    notices: tuple[Message, ...]
    dry_run: bool


def accept(folder: Folder, organisation: str | None, deciding: Deciding, *, dry_run: bool = False) -> Accepted:
    """Record decisions for the facts of one organisation, or all: edits made by hand, or facts older than decisions."""
    with writing(folder) as notices:
        registers = read_registers(folder)
        chosen = [registers.organisation(organisation).slug] if organisation else list(registers.organisations)
        decisions: list[Entry] = []
        for slug in chosen:
            known = decided(read_decisions(folder, slug))
            facts = facts_of(registers, slug)
            changes = [_whole(known.facts, facts, change) for change in fact_changes(known.facts, facts)]
            told = {change.fact for change in changes}
            for one in known.overruled:
                fact = one.decision.fields["fact"]
                if fact not in told:
                    told.add(fact)
                    holds = value_at(known.facts, fact)
                    changes.append(FactChange(fact, holds, holds))
            decisions += decisions_of(folder, registers, slug, changes, deciding)
        if decisions and not dry_run:
            titles = {slug: registers.organisations[slug].name for slug in chosen}
            change_registers(folder, {}, decisions, titles, notices)
    return Accepted(tuple(decisions), tuple(notices), dry_run)


def _whole(known: Mapping[str, Any], facts: Mapping[str, Any], change: FactChange) -> FactChange:
    """A change of all rows of an array, so that the accepted rows replace conflicting ones."""
    return FactChange(change.fact, value_at(known, change.fact), value_at(facts, change.fact))
