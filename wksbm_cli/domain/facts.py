"""The register facts in force on a day, serialised: everything on which a fund's figures and approvals depend.

One fact is one line, `members.kk-01.joined = 2019-01-01`; lines are sorted, so that order and comments in the file do
not matter, and two texts can be compared by eye, `diff` or digest. Telephone numbers and remarks are left out, and so
is what begins after the day: next year's tariff does not change a closed month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from wksbm_cli.domain.inline import inline, inline_key

# Keys with the date on which a table begins; and keys of a date that is included once it has passed.
_BEGINNING = ("from", "date", "joined", "start")
_ENDING = ("to", "left", "end", "written_off")
# Keys of an organisation and a member that affect neither a figure nor who may approve.
_ORGANISATION = ("name", "chair", "secretary", "treasurer", "supervisor", "approvers", "signers", "fiscal_year")
_NO_FACT_OF_A_MEMBER = ("note",)
# Closings are serialised apart; of the places only the first, the default, affects figures.
_NO_FACT_OF_A_FUND = ("closed", "places")
FIRST_PLACE = "first_place"


def facts(fund: str, registers: Mapping[str, Mapping[str, Any]], until: date) -> str:
    """The facts of a fund (`ORG/FUND`) on a day, a line each.

    `registers` are the tables of `fund`, `members` and `organisation` as TOML gives them, decimals exact.
    """
    lines = [
        *fund_facts(fund, registers["fund"], until),
        *members_facts(registers["members"], until),
        *organisation_facts(registers["organisation"], until),
    ]
    return as_text(lines)


def texts_of(
    tables: Mapping[str, Mapping[str, Any]],
    funds: Iterable[str],
    day: date,
    until: str,
    same: Mapping[str, int] | None = None,
) -> dict[str, str]:
    """The facts in force on a day of some funds and their organisations, and the funds' closings up to a moment, as a text
    for each register by its path in the book.

    `tables` are all registers (`Registers.tables`); `same` is how many closings of a fund made at that very moment count.
    """
    found = {}
    for organisation in sorted({fund.partition("/")[0] for fund in funds}):
        for name, lines in (("organisation", organisation_facts), ("members", members_facts)):
            path = f"{organisation}/{name}.toml"
            if path in tables:
                found[path] = as_text(lines(tables[path], day))
    for fund in funds:
        path = f"{fund}/fund.toml"
        if path in tables:
            closed = closing_facts(tables[path].get("closed", []), until, (same or {}).get(fund))
            found[path] = as_text([*fund_facts(fund, tables[path], day), *closed])
    return found


def fund_facts(fund: str, table: Mapping[str, Any], until: date) -> list[str]:
    """The facts that a fund.toml holds, a line each and in no order."""
    return [*_lines("", in_force({"fund": {"slug": fund, **of_fund(table)}}, until))]


def members_facts(table: Mapping[str, Mapping[str, Any]], until: date) -> list[str]:
    """The facts that a members.toml holds."""
    members = of_members(table)
    return [*_lines("", in_force({"members": members}, until))] if members else []


def organisation_facts(table: Mapping[str, Any], until: date) -> list[str]:
    """The facts that an organisation.toml holds."""
    return [*_lines("", in_force({"organisation": of_organisation(table)}, until))]


def closing_facts(closed: Sequence[Mapping[str, Any]], until: str, same: int | None = None) -> list[str]:
    """The closings (`[[closed]]` of a fund.toml) made, and those opened again, up to a moment as it is written.

    `same` limits how many of those made at exactly that moment count; None counts all.
    """
    done = [(_written(row["at"]), False, number) for number, row in enumerate(closed)]
    done += [(_written(row["reopened"]["at"]), True, number) for number, row in enumerate(closed) if "reopened" in row]
    at_once = sorted(one for one in done if one[0] == until)
    counted = {one for one in done if one[0] < until} | set(at_once[:same])
    lines = []
    for _, reopened, number in counted:
        row = {key: value for key, value in closed[number].items() if key != "reopened"}
        told = closed[number]["reopened"] if reopened else row
        lines.append(f"{'reopened' if reopened else 'closed'}.{number} = {inline(_sorted(told))}")
    return lines


def moments(closed: Sequence[Mapping[str, Any]]) -> list[str]:
    """The timestamp of each closing and reopening, as written."""
    return [_written(told["at"]) for row in closed for told in (row, row.get("reopened")) if told is not None]


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def as_text(lines: Iterable[str]) -> str:
    """Facts in the order of their text, a line each."""
    return "".join(f"{line}\n" for line in sorted(lines))


def of_fund(table: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a fund.toml."""
    own = {key: value for key, value in table.items() if key not in _NO_FACT_OF_A_FUND}
    return {FIRST_PLACE: next(iter(table.get("places", {})), ""), **own}


def of_members(table: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a members.toml, by member."""
    return {
        member: {key: value for key, value in entry.items() if key not in _NO_FACT_OF_A_MEMBER}
        for member, entry in table.items()
    }


def of_organisation(table: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an organisation.toml."""
    return {key: value for key, value in table.items() if key in _ORGANISATION}


def facts_digest(text: str) -> str:
    """The digest of such a text: `b2sum -l 160`."""
    return blake2b(text.encode(), digest_size=20).hexdigest()


def differing(before: str, after: str) -> list[tuple[str, str | None, str | None]]:
    """The differences between two such texts: the key, then both values (None: not there)."""
    was, now = _by_key(before), _by_key(after)
    found: list[tuple[str, str | None, str | None]] = []
    for key in sorted(was.keys() | now.keys()):
        gone = [value for value in was.get(key, []) if value not in now.get(key, [])]
        came = [value for value in now.get(key, []) if value not in was.get(key, [])]
        for at in range(max(len(gone), len(came))):
            found.append((key, gone[at] if at < len(gone) else None, came[at] if at < len(came) else None))
    return found


def _by_key(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, _, value = line.partition(" = ")
        found.setdefault(key, []).append(value)
    return found


def in_force(value: Any, until: date) -> Any:
    """A copy without what begins after the day, and without end dates after it."""
    if isinstance(value, Mapping):
        kept = {
            key: in_force(part, until)
            for key, part in value.items()
            if not (key in _ENDING and _is_after(part, until)) and not _is_later(part, until)
        }
        return {key: part for key, part in kept.items() if not _is_emptied(part, value[key])}
    if isinstance(value, list):
        return [in_force(part, until) for part in value if not _is_later(part, until)]
    return value


def _is_after(value: Any, until: date) -> bool:
    return type(value) is date and value > until


def _is_later(value: Any, until: date) -> bool:
    """Whether a table begins after the day: by its own date, or because all its tariffs do."""
    if not isinstance(value, Mapping):
        return False
    tariffs = value.get("tariffs")
    return any(_is_after(value.get(key), until) for key in _BEGINNING) or (
        isinstance(tariffs, list) and bool(tariffs) and all(_is_later(one, until) for one in tariffs)
    )


def _is_emptied(part: Any, was: Any) -> bool:
    """Whether a list or table became empty because everything in it begins later."""
    return isinstance(was, list | Mapping) and bool(was) and not part


def _lines(prefix: str, value: Any) -> Iterator[str]:
    """A line for each value; a list of tables has one for each of them."""
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _lines(f"{prefix}.{inline_key(key)}" if prefix else inline_key(key), part)
    elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        yield from (f"{prefix} = {inline(_sorted(part))}" for part in value)
    else:
        yield f"{prefix} = {inline(_sorted(value))}"


def _sorted(value: Any) -> Any:
    """A copy with sorted keys in every table."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(part) for part in value]
    return value
