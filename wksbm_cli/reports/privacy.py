"""Redaction: a report in, the same report with names reduced and sensitive data removed out.

All personal data passes through here on its way to a page. The result has no `Person` and no `RedactableText`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from wksbm_cli.domain.inline import is_list
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.units import Amount
from wksbm_cli.reports.report import Cell, Column, Report, Row, Signature, Signing, Table

Naming = Literal["full", "initials", "codes"]
NAMINGS: tuple[Naming, ...] = ("full", "initials", "codes")
# Smaller counts in a category identify people (the usual threshold of statistical offices).
FEWEST = 3


class Disclosure(NamedTuple):
    """How recipients of help are named, how everyone else is, and whether categories may be shown beside them."""

    helped: Naming
    others: Naming
    categories: bool = False


def disclosure(asked: Naming | None, *, circulates: bool) -> Disclosure:
    """The disclosure of `--privacy`; by default, formats that circulate show recipients of help by initials."""
    if asked is None:
        return Disclosure("initials" if circulates else "full", "full")
    return Disclosure(asked, asked, categories=asked == "full")


def redact(report: Report, to: Disclosure) -> Report:
    """The report with people named according to `to`, and sensitive categories removed beside names."""
    naming = _Naming(to)
    return report._replace(
        heading=naming.reduced(report.heading),
        data=_apart(report.data, naming),
        tables=tuple(_without_empty(_apart(table, naming)) for table in report.tables),
        brief=tuple((sign, naming.reduced(text)) for sign, text in report.brief),
        before=tuple(map(naming.reduced, report.before)),
        notes=tuple(map(naming.reduced, report.notes)),
        signing=None if report.signing is None else _signing(report.signing, naming),
    )


class _Naming:
    """Names people consistently within a report; those without a code are numbered in order of appearance."""

    def __init__(self, to: Disclosure) -> None:
        self.to = to
        self.numbers: dict[str, int] = {}

    def level(self, person: Person) -> Naming:
        return self.to.helped if person.helped else self.to.others

    def reduced(self, value: Any) -> Any:
        """A value of a cell or sentence, with people replaced."""
        match value:
            case Person():
                return self._person(value)
            case RedactableText():
                hidden = [person for person in value.about if self.level(person) != "full"]
                return value.hiding(hidden, to_initials=any(self.level(person) == "initials" for person in hidden))
            case Message() if any(not isinstance(item, str | int) for item in value.values.values()):
                return value._replace(values={name: self.reduced(item) for name, item in value.values.items()})
            case _ if is_list(value):
                return [self.reduced(item) for item in value]
            case Mapping():
                return {key: self.reduced(item) for key, item in value.items()}
        return value

    def _person(self, person: Person) -> str | Message:
        match self.level(person):
            case "full":
                return person.name
            case "initials":
                return person.initials
        if person.code:
            return person.code
        number = self.numbers.setdefault(person.name.casefold(), len(self.numbers) + 1)
        return msg("person {number}", number=number)


def _signing(signing: Signing, naming: _Naming) -> Signing:
    def reduced(signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
        return tuple(each._replace(name=naming.reduced(each.name)) for each in signatures)

    return signing._replace(signatures=reduced(signing.signatures), acknowledged=reduced(signing.acknowledged))


def _apart(table: Table, naming: _Naming) -> Table:
    """A table with people named, and sensitive cells blanked in rows that name someone."""
    shown = table._replace(
        columns=tuple(column._replace(title=naming.reduced(column.title)) for column in table.columns),
        rows=tuple(naming.reduced(row) for row in table.rows),
        totals=tuple(naming.reduced(row) for row in table.totals),
        title=naming.reduced(table.title),
    )
    sensitive = [column.key for column in table.columns if column.sensitive]
    if not sensitive or naming.to.categories:
        return shown
    if any(isinstance(value, Person) for row in table.rows for value in row.values()):
        return shown._replace(rows=tuple({**row, **dict.fromkeys(sensitive, "")} for row in shown.rows))
    return shown._replace(rows=_few_as_other(shown.rows, table.columns, sensitive))


def _without_empty(table: Table) -> Table:
    """A table without sensitive columns that are all blank."""
    return table._replace(
        columns=tuple(
            column for column in table.columns if not column.sensitive or any(row.get(column.key) for row in table.rows)
        ),
    )


def _few_as_other(
    rows: Sequence[Mapping[str, Cell]], columns: Sequence[Column], sensitive: Sequence[str]
) -> tuple[Mapping[str, Cell], ...]:
    """Rows of counts by category, with those below `FEWEST` merged into one "other" per unit; empty where all are below."""
    counted = next((column.key for column in columns if column.type == "count"), None)
    kept: list[Mapping[str, Cell]] = []
    other: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if counted is None or row[counted] >= FEWEST:
            kept.append(row)
            continue
        units = tuple(value.unit.code for value in row.values() if isinstance(value, Amount))
        into = other.setdefault(units, dict.fromkeys(sensitive, msg("other")))
        for key, value in row.items():
            if isinstance(value, Amount | int):
                into[key] = into[key] + value if key in into else value
    return (*kept, *other.values()) if kept else ()
