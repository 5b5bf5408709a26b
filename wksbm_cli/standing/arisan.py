"""The state of an arisan from its entries: winners by round, payments, payouts, and who covered whom."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.arisan import ArisanRules, Win, wins_before
from wksbm_cli.domain.consistency import win_of
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.due import ARISAN_DUE
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.obligations import Standing
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.standing.dues import standings


class ArisanState(NamedTuple):
    """A fund's arisan at the end of a day. Sums are smallest steps; `covered` is (member, coverer) still to give back."""

    fund: Fund
    rules: ArisanRules
    as_of: date
    wins: tuple[Win, ...]
    standings: dict[str, Standing]
    received: dict[str, int]
    covered: dict[tuple[str, str], int]

    @property
    def state(self) -> str:
        """`open` to join, `running`, or `finished` when every slot has won and been paid out."""
        if self.rules.start is None:
            return "open"
        done = len(self.wins) == len(self.rules.slots) and all(win.paid_out for win in self.wins)
        return "finished" if done else "running"

    @property
    def won(self) -> list[str]:
        return [win.slot for win in self.wins]

    @property
    def candidates(self) -> list[str]:
        """The slots that can still win."""
        return [slot for slot in self.rules.slots if slot not in self.won]

    @property
    def next_round(self) -> int:
        """The first round without a winner, counted from 1."""
        decided = {win.round for win in self.wins}
        return next(round_ for round_ in range(1, len(decided) + 2) if round_ not in decided)

    def won_before(self, round_: int) -> list[str]:
        """The slots that won in earlier rounds."""
        return [win.slot for win in self.wins if win.round < round_]

    def verified(self) -> list[tuple[Win, bool]]:
        """Every win, and whether redoing it from its line among the remaining candidates gives the same winner."""
        return [(win, win.proves_itself(self.rules, self.won_before(win.round))) for win in self.wins]

    def paid(self, member: str) -> int:
        """What a member has paid in, for whatever round."""
        return sum(self.standings[member].paid.values()) if member in self.standings else 0

    def paid_for(self, round_: int) -> int:
        """What has been paid for one round by everyone."""
        period = self.rules.rounds[round_ - 1]
        return sum(standing.paid.get(period, 0) for standing in self.standings.values())

    def behind(self, slot: str, round_: int, *, settled: bool = False) -> list[str]:
        """The holders of a slot who still owe something up to a round: to the pot, or (unless `settled`) to those who covered."""
        return [
            member
            for member in self.rules.slots[slot].shares
            if self._open_until(member, round_) or (not settled and any(owing == member for owing, _ in self.covered))
        ]

    def _open_until(self, member: str, round_: int) -> bool:
        """Whether a member has not paid in full for every round up to one."""
        if member not in self.standings:
            return True
        standing = self.standings[member]
        due = set(self.rules.rounds[:round_])
        return any(
            owed.minor > standing.paid.get(owed.period, 0)
            for owed in (*standing.fallen, *standing.obligation.ahead(self.as_of))
            if owed.period in due
        )


def arisan_state(
    query: Query, registers: Registers, fund: Fund, as_of: date, *, cancelled_by: date | None = None
) -> ArisanState:
    """The fund's arisan from its entries up to a day, without those cancelled (where a day is given: cancelled by then)."""
    if fund.arisan is None:
        raise Refused(
            msg("The rules of an arisan are not set for {fund}.", fund=fund.name),
            hint=msg("To set one up: wksbm arisan set {fund} ...", fund=fund.slug),
        )
    span = Span(None, as_of)
    payouts = list(query.entries([fund.slug], ["payout"], span, with_cancelled=False, as_of=cancelled_by))
    paid_out = {(entry.fields["round"], entry.fields["slot"]) for entry in payouts}
    received: dict[str, int] = defaultdict(int)
    for entry in payouts:
        for member, value in entry.fields["members"].items():
            received[member] += minor_of(value, fund.unit)
    taken = [
        entry
        for entry in query.entries([fund.slug], ["opening"], span, with_cancelled=False, as_of=cancelled_by)
        if "won" in entry.fields
    ]
    for entry in taken:
        for member, value in entry.fields.get("received", {}).items():
            received[member] += minor_of(value, fund.unit)
    earlier = [win for entry in taken for win in wins_before(fund.arisan, entry.id, entry.fields["won"])]
    wins = earlier + [
        win_of(entry, fund, paid_out=(entry.fields["round"], entry.fields["slot"]) in paid_out)
        for entry in query.entries([fund.slug], ["win"], span, with_cancelled=False, as_of=cancelled_by)
    ]
    due = fund.dues.get(ARISAN_DUE)
    return ArisanState(
        fund,
        fund.arisan,
        as_of,
        tuple(sorted(wins, key=lambda win: win.round)),
        standings(query, registers, fund, due, as_of) if due else {},
        dict(received),
        _covered(query, fund, span, cancelled_by),
    )


def cancelled_wins(query: Query, fund: Fund, as_of: date) -> list[tuple[Win, Entry]]:
    """Every win ever cancelled, with its reversal, so that repeating a draw does not hide the first."""
    found = []
    for entry in query.entries([fund.slug], ["win"], Span(None, as_of)):
        if (id_ := query.reversal_of(entry.id)) and (reversal := query.entry(id_)):
            found.append((win_of(entry, fund), reversal))
    return found


def _covered(query: Query, fund: Fund, span: Span, cancelled_by: date | None) -> dict[tuple[str, str], int]:
    """What members paid for one another, less what was given back."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    kinds = ["contribution", "settlement"]
    for entry in query.entries([fund.slug], kinds, span, with_cancelled=False, as_of=cancelled_by):
        fields = entry.fields
        if entry.kind == "settlement" and "loan" not in fields:
            sums[fields["member"], fields["to_coverer"]] -= minor_of(fields["amount"], fund.unit)
        elif "covered_by" in fields:
            for member, value in fields["members"].items():
                sums[member, fields["covered_by"]] += minor_of(value, fund.unit)
    return {pair: minor for pair, minor in sums.items() if minor}
