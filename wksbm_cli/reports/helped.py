"""Counts of people helped: each person once, and small counts merged so that nobody is identified."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.flow import Flow
from wksbm_cli.domain.giving import FORWARDED, ZAKAT_TO
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.sources import MODES, PILLARS
from wksbm_cli.domain.units import Amount
from wksbm_cli.reports.privacy import FEWEST
from wksbm_cli.reports.report import Column, Row, Table

OTHER = "other"
_TITLES = {"": msg("not said"), OTHER: msg("other")}
# A name as it was typed, or a member of an organisation.
_Known = tuple[str, ...]


def same_people(entries: Sequence[Entry]) -> dict[str, _Known]:
    """The receiver of each disbursement, by entry id: equal values for the same person, across organisations.

    People are identified as in entries: by member, else by name. A name recorded with a member counts as that member's,
    unless two members of one organisation have it.
    """
    by_name: dict[str, set[_Known]] = defaultdict(set)
    for entry in entries:
        if "member" in entry.fields:
            by_name[_name(entry)].add((entry.organisation, entry.fields["member"]))
    shared = {name for name, members in by_name.items() if len({member[0] for member in members}) < len(members)}
    first: dict[_Known, _Known] = {}

    def found(known: _Known) -> _Known:
        while first.get(known, known) != known:
            known = first[known]
        return known

    for entry in entries:
        if "member" in entry.fields and _name(entry) not in shared:
            one, other = found((entry.organisation, entry.fields["member"])), found((_name(entry),))
            first[max(one, other)] = min(one, other)
    return {
        entry.id: found((entry.organisation, entry.fields["member"]) if "member" in entry.fields else (_name(entry),))
        for entry in entries
    }


def _name(entry: Entry) -> str:
    return " ".join(str(entry.fields["to"]).casefold().split())


def is_passed_on(entry: Entry) -> bool:
    """Whether a disbursement is zakat passed on to another body of amil: no help to anyone yet, and its receiver no person."""
    return entry.fields.get("asnaf") == FORWARDED


def headcount(entry: Entry) -> int:
    """The number of people represented by an entry's receiver: 44 orphans are 44, another body of amil is none."""
    if is_passed_on(entry):
        return 0
    people: int = entry.fields.get("people") or entry.fields.get("parcels", 1)
    return people


def first_of_occasions(entries: Iterable[Entry], people: Mapping[str, _Known]) -> frozenset[str]:
    """The ids of the first entries of each occasion of help. A parcel of three goods is three entries and one occasion; they
    differ only in what was given."""
    times: Counter[tuple[Any, ...]] = Counter()
    most: Counter[tuple[Any, ...]] = Counter()
    first: set[str] = set()
    for entry in entries:
        fields = entry.fields
        classes = (fields.get("pillar", ""), fields.get("mode", ""), fields.get("category", ""))
        parcel = (entry.fund, entry.date, people[entry.id], str(fields["purpose"]).casefold(), *classes)
        times[parcel, entry.unit] += 1
        if times[parcel, entry.unit] > most[parcel]:
            most[parcel] += 1
            first.add(entry.id)
    return frozenset(first)


class Group(NamedTuple):
    """Help with one pillar, mode and category: receivers (with their number of people), occasions, and amounts by unit in
    smallest steps."""

    pillar: str
    mode: str
    category: str
    receivers: Mapping[_Known, int]
    times: int
    amounts: Mapping[str, int]

    @property
    def people(self) -> int:
        return sum(self.receivers.values())

    def joined(self, other: Group) -> Group:
        """Both groups merged, with the labels of this one."""
        amounts = defaultdict(int, self.amounts)
        for unit, minor in other.amounts.items():
            amounts[unit] += minor
        receivers = dict(self.receivers)
        for receiver, number in other.receivers.items():
            receivers[receiver] = max(number, receivers.get(receiver, 0))
        return self._replace(receivers=receivers, times=self.times + other.times, amounts=dict(amounts))


def without_few(groups: Iterable[Group]) -> list[Group]:
    """Merge groups of fewer people than `FEWEST`: first within a pillar and mode, then the remaining small ones over all. A
    merged group that is still too small absorbs the smallest of the others."""
    ways: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in groups:
        ways[group.pillar, group.mode].append(group)
    within = [group for (pillar, mode), of in sorted(ways.items()) for group in _merged(of, pillar, mode)]
    return _merged(within, OTHER, OTHER)


def _merged(groups: Sequence[Group], pillar: str, mode: str) -> list[Group]:
    few = [group for group in groups if group.people < FEWEST]
    kept = sorted(
        (group for group in groups if group.people >= FEWEST),
        key=lambda group: (-group.people, group.pillar, group.mode, group.category),
    )
    if not few:
        return kept
    merged = Group(pillar, mode, OTHER, {}, 0, {})
    for group in few:
        merged = merged.joined(group)
    while kept and merged.people < FEWEST:
        merged = merged.joined(kept.pop())
    return [*kept, merged]


class HelpGroups(NamedTuple):
    """Help in groups large enough to be shown, the total with every person counted once, and what of it was passed on to
    other bodies of amil, by unit in smallest steps."""

    groups: Sequence[Group]
    whole: Group
    passed_on: Mapping[str, int]
    registers: Registers

    def tables(self) -> list[Table]:
        if not self.whole.amounts:
            return []
        columns = (
            Column("pillar", msg("Pillar")),
            Column("mode", msg("Mode")),
            Column("category", msg("Category")),
            Column("people", msg("People"), "count"),
            Column("times", msg("Times"), "count"),
            Column("given", msg("Given")),
        )

        def row(group: Group) -> Row:
            enough = group.people >= FEWEST
            return {
                "pillar": (PILLARS | _TITLES)[group.pillar],
                "mode": (MODES | _TITLES)[group.mode],
                "category": (CATEGORIES | _TITLES)[group.category],
                "people": group.people if enough else msg("fewer than {number}", number=FEWEST),
                "times": group.times if enough else None,
                "given": self._amounts(group.amounts),
            }

        passed_on = {"pillar": ZAKAT_TO[FORWARDED], "given": self._amounts(self.passed_on)}
        total = {**row(self.whole), "pillar": msg("Total"), "mode": None, "category": None}
        rows = (*map(row, self.groups), *([passed_on] if self.passed_on else []))
        return [Table(columns, rows, (total,), title=msg("Help by pillar, way and category"))]

    def notes(self) -> Iterator[Message]:
        if self.whole.times:
            yield msg(
                "Who was helped in several ways is counted in each of them, and once in the total; fewer than {number} people"
                ' are counted under "other".',
                number=FEWEST,
            )

    def in_data(self) -> Iterator[Row]:
        """Rows of the long form: one for each group."""
        for group in self.groups:
            enough = group.people >= FEWEST
            yield {
                "section": "help",
                "pillar": group.pillar,
                "mode": group.mode,
                "category": group.category,
                "people": group.people if enough else None,
                "count": group.times if enough else None,
                "value": {amount.unit.code: amount for amount in self._amounts(group.amounts)},
            }
        if self.passed_on:
            value = {amount.unit.code: amount for amount in self._amounts(self.passed_on)}
            yield {"section": "help", "item": FORWARDED, "value": value}

    def _amounts(self, amounts: Mapping[str, int]) -> list[Amount]:
        return [
            self.registers.amount(minor, unit)
            for unit, minor in sorted(amounts.items(), key=lambda item: (item[0] != "IDR", item[0]))
        ]


def help_given(flows: Sequence[Flow], registers: Registers) -> HelpGroups:
    """Flows of disbursements, of whatever funds, counted by pillar, way and category."""
    entries = [flow.entry for flow in flows if not is_passed_on(flow.entry)]
    people = same_people(entries)
    occasions = first_of_occasions(entries, people)
    groups: dict[tuple[str, str, str], Group] = {}
    whole = Group("", "", "", {}, 0, {})
    passed_on: dict[str, int] = defaultdict(int)
    for flow in flows:
        if is_passed_on(flow.entry):
            passed_on[flow.unit] -= flow.minor
            whole = whole.joined(Group("", "", "", {}, 0, {flow.unit: -flow.minor}))
            continue
        fields = flow.entry.fields
        key = (flow.detail, fields.get("mode", ""), fields.get("category", ""))
        receivers = {people[flow.entry.id]: headcount(flow.entry)}
        one = Group(*key, receivers, int(flow.entry.id in occasions), {flow.unit: -flow.minor})
        groups[key] = groups[key].joined(one) if key in groups else one
        whole = whole.joined(one)
    return HelpGroups(without_few(groups.values()), whole, passed_on, registers)
