"""Members' standing with a due: obligations from the registers joined with payments from the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.obligations import Obligation, Payments, Standing, allocate_payments
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query

_NOTHING = Payments({})


def last_day(query: Query, today: date) -> date:
    """The last day for which the book is kept: the date of its latest entry, today for an empty book.

    The default day of reports on what is owed, so that the same book gives the same answer on any day, and a book not
    kept up does not show anyone in arrears.
    """
    return query.span_of_entries().end or today


def report_day(query: Query, funds: Sequence[Fund], span: Span) -> date | None:
    """The day of the balance in a report about `span`: its end, or the date of the latest entry while the span may still run.

    A span is over once something later is recorded, or a fund is closed beyond it; no clock is used, as above
    (docs/decisions/0011). None for an empty book and a span without an end.
    """
    latest = query.span_of_entries().end
    if span.end is None or latest is None:
        return span.end or latest
    kept = max([latest, *(fund.closed_until or latest for fund in funds)])
    return span.end if span.end <= kept else latest


def standings(query: Query, registers: Registers, fund: Fund, due: Due, as_of: date) -> dict[str, Standing]:
    """Every member who owes or has paid something of a due, by member id in order."""
    payments, away = query.standing_sums(registers, fund.slug, due.slug, as_of)
    found = {}
    for slug, member in sorted(registers.members[fund.organisation].items()):
        obligation = Obligation(fund, due, member, away.get(slug, ()))
        standing = allocate_payments(obligation, payments.get(slug, _NOTHING), as_of)
        if standing.fallen or standing.paid:
            found[slug] = standing
    return found


class Asked(NamedTuple):
    """The members who owed a fund something in a span, and those who owed nothing, being exempt or away on every night."""

    owing: frozenset[str]
    exempt: frozenset[str]
    away: frozenset[str]


class Turnout(NamedTuple):
    """The members who paid a fund's dues in a span or gave voluntarily, with those who owe, are exempt, or were away."""

    paid: frozenset[str]
    gave: frozenset[str]
    owing: frozenset[str]
    exempt: frozenset[str]
    away: frozenset[str]


def turnout(query: Query, registers: Registers, fund: Fund, span: Span) -> Turnout:
    """The count of payers used by all reports: of a required due among those who owe it, of any other on its own."""
    paid: set[str] = set()
    gave: set[str] = set()
    for payment in query.paid(registers, [fund.slug], span):
        if payment.minor > 0:
            due = fund.dues.get(payment.due)
            (paid if due and due.required else gave).add(payment.member)
    end = span.end or query.span_of_entries().end
    nobody = Asked(frozenset(), frozenset(), frozenset())
    asked = asked_of(query, registers, fund, span.start or date.min, end) if end else nobody
    return Turnout(frozenset(paid), frozenset(gave), *asked)


def asked_of(query: Query, registers: Registers, fund: Fund, start: date, end: date) -> Asked:
    """The members who owe a fund for a span, paid or not: for periods that overlap it, events and one-off dues up to its end."""
    owing: set[str] = set()
    exempt: set[str] = set()
    away: set[str] = set()
    for due in fund.dues.values():
        if not due.required:
            continue
        excused = query.standing_sums(registers, fund.slug, due.slug, end)[1] if due.cycle.name == "night" else {}
        for slug, member in registers.members[fund.organisation].items():
            obligation = Obligation(fund, due, member, excused.get(slug, ()))
            if obligation.owes_between(start, end):
                owing.add(slug)
            elif due.weights is None and max(start, obligation.first_day) <= min(end, obligation.last_day):
                if obligation.amount_on(max(start, obligation.first_day)) == 0:
                    exempt.add(slug)
                elif any(start <= night <= end for night in obligation.away):
                    away.add(slug)
    return Asked(frozenset(owing), frozenset(exempt - owing), frozenset(away - owing - exempt))


def member_standing(query: Query, registers: Registers, fund: Fund, due: Due, member: str, as_of: date) -> Standing:
    """One member's standing with a due."""
    payments, away = query.standing_sums(registers, fund.slug, due.slug, as_of, member)
    obligation = Obligation(fund, due, registers.members[fund.organisation][member], away.get(member, ()))
    return allocate_payments(obligation, payments.get(member, _NOTHING), as_of)


def received_by(
    query: Query, registers: Registers, obligation: Obligation, as_of: date, periods: Sequence[str], minor: int
) -> list[str]:
    """The periods to which a payment (naming periods or none) would be allocated at the end of a day."""
    fund, due, member = obligation.fund, obligation.due, obligation.member.slug
    before = query.standing_sums(registers, fund.slug, due.slug, as_of, member)[0].get(member, _NOTHING)
    with_it = before.with_payment(tuple(periods), minor)
    after = allocate_payments(obligation, with_it, as_of).paid
    paid = allocate_payments(obligation, before, as_of).paid
    return sorted(period for period, received in after.items() if received > paid.get(period, 0))
