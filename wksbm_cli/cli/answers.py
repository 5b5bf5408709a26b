"""Handing finished values to render, and what it makes of them to the screen or to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.reports.report import Report

if TYPE_CHECKING:
    from wksbm_cli.recording.commit import Recorded

FORMATS = ("table", "text", "csv", "json")


def print_report(session: Session, report: Report, format_: str, output: str | None = None) -> None:
    """The report in a format, on stdout or in place of the file `output`."""
    put_text(_rendered(session, report, format_, to_terminal=output is None and sys.stdout.isatty()), output)


def put_text(text: str, output: str | None) -> None:
    """A finished text on stdout, or in place of the file `output`."""
    if output is None:
        sys.stdout.write(text)
        return
    from wksbm_cli.render.files import replace_report

    replace_report(Path(output), text)


def _rendered(session: Session, report: Report, format_: str, *, to_terminal: bool) -> str:
    match format_:
        case "json":
            from wksbm_cli.render import json

            return json.render(report, session.language)
        case "csv":
            from wksbm_cli.render import csv

            return csv.render(report, session.language)
        case "text":
            from wksbm_cli.render import table

            return table.render_text(report, session.language)
        case "table":
            import shutil

            from wksbm_cli.render import table

            width = min(table.WIDTH, shutil.get_terminal_size().columns) if to_terminal else table.WIDTH
            colour = to_terminal and not session.environment.get("NO_COLOR")
            return table.render(report, session.language, width=width, colour=colour)
    raise Usage(msg('There is no format "{format}".', format=format_), hint=nearest_hint(format_, FORMATS))


def print_recorded(session: Session, recorded: Recorded, format_: str) -> None:
    """What was recorded, in one line per entry and fund, or as JSON."""
    session.tell(recorded.notices)
    from wksbm_cli.render.recorded import as_json, as_text

    if format_ == "json":
        sys.stdout.write(as_json(recorded, session.language))
    else:
        sys.stdout.write(as_text(recorded, session.registers, session.language))
