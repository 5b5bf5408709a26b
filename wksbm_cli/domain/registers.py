"""The registers of a book as values: the book, its organisations, members, funds, places and dues.

Read from TOML by `from_table` functions that refuse what they do not know; a person may have written the
file by hand, so every refusal names the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from wksbm_cli.domain.cycles import CYCLES, Cycle, parse_anchor
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.table import Table, UnknownKey
from wksbm_cli.domain.units import IDR, MOST_DECIMALS, Amount, Unit, minor_of

# The rules of a fund type are loaded by the funds that have them: most commands read a book without any.
if TYPE_CHECKING:
    from wksbm_cli.domain.arisan import ArisanRules
    from wksbm_cli.domain.closing import Closing
    from wksbm_cli.domain.death import DeathRules
    from wksbm_cli.domain.giving import GivingRules
    from wksbm_cli.domain.lending import LoanRules, SavingsClass, SurplusShare
    from wksbm_cli.domain.person import Person

FORMAT = 1
LANGUAGES = ("id", "en")

FUND_TYPES: dict[str, Message] = {
    "general": msg("general fund"),
    "social": msg("social fund"),
    "death": msg("death benefit fund"),
    "jimpitan": msg("nightly collection"),
    "arisan": msg("rotating savings (arisan)"),
    "enterprise": msg("productive enterprise"),
    "savings": msg("savings and loans"),
    "donation": msg("donation fund"),
    "zakat": msg("zakat fund"),
}
RESTRICTIONS: dict[str, Message] = {
    "none": msg("no restriction"),
    "donation": msg("given to be given: never for running costs"),
    "operational": msg("for running costs"),
    "zakat": msg("only for those entitled to zakat"),
}
# Money given to be given may not pay running costs (DOMAIN §1, WKSBM Bakti Mulia's two purses).
GIVEN_TO_BE_GIVEN = ("donation", "zakat")

PLACE_KINDS: dict[str, Message] = {
    "cash": msg("cash box"),
    "bank": msg("bank account"),
    "store": msg("store"),
    "collector": msg("collector"),
}
# From when a member who joins later owes: the period joined in, or since the due began (DOMAIN §2a).
BACK_DUES = ("none", "founding")
# Accounts beside the places under `assets:`; no place may take their name.
RESERVED_PLACES = ("loans",)


class Book(NamedTuple):
    """book.toml. `units` always holds rupiah; `night_until` is the hour to which a night still counts as the evening before."""

    name: str
    language: str
    timezone: str
    units: Mapping[str, Unit]
    night_until: int = 12
    auto_commit: bool = False

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Book:
        top = Table(table, "book.toml")
        version = top.take("format", int, required=True)
        if version != FORMAT:
            raise UnknownKey(
                msg(
                    "This book has format {version}; this program reads format {known}.", version=version, known=FORMAT
                ),
                "format",
            )
        units = {"IDR": IDR}
        for code, entry in top.tables("units").items():
            unit = Table(entry, f"units.{code}")
            name, symbol = unit.take("name", str, code), unit.take("symbol", str, code)
            decimals = unit.take("decimals", int, 0)
            if not 0 <= decimals <= MOST_DECIMALS:
                raise UnknownKey(msg("A unit has 0 to {most} decimals.", most=MOST_DECIMALS), "decimals")
            unit.done()
            units[code] = Unit(code, name, symbol, decimals)
        git = Table(top.take("git", dict, {}), "git")
        auto_commit = git.take("auto_commit", bool, False)
        git.done()
        night_until = top.take("night_until", int, 12)
        if not 0 <= night_until <= 23:
            raise UnknownKey(msg('"night_until" is an hour, 0 to 23.'), "night_until")
        book = cls(
            name=top.take("name", str, required=True),
            language=top.choice("language", LANGUAGES, "id"),
            timezone=top.take("timezone", str, "Asia/Jakarta"),
            units=units,
            night_until=night_until,
            auto_commit=auto_commit,
        )
        top.done()
        return book


# What a supervising office records of an organisation (DOMAIN §1), beside the name: text fields of organisation.toml.
ORGANISATION_FIELDS: dict[str, Message] = {
    "kind": msg("kind"),
    "territory": msg("territory"),
    "village": msg("village"),
    "district": msg("district"),
    "regency": msg("regency"),
    "province": msg("province"),
    "address": msg("address"),
    "phone": msg("telephone"),
    "email": msg("e-mail"),
    "chair": msg("chair"),
    "secretary": msg("secretary"),
    "treasurer": msg("treasurer"),
    "supervisor": msg("supervisor"),
    "legal_basis": msg("legal basis"),
}


class Organisation(NamedTuple):
    """organisation.toml: one group of the network. `fields` are the filled ones of `ORGANISATION_FIELDS`."""

    slug: str
    name: str
    fields: Mapping[str, str]
    legal_date: date | None = None
    founded: date | None = None
    officers: int | None = None
    activities: tuple[str, ...] = ()

    @classmethod
    def from_table(cls, slug: str, table: Mapping[str, Any]) -> Organisation:
        top = Table(table, "organisation.toml")
        organisation = cls(
            slug=slug,
            name=top.take("name", str, required=True),
            fields={key: value for key in ORGANISATION_FIELDS if (value := top.take(key, str))},
            legal_date=top.take("legal_date", date),
            founded=top.take("founded", date),
            officers=top.take("officers", int),
            activities=top.texts("activities"),
        )
        top.done()
        return organisation


class Exemption(NamedTuple):
    """A member owes nothing of a due (or of all dues of a fund, or of all) from a day to a day, both included."""

    start: date
    end: date | None = None
    fund: str | None = None
    due: str | None = None
    reason: str = ""

    def covers(self, fund: str, due: str, day: date) -> bool:
        """`fund` without its organisation."""
        return (
            self.start <= day
            and (self.end is None or day <= self.end)
            and self.fund in (None, fund)
            and self.due in (None, due)
        )


class Member(NamedTuple):
    """A household (or person) of an organisation. `classes` are dated: (from, class), oldest first."""

    slug: str
    name: str
    joined: date | None = None
    left: date | None = None
    classes: tuple[tuple[date, str], ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    note: str = ""

    @property
    def person(self) -> Person:
        """The member as reports name them."""
        from wksbm_cli.domain.person import Person

        return Person(self.name, self.slug)

    @classmethod
    def from_table(cls, slug: str, table: object) -> Member:
        top = Table(table, slug)
        joined = top.take("joined", date)
        classes: list[tuple[date, str]] = []
        if first := top.take("class", str):
            classes.append((joined or date.min, first))
        for change in top.take("class_changes", list, []):
            row = Table(change, f"{slug}.class_changes")
            classes.append((row.take("from", date, required=True), row.take("class", str, required=True)))
            row.done()
        exemptions = []
        for item in top.take("exemptions", list, []):
            row = Table(item, f"{slug}.exemptions")
            exemptions.append(
                Exemption(
                    start=row.take("from", date, required=True),
                    end=row.take("to", date),
                    fund=row.take("fund", str),
                    due=row.take("due", str),
                    reason=row.take("reason", str, ""),
                )
            )
            row.done()
        member = cls(
            slug=slug,
            name=top.take("name", str, required=True),
            joined=joined,
            left=top.take("left", date),
            classes=tuple(sorted(classes)),
            exemptions=tuple(exemptions),
            note=top.take("note", str, ""),
        )
        top.done()
        if member.joined and member.left and member.left < member.joined:
            raise UnknownKey(msg("{member} left before joining.", member=slug), slug)
        return member

    def is_active(self, day: date) -> bool:
        """Whether the member belongs to the group on `day`; the day of leaving is the last."""
        return (self.joined is None or self.joined <= day) and (self.left is None or day <= self.left)

    def class_on(self, day: date) -> str:
        """The member's class on `day`; empty where none was given."""
        return next((name for since, name in reversed(self.classes) if since <= day), "")


class Place(NamedTuple):
    """Where a fund's money or goods are."""

    slug: str
    name: str
    kind: str = "cash"


class Tariff(NamedTuple):
    """What a due costs from a day on: for everyone, and for classes that pay another amount. Smallest steps of the due's unit."""

    start: date
    minor: int
    classes: Mapping[str, int] = {}

    def amount_for(self, member_class: str) -> int:
        return self.classes.get(member_class, self.minor)


class Event(NamedTuple):
    """Something for which a per-event due is raised: a death, a celebration. `minor` is what each owes, if not the tariff."""

    slug: str
    name: str
    date: date
    minor: int | None = None


class Split(NamedTuple):
    """How what is paid is divided over funds from a day on; what no part takes stays in the due's own fund.

    `parts` maps `ORG/FUND` to its share: of all `whole` shares (3:1:2, or percent of 100), or with `whole` 0 a fixed
    amount in smallest steps. `odd` is the fund that receives what division leaves over; '' the due's own.
    """

    start: date
    parts: Mapping[str, int]
    whole: int = 0
    odd: str = ""

    def divide(self, minor: int) -> dict[str, int]:
        """What each other fund receives of a payment; the rest is the due's own fund's."""
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
    (everything since the due began, as some death funds ask; DOMAIN §2a). An `entry_fee` is owed once, only by
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
        top = Table(table, slug)
        code = top.take("unit", str, default.code)
        if code not in units:
            raise UnknownKey(
                msg('The unit "{typed}" is not known here.', typed=code), "unit", nearest_hint(code, units)
            )
        unit = units[code]
        name = top.choice("cycle", CYCLES, "month")
        anchor = top.take("anchor", str, "")
        if (name == "selapanan") != bool(anchor):
            raise UnknownKey(
                msg('A selapanan needs the pair of days it begins on, and no other cycle has one: "anchor".'),
                "anchor" if anchor else slug,
                msg("Type for instance: {example}", example='anchor = "kamis pahing"'),
            )
        tariffs = []
        for item in top.take("tariffs", list, required=True):
            row = Table(item, f"{slug}.tariffs")
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
        """The tariff in force on `day`; a newer one never reaches back."""
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


def _closings(top: Table, units: Mapping[str, Unit]) -> tuple[Closing, ...]:
    if "closed" not in top:
        return ()
    from wksbm_cli.domain.closing import Closing

    return tuple(Closing.from_table(item, number, units) for number, item in enumerate(top.take("closed", list)))


def _lending_rules(top: Table, unit: Unit) -> dict[str, Any]:
    """Savings, loans and surplus of a fund that has any."""
    if not {"savings", "loans", "surplus"} & set(top):
        return {}
    from wksbm_cli.domain.lending import LoanRules, SavingsClass, SurplusShare

    return {
        "savings": {name: SavingsClass.from_table(name, entry, unit) for name, entry in top.tables("savings").items()},
        "loans": LoanRules.from_table(top.take("loans", dict), unit) if "loans" in top else None,
        "surplus": SurplusShare.all_from(top.tables("surplus")),
    }


def _giving_rules(top: Table, unit: Unit) -> GivingRules | None:
    if "giving" not in top:
        return None
    from wksbm_cli.domain.giving import GivingRules

    return GivingRules.from_table(top.take("giving", dict), unit)


def _death_rules(top: Table, unit: Unit) -> DeathRules | None:
    if "death" not in top and "deaths" not in top:
        return None
    from wksbm_cli.domain.death import DeathRules

    terms, deaths = top.take("death", list, []), top.tables("deaths")
    if deaths and not terms:
        raise UnknownKey(msg("Deaths are reported to a fund that has rules for them ([[death]])."), "deaths")
    return DeathRules.from_tables(terms, deaths, unit) if terms else None


def _arisan(top: Table, fund_type: str, dues: Mapping[str, Due], unit: Unit) -> ArisanRules | None:
    if "arisan" not in top:
        return None
    from wksbm_cli.domain.arisan import ArisanRules

    rules = ArisanRules.from_table(top.take("arisan", dict), unit)
    if fund_type != "arisan":
        raise UnknownKey(
            msg('Only a fund of the type "arisan" has an arisan: its money is owed back, never income.'), "arisan"
        )
    if dues:
        raise UnknownKey(
            msg("The contributions of an arisan are what its slots owe; its fund has no other due."), next(iter(dues))
        )
    return rules


def _arisan_due(rules: ArisanRules, start: date, unit: Unit) -> Due:
    """What the slots of a running arisan owe, as a due like any other: so many times the contribution, round by round."""
    from wksbm_cli.domain.arisan import DUE

    return Due(
        slug=DUE,
        name="Arisan",
        cycle=rules.cycle,
        unit=unit,
        required=True,
        tariffs=(Tariff(start, rules.contribution),),
        start=start,
        end=rules.last_day(),
        back_dues="founding",
        weights=rules.weights,
    )


def _events(top: Table, unit: Unit) -> tuple[Event, ...]:
    events = []
    for slug, entry in top.tables("events").items():
        row = Table(entry, f"events.{slug}")
        name, day = row.take("name", str, slug), row.take("date", date, required=True)
        amount = row.take("amount", (int, Decimal))
        events.append(Event(slug, name, day, None if amount is None else minor_of(amount, unit)))
        row.done()
        if (events[-1].minor or 0) < 0:
            raise UnknownKey(msg("Nobody owes less than nothing."), slug)
    return tuple(sorted(events, key=lambda event: (event.date, event.slug)))


def _cancelled(top: Table) -> tuple[date, ...]:
    days = []
    for item in top.take("cancelled", list, []):
        row = Table(item, "cancelled")
        days.append(row.take("date", date, required=True))
        row.take("reason", str)
        row.done()
    return tuple(sorted(days))


def _splits(top: Table, unit: Unit) -> tuple[Split, ...]:
    """`parts` are shares of `of` (3 of 6, 30 of 100), or amounts where `of` is not given."""
    splits = []
    for item in top.take("splits", list, []):
        row = Table(item, "splits")
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


class Fund(NamedTuple):
    """fund.toml. `slug` is the whole name `ORG/FUND`; the first of `places` is where money goes unless said otherwise."""

    slug: str
    name: str
    type: str
    restriction: str
    unit: Unit
    places: Mapping[str, Place]
    dues: Mapping[str, Due]
    closings: tuple[Closing, ...] = ()
    savings: Mapping[str, SavingsClass] = {}
    loans: LoanRules | None = None
    surplus: tuple[SurplusShare, ...] = ()
    arisan: ArisanRules | None = None
    death: DeathRules | None = None
    giving: GivingRules | None = None

    @property
    def organisation(self) -> str:
        return self.slug.partition("/")[0]

    @property
    def short(self) -> str:
        return self.slug.partition("/")[2]

    @property
    def default_place(self) -> str:
        return next(iter(self.places))

    @property
    def closed_until(self) -> date | None:
        """The last day in which nothing is recorded any more; None where nothing is closed."""
        return max((closing.until for closing in self.closings if closing.reopened is None), default=None)

    def place_name(self, place: str) -> str:
        """What people call a place; the hands of a collector nobody declared go by the collector's own slug."""
        return self.places[place].name if place in self.places else place

    def place_kind(self, place: str) -> str:
        """What kind of place it is; nobody declares the hands of a collector."""
        return self.places[place].kind if place in self.places else "collector"

    @classmethod
    def from_table(cls, slug: str, table: Mapping[str, Any], units: Mapping[str, Unit]) -> Fund:
        top = Table(table, "fund.toml")
        code = top.take("unit", str, "IDR")
        if code not in units:
            raise UnknownKey(
                msg('The unit "{typed}" is not known here.', typed=code), "unit", nearest_hint(code, units)
            )
        places = {}
        for place, entry in top.tables("places").items():
            row = Table(entry, f"places.{place}")
            places[place] = Place(place, row.take("name", str, place), row.choice("kind", PLACE_KINDS, "cash"))
            row.done()
            if place in RESERVED_PLACES:
                raise UnknownKey(msg('A place cannot be called "{place}".', place=place), place)
        if not places:
            raise UnknownKey(msg("The fund {fund} has no place for its money.", fund=slug), "places")
        dues = {due: Due.from_table(due, entry, units, units[code]) for due, entry in top.tables("dues").items()}
        type_ = top.choice("type", FUND_TYPES, "general")
        arisan = _arisan(top, type_, dues, units[code])
        if arisan is not None and arisan.start is not None:
            due = _arisan_due(arisan, arisan.start, units[code])
            dues[due.slug] = due
        fund = cls(
            slug=slug,
            name=top.take("name", str, required=True),
            type=type_,
            restriction=top.choice("restriction", RESTRICTIONS, "none"),
            unit=units[code],
            places=places,
            dues=dues,
            closings=_closings(top, units),
            arisan=arisan,
            death=_death_rules(top, units[code]),
            **_lending_rules(top, units[code]),
            giving=_giving_rules(top, units[code]),
        )
        top.done()
        return fund


def check_members(fund: Fund, members: Mapping[str, Member]) -> None:
    """Raise `UnknownKey` where fund.toml names someone who is no member: who holds a slot, whose family a death is in."""
    named = [
        (slot.slug, member) for slot in (fund.arisan.slots.values() if fund.arisan else ()) for member in slot.shares
    ]
    named += [(death.slug, death.member) for death in (fund.death.deaths.values() if fund.death else ())]
    for key, member in named:
        if member not in members:
            raise UnknownKey(
                msg('There is no member "{member}" in {organisation}.', member=member, organisation=fund.organisation),
                key,
                nearest_hint(member, members),
            )


class Registers(NamedTuple):
    """All registers of one book, as read at one moment. Funds by `ORG/FUND`; members by organisation, then slug."""

    book: Book
    organisations: Mapping[str, Organisation]
    members: Mapping[str, Mapping[str, Member]]
    funds: Mapping[str, Fund]

    def fund(self, name: str, organisation: str | None = None) -> Fund:
        """The fund called `ORG/FUND`, or `FUND` where only one organisation (or the given one) has it."""
        if name in self.funds and organisation in (None, name.partition("/")[0]):
            return self.funds[name]
        of_org = [fund for fund in self.funds.values() if organisation in (None, fund.organisation)]
        found = [fund for fund in of_org if fund.short == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(
                msg('"{fund}" is a fund of several organisations.', fund=name),
                hint=msg("Say which: {names}", names=", ".join(fund.slug for fund in found)),
            )
        known = [fund.slug if "/" in name else fund.short for fund in of_org]
        raise Refused(
            msg('There is no fund "{fund}".', fund=name),
            hint=nearest_hint(name, known) or msg("To make one, use: wksbm fund add"),
        )

    def organisation(self, name: str | None) -> Organisation:
        """The organisation called `name`; without a name, the only one there is."""
        if name is None:
            if len(self.organisations) == 1:
                return next(iter(self.organisations.values()))
            raise Refused(
                msg("Say which organisation, with --org."),
                hint=nearest_hint("", self.organisations) or msg("To make one, use: wksbm org add"),
            )
        if name not in self.organisations:
            raise Refused(
                msg('There is no organisation "{organisation}".', organisation=name),
                hint=nearest_hint(name, self.organisations),
            )
        return self.organisations[name]

    def member(self, organisation: str, typed: str) -> Member:
        """The member with this id, or with this unique part of the name."""
        members = self.members.get(organisation, {})
        if typed in members:
            return members[typed]
        wanted = typed.casefold().strip()
        if wanted in members:
            return members[wanted]
        found = [member for member in members.values() if wanted and wanted in member.name.casefold()]
        exact = [member for member in found if wanted == member.name.casefold()]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if found:
            raise Refused(
                msg('"{member}" may be one of several members.', member=typed),
                hint=msg(
                    "Say which: {names}", names=", ".join(f"{member.slug} ({member.name})" for member in found[:8])
                ),
            )
        raise Refused(
            msg('There is no member "{member}" in {organisation}.', member=typed, organisation=organisation),
            hint=nearest_hint(typed, [*members, *(member.name for member in members.values())]),
        )

    def unit(self, code: str) -> Unit:
        return self.book.units[code]

    def amount(self, minor: int, code: str) -> Amount:
        """`minor` smallest steps of the unit with this code."""
        return Amount(minor, self.book.units[code])
