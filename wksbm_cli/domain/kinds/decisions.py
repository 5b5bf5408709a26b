"""What the group decides: changes of its registers. They move nothing, and stand in the ledger of the organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.inline import inline
from wksbm_cli.domain.kinds.kind import Key, Kind
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.units import Unit


def _decision(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    return iter(())


def decision_sentence(entry: Entry) -> Message:
    """What was decided, in words."""
    return fact_sentence(*(entry.fields.get(key) for key in ("fact", "was", "now")))


def fact_sentence(fact: Any, was: Any, now: Any) -> Message:
    """A change of a fact in words; None for what is not there."""
    if was is None:
        return msg("{fact} is {now}", fact=fact, now=inline(now))
    if now is None:
        return msg("{fact} is no more {was}", fact=fact, was=inline(was))
    return msg("{fact} was {was} and is {now}", fact=fact, was=inline(was), now=inline(now))


KINDS = (
    Kind(
        name="decision",
        title=msg("decisions"),
        keys=(
            Key("fact", "fact", required=True),
            Key("was", "value"),
            Key("now", "value"),
            Key("decided_by", "text"),
            Key("reason", "text"),
        ),
        kept_in="organisation",
        postings=_decision,
        heads=(),
        way="none",
        amount=None,
        sentence=lambda entry, registers: decision_sentence(entry),
        says_amount=True,
        slip=None,
        lines=None,
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=(),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=True,
    ),
)
