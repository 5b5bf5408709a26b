"""Sums over the rows of a report, a row for each unit: units are never added together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR


def by_unit(rows: Iterable[Mapping[str, Any]], keys: Sequence[str], registers: Registers) -> tuple[dict[str, Any], ...]:
    """The sums of the amounts under `keys`, per `unit` of the rows, rupiah first."""
    totals: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = row["unit"]
        zero = registers.amount(0, code)
        total = totals.setdefault(code, {"unit": code, **dict.fromkeys(keys, zero)})
        for key in keys:
            total[key] += row[key]
    return tuple(sorted(totals.values(), key=lambda total: (total["unit"] != IDR.code, total["unit"])))
