"""Allocating one payment over several dues: the oldest open periods first, across dues, then ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.obligations import Standing
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.recording.asking import refuse_doubtful
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, Typed, find_due
from wksbm_cli.standing.dues import member_standing


class Share(NamedTuple):
    """A due that takes part in a payment, of the fund typed or another, with the part typed for it, if any."""

    fund: Fund
    due: Due
    said: int | None


def over_dues(
    drafter: Drafter,
    query: Query,
    member: str,
    typed: Typed,
    over: str,
    *,
    covered_by: str | None = None,
    exactly: bool = False,
) -> list[Draft]:
    """One contribution for each due that receives a part; together they are the whole payment.

    A part may be typed for a due (`iuran=30000`); the rest pays open periods of the others, oldest first, and then goes
    ahead in the order in which they are named.
    """
    shares = [_share(drafter, part.strip()) for part in over.split(",") if part.strip()]
    if len({(share.fund.slug, share.due.slug) for share in shares}) < max(len(shares), 2):
        raise Usage(
            msg("Name two dues or more, each once."),
            hint=msg("Type for instance: {example}", example="--over iuran,kematian"),
        )
    if drafter.place is not None and any(share.fund.slug != drafter.fund.slug for share in shares):
        raise Usage(msg("--place is of one fund; a payment over several goes to the first place of each."))
    amount = drafter.amount(typed)
    for share in shares:
        if share.due.unit != amount.unit:
            raise Refused(
                msg(
                    "{due} is paid in {unit}, not in {other}.",
                    due=share.due.name,
                    unit=share.due.unit.name,
                    other=amount.unit.name,
                )
            )
        if not exactly:
            refuse_doubtful(share.due, amount, drafter.day)
    return [
        drafter.of(share.fund).contribution(
            query, member, Amount(minor, amount.unit), share.due.slug, None, covered_by=covered_by, exactly=True
        )
        for share, minor in zip(shares, _divided(drafter, query, member, shares, amount), strict=True)
        if minor
    ]


def _share(drafter: Drafter, text: str) -> Share:
    """`iuran`, `dana-kematian`, `rt-07/dana-kematian/iuran`; with `=AMOUNT` behind it the part said."""
    name, equals, part = text.partition("=")
    name = name.strip().lower()
    said = drafter.amount(part.strip()).minor if equals else None
    if name in drafter.fund.dues:
        return Share(drafter.fund, drafter.fund.dues[name], said)
    fund, slash, due = name.rpartition("/")
    known = drafter.registers.funds
    if not slash or name in known:
        other = drafter.registers.fund(name)
        found = find_due(other, None)
    else:
        other = drafter.registers.fund(fund)
        found = find_due(other, due)
    if found is None:
        raise Refused(
            msg("{fund} has no due.", fund=other.name),
            hint=msg("To set one, use: wksbm fund due {fund} ...", fund=other.slug),
        )
    return Share(other, found, said)


def _divided(drafter: Drafter, query: Query, member: str, shares: Sequence[Share], amount: Amount) -> list[int]:
    """The part of the payment for each due, in smallest steps."""
    parts = [share.said or 0 for share in shares]
    left = amount.minor - sum(parts)
    free = [number for number, share in enumerate(shares) if share.said is None]
    if left < 0 or (left and not free):
        raise Refused(
            msg(
                "The parts add up to {parts}; {amount} was handed over.",
                parts=Amount(sum(parts), amount.unit),
                amount=amount,
            )
        )
    standings = {number: _standing(drafter, query, member, shares[number]) for number in free}
    fallen = sorted((owed.start, number, owed.minor) for number in free for owed in standings[number].open)
    ahead = [(number, standings[number].room - standings[number].arrears) for number in free]
    for number, room in (*((number, minor) for _, number, minor in fallen), *ahead):
        taken = min(room, left)
        parts[number] += taken
        left -= taken
    if left:
        parts[free[0]] += left  # more than can be owed: refused with the message of a single payment
    return parts


def _standing(drafter: Drafter, query: Query, member: str, share: Share) -> Standing:
    found = drafter.registers.member(share.fund.organisation, member)
    return member_standing(query, drafter.registers, share.fund, share.due, found.slug, drafter.day)
