"""The rounds of an arisan: who won, and the pot paid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wksbm_cli.domain.arisan import WIN_METHODS
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds.kind import (
    PLACE,
    Key,
    Kind,
    Lines,
    Slip,
    by_detail,
    of_members,
    slip_to_members,
    to_members,
    whole,
)
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import ARISAN
from wksbm_cli.domain.units import Unit


def _win(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """Winning moves no money; paying the pot out is an entry of its own (`payout`)."""
    return iter(())


def _payout(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    return to_members(entry, fund, units, ARISAN.account)


def _slot(entry: Entry, registers: Registers) -> Message:
    """A slot of an arisan with who holds it."""
    rules, members = registers.funds[entry.fund].arisan, registers.members[entry.organisation]
    slot = entry.fields["slot"]
    holders = [members[member].person for member in rules.slots[slot].shares] if rules else []
    return msg("{slot} ({holders})", slot=slot, holders=holders)


def _won(entry: Entry, registers: Registers) -> Message:
    return msg("Round {round} won by {slot}", round=entry.fields["round"], slot=_slot(entry, registers))


def _paid_out(entry: Entry, registers: Registers) -> Message:
    return msg("Pot of round {round} to {slot}", round=entry.fields["round"], slot=_slot(entry, registers))


def _pot_slip(entry: Entry, registers: Registers) -> Slip | None:
    return slip_to_members(entry, registers, msg("Arisan pot of round {round}", round=entry.fields["round"]))


KINDS = (
    Kind(
        name="win",
        title=msg("arisan wins"),
        keys=(
            Key("slot", "arisan-slot", required=True),
            Key("round", "number", required=True),
            Key("method", "choice", True, WIN_METHODS),
            Key("seed", "text"),
            Key("said_by", "member-list"),
            Key("witnesses", "member-list"),
            Key("candidates", "arisan-slots", required=True),
            Key("bid", "own-amount"),
        ),
        kept_in="fund",
        postings=_win,
        heads=(),
        way="none",
        amount=None,
        sentence=_won,
        says_amount=True,
        slip=None,
        lines=None,
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=True,
        rests_in=("arisan",),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="payout",
        title=msg("arisan pots"),
        keys=(
            Key("slot", "arisan-slot", required=True),
            Key("round", "number", required=True),
            Key("members", "members", required=True),
            Key("unit", "unit"),
            PLACE,
        ),
        kept_in="fund",
        postings=_payout,
        heads=(ARISAN,),
        way="out",
        amount=of_members,
        sentence=_paid_out,
        says_amount=False,
        slip=_pot_slip,
        lines=Lines(
            parts=whole,
            thing=by_detail,
            label=lambda line, fund, registers: msg("Arisan pots"),
            item=lambda flow, fund: "members-out",
        ),
        on_card=-1,
        is_help=False,
        in_funds_unit=True,
        in_arisan=True,
        rests_in=("arisan",),
        changes_owed="always",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
)
