"""What one run of the program works with: the book, the language, who is typing and what time it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from wksbm_cli.book.folder import Folder, find_book
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Trouble, Usage

if TYPE_CHECKING:
    from wksbm_cli.domain.dates import Span
    from wksbm_cli.domain.entry import Entry
    from wksbm_cli.domain.registers import Registers
    from wksbm_cli.index.query import Query
    from wksbm_cli.render.language import Language

Options = TypeVar("Options")


class Remade(NamedTuple):
    """A report as it would have been printed, and the period it is about."""

    rendered: str | bytes
    span: Span


class Session:
    """Made once per run, before anything is parsed; its parts are read when they are first asked for."""

    def __init__(self, chosen_book: str | None = None) -> None:
        self.language_code = "id"
        self.chosen_book = chosen_book
        self.environment: Mapping[str, str] = os.environ
        self.shared: object = None
        # The command as it was understood, and what it was given, for papers that say how they were made.
        self.context: Any = None
        self.given: dict[str, Any] = {}
        # Where reports go that are made again to be compared, instead of being printed.
        self.remade: list[Remade] | None = None
        self.notices: list[Message] = []
        self.recorded: list[Entry] = []

    def options(self, kind: type[Options]) -> Options:
        """The options this command shares with its like; `kind` is the family that its row of the table names."""
        assert isinstance(self.shared, kind)
        return self.shared

    @cached_property
    def language(self) -> Language:
        from wksbm_cli.render.language import Language

        return Language(self.language_code)

    @cached_property
    def folder(self) -> Folder:
        return find_book(Path.cwd(), self.chosen_book)

    @cached_property
    def registers(self) -> Registers:
        from wksbm_cli.book.reading import read_registers

        return read_registers(self.folder)

    @cached_property
    def query(self) -> Query:
        """The book as it is now, for reading."""
        from wksbm_cli.index.connect import connect
        from wksbm_cli.index.query import Query

        reading = self.waiting(msg("Reading the book"))
        query = Query(connect(self.folder, self.registers, self.notices, reading))
        self.tell(self.notices)
        return query

    @contextmanager
    def waiting(self, work: Message) -> Iterator[None]:
        """Around work that may be long: someone at a terminal is told that it goes on, once it takes more than a moment."""
        if not sys.stderr.isatty() or self.environment.get("TERM", "dumb") == "dumb":
            yield
            return
        from wksbm_cli.cli.waiting import told_while_waiting

        with told_while_waiting(lambda seconds: self.say(msg("{work}, {seconds} s ...", work=work, seconds=seconds))):
            yield

    def done_reading(self) -> None:
        """Release the index, so that paging through an answer does not block recording."""
        if query := self.__dict__.pop("query", None):
            query.close()

    @cached_property
    def moment(self) -> datetime:
        """The moment of this run. WKSBM_NOW sets it for scripts and tests."""
        from wksbm_cli.domain.dates import check_year

        fixed = self.environment.get("WKSBM_NOW")
        if not fixed:
            return datetime.now(UTC).replace(microsecond=0)
        try:
            moment = datetime.fromisoformat(fixed)
        except ValueError:
            raise Usage(
                msg('WKSBM_NOW cannot be "{text}".', text=fixed[:40]),
                hint=msg("Type for instance: {example}", example="WKSBM_NOW=2026-03-01T19:00:00+07:00"),
            ) from None
        check_year(moment.year)
        return moment.astimezone().replace(microsecond=0)

    @cached_property
    def now(self) -> datetime:
        """The same in the book's time zone."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        name = self.registers.book.timezone
        try:
            return self.moment.astimezone(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Trouble(
                msg('The time zone "{zone}" is not known.', zone=name),
                hint=msg("In book.toml, write for instance: {example}", example='timezone = "Asia/Jakarta"'),
            ) from None

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def by(self) -> str:
        """Who records: WKSBM_BY, else git's user name, else the name logged in with."""
        from wksbm_cli.domain.slug import check_text

        if name := self.environment.get("WKSBM_BY", "").strip():
            return check_text(name)
        from wksbm_cli.book.git import user_name

        with suppress(Problem, OSError, RuntimeError):  # no git, no home
            name = user_name()
        if name:
            return check_text(name)
        import getpass

        try:
            return check_text(getpass.getuser())
        except (KeyError, OSError):
            raise Usage(
                msg("It is not known who is recording."),
                hint=msg("Say it once with: export WKSBM_BY=name"),
            ) from None

    def day(self, typed: str | None) -> date:
        """The day typed with --date; today when none was."""
        from wksbm_cli.domain.dates import parse_date

        return parse_date(typed, self.today) if typed else self.today

    def say(self, message: Message) -> str:
        return self.language.say(message)

    def answer(self, message: Message) -> None:
        """One sentence of an answer, on stdout; what it holds of the machine's own names is shown as letters."""
        from wksbm_cli.domain.slug import printable

        print(printable(self.say(message)))  # noqa: T201

    def tell(self, notices: Sequence[Message]) -> None:
        """Remarks to the person, beside the answer: on stderr, each once."""
        from wksbm_cli.domain.slug import printable

        for notice in dict.fromkeys(self.say(notice) for notice in notices):
            print(printable(notice), file=sys.stderr)  # noqa: T201
        self.notices.clear()

    def report_problem(self, problem: Problem) -> None:
        """Where, the excerpt, what is wrong, what to type next: on stderr."""
        from wksbm_cli.domain.slug import printable

        lines = []
        if problem.where is not None:
            place = f"{problem.where.path}:{problem.where.line}" if problem.where.line else problem.where.path
            lines.append(f"{place}:")
            if problem.where.excerpt:
                lines.append(f"    {problem.where.excerpt}")
        lines.append(self.say(problem.text))
        lines += [f"  - {self.say(detail)}" for detail in problem.details]
        if problem.hint is not None:
            lines.append(self.say(problem.hint))
        print("\n".join(printable(line) for line in lines), file=sys.stderr)  # noqa: T201
