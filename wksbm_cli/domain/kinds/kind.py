"""The record of a kind of entry, every field required, and the functions that several kinds share as values of those fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.flow import Flow, StatementLine
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import RESERVES, UNRESERVED, StatementHead
from wksbm_cli.domain.units import Amount, Unit, minor_of


class Key(NamedTuple):
    """One key of a kind. `form` names its validator in `shape.FORMS`; `choices` are the allowed values of a `choice`. A required
    key may be missing where the one named in `unless` is there."""

    name: str
    form: str
    required: bool = False
    choices: Mapping[str, Message] | None = None
    unless: str = ""


Party = Person | str | Message | Sequence[Person]


class Slip(NamedTuple):
    """What stands on a receipt or a voucher; `given` is whether the fund gave and the other side received."""

    given: bool
    party: Party
    amount: Amount
    purpose: Message


class Lines(NamedTuple):
    """Where a kind stands in the yearly report and in that to the supervisor.

    `parts` divides the net change of a fund in one unit into what it was for, a detail and smallest steps each; flows
    with the same `thing` are one line, which is called `label`; `item` is a name of `statements.RECEIPTS` or `PAYMENTS`.
    """

    parts: Callable[[Entry, str, str, int, Registers], Iterable[tuple[str, int]]]
    thing: Callable[[Flow, Fund], tuple[Any, ...]]
    label: Callable[[StatementLine, Fund, Registers], Message]
    item: Callable[[Flow, Fund], str]


class Kind(NamedTuple):
    """A kind of entry. No field has a default, so that the type checker asks whoever adds a kind for every one."""

    name: str  # in the ledger
    title: Message  # in a report
    keys: tuple[Key, ...]
    # Which ledger it is kept in: a fund's (`ORG/FUND/YEAR.toml`) or an organisation's (`ORG/YEAR.toml`).
    kept_in: Literal["fund", "organisation"]
    postings: Callable[[Entry, Fund, Mapping[str, Unit]], Iterator[Posting]]
    # The lines of the financial statements to which its postings belong, postings on places excepted.
    heads: Collection[StatementHead]
    # Whether it is a receipt or a payment of its fund; an exchange is both, a count is either.
    way: Literal["in", "out", "either", "none"]
    # Its amount, in smallest steps of its unit; None where it names none.
    amount: Callable[[Entry, Unit], int] | None
    # The sentence for the cash book and for the confirmation; whether that sentence already contains the amount.
    sentence: Callable[[Entry, Registers], Message]
    says_amount: bool
    # Its receipt or voucher; None where nothing passes between the fund and anyone who could sign.
    slip: Callable[[Entry, Registers], Slip | None] | None
    # Its lines in the yearly reports; None where it changes no holding, or is an opening balance.
    lines: Lines | None
    # On the card of the member it names (`member`, or each of `members`): paid in (1), received (-1), not shown (0).
    on_card: Literal[1, 0, -1]
    # Whether the person named received help, so that reports for many readers reduce the name.
    is_help: bool
    # Whether it must be in the fund's own unit, since its amount is compared with those of other entries.
    in_funds_unit: bool
    # Whether an arisan may have it; an arisan's money belongs to its members.
    in_arisan: bool
    # The funds in which it is validated against other entries (see `consistency`): loans, savings,
    # wins, cover: "arisan", "other" or both; "reserves": where a fund keeps parts of its surplus.
    rests_in: Collection[str]
    # Whether it changes what members owe a fund or are owed by it.
    changes_owed: Literal["never", "in-arisan", "always"]
    # Whether it takes out of the fund what then is no longer there for those it is owed to.
    spends: bool
    # Whether a second person approves it: above the fund's limit, or whatever it is about.
    needs_approval: Literal["never", "above-limit", "always"]
    # Whether it makes or costs something in the year's surplus, in what a fund spends in an average month, in what zakat came in.
    in_surplus: bool
    is_outgoing: bool
    is_collected: bool
    # Whether it may be said twice of one day with no reason to ask.
    may_repeat: bool


AMOUNT = (Key("amount", "amount", required=True), Key("unit", "unit"))
PLACE = Key("place", "place")
APPROVED_BY = Key("approved_by", "text")
# The reserve of the fund that an amount comes into or is paid out of.
RESERVE = Key("reserve", "reserve")
OF_RESERVES = (RESERVES, UNRESERVED)


def unit_of(entry: Entry, units: Mapping[str, Unit]) -> Unit:
    return units[entry.unit]


def amount_in(entry: Entry, units: Mapping[str, Unit]) -> tuple[int, str]:
    unit = units[entry.unit]
    return minor_of(entry.fields["amount"], unit), unit.code


def one_amount(entry: Entry, unit: Unit) -> int:
    return minor_of(entry.fields["amount"], unit)


def of_members(entry: Entry, unit: Unit) -> int:
    """The sum of what each member paid or received."""
    return sum(minor_of(value, unit) for value in entry.fields.get("members", {}).values())


def place_of(fields: Mapping[str, Any], fund: Fund) -> str:
    """Where the entry's money is: the place named, else the collector's hands, else the fund's first place."""
    place: str = fields.get("place") or fields.get("collector") or fund.default_place
    return place


def into(entry: Entry, fund: Fund, minor: int, unit: str, account: str) -> Iterator[Posting]:
    """`minor` comes into the entry's place from `account` (and out of it to `account` when negative)."""
    place = place_of(entry.fields, fund)
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    yield Posting(fund.slug, account, -minor, unit)


def into_from_member(entry: Entry, fund: Fund, minor: int, unit: str, account: str) -> Iterator[Posting]:
    """The same of the one member it names, whose own account begins so."""
    member, place = entry.fields["member"], place_of(entry.fields, fund)
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    yield Posting(fund.slug, f"{account}{member}", -minor, unit, party=member)


def to_members(entry: Entry, fund: Fund, units: Mapping[str, Unit], account: str) -> Iterator[Posting]:
    """What goes out of the entry's place to each of its members, from one account."""
    unit, place = unit_of(entry, units), place_of(entry.fields, fund)
    received = {member: minor_of(value, unit) for member, value in entry.fields.get("members", {}).items()}
    if not received:
        return
    yield Posting(fund.slug, f"assets:{place}", -sum(received.values()), unit.code, place=place)
    for member, minor in received.items():
        yield Posting(fund.slug, account, minor, unit.code, party=member)


def to_reserve(fund: Fund, name: str, minor: int) -> Iterator[Posting]:
    """`minor` is named as a reserve of the fund (no longer so, when negative): within what the fund has."""
    yield Posting(fund.slug, f"{RESERVES.account}{name}", -minor, fund.unit.code)
    yield Posting(fund.slug, UNRESERVED.account, minor, fund.unit.code)


def out_of_reserve(entry: Entry, fund: Fund) -> Iterator[Posting]:
    """What is paid out of a reserve is no longer kept there; nothing for an entry that names none."""
    if name := entry.fields.get("reserve"):
        yield from to_reserve(fund, name, -minor_of(entry.fields["amount"], fund.unit))


def with_reserve(what: Message, entry: Entry, registers: Registers) -> Message:
    """A sentence, and the reserve that the entry names, if it does."""
    if name := entry.fields.get("reserve"):
        return msg("{what} (reserve: {name})", what=what, name=registers.funds[entry.fund].reserve_name(name))
    return what


def member_of(entry: Entry, registers: Registers, key: str = "member") -> Person:
    """The member under one of its keys."""
    return registers.members[entry.organisation][entry.fields[key]].person


def slip_to_members(entry: Entry, registers: Registers, purpose: Message) -> Slip | None:
    """What all its members received, for each of whom to sign; None where none did."""
    if not entry.fields.get("members"):
        return None
    members = registers.members[entry.organisation]
    named = [members[slug].person for slug in entry.fields["members"]]
    return Slip(True, named[0] if len(named) == 1 else named, amount_of(entry, registers, of_members), purpose)


def amount_of(entry: Entry, registers: Registers, amount: Callable[[Entry, Unit], int]) -> Amount:
    unit = registers.unit(entry.unit)
    return Amount(amount(entry, unit), unit)


def whole(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    """Not divided, with no detail to tell."""
    yield "", net


def by_detail(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    return (flow.detail,)


def by_purpose(flow: Flow, fund: Fund) -> tuple[Any, ...]:
    return (flow.entry.fields["purpose"].casefold(),)


def in_or_out(flow: Flow) -> str:
    return "in" if flow.minor > 0 else "out"
