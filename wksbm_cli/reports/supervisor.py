"""The report to the village or the social affairs office: the network's organisations, aggregated, without names of
donors or recipients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.flow import Flow
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS, kinds_where
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.registers import ORGANISATION_FIELDS, Organisation, Registers
from wksbm_cli.domain.statements import PAYMENTS, RECEIPTS
from wksbm_cli.index.query import Query
from wksbm_cli.reports.flows import Flows, flows_of
from wksbm_cli.reports.helped import help_given
from wksbm_cli.reports.report import Column, Report, Row, Table, long_form
from wksbm_cli.reports.reserves import reserves
from wksbm_cli.reports.signing import by_the_board, network_of
from wksbm_cli.reports.summary import fund_names
from wksbm_cli.reports.totals import by_unit
from wksbm_cli.standing.dues import report_day, turnout

# Officers answer for their organisation by name, and the office records them (docs/practice.md#organisations).
_OFFICERS = ("chair", "secretary", "treasurer", "supervisor")


class Activity(NamedTuple):
    """What one organisation did in the period. Sums are smallest steps: `opening` by unit, `moved` by unit and item of
    `RECEIPTS` and `PAYMENTS`, all of them more than nothing; `within` what of it went to and came from the other
    organisations of the report, by unit and item."""

    organisation: Organisation
    opening: Mapping[str, int]
    moved: Mapping[tuple[str, str], int]
    within: Mapping[tuple[str, str], int]
    members: Mapping[str, int]

    def total(self, unit: str, items: Mapping[str, Message]) -> int:
        return sum(minor for (of, item), minor in self.moved.items() if of == unit and item in items)

    def total_within(self, unit: str, items: Mapping[str, Message]) -> int:
        return sum(minor for (of, item), minor in self.within.items() if of == unit and item in items)

    def closing(self, unit: str) -> int:
        return self.opening.get(unit, 0) + self.total(unit, RECEIPTS) - self.total(unit, PAYMENTS)


def supervisor(
    query: Query,
    registers: Registers,
    funds: Sequence[Fund],
    span: Span,
    heading: str | None = None,
    organisation: str | None = None,
) -> Report:
    """All organisations side by side (also those without funds) and in total; or one `organisation` alone."""
    flows = [flows_of(query, registers, fund, span) for fund in funds]
    day = report_day(query, funds, span)
    network = None if organisation else network_of(registers, funds)
    of_all = _organisations(registers, funds, network)
    organisations = [registers.organisations[organisation]] if organisation else of_all
    activities = [_activity(query, registers, organisation, flows, span) for organisation in organisations]
    known = [network, *organisations] if network and network not in organisations else organisations
    given = help_given([flow for each in flows for flow in each.flows if flow.kind == "disbursement"], registers)
    names = fund_names(funds, registers)
    lasting = reserves(query, registers, funds, day)
    units = _units(activities)
    data = (
        *(row for organisation in known for row in _identity_in_data(organisation)),
        *(row for activity in activities for row in _in_data(activity, units, registers)),
        *given.in_data(),
        *lasting.in_data(),
    )
    totals = by_unit(
        [
            {"unit": unit, **{key: registers.amount(minor, unit) for key, minor in _of_network(activity, unit).items()}}
            for activity in activities
            for unit in units
        ],
        ("opening", "in", "out", "closing"),
        registers,
    )
    return Report(
        name="supervisor",
        title=msg("Report to the supervisor"),
        book=registers.book.name,
        heading=heading,
        span=span,
        data=long_form(_COLUMNS, data, totals),
        tables=(
            *(_identity(organisation, registers) for organisation in known),
            _members(activities),
            *(_movement(activities, unit, registers) for unit in units),
            *given.tables(),
            *lasting.tables(names),
        ),
        notes=(
            msg(
                "Paid dues: of the members who owe some. Took part: of all members, who paid, gave, saved, borrowed or paid back."
            ),
            msg("Transfers between funds of one organisation are left out on both sides."),
            *(
                [msg("Transfers between the organisations of this report are left out of the total, on both sides.")]
                if any(activity.within for activity in activities)
                else []
            ),
            *given.notes(),
            *lasting.notes(names),
        ),
        signing=by_the_board(registers, funds, day) if day else None,
    )


_COLUMNS = (
    Column("section", msg("Section")),
    Column("organisation", msg("Organisation")),
    Column("fund", msg("Fund")),
    Column("item", msg("Item")),
    Column("value", msg("Value")),
    Column("pillar", msg("Pillar")),
    Column("mode", msg("Mode")),
    Column("category", msg("Category")),
    Column("people", msg("People"), "count"),
    Column("count", msg("Count"), "count"),
    Column("unit", msg("Unit")),
    Column("amount", msg("Amount"), "amount"),
)


def _organisations(registers: Registers, funds: Sequence[Fund], network: Organisation | None) -> list[Organisation]:
    """The organisations of the funds; in a report about every fund also those without any. The network itself is no group."""
    having = dict.fromkeys(fund.organisation for fund in funds)
    if len(funds) == len(registers.funds):
        having |= dict.fromkeys(slug for slug, each in registers.organisations.items() if each != network)
    return [registers.organisations[slug] for slug in having]


# What moved


def _activity(
    query: Query, registers: Registers, organisation: Organisation, flows: Sequence[Flows], span: Span
) -> Activity:
    mine = [each for each in flows if each.fund.organisation == organisation.slug]
    inside = {each.fund.slug for each in mine}
    opening: dict[str, int] = defaultdict(int)
    for (_, unit), flow in query.fund_flows(inside, span).items():
        opening[unit] += flow.opening
    moved: dict[tuple[str, str], int] = defaultdict(int)
    within: dict[tuple[str, str], int] = defaultdict(int)
    reported = {each.fund.slug for each in flows}
    for each in mine:
        for one in each.flows:
            if one.kind == "opening" or (one.kind == "transfer" and one.detail in inside):
                continue
            key = one.unit, _item(one, each.fund)
            moved[key] += abs(one.minor)
            if one.kind == "transfer" and one.detail in reported:
                within[key] += abs(one.minor)
    members = _membership(query, registers, organisation, [each.fund for each in mine], span)
    return Activity(organisation, dict(opening), dict(moved), dict(within), members)


def _item(flow: Flow, fund: Fund) -> str:
    """The line of receipts or payments to which a flow belongs."""
    lines = KINDS[flow.kind].lines
    assert lines is not None, "what changes what a fund holds has a line"
    return lines.item(flow, fund)


def _membership(
    query: Query, registers: Registers, organisation: Organisation, funds: Sequence[Fund], span: Span
) -> dict[str, int]:
    """Members at the end, joined and left; how many of those who owed something paid, and how many of all took part (paid
    or gave, saved, borrowed or repaid)."""
    start, end = span.start or date.min, span.end or date.max
    members = registers.members.get(organisation.slug, {}).values()
    turnouts = [turnout(query, registers, fund, span) for fund in funds]
    owing = frozenset[str]().union(*(each.owing for each in turnouts))
    paid = frozenset[str]().union(*(each.paid for each in turnouts))
    taking_part = paid.union(*(each.gave for each in turnouts), _savers_and_borrowers(query, funds, span))
    there = {
        member.slug
        for member in members
        if (member.joined is None or member.joined <= end) and (member.left is None or start <= member.left)
    }
    return {
        "members": sum(member.is_active(end) for member in members),
        "joined": sum(member.joined is not None and start <= member.joined <= end for member in members),
        "left": sum(member.left is not None and start <= member.left <= end for member in members),
        "owing": len(owing),
        "contributed": len(owing & paid),
        "during": len(there | taking_part),
        "took_part": len(taking_part),
    }


def _savers_and_borrowers(query: Query, funds: Sequence[Fund], span: Span) -> set[str]:
    kinds = kinds_where(lambda kind: any(key.name == "member" and key.required for key in kind.keys))
    entries = query.entries([fund.slug for fund in funds], kinds, span, with_cancelled=False, as_of=span.end)
    return {entry.fields["member"] for entry in entries}


def _units(activities: Sequence[Activity]) -> list[str]:
    """Every unit that anyone held or moved, rupiah first."""
    held = {unit for activity in activities for unit, minor in activity.opening.items() if minor}
    moved = {unit for activity in activities for (unit, _), minor in activity.moved.items() if minor}
    return sorted(held | moved, key=lambda unit: (unit != "IDR", unit))


def _foots(activity: Activity, unit: str) -> dict[str, int]:
    return {
        "opening": activity.opening.get(unit, 0),
        "in": activity.total(unit, RECEIPTS),
        "out": activity.total(unit, PAYMENTS),
        "closing": activity.closing(unit),
    }


def _of_network(activity: Activity, unit: str) -> dict[str, int]:
    """Totals of the network, in which transfers between its own organisations cancel out."""
    feet = _foots(activity, unit)
    return feet | {
        "in": feet["in"] - activity.total_within(unit, RECEIPTS),
        "out": feet["out"] - activity.total_within(unit, PAYMENTS),
    }


def _movement(all_activities: Sequence[Activity], unit: str, registers: Registers) -> Table:
    """Receipts by source and payments by purpose: organisations side by side, and the network without what they passed to
    each other, so that it foots both ways. Who has no fund has no column."""
    having = {fund.organisation for fund in registers.funds.values()}
    activities = [activity for activity in all_activities if activity.organisation.slug in having]

    def line(label: Message, figures: Sequence[int], whole: int, *, blank: bool = False) -> Row:
        amounts = [registers.amount(minor, unit) if minor or not blank else None for minor in (*figures, whole)]
        keys = (*(activity.organisation.slug for activity in activities), "")
        return {"what": label, **dict(zip(keys, amounts, strict=True))}

    def lines(items: Mapping[str, Message]) -> Iterator[Row]:
        for item, title in items.items():
            figures = [activity.moved.get((unit, item), 0) for activity in activities]
            if any(figures):
                whole = sum(figures) - sum(activity.within.get((unit, item), 0) for activity in activities)
                yield line(title, figures, whole, blank=True)  # organisations without any are skipped

    def total(label: Message, key: str) -> Row:
        figures = [_foots(activity, unit)[key] for activity in activities]
        return line(label, figures, sum(_of_network(activity, unit)[key] for activity in activities))

    receipts, payments = list(lines(RECEIPTS)), list(lines(PAYMENTS))
    rows = (
        total(msg("Opening balance"), "opening"),
        {"what": msg("RECEIPTS")},
        *receipts,
        total(msg("Total receipts"), "in"),
        {"what": msg("PAYMENTS")},
        *payments,
        total(msg("Total payments"), "out"),
    )
    heads = (1, len(receipts) + 2, len(receipts) + 3, len(rows) - 1)
    columns = (
        Column("what", msg("Description")),
        *(
            Column(activity.organisation.slug, msg("{name}", name=activity.organisation.name), "figure")
            for activity in activities
        ),
        *([Column("", msg("Total"), "figure")] if len(activities) > 1 else []),
    )
    of = registers.unit(unit)
    return Table(
        columns,
        rows,
        (total(msg("Closing balance"), "closing"),),
        title=msg("Receipts and payments: {name} ({symbol})", name=of.name, symbol=of.symbol),
        bold_rows=frozenset(heads),
    )


# Who they are


def _identity(organisation: Organisation, registers: Registers) -> Table:
    """What the office records of an organisation (docs/practice.md#organisations)."""
    fields = organisation.fields
    told: list[tuple[Message, Any]] = [
        *(
            (title, Person(fields[key]) if key in _OFFICERS else fields[key])
            for key, title in ORGANISATION_FIELDS.items()
            if key in fields
        ),
        (msg("legal date"), organisation.legal_date),
        (msg("founded"), organisation.founded),
        (msg("officers"), organisation.officers),
        (msg("activities"), organisation.activities or None),
    ]
    rows = tuple({"label": label, "value": value} for label, value in told if value is not None)
    columns = (Column("label", msg("What")), Column("value", msg("Value")))
    return Table(columns, rows, title=msg("{name}", name=organisation.name), label_value=True)


_MEMBERS: dict[str, Message] = {
    "members": msg("Members at the end"),
    "joined": msg("Joined"),
    "left": msg("Left"),
}


def _members(activities: Sequence[Activity]) -> Table:
    """Members, how many of those who owe have paid, and how many of all took part; one household in two organisations is a
    member of both."""
    columns = (
        Column("what", msg("Organisation")),
        *(Column(key, title, "count") for key, title in _MEMBERS.items()),
        Column("paid", msg("Paid dues")),
        Column("share", msg("Took part")),
    )

    def row(members: Mapping[str, int]) -> Row:
        paid = msg("{count} of {all}", count=members["contributed"], all=members["owing"]) if members["owing"] else None
        return {**members, "paid": paid, "share": _share(members["took_part"], members["during"])}

    rows = tuple({"what": activity.organisation.name, **row(activity.members)} for activity in activities)
    keys = (*_MEMBERS, "owing", "contributed", "during", "took_part")
    total = row({key: sum(activity.members[key] for activity in activities) for key in keys})
    totals = ({"what": msg("Total"), **total},) if len(activities) > 1 else ()
    return Table(columns, rows, totals, title=msg("Members and participation"))


def _share(count: int, whole: int) -> Message | None:
    if not whole:
        return None
    return msg("{count} of {all} ({share}%)", count=count, all=whole, share=count * 100 // whole)


# The long form


def _identity_in_data(organisation: Organisation) -> Iterator[Row]:
    row = {"organisation": organisation.slug}
    fields = {key: Person(value) if key in _OFFICERS else value for key, value in organisation.fields.items()}
    for item, value in {
        "name": organisation.name,
        **fields,
        "legal_date": organisation.legal_date,
        "founded": organisation.founded,
        "officers": organisation.officers,
        "activities": organisation.activities,
    }.items():
        if value:
            yield row | {"section": "organisation", "item": item, "value": value}


def _in_data(activity: Activity, units: Sequence[str], registers: Registers) -> Iterator[Row]:
    row = {"organisation": activity.organisation.slug}
    for item, count in activity.members.items():
        yield row | {"section": "members", "item": item, "count": count}
    for unit in units:
        for section, items in (("receipts", RECEIPTS), ("payments", PAYMENTS)):
            for item in items:
                if minor := activity.moved.get((unit, item)):
                    amount = registers.amount(minor, unit)
                    yield row | {"section": section, "item": item, "unit": unit, "amount": amount}
        for item, minor in _foots(activity, unit).items():
            amount = registers.amount(minor, unit)
            yield row | {"section": "balance", "item": item, "unit": unit, "amount": amount}
