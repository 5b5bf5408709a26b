"""`unit`: the units of goods that funds are kept in."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print
from wksbm_cli.cli.session import Session


def add(
    ctx: typer.Context,
    unit: Annotated[str, typer.Argument(metavar=N_("UNIT"), help=N_("Short name, for ever: gula"))],
    name: Annotated[str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    symbol: Annotated[
        str | None, typer.Option("--symbol", metavar=N_("TEXT"), help=N_("What stands behind an amount: kg"))
    ] = None,
    decimals: Annotated[
        int, typer.Option("--decimals", metavar=N_("NUMBER"), help=N_("Decimals of an amount; they stay as they are"))
    ] = 0,
) -> None:
    from wksbm_cli.recording.registers.book import add_unit

    change_and_print(ctx.ensure_object(Session), lambda registers: add_unit(registers, unit, name, symbol, decimals))
