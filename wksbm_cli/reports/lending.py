"""Loans, savings, and the year's surplus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import short_id
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.kinds.lending import WRITE_OFF
from wksbm_cli.domain.lending import COLLECTABILITY, INSTALMENT_STATES, LoanState
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount, minor_of
from wksbm_cli.domain.wording import free_text
from wksbm_cli.index.query import Query
from wksbm_cli.reports.report import Column, Report, Row, Table, long_form, select
from wksbm_cli.standing.lending import Loan, Surplus, loans, surplus_of
from wksbm_cli.standing.reserves import ReserveBalance, reserves_of


def loan_list(query: Query, registers: Registers, fund: Fund, as_of: date) -> Report:
    """Every loan with what is outstanding, what is late, and its collectability; then who covered whom."""
    found = loans(query, fund, as_of)
    rows = [_row(loan, fund, registers, as_of) for loan in found]
    columns = (
        Column("id", msg("Id"), "code"),
        Column("date", msg("Date"), "date"),
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("principal", msg("Loan"), "amount"),
        Column("paid", msg("Principal paid"), "amount"),
        Column("charge", msg("Charge paid"), "amount"),
        Column("outstanding", msg("Outstanding"), "amount"),
        Column("arrears", msg("Late"), "amount"),
        Column("written_off", msg("Written off"), "amount"),
        Column("rescheduled", msg("Rescheduled"), "date"),
        Column("late_instalments", msg("Late instalments"), "count"),
        Column("next_due", msg("Next due"), "date"),
        Column("collectability", msg("Collectability")),
        Column("unit", msg("Unit")),
    )
    sums = ("principal", "paid", "charge", "outstanding", "arrears", "written_off")
    zero = Amount(0, fund.unit)
    total = {key: sum((row[key] for row in rows), zero) for key in sums}
    shown = tuple(
        row | {"id": short_id(row["id"]), "collectability": COLLECTABILITY[row["collectability"]]} for row in rows
    )
    picked = [
        column
        for column in columns
        if column.key in ("id", "name", "principal", "outstanding", "arrears", "collectability")
    ]
    return Report(
        name="loans",
        title=msg("Loans"),
        book=registers.book.name,
        heading=fund.name,
        span=Span(None, as_of),
        data=Table(columns, tuple(rows), ({"unit": fund.unit.code, **total},) if rows else ()),
        tables=(
            Table(tuple(picked), shown, ({"name": msg("Total"), **total},)),
            *_bands(rows, fund),
            *_changed(found, registers, fund),
            *_covered(found, registers, fund, as_of),
        )
        if rows
        else (),
    )


def _row(loan: Loan, fund: Fund, registers: Registers, as_of: date) -> Row:
    at = loan.at(as_of)
    due = at.next_due
    return {
        "id": loan.id,
        "date": loan.entry.date,
        "organisation": fund.organisation,
        "fund": fund.short,
        "member": loan.member,
        "name": registers.members[fund.organisation][loan.member].person,
        "principal": Amount(loan.terms.principal, fund.unit),
        "paid": Amount(at.so_far.principal, fund.unit),
        "charge": Amount(at.so_far.charge, fund.unit),
        "outstanding": Amount(at.outstanding, fund.unit),
        "arrears": Amount(at.arrears, fund.unit),
        "written_off": Amount(at.so_far.written_off, fund.unit),
        "rescheduled": at.terms.start if at.before else None,
        "late_instalments": at.late_instalments,
        "next_due": due.due if due else None,
        "collectability": at.collectability,
        "unit": fund.unit.code,
    }


def _bands(rows: list[Row], fund: Fund) -> list[Table]:
    """Outstanding principal by band of collectability."""
    lines = []
    for band, title in COLLECTABILITY.items():
        mine = [row["outstanding"].minor for row in rows if row["collectability"] == band]
        if mine:
            lines.append({"band": title, "loans": len(mine), "outstanding": Amount(sum(mine), fund.unit)})
    columns = (
        Column("band", msg("Collectability")),
        Column("loans", msg("Loans"), "count"),
        Column("outstanding", msg("Outstanding"), "amount"),
    )
    return [Table(columns, tuple(lines))]


def _changed(found: list[Loan], registers: Registers, fund: Fund) -> list[Table]:
    """Reschedulings and write-offs, with reason and approver."""
    members = registers.members[fund.organisation]
    lines = [
        {
            "date": entry.date,
            "id": entry.short_id,
            "name": members[loan.member].person,
            "what": msg("written off") if entry.kind == WRITE_OFF.name else msg("rescheduled"),
            "amount": Amount(minor_of(entry.fields["amount"], fund.unit), fund.unit),
            "reason": free_text(entry, "reason", registers, helped=False),
            "approved_by": entry.fields["approved_by"],
        }
        for loan in found
        for entry in loan.entries
        if entry.kind == WRITE_OFF.name or "instalments" in entry.fields
    ]
    if not lines:
        return []
    columns = (
        Column("date", msg("Date"), "date"),
        Column("id", msg("Id"), "code"),
        Column("name", msg("Name")),
        Column("what", msg("What")),
        Column("amount", msg("Principal"), "amount"),
        Column("reason", msg("Reason")),
        Column("approved_by", msg("Approved by")),
    )
    return [
        Table(columns, tuple(sorted(lines, key=lambda line: line["date"])), title=msg("Rescheduled and written off"))
    ]


def _covered(found: list[Loan], registers: Registers, fund: Fund, as_of: date) -> list[Table]:
    """Joint liability: who covered whom, how much was given back and how much not."""
    members = registers.members[fund.organisation]
    lines = [
        {
            "borrower": members[loan.member].person,
            "coverer": members[coverer].person,
            "covered": Amount(minor, fund.unit),
            "back": Amount(loan.given_back.get(coverer, 0), fund.unit),
            "left": Amount(minor - loan.given_back.get(coverer, 0), fund.unit),
        }
        for loan in found
        for coverer, minor in loan.paid_by_others(as_of).items()
    ]
    if not lines:
        return []
    columns = (
        Column("borrower", msg("Borrower")),
        Column("coverer", msg("Covered by")),
        Column("covered", msg("Covered"), "amount"),
        Column("back", msg("Given back"), "amount"),
        Column("left", msg("To give back"), "amount"),
    )
    return [Table(columns, tuple(lines), title=msg("Covered for one another"))]


_OF_INSTALMENTS = ("principal", "charge", "instalment", "paid", "written_off")


def loan_schedule(registers: Registers, fund: Fund, loan: Loan, as_of: date) -> Report:
    """The instalments of one loan: due date, principal and charge, paid, and days late."""
    at = loan.at(as_of)
    rows: list[Row] = [
        {
            "number": line.instalment.number,
            "due": line.instalment.due,
            "principal": Amount(line.instalment.principal, fund.unit),
            "charge": Amount(line.instalment.charge, fund.unit),
            "instalment": Amount(line.instalment.principal + line.instalment.charge, fund.unit),
            "paid": Amount(line.paid, fund.unit),
            "written_off": Amount(line.written_off, fund.unit),
            "state": line.state(as_of),
            "days_late": line.days_late(as_of) or None,
            "unit": fund.unit.code,
        }
        for line in at.lines()
    ]
    columns = (
        Column("number", msg("No."), "count"),
        Column("due", msg("Due on"), "date"),
        Column("principal", msg("Principal"), "amount"),
        Column("charge", msg("Charge"), "amount"),
        Column("instalment", msg("Instalment"), "amount"),
        Column("paid", msg("Paid"), "amount"),
        Column("written_off", msg("Written off"), "amount"),
        Column("state", msg("State")),
        Column("days_late", msg("Days late"), "count"),
        Column("unit", msg("Unit")),
    )
    zero = Amount(0, fund.unit)
    total = {key: sum((row[key] for row in rows), zero) for key in _OF_INSTALMENTS}
    shown = tuple(row | {"state": _state(row)} for row in rows)
    figures = tuple(column._replace(type="figure") for column in columns if column.type == "amount")
    people = select((*columns, *figures), "number", "due", "principal", "charge", "paid", "state")
    member = registers.members[fund.organisation][loan.member]
    return Report(
        name="schedule",
        title=msg("Schedule of instalments"),
        book=registers.book.name,
        heading=msg("{fund}, {member} ({id})", fund=fund.name, member=member.person, id=short_id(loan.id)),
        span=Span(None, as_of),
        data=Table(columns, tuple(rows), ({"unit": fund.unit.code, **total},)),
        tables=(Table(people, shown, ({"due": msg("Total"), **total},)),),
        notes=tuple(_schedule_notes(at, fund)),
    )


def _schedule_notes(at: LoanState, fund: Fund) -> Iterator[Message]:
    if at.before is not None:
        yield msg(
            "Rescheduled on {date}: {left} of the principal was left, and charges of {carried} that had fallen due.",
            date=at.terms.start,
            left=Amount(at.terms.principal, fund.unit),
            carried=Amount(at.carried, fund.unit),
        )
    yield msg(
        "Outstanding {outstanding}, late {arrears}: {band}.",
        outstanding=Amount(at.outstanding, fund.unit),
        arrears=Amount(at.arrears, fund.unit),
        band=COLLECTABILITY[at.collectability],
    )


def _state(row: Row) -> Message:
    if row["days_late"]:
        return msgn(
            "{state} ({count} day late)",
            "{state} ({count} days late)",
            row["days_late"],
            state=INSTALMENT_STATES[row["state"]],
        )
    return INSTALMENT_STATES[row["state"]]


def savings_list(query: Query, registers: Registers, fund: Fund, as_of: date) -> Report:
    """What each member holds, by class: their own money, which the fund owes them."""
    held = query.savings(fund.slug, as_of)
    rows: list[Row] = [
        {
            "organisation": fund.organisation,
            "fund": fund.short,
            "member": member,
            "name": registers.members[fund.organisation][member].person,
            "class": name,
            "amount": Amount(minor, fund.unit),
            "unit": fund.unit.code,
        }
        for member, classes in sorted(held.items())
        for name, minor in sorted(classes.items())
        if minor
    ]
    columns = (
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("class", msg("Class")),
        Column("amount", msg("Amount"), "amount"),
        Column("unit", msg("Unit")),
    )
    lines: dict[str, Row] = {}
    total: Row = {"member": msg("Total")}
    for row in rows:
        line = lines.setdefault(row["member"], {"member": row["member"], "name": row["name"]})
        for into in (line, total):
            for key in (row["class"], "sum"):
                into[key] = into[key] + row["amount"] if key in into else row["amount"]
    people = Table(
        (
            *select(columns, "member", "name"),
            *(Column(each.slug, msg("{name}", name=each.name), "figure") for each in fund.savings.values()),
            Column("sum", msg("Total"), "amount"),
        ),
        tuple(lines.values()),
        (total,),
        key_columns=2,
    )
    whole = total.get("sum", Amount(0, fund.unit))
    return Report(
        name="savings",
        title=msg("Savings"),
        book=registers.book.name,
        heading=fund.name,
        span=Span(None, as_of),
        data=Table(columns, tuple(rows), ({"unit": fund.unit.code, "amount": whole},) if rows else ()),
        tables=(people,) if rows else (),
    )


def surplus(query: Query, registers: Registers, fund: Fund, span: Span, as_of: date | None = None) -> Report:
    """The surplus of a year, and everyone's part of it by the fund's rule; the parts add up to the surplus exactly. Then
    the reserves in which earlier shares are kept.

    With `as_of` it says of nothing later that it was shared out.
    """
    found = surplus_of(query, registers, fund, span, as_of)
    kept = reserves_of(query, registers, fund, span)
    members = registers.members[fund.organisation]
    rows: list[Row] = [
        {
            "share": share.slug,
            "percent": str(share.percent),
            "member": member,
            "name": members[member].person if member else msg("{name}", name=share.name),
            "amount": Amount(minor, fund.unit),
            "unit": fund.unit.code,
        }
        for share in fund.surplus
        for member, minor in sorted(found.divided[share.slug].items())
        if minor
    ]
    reserves = [_reserve_row(each, fund) for each in kept]
    columns = (
        Column("share", msg("Share")),
        Column("percent", msg("Percent")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("amount", msg("Amount"), "amount"),
        *_OF_RESERVES,
        Column("unit", msg("Unit")),
    )
    shares = tuple(
        {
            "share": share.name,
            "percent": msg("{percent}%", percent=share.percent),
            "amount": Amount(sum(found.divided[share.slug].values()), fund.unit),
        }
        for share in fund.surplus
    )
    total = Amount(max(found.whole, 0), fund.unit)
    return Report(
        name="surplus",
        title=msg("Surplus"),
        book=registers.book.name,
        heading=fund.name,
        span=span,
        data=long_form(columns, (*rows, *reserves), ({"unit": fund.unit.code, "amount": total},)),
        tables=(
            *_shared_tables(found, fund, columns, shares, registers),
            *(
                [Table((Column("name", msg("Reserve")), *_OF_RESERVES), tuple(reserves), (_in_all(reserves, fund),))]
                if reserves
                else ()
            ),
        ),
        notes=tuple(_surplus_notes(found, fund)),
    )


_OF_RESERVES = (
    Column("opening", msg("Opening"), "amount"),
    Column("kept", msg("Kept"), "amount"),
    Column("paid", msg("Paid out"), "amount"),
    Column("balance", msg("Balance"), "amount"),
)


def _reserve_row(reserve: ReserveBalance, fund: Fund) -> Row:
    return {
        "share": reserve.name,
        "name": msg("{name}", name=fund.reserve_name(reserve.name)),
        "opening": Amount(reserve.opening, fund.unit),
        "kept": Amount(reserve.kept, fund.unit),
        "paid": Amount(reserve.paid, fund.unit),
        "balance": Amount(reserve.closing, fund.unit),
        "unit": fund.unit.code,
    }


def _in_all(reserves: list[Row], fund: Fund) -> Row:
    zero = Amount(0, fund.unit)
    sums = {column.key: sum((row[column.key] for row in reserves), zero) for column in _OF_RESERVES}
    return {"name": msg("Total"), **sums}


def _shared_tables(
    found: Surplus, fund: Fund, columns: tuple[Column, ...], shares: tuple[Row, ...], registers: Registers
) -> list[Table]:
    """The shares, and below them the members' parts; none of a loss."""
    if found.whole <= 0:
        return []
    members, by_member, total = registers.members[fund.organisation], found.by_member, Amount(found.whole, fund.unit)
    tables = [Table(select(columns, "share", "percent", "amount"), shares, ({"share": msg("Total"), "amount": total},))]
    if by_member:
        tables.append(
            Table(
                select(columns, "member", "name", "amount"),
                tuple(
                    {"member": member, "name": members[member].person, "amount": Amount(minor, fund.unit)}
                    for member, minor in by_member.items()
                ),
                ({"member": msg("Total"), "amount": Amount(sum(by_member.values()), fund.unit)},),
            )
        )
    return tables


def _surplus_notes(found: Surplus, fund: Fund) -> Iterator[Message]:
    yield msg(
        "Earned {earned}, spent {spent}: {whole}.",
        earned=Amount(found.earned, fund.unit),
        spent=Amount(found.spent, fund.unit),
        whole=Amount(found.whole, fund.unit),
    )
    if found.from_reserves:
        yield msg("Paid out of reserves, and so not in it: {amount}.", amount=Amount(found.from_reserves, fund.unit))
    if found.left_out:
        yield msg(
            "Not in it, since it is not earned: {parts}.",
            parts=[
                msg("{what} {amount}", what=KINDS[kind].title, amount=Amount(minor, fund.unit))
                for kind, minor in found.left_out.items()
            ],
        )
    for entry in found.shared_out:
        values = {"date": entry.date, "id": entry.short_id}
        yield (
            msg("Shared out to the members on {date}, by {id}.", **values)
            if "members" in entry.fields
            else msg("Kept in reserves on {date}, by {id}.", **values)
        )
