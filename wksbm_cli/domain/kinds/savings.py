"""Members' own money in a fund: savings and withdrawals, and the year's surplus shared out to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds.kind import (
    AMOUNT,
    APPROVED_BY,
    OF_RESERVES,
    PLACE,
    Key,
    Kind,
    Lines,
    Slip,
    amount_in,
    amount_of,
    by_detail,
    into_from_member,
    member_of,
    of_members,
    one_amount,
    slip_to_members,
    to_members,
    to_reserve,
    whole,
)
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import SAVINGS, SURPLUS
from wksbm_cli.domain.units import Unit, minor_of


def _surplus(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """The surplus of a past year, distributed to members by the fund's rule: an appropriation, no cost of the year it is paid in."""
    yield from to_members(entry, fund, units, SURPLUS.account)
    for name, value in entry.fields.get("kept", {}).items():
        yield from to_reserve(fund, name, minor_of(value, fund.unit))


def _saving(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    return into_from_member(entry, fund, *amount_in(entry, units), SAVINGS.account)


def _withdrawal(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    return into_from_member(entry, fund, -minor, unit, SAVINGS.account)


def _shared(entry: Entry, unit: Unit) -> int:
    """What the members received; where they received nothing, what was kept."""
    return of_members(entry, unit) or sum(minor_of(value, unit) for value in entry.fields.get("kept", {}).values())


def _shared_out(entry: Entry, registers: Registers) -> Message:
    if "members" not in entry.fields:
        return msg("Surplus of {year}, kept in reserves", year=_year(entry, registers))
    return msgn(
        "Surplus of {year}, {count} member",
        "Surplus of {year}, {count} members",
        len(entry.fields["members"]),
        year=_year(entry, registers),
    )


def _year(entry: Entry, registers: Registers) -> str:
    return registers.organisations[entry.organisation].year_name(entry.fields["year"])


def _class_name(entry: Entry, registers: Registers) -> str:
    return registers.funds[entry.fund].savings[entry.fields["class"]].name


def _saved(entry: Entry, registers: Registers) -> Message:
    return msg("{name} of {member}", name=_class_name(entry, registers), member=member_of(entry, registers))


def _withdrawn(entry: Entry, registers: Registers) -> Message:
    return msg("{name} withdrawn by {member}", name=_class_name(entry, registers), member=member_of(entry, registers))


def _surplus_slip(entry: Entry, registers: Registers) -> Slip | None:
    return slip_to_members(entry, registers, msg("Share of the surplus of {year}", year=_year(entry, registers)))


def _saving_slip(entry: Entry, registers: Registers) -> Slip:
    amount = amount_of(entry, registers, one_amount)
    return Slip(False, member_of(entry, registers), amount, msg("{name}", name=_class_name(entry, registers)))


def _withdrawal_slip(entry: Entry, registers: Registers) -> Slip:
    return _saving_slip(entry, registers)._replace(given=True)


def _class_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    yield entry.fields["class"], net


KINDS = (
    Kind(
        name="surplus",
        title=msg("surplus shared out"),
        keys=(
            Key("year", "year", required=True),
            Key("members", "members", required=True, unless="kept"),
            Key("kept", "kept"),
            Key("unit", "unit"),
            APPROVED_BY,
            PLACE,
        ),
        kept_in="fund",
        postings=_surplus,
        heads=(SURPLUS, *OF_RESERVES),
        way="out",
        amount=_shared,
        sentence=_shared_out,
        says_amount=False,
        slip=_surplus_slip,
        lines=Lines(
            parts=whole,
            thing=by_detail,
            label=lambda line, fund, registers: msg("Surplus shared out to members"),
            item=lambda flow, fund: "members-out",
        ),
        on_card=-1,
        is_help=False,
        in_funds_unit=True,
        in_arisan=False,
        rests_in=("other",),
        changes_owed="never",
        spends=False,
        needs_approval="above-limit",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="saving",
        title=msg("savings"),
        keys=(*AMOUNT, Key("member", "member", required=True), Key("class", "savings-class", required=True), PLACE),
        kept_in="fund",
        postings=_saving,
        heads=(SAVINGS,),
        way="in",
        amount=one_amount,
        sentence=_saved,
        says_amount=False,
        slip=_saving_slip,
        lines=Lines(
            parts=_class_parts,
            thing=by_detail,
            label=lambda line, fund, registers: msg("{name}", name=fund.savings[line.first.detail].name),
            item=lambda flow, fund: "members-in",
        ),
        on_card=1,
        is_help=False,
        in_funds_unit=True,
        in_arisan=False,
        rests_in=("other",),
        changes_owed="always",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="withdrawal",
        title=msg("withdrawals"),
        keys=(
            *AMOUNT,
            Key("member", "member", required=True),
            Key("class", "savings-class", required=True),
            APPROVED_BY,
            PLACE,
        ),
        kept_in="fund",
        postings=_withdrawal,
        heads=(SAVINGS,),
        way="out",
        amount=one_amount,
        sentence=_withdrawn,
        says_amount=False,
        slip=_withdrawal_slip,
        lines=Lines(
            parts=_class_parts,
            thing=by_detail,
            label=lambda line, fund, registers: msg("{name}, taken back", name=fund.savings[line.first.detail].name),
            item=lambda flow, fund: "members-out",
        ),
        on_card=-1,
        is_help=False,
        in_funds_unit=True,
        in_arisan=False,
        rests_in=("other",),
        changes_owed="always",
        spends=False,
        needs_approval="above-limit",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
)
