"""Parts of sentences about an entry (who, for what, which periods), with names that a report can reduce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wksbm_cli.domain.cycles import CYCLES
from wksbm_cli.domain.dates import Span, joined
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.obligations import Settled, bucket_cycle
from wksbm_cli.domain.person import Person, RedactableText, redactable
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount


def named_side(entry: Entry, *, helped: bool) -> Person | str | None:
    """The giver or receiver named in the entry; names of companies, offices and boxes are never reduced."""
    fields = entry.fields
    name: str | None = fields.get("from") or fields.get("to")
    if name is None or fields.get("source") in _NOBODY:
        return name
    return Person(name, fields.get("member", ""), helped)


_NOBODY = ("company", "government", "collection-box", "interest", "sale")


def free_text(entry: Entry, key: str, registers: Registers, *, helped: bool) -> RedactableText:
    """A free text of the entry, with the people it may name: the other side, and members by their full names.

    People in the purpose of a disbursement are treated as recipients of help, and so are those in a donation's, but not its
    giver. What help was for, and a note on it, say as much as a category does and are withheld where its recipient is.
    """
    members = registers.members[registers.funds[entry.fund].organisation]
    other = named_side(entry, helped=helped and "to" in entry.fields)
    named = [Person(member.name, slug, helped) for slug, member in members.items()]
    about = [other] if isinstance(other, Person) else []
    about += [person for person in named if person.code == entry.fields.get("member")]
    return redactable(entry.fields[key], about, named, _WITHHELD.get(key) if helped else None)


_WITHHELD = {"purpose": msg("help given"), "note": msg("note withheld")}


def due_in_fund(fund: Fund, due: Due) -> Message | str:
    """A due with its fund, or one name where both are the same."""
    same = due.name.casefold() == fund.name.casefold()
    return fund.name if same else msg("{fund}: {due}", fund=fund.name, due=due.name)


def shown_period(fund: Fund, due: Due, key: str) -> Span | Message | Person | str:
    """A period in words: `March 2026`, an event by its name. A levy of a death fund is named after the deceased, whose name
    a report may have to reduce."""
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


def paid_for(fund: Fund, due: Due, settled: Settled) -> Message | None:
    """A due with the periods a payment settled: `Iuran November 2026 to January 2027; part of February 2027, ...`."""
    parts = _parts(fund, due, settled)
    if due.cycle.name == "once":
        if parts:
            return msg("{due}, {rest} still open", due=due.name, rest=Amount(settled.parts[0].minor, due.unit))
        return msg("{due}", due=due.name) if settled.full else None
    if settled.full and parts:
        return msg(
            "{due} {periods}; {parts}", due=due.name, periods=shown_buckets(fund, due, settled.full), parts=parts
        )
    if settled.full:
        return msg("{due} {periods}", due=due.name, periods=shown_buckets(fund, due, settled.full))
    return msg("{due}, {parts}", due=due.name, parts=parts) if parts else None


def _parts(fund: Fund, due: Due, settled: Settled) -> list[Message]:
    return [
        msg(
            "part of {period}, {rest} still open",
            period=shown_period(fund, due, owed.period),
            rest=Amount(owed.minor, due.unit),
        )
        for owed in settled.parts
    ]


# Of more different settlements than this in one sheet, the rarer ones are told by their number of members alone.
_MOST_TOLD = 4


def paid_for_together(fund: Fund, due: Due, settled: Mapping[Settled, int]) -> Message | None:
    """A due with what a sheet settled, by numbers of members: `Iuran November 2026`, or
    `Iuran (November 2026: 22; October 2026: 2; not owed: 1)`."""
    if len(settled) == 1:
        return paid_for(fund, due, next(iter(settled)))
    if due.cycle.name == "once":
        return msg("{due}", due=due.name)

    def order(item: tuple[Settled, int]) -> tuple[int, tuple[str, ...]]:
        each, count = item
        return -count, (*each.full, *(owed.period for owed in each.parts)) or ("~",)

    by_number = sorted(settled.items(), key=order)
    shown = by_number if len(by_number) <= _MOST_TOLD + 1 else by_number[:_MOST_TOLD]
    parts = [msg("{periods}: {count}", periods=_periods_settled(fund, due, each), count=count) for each, count in shown]
    if len(shown) < len(by_number):
        parts.append(msg("other months: {count}", count=sum(count for _, count in by_number[_MOST_TOLD:])))
    told = parts[0]
    for part in parts[1:]:
        told = msg("{told}; {more}", told=told, more=part)
    return msg("{due} ({parts})", due=due.name, parts=told)


def _periods_settled(fund: Fund, due: Due, settled: Settled) -> Sequence[Span | Message | Person | str]:
    """The periods of one settlement, without the due."""
    if not settled.full and not settled.parts:
        return [msg("not owed")]
    return [*shown_buckets(fund, due, settled.full), *_parts(fund, due, settled)]
