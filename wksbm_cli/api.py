"""A book for other Python programs, notebooks for instance: entries, postings, balances and reports as values.

    from wksbm_cli import open_book

    with open_book("ledgers") as book:
        for posting in book.postings():
            ...

Reading only; a book is written by the command `wksbm` alone. docs/python.md shows more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec

from wksbm_cli.book.folder import find_book
from wksbm_cli.book.reading import read_registers
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.exchange.journal import make_journal
from wksbm_cli.exchange.rows import PostingRow, rows
from wksbm_cli.index.connect import connect
from wksbm_cli.index.query import Query
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Report

_P = ParamSpec("_P")
ALL = Span(None, None)


class Book:
    """One state of a book: what others record meanwhile is seen by the next `open_book`.

    `registers` are its organisations, members, funds and units; `query` answers every report; `notices` says
    what a person should know of its files (a line that was cut off, for instance).
    """

    def __init__(
        self, registers: Registers, query: Query, notices: Sequence[Message], close: Callable[[], None]
    ) -> None:
        self.registers = registers
        self.query = query
        self.notices = tuple(notices)
        self._close = close

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the book; whatever is asked of it afterwards raises `sqlite3.ProgrammingError`."""
        self._close()

    def fund(self, name: str) -> Fund:
        """The fund called `ORG/FUND`, or `FUND` where only one organisation has such a one; else `Refused`."""
        return self.registers.fund(name)

    def funds(self, organisation: str | None = None) -> list[Fund]:
        """All funds, or those of one organisation; `Refused` where there is no such organisation."""
        if organisation is not None:
            organisation = self.registers.organisation(organisation).slug
        return [fund for fund in self.registers.funds.values() if organisation in (None, fund.organisation)]

    def entries(
        self,
        funds: Iterable[Fund] | None = None,
        span: Span = ALL,
        kinds: Sequence[str] = tuple(KINDS),
        *,
        with_cancelled: bool = True,
    ) -> list[Entry]:
        """The entries written in these funds (in all, when None is given), by date.

        Without `with_cancelled`, those that a reversal cancels are left out; the reversals themselves are of the kind `reversal`.
        Raises `ValueError` for a kind there is not.
        """
        if unknown := set(kinds) - set(KINDS):
            raise ValueError(f"no such kind of entry: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        slugs = [fund.slug for fund in (self.funds() if funds is None else funds)]
        return list(self.query.entries(slugs, kinds, span, with_cancelled=with_cancelled))

    def postings(self, funds: Iterable[Fund] | None = None, span: Span = ALL) -> list[PostingRow]:
        """The book as double entry, one row per posting: see `wksbm_cli.exchange.rows.Row`.

        With a `span` that begins on a day, the first rows carry in what there was before it.
        """
        chosen = self.funds() if funds is None else list(funds)
        journal = make_journal(self.query, self.registers, chosen, span)
        return list(rows(journal, Language(self.registers.book.language).say))

    def balances(self, on: date | None = None) -> dict[tuple[str, str], Amount]:
        """What each fund holds at the end of a day (when None, with all entries counted), by `ORG/FUND` and unit."""
        flows = self.query.fund_flows(self.registers.funds, Span(None, on))
        return {(fund, unit): self.registers.amount(flow.closing, unit) for (fund, unit), flow in flows.items()}

    def place_balances(self, on: date | None = None) -> dict[tuple[str, str, str], Amount]:
        """The same for each place of a fund, by `ORG/FUND`, place and unit."""
        flows = self.query.place_flows(self.registers.funds, Span(None, on))
        return {key: self.registers.amount(flow.closing, key[2]) for key, flow in flows.items()}

    def report(
        self, make: Callable[Concatenate[Query, Registers, _P], Report], *args: _P.args, **kwargs: _P.kwargs
    ) -> Report:
        """A report of `wksbm_cli.reports` about this book: `book.report(balance, book.funds(), Span.year(2026))`."""
        return make(self.query, self.registers, *args, **kwargs)


def open_book(folder: str | Path = ".") -> Book:
    """The book in this folder or the nearest one above it.

    Raises `Trouble` (`wksbm_cli.domain.problem`) where there is none or a file of it cannot be read. The
    index beside the book is brought up to date as by any command; where that may not be written, it is made in memory.
    """
    found = find_book(Path(folder).absolute())
    registers = read_registers(found)
    notices: list[Message] = []
    connection = connect(found, registers, notices)
    return Book(registers, Query(connection), notices, connection.close)
