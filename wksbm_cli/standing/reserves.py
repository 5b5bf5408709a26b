"""The reserves of a fund: what of its surplus was kept for a purpose, what was paid out of it, what is left."""

from __future__ import annotations

from typing import NamedTuple

from wksbm_cli.domain.consistency import reserve_changes
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import kinds_where
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import RESERVES
from wksbm_cli.index.query import Query


class ReserveBalance(NamedTuple):
    """A reserve over a span: what was in it before, what was kept and paid out; smallest steps of the fund's unit."""

    name: str
    opening: int = 0
    kept: int = 0
    paid: int = 0

    @property
    def closing(self) -> int:
        return self.opening + self.kept - self.paid


def reserves_of(query: Query, registers: Registers, fund: Fund, span: Span) -> list[ReserveBalance]:
    """Every reserve that something was ever kept in, up to the end of the span, in the order of the fund's rule.

    A reversal counts on its own day, and an opening balance as what was there before. Reads the entries of all time, of a
    fund that shares a surplus only.
    """
    if not fund.surplus:
        return []
    found: dict[str, ReserveBalance] = {}
    kinds = kinds_where(lambda kind: RESERVES in kind.heads)
    for entry in query.entries([fund.slug], kinds, Span(None, span.end)):
        undone = query.cancelled_by(entry)
        of, sign = (entry, 1) if undone is None else (undone, -1)
        if not {"kept", "reserve"} & of.fields.keys():
            continue
        for name, minor in reserve_changes(of, fund, registers).items():
            at = found.get(name, ReserveBalance(name))
            if of.kind == "opening" or (span.start is not None and entry.date < span.start):
                at = at._replace(opening=at.opening + sign * minor)
            elif minor > 0:
                at = at._replace(kept=at.kept + sign * minor)
            else:
                at = at._replace(paid=at.paid - sign * minor)
            found[name] = at
    order = [share.slug for share in fund.surplus]
    return sorted(
        found.values(), key=lambda each: (order.index(each.name) if each.name in order else len(order), each.name)
    )
