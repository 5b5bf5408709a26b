"""`check`, `accept`, `close`, `reopen`: whether a book is as it must be, and periods in which nothing is recorded any more."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from wksbm_cli.cli.asking import complete_fund
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import AnswerFormat, DecidedByOption, OrgOption, check_answer_format
from wksbm_cli.domain.dates import parse_month, parse_year
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.slug import check_text

PeriodArgument = Annotated[
    str, typer.Argument(metavar=N_("PERIOD"), help=N_("A month or a year: 2026-03, Maret 2026, last, 2025"))
]
FundOption = Annotated[
    str | None,
    typer.Option(
        "--fund", metavar=N_("FUND"), help=N_("Only this fund; all if none is given"), autocompletion=complete_fund
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=N_("Only show what would be written"))]


def check(
    ctx: typer.Context,
    format_: AnswerFormat = "text",
    install_hook: Annotated[
        bool, typer.Option("--install-hook", help=N_("Have git check the book before every commit"))
    ] = False,
) -> int:
    from wksbm_cli.check.check import check as examine
    from wksbm_cli.render import checked as render

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    if install_hook:
        return _install_hook(session)
    with session.waiting(msg("Checking the book")):
        checked = examine(session.folder, session.moment)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(checked, session.language))
    return 1 if checked.errors else 0


def _install_hook(session: Session) -> int:
    from wksbm_cli.sync.hook import install

    path = install(session.folder)
    session.answer(msg("From now on git checks the book before every commit: {path}.", path=str(path)))
    return 0


def accept(
    ctx: typer.Context,
    reason: Annotated[str, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))],
    decided_by: DecidedByOption = None,
    org: OrgOption = None,
    dry_run: DryRunOption = False,
    format_: AnswerFormat = "text",
) -> None:
    from wksbm_cli.recording.registers.accept import accept as accept_registers
    from wksbm_cli.recording.registers.change import Deciding
    from wksbm_cli.render import accepted as render

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    who = check_text(decided_by) if decided_by else None
    deciding = Deciding(session.by, session.now, who, check_text(reason))
    accepted = accept_registers(session.folder, org, deciding, dry_run=dry_run)
    session.tell(accepted.notices)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(accepted, session.language))


def close(
    ctx: typer.Context,
    period: PeriodArgument,
    fund: FundOption = None,
    org: OrgOption = None,
    dry_run: DryRunOption = False,
    format_: AnswerFormat = "text",
) -> None:
    from wksbm_cli.render import closed as render
    from wksbm_cli.seals.closing import close as close_funds

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    closed = close_funds(
        session.folder,
        asked_funds(session, fund, org),
        asked_period(session, period),
        by=session.by,
        now=session.now,
        dry_run=dry_run,
    )
    session.tell(closed.notices)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(closed, session.language))


def reopen(
    ctx: typer.Context,
    period: PeriodArgument,
    reason: Annotated[str, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))],
    fund: FundOption = None,
    org: OrgOption = None,
    dry_run: DryRunOption = False,
    format_: AnswerFormat = "text",
) -> None:
    from wksbm_cli.render import closed as render
    from wksbm_cli.seals.closing import reopen as reopen_funds

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    reopened = reopen_funds(
        session.folder,
        asked_funds(session, fund, org),
        asked_period(session, period),
        check_text(reason),
        by=session.by,
        now=session.now,
        dry_run=dry_run,
    )
    session.tell(reopened.notices)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(reopened, session.language))


def asked_funds(session: Session, fund: str | None, org: str | None) -> list[str]:
    """The funds meant: one, those of an organisation, or all."""
    registers = session.registers
    organisation = registers.organisation(org).slug if org else None
    if fund:
        return [registers.fund(fund, organisation).slug]
    return [slug for slug, one in registers.funds.items() if organisation in (None, one.organisation)]


def asked_period(session: Session, typed: str) -> str:
    """The key of the month or year typed."""
    if re.fullmatch(r"[0-9]{4}", typed.strip()):
        span = parse_year(typed, session.today)
        assert span.start is not None
        return f"{span.start.year:04d}"
    span = parse_month(typed, session.today)
    assert span.start is not None
    return f"{span.start:%Y-%m}"
