"""Commands that exchange with other programs: out to them, and in from their CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wksbm_cli.cli.answers import put
from wksbm_cli.cli.arguments import PlaceOption
from wksbm_cli.cli.entries import commit_and_print
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.reporting import asked_funds, asked_span
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import RecordingOptions, ReportOptions
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import nearest_hint

if TYPE_CHECKING:
    from wksbm_cli.exchange.journal import Journal
    from wksbm_cli.index.query import Query
    from wksbm_cli.recording.commit import Draft

EXPORTS = ("hledger", "ledger", "beancount", "csv", "json", "parquet")


def export(
    ctx: typer.Context,
    format_: Annotated[
        str, typer.Argument(metavar=N_("FORMAT"), help=N_("hledger, ledger, beancount, csv, json or parquet"))
    ],
) -> None:
    from wksbm_cli.exchange.journal import make_journal

    session = ctx.ensure_object(Session)
    options = session.options(ReportOptions)
    if format_ not in EXPORTS:
        raise Usage(msg('There is no format "{format}".', format=format_), hint=nearest_hint(format_, EXPORTS))
    if options.privacy not in (None, "full"):
        raise Usage(
            msg("An export names everyone in full: it is for the treasurer's own programs."),
            hint=msg("To pass on, make a report: {example}", example="wksbm disbursements --privacy initials"),
        )
    if format_ == "parquet" and not options.output:
        raise Usage(
            msg("Parquet is a folder of files; say which."),
            hint=msg("Type for instance: {example}", example="wksbm export parquet --output data"),
        )
    query, funds, span = session.query, asked_funds(session), asked_span(session)
    with session.waiting(msg("Writing the book")):
        journal = make_journal(query, session.registers, funds, span, categories=options.privacy == "full")
        if format_ == "parquet":
            from wksbm_cli.exchange import parquet

            parquet.write(journal, session.say, Path(str(options.output)))
            rendered = None
        else:
            rendered = _rendered(session, journal, format_)
    if rendered is not None:
        put(session, rendered, options.output)
    session.tell(journal.notices())


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


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar=N_("FILE"), help=N_("CSV or xlsx of a bank, a form or a treasurer"))],
    rules: Annotated[
        str, typer.Option("--rules", metavar=N_("RULES"), help=N_("Rules file, or the name of ready-made rules"))
    ],
    fund: Annotated[
        str | None, typer.Option("--fund", metavar=N_("FUND"), help=N_("Fund of the rows whose rule names none"))
    ] = None,
    allow_difference: Annotated[
        bool, typer.Option("--allow-difference", help=N_("Take the rows though the balances beside them are others"))
    ] = False,
    place: PlaceOption = None,
) -> None:
    from wksbm_cli.exchange.importing import Beside, import_rows
    from wksbm_cli.exchange.rules import read_rules
    from wksbm_cli.exchange.sheets import read_columns

    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    if options.date is not None:
        raise Usage(msg("The dates come from the file; --date has no place beside it."))
    registers = session.registers
    found = read_rules(rules, registers)
    beside = Beside(registers.fund(fund).slug if fund else None, place, options.note)
    layout = found.layout
    sheet = read_columns(
        file,
        layout.columns,
        skip=layout.skip,
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        overflow=layout.overflow,
        decimal=layout.money.decimal or ",",
    )

    def draft(query: Query) -> list[Draft]:
        imported = import_rows(sheet, found, registers, query, beside, allow_difference=allow_difference)
        session.tell(imported.notices)
        return imported.drafts

    commit_and_print(session, draft)
