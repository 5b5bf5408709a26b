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


def test_a_closing_was_in_force_until_it_was_opened_again() -> None:
    month = fund(CLOSED).closings[1]
    assert month.reopened is not None
    assert not month.in_force(month.at.replace(day=1))
    assert month.in_force(month.at)
    assert not month.in_force(month.reopened.at)


@pytest.mark.parametrize(
    ("line", "wrong", "key"),
    [
        ('period = "2025"', 'period = "2025-13"', "period"),
        ('period = "2025"', 'period = "last year"', "period"),
        ("2026-01-02T20:00:00+07:00", "2026-01-02T20:00:00", "at"),
        ('place = "kas"', 'place = "../kas"', "balances"),
        ('unit = "beras"', 'unit = "padi"', "balances"),
        ("12.5", "12.5678", None),
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
