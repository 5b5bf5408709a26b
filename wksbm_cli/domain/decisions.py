"""Decisions: changes of facts in the registers, and the facts that result from applying all of them.

A decision has the old and the new value of one fact, as in compare-and-swap. Of two made concurrently in two clones,
from the same old value, the first by (`at`, id) applies and the other is overruled, since its old value no longer
matches. A third whose old value matches settles the conflict. The facts of an organisation are one tree,
`members.kk-01.name`; a new table (a member, a due) is one fact, and for an array of tables a change has the rows
removed and the rows added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.facts import FIRST_PLACE, of_fund, of_members, of_organisation
from wksbm_cli.domain.inline import inline_key
from wksbm_cli.domain.registers import Registers

KIND = "decision"
# The unique keys of rows in arrays of tables: two tariffs from one day conflict. In all other arrays, rows only
# accumulate.
_ONE_FROM_A_DAY = ("tariffs", "class_changes", "splits", "death", "cancelled")
_BEGINNINGS = ("from", "date")


class FactChange(NamedTuple):
    """A fact by its dotted key, with its old and new value (of an array of tables: rows); None where there is none."""

    fact: str
    was: Any
    now: Any


class Overruled(NamedTuple):
    """A decision that is not applied, since a concurrent one on the same fact came first."""

    decision: Entry
    holding: Entry


class Decided(NamedTuple):
    """The facts after all decisions, the keys they mention, and the overruled decisions not settled since."""

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
    """The changes from one tree of facts to another."""
    if before == after:
        return
    if _is_branch(before, after):
        was, now = before or {}, after or {}
        for name in (*(name for name in was if name not in now), *now):
            yield from fact_changes(
                was.get(name), now.get(name), f"{key}.{inline_key(name)}" if key else inline_key(name)
            )
    elif _both_rows(before, after):
        gone = [row for row in before or () if row not in (after or ())]
        came = [row for row in after or () if row not in (before or ())]
        if gone or came:
            yield FactChange(key, gone or None, came or None)
    else:
        yield FactChange(key, before, after)


def _is_branch(before: Any, after: Any) -> bool:
    """Whether to descend into a table: one that stays, or one that only has other tables."""
    tables = [table for table in (before, after) if table is not None]
    if not all(isinstance(table, Mapping) for table in tables):
        return False
    return len(tables) == 2 or all(isinstance(value, Mapping) for value in tables[0].values())


def _both_rows(before: Any, after: Any) -> bool:
    """Whether a fact is a list of tables before and after, or on one side and absent on the other."""
    return all(_are_rows(value) for value in (before or after, after or before)) and not any(
        value is not None and not isinstance(value, list) for value in (before, after)
    )


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def decided(decisions: Iterable[Entry]) -> Decided:
    """Apply all decisions in the order of (`at`, id), each only where its old value matches the current one.

    A fact not decided on before takes its initial value from the first decision on it, as in a book older than decisions.
    """
    facts: dict[str, Any] = {}
    applied: dict[str, list[Entry]] = {}
    # Within one second, a table comes before the keys in it.
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
    """The change in a decision entry."""
    return FactChange(entry.fields["fact"], entry.fields.get("was"), entry.fields.get("now"))


def _order(entry: Entry) -> tuple[Any, str]:
    return entry.at, entry.id


def _overruled(
    facts: Mapping[str, Any], applied: Mapping[str, Sequence[Entry]], left: Iterable[Entry]
) -> Iterator[Overruled]:
    for entry in left:
        change = change_of(entry)
        if _holds(facts, change):
            continue  # both made the same change
        same = applied.get(change.fact, [])
        rival = next((other for other in same if _are_rivals(change, change_of(other))), None)
        if rival is not None and not any(_order(other) > _order(entry) for other in same):
            yield Overruled(entry, rival)


def _are_rivals(one: FactChange, other: FactChange) -> bool:
    """Whether two decisions on one fact conflict: the same old value, or two rows with one unique key."""
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
    """Whether a decision's old value matches the current one."""
    there = value_at(facts, change.fact)
    if not _both_rows(change.was, change.now):
        return bool(there == change.was)
    rows = there if isinstance(there, list) else []
    if not all(row in rows for row in change.was or ()):
        return False
    staying = [row for row in rows if row not in (change.was or ())]
    return not any(_in_one_place(change.fact, row, other) for row in change.now or () for other in staying)


def contradicted(fact: str, row: Any, held: Sequence[Any]) -> bool:
    """Whether a row conflicts with the current rows of its array."""
    return row not in held and any(_in_one_place(fact, row, other) for other in held)


def _in_one_place(fact: str, row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows of an array have the same unique key."""
    if row == other:
        return True
    array = fact.rpartition(".")[2]
    return array in _ONE_FROM_A_DAY and any(key in row and row[key] == other.get(key) for key in _BEGINNINGS)


def value_at(facts: Mapping[str, Any], fact: str) -> Any:
    """The value at a dotted key; None for nothing."""
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
    if _both_rows(change.was, change.now):
        rows = table.get(last)
        kept = [row for row in rows if row not in (change.was or ())] if isinstance(rows, list) else []
        table[last] = [*kept, *(change.now or ())]
    else:
        table.pop(last, None)
        if change.now is not None:
            table[last] = change.now


def _without_empty(value: Any) -> Any:
    """A copy without empty tables, lists and texts, which mean the same as a missing key."""
    if not isinstance(value, Mapping):
        return value
    kept = {key: _without_empty(part) for key, part in value.items()}
    return {key: part for key, part in kept.items() if part is not None and part not in ("", [], {})}


def undone(tables: Mapping[str, Mapping[str, Any]], decision: Entry) -> Mapping[str, Mapping[str, Any]]:
    """The registers (tables by path in the book) as they were before a decision; the very same where they do not hold what it
    decided, since then it is not the one that made them so."""
    change = change_of(decision)
    register, *keys = steps(change.fact)
    organisation = decision.fund
    told: dict[str, Any] = {}
    match register, keys:
        case "funds", [fund, *keys]:
            path = f"{organisation}/{fund}/fund.toml"
            table = tables.get(path, {})
            told = tree_of({}, {}, {fund: table})
        case "members", [member, *_]:
            path = f"{organisation}/members.toml"
            table = tables.get(path, {})
            told = tree_of({}, {member: table[member]} if member in table else {}, {})
        case _:
            path = f"{organisation}/organisation.toml"
            table = tables.get(path, {})
            told = tree_of(table, {}, {})
    if change.was == change.now or not _begins_at(told, FactChange(change.fact, change.now, change.was)):
        return tables
    if not keys:  # a fund that was added
        return {other: kept for other, kept in tables.items() if other != path}
    if keys == [FIRST_PLACE]:
        places = table.get("places", {})
        first = {change.was: places.get(change.was, change.was), **places} if change.was is not None else {}
        return {**tables, path: {**table, "places": first}}
    before = dict(table)
    _apply(before, FactChange(".".join(map(inline_key, keys)), change.now, change.was))
    _remove_emptied(before, keys)
    return {**tables, path: before}


def _remove_emptied(table: dict[str, Any], keys: Sequence[str]) -> None:
    """Remove the list or table that a change has left empty, and what held nothing else."""
    first, *below = keys
    if below and isinstance(table.get(first), dict):
        _remove_emptied(table[first], below)
    if table.get(first) in ([], {}):
        del table[first]
