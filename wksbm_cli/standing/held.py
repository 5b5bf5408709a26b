"""Balances of places at the end of each day from some day on, read once per place for any number of entries."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Final, NamedTuple

from wksbm_cli.index.query import Query


class _Days(NamedTuple):
    """The days on which a balance changed, the balance then, and the lowest from that day on with its first day."""

    days: list[date]
    held: list[int]
    least: list[tuple[int, date]]


class DayBalances:
    """The balances of places from the end of `since` on."""

    def __init__(self, query: Query, since: date) -> None:
        self._query: Final = query
        self._since: Final = since
        self._places: dict[tuple[str, str, str], _Days] = {}

    def lowest(self, fund: str, place: str, unit: str, day: date) -> tuple[int, date]:
        """The lowest balance at the end of any day from `day` on, and the first day that has it."""
        assert day >= self._since
        key = fund, place, unit
        if key not in self._places:
            self._places[key] = self._read(*key)
        of_place = self._places[key]
        at = bisect_right(of_place.days, day) - 1
        now = of_place.held[at], day
        later = of_place.least[at + 1] if at + 1 < len(of_place.days) else now
        return now if now[0] <= later[0] else later

    def _read(self, fund: str, place: str, unit: str) -> _Days:
        days, held = [self._since], [self._query.place_balance(fund, place, unit, self._since)]
        for day, minor in self._query.changes_after(fund, place, unit, self._since):
            days.append(day)
            held.append(held[-1] + minor)
        least: list[tuple[int, date]] = []
        for found in zip(reversed(held), reversed(days), strict=True):
            least.append(found if not least or found[0] <= least[-1][0] else least[-1])
        return _Days(days, held, least[::-1])
