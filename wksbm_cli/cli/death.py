"""`death`: the rules of a death benefit fund, and from a death reported to its benefit paid."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from wksbm_cli.cli.arguments import FundArgument, MemberArgument, PlaceOption
from wksbm_cli.cli.entries import commit_and_print
from wksbm_cli.cli.funds import edit_fund
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions, Text
from wksbm_cli.domain.death import HOUSEHOLD, Death
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Fund
from wksbm_cli.domain.slug import check_slug, check_text, nearest_hint
from wksbm_cli.domain.units import Amount, parse_amount
from wksbm_cli.index.death import assessment
from wksbm_cli.recording.death import benefit
from wksbm_cli.recording.drafts import Drafter

AmountsArgument = Annotated[
    list[str],
    typer.Argument(metavar=N_("AMOUNT..."), help=N_("The benefit for one death, for two at once, for three ...")),
]
CoverageOption = Annotated[
    str, typer.Option("--coverage", metavar=N_("CLASS"), help=N_("Who it is for: household, parents ..."))
]
GoodsOption = Annotated[Text, typer.Option("--goods", metavar=N_("AMOUNT"), help=N_("What of it is given in goods"))]
DeathArgument = Annotated[str, typer.Argument(metavar=N_("DEATH"), help=N_("Short name of the death reported"))]


def set_(
    ctx: typer.Context,
    fund: FundArgument,
    amounts: AmountsArgument,
    from_: Annotated[
        Text, typer.Option("--from", metavar=N_("DATE"), help=N_("First day these rules hold; today if none is given"))
    ] = None,
    waiting: Annotated[
        int, typer.Option("--waiting", metavar=N_("MONTHS"), help=N_("Months of membership before one is covered"))
    ] = 0,
    arrears_limit: Annotated[
        int | None,
        typer.Option("--arrears-limit", metavar=N_("NUMBER"), help=N_("Most periods a family may be behind")),
    ] = None,
    years_of: Annotated[
        str, typer.Option("--years-of", metavar="member|fund", help=N_("Whose years the tiers count"))
    ] = "member",
    coverage: CoverageOption = HOUSEHOLD,
    goods: GoodsOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    day = session.day(from_)
    table: dict[str, Any] = {"from": day, "years_of": years_of, "waiting_months": waiting}
    if arrears_limit is not None:
        table["arrears_limit"] = arrears_limit
    table["tiers"] = _tiers(session, found, amounts, 1, coverage, goods)

    def change(document: Any) -> None:
        import tomlkit

        if "death" not in document:
            document["death"] = tomlkit.aot()
        document["death"].append(tomlkit.item(table))

    edit_fund(session, found, change)
    typer.echo(session.say(msg("The rules of {fund} are set from {date}.", fund=found.name, date=day)))


def tier(
    ctx: typer.Context,
    fund: FundArgument,
    year: Annotated[int, typer.Argument(metavar=N_("YEAR"), help=N_("From which year on; the first is 1"))],
    amounts: AmountsArgument,
    coverage: CoverageOption = HOUSEHOLD,
    goods: GoodsOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    if found.death is None:
        raise _no_rules(found)
    rows = _tiers(session, found, amounts, year, coverage, goods)

    def change(document: Any) -> None:
        latest = max(document["death"], key=lambda terms: terms["from"])
        latest["tiers"].extend(rows)

    edit_fund(session, found, change)
    typer.echo(session.say(msg("Added to the rules of {fund}.", fund=found.name)))


def _tiers(
    session: Session, fund: Fund, amounts: list[str], year: int, coverage: str, goods: str | None
) -> list[dict[str, Any]]:
    units = session.registers.book.units
    in_goods = parse_amount(goods, units, fund.unit) if goods else None
    return [
        {
            "year": year,
            "deaths": deaths,
            "coverage": check_slug(coverage),
            "amount": parse_amount(typed, units, fund.unit).number,
            **({"goods": in_goods.number} if in_goods else {}),
        }
        for deaths, typed in enumerate(amounts, 1)
    ]


def report(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    deceased: Annotated[str, typer.Option("--deceased", metavar=N_("NAME"), help=N_("Who died"))],
    date: Annotated[
        Text, typer.Option("--date", metavar=N_("DATE"), help=N_("Day of death; today if none is given"))
    ] = None,
    coverage: CoverageOption = HOUSEHOLD,
    deaths: Annotated[int, typer.Option("--deaths", metavar=N_("NUMBER"), help=N_("How many died together"))] = 1,
    levy: Annotated[
        Text, typer.Option("--levy", metavar=N_("DUE"), help=N_("Raise this due, which falls for each event"))
    ] = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    if found.death is None:
        raise _no_rules(found)
    family = session.registers.member(found.organisation, member)
    day = session.day(date)
    slug = f"{day.isoformat()}-{family.slug}"
    if slug in found.death.deaths:
        raise Refused(msg("{place} is there already.", place=slug))
    if levy is not None and (levy not in found.dues or found.dues[levy].cycle.name != "event"):
        raise Refused(
            msg('{fund} has no due "{due}" that falls for each event.', fund=found.name, due=levy),
            hint=msg("To set one: wksbm fund due {fund} DUE AMOUNT --cycle event", fund=found.slug),
        )
    table: dict[str, Any] = {
        "member": family.slug,
        "deceased": check_text(deceased),
        "date": day,
        "coverage": check_slug(coverage),
        "deaths": deaths,
    }

    def change(document: Any) -> None:
        import tomlkit

        document.setdefault("deaths", tomlkit.table(is_super_table=True))[slug] = table
        if levy is not None:
            events = document["dues"][levy].setdefault("events", tomlkit.table(is_super_table=True))
            events[slug] = {"name": table["deceased"], "date": day}

    edit_fund(session, found, change)
    typer.echo(session.say(msg("Reported: {death}.", death=slug)))
    typer.echo(session.say(msg("Next: wksbm death assess {fund} {death}", fund=found.slug, death=slug)))


def assess(ctx: typer.Context, fund: FundArgument, death: DeathArgument) -> None:
    session = ctx.ensure_object(Session)
    found, reported = _death(session, fund, death)
    result = assessment(session.query, session.registers, found, reported)
    say, unit = session.say, found.unit
    typer.echo(f"{reported.deceased}, {session.language.day(reported.date)} ({reported.slug})")
    for finding in result.findings:
        typer.echo(f"  {'✓' if finding.met else '✗'} {say(finding.text)}")
    if not result.eligible:
        typer.echo(say(msg("No benefit is due.")))
        return
    lines: list[Message] = [msg("Benefit: {amount}.", amount=Amount(result.base, unit))]
    if result.goods:
        lines.append(msg("In goods: {amount}.", amount=Amount(result.goods, unit)))
    if result.deducted:
        lines.append(msg("For arrears: {amount}.", amount=Amount(result.deducted, unit)))
    lines.append(msg("Handed over in money: {amount}.", amount=Amount(result.cash, unit)))
    for line in lines:
        typer.echo("  " + say(line))


def pay(
    ctx: typer.Context,
    fund: FundArgument,
    death: DeathArgument,
    to: Annotated[
        Text, typer.Option("--to", metavar=N_("NAME"), help=N_("Who receives it; the family if none is given"))
    ] = None,
    approved_by: Annotated[Text, typer.Option("--approved-by", metavar=N_("NAME"), help=N_("Who approved it"))] = None,
    place: PlaceOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    options: RecordingOptions = session.shared
    found, reported = _death(session, fund, death)
    drafter = Drafter(session.registers, found, session.day(options.date), options.note, place)
    receiver = to or session.registers.members[found.organisation][reported.member].name
    purposes = (
        session.say(msg("Death benefit for {deceased}", deceased=reported.deceased)),
        session.say(msg("Burial goods for {deceased}", deceased=reported.deceased)),
    )
    commit_and_print(session, lambda query: list(benefit(drafter, query, reported, receiver, approved_by, purposes)))


def _death(session: Session, fund: str, typed: str) -> tuple[Fund, Death]:
    found = session.registers.fund(fund)
    if found.death is None:
        raise _no_rules(found)
    deaths = found.death.deaths
    if typed in deaths:
        return found, deaths[typed]
    inside = [slug for slug in deaths if typed in slug]
    if len(inside) == 1:
        return found, deaths[inside[0]]
    raise Refused(
        msg('No death "{death}" was reported to {fund}.', death=typed[:60], fund=found.name),
        hint=nearest_hint(typed, deaths)
        or msg("To report one: wksbm death report {fund} MEMBER --deceased NAME", fund=found.slug),
    )


def _no_rules(fund: Fund) -> Refused:
    return Refused(
        msg("{fund} has no rules for death benefits.", fund=fund.name),
        hint=msg("To set them: wksbm death set {fund} AMOUNT", fund=fund.slug),
    )
