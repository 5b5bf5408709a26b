"""`wksbm` alone on a terminal: lends the guided screens the program's own commands."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wksbm_cli.book.folder import find_book
from wksbm_cli.cli.app import build
from wksbm_cli.cli.names import COMMANDS, Command, indonesian_option
from wksbm_cli.cli.session import Session
from wksbm_cli.domain.problem import Trouble

if TYPE_CHECKING:
    from wksbm_cli.guided.desk import BookView, Desk, Field, FieldKind, Form, Outcome

# What a form leaves to the command line: how the answer looks.
_NOT_ASKED = ("help", "format_", "dry_run")
_KINDS: dict[str, FieldKind] = {
    "fund": "fund",
    "to_fund": "fund",
    "member": "member",
    "covered_by": "member",
    "amount": "amount",
    "place": "place",
    "to_place": "place",
}


def guide(session: Session) -> int:
    """The screens, until she leaves them; the exit code of the program."""
    from wksbm_cli.guided.app import Guided

    Guided(desk_of(session)).run()
    return 0


def desk_of(session: Session) -> Desk:
    from wksbm_cli.guided.desk import Desk

    language = session.language_code
    return Desk(
        language=session.language,
        run=lambda words, book: _run(session, words, book),
        view=lambda: _view(session),
        form=lambda name: _form(name, language),
        called=lambda name: _spec(name).called(language),
        today=lambda: Session().moment.astimezone().date(),
        option=lambda option: (indonesian_option(option, None) or option) if language == "id" else option,
        state=lambda: _state(session),
    )


def _state(session: Session) -> Path | None:
    try:
        return find_book(Path.cwd(), session.chosen_book).state
    except Trouble:
        return None


def _run(session: Session, words: Sequence[str], chosen: Path | None) -> Outcome:
    """One command as if typed, its answer caught; it sees no terminal, so it asks nothing."""
    from wksbm_cli.cli.main import run
    from wksbm_cli.guided.desk import Outcome

    root = str(chosen) if chosen is not None else session.chosen_book
    book = ["--book", root] if root else []
    answer, problem = io.StringIO(), io.StringIO()
    with redirect_stdout(answer), redirect_stderr(problem):
        code = run([*book, "--lang", session.language_code, *words])
    return Outcome(code, answer.getvalue(), problem.getvalue())


@contextmanager
def _view(session: Session) -> Iterator[BookView]:
    """The book as it is now: read anew each time, since another program may have written meanwhile."""
    from wksbm_cli.guided.desk import BookView

    fresh = Session(session.chosen_book)
    fresh.language_code = session.language_code
    try:
        yield BookView(fresh.registers, fresh.query, fresh.now)
    finally:
        fresh.done_reading()


def _spec(name: str) -> Command:
    """The command of this English name, `member add` among them."""
    specs, words = COMMANDS, name.split()
    for word in words[:-1]:
        specs = next(spec for spec in specs if spec.name == word).children
    return next(spec for spec in specs if spec.name == words[-1])


def _form(name: str, language: str) -> Form:
    """A recording command as a form: what it takes, in its own order and words."""
    from wksbm_cli.guided.desk import Form

    spec = _spec(name)
    command: Any = build(spec, language)
    fields = [_field(param) for param in command.params if _is_asked(param)]
    required = [field for field in fields if field.is_required]
    return Form(
        spec.called(language), command.help or "", (*required, *(field for field in fields if not field.is_required))
    )


def _is_asked(param: Any) -> bool:
    return param.name not in _NOT_ASKED and param.nargs == 1


def _field(param: Any) -> Field:
    from wksbm_cli.guided.desk import Field

    is_argument = param.param_type_name == "argument"
    return Field(
        str(param.name),
        str(param.help or param.name),
        "flag" if getattr(param, "is_flag", False) else _KINDS.get(str(param.name), "text"),
        None if is_argument else param.opts[0],
        bool(param.required),
    )
