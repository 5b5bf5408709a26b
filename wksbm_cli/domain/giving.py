"""Giving on trust: the eight asnaf of zakat, the amil's capped share, and a second person's approval.

Zakat may go only to its eight kinds of receivers (Qur'an 9:60), of which the amil who collect it take at most an eighth
(docs/practice.md#help). Above an amount the group sets, what goes out needs the approval of someone whom the register
names and who neither records nor receives it.
"""

from __future__ import annotations

from datetime import date
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
# Zakat may also be passed on to the body for which it was collected (BAZNAS, an amil zakat institution).
FORWARDED = "forwarded"
ZAKAT_TO: dict[str, Message] = ASNAF | {FORWARDED: msg("passed on to another body of amil (BAZNAS, LAZ)")}
MOST_PARCELS = 100_000
AN_EIGHTH = Decimal("12.5")


class GivingRules(NamedTuple):
    """`approvals` are the amounts above which what goes out needs a second person, each with the day from which it holds,
    oldest first; `amil_share` percent of what a zakat fund received in a year that may go to the amil; `per_recipient` the most one
    receiver gets at a time (0: no limit)."""

    approvals: tuple[tuple[date, int], ...] = ()
    amil_share: Decimal = AN_EIGHTH
    per_recipient: int = 0

    def approval_above(self, day: date) -> int | None:
        """The amount above which what goes out on a day needs a second person; None where nothing does."""
        return next((above for since, above in reversed(self.approvals) if since <= day), None)

    @classmethod
    def from_table(cls, table: object, unit: Unit) -> GivingRules:
        row = TomlTable(table, "giving")
        always = row.take("approval_above", (int, Decimal))
        approvals = [] if always is None else [(date.min, minor_of(always, unit))]
        for number, item in enumerate(row.take("approval", list, [])):
            later = TomlTable(item, "giving.approval", number)
            since = later.take("from", date, required=True)
            approvals.append((since, minor_of(later.take("above", (int, Decimal), required=True), unit)))
            later.done()
        rules = cls(
            approvals=tuple(sorted(approvals)),
            amil_share=Decimal(row.take("amil_share", (int, Decimal), AN_EIGHTH)),
            per_recipient=minor_of(row.take("per_recipient", (int, Decimal), 0), unit),
        )
        row.done()
        if not 0 <= rules.amil_share <= AN_EIGHTH:
            raise UnknownKey(msg("The amil's share is at most an eighth: 12.5 percent."), "amil_share")
        return rules


# For funds without rules of their own: only the limits that apply to all zakat.
NO_LIMITS = GivingRules()


def amil_may_receive(received: int, given: int, rules: GivingRules) -> int:
    """What the amil may still receive of a unit, in smallest steps, never more than the share."""
    return max(0, int(received * rules.amil_share / 100) - given)
