"""Reviewing a report of lists under headings: receipts, payments and balance of one fund after another.

Headings give the direction ("Penerimaan", "B. Pengeluaran"); a sum ends a section; a closing balance ends a fund.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.review.cash_book import ADD_UP, nearest
from wksbm_cli.review.causes import Summand, likely_slip
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, spot
from wksbm_cli.sheets.figures import Figure
from wksbm_cli.sheets.tables import SheetRow, SheetTable

IN, OUT = "in", "out"
_IN = re.compile(r"\b(penerimaan|pemasukan|pendapatan|masuk|diterima|terima|income|receipts?|debet)\b", re.I)
_OUT = re.compile(
    r"\b(pengeluaran|penyaluran|belanja|keluar|dikeluarkan|biaya|penggunaan|expenses?|payments?|kredit)\b", re.I
)
# "Total pemasukan" in a short message is a sum that no rows stand above.
_ONLY_A_WAY = re.compile(r"^\W*(total |jumlah )?(uang |kas |dana )?[a-z]+( (kas|uang|dana|bulan ini))?\W*$", re.I)


def way_of(text: str) -> str:
    """The direction that words name; '' for none or both."""
    inward, outward = bool(_IN.search(text)), bool(_OUT.search(text))
    return "" if inward == outward else IN if inward else OUT


class Stated(NamedTuple):
    """A total or balance stated in the report: its label, place and figure."""

    label: str
    row: int
    column: int
    figure: Figure


class SheetAccount(NamedTuple):
    """One fund in a list: its opening and closing balance, and the sums of receipts and payments."""

    title: str
    opening: Stated | None
    sums: dict[str, Stated]
    closing: Stated | None


def review_list(table: SheetTable) -> Iterator[Outcome]:
    """Every sum and every balance of a list."""
    walk = _Walk(table)
    for row in table.rows:
        yield from walk.read(row)


def accounts_of(table: SheetTable) -> list[SheetAccount]:
    """The funds in a list, for comparison with other tables."""
    walk = _Walk(table)
    for row in table.rows:
        for _ in walk.read(row):
            pass
    return walk.accounts()


class _Walk:
    """State of a walk down a list: the current section and fund."""

    def __init__(self, table: SheetTable) -> None:
        self._table = table
        self._done: list[SheetAccount] = []
        self._begin("")
        columns = table.columns
        heads = (
            []
            if columns is None
            else [columns.titles[column] for column in columns.of("text") if column in columns.titles]
        )
        self._way = next((way for head in heads if (way := way_of(head))), "")

    def _begin(self, title: str) -> None:
        self._account_title = title
        self._opening: Stated | None = None
        self._sums: dict[str, Stated] = {}
        self._computed: dict[str, Figure] = {}
        self._closing: Stated | None = None
        self._way = ""
        self._items: list[Summand] = []
        self._all: list[Summand] = []
        self._terms: list[Summand] = []
        self._opening_is_listed = False

    def accounts(self) -> list[SheetAccount]:
        self._finish()
        return self._done

    def _finish(self) -> None:
        if self._opening or self._sums or self._closing:
            self._done.append(SheetAccount(self._account_title, self._opening, dict(self._sums), self._closing))

    def read(self, row: SheetRow) -> Iterator[Outcome]:
        stated = self._stated(row)
        if stated is None:
            if row.part == "heading":
                self._heading(row.label)
            return
        match row.part:
            case "opening" | "carried":
                if self._closing is not None:
                    self._finish()
                    self._begin(self._account_title)
                self._opening = self._opening or stated
                self._opening_is_listed = self._way == IN
            case "sum":
                yield from self._sum(stated)
            case "closing":
                yield from self._closes(stated)
            case _:
                way = way_of(row.label) if _ONLY_A_WAY.match(row.label) and not self._way else ""
                if way and way not in self._sums:
                    self._sums[way] = stated
                    self._computed[way] = stated.figure
                else:
                    self._items.append((row.number, stated.figure))
                    self._terms.append((row.number, stated.figure))
                    self._all.append((row.number, stated.figure))

    def _stated(self, row: SheetRow) -> Stated | None:
        """The figure of a row: that under the head of amounts, else the last one that is no count of people or things."""
        columns = self._table.columns
        amount = columns.first("amount") if columns else None
        counts = columns.of("quantity", "price") if columns else []
        at = [column for column in row.figures if column not in counts and amount in (None, column)]
        if not at:
            return None
        return Stated(row.label, row.number, max(at), row.figures[max(at)])

    def _heading(self, label: str) -> None:
        way = way_of(label)
        if self._closing is not None or (way == IN and (IN in self._sums or OUT in self._sums)):
            self._finish()
            self._begin(self._account_title if way else label)
        elif not way and not self._sums and not self._all:
            self._account_title = label
        if way:
            self._way, self._items, self._all, self._terms = way, [], [], []
        else:
            self._items = []

    def _sum(self, stated: Stated) -> Iterator[Outcome]:
        way = way_of(stated.label) or self._way
        if self._items or self._all:
            meant, summands = self._meant(stated)
            ending = way_of(stated.label) != "" or len(meant) == 1 or not self._way
            if stated.figure in meant:
                yield Agreed("sum")
                computed = stated.figure
            else:
                computed = nearest(meant, stated.figure)
                yield self._unlike(stated, "sum", computed, summands)
            del self._terms[len(self._terms) - len(self._items) :]
            self._terms.append((stated.row, stated.figure))
            self._items = []
            if way and (ending or way not in self._sums):
                self._sums[way], self._computed[way] = stated, computed
            if way_of(stated.label):
                self._all, self._way = [], ""
        elif way in self._sums:
            if stated.figure in (self._sums[way].figure, self._computed[way]):
                yield Agreed("repeated")
            else:
                yield self._unlike(stated, "repeated", self._sums[way].figure, ())
        elif way:
            self._sums[way], self._computed[way] = stated, stated.figure

    def _meant(self, stated: Stated) -> tuple[list[Figure], list[Summand]]:
        """Candidate meanings of a sum, the likeliest first, with their summands."""
        here = sum(figure for _, figure in self._items)
        everything = sum(figure for _, figure in self._all)
        meant = [everything] if way_of(stated.label) and len(self._terms) > len(self._items) else [here, everything]
        if not self._items:
            meant = [everything]
        # Of sums and what stands beside them, as in "Jumlah liabilitas dan aset neto": the last two, three ... together.
        meant += list(accumulate(figure for _, figure in reversed(self._terms)))
        if self._opening is not None and self._way in (IN, ""):
            with_opening = [each + self._opening.figure for each in meant]
            meant = [*with_opening, *meant] if self._opening_is_listed else [*meant, *with_opening]
        return list(dict.fromkeys(meant)), (self._items or self._all)

    def _closes(self, stated: Stated) -> Iterator[Outcome]:
        """Check a closing balance: opening plus receipts minus payments, as printed or as recomputed."""
        if self._closing is not None:
            if stated.figure == self._closing.figure:
                yield Agreed("repeated")
            return
        opening = self._opening.figure if self._opening else 0
        if not self._sums and not self._all:
            self._closing = stated
            return
        meant: list[Figure] = []
        for sums in ({way: each.figure for way, each in self._sums.items()}, self._computed):
            inward, outward = sums.get(IN, 0), sums.get(OUT, 0)
            if self._all and self._way and self._way not in self._sums:
                rest = sum(figure for _, figure in self._all)
                inward, outward = (rest, outward) if self._way == IN else (inward, rest)
            before = [opening + inward - outward, inward - outward]
            meant += before if not self._opening_is_listed else before[::-1]
        if not self._sums and not self._way:
            meant = [opening + sum(figure for _, figure in self._all)]
        if stated.figure in meant:
            yield Agreed("closing")
        else:
            yield self._unlike(stated, "closing", nearest(meant, stated.figure), ())
        self._closing = stated

    def _unlike(self, stated: Stated, check: str, computed: Figure, summands: Sequence[Summand]) -> Discrepancy:
        text = (
            msg(
                '"{label}" says {printed}; above it says {computed}.',
                label=stated.label[:60],
                printed=stated.figure,
                computed=computed,
            )
            if check == "repeated"
            else msg(
                '"{label}" says {printed}; the rows come to {computed}.',
                label=stated.label[:60],
                printed=stated.figure,
                computed=computed,
            )
        )
        return Discrepancy(
            spot(self._table.grid, stated.row, stated.column),
            check,
            text,
            stated.figure,
            computed,
            likely_slip(stated.figure, computed, summands),
            ADD_UP,
        )
