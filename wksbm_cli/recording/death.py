"""Drafts of a benefit: disbursements in money and goods, and contributions for the arrears deducted."""

from __future__ import annotations

from collections.abc import Sequence

from wksbm_cli.domain.death import Assessment, Death
from wksbm_cli.domain.entry import short_id
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import check_text
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, fields_of
from wksbm_cli.standing.death import assessment, in_arrears, payments


def benefit(
    drafter: Drafter, query: Query, death: Death, receiver: str, purposes: tuple[str, str], part: str | None = None
) -> Sequence[Draft]:
    """The whole benefit as disbursements (money, goods), and the family's arrears paid out of it as contributions.

    Posted gross, so that the dues are settled and the fund's help is reported in full. With `part` only so much is
    handed over in money now, besides goods and arrears; the rest stays owed to the family, and is what a later payment
    is of. `purposes` are the texts for money and goods, in the book's language.
    """
    fund, registers = drafter.fund, drafter.registers
    if drafter.day < death.date:
        raise Refused(
            msg("{deceased} died on {date}, after {day}.", deceased=death.deceased, date=death.date, day=drafter.day),
            hint=msg("Say another day with --date."),
        )
    found = assessment(query, registers, fund, death, drafter.day)
    if not found.eligible:
        raise Refused(
            msg("No benefit is due for {deceased}:", deceased=death.deceased),
            details=[finding.text for finding in found.findings if finding.met is False],
            hint=msg("See every rule with: wksbm death assess {fund} {death}", fund=fund.slug, death=death.slug),
        )
    if not found.left:
        paid = payments(query, fund, death.slug)[0]
        raise Refused(
            msg("The benefit for {deceased} was paid already: {id}.", deceased=death.deceased, id=short_id(paid.id)),
            hint=msg("If that was wrong: wksbm reverse {id} --reason ...", id=short_id(paid.id)),
        )
    cash = _handed_over(drafter, death, found, part)
    place = drafter.place or fund.default_place
    held = query.place_balance(fund.slug, place, fund.unit.code, drafter.day)
    missing = cash + found.goods - held
    if missing > 0 and (place in fund.places or place in query.places(fund.slug)):
        raise Refused(
            msg(
                "In {place} there is {held}; the benefit asks {amount}: {missing} is missing.",
                place=drafter.registers.place_name(fund, place),
                held=Amount(held, fund.unit),
                amount=Amount(cash + found.goods, fund.unit),
                missing=Amount(missing, fund.unit),
            ),
            hint=msg(
                "See what is where with: wksbm balance --by place. Pay from another place with --place, or a part with --amount."
            ),
        )
    member = registers.members[fund.organisation][death.member]
    drafts = list(_settled(drafter, query, death, found.deducted))
    for minor, purpose in zip((cash + found.deducted, found.goods), purposes, strict=True):
        if minor:
            drafts.append(
                drafter.draft(
                    "disbursement",
                    **fields_of(Amount(minor, fund.unit)),
                    to=check_text(receiver),
                    purpose=check_text(purpose),
                    member=member.slug,
                    event=death.slug,
                    pillar="protection",
                    mode="handling",
                )
            )
    told = [
        msg(
            "Benefit {base}: {goods} in goods, {deducted} for arrears, {cash} handed over.",
            base=Amount(found.base, fund.unit),
            goods=Amount(found.goods, fund.unit),
            deducted=Amount(found.deducted, fund.unit),
            cash=Amount(cash, fund.unit),
        )
        if not found.given
        else msg(
            "Benefit {base}: {given} given before, {deducted} for arrears, {cash} handed over.",
            base=Amount(found.base, fund.unit),
            given=Amount(found.given, fund.unit),
            deducted=Amount(found.deducted, fund.unit),
            cash=Amount(cash, fund.unit),
        )
    ]
    if left := found.cash - cash:
        told.append(msg("Still owed to the family: {left}.", left=Amount(left, fund.unit)))
    return [drafts[0]._replace(notices=tuple(told)), *drafts[1:]]


def _handed_over(drafter: Drafter, death: Death, found: Assessment, part: str | None) -> int:
    """What is handed over in money now: all that is left, or the part typed."""
    if part is None:
        return found.cash
    amount = drafter.own_amount(part)
    if amount.minor > found.cash:
        raise Refused(
            msg(
                "Of the benefit for {deceased}, {left} is left to hand over; {amount} is more.",
                deceased=death.deceased,
                left=Amount(found.cash, drafter.fund.unit),
                amount=amount,
            ),
            hint=msg("Leave out --amount to pay all of it."),
        )
    return amount.minor


def _settled(drafter: Drafter, query: Query, death: Death, left: int) -> Sequence[Draft]:
    """The arrears deducted, as contributions for the periods they belong to."""
    drafts = []
    for slug, late in in_arrears(query, drafter.registers, drafter.fund, death, drafter.day).items():
        due, part, periods = drafter.fund.dues[slug], 0, []
        for owed in late:
            if part < left:
                part += min(owed.minor, left - part)
                # Nights are allocated by month, named by any night of it.
                periods.append(f"{owed.period}-01" if due.cycle.name == "night" else owed.period)
        if part:
            left -= part
            paid = {death.member: Amount(part, due.unit).number}
            drafts.append(drafter.draft("contribution", due=slug, members=paid, **{"for": periods}))
    return drafts
