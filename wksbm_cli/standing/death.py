"""The inputs from the book for assessing a death, and how many benefits a fund can still pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.dates import Span, end_of_month
from wksbm_cli.domain.death import Assessment, Circumstances, Death, assess, benefit_for, founded, years_begun
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.obligations import Owed
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.standing.dues import member_standing

_DAY = timedelta(days=1)


def in_arrears(
    query: Query, registers: Registers, fund: Fund, death: Death, now: date | None = None
) -> Mapping[str, list[Owed]]:
    """The family's arrears per due on the day of death: periods over by then and not paid.

    Only what is still open `now` is included. The levy for this death and periods not over yet are no arrears; a due in
    goods is no debt in money.
    """
    day = death.date - _DAY
    found: dict[str, list[Owed]] = {}
    for due in fund.dues.values():
        if not due.required or due.unit != fund.unit:
            continue
        then = member_standing(query, registers, fund, due, death.member, day).open
        late = [owed for owed in then if owed.end <= day]
        if now is not None and late:
            still = {owed.period: owed for owed in member_standing(query, registers, fund, due, death.member, now).open}
            late = [min(owed, still[owed.period], key=lambda each: each.minor) for owed in late if owed.period in still]
        if late:
            found[due.slug] = late
    return found


def member_since(registers: Registers, fund: Fund, death: Death) -> date:
    """Since when the family of a death is a member, for the years of its benefit."""
    assert fund.death is not None
    joined = registers.members[fund.organisation][death.member].joined
    return joined or founded(fund.death, registers.organisations[fund.organisation].founded)


def assessment(query: Query, registers: Registers, fund: Fund, death: Death, now: date) -> Assessment:
    """Eligibility by the book as it stood the day before a death, and the benefit if it is paid `now`."""
    assert fund.death is not None
    member = registers.members[fund.organisation][death.member]
    then, still = (in_arrears(query, registers, fund, death, day) for day in (None, now))
    family = Circumstances(
        joined=member.joined,
        founded=founded(fund.death, registers.organisations[fund.organisation].founded),
        active=member.is_active(death.date),
        late_periods=max((len(late) for late in then.values()), default=0),
        arrears=sum(owed.minor for late in still.values() for owed in late),
        given=sum(minor_of(entry.fields["amount"], fund.unit) for entry in payments(query, fund, death.slug)),
    )
    return assess(fund.death, death, family, fund.unit)


def payments(query: Query, fund: Fund, slug: str) -> list[Entry]:
    """The disbursements by which the benefit of a death was paid so far, cancelled ones left out."""
    given = query.entries([fund.slug], ["disbursement"], Span(None, None), with_cancelled=False)
    return [entry for entry in given if entry.fields.get("event") == slug and entry.unit == fund.unit.code]


# What was given for deaths: the day, the death, and how much.
_Given = Sequence[tuple[str, str, int]]


def owed_to_families(query: Query, registers: Registers, fund: Fund, until: date) -> Mapping[str, int]:
    """What is left to pay of benefits of which a part was paid by the end of a day, by death.

    A death of which nothing is paid yet is the meeting's to judge, and owes nothing before.
    """
    return _left(registers, fund, query.given_for_events(fund.slug, fund.unit.code, until), until)


def _left(registers: Registers, fund: Fund, given: _Given, until: date) -> Mapping[str, int]:
    assert fund.death is not None
    sums: dict[str, int] = defaultdict(int)
    for day, event, minor in given:
        if event in fund.death.deaths and day <= until.isoformat():
            sums[event] += minor
    left = {}
    for slug, minor in sums.items():
        death = fund.death.deaths[slug]
        tier = benefit_for(fund.death, death, member_since(registers, fund, death))
        if tier is not None and 0 < minor < tier.amount:
            left[slug] = tier.amount - minor
    return left


def strength(query: Query, registers: Registers, fund: Fund, until: date) -> Iterator[tuple[str, int]]:
    """How many standard benefits the fund could pay at the end of each of the last 13 months, by month (YYYY-MM).

    The months before its first entry are left out.
    """
    assert fund.death is not None
    terms = fund.death.on(until)
    if terms is None:
        return
    of_fund = terms.years_of == "fund"
    begun = founded(fund.death, registers.organisations[fund.organisation].founded)
    since = fund.death.begun if of_fund else begun
    benefit = terms.standard(years_begun(since, until)).amount
    if not benefit:
        return
    changes = dict(query.months(fund.slug, fund.unit.code, until))
    first, last = f"{until.year - 1:04d}-{until.month:02d}", f"{until:%Y-%m}"
    given = query.given_for_events(fund.slug, fund.unit.code, until)
    shown = max(first, min(changes, default=last))
    balance = sum(minor for month, minor in changes.items() if month < shown)
    for month in Cycle("month").periods(date.fromisoformat(f"{shown}-01"), until):
        balance += changes.get(month, 0)
        end = min(until, end_of_month(date.fromisoformat(f"{month}-01")))
        free = balance - sum(_left(registers, fund, given, end).values())
        yield month, max(0, free) // benefit
