"""Whatever stands in a register, it is read or one sentence says why not; and what is read can be reckoned with."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.hostile_values import SCALARS, values
from tests.scripts import ROOT
from wksbm_cli.domain.explain import explain_fund
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.inline import exact_number
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.obligations import Obligation, Payments, allocate_payments
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.registers import BookSettings, Organisation

# The registers of docs/format.md, which show every key there is (tests/test_reference.py sees to it).
BLOCKS = re.findall(
    r"^```toml\n(.*?)^```$", (ROOT / "docs/format.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
TABLES = [tomllib.loads(block, parse_float=Decimal) for block in BLOCKS if "[transactions]" not in block]
UNITS = BookSettings.from_table(next(table for table in TABLES if "format" in table)).units
TODAY = date(2026, 3, 1)

Path = tuple[str | int, ...]


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """The way to every value in a table, those of tables and lists included."""
    if above:
        yield above
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from paths(value[key], (*above, key))


def swapped(table: dict[str, Any], path: Path, new: Any) -> dict[str, Any]:
    made = copy.deepcopy(table)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return made


def read_fund(table: dict[str, Any]) -> None:
    fund = Fund.from_table("rt-05/kas-sosial", table, UNITS)
    assert [str(sentence) for sentence in explain_fund(fund)]
    member = Member("kk-01", "Budi", joined=date(2020, 1, 1))
    for due in fund.dues.values():
        standing = allocate_payments(Obligation(fund, due, member), Payments({}, 0), TODAY)
        assert standing.arrears >= 0
    if fund.arisan is not None:
        assert len(fund.arisan.rounds) <= len(fund.arisan.slots)


def read_member(table: dict[str, Any]) -> None:
    for slug, entry in table.items():
        Member.from_table(slug, entry)


READERS: list[tuple[dict[str, Any], Callable[[dict[str, Any]], object]]] = [
    (
        table,
        BookSettings.from_table
        if "format" in table
        else read_fund
        if "places" in table or "arisan" in table
        else (lambda table: Organisation.from_table("rt-05", table))
        if "territory" in table
        else read_member,
    )
    for table in TABLES
]
WAYS = [(number, path) for number, (table, _) in enumerate(READERS) for path in paths(table)]


@pytest.mark.parametrize("number", range(len(READERS)))
def test_the_registers_of_the_page_are_read(number: int) -> None:
    table, read = READERS[number]
    read(table)


def attempt(way: tuple[int, Path], new: Any) -> None:
    table, read = READERS[way[0]]
    try:
        read(swapped(table, way[1], new))
    except Problem as problem:
        assert len(str(problem.text)) < 300


@pytest.mark.parametrize("number", range(len(READERS)))
def test_any_value_in_any_place_is_read_or_refused_in_words(number: int) -> None:
    for way in WAYS:
        for new in (*SCALARS, [], {}, [[]], [{}], {"": 1}, {"x": {}}) if way[0] == number else ():
            attempt(way, new)


@given(st.sampled_from(WAYS), values)
def test_any_tables_in_any_place_are_read_or_refused_in_words(way: tuple[int, Path], new: Any) -> None:
    attempt(way, new)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e9999999", "1e-9999999", "1" * 50 + ".5", "1e" + "9" * 30])
def test_no_number_out_of_bounds_is_read_from_a_file(number: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        tomllib.loads(f"rate = {number}", parse_float=exact_number)
