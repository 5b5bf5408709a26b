"""What stands on a voucher and in the cash book to find one by the other: a running number and the short id, `12/3f9a0c17`."""

from __future__ import annotations

from dataclasses import dataclass, field

from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.index.query import Query

SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class Vouchers:
    """The vouchers of one fund, numbered from 1 in each year."""

    query: Query
    fund: Fund
    _years: dict[int, dict[str, int]] = field(default_factory=dict)

    def of(self, entry: Entry) -> str:
        """The entry's number and short id; the id alone where nothing came into the fund or left it."""
        year = entry.date.year
        if year not in self._years:
            self._years[year] = self.query.voucher_numbers(self.fund.slug, year)
        number = self._years[year].get(entry.id)
        short = entry.id[:SHORT_ID]
        return f"{number}/{short}" if number else short
