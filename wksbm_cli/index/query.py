"""Queries of the index. Every figure in a report comes from here.

Whole months are answered from monthly sums; only the days of partial months are added up from movements. Amounts are
smallest steps of their unit.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from wksbm_cli.domain.dates import Span, end_of_month
from wksbm_cli.domain.seal import LedgerSeal

if TYPE_CHECKING:
    from wksbm_cli.domain.closing import Closing
    from wksbm_cli.domain.entry import Entry
    from wksbm_cli.domain.fund import Fund
    from wksbm_cli.domain.obligations import Payments
    from wksbm_cli.domain.registers import Registers
    from wksbm_cli.index.compile import Rows

_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)


class KindTotals:
    """Opening balance of a fund or place, and its receipts and payments over a span, by kind of entry.

    The opening is what was held before, plus opening balances recorded within the span (`Query.openings`), which are no
    receipts. Every report takes this from here.
    """

    __slots__ = ("inflow", "opening", "outflow")

    def __init__(self) -> None:
        self.opening = 0
        self.inflow: dict[str, int] = defaultdict(int)
        self.outflow: dict[str, int] = defaultdict(int)

    @property
    def total_in(self) -> int:
        return sum(self.inflow.values())

    @property
    def total_out(self) -> int:
        return sum(self.outflow.values())

    @property
    def closing(self) -> int:
        return self.opening + self.total_in - self.total_out

    def add(self, kind: str, inflow: int, outflow: int) -> None:
        if inflow:
            self.inflow[kind] += inflow
        if outflow:
            self.outflow[kind] += outflow

    def begin_with(self, kind: str, minor: int) -> None:
        """Move an opening balance from receipts to the opening."""
        self.opening += minor
        self.inflow[kind] -= minor
        if not self.inflow[kind]:
            del self.inflow[kind]


class _Parts(NamedTuple):
    """A span as whole months (`first` to `last` inclusive, possibly none) plus the days of partial months."""

    first: str
    last: str
    days: tuple[tuple[date, date], ...]


def _parts(start: date, end: date) -> _Parts:
    if start > end:
        return _Parts("1", "0", ())
    first, last = start, end
    days: list[tuple[date, date]] = []
    if start.day > 1:
        month_end = end_of_month(start)
        days.append((start, min(month_end, end)))
        first = month_end + timedelta(days=1) if month_end < _LAST else _LAST
    if first <= end and end < end_of_month(end):
        days.append((end.replace(day=1), end))
        last = end.replace(day=1) - timedelta(days=1) if end.replace(day=1) > _FIRST else _FIRST
    if first > last:
        return _Parts("1", "0", tuple(days))
    return _Parts(f"{first:%Y-%m}".zfill(7), f"{last:%Y-%m}".zfill(7), tuple(days))


@lru_cache(maxsize=1024)  # cached: each of a night's sixty payments is validated against the others of that night
def entry_of(fund: str, line: str) -> Entry:
    """Parse the entry of a line; the parser is imported lazily."""
    from wksbm_cli.domain.line import parse_line

    return parse_line(fund, line)


def find_entry(connection: sqlite3.Connection, id_: str) -> Entry | None:
    """The indexed entry with this whole id."""
    row = connection.execute("SELECT fund, text FROM entry WHERE id = ?", (id_,)).fetchone()
    return entry_of(row[0], f"{id_} = {row[1]}") if row else None


def _key_in(key: str, fund: str, id_: str, text: str) -> str | None:
    """The text of a key in a line. Parsed as TOML only where quotation marks may be text: 20,000 rows take a second less."""
    if "'" not in text and "\\" not in text and '"""' not in text:
        found = re.search(rf' {key} = "([^"\\]*)"', text)
        return found[1] if found else None
    value: str | None = entry_of(fund, f"{id_} = {text}").fields.get(key)
    return value


_NOT_CANCELLED = " AND NOT EXISTS (SELECT 1 FROM reversal r JOIN entry c ON c.id = r.reversal WHERE r.cancelled = entry.id AND c.day <= ?)"


class Query:
    """Read access to one snapshot of the book."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        self._connection.close()

    def fund_flows(self, funds: Collection[str], span: Span) -> dict[tuple[str, str], KindTotals]:
        """Opening and flows per (fund, unit) of these funds, for every pair with a movement up to the span's end."""
        flows: dict[tuple[str, str], KindTotals] = defaultdict(KindTotals)
        start, end = span.start or _FIRST, span.end or _LAST
        if span.start is not None:
            for fund, unit, _, inflow, outflow in self._fund_sums(funds, _FIRST, start - timedelta(days=1)):
                flows[fund, unit].opening += inflow - outflow
        for fund, unit, kind, inflow, outflow in self._fund_sums(funds, start, end):
            flows[fund, unit].add(kind, inflow, outflow)
        for fund, _, unit, minor in self._opened(funds, span):
            flows[fund, unit].begin_with("opening", minor)
        return dict(flows)

    def openings(self, funds: Collection[str], span: Span) -> Iterator[tuple[str, str]]:
        """The ids and funds of the opening balances recorded in a span, which are no receipts of it.

        One cancelled within the span counts as receipt and payment, like any other cancelled entry.
        """
        marks = ", ".join("?" * len(funds))
        days = _days(span)
        yield from self._connection.execute(
            f"SELECT id, fund FROM entry WHERE fund IN ({marks}) AND kind = 'opening' AND day BETWEEN ? AND ?"
            " AND NOT EXISTS (SELECT 1 FROM reversal r JOIN entry c ON c.id = r.reversal"
            " WHERE r.cancelled = entry.id AND c.day BETWEEN ? AND ?)",
            (*funds, *days, *days),
        )

    def _opened(self, funds: Collection[str], span: Span) -> Iterator[tuple[str, str, str, int]]:
        """The amounts of those entries: fund, place, unit and smallest steps."""
        for id_, fund in self.openings(funds, span):
            yield from self._connection.execute(
                "SELECT m.fund, m.place, m.unit, m.minor FROM entry e JOIN movement m"
                " ON m.fund = e.fund AND m.day = e.day AND m.entry = e.id WHERE e.id = ? AND e.fund = ?",
                (id_, fund),
            )

    def _fund_sums(self, funds: Collection[str], start: date, end: date) -> Iterator[tuple[str, str, str, int, int]]:
        parts = _parts(start, end)
        marks = ", ".join("?" * len(funds))
        yield from self._connection.execute(
            f"SELECT fund, unit, kind, SUM(inflow), SUM(outflow) FROM fund_month WHERE fund IN ({marks})"
            " AND month BETWEEN ? AND ? GROUP BY fund, unit, kind",
            (*funds, parts.first, parts.last),
        )
        for first, last in parts.days:
            yield from self._connection.execute(
                "SELECT fund, unit, kind, SUM(MAX(net, 0)), SUM(MAX(-net, 0)) FROM ("
                " SELECT m.fund AS fund, m.unit AS unit, e.kind AS kind, SUM(m.minor) AS net"
                f" FROM movement m JOIN entry e ON e.id = m.entry WHERE m.fund IN ({marks}) AND m.day BETWEEN ? AND ?"
                " GROUP BY m.entry, m.fund, m.unit) GROUP BY fund, unit, kind",
                (*funds, first.isoformat(), last.isoformat()),
            )

    def months(self, fund: str, unit: str, until: date) -> Iterator[tuple[str, int]]:
        """The months, YYYY-MM, in which a fund's holding of a unit changed up to that of `until`, with the change."""
        yield from self._connection.execute(
            "SELECT month, SUM(inflow - outflow) FROM fund_month WHERE fund = ? AND unit = ? AND month <= ?"
            " GROUP BY month ORDER BY month",
            (fund, unit, f"{until:%Y-%m}"),
        )

    def place_flows(self, funds: Collection[str], span: Span) -> dict[tuple[str, str, str], KindTotals]:
        """Opening and flows per (fund, place, unit) of these funds; the kinds are not kept apart."""
        flows: dict[tuple[str, str, str], KindTotals] = defaultdict(KindTotals)
        start, end = span.start or _FIRST, span.end or _LAST
        if span.start is not None:
            for fund, place, unit, inflow, outflow in self._place_sums(funds, _FIRST, start - timedelta(days=1)):
                flows[fund, place, unit].opening += inflow - outflow
        for fund, place, unit, inflow, outflow in self._place_sums(funds, start, end):
            flows[fund, place, unit].add("", inflow, outflow)
        for fund, place, unit, minor in self._opened(funds, span):
            flows[fund, place, unit].begin_with("", minor)
        return dict(flows)

    def _place_sums(self, funds: Collection[str], start: date, end: date) -> Iterator[tuple[str, str, str, int, int]]:
        parts = _parts(start, end)
        marks = ", ".join("?" * len(funds))
        yield from self._connection.execute(
            f"SELECT fund, place, unit, SUM(inflow), SUM(outflow) FROM place_month WHERE fund IN ({marks})"
            " AND month BETWEEN ? AND ? GROUP BY fund, place, unit",
            (*funds, parts.first, parts.last),
        )
        for first, last in parts.days:
            yield from self._connection.execute(
                f"SELECT fund, place, unit, SUM(MAX(minor, 0)), SUM(MAX(-minor, 0)) FROM movement WHERE fund IN ({marks})"
                " AND day BETWEEN ? AND ? GROUP BY fund, place, unit",
                (*funds, first.isoformat(), last.isoformat()),
            )

    def balance(self, fund: str, unit: str) -> int:
        """What the fund holds of a unit, all entries counted."""
        row = self._connection.execute(
            "SELECT COALESCE(SUM(inflow - outflow), 0) FROM fund_month WHERE fund = ? AND unit = ?", (fund, unit)
        ).fetchone()
        return int(row[0])

    def place_balance(self, fund: str, place: str, unit: str, day: date) -> int:
        """What a place holds of a unit at the end of `day`."""
        parts = _parts(_FIRST, day)
        total = self._connection.execute(
            "SELECT COALESCE(SUM(inflow - outflow), 0) FROM place_month"
            " WHERE fund = ? AND place = ? AND unit = ? AND month BETWEEN ? AND ?",
            (fund, place, unit, parts.first, parts.last),
        ).fetchone()[0]
        for first, last in parts.days:
            total += self._connection.execute(
                "SELECT COALESCE(SUM(minor), 0) FROM movement WHERE fund = ? AND place = ? AND unit = ? AND day BETWEEN ? AND ?",
                (fund, place, unit, first.isoformat(), last.isoformat()),
            ).fetchone()[0]
        return int(total)

    def changes_after(self, fund: str, place: str, unit: str, day: date) -> Iterator[tuple[date, int]]:
        """The net change of a place on each day after `day`, in order."""
        for later, minor in self._connection.execute(
            "SELECT day, SUM(minor) FROM movement WHERE fund = ? AND day > ? AND place = ? AND unit = ? GROUP BY day ORDER BY day",
            (fund, day.isoformat(), place, unit),
        ):
            yield date.fromisoformat(later), minor

    def is_empty(self, fund: str) -> bool:
        """Whether nothing was ever recorded in a fund."""
        return self._connection.execute("SELECT 1 FROM entry WHERE fund = ? LIMIT 1", (fund,)).fetchone() is None

    def places(self, fund: str) -> list[str]:
        """Every place of the fund that ever had a movement."""
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT DISTINCT place FROM place_month WHERE fund = ? ORDER BY place", (fund,)
            )
        ]

    def movements(self, fund: str, span: Span, place: str | None = None) -> Iterator[tuple[Entry, str, int]]:
        """The entries that changed a fund (or one of its places) in a span, with unit and net change.

        In the order of a cash book: by date, opening balances first, then by time of recording, then by row within one
        command, and among concurrent recordings receipts before payments. Moves between two places of the fund change a
        place but not the fund, and are left out of the fund's own.
        """
        rows = self._connection.execute(
            "SELECT e.id, e.fund, e.text, m.unit, SUM(m.minor) AS net FROM movement m JOIN entry e ON e.id = m.entry"
            " WHERE m.fund = ? AND m.day BETWEEN ? AND ? AND m.place = COALESCE(?, m.place)"
            " GROUP BY m.entry, m.unit HAVING net <> 0 ORDER BY e.day, e.kind <> 'opening', e.at, e.row, net < 0, e.id, m.unit DESC",
            (fund, *_days(span), place),
        )
        for id_, of_fund, text, unit, net in rows:
            yield entry_of(of_fund, f"{id_} = {text}"), unit, net

    def entries(
        self,
        funds: Sequence[str],
        kinds: Sequence[str],
        span: Span,
        *,
        with_cancelled: bool = True,
        as_of: date | None = None,
    ) -> Iterator[Entry]:
        """The entries of some kinds in a span, by date, fund and time of recording.

        Without `with_cancelled`, cancelled entries are left out; with `as_of`, only those cancelled up to that day, so that a
        report of January reads the same in March. A second reversal of one entry, which has no effect, is always
        left out.
        """
        marks = ", ".join("?" * len(funds)), ", ".join("?" * len(kinds))
        cancelled = "" if with_cancelled else _NOT_CANCELLED
        rows = self._connection.execute(
            f"SELECT id, fund, text FROM entry WHERE fund IN ({marks[0]}) AND kind IN ({marks[1]}) AND day BETWEEN ? AND ?{cancelled}"
            " AND (kind <> 'reversal' OR id IN (SELECT reversal FROM reversal)) ORDER BY day, fund, at, row, id",
            (*funds, *kinds, *_days(span), *(() if with_cancelled else ((as_of or _LAST).isoformat(),))),
        )
        for id_, fund, text in rows:
            yield entry_of(fund, f"{id_} = {text}")

    def entry(self, id_: str) -> Entry | None:
        """The entry with this whole id."""
        return find_entry(self._connection, id_)

    def cancelled_by(self, entry: Entry) -> Entry | None:
        """The entry that a reversal cancels; None for other kinds."""
        return self.entry(entry.fields["of"]) if entry.kind == "reversal" else None

    def by_prefix(self, prefix: str, most: int = 9) -> list[Entry]:
        """The entries of funds whose id begins so."""
        rows = self._connection.execute(
            "SELECT id, fund, text FROM entry WHERE id >= ? AND id < ? AND fund LIKE '%/%' ORDER BY id LIMIT ?",
            (prefix, f"{prefix}g", most),
        )
        return [entry_of(fund, f"{id_} = {text}") for id_, fund, text in rows]

    def recorded_last(self) -> tuple[list[Entry], bool]:
        """The entries in funds that the latest command recorded, in its order, without decisions about registers; and
        whether it is certain that one command did.

        Within one second, the order is that of the ledger (decision 34). Where several commands wrote to several ledgers,
        it is unknown, and every entry of that second is returned.
        """
        rows = self._connection.execute(
            "SELECT id, fund, text, row FROM entry WHERE fund LIKE '%/%'"
            " AND at = (SELECT max(at) FROM entry WHERE fund LIKE '%/%') ORDER BY fund, file, line"
        ).fetchall()
        numbers = [row for *_, row in rows]
        is_one = len(rows) == 1 or sorted(numbers) == [*range(1, len(rows) + 1)]
        if is_one:
            rows.sort(key=lambda found: found[3])
        elif len({fund for _, fund, _, _ in rows}) == 1:
            first = len(rows) - 1
            while 0 < numbers[first - 1] < numbers[first]:
                first -= 1
            rows, is_one = rows[first:], True
        return [entry_of(fund, f"{id_} = {text}") for id_, fund, text, _ in rows], is_one

    def recent(self, most: int) -> list[Entry]:
        """The entries in funds that were recorded last, the latest first."""
        rows = self._connection.execute(
            "SELECT id, fund, text FROM entry WHERE fund LIKE '%/%' ORDER BY at DESC, row DESC, id LIMIT ?", (most,)
        )
        return [entry_of(fund, f"{id_} = {text}") for id_, fund, text in rows]

    def reversal_of(self, id_: str) -> str | None:
        """The id of the entry that cancels this one."""
        row = self._connection.execute("SELECT reversal FROM reversal WHERE cancelled = ?", (id_,)).fetchone()
        return row[0] if row else None

    def paid(self, registers: Registers, funds: Sequence[str], span: Span) -> Iterator[Paid]:
        """What members paid in a span, per fund, due, member, month of payment and period it counts for."""
        sums: dict[tuple[str, str, str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        parts = _parts(span.start or _FIRST, span.end or _LAST)
        marks = ", ".join("?" * len(funds))
        for *key, minor, payments in self._connection.execute(
            "SELECT fund, due, member, unit, month, period, minor, payments FROM paid"
            f" WHERE fund IN ({marks}) AND month BETWEEN ? AND ?",
            (*funds, parts.first, parts.last),
        ):
            sums[tuple(key)] = [minor, payments]
        for key, (minor, payments) in self._part_rows(registers, funds, parts).paid.items():
            sums[key][0] += minor
            sums[key][1] += payments
        for key, (minor, payments) in sorted(sums.items()):
            if minor or payments:
                yield Paid(*key, minor, payments)

    def standing_sums(
        self, registers: Registers, fund: str, due: str, until: date, of: str | None = None
    ) -> tuple[dict[str, Payments], dict[str, list[date]]]:
        """Per member, or for one: the payments towards a due up to a day, and the nights on which they were away."""
        from wksbm_cli.domain.obligations import Payments

        parts = _parts(_FIRST, until)
        named: dict[str, dict[tuple[str, ...], int]] = defaultdict(lambda: defaultdict(int))
        latest: dict[str, str] = defaultdict(str)
        away: dict[tuple[str, str], int] = defaultdict(int)
        rest = self._part_rows(registers, [fund], parts)
        recent = [
            (member, period, minor, month)
            for (by, towards, member, _, month, period), (minor, _) in rest.paid.items()
            if (by, towards) == (fund, due) and of in (None, member)
        ]
        for member, period, minor, month in (
            *self._connection.execute(
                "SELECT member, period, SUM(minor), MAX(month) FROM paid"
                " WHERE fund = ? AND due = ? AND month BETWEEN ? AND ? AND member = COALESCE(?, member)"
                " GROUP BY member, period",
                (fund, due, parts.first, parts.last, of),
            ),
            *recent,
        ):
            named[member][tuple(period.split())] += minor
            latest[member] = max(latest[member], month)
        for member, night, times in (
            *self._connection.execute(
                "SELECT member, night, times FROM away WHERE fund = ? AND due = ? AND month BETWEEN ? AND ?",
                (fund, due, parts.first, parts.last),
            ),
            *((m, night, n) for (by, towards, _, m, night), n in rest.away.items() if (by, towards) == (fund, due)),
        ):
            away[member, night] += times
        nights: dict[str, list[date]] = defaultdict(list)
        for (member, night), times in away.items():
            if times > 0:
                nights[member].append(date.fromisoformat(night))
        return {member: Payments(sums, sums.pop((), 0), latest[member]) for member, sums in named.items()}, nights

    def _part_rows(self, registers: Registers, funds: Sequence[str], parts: _Parts) -> Rows:
        """The rows of the days of partial months, compiled from their entries."""
        from wksbm_cli.domain.kinds import kinds_where
        from wksbm_cli.index.compile import Rows, effect_of

        paying = kinds_where(lambda kind: any(key.name in ("for", "paid") for key in kind.keys))
        rows = Rows()
        for first, last in parts.days:
            for entry in self.entries(funds, [*paying, "reversal"], Span(first, last)):
                original = self.entry(entry.fields["of"]) if entry.kind == "reversal" else entry
                assert original is not None, "the index holds what a reversal cancels"
                effect = effect_of(original, registers)
                rows.add(entry, 0, 0, effect.mirrored() if entry.kind == "reversal" else effect)
        return rows

    def card(self, organisation: str, member: str, span: Span) -> Iterator[tuple[Entry, str, str, int]]:
        """The entries on a member's card, oldest first: entry, due, unit, paid in (or received, when negative)."""
        for id_, fund, text, due, unit, minor in self._connection.execute(
            "SELECT e.id, e.fund, e.text, p.due, p.unit, p.minor FROM party p JOIN entry e ON e.id = p.entry"
            " WHERE p.organisation = ? AND p.member = ? AND p.day BETWEEN ? AND ? ORDER BY p.day, e.at, e.row, e.id",
            (organisation, member, *_days(span)),
        ):
            yield entry_of(fund, f"{id_} = {text}"), due, unit, minor

    def has_reserves(self, fund: str) -> bool:
        """Whether something was ever kept in a reserve of the fund; a cheap question, asked before what there is is worked out."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM entry WHERE fund = ? AND (kind = 'surplus' AND text LIKE '%, kept = {%'"
            " OR kind = 'opening' AND text LIKE '%, reserve = %'))",
            (fund,),
        ).fetchone()
        return bool(row[0])

    def savings(self, fund: str, until: date, of: str | None = None) -> dict[str, dict[str, int]]:
        """What each member, or one, holds of each class of savings at the end of a day: member, then class."""
        held: dict[str, dict[str, int]] = defaultdict(dict)
        for member, towards, minor in self._connection.execute(
            "SELECT p.member, p.due, SUM(p.minor) FROM party p JOIN entry e ON e.id = p.entry"
            f" WHERE p.organisation = ?{'' if of is None else ' AND p.member = ?'}"
            " AND p.due >= 'savings/' AND p.due < 'savings0' AND e.fund = ? AND p.day <= ?"
            " GROUP BY p.member, p.due",
            (fund.partition("/")[0], *([] if of is None else [of]), fund, until.isoformat()),
        ):
            held[member][towards.removeprefix("savings/")] = minor
        return dict(held)

    def saved(self, fund: str) -> int:
        """The savings of all members in a fund, over all entries."""
        row = self._connection.execute("SELECT minor FROM saved WHERE fund = ?", (fund,)).fetchone()
        return int(row[0]) if row else 0

    def lent(self, fund: Fund, registers: Registers) -> dict[str, int]:
        """The principal that each member still owes a fund of all loans; smallest steps of its unit."""
        from wksbm_cli.domain.members_money import KINDS_OF_LOANS, add_lent

        owed: dict[str, int] = {}
        for entry in self.entries([fund.slug], KINDS_OF_LOANS, Span(None, None), with_cancelled=False):
            add_lent(owed, entry, fund, registers)
        return owed

    def going_out(self, fund: str, day: date, event: str) -> Iterable[Entry]:
        """The payments of a fund on a day, or for an event on any day (a death), without cancelled entries."""
        from wksbm_cli.domain.kinds import kinds_where

        kinds = kinds_where(lambda kind: kind.needs_approval == "above-limit")
        found = {entry.id: entry for entry in self.entries([fund], kinds, Span(day, day), with_cancelled=False)}
        given = self.entries([fund], ["disbursement"], Span(None, None), with_cancelled=False) if event else ()
        found |= {entry.id: entry for entry in given if entry.fields.get("event") == event}
        return found.values()

    def given_for_events(self, fund: str, unit: str, until: date) -> list[tuple[str, str, int]]:
        """What was disbursed for each event up to a day: the day, the event, and how much; less when that was cancelled."""
        rows = self._connection.execute(
            """WITH given AS (
                   SELECT id, day, text FROM entry WHERE fund = ? AND kind = 'disbursement' AND text LIKE '% event = %'
               ), moved AS (
                   SELECT id, id AS by, day, text FROM given UNION ALL
                   SELECT given.id, later.id, later.day, given.text FROM given
                   JOIN reversal ON reversal.cancelled = given.id JOIN entry later ON later.id = reversal.reversal
               )
               SELECT moved.day, moved.id, moved.text, -movement.minor FROM moved
               JOIN movement ON movement.fund = ? AND movement.day = moved.day AND movement.entry = moved.by
               WHERE movement.unit = ? AND moved.day <= ?""",
            (fund, fund, unit, until.isoformat()),
        )
        found = ((day, _key_in("event", fund, id_, text), minor) for day, id_, text, minor in rows)
        return [(day, event, minor) for day, event, minor in found if event is not None]

    def given_to_asnaf(self, fund: str, asnaf: str, unit: str, year: int) -> int:
        """The amount of a unit given to one asnaf in a year, without cancelled entries."""
        from wksbm_cli.domain.kinds import kinds_where

        kinds = kinds_where(lambda kind: any(key.name == "asnaf" for key in kind.keys))
        given = self.entries([fund], kinds, Span.year(year), with_cancelled=False)
        return sum(self._net_out(fund, entry.id, unit) for entry in given if entry.fields.get("asnaf") == asnaf)

    def _net_out(self, fund: str, id_: str, unit: str) -> int:
        row = self._connection.execute(
            "SELECT COALESCE(-SUM(minor), 0) FROM movement WHERE fund = ? AND entry = ? AND unit = ?", (fund, id_, unit)
        ).fetchone()
        return int(row[0])

    def received(self, fund: str, unit: str, year: int) -> int:
        """Contributions and donations of a unit received in a year, without cancelled ones."""
        from wksbm_cli.domain.kinds import kinds_where

        kinds = kinds_where(lambda kind: kind.is_collected)
        row = self._connection.execute(
            "SELECT COALESCE(SUM(inflow - outflow), 0) FROM fund_month"
            f" WHERE fund = ? AND unit = ? AND kind IN ({', '.join('?' * len(kinds))}) AND month BETWEEN ? AND ?",
            (fund, unit, *kinds, f"{year:04d}-01", f"{year:04d}-12"),
        ).fetchone()
        return int(row[0])

    def collected(self, fund: str, due: str, night: date) -> Mapping[str, str]:
        """The members who gave on a night, with the entry; without cancelled entries."""
        given: dict[str, str] = {}
        for entry in self.entries([fund], ["contribution"], Span(night, night), with_cancelled=False):
            if entry.fields.get("due", "") == due and "for" not in entry.fields:
                given.update(dict.fromkeys(entry.fields["members"], entry.id))
        return given

    def opened(self, funds: Collection[str]) -> date | None:
        """The earliest date of an uncancelled opening balance of these funds."""
        marks = ", ".join("?" * len(funds))
        (first,) = self._connection.execute(
            f"SELECT MIN(day) FROM entry WHERE fund IN ({marks}) AND kind = 'opening'"
            " AND NOT EXISTS (SELECT 1 FROM reversal WHERE cancelled = entry.id)",
            tuple(funds),
        ).fetchone()
        return date.fromisoformat(first) if first else None

    def counted_after(self, fund: str, place: str, unit: str, day: date) -> date | None:
        """The date of the first count of a place and unit after `day`."""
        counts = self.entries([fund], ["count"], Span(day + timedelta(days=1), None), with_cancelled=False)
        return next(
            (each.date for each in counts if each.fields.get("place", place) == place and each.unit == unit), None
        )

    def voucher_numbers(self, fund: str, year: int, closings: Collection[Closing]) -> dict[str, int]:
        """The running number of each entry that changed what a fund holds in a year, in the order of the cash book.

        Only entries of closed periods have numbers, since nothing can be inserted before them any more; `closings` are those
        in force. An entry that came into a closed period later, from another clone, has none.
        """
        rows = self._connection.execute(
            "SELECT e.id, e.day, e.at, e.fund, e.text FROM ("
            " SELECT entry, SUM(minor) AS net FROM movement WHERE fund = ? AND day BETWEEN ? AND ? GROUP BY entry, unit"
            ") changed JOIN entry e ON e.id = changed.entry WHERE net <> 0 GROUP BY e.id"
            " ORDER BY e.day, e.kind <> 'opening', e.at, e.row, MAX(net) < 0, e.id",
            (fund, *_days(Span.year(year))),
        )
        until = [(closing.until.isoformat(), closing) for closing in closings]
        fixed = []
        for id_, day, at, of, text in rows:
            covering = [closing for last, closing in until if day <= last]
            by = entry_of(of, f"{id_} = {text}").by if covering else ""
            if covering and all(closing.knows(by, datetime.fromisoformat(at)) for closing in covering):
                fixed.append(id_)
        return {id_: number for number, id_ in enumerate(fixed, 1)}

    def refs(self, funds: Sequence[str]) -> dict[str, str]:
        """The ids of the entries that imports have left in these funds, cancelled ones too, by their `ref`."""
        marks = ", ".join("?" * len(funds))
        rows = self._connection.execute(
            f"SELECT text, fund, id FROM entry WHERE fund IN ({marks}) AND text LIKE '% ref = %'", tuple(funds)
        )
        found = ((_key_in("ref", fund, id_, text), id_) for text, fund, id_ in rows)
        return {ref: id_ for ref, id_ in found if ref is not None}

    def sealed_ledgers(self, funds: Iterable[str]) -> dict[str, dict[str, LedgerSeal]]:
        """The inputs of a seal over some funds, and over funds with entries that name them (transfers to them, divided
        payments): by fund, the contribution of each of its ledger files, by path in the book."""
        covered = set(funds)
        marks = ", ".join("?" * len(covered))
        covered |= {
            fund
            for (fund,) in self._connection.execute(
                f"SELECT DISTINCT fund FROM named WHERE register = 'fund' AND name IN ({marks})", tuple(covered)
            )
        }
        found: dict[str, dict[str, LedgerSeal]] = {fund: {} for fund in sorted(covered)}
        for path, *part in self._connection.execute(
            "SELECT path, sealed.lines, until, sealed.digest FROM sealed JOIN file ON id = file"
        ):
            if (fund := path.rpartition("/")[0]) in found:
                found[fund][path] = LedgerSeal(*part)
        return found

    def recorded_lines(self, funds: Iterable[str]) -> Iterator[str]:
        """The ledger line of every entry of some funds."""
        for fund in funds:
            for id_, text in self._connection.execute("SELECT id, text FROM entry WHERE fund = ?", (fund,)):
                yield f"{id_} = {text}"

    def last_recorded(self) -> datetime | None:
        """The latest time of recording in the book, by the recorder's clock."""
        moments = self._connection.execute("SELECT until FROM sealed WHERE until <> ''")
        return max((datetime.fromisoformat(until) for (until,) in moments), default=None)

    def span_of_entries(self) -> Span:
        """The first and last day with an entry of a fund; open on both sides for an empty book."""
        first, last = self._connection.execute(
            "SELECT (SELECT day FROM entry WHERE fund LIKE '%/%' ORDER BY day LIMIT 1),"
            " (SELECT day FROM entry WHERE fund LIKE '%/%' ORDER BY day DESC LIMIT 1)"
        ).fetchone()
        return Span(date.fromisoformat(first), date.fromisoformat(last)) if first else Span(None, None)


class Paid(NamedTuple):
    """A sum of payments of one member towards one due in one month. `period` is '' where the payment named none."""

    fund: str
    due: str
    member: str
    unit: str
    month: str
    period: str
    minor: int
    payments: int


def _days(span: Span) -> tuple[str, str]:
    return (span.start or _FIRST).isoformat(), (span.end or _LAST).isoformat()
