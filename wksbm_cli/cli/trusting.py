"""`check`, `close`, `reopen`: whether a book is as it must be, and periods in which nothing is recorded any more."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import nearest_hint

AnswerFormat = Annotated[str, typer.Option("--format", metavar="text|json", help=N_("How the answer is laid out"))]
_FORMATS = ("text", "json")


def check(
    ctx: typer.Context,
    format_: AnswerFormat = "text",
    install_hook: Annotated[
        bool, typer.Option("--install-hook", help=N_("Have git check the book before every commit"))
    ] = False,
) -> int:
    from wksbm_cli.render import checked as render
    from wksbm_cli.trust.check import check as examine

    session = ctx.ensure_object(Session)
    if install_hook:
        return _install_hook(session)
    _check_format(format_)
    checked = examine(session.folder, session.moment)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(checked, session.language))
    return 1 if checked.errors else 0


def _install_hook(session: Session) -> int:
    from wksbm_cli.trust.hook import install

    path = install(session.folder)
    typer.echo(session.say(msg("From now on git checks the book before every commit: {path}.", path=str(path))))
    return 0


def _check_format(format_: str) -> None:
    if format_ not in _FORMATS:
        raise Usage(msg('There is no format "{format}".', format=format_), hint=nearest_hint(format_, _FORMATS))
