"""Reviewing files made by hand: read them, recompute every figure, report discrepancies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.review.calendar import review_days
from wksbm_cli.review.cash_book import review_cash_book
from wksbm_cli.review.lists import review_list
from wksbm_cli.review.matrix import review_matrix
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, Reviewed
from wksbm_cli.review.recap import form_of, review_together
from wksbm_cli.review.sequence import review_sequence
from wksbm_cli.review.words import review_products, review_spelled
from wksbm_cli.sheets.grid import SheetGrid
from wksbm_cli.sheets.reading import read_grids
from wksbm_cli.sheets.tables import SheetTable, read_tables

# The codes of checks, in the order of the report.
CHECKS: dict[str, Message] = {
    "balance": msg("Balances, row by row"),
    "sum": msg("Sums of rows"),
    "closing": msg("Closing balances"),
    "carried": msg("Balances and sums carried over"),
    "repeated": msg("Sums that are said again"),
    "recap": msg("Recapitulations"),
    "matrix": msg("Sums of households and months"),
    "product": msg("So many at so much"),
    "words": msg("Amounts in words"),
    "date": msg("Days of the calendar"),
    "weekday": msg("Days of the week"),
    "order": msg("Days in order"),
    "period": msg("Days in the period"),
    "month": msg("Months named"),
    "number": msg("Running numbers"),
    "voucher": msg("Numbers of receipts"),
    "twice": msg("Rows that stand twice"),
}


def _nothing(table: SheetTable) -> Iterator[Outcome]:
    """No check of its own: a recapitulation is compared with all other tables (`review_together`), an unknown form with nothing."""
    return iter(())


_REVIEWS: dict[str, Callable[[SheetTable], Iterator[Outcome]]] = {
    "cash book": review_cash_book,
    "list": review_list,
    "matrix": review_matrix,
    "recap": _nothing,
    "unknown": _nothing,
}


def review(paths: Sequence[str]) -> Reviewed:
    """Everything that is found in the files, in their order; a file that cannot be read is a `Problem`."""
    return review_grids(paths, [grid for path in paths for grid in read_grids(path)])


def review_grids(paths: Sequence[str], grids: Sequence[SheetGrid]) -> Reviewed:
    """The same of files that were read already."""
    tables = [table for at, grid in enumerate(grids) for table in read_tables(grid, follows_others=at > 0)]
    outcomes = list(_outcomes(grids, tables))
    found = sorted(
        (each for each in outcomes if isinstance(each, Discrepancy)),
        key=lambda each: (
            list(paths).index(each.spot.file),
            _sheet_number(grids, each),
            each.spot.row,
            each.spot.column,
        ),
    )
    agreed = Counter(each.check for each in outcomes if isinstance(each, Agreed))
    return Reviewed(list(paths), found, agreed, list(_unchecked(grids, tables, agreed)))


def _sheet_number(grids: Sequence[SheetGrid], found: Discrepancy) -> int:
    return next(
        (at for at, grid in enumerate(grids) if (grid.file, grid.name) == (found.spot.file, found.spot.sheet)), 0
    )


def _outcomes(grids: Sequence[SheetGrid], tables: Sequence[SheetTable]) -> Iterator[Outcome]:
    for table in tables:
        if not table.has_several_units:
            yield from _REVIEWS[form_of(table)](table)
        yield from review_products(table)
        yield from review_days(table)
        yield from review_sequence(table)
    marks = {id(table.grid): table.mark for table in tables}
    for grid in grids:
        yield from review_spelled(grid, marks.get(id(grid), ","))
    yield from review_together(tables)


def _unchecked(grids: Sequence[SheetGrid], tables: Sequence[SheetTable], agreed: Counter[str]) -> Iterator[Message]:
    """What could not be verified, and why."""
    for grid in grids:
        yield from grid.notes
        if not any(table.grid is grid for table in tables):
            yield msg('"{sheet}": no figures were found in it.', sheet=grid.name or grid.file)
    for table in tables:
        name = table.title.rpartition(" · ")[2][:60] or table.grid.name or table.grid.file
        has = {row.part for row in table.rows}
        form = form_of(table)
        if table.has_several_units:
            yield msg('"{table}": rupiah and goods stand below one another, so its sums were not judged.', table=name)
        elif form == "unknown":
            yield msg(
                '"{table}": which of its columns are amounts is not known, so its sums were not judged.', table=name
            )
        elif form == "cash book":
            if "opening" not in has:
                yield msg(
                    '"{table}": it names no opening balance, so its first balance was taken as it is.', table=name
                )
            if not has & {"sum", "closing"}:
                yield msg('"{table}": it names no sum of its rows.', table=name)
        elif form == "list" and not has & {"sum", "closing"}:
            yield msg('"{table}": no sum stands under its rows, so they could not be added up against one.', table=name)
    if not agreed["carried"]:
        yield msg("No balance is carried over from another sheet or page.")
    if not agreed["words"]:
        yield msg("No amount is said in words.")
