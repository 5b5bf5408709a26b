"""Loans to members: disbursement, repayment, rescheduling, write-off, and settlement with members who paid in a
borrower's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from wksbm_cli.domain.cycles import CYCLES
from wksbm_cli.domain.entry import Entry, Posting
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds.kind import (
    AMOUNT,
    APPROVED_BY,
    PLACE,
    Key,
    Kind,
    Lines,
    Slip,
    amount_in,
    amount_of,
    by_detail,
    into_from_member,
    member_of,
    one_amount,
    place_of,
    whole,
)
from wksbm_cli.domain.lending import INSTALMENT_CYCLES, METHODS, LoanTerms, Repayment, Rescheduling
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import FINES, LOANS, SERVICE_CHARGES, WRITTEN_OFF
from wksbm_cli.domain.units import Amount, Unit, minor_of


class Repaid(NamedTuple):
    """A repayment split into its parts, in smallest steps of its unit."""

    principal: int
    charge: int
    fine: int


def parts_of(entry: Entry, unit: Unit) -> Repaid:
    """What of a repayment is principal, what charge and what fine."""
    paid, charge, fine = (minor_of(entry.fields.get(key, 0), unit) for key in ("amount", "charge", "fine"))
    return Repaid(paid - charge - fine, charge, fine)


def terms_of(entry: Entry, fund: Fund) -> LoanTerms:
    """The terms in a loan's entry, or in the one that rescheduled it."""
    fields = entry.fields
    return LoanTerms(
        minor_of(fields["amount"], fund.unit),
        Decimal(fields["rate"]),
        fields["method"],
        fields["instalments"],
        fields["cycle"],
        entry.date,
        minor_of(fields.get("round", 0), fund.unit),
    )


def event_of(entry: Entry, fund: Fund) -> Repayment | Rescheduling:
    """The effect of an entry on the loan it names: a repayment, a write-off, or new terms."""
    if "instalments" in entry.fields:
        return Rescheduling(entry.date, terms_of(entry, fund), minor_of(entry.fields.get("carried", 0), fund.unit))
    repaid = parts_of(entry, fund.unit)
    return Repayment(
        entry.date,
        repaid.principal,
        repaid.charge,
        repaid.fine,
        covered_by=entry.fields.get("covered_by", ""),
        written_off=entry.kind == WRITE_OFF.name,
    )


def _loan(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    minor, unit = amount_in(entry, units)
    return into_from_member(entry, fund, -minor, unit, LOANS.account)


def _repayment(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """Posted like any repayment when another member paid in the borrower's place; the line records who covered whom."""
    minor, unit = amount_in(entry, units)
    fields, place = entry.fields, place_of(entry.fields, fund)
    repaid = parts_of(entry, units[unit])
    yield Posting(fund.slug, f"assets:{place}", minor, unit, place=place)
    for account, part, party in (
        (f"{LOANS.account}{fields['member']}", repaid.principal, fields["member"]),
        (SERVICE_CHARGES.account, repaid.charge, None),
        (FINES.account, repaid.fine, None),
    ):
        if part:
            yield Posting(fund.slug, account, -part, unit, party=party)


def _rescheduled(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """The debt stays; only its due dates change, so the postings cancel out."""
    return iter(())


def _written_off(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """A loss: the receivable is removed and no money moves."""
    minor, unit = amount_in(entry, units)
    member = entry.fields["member"]
    yield Posting(fund.slug, f"{LOANS.account}{member}", -minor, unit, party=member)
    yield Posting(fund.slug, WRITTEN_OFF.account, minor, unit)


def _settlement(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    """Money between two members: nothing of the fund moves."""
    return iter(())


def _repaid(entry: Entry, registers: Registers) -> Message:
    member = member_of(entry, registers)
    if "covered_by" in entry.fields:
        other = member_of(entry, registers, "covered_by")
        return msg("Instalment of {member}, covered by {other}", member=member, other=other)
    return msg("Instalment of {member}", member=member)


def _given_back(entry: Entry, registers: Registers) -> Message:
    return msg(
        "{member} gives back to {other} what was covered",
        member=member_of(entry, registers),
        other=member_of(entry, registers, "to_coverer"),
    )


def _rescheduling(entry: Entry, registers: Registers) -> Message:
    return msgn(
        "Loan of {member} rescheduled, to be repaid in {count} instalment",
        "Loan of {member} rescheduled, to be repaid in {count} instalments",
        entry.fields["instalments"],
        member=member_of(entry, registers),
    )


def _loan_slip(entry: Entry, registers: Registers) -> Slip:
    purpose = msg("Loan, to be repaid in {count} instalments", count=entry.fields["instalments"])
    return Slip(True, member_of(entry, registers), amount_of(entry, registers, one_amount), purpose)


def _repayment_slip(entry: Entry, registers: Registers) -> Slip:
    """A receipt to whoever paid, itemised by principal, charge and fine."""
    unit = registers.unit(entry.unit)
    repaid = parts_of(entry, unit)
    parts = [msg("principal {amount}", amount=Amount(repaid.principal, unit))] if repaid.principal > 0 else []
    parts += [msg("charge {amount}", amount=Amount(repaid.charge, unit))] if repaid.charge else []
    parts += [msg("fine {amount}", amount=Amount(repaid.fine, unit))] if repaid.fine else []
    amount = amount_of(entry, registers, one_amount)
    if "covered_by" in entry.fields:
        purpose = msg("Instalment of {member}: {parts}", member=member_of(entry, registers), parts=parts)
        return Slip(False, member_of(entry, registers, "covered_by"), amount, purpose)
    return Slip(False, member_of(entry, registers), amount, msg("Instalment: {parts}", parts=parts))


_REPAID = {
    "principal": msg("Loans repaid"),
    "charge": msg("Service charges on loans"),
    "fine": msg("Fines on loans"),
}


def _repaid_parts(entry: Entry, fund: str, unit: str, net: int, registers: Registers) -> Iterator[tuple[str, int]]:
    """A repayment cancelled in a later period is shown here; its reversal is shown in that period."""
    repaid = parts_of(entry, registers.unit(unit))
    for part, minor in zip(_REPAID, repaid, strict=True):
        if minor:
            yield part, minor


_TERMS = (
    Key("rate", "percent", required=True),
    Key("method", "choice", True, METHODS),
    Key("instalments", "number", required=True),
    Key("cycle", "choice", True, {cycle: CYCLES[cycle] for cycle in INSTALMENT_CYCLES}),
    Key("round", "own-amount"),
)
_WHY = (Key("reason", "text", required=True), Key("approved_by", "text", required=True))

WRITE_OFF = Kind(
    name="write-off",
    title=msg("loans written off"),
    keys=(*AMOUNT, Key("member", "member", required=True), Key("loan", "entry", required=True), *_WHY),
    kept_in="fund",
    postings=_written_off,
    heads=(LOANS, WRITTEN_OFF),
    way="none",
    amount=one_amount,
    sentence=lambda entry, registers: msg("Loan of {member} written off", member=member_of(entry, registers)),
    says_amount=False,
    slip=None,
    lines=None,
    on_card=0,
    is_help=False,
    in_funds_unit=True,
    in_arisan=False,
    rests_in=("other",),
    changes_owed="always",
    spends=False,
    needs_approval="always",
    in_surplus=True,
    is_outgoing=False,
    is_collected=False,
    may_repeat=False,
)

KINDS = (
    Kind(
        name="loan",
        title=msg("loans"),
        keys=(*AMOUNT, Key("member", "member", required=True), *_TERMS, APPROVED_BY, PLACE),
        kept_in="fund",
        postings=_loan,
        heads=(LOANS,),
        way="out",
        amount=one_amount,
        sentence=lambda entry, registers: msg("Loan to {member}", member=member_of(entry, registers)),
        says_amount=False,
        slip=_loan_slip,
        lines=Lines(
            parts=whole,
            thing=by_detail,
            label=lambda line, fund, registers: msg("Loans to members"),
            item=lambda flow, fund: "lent",
        ),
        on_card=-1,
        is_help=False,
        in_funds_unit=True,
        in_arisan=False,
        rests_in=("other",),
        changes_owed="always",
        spends=True,
        needs_approval="above-limit",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="repayment",
        title=msg("repayments"),
        keys=(
            *AMOUNT,
            Key("member", "member", required=True),
            Key("loan", "entry", required=True),
            Key("charge", "part"),
            Key("fine", "part"),
            Key("covered_by", "member"),
            PLACE,
        ),
        kept_in="fund",
        postings=_repayment,
        heads=(LOANS, SERVICE_CHARGES, FINES),
        way="in",
        amount=one_amount,
        sentence=_repaid,
        says_amount=False,
        slip=_repayment_slip,
        lines=Lines(
            parts=_repaid_parts,
            thing=by_detail,
            label=lambda line, fund, registers: _REPAID[line.first.detail],
            item=lambda flow, fund: "repaid" if flow.detail == "principal" else "charges",
        ),
        on_card=1,
        is_help=False,
        in_funds_unit=True,
        in_arisan=False,
        rests_in=("other",),
        changes_owed="always",
        spends=False,
        needs_approval="never",
        in_surplus=True,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    Kind(
        name="reschedule",
        title=msg("loans rescheduled"),
        keys=(
            *AMOUNT,
            Key("member", "member", required=True),
            Key("loan", "entry", required=True),
            Key("carried", "own-amount"),
            *_TERMS,
            *_WHY,
        ),
        kept_in="fund",
        postings=_rescheduled,
        heads=(),
        way="none",
        amount=one_amount,
        sentence=_rescheduling,
        says_amount=False,
        slip=None,
        lines=None,
        on_card=0,
        is_help=False,
        in_funds_unit=True,
        in_arisan=False,
        rests_in=("other",),
        changes_owed="never",
        spends=False,
        needs_approval="always",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
    WRITE_OFF,
    Kind(
        name="settlement",
        title=msg("given back for cover"),
        keys=(
            *AMOUNT,
            Key("member", "member", required=True),
            Key("to_coverer", "member", required=True),
            Key("loan", "entry"),
        ),
        kept_in="fund",
        postings=_settlement,
        heads=(),
        way="none",
        amount=one_amount,
        sentence=_given_back,
        says_amount=False,
        slip=None,
        lines=None,
        on_card=0,
        is_help=False,
        in_funds_unit=True,
        in_arisan=True,
        rests_in=("arisan", "other"),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=False,
        is_outgoing=False,
        is_collected=False,
        may_repeat=False,
    ),
)
