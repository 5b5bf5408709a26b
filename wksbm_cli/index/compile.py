"""Compiling entries to rows of the index: movements of places, members' payments, monthly sums.

Pure: entries in, plain rows out, so that files can be compiled in parallel and combined in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from wksbm_cli.domain.due import ARISAN_DUE, Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS, place_of, postings
from wksbm_cli.domain.obligations import counted_in
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR, Unit, minor_of

# (fund, place, unit), change in smallest steps
Movement = tuple[str, str, str, int]


@dataclass(slots=True)
class Effect:
    """The effect of one entry on the sums: its movements, and payments by member, due and period.

    `away` are members excused on a night; `parties` the lines on members' cards (negative when received), without
    nightly payments, which a card sums by month.
    """

    movements: list[Movement]
    paid: Mapping[str, int]
    due: str = ""
    period: str = ""
    unit: str = IDR.code
    away: Sequence[tuple[str, str]] = ()
    parties: Mapping[str, int] = field(default_factory=dict)

    def mirrored(self) -> Effect:
        return Effect(
            [(fund, place, unit, -minor) for fund, place, unit, minor in self.movements],
            {member: -minor for member, minor in self.paid.items()},
            self.due,
            self.period,
            self.unit,
            self.away,
            {member: -minor for member, minor in self.parties.items()},
        )


def effect_of(entry: Entry, registers: Registers) -> Effect:
    """The effect of any entry but a reversal.

    A night's collection has 60 members, and a book has thousands of nights: its payments are computed from the line
    directly rather than through one posting each. A test compares the two.
    """
    if KINDS[entry.kind].kept_in == "organisation":
        return Effect([], {})
    fund, units = registers.funds[entry.fund], registers.book.units
    if entry.kind != "contribution":
        moves = [
            (posting.fund, posting.place, posting.unit, posting.minor)
            for posting in postings(entry, fund, units)
            if posting.place is not None
        ]
        # A class of savings is stored in the column of dues; the slash avoids collisions.
        towards = f"savings/{entry.fields['class']}" if "class" in entry.fields else ""
        if "won" in entry.fields:  # an arisan taken over: what was paid in before counts for its rounds
            paid = _minors(entry.fields.get("paid", {}), units[entry.unit])
            return Effect(moves, paid, ARISAN_DUE, unit=entry.unit, parties=paid)
        return Effect(moves, {}, towards, unit=entry.unit, parties=_party(entry, units[entry.unit]))
    fields = entry.fields
    unit = units[fields.get("unit", IDR.code)]
    paid = _minors(fields["members"], unit)
    place = place_of(fields, fund)
    moves = [(fund.slug, place, unit.code, sum(paid.values()))]
    for other, part in fields.get("split", {}).items():
        minor = minor_of(part["amount"], unit)
        moves += [(fund.slug, place, unit.code, -minor), (other, part["place"], unit.code, minor)]
    due = fund.dues.get(fields.get("due", ""))
    nightly = due is not None and due.cycle.name == "night"
    return Effect(
        moves,
        paid,
        due.slug if due else "",
        period_counted(fields, due, entry.date),
        unit.code,
        [(member, entry.date.isoformat()) for member in fields.get("away", ())],
        {} if nightly else paid,
    )


def _party(entry: Entry, unit: Unit) -> Mapping[str, int]:
    """The lines on members' cards: of each of several, or of the one named."""
    sign = KINDS[entry.kind].on_card
    if not sign:
        return {}
    if members := entry.fields.get("members"):
        return {member: sign * minor_of(value, unit) for member, value in members.items()}
    member = entry.fields.get("member")
    return {} if member is None else {member: sign * minor_of(entry.fields["amount"], unit)}


def period_counted(fields: Mapping[str, Any], due: Due | None, day: date) -> str:
    """The periods a payment names, joined by a space, or the one derived from its date."""
    named: Sequence[str] = fields.get("for", ())
    if due is None:
        return ""
    if named and due.cycle.name == "night":
        return " ".join(dict.fromkeys(night[:7] for night in named))
    return " ".join(named) if named else counted_in(due, day)


def _minors(members: Mapping[str, object], unit: Unit) -> Mapping[str, int]:
    if unit is IDR:
        return members  # type: ignore[return-value]  # whole numbers, as check_shape made sure
    return {member: minor_of(value, unit) for member, value in members.items()}


def _sums() -> dict[Any, list[int]]:
    """A default dictionary of pairs of sums, without lambdas, so that rows can be pickled."""
    return defaultdict(_two_zeros)


def _by_member() -> dict[Any, dict[str, list[int]]]:
    return defaultdict(dict)


def _counts() -> dict[Any, int]:
    return defaultdict(int)


def _names() -> dict[Any, set[str]]:
    return defaultdict(set)


def _two_zeros() -> list[int]:
    return [0, 0]


# The register in which a value of each form is looked up (see `current.names_are_known`).
_REGISTERS = {
    "member": "member",
    "members": "member",
    "member-list": "member",
    "due": "due",
    "fund": "fund",
    "split": "fund",
    "savings-class": "savings",
    "arisan-slot": "slot",
    "arisan-slots": "slot",
    "collector": "collector",
}
_NAMING = {
    name: tuple((key.name, _REGISTERS[key.form]) for key in kind.keys if key.form in _REGISTERS)
    for name, kind in KINDS.items()
}


def counting(reversals: Iterable[Entry]) -> dict[str, str]:
    """The effective reversal of each cancelled entry, by that entry's id.

    An entry is cancelled once. Of two concurrent reversals the one with the smaller id is effective, in whatever order
    they are read, and the other has no effect.
    """
    first: dict[str, str] = {}
    for entry in reversals:
        cancelled = entry.fields["of"]
        first[cancelled] = min(entry.id, first.get(cancelled, entry.id))
    return first


@dataclass(slots=True)
class Rows:
    """Rows for the tables of `schema`, accumulated over many entries; sums as dictionaries by their keys."""

    entries: list[tuple[str, str, str, str, str, int, int, int, str]] = field(default_factory=list)
    reversals: list[tuple[str, str]] = field(default_factory=list)
    movements: list[tuple[str, str, str, str, str, int]] = field(default_factory=list)
    fund_month: dict[tuple[str, str, str, str], list[int]] = field(default_factory=_sums)
    place_month: dict[tuple[str, str, str, str], list[int]] = field(default_factory=_sums)
    # By fund, due, unit, month and period, and below that by member: a night's 60 payments share all but the member.
    payments: dict[tuple[str, str, str, str, str], dict[str, list[int]]] = field(default_factory=_by_member)
    # By fund, due, month, member and night.
    away: dict[tuple[str, str, str, str, str], int] = field(default_factory=_counts)
    # By fund and register: the members, dues, funds ... that its entries name.
    named: dict[tuple[str, str], set[str]] = field(default_factory=_names)
    parties: list[tuple[str, str, str, str, str, str, int]] = field(default_factory=list)
    # Savings of all members, by fund.
    saved: dict[str, int] = field(default_factory=_counts)

    def add(self, entry: Entry, file: int, line: int, effect: Effect) -> None:
        """Add one entry, found at `line` of `file`."""
        self.add_entry(entry, file, line, effect)
        self.add_paid(entry, effect)
        for key, register in _NAMING[entry.kind]:
            if names := entry.fields.get(key):
                self.named[entry.fund, register].update((names,) if type(names) is str else names)

    def add_entry(self, entry: Entry, file: int, line: int, effect: Effect) -> None:
        """The entry itself and the balances it changes: all that rules query (`rules.View`)."""
        day = entry.date.isoformat()
        month = day[:7]
        row = entry.fields.get("row", 0)
        self.entries.append((entry.id, entry.fund, day, entry.kind, _utc(entry), row, file, line, entry.text))
        net: dict[tuple[str, str], int] = defaultdict(int)
        for fund, place, unit, minor in effect.movements:
            self.movements.append((fund, place, unit, day, entry.id, minor))
            _flow(self.place_month[fund, place, unit, month], minor)
            net[fund, unit] += minor
        for (fund, unit), minor in net.items():
            _flow(self.fund_month[fund, unit, month, entry.kind], minor)
        for member, minor in effect.parties.items():
            self.parties.append((entry.organisation, member, day, entry.id, effect.due, effect.unit, minor))
        if effect.due.startswith("savings/"):
            self.saved[entry.fund] += sum(effect.parties.values())
        if entry.kind == "reversal":
            self.reversals.append((entry.fields["of"], entry.id))

    def add_paid(self, entry: Entry, effect: Effect) -> None:
        """What members paid by due, and the nights on which they were away."""
        month = entry.date.isoformat()[:7]
        count = -1 if entry.kind == "reversal" else 1
        if effect.paid:
            payments = self.payments[entry.fund, effect.due, effect.unit, month, effect.period]
            for member, minor in effect.paid.items():
                sums = payments.get(member)
                if sums is None:
                    payments[member] = [minor, count]
                else:
                    sums[0] += minor
                    sums[1] += count
        for member, night in effect.away:
            self.away[entry.fund, effect.due, month, member, night] += count

    @property
    def paid(self) -> dict[tuple[str, str, str, str, str, str], list[int]]:
        """Members' payments and their number, by fund, due, member, unit, month and period."""
        return {
            (fund, due, member, unit, month, period): sums
            for (fund, due, unit, month, period), members in self.payments.items()
            for member, sums in members.items()
        }

    def of_file(self, file: int) -> None:
        """Set the file number in every entry row."""
        self.entries = [(*row[:6], file, *row[7:]) for row in self.entries]


def _utc(entry: Entry) -> str:
    """The time of recording in UTC, comparable across time zones."""
    return entry.at.astimezone(UTC).isoformat(timespec="seconds")


def _flow(sums: list[int], minor: int) -> None:
    if minor > 0:
        sums[0] += minor
    else:
        sums[1] -= minor
