"""Check a book: read every line afresh, let every pass look at it, and say all that was found.

A pass is a function from the evidence to findings, and knows of no other. A new kind of entry whose entries must agree
with one another brings a pass of its own and a place in `PASSES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.check import closings, decisions, entries, fixed, money
from wksbm_cli.check.consistency import consistency
from wksbm_cli.check.evidence import Evidence, gather
from wksbm_cli.check.finding import Finding
from wksbm_cli.check.lines import read_lines
from wksbm_cli.check.signatures import closing_signatures
from wksbm_cli.domain.message import msg
from wksbm_cli.index.compare import differing_tables

Pass = Callable[[Evidence], Iterable[Finding]]


def index(evidence: Evidence) -> Iterable[Finding]:
    """The index against the lines, where there is one: reports are answered from it."""
    lines = evidence.lines
    if len(lines.placed) + len(lines.decisions) < lines.count:
        return  # no report is answered from a book with a line that cannot be read
    entries = ((at.entry, at.ledger, at.number) for at in (*lines.placed, *lines.decisions))
    if tables := differing_tables(lines.folder, lines.registers, entries, evidence.effects):
        yield Finding(
            "error",
            "index",
            lines.folder.where(lines.folder.state / "index.sqlite"),
            msg("The index does not agree with the lines, in: {tables}. Reports may have been wrong.", tables=tables),
            msg("Remove this file, which is made anew from the lines; then make the reports again."),
        )


PASSES: tuple[Pass, ...] = (
    entries.against_rules,
    entries.cancelled_twice,
    entries.days,
    entries.twins,
    entries.identity_numbers,
    money.below_zero,
    money.counts,
    closings.closed_periods,
    fixed.registers_of_closed,
    closing_signatures,
    consistency,
    decisions.overruled,
    decisions.undecided,
    index,
)


class Checked(NamedTuple):
    """What a check found, by file and line, in a book of so many ledger files and lines.

    `broken` are the errors for which a line or register is not read: no entry mends them, and what is recorded upon such a book
    rests on nothing.
    """

    findings: tuple[Finding, ...]
    files: int
    lines: int
    broken: tuple[Finding, ...] = ()

    @property
    def errors(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]


def check(folder: Folder, now: datetime) -> Checked:
    """Check the whole book as it is in the files. Writes nothing, waits for nobody, and believes no index."""
    checked, _ = check_evidence(folder, now)
    return checked


def check_evidence(folder: Folder, now: datetime) -> tuple[Checked, Evidence]:
    """The same, with the evidence, for who goes on working with what was checked."""
    lines, findings = read_lines(folder)
    broken = tuple(finding for finding in findings if finding.severity == "error")
    evidence = gather(lines, now)
    for look in PASSES:
        findings += look(evidence)
    findings.sort(key=lambda finding: (finding.where.path, finding.where.line, finding.severity, finding.code))
    return Checked(tuple(findings), lines.files, lines.count, broken), evidence
