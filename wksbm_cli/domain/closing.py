"""Closed periods: a fund's balances when its group closed a month or a year, and the record of a reopening.

Kept in fund.toml, where anyone can read it. A closing covers its period and everything before it, since the balances
at its end depend on all of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.inline import shown
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.slug import SLUG, is_clean_text, nearest_hint
from wksbm_cli.domain.table import TomlTable
from wksbm_cli.domain.units import IDR, Amount, Unit, minor_of


class Reopening(NamedTuple):
    """Who opened a closed period again, when, and why."""

    by: str
    at: datetime
    reason: str


class Closing(NamedTuple):
    """A period (`2026-03`, `2025`) closed by `by` at `at`; `until` is its last day.

    `balances` are what each place then held at the end of `until`, in smallest steps, by (place, unit code); places
    that held nothing are left out. `arrears` is what was still owed then, by unit code, where anything was; `facts` the digest
    of what the period fixes of the registers (domain/fixed.py), '' in closings of earlier versions. `seal` is that of the lines
    recorded by then and of the facts in force (domain/seal.py), '' for none.
    `seen` maps each recorder to the time of their last entry in the clone in which the period was closed (a version
    vector); None in closings older than this key.
    """

    period: str
    until: date
    by: str
    at: datetime
    balances: Mapping[tuple[str, str], int]
    seal: str = ""
    reopened: Reopening | None = None
    seen: Mapping[str, datetime] | None = None
    arrears: Mapping[str, int] = {}
    facts: str = ""

    @classmethod
    def from_table(cls, table: object, number: int, units: Mapping[str, Unit]) -> Closing:
        """The closing of one `[[closed]]` table of a fund.toml."""
        row = TomlTable(table, "closed", number)
        period: str = row.take("period", str, required=True)
        try:
            until = period_span(period).end
        except Problem as problem:
            raise row.problem(problem.text, "period", problem.hint) from None
        assert until is not None
        closing = cls(
            period=period,
            until=until,
            by=row.take("by", str, required=True),
            at=_moment(row, "at"),
            balances=dict(_balances(row, units)),
            seal=row.take("seal", str, ""),
            reopened=_reopening(row),
            seen=_seen(row),
            arrears=dict(_arrears(row, units)),
            facts=row.take("facts", str, ""),
        )
        row.done()
        return closing

    def to_table(self, units: Mapping[str, Unit]) -> dict[str, Any]:
        """The inverse of `from_table`."""
        table = {
            "period": self.period,
            "by": self.by,
            "at": self.at,
            "balances": [
                {"place": place, **_amount(minor, code, units)} for (place, code), minor in self.balances.items()
            ],
            "arrears": [_amount(minor, code, units) for code, minor in self.arrears.items()],
            "facts": self.facts,
            "seen": None if self.seen is None else dict(self.seen),
            "seal": self.seal,
        }
        return {key: value for key, value in table.items() if value not in (None, "")}

    def last_seen(self, by: str) -> datetime | None:
        """The time of the last entry by `by` in the clone in which the period was closed; None where there was none.
        Whoever records offline in another clone does not know of the closing, nor the closing of their entries.
        """
        return self.at if self.seen is None else self.seen.get(by)

    def knows(self, by: str, at: datetime) -> bool:
        """Whether the closing includes an entry that `by` recorded at this time."""
        last = self.last_seen(by)
        return last is not None and at <= last


def period_span(period: str) -> Span:
    """The days of `2026-03` or `2025`; `Usage` for anything else."""
    return Cycle("year" if "-" not in period else "month").span(period)


def _amount(minor: int, code: str, units: Mapping[str, Unit]) -> dict[str, Any]:
    number = {"amount": Amount(minor, units[code]).number}
    return number if code == IDR.code else {**number, "unit": code}


def _balances(row: TomlTable, units: Mapping[str, Unit]) -> Iterable[tuple[tuple[str, str], int]]:
    for item in row.take("balances", list, []):
        balance = TomlTable(item, "balances")
        place: str = balance.take("place", str, required=True)
        if not SLUG.fullmatch(place):
            raise row.problem(msg('"{key}" cannot be "{value}".', key="place", value=place), "balances")
        code, minor = _unit_and_minor(row, "balances", balance, units)
        yield (place, code), minor


def _arrears(row: TomlTable, units: Mapping[str, Unit]) -> Iterable[tuple[str, int]]:
    for item in row.take("arrears", list, []):
        yield _unit_and_minor(row, "arrears", TomlTable(item, "arrears"), units)


def _unit_and_minor(row: TomlTable, key: str, amount: TomlTable, units: Mapping[str, Unit]) -> tuple[str, int]:
    code: str = amount.take("unit", str, IDR.code)
    if code not in units:
        raise row.problem(msg('The unit "{typed}" is not known here.', typed=code), key, nearest_hint(code, units))
    minor = minor_of(amount.take("amount", (int, Decimal), required=True), units[code])
    amount.done()
    return code, minor


def _reopening(row: TomlTable) -> Reopening | None:
    item = row.take("reopened", dict)
    if item is None:
        return None
    mark = TomlTable(item, "reopened")
    reopening = Reopening(
        mark.take("by", str, required=True), _moment(mark, "at"), mark.take("reason", str, required=True)
    )
    mark.done()
    return reopening


def _seen(row: TomlTable) -> Mapping[str, datetime] | None:
    item = row.take("seen", dict)
    if item is None:
        return None
    last = TomlTable(item, "seen")
    if not all(is_clean_text(who) for who in last):
        raise row.problem(msg('"{key}" cannot be {value}.', key="seen", value=shown(item)), "seen")
    return {who: _moment(last, who) for who in last}


def _moment(row: TomlTable, key: str) -> datetime:
    moment: datetime = row.take(key, datetime, required=True)
    if moment.tzinfo is None:
        raise row.problem(msg('"{key}" needs its time zone, as in {example}.', key=key, example="+07:00"), key)
    return moment
