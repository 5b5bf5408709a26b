"""Commands that record one entry: what happened, in one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from wksbm_cli.cli.answers import print_recorded
from wksbm_cli.cli.arguments import (
    AmountArgument,
    ApprovedByOption,
    DueOption,
    ExactlyOption,
    FundArgument,
    MemberArgument,
    MemberOption,
    PlaceOption,
    ReserveOption,
    ToPlaceOption,
)
from wksbm_cli.cli.asking import can_ask, choose_amount, complete_fund
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.rules import Permissions
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.recording.asking import DoubtfulAmount
from wksbm_cli.recording.commit import Draft, commit
from wksbm_cli.recording.drafts import Drafter, HelpTyped
from wksbm_cli.recording.drafts import reversal as draft_reversal
from wksbm_cli.recording.over import over_dues


def opening(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    reserve: Annotated[
        str | None,
        typer.Option(
            "--reserve", metavar=N_("SHARE"), help=N_("The reserve of the surplus that it is kept in: sosial")
        ),
    ] = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafter.opening(amount), reserve=reserve)


def contribute(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    amount: AmountArgument,
    due: DueOption = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar=N_("PERIODS"), help=N_("Periods paid: 2026-02, 2026-01..2026-03, 2026")),
    ] = None,
    covered_by: Annotated[
        str | None,
        typer.Option("--covered-by", metavar=N_("MEMBER"), help=N_("Another member who pays it in their place")),
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(
            "--over",
            metavar=N_("DUES"),
            help=N_("One payment over several dues, the oldest first: iuran,kematian, or iuran=30000,kematian"),
        ),
    ] = None,
    exactly: ExactlyOption = False,
    place: PlaceOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    drafter = drafter_for(session, fund, place)
    if over is not None and (due is not None or for_ is not None):
        raise Usage(msg("With --over neither --due nor --for is said."))

    def drafting(typed: str | Amount, *, exactly: bool) -> Callable[[Query], list[Draft]]:
        if over is not None:
            return lambda query: over_dues(drafter, query, member, typed, over, covered_by=covered_by, exactly=exactly)
        return lambda query: [
            drafter.contribution(query, member, typed, due, for_, covered_by=covered_by, exactly=exactly)
        ]

    try:
        commit_and_print(session, drafting(amount, exactly=exactly))
    except DoubtfulAmount as doubt:
        if not can_ask():
            raise
        commit_and_print(session, drafting(choose_amount(session, doubt), exactly=True))


def donate(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    from_: Annotated[str, typer.Option("--from", metavar=N_("NAME"), help=N_("Who gives"))],
    source: Annotated[
        str,
        typer.Option(
            "--source",
            metavar=N_("SOURCE"),
            help=N_("individual, company, government, collection-box or member"),
        ),
    ] = "individual",
    for_: Annotated[str | None, typer.Option("--for", metavar=N_("TEXT"), help=N_("For what"))] = None,
    member: MemberOption = None,
    people: Annotated[
        int | None,
        typer.Option("--people", metavar=N_("NUMBER"), help=N_("For how many people it is given, as zakat fitrah is")),
    ] = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafter.donation(amount, from_, source, member, for_, people))


def income(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    from_: Annotated[str, typer.Option("--from", metavar=N_("NAME"), help=N_("Who pays"))],
    source: Annotated[
        str | None, typer.Option("--source", metavar=N_("SOURCE"), help=N_("interest, rent, sale, fine or other"))
    ] = None,
    for_: Annotated[str | None, typer.Option("--for", metavar=N_("TEXT"), help=N_("For what"))] = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafter.income(amount, from_, source, for_))


def disburse(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    to: Annotated[str, typer.Option("--to", metavar=N_("NAME"), help=N_("Who receives"))],
    for_: Annotated[str, typer.Option("--for", metavar=N_("TEXT"), help=N_("For what"))],
    member: MemberOption = None,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar=N_("AMOUNT"), help=N_("More in the same parcel: 1 liter minyak; may be given again")
        ),
    ] = None,
    times: Annotated[int, typer.Option("--times", metavar=N_("NUMBER"), help=N_("How many such parcels"))] = 1,
    people: Annotated[
        int | None, typer.Option("--people", metavar=N_("NUMBER"), help=N_("How many people it is shared among"))
    ] = None,
    pillar: Annotated[
        str | None,
        typer.Option("--pillar", metavar=N_("PILLAR"), help=N_("rehabilitation, security, empowerment or protection")),
    ] = None,
    mode: Annotated[
        str | None, typer.Option("--mode", metavar=N_("MODE"), help=N_("prevention, handling or referral"))
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", metavar=N_("CATEGORY"), help=N_("Category of beneficiary (PPKS)"))
    ] = None,
    asnaf: Annotated[
        str | None, typer.Option("--asnaf", metavar="ASNAF", help=N_("Of zakat: fakir, miskin, amil ..., or forwarded"))
    ] = None,
    reserve: ReserveOption = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    drafter = drafter_for(session, fund, place, approved_by)
    help_ = HelpTyped(to, for_, member=member, pillar=pillar, mode=mode, category=category, asnaf=asnaf, people=people)
    commit_and_print(
        session,
        lambda query: _of_reserve(drafter, query, drafter.parcel([amount, *(with_ or [])], times, help_), reserve),
    )


def spend(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    for_: Annotated[str, typer.Option("--for", metavar=N_("TEXT"), help=N_("For what"))],
    to: Annotated[str | None, typer.Option("--to", metavar=N_("NAME"), help=N_("Who was paid"))] = None,
    reserve: ReserveOption = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafter.expense(amount, for_, to), approved_by, reserve)


def return_(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    to: Annotated[str, typer.Option("--to", metavar=N_("NAME"), help=N_("Who had given it"))],
    reason: Annotated[str, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))],
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafter.return_(amount, to, reason), approved_by)


def transfer(
    ctx: typer.Context,
    fund: FundArgument,
    to_fund: Annotated[
        str, typer.Argument(metavar=N_("TO_FUND"), help=N_("Fund that receives"), autocompletion=complete_fund)
    ],
    amount: AmountArgument,
    reason: Annotated[str, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))],
    asnaf: Annotated[
        str | None,
        typer.Option("--asnaf", metavar="amil", help=N_("Of zakat: what the amil receive, to their own fund")),
    ] = None,
    reserve: ReserveOption = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
    to_place: ToPlaceOption = None,
) -> None:
    other = ctx.ensure_object(Session).registers.fund(to_fund)
    record(
        ctx,
        fund,
        place,
        lambda drafter, _: drafter.transfer(other, amount, reason, to_place, asnaf),
        approved_by,
        reserve,
    )


def move(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    place: Annotated[str, typer.Argument(metavar=N_("PLACE"), help=N_("Place it leaves"))],
    to_place: Annotated[str, typer.Argument(metavar=N_("TO_PLACE"), help=N_("Place it goes to"))],
) -> None:
    record(ctx, fund, None, lambda drafter, _: drafter.move(amount, place, to_place))


def exchange(
    ctx: typer.Context,
    fund: FundArgument,
    give: Annotated[str, typer.Argument(metavar=N_("GIVE"), help=N_("What is given: 40 kg beras"))],
    get: Annotated[str, typer.Argument(metavar=N_("GET"), help=N_("What is received: 480000"))],
    to: Annotated[str | None, typer.Option("--to", metavar=N_("NAME"), help=N_("With whom"))] = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
    to_place: ToPlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafter.exchange(give, get, to, to_place), approved_by)


def count(
    ctx: typer.Context,
    fund: FundArgument,
    amount: AmountArgument,
    place: PlaceOption = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why there is a difference"))
    ] = None,
) -> None:
    record(ctx, fund, place, lambda drafter, query: drafter.count(query, amount, reason))


def reverse(
    ctx: typer.Context,
    id_: Annotated[
        str, typer.Argument(metavar=N_("ID"), help=N_("The entry: its id, the first 4 or more of it, or: last"))
    ],
    reason: Annotated[str, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))],
) -> None:
    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    day = session.day(options.date)
    commit_and_print(session, lambda query: [draft_reversal(query, id_, reason, day, options.note)])


def record(
    ctx: typer.Context,
    fund: str,
    place: str | None,
    draft: Callable[[Drafter, Query], Draft],
    approved_by: str | None = None,
    reserve: str | None = None,
) -> None:
    """Record the one entry that `draft` makes for the fund typed."""
    session = ctx.ensure_object(Session)
    drafter = drafter_for(session, fund, place, approved_by)
    commit_and_print(session, lambda query: _of_reserve(drafter, query, [draft(drafter, query)], reserve))


def _of_reserve(drafter: Drafter, query: Query, drafts: list[Draft], reserve: str | None) -> list[Draft]:
    if reserve is None:
        return drafts
    from wksbm_cli.recording.reserves import of_reserve

    return of_reserve(drafter, query, drafts, reserve)


def drafter_for(session: Session, fund: str, place: str | None, approved_by: str | None = None) -> Drafter:
    """The drafter with this command's options."""
    options, registers = session.options(RecordingOptions), session.registers
    return Drafter(registers, registers.fund(fund), session.day(options.date), options.note, place, approved_by)


def commit_and_print(
    session: Session, drafting: Callable[[Query], list[Draft]], notices: Sequence[Message] = ()
) -> None:
    """Judge, append and answer, as the shared options of a recording say; with what `drafting` has to remark."""
    options = session.options(RecordingOptions)
    with session.waiting(msg("Recording")):
        recorded = commit(
            session.folder,
            drafting,
            by=session.by,
            now=session.now,
            permissions=Permissions(
                options.allow_future, options.allow_negative, options.allow_early, options.from_savings
            ),
            reason=options.because,
            dry_run=options.dry_run,
        )
    session.tell([*notices])
    print_recorded(session, recorded, options.format)
