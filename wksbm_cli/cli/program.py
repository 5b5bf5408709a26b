"""The options of the program itself; apart from those of commands, so that `wksbm --version` loads nothing else."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from wksbm_cli.cli.names import N_


def root(
    ctx: typer.Context,
    book: Annotated[str | None, typer.Option("--book", help=N_("Folder of the book"), metavar="DIR")] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help=N_("Language of the answers: id or en"), metavar="id|en")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help=N_("Show the version"))] = False,
) -> None:
    """Read early by `main`, before there is a language to answer in; declared here for help and checking."""
    if version:
        from wksbm_cli import __version__

        typer.echo(f"wksbm {__version__}")
        raise typer.Exit
    if lang not in (None, "id", "en"):
        from wksbm_cli.domain.message import msg
        from wksbm_cli.domain.problem import Usage

        raise Usage(
            msg('There is no language "{code}".', code=lang), hint=msg("Choose from: {names}", names=["id", "en"])
        )
    if ctx.invoked_subcommand is None:
        if sys.stdin.isatty() and sys.stdout.isatty():
            from wksbm_cli.cli.guiding import guide
            from wksbm_cli.cli.session import Session

            raise typer.Exit(guide(ctx.ensure_object(Session)))
        typer.echo(ctx.get_help())
