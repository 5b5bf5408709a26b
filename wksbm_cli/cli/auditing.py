"""`audit` and `verify`: asking the past of a book."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import AnswerFormat, check_answer_format
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Usage, reason_of
from wksbm_cli.domain.seal import Seal, find_seals, from_mapping

# A saved report of a year with its tables; what is larger is none.
_LARGEST_REPORT = 64 << 20


def audit(
    ctx: typer.Context,
    days: Annotated[
        int,
        typer.Option(
            "--days",
            metavar=N_("DAYS"),
            min=0,
            help=N_("Recordings later than this many days after the day are listed"),
        ),
    ] = 30,
    format_: AnswerFormat = "text",
) -> int:
    from wksbm_cli.render import audit as render
    from wksbm_cli.sync.audit import audit as examine

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    with session.waiting(msg("Reading the history")):
        found = examine(session.folder, days)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(found, session.language))
    return 1 if found.changes or found.lost_closings else 0


def verify(
    ctx: typer.Context,
    seal: Annotated[
        list[str],
        typer.Argument(metavar=N_("SEAL|FILE"), help=N_("The seal under a report, or the report as it was saved")),
    ],
    format_: AnswerFormat = "text",
) -> int:
    from wksbm_cli.render import verdict as render
    from wksbm_cli.seals.verify import verify as examine

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    with session.waiting(msg("Reading the book")):
        verdicts = [examine(session.folder, one) for one in _seals(seal)]
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(verdicts, session.language))
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _seals(words: list[str]) -> list[Seal]:
    """The seal typed, or every seal in the file named."""
    if seals := find_seals(" ".join(words)):
        return seals
    path = Path(words[0])
    if len(words) > 1 or not path.is_file():
        raise Usage(
            msg('"{text}" is neither a seal nor a file.', text=" ".join(words)[:80]),
            hint=msg("Type the seal as it stands under the report: wksbm verify {example}", example=_EXAMPLE),
        )
    seals = _seals_in(path)
    if not seals:
        raise Usage(
            msg("There is no seal in {path}.", path=str(path)),
            hint=msg("Type the seal as it stands under the report: wksbm verify {example}", example=_EXAMPLE),
        )
    return list(dict.fromkeys(seals))


_EXAMPLE = "wksbm2 rt-07/kas-sosial 42 2026-03-01T19:00:00+07:00 4f2a1b3c-... 2026-02-28 9d0c5e71-..."


def _seals_in(path: Path) -> list[Seal]:
    if path.stat().st_size > _LARGEST_REPORT:
        raise Usage(msg("{path} is too large for a report.", path=str(path)))
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Trouble(msg("{path} cannot be read: {reason}.", path=str(path), reason=reason_of(error))) from None
    try:
        saved = json.loads(text)
    except (ValueError, RecursionError):
        return find_seals(text)
    seal = saved.get("seal") if isinstance(saved, dict) else None
    return [from_mapping(seal)] if isinstance(seal, dict) else []
