"""The pass of validation across entries: loans, savings, cover, arisan pots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wksbm_cli.check.evidence import Evidence
from wksbm_cli.check.finding import Finding
from wksbm_cli.check.lines import Placed
from wksbm_cli.domain.consistency import Violation, kinds_judged_together, violations
from wksbm_cli.domain.message import Message, msg


def consistency(evidence: Evidence) -> Iterator[Finding]:
    """Entries that contradict others, in funds whose every line could be read."""
    standing: dict[str, list[Placed]] = defaultdict(list)
    kinds = {slug: kinds_judged_together(fund) for slug, fund in evidence.registers.funds.items()}
    for at in evidence.standing():
        if at.entry.kind in kinds[at.entry.fund] and evidence.is_sure(at.entry.fund):
            standing[at.entry.fund].append(at)
    for slug, places in standing.items():
        by_id = {at.entry.id: at for at in places}
        entries = sorted((at.entry for at in places), key=lambda entry: entry.date)
        for violation in violations(evidence.registers.funds[slug], entries, evidence.registers):
            at = by_id[violation.entry.id]
            yield evidence.lines.finding("error", violation.code, at, violation.text, _hint(violation))


def _hint(violation: Violation) -> Message:
    if violation.code == "win-unproven":
        return msg("See it redone with: wksbm arisan verify {fund}", fund=violation.entry.fund)
    return msg(
        "Cancel what is wrong, and record it as it was: wksbm reverse {id} --reason ...", id=violation.entry.short_id
    )
