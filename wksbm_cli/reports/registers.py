"""The registers as reports: organisations, members, funds."""

from __future__ import annotations

from collections.abc import Sequence

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import FUND_TYPES, RESTRICTIONS
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.registers import Organisation, Registers
from wksbm_cli.reports.report import Column, Report, Table, select


def organisations(registers: Registers) -> Report:
    """Every organisation with how many members and funds it has."""
    rows = tuple(
        {
            "organisation": organisation.slug,
            "name": organisation.name,
            "kind": organisation.fields.get("kind", ""),
            "members": len(registers.members[organisation.slug]),
            "funds": sum(fund.organisation == organisation.slug for fund in registers.funds.values()),
        }
        for organisation in registers.organisations.values()
    )
    columns = (
        Column("organisation", msg("Organisation")),
        Column("name", msg("Name")),
        Column("kind", msg("Kind")),
        Column("members", msg("Members"), "count"),
        Column("funds", msg("Funds"), "count"),
    )
    table = Table(columns, rows)
    return Report("organisations", msg("Organisations"), registers.book.name, Span(None, None), table, (table,))


def members(registers: Registers, of: Sequence[Organisation]) -> Report:
    """Every member of some organisations, by id."""
    rows = tuple(
        {
            "organisation": organisation.slug,
            "member": member.slug,
            "name": member.person,
            "joined": member.joined,
            "left": member.left,
            "class": member.classes[-1][1] if member.classes else "",
        }
        for organisation in of
        for member in sorted(registers.members[organisation.slug].values(), key=lambda member: member.slug)
    )
    columns = (
        Column("organisation", msg("Organisation")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("joined", msg("Joined"), "date"),
        Column("left", msg("Left"), "date"),
        Column("class", msg("Class")),
    )
    shown = Table(columns if len(of) > 1 else tuple(each for each in columns if each.key != "organisation"), rows)
    return Report("members", msg("Members"), registers.book.name, Span(None, None), Table(columns, rows), (shown,))


def funds(registers: Registers, of: Sequence[Organisation]) -> Report:
    """Every fund of some organisations, with its type and restriction."""
    chosen = [
        fund for fund in registers.funds.values() if any(fund.organisation == organisation.slug for organisation in of)
    ]
    rows = tuple(
        {
            "organisation": fund.organisation,
            "fund": fund.short,
            "name": fund.name,
            "type": fund.type,
            "restriction": fund.restriction,
            "unit": fund.unit.code,
        }
        for fund in chosen
    )
    columns = (
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("name", msg("Name")),
        Column("type", msg("Type")),
        Column("restriction", msg("Restriction")),
        Column("unit", msg("Unit")),
    )
    shown = tuple(
        {
            "fund": fund.slug,
            "name": fund.name,
            "type": FUND_TYPES[fund.type],
            "restriction": RESTRICTIONS[fund.restriction],
        }
        for fund in chosen
    )
    return Report(
        "funds",
        msg("Funds"),
        registers.book.name,
        Span(None, None),
        Table(columns, rows),
        (Table(select(columns, "fund", "name", "type", "restriction"), shown),),
    )
