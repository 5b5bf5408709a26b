"""Other accounting programs re-add our books and come to the same figures: per fund, place, member and month, at any date."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Typist
from tests.exchange import books
from tests.exchange.agreement import agree, days_of
from tests.exchange.oracles import Oracle, every_program
from wksbm_cli import Span, open_book
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS, kinds_where

EXAMPLE = Path(__file__).parents[2] / "ledgers"

# Decisions about registers move nothing, and are in no journal.
OF_FUNDS = set(kinds_where(lambda kind: kind.kept_in == "fund"))


def test_the_made_up_books_leave_no_kind_or_key_out(tmp_path: Path) -> None:
    registers = books.write_registers(tmp_path)
    holding: Counter[str] = Counter()
    cancelled: Counter[str] = Counter()
    keys: Counter[tuple[str, str]] = Counter()

    @settings(max_examples=800, derandomize=True, database=None, phases=[Phase.generate])
    @given(books.entries(registers))
    def count(entries: list[Entry]) -> None:
        kinds = {entry.id: entry.kind for entry in entries}
        holding.update(set(kinds.values()))
        cancelled.update(kinds[entry.fields["of"]] for entry in entries if entry.kind == "reversal")
        keys.update((entry.kind, key) for entry in entries for key in entry.fields)

    count()
    assert set(holding) == OF_FUNDS
    assert min(holding.values()) > 60, holding
    assert set(cancelled) == OF_FUNDS - {"reversal"}
    # An arisan is in rupiah, which is not said.
    assert {(kind.name, key.name) for kind in KINDS.values() if kind.name in OF_FUNDS for key in kind.keys} - set(
        keys
    ) == {("payout", "unit"), *books.TAKEN_OVER}


@every_program
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_made_up_books_of_every_kind(program: type[Oracle], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        registers = books.write_registers(root)
        entries = data.draw(books.entries(registers))
        books.write_ledgers(root, entries)
        start = data.draw(st.sampled_from((None, date(2026, 1, 1), date(2026, 2, 1))))
        fund = data.draw(st.sampled_from((None, None, *registers.funds)))
        first = start or books.FIRST - timedelta(days=1)
        days = sorted({first, books.LAST, *data.draw(st.lists(st.dates(first, books.LAST), max_size=2))})
        with open_book(root) as book:
            agree(program, book, root / "export", days, Span(start, None), fund)


@every_program
def test_a_book_recorded_by_commands(full_book: Typist, program: type[Oracle]) -> None:
    with open_book(full_book.folder) as book:
        assert {entry.kind for entry in book.entries()} == OF_FUNDS, "record the missing kinds in conftest.COMMANDS"
        days = days_of(Span(date(2025, 12, 31), date(2026, 2, 11)))
        path = full_book.folder / "export"
        agree(program, book, path, days)
        agree(program, book, path, [day for day in days if day.month == 2], Span.month(2026, 2))
        for fund in book.funds():
            agree(program, book, path, days[-2:], fund=fund.slug)


@every_program
def test_the_example_book(program: type[Oracle], tmp_path: Path) -> None:
    if not (EXAMPLE / "book.toml").exists():
        pytest.skip("there is no example book in ledgers/ yet")
    shutil.copytree(EXAMPLE, tmp_path / "book", ignore=shutil.ignore_patterns(".wksbm"))
    with open_book(tmp_path / "book") as book:
        span = book.query.span_of_entries()
        assert span.start and span.end
        every_month = [span.start - timedelta(days=1), *(day for day in days_of(span) if day.day in (1, 15)), span.end]
        agree(program, book, tmp_path / "whole", every_month)
        agree(
            program,
            book,
            tmp_path / "year",
            [d for d in every_month if d.year == span.end.year],
            Span.year(span.end.year),
        )
