"""Savings and revolving loans: terms, schedules, what is outstanding, how late, and the year's surplus.

Practice (docs/practice.md#loans): a service charge (jasa) flat on the principal or declining with what is left; a payment settles
fines, then the charge, then principal; savings in classes, some of which stay until the member leaves; the surplus
shared by percentages. All amounts are whole smallest steps of the fund's unit; remainders of division go to the last
instalment, or to the share that the rule names first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from wksbm_cli.domain.dates import months_later
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.table import TomlTable, UnknownKey
from wksbm_cli.domain.units import Unit, minor_of

METHODS: dict[str, Message] = {
    "flat": msg("flat: each instalment bears the charge on the whole loan"),
    "declining": msg("declining: each instalment bears the charge on what is left"),
}
INSTALMENT_CYCLES = ("week", "selapanan", "month", "semester", "year")
# Instalments in arrears, and periods begun since the last due day, up to which a loan counts as current, then as doubtful;
# beyond, as bad. The worse of the two counts: a short loan nobody pays never has many instalments (docs/practice.md#loans: monthly
# and selapanan 6 and 12; weekly 3 and 6 months, which is 13 and 26 weeks; harvests 1 and 2).
BANDS: dict[str, tuple[int, int]] = {
    "week": (13, 26),
    "selapanan": (6, 12),
    "month": (6, 12),
    "semester": (1, 2),
    "year": (1, 2),
}
INSTALMENT_STATES: dict[str, Message] = {
    "open": msg("not yet due"),
    "part": msg("paid in part"),
    "paid": msg("paid"),
    "late": msg("open"),
    "written-off": msg("written off"),
}
COLLECTABILITY: dict[str, Message] = {
    "settled": msg("settled"),
    "current": msg("current loan"),
    "doubtful": msg("doubtful"),
    "bad": msg("bad debt"),
    "written-off": msg("written off"),
}
# States in which nothing more falls due.
ENDED = ("settled", "written-off")
_HUNDRED = Decimal(100)


class SavingsClass(NamedTuple):
    """A class of members' savings. `amount` is what each must hold; a `locked` class stays until the member leaves."""

    slug: str
    name: str
    amount: int = 0
    locked: bool = False

    @classmethod
    def from_table(cls, slug: str, table: object, unit: Unit) -> SavingsClass:
        row = TomlTable(table, f"savings.{slug}")
        made = cls(
            slug=slug,
            name=row.take("name", str, slug),
            amount=minor_of(row.take("amount", (int, Decimal), 0), unit),
            locked=row.take("locked", bool, False),
        )
        row.done()
        return made


class LoanRules(NamedTuple):
    """The terms on which a fund lends. `rate` is percent per instalment; `times_savings` 0 asks for no savings.

    `ceiling` is the most one member owes at a time (0: no limit), `fine` what is asked for each late instalment;
    instalments are rounded up to a multiple of `round`, and the last is what is left (0: they are not rounded).
    Where `lends_savings`, the members agreed that what they save is lent to one another.
    """

    rate: Decimal
    method: str = "flat"
    instalments: int = 10
    cycle: str = "month"
    ceiling: int = 0
    times_savings: int = 0
    fine: int = 0
    round: int = 0
    lends_savings: bool = False

    @classmethod
    def from_table(cls, table: object, unit: Unit) -> LoanRules:
        row = TomlTable(table, "loans")
        rate = Decimal(row.take("rate", (int, Decimal), 0))
        if not 0 <= rate <= _HUNDRED:
            raise UnknownKey(msg("A rate is 0 to 100 percent."), "rate")
        made = cls(
            rate=rate,
            method=row.choice("method", METHODS, "flat"),
            instalments=row.take("instalments", int, 10),
            cycle=row.choice("cycle", INSTALMENT_CYCLES, "month"),
            ceiling=minor_of(row.take("ceiling", (int, Decimal), 0), unit),
            times_savings=row.take("times_savings", int, 0),
            fine=minor_of(row.take("fine", (int, Decimal), 0), unit),
            round=minor_of(row.take("round", (int, Decimal), 0), unit),
            lends_savings=row.take("lends_savings", bool, False),
        )
        row.done()
        if not 1 <= made.instalments <= 520:
            raise UnknownKey(msg("A loan has 1 to 520 instalments."), "instalments")
        return made


class SurplusShare(NamedTuple):
    """A part of the year's surplus, in percent. `by` is the key of distribution among members; '' keeps it for a purpose."""

    slug: str
    name: str
    percent: Decimal
    by: str = ""

    @classmethod
    def all_from(cls, table: Mapping[str, Any]) -> tuple[SurplusShare, ...]:
        """Every share; refused when they do not make 100."""
        shares = []
        for slug, entry in table.items():
            row = TomlTable(entry, f"surplus.{slug}")
            shares.append(
                cls(
                    slug,
                    row.take("name", str, slug),
                    Decimal(row.take("percent", (int, Decimal), required=True)),
                    row.choice("by", ("", "savings", "charges"), ""),
                )
            )
            row.done()
        total = sum((share.percent for share in shares), Decimal(0))
        if shares and (total != _HUNDRED or any(share.percent < 0 for share in shares)):
            raise UnknownKey(
                msg("The shares of the surplus make {total} percent, not 100.", total=str(total)), "surplus"
            )
        return tuple(shares)


class LoanTerms(NamedTuple):
    """The agreed terms of one loan, independent of later changes of the rules; `round` as in `LoanRules`."""

    principal: int
    rate: Decimal
    method: str
    instalments: int
    cycle: str
    start: date
    round: int = 0


class Instalment(NamedTuple):
    """What falls due on a day; `number` from 1."""

    number: int
    due: date
    principal: int
    charge: int


def schedule(terms: LoanTerms) -> list[Instalment]:
    """All instalments: equal parts of the principal with the remainder in the last, and the charge of each.

    Rounding applies to principal and charge together; the principal part is adjusted.
    """
    part = terms.principal // terms.instalments
    made, left, day = [], terms.principal, terms.start
    for number in range(1, terms.instalments + 1):
        day = _next(day, terms)
        charge = percent_of(terms.principal if terms.method == "flat" else left, terms.rate)
        principal = min(left, _rounded_up(part + charge, terms.round) - charge)
        if number == terms.instalments:
            principal = left
        made.append(Instalment(number, day, principal, charge))
        left -= principal
    return made


def _rounded_up(minor: int, step: int) -> int:
    return -(-minor // step) * step if step else minor


def needless_instalments(terms: LoanTerms) -> int:
    """How many of the last instalments are empty because rounding up repaid the loan before them."""
    if not terms.round:
        return 0
    return sum(1 for each in schedule(terms) if not each.principal)


def percent_of(minor: int, percent: Decimal) -> int:
    """A percentage in whole smallest steps, rounded half up."""
    return int((minor * percent / _HUNDRED).to_integral_value(ROUND_HALF_UP))


def _next(day: date, terms: LoanTerms) -> date:
    match terms.cycle:
        case "week":
            return day + timedelta(days=7)
        case "selapanan":
            return day + timedelta(days=35)
    months = {"month": 1, "semester": 6, "year": 12}[terms.cycle]
    return months_later(day, months, terms.start.day)


class Repayment(NamedTuple):
    """What was paid back on a day, as the entry says: fine, charge and principal add up to the amount.

    `covered_by` is another member who paid in the borrower's place (tanggung renteng). With `written_off` nothing was
    paid: the group gave up the claim.
    """

    day: date
    principal: int
    charge: int
    fine: int = 0
    covered_by: str = ""
    written_off: bool = False


class Rescheduling(NamedTuple):
    """New `terms` for the rest of a loan, from that day on. `carried` are unpaid charges fallen due, which are added to the
    first new instalment."""

    day: date
    terms: LoanTerms
    carried: int = 0


class SoFar(NamedTuple):
    """Totals of a loan: repaid, and principal written off."""

    principal: int
    charge: int
    written_off: int


class LoanState:
    """A loan at the end of a day; `repayments` are those up to it.

    Of a rescheduled loan, terms and repayments are those since; `before` is the state until then, and `carried` the
    charges taken over.
    """

    def __init__(
        self,
        terms: LoanTerms,
        as_of: date,
        repayments: tuple[Repayment, ...],
        carried: int = 0,
        before: LoanState | None = None,
    ) -> None:
        self.terms: Final = terms
        self.as_of: Final = as_of
        self.repayments: Final = repayments
        self.carried: Final = carried
        self.before: Final = before

    @cached_property
    def instalments(self) -> list[Instalment]:
        """The actual schedule: a declining charge is lower where more principal was repaid than planned.

        It is never higher: being late costs a fine, not a higher charge. The base is the principal outstanding at the
        start of the instalment's period, the day after the previous due date.
        """
        made = schedule(self.terms)
        if self.terms.method != "flat":
            planned, left, begins = made, self.terms.principal, self.terms.start
            made = []
            for each in planned:
                then = self.terms.principal - self._principal_until(begins)
                made.append(each._replace(charge=percent_of(min(left, then), self.terms.rate)))
                left, begins = left - each.principal, each.due
        made[0] = made[0]._replace(charge=made[0].charge + self.carried)
        return self._without_what_is_forgiven(made) if self.is_written_off else made

    def _without_what_is_forgiven(self, made: list[Instalment]) -> list[Instalment]:
        """A loan written off owes no more charges: unpaid ones are dropped."""
        left = self.charge_paid
        for number, each in enumerate(made):
            charge = min(left, each.charge)
            made[number], left = each._replace(charge=charge), left - charge
        return made

    def _principal_until(self, day: date) -> int:
        return sum(each.principal for each in self.repayments if each.day <= day)

    @cached_property
    def principal_paid(self) -> int:
        return sum(each.principal for each in self.repayments)

    @cached_property
    def charge_paid(self) -> int:
        return sum(each.charge for each in self.repayments)

    @cached_property
    def _principal_written_off(self) -> int:
        return sum(each.principal for each in self.repayments if each.written_off)

    @property
    def is_written_off(self) -> bool:
        """Whether all that was left was written off."""
        return not self.outstanding and any(each.written_off for each in self.repayments)

    @cached_property
    def so_far(self) -> SoFar:
        """Totals since disbursement, including the time before a rescheduling."""
        earlier = self.before.so_far if self.before else SoFar(0, 0, 0)
        off = self._principal_written_off
        return SoFar(
            earlier.principal + self.principal_paid - off,
            earlier.charge + self.charge_paid,
            earlier.written_off + off,
        )

    @property
    def lent(self) -> int:
        return self.before.lent if self.before else self.terms.principal

    @property
    def outstanding(self) -> int:
        """Principal outstanding, computed from the disbursement and not from what a rescheduling states."""
        return self.lent - self.so_far.principal - self.so_far.written_off

    @property
    def charge_due(self) -> int:
        """Charges of the instalments fallen due and not paid."""
        return max(0, sum(each.charge for each in self._fallen) - self.charge_paid)

    @property
    def charge_left(self) -> int:
        """All unpaid charges of the actual schedule, including those not due yet."""
        return max(0, sum(each.charge for each in self.instalments) - self.charge_paid)

    @property
    def payable(self) -> int:
        """The payoff amount: the principal plus all charges of a flat loan, or those of the periods begun of a
        declining one."""
        if self.terms.method == "flat":
            return self.outstanding + self.charge_left
        return self.outstanding + self._charge_begun

    @property
    def _charge_begun(self) -> int:
        """Unpaid charges of the periods begun: of a declining loan, later ones still depend on payments."""
        begins = [self.terms.start, *(each.due for each in self.instalments)]
        begun = sum(each.charge for each, day in zip(self.instalments, begins, strict=False) if day < self.as_of)
        return max(0, begun - self.charge_paid)

    @property
    def principal_due(self) -> int:
        """Principal of the instalments fallen due and not paid."""
        return max(0, sum(each.principal for each in self._fallen) - self.principal_paid)

    @property
    def arrears(self) -> int:
        """Charges and principal of the instalments past due."""
        charge = sum(each.charge for each in self._passed) - self.charge_paid
        return max(0, charge) + max(0, sum(each.principal for each in self._passed) - self.principal_paid)

    @property
    def late_instalments(self) -> int:
        """Instalments past due and not fully paid; on the due date itself nothing is late."""
        principal, charge = self.principal_paid, self.charge_paid
        for number, each in enumerate(self._passed):
            principal -= each.principal
            charge -= each.charge
            if principal < 0 or charge < 0:
                return len(self._passed) - number
        return 0

    @property
    def overdue_periods(self) -> int:
        """Periods begun since the last due date of the loan: 0 up to that date."""
        day, begun = self.instalments[-1].due, 0
        while day < self.as_of:
            day, begun = _next(day, self.terms), begun + 1
        return begun

    @property
    def collectability(self) -> str:
        if self.is_written_off:
            return "written-off"
        if not self.outstanding and not self.charge_left:
            return "settled"
        good, doubtful = BANDS[self.terms.cycle]
        worse = max(self.late_instalments, self.overdue_periods)
        if worse <= good:
            return "current"
        return "doubtful" if worse <= doubtful else "bad"

    @property
    def next_due(self) -> Instalment | None:
        """The first instalment not fully paid."""
        return next((line.instalment for line in self.lines() if line.paid_on is None), None)

    def lines(self) -> list[ScheduleLine]:
        """Every instalment with what was paid of it and the day on which it was settled."""
        lines, principal, charge = [], 0, 0
        in_money = self.principal_paid - self._principal_written_off
        for each in self.instalments:
            settled = min(each.principal, max(0, self.principal_paid - principal))
            paid = min(each.principal, max(0, in_money - principal))
            of_charge = min(each.charge, max(0, self.charge_paid - charge))
            principal, charge = principal + each.principal, charge + each.charge
            lines.append(ScheduleLine(each, paid + of_charge, self._paid_on(principal, charge), settled - paid))
        return lines

    def _paid_on(self, principal: int, charge: int) -> date | None:
        """The day on which cumulative principal and charges reached these sums; the day of the loan for zero."""
        if not principal and not charge:
            return self.terms.start
        paid_principal = paid_charge = 0
        for each in sorted(self.repayments, key=lambda each: each.day):
            paid_principal, paid_charge = paid_principal + each.principal, paid_charge + each.charge
            if paid_principal >= principal and paid_charge >= charge:
                return each.day
        return None

    @cached_property
    def _fallen(self) -> list[Instalment]:
        """Instalments fallen due for a payment of this day."""
        return [each for each in self.instalments if each.due <= self.as_of]

    @property
    def _passed(self) -> list[Instalment]:
        return [each for each in self._fallen if each.due < self.as_of]


class ScheduleLine(NamedTuple):
    """An instalment with what was `paid` and `written_off`, and the day on which it was settled, if it was."""

    instalment: Instalment
    paid: int
    paid_on: date | None
    written_off: int = 0

    def state(self, as_of: date) -> str:
        """One of `INSTALMENT_STATES` (docs/practice.md#loans)."""
        if self.paid_on is not None:
            return "written-off" if self.written_off else "paid"
        if self.instalment.due < as_of:
            return "late"
        return "part" if self.paid else "open"

    def days_late(self, as_of: date) -> int:
        """Days from the due date to full payment, or to now."""
        return max(0, ((self.paid_on or as_of) - self.instalment.due).days)


def state(terms: LoanTerms, events: Iterable[Repayment | Rescheduling], as_of: date) -> LoanState:
    """The loan after its events up to `as_of`, ordered by day, then by recording."""
    before, carried = None, 0
    repaid: list[Repayment] = []
    for each in events:
        if each.day > as_of:
            continue
        if isinstance(each, Repayment):
            repaid.append(each)
        else:
            before = LoanState(terms, each.day, tuple(repaid), carried, before)
            terms, carried, repaid = each.terms, each.carried, []
    return LoanState(terms, as_of, tuple(repaid), carried, before)


def split_payment(before: LoanState, amount: int, fine: int = 0) -> Repayment:
    """Split a payment: first the fine, then charges fallen due, then principal fallen due, then instalments to come.

    Instalments to come are paid one by one, charge first, so that paying ahead is not late afterwards. Of a declining
    loan only the charge of the period begun can be paid ahead; the rest lowers the principal, and with it later
    charges. Precondition: `amount` is no more than `fine` plus `payable`.
    """
    left = amount - fine
    charge = min(left, before.charge_due)
    principal = min(left - charge, before.principal_due)
    left -= charge + principal
    if before.terms.method == "flat":
        owed_charge = owed_principal = 0
        for each in before.instalments:
            owed_charge, owed_principal = owed_charge + each.charge, owed_principal + each.principal
            part = min(left, max(0, owed_charge - before.charge_paid - charge))
            charge, left = charge + part, left - part
            part = min(left, max(0, owed_principal - before.principal_paid - principal))
            principal, left = principal + part, left - part
    else:
        part = min(left, before.payable - before.outstanding - charge)
        charge, left = charge + part, left - part
        principal, left = principal + left, 0
    assert not left, "no more is taken than is payable"
    return Repayment(before.as_of, principal, charge, fine)


def share_surplus(
    surplus: int, shares: Sequence[SurplusShare], weights: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """Distribute the surplus by share, and within each by member; '' is what stays undivided for a purpose.

    `weights` gives each member's weight for each way of sharing (`savings`: what they hold; `charges`: what they paid).
    The parts add up to the surplus: remainders go to the largest fractions (ties in order), so that nobody is more
    than one step off the exact share.
    """
    by_share = apportion(surplus, {share.slug: share.percent for share in shares})
    divided: dict[str, dict[str, int]] = {}
    for share in shares:
        members = {member: Decimal(weight) for member, weight in weights.get(share.by, {}).items() if weight > 0}
        whole = by_share[share.slug]
        divided[share.slug] = apportion(whole, members) if share.by and members else {"": whole}
    return divided


def apportion(whole: int, weights: Mapping[str, Decimal]) -> dict[str, int]:
    """`whole` divided by weights without losing or making a step (the method of largest remainders)."""
    total = sum(weights.values(), Decimal(0))
    if not total:
        return {}
    exact = {key: whole * weight / total for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    missing = whole - sum(parts.values())
    for key in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[:missing]:
        parts[key] += 1
    return parts
