"""The inputs from the book for assessing a death, and how many benefits a fund can still pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.death import Assessment, Circumstances, Death, DeathRules, assess, years_begun
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.obligations import Owed
from wksbm_cli.domain.registers import Registers
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


def founded(registers: Registers, rules: DeathRules, organisation: str) -> date:
    """The first day of membership of founding members: the organisation's founding, or the first rules where they are older."""
    return min(registers.organisations[organisation].founded or rules.begun, rules.begun)


def assessment(query: Query, registers: Registers, fund: Fund, death: Death, now: date) -> Assessment:
    """Eligibility by the book as it stood the day before a death, and the benefit if it is paid `now`."""
    assert fund.death is not None
    member = registers.members[fund.organisation][death.member]
    then, still = (in_arrears(query, registers, fund, death, day) for day in (None, now))
    family = Circumstances(
        joined=member.joined,
        founded=founded(registers, fund.death, fund.organisation),
        active=member.is_active(death.date),
        late_periods=max((len(late) for late in then.values()), default=0),
        arrears=sum(owed.minor for late in still.values() for owed in late),
    )
    return assess(fund.death, death, family, fund.unit)


def payment(query: Query, fund: Fund, slug: str) -> Entry | None:
    """The disbursement by which the benefit of a death was paid, if it was."""
    paid = query.entries([fund.slug], ["disbursement"], Span(None, None), with_cancelled=False)
    return next((entry for entry in paid if entry.fields.get("event") == slug), None)


def strength(query: Query, registers: Registers, fund: Fund, until: date) -> Iterator[tuple[str, int]]:
    """How many standard benefits the fund could pay at the end of each of the last 13 months, by month (YYYY-MM).

    The months before its first entry are left out.
    """
    assert fund.death is not None
    terms = fund.death.on(until)
    if terms is None:
        return
    of_fund = terms.years_of == "fund"
    since = fund.death.begun if of_fund else founded(registers, fund.death, fund.organisation)
    benefit = terms.standard(years_begun(since, until)).amount
    if not benefit:
        return
    changes = dict(query.months(fund.slug, fund.unit.code, until))
    first, last = f"{until.year - 1:04d}-{until.month:02d}", f"{until:%Y-%m}"
    begun = max(first, min(changes, default=last))
    balance = sum(minor for month, minor in changes.items() if month < begun)
    for month in Cycle("month").periods(date.fromisoformat(f"{begun}-01"), until):
        balance += changes.get(month, 0)
        yield month, max(0, balance) // benefit
