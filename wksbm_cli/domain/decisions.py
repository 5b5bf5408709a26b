"""Decisions: what was changed of the facts in the registers, and what the facts are by all that was decided.

A decision says of one fact what it was and what it is from then on. Two people who decide on one fact apart from one
another begin at the same value; the first in (`at`, id) holds, since the other begins at what is no more. A third that begins
at what holds settles it. The facts of an organisation are one tree, `members.kk-01.name`; a new table
(a member, a due) is one fact, and of an array of tables each change holds the rows that went and those that came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.facts import of_fund, of_members, of_organisation
from wksbm_cli.domain.inline import inline_key
from wksbm_cli.domain.registers import Registers

KIND = "decision"
# By which keys a row of an array of tables is told from another of the same day: two tariffs from one day contradict
# one another. Of all other arrays, rows only add up.
_ONE_FROM_A_DAY = ("tariffs", "class_changes", "splits", "death", "cancelled")
_BEGINNINGS = ("from", "date")


class FactChange(NamedTuple):
    """A fact by its dotted key, and what it was and is now; None where it is not there. Of an array of tables: its rows."""

    fact: str
    was: Any
    now: Any


class Overruled(NamedTuple):
    """A decision that does not hold, since another on the same fact was made apart from it and came first."""

    decision: Entry
    holding: Entry


class Decided(NamedTuple):
    """The facts as all decisions leave them, which facts these tell of, and those decisions that no later one has settled."""

    facts: Mapping[str, Any]
    told: frozenset[str]
    overruled: tuple[Overruled, ...]


def tree_of(
    organisation: Mapping[str, Any] | None, members: Mapping[str, Any], funds: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The facts of an organisation, from the tables of its registers; `funds` by short name."""
    told = {
        "organisation": of_organisation(organisation or {}),
        "members": of_members(members),
        "funds": {fund: of_fund(table) for fund, table in funds.items()},
    }
    return dict(_without_empty(told))


def facts_of(registers: Registers, organisation: str) -> dict[str, Any]:
    """The facts of an organisation as its registers have them."""
    tables = registers.tables
    funds = {fund.short: fund.slug for fund in registers.funds.values() if fund.organisation == organisation}
    return tree_of(
        tables.get(f"{organisation}/organisation.toml"),
        tables.get(f"{organisation}/members.toml", {}),
        {short: tables[f"{slug}/fund.toml"] for short, slug in funds.items()},
    )


def fact_changes(before: Any, after: Any, key: str = "") -> Iterator[FactChange]:
    """What makes one tree of facts the other."""
    if before == after:
        return
    if _is_branch(before, after):
        was, now = before or {}, after or {}
        for name in (*(name for name in was if name not in now), *now):
            yield from fact_changes(
                was.get(name), now.get(name), f"{key}.{inline_key(name)}" if key else inline_key(name)
            )
    elif _are_rows(before or after) and _are_rows(after or before):
        gone = [row for row in before or () if row not in (after or ())]
        came = [row for row in after or () if row not in (before or ())]
        if gone or came:
            yield FactChange(key, gone or None, came or None)
    else:
        yield FactChange(key, before, after)


def _is_branch(before: Any, after: Any) -> bool:
    """Whether facts lie below: in a table that stays, and in one that only holds others."""
    tables = [table for table in (before, after) if table is not None]
    if not all(isinstance(table, Mapping) for table in tables):
        return False
    return len(tables) == 2 or all(isinstance(value, Mapping) for value in tables[0].values())


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def decided(decisions: Iterable[Entry]) -> Decided:
    """Apply all decisions, each where it begins at what holds, the first in (`at`, id) before others.

    Where none does, what nobody has decided yet is as the first decision on it says it was: in a book that is older.
    """
    facts: dict[str, Any] = {}
    applied: dict[str, list[Entry]] = {}
    # Of one second, a table comes before what stands in it.
    waiting = sorted(decisions, key=lambda entry: (entry.at, len(steps(entry.fields["fact"])), entry.id))

    def apply(entry: Entry) -> None:
        change = change_of(entry)
        _apply(facts, change)
        applied.setdefault(change.fact, []).append(entry)

    while waiting:
        left = []
        for entry in waiting:
            if _begins_at(facts, change_of(entry)):
                apply(entry)
            else:
                left.append(entry)
        if len(left) == len(waiting):
            first = next((one for one in left if _is_first_on(facts, applied, change_of(one))), None)
            if first is None:
                break
            left.remove(first)
            apply(first)
        waiting = left
    return Decided(_without_empty(facts), frozenset(applied), tuple(_overruled(facts, applied, waiting)))


def change_of(entry: Entry) -> FactChange:
    """What a decision changed."""
    return FactChange(entry.fields["fact"], entry.fields.get("was"), entry.fields.get("now"))


def _order(entry: Entry) -> tuple[Any, str]:
    return entry.at, entry.id


def _overruled(
    facts: Mapping[str, Any], applied: Mapping[str, Sequence[Entry]], left: Iterable[Entry]
) -> Iterator[Overruled]:
    for entry in left:
        change = change_of(entry)
        if _holds(facts, change):
            continue  # two decided the same
        same = applied.get(change.fact, [])
        rival = next((other for other in same if _are_rivals(change, change_of(other))), None)
        if rival is not None and not any(_order(other) > _order(entry) for other in same):
            yield Overruled(entry, rival)


def _are_rivals(one: FactChange, other: FactChange) -> bool:
    """Whether two decisions on one fact begin at the same value, or put two rows in one place."""
    if _are_rows(one.now) and _are_rows(other.now):
        return any(_in_one_place(one.fact, row, placed) for row in one.now for placed in other.now)
    return bool(one.was == other.was)


def _holds(facts: Mapping[str, Any], change: FactChange) -> bool:
    there = value_at(facts, change.fact)
    if _are_rows(change.now):
        return isinstance(there, list) and all(row in there for row in change.now)
    return bool(there == change.now)


def _is_first_on(facts: Mapping[str, Any], applied: Mapping[str, Sequence[Entry]], change: FactChange) -> bool:
    return change.fact not in applied and value_at(facts, change.fact) is None


def _begins_at(facts: Mapping[str, Any], change: FactChange) -> bool:
    """Whether a decision begins at what holds."""
    there = value_at(facts, change.fact)
    if not (_are_rows(change.was or change.now) and _are_rows(change.now or change.was)):
        return bool(there == change.was)
    rows = there if isinstance(there, list) else []
    if not all(row in rows for row in change.was or ()):
        return False
    staying = [row for row in rows if row not in (change.was or ())]
    return not any(_in_one_place(change.fact, row, other) for row in change.now or () for other in staying)


def contradicted(fact: str, row: Any, held: Sequence[Any]) -> bool:
    """Whether a row of an array cannot stand beside those that hold."""
    return row not in held and any(_in_one_place(fact, row, other) for other in held)


def _in_one_place(fact: str, row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows of an array cannot both stand."""
    if row == other:
        return True
    array = fact.rpartition(".")[2]
    return array in _ONE_FROM_A_DAY and any(key in row and row[key] == other.get(key) for key in _BEGINNINGS)


def value_at(facts: Mapping[str, Any], fact: str) -> Any:
    """What stands at a dotted key; None for nothing."""
    there: Any = facts
    for step in steps(fact):
        there = there.get(step) if isinstance(there, Mapping) else None
    there = _without_empty(there)
    return None if there in ("", [], {}) else there


def steps(fact: str) -> list[str]:
    """The names in a dotted key, of which one may be quoted."""
    if '"' not in fact:
        return fact.split(".")
    import tomli

    table, found = tomli.loads(f"{fact} = 0"), []
    while isinstance(table, dict):
        (name, table) = next(iter(table.items()))
        found.append(name)
    return found


def _apply(facts: dict[str, Any], change: FactChange) -> None:
    *above, last = steps(change.fact)
    table = facts
    for step in above:
        below = table.get(step)
        table[step] = below = dict(below) if isinstance(below, Mapping) else {}
        table = below
    if _are_rows(change.was or change.now) and _are_rows(change.now or change.was):
        rows = table.get(last)
        kept = [row for row in rows if row not in (change.was or ())] if isinstance(rows, list) else []
        table[last] = [*kept, *(change.now or ())]
    else:
        table.pop(last, None)
        if change.now is not None:
            table[last] = change.now


def _without_empty(value: Any) -> Any:
    """The same without what says nothing: an empty table, list or text is as if it were not there."""
    if not isinstance(value, Mapping):
        return value
    kept = {key: _without_empty(part) for key, part in value.items()}
    return {key: part for key, part in kept.items() if part is not None and part not in ("", [], {})}
