"""`death`: the rules of a death benefit fund, and from a death reported to its benefit paid."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.arguments import ApprovedByOption, FundArgument, MemberArgument, PlaceOption
from wksbm_cli.cli.entries import commit_and_print
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions
from wksbm_cli.domain.death import HOUSEHOLD, Death
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.recording.death import benefit
from wksbm_cli.recording.drafts import Drafter
from wksbm_cli.recording.registers.death import find_death
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
    from wksbm_cli.recording.registers import death as rules

    session = ctx.ensure_object(Session)
    day = session.day(from_)
    change_and_print(
        session,
        lambda registers: rules.set_rules(
            registers,
            fund,
            amounts,
            day,
            waiting=waiting,
            arrears_limit=arrears_limit,
            years_of=years_of,
            coverage=coverage,
            goods=goods,
            covers=covers,
            conditions=condition or (),
            keep_arrears=keep_arrears,
        ),
    )


def tier(
    ctx: typer.Context,
    fund: FundArgument,
    year: Annotated[int, typer.Argument(metavar=N_("YEAR"), help=N_("From which year on; the first is 1"))],
    amounts: AmountsArgument,
    coverage: CoverageOption = HOUSEHOLD,
    goods: GoodsOption = None,
    covers: CoversOption = None,
) -> None:
    from wksbm_cli.recording.registers import death as rules

    session = ctx.ensure_object(Session)
    change_and_print(
        session,
        lambda registers: rules.add_tier(registers, fund, year, amounts, coverage=coverage, goods=goods, covers=covers),
    )


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
    from wksbm_cli.recording.registers import death as rules

    session = ctx.ensure_object(Session)
    day, today = session.day(date), session.today
    change_and_print(
        session,
        lambda registers: rules.report(
            registers,
            fund,
            member,
            deceased=deceased,
            day=day,
            today=today,
            coverage=coverage,
            deaths=deaths,
            levy=levy,
            amount=amount,
        ),
    )


def assess(ctx: typer.Context, fund: FundArgument, death: DeathArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, print_report_of
    from wksbm_cli.reports.death import death_assessment

    session = ctx.ensure_object(Session)
    found, reported = find_death(session.registers, fund, death)
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
    amount: Annotated[
        str | None,
        typer.Option(
            "--amount", metavar=N_("AMOUNT"), help=N_("A part, handed over now; the rest stays owed to the family")
        ),
    ] = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    day = session.day(options.date)

    def is_paid(of: Fund, death: Death) -> bool:
        return not assessment(session.query, session.registers, of, death, day).left

    found, reported = find_death(session.registers, fund, death, is_paid)
    drafter = Drafter(session.registers, found, day, options.note, place, approved_by)
    receiver = to or session.registers.members[found.organisation][reported.member].name
    purposes = (
        session.say(msg("Death benefit for {deceased}", deceased=reported.deceased)),
        session.say(msg("Burial goods for {deceased}", deceased=reported.deceased)),
    )
    commit_and_print(session, lambda query: list(benefit(drafter, query, reported, receiver, purposes, amount)))
