"""Commands that exchange with other programs: out to them, and in from their CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wksbm_cli.cli.answers import put_text
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.reporting import asked_funds, asked_span
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import nearest_hint

if TYPE_CHECKING:
    from wksbm_cli.exchange.journal import Journal

EXPORTS = ("hledger", "ledger", "beancount", "csv", "json", "parquet")


def export(
    ctx: typer.Context,
    format_: Annotated[
        str, typer.Argument(metavar=N_("FORMAT"), help=N_("hledger, ledger, beancount, csv, json or parquet"))
    ],
) -> None:
    from wksbm_cli.exchange.journal import make_journal

    session = ctx.ensure_object(Session)
    options: ReportOptions = session.shared
    if format_ not in EXPORTS:
        raise Usage(msg('There is no format "{format}".', format=format_), hint=nearest_hint(format_, EXPORTS))
    if format_ == "parquet" and not options.output:
        raise Usage(
            msg("Parquet is a folder of files; say which."),
            hint=msg("Type for instance: {example}", example="wksbm export parquet --output data"),
        )
    journal = make_journal(session.query, session.registers, asked_funds(session), asked_span(session))
    if format_ == "parquet":
        from wksbm_cli.exchange import parquet

        parquet.write(journal, session.say, Path(str(options.output)))
    else:
        put_text(_rendered(session, journal, format_), options.output)
    session.tell(journal.notices())


export.manual = N_(  # type: ignore[attr-defined]
    "The other program then gives the same balances, per fund, place and member, at any date. Of a period, what "
    "there was before it is carried in."
)


def _rendered(session: Session, journal: Journal, format_: str) -> str:
    match format_:
        case "csv":
            from operator import attrgetter

            from wksbm_cli.exchange.rows import COLUMNS, rows
            from wksbm_cli.render import csv

            return csv.lines(COLUMNS, map(attrgetter(*COLUMNS), rows(journal, session.say)), session.language)
        case "json":
            from wksbm_cli.exchange.document import document
            from wksbm_cli.render.json import dumps

            return dumps(document(journal, session.say), session.language)
    return "".join(f"{line}\n" for line in _writer(format_)(journal, session.say))


def _writer(program: str) -> Callable[..., Iterator[str]]:
    match program:
        case "hledger":
            from wksbm_cli.exchange.hledger import write
        case "ledger":
            from wksbm_cli.exchange.ledger import write
        case "beancount":
            from wksbm_cli.exchange.beancount import write
    return write
