"""Numbers of rows and vouchers without gaps or repeats, and rows that stand twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from wksbm_cli.domain.message import msg
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, spot
from wksbm_cli.sheets.tables import SheetRow, SheetTable

_VOUCHER = re.compile(r"(?P<before>.*?)(?P<number>\d{1,6})(?P<behind>\D*)")
# A sequence has at least so many numbers, and at most so many gaps to be worth reporting.
_FEWEST, _MOST_GAPS = 4, 3


def review_sequence(table: SheetTable) -> Iterator[Outcome]:
    """The running numbers, the vouchers and the rows of a table."""
    if table.columns is not None:
        yield from _numbers(table)
        yield from _vouchers(table)
    yield from _twice(table)


def _numbers(table: SheetTable) -> Iterator[Outcome]:
    """Running numbers: each one more than the one above; a 1 begins anew."""
    assert table.columns is not None
    column = table.columns.first("number")
    if column is None:
        return
    numbered = [
        (row, number) for row in table.rows if (number := _whole(table.grid.cell(row.number, column))) is not None
    ]
    if len(numbered) < _FEWEST:
        return
    expected = numbered[0][1]
    for row, number in numbered:
        if number in (expected, 1):
            yield Agreed("number")
            expected = number + 1
            continue
        text = (
            msg("Row number {number} stands a second time.", number=str(number))
            if number == expected - 1
            else msg("Row number {number} stands where {expected} should.", number=str(number), expected=str(expected))
        )
        missing = msg("A row may be missing.") if number > expected else msg("A row may have been put in or copied.")
        yield Discrepancy(spot(table.grid, row.number, column), "number", text, number, expected, missing)
        expected = number + 1


def _whole(cell: object) -> int | None:
    if type(cell) is int:
        return cell if 0 < cell < 100_000 else None
    text = cell.strip().rstrip(".") if isinstance(cell, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _vouchers(table: SheetTable) -> Iterator[Outcome]:
    """Voucher numbers, per series (their letters): duplicates, and gaps where there are few."""
    assert table.columns is not None
    column = table.columns.first("voucher")
    if column is None:
        return
    kinds: dict[tuple[str, str], dict[int, SheetRow]] = defaultdict(dict)
    for row in table.rows:
        cell = table.grid.cell(row.number, column)
        found = _VOUCHER.fullmatch(str(cell)) if cell is not None else None
        if found is None or row.part != "entry":
            continue
        kind, number = kinds[found["before"], found["behind"]], int(found["number"])
        first = kind.setdefault(number, row)
        if first is row:
            yield Agreed("voucher")
        elif first.label != row.label or first.figures.keys() == row.figures.keys():
            text = msg(
                "Receipt {number} stands here and in row {row}.", number=str(cell)[:40], row=str(first.number + 1)
            )
            settled = msg("Ask for both receipts.")
            yield Discrepancy(spot(table.grid, row.number, column), "voucher", text, str(cell), None, None, settled)
    for (before, behind), kind in kinds.items():
        missing = sorted(set(range(min(kind), max(kind) + 1)) - kind.keys())
        if len(kind) >= _FEWEST and 0 < len(missing) <= _MOST_GAPS:
            names = ", ".join(f"{before}{number}{behind}" for number in missing)
            after = kind[max(number for number in kind if number < missing[0])]
            text = msg("No row has receipt {number}.", number=names)
            settled = msg("Ask for receipt {number}.", number=names)
            yield Discrepancy(spot(table.grid, after.number, column), "voucher", text, None, names, None, settled)


def _twice(table: SheetTable) -> Iterator[Outcome]:
    """Identical rows of one date."""
    seen: dict[tuple[object, ...], SheetRow] = {}
    balance = table.columns.first("balance") if table.columns else None
    for row in table.rows:
        if row.part != "entry" or row.day is None or len(row.label) < 4:
            continue
        figures = tuple((column, figure) for column, figure in row.figures.items() if column != balance)
        if not figures:
            continue
        first = seen.setdefault((row.day.day, row.label.casefold(), figures), row)
        if first is not row:
            text = msg(
                '"{label}" stands word for word in row {row} too.', label=row.label[:60], row=str(first.number + 1)
            )
            settled = msg("Ask for both receipts.")
            yield Discrepancy(
                spot(table.grid, row.number),
                "twice",
                text,
                figures[0][1],
                None,
                msg("It may have been copied."),
                settled,
            )
