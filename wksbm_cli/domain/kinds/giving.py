"""What goes out for good: help given, running costs, and unused grants handed back to their givers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.flow import StatementLine
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import ZAKAT_TO
from wksbm_cli.domain.kinds.kind import (
    AMOUNT,
    APPROVED_BY,
    OF_RESERVES,
    PLACE,
    RESERVE,
    Key,
    Kind,
    Lines,
    Slip,
    amount_in,
    amount_of,
    by_detail,
    by_purpose,
    into,
    one_amount,
    out_of_reserve,
    whole,
    with_reserve,
)
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.sources import MODES, PILLARS
from wksbm_cli.domain.statements import BENEFITS, OPERATIONS, RETURNED
from wksbm_cli.domain.units import Unit
from wksbm_cli.domain.wording import free_text, named_side


def _disbursement(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    yield from into(entry, fund, -minor, unit, f"expenses:benefits:{entry.fields.get('pillar', 'other')}")
    yield from out_of_reserve(entry, fund)


def _expense(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    yield from into(entry, fund, -minor, unit, OPERATIONS.account)
    yield from out_of_reserve(entry, fund)


def _return(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """An expense of its own and no reduction of the donation, which may have come in another year."""
    minor, unit = amount_in(entry, units)
    yield from into(entry, fund, -minor, unit, RETURNED.account)


def _helped(entry: Entry, registers: Registers) -> Message:
    return with_reserve(_help(entry, registers), entry, registers)


def _help(entry: Entry, registers: Registers) -> Message:
    purpose, receiver = free_text(entry, "purpose", registers, helped=True), named_side(entry, helped=True)
    if "parcels" in entry.fields:
        return msg(
            "{purpose}, {count} parcels, for {receiver}",
            purpose=purpose,
            count=entry.fields["parcels"],
            receiver=receiver,
        )
    if "people" in entry.fields:
        return msg(
            "{purpose}, for {receiver} ({count} people)",
            purpose=purpose,
            receiver=receiver,
            count=entry.fields["people"],
        )
    return msg("{purpose}, for {receiver}", purpose=purpose, receiver=receiver)


def _spent(entry: Entry, registers: Registers) -> Message:
    return with_reserve(_cost(entry, registers), entry, registers)


def _cost(entry: Entry, registers: Registers) -> Message:
    purpose = free_text(entry, "purpose", registers, helped=False)
    if receiver := named_side(entry, helped=False):
        return msg("{purpose}, paid to {receiver}", purpose=purpose, receiver=receiver)
    return msg("{purpose}", purpose=purpose)


def _returned(entry: Entry, registers: Registers) -> Message:
    reason = free_text(entry, "reason", registers, helped=False)
    return msg("Handed back to {giver}: {reason}", giver=named_side(entry, helped=False), reason=reason)


def _return_slip(entry: Entry, registers: Registers) -> Slip:
    purpose = msg("Handed back: {reason}", reason=free_text(entry, "reason", registers, helped=False))
    return Slip(True, named_side(entry, helped=False) or "", amount_of(entry, registers, one_amount), purpose)


def _voucher(entry: Entry, registers: Registers) -> Slip:
    """The signer is named in full, and so are people in the purpose."""
    party = named_side(entry, helped=False) or ""
    purpose = msg("{purpose}", purpose=free_text(entry, "purpose", registers, helped=False))
    return Slip(True, party, amount_of(entry, registers, one_amount), purpose)


def _pillar_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    yield entry.fields.get("pillar", ""), net


def _giver_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    yield entry.fields["to"], net


def _return_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    return msg("Handed back to {giver}", giver=named_side(line.first.entry, helped=False))


def _help_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    return _purposes(line, registers, helped=True)


def _cost_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    return _purposes(line, registers, helped=False)


def _purposes(line: StatementLine, registers: Registers, *, helped: bool) -> Message:
    texts = [free_text(entry, "purpose", registers, helped=helped) for entry in line.entries]
    about: dict[Person, None] = {person: None for text in texts for person in text.about}
    purpose = RedactableText(line.first.entry.fields["purpose"], tuple(about))
    if line.times == 1:
        return msg("{purpose}", purpose=purpose)
    return msg("{purpose} ({count} times)", purpose=purpose, count=line.times)


KINDS = (
    Kind(
        name="disbursement",
        title=msg("help given"),
        keys=(
            *AMOUNT,
            Key("to", "text", required=True),
            Key("purpose", "text", required=True),
            Key("member", "member"),
            Key("event", "slug"),
            Key("pillar", "choice", False, PILLARS),
            Key("mode", "choice", False, MODES),
            Key("category", "category"),
            Key("asnaf", "choice", False, ZAKAT_TO),
            APPROVED_BY,
            Key("parcels", "parcels"),
            Key("people", "parcels"),
            RESERVE,
            PLACE,
        ),
        kept_in="fund",
        postings=_disbursement,
        heads=(*BENEFITS, *OF_RESERVES),
        way="out",
        amount=one_amount,
        sentence=_helped,
        says_amount=False,
        slip=_voucher,
        lines=Lines(
            parts=_pillar_parts,
            thing=by_purpose,
            label=_help_label,
            item=lambda flow, fund: f"help:{flow.detail}",
        ),
        on_card=-1,
        is_help=True,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=("reserves",),
        changes_owed="never",
        spends=True,
        needs_approval="above-limit",
        in_surplus=True,
        is_outgoing=True,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="expense",
        title=msg("running costs"),
        keys=(*AMOUNT, Key("purpose", "text", required=True), Key("to", "text"), APPROVED_BY, RESERVE, PLACE),
        kept_in="fund",
        postings=_expense,
        heads=(OPERATIONS, *OF_RESERVES),
        way="out",
        amount=one_amount,
        sentence=_spent,
        says_amount=False,
        slip=_voucher,
        lines=Lines(parts=whole, thing=by_purpose, label=_cost_label, item=lambda flow, fund: "running-costs"),
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=("reserves",),
        changes_owed="never",
        spends=True,
        needs_approval="above-limit",
        in_surplus=True,
        is_outgoing=True,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="return",
        title=msg("grants handed back"),
        keys=(
            *AMOUNT,
            Key("to", "text", required=True),
            Key("reason", "text", required=True),
            APPROVED_BY,
            PLACE,
        ),
        kept_in="fund",
        postings=_return,
        heads=(RETURNED,),
        way="out",
        amount=one_amount,
        sentence=_returned,
        says_amount=False,
        slip=_return_slip,
        lines=Lines(parts=_giver_parts, thing=by_detail, label=_return_label, item=lambda flow, fund: "returned"),
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=(),
        changes_owed="never",
        spends=True,
        needs_approval="above-limit",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
)
