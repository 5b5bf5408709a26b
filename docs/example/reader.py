"""A reader of books written from docs/format.md alone: nothing of the program, only Python's own library.

    python docs/example/reader.py ledgers                 what every place holds
    python docs/example/reader.py ledgers 2025-12-31      what it held at the end of that day

It checks each line's id, refuses what it does not know, and adds up. The tests hold the program to its figures.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any

LINE = re.compile(r"([0-9a-f]{12}|[0-9a-f]{32}) = (\{ .+ \})")
# (fund, place, unit) and how much comes in there
Movement = tuple[str, str, str, Decimal]


def entries(book: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every entry of a book: its fund (of a decision its organisation), its id, its table."""
    ledgers = [*book.glob("*/[0-9][0-9][0-9][0-9].toml"), *book.glob("*/*/[0-9][0-9][0-9][0-9].toml")]
    for ledger in sorted(ledgers):
        fund = str(ledger.parent.relative_to(book))
        for line in ledger.read_text(encoding="utf-8").split("\n"):
            if not line.strip() or line.startswith("#") or line == "[transactions]":
                continue
            found = LINE.fullmatch(line)
            assert found, f"{ledger}: no entry: {line}"
            id_, table = found.groups()
            digest = blake2b(f"{fund}\n{table}".encode(), digest_size=len(id_) // 2).hexdigest()
            assert digest == id_, f"{ledger}: changed: {line}"
            entry = tomllib.loads(line, parse_float=Decimal)[id_]
            assert (entry["kind"] == "decision") == ("/" not in fund), f"{ledger}: not its place: {line}"
            assert entry["date"].year == int(ledger.stem), f"{ledger}: another year: {line}"
            yield fund, id_, entry


def first_places(book: Path) -> dict[str, str]:
    """The place of each fund where money is unless an entry says otherwise."""
    return {
        str(path.parent.relative_to(book)): next(iter(tomllib.loads(path.read_text(encoding="utf-8"))["places"]))
        for path in book.glob("*/*/fund.toml")
    }


def movements(fund: str, entry: dict[str, Any], first: dict[str, str]) -> Iterator[Movement]:
    """What one entry, other than a reversal, brings into and takes out of places."""
    if entry["kind"] == "decision":
        return
    place = entry.get("place") or entry.get("collector") or first[fund]
    unit, amount = entry.get("unit", "IDR"), Decimal(entry.get("amount", 0))
    match entry["kind"]:
        case "opening" | "donation" | "income" | "saving" | "repayment":
            yield fund, place, unit, amount
        case "contribution":
            yield fund, place, unit, sum(map(Decimal, entry["members"].values()), Decimal())
            for other, part in entry.get("split", {}).items():
                yield fund, place, unit, -Decimal(part["amount"])
                yield other, part["place"], unit, Decimal(part["amount"])
        case "disbursement" | "expense" | "return" | "loan" | "withdrawal":
            yield fund, place, unit, -amount
        case "transfer":
            yield fund, place, unit, -amount
            yield entry["to_fund"], entry["to_place"], unit, amount
        case "move":
            yield fund, place, unit, -amount
            yield fund, entry["to_place"], unit, amount
        case "exchange":
            yield fund, place, unit, -amount
            yield fund, entry["to_place"], entry.get("get_unit", "IDR"), Decimal(entry["get"])
        case "payout" | "surplus":
            yield fund, place, unit, -sum(map(Decimal, entry.get("members", {}).values()), Decimal())
        case "settlement" | "win" | "reschedule" | "write-off":
            return
        case "count":
            yield fund, place, unit, Decimal(entry["difference"])
        case kind:
            raise AssertionError(f"a kind this reader does not know: {kind}")


def balances(book: Path, until: date = date.max) -> dict[tuple[str, str, str], Decimal]:
    """What each (fund, place, unit) holds at the end of a day, places that hold nothing left out."""
    first, found = first_places(book), {}
    for fund, id_, entry in entries(book):
        assert id_ not in found, f"twice in the book: {id_}"
        found[id_] = fund, entry
    reversals: dict[str, str] = {}
    for id_, (_, entry) in found.items():
        if entry["kind"] == "reversal":
            reversals[entry["of"]] = min(id_, reversals.get(entry["of"], id_))
    held: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for id_, (fund, entry) in found.items():
        if entry["date"] > until:
            continue
        sign, booked = 1, entry
        if entry["kind"] == "reversal":
            sign, (of, booked) = -1, found[entry["of"]]
            assert of == fund and booked["kind"] != "reversal"
            if reversals[entry["of"]] != id_:
                continue  # cancelled by another reversal
        for to, place, unit, amount in movements(fund, booked, first):
            held[to, place, unit] += sign * amount
    return {key: amount for key, amount in sorted(held.items()) if amount}


if __name__ == "__main__":
    day = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else date.max
    for (fund, place, unit), amount in balances(Path(sys.argv[1]), day).items():
        sys.stdout.write(f"{fund}\t{place}\t{unit}\t{amount.normalize():f}\n")
