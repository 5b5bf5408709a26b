"""Commands that make papers to hand over: receipts, the yearly report, the supervisor's report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from wksbm_cli.cli.asking import complete_member
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.reporting import (
    asked_funds,
    asked_heading,
    asked_span,
    each_organisation,
    print_report_of,
)
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund


def receipt(
    ctx: typer.Context,
    id_: Annotated[
        str, typer.Argument(metavar=N_("ID"), help=N_("The entry: its id, the first 4 or more of it, or: last"))
    ],
    member: Annotated[
        str | None,
        typer.Option(
            "--member",
            metavar=N_("MEMBER"),
            help=N_("Of an entry of several members, the part of this one"),
            autocompletion=complete_member,
        ),
    ] = None,
) -> None:
    from wksbm_cli.recording.drafts import find_entry
    from wksbm_cli.reports.receipt import receipt as make

    session = ctx.ensure_object(Session)
    registers = session.registers
    entry = find_entry(session.query, id_)
    found = registers.member(entry.organisation, member) if member else None
    print_report_of(session, make(session.query, registers, entry, found), [registers.funds[entry.fund]])


@each_organisation
def annual(
    ctx: typer.Context,
    isak: Annotated[bool, typer.Option("--isak", help=N_("As statements of a nonprofit (ISAK 335)"))] = False,
) -> None:
    session = ctx.ensure_object(Session)
    if isak:
        from wksbm_cli.reports.isak import isak as make
    else:
        from wksbm_cli.reports.annual import annual as make
    report = make(session.query, session.registers, asked_funds(session), _year(session), asked_heading(session))
    print_report_of(session, report)


@each_organisation
def supervisor(ctx: typer.Context) -> None:
    from wksbm_cli.reports.supervisor import supervisor as make

    session = ctx.ensure_object(Session)
    org = session.options(ReportOptions).org
    report = make(session.query, session.registers, asked_funds(session), _year(session), asked_heading(session), org)
    print_report_of(session, report)


@each_organisation
def zakat(ctx: typer.Context) -> None:
    from wksbm_cli.reports.zakat import zakat as make

    session = ctx.ensure_object(Session)
    # BAZNAS asks for calendar years.
    report = make(session.query, session.registers, asked_funds(session), _year(session, ()), asked_heading(session))
    print_report_of(session, report)


def _year(session: Session, funds: Sequence[Fund] | None = None) -> Span:
    """The period asked for; without one the year to whose end the book is kept."""
    from wksbm_cli.standing.dues import last_day

    span = asked_span(session, funds=funds)
    if span != Span(None, None):
        return span
    about = asked_funds(session) if funds is None else funds
    return Span.year_of(last_day(session.query, session.today), session.registers.years_begin(about))
