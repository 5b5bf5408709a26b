"""`arisan`: setting up a rotating savings group, choosing winners so that anyone can redo it, and how it stands."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Annotated, Any

import typer

from wksbm_cli.cli.arguments import AmountArgument, FundArgument, MemberArgument, PlaceOption
from wksbm_cli.cli.entries import commit_and_print
from wksbm_cli.cli.funds import edit_fund, number_in
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions
from wksbm_cli.domain.arisan import BID_SHARED, METHODS, ROUND_CYCLES, share_of, table_of_slot
from wksbm_cli.domain.cycles import parse_anchor
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_slug
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
    from wksbm_cli.recording.choices import choose

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    if found.type != "arisan":
        raise Refused(
            msg("{fund} is not a fund for an arisan; its pot is never mixed with other money.", fund=found.name),
            hint=msg("To make one: wksbm fund add ORG/FUND NAME --type arisan"),
        )
    if found.arisan is not None and found.arisan.start is not None:
        raise Refused(
            msg("{fund} runs already; its rules are set.", fund=found.name),
            hint=msg("See it with: wksbm fund show {fund}", fund=found.slug),
        )
    table: dict[str, Any] = {
        "contribution": number_in(session, contribution, found.unit),
        "cycle": choose(cycle, ROUND_CYCLES),
        "method": choose(method, METHODS),
    }
    if (table["cycle"] == "selapanan") != bool(anchor):
        raise Usage(
            msg("A selapanan needs the pair of days it begins on, and no other cycle has one."),
            hint=msg('Type for instance: --cycle selapanan --anchor "kamis pahing"'),
        )
    if anchor:
        table["anchor"] = parse_anchor(anchor)
    if min_bid:
        table["min_bid"] = number_in(session, min_bid, found.unit)
    if bid_shared != "others":
        table["bid_shared"] = choose(bid_shared, BID_SHARED)

    def change(document: Any) -> None:
        import tomlkit

        rules = document.setdefault("arisan", tomlkit.table())
        for key in [key for key in rules if key != "slots"]:  # set again, it is set anew
            del rules[key]
        rules.update(table)

    edit_fund(session, found, change)
    typer.echo(session.say(msg("The rules of {fund} are set; members may join.", fund=found.name)))


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
    session = ctx.ensure_object(Session)
    found = _fund(session, fund)
    assert found.arisan is not None
    name = check_slug(slot)
    shares: dict[str, Fraction] = {}
    for pair in members:
        typed, equals, share = pair.partition("=")
        member = session.registers.member(found.organisation, typed)
        part = share_of(share if equals else 1)
        if part is None:
            raise Usage(
                msg('"{text}" is not a share, as 1 or "1/2".', text=share[:20]),
                hint=_sharing(found),
            )
        shares[member.slug] = part
    total = sum(shares.values(), Fraction(0))
    if total != 1:
        raise Refused(
            msg("The shares of the slot {slot} make {total}, not one.", slot=name, total=str(total)),
            hint=_sharing(found),
        )

    def change(document: Any) -> None:
        import tomlkit

        # Asked of the file as it is now: it may have started, or the slot been taken, while this command waited.
        if "start" in document["arisan"]:
            raise Refused(
                msg("{fund} runs already; nobody joins before the next cycle.", fund=found.name),
                hint=msg("The next cycle is a fund of its own: wksbm fund add ORG/FUND NAME --type arisan"),
            )
        slots = document["arisan"].setdefault("slots", tomlkit.table(is_super_table=True))
        if name in slots:
            raise Refused(
                msg("The slot {slot} is taken.", slot=name),
                hint=msg("See where it stands with: wksbm arisan status {fund}", fund=found.slug),
            )
        turns = {table.get("order", 0): taken for taken, table in slots.items()}
        if order and order in turns:
            raise Refused(
                msg("Turn {order} is that of the slot {slot}.", order=order, slot=turns[order]),
                hint=msg("Without --order it has the next turn."),
            )
        in_turn = document["arisan"].get("method") == "order"
        slots[name] = table_of_slot(shares, order or (max(turns, default=0) + 1 if in_turn else 0))

    edit_fund(session, found, change)
    typer.echo(session.say(msg("Joined: {slot}.", slot=name)))


def _sharing(fund: Fund) -> Message:
    return msg("Type for instance: wksbm arisan join {fund} SLOT budi=1/2 tini=1/2", fund=fund.slug)


def start(
    ctx: typer.Context,
    fund: FundArgument,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar=N_("DATE"), help=N_("A day of the first round; today if none is given")),
    ] = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = _fund(session, fund)
    assert found.arisan is not None
    if found.arisan.start is not None:
        raise Refused(
            msg("{fund} runs already, since {date}.", fund=found.name, date=found.arisan.start),
            hint=msg("See where it stands with: wksbm arisan status {fund}", fund=found.slug),
        )
    if len(found.arisan.slots) < 2:
        raise Refused(
            msg("An arisan needs at least two slots."),
            hint=msg("To add one: wksbm arisan join {fund} SLOT MEMBER", fund=found.slug),
        )
    day = session.day(date)

    def change(document: Any) -> None:
        document["arisan"]["start"] = day

    edit_fund(session, found, change)
    typer.echo(
        session.say(
            msg(
                "{fund} starts on {date} with {count} slots; nobody joins any more.",
                fund=found.name,
                date=day,
                count=len(found.arisan.slots),
            )
        )
    )


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
    options: RecordingOptions = session.shared
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
    found = session.registers.fund(typed)
    if found.arisan is None:
        raise Refused(
            msg("The rules of an arisan are not set for {fund}.", fund=found.name),
            hint=msg("To set one up: wksbm arisan set {fund} ...", fund=found.slug),
        )
    return found


def _record(ctx: typer.Context, fund: str, place: str | None, draft: Any) -> None:
    session = ctx.ensure_object(Session)
    options: RecordingOptions = session.shared
    drafter = Drafter(session.registers, _fund(session, fund), session.day(options.date), options.note, place)

    def drafting(query: Query) -> list[Draft]:
        return list(draft(drafter, query))

    commit_and_print(session, drafting)
