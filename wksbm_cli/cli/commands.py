"""The command behind a report, as a paper carries it, and the same report made again from it as the book stood then.

What was typed in a relative way (`last`, `kemarin`, a part of a fund's name) stands in the paper as it was understood. Behind
a `#`, which ends a command for a shell, stands what else the report depended on: the last recording in the whole book where it is
later than the seal, and the day on which it was read where it says so.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import HEADER
from wksbm_cli.cli.app import root
from wksbm_cli.cli.names import COMMANDS, Command
from wksbm_cli.cli.session import Remade, Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.cli.usage import errors
from wksbm_cli.domain.dates import parse_date, parse_month, parse_year
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Refused
from wksbm_cli.domain.seal import Seal
from wksbm_cli.seals.state import State

_NOT_SAID = ("output",)
_DAY = ("DATE", "TANGGAL")
# Families of commands that only print what the book holds.
_ONLY_READ = ("report", "document")
_READS_A_FILE = ("review",)


def command_of(session: Session, options: ReportOptions, seal: Seal, read_on: date | None) -> str:
    """How a report was asked for: `wksbm --lang id saldo --dana rt-07/kas-sosial --format text`."""
    words = ["wksbm", "--lang", session.language_code, *_path(session.context), *_given(session, options)]
    beside = []
    last = session.query.last_recorded()
    sealed = datetime.fromisoformat(seal.until) if seal.until else None
    if last is not None and last <= session.moment and (sealed is None or last > sealed):
        beside.append(session.registers.book.recorded_at(last).isoformat(timespec="seconds"))
    if read_on is not None:
        beside.append(read_on.isoformat())
    return " ".join([shlex.join(words), *(["#", *beside] if beside else [])])


def _path(context: Any) -> Iterator[str]:
    """The names of the command and of the groups it is in, without the program's."""
    chain = []
    while context.parent is not None:
        chain.append(context)
        context = context.parent
    for one in reversed(chain):
        first, space, _ = (one.info_name or "").partition(" ")
        yield from ([first] if space else [])  # `collect status`, where `collect` is a command too
        yield str(one.command.name)


def _given(session: Session, options: ReportOptions) -> Iterator[str]:
    command = session.context.command
    of_family = {param.name for param in command.shared.params}
    for param in command.params:
        value = session.given.get(param.name)
        if param.name in of_family:
            value = _understood(session, options, param.name)
        elif param.metavar in _DAY and value:
            value = parse_date(value, session.today).isoformat()
        elif param.name == "fund" and value:
            value = session.registers.fund(value, options.org).slug
        if param.name in _NOT_SAID or value in (None, False, "", (), []) or value == param.default:
            continue
        values = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        for each in values:
            yield from ([] if param.param_type_name == "argument" else [param.opts[0]])
            if value is not True:
                yield each


def _understood(session: Session, options: ReportOptions, name: str) -> str | bool | None:
    """An option of reports as it was understood."""
    today = session.today
    match name:
        case "org" if options.org:
            return session.registers.organisation(options.org).slug
        case "fund_" if options.fund:
            organisation = session.registers.organisation(options.org).slug if options.org else None
            return session.registers.fund(options.fund, organisation).slug
        case "month" if options.month:
            start = parse_month(options.month, today).start
            return None if start is None else f"{start:%Y-%m}"
        case "year" if options.year:
            start = parse_year(options.year, today).start
            return None if start is None else f"{start:%Y}"
        case "start" | "end" | "as_of":
            typed = getattr(options, name)
            return parse_date(typed, today).isoformat() if typed else None
        case "format_":
            return options.format
    return getattr(options, name, None)


def beside_command(command: str) -> tuple[datetime | None, date | None]:
    """What stands behind the `#`: the last recording in the whole book, and the day of reading."""
    _, _, beside = command.partition(" # ")
    moments = re.findall(r"\d{4}-\d\d-\d\dT\S+", beside)
    days = re.findall(r"(?<!\S)\d{4}-\d\d-\d\d(?!\S)", beside)
    try:
        return (
            datetime.fromisoformat(moments[0]) if moments else None,
            date.fromisoformat(days[0]) if days else None,
        )
    except ValueError:
        return None, None


def remake(session: Session, command: str, state: State, moment: datetime) -> Remade:
    """The report of a command, made from a book as it stood. `Refused` where it cannot be made: the words of a paper
    are anybody's, and only what prints a report is carried out, on a copy of the book in a folder of its own."""
    words = _words(command)
    _, read_on = beside_command(command)
    with TemporaryDirectory(prefix="wksbm-") as scratch:
        folder = Folder(Path(scratch))
        for path, lines in state.ledgers.items():
            ledger = folder.root / path
            ledger.parent.mkdir(parents=True, exist_ok=True)
            ledger.write_bytes(b"\n".join([HEADER.encode(), *lines, b""]))
        for fund in state.registers.funds:
            (folder.root / fund).mkdir(parents=True, exist_ok=True)
        again = Session()
        again.language_code = words[1]
        again.environment = session.environment
        again.remade = []
        again.__dict__.update(folder=folder, registers=state.registers, moment=moment)
        if read_on is not None:
            again.__dict__["now"] = datetime.combine(read_on, time(12), again.now.tzinfo)
        from wksbm_cli.cli.main import speak

        speak(again.language_code)
        try:
            root(again.language_code).main(words[2:], prog_name="wksbm", standalone_mode=False, obj=again)
        except Problem as problem:
            raise _cannot(problem.text) from None
        except errors.ClickException:
            raise _cannot(msg("its command cannot be read")) from None
        finally:
            again.done_reading()
            speak(session.language_code)
    if len(again.remade) != 1:
        raise _cannot(msg("its command makes no report"))
    return again.remade[0]


def _cannot(reason: Message) -> Refused:
    return Refused(msg("it cannot be made again: {reason}", reason=reason))


def _words(command: str) -> list[str]:
    """`--lang`, the language and the words of a command that only prints a report."""
    try:
        program, *words = shlex.split(command, comments=True)
    except ValueError:
        raise _cannot(msg("its command cannot be read")) from None
    if program != "wksbm" or words[:1] != ["--lang"] or words[1:2] not in (["id"], ["en"]):
        raise _cannot(msg("its command cannot be read"))
    spec = _spec(words[2:], COMMANDS)
    if spec is None or spec.shared not in _ONLY_READ or spec.name in _READS_A_FILE:
        raise _cannot(msg("it is made by no command that prints a report"))
    return words


def _spec(words: Sequence[str], specs: Sequence[Command]) -> Command | None:
    """The command that the first words name."""
    for spec in specs:
        if words and words[0] in (spec.name, spec.indonesian):
            child = _spec(words[1:], spec.children) if spec.children else None
            return child or spec
    return None
