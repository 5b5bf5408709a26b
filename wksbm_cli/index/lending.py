"""Loans and savings of a fund, as the book has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.lending import LoanState, Repayment, Terms, state
from wksbm_cli.domain.promises import terms_of
from wksbm_cli.domain.registers import Fund, Registers
from wksbm_cli.domain.units import minor_of
from wksbm_cli.index.query import Query


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan with everything paid on it. `given_back` is what the borrower returned to each member who covered."""

    entry: Entry
    terms: Terms
    repayments: tuple[Repayment, ...]
    given_back: Mapping[str, int]

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def member(self) -> str:
        return str(self.entry.fields["member"])

    def at(self, day: date) -> LoanState:
        return state(self.terms, self.repayments, day)

    def covered(self, day: date) -> dict[str, int]:
        """What other members paid for the borrower up to a day, less what was given back to them."""
        sums: dict[str, int] = defaultdict(int)
        for each in self.repayments:
            if each.covered_by and each.day <= day:
                sums[each.covered_by] += each.principal + each.charge + each.fine
        for member, minor in self.given_back.items():
            sums[member] -= minor
        return {member: minor for member, minor in sums.items() if minor}


def loans(query: Query, registers: Registers, fund: Fund, until: date | None = None) -> list[Loan]:
    """Every loan of a fund that was not cancelled, oldest first, with the entries up to `until`."""
    span = Span(None, until)
    unit = registers.unit(fund.unit.code)
    given = list(query.entries([fund.slug], ["loan"], span, with_cancelled=False))
    paid: dict[str, list[Repayment]] = defaultdict(list)
    back: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in query.entries([fund.slug], ["repayment"], span, with_cancelled=False):
        fields = entry.fields
        whole, charge, fine = (minor_of(fields.get(key, 0), unit) for key in ("amount", "charge", "fine"))
        covered_by = fields.get("covered_by", "")
        paid[fields["loan"]].append(Repayment(entry.date, whole - charge - fine, charge, fine, covered_by))
    for entry in query.entries([fund.slug], ["settlement"], span, with_cancelled=False):
        if "loan" in entry.fields:
            back[entry.fields["loan"]][entry.fields["to_coverer"]] += minor_of(entry.fields["amount"], unit)
    return [Loan(entry, terms_of(entry, fund), tuple(paid[entry.id]), dict(back[entry.id])) for entry in given]
