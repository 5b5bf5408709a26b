"""The status of an arisan: rounds and winners, payments, and positions, which sum to zero at the end."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from wksbm_cli.domain.arisan import EARLIER, HOW_WON, Win
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry, short_id
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.reports.report import Column, Report, Row, Table, select
from wksbm_cli.standing.arisan import ArisanState

STATES: dict[str, Message] = {"open": msg("open to join"), "running": msg("running"), "finished": msg("finished")}


def arisan_status(found: ArisanState, registers: Registers) -> Report:
    """One row per member: slots, paid, received, position (positive: a saver; negative: in debt to the others)."""
    unit, members = found.fund.unit, registers.members[found.fund.organisation]
    rows: list[Row] = []
    for member, weight in sorted(found.rules.weights.items()):
        paid, received = found.paid(member), found.received.get(member, 0)
        rows.append(
            {
                "organisation": found.fund.organisation,
                "fund": found.fund.short,
                "member": member,
                "name": members[member].person,
                "slots": str(weight),
                "paid": Amount(paid, unit),
                "received": Amount(received, unit),
                "position": Amount(paid - received, unit),
                "arrears": Amount(found.standings[member].arrears if member in found.standings else 0, unit),
                "unit": unit.code,
            }
        )
    columns = (
        Column("organisation", msg("Organisation")),
        Column("fund", msg("Fund")),
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        Column("slots", msg("Slots")),
        Column("paid", msg("Paid"), "amount"),
        Column("received", msg("Received"), "amount"),
        Column("position", msg("Position"), "amount"),
        Column("arrears", msg("Behind"), "amount"),
        Column("unit", msg("Unit")),
    )
    zero = Amount(0, unit)
    total = {key: sum((row[key] for row in rows), zero) for key in ("paid", "received", "position", "arrears")}
    return Report(
        name="arisan",
        title=msg("Arisan"),
        book=registers.book.name,
        heading=found.fund.name,
        span=Span(None, found.as_of),
        data=Table(columns, tuple(rows), ({"unit": unit.code, **total},)),
        tables=(
            _rounds(found, registers),
            Table(
                select(columns, "member", "name", "slots", "paid", "received", "position", "arrears"),
                tuple(row | {"slots": _slots(row["slots"])} for row in rows),
                ({"member": msg("Total"), **total},),
            ),
            *_covers(found, registers),
        ),
        notes=tuple(_notes(found, total["position"])),
    )


def _slots(held: str) -> str:
    """A number of slots as a mixed fraction: `3/2` is `1 1/2`."""
    whole, rest = divmod(Fraction(held), 1)
    return " ".join(str(part) for part in (whole, rest) if part)


def _rounds(found: ArisanState, registers: Registers) -> Table:
    members = registers.members[found.fund.organisation]
    wins = {win.round: win for win in found.wins}
    lines = []
    for number, period in enumerate(found.rules.rounds, 1):
        win = wins.get(number)
        holders = [members[member].person for member in found.rules.slots[win.slot].shares] if win else []
        lines.append(
            {
                "round": number,
                "period": found.rules.cycle.span(period),
                "paid": Amount(found.paid_for(number), found.fund.unit),
                "slot": win.slot if win else "",
                "winner": holders,
                "state": (msg("paid out") if win.paid_out else msg("withheld")) if win else "",
            }
        )
    columns = (
        Column("round", msg("Round"), "count"),
        Column("period", msg("Period")),
        Column("paid", msg("Paid in"), "amount"),
        Column("slot", msg("Slot")),
        Column("winner", msg("Winner")),
        Column("state", msg("Pot")),
    )
    return Table(columns, tuple(lines))


def _covers(found: ArisanState, registers: Registers) -> list[Table]:
    members = registers.members[found.fund.organisation]
    lines = tuple(
        {"member": members[member].person, "coverer": members[coverer].person, "amount": Amount(minor, found.fund.unit)}
        for (member, coverer), minor in sorted(found.covered.items())
    )
    if not lines:
        return []
    columns = (
        Column("member", msg("Member")),
        Column("coverer", msg("Covered by")),
        Column("amount", msg("To give back"), "amount"),
    )
    return [Table(columns, lines, title=msg("Covered for one another"))]


def _notes(found: ArisanState, position: Amount) -> list[Message]:
    unit = found.fund.unit
    notes = [
        msg(
            "{count} slots of {contribution} make a pot of {pot}: {state}.",
            state=STATES[found.state],
            count=len(found.rules.slots),
            contribution=Amount(found.rules.contribution, unit),
            pot=Amount(found.rules.pot, unit),
        )
    ]
    withheld = sum(found.rules.pot for win in found.wins if not win.paid_out)
    if withheld:
        notes.append(msg("Pots withheld until their holders settle: {amount}.", amount=Amount(withheld, unit)))
    if position.minor > withheld:
        notes.append(
            msg("In the fund for the rounds to come: {amount}.", amount=Amount(position.minor - withheld, unit))
        )
    if found.state == "finished" and not position.minor:
        notes.append(msg("Everything paid in has been paid out: the cycle sums to nothing."))
    return notes


def arisan_verification(
    found: ArisanState, registers: Registers, cancelled: Sequence[tuple[Win, Entry]] = ()
) -> Report:
    """Every draw recomputed from its own line (seed and candidates), and whether the winner is the same.

    Below them cancelled choices, with who cancelled each and why; they stay in the report for ever.
    """
    members = registers.members[found.fund.organisation]

    def people_of(slugs: Sequence[str]) -> list[Any]:
        return [members[slug].person for slug in slugs]

    rows = tuple(
        {
            "round": win.round,
            "slot": win.slot,
            "method": win.method,
            "seed": win.seed,
            "named": people_of(win.named),
            "candidates": list(win.candidates),
            "right": "yes" if right else "no",
            "id": win.id,
        }
        for win, right in found.verified()
    )
    columns = (
        Column("round", msg("Round"), "count"),
        Column("slot", msg("Slot")),
        Column("method", msg("Chosen")),
        Column("seed", msg("Seed")),
        Column("named", msg("Said or seen by")),
        Column("candidates", msg("Candidates")),
        Column("right", msg("Redone")),
        Column("id", msg("Id"), "code"),
    )
    shown = tuple(
        row
        | {
            "method": HOW_WON[win.method],
            "candidates": len(win.candidates),
            "right": _redone(win, right),
            "id": short_id(win.id),
        }
        for row, (win, right) in zip(rows, found.verified(), strict=True)
    )
    people = tuple(
        column._replace(type="count") if column.key == "candidates" else column
        for column in columns
        if column.key != "named"
    )
    named = Table(
        select(columns, "round", "named"),
        tuple(row for row in rows if row["named"]),
        title=msg("Who said the words, or saw it"),
    )
    wrong = [win.round for win, right in found.verified() if not right]
    return Report(
        name="arisan-verification",
        title=msg("Arisan, every choice redone"),
        book=registers.book.name,
        heading=found.fund.name,
        span=Span(None, found.as_of),
        data=Table(columns, (*rows, *(_cancelled_row(win, people_of(win.named)) for win, _ in cancelled))),
        tables=(
            *([Table(people, shown)] if rows else []),
            *([named] if named.rows else []),
            *_cancelled(cancelled),
        ),
        notes=(msg("These rounds do not follow from what their lines say: {rounds}.", rounds=wrong),)
        if wrong
        else (msg("Every winner follows from what the lines say."),)
        if rows
        else (msg("No round has a winner yet."),),
    )


def _redone(win: Win, right: bool) -> Message:
    if not right:
        return msg("not the same")
    if win.method == EARLIER:
        return msg("taken over")
    return msg("witnessed") if win.method == "paper" else msg("the same")


def _cancelled_row(win: Win, named: Sequence[Any]) -> Row:
    """A cancelled choice in the long form."""
    return {
        "round": win.round,
        "slot": win.slot,
        "method": win.method,
        "seed": win.seed,
        "named": list(named),
        "candidates": list(win.candidates),
        "right": "cancelled",
        "id": win.id,
    }


def _cancelled(cancelled: Sequence[tuple[Win, Entry]]) -> list[Table]:
    if not cancelled:
        return []
    rows = tuple(
        {
            "round": win.round,
            "slot": win.slot,
            "seed": win.seed,
            "date": reversal.date,
            "by": reversal.by,
            "reason": reversal.fields["reason"],
        }
        for win, reversal in cancelled
    )
    columns = (
        Column("round", msg("Round"), "count"),
        Column("slot", msg("Slot")),
        Column("seed", msg("Seed")),
        Column("date", msg("Cancelled on"), "date"),
        Column("by", msg("By")),
        Column("reason", msg("Reason")),
    )
    return [Table(columns, rows, title=msg("Cancelled"))]
