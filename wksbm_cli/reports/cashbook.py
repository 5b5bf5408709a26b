"""The cash book of a fund: opening, every entry with its voucher and a running balance, closing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.describe import describe, noted, other_side
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import place_of
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.units import Amount, Unit
from wksbm_cli.index.query import KindTotals, Query
from wksbm_cli.reports.report import Cell, Column, Report, Row, Table
from wksbm_cli.reports.signing import by_the_board
from wksbm_cli.reports.voucher import Vouchers
from wksbm_cli.standing.dues import report_day
from wksbm_cli.standing.settled import settled_in


def cashbook(query: Query, registers: Registers, fund: Fund, span: Span, place: str | None = None) -> Report:
    """One table per unit the fund has held, in the order of dates; of one place where `place` is given."""
    if place is not None and place not in fund.places and place not in (known := query.places(fund.slug)):
        raise Refused(
            msg('The fund {fund} has no place "{place}".', fund=fund.slug, place=place),
            hint=nearest_hint(place, [*fund.places, *known]),
        )
    if place is None:
        flows = {unit: flow for (_, unit), flow in query.fund_flows([fund.slug], span).items()}
    else:
        flows = {unit: flow for (_, at, unit), flow in query.place_flows([fund.slug], span).items() if at == place}
    units = sorted(flows, key=lambda code: (code != fund.unit.code, code)) or [fund.unit.code]
    movements = list(query.movements(fund.slug, span, place))
    settled = settled_in(query, registers, (entry for entry, _, _ in movements))
    opening = {id_ for id_, _ in query.openings([fund.slug], span)}
    before = {unit: flows.get(unit, KindTotals()).opening for unit in units}
    for entry, unit, net in movements:
        before[unit] -= net if entry.id in opening else 0
    balances = dict(before)
    lines: dict[str, list[Row]] = {unit: [] for unit in units}
    vouchers = Vouchers(query, fund)
    rows: list[Row] = []
    for entry, unit, net in movements:
        balances[unit] += net
        moved = 0 if entry.id in opening else net
        row = {
            "no": len(rows) + 1,
            "date": entry.date,
            "id": entry.id,
            "kind": entry.kind,
            "description": noted(
                describe(entry, registers, query.cancelled_by(entry), settled.get(entry.id)), entry, registers
            ),
            "party": _party(entry),
            "place": place or _place(entry, fund),
            "unit": unit,
            "in": registers.amount(moved, unit) if moved > 0 else None,
            "out": registers.amount(-moved, unit) if moved < 0 else None,
            "balance": registers.amount(balances[unit], unit),
        }
        rows.append(row)
        lines[unit].append(row | {"voucher": vouchers.of(entry)})
    totals: tuple[Row, ...] = tuple(
        {
            "unit": unit,
            "opening": registers.amount(flow.opening, unit),
            "in": registers.amount(flow.total_in, unit),
            "out": registers.amount(flow.total_out, unit),
            "balance": registers.amount(flow.closing, unit),
        }
        for unit in units
        for flow in (flows.get(unit, KindTotals()),)
    )
    data = Table(
        (
            Column("no", msg("No."), "count"),
            Column("date", msg("Date"), "date"),
            Column("id", msg("Id"), "code"),
            Column("kind", msg("Kind")),
            Column("description", msg("Description")),
            Column("party", msg("Party")),
            Column("place", msg("Place")),
            Column("unit", msg("Unit")),
            *_FIGURES,
        ),
        tuple(rows),
        totals,
    )
    organisation = registers.organisations[fund.organisation]
    day = report_day(query, [fund], span)
    name: Message | str = fund.name
    if place is not None:
        name = msg("{fund} · {place}", fund=fund.name, place=registers.place_name(fund, place))
    return Report(
        name="cashbook",
        title=msg("Cash book"),
        book=registers.book.name,
        heading=msg("{fund}, {organisation}", fund=name, organisation=organisation.name),
        span=span,
        data=data,
        tables=tuple(
            _for_people(lines[total["unit"]], registers.amount(before[total["unit"]], total["unit"]), total, span)
            for total in totals
        ),
        signing=by_the_board(registers, [fund], day) if day else None,
    )


_FIGURES = (
    Column("in", msg("In"), "amount"),
    Column("out", msg("Out"), "amount"),
    Column("balance", msg("Balance"), "amount"),
)


def _for_people(lines: list[Row], held: Amount, total: Row, span: Span) -> Table:
    """A unit's lines, from the balance `held` before to the closing one. Where the book begins, the opening balance is a
    line with a balance and no receipt."""
    before = {"description": msg("Opening balance"), "balance": held}
    numbered = [line | {"no": number} for number, line in enumerate(lines, 1)]
    closing = {**total, "description": msg("Closing balance")}
    columns = (
        Column("no", msg("No."), "count"),
        Column("date", msg("Date"), "date"),
        Column("description", msg("Description")),
        Column("voucher", msg("Voucher"), "code"),
        *(Column(column.key, column.title, "figure") for column in _FIGURES),
    )
    unit: Unit = total["balance"].unit
    title = msg("{name} ({symbol})", name=unit.name, symbol=unit.symbol)
    begins = not held.minor and bool(lines) and lines[0]["kind"] == "opening"
    rows = (before, *numbered) if span.start and not begins else tuple(numbered)
    return Table(columns, rows, (closing,), title, carried=tuple(_carried(rows, unit)))


def _carried(rows: Sequence[Mapping[str, Cell]], unit: Unit) -> Iterator[Row]:
    """Running sums of receipts and payments and the balance after each row, carried over from page to page."""
    total_in = total_out = Amount(0, unit)
    for row in rows:
        total_in += row.get("in") or Amount(0, unit)
        total_out += row.get("out") or Amount(0, unit)
        yield {"description": msg("Carried over"), "in": total_in, "out": total_out, "balance": row["balance"]}


def _party(entry: Entry) -> Person | str:
    """The other party: a giver, a receiver, a member; for several members their number."""
    members = entry.fields.get("members")
    if members:
        return next(iter(members)) if len(members) == 1 else ""
    return other_side(entry) or entry.fields.get("to_fund", "")


def _place(entry: Any, fund: Fund) -> str:
    return place_of(entry.fields, fund) if entry.fund == fund.slug and entry.kind != "reversal" else ""
