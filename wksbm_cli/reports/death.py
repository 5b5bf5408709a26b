"""Whether a benefit is due for a death and how much, rule by rule, as a meeting would ask."""

from __future__ import annotations

from datetime import date

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.death import Assessment, Judgement
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.reports.report import Column, Report, Table

_MARKS: dict[bool | None, str] = {True: "✓", False: "✗", None: "?"}
_ANSWERS: dict[bool | None, str] = {True: "yes", False: "no", None: "to-judge"}


def death_assessment(found: Assessment, fund: Fund, registers: Registers, as_of: date) -> Report:
    """The rules with their answers, and what is handed over; `as_of` is the day on which it would be paid."""
    death = found.death
    rows = tuple({"met": _ANSWERS[each.met], "rule": each.text} for each in found.findings)
    columns = (Column("met", msg("Met")), Column("rule", msg("Rule")))
    sums = {"benefit": found.base, "goods": found.goods, "arrears": found.deducted, "cash": found.cash}
    sums["given"] = found.given
    amounts = {key: Amount(minor if found.eligible else 0, fund.unit) for key, minor in sums.items()}
    return Report(
        name="death",
        title=msg("Death benefit"),
        book=registers.book.name,
        heading=msg(
            "{deceased}, {date} ({family})",
            deceased=Person(death.deceased, helped=True),
            date=death.date,
            family=death.member,
        ),
        span=Span(None, as_of),
        data=Table(columns, rows, ({"unit": fund.unit.code, **amounts},)),
        tables=(
            Table(
                (Column("met", msg("Met")), Column("rule", msg("Rule"))),
                tuple({"met": _MARKS[each.met], "rule": _asked(each)} for each in found.findings),
            ),
            *((_handed_over(found, fund),) if found.eligible else ()),
        ),
        notes=() if found.eligible else (msg("No benefit is due."),),
    )


def _asked(finding: Judgement) -> Message:
    return (
        finding.text
        if finding.met is not None
        else msg("For the meeting to judge: {condition}", condition=finding.text)
    )


def _handed_over(found: Assessment, fund: Fund) -> Table:
    lines = [(msg("Benefit"), found.base), (msg("Less what was paid before"), found.given)]
    lines.append((msg("Less what is given in goods"), found.goods))
    lines.append((msg("Less arrears, which are paid by it"), found.deducted))
    rows = [{"what": label, "amount": Amount(minor, fund.unit)} for label, minor in lines if minor]
    label = msg("Still owed to the family") if found.given else msg("Handed over in money")
    total = {"what": label, "amount": Amount(found.cash, fund.unit)}
    columns = (Column("what", msg("What")), Column("amount", msg("Amount"), "amount"))
    return Table(columns, tuple(rows), (total,))
