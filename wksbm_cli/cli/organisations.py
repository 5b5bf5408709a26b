"""`org`: the organisations of the network."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ListingOptions
from wksbm_cli.domain.dates import parse_date
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import ORGANISATION_FIELDS, Organisation
from wksbm_cli.domain.slug import check_slug, check_text


def add(
    ctx: typer.Context,
    slug: Annotated[str, typer.Argument(metavar=N_("ORG"), help=N_("Short name, for ever: rt-07"))],
    name: Annotated[str, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))],
    kind: Annotated[
        str | None, typer.Option("--kind", metavar=N_("TEXT"), help=N_("RT, RW, dasawisma, pengajian ..."))
    ] = None,
    territory: Annotated[str | None, typer.Option("--territory", metavar=N_("TEXT"), help=N_("Area it covers"))] = None,
    village: Annotated[
        str | None, typer.Option("--village", metavar=N_("TEXT"), help=N_("Village or kelurahan"))
    ] = None,
    district: Annotated[str | None, typer.Option("--district", metavar=N_("TEXT"), help=N_("Kecamatan"))] = None,
    regency: Annotated[str | None, typer.Option("--regency", metavar=N_("TEXT"), help=N_("Kabupaten or kota"))] = None,
    province: Annotated[str | None, typer.Option("--province", metavar=N_("TEXT"), help=N_("Province"))] = None,
    address: Annotated[
        str | None, typer.Option("--address", metavar=N_("TEXT"), help=N_("Address of the secretariat"))
    ] = None,
    email: Annotated[
        str | None, typer.Option("--email", metavar=N_("TEXT"), help=N_("E-mail of the organisation"))
    ] = None,
    chair: Annotated[str | None, typer.Option("--chair", metavar=N_("NAME"), help=N_("Chair"))] = None,
    secretary: Annotated[str | None, typer.Option("--secretary", metavar=N_("NAME"), help=N_("Secretary"))] = None,
    treasurer: Annotated[str | None, typer.Option("--treasurer", metavar=N_("NAME"), help=N_("Treasurer"))] = None,
    supervisor: Annotated[
        str | None, typer.Option("--supervisor", metavar=N_("NAME"), help=N_("Supervisor (pembina)"))
    ] = None,
    legal_basis: Annotated[
        str | None, typer.Option("--legal-basis", metavar=N_("TEXT"), help=N_("Decree that founded it"))
    ] = None,
    legal_date: Annotated[
        str | None, typer.Option("--legal-date", metavar=N_("DATE"), help=N_("Date of the decree"))
    ] = None,
    founded: Annotated[str | None, typer.Option("--founded", metavar=N_("DATE"), help=N_("Day it was founded"))] = None,
    officers: Annotated[
        int | None, typer.Option("--officers", metavar=N_("NUMBER"), help=N_("Number of officers"))
    ] = None,
    activity: Annotated[
        list[str] | None,
        typer.Option("--activity", metavar=N_("TEXT"), help=N_("An activity; may be given again")),
    ] = None,
) -> None:
    from wksbm_cli.book.editing import create

    session = ctx.ensure_object(Session)
    check_slug(slug)
    if slug in session.registers.organisations:
        raise Refused(
            msg("{organisation} is there already.", organisation=slug),
            hint=msg("See it with: wksbm org show {organisation}", organisation=slug),
        )
    typed = {
        "kind": kind,
        "territory": territory,
        "village": village,
        "district": district,
        "regency": regency,
        "province": province,
        "address": address,
        "email": email,
        "chair": chair,
        "secretary": secretary,
        "treasurer": treasurer,
        "supervisor": supervisor,
        "legal_basis": legal_basis,
    }
    table: dict[str, Any] = {"name": check_text(name)}
    table |= {key: check_text(value) for key, value in typed.items() if value}
    table |= {
        "legal_date": parse_date(legal_date, session.today) if legal_date else None,
        "founded": parse_date(founded, session.today) if founded else None,
        "officers": officers,
        "activities": [check_text(item) for item in activity or []],
    }
    path = session.folder.organisation_file(slug)
    create(session.folder, path, table, lambda read: Organisation.from_table(slug, read))
    typer.echo(session.say(msg("Added: {name} ({slug}).", name=name, slug=slug)))
    typer.echo(session.say(msg('Next, its members: wksbm member add kk-001 "Name" --org {slug}', slug=slug)))


def list_(ctx: typer.Context) -> None:
    from wksbm_cli.reports.registers import organisations

    session = ctx.ensure_object(Session)
    options: ListingOptions = session.shared
    print_report(session, organisations(session.registers), options.format)


def show(
    ctx: typer.Context, slug: Annotated[str | None, typer.Argument(metavar=N_("ORG"), help=N_("Organisation"))] = None
) -> None:
    session = ctx.ensure_object(Session)
    organisation = session.registers.organisation(slug)
    typer.echo(f"{organisation.name} ({organisation.slug})")
    funds = [fund.short for fund in session.registers.funds.values() if fund.organisation == organisation.slug]
    shown: list[tuple[Message, Any]] = [
        *((ORGANISATION_FIELDS[key], value) for key, value in organisation.fields.items()),
        (msg("legal date"), organisation.legal_date),
        (msg("founded"), organisation.founded),
        (msg("officers"), organisation.officers),
        (msg("activities"), ", ".join(organisation.activities) or None),
        (msg("members"), len(session.registers.members[organisation.slug])),
        (msg("funds"), ", ".join(funds) or None),
    ]
    for title, value in shown:
        if value is not None:
            typer.echo(f"  {session.say(title)}: {session.language.show(value)}")
