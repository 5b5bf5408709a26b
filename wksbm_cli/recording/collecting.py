"""Drafts of a whole collection: from a list of absent members, of paying members, or from a sheet of many nights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import NamedTuple

from wksbm_cli.domain.dates import Span, parse_written_date
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage, Where
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text
from wksbm_cli.domain.units import Amount, Unit, minor_of, parse_amount
from wksbm_cli.domain.wording import shown_period
from wksbm_cli.index.query import Query
from wksbm_cli.recording.asking import Asking, given_by_day, period_asked, refuse_doubtful, sheets_of
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, parse_periods, split_fields, unit_code
from wksbm_cli.recording.rows import InputRow, Sheet


def night_of(now: datetime, due: Due | None, night_until: int) -> date:
    """The default date of a collection: shortly after midnight it is still the evening before."""
    if due is not None and due.cycle.name == "night" and now.hour < night_until:
        return now.date() - timedelta(days=1)
    return now.date()


class Typed(NamedTuple):
    """A collection as typed: the lists of members, the amount if not the due's, the period or event.

    `gave` names those who gave another amount than the rest: `budi=5000, tini=40rb`.
    """

    absent: str | None = None
    paid: str | None = None
    away: str | None = None
    gave: str | None = None
    amount: Amount | None = None
    collector: str | None = None
    period: str | None = None
    again: bool = False
    exactly: bool = False


def from_lists(query: Query, drafter: Drafter, due: Due | None, typed: Typed) -> Draft:
    """One collection: everyone active but the `absent` and the `away` paid, or only those `paid`.

    Each gave what is open for the period, or `amount`. A house that is `away` (empty, or travelling) owes nothing.
    Members who already paid for the period are left out, with a notice.
    """
    registers, fund, day, amount = drafter.registers, drafter.fund, drafter.day, typed.amount
    if amount is not None and due is not None and amount.unit != due.unit:
        raise Refused(
            msg("{due} is paid in {unit}, not in {other}.", due=due.name, unit=due.unit.name, other=amount.unit.name)
        )
    parts = _amounts(drafter, due, typed.gave)
    for said in (*([amount] if amount is not None else []), *parts.values()):
        if not typed.exactly:
            refuse_doubtful(due, said, day)
    period, named = _period(due, typed.period, day)
    giving, empty, excused = _houses(drafter, typed, parts)
    stood = _gave_before(query, drafter, due, period, typed, giving)
    asking = Asking(query, registers, fund, due) if due else None
    given: dict[str, int] = {}
    paid_up: list[str] = []
    for member in sorted(giving, key=lambda member: member.slug):
        own = parts.get(member.slug, amount)
        if member.slug in stood and typed.paid is None and member.slug not in parts:
            continue
        if due is not None and due.weights is not None and not due.weights.get(member.slug):
            if typed.paid is not None:
                raise Refused(
                    msg("{member} holds no slot of {fund}.", member=member.name, fund=fund.name),
                    hint=msg("Who pays for another is named with --covered-by."),
                )
            continue
        minor = own.minor if own else _asked(asking, fund, member, period, day)
        if minor:
            given[member.slug] = minor
            if asking is not None and own is not None:
                asking.bring(member, period, day, minor)
        elif asking is not None and asking.is_paid_up(member, period, day):
            paid_up.append(member.name)
    if not given and paid_up:
        raise Refused(
            msg("Already paid: {members}. There is nothing to collect.", members=paid_up),
            hint=msg("If they gave more all the same, say how much each with --amount."),
        )
    if not given and giving and due is not None:
        raise Refused(msg("Nothing is owed of {due} on {date} by those who gave.", due=due.name, date=day))
    if not given:
        raise Refused(
            msg("Nobody gave anything; there is nothing to record."),
            hint=msg("If there was no collection that night: wksbm collect cancel {fund}", fund=fund.slug)
            if due is not None and due.cycle.name == "night"
            else None,
        )
    unit = amount.unit if amount else due.unit if due else fund.unit
    draft = sheet_draft(drafter, due, given, empty, unit, typed.collector, None, away=excused, periods=named)
    if paid_up:
        left_out = msg("Already paid, left out: {members}.", members=paid_up)
        draft = draft._replace(notices=(*draft.notices, left_out))
    return draft


def _period(due: Due | None, typed: str | None, day: date) -> tuple[str, list[str]]:
    """The period of a sheet, and the value of `for` in its line: empty where it follows from the date."""
    if due is None:
        if typed is not None:
            raise Usage(msg("--for needs a due."))
        return "", []
    if typed is None:
        return period_asked(due, day), []
    if due.cycle.name == "night":
        raise Usage(msg("A night is said with --date, not with --for."))
    periods = parse_periods(due, typed, day)
    if len(periods) != 1:
        raise Usage(msg("A sheet is for one period; {count} are named.", count=len(periods)))
    return periods[0], periods


def _gave_before(
    query: Query, drafter: Drafter, due: Due | None, period: str, typed: Typed, giving: Sequence[Member]
) -> set[str]:
    """The members who gave in earlier sheets of the period, for a second round; refused where that is not intended.

    A sheet by absence contains everyone else, so there is only one. A sheet of paying members may be followed by another
    of other members, or of further amounts (--amount) on another day. A night may have a sheet of each collector,
    where each house is validated on its own (rules.nights_once).
    """
    if due is None or due.cycle.name in ("night", "once") or not period:
        return set()
    stand = list(sheets_of(query, drafter.fund, due, period))
    if typed.again:
        return {member for entry in stand for member in entry.fields["members"]}
    if typed.paid is not None:
        named = {member.slug for member in giving}
        stand = [entry for entry in stand if named & set(entry.fields["members"])]
        if typed.amount is not None or typed.gave is not None:
            stand = [entry for entry in stand if entry.date == drafter.day]
    if stand:
        raise Refused(
            msg(
                "{due} has a sheet for {period} already: {id}.",
                due=due.name,
                period=shown_period(drafter.fund, due, period),
                id=stand[-1].short_id,
            ),
            hint=msg(
                "For a second round of those still open, add --again. To correct it: wksbm reverse {id} --reason ...",
                id=stand[-1].short_id,
            ),
        )
    return set()


def _amounts(drafter: Drafter, due: Due | None, typed: str | None) -> dict[str, Amount]:
    """`budi=5000, tini=40rb` by member, in the unit of the due."""
    amounts: dict[str, Amount] = {}
    for part in _split(typed):
        name, equals, text = part.rpartition("=")
        if not equals:
            raise Usage(
                msg('"{text}" does not say how much.', text=part[:40]),
                hint=msg("Type for instance: --gave {example}", example="budi=5000,tini=20000"),
            )
        member = drafter.registers.member(drafter.fund.organisation, name.strip())
        amount = drafter.amount(text)
        if amount.unit != (due.unit if due is not None else drafter.fund.unit):
            raise Refused(
                msg("{member}: {amount} is not in the unit of the others.", member=member.name, amount=amount)
            )
        if member.slug in amounts:
            raise Usage(msg("{member} is named twice.", member=member.name))
        amounts[member.slug] = amount
    return amounts


def _houses(drafter: Drafter, typed: Typed, parts: Mapping[str, Amount]) -> tuple[list[Member], list[str], list[str]]:
    """The members who gave (those of `parts` among them), those absent, and those excused."""
    registers, fund = drafter.registers, drafter.fund
    members = registers.members[fund.organisation]
    active = {slug: member for slug, member in members.items() if member.is_active(drafter.day)}
    named = [registers.member(fund.organisation, name) for name in _split(typed.paid or typed.absent)]
    excused = [registers.member(fund.organisation, name).slug for name in _split(typed.away)]
    if both := [slug for slug in parts if slug in (*excused, *(member.slug for member in named if typed.absent))]:
        raise Usage(msg("{member} is named twice.", member=members[both[0]].name))
    if typed.paid is not None:
        return list(dict.fromkeys([*named, *(members[slug] for slug in parts)])), [], excused
    if gone := [slug for slug in (*(member.slug for member in named), *parts) if slug not in active]:
        raise Refused(
            msg("Not a member on {date}: {members}.", date=drafter.day, members=gone),
            hint=msg("See them with: wksbm member list"),
        )
    empty = [member.slug for member in named]
    return [member for member in active.values() if member.slug not in (*empty, *excused)], empty, excused


def _asked(asking: Asking | None, fund: Fund, member: Member, period: str, day: date) -> int:
    """The amount a member owes for a period; refused where there is no due or tariff."""
    if asking is None:
        raise Usage(
            msg("{fund} has no due to take the amount from; say it with --amount.", fund=fund.name),
            hint=msg("To set one, use: wksbm fund due {fund} ...", fund=fund.slug),
        )
    due = asking.due
    if due.tariff_on(day) is None:
        raise Refused(
            msg("{due} has no tariff yet on {date}.", due=due.name, date=day),
            hint=msg("To set one, use: wksbm fund due {fund} ...", fund=fund.slug),
        )
    return asking.asked(member, period, day)


def _split(names: str | None) -> list[str]:
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def sheet_draft(
    drafter: Drafter,
    due: Due | None,
    given: Mapping[str, int],
    empty: Sequence[str],
    unit: Unit,
    collector: str | None,
    note: str | None,
    away: Sequence[str] = (),
    periods: Sequence[str] = (),
) -> Draft:
    total = Amount(sum(given.values()), unit)
    return drafter.draft(
        "contribution",
        due=due.slug if due else None,
        members={member: unit.number(minor) for member, minor in given.items()},
        away=sorted(away),
        split=split_fields(drafter.registers, due, drafter.day, total) if due else {},
        unit=unit_code(Amount(0, unit)),
        **({"for": list(periods)} if periods else {}),
        empty=sorted(empty),
        collector=check_slug(collector.lower()) if collector else None,
        **({"note": check_text(note)} if note else {}),
    )


def hand_overs(query: Query, drafter: Drafter, to_place: str | None) -> list[Draft]:
    """What every collector holds on the day, of each unit, moved to one place: the fund's first if none is named."""
    fund, to = drafter.fund, to_place or drafter.fund.default_place
    held = [
        (place, Amount(flow.closing, drafter.registers.unit(unit)))
        for (_, place, unit), flow in sorted(query.place_flows([fund.slug], Span(None, drafter.day)).items())
        if fund.place_kind(place) == "collector" and place != to and flow.closing > 0
    ]
    if not held:
        raise Refused(
            msg("No collector holds anything of {fund} on {date}.", fund=fund.name, date=drafter.day),
            hint=msg("See what is where with: wksbm balance --by place"),
        )
    return [drafter.move(amount, place, to) for place, amount in held]


@dataclass(slots=True)
class _Night:
    """One collector's payments of one night; `rows` are its rows by member."""

    day: date
    collector: str
    given: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    empty: set[str] = field(default_factory=set)
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, InputRow] = field(default_factory=dict)
    paid_up: set[str] = field(default_factory=set)

    @property
    def first_row(self) -> InputRow:
        return next(iter(self.rows.values()))


def from_sheet(
    query: Query,
    drafter: Drafter,
    due: Due | None,
    sheet: Sheet,
    *,
    unknown_as: str | None,
    today: date,
    exactly: bool = False,
) -> tuple[list[Draft], list[Message]]:
    """One draft per night and collector of a sheet with the columns date, member, and amount, collector, note if present.

    Idempotent, so that a growing file can be read again: rows already recorded are skipped where they agree. Notices
    about the sheet come with the drafts.

    Raises `Refused` with every row that names an unknown member (unless `unknown_as` takes them), an
    amount or date that cannot be read, a house a second time in one night, or otherwise than recorded.
    """
    registers, fund = drafter.registers, drafter.fund
    catch_all = registers.member(fund.organisation, unknown_as) if unknown_as else None
    asking = Asking(query, registers, fund, due) if due else None
    reader = _NightReader(registers, fund, asking, catch_all, today, exactly=exactly)
    sheet.use(sheet.rows, reader.add)
    nights = reader.nights
    days = [day for day, _ in nights]
    recorded = given_by_day(query, fund, due, min(days), max(days)) if days else {}
    drafts: list[Draft] = []
    known = 0

    def close(night: _Night, row: InputRow) -> None:
        of_day = Drafter(registers, fund, night.day, drafter.note, drafter.place)
        given = dict(sorted(night.given.items()))
        if asking is not None:
            members, period = registers.members[fund.organisation], period_asked(asking.due, night.day)
            for member, minor in given.items():
                asking.bring(members[member], period, night.day, minor)
        note = "; ".join(f"{text}: {', '.join(houses)}" for text, houses in sorted(night.notes.items())) or None
        draft = sheet_draft(of_day, due, given, sorted(night.empty), reader.unit, night.collector or None, note)
        drafts.append(draft._replace(origin=Where(sheet.path, row.number)))

    for _, night in sorted(nights.items()):
        for entry in recorded.get(night.day, ()):
            known += _pass_over(sheet, night, entry, reader.unit)
        if night.given:
            sheet.use([night.first_row], partial(close, night))  # joined notes may become too long
    sheet.refuse_unusable()
    if not drafts and not known:
        raise Refused(msg("Nobody gave anything; there is nothing to record."), where=Where(sheet.path))
    return drafts, [*reader.notices(), *_passed_over(known)]


def _pass_over(sheet: Sheet, night: _Night, entry: Entry, unit: Unit) -> int:
    """Remove payments already in an entry from a night, and count them; a row that disagrees is refused."""
    collector = entry.fields.get("collector", "")
    if collector != night.collector:  # each collector has different houses; the rules refuse one that both have
        return 0
    recorded = {member: minor_of(value, unit) for member, value in entry.fields["members"].items()}
    recorded |= dict.fromkeys(entry.fields.get("empty", ()), 0)
    same = 0
    for member, minor in recorded.items():
        row = night.rows.get(member)
        if row is None:
            continue
        told = night.given.pop(member, 0)
        night.empty.discard(member)
        night.paid_up.discard(member)
        if told == minor or (minor and not row.get("amount")):
            same += 1
            continue
        sheet.use(
            [row],
            partial(
                _refuse_changed,
                msg(
                    "{member} stands in {id} with {recorded}, and here with {told}.",
                    member=member,
                    id=entry.short_id,
                    recorded=Amount(minor, unit),
                    told=Amount(told, unit),
                ),
            ),
        )
    for text, houses in list(night.notes.items()):
        night.notes[text] = [house for house in houses if house.casefold() not in recorded]
        if not night.notes[text]:
            del night.notes[text]
    return same


def _refuse_changed(text: Message, row: InputRow) -> None:
    raise Refused(text)


def _passed_over(known: int) -> list[Message]:
    if not known:
        return []
    return [msgn("{count} row was recorded already.", "{count} rows were recorded already.", known)]


def named_house(registers: Registers, fund: Fund, text: str) -> Member | None:
    """The member with this id or full name; None where there is none, or several."""
    members = registers.members[fund.organisation]
    wanted = text.casefold()
    if wanted in members:
        return members[wanted]
    named = [member for member in members.values() if wanted and member.name.casefold() == wanted]
    return named[0] if len(named) == 1 else None


def find_house(registers: Registers, fund: Fund, texts: Sequence[str]) -> Member:
    """The member named by one of a row's texts; `Refused` where none is."""
    for text in texts:
        if found := named_house(registers, fund, text):
            return found
    if not any(texts):
        raise Refused(msg("This row names no member."))
    raise Refused(
        msg('There is no member "{member}" in {organisation}.', member=texts[-1][:60], organisation=fund.organisation)
    )


class _NightReader:
    """Reads rows one by one, remembering which house was seen on which night.

    A sheet repeats nights, houses, collectors and amounts, so each text is parsed once.
    """

    def __init__(
        self,
        registers: Registers,
        fund: Fund,
        asking: Asking | None,
        catch_all: Member | None,
        today: date,
        *,
        exactly: bool,
    ) -> None:
        self.today, self.exactly = today, exactly
        self.registers, self.fund, self.asking, self.catch_all = registers, fund, asking, catch_all
        self.unit: Unit = asking.due.unit if asking else fund.unit
        self.nights: dict[tuple[date, str], _Night] = {}
        self.seen: dict[date, dict[str, int]] = defaultdict(dict)  # by night: in which line a house was met
        self.unknown: dict[str, int] = defaultdict(int)
        self._day = cache(parse_written_date)
        self._member = cache(self._read_member)
        self._night = cache(self._begin_night)
        self._amount = cache(self._read_amount)
        self._period = cache(lambda day: period_asked(asking.due, day) if asking else "")

    def add(self, row: InputRow) -> None:
        cells = row.cells
        day = self._day(cells["date"])
        code = cells["member"]
        member = self._member(code)
        typed = cells.get("amount")
        minor = self._amount(typed).minor if typed else _asked(self.asking, self.fund, member, self._period(day), day)
        if member is self.catch_all and code.casefold() != member.slug:
            self.unknown[code] += 1
        elif (earlier := self.seen[day].setdefault(member.slug, row.number)) != row.number:
            raise Refused(
                msg(
                    "{member} stands on {date} already, in line {line}.",
                    member=member.slug,
                    date=day,
                    line=str(earlier),
                )
            )
        night = self._night(day, cells.get("collector", ""))
        night.rows.setdefault(member.slug, row)
        if minor:
            night.given[member.slug] += minor
        elif not typed and self.asking and self.asking.is_paid_up(member, self._period(day), day):
            night.paid_up.add(member.slug)
        else:
            night.empty.add(member.slug)
        if text := cells.get("note"):
            night.notes[check_text(text)].append(code or member.slug)

    def _begin_night(self, day: date, collector: str) -> _Night:
        slug = check_slug(collector.lower()) if collector else ""
        return self.nights.setdefault((day, slug), _Night(day, slug))

    def _read_member(self, code: str) -> Member:
        found = named_house(self.registers, self.fund, code) or self.catch_all
        return found if found is not None else find_house(self.registers, self.fund, [code])

    def _read_amount(self, typed: str) -> Amount:
        amount = parse_amount(typed, self.registers.book.units, self.unit)
        if amount.unit != self.unit:
            raise Refused(msg("{typed} is not in {unit}.", typed=typed, unit=self.unit.name))
        if self.asking is not None and amount.minor and not self.exactly:
            refuse_doubtful(self.asking.due, amount, self.today)
        return amount

    def notices(self) -> list[Message]:
        found, nights = [], self.nights.values()
        members = self.registers.members[self.fund.organisation]
        if paid_up := sorted({member for night in nights for member in night.paid_up}):
            found.append(msg("Already paid, left out: {members}.", members=[members[slug].name for slug in paid_up]))
        if empty_rows := sum(len(night.empty) for night in nights):
            found.append(
                msgn(
                    "{count} row of nothing given: visited, not booked.",
                    "{count} rows of nothing given: visited, not booked.",
                    empty_rows,
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
