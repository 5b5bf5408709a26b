"""Reviewing a cash book: running balances, sums, and figures carried over between pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.review.causes import Summand, likely_slip
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, spot
from wksbm_cli.sheets.columns import Columns, Part
from wksbm_cli.sheets.figures import Figure, size
from wksbm_cli.sheets.tables import SheetRow, SheetTable

ADD_UP = msg("Add the rows up once more together.")


class _Ways(NamedTuple):
    """The columns of a cash book; `amount` stands for both ways where a sign tells them."""

    money_in: int | None
    money_out: int | None
    balance: int | None

    def change(self, row: SheetRow) -> Figure:
        """What a row adds to the balance."""
        inward = row.figures.get(self.money_in, 0) if self.money_in is not None else 0
        outward = row.figures.get(self.money_out, 0) if self.money_out is not None else 0
        return inward - outward


def ways(table: SheetTable) -> _Ways:
    """The columns of receipts and payments. In a cash book *debet* is in, unless the balances show the opposite."""
    columns = table.columns
    assert columns is not None
    as_named = _Ways(_column(columns, "in", "amount"), _column(columns, "out"), _column(columns, "balance"))
    if as_named.balance is None or as_named.money_in is None or as_named.money_out is None:
        return as_named
    turned = _Ways(as_named.money_out, as_named.money_in, as_named.balance)
    return turned if _fitting(table, turned) > _fitting(table, as_named) else as_named


def _column(columns: Columns, *parts: Part) -> int | None:
    for part in parts:
        if (found := columns.first(part)) is not None:
            return found
    return None


def _fitting(table: SheetTable, columns: _Ways) -> int:
    """How many of the first hundred rows agree with the change of balance."""
    assert columns.balance is not None
    rows = [row for row in table.rows[:100] if columns.balance in row.figures]
    return sum(
        after.figures[columns.balance] == before.figures[columns.balance] + columns.change(after)
        for before, after in pairwise(rows)
        if after.part == "entry"
    )


def review_cash_book(table: SheetTable) -> Iterator[Outcome]:
    """Every balance, sum and carried figure of a cash book."""
    columns = ways(table)
    if columns.balance is not None:
        yield from _balances(table, columns)
    yield from _sums(table, columns)


def opening_of(row: SheetRow, columns: _Ways) -> Figure | None:
    """The balance an opening row states, in whichever column."""
    for column in (columns.balance, columns.money_in):
        if column is not None and column in row.figures:
            return row.figures[column]
    return next(iter(row.figures.values()), None)


def _balances(table: SheetTable, columns: _Ways) -> Iterator[Outcome]:
    assert columns.balance is not None
    rows = [row for row in table.rows if row.part in ("entry", "opening", "carried")]
    running: Figure | None = None
    for at, row in enumerate(rows):
        if row.part != "entry":
            if running is None or row.part == "opening":
                running = opening_of(row, columns) if row.part == "opening" else row.figures.get(columns.balance)
            continue
        printed = row.figures.get(columns.balance)
        if running is None:
            running = printed
            continue
        computed = running + columns.change(row)
        if printed is None:
            running = computed
        elif printed == computed:
            yield Agreed("balance")
            running = printed
        else:
            goes_on = _goes_on_from(rows[at + 1 :], columns, printed)
            yield Discrepancy(
                spot(table.grid, row.number, columns.balance),
                "balance",
                msg(
                    "The balance says {printed}; the row before and this row come to {computed}.",
                    printed=printed,
                    computed=computed,
                ),
                printed,
                computed,
                likely_slip(printed, computed, [(row.number, columns.change(row))]),
                _settled_by(table, row),
            )
            # Report a slip once: the next row shows whether it was carried on.
            running = printed if goes_on else computed


def _goes_on_from(rows: Sequence[SheetRow], columns: _Ways, balance: Figure) -> bool:
    for row in rows:
        if row.part == "entry" and columns.balance in row.figures:
            return bool(row.figures[columns.balance] == balance + columns.change(row))  # type: ignore[index]
        balance += columns.change(row) if row.part == "entry" else 0
    return True


def _settled_by(table: SheetTable, row: SheetRow) -> Message:
    """The evidence that would settle a discrepancy: the receipt by its number, where the row has one."""
    columns = table.columns
    parts: tuple[Part, ...] = ("voucher", "number")
    for part in parts:
        column = columns.first(part) if columns else None
        if column is not None and (cell := table.grid.cell(row.number, column)) is not None:
            return msg("Ask for receipt {number}.", number=str(cell)[:40])
    return msg("Ask for the receipt of this row.")


class _Running(NamedTuple):
    """Running totals of a column: since the last sum, since the beginning, and carried over."""

    since: Figure
    all: Figure
    opening: Figure


def _sums(table: SheetTable, columns: _Ways) -> Iterator[Outcome]:
    """The sums of both ways, row by row, and the balance beside them."""
    for column in (columns.money_in, columns.money_out):
        if column is not None:
            yield from _sums_of(table, columns, column)
    yield from _balance_of_sums(table, columns)


def _sums_of(table: SheetTable, columns: _Ways, column: int) -> Iterator[Outcome]:
    running = _Running(0, 0, 0)
    summands: list[Summand] = []
    has_entries = False
    carried: Figure | None = None
    for row in table.rows:
        figure = row.figures.get(column)
        match row.part:
            case "entry":
                has_entries, carried = True, None
                if figure is not None:
                    running = running._replace(since=running.since + figure, all=running.all + figure)
                    summands.append((row.number, figure))
            case "opening":
                stated = figure if figure is not None else opening_of(row, columns)
                if column == columns.money_in and stated is not None and (figure is not None or not running.opening):
                    running = running._replace(opening=running.opening + stated)
            case "closing" if figure is not None and has_entries and column == columns.money_out:
                # A closing balance entered as the last payment, so that both columns have equal sums.
                running = running._replace(since=running.since + figure, all=running.all + figure)
            case "heading":
                running, summands = running._replace(since=0), []
            case "carried" if figure is not None and not has_entries:
                running = running._replace(all=figure)
            case "carried" if figure is not None and carried is not None:
                yield _compared(table, row, column, figure, [carried], "carried", ())
            case "sum" | "carried" if figure is not None and has_entries:
                yield _compared(table, row, column, figure, _meant(running, row), row.part, summands)
                if row.part == "sum":
                    running, summands = running._replace(since=0), []
                else:
                    carried = figure
            case _:
                pass


def _meant(running: _Running, row: SheetRow) -> list[Figure]:
    """Candidate meanings of a sum, the likeliest first."""
    here, everything = running.since, running.all
    meant = [everything, here] if row.part == "carried" or not here else [here, everything]
    return [*meant, *(each + running.opening for each in meant)]


def nearest(meant: Sequence[Figure], printed: Figure) -> Figure:
    """The value compared with a printed figure: the likeliest candidate, unless only a later one has the same magnitude."""
    return next((each for each in meant if size(each - printed) * 2 <= size(printed)), meant[0])


def _compared(
    table: SheetTable,
    row: SheetRow,
    column: int,
    printed: Figure,
    meant: Sequence[Figure],
    check: str,
    summands: Sequence[Summand],
) -> Outcome:
    if printed in meant:
        return Agreed(check)
    computed = nearest(meant, printed)
    text = (
        msg("Carried over is {printed}; the rows come to {computed}.", printed=printed, computed=computed)
        if check == "carried"
        else msg(
            '"{label}" says {printed}; the rows come to {computed}.',
            label=row.label[:60],
            printed=printed,
            computed=computed,
        )
    )
    return Discrepancy(
        spot(table.grid, row.number, column),
        check,
        text,
        printed,
        computed,
        likely_slip(printed, computed, summands),
        ADD_UP,
    )


def _balance_of_sums(table: SheetTable, columns: _Ways) -> Iterator[Outcome]:
    """The balance beside a sum, or in a closing row: that of the last row, or what the sums come to."""
    last: Figure | None = None if columns.balance is not None else 0
    opening: Figure = 0
    change: Figure = 0
    for row in table.rows:
        printed = None if columns.balance is None else row.figures.get(columns.balance)
        match row.part:
            case "opening":
                before = row.figures.get(columns.money_in) if columns.money_in is not None and opening else None
                opening = opening + before if before is not None else opening_of(row, columns) or 0
                last = opening
            case "entry":
                change += columns.change(row)
                last = printed if printed is not None else (None if last is None else last + columns.change(row))
            case "sum" | "closing" | "carried" if last is not None:
                stated = printed
                if stated is None and row.part == "closing":
                    stated = next(iter(row.figures.values()))
                if stated is None:
                    continue
                meant = [last, opening + change, change, columns.change(row)]
                if row.part == "sum" and not row.figures.keys() - {columns.balance}:
                    continue  # a sum of balances has no meaning
                if stated in meant:
                    yield Agreed("closing")
                else:
                    yield Discrepancy(
                        spot(table.grid, row.number, columns.balance if printed is not None else None),
                        "closing",
                        msg(
                            '"{label}" says {printed}; the rows come to {computed}.',
                            label=row.label[:60],
                            printed=stated,
                            computed=last,
                        ),
                        stated,
                        last,
                        likely_slip(stated, last),
                        ADD_UP,
                    )
            case _:
                pass


def closing_balance(table: SheetTable) -> tuple[int, Figure] | None:
    """The row and the figure of the last balance that a cash book prints."""
    columns = ways(table)
    found: tuple[int, Figure] | None = None
    for row in table.rows:
        if row.part == "closing":
            found = row.number, row.figures.get(columns.balance, next(iter(row.figures.values())))  # type: ignore[arg-type]
        elif columns.balance in row.figures and row.part in ("entry", "opening"):
            found = row.number, row.figures[columns.balance]  # type: ignore[index]
    return found


def opening_balance(table: SheetTable) -> tuple[int, Figure] | None:
    """The row and the figure of the balance that a cash book begins with, if it prints one."""
    columns = ways(table)
    for row in table.rows:
        if row.part == "opening" and (stated := opening_of(row, columns)) is not None:
            return row.number, stated
        if row.part == "entry":
            return None
    return None


def last_sums(table: SheetTable) -> Mapping[str, Figure]:
    """What the last sum row says came in and went out."""
    columns = ways(table)
    found: dict[str, Figure] = {}
    for row in table.rows:
        if row.part == "sum":
            for way, column in (("in", columns.money_in), ("out", columns.money_out)):
                if column is not None and column in row.figures:
                    found[way] = row.figures[column]
    return found
