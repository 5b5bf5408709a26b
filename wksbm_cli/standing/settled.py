"""The periods each payment settled, computed as of its recording, so that a receipt printed later reads the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.obligations import Obligation, Payments, Settled, settled_by
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.wording import paid_for, paid_for_together
from wksbm_cli.index.compile import period_counted
from wksbm_cli.index.query import Query

# What was settled, by what the member owes, paid before, and paid with it, on a day.
_Known = dict[tuple[object, ...], Settled]


def settled_words(query: Query, registers: Registers, entry: Entry, member: str) -> Message | None:
    """The periods a member's contribution paid for, in words; None where there are none (a gift, a night)."""
    return settlements(query, registers, entry, member).get(entry.id)


def settled_in(query: Query, registers: Registers, entries: Iterable[Entry]) -> dict[str, Message]:
    """The same for every contribution among some entries, by id; of a sheet for all its members together."""
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "contribution":
            alike[entry.fund, entry.fields.get("due", "")].append(entry)
    words: dict[str, Message] = {}
    for (slug, towards), payments in alike.items():
        fund = registers.funds[slug]
        due = fund.dues.get(towards)
        if due is None or due.cycle.name == "night":
            continue
        wanted: dict[str, set[str]] = defaultdict(set)
        for payment in payments:
            for member in payment.fields["members"]:
                wanted[member].add(payment.id)
        together: dict[str, Counter[Settled]] = defaultdict(Counter)
        known: _Known = {}
        for member, ids in wanted.items():
            for id_, settled in _settled_by(query, registers, fund, due, member, ids, known).items():
                together[id_][settled] += 1
        for id_, of_members in together.items():
            told = paid_for_together(fund, due, of_members)
            if told is not None:
                words[id_] = told
    return words


def settlements(query: Query, registers: Registers, like: Entry, member: str) -> dict[str, Message]:
    """The same for every payment of a member towards the due of one of them, by id."""
    fund = registers.funds[like.fund]
    due = fund.dues.get(like.fields.get("due", ""))
    if like.kind != "contribution" or due is None or due.cycle.name == "night":
        return {}
    found = _settled_by(query, registers, fund, due, member, None, {})
    words = {id_: paid_for(fund, due, settled) for id_, settled in found.items()}
    return {id_: told for id_, told in words.items() if told is not None}


def _settled_by(
    query: Query,
    registers: Registers,
    fund: Fund,
    due: Due,
    member: str,
    wanted: Collection[str] | None,
    known: _Known,
) -> dict[str, Settled]:
    """What each payment of a member towards a due settled, by id; limited to those `wanted`, if given.

    Later entries, reversals included, do not change what earlier ones settled. A member pays a due some dozen times a
    year; nights, which are hundreds, have no words. `known` is what members who owe alike and paid alike settled.
    """
    of = registers.members[fund.organisation][member]
    obligation = Obligation(fund, due, of)
    by_calendar = due.weights is None and due.cycle.name != "event"  # else it depends on who the member is
    alike = (of.joined, of.left, of.classes, of.exemptions) if by_calendar else (member,)
    entries = [
        (entry, minor)
        for entry, towards, _, minor in query.card(fund.organisation, member, Span(None, None))
        if entry.fund == fund.slug and towards == due.slug
    ]
    found: dict[str, Settled] = {}
    payments = Payments({})

    def recorded(paid: tuple[Entry, int]) -> tuple[datetime, int, date, int, str]:
        """The order of recording; within one second and without rows, a cancelled entry comes before its reversal."""
        entry = paid[0]
        rank = 1 if entry.kind == "reversal" else 0 if query.reversal_of(entry.id) else 2
        return entry.at, entry.fields.get("row", 0), entry.date, rank, entry.id

    for entry, minor in sorted(entries, key=recorded):
        original = query.cancelled_by(entry) or entry
        period = tuple(period_counted(original.fields, due, original.date).split())
        after = payments.with_payment(period, minor)
        if original is entry and (wanted is None or entry.id in wanted):
            key = alike, _frozen(payments), _frozen(after), entry.date
            if key not in known:
                known[key] = settled_by(obligation, payments, after, entry.date)
            found[entry.id] = known[key]
        payments = after
    return found


def _frozen(payments: Payments) -> tuple[object, ...]:
    return tuple(sorted(payments.named.items())), payments.pool, payments.latest
