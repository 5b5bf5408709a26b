"""One entry as a receipt (kuitansi) for money received, or a voucher to be signed by the receiver."""

from __future__ import annotations

from typing import Any

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import typed
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.kinds.kind import Slip
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.units import IDR, Amount, InWords, minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Signature, Signing, Table
from wksbm_cli.reports.signing import where_when
from wksbm_cli.reports.voucher import SHORT_ID, Vouchers
from wksbm_cli.standing.settled import settled_in, settled_words


def receipt(query: Query, registers: Registers, entry: Entry, member: Member | None = None) -> Report:
    """The slip of one entry; of one `member` of an entry that names several.

    The person signs or keeps it, and is therefore named in full by default, even as a recipient of help.
    """
    slip = _slip(query, entry, registers, member)
    fund, organisation = registers.funds[entry.fund], registers.organisations[entry.organisation]
    number = Vouchers(query, fund).of(entry)
    cancelled = query.reversal_of(entry.id)
    reversal = query.entry(cancelled) if cancelled else None
    note = typed(entry, "note", registers) if "note" in entry.fields else None
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
        Column("note", msg("Note")),
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
        "note": note,
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
        tables=(_form(slip, number, note),),
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


def _form(slip: Slip, number: str, note: RedactableText | None) -> Table:
    money = slip.amount.unit is IDR
    lines: list[tuple[Message, Any]] = [
        (msg("Number"), number),
        (msg("Given to") if slip.given else msg("Received from"), slip.party),
        (msg("The sum of") if money else msg("The quantity of"), msg("# {words} #", words=InWords(slip.amount))),
        (msg("For") if slip.given else msg("In payment of"), slip.purpose),
        *([(msg("Note"), note)] if note else []),
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


def _slip(query: Query, entry: Entry, registers: Registers, member: Member | None) -> Slip:
    several, kind = entry.fields.get("members", {}), KINDS[entry.kind]
    if member is not None and member.slug not in several:
        raise Refused(
            msg("{member} has no part in the entry {id}.", member=member.name, id=entry.short_id),
            hint=nearest_hint(member.slug, several),
        )
    slip = kind.slip(entry, registers) if kind.slip else None
    if slip is None:
        raise Refused(
            msg("{kind}: nothing passes between the fund and anyone who could sign.", kind=kind.title),
            hint=_hint(entry),
        )
    payer = member.slug if member is not None else next(iter(several)) if len(several) == 1 else None
    settled = (
        settled_words(query, registers, entry, payer) if payer else settled_in(query, registers, [entry]).get(entry.id)
    )
    if settled is not None and "covered_by" in entry.fields and member is None:
        named = [registers.members[entry.organisation][slug].person for slug in several]
        slip = slip._replace(purpose=msg("{what}, of {members}", what=settled, members=named))
    elif settled is not None:
        slip = slip._replace(purpose=settled)
    if member is not None:
        unit = slip.amount.unit
        return slip._replace(party=member.person, amount=Amount(minor_of(several[member.slug], unit), unit))
    return slip


def _hint(entry: Entry) -> Message:
    if entry.kind == "reversal":
        return msg("For the entry it cancels: wksbm receipt {id}", id=entry.fields["of"][:SHORT_ID])
    signed = [kind for way in ("in", "out") for kind in KINDS.values() if kind.way == way and kind.slip]
    return msg("There are receipts for: {kinds}", kinds=[kind.title for kind in signed])
