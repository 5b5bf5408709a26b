"""Drafts of an arisan: who wins a round, and the pot paid out when its winner is not behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wksbm_cli.domain.arisan import divide_pot, draw
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_text, nearest_hint
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.arisan import Circle, circle
from wksbm_cli.index.query import Query
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, fields_of, unit_code


def by_draw(drafter: Drafter, query: Query, seed: str) -> list[Draft]:
    """The winner of the next round, drawn by a seed agreed before."""
    found = _ready(drafter, query, "draw")
    agreed = check_text(seed)
    if not agreed:
        raise Usage(msg("The seed is a text agreed before the meeting, for example the date and a word said aloud."))
    slot = draw(agreed, found.next_round, found.candidates)
    return _won(drafter, found, slot, {"method": "draw", "seed": agreed})


def by_order(drafter: Drafter, query: Query) -> list[Draft]:
    """The winner of the next round, whose turn it is."""
    found = _ready(drafter, query, "order")
    return _won(drafter, found, found.rules.in_turn(found.won)[0], {"method": "order"})


def by_bid(drafter: Drafter, query: Query, slot_typed: str, typed: str) -> list[Draft]:
    """The winner of the next round, who left most of the pot to the others."""
    found = _ready(drafter, query, "bid")
    slot = find_slot(found, slot_typed)
    if slot not in found.candidates:
        raise Refused(msg("The slot {slot} has won already; it wins once in a cycle.", slot=slot))
    bid = drafter.amount(typed)
    unit = drafter.fund.unit
    if bid.unit != unit or bid.minor >= found.rules.pot:
        raise Refused(
            msg("A bid of {bid} is not less than the pot of {pot}.", bid=bid, pot=Amount(found.rules.pot, unit))
        )
    if bid.minor < found.rules.min_bid:
        raise Refused(
            msg("The lowest bid is {least}; {bid} is less.", least=Amount(found.rules.min_bid, unit), bid=bid)
        )
    return _won(drafter, found, slot, {"method": "bid", "bid": bid.number}, bid.minor)


def release(drafter: Drafter, query: Query, slot_typed: str) -> list[Draft]:
    """The pot of a slot that won while it was behind, paid out now that it is settled."""
    found = circle(query, drafter.registers, drafter.fund, drafter.day)
    slot = find_slot(found, slot_typed)
    win = next((win for win in found.wins if win.slot == slot), None)
    if win is None:
        raise Refused(msg("The slot {slot} has not won yet.", slot=slot))
    if win.paid_out:
        raise Refused(msg("The pot of the slot {slot} is paid out already.", slot=slot))
    if late := found.behind(slot, win.round):
        raise Refused(
            msg("Still behind: {members}. The pot stays withheld.", members=_names(drafter, late)),
            hint=msg("Record what is paid with: wksbm contribute {fund} MEMBER AMOUNT", fund=drafter.fund.slug),
        )
    return [_payout(drafter, found, slot, win.round, win.bid)]


def settlement(drafter: Drafter, query: Query, member_typed: str, coverer_typed: str, typed: str) -> Draft:
    """What a member gives back to another who had covered a contribution."""
    found = circle(query, drafter.registers, drafter.fund, drafter.day)
    member, coverer = (
        drafter.registers.member(drafter.fund.organisation, name) for name in (member_typed, coverer_typed)
    )
    amount = drafter.amount(typed)
    owed = found.covered.get((member.slug, coverer.slug), 0)
    if amount.minor > owed:
        raise Refused(
            msg(
                "{coverer} covered {owed} for {member} that is not given back; {amount} is more.",
                coverer=coverer.person,
                member=member.person,
                owed=Amount(owed, drafter.fund.unit),
                amount=amount,
            )
        )
    return drafter.draft("settlement", **fields_of(amount), member=member.slug, to_coverer=coverer.slug)


def find_slot(found: Circle, typed: str) -> str:
    """The slot typed, or the only one its member holds."""
    if typed in found.rules.slots:
        return typed
    raise Refused(
        msg('{fund} has no slot "{name}".', fund=found.fund.name, name=typed[:60]),
        hint=nearest_hint(typed, found.rules.slots),
    )


def _ready(drafter: Drafter, query: Query, method: str) -> Circle:
    """The arisan, running, with its round fully paid and nobody chosen for it yet."""
    found = circle(query, drafter.registers, drafter.fund, drafter.day)
    rules, fund = found.rules, drafter.fund
    if rules.start is None:
        raise Refused(
            msg("{fund} has not started.", fund=fund.name),
            hint=msg("To start it: wksbm arisan start {fund}", fund=fund.slug),
        )
    if rules.method != method:
        raise Refused(
            msg("In {fund} the winner is not chosen so.", fund=fund.name),
            hint=msg("See its rules with: wksbm fund show {fund}", fund=fund.slug),
        )
    if not found.candidates:
        raise Refused(msg("Every slot of {fund} has won; nobody is left to choose.", fund=fund.name))
    round_ = found.next_round
    begins = rules.cycle.span(rules.rounds[round_ - 1]).start
    if begins is not None and drafter.day < begins:
        raise Refused(
            msg("Round {round} begins on {date}; the round before has its winner.", round=round_, date=begins)
        )
    missing = rules.pot - found.paid_for(round_)
    if missing > 0:
        raise Refused(
            msg(
                "For round {round} {missing} of the pot of {pot} is not paid yet.",
                round=round_,
                missing=Amount(missing, fund.unit),
                pot=Amount(rules.pot, fund.unit),
            ),
            hint=msg(
                "See who has paid with: wksbm arisan status {fund}. Someone may cover: --covered-by", fund=fund.slug
            ),
        )
    return found


def _won(drafter: Drafter, found: Circle, slot: str, how: dict[str, Any], bid: int = 0) -> list[Draft]:
    round_ = found.next_round
    # The place is where the pot is paid from; a win by itself has none.
    win = replace(drafter, place=None).draft("win", slot=slot, round=round_, candidates=found.candidates, **how)
    late = found.behind(slot, round_)
    holders = _names(drafter, list(found.rules.slots[slot].shares))
    told = msg("Round {round}: {slot} wins ({holders}).", round=round_, slot=slot, holders=holders)
    if late:
        withheld = msg("Behind: {members}. The pot is withheld until that is settled.", members=_names(drafter, late))
        return [Draft(win.fund, win.kind, win.date, win.fields, (told, withheld))]
    return [Draft(win.fund, win.kind, win.date, win.fields, (told,)), _payout(drafter, found, slot, round_, bid)]


def _payout(drafter: Drafter, found: Circle, slot: str, round_: int, bid: int) -> Draft:
    unit = drafter.fund.unit
    received = {member: Amount(minor, unit).number for member, minor in divide_pot(found.rules, slot, bid).items()}
    return drafter.draft("payout", slot=slot, round=round_, members=received, unit=unit_code(Amount(0, unit)))


def _names(drafter: Drafter, members: list[str]) -> list[Any]:
    known = drafter.registers.members[drafter.fund.organisation]
    return [known[member].person for member in members]
