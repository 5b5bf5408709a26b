"""Arisan, a rotating savings group (ROSCA): slots, rounds, the pot, and a draw that anyone can redo.

Practice (docs/practice.md#arisan): a member may hold several slots, several may share one; every slot pays every round and wins
once in the cycle, by draw (kocok), in a fixed order, or by bidding (lelang). What is paid in is paid out: at the
end the cycle sums to nothing. The contributions themselves are a due of the fund, called `DUE`, which the slots' holders
owe from the day it starts until its last round.

**The draw.** From a seed made of the words of three who are present, each candidate slot gets the BLAKE2b digest (256 bits) of the seed,
the round and the slot, one below the other; the smallest digest wins. By hand, for the candidates anggrek and melati:

    for slot in anggrek melati; do
      printf '%s  %s\\n' "$(printf '%s\\n%s\\n%s' 'SEED' 3 "$slot" | b2sum -l 256 | cut -d' ' -f1)" "$slot"
    done | LC_ALL=C sort | head -n 1
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from typing import Any, NamedTuple

from wksbm_cli.domain.cycles import Cycle, anchor_fault, parse_anchor
from wksbm_cli.domain.dates import check_year
from wksbm_cli.domain.inline import shown
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.slug import SLUG
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import Unit, minor_of

METHODS: dict[str, Message] = {
    "draw": msg("by draw"),
    "order": msg("in a fixed order"),
    "bid": msg("by bidding"),
}
# How a round may be decided; a draw on paper (kocokan) cannot be redone and has witnesses instead.
WIN_METHODS: dict[str, Message] = METHODS | {"paper": msg("drawn on paper")}
# Won before this book was begun, where an arisan was taken over: that is told by who took it over, and not proven.
EARLIER = "earlier"
HOW_WON: dict[str, Message] = WIN_METHODS | {EARLIER: msg("before this book")}
# So many people contribute words to a seed, so that no one can choose it; so many witness a draw on paper.
SAYING, WITNESSES = 3, 2
# Who receives the winner's bid, the discount of the pot.
BID_SHARED: dict[str, Message] = {
    "others": msg("all other slots"),
    "waiting": msg("the slots that have not won yet"),
}
ROUND_CYCLES = ("week", "selapanan", "month", "semester", "year")

_SHARE = re.compile(r"([0-9]{1,3})(?:/([0-9]{1,3}))?")


def share_of(value: object) -> Fraction | None:
    """Parse a share of a slot, `1` or `"1/2"`; None for anything else."""
    match = _SHARE.fullmatch(str(value)) if type(value) is str or value == 1 else None
    if match is None:
        return None
    part, whole = int(match[1]), int(match[2] or 1)
    return Fraction(part, whole) if 0 < part <= whole else None


def shares_fault(slot: str, shares: Mapping[str, Fraction]) -> Message | None:
    """Validate that the shares of a slot's holders add up to one."""
    total = sum(shares.values(), Fraction(0))
    if total == 1:
        return None
    return msg("The shares of the slot {slot} make {total}, not one.", slot=slot, total=str(total))


class Slot(NamedTuple):
    """A place in the round. `shares` are its holders, whose parts make one; `order` is its turn where that is fixed."""

    slug: str
    shares: Mapping[str, Fraction]
    order: int = 0

    @classmethod
    def from_table(cls, slug: str, table: object) -> Slot:
        row = TomlTable(table, f"slots.{slug}")
        shares: dict[str, Fraction] = {}
        for member, value in row.take("members", dict, required=True).items():
            share = share_of(value)
            if share is None or not SLUG.fullmatch(member):
                text = f"{member[:20]} = {shown(value)}"
                raise UnknownKey(msg('"{text}" is not a share, as 1 or "1/2".', text=text), slug)
            shares[member] = share
        slot = cls(slug, shares, row.take("order", int, 0))
        row.done()
        if fault := shares_fault(slug, shares):
            raise UnknownKey(fault, slug)
        return slot


class ArisanRules(NamedTuple):
    """How an arisan runs. `contribution` is what each slot pays each round, in smallest steps; without a `start` it is
    still open to join."""

    contribution: int
    cycle: Cycle
    method: str
    slots: Mapping[str, Slot]
    start: date | None = None
    min_bid: int = 0
    bid_shared: str = "others"

    @classmethod
    def from_table(cls, table: object, unit: Unit) -> ArisanRules:
        row = TomlTable(table, "arisan")
        name, anchor = row.choice("cycle", ROUND_CYCLES, "month"), row.take("anchor", str, "")
        if fault := anchor_fault(name, anchor):
            raise UnknownKey(fault, "cycle", msg("Type for instance: {example}", example='anchor = "kamis pahing"'))
        rules = cls(
            contribution=minor_of(row.take("contribution", (int, Decimal), required=True), unit),
            cycle=Cycle(name, parse_anchor(anchor) if anchor else ""),
            method=row.choice("method", METHODS, "draw"),
            slots={slug: Slot.from_table(slug, entry) for slug, entry in row.tables("slots").items()},
            start=row.take("start", date),
            min_bid=minor_of(row.take("min_bid", (int, Decimal), 0), unit),
            bid_shared=row.choice("bid_shared", BID_SHARED, "others"),
        )
        row.done()
        if rules.start is not None:
            check_year(rules.start.year)
        if rules.contribution <= 0:
            raise UnknownKey(
                msg("An amount must be more than nothing; this one is {value}.", value="0"), "contribution"
            )
        for slot in rules.slots.values():
            for member, share in slot.shares.items():
                if (share * rules.contribution).denominator != 1:
                    raise UnknownKey(
                        msg(
                            "The share of {member} in the slot {slot} is no whole amount.",
                            member=member,
                            slot=slot.slug,
                        ),
                        slot.slug,
                    )
        return rules

    @property
    def pot(self) -> int:
        """What all slots pay in one round."""
        return self.contribution * len(self.slots)

    @property
    def weights(self) -> dict[str, Fraction]:
        """How many slots each member holds, all shares added up."""
        held: dict[str, Fraction] = {}
        for slot in self.slots.values():
            for member, share in slot.shares.items():
                held[member] = held.get(member, Fraction(0)) + share
        return held

    @property
    def rounds(self) -> list[str]:
        """The periods of all rounds, one per slot; none before the start."""
        if self.start is None:
            return []
        periods: list[str] = []
        day = self.start
        while len(periods) < len(self.slots):
            key = self.cycle.period_of(day)
            periods.append(key)
            day = _day_after(self.cycle, key)
        return periods

    def last_day(self) -> date | None:
        """The end of the last round's period."""
        return self.cycle.span(self.rounds[-1]).end if self.rounds else None

    def in_turn(self, won: Iterable[str]) -> list[str]:
        """The slots that have not won, in the order fixed for them."""
        gone = set(won)
        left = [slot for slot in self.slots.values() if slot.slug not in gone]
        return [slot.slug for slot in sorted(left, key=lambda slot: (slot.order, slot.slug))]


def _day_after(cycle: Cycle, key: str) -> date:
    end = cycle.span(key).end
    assert end is not None
    return date.fromordinal(end.toordinal() + 1)


def digest(seed: str, round_: int, slot: str) -> str:
    """The digest by which a slot is drawn: `printf '%s\\n%s\\n%s' SEED ROUND SLOT | b2sum -l 256`."""
    return blake2b(f"{seed}\n{round_}\n{slot}".encode(), digest_size=32).hexdigest()


def draw(seed: str, round_: int, candidates: Sequence[str]) -> str:
    """The slot drawn: that of the smallest digest."""
    return min(candidates, key=lambda slot: digest(seed, round_, slot))


def divide_pot(rules: ArisanRules, winner: str, bid: int = 0, won_before: Iterable[str] = ()) -> dict[str, int]:
    """What each member receives when a slot wins with a bid (a discount of the pot; 0 where there is no bidding).

    The winner's holders share the pot less the bid; of the bid every other slot gets an equal part, or by another rule
    every slot that has not won (`won_before` are those of earlier rounds). What division leaves over goes to the
    winner, and so does all of it where nobody is left to share it: all of the pot is paid out.
    """
    gone = {winner, *(won_before if rules.bid_shared == "waiting" else ())}
    others = [slot for slot in rules.slots.values() if slot.slug not in gone]
    each = bid // len(others) if others else 0
    received: dict[str, int] = {}
    _add(received, rules.slots[winner].shares, rules.pot - each * len(others))
    for slot in others:
        _add(received, slot.shares, each)
    return {member: minor for member, minor in received.items() if minor}


def _add(received: dict[str, int], shares: Mapping[str, Fraction], minor: int) -> None:
    """Divide an amount by shares; the odd rupiah goes to the first holder."""
    parts = {member: int(minor * share) for member, share in shares.items()}
    first = next(iter(parts))
    parts[first] += minor - sum(parts.values())
    for member, part in parts.items():
        received[member] = received.get(member, 0) + part


class Win(NamedTuple):
    """That a slot won a round: how, from which candidates, by which seed or bid; and whether its pot was paid out.

    `named` are the members who said the words of the seed, or saw a draw on paper.
    """

    id: str
    round: int
    slot: str
    method: str
    candidates: tuple[str, ...]
    seed: str = ""
    bid: int = 0
    paid_out: bool = False
    named: tuple[str, ...] = ()

    def proves_itself(self, rules: ArisanRules, won_before: Iterable[str]) -> bool:
        """Whether the line alone leads to the same winner, from all the slots that could still win."""
        gone = set(won_before)
        if self.method == EARLIER:
            return True
        if sorted(self.candidates) != sorted(slot for slot in rules.slots if slot not in gone):
            return False
        if self.method == "draw":
            return draw(self.seed, self.round, self.candidates) == self.slot
        if self.method == "paper":
            return self.slot in self.candidates and len(set(self.named)) >= WITNESSES
        if self.method == "order":
            return rules.in_turn(gone)[0] == self.slot
        return self.slot in self.candidates and rules.min_bid <= self.bid < rules.pot


def wins_before(rules: ArisanRules, id_: str, won: Sequence[str]) -> list[Win]:
    """The wins of the rounds that were over, and paid out, when an arisan was taken over by an entry."""
    return [
        Win(
            id_,
            round_,
            slot,
            EARLIER,
            tuple(each for each in rules.slots if each not in won[: round_ - 1]),
            paid_out=True,
        )
        for round_, slot in enumerate(won, 1)
    ]


def table_of_slot(shares: Mapping[str, Fraction], order: int) -> dict[str, Any]:
    """A slot as fund.toml has it."""
    written = {member: 1 if share == 1 else str(share) for member, share in shares.items()}
    return {"members": written, **({"order": order} if order else {})}
