"""Whatever values a line holds, it is an entry of the right shape or one sentence says why not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.hostile_values import AT, values
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.inline import shown
from wksbm_cli.domain.kinds import COMMON, KINDS, postings
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.registers import BookSettings, Organisation, Registers
from wksbm_cli.domain.shape import UnknownName, check_shape
from wksbm_cli.domain.units import IDR, Unit

UNITS = {"IDR": IDR, "beras": Unit("beras", "Beras", "kg", 3)}
DUE = {"tariffs": [{"from": date(2026, 1, 1), "amount": 5000}]}
FUNDS = {
    slug: Fund.from_table(slug, {"name": slug, "places": {"kas": {}}, "dues": {"iuran": DUE}}, UNITS)
    for slug in ("rt-07/kas-sosial", "rt-07/donasi")
}
REGISTERS = Registers(
    BookSettings("Melati", "id", "Asia/Jakarta", UNITS),
    {"rt-07": Organisation("rt-07", "RT 07", {})},
    {"rt-07": {"r001": Member("r001", "Budi")}},
    FUNDS,
)
keys = st.sampled_from(sorted({key.name for kind in KINDS.values() for key in (*kind.keys, *COMMON)} | {"x"}))


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(keys, values, max_size=6))
def test_any_values_are_an_entry_or_a_sentence(kind: str, fields: dict[str, Any]) -> None:
    entry = Entry(
        "0" * 12, "rt-07/kas-sosial", date(2026, 2, 19), kind, "siti", AT, {**fields, "by": "siti", "at": AT}, ""
    )
    try:
        check_shape(entry, REGISTERS)
    except Problem as problem:
        assert len(str(problem.text)) < 300
        return
    if kind != "reversal":  # it mirrors what it cancels
        assert sum(posting.minor for posting in postings(entry, FUNDS[entry.fund], UNITS)) == 0


@given(values)
def test_any_value_can_be_shown(value: Any) -> None:
    assert len(shown(value)) <= 63


@pytest.mark.parametrize(
    ("kind", "fields", "what"),
    [
        ("contribution", {"members": {"r999": 5000}}, "member"),
        ("contribution", {"members": {"r001": 5000}, "due": "iurann"}, "due"),
        ("opening", {"amount": 5000, "unit": "padi"}, "unit"),
        ("transfer", {"amount": 5000, "to_fund": "rt-07/x", "to_place": "kas", "reason": "x"}, "fund"),
    ],
)
def test_an_unknown_name_says_what_it_should_name(kind: str, fields: dict[str, Any], what: str) -> None:
    entry = Entry(
        "0" * 12, "rt-07/kas-sosial", date(2026, 2, 19), kind, "siti", AT, {**fields, "by": "siti", "at": AT}, ""
    )
    with pytest.raises(UnknownName) as raised:
        check_shape(entry, REGISTERS)
    assert raised.value.what == what
