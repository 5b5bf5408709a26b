"""`org`: the organisations of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ListingOptions
from wksbm_cli.domain.dates import parse_date, parse_month_of_year
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import ORGANISATION_FIELDS

KindOption = Annotated[
    str | None, typer.Option("--kind", metavar=N_("TEXT"), help=N_("RT, RW, dasawisma, pengajian ..."))
]
TerritoryOption = Annotated[str | None, typer.Option("--territory", metavar=N_("TEXT"), help=N_("Area it covers"))]
VillageOption = Annotated[str | None, typer.Option("--village", metavar=N_("TEXT"), help=N_("Village or kelurahan"))]
DistrictOption = Annotated[str | None, typer.Option("--district", metavar=N_("TEXT"), help=N_("Kecamatan"))]
RegencyOption = Annotated[str | None, typer.Option("--regency", metavar=N_("TEXT"), help=N_("Kabupaten or kota"))]
ProvinceOption = Annotated[str | None, typer.Option("--province", metavar=N_("TEXT"), help=N_("Province"))]
AddressOption = Annotated[
    str | None, typer.Option("--address", metavar=N_("TEXT"), help=N_("Address of the secretariat"))
]
EmailOption = Annotated[str | None, typer.Option("--email", metavar=N_("TEXT"), help=N_("E-mail of the organisation"))]
ChairOption = Annotated[str | None, typer.Option("--chair", metavar=N_("NAME"), help=N_("Chair"))]
SecretaryOption = Annotated[str | None, typer.Option("--secretary", metavar=N_("NAME"), help=N_("Secretary"))]
TreasurerOption = Annotated[str | None, typer.Option("--treasurer", metavar=N_("NAME"), help=N_("Treasurer"))]
SupervisorOption = Annotated[
    str | None, typer.Option("--supervisor", metavar=N_("NAME"), help=N_("Supervisor (pembina)"))
]
LegalBasisOption = Annotated[
    str | None, typer.Option("--legal-basis", metavar=N_("TEXT"), help=N_("Decree that founded it"))
]
LegalDateOption = Annotated[str | None, typer.Option("--legal-date", metavar=N_("DATE"), help=N_("Date of the decree"))]
FoundedOption = Annotated[str | None, typer.Option("--founded", metavar=N_("DATE"), help=N_("Day it was founded"))]
FiscalYearOption = Annotated[
    str | None,
    typer.Option(
        "--fiscal-year", metavar=N_("MONTH"), help=N_("Month in which its years begin: 7, Juli; January if never said")
    ),
]
OfficersOption = Annotated[int | None, typer.Option("--officers", metavar=N_("NUMBER"), help=N_("Number of officers"))]
ActivityOption = Annotated[
    list[str] | None,
    typer.Option("--activity", metavar=N_("TEXT"), help=N_("An activity; may be given again")),
]


def add(
    ctx: typer.Context,
    slug: Annotated[str, typer.Argument(metavar=N_("ORG"), help=N_("Short name, for ever: rt-07"))],
    name: Annotated[str, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))],
    kind: KindOption = None,
    territory: TerritoryOption = None,
    village: VillageOption = None,
    district: DistrictOption = None,
    regency: RegencyOption = None,
    province: ProvinceOption = None,
    address: AddressOption = None,
    email: EmailOption = None,
    chair: ChairOption = None,
    secretary: SecretaryOption = None,
    treasurer: TreasurerOption = None,
    supervisor: SupervisorOption = None,
    legal_basis: LegalBasisOption = None,
    legal_date: LegalDateOption = None,
    founded: FoundedOption = None,
    officers: OfficersOption = None,
    fiscal_year: FiscalYearOption = None,
    activity: ActivityOption = None,
) -> None:
    from wksbm_cli.recording.registers import organisations

    session = ctx.ensure_object(Session)
    told = {
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
        "legal_date": parse_date(legal_date, session.today) if legal_date else None,
        "founded": parse_date(founded, session.today) if founded else None,
        "officers": officers,
        "fiscal_year": parse_month_of_year(fiscal_year) if fiscal_year else None,
        "activities": activity,
    }
    change_and_print(session, lambda registers: organisations.add(registers, slug, name, told))


def edit(
    ctx: typer.Context,
    slug: Annotated[str | None, typer.Argument(metavar=N_("ORG"), help=N_("Organisation"))] = None,
    name: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    phone: Annotated[str | None, typer.Option("--phone", metavar=N_("TEXT"), help=N_("Telephone"))] = None,
    kind: KindOption = None,
    territory: TerritoryOption = None,
    village: VillageOption = None,
    district: DistrictOption = None,
    regency: RegencyOption = None,
    province: ProvinceOption = None,
    address: AddressOption = None,
    email: EmailOption = None,
    chair: ChairOption = None,
    secretary: SecretaryOption = None,
    treasurer: TreasurerOption = None,
    supervisor: SupervisorOption = None,
    legal_basis: LegalBasisOption = None,
    legal_date: LegalDateOption = None,
    founded: FoundedOption = None,
    officers: OfficersOption = None,
    fiscal_year: FiscalYearOption = None,
    activity: ActivityOption = None,
) -> None:
    from wksbm_cli.recording.registers import organisations

    session = ctx.ensure_object(Session)
    told = {
        "kind": kind,
        "territory": territory,
        "village": village,
        "district": district,
        "regency": regency,
        "province": province,
        "address": address,
        "phone": phone,
        "email": email,
        "chair": chair,
        "secretary": secretary,
        "treasurer": treasurer,
        "supervisor": supervisor,
        "legal_basis": legal_basis,
        "legal_date": parse_date(legal_date, session.today) if legal_date else None,
        "founded": parse_date(founded, session.today) if founded else None,
        "officers": officers,
        "fiscal_year": parse_month_of_year(fiscal_year) if fiscal_year else None,
        "activities": activity,
    }
    change_and_print(session, lambda registers: organisations.edit(registers, slug, name, told, session.today))


def approver(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar=N_("NAME"), help=N_("Who may approve"))],
    org: Annotated[
        str | None, typer.Option("--org", metavar="ORG", help=N_("Organisation, where the book has several"))
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=N_("DATE"), help=N_("From this day on; today if none is given"))
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar=N_("DATE"), help=N_("Up to this day"))] = None,
) -> None:
    from wksbm_cli.recording.registers import organisations

    session = ctx.ensure_object(Session)
    start, end = (parse_date(typed, session.today) if typed else None for typed in (from_, to))
    today = session.today
    change_and_print(session, lambda registers: organisations.approver(registers, org, name, start, end, today))


def signer(
    ctx: typer.Context,
    slug: Annotated[str, typer.Argument(metavar=N_("SIGNER"), help=N_("Short name, for ever: bendahara, siti"))],
    key: Annotated[
        Path | None, typer.Argument(metavar=N_("KEY"), help=N_("File of the public key: ~/.ssh/id_ed25519.pub"))
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    org: Annotated[
        str | None, typer.Option("--org", metavar="ORG", help=N_("Organisation, where the book has several"))
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar=N_("DATE"), help=N_("From this day on; today if none is given"))
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar=N_("DATE"), help=N_("Up to this day"))] = None,
) -> None:
    from wksbm_cli.book.ssh import read_public_key
    from wksbm_cli.recording.registers import organisations

    session = ctx.ensure_object(Session)
    start, end = (parse_date(typed, session.today) if typed else None for typed in (from_, to))
    public, today = read_public_key(key) if key else None, session.today
    change_and_print(
        session, lambda registers: organisations.signer(registers, org, slug, public, name, start, end, today)
    )


def list_(ctx: typer.Context) -> None:
    from wksbm_cli.reports.registers import organisations

    session = ctx.ensure_object(Session)
    options = session.options(ListingOptions)
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
        (
            msg("years begin in"),
            session.language.month_name(organisation.fiscal_year) if organisation.fiscal_year > 1 else None,
        ),
        (msg("may approve"), ", ".join(organisation.approvers_on(session.today)) or None),
        (msg("may sign"), ", ".join(one.name for one in organisation.signers.values()) or None),
        (msg("activities"), ", ".join(organisation.activities) or None),
        (msg("members"), len(session.registers.members[organisation.slug])),
        (msg("funds"), ", ".join(funds) or None),
    ]
    for title, value in shown:
        if value is not None:
            typer.echo(f"  {session.say(title)}: {session.language.show(value)}")
