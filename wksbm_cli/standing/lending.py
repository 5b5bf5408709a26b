"""Loans, savings and the yearly surplus of a fund, computed from its entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS, kinds_where, postings
from wksbm_cli.domain.kinds.lending import event_of, terms_of
from wksbm_cli.domain.lending import LoanState, LoanTerms, Repayment, Rescheduling, share_surplus, state
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import head_of
from wksbm_cli.domain.units import minor_of
from wksbm_cli.index.query import Query


class Loan(NamedTuple):
    """A loan with the `entries` on it, and the same as `events`. `given_back` is what the borrower returned to each member
    who covered."""

    entry: Entry
    terms: LoanTerms
    entries: tuple[Entry, ...]
    events: tuple[Repayment | Rescheduling, ...]
    given_back: Mapping[str, int]

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def member(self) -> str:
        return str(self.entry.fields["member"])

    def at(self, day: date) -> LoanState:
        return state(self.terms, self.events, day)

    def paid_by_others(self, day: date) -> dict[str, int]:
        """What other members paid for the borrower up to a day, given back or not."""
        sums: dict[str, int] = defaultdict(int)
        for each in self.events:
            if isinstance(each, Repayment) and each.covered_by and each.day <= day:
                sums[each.covered_by] += each.principal + each.charge + each.fine
        return dict(sums)

    def covered(self, day: date) -> dict[str, int]:
        """What other members paid for the borrower up to a day, less what was given back to them."""
        left = {member: minor - self.given_back.get(member, 0) for member, minor in self.paid_by_others(day).items()}
        return {member: minor for member, minor in left.items() if minor}


def loans(query: Query, fund: Fund, until: date | None = None) -> list[Loan]:
    """Every uncancelled loan of a fund, oldest first, with its entries up to `until` (cancellations up to then applied)."""
    span = Span(None, until)
    given = list(query.entries([fund.slug], ["loan"], span, with_cancelled=False, as_of=until))
    on_loan: dict[str, list[Entry]] = defaultdict(list)
    back: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kinds = ["repayment", "reschedule", "write-off"]
    for entry in query.entries([fund.slug], kinds, span, with_cancelled=False, as_of=until):
        on_loan[entry.fields["loan"]].append(entry)
    for entry in query.entries([fund.slug], ["settlement"], span, with_cancelled=False, as_of=until):
        if "loan" in entry.fields:
            back[entry.fields["loan"]][entry.fields["to_coverer"]] += minor_of(entry.fields["amount"], fund.unit)
    return [
        Loan(
            entry,
            terms_of(entry, fund),
            tuple(on_loan[entry.id]),
            tuple(event_of(each, fund) for each in on_loan[entry.id]),
            dict(back[entry.id]),
        )
        for entry in given
    ]


class Surplus(NamedTuple):
    """Income (`earned`) and expenses (`spent`) of a span, and the distribution (`divided`) of the surplus: by share, then by
    member ('' for what stays for a purpose). Smallest steps. `from_reserves` was paid out of reserves and is in neither;
    `left_out` is other income less other costs, by kind of entry. `shared_out` are the entries that paid members their
    part and named what is kept."""

    earned: int
    spent: int
    from_reserves: int
    left_out: Mapping[str, int]
    divided: Mapping[str, Mapping[str, int]]
    shared_out: Sequence[Entry]

    @property
    def whole(self) -> int:
        """The surplus; negative for a loss."""
        return self.earned - self.spent

    @property
    def by_member(self) -> dict[str, int]:
        """What each member receives of all shares together."""
        sums: dict[str, int] = defaultdict(int)
        for parts in self.divided.values():
            for member, minor in parts.items():
                if member and minor:
                    sums[member] += minor
        return dict(sorted(sums.items()))

    @property
    def kept(self) -> dict[str, int]:
        """What of each share stays in the fund, in a reserve of that name."""
        return {share: parts[""] for share, parts in self.divided.items() if parts.get("")}


def surplus_of(query: Query, registers: Registers, fund: Fund, span: Span, until: date | None = None) -> Surplus:
    """The surplus of a year, divided by the fund's rule; `Refused` where it has none.

    Only a span that is a year of the organisation can have been shared out, and that up to the day `until`.
    """
    if not fund.surplus:
        raise Refused(
            msg("{fund} has no rule for sharing its surplus.", fund=fund.name),
            hint=msg("To set it: wksbm fund surplus {fund} SHARE=PERCENT ...", fund=fund.slug),
        )
    assert span.end is not None
    earned = _earned(query, registers, fund, span)
    divided = share_surplus(max(earned.gained - earned.spent, 0), fund.surplus, _weights(query, fund, span))
    is_year = span == Span.year(span.end.year, registers.organisations[fund.organisation].fiscal_year)
    shared = query.entries([fund.slug], ["surplus"], Span(None, until), with_cancelled=False) if is_year else ()
    return Surplus(
        earned.gained,
        earned.spent,
        earned.from_reserves,
        {kind: minor for kind, minor in earned.left_out.items() if minor},
        divided,
        [each for each in shared if each.fields["year"] == span.end.year],
    )


class _Earned(NamedTuple):
    gained: int
    spent: int
    from_reserves: int
    left_out: Mapping[str, int]


_OF_A_YEAR = ("income", "expense", "other")


def _earned(query: Query, registers: Registers, fund: Fund, span: Span) -> _Earned:
    """What the fund earned and spent: charges, fines, other income; running costs, help given; what counts found.

    What is paid out of a reserve was taken off the surplus of the year in which it was kept. What members and donors gave
    is no earning. A reversal counts in its own year, so that a surplus already distributed for an earlier year does
    not change.
    """
    gained = spent = from_reserves = 0
    left_out: dict[str, int] = defaultdict(int)
    for each in query.entries([fund.slug], _IN_THE_YEAR, span):
        entry, sign = query.cancelled_by(each) or each, -1 if each.kind == "reversal" else 1
        for posting in postings(entry, registers.funds[entry.fund], registers.book.units):
            head = head_of(posting.account)
            if posting.unit != fund.unit.code or head is None or head.section not in _OF_A_YEAR:
                continue
            if not KINDS[entry.kind].in_surplus:
                left_out[entry.kind] -= sign * posting.minor
            elif "reserve" in entry.fields:
                from_reserves += sign * posting.minor
            else:
                gained, spent = gained + sign * max(0, -posting.minor), spent + sign * max(0, posting.minor)
    return _Earned(gained, spent, from_reserves, left_out)


_IN_THE_YEAR = kinds_where(lambda kind: any(head.section in _OF_A_YEAR for head in kind.heads))


def _weights(query: Query, fund: Fund, span: Span) -> dict[str, dict[str, int]]:
    """Members' weights: what they hold in savings at the end, and the charges they paid during the span."""
    assert span.end is not None
    savings = {member: sum(classes.values()) for member, classes in query.savings(fund.slug, span.end).items()}
    charges: dict[str, int] = defaultdict(int)
    for entry in query.entries([fund.slug], ["repayment"], span, with_cancelled=False, as_of=span.end):
        charges[entry.fields["member"]] += minor_of(entry.fields.get("charge", 0), fund.unit)
    return {"savings": savings, "charges": dict(charges)}


def loan_by_id(loans: Sequence[Loan], fund: Fund, typed: str) -> Loan:
    """The one loan whose id begins as typed."""
    found = [loan for loan in loans if loan.id.startswith(typed.lower())]
    if len(found) != 1:
        raise Refused(
            msg("There is no one loan {id} in {fund}.", id=typed[:32], fund=fund.name),
            hint=msg("See them with: wksbm loans {fund}", fund=fund.slug),
        )
    return found[0]
