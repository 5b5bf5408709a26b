"""`collect`: a whole sheet in one command."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.entries import FundArgument, PlaceOption, commit_and_print
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions, Text
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.recording.collecting import from_lists, from_sheet, night_of
from wksbm_cli.recording.drafts import Drafter, find_due


def collect(
    ctx: typer.Context,
    fund: FundArgument,
    absent: Annotated[
        Text, typer.Option("--absent", metavar=N_("MEMBERS"), help=N_("Who gave nothing; all others paid the due"))
    ] = None,
    paid: Annotated[
        Text, typer.Option("--paid", metavar=N_("MEMBERS"), help=N_("Who paid the due; nobody else did"))
    ] = None,
    file: Annotated[
        Text,
        typer.Option(
            "--file",
            metavar=N_("FILE"),
            help=N_("CSV with the columns date, member, and amount, collector, note if wanted"),
        ),
    ] = None,
    collector: Annotated[
        Text, typer.Option("--collector", metavar=N_("COLLECTOR"), help=N_("Who went round and holds the money"))
    ] = None,
    amount: Annotated[
        Text, typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What each gave, if not the due"))
    ] = None,
    due: Annotated[
        Text, typer.Option("--due", metavar=N_("DUE"), help=N_("Which due, where the fund has several"))
    ] = None,
    unknown_as: Annotated[
        Text,
        typer.Option(
            "--unknown-as", metavar=N_("MEMBER"), help=N_("Member under whom unknown codes of a file are recorded")
        ),
    ] = None,
    place: PlaceOption = None,
) -> None:
    session = ctx.ensure_object(Session)
    options: RecordingOptions = session.shared
    registers = session.registers
    of = registers.fund(fund)
    found = find_due(of, due)
    if sum(way is not None for way in (absent, paid, file)) != 1:
        raise Usage(
            msg("Say who paid in one way: --absent, --paid or --file."),
            hint=msg("If everyone paid: wksbm collect {fund} --absent ''", fund=of.slug),
        )
    if file is not None:
        from wksbm_cli.recording.sheet import read_sheet

        if any(value is not None for value in (collector, amount, options.date)):
            raise Usage(msg("With --file the dates, amounts and collectors come from the file."))
        sheet = read_sheet(file, required=("date", "member"), optional=("amount", "collector", "note"))
        drafter = Drafter(registers, of, session.today, options.note, place)
        collected = from_sheet(drafter, found, sheet, unknown_as=unknown_as, today=session.today)
        session.tell(collected.notices)
        commit_and_print(session, lambda _: collected.drafts)
        return
    day = session.day(options.date) if options.date else night_of(session.now, found, registers.book.night_until)
    drafter = Drafter(registers, of, day, options.note, place)
    each = drafter.amount(amount) if amount else None
    draft = from_lists(drafter, found, absent=absent, paid=paid, amount=each, collector=collector)
    commit_and_print(session, lambda _: [draft])
