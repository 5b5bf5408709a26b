"""One entry on a slip of paper: a receipt (kuitansi) for what came in, or a voucher that who received something signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import amount_of, other_side, shown_periods, typed
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import DONATION_SOURCES, INCOME_SOURCES, KINDS
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.units import IDR, Amount, InWords, minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Signature, Signing, Table
from wksbm_cli.reports.signing import where_when
from wksbm_cli.reports.voucher import SHORT_ID, Vouchers

Party = Person | str | Message | Sequence[Person]
_IN = ("contribution", "donation", "income", "repayment", "saving")
_OUT = ("disbursement", "expense", "loan", "withdrawal", "payout", "surplus")


class Slip(NamedTuple):
    """What stands on the paper; `given` is whether the fund gave and the other side received."""

    given: bool
    party: Party
    amount: Amount
    purpose: Message


def receipt(query: Query, registers: Registers, entry: Entry, member: Member | None = None) -> Report:
    """The slip of one entry; of one `member` of an entry that names several.

    Who stands on it signs it or holds it in hand, and is named in full however much help it was, unless asked otherwise.
    """
    slip = _slip(entry, registers, member)
    fund, organisation = registers.funds[entry.fund], registers.organisations[entry.organisation]
    number = Vouchers(query, fund).of(entry)
    cancelled = query.reversal_of(entry.id)
    reversal = query.entry(cancelled) if cancelled else None
    columns = (
        Column("voucher", msg("Voucher"), "code"),
        Column("id", msg("Id"), "code"),
        Column("date", msg("Date"), "date"),
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("kind", msg("Kind")),
        Column("direction", msg("Direction")),
        Column("party", msg("Party")),
        Column("purpose", msg("Purpose")),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
        Column("cancelled_by", msg("Cancelled by"), "code"),
    )
    row = {
        "voucher": number,
        "id": entry.id,
        "date": entry.date,
        "organisation": entry.organisation,
        "fund": fund.short,
        "kind": entry.kind,
        "direction": "out" if slip.given else "in",
        "party": slip.party,
        "purpose": slip.purpose,
        "amount": slip.amount,
        "unit": slip.amount.unit.code,
        "cancelled_by": cancelled or "",
    }
    title = _title(slip)
    return Report(
        name="receipt",
        title=msg("{title} - CANCELLED", title=title) if reversal else title,
        book=registers.book.name,
        heading=msg("{fund}, {organisation}", fund=fund.name, organisation=organisation.name),
        span=Span(entry.date, entry.date),
        data=Table(columns, (row,)),
        tables=(_form(slip, number),),
        before=() if reversal is None else (_cancelled(reversal, registers),),
        signing=_signing(slip, entry, registers),
        copies=(
            msg("Copy for the receiver") if slip.given else msg("Copy for the payer"),
            msg("Copy for the treasurer"),
        ),
    )


def _title(slip: Slip) -> Message:
    if slip.amount.unit is IDR:
        return msg("Payment voucher") if slip.given else msg("Receipt")
    return msg("Voucher for goods") if slip.given else msg("Receipt for goods")


def _form(slip: Slip, number: str) -> Table:
    money = slip.amount.unit is IDR
    lines: list[tuple[Message, Any]] = [
        (msg("Number"), number),
        (msg("Given to") if slip.given else msg("Received from"), slip.party),
        (msg("The sum of") if money else msg("The quantity of"), msg("# {words} #", words=InWords(slip.amount))),
        (msg("For") if slip.given else msg("In payment of"), slip.purpose),
        (msg("Amount"), slip.amount),
    ]
    columns = (Column("label", msg("What")), Column("value", msg("Value")))
    rows = tuple({"label": label, "value": value} for label, value in lines)
    return Table(columns, rows, label_value=True, bold_rows=frozenset({len(rows) - 1}))


def _cancelled(reversal: Entry, registers: Registers) -> Message:
    return msg(
        "Cancelled on {date} by {id}: {reason}. This paper is no longer valid.",
        date=reversal.date,
        id=reversal.id[:SHORT_ID],
        reason=typed(reversal, "reason", registers),
    )


def _signing(slip: Slip, entry: Entry, registers: Registers) -> Signing:
    organisation = registers.organisations[entry.organisation]
    treasurer = organisation.fields.get("treasurer", "")
    other = slip.party if isinstance(slip.party, Person | str) else ""
    approved = entry.fields.get("approved_by")
    return Signing(
        where_when(organisation.fields.get("village"), entry.date),
        (
            *([Signature(msg("Approved by"), approved)] if approved else []),
            Signature(msg("Handed over by"), treasurer if slip.given else other),
            Signature(msg("Received by"), other if slip.given else treasurer),
        ),
    )


def _slip(entry: Entry, registers: Registers, member: Member | None) -> Slip:
    several = entry.fields.get("members", {})
    if member is not None and member.slug not in several:
        raise Refused(
            msg("{member} has no part in the entry {id}.", member=member.name, id=entry.id[:SHORT_ID]),
            hint=nearest_hint(member.slug, several),
        )
    if several:
        return _of_members(entry, registers, member)
    if entry.kind == "exchange" and "to" in entry.fields:
        return _exchange(entry, registers)
    if entry.kind not in (*_IN, *_OUT):
        raise Refused(
            msg("{kind}: nothing passes between the fund and anyone who could sign.", kind=KINDS[entry.kind].title),
            hint=_hint(entry),
        )
    purpose = _purpose(entry, registers)
    return Slip(entry.kind in _OUT, _party(entry, registers), amount_of(entry, registers), purpose)


def _hint(entry: Entry) -> Message:
    if entry.kind == "reversal":
        return msg("For the entry it cancels: wksbm receipt {id}", id=entry.fields["of"][:SHORT_ID])
    return msg("There are receipts for: {kinds}", kinds=[KINDS[kind].title for kind in (*_IN, *_OUT)])


def _of_members(entry: Entry, registers: Registers, member: Member | None) -> Slip:
    """Dues or a pot: of one member, or of all that the entry names."""
    fields, members = entry.fields, registers.members[entry.organisation]
    amount = amount_of(entry, registers)
    given = entry.kind in ("payout", "surplus")
    if member is not None:
        part = Amount(minor_of(fields["members"][member.slug], amount.unit), amount.unit)
        return Slip(given, member.person, part, _purpose(entry, registers))
    named = [members[slug].person for slug in fields["members"]]
    party: Party = named[0] if len(named) == 1 else named
    purpose = _purpose(entry, registers)
    if "covered_by" in fields:
        purpose = msg("{what}, of {members}", what=purpose, members=named)
        party = members[fields["covered_by"]].person
    elif len(named) > 1 and not given:
        party = msgn("{count} member", "{count} members", len(named))
        if collector := fields.get("collector"):
            collector_name = members[collector].person if collector in members else collector
            party = msg("{members}, collected by {collector}", members=party, collector=collector_name)
    return Slip(given, party, amount, purpose)


def _exchange(entry: Entry, registers: Registers) -> Slip:
    """A sale is receipted for the money it brought; for whatever else was exchanged, what was given is signed for."""
    unit = registers.unit(entry.fields.get("get_unit", IDR.code))
    given, got = amount_of(entry, registers), Amount(minor_of(entry.fields["get"], unit), unit)
    party = other_side(entry) or ""
    if unit is IDR:
        return Slip(False, party, got, msg("{amount}", amount=given))
    return Slip(True, party, given, msg("{amount}", amount=got))


def _party(entry: Entry, registers: Registers) -> Party:
    fields, members = entry.fields, registers.members[entry.organisation]
    if entry.kind in ("loan", "repayment", "saving", "withdrawal"):
        return members[fields.get("covered_by", fields["member"])].person
    other = other_side(entry) or ""
    return other._replace(helped=False) if isinstance(other, Person) else other


def _purpose(entry: Entry, registers: Registers) -> Message:
    """What it is for, without the name of who stands on the paper anyway."""
    fields, fund = entry.fields, registers.funds[entry.fund]
    match entry.kind:
        case "contribution":
            due = fund.dues.get(fields.get("due", ""))
            periods = fields.get("for")
            if due and periods and due.cycle.name != "once":
                return msg("{due} {periods}", due=due.name, periods=shown_periods(fund, due, periods))
            return msg("{due}", due=due.name if due else fund.name)
        case "donation":
            return msg("Donation ({source})", source=DONATION_SOURCES[fields["source"]])
        case "income":
            return INCOME_SOURCES[fields.get("source", "other")]
        case "repayment":
            return _repayment(entry, registers)
        case "saving" | "withdrawal":
            return msg("{name}", name=fund.savings[fields["class"]].name)
        case "loan":
            return msg("Loan, to be repaid in {count} instalments", count=fields["instalments"])
        case "payout":
            return msg("Arisan pot of round {round}", round=fields["round"])
        case "surplus":
            return msg("Share of the surplus of {year}", year=str(fields["year"]))
    told = typed(entry, "purpose", registers)
    return msg(
        "{purpose}", purpose=RedactableText(told.text, tuple(person._replace(helped=False) for person in told.about))
    )


def _repayment(entry: Entry, registers: Registers) -> Message:
    fields, unit = entry.fields, registers.unit(entry.fields.get("unit", IDR.code))
    whole, charge, fine = (minor_of(fields.get(key, 0), unit) for key in ("amount", "charge", "fine"))
    parts = [msg("principal {amount}", amount=Amount(whole - charge - fine, unit))] if whole > charge + fine else []
    parts += [msg("charge {amount}", amount=Amount(charge, unit))] if charge else []
    parts += [msg("fine {amount}", amount=Amount(fine, unit))] if fine else []
    of = registers.members[entry.organisation][fields["member"]].person
    if "covered_by" in fields:
        return msg("Instalment of {member}: {parts}", member=of, parts=parts)
    return msg("Instalment: {parts}", parts=parts)
