"""The commonest sheet there is: households down, months or nights across, and a sum at each end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from wksbm_cli.domain.message import msg
from wksbm_cli.review.cash_book import ADD_UP
from wksbm_cli.review.causes import Summand, likely_slip
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, spot
from wksbm_cli.sheets.figures import Figure
from wksbm_cli.sheets.tables import SheetRow, SheetTable


def review_matrix(table: SheetTable) -> Iterator[Outcome]:
    """The sum of each row and of each column against its cells; the corner against both."""
    assert table.columns is not None
    periods, total = table.columns.of("period"), table.columns.first("total")
    down: dict[int, list[Summand]] = defaultdict(list)
    for row in table.rows:
        across = [(row.number, row.figures[column]) for column in periods if column in row.figures]
        if total is not None and total in row.figures and across:
            yield _compared(table, row, total, sum(figure for _, figure in across), ())
        if row.part == "sum":
            for column in periods:
                if column in row.figures and down[column]:
                    yield _compared(table, row, column, sum(each for _, each in down[column]), down[column])
            if total is not None and total in row.figures and down[total] and not across:
                yield _compared(table, row, total, sum(each for _, each in down[total]), down[total])
        elif row.part == "entry":
            for column in (*periods, *([total] if total is not None else [])):
                if column in row.figures:
                    down[column].append((row.number, row.figures[column]))


def _compared(table: SheetTable, row: SheetRow, column: int, computed: Figure, summands: Sequence[Summand]) -> Outcome:
    printed = row.figures[column]
    if printed == computed:
        return Agreed("matrix")
    text = msg(
        'The sum of "{label}" says {printed}; its cells come to {computed}.',
        label=row.label[:60],
        printed=printed,
        computed=computed,
    )
    place = spot(table.grid, row.number, column)
    return Discrepancy(place, "matrix", text, printed, computed, likely_slip(printed, computed, summands), ADD_UP)
