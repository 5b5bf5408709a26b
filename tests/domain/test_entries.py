"""Entries of every kind: their line says all of them and nothing else, and what they book sums to zero."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from shutil import which

import pytest
import tomli
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.exchange import books
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.inline import inline
from wksbm_cli.domain.kinds import mirrored, postings
from wksbm_cli.domain.line import make_entry, parse_line
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.compile import effect_of


def _registers() -> Registers:
    with tempfile.TemporaryDirectory() as name:
        return books.write_registers(Path(name))


REGISTERS = _registers()
AT = datetime.fromisoformat("2026-02-09T19:16:31+07:00")
made_up = books.entries(REGISTERS)
# Whatever a line may hold: texts of any letters but control characters, numbers, days, moments, lists and tables of these.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
values = st.recursive(
    st.one_of(
        texts,
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
        st.dates(),
        st.datetimes(timezones=st.just(AT.tzinfo)).map(lambda moment: moment.replace(microsecond=0)),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def booked(entry: Entry) -> list[Posting]:
    return postings(entry, REGISTERS.funds[entry.fund], REGISTERS.book.units)


@given(st.dictionaries(texts, values, max_size=6))
def test_a_table_is_written_as_toml_reads_it(table: dict[str, object]) -> None:
    line = inline(table)
    assert "\n" not in line
    assert tomli.loads(f"x = {line}", parse_float=Decimal)["x"] == table


@settings(max_examples=40)
@given(made_up)
def test_an_entry_is_read_from_its_line_as_it_was_made(entries: list[Entry]) -> None:
    for entry in entries:
        assert parse_line(entry.fund, entry.line) == entry
        again = {key: value for key, value in entry.fields.items() if key not in ("by", "at", "twin", "row")}
        twin = entry.fields.get("twin", 1)
        row = entry.fields.get("row")
        assert make_entry(entry.fund, entry.kind, entry.date, again, entry.by, entry.at, twin, row=row) == entry


@settings(max_examples=40)
@given(made_up, st.data())
def test_a_line_with_one_letter_changed_is_no_entry(entries: list[Entry], data: st.DataObject) -> None:
    assume(entries)
    entry = data.draw(st.sampled_from(entries))
    at = data.draw(st.integers(0, len(entry.line) - 1))
    letter = data.draw(st.sampled_from('0123456789abcdef {}="rt-\\').filter(lambda letter: letter != entry.line[at]))
    with pytest.raises(Trouble):
        parse_line(entry.fund, entry.line[:at] + letter + entry.line[at + 1 :])
    with pytest.raises(Trouble):
        parse_line(entry.fund, entry.line[:at] + entry.line[at + 1 :])
    with pytest.raises(Trouble):
        parse_line("rt-07/kas-2" if entry.fund != "rt-07/kas-2" else "rt-07/kas", entry.line)


@pytest.mark.skipif(which("b2sum") is None, reason="coreutils are not installed")
def test_anyone_can_check_an_id_with_coreutils() -> None:
    entry = make_entry("rt-07/kas", "income", AT.date(), {"amount": 5, "from": 'Bu "Éy" \\'}, "siti", AT)
    text = subprocess.run(["printf", "%s\\n%s", entry.fund, entry.text], capture_output=True, check=True).stdout
    summed = subprocess.run(["b2sum", "-l", "128"], input=text, capture_output=True, check=True).stdout.decode()
    assert summed.split()[0] == entry.id


def test_twins_of_one_second_have_ids_of_their_own() -> None:
    one, two = (
        make_entry("rt-07/kas", "income", AT.date(), {"amount": 5, "from": "x"}, "siti", AT, twin) for twin in (1, 2)
    )
    assert one.id != two.id
    assert "twin" not in one.text
    assert "twin = 2" in two.text


# --- what entries book --------------------------------------------------------------------------------------------

SPLIT = make_entry(
    "rt-07/kas",
    "contribution",
    AT.date(),
    {
        "due": "iuran",
        "members": {"r001": 5000, "r002": 2500},
        "for": ["2026-01"],
        "split": {"rt-07/kas-2": {"amount": 3000, "place": "kas-2"}, "dw/1lumbung": {"amount": 1, "place": "9gudang"}},
        "collector": "joko",
    },
    "siti",
    AT,
)


@settings(max_examples=40)
@example([SPLIT])
@given(made_up)
def test_every_kind_balances_in_each_fund_and_unit(entries: list[Entry]) -> None:
    for entry in entries:
        if entry.kind == "reversal":
            continue
        sums: Counter[tuple[str, str]] = Counter()
        for posting in booked(entry):
            sums[posting.fund, posting.unit] += posting.minor
            assert (posting.place is not None) == (
                posting.account.startswith("assets:") and not posting.account.startswith("assets:loans:")
            )
        assert not any(sums.values()), entry.line


@settings(max_examples=40)
@given(made_up)
def test_a_reversal_leaves_nothing_of_what_it_cancels(entries: list[Entry]) -> None:
    for entry in entries:
        if entry.kind == "reversal":
            continue
        left: Counter[tuple[object, ...]] = Counter()
        for posting in (*booked(entry), *mirrored(booked(entry))):
            left[posting.fund, posting.account, posting.unit, posting.place, posting.party, posting.due] += (
                posting.minor
            )
        assert not any(left.values())


@settings(max_examples=40)
@example([SPLIT])
@given(made_up)
def test_the_index_moves_places_as_the_postings_do(entries: list[Entry]) -> None:
    """The index takes collections a short way; it must come to the same places, members and dues."""
    for entry in entries:
        if entry.kind == "reversal":
            continue
        effect = effect_of(entry, REGISTERS)
        moved: Counter[tuple[object, ...]] = Counter()
        for fund, place, unit, minor in effect.movements:
            moved[fund, place, unit] += minor
        expected: Counter[tuple[object, ...]] = Counter()
        for posting in booked(entry):
            if posting.place is not None:
                expected[posting.fund, posting.place, posting.unit] += posting.minor
        assert {key: minor for key, minor in moved.items() if minor} == {
            key: minor for key, minor in expected.items() if minor
        }
        if entry.kind == "contribution":
            paid = {
                (posting.party, posting.due or ""): -posting.minor
                for posting in booked(entry)
                if posting.party is not None
            }
            assert {(member, effect.due): minor for member, minor in effect.paid.items()} == paid
        back = effect.mirrored()
        assert [(*key, -minor) for *key, minor in effect.movements] == [tuple(movement) for movement in back.movements]
