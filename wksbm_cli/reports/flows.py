"""What came into a fund and went out of it in a period, told apart by what it was for: the matter of a yearly report.

What was recorded and cancelled within the period is left out, on both sides: it came from nobody and went to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import DONATION_SOURCES, INCOME_SOURCES, PILLARS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import minor_of
from wksbm_cli.index.query import Query

# What a line of a yearly report is called: donations and other income by their source, help by its pillar.
DONATED: dict[str, Message] = {
    source: msg("Donations: {source}", source=title) for source, title in DONATION_SOURCES.items()
}
EARNED: dict[str, Message] = {
    source: msg("Other income: {source}", source=title) for source, title in INCOME_SOURCES.items() if source != "other"
} | {"other": msg("Other income")}
HELPED: dict[str, Message] = {
    pillar: msg("Help given: {pillar}", pillar=title) for pillar, title in PILLARS.items()
} | {"": msg("Help given, no pillar said")}


class Flow(NamedTuple):
    """`minor` smallest steps of a unit that came in (or went out, when negative) by one entry, or by one part of it.

    `detail` says more than the kind: a due, a source, a pillar, a class of savings, the fund or unit on the other side,
    which part of a repayment.
    """

    entry: Entry
    unit: str
    minor: int
    detail: str = ""

    @property
    def kind(self) -> str:
        return self.entry.kind


class Flows(NamedTuple):
    """Everything that changed what a fund holds, oldest first. `cancelled` is what was recorded and cancelled, by unit."""

    fund: Fund
    flows: tuple[Flow, ...]
    cancelled: Mapping[str, int]


def flows_of(query: Query, registers: Registers, fund: Fund, span: Span) -> Flows:
    """The flows of one fund. Reads every entry of the fund in the span: 400 or so for a year with a nightly collection."""
    movements = list(query.movements(fund.slug, span))
    ids = {entry.id for entry, _, _ in movements}
    undone = {entry.fields["of"] for entry, _, _ in movements if entry.kind == "reversal" and entry.fields["of"] in ids}
    found: list[Flow] = []
    cancelled: dict[str, int] = defaultdict(int)
    for entry, unit, net in movements:
        if entry.id in undone:
            cancelled[unit] += abs(net)
        elif entry.kind != "reversal" or entry.fields["of"] not in undone:
            found += _told_apart(entry, unit, net, fund, registers)
    return Flows(fund, tuple(found), dict(cancelled))


def _told_apart(entry: Entry, unit: str, net: int, fund: Fund, registers: Registers) -> Iterator[Flow]:
    fields = entry.fields
    match entry.kind:
        case "contribution":
            # Another fund's due, of which a part comes here by its rule.
            from_elsewhere = f"{entry.fund}:" if entry.fund != fund.slug else ""
            yield Flow(entry, unit, net, from_elsewhere + fields.get("due", ""))
        case "donation":
            yield Flow(entry, unit, net, fields["source"])
        case "income":
            yield Flow(entry, unit, net, fields.get("source", "other"))
        case "disbursement":
            yield Flow(entry, unit, net, fields.get("pillar", ""))
        case "transfer":
            yield Flow(entry, unit, net, fields["to_fund"] if entry.fund == fund.slug else entry.fund)
        case "exchange":
            given, got = fields.get("unit", "IDR"), fields.get("get_unit", "IDR")
            yield Flow(entry, unit, net, got if unit == given else given)
        case "repayment":
            charge, fine = (minor_of(fields.get(key, 0), registers.unit(unit)) for key in ("charge", "fine"))
            for part, minor in (("principal", net - charge - fine), ("charge", charge), ("fine", fine)):
                if minor:
                    yield Flow(entry, unit, minor, part)
        case "saving" | "withdrawal":
            yield Flow(entry, unit, net, fields["class"])
        case _:
            yield Flow(entry, unit, net)
