"""The limits of a fund's lending and savings terms for one member: ceiling, cover by savings, and savings that must stay.

Each function returns or raises `Refused`. Amounts are smallest steps of the fund's unit; `owed` is the principal
a member still owes of all loans, `held` what the member has saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import kinds_where, postings
from wksbm_cli.domain.lending import SavingsClass
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import LOANS
from wksbm_cli.domain.units import Amount

# The kinds that raise or lower outstanding principal.
KINDS_OF_LOANS = kinds_where(lambda kind: LOANS in kind.heads and kind.name != "reversal")


def add_lent(owed: dict[str, int], entry: Entry, fund: Fund, registers: Registers) -> None:
    """Apply an entry to the members' outstanding principal."""
    for posting in postings(entry, fund, registers.book.units):
        if posting.party is not None and posting.account.startswith(LOANS.account):
            owed[posting.party] = owed.get(posting.party, 0) + posting.minor


def check_ceiling(fund: Fund, member: Member, minor: int, owed: int) -> None:
    """With what the member owes already, a loan is no more than the fund's ceiling."""
    ceiling = fund.loans.ceiling if fund.loans else 0
    if not ceiling or owed + minor <= ceiling:
        return
    most = Amount(ceiling, fund.unit)
    raise Refused(
        msg(
            "{fund} lends at most {amount}; {member} owes {owed} already.",
            fund=fund.name,
            amount=most,
            member=member.person,
            owed=Amount(owed, fund.unit),
        )
        if owed
        else msg("{fund} lends at most {amount}.", fund=fund.name, amount=most),
        hint=msg("What the group decided stands in: wksbm fund show {fund}", fund=fund.slug),
    )


def check_cover(fund: Fund, member: Member, minor: int, owed: int, held: int) -> None:
    """With what the member owes already, a loan is no more than so many times what the member has saved."""
    times = fund.loans.times_savings if fund.loans else 0
    if not times or owed + minor <= held * times:
        return
    hint = msg("To record savings: wksbm save {fund} {member} AMOUNT", fund=fund.slug, member=member.slug)
    if not held:
        raise Refused(
            msg("{member} has no savings in {fund}; it lends only to who saves.", member=member.person, fund=fund.name),
            hint=hint,
        )
    raise Refused(
        msg(
            "{member} has saved {held} and owes {owed}; the fund lends at most {times} times what is saved: {left} more.",
            member=member.person,
            held=Amount(held, fund.unit),
            owed=Amount(owed, fund.unit),
            times=times,
            left=Amount(max(0, held * times - owed), fund.unit),
        ),
        hint=hint,
    )


def check_still_covered(fund: Fund, member: Member, minor: int, owed: int, held: int) -> None:
    """What is left saved after a withdrawal still covers what the member owes."""
    times = fund.loans.times_savings if fund.loans else 0
    left = held - minor
    if not times or owed <= left * times or left < 0:  # an overdrawn class is a violation of its own (`consistency`)
        return
    raise Refused(
        msg(
            "{member} owes {owed}, for which {needed} must stay saved; {left} would be left.",
            member=member.person,
            owed=Amount(owed, fund.unit),
            needed=Amount(-(-owed // times), fund.unit),
            left=Amount(left, fund.unit),
        ),
        hint=msg(
            "To record a payment on the loan: wksbm repay {fund} {member} AMOUNT", fund=fund.slug, member=member.slug
        ),
    )


def check_stays(fund: Fund, member: Member, day: date, of: SavingsClass, minor: int, held: Mapping[str, int]) -> None:
    """What each member must hold of a class stays until the member leaves, all of it where it is locked.

    `held` is what the member holds of each class. Overdrawing is found across entries (`consistency`).
    """
    has_left = member.left is not None and member.left <= day
    there = held.get(of.slug, 0)
    must_stay = 0 if has_left else min(there, there if of.locked else of.amount)
    if not must_stay or minor <= there - must_stay:
        return
    raise Refused(
        msg(
            "{member} holds {held} of {name}; {stays} of it stays while a member.",
            member=member.person,
            held=Amount(there, fund.unit),
            name=of.name,
            stays=Amount(must_stay, fund.unit),
        ),
        hint=other_classes(fund, of, held),
    )


def other_classes(fund: Fund, than: SavingsClass, held: Mapping[str, int]) -> Message | None:
    """The other classes of which the member can withdraw something."""
    others = [
        each.slug
        for each in fund.savings.values()
        if each.slug != than.slug and not each.locked and held.get(each.slug, 0) > each.amount
    ]
    return msg("It may be taken from: {names}", names=", ".join(others)) if others else None


def check_kept(fund: Fund, taken: int, there: int, saved: int) -> None:
    """What is left when so much of what is there is taken is no less than what members have saved.

    Of a fund that lends what is saved by its own terms, `there` counts what is lent.
    """
    if taken <= 0 or saved <= 0 or there - taken >= saved:
        return
    raise Refused(
        msg(
            "{fund} would have {left} left, and holds {saved} that its members have saved.",
            fund=fund.name,
            left=Amount(there - taken, fund.unit),
            saved=Amount(saved, fund.unit),
        ),
        hint=msg(
            "If they agreed: --from-savings, --approved-by, --because. If what is saved is lent: wksbm fund loans {fund} --lends-savings",
            fund=fund.slug,
        )
        if fund.loans is not None and not fund.loans.lends_savings
        else msg("If they agreed: --from-savings, --approved-by, --because."),
    )
