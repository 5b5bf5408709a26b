"""Passes over balances of places: never negative, and equal to what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from wksbm_cli.check.evidence import Evidence, PlaceHistory
from wksbm_cli.check.finding import Finding
from wksbm_cli.check.lines import Placed
from wksbm_cli.domain.kinds import place_of
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import minor_of


def below_zero(evidence: Evidence) -> Iterator[Finding]:
    """Each time a place becomes negative at the end of a day, reported on the line that took it below zero.

    A warning: two people may concurrently have paid out the last money, and what moved must be recordable. A later count
    of the place settles it, since that posts the difference.
    """
    counted = _counted(evidence)
    for (slug, place, unit), history in evidence.places.items():
        balance = 0
        takings: list[tuple[Placed, int]] = []
        for day, changes in groupby(history.changes, key=lambda change: change[0].entry.date):
            before = balance
            for at, minor in changes:
                balance += minor
                if minor < 0:
                    takings.append((at, minor))
            if balance < 0 <= before and counted.get((slug, place, unit), date.min) < day:
                yield _short(evidence, (slug, place, unit), takings, balance)


def _counted(evidence: Evidence) -> dict[tuple[str, str, str], date]:
    """The date of the last uncancelled count of each place and unit."""
    days: dict[tuple[str, str, str], date] = {}
    for at in evidence.standing():
        if at.entry.kind == "count":
            entry = at.entry
            key = entry.fund, place_of(entry.fields, evidence.registers.funds[entry.fund]), entry.unit
            days[key] = max(days.get(key, date.min), entry.date)
    return days


def _short(
    evidence: Evidence, where: tuple[str, str, str], takings: Sequence[tuple[Placed, int]], balance: int
) -> Finding:
    """The finding on the last payment, naming another payment without which there would be enough, preferably by someone else."""
    slug, place, unit = where
    fund = evidence.registers.funds[slug]
    last = max((at for at, _ in takings), key=_order)
    text = msg(
        "At the end of {day} there would be {amount} in {place} of {fund}.",
        day=last.entry.date,
        amount=evidence.registers.amount(balance, unit),
        place=evidence.registers.place_name(fund, place),
        fund=fund.name,
    )
    others = [at for at, minor in takings if minor <= balance and at is not last]
    other = max(others, key=lambda at: (at.entry.by != last.entry.by, *_order(at)), default=None)
    if other is not None:
        text = msg(
            "{short} {id} by {by} and {other} by {other_by} together took more than was there.",
            short=text,
            id=last.entry.short_id,
            by=last.entry.by,
            other=other.entry.short_id,
            other_by=other.entry.by,
        )
    hint = msg(
        "If something is missing before it, record that. If not, count what is there, which books the difference: "
        "wksbm count {fund} AMOUNT --place {place}",
        fund=slug,
        place=place,
    )
    return evidence.lines.finding("warning", "negative", last, text, hint)


def _order(at: Placed) -> tuple[date, datetime, str]:
    return at.entry.date, at.entry.at, at.entry.id


def counts(evidence: Evidence) -> Iterator[Finding]:
    """Counts that no longer agree with the lines before them: lines were added, changed or lost since."""
    for at in evidence.standing():
        entry = at.entry
        if entry.kind != "count" or not evidence.is_sure(entry.fund):
            continue
        unit = evidence.registers.unit(entry.unit)
        place = place_of(entry.fields, evidence.registers.funds[entry.fund])
        counted, difference = minor_of(entry.fields["amount"], unit), minor_of(entry.fields["difference"], unit)
        booked = _booked(at, evidence.places.get((entry.fund, place, unit.code), PlaceHistory()))
        if counted - difference not in booked:
            text = msg(
                "{counted} were counted, with a difference of {difference}; by the lines before it the book held {booked}.",
                counted=evidence.registers.amount(counted, unit.code),
                difference=evidence.registers.amount(difference, unit.code),
                booked=evidence.registers.amount(booked[0], unit.code),
            )
            hint = msg("Count again, and cancel this count: wksbm reverse {id} --reason ...", id=entry.short_id)
            yield evidence.lines.finding("error", "count", at, text, hint)


def _booked(count: Placed, history: PlaceHistory) -> tuple[int, int]:
    """The book balance at a count: the opening balance of the day, plus entries of the day recorded before it, by time of
    recording or, where clocks differ, by order in the file."""
    day = count.entry.date
    changes = [(at, minor) for at, minor in history.of(day) if at.entry.id != count.entry.id]
    by_time = sum(minor for at, minor in changes if at.entry.at <= count.entry.at)
    by_order = sum(
        minor
        for at, minor in changes
        if (at.number < count.number if at.ledger == count.ledger else at.entry.at <= count.entry.at)
    )
    return history.before(day) + by_time, history.before(day) + by_order
