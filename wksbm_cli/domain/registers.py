"""The registers of a book together: what a book and an organisation are, and who or which fund is meant by a name typed.

Read from TOML by `from_table` functions that refuse what they do not know; a person may have written the
file by hand, so every refusal names the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import IDR, MOST_DECIMALS, Amount, Unit

FORMAT = 1
LANGUAGES = ("id", "en")


class BookSettings(NamedTuple):
    """book.toml. `units` always holds rupiah; `night_until` is the hour to which a night still counts as the evening before."""

    name: str
    language: str
    timezone: str
    units: Mapping[str, Unit]
    night_until: int = 12
    auto_commit: bool = False

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> BookSettings:
        top = TomlTable(table, "book.toml")
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
        top = TomlTable(table, "organisation.toml")
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


class Registers(NamedTuple):
    """All registers of one book, as read at one moment. Funds by `ORG/FUND`; members by organisation, then slug."""

    book: BookSettings
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
