"""However the lines of a book stand in its files, and however the index came to know them, every report is the same."""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange import books
from wksbm_cli import Span, open_book
from wksbm_cli.api import Book
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.kinds import mirrored, postings
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import KindTotals
from wksbm_cli.reports.balance import balance, balance_by_place
from wksbm_cli.reports.cashbook import cashbook
from wksbm_cli.reports.contributions import contributions
from wksbm_cli.reports.disbursements import disbursements
from wksbm_cli.reports.report import Report
from wksbm_cli.reports.summary import summary
from wksbm_cli.standing.held import DayBalances

JANUARY = Span.month(2026, 1)
PART = Span(date(2025, 12, 28), date(2026, 1, 12))


def _registers() -> Registers:
    with tempfile.TemporaryDirectory() as name:
        return books.write_registers(Path(name))


REGISTERS = _registers()
made_up = books.entries(REGISTERS)
spans = st.one_of(
    st.just(Span(None, None)),
    st.just(JANUARY),
    st.lists(st.dates(books.FIRST - timedelta(days=9), books.LAST + timedelta(days=9)), min_size=2, max_size=2).map(
        lambda days: Span(min(days), max(days))
    ),
    st.dates(books.FIRST, books.LAST).map(lambda day: Span(None, day)),
    st.dates(books.FIRST, books.LAST).map(lambda day: Span(day, None)),
)


def append(root: Path, entries: Sequence[Entry]) -> None:
    for entry in entries:
        path = root / entry.fund / f"{entry.date.year}.toml"
        if not path.exists():
            path.write_text("[transactions]\n", encoding="utf-8")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{entry.line}\n")


def answers(root: Path) -> list[str]:
    """Every report of the book: values of which every format is made."""
    with open_book(root) as book:
        return [repr(report) for report in _reports(book)]


def _reports(book: Book) -> list[Report]:
    return [
        *(
            book.report(make, book.funds(), span)
            for make in (balance, balance_by_place)
            for span in (Span(None, None), PART)
        ),
        *(book.report(cashbook, fund, Span(None, None)) for fund in book.funds()),
        *(book.report(contributions, book.funds(), span, as_of=books.LAST) for span in (JANUARY, PART)),
        *(book.report(disbursements, book.funds(), span) for span in (JANUARY, PART)),
        book.report(summary, book.funds(), JANUARY),
    ]


@settings(max_examples=10, deadline=None)
@given(made_up, st.lists(st.integers(0, 20), max_size=3), st.randoms(use_true_random=False), st.data())
def test_lines_in_any_order_read_at_once_or_bit_by_bit(
    entries: list[Entry], cuts: list[int], chance: random.Random, data: st.DataObject
) -> None:
    """As appends, a merge of two copies, and reports in between leave them."""
    with tempfile.TemporaryDirectory() as name:
        once, slowly = Path(name) / "once", Path(name) / "slowly"
        for root in (once, slowly):
            books.write_registers(root)
        append(once, entries)
        expected = answers(once)
        ends = sorted({min(cut, len(entries)) for cut in cuts} | {len(entries)})
        for start, end in zip([0, *ends], ends, strict=False):
            part = entries[start:end]
            chance.shuffle(part)
            append(slowly, part)
            if data.draw(st.booleans()):
                answers(slowly)
        assert answers(slowly) == expected
        # And with every line moved about in its file.
        for path in slowly.glob("*/*/20*.toml"):
            head, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            chance.shuffle(lines)
            path.write_text(head + "".join(lines), encoding="utf-8")
        assert answers(slowly) == expected


# --- every figure, added up again from the postings ---------------------------------------------------------------


def dated_postings(entries: Sequence[Entry]) -> list[tuple[Entry, Posting]]:
    """Each entry with its postings, those of a reversal mirrored: the plain way that the index is not made."""
    known = {entry.id: entry for entry in entries}
    found: list[tuple[Entry, Posting]] = []
    for entry in entries:
        if entry.kind == "reversal":
            of = known[entry.fields["of"]]
            made = list(mirrored(postings(of, REGISTERS.funds[of.fund], REGISTERS.book.units)))
        else:
            made = postings(entry, REGISTERS.funds[entry.fund], REGISTERS.book.units)
        found += [(entry, posting) for posting in made if posting.place is not None]
    return found


def within(day: date, span: Span) -> bool:
    return (span.start is None or span.start <= day) and (span.end is None or day <= span.end)


def figures(
    flows: Mapping[Any, KindTotals],
) -> dict[tuple[str, ...], tuple[int, dict[str, int], dict[str, int]]]:
    return {
        key: (flow.opening, dict(flow.inflow), dict(flow.outflow))
        for key, flow in flows.items()
        if flow.opening or flow.inflow or flow.outflow
    }


@settings(max_examples=25, deadline=None)
@given(made_up, spans)
def test_figures_are_those_of_the_postings(entries: list[Entry], span: Span) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        books.write_registers(root)
        append(root, entries)
        with open_book(root) as book:
            placed = dated_postings(entries)
            funds, places = _expected(placed, span)
            assert figures(book.query.fund_flows(book.registers.funds, span)) == figures(funds)
            assert figures(book.query.place_flows(book.registers.funds, span)) == figures(places)
            # What lies in all places of a fund is what the fund holds.
            of_places: Counter[tuple[str, str]] = Counter()
            for (fund, _, unit), flow in book.query.place_flows(book.registers.funds, span).items():
                of_places[fund, unit] += flow.closing
            held = {key: flow.closing for key, flow in book.query.fund_flows(book.registers.funds, span).items()}
            assert {key: minor for key, minor in of_places.items() if minor} == {
                key: minor for key, minor in held.items() if minor
            }
            _check_lowest(book, placed, span.start or books.FIRST)


def _expected(
    placed: Sequence[tuple[Entry, Posting]], span: Span
) -> tuple[dict[tuple[str, ...], KindTotals], dict[tuple[str, ...], KindTotals]]:
    """Per fund and per place: what there was before, what came in and went out; of a fund, entry by entry."""
    funds: dict[tuple[str, ...], KindTotals] = defaultdict(KindTotals)
    places: dict[tuple[str, ...], KindTotals] = defaultdict(KindTotals)
    nets: Counter[tuple[str, str, str, str]] = Counter()
    cancelled = {entry.fields["of"] for entry, _ in placed if entry.kind == "reversal" and within(entry.date, span)}
    for entry, posting in placed:
        key = posting.fund, str(posting.place), posting.unit
        if within(entry.date, span) and entry.kind == "opening" and entry.id not in cancelled:
            funds[posting.fund, posting.unit].opening += posting.minor
            places[key].opening += posting.minor
        elif within(entry.date, span):
            nets[entry.id, entry.kind, posting.fund, posting.unit] += posting.minor
            places[key].add("", max(posting.minor, 0), max(-posting.minor, 0))
        elif span.start is not None and entry.date < span.start:
            funds[posting.fund, posting.unit].opening += posting.minor
            places[key].opening += posting.minor
    for (_, kind, fund, unit), minor in nets.items():
        funds[fund, unit].add(kind, max(minor, 0), max(-minor, 0))
    return funds, places


def _check_lowest(book: Book, placed: Sequence[tuple[Entry, Posting]], day: date) -> None:
    """The rule that no place gives what it has not leans on this."""
    for fund, place, unit in {(posting.fund, str(posting.place), posting.unit) for _, posting in placed}:
        changes = [
            (entry.date, posting.minor)
            for entry, posting in placed
            if (posting.fund, posting.place, posting.unit) == (fund, place, unit)
        ]
        days = [day + timedelta(days=past) for past in range((books.LAST - day).days + 60)]
        held = {each: sum(minor for when, minor in changes if when <= each) for each in days}
        lowest = min(held.values())
        first = min(each for each in days if held[each] == lowest)
        assert DayBalances(book.query, day).lowest(fund, place, unit, day) == (lowest, first)
        earlier = DayBalances(book.query, day - timedelta(days=40))
        assert earlier.lowest(fund, place, unit, day) == (lowest, first)
        assert book.query.place_balance(fund, place, unit, day) == held[day]
