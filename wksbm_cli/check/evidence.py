"""The input of the passes of a check: a book's entries in the order of recording, and their effects."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from wksbm_cli.check.lines import BookLines, Placed
from wksbm_cli.domain.registers import Registers
from wksbm_cli.index.compile import Effect, counting, effect_of


@dataclass(slots=True)
class PlaceHistory:
    """Every change of one place in one unit, by date and then by the time of recording, in smallest steps."""

    changes: list[tuple[Placed, int]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    sums: list[int] = field(default_factory=lambda: [0])

    def add(self, at: Placed, minor: int) -> None:
        self.changes.append((at, minor))
        self.days.append(at.entry.date)
        self.sums.append(self.sums[-1] + minor)

    def before(self, day: date) -> int:
        """The balance at the start of the day."""
        return self.sums[bisect_left(self.days, day)]

    def after(self, day: date) -> int:
        """The balance at the end of the day."""
        return self.sums[bisect_right(self.days, day)]

    def of(self, day: date) -> Sequence[tuple[Placed, int]]:
        """The changes of the day itself."""
        return self.changes[bisect_left(self.days, day) : bisect_right(self.days, day)]


class Evidence(NamedTuple):
    """Everything that was read, and values derived from it.

    `recorded` are the entries by time of recording. `reversals` maps cancelled entries to their effective reversal;
    `effects` maps each entry to its effect on the sums (none for an ineffective reversal). `places` has the history
    of each (fund, place, unit code), except for funds with unreadable lines.
    """

    lines: BookLines
    now: datetime
    recorded: Sequence[Placed]
    reversals: Mapping[str, Placed]
    effects: Mapping[str, Effect]
    places: Mapping[tuple[str, str, str], PlaceHistory]

    @property
    def registers(self) -> Registers:
        return self.lines.registers

    def standing(self) -> Iterator[Placed]:
        """The uncancelled entries, by time of recording."""
        return (at for at in self.recorded if at.entry.id not in self.reversals)

    def is_sure(self, fund: str) -> bool:
        """Whether every line that affects a fund's sums could be read."""
        return fund not in self.lines.unsure


def gather(lines: BookLines, now: datetime) -> Evidence:
    """Derive the evidence from the lines read."""
    recorded = sorted(lines.placed, key=lambda at: at.entry.recorded[:2])  # ties within one second are broken by line
    effects = {at.entry.id: effect_of(at.entry, lines.registers) for at in lines.placed if at.entry.kind != "reversal"}
    reversals = _reversals(lines)
    for at in recorded:
        if at.entry.kind == "reversal":
            cancelled, counts = at.entry.fields["of"], reversals.get(at.entry.fields["of"])
            takes_back = counts is not None and counts.entry.id == at.entry.id and cancelled in effects
            effects[at.entry.id] = effects[cancelled].mirrored() if takes_back else Effect([], {})
    places: dict[tuple[str, str, str], PlaceHistory] = {}
    for at in sorted(recorded, key=lambda at: at.entry.date):
        for fund, place, unit, minor in effects[at.entry.id].movements:
            if fund not in lines.unsure:
                places.setdefault((fund, place, unit), PlaceHistory()).add(at, minor)
    return Evidence(lines, now, recorded, reversals, effects, places)


def _reversals(lines: BookLines) -> dict[str, Placed]:
    """The effective reversal of each cancelled entry."""
    of_entries = []
    for at in lines.placed:
        if at.entry.kind == "reversal":
            cancelled = lines.by_id.get(at.entry.fields["of"])
            if cancelled and cancelled.entry.fund == at.entry.fund and cancelled.entry.kind != "reversal":
                of_entries.append(at.entry)  # invalid ones are findings of the rules
    return {cancelled: lines.by_id[id_] for cancelled, id_ in counting(of_entries).items()}
