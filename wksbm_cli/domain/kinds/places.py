"""What changes place or form: transfers between funds, moves between places, goods against money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.flow import StatementLine
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import ASNAF
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
    in_or_out,
    into,
    one_amount,
    out_of_reserve,
    with_reserve,
)
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import EXCHANGED, TRANSFERS
from wksbm_cli.domain.units import IDR, Amount, Unit, minor_of
from wksbm_cli.domain.wording import free_text, named_side


def _transfer(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    other, other_place = entry.fields["to_fund"], entry.fields["to_place"]
    yield from into(entry, fund, -minor, unit, TRANSFERS.account)
    yield from out_of_reserve(entry, fund)
    yield Posting(other, f"assets:{other_place}", minor, unit, place=other_place)
    yield Posting(other, TRANSFERS.account, -minor, unit)


def _move(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    place, to_place = entry.fields["place"], entry.fields["to_place"]
    yield Posting(fund.slug, f"assets:{place}", -minor, unit, place=place)
    yield Posting(fund.slug, f"assets:{to_place}", minor, unit, place=to_place)


def _exchange(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    got_unit = units[_got_unit(entry)]
    got, to_place = minor_of(entry.fields["get"], got_unit), entry.fields["to_place"]
    yield from into(entry, fund, -minor, unit, EXCHANGED.account)
    yield Posting(fund.slug, f"assets:{to_place}", got, got_unit.code, place=to_place)
    yield Posting(fund.slug, EXCHANGED.account, -got, got_unit.code)


def _got_unit(entry: Entry) -> str:
    code: str = entry.fields.get("get_unit", IDR.code)
    return code


def _transferred(entry: Entry, registers: Registers) -> Message:
    what = msg(
        "From {fund} to {other}, {reason}",
        fund=registers.funds[entry.fund].name,
        other=registers.funds[entry.fields["to_fund"]].name,
        reason=free_text(entry, "reason", registers, helped=False),
    )
    return with_reserve(what, entry, registers)


def _moved(entry: Entry, registers: Registers) -> Message:
    fund = registers.funds[entry.fund]
    return msg(
        "From {place} to {other}",
        place=registers.place_name(fund, entry.fields["place"]),
        other=registers.place_name(fund, entry.fields["to_place"]),
    )


def _exchanged(entry: Entry, registers: Registers) -> Message:
    return msg("{given} exchanged for {got}", given=amount_of(entry, registers, one_amount), got=_got(entry, registers))


def _got(entry: Entry, registers: Registers) -> Amount:
    unit = registers.unit(_got_unit(entry))
    return Amount(minor_of(entry.fields["get"], unit), unit)


def _exchange_slip(entry: Entry, registers: Registers) -> Slip | None:
    """A sale gets a receipt for the money it brought; any other exchange a voucher for what was given."""
    if "to" not in entry.fields:
        return None
    given, got = amount_of(entry, registers, one_amount), _got(entry, registers)
    party = named_side(entry, helped=False) or ""
    if got.unit is IDR:
        return Slip(False, party, got, msg("{amount}", amount=given))
    return Slip(True, party, given, msg("{amount}", amount=got))


def _transfer_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    yield entry.fields["to_fund"] if entry.fund == fund else entry.fund, net


def _transfer_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    other = registers.funds[line.first.detail].name
    return msg("From the fund {fund}", fund=other) if line.first.minor > 0 else msg("To the fund {fund}", fund=other)


def _exchange_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    yield _got_unit(entry) if unit == entry.unit else entry.unit, net


def _exchange_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    """Goods for money are sold or bought; only goods for goods are exchanged."""
    flow = line.first
    other = registers.unit(flow.detail).name
    if flow.unit == IDR.code:
        return msg("Sale of {unit}", unit=other) if flow.minor > 0 else msg("Purchase of {unit}", unit=other)
    if flow.detail == IDR.code:
        return msg("Bought") if flow.minor > 0 else msg("Sold")
    return msg("Got for {unit}", unit=other) if flow.minor > 0 else msg("Given for {unit}", unit=other)


KINDS = (
    Kind(
        name="transfer",
        title=msg("transfers between funds"),
        keys=(
            *AMOUNT,
            Key("to_fund", "fund", required=True),
            Key("to_place", "slug", required=True),
            Key("reason", "text", required=True),
            Key("asnaf", "choice", False, {"amil": ASNAF["amil"]}),
            APPROVED_BY,
            RESERVE,
            PLACE,
        ),
        kept_in="fund",
        postings=_transfer,
        heads=(TRANSFERS, *OF_RESERVES),
        way="out",
        amount=one_amount,
        sentence=_transferred,
        says_amount=False,
        slip=None,
        lines=Lines(
            parts=_transfer_parts,
            thing=by_detail,
            label=_transfer_label,
            item=lambda flow, fund: f"transfers-{in_or_out(flow)}",
        ),
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=("reserves",),
        changes_owed="never",
        spends=True,
        needs_approval="above-limit",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="move",
        title=msg("moves between places"),
        keys=(*AMOUNT, Key("place", "place", required=True), Key("to_place", "place", required=True)),
        kept_in="fund",
        postings=_move,
        heads=(),
        way="none",
        amount=one_amount,
        sentence=_moved,
        says_amount=False,
        slip=None,
        lines=None,
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=True,
        rests_in=(),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="exchange",
        title=msg("exchanges"),
        keys=(
            *AMOUNT,
            Key("get", "amount", required=True),
            Key("get_unit", "unit"),
            Key("to_place", "place", required=True),
            Key("to", "text"),
            APPROVED_BY,
            PLACE,
        ),
        kept_in="fund",
        postings=_exchange,
        heads=(EXCHANGED,),
        way="either",
        amount=one_amount,
        sentence=_exchanged,
        says_amount=True,
        slip=_exchange_slip,
        lines=Lines(
            parts=_exchange_parts,
            thing=by_detail,
            label=_exchange_label,
            item=lambda flow, fund: f"exchanged-{in_or_out(flow)}",
        ),
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
