"""All registers of a book: its settings and organisations, and the lookup of funds, organisations and members by a typed name.

Parsed from TOML by `from_table` functions that refuse unknown keys; files may be written by hand, so every
refusal names the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person, without_titles
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import IDR, MOST_DECIMALS, Amount, Unit

if TYPE_CHECKING:
    from wksbm_cli.domain.signing import Signer

# The formats of books that this program reads; new ones are kept in the last.
FORMATS = (1, 2)
LANGUAGES = ("id", "en")


class BookSettings(NamedTuple):
    """book.toml. `units` always holds rupiah; `night_until` is the hour to which a night still counts as the evening before.

    Of format 2: `offset` is the UTC offset in which all timestamps are written, the standard time of the group's zone;
    `identity` distinguishes the book from others of the same name, in a network of books.
    """

    name: str
    language: str
    timezone: str
    units: Mapping[str, Unit]
    night_until: int = 12
    auto_commit: bool = False
    format: int = FORMATS[-1]
    offset: tzinfo | None = None
    identity: str = ""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> BookSettings:
        top = TomlTable(table, "book.toml")
        version = top.take("format", int, required=True)
        if version not in FORMATS:
            raise UnknownKey(
                msg(
                    "This book has format {version}; this program reads formats up to {known}.",
                    version=version,
                    known=FORMATS[-1],
                ),
                "format",
                hint=msg("Install a newer version of the program: pip install -U wksbm-cli"),
            )
        units = {"IDR": IDR}
        for code, entry in top.tables("units").items():
            unit = TomlTable(entry, f"units.{code}")
            name, symbol = unit.take("name", str, code), unit.take("symbol", str, code)
            decimals = unit.take("decimals", int, 0)
            if not 0 <= decimals <= MOST_DECIMALS:
                raise UnknownKey(msg("A unit has 0 to {most} decimals.", most=MOST_DECIMALS), "decimals")
            unit.done()
            units[code] = Unit(code, name, symbol, decimals)
        git = TomlTable(top.take("git", dict, {}), "git")
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
            format=version,
            offset=_offset(top, version),
            identity=_identity(top, version),
        )
        top.done()
        return book

    def recorded_at(self, now: datetime) -> datetime:
        """A timestamp as this book writes it: always in one offset, so that sorting the text sorts by time."""
        return now if self.offset is None else now.astimezone(self.offset)


def _offset(top: TomlTable, version: int) -> tzinfo | None:
    if version == 1:
        return None
    text: str = top.take("offset", str, required=True)
    match = re.fullmatch(r"([+-])([01][0-9]):([0-5][0-9])", text)
    if match is None or text == "-00:00":
        raise top.problem(
            msg('"{key}" cannot be "{value}".', key="offset", value=text[:20]),
            "offset",
            msg("In book.toml, write for instance: {example}", example='offset = "+07:00"'),
        )
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def offset_of(moment: datetime) -> timezone:
    """The standard offset of a timestamp's zone, without daylight saving."""
    offset = moment.utcoffset()
    assert offset is not None
    return timezone(offset - (moment.dst() or timedelta()))


def offset_text(offset: tzinfo) -> str:
    """An offset as written in timestamps: `+07:00`."""
    return datetime(2000, 1, 1, tzinfo=offset).isoformat()[-6:]


def _identity(top: TomlTable, version: int) -> str:
    text: str = top.take("identity", str, "") if version > 1 else ""
    if text and not re.fullmatch(r"[0-9a-f]{32}", text):
        raise top.problem(msg('"{key}" cannot be "{value}".', key="identity", value=text[:40]), "identity")
    return text


# What a supervising office records of an organisation (docs/practice.md#organisations), beside the name: text fields of organisation.toml.
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


# The offices whose holders may approve what goes out.
OFFICERS = ("chair", "secretary", "treasurer", "supervisor")


class Approver(NamedTuple):
    """Someone beside the officers who may approve what goes out, from a day to a day, both included."""

    name: str
    start: date | None = None
    end: date | None = None

    def may_approve(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Organisation(NamedTuple):
    """organisation.toml: one group of the network. `fields` are the filled ones of `ORGANISATION_FIELDS`."""

    slug: str
    name: str
    fields: Mapping[str, str]
    legal_date: date | None = None
    founded: date | None = None
    officers: int | None = None
    fiscal_year: int = 1  # the month in which its years begin
    activities: tuple[str, ...] = ()
    approvers: tuple[Approver, ...] = ()
    signers: Mapping[str, Signer] = {}

    def year_name(self, year: int) -> str:
        """`2026`; where a year begins in another month than January `2025/2026`."""
        return str(year) if self.fiscal_year == 1 else f"{year - 1}/{year}"

    def approvers_on(self, day: date) -> list[str]:
        """Who may approve what goes out on a day: the officers, and whoever is named as an approver."""
        named = (approver.name for approver in self.approvers if approver.may_approve(day))
        return list(dict.fromkeys((*(self.fields[office] for office in OFFICERS if office in self.fields), *named)))

    @classmethod
    def from_table(cls, slug: str, table: Mapping[str, Any]) -> Organisation:
        top = TomlTable(table, "organisation.toml")
        approvers = []
        for number, item in enumerate(top.take("approvers", list, [])):
            row = TomlTable(item, "approvers", number)
            approvers.append(
                Approver(row.take("name", str, required=True), row.take("from", date), row.take("to", date))
            )
            row.done()
        organisation = cls(
            slug=slug,
            name=top.take("name", str, required=True),
            fields={key: value for key in ORGANISATION_FIELDS if (value := top.take(key, str))},
            legal_date=top.take("legal_date", date),
            founded=top.take("founded", date),
            officers=top.take("officers", int),
            fiscal_year=_month_of_year(top),
            activities=top.texts("activities"),
            approvers=tuple(approvers),
            signers=_signers(top),
        )
        top.done()
        return organisation


def _month_of_year(top: TomlTable) -> int:
    month: int = top.take("fiscal_year", int, 1)
    if not 1 <= month <= 12:
        raise UnknownKey(msg("A year begins in a month of 1 to 12, not {month}.", month=month), "fiscal_year")
    return month


def _signers(top: TomlTable) -> Mapping[str, Signer]:
    if "signers" not in top:
        return {}
    from wksbm_cli.domain.signing import Signer

    return {slug: Signer.from_table(slug, entry) for slug, entry in top.tables("signers").items()}


class Registers(NamedTuple):
    """All registers of one book, as read at one moment. Funds by `ORG/FUND`; members by organisation, then slug.

    `tables` are the parsed TOML by the path of each file in the book, from which seals are computed.
    """

    book: BookSettings
    organisations: Mapping[str, Organisation]
    members: Mapping[str, Mapping[str, Member]]
    funds: Mapping[str, Fund]
    tables: Mapping[str, Mapping[str, Any]] = {}

    @property
    def ledgers(self) -> list[str]:
        """Everything that has a ledger: organisations (their decisions) and funds."""
        return [*self.organisations, *self.funds]

    def years_begin(self, funds: Iterable[Fund]) -> int:
        """The month in which the years of some funds' organisations begin; January where they differ."""
        months = {self.organisations[fund.organisation].fiscal_year for fund in funds}
        return months.pop() if len(months) == 1 else 1

    def fund(self, name: str, organisation: str | None = None) -> Fund:
        """The fund called `ORG/FUND`, or `FUND` where only one organisation (or the given one) has it, or by its whole name."""
        if name in self.funds and organisation in (None, name.partition("/")[0]):
            return self.funds[name]
        of_org = [fund for fund in self.funds.values() if organisation in (None, fund.organisation)]
        words = name.casefold().split()
        found = [fund for fund in of_org if fund.short == name] or [
            fund for fund in of_org if fund.short == "-".join(words) or fund.name.casefold().split() == words
        ]
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
        """The member with this id, or with this unique part of the name; Bu, Pak and the like before it may be left out."""
        members = self.members.get(organisation, {})
        if typed in members:
            return members[typed]
        wanted = typed.casefold().strip()
        if wanted in members:
            return members[wanted]
        found = [member for member in members.values() if wanted and wanted in member.name.casefold()]
        if not found and (bare := without_titles(wanted)):
            wanted = bare
            found = [member for member in members.values() if bare in without_titles(member.name.casefold())]
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
            hint=nearest_hint(wanted, [*members, *(member.name for member in members.values())]),
        )

    def place_name(self, fund: Fund, place: str) -> Person | str:
        """The displayed name of a place; a collector who is no declared place has the member's name, else the typed text."""
        if place in fund.places:
            return fund.places[place].name
        member = self.members.get(fund.organisation, {}).get(place)
        return member.person if member else place

    def unit(self, code: str) -> Unit:
        return self.book.units[code]

    def amount(self, minor: int, code: str) -> Amount:
        """`minor` smallest steps of the unit with this code."""
        return Amount(minor, self.book.units[code])
