"""Closed periods as fund.toml holds them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import tomli

from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR, Unit

UNITS = {"IDR": IDR, "beras": Unit("beras", "Beras", "kg", 3)}
CLOSED = """
[[closed]]
period = "2025"
by = "siti"
at = 2026-01-02T20:00:00+07:00
balances = [ { place = "kas", amount = 1250000 }, { place = "lumbung", amount = 12.5, unit = "beras" } ]

[[closed]]
period = "2026-02"
by = "siti"
at = 2026-03-02T20:00:00+07:00
reopened = { by = "budi", at = 2026-03-05T20:00:00+07:00, reason = "Nota tertinggal" }
"""


def fund(text: str) -> Fund:
    table = tomli.loads('name = "Kas"\n[places.kas]\n' + text, parse_float=Decimal)
    return Fund.from_table("rt-07/kas", table, UNITS)


def test_a_fund_is_closed_up_to_its_last_closing_in_force() -> None:
    assert fund("").closed_until is None
    assert fund(CLOSED).closed_until == date(2025, 12, 31)  # February was opened again
    assert fund(CLOSED.replace("reopened", "# reopened")).closed_until == date(2026, 2, 28)


def test_a_closing_is_written_as_it_is_read() -> None:
    year, month = fund(CLOSED).closings
    assert year.balances == {("kas", "IDR"): 1_250_000, ("lumbung", "beras"): 12_500}
    assert Closing.from_table(year.to_table(UNITS), 0, UNITS) == year
    assert month.reopened is not None and month.reopened.reason == "Nota tertinggal"


def test_a_closing_says_up_to_which_entry_it_knows_each_who_records() -> None:
    year, _ = fund(CLOSED).closings
    assert year.last_seen("agus") == year.at  # before there was the key: all that was recorded by then
    names = 'seen = { siti = 2026-01-02T19:00:00+07:00, "Pak \\"Budi\\"" = 2025-12-30T08:00:00+07:00 }'
    year, _ = fund(CLOSED.replace("balances = [ {", f"{names}\nbalances = [ {{", 1)).closings
    assert year.last_seen("agus") is None
    assert [moment and f"{moment:%d %H}" for moment in map(year.last_seen, ("siti", 'Pak "Budi"'))] == [
        "02 19",
        "30 08",
    ]
    assert Closing.from_table(year.to_table(UNITS), 0, UNITS) == year


@pytest.mark.parametrize(
    ("line", "wrong", "key"),
    [
        ('period = "2025"', 'period = "2025-13"', "period"),
        ('period = "2025"', 'period = "last year"', "period"),
        ("2026-01-02T20:00:00+07:00", "2026-01-02T20:00:00", "at"),
        ('place = "kas"', 'place = "../kas"', "balances"),
        ('unit = "beras"', 'unit = "padi"', "balances"),
        ("12.5", "12.5678", None),
        ('by = "siti"', 'by = "siti"\nseen = { siti = 2026 }', "siti"),
        ('by = "siti"', 'by = "siti"\nseen = { "a\\nb" = 2026-01-02T19:00:00+07:00 }', "seen"),
        ('reason = "Nota tertinggal"', 'why = "Nota tertinggal"', "reopened"),
    ],
)
def test_what_no_closing_says_is_refused(line: str, wrong: str, key: str | None) -> None:
    assert line in CLOSED
    with pytest.raises(Problem) as raised:
        fund(CLOSED.replace(line, wrong))
    problem: Any = raised.value
    assert isinstance(problem, UnknownKey) == (key is not None)
    assert getattr(problem, "key", None) == key
