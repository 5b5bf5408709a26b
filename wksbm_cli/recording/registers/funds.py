"""Changes of a fund: creating it, names, places, dues, splits, limits of approval."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from wksbm_cli.book.editing import Edit
from wksbm_cli.domain.cycles import CYCLES, anchor_fault, parse_anchor
from wksbm_cli.domain.due import BACK_DUES, Due
from wksbm_cli.domain.entry import short_id
from wksbm_cli.domain.fund import FUND_TYPES, PLACE_KINDS, RESTRICTIONS, Fund
from wksbm_cli.domain.giving import NO_LIMITS
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text, nearest_hint
from wksbm_cli.domain.units import IDR, Unit, parse_amount
from wksbm_cli.index.query import Query
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.drafts import find_due
from wksbm_cli.recording.lending import parse_percent, toml_number
from wksbm_cli.recording.registers.change import Change, Present, closed_already, edit_fund

ANCHOR_HINT = msg('Type for instance: --cycle selapanan --anchor "kamis pahing"')


def add(
    registers: Registers,
    typed: str,
    name: str,
    *,
    type_: str,
    restriction: str | None,
    unit: str,
    place: str | None,
    org: str | None,
) -> Change:
    before, slash, short = typed.rpartition("/")
    slug = f"{registers.organisation(before if slash else org).slug}/{check_slug(short)}"
    if slug in registers.funds:
        raise _there_already(slug, slug)
    if unit not in registers.book.units:
        raise Refused(
            msg('The unit "{typed}" is not known here.', typed=unit), hint=nearest_hint(unit, registers.book.units)
        )
    kind = choose(type_, FUND_TYPES)
    bound = choose(restriction, RESTRICTIONS) if restriction else kind if kind in ("donation", "zakat") else "none"
    is_money = unit == IDR.code
    first = check_slug(place) if place else "kas" if is_money else "lumbung"
    table = {
        "name": check_text(name),
        "type": kind,
        "restriction": bound,
        "unit": unit,
        "places": {first: {"name": first.replace("-", " ").capitalize(), "kind": "cash" if is_money else "store"}},
    }
    return Change("fund", slug, (), (msg("Added: {name} ({slug}).", name=table["name"], slug=slug),), table)


def edit(registers: Registers, typed: str, *, name: str | None, places: Sequence[str], dues: Sequence[str]) -> Change:
    """Change the displayed names of the fund, its places and dues; `places` and `dues` are `SLUG=NAME`."""
    fund = registers.fund(typed)
    edits = [Edit(("name",), check_text(name))] if name is not None else []
    for pairs, table, known in ((places, "places", fund.places), (dues, "dues", fund.dues)):
        for pair in pairs:
            slug, equals, called = pair.partition("=")
            if not equals:
                raise Usage(
                    msg('"{text}" must be a short name and a name, as bank="Bank Rakyat".', text=pair[:40]),
                )
            if slug not in known:
                raise Refused(
                    msg('{fund} has no "{slug}".', fund=fund.name, slug=slug[:40]), hint=nearest_hint(slug, known)
                )
            edits.append(Edit((table, slug, "name"), check_text(called)))
    if not edits:
        raise Usage(msg("Say at least one of: {options}.", options="--name, --place, --due"))
    called = check_text(name) if name is not None else fund.name
    return edit_fund(fund, edits, msg("Corrected: {name} ({slug}).", name=called, slug=fund.slug))


def end(registers: Registers, query: Query, typed: str, day: date) -> Change:
    """End a fund: its dues get a last day; refused while the fund still holds something."""
    fund = registers.fund(typed)
    left = [
        registers.amount(held, code)
        for code in dict.fromkeys((fund.unit.code, *registers.book.units))
        if (held := query.balance(fund.slug, code))
    ]
    if left:
        raise Refused(
            msg("{fund} still holds {amounts}.", fund=fund.name, amounts=left),
            hint=msg('Move that first: wksbm transfer {fund} FUND AMOUNT --reason "..."', fund=fund.slug),
        )
    raised = [due for due in fund.dues.values() if due.weights is None and (due.end is None or due.end > day)]
    if not raised:
        raise Refused(
            msg("No due of {fund} is raised after {date}.", fund=fund.name, date=day),
            hint=msg("See it with: wksbm fund show {fund}", fund=fund.slug),
        )
    said = msg("{fund} has ended: nobody owes it anything after {date}.", fund=fund.name, date=day)
    return edit_fund(fund, [Edit(("dues", due.slug, "end"), day) for due in raised], said)


class TypedDue(NamedTuple):
    """A due, or a new tariff of one, as typed."""

    due: str
    amount: str
    start: date
    name: str | None = None
    cycle: str | None = None
    anchor: str | None = None
    end: date | None = None
    classes: Sequence[str] = ()
    voluntary: bool = False
    entry_fee: bool = False
    back_dues: str | None = None


def set_due(registers: Registers, fund_typed: str, typed: TypedDue) -> Change:
    """Create a due with its first tariff, or add a tariff to an existing due."""
    fund = registers.fund(fund_typed)
    slug = check_slug(typed.due)
    known = fund.dues.get(slug)
    amount = parse_amount(typed.amount, registers.book.units, known.unit if known else fund.unit)
    tariff: dict[str, Any] = {"from": typed.start, "amount": amount.number}
    for pair in typed.classes:
        member_class, equals, value = pair.partition("=")
        if not equals:
            raise Usage(
                msg('"{text}" must be a class and an amount, as kasepuhan=0.', text=pair[:40]),
                hint=msg("Type for instance: {example}", example="--class kasepuhan=0"),
            )
        tariff.setdefault("classes", {})[check_slug(member_class)] = number_in(registers, value, amount.unit)
    if known is not None:
        _refuse_other_rules(known, typed)
    _refuse_within_closed(fund, typed)
    cycle = choose(typed.cycle, CYCLES) if typed.cycle else "once" if typed.entry_fee else "month"
    called = check_text(typed.name) if typed.name else known.name if known else slug.replace("-", " ").capitalize()
    edits = []
    if known is None:
        if fault := anchor_fault(cycle, typed.anchor):
            raise Usage(fault, hint=ANCHOR_HINT)
        table: dict[str, Any] = {"name": called}
        if amount.unit != fund.unit:
            table["unit"] = amount.unit.code
        table["cycle"] = cycle
        if typed.anchor:
            table["anchor"] = parse_anchor(typed.anchor)
        table["required"] = not typed.voluntary
        if typed.back_dues:
            table["back_dues"] = choose(typed.back_dues, BACK_DUES)
        if typed.entry_fee:
            table["entry_fee"] = True
        edits.append(Edit(("dues", slug), table))
    elif typed.name:
        edits.append(Edit(("dues", slug, "name"), called))
    if typed.end:
        edits.append(Edit(("dues", slug, "end"), typed.end))
    edits.append(Edit(("dues", slug, "tariffs"), tariff, add=True))
    said = msg(
        "{fund}: {due}, {amount} {cycle}, from {date}.",
        fund=fund.name,
        due=called,
        amount=amount,
        cycle=CYCLES[known.cycle.name if known else cycle],
        date=typed.start,
    )
    return edit_fund(fund, edits, said)


def _refuse_other_rules(known: Due, typed: TypedDue) -> None:
    """Refuse another cycle or kind for an existing due, or a second tariff from the same day."""
    if any(value is not None for value in (typed.cycle, typed.anchor, typed.back_dues)) or (
        typed.voluntary or typed.entry_fee
    ):
        raise Refused(
            msg(
                "The cycle and kind of {due} are set; a new tariff only has an amount and a first day.", due=known.name
            ),
            hint=msg("For another cycle, end this due and set one of another name."),
        )
    if any(earlier.start == typed.start for earlier in known.tariffs):
        raise Refused(
            msg("{due} has a tariff from {date} already.", due=known.name, date=typed.start),
            hint=msg("Say another first day with --from."),
        )


def _refuse_within_closed(fund: Fund, typed: TypedDue) -> None:
    """Refuse an end date in a closed period, even where no amount owed would change."""
    closed = fund.closed_until
    if closed and typed.end and typed.end < closed:
        raise closed_already(fund, closed)


def add_event(
    registers: Registers,
    typed: str,
    event: str,
    *,
    name: str | None,
    day: date,
    due: str | None,
    amount: str | None,
) -> Change:
    fund = registers.fund(typed)
    raised = [known for known in fund.dues.values() if known.cycle.name == "event" and due in (None, known.slug)]
    if len(raised) != 1:
        raise Usage(
            msg("Say for which due, with --due; it must be one that falls for each event.", fund=fund.name),
            hint=msg("To set one: wksbm fund due {fund} DUE AMOUNT --cycle event", fund=fund.slug),
        )
    slug = check_slug(event)
    refuse_taken(fund, slug, [each.slug for each in raised[0].events])
    called = check_text(name) if name else slug
    table: dict[str, Any] = {"name": called, "date": day}
    if amount is not None:
        table["amount"] = number_in(registers, amount, raised[0].unit)
    said = levied(registers, fund, raised[0], called, day)
    return edit_fund(fund, [Edit(("dues", raised[0].slug, "events", slug), table)], said)


def levied(registers: Registers, fund: Fund, due: Due, event: str, day: date, bereaved: str | None = None) -> Message:
    """The number of members who owe a due for an event (or are asked, if voluntary), without the `bereaved`."""
    members = registers.members[fund.organisation].values()
    owing = sum(
        member.slug != bereaved and member.is_active(day) and due.owed_by(member, fund.short, day) > 0
        for member in members
    )
    if not due.required:
        return msgn(
            "{event}: {count} member is asked for {due}, which is voluntary.",
            "{event}: {count} members are asked for {due}, which is voluntary.",
            owing,
            event=event,
            due=due.name,
        )
    return msgn(
        "{event}: {count} member owes {due}.", "{event}: {count} members owe {due}.", owing, event=event, due=due.name
    )


def split(
    registers: Registers, typed: str, due: str, parts: Sequence[str], *, of: int, odd: str | None, start: date
) -> Change:
    fund = registers.fund(typed)
    divided = find_due(fund, due)
    assert divided is not None, "a due was named"
    shares: dict[str, Any] = {}
    for pair in parts:
        name, equals, share = pair.rpartition("=")
        if not equals:
            raise Usage(msg('"{text}" must be a fund and its share, as rt-07/kas-rt=2.', text=pair[:40]))
        other = registers.fund(name)
        if other.slug == fund.slug:
            raise Usage(msg("What no part takes stays in {fund}; it needs no part of its own.", fund=fund.name))
        if of and not share.isdecimal():
            raise Usage(
                msg('"{text}" must be a fund and its share, as rt-07/kas-rt=2.', text=pair[:40]),
                hint=msg("Where the parts are amounts, add --of 0."),
            )
        shares[other.slug] = int(share) if of else number_in(registers, share, divided.unit)
    row: dict[str, Any] = {"from": start}
    if of:
        row["of"] = of
    row["parts"] = shares
    if odd:
        row["odd"] = registers.fund(odd).slug
    said = msg("{due} is divided so from {date}.", due=divided.name, date=start)
    return edit_fund(fund, [Edit(("dues", divided.slug, "splits"), row, add=True)], said)


def set_limits(
    present: Present,
    typed: str,
    *,
    approval_above: str | None,
    start: date | None,
    today: date,
    per_recipient: str | None,
    amil_share: str | None,
) -> Change:
    """Payments above `approval_above` need approval from `start` on: by default from the beginning in a fund without
    entries, else from today, so that the limit does not apply to entries already recorded."""
    registers = present.registers
    fund = registers.fund(typed)
    table: dict[str, Any] = {}
    edits: list[Edit] = []
    if approval_above is not None:
        above = number_in(registers, approval_above, fund.unit)
        since = start if start or present.query.is_empty(fund.slug) else today
        if since is None:
            table["approval_above"] = above
        elif any(since == earlier for earlier, _ in (fund.giving or NO_LIMITS).approvals):
            edits.append(Edit(("giving", "approval", ("from", since), "above"), above))
        else:
            edits.append(Edit(("giving", "approval"), {"from": since, "above": above}, add=True))
    elif start:
        raise Usage(msg("--from is the day from which --approval-above holds."))
    if per_recipient is not None:
        table["per_recipient"] = number_in(registers, per_recipient, fund.unit)
    if amil_share is not None:
        table["amil_share"] = toml_number(parse_percent(amil_share))
    edits = [*put_all("giving", table), *edits]
    if not edits:
        raise Usage(msg("Say at least one of: --approval-above, --per-recipient, --amil-share."))
    change = edit_fund(fund, edits, msg("The limits of {fund} are set.", fund=fund.name))
    organisation = registers.organisations[fund.organisation]
    if approval_above is None or organisation.approvers_on(today):
        return change
    notice = msg(
        'Nobody is named yet who may approve for {organisation}. To name someone: wksbm org approver "NAME" --org {slug}',
        organisation=organisation.name,
        slug=organisation.slug,
    )
    return change._replace(notices=(notice,))


def add_place(registers: Registers, typed: str, place: str, name: str | None, kind: str) -> Change:
    fund = registers.fund(typed)
    slug = check_slug(place)
    refuse_taken(fund, slug, fund.places)
    table = {"name": check_text(name) if name else slug, "kind": choose(kind, PLACE_KINDS)}
    said = msg("Added: {name} ({slug}).", name=table["name"], slug=slug)
    return edit_fund(fund, [Edit(("places", slug), table)], said)


def call_off(fund: Fund, due: Due, day: date, reason: str, query: Query) -> Change:
    """Call a night off; refused where someone has given."""
    if given := query.collected(fund.slug, due.slug, day):
        raise Refused(
            msg("On {date} {count} members have given; it cannot be called off.", date=day, count=len(given)),
            hint=msg("If that is wrong: wksbm reverse {id} --reason ...", id=short_id(next(iter(given.values())))),
        )
    if day in due.cancelled:
        raise Refused(msg("The night of {date} is called off already.", date=day))
    row = {"date": day, "reason": check_text(reason)}
    said = msg("{due}: the night of {date} is called off.", due=due.name, date=day)
    return edit_fund(fund, [Edit(("dues", due.slug, "cancelled"), row, add=True)], said)


def number_in(registers: Registers, typed: str, unit: Unit) -> int | Decimal:
    """An amount of a rule as a number for fund.toml, validated to be in the fund's unit."""
    amount = parse_amount(typed, registers.book.units, unit)
    if amount.unit != unit:
        raise Refused(msg("{typed} is not in {unit}.", typed=typed, unit=unit.name))
    return amount.number


def put_all(table: str, values: Mapping[str, Any]) -> list[Edit]:
    return [Edit((table, key), value) for key, value in values.items()]


def refuse_taken(fund: Fund, slug: str, taken: Collection[str]) -> None:
    if slug in taken:
        raise _there_already(slug, fund.slug)


def _there_already(slug: str, fund: str) -> Refused:
    return Refused(
        msg("{fund} is there already.", fund=slug), hint=msg("See it with: wksbm fund show {fund}", fund=fund)
    )
