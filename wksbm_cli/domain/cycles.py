"""The cycles by which dues fall due, and their periods.

A period is named by a key that sorts in time and stands in the ledger's `for`: a night `2026-02-19`, a week
`2026-W08` (ISO), a selapanan by its first day `2026-02-12`, a month `2026-02`, a semester `2026-S1`, a year
`2026`. Nights are named by the evening they begin. `once` has a single period of that name, and a levy
`event` is named by its event; neither lies in the calendar.

The five-day pasaran week runs unbroken beside the seven-day one, so each pair of days returns after 35
days: the selapanan by which many Javanese groups meet (docs/practice.md#cycles). 17 August 1945 was a Friday Legi.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from wksbm_cli.domain.dates import FIRST_YEAR, LAST_YEAR, Span, check_year
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Usage

CYCLES: dict[str, Message] = {
    "night": msg("each night"),
    "week": msg("each week"),
    "selapanan": msg("each selapanan (35 days)"),
    "month": msg("each month"),
    "semester": msg("each half-year"),
    "year": msg("each year"),
    "event": msg("for each event"),
    "once": msg("once in a lifetime"),
}
WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
PASARAN = ("legi", "pahing", "pon", "wage", "kliwon")
_FRIDAY_LEGI = date(1945, 8, 17)

_KEYS = {
    "night": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "selapanan": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "week": r"[0-9]{4}-W[0-9]{2}",
    "month": r"[0-9]{4}-[0-9]{2}",
    "semester": r"[0-9]{4}-S[12]",
    "year": r"[0-9]{4}",
    "once": r"once",
    "event": r"[a-z0-9][a-z0-9-]{0,62}",
}


def anchor_fault(cycle: str, anchor: str | None) -> Message | None:
    """Validate a cycle's anchor: a selapanan needs a pair of days, no other cycle has one."""
    if (cycle == "selapanan") == bool(anchor):
        return None
    return msg("A selapanan needs the pair of days it begins on, and no other cycle has one.")


def pasaran(day: date) -> str:
    """The Javanese market day."""
    return PASARAN[(day - _FRIDAY_LEGI).days % 5]


class Cycle(NamedTuple):
    """How often a due falls. `anchor` is the day a selapanan begins on, as `kamis pahing`; others have none."""

    name: str
    anchor: str = ""

    def period_of(self, day: date) -> str:
        """The key of the period that holds `day`."""
        match self.name:
            case "night":
                return day.isoformat()
            case "selapanan":
                return self._selapanan_start(day).isoformat()
            case "week":
                iso = day.isocalendar()
                return f"{iso.year}-W{iso.week:02d}"
            case "month":
                return f"{day.year:04d}-{day.month:02d}"
            case "semester":
                return f"{day.year:04d}-S{1 if day.month <= 6 else 2}"
            case "year":
                return f"{day.year:04d}"
            case "once":
                return "once"
        raise ValueError(f"a {self.name} has no period in the calendar")

    @lru_cache(maxsize=4096)  # noqa: B019 - a cycle is a value; a network's hundreds of members owe for the same months
    def span(self, key: str) -> Span:
        """First and last day of a period; `Usage` when the key does not belong to this cycle."""
        if not re.fullmatch(_KEYS[self.name], key, re.ASCII):
            raise self._foreign(key)
        # One year beyond the limits: a week or selapanan may begin before the first day a book can have.
        if self.name not in ("event", "once") and not FIRST_YEAR - 1 <= int(key[:4]) <= LAST_YEAR + 1:
            raise self._foreign(key)
        try:
            match self.name:
                case "night":
                    return Span(date.fromisoformat(key), date.fromisoformat(key))
                case "selapanan":
                    start = date.fromisoformat(key)
                    if self._selapanan_start(start) != start:
                        raise self._foreign(key)
                    return Span(start, start + timedelta(days=34))
                case "week":
                    monday = date.fromisocalendar(int(key[:4]), int(key[6:]), 1)
                    return Span(monday, monday + timedelta(days=6))
                case "month":
                    return Span.month(int(key[:4]), int(key[5:]))
                case "semester":
                    first, last = (1, 6) if key.endswith("1") else (7, 12)
                    return Span(Span.month(int(key[:4]), first).start, Span.month(int(key[:4]), last).end)
                case "year":
                    check_year(int(key))
                    return Span.year(int(key))
        except ValueError:  # a week 53 of a short year, a month 13, a day 31 of April
            raise self._foreign(key) from None
        return Span(None, None)

    def periods(self, first: date, last: date) -> list[str]:
        """The keys of all periods that begin from the one holding `first` to the one holding `last`."""
        keys: list[str] = []
        day = first
        while day <= last:
            key = self.period_of(day)
            keys.append(key)
            end = self.span(key).end
            if end is None:
                break
            day = end + timedelta(days=1)
        return keys

    def parse(self, text: str) -> list[str]:
        """The periods meant by `2026-01`, `2026-01..2026-03` or, for a finer cycle, `2026`.

        A week or selapanan that runs over the end of a year or month belongs where its middle day lies, as
        ISO 8601 has it of weeks: who pays `2026` and then `2027` pays none twice and leaves none out.
        """
        first, dots, last = text.strip().partition("..")
        if not dots and re.fullmatch(_KEYS[self.name], first, re.ASCII):
            self.span(first)
            return [first]
        start, end = self._bounds(first)[0], self._bounds(last if dots else first)[1]
        return [key for key in self.periods(start, end) if start <= self.day_of(key) <= end]

    def day_of(self, key: str) -> date:
        """The day that assigns a calendar period to a month or a year: its first day, of a week or selapanan the
        middle one."""
        span = self.span(key)
        assert span.start is not None and span.end is not None, "an event and what is owed once have no span"
        return span.start + (span.end - span.start) // 2 if self.name in ("week", "selapanan") else span.start

    def _bounds(self, key: str) -> tuple[date, date]:
        """The days of a period of this cycle or of a coarser one (a year of months)."""
        for name in (self.name, "month", "year"):
            if re.fullmatch(_KEYS[name], key, re.ASCII):
                span = Cycle(name, self.anchor if name == self.name else "").span(key)
                if span.start and span.end and (name == self.name or self._finer_than(name)):
                    return span.start, span.end
        raise self._foreign(key)

    def _finer_than(self, name: str) -> bool:
        order = ("night", "week", "selapanan", "month", "semester", "year")
        return self.name in order and order.index(self.name) < order.index(name)

    def _selapanan_start(self, day: date) -> date:
        weekday, market = self.anchor.split()
        for back in range(35):
            start = day - timedelta(days=back)
            if WEEKDAYS[start.weekday()] == weekday and pasaran(start) == market:
                return start
        raise AssertionError("every pair of days returns within 35")

    def _foreign(self, key: str) -> Usage:
        examples = {
            "night": "2026-02-19",
            "selapanan": self._selapanan_start(date(2026, 2, 19)).isoformat() if self.name == "selapanan" else "",
            "week": "2026-W08",
            "month": "2026-02, 2026-01..2026-03",
            "semester": "2026-S1",
            "year": "2026",
            "once": "once",
            "event": "2026-02-kematian",
        }
        return Usage(
            msg('"{key}" is not a period of a due that falls {cycle}.', key=key[:40], cycle=CYCLES[self.name]),
            hint=msg("Type for instance: {example}", example=examples[self.name]),
        )


def parse_anchor(text: str) -> str:
    """`Kamis Pahing` → `kamis pahing`, the pair of days on which a selapanan begins."""
    words = text.lower().replace("-", " ").split()
    words = ["minggu" if word == "ahad" else word for word in words]
    if len(words) == 2 and words[0] in WEEKDAYS and words[1] in PASARAN:
        return " ".join(words)
    raise Usage(
        msg('"{text}" is not a pair of a day and a market day.', text=text[:40]),
        hint=msg("Type for instance: {example}", example="kamis pahing, minggu kliwon"),
    )
