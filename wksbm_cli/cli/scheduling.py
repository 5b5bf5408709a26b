"""`schedule`: what to give to cron or systemd, so that a month's summary is written without anyone typing."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.reporting import fill_in
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import FormatOption, OrgOption
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import slug_from
from wksbm_cli.render.formats import find_format, format_of

# The last day that every month has.
_LAST_DAY = 28


def schedule(
    ctx: typer.Context,
    org: OrgOption = None,
    format_: FormatOption = None,
    output: Annotated[
        str | None,
        typer.Option("--output", help=N_("Write to this file; {org} and {month} are filled in"), metavar="PATH"),
    ] = None,
    day: Annotated[int, typer.Option("--day", metavar=N_("DAY"), help=N_("Day of the month, 1 to 28"))] = 1,
    time: Annotated[str, typer.Option("--time", metavar=N_("HH:MM"), help=N_("Time of day"))] = "06:00",
    systemd: Annotated[bool, typer.Option("--systemd", help=N_("A systemd service and timer, not cron"))] = False,
) -> None:
    from wksbm_cli.render import schedule as render

    session = ctx.ensure_object(Session)
    if not 1 <= day <= _LAST_DAY:
        raise Usage(msg("Choose a day from 1 to {last}, which every month has.", last=_LAST_DAY))
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time):
        raise Usage(
            msg('"{text}" cannot be read as a time of day.', text=time[:40]), hint=msg("Type for instance: 06:00")
        )
    if format_ is None:
        format_ = format_of(output) if output else "whatsapp"
    found = find_format(format_)
    path = output or f"laporan/{{org}}/{{month}}{found.endings[0] if found.endings else '.txt'}"
    fill_in(path, {"org"}, Span.month(2026, 1))  # an unknown place is told now, not at six in the morning
    chosen = ["--org", session.registers.organisation(org).slug] if org else []
    words = [
        *_without_overlap(session.folder.root),
        *_program(),
        *("--book", str(session.folder.root.resolve()), "--lang", session.language.code),
        *("summary", "--month", "last", *chosen, "--format", found.name, "--output", str(Path(path).resolve())),
    ]
    if any(not word.isprintable() for word in words):
        raise Usage(msg("A path with a line break or a control character in it cannot be given to cron."))
    book = session.registers.book
    monthly = render.Monthly(words, day, time, book.timezone, slug_from(book.name).removeprefix("wksbm-") or "summary")
    typer.echo((render.systemd if systemd else render.crontab)(monthly, session.language), nl=False)


def _program() -> list[str]:
    """The words that start this program from anywhere: the script of this installation, else the module."""
    script = Path(sys.executable).with_name("wksbm")
    return [str(script)] if script.is_file() else [str(Path(sys.executable).absolute()), "-m", "wksbm_cli"]


def _without_overlap(root: Path) -> list[str]:
    """A run that finds another still at work ends at once; the folder of the book itself is what they lock."""
    flock = shutil.which("flock")
    return [str(Path(flock).absolute()), "--nonblock", str(root.resolve())] if flock else []
