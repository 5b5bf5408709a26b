"""Handing finished values to render, and what it makes of them to the screen or to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wksbm_cli.cli.session import Remade, Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.render.formats import Format, find_format
from wksbm_cli.render.layout import WIDTH, Layout

if TYPE_CHECKING:
    from wksbm_cli.recording.commit import Recorded
    from wksbm_cli.reports.report import Report

# Formats that have a form of one line, and those that draw charts only when asked.
_SHORT = ("whatsapp", "text", "table")
_CHARTS = ("table", "text")
_STDOUT = "-"


def print_report(
    session: Session,
    report: Report,
    format_: str,
    output: str | None = None,
    *,
    privacy: str | None = None,
    short: bool = False,
    charts: bool = False,
    qr: bool = False,
) -> None:
    """The report in a format, on stdout or in place of the file `output`, its people named as `privacy` says."""
    from wksbm_cli.reports.privacy import NAMINGS, disclosure, redact

    found = find_format(format_)
    naming = next((known for known in NAMINGS if known == privacy), None)
    if privacy is not None and naming is None:
        raise Usage(
            msg('"{text}" is not one of the choices.', text=privacy[:40]),
            hint=nearest_hint(privacy, NAMINGS),
        )
    if short and found.name not in _SHORT:
        raise Usage(msg("{option} is for these formats: {formats}.", option="--short", formats=_SHORT))
    if charts and found.name not in (*_CHARTS, "html"):
        raise Usage(msg("{option} is for these formats: {formats}.", option="--chart", formats=(*_CHARTS, "html")))
    if qr and (short or found.name not in (*_CHARTS, "html")):
        raise Usage(msg("{option} is for these formats: {formats}.", option="--qr", formats=(*_CHARTS, "html")))
    redacted = redact(report, disclosure(naming, circulates=found.circulates))
    rendered = found.render(
        redacted, session.language, _layout(session, found, output, Layout(short=short, charts=charts, qr=qr))
    )
    if session.remade is not None:
        session.remade.append(Remade(rendered, report.span))
    else:
        put(session, rendered, output)


def _layout(session: Session, found: Format, output: str | None, asked: Layout) -> Layout:
    """As wide and as colourful as the terminal, where there is one; elsewhere always the same."""
    if found.name != "table" or output is not None or not sys.stdout.isatty():
        return asked
    import shutil

    environment = session.environment
    colour = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return asked._replace(width=shutil.get_terminal_size((WIDTH, 24)).columns, colour=colour)


def _keep_off_the_book(session: Session, path: Path) -> None:
    """A slip of `--output` must not put a report in place of a ledger or a register."""
    try:
        target, root = path.resolve(), session.folder.root.resolve()
    except Usage:
        return  # there is no book here
    if not target.is_relative_to(root):
        return
    hidden = any(part.startswith(".") for part in target.relative_to(root).parts)  # of git's, or the program's own
    if hidden or target.suffix.lower() == ".toml":
        raise Refused(
            msg("{path} is a file of the book itself.", path=session.folder.shown(path)),
            hint=msg(
                "Write the report elsewhere, for instance: --output {example}", example="laporan/{org}/{month}.txt"
            ),
        )


def put(session: Session, rendered: str | bytes, output: str | None) -> None:
    """Something finished on stdout, which `-` names too, or in place of the file `output`."""
    if output is not None and output != _STDOUT:
        from wksbm_cli.cli.files import replace_report

        _keep_off_the_book(session, Path(output))
        replace_report(Path(output), rendered)
        if sys.stderr.isatty():  # whom cron would have to write a letter is told nothing
            session.tell([msg("Written: {path}", path=output)])
    elif isinstance(rendered, str):
        sys.stdout.write(rendered)
    elif sys.stdout.isatty():
        raise Usage(msg("This format is no text for a screen."), hint=msg("Write it to a file with: --output FILE"))
    else:
        sys.stdout.buffer.write(rendered)


def print_recorded(session: Session, recorded: Recorded, format_: str) -> None:
    """What was recorded, in one line per entry and fund, or as JSON."""
    session.tell(recorded.notices)
    session.recorded += recorded.entries
    from wksbm_cli.render.recorded import as_json, as_text

    if format_ == "json":
        sys.stdout.write(as_json(recorded, session.language))
    else:
        sys.stdout.write(as_text(recorded, session.registers, session.language))
