"""The book for beancount (beancount.github.io), and so for fava."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from wksbm_cli.domain.units import IDR
from wksbm_cli.exchange.journal import (
    Journal,
    Say,
    Transaction,
    account_parts,
    commodity_names,
    description,
    entry_tags,
    format_exact,
    heading,
    posting_tags,
)

# A currency has 2 to 24 capital letters, digits and hyphens (beancount 2 is the stricter), and is none of the words of the language.
_CURRENCY = re.compile(r"[a-z][a-z0-9-]{0,22}[a-z0-9]")
_WORDS = ("true", "false", "null")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\""})


def write(journal: Journal, say: Say) -> Iterator[str]:
    """The journal, line by line; passes `bean-check`."""
    names = commodity_names(journal.registers.book.units, _currency)
    yield f'option "title" {_string(say(heading(journal)))}'
    yield f'option "operating_currency" "{names[IDR.code]}"'
    if not journal.transactions:
        return
    first = journal.transactions[0].date
    yield ""
    for unit in journal.units():
        yield f"{first} commodity {names[unit.code]}"
        yield f"  name: {_string(unit.name)}"
        yield f'  unit: "{unit.code}"'
    for fund, own in journal.accounts().items():
        yield ""
        for account in own:
            yield f"{first} open {_account(fund, account)}"
            yield f"  fund: {_string(journal.registers.funds[fund].name)}"
    for transaction in journal.transactions:
        yield ""
        yield from _transaction(transaction, journal, names, say)


def _currency(code: str) -> str | None:
    name = code.lower()
    return name.upper() if _CURRENCY.fullmatch(name) and name not in _WORDS else None


def _account(fund: str, account: str) -> str:
    """In beancount, each component of an account begins with a capital or a digit; slugs have no capitals, so this is injective."""
    return ":".join(part[0].upper() + part[1:] for part in account_parts(fund, account))


def _string(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _transaction(transaction: Transaction, journal: Journal, names: dict[str, str], say: Say) -> Iterator[str]:
    def amount(minor: int, unit: str, tolerance: str = "") -> str:
        return f"{format_exact(minor, journal.registers.unit(unit))}{tolerance} {names[unit]}"

    entry, count = transaction.entry, transaction.count
    yield f"{transaction.date} * {_string(say(description(transaction, journal)))}"
    if entry is not None:
        yield f'  id: "{entry.id}"'
    for key, text in entry_tags(transaction):
        yield f"  {key}: {_string(text)}"
    if count is not None:
        yield f"  counted: {amount(count.minor, count.unit)}"
    for posting in transaction.postings:
        yield f"  {_account(posting.fund, posting.account)}  {amount(posting.minor, posting.unit)}"
        for key, text in posting_tags(transaction, posting):
            yield f"    {key}: {_string(text)}"
    if entry is not None and count is not None and count.at_day_end:
        # Beancount asserts balances at the start of a day, with a default tolerance in the last digit.
        morning = transaction.date + timedelta(days=1)
        counted = amount(count.minor, count.unit, " ~ 0")
        yield ""
        yield f"{morning} balance {_account(entry.fund, f'assets:{count.place}')}  {counted}"
        yield f'  id: "{entry.id}"'
