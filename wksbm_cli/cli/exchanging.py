"""Commands that exchange with other programs: out to them, and in from their CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble, Usage, reason_of
from wksbm_cli.domain.slug import nearest_hint

if TYPE_CHECKING:
    from wksbm_cli.exchange.guessing import Guess
    from wksbm_cli.exchange.journal import Journal
    from wksbm_cli.exchange.rules import Rules
    from wksbm_cli.index.query import Query
    from wksbm_cli.recording.commit import Draft
    from wksbm_cli.recording.rows import Sheet
    from wksbm_cli.sheets.grid import SheetGrid

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
        str | None,
        typer.Option(
            "--rules",
            metavar=N_("RULES"),
            help=N_("Rules file, or the name of ready-made rules; guessed if none is given"),
        ),
    ] = None,
    save_rules: Annotated[
        str | None,
        typer.Option(
            "--save-rules", metavar=N_("FILE"), help=N_("Write the guessed rules to a file and record nothing")
        ),
    ] = None,
    fund: Annotated[
        str | None, typer.Option("--fund", metavar=N_("FUND"), help=N_("Fund of the rows whose rule names none"))
    ] = None,
    allow_difference: Annotated[
        bool, typer.Option("--allow-difference", help=N_("Take the rows though the balances beside them are others"))
    ] = False,
    place: PlaceOption = None,
) -> None:
    from wksbm_cli.exchange.importing import Beside, import_rows
    from wksbm_cli.exchange.roles import refuse_wrong_sums

    session = ctx.ensure_object(Session)
    options = session.options(RecordingOptions)
    if options.date is not None:
        raise Usage(msg("The dates come from the file; --date has no place beside it."))
    registers = session.registers
    beside = Beside(registers.fund(fund).slug if fund else None, place, options.note)
    if save_rules is not None:
        _save_guess(session, file, beside.fund, rules, save_rules)
        return
    found, sheet, grids = _rules_and_rows(session, file, beside.fund, rules)
    if grids and not allow_difference:
        refuse_wrong_sums(grids)

    def draft(query: Query) -> list[Draft]:
        imported = import_rows(sheet, found, registers, query, beside, allow_difference=allow_difference)
        session.tell(imported.notices)
        return imported.drafts

    commit_and_print(session, draft)


def _rules_and_rows(
    session: Session, file: str, fund: str | None, rules: str | None
) -> tuple[Rules, Sheet, Sequence[SheetGrid]]:
    """The rules, and the file's rows by them; its sheets too where the reader says what each row is."""
    from wksbm_cli.exchange.roles import read_by_role
    from wksbm_cli.exchange.rules import read_rules, rules_of
    from wksbm_cli.exchange.sheets import read_columns
    from wksbm_cli.sheets.reading import read_grids

    if rules is None:
        grids = read_grids(file)
        guess = _guess(session, grids, fund)
        session.tell([guess.understood, *_notes(grids)])
        found = rules_of(guess.rules, session.registers)
        return found, read_by_role(grids, found.layout), grids
    found = read_rules(rules, session.registers)
    layout = found.layout
    if layout.roles is not None:
        grids = read_grids(file)
        session.tell(_notes(grids))
        return found, read_by_role(grids, layout), grids
    sheet = read_columns(
        file,
        layout.columns,
        skip=layout.skip,
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        overflow=layout.overflow,
        decimal=layout.money.decimal or ",",
    )
    return found, sheet, ()


def _notes(grids: Sequence[SheetGrid]) -> list[Message]:
    """What the file hides, runs or lacks."""
    return [note for grid in grids for note in grid.notes]


def _guess(session: Session, grids: Sequence[SheetGrid], fund: str | None) -> Guess:
    from wksbm_cli.exchange.guessing import guess_rules

    return guess_rules(grids, fund, session.say, opens=fund is None or session.query.is_empty(fund))


def _save_guess(session: Session, file: str, fund: str | None, rules: str | None, path: str) -> None:
    """Write the guess as a rules file, which is then a person's: one that is there is not overwritten."""
    from wksbm_cli.sheets.reading import read_grids

    if rules is not None:
        raise Usage(msg("--save-rules writes down what is guessed without --rules; give one of them."))
    guess = _guess(session, read_grids(file), fund)
    session.tell([guess.understood])
    try:
        with Path(path).open("x", encoding="utf-8") as out:
            out.write(guess.rules)
    except FileExistsError:
        raise Usage(msg("{path} is there already; give another name.", path=path)) from None
    except OSError as error:
        raise Trouble(msg("{path} cannot be written: {reason}.", path=path, reason=reason_of(error))) from None
    session.answer(
        msg("The rules stand in {path}. Look at them, then: wksbm import {file} --rules {path}", path=path, file=file)
    )
