"""The yearly report (LPJ): opening balance, receipts and payments by purpose, and closing balance of each fund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.flow import StatementLine
from wksbm_cli.domain.fund import PLACE_KINDS, Fund
from wksbm_cli.domain.kinds.receipts import is_of_a_month
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.flows import Flows, flows_of
from wksbm_cli.reports.lines import Account, accounts_of, label
from wksbm_cli.reports.owed import owed_in_data, owed_on, owed_table
from wksbm_cli.reports.report import Cell, Column, Report, Row, Table, long_form
from wksbm_cli.reports.signing import by_the_board
from wksbm_cli.reports.summary import account_title, fund_names, in_brief, who_paid
from wksbm_cli.reports.totals import by_unit
from wksbm_cli.standing.dues import report_day

_FIGURES = ("opening", "in", "out", "closing")
Names = Mapping[tuple[str, str], str]


def annual(query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None) -> Report:
    """A table for each fund and unit, then all funds side by side, then where the money and goods are."""
    held = query.fund_flows([fund.slug for fund in funds], span)
    accounts: list[Account] = []
    notes: list[Message] = []
    names = fund_names(funds, registers)
    for fund in funds:
        flows = flows_of(query, registers, fund, span)
        before = {unit: flow.opening for (of, unit), flow in held.items() if of == fund.slug}
        accounts += accounts_of(flows, before)
        notes += _left_out(flows, names, registers)
    recap = tuple(_recap_row(account, registers) for account in accounts)
    totals = by_unit(recap, _FIGURES, registers)
    day = report_day(query, funds, span)
    places = _places(query, registers, funds, day)
    owed = owed_on(query, registers, funds, day) if day else []
    return Report(
        name="annual",
        title=msg("Accountability report"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=long_form(
            _COLUMNS,
            (*(row for account in accounts for row in _long(account, registers)), *places, *owed_in_data(owed)),
            totals,
        ),
        tables=(
            *(_for_people(account, names, day, registers) for account in accounts),
            _recap(recap, names, totals),
            _by_place(places, names, registers),
            *(owed_table(owed, names, day) if day else ()),
        )
        if accounts or owed
        else (),
        notes=(
            msg("Dues stand in the month in which they were received."),
            *who_paid(query, registers, funds, names, span),
            *notes,
        )
        if accounts
        else (),
        brief=in_brief(totals),
        signing=by_the_board(registers, funds, day) if day else None,
    )


_COLUMNS = (
    Column("organisation", msg("Organisation")),
    Column("fund", msg("Fund")),
    Column("unit", msg("Unit")),
    Column("section", msg("Section")),
    Column("kind", msg("Kind")),
    Column("detail", msg("Detail")),
    Column("month", msg("Month")),
    Column("description", msg("Description")),
    Column("times", msg("Times"), "count"),
    Column("amount", msg("Amount"), "amount"),
)


def _long(account: Account, registers: Registers) -> Iterator[Row]:
    fund = account.fund
    row = {"organisation": fund.organisation, "fund": fund.short, "unit": account.unit}
    yield row | {
        "section": "opening",
        "description": msg("Opening balance"),
        "amount": registers.amount(account.opening, account.unit),
    }
    for section, lines in (("receipt", account.receipts), ("payment", account.payments)):
        for line in lines:
            yield row | {
                "section": section,
                "kind": line.first.kind,
                "detail": line.first.detail,
                "month": f"{line.first.entry.date:%Y-%m}" if is_of_a_month(line, fund) else None,
                "description": label(line, account, registers),
                "times": line.times,
                "amount": registers.amount(abs(line.minor), account.unit),
            }
    yield row | {
        "section": "closing",
        "description": msg("Closing balance"),
        "amount": registers.amount(account.closing, account.unit),
    }


def _for_people(account: Account, names: Names, day: date | None, registers: Registers) -> Table:
    """Receipts under the opening balance, payments below them, and the balance."""

    def amount(minor: int) -> Amount:
        return registers.amount(minor, account.unit)

    def numbered(lines: Sequence[StatementLine]) -> Iterator[Row]:
        for number, line in enumerate(lines, 1):
            yield {"no": number, "what": label(line, account, registers), "amount": amount(abs(line.minor))}

    receipts: list[Row] = [
        {"what": msg("RECEIPTS")},
        {"what": msg("Opening balance"), "amount": amount(account.opening)},
        *numbered(account.receipts),
        {"what": msg("Total receipts, opening balance included"), "amount": amount(account.opening + account.total_in)},
    ]
    payments = [
        {"what": msg("PAYMENTS")},
        *numbered(account.payments),
        {"what": msg("Total payments"), "amount": amount(account.total_out)},
    ]
    rows = tuple(receipts + payments)
    strong = frozenset({0, len(receipts) - 1, len(receipts), len(rows) - 1})
    name = names[account.fund.organisation, account.fund.short]
    unit = registers.unit(account.unit)
    left = msg("Balance on {date}", date=day) if day else msg("Closing balance")
    return Table(
        (
            Column("no", msg("No."), "count"),
            Column("what", msg("Description")),
            Column("amount", msg("Amount"), "amount"),
        ),
        rows,
        ({"what": left, "amount": amount(account.closing)},),
        title=account_title(name, unit),
        bold_rows=strong,
    )


def _recap_row(account: Account, registers: Registers) -> Row:
    figures = zip(_FIGURES, (account.opening, account.total_in, account.total_out, account.closing), strict=True)
    return {
        "organisation": account.fund.organisation,
        "fund": account.fund.short,
        "unit": account.unit,
        **{key: registers.amount(minor, account.unit) for key, minor in figures},
    }


def _recap(recap: Sequence[Mapping[str, Cell]], names: Names, totals: Sequence[Mapping[str, Cell]]) -> Table:
    """All funds side by side: opening, in, out and closing, which add up in rows and columns."""
    columns = (
        Column("what", msg("Fund")),
        Column("opening", msg("Opening"), "amount"),
        Column("in", msg("Receipts"), "amount"),
        Column("out", msg("Payments"), "amount"),
        Column("closing", msg("Closing"), "amount"),
    )
    rows = tuple({**row, "what": names[row["organisation"], row["fund"]]} for row in recap)
    return Table(columns, rows, tuple({**total, "what": msg("Total")} for total in totals), title=msg("All funds"))


def _places(query: Query, registers: Registers, funds: Sequence[Fund], day: date | None) -> tuple[Row, ...]:
    """Where money and goods were at the end of the day, in the long form; empty places are left out."""
    held = query.place_flows([fund.slug for fund in funds], Span(None, day))
    return tuple(
        {
            "organisation": fund.organisation,
            "fund": fund.short,
            "unit": unit,
            "section": "place",
            "kind": fund.place_kind(place),
            "detail": place,
            "description": msg("{place}", place=registers.place_name(fund, place)),
            "amount": registers.amount(flow.closing, unit),
        }
        for fund in funds
        for (of, place, unit), flow in sorted(held.items(), key=lambda item: (item[0][2] != fund.unit.code, item[0]))
        if of == fund.slug and flow.closing
    )


def _by_place(places: Sequence[Mapping[str, Cell]], names: Names, registers: Registers) -> Table:
    """The places; the totals, and how much of the rupiah is cash, how much in the bank."""
    columns = (
        Column("fund", msg("Fund")),
        Column("place", msg("Place")),
        Column("kind", msg("Kind")),
        Column("amount", msg("Amount"), "amount"),
    )
    rows = tuple(
        {
            "fund": names[row["organisation"], row["fund"]],
            "place": row["description"],
            "kind": PLACE_KINDS[row["kind"]],
            "amount": row["amount"],
        }
        for row in _hands_as_one(places, registers)
    )
    kinds: dict[str, Amount] = defaultdict(lambda: Amount(0, IDR))
    for row in places:
        if row["unit"] == IDR.code:
            kinds[row["kind"]] += row["amount"]
    by_kind = [
        {"fund": msg("Of it"), "kind": PLACE_KINDS[kind], "amount": kinds[kind]}
        for kind in PLACE_KINDS
        if kind in kinds and len(kinds) > 1
    ]
    sums = [{"fund": msg("Total"), "amount": total["amount"]} for total in by_unit(places, ("amount",), registers)]
    return Table(columns, rows, (*sums[:1], *by_kind, *sums[1:]), title=msg("Cash, bank and goods by place"))


def _hands_as_one(places: Sequence[Mapping[str, Cell]], registers: Registers) -> Iterator[Mapping[str, Cell]]:
    """A fund's collectors as one place: there may be forty; the balances by place list each."""
    joined: dict[tuple[str, ...], list[Mapping[str, Cell]]] = defaultdict(list)
    for row in places:
        place = "" if row["kind"] == "collector" else row["detail"]
        joined[row["organisation"], row["fund"], row["unit"], place].append(row)
    for of in joined.values():
        name = msg("{count} collectors", count=len(of)) if len(of) > 1 else of[0]["description"]
        yield {**of[0], "description": name, "amount": by_unit(of, ("amount",), registers)[0]["amount"]}


def _left_out(flows: Flows, names: Names, registers: Registers) -> Iterator[Message]:
    """A note why the cash book's totals are larger: cancelled entries are on both sides there, and left out here."""
    for unit, minor in sorted(flows.cancelled.items()):
        yield msg(
            "{fund}: {amount} was recorded and cancelled; the cash book has it on both sides, this report on neither.",
            fund=names[flows.fund.organisation, flows.fund.short],
            amount=registers.amount(minor, unit),
        )
