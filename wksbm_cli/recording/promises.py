"""Whether recording an entry would leave another without what it rests on: a pot without its win, a loan's payment without its loan."""

from __future__ import annotations

from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.promises import Broken, broken_promises, promise_kinds
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query

_Found = dict[tuple[str, str], Broken]


class Promises(NamedTuple):
    """What was broken in an entry's fund before the entry stands there; nothing is read where it cannot matter."""

    fund: Fund
    registers: Registers
    kind: str
    before: _Found

    @classmethod
    def before_entry(cls, view: Query, registers: Registers, entry: Entry) -> Promises:
        fund = registers.funds[entry.fund]
        judged = view.entry(entry.fields["of"]) if entry.kind == "reversal" else entry
        assert judged is not None, "the rules refuse to cancel what is not there"
        kind = judged.kind
        return cls(fund, registers, kind, _broken(view, fund, registers) if kind in promise_kinds(fund) else {})

    def check_kept(self, view: Query, entry: Entry) -> None:
        """Refuse the entry, which now stands in the book, where it breaks what was whole before."""
        if self.kind not in promise_kinds(self.fund):
            return
        for key, broken in _broken(view, self.fund, self.registers).items():
            if key in self.before:
                continue
            if broken.entry.id == entry.id:
                raise Refused(broken.text, hint=_looking(broken, self.fund))
            raise Refused(
                msg(
                    "{id} of {date} rests on this. {reason}",
                    id=broken.entry.id[:8],
                    date=broken.entry.date,
                    reason=broken.text,
                ),
                hint=msg("Cancel that one first: wksbm reverse {id} --reason ...", id=broken.entry.id[:8]),
            )


def _looking(broken: Broken, fund: Fund) -> Message:
    """Where to see what the entry would have to agree with."""
    if fund.arisan is not None:
        return msg("See where it stands with: wksbm arisan status {fund}", fund=fund.slug)
    if broken.entry.kind in ("saving", "withdrawal"):
        return msg("See what is saved with: wksbm savings {fund}", fund=fund.slug)
    return msg("See them with: wksbm loans {fund}", fund=fund.slug)


def _broken(view: Query, fund: Fund, registers: Registers) -> _Found:
    entries = view.entries([fund.slug], promise_kinds(fund), Span(None, None), with_cancelled=False)
    return {(each.code, each.entry.id): each for each in broken_promises(fund, entries, registers)}
