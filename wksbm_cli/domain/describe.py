"""An entry as a sentence, for the cash book."""

from __future__ import annotations

from wksbm_cli.domain import wording
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.kinds.receipts import contributed
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount


def amount_of(entry: Entry, registers: Registers) -> Amount:
    """The amount an entry names: for a contribution the sum of its members', for a count what was counted."""
    unit, amount = registers.unit(entry.unit), KINDS[entry.kind].amount
    return Amount(amount(entry, unit) if amount else 0, unit)


def describe(
    entry: Entry, registers: Registers, cancelled: Entry | None = None, settled: Message | None = None
) -> Message:
    """The entry in words, without its amount and its fund. Names are shown as the registers give them.

    For a reversal, `cancelled` is the entry it undoes, described in the sentence; for a payment or a sheet, `settled` is
    what it paid for (standing/settled.py).
    """
    if settled is not None:
        return contributed(entry, registers, settled)
    if cancelled is None:
        return KINDS[entry.kind].sentence(entry, registers)
    return msg(
        "Cancels {id} ({what}): {reason}",
        id=cancelled.short_id,
        what=describe(cancelled, registers),
        reason=typed(entry, "reason", registers),
    )


def noted(what: Message, entry: Entry, registers: Registers, *, names_helped: bool = True) -> Message:
    """The sentence `what` with the entry's note; the notes of a whole sheet concern single houses and are left out.

    Where the sentence does not name who was helped, the note is shown whatever the names are reduced to.
    """
    if "note" not in entry.fields or len(entry.fields.get("members", ())) > 1:
        return what
    note = typed(entry, "note", registers)
    return msg("{what} ({note})", what=what, note=note if names_helped else note._replace(instead=None))


def other_side(entry: Entry) -> Person | str | None:
    """The giver or receiver named in the entry."""
    return wording.named_side(entry, helped=KINDS[entry.kind].is_help)


def typed(entry: Entry, key: str, registers: Registers) -> RedactableText:
    """A free text of the entry, with the people it may name."""
    return wording.free_text(entry, key, registers, helped=KINDS[entry.kind].is_help)
