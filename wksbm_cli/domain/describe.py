"""What an entry says, as a sentence a cash book can carry."""

from __future__ import annotations

from collections.abc import Mapping

from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR, Amount, minor_of


def amount_of(entry: Entry, registers: Registers) -> Amount:
    """The amount an entry names: for a contribution the sum of its members', for a count what was counted."""
    unit = registers.unit(entry.fields.get("unit", IDR.code))
    if entry.kind == "contribution":
        return Amount(sum(minor_of(value, unit) for value in entry.fields["members"].values()), unit)
    return Amount(minor_of(entry.fields["amount"], unit), unit)


def describe(entry: Entry, registers: Registers) -> Message:
    """The entry in words, without its amount and its fund. Names are shown as the registers give them."""
    fields = entry.fields
    match entry.kind:
        case "opening":
            return msg("Opening balance")
        case "contribution":
            return _contribution(entry, registers)
        case "donation":
            return msg("Donation from {donor}", donor=fields["from"])
        case "income":
            return msg("Received from {payer}", payer=fields["from"])
        case "disbursement":
            return msg("{purpose}, for {receiver}", purpose=fields["purpose"], receiver=fields["to"])
        case "expense":
            if "to" in fields:
                return msg("{purpose}, paid to {receiver}", purpose=fields["purpose"], receiver=fields["to"])
            return msg("{purpose}", purpose=fields["purpose"])
        case "transfer":
            return msg(
                "From {fund} to {other}: {reason}",
                fund=registers.funds[entry.fund].name,
                other=registers.funds[fields["to_fund"]].name,
                reason=fields["reason"],
            )
        case "move":
            return msg("Moved from {place} to {other}", place=fields["place"], other=fields["to_place"])
        case "exchange":
            got = registers.unit(fields.get("get_unit", IDR.code))
            return msg(
                "{given} exchanged for {got}",
                given=amount_of(entry, registers),
                got=Amount(minor_of(fields["get"], got), got),
            )
        case "count":
            unit = registers.unit(fields.get("unit", IDR.code))
            difference = Amount(minor_of(fields["difference"], unit), unit)
            if not difference.minor:
                return msg("Counted {amount}: as booked", amount=amount_of(entry, registers))
            return msg(
                "Counted {amount}, {difference} against the book: {reason}",
                amount=amount_of(entry, registers),
                difference=difference,
                reason=fields["reason"],
            )
        case "reversal":
            return msg("Cancels {id}: {reason}", id=fields["of"][:8], reason=fields["reason"])
    raise KeyError(entry.kind)


def _contribution(entry: Entry, registers: Registers) -> Message:
    fields: Mapping[str, object] = entry.fields
    fund = registers.funds[entry.fund]
    due = fund.dues.get(str(fields.get("due", "")))
    what = due.name if due else fund.name
    members = registers.members[fund.organisation]
    paying = list(entry.fields["members"])
    if len(paying) == 1:
        periods = entry.fields.get("for", [])
        if periods:
            shown = periods[0] if len(periods) == 1 else f"{periods[0]}..{periods[-1]}"
            return msg("{due} {periods}, {member}", due=what, periods=shown, member=members[paying[0]].name)
        return msg("{due}, {member}", due=what, member=members[paying[0]].name)
    if "collector" in fields:
        return msgn(
            "{due}, {count} member, collected by {collector}",
            "{due}, {count} members, collected by {collector}",
            len(paying),
            due=what,
            collector=fields["collector"],
        )
    return msgn("{due}, {count} member", "{due}, {count} members", len(paying), due=what)
