"""Joining an arisan by commands."""

from __future__ import annotations

import tomllib

import pytest

from tests.conftest import Typist


def test_who_names_no_turn_has_the_next_one(book: Typist) -> None:
    book.must("fund", "add", "rt-07/pkk", "PKK", "--type", "arisan")
    book.must("arisan", "set", "pkk", "10000", "--method", "order")
    for words in (("zamrud", "r001"), ("batu", "r002", "--order", "3"), ("akik", "r003")):
        book.must("arisan", "join", "pkk", *words)
    slots = tomllib.loads((book.folder / "ledgers/rt-07/pkk/fund.toml").read_text())["arisan"]["slots"]
    assert {slot: table["order"] for slot, table in slots.items()} == {"zamrud": 1, "batu": 3, "akik": 4}


@pytest.fixture
def drawing(book: Typist) -> Typist:
    """Three slots whose first round is paid."""
    book.must("fund", "add", "rt-07/arisan", "Arisan", "--type", "arisan")
    book.must("arisan", "set", "arisan", "10000")
    for slot, member in (("a", "budi"), ("b", "tini"), ("c", "agus")):
        book.must("arisan", "join", "arisan", slot, member)
    book.must("arisan", "start", "arisan", "--date", "2026-03-01")
    book.must("collect", "arisan", "--absent", "")
    return book


SAID = ("--said-by", "budi", "--said-by", "tini", "--said-by", "agus")


def test_a_dry_run_of_a_draw_names_no_winner_whatever_the_seed(drawing: Typist) -> None:
    answers = {
        drawing.must("arisan", "draw", "arisan", "--seed", seed, *SAID, "--dry-run", "--format", format_).out
        for seed in ("satu", "dua", "tiga", "empat", "lima")
        for format_ in ("text", "json")
    }
    assert answers == {
        "Round 1 can be drawn, from 3 slots. A dry run names no winner.\n",
        '{"dry_run": true, "round": 1, "candidates": ["a", "b", "c"]}\n',
    }
    assert drawing.lines("rt-07/arisan")[1:] == []


def test_one_who_speaks_three_times_is_not_three(drawing: Typist) -> None:
    answer = drawing("arisan", "draw", "arisan", "--seed", "satu", *(("--said-by", "budi") * 3))
    assert (answer.code, "1 are named" in answer.err) == (3, True)


def test_a_cancelled_draw_is_shown_for_ever(drawing: Typist) -> None:
    first = drawing.must("arisan", "draw", "arisan", "--seed", "padi sawah hujan", *SAID).out.splitlines()
    for line in reversed(first):
        drawing.must("reverse", line[:8], "--reason", "salah dengar")
    drawing.must("arisan", "draw", "arisan", "--result", "c", "--witness", "budi", "--witness", "tini")
    told = drawing.must("arisan", "verify", "arisan").out
    assert "padi sawah hujan" in told and "salah dengar" in told and "witnessed" in told
    rows = drawing.must("arisan", "verify", "arisan", "--format", "json").json["rows"]
    assert [(row["method"], row["right"]) for row in rows] == [("paper", "yes"), ("draw", "cancelled")]
