"""A fund as fund.toml has it: its type and restriction, its places and dues, and the rules of its type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from wksbm_cli.domain.due import ARISAN_DUE, Due, Tariff
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import Unit

# The rules of a fund type are imported lazily: most commands read a book without lending, arisan or death funds.
if TYPE_CHECKING:
    from wksbm_cli.domain.arisan import ArisanRules
    from wksbm_cli.domain.closing import Closing
    from wksbm_cli.domain.death import DeathRules
    from wksbm_cli.domain.giving import GivingRules
    from wksbm_cli.domain.lending import LoanRules, SavingsClass, SurplusShare

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
# Money given to be given may not pay running costs (docs/practice.md#two-purses).
GIVEN_TO_BE_GIVEN = ("donation", "zakat")
PLACE_KINDS: dict[str, Message] = {
    "cash": msg("cash box"),
    "bank": msg("bank account"),
    "store": msg("store"),
    "collector": msg("collector"),
}
# Reserved names under `assets:` that no place may have.
RESERVED_PLACES = ("loans",)


class Place(NamedTuple):
    """Where a fund's money or goods are."""

    slug: str
    name: str
    kind: str = "cash"


def _closings(top: TomlTable, units: Mapping[str, Unit]) -> tuple[Closing, ...]:
    if "closed" not in top:
        return ()
    from wksbm_cli.domain.closing import Closing

    return tuple(Closing.from_table(item, number, units) for number, item in enumerate(top.take("closed", list)))


def _lending_rules(top: TomlTable, unit: Unit) -> dict[str, Any]:
    """Savings, loans and surplus of a fund that has any."""
    if not {"savings", "loans", "surplus"} & set(top):
        return {}
    from wksbm_cli.domain.lending import LoanRules, SavingsClass, SurplusShare

    return {
        "savings": {name: SavingsClass.from_table(name, entry, unit) for name, entry in top.tables("savings").items()},
        "loans": LoanRules.from_table(top.take("loans", dict), unit) if "loans" in top else None,
        "surplus": SurplusShare.all_from(top.tables("surplus")),
    }


def _giving_rules(top: TomlTable, unit: Unit) -> GivingRules | None:
    if "giving" not in top:
        return None
    from wksbm_cli.domain.giving import GivingRules

    return GivingRules.from_table(top.take("giving", dict), unit)


def _death_rules(top: TomlTable, unit: Unit) -> DeathRules | None:
    if "death" not in top and "deaths" not in top:
        return None
    from wksbm_cli.domain.death import DeathRules

    terms, deaths = top.take("death", list, []), top.tables("deaths")
    if deaths and not terms:
        raise UnknownKey(msg("Deaths are reported to a fund that has rules for them ([[death]])."), "deaths")
    return DeathRules.from_tables(terms, deaths, unit) if terms else None


def _arisan(top: TomlTable, fund_type: str, dues: Mapping[str, Due], unit: Unit) -> ArisanRules | None:
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
    """The contributions of a running arisan as an ordinary due, weighted by the slots each member holds."""
    return Due(
        slug=ARISAN_DUE,
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
        """The last closed day; None where nothing is closed."""
        return max((closing.until for closing in self.closings if closing.reopened is None), default=None)

    def reserve_name(self, reserve: str) -> str:
        """The name of a share of the surplus that is kept; of one that the rule no longer has, as it stands in the ledger."""
        return next((share.name for share in self.surplus if share.slug == reserve), reserve)

    def place_kind(self, place: str) -> str:
        """The kind of a place; an undeclared one is a collector."""
        return self.places[place].kind if place in self.places else "collector"

    @classmethod
    def from_table(cls, slug: str, table: Mapping[str, Any], units: Mapping[str, Unit]) -> Fund:
        top = TomlTable(table, "fund.toml")
        code = top.take("unit", str, "IDR")
        if code not in units:
            raise UnknownKey(
                msg('The unit "{typed}" is not known here.', typed=code), "unit", nearest_hint(code, units)
            )
        places = {}
        for place, entry in top.tables("places").items():
            row = TomlTable(entry, f"places.{place}")
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


def lending_fault(fund: Fund) -> Message | None:
    """Why a fund cannot lend at all."""
    if fund.restriction != "zakat":
        return None
    return msg("{fund} holds zakat, which is given and never lent.", fund=fund.name)


def event_day(funds: Iterable[Fund], event: str) -> date:
    """The day of an event for which one of these funds raises a due."""
    known = {known.slug: known.date for fund in funds for due in fund.dues.values() for known in due.events}
    if event not in known:
        raise Refused(msg('There is no event "{event}".', event=event), hint=nearest_hint(event, known))
    return known[event]


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
