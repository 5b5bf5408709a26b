"""A member's card: everything one household owed, paid and received, with dates and ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import describe
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry, short_id
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.obligations import Standing, bucket_cycle
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.registers import Organisation, Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.domain.wording import due_in_fund, shown_period
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Row, Table, select
from wksbm_cli.standing.dues import member_standing
from wksbm_cli.standing.settled import settlements


def card(
    query: Query, registers: Registers, organisation: Organisation, member: Member, as_of: date, span: Span
) -> Report:
    """Where the member stands with every due at the end of `as_of`, and every entry of `span` that concerns them.

    Nightly payments are summed by month in the standing and have no lines of their own.
    """
    sentences: list[Message] = []
    rows: list[Row] = []
    standings: list[Row] = []
    for fund in registers.funds.values():
        if fund.organisation != organisation.slug:
            continue
        for due in fund.dues.values():
            standing = member_standing(query, registers, fund, due, member.slug, as_of)
            if standing.fallen or standing.paid:
                standings.append(_standing_row(fund, due, standing))
                sentences.append(sentence(standing))
        sentences += _own_money(query, registers, fund, member, as_of)
    settled: dict[tuple[str, str], Mapping[str, Message]] = {}
    for entry, due_slug, unit, minor in query.card(
        organisation.slug, member.slug, Span(span.start, min(span.end or as_of, as_of))
    ):
        rows.append(
            {
                "date": entry.date,
                "id": entry.id,
                "organisation": entry.organisation,
                "fund": registers.funds[entry.fund].short,
                "due": due_slug,
                "kind": entry.kind,
                "description": _described(query, registers, entry, member, settled),
                "unit": unit,
                "paid": registers.amount(minor, unit) if minor > 0 else None,
                "received": registers.amount(-minor, unit) if minor < 0 else None,
            }
        )
    columns = (
        Column("date", msg("Date"), "date"),
        Column("id", msg("Id"), "code"),
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("due", msg("Due")),
        Column("kind", msg("Kind")),
        Column("description", msg("Description")),
        Column("unit", msg("Unit")),
        Column("paid", msg("Paid"), "amount"),
        Column("received", msg("Received"), "amount"),
    )
    shown = tuple(row | {"id": short_id(row["id"])} for row in rows)
    entries = Table(select(columns, "date", "description", "id", "paid", "received"), shown, title=msg("Entries"))
    dues = Table(
        (
            Column("due", msg("Due")),
            Column("owed", msg("Owed"), "amount"),
            Column("paid", msg("Paid"), "amount"),
            Column("open", msg("Open"), "amount"),
            Column("ahead", msg("Ahead"), "amount"),
        ),
        tuple(standings),
        title=msg("Dues"),
    )
    return Report(
        name="card",
        title=msg("Member's card"),
        book=registers.book.name,
        heading=msg(
            "{member} ({id}), {organisation}", member=member.person, id=member.slug, organisation=organisation.name
        ),
        span=Span(None, as_of),
        data=Table(columns, tuple(rows)),
        tables=tuple(table for table in (dues, entries) if table.rows),
        notes=tuple(sentences),
    )


def _described(
    query: Query,
    registers: Registers,
    entry: Entry,
    member: Member,
    settled: dict[tuple[str, str], Mapping[str, Message]],
) -> Message:
    """An entry in words; for a payment, what it paid for of this member. `settled` caches these by fund and due."""
    if entry.kind != "contribution":
        return describe(entry, registers, query.cancelled_by(entry))
    key = entry.fund, entry.fields.get("due", "")
    if key not in settled:
        settled[key] = settlements(query, registers, entry, member.slug)
    return settled[key].get(entry.id) or describe(entry, registers)


def _own_money(query: Query, registers: Registers, fund: Fund, member: Member, as_of: date) -> Iterator[Message]:
    """What the member has saved in a fund, and what of each loan is still to be paid back."""
    if fund.savings:
        held = sum(query.savings(fund.slug, as_of, member.slug).get(member.slug, {}).values())
        if held:
            yield msg("{fund}: {amount} saved.", fund=fund.name, amount=Amount(held, fund.unit))
    if fund.loans is not None:
        from wksbm_cli.domain.lending import ENDED
        from wksbm_cli.standing.lending import loans

        for loan in loans(query, fund, as_of):
            at = loan.at(as_of)
            if loan.member == member.slug and at.collectability not in ENDED:
                yield msg(
                    "{fund}: {outstanding} of the loan {id} still to be paid back; {late} late.",
                    fund=fund.name,
                    id=short_id(loan.id),
                    outstanding=Amount(at.outstanding, fund.unit),
                    late=Amount(at.arrears, fund.unit),
                )


def sentence(standing: Standing) -> Message:
    """The standing in one sentence: `Paid up to March 2026; Rp5.000 still open for April 2026`."""
    fund, due = standing.obligation.fund, standing.obligation.due
    given = Amount(sum(standing.paid.values()), due.unit)
    if not due.required:
        return msg("{due}: given {amount}.", due=due.name, amount=given)
    if gone := standing.written_off:
        return msg("{due}: {amount} written off.", due=due.name, amount=Amount(gone, due.unit))
    settled = _end(fund, due, standing.settled_to) if standing.settled_to else None
    if due.cycle.name == "once":
        if standing.open:
            return msg("{due}: {rest} still open.", due=due.name, rest=Amount(standing.arrears, due.unit))
        if settled:
            return msg("{due}: paid in full.", due=due.name)
    rest = _still_open(standing)
    if settled and rest:
        return msg("{due}: paid up to {period}; {rest}.", due=due.name, period=settled, rest=rest)
    if settled:
        return msg("{due}: paid up to {period}.", due=due.name, period=settled)
    if rest:
        return msg("{due}: {rest}.", due=due.name, rest=rest)
    return msg("{due}: given {amount}, though nothing is owed.", due=due.name, amount=given)


def _still_open(standing: Standing) -> Message | None:
    """The amount that settles all periods begun, and since when; else the remainder of a period partly paid ahead."""
    fund, due = standing.obligation.fund, standing.obligation.due
    open_, part = standing.open, standing.next_open
    if len(open_) > 1:
        return msg(
            "{rest} still open since {period}",
            rest=Amount(standing.arrears, due.unit),
            period=_start(fund, due, open_[0].period),
        )
    if owed := open_[0] if open_ else part:
        return msg(
            "{rest} still open for {period}",
            rest=Amount(owed.minor, due.unit),
            period=shown_period(fund, due, owed.period),
        )
    return None


# Cycles whose periods have names; of others the first or last day is shown.
_NAMED = ("month", "year", "event", "once")


def _start(fund: Fund, due: Due, period: str) -> Span | Message | Person | str | date | None:
    """Since when: `March 2026`, of a week or a selapanan its first day."""
    shown = shown_period(fund, due, period)
    return shown.start if isinstance(shown, Span) and bucket_cycle(due).name not in _NAMED else shown


def _end(fund: Fund, due: Due, period: str) -> Span | Message | Person | str | date | None:
    """Up to when: `March 2026`, of a week or a selapanan its last day."""
    shown = shown_period(fund, due, period)
    return shown.end if isinstance(shown, Span) and bucket_cycle(due).name not in _NAMED else shown


def _standing_row(fund: Fund, due: Due, standing: Standing) -> Row:
    return {
        "due": due_in_fund(fund, due),
        "owed": Amount(sum(owed.minor for owed in standing.fallen), due.unit),
        "paid": Amount(sum(standing.paid.values()), due.unit),
        "open": Amount(standing.arrears, due.unit),
        "ahead": Amount(sum(standing.ahead.values()), due.unit),
    }
