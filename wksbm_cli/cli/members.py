"""`member`: households or people of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.arguments import MemberArgument
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ListingOptions, ReportOptions
from wksbm_cli.domain.dates import parse_date
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import msg, msgn
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_slug, check_text

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
            "--file", metavar=N_("FILE"), help=N_("CSV with the columns id, name, and joined, class, note if wanted")
        ),
    ] = None,
) -> None:
    session = ctx.ensure_object(Session)
    organisation = session.registers.organisation(org)
    if file is not None:
        rows = _from_csv(session, file)
    elif member is None:
        raise Usage(
            msg("Say which member, by id and name, or a CSV file with --file."),
            hint=msg('Type: wksbm member add {member} "Name"', member="kk-001"),
        )
    else:
        if name is None:
            raise Usage(
                msg("What is the name of {member}?", member=member),
                hint=msg('Type: wksbm member add {member} "Name"', member=member),
            )
        rows = {check_slug(member): _member_table(session, name, joined, class_, note)}

    def change(document: Any) -> None:
        # Asked of the file as it is now: someone else may have added the same id while this command waited.
        if again := [f"{slug} ({document[slug]['name']})" for slug in rows if slug in document]:
            raise Refused(
                msgn("Already a member: {names}.", "Already members: {names}.", len(again), names=", ".join(again)),
                hint=msg("See them with: wksbm member list"),
            )
        document.update(rows)

    _edit(session, organisation.slug, change)
    if file is None:
        for slug, table in rows.items():
            typer.echo(session.say(msg("Added: {name} ({slug}).", name=table["name"], slug=slug)))
        return
    typer.echo(
        session.say(
            msgn(
                "Added {count} member to {organisation}.",
                "Added {count} members to {organisation}.",
                len(rows),
                organisation=organisation.name,
            )
        )
    )


def _member_table(
    session: Session, name: str, joined: str | None, class_: str | None, note: str | None
) -> dict[str, Any]:
    table: dict[str, Any] = {"name": check_text(name)}
    if joined:
        table["joined"] = parse_date(joined, session.today)
    if class_:
        table["class"] = check_slug(class_)
    if note:
        table["note"] = check_text(note)
    return table


def _from_csv(session: Session, file: str) -> dict[str, dict[str, Any]]:
    from wksbm_cli.exchange.sheets import read_sheet
    from wksbm_cli.recording.rows import SheetRow

    sheet = read_sheet(file, required=("id", "name"), optional=("joined", "class", "note"))
    rows: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}

    def take(row: SheetRow) -> None:
        slug = check_slug(row["id"])
        if seen.setdefault(slug, row.number) != row.number:
            raise Usage(msg("{member} stands in the file already, in line {line}.", member=slug, line=str(seen[slug])))
        if not row["name"].strip():
            raise Usage(msg("What is the name of {member}?", member=slug))
        rows[slug] = _member_table(session, row["name"], row.get("joined"), row.get("class"), row.get("note"))

    sheet.use(sheet.rows, take)
    sheet.refuse_unusable()
    return rows


def list_(ctx: typer.Context) -> None:
    from wksbm_cli.reports.registers import members

    session = ctx.ensure_object(Session)
    options: ListingOptions = session.shared
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
) -> None:
    session = ctx.ensure_object(Session)
    organisation, found = _find(session, member, org)
    if found.left:
        raise Refused(
            msg("{member} left already, on {date}.", member=found.name, date=found.left),
            hint=msg("See it with: wksbm member show {member}", member=found.slug),
        )
    day = session.day(date)

    def change(document: Any) -> None:
        document[found.slug]["left"] = day

    _edit(session, organisation, change)
    typer.echo(session.say(msg("{member} left on {date}.", member=found.name, date=day)))


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
    reason: Annotated[str | None, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))] = None,
) -> None:
    from wksbm_cli.recording.drafts import find_due

    session = ctx.ensure_object(Session)
    organisation, found = _find(session, member, org)
    table: dict[str, Any] = {"from": session.day(from_)}
    if to:
        table["to"] = parse_date(to, session.today)
        if table["to"] < table["from"]:
            raise Usage(
                msg("The period ends on {end}, before it begins on {start}.", end=table["to"], start=table["from"])
            )
    if due and not fund:
        raise Usage(msg("A due belongs to a fund: say which with --fund."))
    if fund:
        of = session.registers.fund(fund, organisation)
        table["fund"] = of.short
        if due and (exempted := find_due(of, due)):
            table["due"] = exempted.slug
    if reason:
        table["reason"] = check_text(reason)

    def change(document: Any) -> None:
        import tomlkit

        member_table = document[found.slug]
        if "exemptions" not in member_table:
            member_table["exemptions"] = tomlkit.aot()
        member_table["exemptions"].append(tomlkit.item(table))

    _edit(session, organisation, change)
    said = (
        msg("{member} is exempt from {start} to {end}.", member=found.name, start=table["from"], end=table["to"])
        if to
        else msg("{member} is exempt from {start}.", member=found.name, start=table["from"])
    )
    typer.echo(session.say(said))


def class_(
    ctx: typer.Context,
    member: MemberArgument,
    class_: Annotated[str, typer.Argument(metavar=N_("CLASS"), help=N_("Class that pays its own amounts"))],
    org: OrgOption = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=N_("DATE"), help=N_("First day; today if none is given"))
    ] = None,
) -> None:
    session = ctx.ensure_object(Session)
    organisation, found = _find(session, member, org)
    name, day = check_slug(class_), session.day(from_)
    if found.class_on(day) == name:
        raise Refused(msg("{member} is of the class {name} already.", member=found.name, name=name))

    def change(document: Any) -> None:
        import tomlkit

        table = document[found.slug]
        if "class_changes" not in table:
            table["class_changes"] = tomlkit.aot()
        table["class_changes"].append(tomlkit.item({"from": day, "class": name}))

    _edit(session, organisation, change)
    typer.echo(session.say(msg("{member} is of the class {name} from {date}.", member=found.name, name=name, date=day)))


def card(ctx: typer.Context, member: MemberArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, asked_span, print_report_of
    from wksbm_cli.reports.card import card as make

    session = ctx.ensure_object(Session)
    options: ReportOptions = session.shared
    organisation, found = _find(session, member, options.org)
    of = session.registers.organisations[organisation]
    span = asked_span(session, as_of_apart=True)
    funds = [fund for fund in session.registers.funds.values() if fund.organisation == organisation]
    print_report_of(session, make(session.query, session.registers, of, found, asked_day(session), span), funds)


def _find(session: Session, typed: str, org: str | None) -> tuple[str, Member]:
    """The member typed, in the organisation typed or in the only one that has it."""
    registers = session.registers
    if org is None and len(registers.organisations) > 1:
        holding = [slug for slug, members in registers.members.items() if typed in members]
        if len(holding) == 1:
            return holding[0], registers.members[holding[0]][typed]
    organisation = registers.organisation(org).slug
    return organisation, registers.member(organisation, typed)


def _edit(session: Session, organisation: str, change: Any) -> None:
    from wksbm_cli.book.editing import edit

    def check(table: Mapping[str, Any]) -> None:
        for slug, entry in table.items():
            Member.from_table(check_slug(slug), entry)

    edit(session.folder, session.folder.members_file(organisation), change, check)
