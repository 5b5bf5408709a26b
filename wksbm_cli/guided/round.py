"""One round of a collection as it is being marked: which house paid, which did not, how much is on the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.obligations import bucket_cycle
from wksbm_cli.domain.units import Amount
from wksbm_cli.domain.wording import shown_period
from wksbm_cli.guided.desk import BookView, Desk
from wksbm_cli.recording.asking import Asking, period_asked, sheets_of

# A house has paid what is asked, gave nothing, is away, or gave an amount of its own in smallest steps of the unit.
Mark = Literal["paid", "nothing", "away"] | int
_NEXT: dict[Mark, Mark] = {"paid": "nothing", "nothing": "away", "away": "paid"}
_NEXT_AGAIN: dict[Mark, Mark] = {"nothing": "paid", "paid": "away", "away": "nothing"}


class House(NamedTuple):
    """A house on the sheet: what is `asked` of it now, and where nothing is, `why`. `usual` is what one period asks."""

    slug: str
    name: str
    asked: int
    usual: int
    why: Message | None

    @property
    def is_locked(self) -> bool:
        return not self.asked


class Round:
    """The sheet of one due for one period, in the order of the register. What is typed is kept in `marks`.

    Of a first sheet every house has paid until it is marked otherwise; of a further one, `is_again`, none has.
    """

    def __init__(
        self, fund: Fund, due: Due, day: date, period: str, houses: Sequence[House], *, is_again: bool = False
    ) -> None:
        self.fund: Final = fund
        self.due: Final = due
        self.day: Final = day
        self.period: Final = period
        self.houses: Final = tuple(houses)
        self.is_again: Final = is_again
        self.marks: dict[str, Mark] = {}

    def mark(self, house: House) -> Mark:
        return self.marks.get(house.slug, "nothing" if house.is_locked or self.is_again else "paid")

    def cycle(self, house: House) -> None:
        """Paid, gave nothing, away, and round again, from what every house begins with. Of a house that owes nothing only an
        amount typed is taken."""
        mark = self.mark(house)
        if house.is_locked:
            self.marks.pop(house.slug, None)
        else:
            self.marks[house.slug] = (
                "paid" if isinstance(mark, int) else (_NEXT_AGAIN if self.is_again else _NEXT)[mark]
            )

    def digit(self, house: House, digit: str) -> None:
        """A further digit of the amount that a house gave, in whole units."""
        mark, step = self.mark(house), 10**self.due.unit.decimals
        before = mark // step if isinstance(mark, int) else 0
        self.marks[house.slug] = (before * 10 + int(digit)) * step

    def erase(self, house: House) -> None:
        """Takes the last digit back; of a house without an amount of its own, its mark."""
        mark, step = self.mark(house), 10**self.due.unit.decimals
        left = mark // step // 10 if isinstance(mark, int) else 0
        if left:
            self.marks[house.slug] = left * step
        else:
            self.marks.pop(house.slug, None)

    def ahead(self, house: House) -> None:
        """One period more than what the house has given so far."""
        self.marks[house.slug] = self.given(house) + house.usual

    def all(self) -> None:
        """Everyone paid; where everyone did, nobody."""
        open_ = [house for house in self.houses if not house.is_locked]
        everyone = all(self.mark(house) == "paid" for house in open_)
        self.marks = dict.fromkeys((house.slug for house in open_), "nothing" if everyone else "paid")

    def given(self, house: House) -> int:
        mark = self.mark(house)
        if isinstance(mark, int):
            return mark
        return house.asked if mark == "paid" else 0

    @property
    def total(self) -> Amount:
        return Amount(sum(map(self.given, self.houses)), self.due.unit)

    @property
    def payers(self) -> int:
        return sum(self.given(house) > 0 for house in self.houses)

    def period_shown(self) -> object:
        if self.due.cycle.name == "night":
            return self.day
        return shown_period(self.fund, self.due, self.period)

    def words(self, desk: Desk, today: date) -> list[str]:
        """The command that records this round."""
        step = 10**self.due.unit.decimals
        absent = [house.slug for house in self.houses if not house.is_locked and self.mark(house) == "nothing"]
        away = [house.slug for house in self.houses if self.mark(house) == "away"]
        gave = [
            f"{house.slug}={mark // step}"
            for house in self.houses
            if isinstance(mark := self.mark(house), int) and mark
        ]
        zero = [house.slug for house in self.houses if self.mark(house) == 0]
        words = [desk.called("collect"), self.fund.slug, desk.option("--absent"), ",".join(sorted((*absent, *zero)))]
        if self.is_again:
            words.append(desk.option("--again"))
        if away:
            words += [desk.option("--away"), ",".join(away)]
        if gave:
            words += [desk.option("--gave"), ",".join(gave)]
        if len(self.fund.dues) > 1:
            words += [desk.option("--due"), self.due.slug]
        if self.due.cycle.name == "night":
            words += [desk.option("--date"), self.day.isoformat()]
        elif self.period != period_asked(self.due, today):
            words += [desk.option("--for"), self.period]
        return words


def collectable(view: BookView) -> Iterator[tuple[Fund, Due]]:
    """The dues that are collected from house to house, in the order of the register."""
    today = view.now.date()
    for fund in view.registers.funds.values():
        for due in fund.dues.values():
            if due.tariff_on(today) is not None and due.cycle.name != "once":
                yield fund, due


def round_of(view: BookView, fund: Fund, due: Due, day: date, period: str | None = None) -> Round:
    """The sheet of a due for a period (that of `day` where none is named), as the book asks it of each house."""
    asked_for = period or period_asked(due, day)
    asking = Asking(view.query, view.registers, fund, due)
    recorded = view.query.collected(fund.slug, due.slug, day) if due.cycle.name == "night" else {}
    houses = []
    for member in view.registers.members.get(fund.organisation, {}).values():
        if not member.is_active(day) or (due.weights is not None and not due.weights.get(member.slug)):
            continue
        usual = due.owed_by(member, fund.short, day)
        asked, why = (0, msg("recorded")) if member.slug in recorded else (asking.asked(member, asked_for, day), None)
        if not asked and why is None:
            standing = asking.standing(member, day)
            last = standing.settled_to
            if asking.is_paid_up(member, asked_for, day) and last:
                why = msg("paid up to {period}", period=shown_period(fund, due, last))
            else:
                why = msg("owes nothing")
        houses.append(House(member.slug, member.name, asked, usual, why))
    stands = due.cycle.name not in ("night", "event") and any(sheets_of(view.query, fund, due, asked_for))
    return Round(fund, due, day, asked_for, houses, is_again=stands)


def beside(due: Due, day: date, period: str, step: int) -> tuple[date, str] | None:
    """The day and period before (`step` -1) or after (1) those of a sheet; None where a due's events decide."""
    if due.cycle.name == "event":
        return None
    if due.cycle.name == "night":
        moved = day + timedelta(days=step)
        return moved, period_asked(due, moved)
    cycle = bucket_cycle(due)
    span = cycle.span(period)
    edge = span.start if step < 0 else span.end
    return None if edge is None else (day, cycle.period_of(edge + timedelta(days=step)))
