"""Changes of an arisan before it runs: its rules, its slots, its start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from wksbm_cli.book.editing import Edit
from wksbm_cli.domain.arisan import (
    BID_SHARED,
    METHODS,
    ROUND_CYCLES,
    ArisanRules,
    share_of,
    shares_fault,
    table_of_slot,
)
from wksbm_cli.domain.cycles import anchor_fault, parse_anchor
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.registers.change import Change, edit_fund
from wksbm_cli.recording.registers.funds import ANCHOR_HINT, number_in, put_all

# Keys that `arisan set` replaces as a whole.
_RULES = ("contribution", "cycle", "anchor", "method", "min_bid", "bid_shared")


def arisan_of(registers: Registers, typed: str) -> tuple[Fund, ArisanRules]:
    """The fund typed and its arisan rules; refused where it has none."""
    fund = registers.fund(typed)
    if fund.arisan is None:
        raise Refused(
            msg("The rules of an arisan are not set for {fund}.", fund=fund.name),
            hint=msg("To set one up: wksbm arisan set {fund} ...", fund=fund.slug),
        )
    return fund, fund.arisan


def set_rules(
    registers: Registers,
    typed: str,
    contribution: str,
    *,
    cycle: str,
    anchor: str | None,
    method: str,
    min_bid: str | None,
    bid_shared: str,
) -> Change:
    fund = registers.fund(typed)
    if fund.type != "arisan":
        raise Refused(
            msg("{fund} is not a fund for an arisan; its pot is never mixed with other money.", fund=fund.name),
            hint=msg("To make one: wksbm fund add ORG/FUND NAME --type arisan"),
        )
    if fund.arisan is not None and fund.arisan.start is not None:
        raise Refused(
            msg("{fund} runs already; its rules are set.", fund=fund.name),
            hint=msg("See it with: wksbm fund show {fund}", fund=fund.slug),
        )
    table: dict[str, Any] = {
        "contribution": number_in(registers, contribution, fund.unit),
        "cycle": choose(cycle, ROUND_CYCLES),
        "method": choose(method, METHODS),
    }
    if fault := anchor_fault(table["cycle"], anchor):
        raise Usage(fault, hint=ANCHOR_HINT)
    if anchor:
        table["anchor"] = parse_anchor(anchor)
    if min_bid:
        table["min_bid"] = number_in(registers, min_bid, fund.unit)
    if bid_shared != "others":
        table["bid_shared"] = choose(bid_shared, BID_SHARED)
    dropped = [Edit(("arisan", key), None) for key in _RULES if fund.arisan is not None and key not in table]
    said = msg("The rules of {fund} are set; members may join.", fund=fund.name)
    return edit_fund(fund, [*dropped, *put_all("arisan", table)], said)


def join(registers: Registers, typed: str, slot: str, members: Sequence[str], order: int) -> Change:
    fund, rules = arisan_of(registers, typed)
    name = check_slug(slot)
    shares: dict[str, Fraction] = {}
    for pair in members:
        who, equals, share = pair.partition("=")
        member = registers.member(fund.organisation, who)
        part = share_of(share if equals else 1)
        if part is None:
            raise Usage(msg('"{text}" is not a share, as 1 or "1/2".', text=share[:20]), hint=_sharing(fund))
        shares[member.slug] = part
    if fault := shares_fault(name, shares):
        raise Refused(fault, hint=_sharing(fund))
    if rules.start is not None:
        raise Refused(
            msg("{fund} runs already; nobody joins before the next cycle.", fund=fund.name),
            hint=msg("The next cycle is a fund of its own: wksbm fund add ORG/FUND NAME --type arisan"),
        )
    if name in rules.slots:
        raise Refused(
            msg("The slot {slot} is taken.", slot=name),
            hint=msg("See where it stands with: wksbm arisan status {fund}", fund=fund.slug),
        )
    turns = {taken.order: taken.slug for taken in rules.slots.values()}
    if order and order in turns:
        raise Refused(
            msg("Turn {order} is that of the slot {slot}.", order=order, slot=turns[order]),
            hint=msg("Without --order it has the next turn."),
        )
    turn = order or (max(turns, default=0) + 1 if rules.method == "order" else 0)
    return edit_fund(
        fund, [Edit(("arisan", "slots", name), table_of_slot(shares, turn))], msg("Joined: {slot}.", slot=name)
    )


def _sharing(fund: Fund) -> Message:
    return msg("Type for instance: wksbm arisan join {fund} SLOT budi=1/2 tini=1/2", fund=fund.slug)


def start(registers: Registers, typed: str, day: date) -> Change:
    fund, rules = arisan_of(registers, typed)
    if rules.start is not None:
        raise Refused(
            msg("{fund} runs already, since {date}.", fund=fund.name, date=rules.start),
            hint=msg("See where it stands with: wksbm arisan status {fund}", fund=fund.slug),
        )
    if len(rules.slots) < 2:
        raise Refused(
            msg("An arisan needs at least two slots."),
            hint=msg("To add one: wksbm arisan join {fund} SLOT MEMBER", fund=fund.slug),
        )
    said = msg(
        "{fund} starts on {date} with {count} slots; nobody joins any more.",
        fund=fund.name,
        date=day,
        count=len(rules.slots),
    )
    return edit_fund(fund, [Edit(("arisan", "start"), day)], said)
