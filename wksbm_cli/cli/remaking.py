"""The report of a paper made again, by the command that the paper carries, from the book as it stood then."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import HEADER
from wksbm_cli.cli.app import root
from wksbm_cli.cli.commands import beside_command
from wksbm_cli.cli.names import COMMANDS, Command
from wksbm_cli.cli.session import Remade, Session
from wksbm_cli.cli.usage import errors
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem
from wksbm_cli.seals.state import State

# Families of commands that only print what the book holds.
_ONLY_READ = ("report", "document")
_READS_A_FILE = ("review",)


class CannotRemake(Exception):
    """A paper's command makes no report; `text` says why."""

    def __init__(self, text: Message) -> None:
        super().__init__(text)
        self.text = text


def remake(session: Session, command: str, state: State, moment: datetime) -> Remade:
    """The report of a command, made from a book as it stood. `CannotRemake` where it cannot be made: the words of a paper
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


def _cannot(reason: Message) -> CannotRemake:
    return CannotRemake(msg("it cannot be made again: {reason}", reason=reason))


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
