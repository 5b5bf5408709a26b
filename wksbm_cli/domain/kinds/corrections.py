"""What sets the book right: counts of what is really there, and reversals of what was recorded wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wksbm_cli.domain.entry import Entry, Posting, short_id
from wksbm_cli.domain.flow import StatementLine
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds.kind import (
    PLACE,
    Key,
    Kind,
    Lines,
    amount_of,
    by_detail,
    in_or_out,
    into,
    one_amount,
    place_of,
    unit_of,
    whole,
)
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import DIFFERENCES, HEADS
from wksbm_cli.domain.units import Amount, Unit, minor_of
from wksbm_cli.domain.wording import free_text


def _count(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    unit = unit_of(entry, units)
    difference = minor_of(entry.fields["difference"], unit)
    if difference:
        yield from into(entry, fund, difference, unit.code, DIFFERENCES.account)


def _reversal(entry: Entry, fund: Fund, units: Mapping[str, Unit]) -> Iterator[Posting]:
    raise LookupError("a reversal mirrors the entry it cancels: compile that one and use `mirrored`")


def _counted(entry: Entry, registers: Registers) -> Message:
    fund, unit = registers.funds[entry.fund], registers.unit(entry.unit)
    amount, place = amount_of(entry, registers, one_amount), registers.place_name(fund, place_of(entry.fields, fund))
    difference = minor_of(entry.fields["difference"], unit)
    if not difference:
        return msg("Counted {amount} in {place}, as booked", amount=amount, place=place)
    difference_told = (
        msg(
            "Counted {amount} in {place}, {missing} less than booked",
            amount=amount,
            place=place,
            missing=Amount(-difference, unit),
        )
        if difference < 0
        else msg(
            "Counted {amount} in {place}, {more} more than booked",
            amount=amount,
            place=place,
            more=Amount(difference, unit),
        )
    )
    if "reason" not in entry.fields:  # never recorded by this program, yet a valid line
        return difference_told
    return msg("{what}: {reason}", what=difference_told, reason=free_text(entry, "reason", registers, helped=False))


def _cancelled(entry: Entry, registers: Registers) -> Message:
    """The sentence without the cancelled entry, which needs the book to look up (see `describe`)."""
    reason = free_text(entry, "reason", registers, helped=False)
    return msg("Cancels {id}: {reason}", id=short_id(entry.fields["of"]), reason=reason)


def _count_label(line: StatementLine, fund: Fund, registers: Registers) -> Message:
    return msg("Found at a count") if line.first.minor > 0 else msg("Missing at a count")


KINDS = (
    Kind(
        name="count",
        title=msg("counts"),
        keys=(
            Key("amount", "counted", required=True),
            Key("unit", "unit"),
            Key("difference", "difference", required=True),
            Key("reason", "text"),
            PLACE,
        ),
        kept_in="fund",
        postings=_count,
        heads=(DIFFERENCES,),
        way="either",
        amount=one_amount,
        sentence=_counted,
        says_amount=True,
        slip=None,
        lines=Lines(
            parts=whole,
            thing=by_detail,
            label=_count_label,
            item=lambda flow, fund: f"counts-{in_or_out(flow)}",
        ),
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=True,
        rests_in=(),
        changes_owed="never",
        spends=False,
        needs_approval="never",
        in_surplus=True,
        is_outgoing=False,
        is_collected=False,
        may_repeat=True,
    ),
    Kind(
        name="reversal",
        title=msg("reversals"),
        keys=(Key("of", "entry", required=True), Key("reason", "text", required=True)),
        kept_in="fund",
        postings=_reversal,
        heads=HEADS,
        way="either",
        amount=None,
        sentence=_cancelled,
        says_amount=True,
        slip=None,
        lines=Lines(
            parts=whole,
            thing=by_detail,
            label=lambda line, fund, registers: msg("Cancelled of an earlier period"),
            item=lambda flow, fund: f"corrections-{in_or_out(flow)}",
        ),
        on_card=0,
        is_help=False,
        in_funds_unit=False,
        in_arisan=True,
        rests_in=(),
        changes_owed="always",
        spends=False,
        needs_approval="never",
        in_surplus=True,
        is_outgoing=False,
        is_collected=False,
        may_repeat=True,
    ),
)
