"""A whole collection at once: who gave is told by who did not, by who did, or by a sheet of many nights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial

from wksbm_cli.domain.dates import parse_date
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage, Where
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text
from wksbm_cli.domain.units import Amount, Unit, parse_amount
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, split_fields, unit_code
from wksbm_cli.recording.rows import Sheet, SheetRow


def night_of(now: datetime, due: Due | None, night_until: int) -> date:
    """The day a collection belongs to when none is typed: after midnight a night is still the evening before's."""
    if due is not None and due.cycle.name == "night" and now.hour < night_until:
        return now.date() - timedelta(days=1)
    return now.date()


def tariff_for(member: Member, fund: Fund, due: Due, day: date) -> Amount:
    """What a member owes of a due on a day: nothing where exempt or before the first tariff."""
    minor = due.owed_by(member, fund.short, day) if due.tariff_on(day) else 0
    return Amount(minor, due.unit)


def from_lists(
    drafter: Drafter,
    due: Due | None,
    *,
    absent: str | None,
    paid: str | None,
    away: str | None,
    amount: Amount | None,
    collector: str | None,
) -> Draft:
    """One collection: everyone active but the `absent` and the `away` paid, or only those `paid`.

    Each gave the tariff, or `amount`. A house that is `away` (empty for good, or travelling) misses nothing.
    """
    registers, fund = drafter.registers, drafter.fund
    if amount is not None and due is not None and amount.unit != due.unit:
        raise Refused(
            msg("{due} is paid in {unit}, not in {other}.", due=due.name, unit=due.unit.name, other=amount.unit.name)
        )
    members = registers.members[fund.organisation]
    active = {slug: member for slug, member in members.items() if member.is_active(drafter.day)}
    named = [registers.member(fund.organisation, name) for name in _split(paid if paid is not None else absent)]
    excused = [registers.member(fund.organisation, name).slug for name in _split(away)]
    if paid is not None:
        giving, empty = named, []
    else:
        if gone := [member.slug for member in named if member.slug not in active]:
            raise Refused(
                msg("Not a member on {date}: {members}.", date=drafter.day, members=gone),
                hint=msg("See them with: wksbm member list"),
            )
        empty = [member.slug for member in named]
        giving = [member for member in active.values() if member.slug not in (*empty, *excused)]
    given: dict[str, int] = {}
    for member in sorted(giving, key=lambda member: member.slug):
        owed = amount or _tariff(member, fund, due, drafter.day)
        if owed.minor:
            given[member.slug] = owed.minor
    if not given:
        raise Refused(
            msg("Nobody gave anything; there is nothing to record."),
            hint=msg("If there was no collection that night: wksbm collect cancel {fund}", fund=fund.slug),
        )
    unit = amount.unit if amount else due.unit if due else fund.unit
    return _draft(drafter, due, given, empty, unit, collector, None, away=excused)


def _tariff(member: Member, fund: Fund, due: Due | None, day: date) -> Amount:
    if due is None:
        raise Usage(
            msg("{fund} has no due to take the amount from; say it with --amount.", fund=fund.name),
            hint=msg("To set one, use: wksbm fund due {fund} ...", fund=fund.slug),
        )
    if due.tariff_on(day) is None:
        raise Refused(
            msg("{due} has no tariff yet on {date}.", due=due.name, date=day),
            hint=msg("To set one, use: wksbm fund due {fund} ...", fund=fund.slug),
        )
    return tariff_for(member, fund, due, day)


def _split(names: str | None) -> list[str]:
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def _draft(
    drafter: Drafter,
    due: Due | None,
    given: Mapping[str, int],
    empty: Sequence[str],
    unit: Unit,
    collector: str | None,
    note: str | None,
    away: Sequence[str] = (),
) -> Draft:
    total = Amount(sum(given.values()), unit)
    return drafter.draft(
        "contribution",
        due=due.slug if due else None,
        members={member: unit.number(minor) for member, minor in given.items()},
        away=sorted(away),
        split=split_fields(drafter.registers, due, drafter.day, total) if due else {},
        unit=unit_code(Amount(0, unit)),
        empty=sorted(empty),
        collector=check_slug(collector.lower()) if collector else None,
        **({"note": check_text(note)} if note else {}),
    )


@dataclass(slots=True)
class _Night:
    """What one collector brought from one night; `row` is the first that tells of it."""

    day: date
    collector: str
    row: SheetRow
    given: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    empty: set[str] = field(default_factory=set)
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def from_sheet(drafter: Drafter, due: Due | None, sheet: Sheet, *, unknown_as: str | None, today: date) -> list[Draft]:
    """One draft per night and collector of a sheet with the columns date, member, and amount, collector, note if present.

    The first carries what a person should know of the sheet.

    Raises `Refused` with every row that names an unknown member (unless `unknown_as` takes them), an
    amount or date that cannot be read, or a house a second time in one night.
    """
    registers, fund = drafter.registers, drafter.fund
    reader = _Reader(
        registers, fund, due, registers.member(fund.organisation, unknown_as) if unknown_as else None, today
    )
    nights: dict[tuple[date, str], _Night] = {}
    sheet.use(sheet.rows, partial(reader.add, nights))
    drafts: list[Draft] = []

    def close(night: _Night, row: SheetRow) -> None:
        of_day = Drafter(registers, fund, night.day, drafter.note, drafter.place)
        given = dict(sorted(night.given.items()))
        note = "; ".join(f"{text}: {', '.join(houses)}" for text, houses in sorted(night.notes.items())) or None
        draft = _draft(of_day, due, given, sorted(night.empty), reader.unit, night.collector or None, note)
        drafts.append(draft._replace(origin=Where(sheet.path, row.number)))

    for _, night in sorted(nights.items()):
        if night.given:
            sheet.use([night.row], partial(close, night))  # many notes are one too long a note
    sheet.refuse_unusable()
    if not drafts:
        raise Refused(msg("Nobody gave anything; there is nothing to record."), where=Where(sheet.path))
    drafts[0] = drafts[0]._replace(notices=tuple(reader.notices()))
    return drafts


class _Reader:
    """Reads rows one by one, remembering which house was seen on which night.

    A sheet says the same nights, houses, collectors and amounts over and over: each text is read once.
    """

    def __init__(
        self, registers: Registers, fund: Fund, due: Due | None, catch_all: Member | None, today: date
    ) -> None:
        self.registers, self.fund, self.due, self.catch_all = registers, fund, due, catch_all
        self.unit: Unit = due.unit if due else fund.unit
        self.seen: dict[tuple[date, str], int] = {}
        self.empty_rows = 0
        self.unknown: dict[str, int] = defaultdict(int)
        self._day = cache(lambda text: parse_date(text, today))
        self._member = cache(self._read_member)
        self._collector = cache(lambda text: check_slug(text.lower()) if text else "")
        self._amount = cache(self._read_amount)

    def add(self, nights: dict[tuple[date, str], _Night], row: SheetRow) -> None:
        cells = row.cells
        day = self._day(cells["date"])
        code = cells["member"]
        member = self._member(code)
        collector = self._collector(cells.get("collector", ""))
        typed = cells.get("amount")
        amount = self._amount(typed) if typed else _tariff(member, self.fund, self.due, day)
        if member is self.catch_all and code.casefold() != member.slug:
            self.unknown[code] += 1
        elif (earlier := self.seen.setdefault((day, member.slug), row.number)) != row.number:
            raise Refused(
                msg(
                    "{member} stands on {date} already, in line {line}.",
                    member=member.slug,
                    date=day,
                    line=str(earlier),
                )
            )
        night = nights.get((day, collector)) or nights.setdefault((day, collector), _Night(day, collector, row))
        if not amount.minor:
            self.empty_rows += 1
            night.empty.add(member.slug)
        else:
            night.given[member.slug] += amount.minor
        if text := cells.get("note"):
            night.notes[check_text(text)].append(code or member.slug)

    def _read_member(self, code: str) -> Member:
        members = self.registers.members[self.fund.organisation]
        wanted = code.casefold()
        if wanted in members:
            return members[wanted]
        named = [member for member in members.values() if wanted and member.name.casefold() == wanted]
        if len(named) == 1:
            return named[0]
        if self.catch_all is not None:
            return self.catch_all
        if not code:
            raise Refused(msg("This row names no member."))
        raise Refused(
            msg('There is no member "{member}" in {organisation}.', member=code, organisation=self.fund.organisation)
        )

    def _read_amount(self, typed: str) -> Amount:
        amount = parse_amount(typed, self.registers.book.units, self.unit)
        if amount.unit != self.unit:
            raise Refused(msg("{typed} is not in {unit}.", typed=typed, unit=self.unit.name))
        return amount

    def notices(self) -> list[Message]:
        found = []
        if self.empty_rows:
            found.append(
                msgn(
                    "{count} row of nothing given: visited, not booked.",
                    "{count} rows of nothing given: visited, not booked.",
                    self.empty_rows,
                )
            )
        if self.unknown and self.catch_all is not None:
            codes = [
                msg("{code} ({times})", code=code or msg("no code"), times=times)
                for code, times in sorted(self.unknown.items())
            ]
            found.append(
                msg("Unknown codes recorded under {member}: {codes}.", member=self.catch_all.name, codes=codes)
            )
        return found
