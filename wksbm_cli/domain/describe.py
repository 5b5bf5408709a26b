"""What an entry says, as a sentence a cash book can carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Due, Registers
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


def shown_periods(due: Due, periods: Sequence[str]) -> list[Span | str]:
    """Periods as people say them: whole months as runs (`January to March 2026`), an event by its name, a night or week by its key."""
    if due.cycle.name == "event":
        names = {event.slug: event.name for event in due.events}
        return [names.get(period, period) for period in periods]
    if due.cycle.name not in ("month", "semester", "year"):
        return list(periods)
    runs: list[Span | str] = []
    for span in map(due.cycle.span, periods):
        before = runs[-1] if runs else None
        if isinstance(before, Span) and before.end and span.start and before.end + timedelta(days=1) == span.start:
            runs[-1] = Span(before.start, span.end)
        else:
            runs.append(span)
    return runs


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
                periods=shown_periods(due, periods),
                member=members[paying[0]].name,
            )
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
