"""The book as double entry, ready for other programs: every entry a transaction of balanced postings.

Each writer beside this module formats the same journal for one program; names of accounts and units, exact amounts,
and tags are shared from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import describe
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import COMMON, KINDS, mirrored, place_of, postings
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Unit, minor_of
from wksbm_cli.index.query import Query

Say = Callable[[Message], str]


class Count(NamedTuple):
    """A counted balance of a place, for an assertion: `minor` smallest steps of `unit`.

    An entry recorded later with an earlier date changes the balance on the day of the count, which can then no longer be
    asserted. `in_order` is whether the balance right after the entry agrees, for programs that assert there;
    `at_day_end` whether it does at the end of that day, for those that assert then.
    """

    place: str
    minor: int
    unit: str
    in_order: bool
    at_day_end: bool


@dataclass(frozen=True, slots=True)
class Transaction:
    """An entry and its postings in the funds exported; they add up to zero in each fund and unit.

    `cancelled` is the entry a reversal cancels. `entry` is None for the transaction of opening balances.
    """

    date: date
    postings: tuple[Posting, ...]
    entry: Entry | None = None
    cancelled: Entry | None = None
    count: Count | None = None

    @property
    def kind(self) -> str:
        return self.entry.kind if self.entry else "carried"

    @property
    def is_silent(self) -> bool:
        """Whether no money moves, as between two members; a count without a difference is not silent, but an assertion."""
        return self.kind != "count" and not any(posting.minor for posting in self.postings)


class Journal(NamedTuple):
    """The transactions of some funds over a span, by date, then by the time of recording.

    Held whole in memory, at some 200 bytes a posting: a neighbourhood's ten years are about 50 MB.
    """

    registers: Registers
    span: Span
    transactions: tuple[Transaction, ...]

    @property
    def entries(self) -> Iterator[Transaction]:
        """The transactions without that of opening balances."""
        return (transaction for transaction in self.transactions if transaction.entry is not None)

    def accounts(self) -> dict[str, list[str]]:
        """The accounts used, by fund, in order."""
        used = {(posting.fund, posting.account) for each in self.transactions for posting in each.postings}
        accounts: dict[str, list[str]] = {}
        for fund, account in sorted(used):
            accounts.setdefault(fund, []).append(account)
        return accounts

    def units(self) -> list[Unit]:
        """The units used, in order."""
        used = {posting.unit for each in self.transactions for posting in each.postings}
        return [self.registers.unit(code) for code in sorted(used)]

    def notices(self) -> list[Message]:
        """What whoever exports should know."""
        unlike = sum(each.count is not None and not each.count.in_order for each in self.transactions)
        if not unlike:
            return []
        return [
            msgn(
                "{count} count is written as a remark, not as a check: entries for that day or an earlier one were recorded after it.",
                "{count} counts are written as remarks, not as checks: entries for that day or an earlier one were recorded after them.",
                unlike,
            )
        ]


# The key of an account: fund and name, and for receivables and liabilities also member and due.
_Holding = tuple[str, str, str, str | None, str | None]


def make_journal(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, *, categories: bool = True
) -> Journal:
    """The journal of `funds` over `span`; without `categories`, categories of need are left out.

    Reads all entries up to the span's end: those before it are summed into an opening transaction on the day before. A
    transfer or split payment may be in the ledger of a fund outside `funds` and still concern one.
    """
    chosen = {fund.slug for fund in funds}
    entries = sorted(query.entries(list(registers.funds), list(KINDS), Span(None, span.end)), key=_order)
    cancelled = {entry.fields["of"]: entry for entry in entries if entry.kind == "reversal"}
    by_id = {entry.id: entry for entry in entries if entry.id in cancelled}
    before: dict[_Holding, int] = defaultdict(int)
    held: dict[tuple[str, str, str], int] = defaultdict(int)
    transactions: list[Transaction] = []
    for day, of_day in groupby(entries, key=lambda entry: entry.date):
        made: list[Transaction] = []
        counted: dict[str, int] = {}
        for entry in of_day:
            original = by_id.get(entry.fields["of"]) if entry.kind == "reversal" else None
            booked = _postings(entry, original, registers)
            mine = tuple(posting for posting in booked if posting.fund in chosen)
            if not mine:
                continue
            for posting in mine:
                if posting.place is not None:
                    held[posting.fund, posting.place, posting.unit] += posting.minor
            if entry.kind == "count":
                counted[entry.id] = held[entry.fund, mine[0].place or "", mine[0].unit]
            made.append(Transaction(day, mine, entry if categories else _without_category(entry), original))
        if span.start is not None and day < span.start:
            for posting in (posting for each in made for posting in each.postings):
                before[posting.fund, posting.account, posting.unit, posting.party, posting.due] += posting.minor
            continue
        for each in made:
            assert each.entry is not None
            if each.kind == "count" and each.entry.id not in cancelled:
                each = _with_count(each, each.entry, counted[each.entry.id], held, registers)
            transactions.append(each)
    if span.start is not None and (opening := tuple(_carried(before))):
        transactions.insert(0, Transaction(span.start - timedelta(days=1), opening))
    return Journal(registers, span, tuple(transactions))


def _order(entry: Entry) -> tuple[Any, ...]:
    """By date, then by recording; within one second a count comes last, since it was compared with the book at that point."""
    return entry.date, entry.at, entry.kind == "count", *entry.recorded


def _without_category(entry: Entry) -> Entry:
    if "category" not in entry.fields:
        return entry
    return entry._replace(fields={key: value for key, value in entry.fields.items() if key != "category"})


def _postings(entry: Entry, cancelled: Entry | None, registers: Registers) -> Iterable[Posting]:
    fund, units = registers.funds[entry.fund], registers.book.units
    if cancelled is not None:
        return mirrored(list(_postings(cancelled, None, registers)))
    booked = postings(entry, fund, units)
    if not booked:  # a count without a difference, or money passed between members
        place = place_of(entry.fields, fund)
        return [Posting(fund.slug, f"assets:{place}", 0, entry.unit, place=place)]
    return booked


def _with_count(
    made: Transaction, entry: Entry, in_order: int, held: Mapping[tuple[str, str, str], int], registers: Registers
) -> Transaction:
    """The transaction of a count with what was counted; `held` is what places hold at the end of its day."""
    at = made.postings[0]
    assert at.place is not None
    minor = minor_of(entry.fields["amount"], registers.unit(at.unit))
    day_end = held[entry.fund, at.place, at.unit]
    count = Count(at.place, minor, at.unit, in_order == minor, day_end == minor)
    return Transaction(made.date, made.postings, entry, count=count)


def _carried(before: Mapping[_Holding, int]) -> Iterator[Posting]:
    """Opening balances of assets and liabilities; earlier income and expenses are closed into the opening equity."""
    rest: dict[tuple[str, str], int] = defaultdict(int)
    for (fund, account, unit, party, due), minor in sorted(before.items(), key=_holding_order):
        if minor and account.startswith(("assets:", "liabilities:")):
            place = place_in(account)
            yield Posting(fund, account, minor, unit, place=place, party=party, due=due)
            rest[fund, unit] -= minor
    for (fund, unit), minor in rest.items():
        if minor:
            yield Posting(fund, "equity:opening", minor, unit)


def _holding_order(item: tuple[_Holding, int]) -> tuple[str, ...]:
    (fund, account, unit, party, due), _ = item
    return fund, account, unit, party or "", due or ""


def place_in(account: str) -> str | None:
    """The place an account is, if it is one: `assets:kas`, not `assets:loans:r001`."""
    first, _, rest = account.partition(":")
    return rest if first == "assets" and ":" not in rest else None


# Keys that postings already express (see `kinds.KINDS`); `twin` and `row` only make lines unique.
_IN_POSTINGS = frozenset(
    {"amount", "counted", "difference", "part", "unit", "place", "members", "split", "twin", "row"}
)
_FORMS = {(kind.name, key.name): key.form for kind in KINDS.values() for key in (*kind.keys, *COMMON)}
# What a reversal's postings mean follows from the entry it cancels.
_OF_CANCELLED = ("due", "for", "event", "member")


def _fields(transaction: Transaction) -> Mapping[str, Any]:
    """The fields of the entry; for a reversal also those of the cancelled entry."""
    if transaction.entry is None:
        return {}
    if transaction.cancelled is None:
        return transaction.entry.fields
    taken_back = {key: value for key, value in transaction.cancelled.fields.items() if key in _OF_CANCELLED}
    return {**taken_back, **transaction.entry.fields}


def entry_tags(transaction: Transaction) -> Iterator[tuple[str, str]]:
    """The other values of an entry, beside date, id and postings, as keys and texts; lists joined by spaces."""
    yield "kind", transaction.kind
    # Without a posting, the amount passed between members is a tag.
    silent = transaction.is_silent
    for key, value in _fields(transaction).items():
        form = _FORMS.get((transaction.kind, key), "")
        if key == "member" or isinstance(value, Mapping) or (form in _IN_POSTINGS and not (silent and key == "amount")):
            continue
        if isinstance(value, list):
            yield key, " ".join(str(item) for item in value)
        else:
            yield key, value.isoformat() if isinstance(value, date) else str(value)


def member_of(transaction: Transaction, posting: Posting) -> str | None:
    """The member of a posting: who paid this part, or the one member the entry names.

    A place is nobody's, but where no money moves, its posting of 0 stands for the whole entry.
    """
    if posting.place is not None and not transaction.is_silent:
        return None
    return posting.party or _fields(transaction).get("member")


def posting_tags(transaction: Transaction, posting: Posting) -> Iterator[tuple[str, str]]:
    """The tags of a posting; the due is a tag of its entry, except in opening balances."""
    if member := member_of(transaction, posting):
        yield "member", member
    if posting.due is not None and transaction.entry is None:
        yield "due", posting.due


def account_parts(fund: str, account: str) -> list[str]:
    """An account's name outside its fund: `assets:kas` of rt-07/kas-sosial is assets, rt-07, kas-sosial, kas.

    Slugs hold no colon, so that no two accounts come out alike.
    """
    root, *rest = account.split(":")
    return [root, *fund.split("/"), *rest]


def format_exact(minor: int, unit: Unit) -> str:
    """The amount in whole units with all decimals of the unit: `-2.500`."""
    whole, rest = divmod(abs(minor), unit.scale)
    fraction = f".{rest:0{unit.decimals}d}" if unit.decimals else ""
    return f"{'-' if minor < 0 else ''}{whole}{fraction}"


def commodity_names(codes: Iterable[str], natural: Callable[[str], str | None]) -> dict[str, str]:
    """A program's name for each unit, no two alike.

    `natural` gives the name a code would have, or None where the program has another meaning for it. A unit
    left without a name becomes `unit-CODE`, or is numbered.
    """
    names: dict[str, str] = {}
    nameless: list[str] = []
    for code in sorted(codes):
        name = natural(code)
        if name is None or name in names.values():
            nameless.append(code)
        else:
            names[code] = name
    for number, code in enumerate(nameless, 1):
        spares = (natural(spare) for spare in (f"unit-{code}", *(f"unit-{n}" for n in range(number, 1000))))
        names[code] = next(spare for spare in spares if spare is not None and spare not in names.values())
    return names


def description(transaction: Transaction, journal: Journal) -> Message:
    """The transaction as a sentence."""
    if transaction.entry is None:
        return msg("Carried in from before the period")
    return describe(transaction.entry, journal.registers, transaction.cancelled)


def heading(journal: Journal) -> Message:
    """A description of the file's contents, for its first line."""
    return msg("{book}: {span}", book=journal.registers.book.name, span=journal.span)
