"""What members owe, and the allocation of their payments.

Owed amounts follow from the registers alone: the due's dated tariffs, the member's dates, classes and exemptions.
Payments are allocated by their totals, so that the order of recording does not matter: a payment that names a period
goes there up to what is owed for it, everything else to the oldest open period, then ahead. Invariant: whatever the
order of lines, and after any reversal, the sum allocated is the sum paid.

Nights are reckoned by month (a month of 500 a night owes 15.000 in June): each night's payment counts in its own
month first, so that one missed night is not carried through every night after it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member

# No group collects further ahead; a larger payment is a typing error.
YEARS_AHEAD = 10
_DAY = timedelta(days=1)
_MONTH = Cycle("month")


class Owed(NamedTuple):
    """What is owed for one period, which begins to be owed on `start` and ends on `end`. Smallest steps."""

    period: str
    minor: int
    start: date
    end: date


def bucket_cycle(due: Due) -> Cycle:
    """The cycle of a due's allocation periods: its own, but months for nights."""
    return _MONTH if due.cycle.name == "night" else due.cycle


def counted_in(due: Due, day: date) -> str:
    """The period in which a payment made on `day` without naming one counts first; '' for the oldest open one.

    A voluntary gift is for its own time; a night's payment for its own month.
    """
    if due.cycle.name in ("once", "event"):
        return "once" if due.cycle.name == "once" and not due.required else ""
    if not due.required or due.cycle.name == "night":
        return bucket_cycle(due).period_of(day)
    return ""


def _horizon(day: date) -> date:
    """The last day on which a period paid ahead may begin."""
    return day.replace(day=1, year=day.year + YEARS_AHEAD)


def is_beyond(due: Due, period: str, day: date) -> bool:
    """Whether a period is too far ahead to be paid on `day`."""
    start = bucket_cycle(due).span(period).start
    return start is not None and start > _horizon(day)


class Obligation:
    """One member's side of one due of one fund. `away` are the nights excused by the collector."""

    def __init__(self, fund: Fund, due: Due, member: Member, away: Iterable[date] = ()) -> None:
        self.fund: Final = fund
        self.due: Final = due
        self.member: Final = member
        self.away: Final = sorted(set(away).difference(due.cancelled))

    @cached_property
    def first_day(self) -> date:
        """The first day for which the member owes: the due's start, or the day of joining where back dues are not asked."""
        joined = self.member.joined
        if joined is None or self.due.back_dues == "founding":
            return self.due.start
        return max(self.due.start, joined)

    @cached_property
    def last_day(self) -> date:
        left = self.member.left if self.due.weights is None else None
        return min(day for day in (self.due.end, left, date.max) if day is not None)

    def is_written_off(self, day: date) -> bool:
        """Whether the group gave up by then what the member owed on leaving; a slot of an arisan is the others' money."""
        off = self.member.written_off
        return off is not None and off <= day and self.due.weights is None

    def amount_on(self, day: date) -> int:
        """What a period beginning on `day` owes: the tariff of the member's class, nothing where exempt."""
        return self.due.owed_by(self.member, self.fund.short, day)

    def fallen(self, until: date) -> Iterator[Owed]:
        """Every period begun by `until` for which something is owed, oldest first.

        Of a month of nights, those up to `until`.
        """
        for owed in self._periods(self.first_day, until):
            due_now = owed
            if self.due.cycle.name == "night" and owed.end > until:
                due_now = self._owed(owed.period, owed.start, until)
            if due_now.minor:
                yield due_now

    def owes_between(self, start: date, end: date) -> bool:
        """Whether anything is owed for a time: a period that touches it, or an event or what is owed once up to its end."""
        if self.due.cycle.name in ("event", "once"):
            return start <= self.last_day and any(True for _ in self.fallen(end))
        first = max(start, self.first_day)
        if self.due.cycle.name == "night":
            return first <= min(end, self.last_day) and self._nights(first, min(end, self.last_day)) > 0
        return any(owed.minor for owed in self._periods(first, end))

    def ahead(self, after: date) -> Iterator[Owed]:
        """The periods that begin after `after`, as far as anyone pays ahead; of nights also the rest of its month."""
        first = max(self.first_day, after + _DAY)
        return (
            owed
            for owed in self._periods(first, _horizon(after))
            if owed.minor and (owed.start > after or (self.due.cycle.name == "night" and owed.end > after))
        )

    def in_period(self, key: str) -> int:
        """What is owed for the period of this key, whenever it falls."""
        if self.due.cycle.name == "event":
            return next((owed.minor for owed in self._events() if owed.period == key), 0)
        if self.due.cycle.name == "once":
            return next((owed.minor for owed in self._once()), 0)
        span = bucket_cycle(self.due).span(key)
        assert span.start is not None and span.end is not None
        return self._owed(key, span.start, span.end).minor

    def _periods(self, first: date, until: date) -> Iterator[Owed]:
        """The periods of the days from `first` to `until`; of events and what is owed once, those of these days."""
        if self.due.cycle.name in ("event", "once"):
            found = self._events() if self.due.cycle.name == "event" else self._once()
            yield from (owed for owed in found if first <= owed.start <= until)
            return
        if not self.due.required:  # an exempt member has years of periods that owe nothing
            return
        cycle = bucket_cycle(self.due)
        day, last = first, min(until, self.last_day)
        while day <= last:
            key = cycle.period_of(day)
            span = cycle.span(key)
            assert span.start is not None and span.end is not None
            yield self._owed(key, span.start, span.end)
            day = span.end + _DAY

    def _owed(self, key: str, start: date, end: date) -> Owed:
        first, last = max(start, self.first_day), min(end, self.last_day)
        if not self.due.required or first > last:
            return Owed(key, 0, start, end)
        if self.due.cycle.name == "night":
            return Owed(key, self._nights(first, last), start, end)
        # The tariff, class and exemption of the day on which the period begins for this member: what was
        # owed before a change stays owed as it was.
        return Owed(key, self.amount_on(first), start, end)

    def _nights(self, first: date, last: date) -> int:
        """Nights times tariff, per interval between changes, without the nights excused."""
        changes = self._changes[bisect_right(self._changes, first) : bisect_right(self._changes, last)]
        total, start = 0, first
        for change in (*changes, last + _DAY):
            nights = (change - start).days - sum(start <= night < change for night in self.due.cancelled)
            total += nights * self.amount_on(start)
            start = change
        away = self.away[bisect_left(self.away, first) : bisect_right(self.away, last)]
        return total - sum(self.amount_on(night) for night in away)

    @cached_property
    def _changes(self) -> list[date]:
        """Every day on which the amount may change."""
        days = {tariff.start for tariff in self.due.tariffs} | {since for since, _ in self.member.classes}
        for exemption in self.member.exemptions:
            days.add(exemption.start)
            if exemption.end is not None and exemption.end < date.max:
                days.add(exemption.end + _DAY)
        return sorted(days)

    def _once(self) -> Iterator[Owed]:
        joined_after = self.member.joined is not None and self.member.joined > self.due.start
        if self.due.required and self.first_day <= self.last_day and (joined_after or not self.due.entry_fee):
            yield Owed("once", self.amount_on(self.first_day), self.first_day, self.first_day)

    def _mourns(self, event: str) -> bool:
        """Whether an event is a death in this member's own household, for which the others give."""
        death = self.fund.death.deaths.get(event) if self.fund.death else None
        return death is not None and death.member == self.member.slug

    def _events(self) -> Iterator[Owed]:
        for event in self.due.events:
            if self.due.required and self.member.is_active(event.date) and not self._mourns(event.slug):
                owed = self.amount_on(event.date)
                # An exemption, or a class that owes nothing, also applies to events with an amount of their own.
                minor = owed if event.minor is None or not owed else event.minor
                yield Owed(event.slug, minor, event.date, event.date)


class Payments(NamedTuple):
    """A member's payments towards one due, added up by the periods they name.

    `named` maps a tuple of periods to the sum of all payments naming just those; `pool` is the sum of those that
    name none; `latest` is the month of the last of them, YYYY-MM.
    """

    named: Mapping[tuple[str, ...], int]
    pool: int = 0
    latest: str = ""

    def with_payment(self, periods: tuple[str, ...], minor: int) -> Payments:
        """These plus one more payment, for given periods or none."""
        if not periods:
            return self._replace(pool=self.pool + minor)
        return self._replace(named={**self.named, periods: self.named.get(periods, 0) + minor})


class Standing(NamedTuple):
    """How a member stands with one due at the end of a day.

    `fallen` are the periods that have begun; `paid` is what each period of any time has received; all sums
    are smallest steps of the due's unit, and Σ paid is the sum of the payments.
    """

    obligation: Obligation
    as_of: date
    fallen: tuple[Owed, ...]
    paid: Mapping[str, int]

    @property
    def open(self) -> list[Owed]:
        """The remainder of every period not fully paid, oldest first; none from when it was written off."""
        return [] if self.obligation.is_written_off(self.as_of) else self._unpaid

    @property
    def _unpaid(self) -> list[Owed]:
        return [
            Owed(owed.period, owed.minor - self.paid.get(owed.period, 0), owed.start, owed.end)
            for owed in self.fallen
            if owed.minor > self.paid.get(owed.period, 0)
        ]

    @property
    def written_off(self) -> int:
        """What was open when the group gave it up."""
        return sum(owed.minor for owed in self._unpaid) if self.obligation.is_written_off(self.as_of) else 0

    @property
    def arrears(self) -> int:
        return sum(owed.minor for owed in self.open)

    @property
    def ahead(self) -> dict[str, int]:
        """What was paid for periods (or nights of the current month) still to begin."""
        begun = {owed.period: owed.minor for owed in self.fallen}
        beyond = {
            owed.period: self.paid.get(owed.period, 0) - begun.get(owed.period, 0)
            for owed in self.obligation.ahead(self.as_of)
        }
        return {period: minor for period, minor in beyond.items() if minor > 0}

    @property
    def room(self) -> int:
        """How much can still be paid before every period of the next `YEARS_AHEAD` years is full."""
        periods = (*self.fallen, *self.obligation.ahead(self.as_of))
        return sum(max(owed.minor - self.paid.get(owed.period, 0), 0) for owed in periods)

    @property
    def owes_nothing(self) -> bool:
        """Whether nothing is owed at any time: a voluntary due, or a member exempt for good."""
        return not self.fallen and next(self.obligation.ahead(self.as_of), None) is None

    @property
    def settled_to(self) -> str:
        """The last period up to which everything owed is paid; '' where the first is still open or nothing is owed."""
        last = ""
        for owed in (*self.fallen, *self.obligation.ahead(self.as_of)):
            if self.paid.get(owed.period, 0) < owed.minor:
                break
            last = owed.period
        return last

    @property
    def next_open(self) -> Owed | None:
        """The remainder of the first period that is partly paid."""
        for owed in (*self.fallen, *self.obligation.ahead(self.as_of)):
            received = self.paid.get(owed.period, 0)
            if received < owed.minor:
                return Owed(owed.period, owed.minor - received, owed.start, owed.end) if received else None
        return None


def allocate_payments(obligation: Obligation, payments: Payments, as_of: date) -> Standing:
    """Allocate a member's payments to periods, as things are at the end of `as_of`."""
    fallen = tuple(obligation.fallen(as_of))
    paid: dict[str, int] = defaultdict(int)
    pool = payments.pool

    def give(period: str, owed: int, minor: int) -> int:
        """Allocate up to what `period` still lacks; returns the rest."""
        taken = min(max(owed - paid[period], 0), minor)
        if taken:
            paid[period] += taken
        return minor - taken

    # Fewest periods first: a payment for one month does not lose its place to one for the whole year.
    for periods, minor in sorted(payments.named.items(), key=lambda item: (len(item[0]), item[0])):
        owed = {period: obligation.in_period(period) for period in periods}
        left = minor
        for period in periods:
            left = give(period, owed[period], left)
        if any(owed.values()):
            pool += left
        elif left:
            paid[periods[0]] += left  # nothing is owed for it: a gift for that period
    for owed_now in fallen:
        if pool <= 0:
            break
        pool = give(owed_now.period, owed_now.minor, pool)
    if pool > 0:
        for later in obligation.ahead(as_of):
            pool = give(later.period, later.minor, pool)
            if pool <= 0:
                break
    if pool:
        paid[_gift_period(obligation.due, payments)] += pool
    return Standing(obligation, as_of, fallen, {period: minor for period, minor in paid.items() if minor})


class Settled(NamedTuple):
    """What one payment settled: the periods now paid in full, and those it paid a part of, with what is still open."""

    full: tuple[str, ...] = ()
    parts: tuple[Owed, ...] = ()


def settled_by(obligation: Obligation, before: Payments, after: Payments, as_of: date) -> Settled:
    """What a payment settled, given the member's payments before and after it. A gift settles nothing."""
    had, has = (allocate_payments(obligation, payments, as_of) for payments in (before, after))
    raised = {period for period, now in has.paid.items() if now > had.paid.get(period, 0)}
    full: list[str] = []
    parts: list[Owed] = []
    for owed in chain(has.fallen, obligation.ahead(as_of)):
        if not raised:
            break  # ten years ahead are not looked through for a payment of one month
        if owed.period not in raised:
            continue
        raised.remove(owed.period)
        now, whole = has.paid[owed.period], obligation.in_period(owed.period)
        if now >= whole:
            full.append(owed.period)
        else:
            parts.append(owed._replace(minor=whole - now))
    return Settled(tuple(full), tuple(parts))


def _gift_period(due: Due, payments: Payments) -> str:
    """The period of money for which nothing is owed: that of the last payment."""
    if due.cycle.name in ("once", "event") or not payments.latest:
        return "once" if due.cycle.name == "once" else "-"
    year, month = payments.latest.split("-")
    return bucket_cycle(due).period_of(date(int(year), int(month), 1))
