"""What truly happens in a neighbourhood in a year, told by a seed: people with money, and a treasurer who types it.

Nothing here knows the product's code. The world knows who handed over how much and for which months that was meant by
everyone at the table: the oldest month still open, then the months to come.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

DUE, ENTRY_FEE, LEVY = 5000, 25000, 10000
HOUSES = tuple(f"r{number:03d}" for number in range(1, 7))
SETUP = (
    ("init", "Dunia"),
    ("org", "add", "rt-01", "RT 01"),
    *(("member", "add", house, f"Rumah {house}") for house in HOUSES),
    ("fund", "add", "rt-01/kas", "Kas"),
    ("fund", "place", "kas", "bank", "Bank", "--kind", "bank"),
    ("fund", "due", "kas", "iuran", str(DUE), "--from", "2026-01-01"),
    ("fund", "due", "kas", "pangkal", str(ENTRY_FEE), "--cycle", "once", "--from", "2026-01-01"),
    ("fund", "due", "kas", "lelayu", str(LEVY), "--cycle", "event", "--from", "2026-01-01"),
)


@dataclass
class Household:
    """What one house has really handed over, by due."""

    paid: int = 0
    fee: int = 0
    levies: dict[str, int] = field(default_factory=dict)

    def months(self) -> dict[str, int]:
        """What each month has received: oldest first, then ahead."""
        full, rest = divmod(self.paid, DUE)
        found = {f"{2026 + number // 12}-{number % 12 + 1:02d}": DUE for number in range(full)}
        if rest:
            found[f"{2026 + full // 12}-{full % 12 + 1:02d}"] = rest
        return found


@dataclass
class Typed:
    """A command on a day; `may_be_refused` where the treasurer slips and the program should catch it."""

    day: date
    words: tuple[str, ...]
    may_be_refused: bool = False
    cancels: bool = False  # `{id}` in it is the id of what was recorded last


class World:
    """One year. `month()` lets a month happen and says what the treasurer types of it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.houses = {house: Household() for house in HOUSES}
        self.places = {"kas": 0, "bank": 0}
        self.levies: list[str] = []

    def month(self, number: int) -> list[Typed]:
        typed: list[Typed] = []
        first = date(2026, number, 1)
        chance = self.chance
        if chance.random() < 0.5:
            typed += self._single(first.replace(day=chance.randint(2, 9)))
        typed += self._evening(first.replace(day=10), f"2026-{number:02d}")
        if chance.random() < 0.3:
            typed += self._fees(first.replace(day=12))
        if chance.random() < 0.25:
            typed += self._death(first.replace(day=15), number)
        if chance.random() < 0.4:
            typed += self._slip(first.replace(day=18))
        if chance.random() < 0.5 and self.places["kas"] >= 20000:
            amount = chance.randrange(1000, self.places["kas"], 1000)
            self.places["kas"] -= amount
            self.places["bank"] += amount
            typed.append(Typed(first.replace(day=20), ("move", "kas", str(amount), "kas", "bank")))
        return typed

    def _single(self, day: date) -> list[Typed]:
        """Someone comes by with money: for several months, or a part of one."""
        house = self.chance.choice(HOUSES)
        amount = self.chance.choice((2000, 5000, 10000, 15000))
        self.houses[house].paid += amount
        self.places["kas"] += amount
        return [Typed(day, ("contribute", "kas", house, str(amount), "--due", "iuran"))]

    def _evening(self, day: date, month: str) -> list[Typed]:
        """The meeting: whoever is there and still owes this month gives what is open of it."""
        absent = [house for house in HOUSES if self.chance.random() < 0.2]
        giving = 0
        for name, house in self.houses.items():
            if name not in absent:
                rest = DUE - house.months().get(month, 0)
                house.paid += rest
                giving += rest
        self.places["kas"] += giving
        words = ("collect", "kas", "--due", "iuran", "--absent", ",".join(absent))
        typed = [Typed(day, words, may_be_refused=not giving)]
        if giving and self.chance.random() < 0.3:  # typed again, since nobody remembers whether it was
            typed.append(Typed(day, words, may_be_refused=True))
        return typed

    def _fees(self, day: date) -> list[Typed]:
        """The entry fee, of whoever is there and has not paid it; members of the first day owe it too."""
        absent = [house for house in HOUSES if self.chance.random() < 0.5]
        giving = [house for name, house in self.houses.items() if name not in absent and not house.fee]
        for house in giving:
            house.fee = ENTRY_FEE
        self.places["kas"] += ENTRY_FEE * len(giving)
        words = ("collect", "kas", "--due", "pangkal", "--absent", ",".join(absent))
        return [Typed(day, words, may_be_refused=not giving)]

    def _death(self, day: date, number: int) -> list[Typed]:
        """A death, a levy, and one round of it; now and then the sheet is typed twice."""
        event = f"wafat-{number}"
        for house in self.houses.values():
            house.levies[event] = LEVY
        self.places["kas"] += LEVY * len(HOUSES)
        opened = ("fund", "event", "kas", event, "Wafat", "--due", "lelayu", "--date", day.isoformat())
        words = ("collect", "kas", "--due", "lelayu", "--absent", "")
        typed = [Typed(day, opened), Typed(day, words)]
        if self.chance.random() < 0.5:
            typed.append(Typed(day, words, may_be_refused=True))
        return typed

    def _slip(self, day: date) -> list[Typed]:
        """An amount typed wrong, and reversed at once: nothing happened."""
        house = self.chance.choice(HOUSES)
        return [
            Typed(day, ("contribute", "kas", house, "50000", "--due", "iuran")),
            Typed(day, ("reverse", "{id}", "--reason", "salah ketik"), cancels=True),
        ]
