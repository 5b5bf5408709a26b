"""Books whose reports are added up again: the example book, and made-up books with every kind of entry."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.exchange import books as made_up
from tests.scripts import ROOT, script
from wksbm_cli import open_book
from wksbm_cli.api import Book

EXAMPLE = ROOT / "ledgers"
READER = script("docs/example/reader.py")
YEAR = date(2025, 1, 1), date(2025, 12, 31)


@contextmanager
def drawn(data: st.DataObject) -> Iterator[Book]:
    """A made-up book, drawn by Hypothesis."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        registers = made_up.write_registers(root)
        made_up.write_ledgers(root, data.draw(made_up.entries(registers)))
        with open_book(root) as book:
            yield book


def spans() -> st.SearchStrategy[tuple[date, date]]:
    """A first and a last day within the made-up books."""
    days = st.dates(made_up.FIRST, made_up.LAST)
    return st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


def standing(first: date, last: date) -> list[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """The entries of the example book in a period that stood at its end, read without the program: fund, entry, and for a
    reversal of something earlier what it cancels. What was recorded and cancelled within the period is not among them."""
    entries = {id_: (fund, entry) for fund, id_, entry in READER.entries(EXAMPLE)}
    within = {id_ for id_, (_, entry) in entries.items() if first <= entry["date"] <= last}
    undone = {entries[id_][1]["of"] for id_ in within if entries[id_][1]["kind"] == "reversal"} & within
    found: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = []
    for id_ in within - undone:
        fund, entry = entries[id_]
        if entry["kind"] != "reversal":
            found.append((fund, entry, None))
        elif entry["of"] not in undone:
            found.append((fund, entry, entries[entry["of"]][1]))
    return found


def changes(fund: str, entry: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    """What an entry changes of each fund and unit: its movements between places summed."""
    sums: dict[tuple[str, str], Decimal] = {}
    for of, _, unit, amount in READER.movements(fund, entry, READER.first_places(EXAMPLE)):
        sums[of, unit] = sums.get((of, unit), Decimal()) + amount
    for (of, unit), amount in sums.items():
        if amount:
            yield of, unit, amount
