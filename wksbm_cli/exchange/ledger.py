"""The book for ledger (ledger-cli.org), and the syntax it shares with hledger, which descends from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from wksbm_cli.domain.fund import Fund
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

# Ledger takes lines of at most 4096 bytes, and prints no text of 1024 letters; a letter has up to four bytes.
_LONGEST = 900
# In a description a semicolon begins a comment and a bar separates payee and note; in a tag's value a comma begins
# the next tag and a date in square brackets dates the posting. Each is replaced by a similar character.
_DESCRIPTION = str.maketrans(";|", ",/")
_VALUE = str.maketrans(",[]", ";()")
# Ledger's built-in units: it would convert 90 seconds into 1.5 minutes.
_TIME = ("s", "m", "h")


def write(journal: Journal, say: Say) -> Iterator[str]:
    """The journal, line by line; passes `ledger --pedantic`."""
    names = commodity_names(journal.registers.book.units, lambda code: None if code in _TIME else quoted(code))
    yield comment(say(heading(journal)))
    yield ""
    for unit in journal.units():
        yield f"commodity {names[unit.code]}"
        yield f"    note {one_line(unit.name)}"
        yield f"    format {format_exact(1000 * unit.scale, unit)} {names[unit.code]}"
    yield from tags(journal)
    yield from accounts(journal)
    yield from transactions(journal, names, say)


def quoted(code: str) -> str:
    """A unit's code as a commodity: quoted, because a slug may hold digits and hyphens, or be a word of ledger's own."""
    return code if code == IDR.code else f'"{code}"'


def comment(text: str) -> str:
    return f"; {one_line(text)}"


def one_line(text: str) -> str:
    """A text without runs of spaces, which end a description, and not longer than ledger takes."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…"


def tags(journal: Journal) -> Iterator[str]:
    """Every tag used, declared."""
    used = {"counted"}
    for each in journal.transactions:
        used.update(key for key, _ in entry_tags(each))
        used.update(key for posting in each.postings for key, _ in posting_tags(each, posting))
    yield ""
    yield from (f"tag {key}" for key in sorted(used))


def accounts(journal: Journal, remark: Callable[[Fund, str], str] = lambda fund, account: "") -> Iterator[str]:
    """Declarations of every account used, grouped by fund; with a comment behind each, where the program supports one."""
    for slug, own in journal.accounts().items():
        fund = journal.registers.funds[slug]
        yield ""
        yield comment(f"{fund.name}, {journal.registers.organisations[fund.organisation].name}")
        yield from (f"account {account_name(slug, account)}{remark(fund, account)}" for account in own)


def account_name(fund: str, account: str) -> str:
    return ":".join(account_parts(fund, account))


def transactions(journal: Journal, names: Mapping[str, str], say: Say) -> Iterator[str]:
    """Every transaction: date, id as its code, description, other keys as tags, postings."""
    for each in journal.transactions:
        code = f"({each.entry.id}) " if each.entry else ""
        yield ""
        yield f"{each.date} * {code}{one_line(say(description(each, journal))).translate(_DESCRIPTION)}"
        for key, text in entry_tags(each):
            yield f"    ; {key}: {one_line(text).translate(_VALUE)}"
        yield from _postings(each, journal, names)


def _postings(transaction: Transaction, journal: Journal, names: Mapping[str, str]) -> Iterator[str]:
    def amount(minor: int, unit: str) -> str:
        return f"{format_exact(minor, journal.registers.unit(unit))} {names[unit]}"

    count = transaction.count
    if count is not None:
        yield f"    ; counted: {amount(count.minor, count.unit)}"
    shown = [
        (account_name(posting.fund, posting.account), amount(posting.minor, posting.unit))
        for posting in transaction.postings
    ]
    wide, high = max(len(account) for account, _ in shown), max(len(minor) for _, minor in shown)
    for posting, (account, minor) in zip(transaction.postings, shown, strict=True):
        # Asserted in the order of the file, before entries recorded later are applied.
        checked = count is not None and count.in_order and posting.place == count.place
        assertion = f" = {amount(count.minor, count.unit)}" if count is not None and checked else ""
        # Ledger reads one tag a comment, so that a second one takes a line of its own.
        first, *more = [f"  ; {key}: {text}" for key, text in posting_tags(transaction, posting)] or [""]
        yield f"    {account:<{wide}}  {minor:>{high}}{assertion}{first}"
        yield from (f"      {tag}" for tag in more)
