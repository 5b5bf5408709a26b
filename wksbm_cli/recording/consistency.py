"""Validation of a new entry across entries: no payout without its win, no repayment without its loan."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.consistency import Violation, kinds_judged_together, violations
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.members_money import other_classes
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.query import Query

_Found = dict[tuple[str, str], Violation]


class Consistency(NamedTuple):
    """The violations in an entry's fund before it is added; nothing is read for kinds that cannot cause any."""

    fund: Fund
    registers: Registers
    kind: str
    before: _Found

    @classmethod
    def before_entry(cls, view: Query, registers: Registers, entry: Entry) -> Consistency:
        fund = registers.funds[entry.fund]
        judged = view.entry(entry.fields["of"]) if entry.kind == "reversal" else entry
        assert judged is not None, "the rules refuse to cancel what is not there"
        kind = judged.kind
        return cls(
            fund, registers, kind, _violations(view, fund, registers) if kind in kinds_judged_together(fund) else {}
        )

    def check_kept(self, view: Query, entry: Entry) -> None:
        """Refuse the entry, now added to the index, where it causes a new violation."""
        if self.kind not in kinds_judged_together(self.fund):
            return
        for key, violation in _violations(view, self.fund, self.registers).items():
            if key in self.before:
                continue
            if violation.entry.id == entry.id:
                raise Refused(violation.text, hint=_looking(view, violation, self.fund))
            raise Refused(
                msg(
                    "{id} of {date} rests on this. {reason}",
                    id=violation.entry.short_id,
                    date=violation.entry.date,
                    reason=violation.text,
                ),
                hint=msg("Cancel that one first: wksbm reverse {id} --reason ...", id=violation.entry.short_id),
            )


def _looking(view: Query, violation: Violation, fund: Fund) -> Message:
    """A hint: the command that shows the entries concerned."""
    if fund.arisan is not None:
        return msg("See where it stands with: wksbm arisan status {fund}", fund=fund.slug)
    fields = violation.entry.fields
    if "class" in fields:
        held = view.savings(fund.slug, date.max).get(fields["member"], {})
        return other_classes(fund, fund.savings[fields["class"]], held) or msg(
            "See what is saved with: wksbm savings {fund}", fund=fund.slug
        )
    return msg("See them with: wksbm loans {fund}", fund=fund.slug)


def _violations(view: Query, fund: Fund, registers: Registers) -> _Found:
    entries = view.entries([fund.slug], kinds_judged_together(fund), Span(None, None), with_cancelled=False)
    return {(each.code, each.entry.id): each for each in violations(fund, entries, registers)}
