"""Arguments and options that many commands take, each with one name, one help text and one completion."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.asking import complete_fund, complete_member
from wksbm_cli.cli.names import N_

FundArgument = Annotated[
    str,
    typer.Argument(metavar=N_("FUND"), help=N_("Fund: rt-07/kas-sosial, or kas-sosial"), autocompletion=complete_fund),
]
OnlyFundArgument = Annotated[
    str | None,
    typer.Argument(metavar=N_("FUND"), help=N_("Only this fund"), autocompletion=complete_fund, show_default=False),
]
AmountArgument = Annotated[
    str, typer.Argument(metavar=N_("AMOUNT"), help=N_("Amount: 50000, 50.000, 50rb, 1,5jt, 2,5 kg beras"))
]
MemberArgument = Annotated[
    str,
    typer.Argument(metavar=N_("MEMBER"), help=N_("Member: id, or part of the name"), autocompletion=complete_member),
]
PlaceOption = Annotated[
    str | None, typer.Option("--place", metavar=N_("PLACE"), help=N_("Where the money or goods are"))
]
ToPlaceOption = Annotated[
    str | None, typer.Option("--to-place", metavar=N_("PLACE"), help=N_("Where what is received goes"))
]
DueOption = Annotated[
    str | None, typer.Option("--due", metavar=N_("DUE"), help=N_("Which due, where the fund has several"))
]
ReserveOption = Annotated[
    str | None,
    typer.Option(
        "--reserve", metavar=N_("SHARE"), help=N_("The reserve of the surplus that it is paid out of: sosial")
    ),
]
ApprovedByOption = Annotated[str | None, typer.Option("--approved-by", metavar=N_("NAME"), help=N_("Who approved it"))]
ExactlyOption = Annotated[
    bool, typer.Option("--exactly", help=N_("The amount is meant as typed, however small beside the due"))
]
MemberOption = Annotated[
    str | None,
    typer.Option("--member", metavar=N_("MEMBER"), help=N_("The member it concerns"), autocompletion=complete_member),
]
