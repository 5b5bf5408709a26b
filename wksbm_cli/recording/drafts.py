"""Drafts of entries from names and values as typed, resolved against the registers and the book.

One function per kind that is typed; each returns the draft of one entry, or raises what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.dates import Span, months_later, nearest_month, parse_month
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import ASNAF, MOST_PARCELS, ZAKAT_TO
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.obligations import Obligation, Standing, counted_in, is_beyond
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text, nearest_hint
from wksbm_cli.domain.sources import DONATION_SOURCES, INCOME_SOURCES, MODES, PILLARS
from wksbm_cli.domain.units import IDR, Amount, parse_amount
from wksbm_cli.domain.wording import shown_buckets
from wksbm_cli.index.query import Query
from wksbm_cli.recording.asking import refuse_beyond_room, refuse_doubtful
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.commit import Draft
from wksbm_cli.standing.dues import member_standing, received_by

# An amount as typed, or one already parsed (a column of an import with a known format).
Typed = str | Amount


class HelpTyped(NamedTuple):
    """The receiver, purpose and classification of help, as typed."""

    receiver: str
    purpose: str
    member: str | None = None
    pillar: str | None = None
    mode: str | None = None
    category: str | None = None
    asnaf: str | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Drafter:
    """The context of all drafts of one command: registers, fund, date, and the values any entry may have (note, place,
    approver)."""

    registers: Registers
    fund: Fund
    day: date
    note: str | None = None
    place: str | None = None
    approved_by: str | None = None

    def of(self, fund: Fund) -> Drafter:
        """The same of another fund."""
        return replace(self, fund=fund)

    def amount(self, typed: Typed, *, zero: bool = False) -> Amount:
        """Parse a positive amount, in the fund's unit unless another is typed."""
        amount = typed if isinstance(typed, Amount) else parse_amount(typed, self.registers.book.units, self.fund.unit)
        if not amount.minor and not zero:
            raise Refused(msg("An amount must be more than nothing; this one is {value}.", value=typed))
        return amount

    def own_amount(self, typed: Typed, *, zero: bool = False) -> Amount:
        """Parse an amount in the fund's own unit, for what cannot be owed in another."""
        amount = self.amount(typed, zero=zero)
        if amount.unit != self.fund.unit:
            raise Refused(msg("{amount} is not in {unit}.", amount=amount, unit=self.fund.unit.name))
        return amount

    def draft(self, kind: str, **fields: Any) -> Draft:
        common = {"note": check_text(self.note) if self.note else None, "place": self._place()}
        if KINDS[kind].needs_approval != "never":
            common["approved_by"] = check_text(self.approved_by) if self.approved_by else None
        return Draft(self.fund.slug, kind, self.day, {**common, **fields})

    def _place(self) -> str | None:
        return check_slug(self.place) if self.place else None

    def opening(self, typed: Typed) -> Draft:
        return self.draft("opening", **fields_of(self.amount(typed)))

    def contribution(
        self,
        query: Query,
        member: str,
        typed: Typed,
        due_typed: str | None,
        periods_typed: str | None,
        *,
        covered_by: str | None = None,
        exactly: bool = False,
    ) -> Draft:
        """A payment of one member. More than ten years ahead is refused as a typing error, and so is an amount far below the
        due, unless `exactly`."""
        due = find_due(self.fund, due_typed)
        amount = self.amount(typed)
        if due is not None and amount.unit != due.unit:
            raise Refused(
                msg(
                    "{due} is paid in {unit}, not in {other}.", due=due.name, unit=due.unit.name, other=amount.unit.name
                )
            )
        if not exactly:
            refuse_doubtful(due, amount, self.day)
        if periods_typed is not None and due is None:
            raise Usage(msg("--for needs a due; {fund} has none.", fund=self.fund.name), hint=_due_hint(self.fund))
        found = self.registers.member(self.fund.organisation, member)
        fields: dict[str, Any] = {"members": {found.slug: amount.number}, "unit": unit_code(amount)}
        if covered_by:
            coverer = self.registers.member(self.fund.organisation, covered_by)
            if coverer.slug == found.slug:
                raise Usage(msg("Who covers is another member."))
            fields["covered_by"] = coverer.slug
        if self.fund.arisan is not None:
            self._judge_slot(due, found)
        if due is None:
            return self.draft("contribution", **fields)
        periods = parse_periods(due, periods_typed, self.day) if periods_typed is not None else []
        fields |= {"due": due.slug, "for": periods, "split": split_fields(self.registers, due, self.day, amount)}
        notices = self._judge_size(query, due, found, amount, periods)
        return self.draft("contribution", **fields)._replace(notices=notices)

    def _judge_slot(self, due: Due | None, member: Member) -> None:
        """Only holders of a slot pay into an arisan, and only while it runs, since all of it is owed back to the slots."""
        if due is None:
            raise Refused(
                msg("{fund} has not started; its contributions begin with the first round.", fund=self.fund.name),
                hint=msg("To start it: wksbm arisan start {fund}", fund=self.fund.slug),
            )
        if due.weights is not None and member.slug not in due.weights:
            raise Refused(
                msg("{member} holds no slot of {fund}.", member=member.name, fund=self.fund.name),
                hint=msg("Who pays for another is named with --covered-by."),
            )

    def _judge_size(
        self, query: Query, due: Due, member: Member, amount: Amount, periods: list[str]
    ) -> tuple[Message, ...]:
        if not due.required:
            return ()
        standing = member_standing(query, self.registers, self.fund, due, member.slug, self.day)
        counted = counted_in(due, self.day)
        named = bucketed(due, periods) or ([counted] if counted else [])
        if standing.owes_nothing or (named and not any(map(standing.obligation.in_period, named))):
            return (
                msg(
                    "{member} owes nothing of {due} for that time; it is recorded as a voluntary gift.",
                    member=member.name,
                    due=due.name,
                ),
            )
        if due.weights is None and (far := [period for period in named if is_beyond(due, period, self.day)]):
            raise Refused(
                msg(
                    "{period} is more than ten years ahead: likely a slip.",
                    period=shown_buckets(self.fund, due, far[:1]),
                ),
                hint=msg("A payment goes to the oldest open period where no --for is given."),
            )
        refuse_beyond_room(standing, amount.minor)
        if periods:
            return self._spread(query, standing.obligation, named, amount)
        return self._while_exempt(query, standing, amount)

    def _while_exempt(self, query: Query, standing: Standing, amount: Amount) -> tuple[Message, ...]:
        """A notice where a member owes nothing on the day: the payment goes to what will be owed later."""
        obligation = standing.obligation
        due, member = obligation.due, obligation.member
        if standing.open or counted_in(due, self.day) or obligation.amount_on(self.day):
            return ()
        paid = received_by(query, self.registers, obligation, self.day, (), amount.minor)
        return (
            msg(
                "{member} owes nothing of {due} on {date}; it pays {paid} ahead. A gift for now is recorded with --for.",
                member=member.name,
                due=due.name,
                date=self.day,
                paid=shown_buckets(self.fund, due, paid),
            ),
        )

    def _spread(self, query: Query, obligation: Obligation, periods: list[str], amount: Amount) -> tuple[Message, ...]:
        """A notice where a payment exceeds the periods it names, and goes to others as well."""
        due = obligation.due
        paid = received_by(query, self.registers, obligation, self.day, periods, amount.minor)
        if set(paid) <= set(periods):
            return ()
        return (
            msg(
                "{amount} is more than is open for {named}: it pays {paid}.",
                amount=amount,
                named=shown_buckets(self.fund, due, periods),
                paid=shown_buckets(self.fund, due, paid),
            ),
        )

    def donation(
        self,
        typed: Typed,
        donor: str,
        source: str,
        member: str | None,
        purpose: str | None = None,
        people: int | None = None,
    ) -> Draft:
        if people is not None and not 1 <= people <= MOST_PARCELS:
            raise Usage(msg("The number of people is 1 to {most}.", most=MOST_PARCELS))
        return self.draft(
            "donation",
            **fields_of(self.amount(typed)),
            **{"from": check_text(donor)},
            source=choose(source, DONATION_SOURCES),
            member=self.registers.member(self.fund.organisation, member).slug if member else None,
            purpose=check_text(purpose) if purpose else None,
            people=people if people != 1 else None,
        )

    def income(self, typed: Typed, payer: str, source: str | None, purpose: str | None = None) -> Draft:
        return self.draft(
            "income",
            **fields_of(self.amount(typed)),
            **{"from": check_text(payer)},
            source=choose(source, INCOME_SOURCES) if source else None,
            purpose=check_text(purpose) if purpose else None,
        )

    def disbursement(self, amount: Amount, given: HelpTyped, parcels: int = 1) -> Draft:
        """Help given, in money or in goods; `amount` is that of all `parcels`. `44 anak yatim` are 44 people unless it is said."""
        written = re.match(r"([0-9]{1,5}) +[^\W\d]", given.receiver)
        people = given.people or (int(written[1]) if written and not given.member else None) or 1
        if not 1 <= people <= MOST_PARCELS:
            raise Usage(msg("The number of people is 1 to {most}.", most=MOST_PARCELS))
        return self.draft(
            "disbursement",
            **fields_of(amount),
            to=check_text(given.receiver),
            purpose=check_text(given.purpose),
            member=self.registers.member(self.fund.organisation, given.member).slug if given.member else None,
            pillar=choose(given.pillar, PILLARS) if given.pillar else None,
            mode=choose(given.mode, MODES) if given.mode else None,
            category=choose(given.category, CATEGORIES) if given.category else None,
            asnaf=choose(given.asnaf, ZAKAT_TO) if given.asnaf else None,
            parcels=parcels if parcels > 1 else None,
            people=people if people not in (1, parcels) else None,
        )

    def parcel(self, typed: Sequence[Typed], times: int, given: HelpTyped) -> list[Draft]:
        """Parcels of one or several goods, `times` of them: one entry per good, all recorded or none."""
        if not 1 <= times <= MOST_PARCELS:
            raise Usage(msg("The number of parcels is 1 to {most}.", most=MOST_PARCELS))
        amounts = [self.amount(each) for each in typed]
        units = [amount.unit for amount in amounts]
        if len(set(units)) < len(units):
            raise Usage(
                msg("{amounts}: of one unit a parcel holds one amount.", amounts=amounts),
                hint=msg(
                    "Give what belongs together as one amount, and help for someone else by a command of its own."
                ),
            )
        return [self.disbursement(Amount(amount.minor * times, amount.unit), given, times) for amount in amounts]

    def expense(self, typed: Typed, purpose: str, receiver: str | None) -> Draft:
        return self.draft(
            "expense",
            **fields_of(self.amount(typed)),
            purpose=check_text(purpose),
            to=check_text(receiver) if receiver else None,
        )

    def return_(self, typed: Typed, giver: str, reason: str) -> Draft:
        return self.draft("return", **fields_of(self.amount(typed)), to=check_text(giver), reason=check_text(reason))

    def transfer(self, other: Fund, typed: Typed, reason: str, to_place: str | None, asnaf: str | None = None) -> Draft:
        if other.slug == self.fund.slug:
            raise Usage(
                msg("A transfer goes to another fund; within {fund} it is a move.", fund=self.fund.name),
                hint=msg("Use: wksbm move {fund} AMOUNT PLACE PLACE", fund=self.fund.slug),
            )
        return self.draft(
            "transfer",
            **fields_of(self.amount(typed)),
            to_fund=other.slug,
            to_place=check_slug(to_place) if to_place else other.default_place,
            reason=check_text(reason),
            asnaf=choose(asnaf, {"amil": ASNAF["amil"]}) if asnaf else None,
        )

    def move(self, typed: Typed, place: str, to_place: str) -> Draft:
        if place == to_place:
            raise Usage(msg("From {place} to {place} nothing moves.", place=place))
        return self.draft(
            "move", **fields_of(self.amount(typed)), place=check_slug(place), to_place=check_slug(to_place)
        )

    def exchange(self, give: str, get: str, receiver: str | None, to_place: str | None) -> Draft:
        given = self.amount(give)
        got = parse_amount(get, self.registers.book.units, IDR if given.unit is not IDR else self.fund.unit)
        if not got.minor:
            raise Refused(msg("An amount must be more than nothing; this one is {value}.", value=get))
        if got.unit == given.unit:
            raise Usage(
                msg("{given} for {got}: an exchange is of one unit for another.", given=given, got=got),
                hint=msg('Type for instance: wksbm exchange FUND "40 kg beras" 480000'),
            )
        return self.draft(
            "exchange",
            **fields_of(given),
            get=got.number,
            get_unit=unit_code(got),
            to_place=check_slug(to_place) if to_place else self.place or self.fund.default_place,
            to=check_text(receiver) if receiver else None,
        )

    def count(self, query: Query, typed: str, reason: str | None) -> Draft:
        """A count of a place compared with its balance on that day; a difference needs a reason."""
        counted = self.amount(typed, zero=True)
        place = self.place or self.fund.default_place
        booked = query.place_balance(self.fund.slug, place, counted.unit.code, self.day)
        difference = Amount(counted.minor - booked, counted.unit)
        if difference.minor and not reason:
            raise Refused(
                msg(
                    "The book has {booked} in {place}; {counted} counted is {missing} less.",
                    booked=Amount(booked, counted.unit),
                    place=self.registers.place_name(self.fund, place),
                    counted=counted,
                    missing=-difference,
                )
                if difference.minor < 0
                else msg(
                    "The book has {booked} in {place}; {counted} counted is {more} more.",
                    booked=Amount(booked, counted.unit),
                    place=self.registers.place_name(self.fund, place),
                    counted=counted,
                    more=difference,
                ),
                hint=msg("Count again; if it stays so, say why with --reason and it is booked."),
            )
        return self.draft(
            "count",
            amount=counted.number,
            unit=unit_code(counted),
            difference=difference.number,
            reason=check_text(reason) if reason and difference.minor else None,
            place=place,
        )


def find_entry(query: Query, typed: str) -> Entry:
    """Find an entry by the beginning of its id, also with the number before it as on a voucher (`12/3f9a0c17`); `last` is
    the one recorded last."""
    if typed.strip().lower() in _LAST_WORDS:
        return _last_entry(query)
    prefix = re.sub(r"^[0-9]+/", "", typed.strip().lower())
    if not re.fullmatch(r"[0-9a-f]{4,32}", prefix):
        raise Usage(
            msg('"{text}" is not the beginning of an id: 4 to 32 of the digits 0-9 and a-f.', text=typed[:40]),
            hint=msg("The cash book shows the ids: wksbm cashbook FUND"),
        )
    found = query.by_prefix(prefix)
    if not found:
        raise Refused(
            msg("There is no entry {id}.", id=prefix), hint=msg("The cash book shows the ids: wksbm cashbook FUND")
        )
    if len(found) > 1:
        raise Refused(
            msg("Several entries begin with {id}.", id=prefix),
            hint=msg("Type more of it: {names}", names=", ".join(entry.id for entry in found)),
        )
    return found[0]


_LAST_WORDS = ("last", "terakhir")


def _last_entry(query: Query) -> Entry:
    found, is_one_command = query.recorded_last()
    if not found:
        raise Refused(msg("Nothing is recorded yet."))
    if len(found) > 1:
        raise Refused(
            msg("The last command recorded {count} entries.", count=len(found))
            if is_one_command
            else msg("{count} entries were recorded in the same second, by several commands.", count=len(found)),
            hint=msg("Say which: {names}", names=", ".join(entry.short_id for entry in found[:8])),
        )
    return found[0]


def reversal(query: Query, typed: str, reason: str, day: date, note: str | None) -> Draft:
    """The draft that cancels the entry whose id begins as typed."""
    found = find_entry(query, typed)
    fields = {"of": found.id, "reason": check_text(reason), "note": check_text(note) if note else None}
    return Draft(found.fund, "reversal", day, fields)


def find_due(fund: Fund, typed: str | None) -> Due | None:
    """Find a due by slug or part of its name; without a name the only one, or None."""
    if typed is None:
        if len(fund.dues) > 1:
            raise Usage(msg("{fund} has several dues; say which with --due.", fund=fund.name), hint=_due_hint(fund))
        return next(iter(fund.dues.values()), None)
    wanted = typed.casefold()
    if wanted in fund.dues:
        return fund.dues[wanted]
    found = [due for due in fund.dues.values() if wanted in due.name.casefold()]
    if len(found) == 1:
        return found[0]
    raise Refused(
        msg('{fund} has no due "{due}".', fund=fund.name, due=typed),
        hint=nearest_hint(typed, fund.dues) or _due_hint(fund),
    )


def _due_hint(fund: Fund) -> Message:
    if fund.dues:
        return msg("Known: {names}", names=", ".join(fund.dues))
    return msg("To set one, use: wksbm fund due {fund} ...", fund=fund.slug)


def split_fields(registers: Registers, due: Due, day: date, amount: Amount) -> dict[str, Any]:
    """The `split` of a payment by the due's rule of that day: amounts and places of other funds; {} without a rule."""
    split = due.split_on(day)
    if split is None:
        return {}
    fields = {}
    for slug, minor in split.divide(amount.minor).items():
        if slug not in registers.funds:
            raise Refused(msg('There is no fund "{fund}".', fund=slug), hint=nearest_hint(slug, registers.funds))
        fields[slug] = {"amount": Amount(minor, amount.unit).number, "place": registers.funds[slug].default_place}
    return fields


def bucketed(due: Due, periods: Sequence[str]) -> list[str]:
    """Allocation periods: nights become their month."""
    return list(dict.fromkeys(period[:7] for period in periods)) if due.cycle.name == "night" else list(periods)


def parse_periods(due: Due, typed: str, day: date) -> list[str]:
    """The periods of `2026-01..2026-03`, `2026-01,2026-02`, `2026`, `okt..des` or `ini` (this one), in order, each once."""
    found: dict[str, None] = {}
    if due.cycle.name == "event":
        return [_event(due, part.strip()) for part in typed.split(",")]
    for part in re.split("[,;]", typed):  # a form writes the boxes ticked with semicolons
        first, dots, last = part.strip().partition("..")
        begin = _period_key(due, first, day)
        # The end of a stretch is the first such month from its beginning on.
        end = _period_key(due, last, _first_day(begin) or day, is_after=True) if dots else ""
        found.update(dict.fromkeys(due.cycle.parse(f"{begin}{dots}{end}")))
    if not found:
        raise Usage(msg('"{text}" names no period: its end comes before its start.', text=typed[:40]))
    return sorted(found)


def _period_key(due: Due, typed: str, day: date, *, is_after: bool = False) -> str:
    """The key of what is typed for a period: `ini` by the day, and a month by its name; anything else as it is."""
    plain = typed.strip().lower()
    if plain in ("this", "ini") and due.cycle.name != "once":
        return due.cycle.period_of(day)
    if re.fullmatch(r"[a-z]+ \d{4}|\d{1,2}/\d{4}", plain):
        span: Span | None = parse_month(typed, date.min)
    else:
        span = nearest_month(plain, day)
        if span is not None and span.start is not None and is_after:
            ahead = (span.start.month - day.month) % 12
            start = months_later(day.replace(day=1), ahead)
            return f"{start:%Y-%m}"
    return typed.strip() if span is None or span.start is None else f"{span.start:%Y-%m}"


def _first_day(key: str) -> date | None:
    """The first day of a month; None where the key is none."""
    return date.fromisoformat(f"{key}-01") if re.fullmatch(r"\d{4}-\d{2}", key) else None


def _event(due: Due, typed: str) -> str:
    known = {event.slug for event in due.events}
    if typed not in known:
        raise Refused(
            msg('{due} has no event "{event}".', due=due.name, event=typed[:60]),
            hint=nearest_hint(typed, known) or msg("To open one, use: wksbm fund event"),
        )
    return typed


def unit_code(amount: Amount) -> str | None:
    """The `unit` of a line: none for rupiah."""
    return None if amount.unit is IDR else amount.unit.code


def fields_of(amount: Amount) -> dict[str, Any]:
    return {"amount": amount.number, "unit": unit_code(amount)}
