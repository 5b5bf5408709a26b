"""Checking words beside figures: amounts spelled out, and products like "40 households at 5.000"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from wksbm_cli.domain.message import msg
from wksbm_cli.review.causes import likely_slip
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, spot
from wksbm_cli.sheets.figures import Figure, read_figure, read_words, size
from wksbm_cli.sheets.grid import SheetGrid
from wksbm_cli.sheets.tables import SheetTable

_SPELLED = re.compile(r"\b(?:terbilang|sejumlah|uang sejumlah|banyaknya uang|in words)\b\s*:?\s*(?P<words>.*)", re.I)
# The distance in rows at which the figure of spelled words is searched.
_NEAR = 3
_FACTOR = r"(?:rp\.?\s*)?\d[\d.,]*(?:,-)?"
_PRODUCT = re.compile(
    rf"(?P<first>{_FACTOR})\s*(?:kk|rumah|orang|warga|jiwa|bln|bulan|malam|minggu|paket|kg|anggota|peserta|buah|bungkus|hari|anak)?\.?"
    rf"(?:\s*(?:x|×|@|\*)\s*(?P<second>{_FACTOR}))\s*(?:kk|rumah|orang|warga|jiwa|bln|bulan|malam|minggu|hari)?"
    rf"(?:\s*(?:x|×|\*)\s*(?P<third>{_FACTOR}))?",
    re.I,
)


def review_spelled(grid: SheetGrid, mark: str) -> Iterator[Outcome]:
    """Amounts spelled out in Indonesian against the figures near them."""
    for number, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if type(cell) is not str or not (found := _SPELLED.search(cell)):
                continue
            words = found["words"].strip(' #="()')
            if not words:
                words = next((str(each) for each in cells[column + 1 :] if isinstance(each, str)), "")
            spelled = read_words(words.strip(' #="()'))
            if spelled is None:
                continue
            near = [
                (abs(number - other), figure)
                for other in range(max(0, number - _NEAR), min(len(grid.rows), number + _NEAR + 1))
                for each in grid.rows[other]
                if (figure := read_figure(each, mark)) is not None and size(figure) >= 100
            ]
            if not near:
                continue
            if any(figure == spelled for _, figure in near):
                yield Agreed("words")
                continue
            printed = min(near)[1]
            text = msg("In words it says {spelled}, in figures {printed}.", spelled=spelled, printed=printed)
            yield Discrepancy(
                spot(grid, number, column), "words", text, printed, spelled, likely_slip(printed, spelled)
            )


def review_products(table: SheetTable) -> Iterator[Outcome]:
    """Products (number times amount), in words or in columns, against the resulting figure."""
    columns = table.columns
    quantity, price, amount = (columns.first(part) if columns else None for part in ("quantity", "price", "amount"))
    for row in table.rows:
        if row.part not in ("entry", "sum"):
            continue
        if quantity is not None and price is not None and amount is not None:
            figures_of = row.figures
            if quantity in figures_of and price in figures_of and amount in figures_of:
                product = figures_of[quantity] * figures_of[price]
                yield from _compared(table, row.number, amount, figures_of[amount], product)
            continue
        said = _product(row.label, table.mark)
        figures = {
            figure
            for column, figure in row.figures.items()
            if columns is None or columns.parts.get(column) != "balance"
        }
        if said is not None and len(figures) == 1:
            column = next(column for column, figure in row.figures.items() if figure in figures)
            yield from _compared(table, row.number, column, figures.pop(), said)


def _product(label: str, mark: str) -> Figure | None:
    found = _PRODUCT.search(label)
    if found is None:
        return None
    product: Figure = 1
    for name in ("first", "second", "third"):
        if found[name]:
            factor = read_figure(found[name].rstrip(".,"), mark)
            if factor is None:
                return None
            product = product * factor
    return int(product) if product == int(product) else Decimal(product)


def _compared(table: SheetTable, row: int, column: int, printed: Figure, computed: Figure) -> Iterator[Outcome]:
    if printed == computed:
        yield Agreed("product")
        return
    text = msg("It says {printed}; so many at so much come to {computed}.", printed=printed, computed=computed)
    yield Discrepancy(spot(table.grid, row, column), "product", text, printed, computed, likely_slip(printed, computed))
