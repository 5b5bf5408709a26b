"""Voucher numbers, in the cash book and on vouchers: a running number and the short id, `12/3f9a0c17`."""

from __future__ import annotations

from dataclasses import dataclass, field

from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.index.query import Query

SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class Vouchers:
    """The voucher numbers of one fund, from 1 in each year, assigned once the period is closed, so that they never change."""

    query: Query
    fund: Fund
    _years: dict[int, dict[str, int]] = field(default_factory=dict)

    @property
    def _closings(self) -> list[Closing]:
        return [closing for closing in self.fund.closings if closing.reopened is None]

    def of(self, entry: Entry) -> str:
        """The entry's number and short id; the id alone before its period is closed, or where no holding changed."""
        year = entry.date.year
        if year not in self._years:
            self._years[year] = self.query.voucher_numbers(self.fund.slug, year, self._closings)
        number = self._years[year].get(entry.id)
        short = entry.id[:SHORT_ID]
        return f"{number}/{short}" if number else short
