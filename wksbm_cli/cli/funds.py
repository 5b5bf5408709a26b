"""`fund`: funds, their places and their dues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as date_  # `date` is an option here
from decimal import Decimal
from typing import Annotated, Any

import typer

from wksbm_cli.cli.answers import print_report
from wksbm_cli.cli.arguments import FundArgument
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ListingOptions
from wksbm_cli.domain.cycles import CYCLES, parse_anchor
from wksbm_cli.domain.dates import parse_date
from wksbm_cli.domain.due import BACK_DUES, Due
from wksbm_cli.domain.fund import FUND_TYPES, PLACE_KINDS, RESTRICTIONS, Fund, check_members
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.slug import check_slug, check_text, nearest_hint
from wksbm_cli.domain.units import IDR, Unit, parse_amount


def add(
    ctx: typer.Context,
    fund: Annotated[str, typer.Argument(metavar=N_("ORG/FUND"), help=N_("Short name, for ever: rt-07/kas-sosial"))],
    name: Annotated[str, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))],
    type_: Annotated[
        str,
        typer.Option(
            "--type",
            metavar=N_("TYPE"),
            help=N_("general, social, death, jimpitan, arisan, enterprise, savings, donation or zakat"),
        ),
    ] = "general",
    restriction: Annotated[
        str | None,
        typer.Option(
            "--restriction",
            metavar=N_("TEXT"),
            help=N_("none, donation (never for running costs), operational or zakat"),
        ),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar=N_("UNIT"), help=N_("IDR, or goods of book.toml such as beras"))
    ] = "IDR",
    place: Annotated[
        str | None, typer.Option("--place", metavar=N_("PLACE"), help=N_("Short name of the first place"))
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", metavar=N_("ORG"), help=N_("Organisation, if not in the fund's name"))
    ] = None,
) -> None:
    from wksbm_cli.book.editing import create
    from wksbm_cli.recording.choices import choose

    session = ctx.ensure_object(Session)
    registers = session.registers
    before, slash, short = fund.rpartition("/")
    organisation = registers.organisation(before if slash else org).slug
    slug = f"{organisation}/{check_slug(short)}"
    if slug in registers.funds:
        raise Refused(
            msg("{fund} is there already.", fund=slug), hint=msg("See it with: wksbm fund show {fund}", fund=slug)
        )
    if unit not in registers.book.units:
        raise Refused(
            msg('The unit "{typed}" is not known here.', typed=unit),
            hint=nearest_hint(unit, registers.book.units),
        )
    kind = choose(type_, FUND_TYPES)
    chosen = choose(restriction, RESTRICTIONS) if restriction else kind if kind in ("donation", "zakat") else "none"
    is_money = unit == IDR.code
    first = check_slug(place) if place else "kas" if is_money else "lumbung"
    table = {
        "name": check_text(name),
        "type": kind,
        "restriction": chosen,
        "unit": unit,
        "places": {first: {"name": first.replace("-", " ").capitalize(), "kind": "cash" if is_money else "store"}},
    }
    create(
        session.folder,
        session.folder.fund_file(slug),
        table,
        lambda read: Fund.from_table(slug, read, registers.book.units),
    )
    typer.echo(session.say(msg("Added: {name} ({slug}).", name=name, slug=slug)))


def list_(ctx: typer.Context) -> None:
    from wksbm_cli.reports.registers import funds

    session = ctx.ensure_object(Session)
    options: ListingOptions = session.shared
    registers = session.registers
    of = [registers.organisation(options.org)] if options.org else list(registers.organisations.values())
    print_report(session, funds(registers, of), options.format)


def show(ctx: typer.Context, fund: FundArgument) -> None:
    from wksbm_cli.domain.explain import explain_fund

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    typer.echo(f"{found.name} ({found.slug})")
    for sentence in explain_fund(found, session.registers.members[found.organisation]):
        typer.echo("  " + session.say(sentence))


def due(
    ctx: typer.Context,
    fund: FundArgument,
    due: Annotated[str, typer.Argument(metavar=N_("DUE"), help=N_("Short name of the due, for ever: iuran-sosial"))],
    amount: Annotated[str, typer.Argument(metavar=N_("AMOUNT"), help=N_("What each member owes per period"))],
    name: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    cycle: Annotated[
        str | None,
        typer.Option(
            "--cycle", metavar=N_("CYCLE"), help=N_("night, week, selapanan, month, semester, year, event or once")
        ),
    ] = None,
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar=N_("DAYS"), help=N_("Day and market day a selapanan begins on"))
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar=N_("DATE"), help=N_("First day this amount holds; today if none is given")),
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar=N_("DATE"), help=N_("Last day the due is raised"))] = None,
    class_: Annotated[
        list[str] | None,
        typer.Option("--class", metavar=N_("CLASS=AMOUNT"), help=N_("Another amount for a class; may be given again")),
    ] = None,
    voluntary: Annotated[
        bool, typer.Option("--voluntary", help=N_("A norm, not an obligation: nobody is in arrears"))
    ] = False,
    entry_fee: Annotated[
        bool, typer.Option("--entry-fee", help=N_("Owed once, by those who join after it began"))
    ] = False,
    back_dues: Annotated[
        str | None,
        typer.Option(
            "--back-dues", metavar=N_("none|founding"), help=N_("What a member who joins later owes of the time before")
        ),
    ] = None,
) -> None:
    from wksbm_cli.recording.choices import choose

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    slug = check_slug(due)
    units = session.registers.book.units
    known = found.dues.get(slug)
    typed = parse_amount(amount, units, known.unit if known else found.unit)
    start = session.day(from_)
    tariff: dict[str, Any] = {"from": start, "amount": typed.number}
    for pair in class_ or []:
        member_class, equals, value = pair.partition("=")
        if not equals:
            raise Usage(
                msg('"{text}" must be a class and an amount, as kasepuhan=0.', text=pair[:40]),
                hint=msg("Type for instance: {example}", example="--class kasepuhan=0"),
            )
        tariff.setdefault("classes", {})[check_slug(member_class)] = number_in(session, value, typed.unit)
    if known is not None:
        if any(value is not None for value in (cycle, anchor, back_dues)) or voluntary or entry_fee:
            raise Refused(
                msg(
                    "The cycle and kind of {due} are set; a new tariff only has an amount and a first day.",
                    due=known.name,
                ),
                hint=msg("For another cycle, end this due and set one of another name."),
            )
        if any(earlier.start == start for earlier in known.tariffs):
            raise Refused(
                msg("{due} has a tariff from {date} already.", due=known.name, date=start),
                hint=msg("Say another first day with --from."),
            )
    end = parse_date(to, session.today) if to else None
    if found.closed_until and (start <= found.closed_until or (end and end < found.closed_until)):
        raise Refused(
            msg(
                "{fund} is closed up to {date}; what was owed until then stands.",
                fund=found.name,
                date=found.closed_until,
            ),
            hint=msg("Say a later day, or open the period again: wksbm reopen PERIOD --reason ..."),
        )
    chosen = choose(cycle, CYCLES) if cycle else "once" if entry_fee else "month"
    if known is None and (chosen == "selapanan") != bool(anchor):
        raise Usage(
            msg("A selapanan needs the pair of days it begins on, and no other cycle has one."),
            hint=msg('Type for instance: --cycle selapanan --anchor "kamis pahing"'),
        )
    called = check_text(name) if name else known.name if known else slug.replace("-", " ").capitalize()

    def change(document: Any) -> None:
        import tomlkit

        dues = document.setdefault("dues", tomlkit.table(is_super_table=True))
        if known is None:
            new = tomlkit.table()
            new.add("name", called)
            if typed.unit != found.unit:
                new.add("unit", typed.unit.code)
            new.add("cycle", chosen)
            if anchor:
                new.add("anchor", parse_anchor(anchor))
            new.add("required", not voluntary)
            if back_dues:
                new.add("back_dues", choose(back_dues, BACK_DUES))
            if entry_fee:
                new.add("entry_fee", True)
            new.add("tariffs", tomlkit.aot())
            put_new(dues, slug, new, found)
        elif name:
            dues[slug]["name"] = called
        if end:
            dues[slug]["end"] = end
        dues[slug]["tariffs"].append(tomlkit.item(tariff))

    edit_fund(session, found, change)
    typer.echo(
        session.say(
            msg(
                "{fund}: {due}, {amount} {cycle}, from {date}.",
                fund=found.name,
                due=called,
                amount=typed,
                cycle=CYCLES[known.cycle.name if known else chosen],
                date=start,
            )
        )
    )


def event(
    ctx: typer.Context,
    fund: FundArgument,
    event: Annotated[str, typer.Argument(metavar=N_("EVENT"), help=N_("Short name of the event: 2026-02-lelayu"))],
    name: Annotated[str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar=N_("DATE"), help=N_("Day of the event; today if none is given"))
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar=N_("DUE"), help=N_("Which due, where the fund has several"))
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What each owes for this event, if not the due")),
    ] = None,
) -> None:
    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    raised = [known for known in found.dues.values() if known.cycle.name == "event" and due in (None, known.slug)]
    if len(raised) != 1:
        raise Usage(
            msg("Say for which due, with --due; it must be one that falls for each event.", fund=found.name),
            hint=msg("To set one: wksbm fund due {fund} DUE AMOUNT --cycle event", fund=found.slug),
        )
    slug, day = check_slug(event), session.day(date)
    table: dict[str, Any] = {"name": check_text(name) if name else slug, "date": day}
    if amount is not None:
        table["amount"] = number_in(session, amount, raised[0].unit)

    def change(document: Any) -> None:
        import tomlkit

        events = document["dues"][raised[0].slug].setdefault("events", tomlkit.table(is_super_table=True))
        put_new(events, slug, table, found)

    edit_fund(session, found, change)
    typer.echo(session.say(levied(session, found, raised[0], table["name"], day)))


def levied(session: Session, fund: Fund, due: Due, event: str, day: date_) -> Message:
    """How many members owe a due for an event."""
    members = session.registers.members[fund.organisation].values()
    owing = sum(member.is_active(day) and due.owed_by(member, fund.short, day) > 0 for member in members)
    return msgn(
        "{event}: {count} member owes {due}.", "{event}: {count} members owe {due}.", owing, event=event, due=due.name
    )


def split(
    ctx: typer.Context,
    fund: FundArgument,
    due: Annotated[str, typer.Argument(metavar=N_("DUE"), help=N_("The due whose payments are divided"))],
    part: Annotated[
        list[str], typer.Option("--part", metavar=N_("FUND=SHARE"), help=N_("A fund and its share; may be given again"))
    ],
    of: Annotated[
        int,
        typer.Option(
            "--of",
            metavar=N_("SHARES"),
            help=N_("Number of all shares: 6 for 3:1:2, 100 for percent; 0: shares are amounts"),
        ),
    ] = 100,
    odd: Annotated[
        str | None,
        typer.Option(
            "--odd", metavar=N_("FUND"), help=N_("Fund that gets an odd rupiah; the due's own if none is given")
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar=N_("DATE"), help=N_("First day this division holds; today if none is given")),
    ] = None,
) -> None:
    from wksbm_cli.recording.drafts import find_due

    session = ctx.ensure_object(Session)
    registers = session.registers
    found = registers.fund(fund)
    of_due = find_due(found, due)
    assert of_due is not None
    shares: dict[str, Any] = {}
    for pair in part:
        typed, equals, share = pair.rpartition("=")
        if not equals:
            raise Usage(msg('"{text}" must be a fund and its share, as rt-07/kas-rt=2.', text=pair[:40]))
        other = registers.fund(typed)
        if other.slug == found.slug:
            raise Usage(msg("What no part takes stays in {fund}; it needs no part of its own.", fund=found.name))
        if of and not share.isdecimal():
            raise Usage(
                msg('"{text}" must be a fund and its share, as rt-07/kas-rt=2.', text=pair[:40]),
                hint=msg("Where the parts are amounts, add --of 0."),
            )
        shares[other.slug] = int(share) if of else number_in(session, share, of_due.unit)
    table: dict[str, Any] = {"from": session.day(from_)}
    if of:
        table["of"] = of
    table["parts"] = shares
    if odd:
        table["odd"] = registers.fund(odd).slug

    def change(document: Any) -> None:
        import tomlkit

        target = document["dues"][of_due.slug]
        if "splits" not in target:
            target["splits"] = tomlkit.aot()
        target["splits"].append(tomlkit.item(table))

    edit_fund(session, found, change)
    typer.echo(session.say(msg("{due} is divided so from {date}.", due=of_due.name, date=table["from"])))


def giving(
    ctx: typer.Context,
    fund: FundArgument,
    approval_above: Annotated[
        str | None,
        typer.Option(
            "--approval-above", metavar=N_("AMOUNT"), help=N_("Help above this needs someone else's approval")
        ),
    ] = None,
    per_recipient: Annotated[
        str | None,
        typer.Option("--per-recipient", metavar=N_("AMOUNT"), help=N_("The most one receiver gets at a time")),
    ] = None,
    amil_share: Annotated[
        str | None,
        typer.Option("--amil-share", metavar=N_("PERCENT"), help=N_("Of zakat: what the amil may take, at most 12,5")),
    ] = None,
) -> None:
    from wksbm_cli.recording.lending import parse_percent, toml_number

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    table: dict[str, Any] = {}
    if approval_above is not None:
        table["approval_above"] = number_in(session, approval_above, found.unit)
    if per_recipient is not None:
        table["per_recipient"] = number_in(session, per_recipient, found.unit)
    if amil_share is not None:
        table["amil_share"] = toml_number(parse_percent(amil_share))
    if not table:
        raise Usage(msg("Say at least one of: --approval-above, --per-recipient, --amil-share."))

    def change(document: Any) -> None:
        import tomlkit

        document.setdefault("giving", tomlkit.table()).update(table)

    edit_fund(session, found, change)
    typer.echo(session.say(msg("The limits of {fund} are set.", fund=found.name)))


def place(
    ctx: typer.Context,
    fund: FundArgument,
    place: Annotated[str, typer.Argument(metavar=N_("PLACE"), help=N_("Short name of the place: bank"))],
    name: Annotated[str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
    kind: Annotated[
        str, typer.Option("--kind", metavar=N_("KIND"), help=N_("cash, bank, store or collector"))
    ] = "cash",
) -> None:
    from wksbm_cli.recording.choices import choose

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    slug = check_slug(place)
    table = {"name": check_text(name) if name else slug, "kind": choose(kind, PLACE_KINDS)}

    def change(document: Any) -> None:
        put_new(document["places"], slug, table, found)

    edit_fund(session, found, change)
    typer.echo(session.say(msg("Added: {name} ({slug}).", name=table["name"], slug=slug)))


def number_in(session: Session, typed: str, unit: Unit) -> int | Decimal:
    """An amount of a rule as fund.toml holds it, in the one unit that it can be in."""
    amount = parse_amount(typed, session.registers.book.units, unit)
    if amount.unit != unit:
        raise Refused(msg("{typed} is not in {unit}.", typed=typed, unit=unit.name))
    return amount.number


def put_new(tables: Any, slug: str, table: Mapping[str, Any], fund: Fund) -> None:
    """Add a table to those of fund.toml as it now is: someone else may have added it while this command waited."""
    if slug in tables:
        raise Refused(
            msg("{place} is there already.", place=slug),
            hint=msg("See it with: wksbm fund show {fund}", fund=fund.slug),
        )
    tables[slug] = table


def edit_fund(session: Session, fund: Fund, change: Any) -> None:
    """Change fund.toml in place; it is read as the program will before it is put there."""
    from wksbm_cli.book.editing import edit

    def check(table: Mapping[str, Any]) -> None:
        changed = Fund.from_table(fund.slug, table, session.registers.book.units)
        check_members(changed, session.registers.members[fund.organisation])

    edit(session.folder, session.folder.fund_file(fund.slug), change, check)
