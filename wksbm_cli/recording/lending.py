"""Drafts of loans, repayments, savings and withdrawals, judged by the fund's own terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wksbm_cli.domain.lending import INSTALMENT_CYCLES, METHODS, SavingsClass, settle
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Fund, Member
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.lending import Loan, loans
from wksbm_cli.index.query import Query
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, choose, fields_of


def loan(
    drafter: Drafter,
    query: Query,
    member_typed: str,
    typed: str,
    *,
    rate: str | None = None,
    method: str | None = None,
    instalments: int | None = None,
    cycle: str | None = None,
) -> Draft:
    """A loan on the fund's terms, or on those typed for this one."""
    fund, amount = drafter.fund, _money(drafter, typed)
    rules = fund.loans
    if rules is None:
        raise Refused(
            msg("{fund} does not lend: it has no terms for loans.", fund=fund.name),
            hint=msg("To set them: wksbm fund loans {fund} ...", fund=fund.slug),
        )
    member = drafter.registers.member(fund.organisation, member_typed)
    if rules.ceiling and amount.minor > rules.ceiling:
        raise Refused(msg("{fund} lends at most {amount}.", fund=fund.name, amount=Amount(rules.ceiling, fund.unit)))
    if rules.times_savings:
        held = sum(query.savings(fund.slug, drafter.day).get(member.slug, {}).values())
        most = held * rules.times_savings
        if amount.minor > most:
            raise Refused(
                msg(
                    "{member} has saved {held}; the fund lends at most {times} times that: {most}.",
                    member=member.person,
                    held=Amount(held, fund.unit),
                    times=rules.times_savings,
                    most=Amount(most, fund.unit),
                ),
                hint=msg("To record savings: wksbm save {fund} {member} AMOUNT", fund=fund.slug, member=member.slug),
            )
    number = instalments if instalments is not None else rules.instalments
    if not 1 <= number <= 520:
        raise Usage(msg("A loan has 1 to 520 instalments."))
    return drafter.draft(
        "loan",
        **fields_of(amount),
        member=member.slug,
        rate=_toml_number(parse_percent(rate) if rate is not None else rules.rate),
        method=choose("--method", method, METHODS) if method else rules.method,
        instalments=number,
        cycle=choose("--cycle", cycle, dict.fromkeys(INSTALMENT_CYCLES, msg("{name}", name="")))
        if cycle
        else rules.cycle,
    )


def parse_percent(typed: str) -> Decimal:
    """`1,5`, `1.5%` or `2` as percent."""
    try:
        value = Decimal(typed.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 100 or value != round(value, 3):
        raise Usage(msg('"{text}" is not a percentage of 0 to 100.', text=typed[:20]))
    return value


def _toml_number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value.normalize()


def repayment(
    drafter: Drafter,
    query: Query,
    member_typed: str,
    typed: str,
    *,
    loan_typed: str | None = None,
    fine: str | None = None,
    covered_by: str | None = None,
    to_coverer: str | None = None,
) -> Draft:
    """A payment on a loan: the fine asked first, then charges, then principal."""
    fund, amount = drafter.fund, _money(drafter, typed)
    member = drafter.registers.member(fund.organisation, member_typed)
    found = find_loan(query, drafter, member, loan_typed)
    if to_coverer is not None:
        return _given_back(drafter, member, found, amount, to_coverer)
    asked = _money(drafter, fine).minor if fine else 0
    if asked > amount.minor:
        raise Refused(msg("A fine of {fine} is more than was paid.", fine=Amount(asked, fund.unit)))
    before = found.at(drafter.day)
    most = before.outstanding + before.charge_left + asked
    if amount.minor > most:
        raise Refused(
            msg(
                "{member} owes {most} on this loan; {amount} is more.",
                member=member.person,
                most=Amount(most, fund.unit),
                amount=amount,
            )
        )
    used = settle(before, amount.minor, asked)
    fields: dict[str, Any] = {**fields_of(amount), "member": member.slug, "loan": found.id}
    for key, minor in (("charge", used.charge), ("fine", used.fine)):
        if minor:
            fields[key] = Amount(minor, fund.unit).number
    if covered_by:
        coverer = drafter.registers.member(fund.organisation, covered_by)
        if coverer.slug == member.slug:
            raise Usage(msg("Who covers is another member than the borrower."))
        fields["covered_by"] = coverer.slug
    draft = drafter.draft("repayment", **fields)
    left = Amount(before.outstanding - used.principal, fund.unit)
    told = msg(
        "Principal {principal}, charge {charge}; still outstanding: {left}.",
        principal=Amount(used.principal, fund.unit),
        charge=Amount(used.charge, fund.unit),
        left=left,
    )
    return replace(draft, notices=(told,))


def _given_back(drafter: Drafter, member: Member, found: Loan, amount: Amount, typed: str) -> Draft:
    """What the borrower returned to the member who had covered an instalment."""
    coverer = drafter.registers.member(drafter.fund.organisation, typed)
    owed = found.covered(drafter.day).get(coverer.slug, 0)
    if amount.minor > owed:
        raise Refused(
            msg(
                "{coverer} covered {owed} of this loan that is not given back; {amount} is more.",
                coverer=coverer.person,
                owed=Amount(owed, drafter.fund.unit),
                amount=amount,
            )
        )
    return drafter.draft("settlement", **fields_of(amount), member=member.slug, loan=found.id, to_coverer=coverer.slug)


def find_loan(query: Query, drafter: Drafter, member: Member, typed: str | None) -> Loan:
    """The member's loan: the one named by the beginning of its id, or the only one not settled."""
    mine = [each for each in loans(query, drafter.registers, drafter.fund, drafter.day) if each.member == member.slug]
    if typed is not None:
        found = [each for each in mine if each.id.startswith(typed.lower())]
    else:
        found = [each for each in mine if each.at(drafter.day).collectability != "settled" or each.covered(drafter.day)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Usage(
            msg("{member} has several loans; say which with --loan.", member=member.person),
            hint=msg("Known: {names}", names=", ".join(each.id[:8] for each in found)),
        )
    raise Refused(
        msg("{member} has no such loan in {fund}.", member=member.person, fund=drafter.fund.name),
        hint=msg("See them with: wksbm loans {fund}", fund=drafter.fund.slug),
    )


def saving(drafter: Drafter, member_typed: str, typed: str, class_typed: str | None) -> Draft:
    """What a member puts by: their own money, owed back to them."""
    found = find_class(drafter.fund, class_typed)
    member = drafter.registers.member(drafter.fund.organisation, member_typed)
    return drafter.draft("saving", **fields_of(_money(drafter, typed)), member=member.slug, **{"class": found.slug})


def withdrawal(drafter: Drafter, query: Query, member_typed: str, typed: str, class_typed: str | None) -> Draft:
    """What a member takes back: no more than is there, and of what is obligatory only on leaving."""
    fund, amount = drafter.fund, _money(drafter, typed)
    found = find_class(fund, class_typed)
    member = drafter.registers.member(fund.organisation, member_typed)
    held = query.savings(fund.slug, date.max).get(member.slug, {}).get(found.slug, 0)
    has_left = member.left is not None and member.left <= drafter.day
    must_stay = 0 if has_left else held if found.locked else found.amount
    if amount.minor > held - must_stay:
        raise Refused(
            msg(
                "{member} holds {held} of {name}; {stays} of it stays while a member.",
                member=member.person,
                held=Amount(held, fund.unit),
                name=found.name,
                stays=Amount(min(held, must_stay), fund.unit),
            ),
            hint=_class_hint(fund, found),
        )
    return drafter.draft("withdrawal", **fields_of(amount), member=member.slug, **{"class": found.slug})


def _class_hint(fund: Fund, found: SavingsClass) -> Message | None:
    others = [each.slug for each in fund.savings.values() if each.slug != found.slug and not each.locked]
    return msg("It may be taken from: {names}", names=", ".join(others)) if others else None


def find_class(fund: Fund, typed: str | None) -> SavingsClass:
    """The class of savings named; without a name the only one, or the only one nobody is obliged to."""
    if typed is not None:
        if typed in fund.savings:
            return fund.savings[typed]
        raise Refused(
            msg('{fund} has no class of savings "{name}".', fund=fund.slug, name=typed[:60]),
            hint=nearest_hint(typed, fund.savings),
        )
    free = [each for each in fund.savings.values() if not each.locked and not each.amount] or list(
        fund.savings.values()
    )
    if len(free) == 1:
        return free[0]
    if not fund.savings:
        raise Refused(
            msg("{fund} keeps no savings.", fund=fund.name),
            hint=msg("To add a class of savings: wksbm fund savings {fund} sukarela", fund=fund.slug),
        )
    raise Usage(
        msg("{fund} has several classes of savings; say which with --class.", fund=fund.name),
        hint=msg("Known: {names}", names=", ".join(fund.savings)),
    )


def _money(drafter: Drafter, typed: str) -> Amount:
    """An amount in the fund's own unit."""
    amount = drafter.amount(typed)
    if amount.unit != drafter.fund.unit:
        raise Refused(msg("{typed} is not in {unit}.", typed=typed, unit=drafter.fund.unit.name))
    return amount
