"""`help`: of one command, as `--help` behind it tells it; of all, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext
from typing import Annotated

import typer

from wksbm_cli.cli.names import COMMANDS, N_, SECTIONS
from wksbm_cli.cli.session import Session

_ALL = ("all", "semua")


def help_(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar=N_("COMMAND"), help=N_("A command, or: all"), show_default=False)
    ] = None,
) -> None:
    from wksbm_cli.cli.app import root

    session = ctx.ensure_object(Session)
    words = command or []
    if len(words) == 1 and words[0] in _ALL:
        print("\n".join(_every_command(session.language_code)))  # noqa: T201
        return
    root(session.language_code).main([*words, "--help"], prog_name="wksbm", standalone_mode=False, obj=session)


def _every_command(language: str) -> Iterator[str]:
    """Each command with the line that help gives it, in sections."""
    widest = max(len(spec.called(language)) for spec in COMMANDS)
    for number, spec in enumerate(COMMANDS):
        if spec.name in SECTIONS:
            yield from ([""] if number else [])
            yield f"{gettext(SECTIONS[spec.name])}:"
        yield f"  {spec.called(language):<{widest}}  {gettext(spec.help)}"
