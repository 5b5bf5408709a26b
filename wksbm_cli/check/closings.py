"""The pass over closed periods: entries that a closing does not include, and balances that differ from it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from wksbm_cli.check.evidence import Evidence
from wksbm_cli.check.finding import Finding
from wksbm_cli.check.lines import Placed
from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.message import msg


def closed_periods(evidence: Evidence) -> Iterator[Finding]:
    """Entries in closed periods that no closing includes, and closings whose balances do not follow from their entries.

    The first are warnings: whoever recorded offline could not know of the closing, and money that moved must be
    recordable. Closing again includes them.
    """
    recordings = _recordings(evidence)
    for slug in recordings:
        in_force = [closing for closing in evidence.registers.funds[slug].closings if closing.reopened is None]
        for closing in in_force if evidence.is_sure(slug) else ():
            unseen = _unseen(recordings[slug], closing)
            yield from _against_lines(evidence, slug, closing, unseen)
        if late := _late(recordings[slug], in_force):
            yield from (_late_entry(evidence, slug, late.closing, at) for at in late.entries)


def late_entries(evidence: Evidence, fund: str) -> Sequence[Placed]:
    """The entries in closed periods of a fund that none of its closings includes."""
    in_force = [closing for closing in evidence.registers.funds[fund].closings if closing.reopened is None]
    late = _late(_recordings(evidence).get(fund, {}), in_force)
    return late.entries if late else ()


def unknown_to(evidence: Evidence, fund: str, closing: Closing) -> set[str]:
    """The ids of entries in a closing's period that it does not include."""
    return {at.entry.id for at in _unseen(_recordings(evidence).get(fund, {}), closing)}


def last_recorded(evidence: Evidence) -> dict[str, datetime]:
    """The time of each recorder's last entry: the `seen` of a closing made now."""
    return {at.entry.by: at.entry.at for at in evidence.recorded}


def balances_at(evidence: Evidence, fund: str, day: date) -> Mapping[tuple[str, str], int]:
    """Balances of a fund's places at the end of a day, by place and unit code, without zeros."""
    held = {
        (place, unit): history.after(day)
        for (of, place, unit), history in sorted(evidence.places.items())
        if of == fund
    }
    return {key: minor for key, minor in held.items() if minor}


class _Recording(NamedTuple):
    """One person's entries that affect a fund, by time of recording; `earliest[n]` is the earliest date from the nth on.
    This index lets each closing look only at the few entries that came after it."""

    entries: Sequence[Placed]
    moments: Sequence[float]
    earliest: Sequence[date]


class _Late(NamedTuple):
    closing: Closing
    entries: Sequence[Placed]


def _recordings(evidence: Evidence) -> dict[str, dict[str, _Recording]]:
    """For each fund with closings, by recorder."""
    closed = {slug for slug, fund in evidence.registers.funds.items() if fund.closings}
    found: dict[str, dict[str, list[Placed]]] = {slug: defaultdict(list) for slug in closed}
    for at in evidence.recorded if closed else ():
        for slug in {at.entry.fund, *(fund for fund, _, _, _ in evidence.effects[at.entry.id].movements)} & closed:
            found[slug][at.entry.by].append(at)
    return {slug: {by: _recording(entries) for by, entries in people.items()} for slug, people in found.items()}


def _recording(entries: Sequence[Placed]) -> _Recording:
    earliest = [at.entry.date for at in entries]
    for at in range(len(earliest) - 2, -1, -1):
        earliest[at] = min(earliest[at], earliest[at + 1])
    return _Recording(entries, [at.entry.at.timestamp() for at in entries], earliest)


def _unseen(recordings: Mapping[str, _Recording], closing: Closing) -> list[Placed]:
    """The entries up to the end of a closing's period that it does not include."""
    unseen = []
    for by, (entries, moments, earliest) in recordings.items():
        last = closing.last_seen(by)
        number = 0 if last is None else bisect_right(moments, last.timestamp())
        while number < len(entries) and earliest[number] <= closing.until:
            if entries[number].entry.date <= closing.until:
                unseen.append(entries[number])
            number += 1
    return unseen


def _late(recordings: Mapping[str, _Recording], in_force: Sequence[Closing]) -> _Late | None:
    """The entries not included in the last closing of a fund; of several for one day, in the one that includes most."""
    until = max((closing.until for closing in in_force), default=None)
    last = [_Late(closing, _unseen(recordings, closing)) for closing in in_force if closing.until == until]
    return min(last, key=lambda late: (len(late.entries), -late.closing.at.timestamp()), default=None)


def _late_entry(evidence: Evidence, slug: str, closing: Closing, at: Placed) -> Finding:
    text = msg(
        "{by} recorded it on {day}; it came in after {closer} had closed {fund} up to {until}.",
        by=at.entry.by,
        day=at.entry.at.date(),
        closer=closing.by,
        fund=evidence.registers.funds[slug].name,
        until=closing.until,
    )
    hint = msg(
        "If it is right, close anew, with it: wksbm close {period} --fund {fund}. "
        "If it is wrong, cancel it as well: wksbm reverse {id} --reason ...",
        period=closing.period,
        fund=slug,
        id=at.entry.short_id,
    )
    return evidence.lines.finding("warning", "closed", at, text, hint)


def _against_lines(evidence: Evidence, slug: str, closing: Closing, unseen: Sequence[Placed]) -> Iterator[Finding]:
    known: defaultdict[tuple[str, str], int] = defaultdict(int, balances_at(evidence, slug, closing.until))
    for at in unseen:
        for of, place, unit, minor in evidence.effects[at.entry.id].movements:
            if of == slug:
                known[place, unit] -= minor
    fund, folder = evidence.registers.funds[slug], evidence.lines.folder
    for place, unit in sorted(closing.balances.keys() | known.keys()):
        before, after = closing.balances.get((place, unit), 0), known[place, unit]
        if before != after:
            text = msg(
                "When {period} was closed there was {before} in {place}; by the lines there would now be {after}.",
                period=closing.period,
                before=evidence.registers.amount(before, unit),
                place=evidence.registers.place_name(fund, place),
                after=evidence.registers.amount(after, unit),
            )
            hint = msg(
                "See which lines came, went or changed since: wksbm audit. Where they are right as they are, open the period and "
                "close it again: wksbm reopen {period} --fund {fund} --reason ...; wksbm close {period} --fund {fund}",
                period=closing.period,
                fund=slug,
            )
            yield Finding("error", "closing", folder.where(folder.fund_file(slug)), text, hint, slug)
