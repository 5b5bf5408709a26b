"""What an entry says, as a sentence a cash book can carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wksbm_cli.domain.cycles import CYCLES
from wksbm_cli.domain.dates import Span, joined
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import place_of
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.obligations import bucket_cycle
from wksbm_cli.domain.person import Person, RedactableText, redactable
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR, Amount, minor_of


def amount_of(entry: Entry, registers: Registers) -> Amount:
    """The amount an entry names: for a contribution the sum of its members', for a count what was counted."""
    unit = registers.unit(entry.fields.get("unit", IDR.code))
    if entry.kind == "win":
        return Amount(0, unit)
    if entry.kind in ("contribution", "payout", "surplus"):
        return Amount(sum(minor_of(value, unit) for value in entry.fields["members"].values()), unit)
    return Amount(minor_of(entry.fields["amount"], unit), unit)


# Kinds whose sentence says the amounts itself, or which have none.
SAY_AMOUNTS = ("count", "exchange", "reversal", "win")


def describe(entry: Entry, registers: Registers, cancelled: Entry | None = None) -> Message:
    """The entry in words, without its amount and its fund. Names are shown as the registers give them.

    Of a reversal, `cancelled` is the entry it undoes, which is then told.
    """
    fields = entry.fields
    other = other_side(entry)
    match entry.kind:
        case "opening":
            return msg("Opening balance")
        case "contribution":
            return _contribution(entry, registers)
        case "donation":
            return msg("Donation from {donor}", donor=other)
        case "income":
            return msg("Received from {payer}", payer=other)
        case "disbursement":
            purpose = typed(entry, "purpose", registers)
            if "parcels" in fields:
                return msg(
                    "{purpose}, {count} parcels, for {receiver}",
                    purpose=purpose,
                    count=fields["parcels"],
                    receiver=other,
                )
            return msg("{purpose}, for {receiver}", purpose=purpose, receiver=other)
        case "expense":
            purpose = typed(entry, "purpose", registers)
            if other:
                return msg("{purpose}, paid to {receiver}", purpose=purpose, receiver=other)
            return msg("{purpose}", purpose=purpose)
        case "transfer":
            return msg(
                "From {fund} to {other}, {reason}",
                fund=registers.funds[entry.fund].name,
                other=registers.funds[fields["to_fund"]].name,
                reason=typed(entry, "reason", registers),
            )
        case "move":
            fund = registers.funds[entry.fund]
            return msg(
                "From {place} to {other}",
                place=fund.place_name(fields["place"]),
                other=fund.place_name(fields["to_place"]),
            )
        case "exchange":
            got = registers.unit(fields.get("get_unit", IDR.code))
            return msg(
                "{given} exchanged for {got}",
                given=amount_of(entry, registers),
                got=Amount(minor_of(fields["get"], got), got),
            )
        case "loan" | "repayment" | "settlement" | "saving" | "withdrawal":
            return _members_own(entry, registers)
        case "win":
            return msg("Round {round} won by {slot}", round=fields["round"], slot=_slot(entry, registers))
        case "payout":
            return msg("Pot of round {round} to {slot}", round=fields["round"], slot=_slot(entry, registers))
        case "surplus":
            return msgn(
                "Surplus of {year}, {count} member",
                "Surplus of {year}, {count} members",
                len(fields["members"]),
                year=str(fields["year"]),
            )
        case "count":
            return _count(entry, registers)
        case "reversal":
            return _reversal(entry, registers, cancelled)
    raise KeyError(entry.kind)


def _slot(entry: Entry, registers: Registers) -> Message:
    """A slot of an arisan with who holds it."""
    rules, members = registers.funds[entry.fund].arisan, registers.members[entry.organisation]
    slot = entry.fields["slot"]
    holders = [members[member].person for member in rules.slots[slot].shares] if rules else []
    return msg("{slot} ({holders})", slot=slot, holders=holders)


def _reversal(entry: Entry, registers: Registers, cancelled: Entry | None) -> Message:
    id_, reason = entry.fields["of"][:8], typed(entry, "reason", registers)
    if cancelled is None:
        return msg("Cancels {id}: {reason}", id=id_, reason=reason)
    return msg("Cancels {id} ({what}): {reason}", id=id_, what=describe(cancelled, registers), reason=reason)


def _count(entry: Entry, registers: Registers) -> Message:
    fund, unit = registers.funds[entry.fund], registers.unit(entry.fields.get("unit", IDR.code))
    amount, place = amount_of(entry, registers), fund.place_name(place_of(entry.fields, fund))
    difference = minor_of(entry.fields["difference"], unit)
    if not difference:
        return msg("Counted {amount} in {place}, as booked", amount=amount, place=place)
    difference_told = (
        msg(
            "Counted {amount} in {place}, {missing} less than booked",
            amount=amount,
            place=place,
            missing=Amount(-difference, unit),
        )
        if difference < 0
        else msg(
            "Counted {amount} in {place}, {more} more than booked",
            amount=amount,
            place=place,
            more=Amount(difference, unit),
        )
    )
    if "reason" not in entry.fields:  # not recorded so by this program, and still a line of its shape
        return difference_told
    return msg("{what}: {reason}", what=difference_told, reason=typed(entry, "reason", registers))


def other_side(entry: Entry) -> Person | str | None:
    """Who gave or received, by the name the entry has; a company, an office or a box is no person to be discreet about."""
    fields = entry.fields
    name: str | None = fields.get("from") or fields.get("to")
    if name is None or fields.get("source") in _NOBODY:
        return name
    return Person(name, fields.get("member", ""), helped=entry.kind == "disbursement")


_NOBODY = ("company", "government", "collection-box", "interest", "sale")


def typed(entry: Entry, key: str, registers: Registers) -> RedactableText:
    """A free text of the entry, with the people it may name: the other side, and members by their full names.

    Whoever stands in the purpose of a help given is taken as helped.
    """
    members = registers.members[registers.funds[entry.fund].organisation]
    other, helped = other_side(entry), entry.kind == "disbursement"
    named = [Person(member.name, slug, helped) for slug, member in members.items()]
    about = [other] if isinstance(other, Person) else []
    about += [person for person in named if person.code == entry.fields.get("member")]
    return redactable(entry.fields[key], about, named)


def due_in_fund(fund: Fund, due: Due) -> Message | str:
    """A due with the fund it belongs to, named once where both have one name."""
    same = due.name.casefold() == fund.name.casefold()
    return fund.name if same else msg("{fund}: {due}", fund=fund.name, due=due.name)


def shown_period(fund: Fund, due: Due, key: str) -> Span | Message | Person | str:
    """A period as people call it: `March 2026`, an event by its name. A levy of a death fund is named after the deceased,
    whom a page may have to call by initials or by code."""
    if due.cycle.name == "event":
        name = next((event.name for event in due.events if event.slug == key), key)
        return Person(name, key) if fund.death else name
    if due.cycle.name == "once":
        return CYCLES["once"]
    return bucket_cycle(due).span(key)


def shown_buckets(fund: Fund, due: Due, periods: Sequence[str]) -> Sequence[Span | Message | Person | str]:
    """Periods as a due is reckoned by (nights by their months), as people say them."""
    if due.cycle.name in ("event", "once"):
        return [shown_period(fund, due, period) for period in periods]
    return joined(map(bucket_cycle(due).span, periods))


def shown_periods(fund: Fund, due: Due, periods: Sequence[str]) -> Sequence[Span | Message | Person | str]:
    """Periods as people say them: an event by its name, those of the calendar as runs (`January to March 2026`)."""
    if due.cycle.name in ("event", "once"):
        return [shown_period(fund, due, period) for period in periods]
    return joined(map(due.cycle.span, periods))


def _members_own(entry: Entry, registers: Registers) -> Message:
    """Loans and savings: between the fund and one member."""
    fields, members = entry.fields, registers.members[entry.organisation]
    member = members[fields["member"]].person
    match entry.kind:
        case "loan":
            return msg("Loan to {member}", member=member)
        case "saving" | "withdrawal":
            name = registers.funds[entry.fund].savings[fields["class"]].name
            if entry.kind == "saving":
                return msg("{name} of {member}", name=name, member=member)
            return msg("{name} withdrawn by {member}", name=name, member=member)
    if "covered_by" in fields:
        return msg(
            "Instalment of {member}, covered by {other}", member=member, other=members[fields["covered_by"]].person
        )
    if entry.kind == "settlement":
        return msg(
            "{member} gives back to {other} what was covered", member=member, other=members[fields["to_coverer"]].person
        )
    return msg("Instalment of {member}", member=member)


def _contribution(entry: Entry, registers: Registers) -> Message:
    fields: Mapping[str, object] = entry.fields
    fund = registers.funds[entry.fund]
    due = fund.dues.get(str(fields.get("due", "")))
    what = due.name if due else fund.name
    members = registers.members[fund.organisation]
    paying = list(entry.fields["members"])
    if len(paying) == 1:
        periods = entry.fields.get("for")
        if due and periods and due.cycle.name != "once":
            return msg(
                "{due} {periods}, {member}",
                due=what,
                periods=shown_periods(fund, due, periods),
                member=members[paying[0]].person,
            )
        if "collector" in fields:
            return msg(
                "{due}, {member}, collected by {collector}",
                due=what,
                member=members[paying[0]].person,
                collector=fields["collector"],
            )
        return msg("{due}, {member}", due=what, member=members[paying[0]].person)
    if "collector" in fields:
        return msgn(
            "{due}, {count} member, collected by {collector}",
            "{due}, {count} members, collected by {collector}",
            len(paying),
            due=what,
            collector=fields["collector"],
        )
    return msgn("{due}, {count} member", "{due}, {count} members", len(paying), due=what)
