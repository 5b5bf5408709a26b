"""Commands that print reports: resolve options, make the report, hand it to render."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import wraps
from typing import Annotated, Any

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.arguments import FundArgument, OnlyFundArgument, PlaceOption
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.domain.dates import Span, month_of, parse_date, parse_month, parse_year
from wksbm_cli.domain.fund import Fund, event_day
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.seal import as_mapping
from wksbm_cli.reports.report import Report
from wksbm_cli.seals.making import make_seal

_ONE_WAY = msg("Say the period in one way: --month, --year, --from and --to, or --as-of.")
# Papers that say by which command they were made; of tables only those written to a file.
_SAYS_HOW = ("text", "whatsapp", "markdown", "json", "html", "xlsx", "pdf")


def each_organisation(command: Callable[..., None]) -> Callable[..., None]:
    """A command that, with {org} in --output and no organisation chosen, is carried out for each that has funds.

    A fund typed behind the command is the one that --fund names.
    """

    @wraps(command)
    def carried_out(ctx: typer.Context, **given: Any) -> None:
        session = ctx.ensure_object(Session)
        options = session.options(ReportOptions)
        if (fund := given.get("fund")) is not None:
            if options.fund is not None:
                raise Usage(msg("The fund is named twice: {one} and {other}.", one=fund, other=options.fund))
            session.shared = options = options._replace(fund=fund)
        if "{org}" not in (options.output or "") or options.org or options.fund:
            command(ctx, **given)
            return
        for slug in dict.fromkeys(fund.organisation for fund in session.registers.funds.values()):
            session.shared = options._replace(org=slug)
            command(ctx, **given)

    return carried_out


@each_organisation
def balance(
    ctx: typer.Context,
    fund: OnlyFundArgument = None,
    by: Annotated[
        str, typer.Option("--by", metavar=N_("fund|place"), help=N_("Per fund, or per place of each fund"))
    ] = "fund",
) -> None:
    from wksbm_cli.reports import balance as reports

    session = ctx.ensure_object(Session)
    if by != "fund":  # imported only where needed
        from wksbm_cli.recording.choices import choose

        by = choose(by, ("fund", "place"))
    make = reports.balance if by == "fund" else reports.balance_by_place
    funds = asked_funds(session)
    print_report_of(session, make(session.query, session.registers, funds, asked_span(session), asked_heading(session)))


def print_report_of(
    session: Session,
    report: Report,
    funds: Sequence[Fund] | None = None,
    *,
    charts: bool = False,
    read_on: date | None = None,
) -> None:
    """Print a report about `funds` (those asked for, if not said), under their seal; `read_on` is today where it says so."""
    options = session.options(ReportOptions)
    covered = asked_funds(session) if funds is None else funds
    made = make_seal(
        session.query,
        session.registers,
        [fund.slug for fund in covered],
        session.moment,
        *_facts_day(session, report.span),
    )
    seal = as_mapping(made, session.registers.funds)
    output = fill_in(options.output, {fund.organisation for fund in covered}, report.span)
    if options.format in _SAYS_HOW or (
        options.format == "table" and (output not in (None, "-") or session.remade is not None)
    ):
        from wksbm_cli.cli.commands import command_of

        report = report._replace(command=command_of(session, options, made, read_on))
    print_report(
        session,
        report._replace(seal=seal, notes=(*_beside_the_book(session, report.span), *report.notes)),
        options.format,
        output,
        privacy=options.privacy,
        short=options.short,
        qr=options.qr,
        charts=charts,
    )


def _facts_day(session: Session, span: Span) -> tuple[date | None, date | None]:
    """The day whose facts a report rests on, where it is said; else the end of its period, which may still run."""
    options = session.options(ReportOptions)
    if options.as_of:
        return parse_date(options.as_of, session.today), None
    return (span.end, None) if span.start is None else (None, span.end)


def fill_in(output: str | None, organisations: Collection[str], span: Span) -> str | None:
    """The path with {org} and {month} filled in; a year stands where a whole year is asked for."""
    if output is None:
        return None
    for place in re.findall(r"\{[^{}/]*\}", output):
        match place:
            case "{org}" if len(organisations) == 1:
                output = output.replace(place, next(iter(organisations)))
            case "{month}" if span.end is not None and (span.is_month or span.is_year or span.is_fiscal_year):
                output = output.replace(place, f"{span.end:%Y-%m}" if span.is_month else f"{span.end:%Y}")
            case "{org}":
                raise Usage(msg("This report is about several organisations."), hint=msg("Choose one with: --org ORG"))
            case "{month}":
                raise Usage(msg("This report is not about one month."), hint=msg("Choose one with: --month last"))
            case _:
                raise Usage(msg("{place} in --output is not known; {known} are.", place=place, known="{org}, {month}"))
    return output


def _beside_the_book(session: Session, span: Span) -> Sequence[Message]:
    """What to say of a period that ends before the book begins, or begins after its last entry."""
    kept = session.query.span_of_entries()
    if kept.start and span.end and span.end < kept.start:
        return [msg("The book begins on {date}; nothing is recorded of this period.", date=kept.start)]
    if kept.end and span.start and span.start > kept.end:
        return [msg("The last entry is of {date}; nothing is recorded of this period yet.", date=kept.end)]
    return ()


def asked_funds(session: Session) -> Sequence[Fund]:
    """The funds asked for: one, those of an organisation, or all."""
    options = session.options(ReportOptions)
    registers = session.registers
    organisation = registers.organisation(options.org).slug if options.org else None
    if options.fund:
        return [registers.fund(options.fund, organisation)]
    return [fund for fund in registers.funds.values() if organisation in (None, fund.organisation)]


def asked_heading(session: Session) -> str | None:
    options = session.options(ReportOptions)
    if options.fund:
        return asked_funds(session)[0].name
    return session.registers.organisation(options.org).name if options.org else None


def asked_day(session: Session) -> date:
    """The day at whose end things are to be seen: --as-of, else the last day to which the book is kept."""
    from wksbm_cli.standing.dues import last_day

    options = session.options(ReportOptions)
    return parse_date(options.as_of, session.today) if options.as_of else last_day(session.query, session.today)


def asked_span(session: Session, *, as_of_apart: bool = False, funds: Sequence[Fund] | None = None) -> Span:
    """The period asked for, by one way of saying it; `as_of_apart` where --as-of says another thing than the period. A
    year is one of the organisation whose `funds` it is about (those asked for, if not said)."""
    options = session.options(ReportOptions)
    ways = [options.month, options.year, options.start or options.end, None if as_of_apart else options.as_of]
    if sum(way is not None for way in ways) > 1:
        raise Usage(_ONE_WAY)
    # Without a period nothing depends on the clock, and the same book gives the same bytes on any day.
    if options.month:
        return parse_month(options.month, session.today)
    if options.year:
        about = asked_funds(session) if funds is None else funds
        return parse_year(options.year, session.today, session.registers.years_begin(about))
    if options.as_of and not as_of_apart:
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
    options = session.options(ReportOptions)
    found = session.registers.fund(fund, options.org)
    print_report_of(
        session, make(session.query, session.registers, found, asked_span(session, funds=[found]), place), [found]
    )


@each_organisation
def contributions(
    ctx: typer.Context,
    fund: OnlyFundArgument = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar=N_("EVENT"), help=N_("Who has given for this event"))
    ] = None,
) -> None:
    from wksbm_cli.reports.contributions import contributions as make

    session = ctx.ensure_object(Session)
    registers, funds = session.registers, asked_funds(session)
    day = asked_day(session)
    if event is not None:
        # An event is asked about before anything is recorded for it.
        day = max(day, event_day(funds, event))
    span = asked_span(session, as_of_apart=True)
    report = make(session.query, registers, funds, span, asked_heading(session), as_of=day, event=event)
    print_report_of(session, report)


@each_organisation
def arrears(
    ctx: typer.Context,
    fund: OnlyFundArgument = None,
    by: Annotated[
        str, typer.Option("--by", metavar=N_("member|amount"), help=N_("Order: by member, or the largest first"))
    ] = "member",
    detail: Annotated[bool, typer.Option("--detail", help=N_("Also each due and its open periods"))] = False,
) -> None:
    from wksbm_cli.recording.choices import choose
    from wksbm_cli.reports.arrears import arrears as make

    session = ctx.ensure_object(Session)
    order = choose(by, ("member", "amount"))
    options = session.options(ReportOptions)
    if options.month or options.year or options.start or options.end:
        raise Usage(msg("What is still open is seen on one day: --as-of DATE."))
    day = asked_day(session)
    report = make(
        session.query,
        session.registers,
        asked_funds(session),
        day,
        asked_heading(session),
        by_amount=order == "amount",
        detail=detail,
        days_ago=0 if options.as_of else (session.today - day).days,
    )
    days_told = not options.as_of and session.today > day
    print_report_of(session, report, read_on=session.today if days_told else None)


@each_organisation
def disbursements(ctx: typer.Context, fund: OnlyFundArgument = None) -> None:
    from wksbm_cli.reports.disbursements import disbursements as make

    session = ctx.ensure_object(Session)
    print_report_of(
        session,
        make(session.query, session.registers, asked_funds(session), asked_span(session), asked_heading(session)),
    )


@each_organisation
def summary(
    ctx: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar=N_("PERIOD"), help=N_("A month or a year: 2026-02, 2026, last"))
    ] = None,
    chart: Annotated[bool, typer.Option("--chart", help=N_("Draw each fund's balance by month"))] = False,
) -> None:
    from wksbm_cli.reports.summary import summary as make
    from wksbm_cli.standing.dues import last_day

    session = ctx.ensure_object(Session)
    if period is not None:
        options = session.options(ReportOptions)
        if options.month or options.year:
            raise Usage(_ONE_WAY)
        session.shared = options._replace(year=period) if period.strip().isdigit() else options._replace(month=period)
    span = asked_span(session)
    if span == Span(None, None):
        span = month_of(last_day(session.query, session.today))
    report = make(session.query, session.registers, asked_funds(session), span, asked_heading(session))
    print_report_of(session, report, charts=chart)
