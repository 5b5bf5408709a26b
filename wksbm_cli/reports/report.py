"""The value that every report returns: title, period, data, and the same figures in tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.units import Unit

# A `figure` is an amount printed without its unit, which the column's head names; a `period` is a figure in a column of
# one period; a `code` is a text that is never wrapped.
ColumnType = Literal["text", "code", "date", "amount", "figure", "period", "count"]


# What stands in a cell: a text, a `Person`, a `RedactableText`, a `Message`, a date, an `Amount`, a whole number, a mapping or
# None. A renderer asks each for its type; that it fits its column is held by tests/reports/test_cells.py.
Cell = Any
Row = dict[str, Cell]


class Column(NamedTuple):
    """A column: `key` is stable and English, `title` is for people, `type` says how cells are printed.

    A `sensitive` column (a beneficiary's category) is blank in rows that name someone, unless asked for.
    """

    key: str
    title: Message
    type: ColumnType = "text"
    sensitive: bool = False


def select(columns: Iterable[Column], *keys: str) -> tuple[Column, ...]:
    """The columns of these keys, in this order; `KeyError` for an unknown one."""
    by_key = {column.key: column for column in columns}
    return tuple(by_key[key] for key in keys)


class Table(NamedTuple):
    """Rows of cells by column key.

    `totals` are rows of the same keys, one per unit. The first `key_columns` columns name a row, and are repeated where a table too
    wide for its paper is continued below. `is_summary` marks a table that repeats those above it, which a phone leaves
    out. Without a title, the head of a first column `what` is the title. `bold_rows` are the numbers of headings and
    sums. A `label_value` table is a form of labels and values, shown without heads. `carried` has, for each row, the
    sums that a printed page ending with it carries over.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]
    totals: tuple[Mapping[str, Cell], ...] = ()
    title: Message | None = None
    key_columns: int = 1
    is_summary: bool = False
    bold_rows: frozenset[int] = frozenset()
    label_value: bool = False
    carried: tuple[Mapping[str, Cell], ...] = ()


def long_form(
    columns: tuple[Column, ...], rows: Iterable[Mapping[str, Cell]], totals: Iterable[Mapping[str, Cell]]
) -> Table:
    """Data of a report with rows of different kinds: every row gets every key, None where it has no value."""
    empty = dict.fromkeys(column.key for column in columns)
    return Table(columns, tuple({**empty, **row} for row in rows), tuple(totals))


class Series(NamedTuple):
    """One figure for each month of a chart, in smallest steps of its unit."""

    title: Message
    values: tuple[int, ...]


class Chart(NamedTuple):
    """Figures by month as a bar chart of one or two series. `months` are first days."""

    title: Message
    unit: Unit
    months: tuple[date, ...]
    series: tuple[Series, ...]


class Signature(NamedTuple):
    """A person who signs, and the office; a blank line where the name is not known."""

    role: Message
    name: str | Person | Message = ""


class Signing(NamedTuple):
    """The signature block of a paper: place and date, signatures from left to right, and below them who acknowledges it."""

    where_when: Message
    signatures: tuple[Signature, ...]
    acknowledged: tuple[Signature, ...] = ()


class Report(NamedTuple):
    """A finished report.

    `data` is the long form that JSON and CSV carry, with the keys of the contract; `tables` are the same
    figures as people read them, `before` the sentences above them and `notes` those below. `heading` names the
    organisation or fund it is about, if not the whole book. `brief` is the report in one line, for `--short`: pairs of
    a symbol (docs/practice.md#reports) and a sentence; where it is empty, the totals of `data` are used.
    `command` is the command line printed on the paper, by which it can be made again.
    A page to be torn in two has one copy for each of `copies`, the labels of their holders.
    """

    name: str
    title: Message
    book: str
    span: Span
    data: Table
    tables: tuple[Table, ...]
    heading: str | Message | None = None
    notes: tuple[Message, ...] = ()
    seal: Mapping[str, Any] | None = None
    before: tuple[Message, ...] = ()
    charts: tuple[Chart, ...] = ()
    brief: tuple[tuple[str, Message], ...] = ()
    signing: Signing | None = None
    command: str = ""
    copies: tuple[Message, ...] = ()
