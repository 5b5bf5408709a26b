"""`sign` and `witness`: closings signed with keys that people have, and a copy compared with what was seen of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import AnswerFormat, OrgOption, check_answer_format
from wksbm_cli.cli.trusting import FundOption, PeriodArgument, asked_funds, asked_period
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage

KeyOption = Annotated[
    Path | None, typer.Option("--key", metavar=N_("FILE"), help=N_("The key to sign with, or its public half"))
]
AsOption = Annotated[
    str | None, typer.Option("--as", metavar=N_("SIGNER"), help=N_("As whom, where one key is registered for several"))
]
# The names that ssh-keygen gives to a key.
_USUAL_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")


def sign(
    ctx: typer.Context,
    period: PeriodArgument,
    fund: FundOption = None,
    org: OrgOption = None,
    key: KeyOption = None,
    as_: AsOption = None,
    format_: AnswerFormat = "text",
) -> None:
    from wksbm_cli.render import signed as render
    from wksbm_cli.seals.signing import sign as sign_closings

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    funds, month = asked_funds(session, fund, org), asked_period(session, period)
    done = sign_closings(session.folder, funds, month, key or _usual_key(), called=as_, today=session.today)
    session.tell(done.notices)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(done, session.language))


def witness(
    ctx: typer.Context,
    key: KeyOption = None,
    as_: AsOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only compare; keep and sign nothing"))] = False,
    format_: AnswerFormat = "text",
) -> int:
    from wksbm_cli.render import witnessed as render
    from wksbm_cli.seals.witness import witness as compare

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    with session.waiting(msg("Reading the book")):
        found = compare(session.folder, key=key, called=as_, now=session.now, today=session.today, dry_run=dry_run)
    session.tell(found.notices)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(found, session.language))
    return 1 if found.missing else 0


def _usual_key() -> Path:
    for name in _USUAL_KEYS:
        path = Path.home() / ".ssh" / name
        if path.exists():
            return path
    raise Usage(
        msg("There is no key in {folder}; say which with --key.", folder=str(Path.home() / ".ssh")),
        hint=msg("To make a key: ssh-keygen -t ed25519"),
    )
