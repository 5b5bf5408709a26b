"""The yearly report as financial statements of a non-profit organisation: ISAK 35, since 2024 numbered ISAK 335.

Four statements in rupiah, and goods by quantity, since goods are never valued. Net assets are in the standard's two
classes, by each fund's restriction. All figures are sums of postings by account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import GIVEN_TO_BE_GIVEN, Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import HEADS, LOANS, Section, head_of
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Cell, Column, Report, Row, Table
from wksbm_cli.reports.signing import by_the_board
from wksbm_cli.standing.accounts import account_sums, owed_sums
from wksbm_cli.standing.dues import report_day
from wksbm_cli.standing.reserves import reserves_of

CLASSES = ("unrestricted", "restricted")
# Rupiah by (class of net assets, item); items are the lines of `HEADS`.
Sums = Mapping[tuple[str, str], int]


def _section(*sections: Section) -> dict[str, Message]:
    """The lines of some sections, in the order of the statements."""
    return {head.account: head.title for head in HEADS if head.section in sections}


_INCOME, _EXPENSES, _OTHER = _section("income"), _section("expense"), _section("other")
# Changes of net assets that are neither income nor expenses.
_GIVEN_AWAY, _OWED = _section("net-assets"), _section("owed")
_LOANS = LOANS.account
# Cash by kind of place.
_CASH: dict[str, Message] = {
    "cash": msg("Cash in hand"),
    "bank": msg("Cash in the bank"),
    "store": msg("Cash in stores"),
    "collector": msg("Cash with collectors"),
}
_STATEMENTS: dict[str, Message] = {
    "position": msg("Statement of financial position"),
    "income": msg("Statement of comprehensive income"),
    "net-assets": msg("Statement of changes in net assets"),
    "cash": msg("Statement of cash flows"),
}


class StatementRow(NamedTuple):
    """A line of a statement: rupiah per class, in smallest steps; a head where there are none, a sum where `is_bold`."""

    label: Message
    item: str = ""
    figures: Mapping[str, int] | None = None
    is_bold: bool = False


class Figures(NamedTuple):
    """The input of all four statements. `before` and `after` are receivables and liabilities, `change` the changes of the
    period, each by class and item; `cash_before` and `cash` by class and kind of place; `reserves` what of the
    net assets is kept for a purpose, by class."""

    before: Sums
    after: Sums
    change: Sums
    cash_before: Sums
    cash: Sums
    reserves: Mapping[str, int]

    def of(self, sums: Sums, item: str) -> dict[str, int]:
        return {each: sums.get((each, item), 0) for each in CLASSES}

    def booked(self, item: str) -> dict[str, int]:
        """The change of an account with income positive: income is posted as a credit, so the sign is inverted."""
        return _turned(self.of(self.change, item))

    def total_cash(self, sums: Sums) -> dict[str, int]:
        return _sum(self.of(sums, kind) for kind in _CASH)

    def net_assets(self, owed: Sums, cash: Sums) -> dict[str, int]:
        """Cash plus receivables minus liabilities."""
        return _sum([self.total_cash(cash), *(self.of(owed, item) for item in (_LOANS, *_OWED))])


def isak(query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None) -> Report:
    """The statements over a span."""
    figures = _read(query, registers, funds, span)
    statements = {
        "position": _position(figures),
        "income": _income(figures),
        "net-assets": _net_assets(figures),
        "cash": _cash_flows(figures),
    }
    day = report_day(query, funds, span)
    goods = _goods(query, registers, funds, span)
    data = tuple(
        {
            "statement": name,
            "item": row.item.rstrip(":"),
            "description": row.label,
            "unit": IDR.code,
            **{each: Amount(minor, IDR) for each, minor in _with_total(row.figures).items()},
        }
        for name, rows in statements.items()
        for row in rows
        if row.figures is not None
    )
    return Report(
        name="isak",
        title=msg("Financial statements"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=Table(_columns("statement", "item", "description", "unit"), (*data, *_goods_in_data(goods))),
        tables=(
            *(_table(_STATEMENTS[name], rows) for name, rows in statements.items()),
            *_goods_table(goods, registers),
        ),
        notes=_NOTES,
        signing=by_the_board(registers, funds, day) if day else None,
    )


_NOTES = (
    msg("Made after ISAK 335 (before 2024: ISAK 35), on a cash basis with loans and savings, in rupiah."),
    msg("With restriction: funds of gifts to be passed on, and of zakat. Without: all others."),
    msg("Goods are listed by quantity and not valued; money from goods sold is told when it comes in."),
)


def _read(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> Figures:
    slugs = {fund.slug for fund in funds}
    before = Span(None, span.start - timedelta(days=1)) if span.start else None
    change = account_sums(query, registers, slugs, span)
    owed = owed_sums(query, registers, slugs, before) if before else {}
    classes = {fund.slug: "restricted" if fund.restriction in GIVEN_TO_BE_GIVEN else "unrestricted" for fund in funds}

    def by_item(sums: Mapping[tuple[str, str, str], int]) -> Sums:
        found: dict[tuple[str, str], int] = defaultdict(int)
        for (fund, account, unit), minor in sums.items():
            if unit == IDR.code and (head := head_of(account)):
                found[classes[fund], head.account] += minor
        return found

    cash: dict[tuple[str, str], int] = defaultdict(int)
    cash_before: dict[tuple[str, str], int] = defaultdict(int)
    for (slug, place, unit), flow in query.place_flows(slugs, span).items():
        if unit == IDR.code:
            kind = registers.funds[slug].place_kind(place)
            cash_before[classes[slug], kind] += flow.opening
            cash[classes[slug], kind] += flow.closing
    changed, owed_before = by_item(change), by_item(owed)
    after = {
        (each, item): owed_before.get((each, item), 0) + changed.get((each, item), 0)
        for each in CLASSES
        for item in (_LOANS, *_OWED)
    }
    reserves = dict.fromkeys(CLASSES, 0)
    for fund in funds:
        if fund.unit is IDR:
            reserves[classes[fund.slug]] += sum(each.closing for each in reserves_of(query, registers, fund, span))
    return Figures(owed_before, after, changed, cash_before, cash, reserves)


def _position(figures: Figures) -> list[StatementRow]:
    assets = [
        *(StatementRow(title, f"assets:{kind}", figures.of(figures.cash, kind)) for kind, title in _CASH.items()),
        StatementRow(msg("Loans to members"), _LOANS, figures.of(figures.after, _LOANS)),
    ]
    owed = [StatementRow(title, item, _turned(figures.of(figures.after, item))) for item, title in _OWED.items()]
    net = figures.net_assets(figures.after, figures.cash)
    return [
        StatementRow(msg("ASSETS"), is_bold=True),
        *_told(assets),
        StatementRow(msg("Total assets"), "assets", _sum_rows(assets), is_bold=True),
        StatementRow(msg("LIABILITIES"), is_bold=True),
        *_told(owed),
        StatementRow(msg("Total liabilities"), "liabilities", _sum_rows(owed), is_bold=True),
        *_told(
            [
                StatementRow(msg("Reserves kept of the surplus"), "reserves", figures.reserves),
                StatementRow(
                    msg("Other net assets"),
                    "not-reserved",
                    _sum([net, _turned(figures.reserves)]) if any(figures.reserves.values()) else None,
                ),
            ]
        ),
        StatementRow(msg("NET ASSETS"), "net-assets", net, is_bold=True),
        StatementRow(
            msg("Liabilities and net assets"), "liabilities-and-net-assets", _sum([_sum_rows(owed), net]), is_bold=True
        ),
    ]


def _income(figures: Figures) -> list[StatementRow]:
    income = [StatementRow(title, item, figures.booked(item)) for item, title in _INCOME.items()]
    expenses = [StatementRow(title, item, _turned(figures.booked(item))) for item, title in _EXPENSES.items()]
    other = [StatementRow(title, item, figures.booked(item)) for item, title in _OTHER.items()]
    return [
        StatementRow(msg("INCOME"), is_bold=True),
        *_told(income),
        StatementRow(msg("Total income"), "income", _sum_rows(income), is_bold=True),
        StatementRow(msg("EXPENSES"), is_bold=True),
        *_told(expenses),
        StatementRow(msg("Total expenses"), "expenses", _sum_rows(expenses), is_bold=True),
        *_told(other),
        StatementRow(msg("Surplus (deficit)"), "surplus", _surplus(figures), is_bold=True),
    ]


def _surplus(figures: Figures) -> dict[str, int]:
    return _sum(figures.booked(item) for item in (*_INCOME, *_EXPENSES, *_OTHER))


def _net_assets(figures: Figures) -> list[StatementRow]:
    """Changes in net assets, from the opening to the closing figure, which equals that of the statement of position."""
    beginning = figures.net_assets(figures.before, figures.cash_before)
    changes = [
        StatementRow(msg("Surplus (deficit)"), "surplus", _surplus(figures)),
        *(StatementRow(title, item, figures.booked(item)) for item, title in _GIVEN_AWAY.items()),
    ]
    return [
        StatementRow(msg("Net assets at the beginning"), "beginning", beginning, is_bold=True),
        *_told(changes),
        StatementRow(msg("Net assets at the end"), "end", _sum([beginning, _sum_rows(changes)]), is_bold=True),
    ]


def _cash_flows(figures: Figures) -> list[StatementRow]:
    """Cash flows from the opening to the closing balance, by the direct method."""
    operating = [
        StatementRow(title, item, figures.booked(item))
        for item, title in (*_INCOME.items(), *_EXPENSES.items(), *_OTHER.items())
    ]
    investing = [StatementRow(msg("Loans to members, less what they repaid"), _LOANS, figures.booked(_LOANS))]
    financing = [
        *(StatementRow(title, item, figures.booked(item)) for item, title in (*_OWED.items(), *_GIVEN_AWAY.items())),
    ]
    beginning = figures.total_cash(figures.cash_before)
    change = _sum(_sum_rows(rows) for rows in (operating, investing, financing))
    return [
        StatementRow(msg("OPERATING ACTIVITIES"), is_bold=True),
        *_told(operating),
        StatementRow(msg("Net cash of operating activities"), "operating", _sum_rows(operating), is_bold=True),
        StatementRow(msg("INVESTING ACTIVITIES"), is_bold=True),
        *_told(investing),
        StatementRow(msg("Net cash of investing activities"), "investing", _sum_rows(investing), is_bold=True),
        StatementRow(msg("FINANCING ACTIVITIES"), is_bold=True),
        *_told(financing),
        StatementRow(msg("Net cash of financing activities"), "financing", _sum_rows(financing), is_bold=True),
        StatementRow(msg("Change in cash"), "change", change, is_bold=True),
        StatementRow(msg("Cash at the beginning"), "cash-beginning", beginning),
        StatementRow(msg("Cash at the end"), "cash-end", _sum([beginning, change]), is_bold=True),
    ]


def _told(rows: Sequence[StatementRow]) -> Iterator[StatementRow]:
    """Without empty lines."""
    return (row for row in rows if row.figures and any(row.figures.values()))


def _sum_rows(rows: Sequence[StatementRow]) -> dict[str, int]:
    return _sum(row.figures for row in rows if row.figures)


def _sum(figures: Iterator[Mapping[str, int]] | Sequence[Mapping[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(CLASSES, 0)
    for each in figures:
        for name in CLASSES:
            total[name] += each[name]
    return total


def _turned(figures: Mapping[str, int]) -> dict[str, int]:
    return {name: -minor for name, minor in figures.items()}


def _with_total(figures: Mapping[str, int]) -> dict[str, int]:
    return {**figures, "total": sum(figures.values())}


def _columns(*names: str) -> tuple[Column, ...]:
    titles = {
        "statement": msg("Statement"),
        "item": msg("Item"),
        "description": msg("Description"),
        "unit": msg("Unit"),
    }
    return (
        *(Column(name, titles[name]) for name in names),
        Column("unrestricted", msg("Without restriction"), "amount"),
        Column("restricted", msg("With restriction"), "amount"),
        Column("total", msg("Total"), "amount"),
    )


def _table(title: Message, rows: Sequence[StatementRow]) -> Table:
    """A statement; its last line is its result."""
    lines = [
        {
            "description": row.label,
            **{each: Amount(minor, IDR) for each, minor in _with_total(row.figures or {}).items()},
        }
        if row.figures is not None
        else {"description": row.label}
        for row in rows
    ]
    bold = frozenset(number for number, row in enumerate(rows[:-1]) if row.is_bold)
    return Table(_columns("description"), tuple(lines[:-1]), (lines[-1],), title=title, bold_rows=bold)


def _goods(query: Query, registers: Registers, funds: Sequence[Fund], span: Span) -> list[Row]:
    """What there is of goods at the end of the span, by unit and class."""
    held: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(CLASSES, 0))
    slugs = {fund.slug: fund.restriction in GIVEN_TO_BE_GIVEN for fund in funds}
    for (slug, unit), flow in query.fund_flows(slugs, Span(None, span.end)).items():
        if unit != IDR.code:
            held[unit]["restricted" if slugs[slug] else "unrestricted"] += flow.closing
    return [
        {"unit": unit, **{name: registers.amount(minor, unit) for name, minor in _with_total(sums).items()}}
        for unit, sums in sorted(held.items())
        if any(sums.values())
    ]


def _goods_in_data(goods: Sequence[Mapping[str, Cell]]) -> Iterator[Row]:
    for row in goods:
        yield {"statement": "goods", "item": row["unit"], "description": msg("Goods"), **row}


def _goods_table(goods: Sequence[Mapping[str, Cell]], registers: Registers) -> list[Table]:
    if not goods:
        return []
    units = {row["unit"]: registers.unit(row["unit"]) for row in goods}
    named = {code: msg("{name} ({symbol})", name=unit.name, symbol=unit.symbol) for code, unit in units.items()}
    rows = tuple({**row, "description": named[row["unit"]]} for row in goods)
    label, *figures = _columns("description")
    columns = (label, *(column._replace(type="figure") for column in figures))
    return [Table(columns, rows, title=msg("Goods, by quantity"))]
