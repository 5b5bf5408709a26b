"""The pass over what funds and their members owe each other: loans, savings, cover, arisan pots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.promises import Broken, broken_promises, promise_kinds
from wksbm_cli.trust.evidence import Evidence
from wksbm_cli.trust.finding import Finding
from wksbm_cli.trust.lines import Placed


def promises(evidence: Evidence) -> Iterator[Finding]:
    """Entries that promise or pay what others do not bear out, in funds whose every line could be read."""
    standing: dict[str, list[Placed]] = defaultdict(list)
    kinds = {slug: promise_kinds(fund) for slug, fund in evidence.registers.funds.items()}
    for at in evidence.standing():
        if at.entry.kind in kinds[at.entry.fund] and evidence.is_sure(at.entry.fund):
            standing[at.entry.fund].append(at)
    for slug, places in standing.items():
        by_id = {at.entry.id: at for at in places}
        entries = sorted((at.entry for at in places), key=lambda entry: entry.date)
        for broken in broken_promises(evidence.registers.funds[slug], entries, evidence.registers):
            at = by_id[broken.entry.id]
            yield evidence.lines.finding("error", broken.code, at, broken.text, _hint(broken))


def _hint(broken: Broken) -> Message:
    if broken.code == "win-unproven":
        return msg("See it redone with: wksbm arisan verify {fund}", fund=broken.entry.fund)
    return msg("Cancel what is wrong, and record it as it was: wksbm reverse {id} --reason ...", id=broken.entry.id[:8])
