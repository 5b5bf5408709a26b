"""`collect`: a whole sheet in one command, how it went, and a night called off."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from wksbm_cli.cli.arguments import DueOption, ExactlyOption, FundArgument, PlaceOption, ToPlaceOption
from wksbm_cli.cli.asking import can_ask, choose_amount
from wksbm_cli.cli.entries import commit_and_print, drafter_for
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_present
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ChangeOptions, RecordingOptions
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.index.query import Query
from wksbm_cli.recording.asking import DoubtfulAmount
from wksbm_cli.recording.collecting import Typed, from_lists, from_sheet, hand_overs, night_of
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, find_due

if TYPE_CHECKING:
    from wksbm_cli.domain.due import Due
    from wksbm_cli.recording.registers.change import Change, Present


def collect(
    ctx: typer.Context,
    fund: FundArgument,
    absent: Annotated[
        str | None,
        typer.Option("--absent", metavar=N_("MEMBERS"), help=N_("Who gave nothing; all others paid the due")),
    ] = None,
    paid: Annotated[
        str | None, typer.Option("--paid", metavar=N_("MEMBERS"), help=N_("Who paid the due; nobody else did"))
    ] = None,
    away: Annotated[
        str | None,
        typer.Option("--away", metavar=N_("MEMBERS"), help=N_("Whose house was empty or who travels: no miss")),
    ] = None,
    gave: Annotated[
        str | None,
        typer.Option(
            "--gave",
            metavar=N_("MEMBER=AMOUNT"),
            help=N_("Who gave another amount than the rest: budi=5000,tini=20000"),
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--file",
            metavar=N_("FILE"),
            help=N_("CSV or xlsx with the columns date, member, and amount, collector, note if wanted"),
        ),
    ] = None,
    collector: Annotated[
        str | None, typer.Option("--collector", metavar=N_("COLLECTOR"), help=N_("Who went round and holds the money"))
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What each gave, if not the due"))
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar=N_("DUE"), help=N_("Which due, where the fund has several"))
    ] = None,
    unknown_as: Annotated[
        str | None,
        typer.Option(
            "--unknown-as", metavar=N_("MEMBER"), help=N_("Member under whom unknown codes of a file are recorded")
        ),
    ] = None,
    for_: Annotated[
        str | None,
        typer.Option(
            "--for", metavar=N_("PERIOD"), help=N_("The month or event collected for, if not that of the day")
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help=N_("A second round, of those still open"))] = False,
    exactly: ExactlyOption = False,
    place: PlaceOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    registers = session.registers
    of = registers.fund(fund)
    found = find_due(of, due)
    if sum(way is not None for way in (absent, paid, file)) != 1:
        raise Usage(
            msg("Say who paid in one way: --absent, --paid or --file."),
            hint=msg("If everyone paid: wksbm collect {fund} --absent ''", fund=of.slug),
        )
    if file is not None:
        if any(value is not None for value in (collector, amount, gave, options.date)) or again:
            raise Usage(msg("With --file the dates, amounts and collectors come from the file."))
        drafter = Drafter(registers, of, session.today, options.note, place)
        notices: list[Message] = []
        draft = _of_file(file, drafter, found, unknown_as, for_, session.today, exactly=exactly)

        def drafting(query: Query) -> list[Draft]:
            drafts, told = draft(query)
            notices.extend(told)
            return drafts

        commit_and_print(session, drafting, notices)
        return
    day = session.day(options.date) if options.date else night_of(session.now, found, registers.book.night_until)
    drafter = Drafter(registers, of, day, options.note, place)
    each = drafter.amount(amount) if amount else None
    typed = Typed(absent, paid, away, gave, each, collector, for_, again, exactly)
    try:
        commit_and_print(session, lambda query: [from_lists(query, drafter, found, typed)])
    except DoubtfulAmount as doubt:
        if gave is not None or not can_ask():  # of several amounts, which one is meant is typed
            raise
        meant = typed._replace(amount=choose_amount(session, doubt), exactly=True)
        commit_and_print(session, lambda query: [from_lists(query, drafter, found, meant)])


def _of_file(
    file: str,
    drafter: Drafter,
    due: Due | None,
    unknown_as: str | None,
    for_: str | None,
    today: datetime.date,
    *,
    exactly: bool,
) -> Callable[[Query], tuple[list[Draft], list[Message]]]:
    """What a file brings: a row for each house and night, or houses down and months or nights across."""
    from wksbm_cli.exchange.sheets import MissingColumn, read_sheet

    try:
        sheet = read_sheet(file, ("date", "member"), ("amount", "collector", "note"))
    except MissingColumn:
        from wksbm_cli.exchange.matrix import find_matrices, from_matrices

        matrices = find_matrices(file)
        if not matrices or due is None:
            raise
        from wksbm_cli.domain.dates import parse_month, parse_year

        span = None if for_ is None else (parse_year if for_.strip().isdigit() else parse_month)(for_, today)
        return lambda query: from_matrices(query, drafter, due, matrices, span, today, exactly=exactly)
    if for_ is not None:
        raise Usage(msg("With --file the dates, amounts and collectors come from the file."))
    return lambda query: from_sheet(query, drafter, due, sheet, unknown_as=unknown_as, today=today, exactly=exactly)


def status(ctx: typer.Context, fund: FundArgument, due: DueOption = None) -> None:
    from wksbm_cli.cli.reporting import asked_span, print_report_of
    from wksbm_cli.domain.dates import Span, month_of
    from wksbm_cli.reports.collection import collection
    from wksbm_cli.standing.dues import last_day

    session = ctx.ensure_object(Session)
    of = session.registers.fund(fund)
    span = asked_span(session)
    if span == Span(None, None):
        span = month_of(last_day(session.query, session.today))
    report = collection(session.query, session.registers, of, find_due(of, due), span, session.today)
    print_report_of(session, report, [of])


def hand_over(ctx: typer.Context, fund: FundArgument, to_place: ToPlaceOption = None) -> None:
    session = ctx.ensure_object(Session)
    drafter = drafter_for(session, fund, None)
    commit_and_print(session, lambda query: hand_overs(query, drafter, to_place))


def cancel(
    ctx: typer.Context,
    fund: FundArgument,
    date: Annotated[
        str | None, typer.Option("--date", metavar=N_("DATE"), help=N_("The night; last night if none is given"))
    ] = None,
    due: DueOption = None,
) -> None:
    from wksbm_cli.recording.registers.funds import call_off

    session = ctx.ensure_object(Session)
    reason = session.options(ChangeOptions).reason
    if reason is None:
        raise Usage(
            msg("Say why the night was called off."), hint=msg("Type for instance: --reason {example}", example="hujan")
        )
    now, chosen = session.now, session.day(date) if date else None

    def change(present: Present) -> Change:
        of = present.registers.fund(fund)
        found = find_due(of, due)
        if found is None or found.cycle.name != "night":
            raise Usage(msg("Only a nightly collection can be called off; {fund} has none.", fund=of.name))
        day = chosen or night_of(now, found, present.registers.book.night_until)
        return call_off(of, found, day, reason, present.query)

    change_present(session, change)
