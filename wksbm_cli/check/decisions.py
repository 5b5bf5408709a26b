"""Passes over decisions: conflicting ones, and facts in the registers without a decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wksbm_cli.check.evidence import Evidence
from wksbm_cli.check.finding import Finding
from wksbm_cli.domain.decisions import Decided, FactChange, decided, fact_changes, facts_of, steps
from wksbm_cli.domain.message import msg, msgn

# The most facts of a register named in one finding.
_MOST_NAMED = 5


def overruled(evidence: Evidence) -> Iterator[Finding]:
    """Concurrent decisions on one fact: the first is applied, and a third settles the conflict."""
    by_id = {at.entry.id: at for at in evidence.lines.decisions}
    for organisation in evidence.registers.organisations:
        for one in _decided(evidence, organisation).overruled:
            text = msg(
                "{fact} was decided twice: {holding} holds, by {first}; this one, by {other}, does not.",
                fact=one.decision.fields["fact"],
                holding=one.holding.short_id,
                first=one.holding.by,
                other=one.decision.by,
            )
            hint = msg(
                "Agree on which is right and change it once more, or if {holding} is: wksbm accept --reason ...",
                holding=one.holding.short_id,
            )
            yield evidence.lines.finding("warning", "decided-twice", by_id[one.decision.id], text, hint)


def undecided(evidence: Evidence) -> Iterator[Finding]:
    """Facts in the registers without a decision: from before decisions existed, or edited by hand."""
    lines = evidence.lines
    for organisation in filter(evidence.is_sure, evidence.registers.organisations):
        if organisation not in evidence.registers.members:
            continue  # reported as unreadable elsewhere
        facts = facts_of(evidence.registers, organisation)
        by_register: dict[Path, list[FactChange]] = {}
        for change in fact_changes(_decided(evidence, organisation).facts, facts):
            if _is_readable(evidence, organisation, change):
                by_register.setdefault(_register(evidence, organisation, change), []).append(change)
        for path, changes in by_register.items():
            named = [change.fact for change in changes[:_MOST_NAMED]]
            if len(changes) > _MOST_NAMED:
                named.append("...")
            text = msgn(
                "{count} fact here has no decision that tells of it: {facts}.",
                "{count} facts here have no decision that tells of them: {facts}.",
                len(changes),
                facts=named,
            )
            hint = msg(
                "If it is as agreed, record that: wksbm accept --org {organisation} --reason ...",
                organisation=organisation,
            )
            yield Finding("warning", "undecided", lines.folder.where(path), text, hint)


def _decided(evidence: Evidence, organisation: str) -> Decided:
    return decided(at.entry for at in evidence.lines.decisions if at.entry.fund == organisation)


def _is_readable(evidence: Evidence, organisation: str, change: FactChange) -> bool:
    """Whether a fund's register can be read under its own name; other passes report where not."""
    top, *below = steps(change.fact)
    fund = f"{organisation}/{below[0]}" if top == "funds" else ""
    return not fund or (fund in evidence.registers.funds and evidence.is_sure(fund))


def _register(evidence: Evidence, organisation: str, change: FactChange) -> Path:
    """The file in which a fact stands."""
    folder = evidence.lines.folder
    match steps(change.fact):
        case ["funds", fund, *_]:
            return folder.fund_file(f"{organisation}/{fund}")
        case ["members", *_]:
            return folder.members_file(organisation)
    return folder.organisation_file(organisation)
