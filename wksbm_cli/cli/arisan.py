"""`arisan`: setting up a rotating savings group, choosing winners so that anyone can redo it, and how it stands."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from wksbm_cli.cli.arguments import AmountArgument, FundArgument, MemberArgument, PlaceOption
from wksbm_cli.cli.entries import commit_and_print
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.index.query import Query
from wksbm_cli.recording import arisan as drafts
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter

SlotArgument = Annotated[str, typer.Argument(metavar=N_("SLOT"), help=N_("Short name of the slot"))]


def set_(
    ctx: typer.Context,
    fund: FundArgument,
    contribution: Annotated[str, typer.Argument(metavar=N_("AMOUNT"), help=N_("What each slot pays each round"))],
    cycle: Annotated[
        str, typer.Option("--cycle", metavar=N_("CYCLE"), help=N_("week, selapanan, month, semester or year"))
    ] = "month",
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar=N_("DAYS"), help=N_("Day and market day a selapanan begins on"))
    ] = None,
    method: Annotated[
        str, typer.Option("--method", metavar=N_("draw|order|bid"), help=N_("How winners are chosen"))
    ] = "draw",
    min_bid: Annotated[str | None, typer.Option("--min-bid", metavar=N_("AMOUNT"), help=N_("The lowest bid"))] = None,
    bid_shared: Annotated[
        str,
        typer.Option(
            "--bid-shared",
            metavar=N_("others|waiting"),
            help=N_("Who gets what a bid leaves: all other slots, or those that have not won"),
        ),
    ] = "others",
) -> None:
    from wksbm_cli.recording.registers import arisan

    session = ctx.ensure_object(Session)
    change_and_print(
        session,
        lambda registers: arisan.set_rules(
            registers,
            fund,
            contribution,
            cycle=cycle,
            anchor=anchor,
            method=method,
            min_bid=min_bid,
            bid_shared=bid_shared,
        ),
    )


def join(
    ctx: typer.Context,
    fund: FundArgument,
    slot: SlotArgument,
    members: Annotated[
        list[str],
        typer.Argument(metavar=N_("MEMBER[=SHARE]"), help=N_("Who holds it; several share it: r001=1/2 r002=1/2")),
    ],
    order: Annotated[
        int,
        typer.Option(
            "--order",
            metavar=N_("NUMBER"),
            help=N_("Its turn, where the order is fixed; the next one if none is given"),
        ),
    ] = 0,
) -> None:
    from wksbm_cli.recording.registers import arisan

    session = ctx.ensure_object(Session)
    change_and_print(session, lambda registers: arisan.join(registers, fund, slot, members, order))


def start(
    ctx: typer.Context,
    fund: FundArgument,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar=N_("DATE"), help=N_("A day of the first round; today if none is given")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import arisan

    session = ctx.ensure_object(Session)
    day = session.day(date)
    change_and_print(session, lambda registers: arisan.start(registers, fund, day))


def takeover(
    ctx: typer.Context,
    fund: FundArgument,
    won: Annotated[
        list[str],
        typer.Argument(metavar=N_("SLOT[=BID]"), help=N_("The slots that have won, in the order of their rounds")),
    ],
    behind: Annotated[
        list[str] | None,
        typer.Option(
            "--behind",
            metavar=N_("MEMBER=AMOUNT"),
            help=N_("Who has not paid all of these rounds, and how much is missing"),
        ),
    ] = None,
    ahead: Annotated[
        list[str] | None,
        typer.Option("--ahead", metavar=N_("MEMBER=AMOUNT"), help=N_("Who has paid for later rounds, and how much")),
    ] = None,
    place: PlaceOption = None,
) -> None:
    _record(ctx, fund, place, lambda drafter, query: drafts.takeover(drafter, query, won, behind or (), ahead or ()))


def draw(
    ctx: typer.Context,
    fund: FundArgument,
    seed: Annotated[
        str | None,
        typer.Option("--seed", metavar=N_("TEXT"), help=N_("The words that three of those present say, in turn")),
    ] = None,
    said_by: Annotated[
        list[str] | None,
        typer.Option("--said-by", metavar=N_("MEMBER"), help=N_("Who said a word of it; three of them")),
    ] = None,
    result: Annotated[
        str | None, typer.Option("--result", metavar=N_("SLOT"), help=N_("The slot that a draw on paper chose"))
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar=N_("MEMBER"), help=N_("Who saw the draw on paper; two or more")),
    ] = None,
    place: PlaceOption = None,
) -> None:
    if (seed is None) == (result is None):
        raise Usage(
            msg("A round is drawn by words (--seed), or was drawn on paper (--result)."),
            hint=drafts.how_to_draw(fund),
        )
    if result is not None:
        _record(ctx, fund, place, lambda drafter, query: drafts.on_paper(drafter, query, result, witness or ()))
        return
    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    if options.dry_run:
        drafter = Drafter(session.registers, _fund(session, fund), session.day(options.date), options.note, place)
        round_, slots = drafts.ready_to_draw(drafter, session.query)
        if options.format == "json":
            typer.echo(json.dumps({"dry_run": True, "round": round_, "candidates": slots}))
            return
        told = msg(
            "Round {round} can be drawn, from {count} slots. A dry run names no winner.", round=round_, count=len(slots)
        )
        typer.echo(session.say(told))
        return
    _record(ctx, fund, place, lambda drafter, query: drafts.by_draw(drafter, query, seed or "", said_by or ()))


def next_(ctx: typer.Context, fund: FundArgument, place: PlaceOption = None) -> None:
    _record(ctx, fund, place, drafts.by_order)


def bid(
    ctx: typer.Context, fund: FundArgument, slot: SlotArgument, amount: AmountArgument, place: PlaceOption = None
) -> None:
    _record(ctx, fund, place, lambda drafter, query: drafts.by_bid(drafter, query, slot, amount))


def release(
    ctx: typer.Context,
    fund: FundArgument,
    slot: SlotArgument,
    settling: Annotated[
        bool, typer.Option("--settle", help=N_("Give those who covered theirs out of the pot"))
    ] = False,
    place: PlaceOption = None,
) -> None:
    _record(ctx, fund, place, lambda drafter, query: drafts.release(drafter, query, slot, settling=settling))


def settle(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    coverer: Annotated[str, typer.Argument(metavar=N_("COVERER"), help=N_("Who had covered"))],
    amount: AmountArgument,
) -> None:
    _record(ctx, fund, None, lambda drafter, query: [drafts.settlement(drafter, query, member, coverer, amount)])


def status(ctx: typer.Context, fund: FundArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, print_report_of
    from wksbm_cli.reports.arisan import arisan_status
    from wksbm_cli.standing.arisan import arisan_state

    session = ctx.ensure_object(Session)
    found = _fund(session, fund)
    day = asked_day(session)
    print_report_of(
        session,
        arisan_status(arisan_state(session.query, session.registers, found, day, cancelled_by=day), session.registers),
        [found],
    )


def verify(ctx: typer.Context, fund: FundArgument) -> int:
    from wksbm_cli.cli.reporting import asked_day, print_report_of
    from wksbm_cli.reports.arisan import arisan_verification
    from wksbm_cli.standing.arisan import arisan_state, cancelled_wins

    session = ctx.ensure_object(Session)
    found = arisan_state(session.query, session.registers, _fund(session, fund), asked_day(session))
    cancelled = cancelled_wins(session.query, found.fund, found.as_of)
    print_report_of(session, arisan_verification(found, session.registers, cancelled), [found.fund])
    return 0 if all(right for _, right in found.verified()) else 1


def _fund(session: Session, typed: str) -> Fund:
    from wksbm_cli.recording.registers.arisan import arisan_of

    return arisan_of(session.registers, typed)[0]


def _record(ctx: typer.Context, fund: str, place: str | None, draft: Any) -> None:
    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    drafter = Drafter(session.registers, _fund(session, fund), session.day(options.date), options.note, place)

    def drafting(query: Query) -> list[Draft]:
        return list(draft(drafter, query))

    commit_and_print(session, drafting)
