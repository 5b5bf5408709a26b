"""`death`: the rules of a death benefit fund, and from a death reported to its benefit paid."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - --date is an option here
from typing import Annotated, Any

import typer

from wksbm_cli.cli.arguments import FundArgument, MemberArgument, PlaceOption
from wksbm_cli.cli.entries import commit_and_print
from wksbm_cli.cli.funds import edit_fund, levied, number_in
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions
from wksbm_cli.domain.death import HOUSEHOLD, YEARS_OF, Death, DeathRules, not_covered
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_slug, check_text, nearest_hint
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.death import benefit
from wksbm_cli.recording.drafts import Drafter
from wksbm_cli.standing.death import assessment

AmountsArgument = Annotated[
    list[str],
    typer.Argument(metavar=N_("AMOUNT..."), help=N_("The benefit for one death, for two at once, for three ...")),
]
CoverageOption = Annotated[
    str, typer.Option("--coverage", metavar=N_("CLASS"), help=N_("Who it is for: household, parents ..."))
]
GoodsOption = Annotated[
    str | None, typer.Option("--goods", metavar=N_("AMOUNT"), help=N_("What of it is given in goods"))
]
CoversOption = Annotated[
    str | None,
    typer.Option("--covers", metavar=N_("TEXT"), help=N_("Whom that holds, in words: father, mother, three children")),
]
DeathArgument = Annotated[
    str, typer.Argument(metavar=N_("DEATH"), help=N_("The death reported: its short name, or part of a name"))
]


def set_(
    ctx: typer.Context,
    fund: FundArgument,
    amounts: AmountsArgument,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar=N_("DATE"), help=N_("First day these rules hold; today if none is given")),
    ] = None,
    waiting: Annotated[
        int, typer.Option("--waiting", metavar=N_("MONTHS"), help=N_("Months of membership before one is covered"))
    ] = 0,
    arrears_limit: Annotated[
        int | None,
        typer.Option("--arrears-limit", metavar=N_("NUMBER"), help=N_("Most periods a family may be behind")),
    ] = None,
    years_of: Annotated[
        str, typer.Option("--years-of", metavar=N_("member|fund"), help=N_("Whose years the tiers count"))
    ] = "member",
    coverage: CoverageOption = HOUSEHOLD,
    goods: GoodsOption = None,
    covers: CoversOption = None,
    condition: Annotated[
        list[str] | None,
        typer.Option("--condition", metavar=N_("TEXT"), help=N_("What the meeting has to judge; may be given again")),
    ] = None,
    keep_arrears: Annotated[
        bool, typer.Option("--keep-arrears", help=N_("Arrears are not deducted from the benefit"))
    ] = False,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    day = session.day(from_)
    if found.death is not None and any(terms.start == day for terms in found.death.terms):
        raise Refused(
            msg("{fund} has rules from {date} already.", fund=found.name, date=day),
            hint=msg(
                "Give new ones a later day; a tier is added with: wksbm death tier {fund} YEAR AMOUNT", fund=found.slug
            ),
        )
    table: dict[str, Any] = {
        "from": day,
        "years_of": choose(years_of, YEARS_OF),
        "waiting_months": waiting,
    }
    if arrears_limit is not None:
        table["arrears_limit"] = arrears_limit
    if keep_arrears:
        table["deduct_arrears"] = False
    if covers:
        table["covers"] = {_covered(coverage): check_text(covers)}
    if condition:
        table["conditions"] = [check_text(text) for text in condition]
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
    covers: CoversOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    if found.death is None:
        raise _no_rules(found)
    rows = _tiers(session, found, amounts, year, coverage, goods)

    def change(document: Any) -> None:
        latest = max(document["death"], key=lambda terms: terms["from"])
        latest["tiers"].extend(rows)
        if covers:
            latest.setdefault("covers", {})[_covered(coverage)] = check_text(covers)

    edit_fund(session, found, change)
    typer.echo(session.say(msg("Added to the rules of {fund}.", fund=found.name)))


def _covered(typed: str) -> str:
    """The class of coverage typed; a household answers to its Indonesian names too."""
    return HOUSEHOLD if typed.casefold() in ("keluarga", "rumah-tangga") else check_slug(typed)


def _tiers(
    session: Session, fund: Fund, amounts: list[str], year: int, coverage: str, goods: str | None
) -> list[dict[str, Any]]:
    in_goods = {"goods": number_in(session, goods, fund.unit)} if goods else {}
    return [
        {
            "year": year,
            "deaths": deaths,
            "coverage": _covered(coverage),
            "amount": number_in(session, typed, fund.unit),
            **in_goods,
        }
        for deaths, typed in enumerate(amounts, 1)
    ]


def report(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    deceased: Annotated[str, typer.Option("--deceased", metavar=N_("NAME"), help=N_("Who died"))],
    date: Annotated[
        str | None, typer.Option("--date", metavar=N_("DATE"), help=N_("Day of death; today if none is given"))
    ] = None,
    coverage: CoverageOption = HOUSEHOLD,
    deaths: Annotated[int, typer.Option("--deaths", metavar=N_("NUMBER"), help=N_("How many died together"))] = 1,
    levy: Annotated[
        str | None, typer.Option("--levy", metavar=N_("DUE"), help=N_("Raise this due, which falls for each event"))
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What each owes for this event, if not the due")),
    ] = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    if found.death is None:
        raise _no_rules(found)
    family = session.registers.member(found.organisation, member)
    day = session.day(date)
    _judge_report(session, found.death, day, coverage, deaths)
    slug = f"{day.isoformat()}-{family.slug}"
    if levy is not None and (levy not in found.dues or found.dues[levy].cycle.name != "event"):
        raise Refused(
            msg('{fund} has no due "{due}" that falls for each event.', fund=found.name, due=levy),
            hint=msg("To set one: wksbm fund due {fund} DUE AMOUNT --cycle event", fund=found.slug),
        )
    if amount is not None and levy is None:
        raise Usage(msg("--amount is what each owes of the due named with --levy."))
    each = {"amount": number_in(session, amount, found.dues[levy].unit)} if amount and levy else {}
    table: dict[str, Any] = {
        "member": family.slug,
        "deceased": check_text(deceased),
        "date": day,
        "coverage": _covered(coverage),
        "deaths": deaths,
    }

    def change(document: Any) -> None:
        import tomlkit

        deaths_there = document.setdefault("deaths", tomlkit.table(is_super_table=True))
        if slug in deaths_there:
            raise Refused(
                msg("A death in this family on {date} is reported already: {death}.", date=day, death=slug),
                hint=msg("Several who died together are one report, with --deaths."),
            )
        deaths_there[slug] = table
        if levy is not None:
            events = document["dues"][levy].setdefault("events", tomlkit.table(is_super_table=True))
            events[slug] = {"name": table["deceased"], "date": day} | each

    edit_fund(session, found, change)
    typer.echo(session.say(msg("Reported: {death}.", death=slug)))
    if levy is not None:
        typer.echo(session.say(levied(session, found, found.dues[levy], table["deceased"], day)))
    typer.echo(session.say(msg("Next: wksbm death assess {fund} {death}", fund=found.slug, death=slug)))


def _judge_report(session: Session, rules: DeathRules, day: Date, coverage: str, deaths: int) -> None:
    """Refuse a day still to come, a death before there were rules, of someone not covered, of nobody."""
    if day > session.today:
        raise Refused(
            msg("{date} is still to come (today is {today}).", date=day, today=session.today),
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


def assess(ctx: typer.Context, fund: FundArgument, death: DeathArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, print_report_of
    from wksbm_cli.reports.death import death_assessment

    session = ctx.ensure_object(Session)
    found, reported = _death(session, fund, death)
    day = max(asked_day(session), reported.date)
    result = assessment(session.query, session.registers, found, reported, day)
    print_report_of(session, death_assessment(result, found, session.registers, day), [found])


def pay(
    ctx: typer.Context,
    fund: FundArgument,
    death: DeathArgument,
    to: Annotated[
        str | None, typer.Option("--to", metavar=N_("NAME"), help=N_("Who receives it; the family if none is given"))
    ] = None,
    approved_by: Annotated[
        str | None, typer.Option("--approved-by", metavar=N_("NAME"), help=N_("Who approved it"))
    ] = None,
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
    deaths, wanted = found.death.deaths, typed.casefold()
    names = session.registers.members[found.organisation]
    near = [
        death
        for death in deaths.values()
        if wanted in death.slug or wanted in death.deceased.casefold() or wanted in names[death.member].name.casefold()
    ]
    if typed in deaths:
        return found, deaths[typed]
    if len(near) == 1:
        return found, near[0]
    if near:
        raise Refused(
            msg('"{death}" may be one of several deaths.', death=typed[:60]),
            hint=msg("Say which: {names}", names=", ".join(f"{death.slug} ({death.deceased})" for death in near[:8])),
        )
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
