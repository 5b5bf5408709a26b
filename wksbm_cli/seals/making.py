"""Making the seal of a report: over the lines recorded so far and the register facts in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from wksbm_cli.domain.facts import facts_digest, moments, texts_of
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import Seal, digest_of_files, is_later, last_sealed, recorded_at
from wksbm_cli.index.query import Query


def make_seal(
    query: Query, registers: Registers, funds: Iterable[str], now: datetime, day: date | None, end: date | None = None
) -> Seal:
    """The seal of everything recorded in some funds, and in those from which they received money, by `now`.

    The facts are those in force on `day`; by default at the end of the period, if it is over, else on the day of its
    last recording. No clock is used, so that the same book has the same seal on any day.
    """
    ledgers = query.sealed_ledgers(funds)
    parts = {path: part for files in ledgers.values() for path, part in files.items() if part.lines}

    def lines() -> Iterable[tuple[str, str]]:
        for line in query.recorded_lines(ledgers):
            yield line, recorded_at(line.encode())

    until, ahead = last_sealed([part.until for part in parts.values()], lines, now)
    until = max(
        until,
        *(
            moment
            for fund in ledgers
            for moment in moments(registers.tables[f"{fund}/fund.toml"].get("closed", []))
            if not is_later(moment, now)
        ),
        "",
    )
    kept = date.fromisoformat(until[:10]) if until else registers.book.recorded_at(now).date()
    day = day or (min(end, kept) if end else kept)
    facts = texts_of(registers.tables, ledgers, day, until)
    return Seal(
        funds=tuple(ledgers),
        lines=sum(part.lines for part in parts.values()),
        until=until,
        digest=digest_of_files((path, part.digest) for path, part in parts.items()),
        ahead=ahead,
        day=day,
        facts=digest_of_files((path, facts_digest(text)) for path, text in facts.items()),
    )
