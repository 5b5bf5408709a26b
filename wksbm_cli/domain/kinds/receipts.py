"""What comes in: opening balances, contributions of members, donations, other income."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.flow import Flow, StatementLine
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds.kind import (
    AMOUNT,
    OF_RESERVES,
    PLACE,
    RESERVE,
    Key,
    Kind,
    Lines,
    Party,
    Slip,
    amount_in,
    amount_of,
    into,
    of_members,
    one_amount,
    place_of,
    to_reserve,
    unit_of,
    with_reserve,
)
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.sources import DONATION_SOURCES, INCOME_SOURCES
from wksbm_cli.domain.statements import (
    ARISAN,
    CONTRIBUTED,
    DONATIONS,
    EARNED,
    OPENING,
    OTHER_INCOME,
    TRANSFERS,
)
from wksbm_cli.domain.units import Unit, minor_of
from wksbm_cli.domain.wording import free_text, named_side, shown_periods

# Dues of these cycles have one report line a month, as readers expect; dues of other cycles one line for the whole period.
_MONTHLY = ("night", "week", "selapanan", "month")


def _opening(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """What was there; of an arisan taken over, the members' own: what each paid in before, less what each received."""
    if "won" not in entry.fields:
        yield from into(entry, fund, *amount_in(entry, units), OPENING.account)
        if name := entry.fields.get("reserve"):
            yield from to_reserve(fund, name, minor_of(entry.fields["amount"], fund.unit))
        return
    minor, unit = amount_in(entry, units)
    place = place_of(entry.fields, fund)
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    rest = -minor
    for key, sign in (("paid", -1), ("received", 1)):
        for member, value in entry.fields.get(key, {}).items():
            owed = sign * minor_of(value, units[unit])
            rest -= owed
            yield Posting(fund.slug, ARISAN.account, owed, unit, party=member)
    if rest:  # of a line that a hand wrote; the sums are judged elsewhere (consistency), and a posting balances always
        yield Posting(fund.slug, OPENING.account, rest, unit)


def _began(entry: Entry, registers: Registers) -> Message:
    if "won" in entry.fields:
        return msg("Arisan taken over after round {round}", round=len(entry.fields["won"]))
    return with_reserve(msg("Opening balance"), entry, registers)


def _contribution(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    fields, unit = entry.fields, unit_of(entry, units)
    place = place_of(fields, fund)
    due = fields.get("due")
    # What members pay into an arisan is owed back to them: a liability, never income.
    account = ARISAN.account if fund.type == "arisan" else f"{CONTRIBUTED.account}{due or 'other'}"
    paid = {member: minor_of(value, unit) for member, value in fields["members"].items()}
    yield Posting(fund.slug, f"assets:{place}", sum(paid.values()), unit.code, place=place)
    for member, minor in paid.items():
        yield Posting(fund.slug, account, -minor, unit.code, party=member, due=due)
    for other, value in fields.get("split", {}).items():
        part, other_place = minor_of(value["amount"], unit), value["place"]
        yield from into(entry, fund, -part, unit.code, TRANSFERS.account)
        yield Posting(other, f"assets:{other_place}", part, unit.code, place=other_place)
        yield Posting(other, TRANSFERS.account, -part, unit.code)


def _donation(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    yield from into(entry, fund, *amount_in(entry, units), f"income:donations:{entry.fields['source']}")


def _income(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    yield from into(entry, fund, *amount_in(entry, units), f"income:{_source(entry)}")


def _source(entry: Entry) -> str:
    source: str = entry.fields.get("source", "other")
    return source


# In words


def _contributed(entry: Entry, registers: Registers) -> Message:
    return contributed(entry, registers, _paid_for(entry, registers))


def contributed(entry: Entry, registers: Registers, what: Message) -> Message:
    """Who paid `what`: the member, or how many, and who collected it."""
    fields, fund = entry.fields, registers.funds[entry.fund]
    members = registers.members[fund.organisation]
    paying = list(fields["members"])
    collector = registers.place_name(fund, fields["collector"]) if "collector" in fields else None
    if len(paying) == 1:
        member = members[paying[0]].person
        if collector is not None:
            return msg("{due}, {member}, collected by {collector}", due=what, member=member, collector=collector)
        return msg("{due}, {member}", due=what, member=member)
    if collector is not None:
        return msgn(
            "{due}, {count} member, collected by {collector}",
            "{due}, {count} members, collected by {collector}",
            len(paying),
            due=what,
            collector=collector,
        )
    return msgn("{due}, {count} member", "{due}, {count} members", len(paying), due=what)


def _contribution_slip(entry: Entry, registers: Registers) -> Slip:
    """One slip for all members the entry names; whoever covered another member paid, and gets the receipt."""
    fields, members = entry.fields, registers.members[entry.organisation]
    named = [members[slug].person for slug in fields["members"]]
    purpose = _paid_for(entry, registers)
    party: Party = named[0]
    if "covered_by" in fields:
        purpose = msg("{what}, of {members}", what=purpose, members=named)
        party = members[fields["covered_by"]].person
    elif len(named) > 1:
        party = msgn("{count} member", "{count} members", len(named))
        if collector := fields.get("collector"):
            name = registers.place_name(registers.funds[entry.fund], collector)
            party = msg("{members}, collected by {collector}", members=party, collector=name)
    return Slip(False, party, amount_of(entry, registers, of_members), purpose)


def _paid_for(entry: Entry, registers: Registers) -> Message:
    fields, fund = entry.fields, registers.funds[entry.fund]
    due = fund.dues.get(fields.get("due", ""))
    periods = fields.get("for")
    if due and periods and due.cycle.name != "once":
        return msg("{due} {periods}", due=due.name, periods=shown_periods(fund, due, periods))
    return msg("{due}", due=due.name if due else fund.name)


def _donated(entry: Entry, registers: Registers) -> Message:
    if purpose := _purpose(entry, registers):
        return msg("Donation from {donor}, for {purpose}", donor=_payer(entry), purpose=purpose)
    return msg("Donation from {donor}", donor=_payer(entry))


def _received(entry: Entry, registers: Registers) -> Message:
    if purpose := _purpose(entry, registers):
        return msg("{purpose}, received from {payer}", purpose=purpose, payer=_payer(entry))
    return msg("Received from {payer}", payer=_payer(entry))


def _donation_slip(entry: Entry, registers: Registers) -> Slip:
    source = DONATION_SOURCES[entry.fields["source"]]
    purpose = msg("Donation ({source})", source=source)
    if said := _purpose(entry, registers):
        purpose = msg("Donation ({source}) for {purpose}", source=source, purpose=said)
    return Slip(False, _payer(entry), amount_of(entry, registers, one_amount), purpose)


def _income_slip(entry: Entry, registers: Registers) -> Slip:
    said = _purpose(entry, registers)
    purpose = msg("{purpose}", purpose=said) if said else INCOME_SOURCES[_source(entry)]
    return Slip(False, _payer(entry), amount_of(entry, registers, one_amount), purpose)


def _payer(entry: Entry) -> Person | str:
    return named_side(entry, helped=False) or ""


def _purpose(entry: Entry, registers: Registers) -> RedactableText | None:
    """The stated purpose, if any; people named in a donation's purpose are treated as recipients of help (names reduced)."""
    if "purpose" not in entry.fields:
        return None
    return free_text(entry, "purpose", registers, helped=entry.kind == "donation")


# In the yearly reports


def _due_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    # A share of another fund's due, received by its split, is labelled with that fund.
    from_elsewhere = f"{entry.fund}:" if entry.fund != fund else ""
    yield from_elsewhere + entry.fields.get("due", ""), net


def _source_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    yield _source(entry), net


def _by_donor(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    return (flow.detail, flow.entry.fields["from"].casefold(), *_by_what_for(flow))


def _by_source(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    return (flow.detail, *_by_what_for(flow))


def _by_what_for(flow: Flow) -> tuple[str]:
    return (flow.entry.fields.get("purpose", "").casefold(),)


def _donor_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    return _with_times(_donated(line.first.entry, registers), line)


def _income_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    if purpose := _purpose(line.first.entry, registers):
        return _with_times(msg("{purpose}", purpose=purpose), line)
    return EARNED[line.first.detail]


def _with_times(what: Message, line: StatementLine) -> Message:
    return what if line.times == 1 else msg("{what} ({count} times)", what=what, count=line.times)


def _by_due(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    return flow.detail, f"{flow.entry.date:%Y-%m}" if _is_monthly(fund.dues.get(flow.detail)) else ""


def is_of_a_month(line: StatementLine, fund: Fund) -> bool:
    """Whether a report line holds the dues received in a single month."""
    return line.first.kind == CONTRIBUTION.name and _is_monthly(fund.dues.get(line.first.detail))


def _is_monthly(due: Due | None) -> bool:
    """True as well where the fund's registers give no cycle: a collection, a share of another fund's due."""
    return due is None or due.cycle.name in _MONTHLY


def _due_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    flow = line.first
    of, _, slug = flow.detail.rpartition(":")
    due = registers.funds[of or fund.slug].dues.get(slug)
    name = due.name if due else msg("Contributions")
    if of:
        return msg("{due}, part of {fund}, {month}", due=name, fund=registers.funds[of].name, month=line.month)
    if _is_monthly(due):
        return msg("{due} {month}", due=name, month=line.month)
    return msg("{due}", due=name)


CONTRIBUTION = Kind(
    name="contribution",
    title=msg("contributions"),
    keys=(
        Key("due", "due"),
        Key("members", "members", required=True),
        Key("unit", "unit"),
        Key("for", "periods"),
        Key("event", "slug"),
        Key("covered_by", "member"),
        Key("empty", "member-list"),
        Key("away", "member-list"),
        Key("split", "split"),
        Key("collector", "collector"),
        PLACE,
    ),
    kept_in="fund",
    postings=_contribution,
    heads=(CONTRIBUTED, ARISAN, TRANSFERS),
    way="in",
    amount=of_members,
    sentence=_contributed,
    says_amount=False,
    slip=_contribution_slip,
    lines=Lines(
        parts=_due_parts,
        thing=_by_due,
        label=_due_label,
        item=lambda flow, fund: "members-in" if fund.type == "arisan" else "contributions",
    ),
    on_card=1,
    is_help=False,
    in_funds_unit=False,  # a due has a unit of its own
    in_arisan=True,
    rests_in=("arisan",),
    changes_owed="in-arisan",
    spends=False,
    needs_approval="never",
    in_surplus=False,
    is_outgoing=False,
    is_collected=True,
    may_repeat=False,
)

KINDS = (
    Kind(
        name="opening",
        title=msg("opening balance"),
        keys=(*AMOUNT, Key("won", "arisan-slots"), Key("paid", "members"), Key("received", "members"), RESERVE, PLACE),
        kept_in="fund",
        postings=_opening,
        heads=(OPENING, ARISAN, *OF_RESERVES),
        way="in",
        amount=one_amount,
        sentence=_began,
        says_amount=False,
        slip=None,
        lines=None,
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=True,
        rests_in=("arisan", "reserves"),
        changes_owed="in-arisan",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    CONTRIBUTION,
    Kind(
        name="donation",
        title=msg("donations"),
        keys=(
            *AMOUNT,
            Key("from", "text", required=True),
            Key("source", "choice", True, DONATION_SOURCES),
            Key("member", "member"),
            Key("purpose", "text"),
            Key("people", "parcels"),
            PLACE,
        ),
        kept_in="fund",
        postings=_donation,
        heads=DONATIONS,
        way="in",
        amount=one_amount,
        sentence=_donated,
        says_amount=False,
        slip=_donation_slip,
        lines=Lines(
            parts=_source_parts,
            thing=_by_donor,
            label=_donor_label,
            item=lambda flow, fund: f"donation:{flow.detail}",
        ),
        on_card=1,
        is_help=False,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=(),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=True,
        may_repeat=False,
    ),
    Kind(
        name="income",
        title=msg("other income"),
        keys=(
            *AMOUNT,
            Key("from", "text", required=True),
            Key("source", "choice", False, INCOME_SOURCES),
            Key("purpose", "text"),
            PLACE,
        ),
        kept_in="fund",
        postings=_income,
        heads=OTHER_INCOME,
        way="in",
        amount=one_amount,
        sentence=_received,
        says_amount=False,
        slip=_income_slip,
        lines=Lines(
            parts=_source_parts,
            thing=_by_source,
            label=_income_label,
            item=lambda flow, fund: f"income:{flow.detail}",
        ),
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=False,
        rests_in=(),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=True,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
)
