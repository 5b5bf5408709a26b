"""The contents of a page for people, translated and in order, shared by all layouts.

The layouts (table, text, whatsapp, markdown, html) differ in where they put these strings and in what they escape;
none of them decides what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Chart, Column, ColumnType, Report, Signature, Table


class Cell(NamedTuple):
    """The text of a cell; `negative` for a negative amount, which may be coloured."""

    text: str
    negative: bool = False


class Head(NamedTuple):
    """The head of a column."""

    key: str
    title: str
    type: ColumnType

    @property
    def is_number(self) -> bool:
        """Whether its cells are right-aligned."""
        return self.type in ("amount", "figure", "period", "count")


class Grid(NamedTuple):
    """A table of translated texts. Every row has a cell for each head; the first `key_columns` heads name a row.

    A grid that `is_summary` is left out where space is short. `bold_rows`, `label_value` and `carried` are as in `Table`.
    """

    title: str | None
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...]
    key_columns: int
    is_summary: bool = False
    bold_rows: frozenset[int] = frozenset()
    label_value: bool = False
    carried: tuple[tuple[Cell, ...], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(head.key for head in self.heads)

    @property
    def numbers(self) -> int:
        """The number of columns of figures, without a first column of running numbers."""
        return sum(head.is_number for head in self.heads[self.heads[0].type == "count" :])

    @property
    def caption(self) -> str | None:
        """Its title, else the head of a first column `what`, which says what all its rows are about."""
        return self.title or (self.heads[0].title if self.heads[0].key == "what" else None)

    @property
    def is_matrix(self) -> bool:
        """Whether all columns but the names are figures, as in a sheet of members by months."""
        return all(head.type in ("figure", "period") for head in self.heads[self.key_columns :])


class Signed(NamedTuple):
    """A signature's role and the name in brackets under the line to sign on."""

    role: str
    name: str


class Page(NamedTuple):
    """A translated report. `seal_text` is the seal alone, in the form that is verified; `parts` the report in one line, each
    part with an optional symbol."""

    title: str
    heading: str
    period: str | None
    before: tuple[str, ...]
    grids: tuple[Grid, ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    seal: str | None
    seal_text: str
    command: str | None
    where_when: str
    signatures: tuple[Signed, ...]
    acknowledged: tuple[Signed, ...]
    parts: tuple[tuple[str, str], ...]
    copies: tuple[str, ...] = ()


def page(report: Report, language: Language) -> Page:
    """A report, already `redact`ed, in the words of a language."""
    signing = report.signing
    return Page(
        title=language.say(report.title),
        heading=language.show(report.heading or report.book),
        period=None if report.span == Span(None, None) else language.period(report.span),
        before=tuple(map(language.say, report.before)),
        grids=tuple(_grid(table, language) for table in report.tables if table.rows or table.totals),
        charts=report.charts,
        notes=tuple(map(language.say, report.notes or _empty(report))),
        seal=language.say(msg("Seal: {text}", text=report.seal["text"])) if report.seal else None,
        seal_text=report.seal["text"] if report.seal else "",
        command=language.say(msg("Made by: {command}", command=report.command)) if report.command else None,
        where_when=language.say(signing.where_when) if signing else "",
        signatures=_signed(signing.signatures, language) if signing else (),
        acknowledged=_signed(signing.acknowledged, language) if signing else (),
        parts=tuple((sign, language.say(text)) for sign, text in report.brief or _totals(report)),
        copies=tuple(map(language.say, report.copies)),
    )


def _grid(table: Table, language: Language) -> Grid:
    def line(row: Mapping[str, Any]) -> tuple[Cell, ...]:
        cells = tuple(_cell(row.get(column.key), column, language) for column in table.columns)
        return (Cell(_capital(cells[0].text)), *cells[1:]) if table.label_value else cells

    return Grid(
        title=None if table.title is None else language.say(table.title),
        heads=tuple(Head(column.key, language.say(column.title), column.type) for column in table.columns),
        rows=tuple(map(line, table.rows)),
        totals=tuple(map(line, table.totals)),
        key_columns=table.key_columns,
        is_summary=table.is_summary,
        bold_rows=table.bold_rows,
        label_value=table.label_value,
        carried=tuple(map(line, table.carried)),
    )


def _capital(label: str) -> str:
    """A label of a form begins with a capital, also where the same word stands within sentences."""
    return label[:1].upper() + label[1:]


def _cell(value: Any, column: Column, language: Language) -> Cell:
    if isinstance(value, date):
        return Cell(language.short_day(value))
    if isinstance(value, Amount):
        text = language.figure(value) if column.type in ("figure", "period") else language.amount(value)
        return Cell(text, negative=value.minor < 0)
    return Cell(language.show(value))


def _empty(report: Report) -> tuple[Message, ...]:
    """The sentence of an empty report without one of its own."""
    if any(table.rows for table in (report.data, *report.tables)):
        return ()
    if report.span == Span(None, None):
        return (msg("Nothing is recorded yet."),)
    return (msg("Nothing is recorded in this period."),)


def _signed(signatures: tuple[Signature, ...], language: Language) -> tuple[Signed, ...]:
    return tuple(Signed(language.say(each.role), language.show(each.name) or "." * 24) for each in signatures)


def _totals(report: Report) -> tuple[tuple[str, Message], ...]:
    """The last amount of each total of the report's data: the balance or sum."""
    titles = {column.key: column.title for column in report.data.columns}
    parts = []
    for total in report.data.totals:
        amounts = [(titles[key], value) for key, value in total.items() if isinstance(value, Amount) and key in titles]
        for title, amount in amounts[-1:]:
            sign = "💰" if amount.unit is IDR else "📦"
            parts.append((sign, msg("{title} {amount}", title=title, amount=amount)))
    return tuple(parts)
