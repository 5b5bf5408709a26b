"""Entries of a ledger, and the postings that each compiles to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple


def short_id(id_: str) -> str:
    """The first digits of an entry's id, for people."""
    return id_[:8]


class Entry(NamedTuple):
    """One recorded fact, as its line says it.

    `fund` is `ORG/FUND`, of a decision `ORG`; `text` is the inline table exactly as written, from which `id` follows; `fields`
    holds the keys of the kind (see `kinds.KINDS`) with TOML's own values.
    """

    id: str
    fund: str
    date: date
    kind: str
    by: str
    at: datetime
    fields: Mapping[str, Any]
    text: str

    @property
    def organisation(self) -> str:
        return self.fund.partition("/")[0]

    @property
    def unit(self) -> str:
        """The code of the unit of its amount; rupiah where none is written."""
        code: str = self.fields.get("unit", "IDR")
        return code

    @property
    def recorded(self) -> tuple[datetime, int, str]:
        """Sort key of the order of recording: time, then row within one command, then id."""
        return self.at, self.fields.get("row", 0), self.id

    @property
    def short_id(self) -> str:
        return short_id(self.id)

    @property
    def line(self) -> str:
        """The line of the ledger, without its end."""
        return f"{self.id} = {self.text}"


class Posting(NamedTuple):
    """A signed change of one account: `minor` smallest steps of the unit with this code.

    The postings of an entry sum to zero in each fund and unit, but for the unit swapped in an exchange,
    which balances through `equity:exchange`. `place` is set where the account is one of the fund's places;
    `party` where it is a member's; `period` and `due` where a due is paid.
    """

    fund: str
    account: str
    minor: int
    unit: str
    place: str | None = None
    party: str | None = None
    due: str | None = None
    period: str | None = None
