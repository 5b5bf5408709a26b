"""Other accounting programs re-add our books and come to the same figures: per fund, place, member and month, at any date."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Typist
from tests.exchange import books
from tests.exchange.oracles import Held, Oracle, Paid, every_program
from wksbm_cli import Span, open_book
from wksbm_cli.api import ALL, Book
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.registers import Fund
from wksbm_cli.exchange.journal import make_journal
from wksbm_cli.index.lending import loans
from wksbm_cli.render.language import Language

EXAMPLE = Path(__file__).parents[2] / "ledgers"


def our_places(book: Book, funds: Sequence[Fund], day: date) -> Held:
    slugs = {fund.slug: fund.slug.replace("/", ":") for fund in funds}
    return {
        (f"assets:{slugs[fund]}:{place}", unit): Decimal(held.number)
        for (fund, place, unit), held in book.place_balances(day).items()
        if held.minor and fund in slugs
    }


def our_funds(book: Book, funds: Sequence[Fund], day: date) -> dict[tuple[str, str], Decimal]:
    slugs = {fund.slug for fund in funds}
    return {key: Decimal(held.number) for key, held in book.balances(day).items() if held.minor and key[0] in slugs}


def our_savings(book: Book, funds: Sequence[Fund], day: date) -> Held:
    """What the funds owe their members."""
    return {
        (f"liabilities:{fund.slug.replace('/', ':')}:savings:{member}", fund.unit.code): -Decimal(owed.number)
        for fund in funds
        for member, classes in book.query.savings(fund.slug, day).items()
        if (owed := book.registers.amount(sum(classes.values()), fund.unit.code)).minor
    }


def our_loans(book: Book, funds: Sequence[Fund], day: date) -> Held:
    """What members owe the funds."""
    owed: Held = defaultdict(Decimal)
    for fund in funds:
        for loan in loans(book.query, book.registers, fund, day):
            account = f"assets:{fund.slug.replace('/', ':')}:loans:{loan.member}"
            owed[account, fund.unit.code] += Decimal(
                book.registers.amount(loan.at(day).outstanding, fund.unit.code).number
            )
    return {key: amount for key, amount in owed.items() if amount}


def is_place(account: str) -> bool:
    """`assets:rt-07:kas-sosial:bank`, not `assets:rt-07:simpan-pinjam:loans:r001`."""
    root, *rest = account.split(":")
    return root == "assets" and len(rest) == 3


def our_paid(book: Book, funds: Sequence[Fund], span: Span) -> Paid:
    """What members contributed; of an arisan, less the pots they received."""
    paid: Paid = defaultdict(Decimal)
    for sum_ in book.query.paid(book.registers, [fund.slug for fund in funds], span):
        amount = book.registers.amount(sum_.minor, sum_.unit)
        paid[sum_.fund, sum_.member, sum_.unit, sum_.month] += Decimal(amount.number)
    for entry in book.entries(funds, span, ["payout", "reversal"]):
        pot = book.query.entry(entry.fields["of"]) if entry.kind == "reversal" else entry
        for member, amount in pot.fields["members"].items() if pot and pot.kind == "payout" else ():
            key = (entry.fund, member, pot.fields.get("unit", "IDR"), f"{entry.date:%Y-%m}")
            paid[key] += amount if entry.kind == "reversal" else -amount
    return {key: amount for key, amount in paid.items() if amount}


def agree(
    program: type[Oracle],
    book: Book,
    path: Path,
    days: Sequence[date],
    span: Span = ALL,
    fund: str | None = None,
    *,
    lawful: bool = True,
) -> None:
    """Export (a period of a fund of) the book and compare what the program says at the end of these days.

    A book that is not `lawful` may hold repayments larger than their loans, of which nothing can be said.
    """
    funds = [book.fund(fund)] if fund else book.funds()
    writer = import_module(f"wksbm_cli.exchange.{program.program}")
    journal = make_journal(book.query, book.registers, funds, span)
    path.write_text("".join(f"{line}\n" for line in writer.write(journal, Language("en").say)), encoding="utf-8")
    oracle = program(path)
    assert oracle.complaints() == ""
    held = oracle.held(days)
    for day in days:
        places = {key: amount for key, amount in held[day].items() if is_place(key[0])}
        assert places == our_places(book, funds, day), f"places on {day}"
        by_fund: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (account, unit), amount in places.items():
            by_fund["/".join(account.split(":")[1:3]), unit] += amount
        assert {key: amount for key, amount in by_fund.items() if amount} == our_funds(book, funds, day)
        if lawful:
            lent = {key: amount for key, amount in held[day].items() if ":loans:" in key[0]}
            assert lent == our_loans(book, funds, day), f"loans on {day}"
        saved = {key: amount for key, amount in held[day].items() if ":savings:" in key[0]}
        assert saved == our_savings(book, funds, day), f"savings on {day}"
    paid = oracle.paid()
    if span.start is not None:  # what members had paid before is carried in, in no month of the period
        carried = f"{span.start - timedelta(days=1):%Y-%m}"
        paid = {key: amount for key, amount in paid.items() if key[3] != carried}
    assert paid == our_paid(book, funds, span)


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
            agree(program, book, root / "export", days, Span(start, None), fund, lawful=False)


@every_program
def test_a_book_recorded_by_commands(full_book: Typist, program: type[Oracle]) -> None:
    with open_book(full_book.folder) as book:
        assert {entry.kind for entry in book.entries()} == set(KINDS), "record the missing kinds in conftest.COMMANDS"
        days = _days(Span(date(2025, 12, 31), date(2026, 2, 11)))
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
        every_month = [span.start - timedelta(days=1), *(day for day in _days(span) if day.day in (1, 15)), span.end]
        agree(program, book, tmp_path / "whole", every_month)
        agree(
            program,
            book,
            tmp_path / "year",
            [d for d in every_month if d.year == span.end.year],
            Span.year(span.end.year),
        )


def _days(span: Span) -> list[date]:
    assert span.start and span.end
    return [span.start + timedelta(days=n) for n in range((span.end - span.start).days + 1)]
