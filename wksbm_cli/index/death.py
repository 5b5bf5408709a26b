"""What the book says of a family when a death is assessed, and how many benefits a fund can still pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.death import Assessment, Circumstances, Death, assess
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.registers import Fund, Registers
from wksbm_cli.index.query import Query
from wksbm_cli.index.standing import member_standing


def arrears_of(query: Query, registers: Registers, fund: Fund, member: str, day: date) -> dict[str, tuple[int, int]]:
    """Per due of the fund: how many ended periods are open, and what settles all that is open on a day."""
    found = {}
    for due in fund.dues.values():
        if not due.required:
            continue
        standing = member_standing(query, registers, fund, due, member, day)
        open_ = standing.open
        if open_:
            # The levy of the very death, and a period not over yet, make nobody late.
            found[due.slug] = (
                sum(owed.end < day for owed in open_),
                sum(owed.minor for owed in open_ if owed.end < day),
            )
    return found


def assessment(query: Query, registers: Registers, fund: Fund, death: Death) -> Assessment:
    """Eligibility and benefit of a reported death, as the book stood the day before it."""
    assert fund.death is not None
    member = registers.members[fund.organisation][death.member]
    arrears = arrears_of(query, registers, fund, death.member, death.date - timedelta(days=1))
    founded = registers.organisations[fund.organisation].founded or fund.death.terms[0].start
    family = Circumstances(
        joined=member.joined,
        founded=min(founded, fund.death.terms[0].start),
        active=member.is_active(death.date),
        late_periods=max((late for late, _ in arrears.values()), default=0),
        arrears=sum(minor for _, minor in arrears.values()),
    )
    return assess(fund.death, death, family, fund.unit)


def payment(query: Query, fund: Fund, slug: str) -> Entry | None:
    """The disbursement by which the benefit of a death was paid, if it was."""
    paid = query.entries([fund.slug], ["disbursement"], Span(None, None), with_cancelled=False)
    return next((entry for entry in paid if entry.fields.get("event") == slug), None)


def strength(query: Query, fund: Fund, until: date) -> Iterator[tuple[str, int]]:
    """How many standard benefits the fund could pay at the end of each of the last 13 months, by month."""
    assert fund.death is not None
    terms = fund.death.on(until)
    if terms is None or terms.standard.amount <= 0:
        return
    changes = dict(query.months(fund.slug, fund.unit.code, until))
    balance = 0
    months = [f"{year:04d}-{month:02d}" for year in range(until.year - 1, until.year + 1) for month in range(1, 13)]
    first = f"{until.year - 1:04d}-{until.month:02d}"
    balance = sum(minor for month, minor in changes.items() if month < first)
    for month in months:
        if first <= month <= f"{until:%Y-%m}":
            balance += changes.get(month, 0)
            yield month, max(0, balance) // terms.standard.amount
