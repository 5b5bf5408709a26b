"""Drafts of an arisan: the win of a round, and the payout of its pot unless the winner is behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from wksbm_cli.domain.arisan import METHODS, SAYING, WITNESSES, divide_pot, draw
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_text, nearest_hint
from wksbm_cli.domain.units import Amount, minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, fields_of, unit_code
from wksbm_cli.standing.arisan import ArisanState, arisan_state


def by_draw(drafter: Drafter, query: Query, seed: str, said_by: Sequence[str]) -> list[Draft]:
    """The winner of the next round, drawn by the words that some of those present said, each named.

    Anyone who controlled the whole seed could try seeds until the wanted slot wins (docs/decisions/0027).
    """
    found = _ready(drafter, query, "draw")
    if not seed.strip():
        raise Usage(
            msg("The seed is the words that three of those present say, one after the other."),
            hint=msg(
                "Type for instance: {example}",
                example='--seed "bulan padi" --said-by budi --said-by tini --said-by agus',
            ),
        )
    agreed = check_text(seed)
    named = _named(drafter, said_by)
    if len(named) < SAYING:
        raise Refused(
            msg(
                "The seed is fixed by the words of three of those present, each named; {count} are named.",
                count=len(named),
            ),
            hint=msg("Type for instance: {example}", example=_SAYING),
        )
    slot = draw(agreed, found.next_round, found.candidates)
    return _won(drafter, found, slot, {"method": "draw", "seed": agreed, "said_by": named})


_SAYING = '--seed "bulan padi hujan" --said-by budi --said-by tini --said-by agus'


def on_paper(drafter: Drafter, query: Query, slot_typed: str, witnesses: Sequence[str]) -> list[Draft]:
    """The winner of the next round, drawn from lots on paper before witnesses."""
    found = _ready(drafter, query, "draw")
    slot = find_slot(found, slot_typed)
    if slot not in found.candidates:
        raise _has_won(drafter, slot)
    named = _named(drafter, witnesses)
    if len(named) < WITNESSES:
        raise Refused(
            msg("Nobody can redo a draw on paper: two who saw it are named as its witnesses."),
            hint=msg("Type for instance: {example}", example=f"--result {slot} --witness budi --witness tini"),
        )
    return _won(drafter, found, slot, {"method": "paper", "witnesses": named})


def takeover(
    drafter: Drafter, query: Query, won: Sequence[str], behind: Sequence[str], ahead: Sequence[str]
) -> list[Draft]:
    """A running arisan taken into this book: the rounds that are over, as paid by all and paid out, but for who is behind
    or ahead. `won` are the slots in the order of their rounds, with a bid as SLOT=BID."""
    found = arisan_state(query, drafter.registers, drafter.fund, drafter.day)
    rules, fund, unit = found.rules, drafter.fund, drafter.fund.unit
    if rules.start is None:
        raise Refused(
            msg("{fund} has not started.", fund=fund.name),
            hint=msg(
                "Start it on the day on which it truly began: wksbm arisan start {fund} --date DATE", fund=fund.slug
            ),
        )
    slots: list[str] = []
    received: dict[str, int] = defaultdict(int)
    for typed in won:
        name, _, bid = typed.partition("=")
        slot = find_slot(found, name)
        if slot in slots:
            raise _has_won(drafter, slot)
        least = drafter.own_amount(bid).minor if bid else 0
        if least >= rules.pot:
            raise Refused(
                msg(
                    "A bid of {bid} is not less than the pot of {pot}.",
                    bid=Amount(least, unit),
                    pot=Amount(rules.pot, unit),
                )
            )
        for member, minor in divide_pot(rules, slot, least, slots).items():
            received[member] += minor
        slots.append(slot)
    begins = rules.cycle.span(rules.rounds[len(slots) - 1]).start
    if begins is not None and drafter.day < begins:
        raise Refused(
            msg("Round {round} begins on {date}; the round before has its winner.", round=len(slots), date=begins)
        )
    paid = {member: int(weight * rules.contribution * len(slots)) for member, weight in rules.weights.items()}
    for texts, sign in ((behind, -1), (ahead, 1)):
        for typed in texts:
            name, _, amount = typed.partition("=")
            member = drafter.registers.member(fund.organisation, name).slug
            if member not in paid:
                raise Refused(
                    msg("{member} holds no slot of {fund}.", member=name[:60], fund=fund.name),
                    hint=msg("See where it stands with: wksbm arisan status {fund}", fund=fund.slug),
                )
            paid[member] += sign * drafter.own_amount(amount).minor
    there = sum(paid.values()) - sum(received.values())
    if there < 0 or min(paid.values()) < 0:
        raise Refused(
            msg("More would have been paid out than was paid in: {amount}.", amount=Amount(max(-there, 0), unit)),
            hint=msg(
                "What someone else paid for who is behind is paid all the same; what is given back stands beside the book."
            ),
        )
    numbers = [{member: unit.number(minor) for member, minor in sums.items() if minor} for sums in (paid, received)]
    draft = drafter.draft(
        "opening", **fields_of(Amount(there, unit)), won=slots, paid=numbers[0] or None, received=numbers[1]
    )
    told = msg(
        "Rounds 1 to {round} are over. There has to be {amount} now; if not, cancel this and say who is behind or ahead.",
        round=len(slots),
        amount=Amount(there, unit),
    )
    return [draft._replace(notices=(told,))]


def _named(drafter: Drafter, typed: Sequence[str]) -> list[str]:
    """The members typed, each once."""
    organisation = drafter.fund.organisation
    return list(dict.fromkeys(drafter.registers.member(organisation, name).slug for name in typed))


def _has_won(drafter: Drafter, slot: str) -> Refused:
    return Refused(
        msg("The slot {slot} has won already; it wins once in a cycle.", slot=slot),
        hint=msg("See where it stands with: wksbm arisan status {fund}", fund=drafter.fund.slug),
    )


def ready_to_draw(drafter: Drafter, query: Query) -> tuple[int, list[str]]:
    """The answer of a dry run: the round and its candidates, never the result."""
    found = _ready(drafter, query, "draw")
    return found.next_round, found.candidates


def by_order(drafter: Drafter, query: Query) -> list[Draft]:
    """The winner of the next round, whose turn it is."""
    found = _ready(drafter, query, "order")
    return _won(drafter, found, found.rules.in_turn(found.won)[0], {"method": "order"})


def by_bid(drafter: Drafter, query: Query, slot_typed: str, typed: str) -> list[Draft]:
    """The winner of the next round, by the highest bid."""
    found = _ready(drafter, query, "bid")
    slot = find_slot(found, slot_typed)
    if slot not in found.candidates:
        raise _has_won(drafter, slot)
    bid, unit = drafter.own_amount(typed, zero=True), drafter.fund.unit
    if bid.minor >= found.rules.pot:
        raise Refused(
            msg("A bid of {bid} is not less than the pot of {pot}.", bid=bid, pot=Amount(found.rules.pot, unit))
        )
    if bid.minor < found.rules.min_bid:
        raise Refused(
            msg("The lowest bid is {least}; {bid} is less.", least=Amount(found.rules.min_bid, unit), bid=bid)
        )
    return _won(drafter, found, slot, {"method": "bid", "bid": bid.number or None}, bid.minor)


def release(drafter: Drafter, query: Query, slot_typed: str, *, settling: bool = False) -> list[Draft]:
    """Pay out the pot of a slot that won while it was behind.

    `settling` repays those who covered for its holders out of the pot.
    """
    _nothing_later(drafter, query, "payout")
    found = arisan_state(query, drafter.registers, drafter.fund, drafter.day)
    slot = find_slot(found, slot_typed)
    win = next((win for win in found.wins if win.slot == slot), None)
    if win is None:
        raise Refused(
            msg("The slot {slot} has not won yet.", slot=slot),
            hint=msg("See where it stands with: wksbm arisan status {fund}", fund=drafter.fund.slug),
        )
    if win.paid_out:
        raise Refused(
            msg("The pot of the slot {slot} is paid out already.", slot=slot),
            hint=msg("See where it stands with: wksbm arisan status {fund}", fund=drafter.fund.slug),
        )
    pot = _payout(drafter, found, slot, win.round, win.bid)
    settled = _out_of_the_pot(drafter, found, slot, pot) if settling else []
    if late := found.behind(slot, win.round, settled=bool(settled)):
        raise Refused(
            msg("Still behind: {members}. The pot stays withheld.", members=_names(drafter, late)),
            hint=_settling_hint(found, late),
        )
    return [*settled, _handed_over(drafter, pot, settled)]


def _out_of_the_pot(drafter: Drafter, found: ArisanState, slot: str, pot: Draft) -> list[Draft]:
    """Settlements with those who covered for the slot's holders, out of the holders' shares."""
    unit, drafts = drafter.fund.unit, []
    for member in found.rules.slots[slot].shares:
        owed = {coverer: minor for (owing, coverer), minor in found.covered.items() if owing == member}
        received = minor_of(pot.fields["members"].get(member, 0), unit)
        if sum(owed.values()) > received:
            raise Refused(
                msg(
                    "{member} receives {received} of the pot, and owes {owed} to those who covered.",
                    member=drafter.registers.members[drafter.fund.organisation][member].person,
                    received=Amount(received, unit),
                    owed=Amount(sum(owed.values()), unit),
                ),
                hint=msg(
                    "Record what was given back with: wksbm arisan settle {fund} MEMBER COVERER AMOUNT",
                    fund=drafter.fund.slug,
                ),
            )
        for coverer, minor in sorted(owed.items()):
            fields = fields_of(Amount(minor, unit))
            drafts.append(replace(drafter, place=None).draft("settlement", **fields, member=member, to_coverer=coverer))
    return drafts


def _settling_hint(found: ArisanState, late: list[str]) -> Message:
    """A hint: the command by which members who are behind settle, with those who covered or with the pot."""
    for (member, coverer), minor in found.covered.items():
        if member in late:
            return msg(
                "When it is given back: wksbm arisan settle {fund} {member} {coverer} {amount}. Out of the pot: --settle",
                fund=found.fund.slug,
                member=member,
                coverer=coverer,
                amount=str(Amount(minor, found.fund.unit).number),
            )
    return msg("Record what is paid with: wksbm contribute {fund} MEMBER AMOUNT", fund=found.fund.slug)


def settlement(drafter: Drafter, query: Query, member_typed: str, coverer_typed: str, typed: str) -> Draft:
    """A repayment to a member who had covered a contribution."""
    found = arisan_state(query, drafter.registers, drafter.fund, drafter.day)
    member, coverer = (
        drafter.registers.member(drafter.fund.organisation, name) for name in (member_typed, coverer_typed)
    )
    amount = drafter.own_amount(typed)
    owed = found.covered.get((member.slug, coverer.slug), 0)
    if amount.minor > owed:
        raise Refused(
            msg(
                "{coverer} covered {owed} for {member} that is not given back; {amount} is more.",
                coverer=coverer.person,
                member=member.person,
                owed=Amount(owed, drafter.fund.unit),
                amount=amount,
            ),
            hint=msg("See where it stands with: wksbm arisan status {fund}", fund=drafter.fund.slug),
        )
    return drafter.draft("settlement", **fields_of(amount), member=member.slug, to_coverer=coverer.slug)


def find_slot(found: ArisanState, typed: str) -> str:
    """The slot typed."""
    if typed in found.rules.slots:
        return typed
    raise Refused(
        msg('{fund} has no slot "{name}".', fund=found.fund.name, name=typed[:60]),
        hint=nearest_hint(typed, found.rules.slots),
    )


def _nothing_later(drafter: Drafter, query: Query, kind: str) -> None:
    """Refuse a date before a recorded win or payout, which would then not be taken into account."""
    later = query.entries(
        [drafter.fund.slug], [kind], Span(drafter.day + timedelta(days=1), None), with_cancelled=False
    )
    for entry in later:
        raise Refused(
            msg(
                "Round {round} was decided or paid out on {date}, after {day}.",
                round=entry.fields["round"],
                date=entry.date,
                day=drafter.day,
            ),
            hint=msg("Leave out --date, or give that day or a later one."),
        )


def _ready(drafter: Drafter, query: Query, method: str) -> ArisanState:
    """Validate that the arisan is running, the round is fully paid, and has no winner yet."""
    _nothing_later(drafter, query, "win")
    found = arisan_state(query, drafter.registers, drafter.fund, drafter.day)
    rules, fund = found.rules, drafter.fund
    if rules.start is None:
        raise Refused(
            msg("{fund} has not started.", fund=fund.name),
            hint=msg("To start it: wksbm arisan start {fund}", fund=fund.slug),
        )
    if rules.method != method:
        raise Refused(
            msg("In {fund} a winner is chosen {method}.", fund=fund.name, method=METHODS[rules.method]),
            hint=_CHOOSING[rules.method](fund.slug),
        )
    if not found.candidates:
        raise Refused(
            msg("Every slot of {fund} has won; nobody is left to choose.", fund=fund.name),
            hint=msg("The next cycle is a fund of its own: wksbm fund add ORG/FUND NAME --type arisan"),
        )
    round_ = found.next_round
    begins = rules.cycle.span(rules.rounds[round_ - 1]).start
    if begins is not None and drafter.day < begins:
        raise Refused(
            msg("Round {round} begins on {date}; the round before has its winner.", round=round_, date=begins),
        )
    missing = rules.pot - found.paid_for(round_)
    if missing > 0:
        raise Refused(
            msg(
                "Of the pot of {pot} for round {round}, {missing} is not paid yet.",
                round=round_,
                missing=Amount(missing, fund.unit),
                pot=Amount(rules.pot, fund.unit),
            ),
            hint=msg(
                "See who has paid with: wksbm arisan status {fund}. Someone may cover: --covered-by", fund=fund.slug
            ),
        )
    return found


# The command for each way of choosing.
_CHOOSING: dict[str, Callable[[str], Message]] = {
    "draw": lambda fund: msg(
        "Type: wksbm arisan draw {fund} --seed WORDS --said-by MEMBER (three times). Drawn on paper: --result SLOT",
        fund=fund,
    ),
    "order": lambda fund: msg("Type: wksbm arisan next {fund}", fund=fund),
    "bid": lambda fund: msg("Type: wksbm arisan bid {fund} SLOT AMOUNT", fund=fund),
}


def how_to_draw(fund: str) -> Message:
    """A hint: the command for a draw."""
    return _CHOOSING["draw"](fund)


def _won(drafter: Drafter, found: ArisanState, slot: str, how: dict[str, Any], bid: int = 0) -> list[Draft]:
    round_ = found.next_round
    # The place from which the pot is paid; a win alone has none.
    win = replace(drafter, place=None).draft("win", slot=slot, round=round_, candidates=found.candidates, **how)
    late = found.behind(slot, round_)
    if late:
        withheld = msg("Behind: {members}. The pot is withheld until that is settled.", members=_names(drafter, late))
        return [win._replace(notices=(withheld,))]
    return [win, _handed_over(drafter, _payout(drafter, found, slot, round_, bid))]


def _payout(drafter: Drafter, found: ArisanState, slot: str, round_: int, bid: int) -> Draft:
    unit = drafter.fund.unit
    divided = divide_pot(found.rules, slot, bid, found.won_before(round_))
    received = {member: unit.number(minor) for member, minor in divided.items()}
    return drafter.draft("payout", slot=slot, round=round_, members=received, unit=unit_code(Amount(0, unit)))


def _handed_over(drafter: Drafter, pot: Draft, settled: Sequence[Draft] = ()) -> Draft:
    """A notice with the receivers of a pot where there are several: shares, a bid, cover repaid out of it."""
    unit, known = drafter.fund.unit, drafter.registers.members[drafter.fund.organisation]
    parts: dict[str, int] = defaultdict(int)
    for member, number in pot.fields["members"].items():
        parts[member] += minor_of(number, unit)
    for each in settled:
        minor = minor_of(each.fields["amount"], unit)
        parts[each.fields["member"]] -= minor
        parts[each.fields["to_coverer"]] += minor
    if len(parts) == 1:
        return pot
    told = [
        msg("{name} {amount}", name=known[member].person, amount=Amount(minor, unit))
        for member, minor in parts.items()
        if minor
    ]
    return pot._replace(notices=(msg("To hand over: {parts}.", parts=told),))


def _names(drafter: Drafter, members: list[str]) -> list[Person]:
    known = drafter.registers.members[drafter.fund.organisation]
    return [known[member].person for member in members]
