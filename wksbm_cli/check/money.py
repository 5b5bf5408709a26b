"""Passes over what places hold: never less than nothing, as much as was counted, as much as when a period was closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from wksbm_cli.check.evidence import Evidence, PlaceHistory
from wksbm_cli.check.finding import Finding, Severity
from wksbm_cli.check.lines import Placed
from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import place_of
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.rules import NEGATIVE
from wksbm_cli.domain.units import minor_of


def below_zero(evidence: Evidence) -> Iterator[Finding]:
    """Each time a place comes to hold less than nothing at the end of a day, on the line that took the last of it."""
    for (slug, place, unit), history in evidence.places.items():
        balance, allowed = 0, False
        for day, changes in groupby(history.changes, key=lambda change: change[0].entry.date):
            before, takings = balance, []
            for at, minor in changes:
                balance += minor
                # From then on it is known to be short: what takes more later, or took it already, is no news.
                allowed = allowed or NEGATIVE in at.entry.fields.get("allowed", ())
                if minor < 0:
                    takings.append(at)
            if balance < 0 <= before:
                fund = evidence.registers.funds[slug]
                text = msg(
                    "At the end of {day} there would be {amount} in {place} of {fund}.",
                    day=day,
                    amount=evidence.registers.amount(balance, unit),
                    place=fund.place_name(place),
                    fund=fund.name,
                )
                hint = msg("Record what is missing before it, or see what is where: wksbm balance --by place")
                severity: Severity = "warning" if allowed else "error"
                yield evidence.lines.finding(severity, "negative", takings[-1], text, hint)


def counts(evidence: Evidence) -> Iterator[Finding]:
    """Counts that no longer agree with the lines before them: something was added, changed or lost since."""
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
    """What the book held when a count was made: what was there that morning, and what was recorded before it of that
    day, going by the time of recording or, where clocks were apart, by the order in the file."""
    day = count.entry.date
    changes = [(at, minor) for at, minor in history.of(day) if at.entry.id != count.entry.id]
    by_time = sum(minor for at, minor in changes if at.entry.at <= count.entry.at)
    by_order = sum(
        minor
        for at, minor in changes
        if (at.number < count.number if at.ledger == count.ledger else at.entry.at <= count.entry.at)
    )
    return history.before(day) + by_time, history.before(day) + by_order


def closed_periods(evidence: Evidence) -> Iterator[Finding]:
    """Entries recorded in a period while it was closed, in whichever of their funds."""
    closed = {slug: fund.closings for slug, fund in evidence.registers.funds.items() if fund.closings}
    for at in evidence.recorded if closed else ():
        entry = at.entry
        touched = {entry.fund, *(fund for fund, _, _, _ in evidence.effects[entry.id].movements)}
        for slug in sorted(touched & closed.keys()):
            if over := [closing for closing in closed[slug] if entry.date <= closing.until and _is_late(at, closing)]:
                text = msg(
                    "It was recorded on {day}, when {fund} was closed up to {until}.",
                    day=entry.at.date(),
                    fund=evidence.registers.funds[slug].name,
                    until=over[0].until,
                )
                hint = msg("Cancel it in the open period: wksbm reverse {id} --reason ...", id=entry.short_id)
                yield evidence.lines.finding("error", "closed", at, text, hint)


def _is_late(at: Placed, closing: Closing) -> bool:
    return at.entry.at > closing.at and closing.in_force(at.entry.at)


def closing_balances(evidence: Evidence) -> Iterator[Finding]:
    """Closed periods at whose end the lines now give other balances than were written down."""
    for fund in evidence.registers.funds.values():
        for closing in fund.closings if evidence.is_sure(fund.slug) else ():
            if closing.reopened is None:
                yield from _against_lines(evidence, fund, closing)


def balances_at(evidence: Evidence, fund: str, day: date) -> Mapping[tuple[str, str], int]:
    """What each place of a fund holds at the end of a day, by place and unit code; places that hold nothing left out."""
    held = {
        (place, unit): history.after(day)
        for (of, place, unit), history in sorted(evidence.places.items())
        if of == fund
    }
    return {key: minor for key, minor in held.items() if minor}


def _against_lines(evidence: Evidence, fund: Fund, closing: Closing) -> Iterator[Finding]:
    now = balances_at(evidence, fund.slug, closing.until)
    for place, unit in sorted(closing.balances.keys() | now.keys()):
        before, after = closing.balances.get((place, unit), 0), now.get((place, unit), 0)
        if before != after:
            folder = evidence.lines.folder
            text = msg(
                "When {period} was closed there was {before} in {place}; by the lines there would now be {after}.",
                period=closing.period,
                before=evidence.registers.amount(before, unit),
                place=fund.place_name(place),
                after=evidence.registers.amount(after, unit),
            )
            hint = msg("See which lines came, went or changed since: wksbm audit")
            yield Finding("error", "closing", folder.where(folder.fund_file(fund.slug)), text, hint, fund.slug)
