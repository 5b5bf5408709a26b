"""What the screens work with: the book as it is, and the program's own commands, run as if they were typed.

The screens hold no rule. Whatever they record goes through a command, so that a draft, a refusal and an answer are those of
the command line, and each screen can say what she would have typed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from wksbm_cli.domain.message import Message
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query
from wksbm_cli.render.language import Language

FieldKind = Literal["fund", "member", "amount", "place", "text", "flag"]


class Outcome(NamedTuple):
    """What a command answered: its exit code, what stood on stdout, what stood on stderr."""

    code: int
    answer: str
    problem: str

    @property
    def told(self) -> str:
        return f"{self.problem}{self.answer}".strip()


class Field(NamedTuple):
    """One thing a form asks for: an argument of a command, or (with `option`) what stands behind an option."""

    name: str
    label: str
    kind: FieldKind
    option: str | None
    is_required: bool


class Form(NamedTuple):
    """A command as a form: its fields in the order in which it takes them."""

    command: str
    title: str
    fields: tuple[Field, ...]

    def words(self, values: Sequence[str]) -> list[str]:
        """The command line of these answers, one a field; '' leaves a field out."""
        words = [self.command]
        for field, value in zip(self.fields, values, strict=True):
            if value and field.option:
                words += [field.option] if field.kind == "flag" else [field.option, value]
            elif value:
                words.append(value)
        return words


class BookView(NamedTuple):
    """The book at one moment, for reading."""

    registers: Registers
    query: Query
    now: datetime


class Desk(NamedTuple):
    """What the program lends the screens.

    `run` runs a command in the book, or in the one named; `view` opens the book for reading; `form` and `called` (`member add`
    too) know the commands in the reader's language, `option` an option's name in it; `state` is the folder for what the
    program keeps beside the book, None where there is no book yet.
    """

    language: Language
    run: Callable[[Sequence[str], Path | None], Outcome]
    view: Callable[[], AbstractContextManager[BookView]]
    form: Callable[[str], Form]
    called: Callable[[str], str]
    option: Callable[[str], str]
    state: Callable[[], Path | None]
    today: Callable[[], date]

    def say(self, message: Message) -> str:
        return self.language.say(message)


def typed(words: Sequence[str]) -> str:
    """A command line as it would be typed in a shell."""
    return shlex.join(["wksbm", *words])
