"""`member`: households or people of an organisation."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.arguments import MemberArgument
from wksbm_cli.cli.asking import can_ask, confirmed
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print, change_present
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ChangeOptions, ListingOptions, ReportOptions
from wksbm_cli.domain.dates import parse_date
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage

OrgOption = Annotated[
    str | None, typer.Option("--org", metavar=N_("ORG"), help=N_("Organisation, where the book has several"))
]


def add(
    ctx: typer.Context,
    member: Annotated[str | None, typer.Argument(metavar=N_("MEMBER"), help=N_("Id, for ever: kk-018"))] = None,
    name: Annotated[str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    org: OrgOption = None,
    joined: Annotated[
        str | None, typer.Option("--joined", metavar=N_("DATE"), help=N_("Day the member joined"))
    ] = None,
    class_: Annotated[
        str | None, typer.Option("--class", metavar=N_("CLASS"), help=N_("Class that pays its own amounts"))
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar=N_("TEXT"), help=N_("A note"))] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--file",
            metavar=N_("FILE"),
            help=N_("Names line by line; or CSV or xlsx with the column name, and id, joined, class, note if wanted"),
        ),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import members

    session = ctx.ensure_object(Session)
    today = session.today
    if file is not None:
        from wksbm_cli.exchange.sheets import read_members

        sheet = read_members(file)
        change_and_print(session, lambda registers: members.add_all(registers, org, sheet, today))
        return
    if member is None:
        raise Usage(
            msg("Say which member, by id and name, or a file of names with --file."),
            hint=msg('Type: wksbm member add {member} "Name"', member="kk-001"),
        )
    new = members.NewMember(member, name, joined, class_, note)
    change_and_print(session, lambda registers: members.add(registers, org, new, today))


def list_(ctx: typer.Context) -> None:
    from wksbm_cli.reports.registers import members

    session = ctx.ensure_object(Session)
    options = session.options(ListingOptions)
    registers = session.registers
    of = [registers.organisation(options.org)] if options.org else list(registers.organisations.values())
    print_report(session, members(registers, of), options.format, privacy=options.privacy)


def show(ctx: typer.Context, member: MemberArgument, org: OrgOption = None) -> None:
    session = ctx.ensure_object(Session)
    organisation, found = _find(session, member, org)
    say, show_ = session.say, session.language.show
    typer.echo(f"{found.name} ({found.slug}), {session.registers.organisations[organisation].name}")
    if found.joined:
        typer.echo("  " + say(msg("Joined {date}.", date=found.joined)))
    if found.left:
        typer.echo("  " + say(msg("Left {date}.", date=found.left)))
    if found.owes_still:
        typer.echo("    " + say(msg("What was open stays owed.")))
    if found.written_off:
        typer.echo("    " + say(msg("The dues then open are written off from {date}.", date=found.written_off)))
    for since, name in found.classes:
        typer.echo(
            "  "
            + say(
                msg("Class {name} from {date}.", name=name, date=since)
                if since.year > 1
                else msg("Class {name}.", name=name)
            )
        )
    for exemption in found.exemptions:
        what = "/".join(filter(None, (exemption.fund, exemption.due))) or say(msg("all dues"))
        typer.echo("  " + say(msg("Exempt from {what} from {start}.", what=what, start=exemption.start)))
        if exemption.end:
            typer.echo("    " + say(msg("Until {end}.", end=exemption.end)))
        if exemption.reason:
            typer.echo("    " + show_(exemption.reason))


def leave(
    ctx: typer.Context,
    member: MemberArgument,
    org: OrgOption = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar=N_("DATE"), help=N_("Last day as a member; today if none is given"))
    ] = None,
    debts: Annotated[
        str | None,
        typer.Option(
            "--debts",
            metavar=N_("owed|written-off"),
            help=N_("What becomes of what is open: it stays owed, or dues are given up"),
        ),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import members
    from wksbm_cli.recording.registers.change import Deciding

    session = ctx.ensure_object(Session)
    options, day, today = session.options(ChangeOptions), session.day(date), session.today
    deciding = Deciding(session.by, session.now, options.decided_by, options.reason)

    def left(debts: str | None) -> None:
        change_present(session, lambda present: members.leave(present, org, member, day, today, debts, deciding))

    try:
        left(debts)
    except members.OpenOnLeaving as open_:
        if not can_ask():
            raise
        for text in (open_.text, *open_.details):
            typer.echo(session.say(text), err=True)
        if not confirmed(session, msg("Leave all the same, and let it stay open?")):
            raise typer.Abort from None
        left("owed")


def exempt(
    ctx: typer.Context,
    member: MemberArgument,
    org: OrgOption = None,
    fund: Annotated[
        str | None, typer.Option("--fund", metavar=N_("FUND"), help=N_("Only from the dues of this fund"))
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar=N_("DUE"), help=N_("Only from this due of the fund"))
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=N_("DATE"), help=N_("First day; today if none is given"))
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar=N_("DATE"), help=N_("Last day; without one, for good"))
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import members

    session = ctx.ensure_object(Session)
    reason = session.options(ChangeOptions).reason
    start, end = session.day(from_), parse_date(to, session.today) if to else None
    change_and_print(
        session,
        lambda registers: members.exempt(registers, org, member, start, end, fund=fund, due=due, reason=reason),
    )


def class_(
    ctx: typer.Context,
    member: MemberArgument,
    class_: Annotated[str, typer.Argument(metavar=N_("CLASS"), help=N_("Class that pays its own amounts"))],
    org: OrgOption = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=N_("DATE"), help=N_("First day; today if none is given"))
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import members

    session = ctx.ensure_object(Session)
    day = session.day(from_)
    change_and_print(session, lambda registers: members.put_in_class(registers, org, member, class_, day))


def edit(
    ctx: typer.Context,
    member: MemberArgument,
    org: OrgOption = None,
    name: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    joined: Annotated[
        str | None, typer.Option("--joined", metavar=N_("DATE"), help=N_("Day the member joined"))
    ] = None,
    left: Annotated[str | None, typer.Option("--left", metavar=N_("DATE"), help=N_("Last day as a member"))] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar=N_("TEXT"), help=N_("A note; an empty one takes it away"))
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import members

    session = ctx.ensure_object(Session)
    first, last = (parse_date(day, session.today) if day else None for day in (joined, left))
    change_and_print(
        session,
        lambda registers: members.edit(registers, org, member, name=name, joined=first, left=last, note=note),
    )


def card(ctx: typer.Context, member: MemberArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, asked_span, print_report_of
    from wksbm_cli.reports.card import card as make

    session = ctx.ensure_object(Session)
    options = session.options(ReportOptions)
    organisation, found = _find(session, member, options.org)
    of = session.registers.organisations[organisation]
    span = asked_span(session, as_of_apart=True)
    funds = [fund for fund in session.registers.funds.values() if fund.organisation == organisation]
    print_report_of(session, make(session.query, session.registers, of, found, asked_day(session), span), funds)


def _find(session: Session, typed: str, org: str | None) -> tuple[str, Member]:
    from wksbm_cli.recording.registers.members import find_member

    return find_member(session.registers, typed, org)
