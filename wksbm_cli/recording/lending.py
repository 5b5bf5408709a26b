"""Drafts of loans, repayments, reschedulings and write-offs, savings and withdrawals, by the fund's terms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import parse_year
from wksbm_cli.domain.entry import short_id
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds.lending import WRITE_OFF
from wksbm_cli.domain.lending import (
    ENDED,
    INSTALMENT_CYCLES,
    METHODS,
    LoanRules,
    LoanState,
    LoanTerms,
    Repayment,
    SavingsClass,
    schedule,
    split_payment,
)
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_text, nearest_hint
from wksbm_cli.domain.units import Amount, minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, fields_of, unit_code
from wksbm_cli.standing.lending import Loan, loans, surplus_of


class TermsTyped(NamedTuple):
    """The terms typed for one loan; None takes the fund's, or the loan's so far."""

    rate: str | None = None
    method: str | None = None
    instalments: int | None = None
    cycle: str | None = None
    round: str | None = None


def loan(drafter: Drafter, member_typed: str, typed: str, asked: TermsTyped) -> Draft:
    """A loan on the fund's terms, or on those typed for this one."""
    fund, amount = drafter.fund, drafter.own_amount(typed)
    rules = fund.loans
    if rules is None:
        raise Refused(
            msg("{fund} does not lend: it has no terms for loans.", fund=fund.name),
            hint=msg("To set them: wksbm fund loans {fund} ...", fund=fund.slug),
        )
    member = drafter.registers.member(fund.organisation, member_typed)
    return drafter.draft("loan", **fields_of(amount), member=member.slug, **_terms(drafter, asked, rules))


def _terms(drafter: Drafter, asked: TermsTyped, otherwise: LoanRules | LoanTerms) -> dict[str, Any]:
    """The terms as keys of a line."""
    number = asked.instalments if asked.instalments is not None else otherwise.instalments
    if not 1 <= number <= 520:
        raise Usage(msg("A loan has 1 to 520 instalments."))
    step = drafter.own_amount(asked.round, zero=True).minor if asked.round is not None else otherwise.round
    return {
        "rate": toml_number(parse_percent(asked.rate) if asked.rate is not None else otherwise.rate),
        "method": choose(asked.method, METHODS) if asked.method else otherwise.method,
        "instalments": number,
        "cycle": choose(asked.cycle, INSTALMENT_CYCLES) if asked.cycle else otherwise.cycle,
        "round": Amount(step, drafter.fund.unit).number if step else None,
    }


def rescheduling(
    drafter: Drafter,
    query: Query,
    member_typed: str,
    asked: TermsTyped,
    *,
    reason: str,
    loan_typed: str | None = None,
) -> Draft:
    """Reschedule the rest of a loan from this day; unpaid charges fallen due are carried over."""
    fund = drafter.fund
    member = drafter.registers.member(fund.organisation, member_typed)
    found = find_loan(query, drafter, member, loan_typed)
    before = _still_owing(drafter, found)
    carried = Amount(before.charge_due, fund.unit)
    terms = _terms(drafter, asked, before.terms)
    draft = drafter.draft(
        "reschedule",
        **fields_of(Amount(before.outstanding, fund.unit)),
        member=member.slug,
        loan=found.id,
        carried=carried.number if carried.minor else None,
        **terms,
        reason=check_text(reason),
    )
    first = schedule(_anew(drafter, before, terms))[0]
    told = msg(
        "The first of {count} instalments is due on {date}: {amount}.",
        count=terms["instalments"],
        date=first.due,
        amount=Amount(first.principal + first.charge + carried.minor, fund.unit),
    )
    return draft._replace(notices=(told,))


def _anew(drafter: Drafter, before: LoanState, terms: Mapping[str, Any]) -> LoanTerms:
    step = minor_of(terms["round"] or 0, drafter.fund.unit)
    return LoanTerms(
        before.outstanding,
        Decimal(terms["rate"]),
        terms["method"],
        terms["instalments"],
        terms["cycle"],
        drafter.day,
        step,
    )


def writing_off(
    drafter: Drafter,
    query: Query,
    member_typed: str,
    typed: str | None,
    *,
    reason: str,
    loan_typed: str | None = None,
) -> Draft:
    """Write off all that is left of a loan, or the amount typed."""
    fund = drafter.fund
    member = drafter.registers.member(fund.organisation, member_typed)
    found = find_loan(query, drafter, member, loan_typed)
    left = Amount(_still_owing(drafter, found).outstanding, fund.unit)
    amount = drafter.own_amount(typed) if typed is not None else left
    if amount.minor > left.minor:
        raise Refused(
            msg("{left} of this loan of {member} is outstanding; {amount} is more.",
                left=left, member=member.person, amount=amount),
            hint=_look_at(drafter, found),
        )  # fmt: skip
    draft = drafter.draft(
        "write-off", **fields_of(amount), member=member.slug, loan=found.id, reason=check_text(reason)
    )
    told = (
        msg("{left} of the loan is still owed.", left=Amount(left.minor - amount.minor, fund.unit))
        if amount.minor < left.minor
        else msg("Nothing more is asked of this loan, neither principal nor charge. No money moved.")
    )
    return draft._replace(notices=(told,))


def _still_owing(drafter: Drafter, found: Loan) -> LoanState:
    """Validate that principal is outstanding, and nothing is recorded on the loan after the day."""
    _nothing_later(drafter, found)
    before = found.at(drafter.day)
    if not before.outstanding:
        raise Refused(msg("Nothing of the principal of this loan is owed any more."), hint=_look_at(drafter, found))
    return before


def _look_at(drafter: Drafter, found: Loan) -> Message:
    return msg("See what is open with: wksbm loans {fund} --loan {id}", fund=drafter.fund.slug, id=short_id(found.id))


def parse_percent(typed: str) -> Decimal:
    """`1,5`, `1.5%` or `2` as percent."""
    try:
        value = Decimal(typed.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 100 or value != round(value, 3):
        raise Usage(
            msg('"{text}" is not a percentage of 0 to 100.', text=typed[:20]),
            hint=msg("Type for instance: {example}", example="1,5"),
        )
    return value


def toml_number(value: Decimal) -> int | Decimal:
    """A percentage as a line or a register holds it."""
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
    """A repayment: first the fine, then charges, then principal."""
    fund, amount = drafter.fund, drafter.own_amount(typed)
    member = drafter.registers.member(fund.organisation, member_typed)
    found = find_loan(query, drafter, member, loan_typed)
    if to_coverer is not None:
        return _given_back(drafter, member, found, amount, to_coverer)
    asked = drafter.own_amount(fine).minor if fine else 0
    if asked > amount.minor:
        raise Refused(msg("A fine of {fine} is more than was paid.", fine=Amount(asked, fund.unit)))
    _nothing_later(drafter, found)
    before = found.at(drafter.day)
    most = before.payable + asked
    if amount.minor > most:
        raise _too_much(drafter, found, member, amount, Amount(most, fund.unit))
    used = split_payment(before, amount.minor, asked)
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
    told = _used(drafter, before, used)
    late = sum(line.state(drafter.day) == "late" for line in before.lines())
    if late and not fine and fund.loans is not None and fund.loans.fine:
        asks = msgn(
            "{count} instalment is late, for which the fund asks a fine of {fine}. To take it: --fine {amount}",
            "{count} instalments are late, for which the fund asks a fine of {fine}. To take it: --fine {amount}",
            late,
            fine=Amount(fund.loans.fine * late, fund.unit),
            amount=str(Amount(fund.loans.fine * late, fund.unit).number),
        )
        return draft._replace(notices=(told, asks))
    return draft._replace(notices=(told,))


def _used(drafter: Drafter, before: LoanState, used: Repayment) -> Message:
    """A sentence how a payment was split; charges paid ahead are not called due."""
    unit = drafter.fund.unit
    parts = {
        "principal": Amount(used.principal, unit),
        "charge": Amount(used.charge, unit),
        "left": Amount(before.outstanding - used.principal, unit),
    }
    ahead = Amount(used.charge - min(used.charge, before.charge_due), unit)
    if ahead.minor:
        return msg(
            "Principal {principal}, charge {charge}, of it {ahead} not due yet; still outstanding: {left}.",
            ahead=ahead,
            **parts,
        )
    return msg("Principal {principal}, charge {charge}; still outstanding: {left}.", **parts)


def _too_much(drafter: Drafter, found: Loan, member: Member, amount: Amount, most: Amount) -> Refused:
    before = found.at(drafter.day)
    if before.is_written_off:
        off = next(entry for entry in reversed(found.entries) if entry.kind == WRITE_OFF.name)
        return Refused(
            msg("This loan of {member} was written off on {date}.", member=member.person, date=off.date),
            hint=msg("If it is paid after all, cancel that first: wksbm reverse {id} --reason ...", id=off.short_id),
        )
    ahead = Amount(before.payable - before.outstanding - before.charge_due, drafter.fund.unit)
    text = (
        msg("{most} settles this loan of {member}, charges of {ahead} that are not due yet among it; {amount} is more.",
            most=most, member=member.person, ahead=ahead, amount=amount)
        if ahead.minor
        else msg("{most} settles this loan of {member}; {amount} is more.",
                 most=most, member=member.person, amount=amount)
    )  # fmt: skip
    return Refused(text, hint=_look_at(drafter, found))


def _nothing_later(drafter: Drafter, found: Loan) -> None:
    """Refuse a date before the last payment, since that one would have been split otherwise."""
    latest = max((each.day for each in found.events), default=drafter.day)
    if latest > drafter.day:
        raise Refused(
            msg(
                "Something of {date} is recorded on this loan already; {day} is before it.",
                date=latest,
                day=drafter.day,
            ),
            hint=msg("Leave out --date, or cancel what is later and record both in their order."),
        )


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
            ),
            hint=_look_at(drafter, found),
        )
    return drafter.draft("settlement", **fields_of(amount), member=member.slug, loan=found.id, to_coverer=coverer.slug)


def find_loan(query: Query, drafter: Drafter, member: Member, typed: str | None) -> Loan:
    """Find a member's loan by the beginning of its id, else the only unsettled one, else the only one written off."""
    mine = [
        each for each in loans(query, drafter.fund) if each.member == member.slug and each.entry.date <= drafter.day
    ]
    if typed is not None:
        found = [each for each in mine if each.id.startswith(typed.lower())]
    else:
        found = [each for each in mine if each.at(drafter.day).collectability not in ENDED or each.covered(drafter.day)]
        found = found or [each for each in mine if each.at(drafter.day).is_written_off]
    if len(found) == 1:
        return found[0]
    if found:
        raise Usage(
            msg("{member} has several loans; say which with --loan.", member=member.person),
            hint=msg("Known: {names}", names=", ".join(short_id(each.id) for each in found)),
        )
    raise Refused(
        msg("{member} has no such loan in {fund}.", member=member.person, fund=drafter.fund.name),
        hint=msg("See them with: wksbm loans {fund}", fund=drafter.fund.slug),
    )


def saving(drafter: Drafter, member_typed: str, typed: str, class_typed: str | None) -> Draft:
    """A deposit of savings: a liability to the member."""
    found = find_class(drafter.fund, class_typed)
    member = drafter.registers.member(drafter.fund.organisation, member_typed)
    return drafter.draft("saving", **fields_of(drafter.own_amount(typed)), member=member.slug, **{"class": found.slug})


def withdrawal(drafter: Drafter, member_typed: str, typed: str, class_typed: str | None) -> Draft:
    """A withdrawal of savings."""
    found = find_class(drafter.fund, class_typed)
    member = drafter.registers.member(drafter.fund.organisation, member_typed)
    amount = drafter.own_amount(typed)
    return drafter.draft("withdrawal", **fields_of(amount), member=member.slug, **{"class": found.slug})


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


def sharing(drafter: Drafter, query: Query, year_typed: str) -> Draft:
    """Distribute a year's surplus, once the year is over: to the members, and to the reserves what is kept."""
    fund = drafter.fund
    organisation = drafter.registers.organisations[fund.organisation]
    span = parse_year(year_typed, drafter.day, organisation.fiscal_year)
    assert span.end is not None
    year = organisation.year_name(span.end.year)
    if drafter.day <= span.end:
        raise Refused(msg("{year} is not over on {date}.", year=year, date=drafter.day))
    found = surplus_of(query, drafter.registers, fund, span)
    # A year shared out before reserves had names: what was kept of it is still to be named.
    to_share = {
        key: {name: Amount(minor, fund.unit).number for name, minor in parts.items()}
        for key, parts in (("members", found.by_member), ("kept", found.kept))
        if parts and not any(key in entry.fields for entry in found.shared_out)
    }
    if found.shared_out and not to_share:
        id_ = found.shared_out[-1].short_id
        raise Refused(
            msg("The surplus of {year} was shared out by {id} already.", year=year, id=id_),
            hint=msg("If that was wrong: wksbm reverse {id} --reason ...", id=id_),
        )
    if not to_share:
        raise Refused(
            msg("There is nothing to share out of {year}: {whole}.", year=year, whole=Amount(found.whole, fund.unit)),
            hint=msg(
                "See how it is made up with: wksbm surplus {fund} --year {year}",
                fund=fund.slug,
                year=str(span.end.year),
            ),
        )
    notices = tuple(
        msg("{amount} stays in the fund for {name}.", amount=Amount(minor, fund.unit), name=fund.reserve_name(name))
        for name, minor in found.kept.items()
        if "kept" in to_share
    )
    draft = drafter.draft("surplus", year=span.end.year, **to_share, unit=unit_code(Amount(0, fund.unit)))
    return draft._replace(notices=notices)
