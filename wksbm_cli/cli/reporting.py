"""Commands that answer from the book: resolve what is asked, ask the report, hand it to render."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.entries import FundArgument, PlaceOption
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.domain.dates import Span, parse_date, parse_month, parse_year
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.registers import Fund
from wksbm_cli.reports.report import Report


def balance(
    ctx: typer.Context,
    by: Annotated[
        str, typer.Option("--by", metavar="fund|place", help=N_("Per fund, or per place of each fund"))
    ] = "fund",
) -> None:
    from wksbm_cli.reports import balance as reports

    session = ctx.ensure_object(Session)
    if by not in ("fund", "place"):
        raise Usage(msg('"{text}" is not one of the choices for {key}.', text=by, key="--by"))
    make = reports.balance if by == "fund" else reports.balance_by_place
    funds = _funds(session)
    _print(session, make(session.query, session.registers, funds, _span(session), _heading(session)))


def _print(session: Session, report: Report) -> None:
    options: ReportOptions = session.shared
    print_report(session, report, options.format, options.output)


def _funds(session: Session) -> Sequence[Fund]:
    """The funds asked for: one, those of an organisation, or all."""
    options: ReportOptions = session.shared
    registers = session.registers
    organisation = registers.organisation(options.org).slug if options.org else None
    if options.fund:
        return [registers.fund(options.fund, organisation)]
    return [fund for fund in registers.funds.values() if organisation in (None, fund.organisation)]


def _heading(session: Session) -> str | None:
    options: ReportOptions = session.shared
    if options.fund:
        return _funds(session)[0].name
    return session.registers.organisation(options.org).name if options.org else None


def _span(session: Session) -> Span:
    """The period asked for, by one way of saying it."""
    options: ReportOptions = session.shared
    ways = [options.month, options.year, options.start or options.end, options.as_of]
    if sum(way is not None for way in ways) > 1:
        raise Usage(msg("Say the period in one way: --month, --year, --from and --to, or --as-of."))
    # Without a period nothing depends on the clock, and the same book gives the same bytes on any day.
    if options.month:
        return parse_month(options.month, session.today)
    if options.year:
        return parse_year(options.year, session.today)
    if options.as_of:
        return Span(None, parse_date(options.as_of, session.today))
    start = parse_date(options.start, session.today) if options.start else None
    end = parse_date(options.end, session.today) if options.end else None
    if start and end and start > end:
        raise Usage(msg("The period ends on {end}, before it begins on {start}.", end=end, start=start))
    return Span(start, end)


def cashbook(
    ctx: typer.Context,
    fund: FundArgument,
    place: PlaceOption = None,
) -> None:
    from wksbm_cli.reports.cashbook import cashbook as make

    session = ctx.ensure_object(Session)
    options: ReportOptions = session.shared
    found = session.registers.fund(fund, options.org)
    _print(session, make(session.query, session.registers, found, _span(session), place))


def contributions(ctx: typer.Context) -> None:
    from wksbm_cli.reports.contributions import contributions as make

    session = ctx.ensure_object(Session)
    _print(session, make(session.query, session.registers, _funds(session), _span(session), _heading(session)))


def disbursements(ctx: typer.Context) -> None:
    from wksbm_cli.reports.disbursements import disbursements as make

    session = ctx.ensure_object(Session)
    _print(session, make(session.query, session.registers, _funds(session), _span(session), _heading(session)))


def summary(ctx: typer.Context) -> None:
    from wksbm_cli.reports.summary import summary as make

    session = ctx.ensure_object(Session)
    span = _span(session)
    if span.start is None and span.end is None:
        span = parse_month("this", session.today)
    _print(session, make(session.query, session.registers, _funds(session), span, _heading(session)))
