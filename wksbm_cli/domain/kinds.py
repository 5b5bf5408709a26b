"""The kinds of entry: which keys each has, and to which postings each compiles.

This table is the one place where single entry becomes double entry. A key that is not in the table is an
error, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from wksbm_cli.domain.arisan import METHODS as ARISAN_METHODS
from wksbm_cli.domain.cycles import CYCLES
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import ASNAF
from wksbm_cli.domain.lending import INSTALMENT_CYCLES, METHODS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.units import IDR, Unit, minor_of

DONATION_SOURCES: dict[str, Message] = {
    "individual": msg("individual"),
    "company": msg("company"),
    "government": msg("government"),
    "collection-box": msg("collection box"),
    "member": msg("member"),
}
INCOME_SOURCES: dict[str, Message] = {
    "interest": msg("interest"),
    "rent": msg("rent"),
    "sale": msg("sale of own produce"),
    "fine": msg("fine"),
    "other": msg("other income"),
}
# The four pillars of UU 11/2009 article 1(2), and the three ways of helping (DOMAIN §1).
PILLARS: dict[str, Message] = {
    "rehabilitation": msg("social rehabilitation"),
    "security": msg("social security"),
    "empowerment": msg("social empowerment"),
    "protection": msg("social protection"),
}
MODES: dict[str, Message] = {
    "prevention": msg("prevention"),
    "handling": msg("handling"),
    "referral": msg("referral"),
}


class Key(NamedTuple):
    """One key of a kind. `form` names its check in `shape.FORMS`; `choices` close a `choice`."""

    name: str
    form: str
    required: bool = False
    choices: Mapping[str, Message] | None = None


Compile = Callable[[Entry, Fund, Mapping[str, Unit]], Iterator[Posting]]


class Kind(NamedTuple):
    """A kind of entry: its name in the ledger, what it is called in a report, its keys, its postings."""

    name: str
    title: Message
    keys: tuple[Key, ...]
    postings: Compile


def _unit(entry: Entry, units: Mapping[str, Unit], key: str = "unit") -> Unit:
    return units[entry.fields.get(key, IDR.code)]


def _amount(entry: Entry, units: Mapping[str, Unit]) -> tuple[int, str]:
    unit = _unit(entry, units)
    return minor_of(entry.fields["amount"], unit), unit.code


def place_of(fields: Mapping[str, Any], fund: Fund) -> str:
    """Where the entry's money is: the place named, else the collector's hands, else the fund's first place."""
    place: str = fields.get("place") or fields.get("collector") or fund.default_place
    return place


def _in(entry: Entry, fund: Fund, minor: int, unit: str, account: str) -> Iterator[Posting]:
    """`minor` comes into the entry's place from `account` (and out of it to `account` when negative)."""
    place = place_of(entry.fields, fund)
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    yield Posting(fund.slug, account, -minor, unit)


def _opening(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    yield from _in(entry, fund, *_amount(entry, units), "equity:opening")


def _contribution(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    fields, unit = entry.fields, _unit(entry, units)
    place = place_of(fields, fund)
    due = fields.get("due")
    # What members pay into an arisan is owed back to them: a liability, never income.
    account = "liabilities:arisan" if fund.type == "arisan" else f"income:contributions:{due or 'other'}"
    paid = {member: minor_of(value, unit) for member, value in fields["members"].items()}
    yield Posting(fund.slug, f"assets:{place}", sum(paid.values()), unit.code, place=place)
    for member, minor in paid.items():
        yield Posting(fund.slug, account, -minor, unit.code, party=member, due=due)
    for other, value in fields.get("split", {}).items():
        part, other_place = minor_of(value["amount"], unit), value["place"]
        yield from _in(entry, fund, -part, unit.code, "equity:transfers")
        yield Posting(other, f"assets:{other_place}", part, unit.code, place=other_place)
        yield Posting(other, "equity:transfers", -part, unit.code)


def _donation(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    yield from _in(entry, fund, *_amount(entry, units), f"income:donations:{entry.fields['source']}")


def _income(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    yield from _in(entry, fund, *_amount(entry, units), f"income:{entry.fields.get('source', 'other')}")


def _disbursement(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    yield from _in(entry, fund, -minor, unit, f"expenses:benefits:{entry.fields.get('pillar', 'other')}")


def _expense(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    yield from _in(entry, fund, -minor, unit, "expenses:operations")


def _transfer(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    other, other_place = entry.fields["to_fund"], entry.fields["to_place"]
    yield from _in(entry, fund, -minor, unit, "equity:transfers")
    yield Posting(other, f"assets:{other_place}", minor, unit, place=other_place)
    yield Posting(other, "equity:transfers", -minor, unit)


def _move(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    place, to_place = entry.fields["place"], entry.fields["to_place"]
    yield Posting(fund.slug, f"assets:{place}", -minor, unit, place=place)
    yield Posting(fund.slug, f"assets:{to_place}", minor, unit, place=to_place)


def _exchange(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    got_unit = _unit(entry, units, "get_unit")
    got, to_place = minor_of(entry.fields["get"], got_unit), entry.fields["to_place"]
    yield from _in(entry, fund, -minor, unit, "equity:exchange")
    yield Posting(fund.slug, f"assets:{to_place}", got, got_unit.code, place=to_place)
    yield Posting(fund.slug, "equity:exchange", -got, got_unit.code)


def _loan(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    member, place = entry.fields["member"], place_of(entry.fields, fund)
    yield Posting(fund.slug, f"assets:{place}", -minor, unit, place=place)
    yield Posting(fund.slug, f"assets:loans:{member}", minor, unit, party=member)


def _repayment(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """What another member paid in the borrower's place comes in like any payment; who covered whom is in the line."""
    minor, unit = _amount(entry, units)
    fields, place = entry.fields, place_of(entry.fields, fund)
    charge, fine = (minor_of(fields.get(key, 0), units[unit]) for key in ("charge", "fine"))
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    for account, part, party in (
        (f"assets:loans:{fields['member']}", minor - charge - fine, fields["member"]),
        ("income:service-charges", charge, None),
        ("income:fine", fine, None),
    ):
        if part:
            yield Posting(fund.slug, account, -part, unit, party=party)


def _settlement(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """What someone gives back to who had covered passes between the two, and moves nothing of the fund's."""
    return iter(())


def _win(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """That a slot won is one fact; that its pot was paid out is another (`payout`)."""
    return iter(())


def _payout(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    unit, place = _unit(entry, units), place_of(entry.fields, fund)
    received = {member: minor_of(value, unit) for member, value in entry.fields["members"].items()}
    yield Posting(fund.slug, f"assets:{place}", -sum(received.values()), unit.code, place=place)
    for member, minor in received.items():
        yield Posting(fund.slug, "liabilities:arisan", minor, unit.code, party=member)


def _surplus(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """What a fund earned in a year and gives to its members by its rule: no cost of the year in which it is given."""
    unit, place = _unit(entry, units), place_of(entry.fields, fund)
    received = {member: minor_of(value, unit) for member, value in entry.fields["members"].items()}
    yield Posting(fund.slug, f"assets:{place}", -sum(received.values()), unit.code, place=place)
    for member, minor in received.items():
        yield Posting(fund.slug, "equity:surplus", minor, unit.code, party=member)


def _saving(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = _amount(entry, units)
    member, place = entry.fields["member"], place_of(entry.fields, fund)
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    yield Posting(fund.slug, f"liabilities:savings:{member}", -minor, unit, party=member)


def _withdrawal(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    for posting in _saving(entry, fund, units):
        yield posting._replace(minor=-posting.minor)


def _count(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    unit = _unit(entry, units)
    difference = minor_of(entry.fields["difference"], unit)
    if difference:
        yield from _in(entry, fund, difference, unit.code, "equity:differences")


def _reversal(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    raise LookupError("a reversal mirrors the entry it cancels: compile that one and use `mirrored`")


def mirrored(postings: list[Posting]) -> Iterator[Posting]:
    """What a reversal books: every posting of the cancelled entry with its sign turned."""
    for posting in postings:
        yield Posting(
            posting.fund,
            posting.account,
            -posting.minor,
            posting.unit,
            posting.place,
            posting.party,
            posting.due,
            posting.period,
        )


_AMOUNT = (Key("amount", "amount", required=True), Key("unit", "unit"))
_PLACE = Key("place", "place")
# Keys that every kind may carry, after its own. `at` stays the last (domain/line.py).
COMMON = (
    Key("note", "text"),
    Key("ref", "text"),
    Key("by", "text", required=True),
    Key("twin", "twin"),
    Key("at", "moment", required=True),
)

_ALL = (
    Kind("opening", msg("opening balance"), (*_AMOUNT, _PLACE), _opening),
    Kind(
        "contribution",
        msg("contributions"),
        (
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
            _PLACE,
        ),
        _contribution,
    ),
    Kind(
        "donation",
        msg("donations"),
        (
            *_AMOUNT,
            Key("from", "text", required=True),
            Key("source", "choice", True, DONATION_SOURCES),
            Key("member", "member"),
            _PLACE,
        ),
        _donation,
    ),
    Kind(
        "income",
        msg("other income"),
        (*_AMOUNT, Key("from", "text", required=True), Key("source", "choice", False, INCOME_SOURCES), _PLACE),
        _income,
    ),
    Kind(
        "disbursement",
        msg("help given"),
        (
            *_AMOUNT,
            Key("to", "text", required=True),
            Key("purpose", "text", required=True),
            Key("member", "member"),
            Key("event", "slug"),
            Key("pillar", "choice", False, PILLARS),
            Key("mode", "choice", False, MODES),
            Key("category", "category"),
            Key("asnaf", "choice", False, ASNAF),
            Key("approved_by", "text"),
            Key("parcels", "parcels"),
            _PLACE,
        ),
        _disbursement,
    ),
    Kind(
        "expense",
        msg("running costs"),
        (*_AMOUNT, Key("purpose", "text", required=True), Key("to", "text"), _PLACE),
        _expense,
    ),
    Kind(
        "transfer",
        msg("transfers between funds"),
        (
            *_AMOUNT,
            Key("to_fund", "fund", required=True),
            Key("to_place", "slug", required=True),
            Key("reason", "text", required=True),
            _PLACE,
        ),
        _transfer,
    ),
    Kind(
        "move",
        msg("moves between places"),
        (*_AMOUNT, Key("place", "place", required=True), Key("to_place", "place", required=True)),
        _move,
    ),
    Kind(
        "exchange",
        msg("exchanges"),
        (
            *_AMOUNT,
            Key("get", "amount", required=True),
            Key("get_unit", "unit"),
            Key("to_place", "place", required=True),
            Key("to", "text"),
            _PLACE,
        ),
        _exchange,
    ),
    Kind(
        "loan",
        msg("loans"),
        (
            *_AMOUNT,
            Key("member", "member", required=True),
            Key("rate", "percent", required=True),
            Key("method", "choice", True, METHODS),
            Key("instalments", "number", required=True),
            Key("cycle", "choice", True, {cycle: CYCLES[cycle] for cycle in INSTALMENT_CYCLES}),
            _PLACE,
        ),
        _loan,
    ),
    Kind(
        "repayment",
        msg("repayments"),
        (
            *_AMOUNT,
            Key("member", "member", required=True),
            Key("loan", "entry", required=True),
            Key("charge", "part"),
            Key("fine", "part"),
            Key("covered_by", "member"),
            _PLACE,
        ),
        _repayment,
    ),
    Kind(
        "settlement",
        msg("given back for cover"),
        (
            *_AMOUNT,
            Key("member", "member", required=True),
            Key("to_coverer", "member", required=True),
            Key("loan", "entry"),
        ),
        _settlement,
    ),
    Kind(
        "win",
        msg("arisan wins"),
        (
            Key("slot", "arisan-slot", required=True),
            Key("round", "number", required=True),
            Key("method", "choice", True, ARISAN_METHODS),
            Key("seed", "text"),
            Key("candidates", "arisan-slots", required=True),
            Key("bid", "bid"),
        ),
        _win,
    ),
    Kind(
        "payout",
        msg("arisan pots"),
        (
            Key("slot", "arisan-slot", required=True),
            Key("round", "number", required=True),
            Key("members", "members", required=True),
            Key("unit", "unit"),
            _PLACE,
        ),
        _payout,
    ),
    Kind(
        "surplus",
        msg("surplus shared out"),
        (Key("year", "year", required=True), Key("members", "members", required=True), Key("unit", "unit"), _PLACE),
        _surplus,
    ),
    Kind(
        "saving",
        msg("savings"),
        (*_AMOUNT, Key("member", "member", required=True), Key("class", "savings-class", required=True), _PLACE),
        _saving,
    ),
    Kind(
        "withdrawal",
        msg("withdrawals"),
        (*_AMOUNT, Key("member", "member", required=True), Key("class", "savings-class", required=True), _PLACE),
        _withdrawal,
    ),
    Kind(
        "count",
        msg("counts"),
        (
            Key("amount", "counted", required=True),
            Key("unit", "unit"),
            Key("difference", "difference", required=True),
            Key("reason", "text"),
            _PLACE,
        ),
        _count,
    ),
    Kind(
        "reversal",
        msg("reversals"),
        (Key("of", "entry", required=True), Key("reason", "text", required=True)),
        _reversal,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}


def postings(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> list[Posting]:
    """The postings of any entry but a reversal (see `mirrored`)."""
    return list(KINDS[entry.kind].postings(entry, fund, units))
