"""The report to the village or the social affairs office: the network's organisations, rolled up, without a name of
anyone who gave or was helped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import DONATION_SOURCES, INCOME_SOURCES, MODES, PILLARS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.registers import ORGANISATION_FIELDS, Fund, Organisation, Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.index.death import strength
from wksbm_cli.index.query import Query
from wksbm_cli.reports.flows import Flow, Flows, flows_of
from wksbm_cli.reports.helped import OTHER, Group, same_people, without_few
from wksbm_cli.reports.privacy import FEWEST
from wksbm_cli.reports.report import Column, Report, Table, long_form
from wksbm_cli.reports.signing import by_the_board, only_organisation
from wksbm_cli.reports.summary import fund_names
from wksbm_cli.reports.totals import by_unit

RESERVE_MONTHS = 12  # over which outgoings are averaged
# Officers answer for their organisation by name, and the office records them (DOMAIN §1).
_OFFICERS = ("chair", "secretary", "treasurer", "supervisor")

_RECEIPTS: dict[str, Message] = {
    "contributions": msg("Contributions of members"),
    **{f"donation:{source}": msg("Donations: {source}", source=title) for source, title in DONATION_SOURCES.items()},
    **{f"income:{source}": msg("Other income: {source}", source=title) for source, title in INCOME_SOURCES.items()},
    "charges": msg("Service charges and fines on loans"),
    "repaid": msg("Loans repaid"),
    "members-in": msg("Savings and arisan money of members"),
    "exchanged-in": msg("Got in exchange"),
    "transfers-in": msg("From other organisations"),
    "counts-in": msg("Found at counts"),
    "corrections-in": msg("Cancelled of an earlier period"),
}
_PAYMENTS: dict[str, Message] = {
    **{f"help:{pillar}": msg("Help given: {pillar}", pillar=title) for pillar, title in PILLARS.items()},
    "help:": msg("Help given, no pillar said"),
    "running-costs": msg("Running costs"),
    "lent": msg("Loans to members"),
    "members-out": msg("Savings, arisan money and surplus to members"),
    "exchanged-out": msg("Given in exchange"),
    "transfers-out": msg("To other organisations"),
    "counts-out": msg("Missing at counts"),
    "corrections-out": msg("Cancelled of an earlier period"),
}
_MODES = {**MODES, "": msg("not said"), OTHER: msg("other")}
_PILLARS = {**PILLARS, "": msg("not said"), OTHER: msg("other")}
_CATEGORIES = {**CATEGORIES, "": msg("not said"), OTHER: msg("other")}


class Activity(NamedTuple):
    """What one organisation did in the period. Sums are smallest steps: `opening` by unit, `moved` by unit and item of
    `_RECEIPTS` and `_PAYMENTS`, all of them more than nothing."""

    organisation: Organisation
    opening: Mapping[str, int]
    moved: Mapping[tuple[str, str], int]
    members: Mapping[str, int]

    def total(self, unit: str, items: Mapping[str, Message]) -> int:
        return sum(minor for (of, item), minor in self.moved.items() if of == unit and item in items)

    def closing(self, unit: str) -> int:
        return self.opening.get(unit, 0) + self.total(unit, _RECEIPTS) - self.total(unit, _PAYMENTS)


class Reserve(NamedTuple):
    """How long a fund lasts: what it holds, what goes out in a month, the whole months it covers, the death benefits it can
    still pay. None where nothing goes out, or where the fund pays no such benefit."""

    fund: Fund
    balance: Amount
    monthly: Amount
    months: int | None
    benefits: int | None


def supervisor(
    query: Query, registers: Registers, funds: Sequence[Fund], span: Span, heading: str | None = None
) -> Report:
    """Every organisation beside the others, and all together; below `FEWEST` people, a count is part of "other"."""
    flows = [flows_of(query, registers, fund, span) for fund in funds]
    day = span.end or query.span_of_entries().end
    organisations = [registers.organisations[slug] for slug in dict.fromkeys(fund.organisation for fund in funds)]
    activities = [_activity(query, registers, organisation, flows, span) for organisation in organisations]
    helped = _help([flow for each in flows for flow in each.flows if flow.kind == "disbursement"])
    lasting = [fund for fund in funds if fund.type != "arisan"]  # whose pots pass through
    reserves = [reserve for fund in lasting for reserve in _reserve(query, registers, fund, day)] if day else []
    units = _units(activities)
    data = (
        *(row for activity in activities for row in _in_data(activity, units, registers)),
        *(_group_in_data(group, registers) for group in helped.groups),
        *(row for reserve in reserves for row in _reserve_in_data(reserve)),
    )
    totals = by_unit(
        [
            {"unit": unit, **{key: registers.amount(minor, unit) for key, minor in _foots(activity, unit).items()}}
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
            *(_identity(organisation, registers) for organisation in organisations),
            _members(activities),
            *(_movement(activities, unit, registers) for unit in units),
            *_help_table(helped, registers),
            *_reserves(reserves, fund_names(funds, registers)),
        ),
        notes=tuple(_notes(helped)),
        signing=by_the_board(only_organisation(registers, funds), day) if day else None,
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


# What moved


def _activity(
    query: Query, registers: Registers, organisation: Organisation, flows: Sequence[Flows], span: Span
) -> Activity:
    mine = [each for each in flows if each.fund.organisation == organisation.slug]
    inside = {each.fund.slug for each in mine}
    opening: dict[str, int] = defaultdict(int)
    for (fund, unit), flow in query.fund_flows(span).items():
        if fund in inside:
            opening[unit] += flow.opening
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for each in mine:
        for one in each.flows:
            if one.kind == "opening":
                opening[one.unit] += one.minor
            elif one.kind != "transfer" or one.detail not in inside:
                moved[one.unit, _item(one, each.fund)] += abs(one.minor)
    return Activity(organisation, dict(opening), dict(moved), _membership(query, registers, organisation, inside, span))


def _item(flow: Flow, fund: Fund) -> str:
    """Which line of the receipts or payments a flow belongs to."""
    way = "in" if flow.minor > 0 else "out"
    match flow.kind:
        case "contribution":
            return "members-in" if fund.type == "arisan" else "contributions"
        case "donation" | "income":
            return f"{flow.kind}:{flow.detail}"
        case "disbursement":
            return f"help:{flow.detail}"
        case "repayment":
            return "repaid" if flow.detail == "principal" else "charges"
    return {
        "expense": "running-costs",
        "loan": "lent",
        "saving": "members-in",
        "withdrawal": "members-out",
        "payout": "members-out",
        "surplus": "members-out",
        "exchange": f"exchanged-{way}",
        "transfer": f"transfers-{way}",
        "count": f"counts-{way}",
        "reversal": f"corrections-{way}",
    }[flow.kind]


def _membership(
    query: Query, registers: Registers, organisation: Organisation, funds: set[str], span: Span
) -> dict[str, int]:
    """How many members there are at the end, how many came and left, how many gave something, and of how many."""
    start, end = span.start or date.min, span.end or date.max
    members = registers.members[organisation.slug].values()
    paid = {each.member for each in query.paid(registers, sorted(funds), span) if each.minor > 0}
    there = {
        member.slug
        for member in members
        if (member.joined is None or member.joined <= end) and (member.left is None or start <= member.left)
    }
    return {
        "members": sum(member.is_active(end) for member in members),
        "joined": sum(member.joined is not None and start <= member.joined <= end for member in members),
        "left": sum(member.left is not None and start <= member.left <= end for member in members),
        "during": len(there | paid),
        "contributed": len(paid),
    }


def _units(activities: Sequence[Activity]) -> list[str]:
    """Every unit that anyone held or moved, rupiah first."""
    held = {unit for activity in activities for unit, minor in activity.opening.items() if minor}
    moved = {unit for activity in activities for (unit, _), minor in activity.moved.items() if minor}
    return sorted(held | moved, key=lambda unit: (unit != "IDR", unit))


def _foots(activity: Activity, unit: str) -> dict[str, int]:
    return {
        "opening": activity.opening.get(unit, 0),
        "in": activity.total(unit, _RECEIPTS),
        "out": activity.total(unit, _PAYMENTS),
        "closing": activity.closing(unit),
    }


def _movement(activities: Sequence[Activity], unit: str, registers: Registers) -> Table:
    """Receipts by source and payments by purpose: organisations side by side and their sum, so that it foots both ways."""

    def line(label: Message, figures: Sequence[int]) -> dict[str, Any]:
        amounts = [registers.amount(minor, unit) for minor in (*figures, sum(figures))]
        keys = (*(activity.organisation.slug for activity in activities), "")
        return {"what": label, **dict(zip(keys, amounts, strict=True))}

    def lines(items: Mapping[str, Message]) -> Iterator[dict[str, Any]]:
        for item, title in items.items():
            figures = [activity.moved.get((unit, item), 0) for activity in activities]
            if any(figures):
                yield line(title, figures)

    def total(key: str) -> list[int]:
        return [_foots(activity, unit)[key] for activity in activities]

    receipts, payments = list(lines(_RECEIPTS)), list(lines(_PAYMENTS))
    rows = (
        line(msg("Opening balance"), total("opening")),
        {"what": msg("RECEIPTS")},
        *receipts,
        line(msg("Total receipts"), total("in")),
        {"what": msg("PAYMENTS")},
        *payments,
        line(msg("Total payments"), total("out")),
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
        (line(msg("Closing balance"), total("closing")),),
        title=msg("Receipts and payments: {name} ({symbol})", name=of.name, symbol=of.symbol),
        strong=frozenset(heads),
    )


# Who they are


def _identity(organisation: Organisation, registers: Registers) -> Table:
    """What the office records of an organisation (DOMAIN §1)."""
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
    return Table(columns, rows, title=msg("{name}", name=organisation.name), form=True)


_MEMBERS: dict[str, Message] = {
    "members": msg("Members at the end"),
    "joined": msg("Joined"),
    "left": msg("Left"),
    "contributed": msg("Contributed"),
}


def _members(activities: Sequence[Activity]) -> Table:
    """Members and how many of them took part; one household in two organisations is a member of both."""
    columns = (
        Column("what", msg("Organisation")),
        *(Column(key, title, "count") for key, title in _MEMBERS.items()),
        Column("share", msg("Took part"), "count"),
    )
    rows = [
        {"what": activity.organisation.name, **activity.members, "share": _share(activity.members)}
        for activity in activities
    ]
    total = {key: sum(activity.members[key] for activity in activities) for key in (*_MEMBERS, "during")}
    totals = ({"what": msg("Total"), **total, "share": _share(total)},) if len(activities) > 1 else ()
    return Table(columns, tuple(rows), totals, title=msg("Members and participation"))


def _share(members: Mapping[str, int]) -> str:
    return f"{members['contributed'] * 100 // members['during']}%" if members["during"] else ""


# Who was helped


class Help(NamedTuple):
    """Help in groups large enough to be told, and all of it together with every person counted once."""

    groups: Sequence[Group]
    whole: Group


def _help(flows: Sequence[Flow]) -> Help:
    entries: list[Entry] = [flow.entry for flow in flows]
    people = same_people(entries)
    groups: dict[tuple[str, str, str], Group] = {}
    whole = Group("", "", "", frozenset(), 0, {})
    for flow in flows:
        fields = flow.entry.fields
        key = (flow.detail, fields.get("mode", ""), fields.get("category", ""))
        one = Group(*key, frozenset({people[flow.entry.id]}), 1, {flow.unit: -flow.minor})
        groups[key] = groups[key].joined(one) if key in groups else one
        whole = whole.joined(one)
    return Help(without_few(groups.values()), whole)


def _help_table(helped: Help, registers: Registers) -> list[Table]:
    if not helped.whole.times:
        return []
    columns = (
        Column("pillar", msg("Pillar")),
        Column("mode", msg("Mode")),
        Column("category", msg("Category")),
        Column("people", msg("People"), "count"),
        Column("times", msg("Times"), "count"),
        Column("given", msg("Given")),
    )

    def row(group: Group) -> dict[str, Any]:
        enough = len(group.people) >= FEWEST
        return {
            "pillar": _PILLARS[group.pillar],
            "mode": _MODES[group.mode],
            "category": _CATEGORIES[group.category],
            "people": len(group.people) if enough else msg("fewer than {number}", number=FEWEST),
            "times": group.times if enough else None,
            "given": _amounts(group, registers),
        }

    total = {**row(helped.whole), "pillar": msg("Total"), "mode": None, "category": None}
    return [Table(columns, tuple(map(row, helped.groups)), (total,), title=msg("Help by pillar, way and category"))]


def _amounts(group: Group, registers: Registers) -> list[Amount]:
    return [
        registers.amount(minor, unit)
        for unit, minor in sorted(group.amounts.items(), key=lambda item: (item[0] != "IDR", item[0]))
    ]


# How long it lasts


def _reserve(query: Query, registers: Registers, fund: Fund, day: date) -> Iterator[Reserve]:
    """What the fund holds of its own unit against what went out in an average month of the last year."""
    begun = query.span_of_entries().start
    year_ago = date(day.year - 1, day.month, 1)
    first = date(year_ago.year + year_ago.month // 12, year_ago.month % 12 + 1, 1)
    if begun is not None and begun > first:
        first = begun.replace(day=1)
    if first > day:
        return
    months = (day.year - first.year) * 12 + day.month - first.month + 1
    unit = fund.unit
    gone = -sum(
        flow.minor
        for flow in flows_of(query, registers, fund, Span(first, day)).flows
        if flow.kind in ("disbursement", "expense") and flow.unit == unit.code
    )
    flow = query.fund_flows(Span(None, day)).get((fund.slug, unit.code))
    balance = flow.closing if flow else 0
    monthly = gone // months
    covered = max(0, balance) * months // gone if gone else None
    benefits = [count for _, count in strength(query, fund, day)] if fund.death else []
    yield Reserve(fund, Amount(balance, unit), Amount(monthly, unit), covered, benefits[-1] if benefits else None)


def _reserves(reserves: Sequence[Reserve], names: Mapping[tuple[str, str], str]) -> list[Table]:
    columns = (
        Column("fund", msg("Fund")),
        Column("balance", msg("Balance"), "amount"),
        Column("monthly", msg("Out in a month"), "amount"),
        Column("months", msg("Months covered"), "count"),
        Column("benefits", msg("Death benefits"), "count"),
    )
    rows = tuple(
        {
            "fund": names[each.fund.organisation, each.fund.short],
            "balance": each.balance,
            "monthly": each.monthly,
            "months": each.months,
            "benefits": each.benefits,
        }
        for each in reserves
    )
    return [Table(columns, rows, title=msg("How long the funds last"))] if rows else []


def _notes(helped: Help) -> Iterator[Message]:
    yield msg("Transfers between funds of one organisation are left out on both sides.")
    if helped.whole.times:
        yield msg(
            "Who was helped in several ways is counted in each of them, and once in the total; fewer than {number} people"
            ' are counted under "other".',
            number=FEWEST,
        )
    yield msg(
        "Outgoings in a month: help and running costs, the average of the last {count} months.", count=RESERVE_MONTHS
    )


# The long form


def _in_data(activity: Activity, units: Sequence[str], registers: Registers) -> Iterator[dict[str, Any]]:
    organisation = activity.organisation
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
    for item, count in activity.members.items():
        yield row | {"section": "members", "item": item, "count": count}
    for unit in units:
        for section, items in (("receipts", _RECEIPTS), ("payments", _PAYMENTS)):
            for item in items:
                if minor := activity.moved.get((unit, item)):
                    amount = registers.amount(minor, unit)
                    yield row | {"section": section, "item": item, "unit": unit, "amount": amount}
        for item, minor in _foots(activity, unit).items():
            amount = registers.amount(minor, unit)
            yield row | {"section": "balance", "item": item, "unit": unit, "amount": amount}


def _group_in_data(group: Group, registers: Registers) -> dict[str, Any]:
    enough = len(group.people) >= FEWEST
    return {
        "section": "help",
        "pillar": group.pillar,
        "mode": group.mode,
        "category": group.category,
        "people": len(group.people) if enough else None,
        "count": group.times if enough else None,
        "value": {amount.unit.code: amount for amount in _amounts(group, registers)},
    }


def _reserve_in_data(reserve: Reserve) -> Iterator[dict[str, Any]]:
    fund = reserve.fund
    row = {"section": "reserves", "organisation": fund.organisation, "fund": fund.short}
    yield row | {"item": "balance", "unit": fund.unit.code, "amount": reserve.balance}
    yield row | {"item": "monthly", "unit": fund.unit.code, "amount": reserve.monthly}
    yield row | {"item": "months", "count": reserve.months}
    if reserve.benefits is not None:
        yield row | {"item": "benefits", "count": reserve.benefits}
