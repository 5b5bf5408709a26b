"""`fund`: funds, their places and their dues."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.arguments import FundArgument
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print, change_present
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ListingOptions
from wksbm_cli.domain.dates import parse_date


def add(
    ctx: typer.Context,
    fund: Annotated[str, typer.Argument(metavar=N_("ORG/FUND"), help=N_("Short name, for ever: rt-07/kas-sosial"))],
    name: Annotated[str, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))],
    type_: Annotated[
        str,
        typer.Option(
            "--type",
            metavar=N_("TYPE"),
            help=N_("general, social, death, jimpitan, arisan, enterprise, savings, donation or zakat"),
        ),
    ] = "general",
    restriction: Annotated[
        str | None,
        typer.Option(
            "--restriction",
            metavar=N_("TEXT"),
            help=N_("none, donation (never for running costs), operational or zakat"),
        ),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar=N_("UNIT"), help=N_("IDR, or goods of book.toml such as beras"))
    ] = "IDR",
    place: Annotated[
        str | None, typer.Option("--place", metavar=N_("PLACE"), help=N_("Short name of the first place"))
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", metavar=N_("ORG"), help=N_("Organisation, if not in the fund's name"))
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    change_and_print(
        session,
        lambda registers: funds.add(
            registers, fund, name, type_=type_, restriction=restriction, unit=unit, place=place, org=org
        ),
    )


def list_(ctx: typer.Context) -> None:
    from wksbm_cli.reports.registers import funds

    session = ctx.ensure_object(Session)
    options = session.options(ListingOptions)
    registers = session.registers
    of = [registers.organisation(options.org)] if options.org else list(registers.organisations.values())
    print_report(session, funds(registers, of), options.format)


def show(ctx: typer.Context, fund: FundArgument) -> None:
    from wksbm_cli.domain.explain import explain_fund

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    typer.echo(f"{found.name} ({found.slug})")
    for sentence in explain_fund(found, session.registers.members[found.organisation]):
        typer.echo("  " + session.say(sentence))


def due(
    ctx: typer.Context,
    fund: FundArgument,
    due: Annotated[str, typer.Argument(metavar=N_("DUE"), help=N_("Short name of the due, for ever: iuran-sosial"))],
    amount: Annotated[str, typer.Argument(metavar=N_("AMOUNT"), help=N_("What each member owes per period"))],
    name: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    cycle: Annotated[
        str | None,
        typer.Option(
            "--cycle", metavar=N_("CYCLE"), help=N_("night, week, selapanan, month, semester, year, event or once")
        ),
    ] = None,
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar=N_("DAYS"), help=N_("Day and market day a selapanan begins on"))
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar=N_("DATE"), help=N_("First day this amount holds; today if none is given")),
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar=N_("DATE"), help=N_("Last day the due is raised"))] = None,
    class_: Annotated[
        list[str] | None,
        typer.Option("--class", metavar=N_("CLASS=AMOUNT"), help=N_("Another amount for a class; may be given again")),
    ] = None,
    voluntary: Annotated[
        bool, typer.Option("--voluntary", help=N_("A norm, not an obligation: nobody is in arrears"))
    ] = False,
    entry_fee: Annotated[
        bool, typer.Option("--entry-fee", help=N_("Owed once, by those who join after it began"))
    ] = False,
    back_dues: Annotated[
        str | None,
        typer.Option(
            "--back-dues", metavar=N_("none|founding"), help=N_("What a member who joins later owes of the time before")
        ),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    typed = funds.TypedDue(
        due,
        amount,
        session.day(from_),
        name,
        cycle,
        anchor,
        parse_date(to, session.today) if to else None,
        class_ or (),
        voluntary,
        entry_fee,
        back_dues,
    )
    change_and_print(session, lambda registers: funds.set_due(registers, fund, typed))


def event(
    ctx: typer.Context,
    fund: FundArgument,
    event: Annotated[str, typer.Argument(metavar=N_("EVENT"), help=N_("Short name of the event: 2026-02-lelayu"))],
    name: Annotated[str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar=N_("DATE"), help=N_("Day of the event; today if none is given"))
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar=N_("DUE"), help=N_("Which due, where the fund has several"))
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What each owes for this event, if not the due")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    day = session.day(date)
    change_and_print(
        session,
        lambda registers: funds.add_event(registers, fund, event, name=name, day=day, due=due, amount=amount),
    )


def split(
    ctx: typer.Context,
    fund: FundArgument,
    due: Annotated[str, typer.Argument(metavar=N_("DUE"), help=N_("The due whose payments are divided"))],
    part: Annotated[
        list[str], typer.Option("--part", metavar=N_("FUND=SHARE"), help=N_("A fund and its share; may be given again"))
    ],
    of: Annotated[
        int,
        typer.Option(
            "--of",
            metavar=N_("SHARES"),
            help=N_("Number of all shares: 6 for 3:1:2, 100 for percent; 0: shares are amounts"),
        ),
    ] = 100,
    odd: Annotated[
        str | None,
        typer.Option(
            "--odd", metavar=N_("FUND"), help=N_("Fund that gets an odd rupiah; the due's own if none is given")
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar=N_("DATE"), help=N_("First day this division holds; today if none is given")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    start = session.day(from_)
    change_and_print(session, lambda registers: funds.split(registers, fund, due, part, of=of, odd=odd, start=start))


def giving(
    ctx: typer.Context,
    fund: FundArgument,
    approval_above: Annotated[
        str | None,
        typer.Option(
            "--approval-above", metavar=N_("AMOUNT"), help=N_("What goes out above this needs someone else's approval")
        ),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=N_("DATE"), help=N_("First day on which that holds"))
    ] = None,
    per_recipient: Annotated[
        str | None,
        typer.Option("--per-recipient", metavar=N_("AMOUNT"), help=N_("The most one receiver gets at a time")),
    ] = None,
    amil_share: Annotated[
        str | None,
        typer.Option("--amil-share", metavar=N_("PERCENT"), help=N_("Of zakat: what the amil may take, at most 12,5")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    start, today = session.day(from_) if from_ else None, session.today
    change_present(
        session,
        lambda present: funds.set_limits(
            present,
            fund,
            approval_above=approval_above,
            start=start,
            today=today,
            per_recipient=per_recipient,
            amil_share=amil_share,
        ),
    )


def place(
    ctx: typer.Context,
    fund: FundArgument,
    place: Annotated[str, typer.Argument(metavar=N_("PLACE"), help=N_("Short name of the place: bank"))],
    name: Annotated[str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    kind: Annotated[
        str, typer.Option("--kind", metavar=N_("KIND"), help=N_("cash, bank, store or collector"))
    ] = "cash",
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    change_and_print(session, lambda registers: funds.add_place(registers, fund, place, name, kind))


def edit(
    ctx: typer.Context,
    fund: FundArgument,
    name: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", metavar=N_("PLACE=NAME"), help=N_("Another name for a place; may be given again")),
    ] = None,
    due: Annotated[
        list[str] | None,
        typer.Option("--due", metavar=N_("DUE=NAME"), help=N_("Another name for a due; may be given again")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    change_and_print(
        session, lambda registers: funds.edit(registers, fund, name=name, places=place or (), dues=due or ())
    )


def end(
    ctx: typer.Context,
    fund: FundArgument,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar=N_("DATE"), help=N_("Last day its dues are raised; today if none is given")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import funds

    session = ctx.ensure_object(Session)
    day = session.day(date)
    change_present(session, lambda present: funds.end(present.registers, present.query, fund, day))
