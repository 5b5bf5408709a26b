"""Validation of a command across entries: no payout without its win, no repayment without its loan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

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

# Keys by which two entries concern the same savings, loan or pot.
_ABOUT = ("loan", "slot", "round", "year", "member", "reserve")


class Consistency:
    """The violations in the funds of a command, before its entries are added and after all of them are.

    A fund's entries are read twice per command, however many it records, and not at all for kinds that cannot cause any.
    """

    def __init__(self, view: Query, registers: Registers) -> None:
        self._view: Final = view
        self._registers: Final = registers
        self._before: dict[str, _Found] = {}

    def expect(self, entry: Entry) -> None:
        """Remember the violations in the fund of an entry that is about to be added, unless that was done for one before it."""
        fund = self._registers.funds[entry.fund]
        if fund.slug not in self._before and self._judged(entry).kind in kinds_judged_together(fund):
            self._before[fund.slug] = self._violations(fund)

    def broken_by(self, recorded: Sequence[Entry]) -> Iterator[tuple[Entry, Refused]]:
        """The entries, all now added, that cause new violations, each with its refusal."""
        ours = {entry.id: entry for entry in recorded}
        for slug, before in self._before.items():
            fund = self._registers.funds[slug]
            for key, violation in self._violations(fund).items():
                if key in before:
                    continue
                if own := ours.get(violation.entry.id):
                    yield own, Refused(violation.text, hint=_looking(self._view, violation, fund))
                else:
                    of_fund = [entry for entry in recorded if entry.fund == slug]
                    yield self._cause(of_fund, violation.entry), _rests_on_this(violation)

    def _judged(self, entry: Entry) -> Entry:
        """The entry itself, or the one that a reversal cancels."""
        judged = self._view.entry(entry.fields["of"]) if entry.kind == "reversal" else entry
        assert judged is not None, "the rules refuse to cancel what is not there"
        return judged

    def _cause(self, recorded: Sequence[Entry], broken: Entry) -> Entry:
        """Which of these entries another one depended on: the first that concerns the same savings, loan or pot."""

        def is_alike(entry: Entry) -> bool:
            judged = self._judged(entry)
            names = [key for key in _ABOUT if key in broken.fields]
            return judged.id == broken.fields.get("loan") or any(
                judged.fields.get(key) == broken.fields[key] for key in names
            )

        return next(filter(is_alike, recorded), recorded[0])

    def _violations(self, fund: Fund) -> _Found:
        entries = self._view.entries([fund.slug], kinds_judged_together(fund), Span(None, None), with_cancelled=False)
        return {(each.code, each.entry.id): each for each in violations(fund, entries, self._registers)}


def _rests_on_this(violation: Violation) -> Refused:
    entry = violation.entry
    return Refused(
        msg("{id} of {date} rests on this. {reason}", id=entry.short_id, date=entry.date, reason=violation.text),
        hint=msg("Cancel that one first: wksbm reverse {id} --reason ...", id=entry.short_id),
    )


def _looking(view: Query, violation: Violation, fund: Fund) -> Message:
    """A hint: the command that shows the entries concerned."""
    if fund.arisan is not None:
        return msg("See where it stands with: wksbm arisan status {fund}", fund=fund.slug)
    fields = violation.entry.fields
    if "class" in fields:
        held = view.savings(fund.slug, date.max, fields["member"]).get(fields["member"], {})
        return other_classes(fund, fund.savings[fields["class"]], held) or msg(
            "See what is saved with: wksbm savings {fund}", fund=fund.slug
        )
    if "reserve" in fields:
        return msg(
            "What is more than that is a cost of this year: record it without --reserve. To see the reserves: wksbm surplus {fund}",
            fund=fund.slug,
        )
    return msg("See them with: wksbm loans {fund}", fund=fund.slug)
