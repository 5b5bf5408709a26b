"""A change of a register in words and as JSON, as sync and audit tell it."""

from __future__ import annotations

from typing import Any

from wksbm_cli.domain.kinds.decisions import fact_sentence
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.sync.registers import RegisterChange


def register_change(change: RegisterChange) -> Message:
    """What changed, and the decision that tells of it."""
    if change.is_closing:
        return _closings(change)
    what, decision = fact_sentence(*change.change), change.decision
    values = {"organisation": change.organisation, "what": what}
    if decision is None:
        return msg("{organisation}: {what}; no decision tells of it", **values)
    values |= {"id": decision.short_id, "by": decision.by}
    if reason := decision.fields.get("reason"):
        return msg("{organisation}: {what} ({id}, by {by}: {reason})", **values, reason=reason)
    return msg("{organisation}: {what} ({id}, by {by})", **values)


def _closings(change: RegisterChange) -> Message:
    fund = f"{change.organisation}/{change.change.fact.split('.')[1]}"
    gone, came = ([row.get("period", "?") for row in rows or ()] for rows in (change.change.was, change.change.now))
    if gone and came:
        return msg(
            "{fund}: closings of {gone} were changed or taken away, of {came} came", fund=fund, gone=gone, came=came
        )
    if gone:
        return msg("{fund}: closings of {gone} were changed or taken away", fund=fund, gone=gone)
    return msg("{fund}: closed {came}", fund=fund, came=came)


def register_cells(change: RegisterChange) -> dict[str, Any]:
    """`{"organisation", "fact", "was", "now", "decision", "by", "decided_by", "reason"}`; None for what there is not."""
    decision = change.decision
    told = decision.fields if decision else {}
    return {
        "organisation": change.organisation,
        **change.change._asdict(),
        "decision": decision.id if decision else None,
        "by": decision.by if decision else None,
        "decided_by": told.get("decided_by"),
        "reason": told.get("reason"),
    }
