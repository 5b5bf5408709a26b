"""What is open between a group and a member who leaves: dues, loans, an arisan, savings, money in hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.obligations import Obligation, Payments, allocate_payments
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query


class Open(NamedTuple):
    """One open sum in words. Dues are `forgivable`: their fund lost nothing that it had. `hint` says how another is settled."""

    text: Message
    forgivable: bool = False
    hint: Message | None = None


def open_on_leaving(query: Query, registers: Registers, member: Member, organisation: str, today: date) -> list[Open]:
    """Everything that is open with a member of an organisation whose `left` is known, fund by fund."""
    found: list[Open] = []
    for fund in registers.funds.values():
        if fund.organisation != organisation:
            continue
        if fund.arisan is not None:
            found += _arisan(query, registers, fund, member, today)
        else:
            found += _dues(query, registers, fund, member, today)
        found += _loans(query, registers, fund, member, today)
        found += _savings(query, fund, member)
        found += _benefits(query, registers, fund, member, today)
        found += _in_hand(query, registers, fund, member, today)
    return found


def _dues(query: Query, registers: Registers, fund: Fund, member: Member, today: date) -> Iterator[Open]:
    """What is owed of dues up to the day of leaving, and what was paid for time after it."""
    for due in fund.dues.values():
        if not due.required:
            continue
        payments, away = query.standing_sums(registers, fund.slug, due.slug, today, member.slug)
        obligation = Obligation(fund, due, member, away.get(member.slug, ()))
        standing = allocate_payments(obligation, payments.get(member.slug, Payments({})), today)
        if owed := standing.arrears:
            amount = Amount(owed, due.unit)
            text = msg("{fund}, {due}: {amount} still to pay.", fund=fund.name, due=due.name, amount=amount)
            yield Open(text, forgivable=True)
        settled = sum(min(owed.minor, standing.paid.get(owed.period, 0)) for owed in standing.fallen)
        beyond = sum(standing.paid.values()) - settled
        if beyond and due.cycle.name not in ("event", "once"):
            amount = Amount(beyond, due.unit)
            yield Open(
                msg("{fund}, {due}: {amount} paid for time after leaving.", fund=fund.name, due=due.name, amount=amount)
            )


def _loans(query: Query, registers: Registers, fund: Fund, member: Member, today: date) -> Iterator[Open]:
    if fund.loans is None:
        return
    from wksbm_cli.standing.lending import loans

    people = registers.members[fund.organisation]
    for loan in loans(query, fund):
        state = loan.at(today)
        owed = state.outstanding + state.charge_due
        if loan.member == member.slug and owed:
            amount = Amount(owed, fund.unit)
            yield Open(
                msg(
                    "{fund}: {amount} of the loan {id} to pay back.",
                    fund=fund.name,
                    amount=amount,
                    id=loan.entry.short_id,
                ),
                hint=msg(
                    "To give up a loan: wksbm write-off {fund} {member} --reason TEXT --approved-by NAME",
                    fund=fund.slug,
                    member=member.slug,
                ),
            )
        for coverer, minor in loan.covered(today).items():
            if member.slug in (loan.member, coverer):
                yield Open(
                    msg(
                        "{fund}: {member} still owes {coverer} {amount}, who covered.",
                        fund=fund.name,
                        member=people[loan.member].person,
                        coverer=people[coverer].person,
                        amount=Amount(minor, fund.unit),
                    )
                )


def _savings(query: Query, fund: Fund, member: Member) -> Iterator[Open]:
    saved = sum(query.savings(fund.slug, date.max, member.slug).get(member.slug, {}).values())
    if saved:
        yield Open(
            msg("{fund}: {amount} saved, to give back.", fund=fund.name, amount=Amount(saved, fund.unit)),
            hint=msg("To give it back: wksbm withdraw {fund} {member} AMOUNT", fund=fund.slug, member=member.slug),
        )


def _arisan(query: Query, registers: Registers, fund: Fund, member: Member, today: date) -> Iterator[Open]:
    """Each slot of an arisan that runs, won or not, and what was covered for the member or by the member."""
    from wksbm_cli.standing.arisan import arisan_state

    found = arisan_state(query, registers, fund, today)
    if found.state != "running":
        return
    won = {win.slot: win for win in found.wins}
    left = found.standings[member.slug].room if member.slug in found.standings else 0
    for slot in found.rules.slots.values():
        if member.slug not in slot.shares:
            continue
        if win := won.get(slot.slug):
            text = msg("{fund}: the slot {slot} won round {round}.", fund=fund.name, slot=slot.slug, round=win.round)
        else:
            text = msg("{fund}: the slot {slot} has not won yet.", fund=fund.name, slot=slot.slug)
        yield Open(text, hint=msg("An arisan is owed to its end, whoever leaves."))
    if left:
        amount = Amount(left, fund.unit)
        yield Open(msg("{fund}: {amount} to pay until the arisan ends.", fund=fund.name, amount=amount))
    people = registers.members[fund.organisation]
    for (owing, coverer), minor in found.covered.items():
        if member.slug in (owing, coverer):
            yield Open(
                msg(
                    "{fund}: {member} still owes {coverer} {amount}, who covered.",
                    fund=fund.name,
                    member=people[owing].person,
                    coverer=people[coverer].person,
                    amount=Amount(minor, fund.unit),
                )
            )


def _benefits(query: Query, registers: Registers, fund: Fund, member: Member, today: date) -> Iterator[Open]:
    if fund.death is None:
        return
    from wksbm_cli.standing.death import owed_to_families

    for slug, minor in owed_to_families(query, registers, fund, today).items():
        death = fund.death.deaths[slug]
        if death.member == member.slug:
            yield Open(
                msg(
                    "{fund}: {amount} left to pay of the benefit for {deceased}.",
                    fund=fund.name,
                    amount=Amount(minor, fund.unit),
                    deceased=death.deceased,
                )
            )


def _in_hand(query: Query, registers: Registers, fund: Fund, member: Member, today: date) -> Iterator[Open]:
    """What the member collected and still holds; a collector is named by the member's id or by a part of the name."""
    for place in query.places(fund.slug):
        if place in fund.places or not _is_member(registers, fund, place, member):
            continue
        if held := query.place_balance(fund.slug, place, fund.unit.code, today):
            yield Open(
                msg("{fund}: {amount} collected, to hand over.", fund=fund.name, amount=Amount(held, fund.unit)),
                hint=msg(
                    "To hand it over: wksbm move {fund} {amount} {place} {to}",
                    fund=fund.slug,
                    amount=str(fund.unit.number(held)),
                    place=place,
                    to=fund.default_place,
                ),
            )


def _is_member(registers: Registers, fund: Fund, name: str, member: Member) -> bool:
    try:
        return registers.member(fund.organisation, name).slug == member.slug
    except Refused:
        return False
