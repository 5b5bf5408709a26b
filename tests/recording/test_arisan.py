"""Joining an arisan by commands."""

from __future__ import annotations

import tomllib

from tests.conftest import Typist


def test_who_names_no_turn_has_the_next_one(book: Typist) -> None:
    book.must("fund", "add", "rt-07/pkk", "PKK", "--type", "arisan")
    book.must("arisan", "set", "pkk", "10000", "--method", "order")
    for words in (("zamrud", "r001"), ("batu", "r002", "--order", "3"), ("akik", "r003")):
        book.must("arisan", "join", "pkk", *words)
    slots = tomllib.loads((book.folder / "ledgers/rt-07/pkk/fund.toml").read_text())["arisan"]["slots"]
    assert {slot: table["order"] for slot, table in slots.items()} == {"zamrud": 1, "batu": 3, "akik": 4}
