"""The book for hledger (hledger.org): ledger's syntax, with the directives that hledger reads in its own way."""

from __future__ import annotations

from collections.abc import Iterator

from wksbm_cli.exchange.journal import Journal, Say, commodity_names, exact, heading
from wksbm_cli.exchange.ledger import accounts, comment, quoted, tags, transactions


def write(journal: Journal, say: Say) -> Iterator[str]:
    """The journal, line by line; passes `hledger check --strict`."""
    names = commodity_names(journal.registers.book.units, quoted)
    yield comment(say(heading(journal)))
    yield ""
    # Without this, 2.500 might be two and a half thousand.
    yield "decimal-mark ."
    for unit in journal.units():
        mark = "" if unit.decimals else "."
        yield f"commodity {exact(1000 * unit.scale, unit)}{mark} {names[unit.code]}  ; {comment(unit.name)[2:]}"
    yield from tags(journal)
    yield from accounts(journal)
    yield from transactions(journal, names, say)
