"""Importing a matrix, the commonest kind of sheet: households down, months or nights across, amounts or ticks in cells.

A sheet rarely has dates of payment: a month's column is recorded on the last day of that month, or today where the
month is not over; a cell with a date was paid on that date. Sums of rows and columns are validated before anything is
recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from wksbm_cli.domain.dates import MONTH_NAMES, Span, end_of_month
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage, Where
from wksbm_cli.domain.units import Amount, minor_of
from wksbm_cli.domain.wording import shown_period
from wksbm_cli.index.query import Query
from wksbm_cli.recording.asking import Asking, refuse_doubtful
from wksbm_cli.recording.collecting import find_house, from_sheet, sheet_draft
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter
from wksbm_cli.recording.rows import InputRow, RowProblem, Sheet, unusable_rows
from wksbm_cli.sheets.columns import plain
from wksbm_cli.sheets.days import read_day
from wksbm_cli.sheets.figures import read_figure
from wksbm_cli.sheets.grid import Cell, column_letters
from wksbm_cli.sheets.reading import read_grids
from wksbm_cli.sheets.tables import SheetRow, SheetTable, read_tables

# What people write into a cell for "paid", and for "nothing".
_TICKS = frozenset({"v", "✓", "✔", "√", "☑", "l", "lunas", "ok", "ya", "sudah", "bayar", "paid", "yes"})
_NOTHING = frozenset({"", "-", "–", "—", "o", "belum", "nihil", "kosong", "no", "tidak"})


def find_matrices(path: str) -> list[SheetTable]:
    """The tables of a file that have households down and months or nights across."""
    tables = [table for grid in read_grids(path) for table in read_tables(grid)]
    return [table for table in tables if table.columns is not None and table.columns.is_matrix]


def from_matrices(
    query: Query,
    drafter: Drafter,
    due: Due,
    tables: Sequence[SheetTable],
    typed: Span | None,
    today: date,
    *,
    exactly: bool,
) -> tuple[list[Draft], list[Message]]:
    """The drafts of cells that are not in the book yet, and notices about the tables.

    `typed` is the year or month that the columns are of, where the sheet does not say it. Raises one `Refused` with every row that
    names an unknown member, has a cell that cannot be read, says otherwise than the book, or whose sum is another than its cells'.
    """
    if due.cycle.name not in ("night", "month"):
        raise Refused(
            msg("{due} is owed neither by the month nor by the night; such a sheet does not fit it.", due=due.name)
        )
    if due.cycle.name == "night":
        rows = [row for table in tables for row in _nights(table, _month(table, typed))]
        return from_sheet(
            query, drafter, due, Sheet(tables[0].grid.file, rows), unknown_as=None, today=today, exactly=exactly
        )
    reader = _MonthReader(query, drafter, due, today, exactly=exactly)
    for table in tables:
        reader.read(table, typed)
    return reader.drafts(), reader.notices()


class _Paid(NamedTuple):
    """The payment in a cell: an amount, or None for the amount asked; and its date, if given."""

    minor: int | None
    day: date | None = None


def _read_cell(cell: Cell, due: Due, mark: str) -> _Paid | None:
    """None where nothing was paid."""
    text = str(cell if cell is not None else "").strip().casefold()
    if text in _NOTHING or text == "0":
        return None
    if text in _TICKS:
        return _Paid(None)
    day = read_day(cell)
    if day is not None and day.day is not None:
        return _Paid(None, day.day)
    figure = read_figure(cell, mark)
    if figure is None or figure < 0:
        raise Refused(msg('"{cell}" is neither an amount nor a tick.', cell=str(cell)[:40]))
    if figure == 1:
        raise Refused(msg('"{cell}" may be an amount or a tick; write the amount, or v.', cell=str(cell)))
    return _Paid(minor_of(figure, due.unit))


def _members_cells(table: SheetTable, row: SheetRow) -> list[str]:
    """The texts of a row that may name its household: those outside columns of months and sums."""
    assert table.columns is not None
    left = min(table.columns.of("period"))
    cells = table.grid.rows[row.number][:left]
    return [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]


def _nights(table: SheetTable, month: Span) -> Iterator[InputRow]:
    """The cells of a month's nights as rows of a sheet of nights."""
    assert table.columns is not None
    assert month.start is not None
    last = end_of_month(month.start).day
    for row in table.rows:
        if row.part != "entry":
            continue
        for column in table.columns.of("period"):
            cell = table.grid.cell(row.number, column)
            text = str(cell if cell is not None else "").strip()
            if text.casefold() in _NOTHING:
                continue
            night = int(plain(table.columns.titles[column]))
            if night > last:
                raise Usage(msg("{month} has no day {day}.", month=month, day=night), where=_where(table, row))
            cells = {"date": f"{month.start:%Y-%m}-{night:02d}", "member": " ".join(_members_cells(table, row)[-1:])}
            amount = "" if text.casefold() in _TICKS else text
            yield InputRow(row.number + 1, {**cells, "amount": amount})


def _month(table: SheetTable, typed: Span | None) -> Span:
    period = typed or table.period
    if period is None or not period.is_month:
        raise Usage(
            msg("The sheet does not say of which month its nights are."),
            hint=msg("Say it with --for, for instance: {example}", example="--for 2026-02"),
            where=Where(table.grid.file),
        )
    return period


def _where(table: SheetTable, row: SheetRow) -> Where:
    return Where(table.grid.file, row.number + 1)


class _MonthReader:
    """Reads tables of months, and compares each cell with the payments of that household and month in the book."""

    def __init__(self, query: Query, drafter: Drafter, due: Due, today: date, *, exactly: bool) -> None:
        self._drafter: Final = drafter
        self._due: Final = due
        self._today: Final = today
        self._exactly: Final = exactly
        self._asking: Final = Asking(query, drafter.registers, drafter.fund, due)
        self._file = ""
        self._given: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
        self._lines: dict[tuple[date, str], int] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._wrong: list[RowProblem] = []
        self._known = 0

    def read(self, table: SheetTable, typed: Span | None) -> None:
        assert table.columns is not None
        self._file = table.grid.file
        months = _months(table, typed)
        total = table.columns.first("total")
        down: dict[int, int] = defaultdict(int)
        for row in table.rows:
            if row.part == "sum" and not self._wrong:  # sums cannot be validated without the unusable rows
                self._compare_down(table, row, down, total)
            if row.part != "entry":
                continue
            try:
                told = self._read_row(table, row, months)
            except (Refused, Usage) as problem:
                self._wrong.append((row.number + 1, problem.text))
                continue
            for column, minor in told.items():
                down[column] += minor
            if total is not None:
                down[total] += sum(told.values())
                self._compare(table, row, total, sum(told.values()))

    def _read_row(self, table: SheetTable, row: SheetRow, months: Mapping[int, str]) -> dict[int, int]:
        """The payments of a row by column; new ones are kept for the drafts."""
        drafter = self._drafter
        member = find_house(drafter.registers, drafter.fund, _members_cells(table, row))
        told: dict[int, int] = {}
        for column, period in months.items():
            paid = _read_cell(table.grid.cell(row.number, column), self._due, table.mark)
            if paid is None:
                continue
            told[column] = self._take(member, period, paid, row)
        return told

    def _take(self, member: Member, period: str, paid: _Paid, row: SheetRow) -> int:
        due = self._due
        if paid.minor is not None and not self._exactly:
            refuse_doubtful(due, Amount(paid.minor, due.unit), self._today)
        standing = self._asking.standing(member, self._today)
        before = standing.paid.get(period, 0)
        owed = (
            standing.obligation.in_period(period) if due.required else self._asking.asked(member, period, self._today)
        )
        minor = owed if paid.minor is None else paid.minor
        words = {"member": member.name, "period": shown_period(self._drafter.fund, due, period)}
        if (minor > owed and due.required) or not minor:
            raise Refused(
                msg(
                    "{member} owes {owed} of {due} for {period}; the sheet says {told}.",
                    owed=Amount(owed, due.unit),
                    due=due.name,
                    told=Amount(minor, due.unit),
                    **words,
                )
            )
        if (earlier := self._seen.setdefault((member.slug, period), row.number)) != row.number:
            raise Refused(msg("{member} stands in line {line} already.", member=member.name, line=str(earlier + 1)))
        if before == minor:
            self._known += 1
        elif before:
            raise Refused(
                msg(
                    "{member} has paid {paid} for {period} in the book, and {told} in the sheet.",
                    paid=Amount(before, due.unit),
                    told=Amount(minor, due.unit),
                    **words,
                )
            )
        else:
            start = date.fromisoformat(f"{period}-01")
            key = paid.day or min(end_of_month(start), self._today), period
            self._given[key][member.slug] = minor
            self._lines.setdefault(key, row.number + 1)
        return minor

    def _compare(self, table: SheetTable, row: SheetRow, column: int, computed: int) -> None:
        printed = row.figures.get(column)
        if printed is not None and minor_of(printed, self._due.unit) != computed:
            unit = self._due.unit
            text = msg(
                "The sum in column {column} says {printed}; its cells come to {computed}.",
                column=column_letters(column),
                printed=Amount(minor_of(printed, unit), unit),
                computed=Amount(computed, unit),
            )
            self._wrong.append((row.number + 1, text))

    def _compare_down(self, table: SheetTable, row: SheetRow, down: Mapping[int, int], total: int | None) -> None:
        assert table.columns is not None
        for column in (*table.columns.of("period"), *([total] if total is not None else [])):
            self._compare(table, row, column, down.get(column, 0))

    def drafts(self) -> list[Draft]:
        """One draft for each day and month, in their order."""
        if self._wrong:
            raise unusable_rows(self._file, self._wrong)
        if not self._given and not self._known:
            raise Refused(msg("Nobody gave anything; there is nothing to record."), where=Where(self._file))
        made = []
        for (day, period), given in sorted(self._given.items()):
            of_day = Drafter(self._drafter.registers, self._drafter.fund, day, self._drafter.note, self._drafter.place)
            draft = sheet_draft(
                of_day, self._due, dict(sorted(given.items())), [], self._due.unit, None, None, periods=[period]
            )
            made.append(draft._replace(origin=Where(self._file, self._lines[day, period])))
        return made

    def notices(self) -> list[Message]:
        if not self._known:
            return []
        return [msgn("{count} cell was recorded already.", "{count} cells were recorded already.", self._known)]


def _months(table: SheetTable, typed: Span | None) -> dict[int, str]:
    """The month of each column, `2026-01`; months after December belong to the next year."""
    assert table.columns is not None
    span = typed or table.period
    year = span.start.year if span is not None and span.start is not None else None
    found: dict[int, str] = {}
    before = 0
    for column in table.columns.of("period"):
        words = plain(table.columns.titles[column]).split()
        month = MONTH_NAMES.get(words[0])
        own = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
        if own is not None:
            year = own if own > 99 else 2000 + own
        elif before == 12 and month == 1 and year is not None:
            year += 1
        if month is None or year is None:
            raise Usage(
                msg("The sheet does not say of which year its months are."),
                hint=msg("Say it with --for, for instance: {example}", example="--for 2026"),
                where=Where(table.grid.file),
            )
        before = month
        found[column] = f"{year}-{month:02d}"
    return found
