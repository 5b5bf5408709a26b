"""The book for hledger (hledger.org): ledger's syntax, with the directives that hledger reads in its own way."""

from __future__ import annotations

from collections.abc import Iterator

from wksbm_cli.domain.fund import Fund
from wksbm_cli.exchange.journal import Journal, Say, commodity_names, format_exact, heading, place_in
from wksbm_cli.exchange.ledger import accounts, comment, quoted, tags, transactions


def write(journal: Journal, say: Say) -> Iterator[str]:
    """The journal, line by line; passes `hledger check --strict`."""
    names = commodity_names(journal.registers.book.units, quoted)
    yield comment(say(heading(journal)))
    yield ""
    # Otherwise 2.500 could be parsed as 2500.
    yield "decimal-mark ."
    for unit in journal.units():
        mark = "" if unit.decimals else "."
        yield f"commodity {format_exact(1000 * unit.scale, unit)}{mark} {names[unit.code]}  ; {comment(unit.name)[2:]}"
    yield from tags(journal)
    yield from accounts(journal, _account_type)
    yield from transactions(journal, names, say)


def _account_type(fund: Fund, account: str) -> str:
    """For `hledger cashflow`, which by default infers cash from `bank` but not from `kas`. Goods and loans are other assets."""
    if not account.startswith("assets:"):
        return ""
    place = place_in(account)
    is_cash = place is not None and not (place in fund.places and fund.places[place].kind == "store")
    return f"  ; type: {'C' if is_cash else 'A'}"
