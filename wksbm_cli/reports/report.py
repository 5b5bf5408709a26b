"""The value every report is: what it is, its period, its figures, and how a person likes them laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message

# A `figure` is an amount printed as digits alone, under a head that names its unit.
ColumnType = Literal["text", "date", "amount", "figure", "count"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` is stable and English, `title` is for people, `type` says how cells are printed."""

    key: str
    title: Message
    type: ColumnType = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells by column key.

    A cell is a text, a `Message`, a date, an `Amount`, a whole number, a mapping or None. `totals` are rows of the
    same keys, one per unit. The first `stub` columns name a row: where a table is too wide for its paper it is
    continued below, and they are repeated there.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    totals: tuple[Mapping[str, Any], ...] = ()
    title: Message | None = None
    stub: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report.

    `data` is the long form that JSON and CSV carry, with the keys of the contract; `tables` are the same
    figures as people read them. `heading` names the organisation or fund it is about, if not the whole book.
    """

    name: str
    title: Message
    book: str
    span: Span
    data: Table
    tables: tuple[Table, ...]
    heading: str | None = None
    notes: tuple[Message, ...] = field(default=())
    seal: Mapping[str, Any] | None = None
