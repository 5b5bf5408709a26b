"""What agreement with another accounting program means: the same places, funds, savings, loans and payments as ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from tests.exchange.oracles import Held, Oracle, Paid
from wksbm_cli import Span
from wksbm_cli.api import ALL, Book
from wksbm_cli.domain.fund import Fund
from wksbm_cli.exchange.journal import make_journal
from wksbm_cli.render.language import Language
from wksbm_cli.standing.lending import loans


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
        for loan in loans(book.query, fund, day):
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
        assert pot is not None
        for member, amount in pot.fields["members"].items() if pot.kind == "payout" else ():
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
) -> None:
    """Export (a period of a fund of) the book and compare what the program says at the end of these days."""
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
        lent = {key: amount for key, amount in held[day].items() if ":loans:" in key[0]}
        assert lent == our_loans(book, funds, day), f"loans on {day}"
        saved = {key: amount for key, amount in held[day].items() if ":savings:" in key[0]}
        assert saved == our_savings(book, funds, day), f"savings on {day}"
    paid = oracle.paid()
    if span.start is not None:  # what members had paid before is carried in, in no month of the period
        carried = f"{span.start - timedelta(days=1):%Y-%m}"
        paid = {key: amount for key, amount in paid.items() if key[3] != carried}
    assert paid == our_paid(book, funds, span)


def days_of(span: Span) -> list[date]:
    """Every day of a span."""
    assert span.start and span.end
    return [span.start + timedelta(days=n) for n in range((span.end - span.start).days + 1)]
