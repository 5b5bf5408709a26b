"""Check a book: read every line afresh, run every pass, and collect all findings.

A pass is a function from the evidence to findings, independent of other passes. Validation across entries of a new
kind is a pass of its own, listed in `PASSES`.
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
    """Compare the index, if there is one, with the lines, since reports are computed from it."""
    lines = evidence.lines
    if len(lines.placed) + len(lines.decisions) < lines.count:
        return  # no report is made from a book with an unreadable line
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


# Findings of a pass for which the index refuses the book.
_UNREADABLE = ("reversal-unknown",)


class Checked(NamedTuple):
    """All findings, by file and line, and the number of ledger files and lines read.

    `broken` are the errors that keep a line or register from being read: no entry can correct them, and recording into
    such a book is unsafe.
    """

    findings: tuple[Finding, ...]
    files: int
    lines: int
    broken: tuple[Finding, ...] = ()

    @property
    def errors(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]


def check(folder: Folder, now: datetime) -> Checked:
    """Check the whole book from its files. Read-only, takes no lock, and does not rely on the index."""
    checked, _ = check_evidence(folder, now)
    return checked


def check_evidence(folder: Folder, now: datetime) -> tuple[Checked, Evidence]:
    """The same, also returning the evidence, for callers that use it further."""
    lines, findings = read_lines(folder)
    broken = tuple(finding for finding in findings if finding.severity == "error")
    evidence = gather(lines, now)
    for look in PASSES:
        found = list(look(evidence))
        broken += tuple(finding for finding in found if finding.code in _UNREADABLE)
        findings += found
    findings.sort(key=lambda finding: (finding.where.path, finding.where.line, finding.severity, finding.code))
    return Checked(tuple(findings), lines.files, lines.count, broken), evidence
