"""Changes of a death benefit fund: its rules, and a death reported to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from wksbm_cli.book.editing import Edit
from wksbm_cli.domain.death import HOUSEHOLD, YEARS_OF, Death, DeathRules, not_covered
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text, nearest_hint
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.registers.change import Change, edit_fund
from wksbm_cli.recording.registers.funds import levied, number_in


def rules_of(registers: Registers, typed: str) -> tuple[Fund, DeathRules]:
    """The fund typed and its rules for death benefits; refused where it has none."""
    fund = registers.fund(typed)
    if fund.death is None:
        raise Refused(
            msg("{fund} has no rules for death benefits.", fund=fund.name),
            hint=msg("To set them: wksbm death set {fund} AMOUNT", fund=fund.slug),
        )
    return fund, fund.death


def find_death(
    registers: Registers,
    fund_typed: str,
    typed: str,
    is_paid: Callable[[Fund, Death], bool] = lambda fund, death: False,
) -> tuple[Fund, Death]:
    """Find a reported death by its slug, or a part of the name of the deceased or the family; of several of the same family
    the one that is not paid yet, where that is asked for."""
    fund, rules = rules_of(registers, fund_typed)
    deaths, wanted = rules.deaths, typed.casefold()
    if typed in deaths:
        return fund, deaths[typed]
    names = registers.members[fund.organisation]
    near = [
        death
        for death in deaths.values()
        if wanted in death.slug or wanted in death.deceased.casefold() or wanted in names[death.member].name.casefold()
    ]
    near = [death for death in near if len(near) == 1 or not is_paid(fund, death)] or near
    if len(near) == 1:
        return fund, near[0]
    if near:
        raise Refused(
            msg('"{death}" may be one of several deaths.', death=typed[:60]),
            hint=msg("Say which: {names}", names=", ".join(f"{death.slug} ({death.deceased})" for death in near[:8])),
        )
    raise Refused(
        msg('No death "{death}" was reported to {fund}.', death=typed[:60], fund=fund.name),
        hint=nearest_hint(typed, deaths)
        or msg("To report one: wksbm death report {fund} MEMBER --deceased NAME", fund=fund.slug),
    )


def set_rules(
    registers: Registers,
    typed: str,
    amounts: Sequence[str],
    day: date,
    *,
    waiting: int,
    arrears_limit: int | None,
    years_of: str,
    coverage: str,
    goods: str | None,
    covers: str | None,
    conditions: Sequence[str],
    keep_arrears: bool,
) -> Change:
    fund = registers.fund(typed)
    if fund.death is not None and any(terms.start == day for terms in fund.death.terms):
        raise Refused(
            msg("{fund} has rules from {date} already.", fund=fund.name, date=day),
            hint=msg(
                "Give new ones a later day; a tier is added with: wksbm death tier {fund} YEAR AMOUNT", fund=fund.slug
            ),
        )
    row: dict[str, Any] = {"from": day, "years_of": choose(years_of, YEARS_OF), "waiting_months": waiting}
    if arrears_limit is not None:
        row["arrears_limit"] = arrears_limit
    if keep_arrears:
        row["deduct_arrears"] = False
    if covers:
        row["covers"] = {_covered(coverage): check_text(covers)}
    if conditions:
        row["conditions"] = [check_text(text) for text in conditions]
    row["tiers"] = _tiers(registers, fund, amounts, 1, coverage, goods)
    said = msg("The rules of {fund} are set from {date}.", fund=fund.name, date=day)
    return edit_fund(fund, [Edit(("death",), row, add=True)], said)


def add_tier(
    registers: Registers,
    typed: str,
    year: int,
    amounts: Sequence[str],
    *,
    coverage: str,
    goods: str | None,
    covers: str | None,
) -> Change:
    """Add the benefits from a later year on to the newest rules."""
    fund, rules = rules_of(registers, typed)
    latest = ("from", rules.terms[-1].start)
    edits = [
        Edit(("death", latest, "tiers"), row, add=True)
        for row in _tiers(registers, fund, amounts, year, coverage, goods)
    ]
    if covers:
        edits.append(Edit(("death", latest, "covers", _covered(coverage)), check_text(covers)))
    return edit_fund(fund, edits, msg("Added to the rules of {fund}.", fund=fund.name))


def _covered(typed: str) -> str:
    """The class of coverage typed; for a household Indonesian words too."""
    return HOUSEHOLD if typed.casefold() in ("keluarga", "rumah-tangga") else check_slug(typed)


def _tiers(
    registers: Registers, fund: Fund, amounts: Sequence[str], year: int, coverage: str, goods: str | None
) -> list[dict[str, Any]]:
    in_goods = {"goods": number_in(registers, goods, fund.unit)} if goods else {}
    return [
        {
            "year": year,
            "deaths": deaths,
            "coverage": _covered(coverage),
            "amount": number_in(registers, typed, fund.unit),
            **in_goods,
        }
        for deaths, typed in enumerate(amounts, 1)
    ]


def report(
    registers: Registers,
    typed: str,
    member: str,
    *,
    deceased: str,
    day: date,
    today: date,
    coverage: str,
    deaths: int,
    levy: str | None,
    amount: str | None,
) -> Change:
    """Report a death, with the levy for it where the fund has one."""
    fund, rules = rules_of(registers, typed)
    family = registers.member(fund.organisation, member)
    _refuse_report(rules, day, today, coverage, deaths)
    slug = f"{day.isoformat()}-{family.slug}"
    if levy is not None and (levy not in fund.dues or fund.dues[levy].cycle.name != "event"):
        raise Refused(
            msg('{fund} has no due "{due}" that falls for each event.', fund=fund.name, due=levy),
            hint=msg("To set one: wksbm fund due {fund} DUE AMOUNT --cycle event", fund=fund.slug),
        )
    if amount is not None and levy is None:
        raise Usage(msg("--amount is what each owes of the due named with --levy."))
    if slug in rules.deaths:
        raise Refused(
            msg("A death in this family on {date} is reported already: {death}.", date=day, death=slug),
            hint=msg("Several who died together are one report, with --deaths."),
        )
    called = check_text(deceased)
    table = {
        "member": family.slug,
        "deceased": called,
        "date": day,
        "coverage": _covered(coverage),
        "deaths": deaths,
    }
    edits, said = [Edit(("deaths", slug), table)], [msg("Reported: {death}.", death=slug)]
    if levy is not None:
        event: dict[str, Any] = {"name": called, "date": day}
        if amount:
            event["amount"] = number_in(registers, amount, fund.dues[levy].unit)
        edits.append(Edit(("dues", levy, "events", slug), event))
        said.append(levied(registers, fund, fund.dues[levy], called, day, family.slug))
    said.append(msg("Next: wksbm death assess {fund} {death}", fund=fund.slug, death=slug))
    return edit_fund(fund, edits, *said)


def _refuse_report(rules: DeathRules, day: date, today: date, coverage: str, deaths: int) -> None:
    """Refuse a day still to come, a death before there were rules, of someone not covered, of nobody."""
    if day > today:
        raise Refused(
            msg("{date} is still to come (today is {today}).", date=day, today=today),
            hint=msg("Say another day with --date."),
        )
    terms = rules.on(day)
    if terms is None:
        raise Refused(
            msg("The fund has no rules yet for {date}.", date=day),
            hint=msg("To set them from that day on: wksbm death set FUND --from {date} ...", date=day.isoformat()),
        )
    if _covered(coverage) not in terms.coverages:
        raise Refused(
            not_covered(terms, coverage),
            hint=msg("If the meeting decides to help all the same: wksbm disburse FUND AMOUNT --to NAME --for TEXT"),
        )
    if deaths < 1:
        raise Usage(msg("How many died together is 1 or more."))
