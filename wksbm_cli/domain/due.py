"""A due as fund.toml has it: how often it falls, its dated tariffs, its events, and how what is paid is divided.

What a member owes, and how payments are allocated, is in domain/obligations.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from wksbm_cli.domain.cycles import CYCLES, Cycle, anchor_fault, parse_anchor
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import Unit, minor_of

# The first period owed by a member who joins later: that of joining, or the due's first (docs/practice.md#death-benefit).
BACK_DUES = ("none", "founding")


# The slug of the due by which an arisan's contributions are kept.
ARISAN_DUE = "arisan"


class Tariff(NamedTuple):
    """What a due costs from a day on: for everyone, and for classes that pay another amount. Smallest steps of the due's unit."""

    start: date
    minor: int
    classes: Mapping[str, int] = {}

    def amount_for(self, member_class: str) -> int:
        return self.classes.get(member_class, self.minor)


class Event(NamedTuple):
    """An event for which a per-event due is raised: a death, a celebration. `minor` is what each owes, if not the tariff."""

    slug: str
    name: str
    date: date
    minor: int | None = None


class Split(NamedTuple):
    """How payments are divided over funds from a day on; the remainder stays in the due's own fund.

    `parts` maps `ORG/FUND` to its share: of all `whole` shares (3:1:2, or percent of 100), or with `whole` 0 a fixed
    amount in smallest steps. `odd` is the fund that receives what division leaves over; '' the due's own.
    """

    start: date
    parts: Mapping[str, int]
    whole: int = 0
    odd: str = ""

    def divide(self, minor: int) -> dict[str, int]:
        """What each other fund receives of a payment; the rest stays in the due's own fund."""
        if not self.whole:
            left, given = minor, {}
            for fund, fixed in self.parts.items():
                given[fund] = min(fixed, left)
                left -= given[fund]
        else:
            given = {fund: minor * share // self.whole for fund, share in self.parts.items()}
            if self.odd in given:
                own = minor * (self.whole - sum(self.parts.values())) // self.whole
                given[self.odd] += minor - own - sum(given.values())
        return {fund: part for fund, part in given.items() if part}


class Due(NamedTuple):
    """What members are expected to pay into a fund: how much, how often, whether they must.

    `back_dues` says from when a member who joins later owes: `none` (the period joined in), or `founding`
    (everything since the due began, as some death funds ask; docs/practice.md#death-benefit). An `entry_fee` is owed once, only by
    those who join after it began. `cancelled` are nights on which nobody went round. With `weights` each member owes
    so many times the tariff, and whoever is not among them nothing: the slots of an arisan, which are owed to its end
    whoever leaves.
    """

    slug: str
    name: str
    cycle: Cycle
    unit: Unit
    required: bool
    tariffs: tuple[Tariff, ...]
    start: date
    end: date | None = None
    back_dues: str = "none"
    entry_fee: bool = False
    events: tuple[Event, ...] = ()
    cancelled: tuple[date, ...] = ()
    splits: tuple[Split, ...] = ()
    weights: Mapping[str, Fraction] | None = None

    @classmethod
    def from_table(cls, slug: str, table: object, units: Mapping[str, Unit], default: Unit) -> Due:
        top = TomlTable(table, slug)
        code = top.take("unit", str, default.code)
        if code not in units:
            raise UnknownKey(
                msg('The unit "{typed}" is not known here.', typed=code), "unit", nearest_hint(code, units)
            )
        unit = units[code]
        name = top.choice("cycle", CYCLES, "month")
        anchor = top.take("anchor", str, "")
        if fault := anchor_fault(name, anchor):
            raise UnknownKey(
                fault,
                "anchor" if anchor else slug,
                msg("Type for instance: {example}", example='anchor = "kamis pahing"'),
            )
        tariffs = []
        for item in top.take("tariffs", list, required=True):
            row = TomlTable(item, f"{slug}.tariffs")
            tariffs.append(
                Tariff(
                    start=row.take("from", date, required=True),
                    minor=minor_of(row.take("amount", (int, Decimal), required=True), unit),
                    classes={key: minor_of(value, unit) for key, value in row.take("classes", dict, {}).items()},
                )
            )
            row.done()
            if min((tariffs[-1].minor, *tariffs[-1].classes.values())) < 0:
                raise UnknownKey(msg("Nobody owes less than nothing."), "tariffs")
        tariffs.sort(key=lambda tariff: tariff.start)
        if not tariffs:
            raise UnknownKey(msg("The due {due} has no tariff.", due=slug), slug)
        for earlier, later in pairwise(tariffs):
            if earlier.start == later.start:
                raise UnknownKey(msg("The due {due} has two tariffs from {date}.", due=slug, date=later.start), slug)
        end = top.take("end", date)
        if end is not None and end < tariffs[-1].start:
            raise UnknownKey(
                msg(
                    "{due} ends on {end}; a tariff from {start} would never hold.",
                    due=slug,
                    end=end,
                    start=tariffs[-1].start,
                ),
                slug,
            )
        due = cls(
            slug=slug,
            name=top.take("name", str, slug),
            cycle=Cycle(name, parse_anchor(anchor) if anchor else ""),
            unit=unit,
            required=top.take("required", bool, True),
            tariffs=tuple(tariffs),
            start=top.take("start", date, tariffs[0].start),
            end=end,
            back_dues=top.choice("back_dues", BACK_DUES, "none"),
            entry_fee=top.take("entry_fee", bool, False),
            events=_events(top, unit),
            cancelled=_cancelled(top),
            splits=_splits(top, unit),
        )
        top.done()
        if due.entry_fee and name != "once":
            raise UnknownKey(msg("An entry fee is a due paid once in a lifetime."), "entry_fee")
        if due.events and name != "event":
            raise UnknownKey(msg("Only a due for each event has events."), "events")
        return due

    def tariff_on(self, day: date) -> Tariff | None:
        """The tariff in force on `day`; a newer one is never retroactive."""
        return next((tariff for tariff in reversed(self.tariffs) if tariff.start <= day), None)

    def owed_by(self, member: Member, fund: str, day: date) -> int:
        """What a period beginning on `day` asks of a member of the fund (without its organisation): nothing where exempt."""
        tariff = self.tariff_on(day) or self.tariffs[0]
        if any(exemption.covers(fund, self.slug, day) for exemption in member.exemptions):
            return 0
        amount = tariff.amount_for(member.class_on(day))
        return amount if self.weights is None else int(amount * self.weights.get(member.slug, 0))

    def split_on(self, day: date) -> Split | None:
        """How a payment made on `day` is divided over funds, if it is."""
        return next((split for split in reversed(self.splits) if split.start <= day), None)


def _events(top: TomlTable, unit: Unit) -> tuple[Event, ...]:
    events = []
    for slug, entry in top.tables("events").items():
        row = TomlTable(entry, f"events.{slug}")
        name, day = row.take("name", str, slug), row.take("date", date, required=True)
        amount = row.take("amount", (int, Decimal))
        events.append(Event(slug, name, day, None if amount is None else minor_of(amount, unit)))
        row.done()
        if (events[-1].minor or 0) < 0:
            raise UnknownKey(msg("Nobody owes less than nothing."), slug)
    return tuple(sorted(events, key=lambda event: (event.date, event.slug)))


def _cancelled(top: TomlTable) -> tuple[date, ...]:
    days = []
    for item in top.take("cancelled", list, []):
        row = TomlTable(item, "cancelled")
        days.append(row.take("date", date, required=True))
        row.take("reason", str)
        row.done()
    return tuple(sorted(days))


def _splits(top: TomlTable, unit: Unit) -> tuple[Split, ...]:
    """`parts` are shares of `of` (3 of 6, 30 of 100), or amounts where `of` is not given."""
    splits = []
    for item in top.take("splits", list, []):
        row = TomlTable(item, "splits")
        start, whole = row.take("from", date, required=True), row.take("of", int, 0)
        parts = row.take("parts", dict, required=True)
        odd = row.take("odd", str, "")
        row.done()
        shares = {
            fund: value if whole and type(value) is int else minor_of(value, unit) for fund, value in parts.items()
        }
        if any(share <= 0 for share in shares.values()) or (whole and sum(shares.values()) > whole):
            raise UnknownKey(
                msg("The parts of a split must be more than nothing, and together no more than the whole."), "parts"
            )
        if odd and odd not in shares:
            raise UnknownKey(msg('"odd" names one of the funds of the split, or is left out for the own fund.'), "odd")
        splits.append(Split(start, shares, whole, odd))
    splits.sort(key=lambda split: split.start)
    for earlier, later in pairwise(splits):
        if earlier.start == later.start:
            raise UnknownKey(msg("A due is divided in two ways from {date}.", date=later.start), "splits")
    return tuple(splits)
