"""Giving on trust: the eight asnaf of zakat, the amil's capped share, and a second person's approval.

Zakat may go only to its eight kinds of receivers (Qur'an 9:60), of which the amil who collect it take at most an eighth
(docs/practice.md#help). Above an amount the group sets, help needs the approval of someone other than who records it and
other than who receives it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import Unit, minor_of

ASNAF: dict[str, Message] = {
    "fakir": msg("the destitute (fakir)"),
    "miskin": msg("the poor (miskin)"),
    "amil": msg("those who collect zakat (amil)"),
    "mualaf": msg("converts (mualaf)"),
    "riqab": msg("those in bondage (riqab)"),
    "gharim": msg("debtors (gharim)"),
    "fisabilillah": msg("in the way of God (fisabilillah)"),
    "ibnu-sabil": msg("travellers in need (ibnu sabil)"),
}
MOST_PARCELS = 100_000
AN_EIGHTH = Decimal("12.5")


class GivingRules(NamedTuple):
    """`approval_above` is the amount above which help needs a second person (None: never); `amil_share` percent of what
    a zakat fund received that may go to the amil; `per_recipient` the most one receiver gets at a time (0: no limit)."""

    approval_above: int | None = None
    amil_share: Decimal = AN_EIGHTH
    per_recipient: int = 0

    @classmethod
    def from_table(cls, table: object, unit: Unit) -> GivingRules:
        row = TomlTable(table, "giving")
        above = row.take("approval_above", (int, Decimal))
        rules = cls(
            approval_above=None if above is None else minor_of(above, unit),
            amil_share=Decimal(row.take("amil_share", (int, Decimal), AN_EIGHTH)),
            per_recipient=minor_of(row.take("per_recipient", (int, Decimal), 0), unit),
        )
        row.done()
        if not 0 <= rules.amil_share <= AN_EIGHTH:
            raise UnknownKey(msg("The amil's share is at most an eighth: 12.5 percent."), "amil_share")
        return rules


# Of a fund that sets none: only what holds of all zakat.
NO_LIMITS = GivingRules()


def amil_may_receive(received: int, given: int, rules: GivingRules) -> int:
    """What the amil may still receive of a unit, in smallest steps, never more than the share."""
    return max(0, int(received * rules.amil_share / 100) - given)


def may_be_same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: one is made of words of the other, as `siti` and `Siti Rahayu`."""
    first, second = (set(name.casefold().split()) for name in (one, other))
    return bool(first and second) and (first <= second or second <= first)
