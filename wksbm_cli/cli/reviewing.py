"""`review`: the audit of a report that someone made by hand. It needs no book."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.domain.message import msg


def review(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=N_("FILE"), help=N_("The report: xlsx, CSV or text; several are held against each other")
        ),
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help=N_("Only show what was understood of the columns and rows"))
    ] = False,
) -> int:
    session = ctx.ensure_object(Session)
    options = session.options(ReportOptions)
    if explain:
        from wksbm_cli.review.explain import explain as explained

        with session.waiting(msg("Reading the report")):
            understood = explained(files)
        print_report(session, understood, options.format, options.output, privacy=options.privacy)
        return 0
    from wksbm_cli.review.report import review_report
    from wksbm_cli.review.review import review as examine

    with session.waiting(msg("Reading the report")):
        reviewed = examine(files)
    print_report(session, review_report(reviewed), options.format, options.output, privacy=options.privacy)
    return 1 if reviewed.discrepancies else 0
