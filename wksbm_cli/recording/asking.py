"""The amount asked of each member and the most one may pay, for whole sheets and single payments alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from wksbm_cli.domain.dates import Span, end_of_month
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.obligations import Obligation, Payments, Standing, allocate_payments, bucket_cycle
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.index.query import Query

_NOTHING = Payments({})


def period_asked(due: Due, day: date) -> str:
    """The default period of a sheet on `day`: the one containing the day, or the latest event."""
    if due.cycle.name == "event":
        return next((event.slug for event in reversed(due.events) if event.date <= day), "")
    return bucket_cycle(due).period_of(day)


def refuse_beyond_room(standing: Standing, minor: int) -> None:
    """Refuse a payment larger than anything its member can owe: a typing error, or a due paid already."""
    due, member = standing.obligation.due, standing.obligation.member
    room = standing.room
    if minor <= room:
        return
    amount, left = Amount(minor, due.unit), Amount(room, due.unit)
    if due.weights is not None:
        raise Refused(
            msg(
                "{member} has {room} left to pay to the end of the arisan; {amount} is more.",
                member=member.name,
                room=left,
                amount=amount,
            )
        )
    raise Refused(
        msg(
            "{amount} is more than {member} can owe of {due} in ten years: likely a slip.",
            amount=amount,
            member=member.name,
            due=due.name,
        ),
        hint=msg("{room} would settle it all. A gift is recorded with: wksbm donate", room=left)
        if room
        else msg("Nothing more is owed. A gift is recorded with: wksbm donate"),
    )


class DoubtfulAmount(Refused):
    """An implausible amount; `choices` are the likely meanings."""

    def __init__(self, typed: Amount, meant: Amount, due: Due) -> None:
        super().__init__(
            msg("{typed} or {meant}? {due} is far more.", typed=typed, meant=meant, due=due.name),
            hint=msg(
                "Type it in full, for instance {meant}. If {typed} is right, add --exactly.", typed=typed, meant=meant
            ),
        )
        self.choices: Final = (typed, meant)


# Below a thousand rupiah, and at most a twentieth of the due's smallest amount, thousands were likely left out.
_THOUSAND, _TWENTIETH = 1000, 20


def refuse_doubtful(due: Due | None, amount: Amount, day: date) -> None:
    """Refuse `10` where a due is 5.000 or more: 10.000 may be meant."""
    tariff = due.tariff_on(day) if due is not None else None
    if due is None or tariff is None or amount.unit is not IDR or amount.minor >= _THOUSAND:
        return
    asked = [minor for minor in (tariff.minor, *tariff.classes.values()) if minor]
    if asked and amount.minor * _TWENTIETH <= min(asked):
        raise DoubtfulAmount(amount, Amount(amount.minor * _THOUSAND, amount.unit), due)


class Asking:
    """Members' standings with one due while a sheet is drafted, including the payments drafted so far."""

    def __init__(self, query: Query, registers: Registers, fund: Fund, due: Due) -> None:
        self.fund: Final = fund
        self.due: Final = due
        self._query, self._registers = query, registers
        self._sums: dict[date, tuple[dict[str, Payments], dict[str, list[date]]]] = {}
        self._standings: dict[tuple[str, date], Standing] = {}
        self._brought: dict[tuple[str, str], int] = defaultdict(int)
        self._brought_at_all: dict[str, int] = defaultdict(int)

    def standing(self, member: Member, day: date) -> Standing:
        """A member's standing at the end of `day` (for nights, of its month), without the payments of the sheet."""
        if self.due.cycle.name == "night":  # cached: a sheet has hundreds of nights, allocated by month
            day = end_of_month(day)
        key = member.slug, day
        if key not in self._standings:
            if day not in self._sums:
                self._sums[day] = self._query.standing_sums(self._registers, self.fund.slug, self.due.slug, day)
            payments, away = self._sums[day]
            obligation = Obligation(self.fund, self.due, member, away.get(member.slug, ()))
            self._standings[key] = allocate_payments(obligation, payments.get(member.slug, _NOTHING), day)
        return self._standings[key]

    def asked(self, member: Member, period: str, day: date) -> int:
        """The unpaid amount of a period; of a night at most the night's due, of a voluntary due the norm."""
        norm = self.due.owed_by(member, self.fund.short, day) if self.due.tariff_on(day) else 0
        if not self.due.required:
            return norm
        standing = self.standing(member, day)
        owed = standing.obligation.in_period(period)
        rest = max(owed - standing.paid.get(period, 0) - self._brought[member.slug, period], 0)
        return min(rest, norm) if self.due.cycle.name == "night" else rest

    def is_paid_up(self, member: Member, period: str, day: date) -> bool:
        """Whether the period was fully paid before this sheet (and something was owed)."""
        return self.due.required and self.standing(member, day).obligation.in_period(period) > 0

    def bring(self, member: Member, period: str, day: date, minor: int) -> None:
        """Add a member's payment; refused where it is more than the member can owe."""
        if not self.due.required:
            return
        if self.due.cycle.name != "night":
            standing = self.standing(member, day)
            if not standing.owes_nothing:
                refuse_beyond_room(standing, minor + self._brought_at_all[member.slug])
        self._brought[member.slug, period] += minor
        self._brought_at_all[member.slug] += minor


def sheets_of(query: Query, fund: Fund, due: Due, period: str) -> Iterator[Entry]:
    """The uncancelled sheets for one period, of any date: contributions of several members at once, or with a collector."""
    for entry in query.entries([fund.slug], ["contribution"], Span(None, None), with_cancelled=False):
        fields = entry.fields
        if fields.get("due") != due.slug or not (len(fields["members"]) > 1 or {"collector", "empty"} & set(fields)):
            continue
        if fields.get("for", [period_asked(due, entry.date)]) == [period]:
            yield entry


def given_by_day(query: Query, fund: Fund, due: Due | None, first: date, last: date) -> Mapping[date, list[Entry]]:
    """Uncancelled payments of a due in a span that name no period, by date."""
    found: dict[date, list[Entry]] = defaultdict(list)
    for entry in query.entries([fund.slug], ["contribution"], Span(first, last), with_cancelled=False):
        if entry.fields.get("due") == (due.slug if due else None) and "for" not in entry.fields:
            found[entry.date].append(entry)
    return found
