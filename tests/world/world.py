"""What truly happens in a neighbourhood in a year, told by a seed: people with money, and a treasurer who types it.

Nothing here knows the product's code. The world knows who handed over how much and for which months that was meant by
everyone at the table: the oldest month still open, then the months to come. Whatever happens is one happening with
dice of its own, so that a world can be lived again without some of them and the others stay as they were.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

DUE, ENTRY_FEE, LEVY, NIGHT, SLOT = 5000, 25000, 10000, 500, 20000
PEOPLE = {
    "budi": "Budi Santoso",
    "tini": "Tini Lestari",
    "agus": "Agus Wibowo",
    "sri": "Sri Rahayu",
    "joko": "Joko Prasetyo",
    "wati": "Wati Handayani",
    "darmi": "Darmi Kartini",
    "eko": "Eko Nugroho",
}
SLOTS = tuple(PEOPLE)[:5]  # who is in the arisan stays to its end
COLLECTORS = ("p1", "p2")
POT = SLOT * len(SLOTS)
STOCK = 20
BENEFIT, LAYAT, DEATH_FUND = 100000, 5000, 300000
AMIL = 8  # the amil may have so manieth part of a year's zakat
SETUP = (
    ("init", "Dunia"),
    ("org", "add", "rt-01", "RT 01"),
    *(("member", "add", house, name) for house, name in PEOPLE.items()),
    ("fund", "add", "rt-01/kas", "Kas"),
    ("fund", "place", "kas", "bank", "Bank", "--kind", "bank"),
    ("fund", "due", "kas", "iuran", str(DUE), "--from", "2026-01-01"),
    ("fund", "due", "kas", "pangkal", str(ENTRY_FEE), "--cycle", "once", "--from", "2026-01-01"),
    ("fund", "due", "kas", "lelayu", str(LEVY), "--cycle", "event", "--from", "2026-01-01"),
    ("fund", "add", "rt-01/jimpitan", "Jimpitan", "--type", "jimpitan"),
    ("fund", "due", "jimpitan", "malam", str(NIGHT), "--cycle", "night", "--from", "2026-01-01", "--voluntary"),
    ("fund", "add", "rt-01/usp", "Simpan Pinjam", "--type", "savings"),
    ("fund", "savings", "usp", "sukarela"),
    ("fund", "loans", "usp", "--rate", "1", "--method", "flat", "--instalments", "10", "--lends-savings"),
    ("fund", "add", "rt-01/lumbung", "Lumbung", "--type", "jimpitan", "--unit", "beras"),
    ("opening", "lumbung", f"{STOCK} beras", "--date", "2026-01-01"),
    ("fund", "add", "rt-01/santunan", "Santunan"),
    ("fund", "add", "rt-01/kematian", "Dana Kematian", "--type", "death"),
    ("fund", "due", "kematian", "layat", str(LAYAT), "--cycle", "event", "--from", "2026-01-01"),
    ("death", "set", "kematian", str(BENEFIT), "--from", "2026-01-01"),
    ("opening", "kematian", str(DEATH_FUND), "--date", "2026-01-01"),
    ("fund", "add", "rt-01/zakat", "Zakat", "--type", "zakat"),
    ("fund", "add", "rt-01/amil", "Amil", "--type", "general"),
    ("fund", "add", "rt-01/arisan", "Arisan", "--type", "arisan"),
    ("arisan", "set", "arisan", str(SLOT), "--cycle", "month", "--method", "order"),
    *(("arisan", "join", "arisan", f"slot-{house}", house) for house in SLOTS),
    ("arisan", "start", "arisan"),
)


@dataclass
class Household:
    """What one house has really handed over and taken, by what it was for."""

    paid: int = 0
    fee: int = 0
    levies: dict[str, int] = field(default_factory=dict)
    layat: dict[str, int] = field(default_factory=dict)
    saved: int = 0
    left: int = 0  # the month in which it moved away

    def months(self) -> dict[str, int]:
        """What each month has received: oldest first, then ahead."""
        full, rest = divmod(self.paid, DUE)
        found = {month(number): DUE for number in range(full)}
        if rest:
            found[month(full)] = rest
        return found

    def owed(self, number: int) -> int:
        """What of the months up to this one is still open."""
        last = min(self.left, number) if self.left else number
        return max(last * DUE - self.paid, 0)


def month(number: int) -> str:
    """The month so many after January 2026, as periods are written."""
    return f"{2026 + number // 12}-{number % 12 + 1:02d}"


@dataclass
class Loan:
    """A loan of one house, paid back in ten parts with one percent each."""

    house: str
    principal: int
    since: int  # the month in which it was given
    paid: int = 0
    charged: int = 0


@dataclass
class Typed:
    """A command on a day. `may_be_refused` where the treasurer slips and the program should catch it.

    `{id}` among its words is the id of the entry before it, `{NAME}` that of the one it was to `keep` as NAME; `says` is what
    its receipt has to say it was for.
    """

    day: date
    words: tuple[str, ...]
    may_be_refused: bool = False
    says: str = ""
    file: str = ""  # what stands in the file that `{file}` names
    keep: str = ""


Happening = Callable[[random.Random, date], list[Typed]]


class World:
    """One year. `month()` lets a month happen and says what the treasurer types of it, but for what is in `without`."""

    def __init__(self, seed: int, without: frozenset[tuple[int, int]] = frozenset()) -> None:
        self.seed, self.without = seed, without
        self.houses = {house: Household() for house in PEOPLE}
        self.places: dict[tuple[str, str, str], int] = defaultdict(
            int, {("lumbung", "lumbung", "beras"): STOCK, ("kematian", "kas", "IDR"): DEATH_FUND}
        )
        self.loans: list[Loan] = []
        self.slots: dict[str, int] = dict.fromkeys(SLOTS, 0)
        self.won = 0
        self.zakat: dict[str, int] = defaultdict(int)  # what came in, and what each kind of receiver was given
        self.slips: list[tuple[str, int]] = []  # what was typed wrong and is not found yet, by its name

    def month(self, number: int) -> Iterator[tuple[tuple[int, int], list[Typed]]]:
        """Each happening of a month and what is typed of it, in the order of their days."""
        first = date(2026, number, 1)
        happenings: tuple[tuple[float, int, Happening], ...] = (
            (0.7, 1, self._closing),
            (0.5, 2, self._single),
            (0.9, 3, self._late_discovery),
            (0.6, 4, self._night),
            (0.6, 6, self._night),
            (1.0, 10, self._evening),
            (0.3, 12, self._fees),
            (0.4, 13, self._zakat),
            (0.2, 14, self._death),
            (0.25, 14, self._benefit),
            (0.4, 15, self._slip),
            (0.6, 16, self._saving),
            (0.2, 17, self._withdrawal),
            (0.25, 18, self._loan),
            (0.7, 19, self._instalment),
            (0.5, 20, self._hand_over),
            (0.5, 21, self._to_the_bank),
            (0.5, 22, self._stock),
            (0.4, 23, self._spending),
            (0.4, 23, self._transfer),
            (1.0, 24, self._arisan),
            (0.25, 26, self._undiscovered),
            (0.1, 27, self._moving_away),
        )
        for index, (likely, day, happening) in enumerate(happenings):
            chance = random.Random(f"{self.seed}/{number}/{index}")
            if chance.random() < likely and (number, index) not in self.without:
                yield (number, index), happening(chance, first.replace(day=day))

    def here(self) -> list[str]:
        return [name for name, house in self.houses.items() if not house.left]

    def _closing(self, chance: random.Random, day: date) -> list[Typed]:
        """The month that is over is closed; now and then something of it is typed all the same, which is refused."""
        if day.month == 1:
            return []
        over = f"{day.year}-{day.month - 1:02d}"
        typed = [Typed(day, ("close", over))]
        if chance.random() < 0.3:
            late = ("spend", "kas", "1000", "--for", "Kapur", "--date", f"{over}-28")
            typed.append(Typed(day, late, may_be_refused=True))
        return typed

    def _undiscovered(self, chance: random.Random, day: date) -> list[Typed]:
        """A cost typed that was none; that is seen in a later month, which may find this one closed."""
        if self.places["kas", "kas", "IDR"] < 5000:
            return []
        name, amount = f"slip{day.month}", chance.randrange(1000, 5000, 1000)
        self.places["kas", "kas", "IDR"] -= amount  # so the book says until then
        self.slips.append((name, amount))
        return [Typed(day, ("spend", "kas", str(amount), "--for", "Spidol"), keep=name)]

    def _late_discovery(self, chance: random.Random, day: date) -> list[Typed]:
        typed = [Typed(day, ("reverse", f"{{{name}}}", "--reason", "tidak jadi beli")) for name, _ in self.slips]
        self.places["kas", "kas", "IDR"] += sum(amount for _, amount in self.slips)
        self.slips.clear()
        return typed

    def _zakat(self, chance: random.Random, day: date) -> list[Typed]:
        """Zakat comes in; of it the amil take what is theirs, and some is given to the poor, but none is spent otherwise."""
        amount = chance.randrange(20000, 200000, 8000)
        self.zakat["in"] += amount
        self.places["zakat", "kas", "IDR"] += amount
        typed = [Typed(day, ("donate", "zakat", str(amount), "--from", "Hamba Allah"))]
        if chance.random() < 0.5:
            taken = self.zakat["in"] // AMIL - self.zakat["amil"]
            if taken:
                self.zakat["amil"] += taken
                self.places["zakat", "kas", "IDR"] -= taken
                self.places["amil", "kas", "IDR"] += taken
                words = ("transfer", "zakat", "amil", str(taken), "--asnaf", "amil", "--reason", "bagian amil")
                typed.append(Typed(day, words))
            more = ("transfer", "zakat", "amil", "1000", "--asnaf", "amil", "--reason", "bagian amil")
            typed.append(Typed(day, more, may_be_refused=True))
        for asnaf in ("fakir", "miskin"):
            held = self.places["zakat", "kas", "IDR"]
            if held > 2000 and chance.random() < 0.6:
                given = chance.randrange(1000, held, 1000)
                self.zakat[asnaf] += given
                self.places["zakat", "kas", "IDR"] -= given
                given_to = ("disburse", "zakat", str(given), "--to", "Mbah Wiryo", "--for", "Zakat", "--asnaf", asnaf)
                typed.append(Typed(day, given_to))
        typed.append(Typed(day, ("spend", "zakat", "1000", "--for", "Spanduk"), may_be_refused=True))
        return typed

    def _benefit(self, chance: random.Random, day: date) -> list[Typed]:
        """A death in a house: the others bring the levy, and the family is paid the benefit, where the fund has it."""
        house = chance.choice(self.here())
        others = [name for name in self.here() if name != house]
        if self.places["kematian", "kas", "IDR"] + LAYAT * len(others) < BENEFIT:
            return []
        event = f"{day}-{house}"
        for name in others:
            self.houses[name].layat[event] = LAYAT
        self.places["kematian", "kas", "IDR"] += LAYAT * len(others) - BENEFIT
        return [
            Typed(day, ("death", "report", "kematian", house, "--deceased", "Mbah Kromo", "--levy", "layat")),
            Typed(day, ("collect", "kematian", "--due", "layat", "--absent", "")),
            Typed(day, ("death", "pay", "kematian", house)),
            Typed(day, ("death", "pay", "kematian", house), may_be_refused=True),
        ]

    def _transfer(self, chance: random.Random, day: date) -> list[Typed]:
        """From one fund to another, there or back; never more than is there."""
        one, other = chance.choice((("kas", "santunan"), ("santunan", "kas")))
        held = self.places[one, "kas", "IDR"]
        if held < 2000:
            words = ("transfer", one, other, str(held + 1000), "--reason", "talangan")
            return [Typed(day, words, may_be_refused=True)]
        amount = chance.randrange(1000, held, 1000)
        self.places[one, "kas", "IDR"] -= amount
        self.places[other, "kas", "IDR"] += amount
        return [Typed(day, ("transfer", one, other, str(amount), "--reason", "talangan"))]

    def _single(self, chance: random.Random, day: date) -> list[Typed]:
        """Someone comes by with money: for several months, or a part of one; and asks for a receipt."""
        name = chance.choice(self.here())
        house = self.houses[name]
        amount = chance.choice((2000, 5000, 10000, 15000))
        before = house.months()
        house.paid += amount
        self.places["kas", "kas", "IDR"] += amount
        words = ("contribute", "kas", name, str(amount), "--due", "iuran")
        return [Typed(day, words, says=in_words("Iuran", before, house.months()))]

    def _night(self, chance: random.Random, day: date) -> list[Typed]:
        """The round of a night, who gave nothing named, or a sheet of who gave what; the coins stay with who went round."""
        collector = chance.choice(COLLECTORS)
        absent = [name for name in self.here() if chance.random() < 0.3]
        given = {
            name: NIGHT * chance.choice((1, 1, 1, 2)) if chance.random() < 0.3 else NIGHT
            for name in self.here()
            if name not in absent
        }
        if not given:
            return []
        if chance.random() < 0.5:
            rows = [f"{day},{name},{given.get(name, 0)},{collector}" for name in self.here()]
            words = ("collect", "jimpitan", "--file", "{file}")
            typed = Typed(day, words, file="\n".join(["date,member,amount,collector", *rows, ""]))
        else:
            given = dict.fromkeys(given, NIGHT)
            typed = Typed(
                day, ("collect", "jimpitan", "--absent", ",".join(absent), "--collector", collector, "--date", f"{day}")
            )
        self.places["jimpitan", collector, "IDR"] += sum(given.values())
        # The same file again, since nobody remembers whether it was taken in: it is known, and adds nothing.
        again = [Typed(day, typed.words, may_be_refused=True, file=typed.file)] if chance.random() < 0.3 else []
        return [typed, *again]

    def _evening(self, chance: random.Random, day: date) -> list[Typed]:
        """The meeting: whoever is there and still owes this month gives what is open of it."""
        absent = [name for name in self.here() if chance.random() < 0.2]
        giving = 0
        for name in self.here():
            if name not in absent:
                rest = DUE - self.houses[name].months().get(f"{day:%Y-%m}", 0)
                self.houses[name].paid += rest
                giving += rest
        self.places["kas", "kas", "IDR"] += giving
        words = ("collect", "kas", "--due", "iuran", "--absent", ",".join(absent))
        typed = [Typed(day, words, may_be_refused=not giving)]
        if giving and chance.random() < 0.3:  # typed again, since nobody remembers whether it was
            typed.append(Typed(day, words, may_be_refused=True))
        return typed

    def _fees(self, chance: random.Random, day: date) -> list[Typed]:
        """The entry fee, of whoever is there and has not paid it; members of the first day owe it too."""
        absent = [name for name in self.here() if chance.random() < 0.5]
        giving = [self.houses[name] for name in self.here() if name not in absent and not self.houses[name].fee]
        for house in giving:
            house.fee = ENTRY_FEE
        self.places["kas", "kas", "IDR"] += ENTRY_FEE * len(giving)
        words = ("collect", "kas", "--due", "pangkal", "--absent", ",".join(absent))
        return [Typed(day, words, may_be_refused=not giving)]

    def _death(self, chance: random.Random, day: date) -> list[Typed]:
        """A death, a levy, and one round of it; now and then the sheet is typed twice."""
        event = f"wafat-{day.month}"
        for name in self.here():
            self.houses[name].levies[event] = LEVY
        self.places["kas", "kas", "IDR"] += LEVY * len(self.here())
        opened = ("fund", "event", "kas", event, "Wafat", "--due", "lelayu", "--date", day.isoformat())
        words = ("collect", "kas", "--due", "lelayu", "--absent", "")
        typed = [Typed(day, opened), Typed(day, words)]
        if chance.random() < 0.5:
            typed.append(Typed(day, words, may_be_refused=True))
        return typed

    def _slip(self, chance: random.Random, day: date) -> list[Typed]:
        """An amount typed wrong and reversed at once, or thousands left out, which is refused: nothing happened."""
        name = chance.choice(self.here())
        if chance.random() < 0.3:
            return [Typed(day, ("contribute", "kas", name, "5", "--due", "iuran"), may_be_refused=True)]
        return [
            Typed(day, ("contribute", "kas", name, "50000", "--due", "iuran")),
            Typed(day, ("reverse", "{id}", "--reason", "salah ketik")),
        ]

    def _saving(self, chance: random.Random, day: date) -> list[Typed]:
        name, amount = chance.choice(self.here()), chance.randrange(10000, 60000, 1000)
        self.houses[name].saved += amount
        self.places["usp", "kas", "IDR"] += amount
        typed = [Typed(day, ("save", "usp", name, str(amount)), says="Simpanan sukarela")]
        if chance.random() < 0.3:  # typed as a contribution first
            typed.insert(0, Typed(day, ("contribute", "usp", name, str(amount)), may_be_refused=True))
        return typed

    def _withdrawal(self, chance: random.Random, day: date) -> list[Typed]:
        name = chance.choice(self.here())
        most = min(self.houses[name].saved, self.places["usp", "kas", "IDR"])
        if most < 2000:
            return [Typed(day, ("withdraw", "usp", name, "900000"), may_be_refused=True)]
        amount = chance.randrange(1000, most, 1000)
        self.houses[name].saved -= amount
        self.places["usp", "kas", "IDR"] -= amount
        return [Typed(day, ("withdraw", "usp", name, str(amount)))]

    def _loan(self, chance: random.Random, day: date) -> list[Typed]:
        """Lent from what the fund has, to a house that owes nothing yet."""
        free = [name for name in SLOTS if all(loan.house != name or loan.paid == loan.principal for loan in self.loans)]
        most = self.places["usp", "kas", "IDR"] // 20000 * 10000
        if not free or most < 10000:
            return []
        loan = Loan(chance.choice(free), chance.randrange(10000, most + 1, 10000), day.month)
        self.loans.append(loan)
        self.places["usp", "kas", "IDR"] -= loan.principal
        return [Typed(day, ("lend", "usp", loan.house, str(loan.principal)))]

    def _instalment(self, chance: random.Random, day: date) -> list[Typed]:
        open_ = [loan for loan in self.loans if loan.paid < loan.principal and loan.since < day.month]
        if not open_:
            return []
        loan = chance.choice(open_)
        # The charges of months gone by without an instalment are asked with it.
        charge = min(day.month - loan.since, 10) * loan.principal // 100 - loan.charged
        amount = loan.principal // 10 + charge
        loan.charged += charge
        loan.paid += loan.principal // 10
        self.places["usp", "kas", "IDR"] += amount
        return [Typed(day, ("repay", "usp", loan.house, str(amount)))]

    def _hand_over(self, chance: random.Random, day: date) -> list[Typed]:
        """A collector brings the coins, all or most of them."""
        typed = []
        for collector in COLLECTORS:
            held = self.places["jimpitan", collector, "IDR"]
            amount = held if chance.random() < 0.7 else held // 2 // 500 * 500
            if amount:
                self.places["jimpitan", collector, "IDR"] -= amount
                self.places["jimpitan", "kas", "IDR"] += amount
                typed.append(Typed(day, ("move", "jimpitan", str(amount), collector, "kas")))
        return typed

    def _to_the_bank(self, chance: random.Random, day: date) -> list[Typed]:
        """Most of the box to the bank; now and then more than there is in it, which is refused."""
        held = self.places["kas", "kas", "IDR"]
        if held < 20000:
            return [Typed(day, ("move", "kas", str(held + 1000), "kas", "bank"), may_be_refused=True)]
        amount = chance.randrange(1000, held, 1000)
        self.places["kas", "kas", "IDR"] -= amount
        self.places["kas", "bank", "IDR"] += amount
        return [Typed(day, ("move", "kas", str(amount), "kas", "bank"))]

    def _stock(self, chance: random.Random, day: date) -> list[Typed]:
        """Rice comes in, is given away, or sold."""
        held = self.places["lumbung", "lumbung", "beras"]
        kilos = chance.randint(1, 3)
        match chance.choice(("in", "out", "sold")):
            case "out" if held >= kilos:
                self.places["lumbung", "lumbung", "beras"] -= kilos
                return [Typed(day, ("disburse", "lumbung", f"{kilos} beras", "--to", "Bu Karsini", "--for", "Sakit"))]
            case "sold" if held >= kilos:
                self.places["lumbung", "lumbung", "beras"] -= kilos
                self.places["lumbung", "lumbung", "IDR"] += kilos * 12000
                return [Typed(day, ("exchange", "lumbung", f"{kilos} beras", str(kilos * 12000)))]
            case _:
                self.places["lumbung", "lumbung", "beras"] += kilos
                return [Typed(day, ("donate", "lumbung", f"{kilos} beras", "--from", "Pak Lurah"))]

    def _spending(self, chance: random.Random, day: date) -> list[Typed]:
        """Something bought, and the box counted afterwards: as booked."""
        held = self.places["kas", "kas", "IDR"]
        if held < 2000:
            return []
        amount = chance.randrange(1000, held, 1000)
        self.places["kas", "kas", "IDR"] -= amount
        return [
            Typed(day, ("spend", "kas", str(amount), "--for", "Kapur")),
            Typed(day, ("count", "kas", str(held - amount))),
        ]

    def _arisan(self, chance: random.Random, day: date) -> list[Typed]:
        """A round: who is late brings it the same evening, then the pot is paid out. After the last nothing is collected."""
        late = [name for name in SLOTS if chance.random() < 0.2]
        if day.month > len(SLOTS):
            return [Typed(day, ("collect", "arisan", "--absent", ""), may_be_refused=True)]
        typed = [Typed(day, ("collect", "arisan", "--paid", ",".join(name for name in SLOTS if name not in late)))]
        typed = typed if len(late) < len(SLOTS) else []
        typed += [Typed(day, ("contribute", "arisan", name, str(SLOT))) for name in late]
        typed.append(Typed(day, ("arisan", "next", "arisan")))
        for name in SLOTS:
            self.slots[name] += SLOT
        self.won += 1
        return typed

    def _moving_away(self, chance: random.Random, day: date) -> list[Typed]:
        """A house that is in no arisan, owes no loan and has paid nothing ahead moves away; it may still owe."""
        name = chance.choice(sorted(set(PEOPLE) - set(SLOTS)))
        house = self.houses[name]
        if house.left or house.paid > day.month * DUE or house.saved:
            return []
        house.left = day.month
        typed = [Typed(day, ("member", "leave", name, "--date", day.isoformat(), "--debts", "owed"))]
        if house.paid == day.month * DUE:  # what stays owed may be paid later
            words = ("contribute", "kas", name, str(DUE), "--due", "iuran")
            typed.append(Typed(day.replace(day=28), words, may_be_refused=True))
        return typed


NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def in_words(due: str, before: dict[str, int], after: dict[str, int]) -> str:
    """The months that a payment settled, and the one of which it paid a part, as one would say them."""
    grown = [month for month in sorted(after) if after[month] != before.get(month, 0)]
    full = [month for month in grown if after[month] == DUE]
    said = [f"{due} {_run(full)}"] if full else []
    said += [f"part of {_named(month)}, Rp{DUE - after[month]:,} still open" for month in grown if after[month] < DUE]
    return "; ".join(said) if full else f"{due}, {said[0]}"


def _run(months: list[str]) -> str:
    first, last = _named(months[0]), _named(months[-1])
    if first == last:
        return first
    return f"{first.removesuffix(last[-5:])} to {last}"


def _named(month: str) -> str:
    year, number = month.split("-")
    return f"{NAMES[int(number) - 1]} {year}"
