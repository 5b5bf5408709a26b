"""The value every report is: what it is, its period, its figures, and how a person likes them laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.units import Unit

# A `figure` is an amount printed as digits alone, under a head that names its unit, a `period` one under the period it is
# of; a `code` is a text never broken.
ColumnType = Literal["text", "code", "date", "amount", "figure", "period", "count"]


class Column(NamedTuple):
    """A column: `key` is stable and English, `title` is for people, `type` says how cells are printed.

    What is `sensitive` (a beneficiary's category) never stands in a row that names someone, unless that is asked for.
    """

    key: str
    title: Message
    type: ColumnType = "text"
    sensitive: bool = False


def select(columns: Iterable[Column], *keys: str) -> tuple[Column, ...]:
    """The columns of these keys, in this order; `KeyError` for one there is none of."""
    by_key = {column.key: column for column in columns}
    return tuple(by_key[key] for key in keys)


class Table(NamedTuple):
    """Rows of cells by column key.

    A cell is a text, a `Person`, a `RedactableText`, a `Message`, a date, an `Amount`, a whole number, a mapping or None. `totals`
    are rows of the same keys, one per unit. The first `key_columns` columns name a row: where a table is too wide for its paper it is
    continued below, and they are repeated there. A table that `is_summary` repeats the tables above it: a phone is spared its rows.
    The head of a first column `what` stands for the title where there is none. The rows numbered in `bold_rows` are heads or
    sums among the others. One of `label_value` is labels and what stands beside each; its heads are not shown. `carried` has, for
    each row, what a printed page that ends with it carries over to the next.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    totals: tuple[Mapping[str, Any], ...] = ()
    title: Message | None = None
    key_columns: int = 1
    is_summary: bool = False
    bold_rows: frozenset[int] = frozenset()
    label_value: bool = False
    carried: tuple[Mapping[str, Any], ...] = ()


def long_form(
    columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]], totals: Iterable[Mapping[str, Any]]
) -> Table:
    """The data of a report whose rows tell different things: each has every key, None where it tells nothing of it."""
    empty = dict.fromkeys(column.key for column in columns)
    return Table(columns, tuple({**empty, **row} for row in rows), tuple(totals))


class Series(NamedTuple):
    """One figure for each month of a chart, in smallest steps of its unit."""

    title: Message
    values: tuple[int, ...]


class Chart(NamedTuple):
    """Figures by month, as bars beside each other: one or two series. `months` are first days."""

    title: Message
    unit: Unit
    months: tuple[date, ...]
    series: tuple[Series, ...]


class Signature(NamedTuple):
    """Who signs, and as what; a line to write on where the name is not known."""

    role: Message
    name: str | Person | Message = ""


class Signing(NamedTuple):
    """The end of a paper: place and date, those who sign from left to right, and below them who acknowledges it."""

    where_when: Message
    signatures: tuple[Signature, ...]
    acknowledged: tuple[Signature, ...] = ()


class Report(NamedTuple):
    """A finished report.

    `data` is the long form that JSON and CSV carry, with the keys of the contract; `tables` are the same
    figures as people read them, `before` the sentences above them and `notes` those below. `heading` names the
    organisation or fund it is about, if not the whole book. `brief` is the whole in one line, for `--short`: each
    part with the sign that stands for it where signs are read (docs/practice.md#reports), the totals of `data` where it is empty.
    `command` is how the paper says it was made, so that it can be made again.
    A page that is torn in two holds it once for each of `copies`, which say whose each is.
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
