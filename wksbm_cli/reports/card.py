"""A member's card: everything one household owed, paid, was given, with dates and ids."""

from __future__ import annotations

from datetime import date
from typing import Any

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import describe
from wksbm_cli.domain.dues import Standing, shown_period
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Due, Fund, Member, Organisation, Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.index.standing import member_standing
from wksbm_cli.reports.report import Column, Report, Table


def card(
    query: Query, registers: Registers, organisation: Organisation, member: Member, as_of: date, span: Span
) -> Report:
    """Where the member stands with every due at the end of `as_of`, and every entry of `span` that concerns them.

    Nightly payments are told by month in the standing; they have no line each.
    """
    sentences: list[Message] = []
    rows: list[dict[str, Any]] = []
    standings: list[dict[str, Any]] = []
    for fund in registers.funds.values():
        if fund.organisation != organisation.slug:
            continue
        for due in fund.dues.values():
            standing = member_standing(query, registers, fund, due, member.slug, as_of)
            if standing.fallen or standing.paid:
                standings.append(_standing_row(fund, due, standing))
                sentences.append(sentence(due, standing))
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
                "description": describe(entry, registers),
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
    shown = tuple(row | {"id": row["id"][:8]} for row in rows)
    entries = Table((columns[0], columns[6], columns[1], columns[8], columns[9]), shown, title=msg("Entries"))
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
        heading=f"{member.name} ({member.slug}), {organisation.name}",
        span=Span(None, as_of),
        data=Table(columns, tuple(rows)),
        tables=tuple(table for table in (dues, entries) if table.rows),
        notes=tuple(sentences),
    )


def sentence(due: Due, standing: Standing) -> Message:
    """`Paid up to March 2026; Rp5.000 still open for April 2026`, as one asks at the door."""
    given = Amount(sum(standing.paid.values()), due.unit)
    if not due.required:
        return msg("{due}: given {amount}.", due=due.name, amount=given)
    settled, part = standing.settled_to, standing.next_open
    settled_to = shown_period(due, settled) if settled else None
    if due.cycle.name == "once" and standing.open:
        if not given.minor:
            return msg("{due}: nothing paid yet.", due=due.name)
        return msg("{due}: {rest} still open.", due=due.name, rest=Amount(standing.arrears, due.unit))
    if part is not None:
        rest, next_ = Amount(part.minor, due.unit), shown_period(due, part.period)
        if settled_to:
            return msg(
                "{due}: paid up to {period}; {rest} still open for {next}.",
                due=due.name,
                period=settled_to,
                rest=rest,
                next=next_,
            )
        return msg("{due}: {rest} still open for {next}.", due=due.name, rest=rest, next=next_)
    if due.cycle.name == "once" and settled:
        return msg("{due}: paid in full.", due=due.name)
    if settled_to:
        return msg("{due}: paid up to {period}.", due=due.name, period=settled_to)
    if standing.open:
        oldest = shown_period(due, standing.open[0].period)
        return msg("{due}: nothing paid yet since {period}.", due=due.name, period=oldest)
    return msg("{due}: given {amount}, though nothing is owed.", due=due.name, amount=given)


def _standing_row(fund: Fund, due: Due, standing: Standing) -> dict[str, Any]:
    return {
        "due": msg("{fund}: {due}", fund=fund.name, due=due.name),
        "owed": Amount(sum(owed.minor for owed in standing.fallen), due.unit),
        "paid": Amount(sum(standing.paid.values()), due.unit),
        "open": Amount(standing.arrears, due.unit),
        "ahead": Amount(sum(standing.ahead.values()), due.unit),
    }
