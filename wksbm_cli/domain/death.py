"""Death benefit (dana kematian): who is covered, from when, and how much a family receives.

Practice (docs/practice.md#death-benefit): tiers by years of the fund or of membership and by simultaneous deaths; classes of coverage
(household, parents living elsewhere ...); a waiting period; arrears that bar or are deducted; a part in goods
(shroud and what belongs to a burial) within the amount. What only people can judge (attended three meetings, not older
than 65 when joining) stands in the rules as sentences, and is put to the meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import months_later
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.slug import SLUG
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import Amount, Unit, minor_of

HOUSEHOLD = "household"
_HOUSEHOLD_NAME = msg("household")


def coverage_name(coverage: str) -> Message | str:
    """A class of coverage as people call it: the household in their language, all others by their own word."""
    return _HOUSEHOLD_NAME if coverage == HOUSEHOLD else coverage


# Whose years the tiers count.
YEARS_OF: dict[str, Message] = {"member": msg("of membership"), "fund": msg("of the fund")}

# Upper bounds: years of any group, months of waiting, deaths in a household.
_MOST_YEARS, _MOST_MONTHS, _MOST_DEATHS = 200, 1200, 100


class Tier(NamedTuple):
    """A benefit from a year and a number of simultaneous deaths on. `goods` of `amount` are given in kind."""

    amount: int
    year: int = 1
    deaths: int = 1
    coverage: str = HOUSEHOLD
    goods: int = 0


class BenefitTerms(NamedTuple):
    """The rules in force from a day on. `years_of` counts the years of the fund or of the membership; `arrears_limit`
    is the most periods a family may be behind (None: any number). `covers` says in words whom a class of coverage holds;
    `conditions` are what the meeting itself has to judge."""

    start: date
    tiers: tuple[Tier, ...]
    years_of: str = "member"
    waiting_months: int = 0
    arrears_limit: int | None = None
    deduct_arrears: bool = True
    covers: Mapping[str, str] = {}
    conditions: tuple[str, ...] = ()

    @classmethod
    def from_table(cls, table: object, number: int, unit: Unit) -> BenefitTerms:
        row = TomlTable(table, "death", number)
        tiers = tuple(_tier(item, at, unit) for at, item in enumerate(row.take("tiers", list, required=True)))
        terms = cls(
            start=row.take("from", date, required=True),
            tiers=tiers,
            years_of=row.choice("years_of", YEARS_OF, "member"),
            waiting_months=row.take("waiting_months", int, 0),
            arrears_limit=row.take("arrears_limit", int),
            deduct_arrears=row.take("deduct_arrears", bool, True),
            covers=_covers(row, number),
            conditions=row.texts("conditions"),
        )
        row.done()
        if not 0 <= terms.waiting_months <= _MOST_MONTHS or (terms.arrears_limit or 0) < 0:
            raise row.problem(msg("A waiting time and a limit of arrears are 0 or more."), "from")
        _check_gaps(tiers)
        for coverage in terms.covers:
            if coverage not in terms.coverages:
                raise row.problem(msg("There is no benefit for {coverage}.", coverage=coverage), coverage)
        return terms

    @property
    def coverages(self) -> list[str]:
        return list(dict.fromkeys(tier.coverage for tier in self.tiers))

    def standard(self, year: int) -> Tier:
        """The benefit of one death in a household in this year of the fund, by which the fund's strength is measured.

        Where years of membership count, it is that of a household which was there from the beginning: as most are, and
        none gets more.
        """
        found = self.tier(HOUSEHOLD if HOUSEHOLD in self.coverages else self.coverages[0], year, 1)
        assert found is not None, "every coverage begins with the first year and one death"
        return found

    def tier(self, coverage: str, year: int, deaths: int) -> Tier | None:
        """The benefit for this year (the first is 1) and this number of deaths: the highest that both have reached.

        Where the rules say nothing of several at once, each of them has the benefit of one.
        """
        reached = [
            tier for tier in self.tiers if tier.coverage == coverage and tier.year <= year and tier.deaths <= deaths
        ]
        found = max(reached, key=lambda tier: (tier.deaths, tier.year), default=None)
        if found is None or self.most_deaths(coverage) > 1:
            return found
        return found._replace(amount=found.amount * deaths, goods=found.goods * deaths, deaths=deaths)

    def most_deaths(self, coverage: str) -> int:
        """The largest number of simultaneous deaths with a tier of its own, which covers more as well; 1 where each counts alone."""
        return max(tier.deaths for tier in self.tiers if tier.coverage == coverage)


def at_once(deaths: int) -> Message:
    """The number of deaths, as a phrase."""
    return msg("for one death") if deaths == 1 else msg("for {count} deaths at once", count=deaths)


def _covers(row: TomlTable, number: int) -> dict[str, str]:
    texts = TomlTable(row.take("covers", dict, {}), "covers", number)
    return {coverage: texts.take(coverage, str) for coverage in texts}


def _tier(table: object, number: int, unit: Unit) -> Tier:
    row = TomlTable(table, "tiers", number)
    tier = Tier(
        amount=minor_of(row.take("amount", (int, Decimal), required=True), unit),
        year=row.take("year", int, 1),
        deaths=row.take("deaths", int, 1),
        coverage=row.take("coverage", str, HOUSEHOLD),
        goods=minor_of(row.take("goods", (int, Decimal), 0), unit),
    )
    row.done()
    in_bounds = 1 <= tier.year <= _MOST_YEARS and 1 <= tier.deaths <= _MOST_DEATHS
    if not SLUG.fullmatch(tier.coverage) or not in_bounds or not 0 <= tier.goods <= tier.amount:
        raise UnknownKey(
            msg("A tier has a year and a number of deaths from 1 on, and goods within its amount."), "tiers"
        )
    return tier


def _check_gaps(tiers: tuple[Tier, ...]) -> None:
    """Each class of coverage begins with the first year and one death, and has every number of deaths up to its last
    for every year it names."""
    for coverage in {tier.coverage for tier in tiers}:
        pairs = {(tier.year, tier.deaths) for tier in tiers if tier.coverage == coverage}
        years, deaths = {year for year, _ in pairs}, {count for _, count in pairs}
        complete = {(year, count) for year in years for count in range(1, max(deaths) + 1)}
        if 1 not in years or pairs != complete:
            year, count = min(complete - pairs, default=(1, 1))
            raise UnknownKey(
                msg(
                    "The tiers of {coverage} have a gap: there is none from year {year} on for {deaths} at once.",
                    coverage=coverage_name(coverage),
                    year=year,
                    deaths=count,
                ),
                "tiers",
            )


class Death(NamedTuple):
    """A reported death. `deaths` is how many died together; `deceased` the name as the family gave it."""

    slug: str
    member: str
    deceased: str
    date: date
    coverage: str = HOUSEHOLD
    deaths: int = 1

    @classmethod
    def from_table(cls, slug: str, table: object) -> Death:
        row = TomlTable(table, f"deaths.{slug}")
        made = cls(
            slug,
            row.take("member", str, required=True),
            row.take("deceased", str, required=True),
            row.take("date", date, required=True),
            row.take("coverage", str, HOUSEHOLD),
            row.take("deaths", int, 1),
        )
        row.done()
        if made.deaths < 1:
            raise UnknownKey(msg("How many died together is 1 or more."), slug)
        return made


class DeathRules(NamedTuple):
    """All terms a fund has had, oldest first, and every death reported to it."""

    terms: tuple[BenefitTerms, ...]
    deaths: Mapping[str, Death]

    @classmethod
    def from_tables(cls, terms: list[Any], deaths: Mapping[str, Any], unit: Unit) -> DeathRules:
        made = [BenefitTerms.from_table(item, number, unit) for number, item in enumerate(terms)]
        return cls(
            tuple(sorted(made, key=lambda each: each.start)),
            {slug: Death.from_table(slug, entry) for slug, entry in deaths.items()},
        )

    @property
    def begun(self) -> date:
        """The first day of the first terms, from which the years of the fund count."""
        return self.terms[0].start

    def on(self, day: date) -> BenefitTerms | None:
        """The terms in force on a day."""
        return next((each for each in reversed(self.terms) if each.start <= day), None)


class Judgement(NamedTuple):
    """One rule applied to one death: whether it is met, and why; None where the meeting has to decide."""

    met: bool | None
    text: Message


class Assessment(NamedTuple):
    """What a family receives, and every rule that led there. Amounts are smallest steps.

    `base` is the whole benefit and `given` what of it was paid before; `goods` and `deducted` belong to what is still to pay.
    """

    death: Death
    findings: tuple[Judgement, ...]
    base: int = 0
    deducted: int = 0
    goods: int = 0
    given: int = 0

    @property
    def eligible(self) -> bool:
        """Whether no rule bars it; rules that the meeting has to judge are assumed to be met."""
        return all(finding.met is not False for finding in self.findings)

    @property
    def cash(self) -> int:
        """What is still to hand over in money, after goods and arrears."""
        return self.left - self.goods - self.deducted

    @property
    def left(self) -> int:
        """What of the benefit is still to pay, in whatever form."""
        return max(0, self.base - self.given)


class Circumstances(NamedTuple):
    """What the registers and the book say of the family on the day: since when a member, how far behind.

    `founded` is the day from which whoever was there from the beginning is a member. `arrears` is what is still open
    now of what was open then, to be deducted; `given` what of the benefit was paid already.
    """

    joined: date | None
    founded: date
    active: bool
    late_periods: int
    arrears: int
    given: int = 0


def founded(rules: DeathRules, organisation_founded: date | None) -> date:
    """The first day of membership of founding members: the organisation's founding, or the first rules where they are older."""
    return min(organisation_founded or rules.begun, rules.begun)


def benefit_for(rules: DeathRules, death: Death, since: date) -> Tier | None:
    """The benefit for a death in a family that is a member since a day; None where the rules have none."""
    terms = rules.on(death.date)
    return None if terms is None else terms.tier(death.coverage, _year(rules, terms, since, death), death.deaths)


def _year(rules: DeathRules, terms: BenefitTerms, since: date, death: Death) -> int:
    """The year of the fund or of the membership in which someone died."""
    return years_begun(rules.begun if terms.years_of == "fund" else since, death.date)


def assess(rules: DeathRules, death: Death, family: Circumstances, unit: Unit) -> Assessment:
    """Rule by rule, in the order a meeting would ask: covered, a member, long enough, not too far behind, how much."""
    terms = rules.on(death.date)
    if terms is None:
        return Assessment(death, (Judgement(False, msg("The fund has no rules yet for {date}.", date=death.date)),))
    findings = [_covered(terms, death), _member(family, death)]
    since = family.joined or family.founded
    findings.append(_waited(terms, family, death))
    findings.append(_up_to_date(terms, family))
    year = _year(rules, terms, since, death)
    tier = benefit_for(rules, death, since)
    if tier is None:
        findings.append(Judgement(False, msg("There is no benefit for this case.")))
        return Assessment(death, tuple(findings))
    findings += [Judgement(None, msg("{condition}", condition=condition)) for condition in terms.conditions]
    findings.append(
        Judgement(
            True,
            msg(
                "In year {year} {of}, {deaths}: the benefit is {amount}.",
                year=year,
                of=YEARS_OF[terms.years_of],
                deaths=at_once(death.deaths),
                amount=Amount(tier.amount, unit),
            ),
        )
    )
    goods = 0 if family.given else tier.goods
    left = max(0, tier.amount - family.given - goods)
    deducted = min(family.arrears, left) if terms.deduct_arrears else 0
    return Assessment(death, tuple(findings), tier.amount, deducted, goods, family.given)


def _covered(terms: BenefitTerms, death: Death) -> Judgement:
    if death.coverage not in terms.coverages:
        return Judgement(False, not_covered(terms, death.coverage))
    if who := terms.covers.get(death.coverage):
        return Judgement(True, msg("{coverage} is covered: {who}.", coverage=coverage_name(death.coverage), who=who))
    return Judgement(True, msg("{coverage} is covered.", coverage=coverage_name(death.coverage)))


def not_covered(terms: BenefitTerms, coverage: str) -> Message:
    """The refusal for a class of coverage without a benefit."""
    return msg(
        "{coverage} is not covered; covered are: {known}.",
        coverage=coverage_name(coverage),
        known=[coverage_name(each) for each in terms.coverages],
    )


def _member(family: Circumstances, death: Death) -> Judgement:
    if family.active:
        return Judgement(True, msg("The family was a member on {date}.", date=death.date))
    return Judgement(False, msg("The family was not a member on {date}.", date=death.date))


def _waited(terms: BenefitTerms, family: Circumstances, death: Death) -> Judgement:
    needed, since = terms.waiting_months, family.joined
    if not needed:
        return Judgement(True, msg("No waiting time is asked."))
    if since is None or since <= family.founded:
        return Judgement(True, msg("A member from the beginning: no waiting time."))
    if death.date >= months_later(since, needed):
        return Judgement(
            True, msg("A member since {date}: the waiting time of {needed} months is over.", date=since, needed=needed)
        )
    return Judgement(
        False, msg("A member since {date}: the waiting time of {needed} months is not over.", date=since, needed=needed)
    )


def _up_to_date(terms: BenefitTerms, family: Circumstances) -> Judgement:
    limit, late = terms.arrears_limit, family.late_periods
    if limit is None:
        if not late:
            return Judgement(True, msg("Nothing was in arrears."))
        return Judgement(
            True,
            msgn(
                "{count} period in arrears, which bars nothing.",
                "{count} periods in arrears, which bars nothing.",
                late,
            ),
        )
    if late <= limit:
        return Judgement(
            True,
            msgn(
                "{count} period in arrears; up to {limit} are allowed.",
                "{count} periods in arrears; up to {limit} are allowed.",
                late,
                limit=limit,
            ),
        )
    return Judgement(
        False,
        msgn(
            "{count} period in arrears; only {limit} are allowed.",
            "{count} periods in arrears; only {limit} are allowed.",
            late,
            limit=limit,
        ),
    )


def years_begun(since: date, day: date) -> int:
    """The first year counts as 1."""
    return day.year - since.year + ((day.month, day.day) >= (since.month, since.day))
