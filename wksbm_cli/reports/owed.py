"""What stands beside the balance on a day: loans, savings, arisan money and arrears of members, reserves of the surplus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import ARISAN, LOANS, SAVINGS
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Row, Table
from wksbm_cli.standing.accounts import owed_sums
from wksbm_cli.standing.dues import standings
from wksbm_cli.standing.reserves import reserves_of

# By the `kind` in the data: the prefix of the accounts, and the label of their sum.
_BY_ACCOUNT = {
    "loans": (LOANS, msg("Loans to members, still to be paid back")),
    "savings": (SAVINGS, msg("Savings of members, owed to them")),
    "arisan": (ARISAN, ARISAN.title),
}


class OwedLine(NamedTuple):
    """One line: `kind` is a key of `_BY_ACCOUNT`, `benefits` for the rest of those paid in part, `reserve` with its name, or
    `arrears` with due and number of members."""

    fund: Fund
    kind: str
    detail: str
    label: Message
    amount: Amount
    members: int | None = None


def owed_on(query: Query, registers: Registers, funds: Sequence[Fund], day: date) -> list[OwedLine]:
    """The lines of some funds at the end of a day, fund by fund."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for (fund, account, unit), minor in owed_sums(query, registers, [f.slug for f in funds], Span(None, day)).items():
        kind = next(kind for kind, (head, _) in _BY_ACCOUNT.items() if account.startswith(head.account))
        sums[fund, kind, unit] += minor if kind == "loans" else -minor
    return [line for fund in funds for line in _of_fund(query, registers, fund, day, sums)]


def _of_fund(
    query: Query, registers: Registers, fund: Fund, day: date, sums: Mapping[tuple[str, str, str], int]
) -> Iterator[OwedLine]:
    for kind, (_, title) in _BY_ACCOUNT.items():
        for (of, told, unit), minor in sorted(sums.items()):
            if (of, told) == (fund.slug, kind) and minor:
                yield OwedLine(fund, kind, "", title, registers.amount(minor, unit))
    if fund.death:
        from wksbm_cli.standing.death import owed_to_families

        if left := owed_to_families(query, registers, fund, day):
            label = msgn(
                "Left to pay of the benefit of {count} death",
                "Left to pay of the benefits of {count} deaths",
                len(left),
            )
            yield OwedLine(fund, "benefits", "", label, Amount(sum(left.values()), fund.unit))
    for reserve in reserves_of(query, registers, fund, Span(None, day)):
        if reserve.closing:
            label = msg("Reserve of the surplus: {name}", name=fund.reserve_name(reserve.name))
            yield OwedLine(fund, "reserve", reserve.name, label, Amount(reserve.closing, fund.unit))
    for due in fund.dues.values():
        behind = [minor for each in standings(query, registers, fund, due, day).values() if (minor := each.arrears)]
        if behind:
            label = msgn(
                "{due} in arrears, {count} member", "{due} in arrears, {count} members", len(behind), due=due.name
            )
            yield OwedLine(fund, "arrears", due.slug, label, Amount(sum(behind), due.unit), len(behind))


def owed_table(lines: Sequence[OwedLine], names: Mapping[tuple[str, str], str], day: date) -> list[Table]:
    columns = (
        Column("fund", msg("Fund")),
        Column("what", msg("What")),
        Column("amount", msg("Amount"), "amount"),
    )
    title = (
        msg("Owed by members and to them, and reserves, on {date}", date=day)
        if any(line.kind == "reserve" for line in lines)
        else msg("Owed by members and to them on {date}", date=day)
    )
    rows = tuple(
        {"fund": names[line.fund.organisation, line.fund.short], "what": line.label, "amount": line.amount}
        for line in lines
    )
    return [Table(columns, rows, title=title)] if rows else []


def owed_in_data(lines: Sequence[OwedLine]) -> Iterator[Row]:
    """Rows of the long form: one for each line."""
    for line in lines:
        yield {
            "organisation": line.fund.organisation,
            "fund": line.fund.short,
            "unit": line.amount.unit.code,
            "section": "owed",
            "kind": line.kind,
            "detail": line.detail,
            "description": line.label,
            "times": line.members,
            "amount": line.amount,
        }
