"""The ledger line: an id and an inline table, `3f9a0c17be42 = { date = 2026-02-09, kind = ... }`.

The one contract everything stands on (docs/format.md). The id is a digest of the fund and of the table
exactly as written, so that a changed line shows and anyone can check one with coreutils.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from wksbm_cli.domain.dates import check_year
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.inline import exact_number, inline
from wksbm_cli.domain.kinds import COMMON, KINDS
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble

LINE = re.compile(r"([0-9a-f]{12}) = (\{ .+ \})")
_HEAD = ("date", "kind")
# A collection as the program writes it, its members in whole numbers. A night of 60 houses is a kilobyte of these, and
# ten years of nights are most of a large book: read as the JSON they nearly are, they take a third of the time.
_COLLECTION = re.compile(
    r'(\{ date = ([0-9]{4}-[0-9]{2}-[0-9]{2}), kind = "contribution", (?:due = "([a-z0-9-]+)", )?members = )'
    r"\{ ((?:[a-z0-9][a-z0-9-]* = [1-9][0-9]{0,11}, )*[a-z0-9][a-z0-9-]* = [1-9][0-9]{0,11}) \}(.*)"
)
# What follows the members of an ordinary night: texts without an escape, seconds, an offset. Whatever else is TOML's.
_NIGHT_END = re.compile(
    r'(?:, collector = "([a-z0-9-]+)")?, by = "([^"\\\x00-\x1f\x7f]*)", '
    r"at = ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][01][0-9]:[0-5][0-9]) \}"
)


class NotAnEntry(Trouble):
    """A line that is not an id and one inline table."""


class ChangedLine(Trouble):
    """A line whose text is no longer that from which its id was made."""


def entry_id(fund: str, text: str) -> str:
    """48 bits of BLAKE2b over `ORG/FUND`, a newline and the inline table: `printf '%s\\n%s' FUND TABLE | b2sum -l 48`."""
    return blake2b(f"{fund}\n{text}".encode(), digest_size=6).hexdigest()


def make_entry(
    fund: str, kind: str, day: date, fields: Mapping[str, Any], by: str, at: datetime, twin: int = 1
) -> Entry:
    """A new entry with its text and id; keys in the order of the kind's table, empty ones left out."""
    written = {
        **{key: value for key, value in fields.items() if value is not None},
        "by": by,
        "at": at,
        "twin": twin if twin > 1 else None,
    }
    table: dict[str, Any] = {"date": day, "kind": kind}
    for key in (*KINDS[kind].keys, *COMMON):
        value = written.pop(key.name, None)
        if value is not None and value != "" and value != [] and value != {}:
            table[key.name] = value
    assert not written, f"{kind} has no {sorted(written)}"
    text = inline(table)
    kept = {key: value for key, value in table.items() if key not in _HEAD}
    return Entry(entry_id(fund, text), fund, day, kind, by, at, kept, text)


def parse_line(fund: str, line: str) -> Entry:
    """The entry of one line, its id checked against its text; a `Problem` (`NotAnEntry`, `ChangedLine`) where it is none.

    The shape of the fields is checked apart, by `shape.check_shape`, which needs the registers.
    """
    match = LINE.fullmatch(line)
    if match is None:
        raise NotAnEntry(
            msg("This line is not an entry: an id of 12 hex digits, an equals sign and one inline table."),
            hint=msg("An entry is written by the program; to correct one, use: wksbm reverse ID --reason ..."),
        )
    id_, text = match.groups()
    table = _table(id_, text)
    expected = entry_id(fund, text)
    if id_ != expected:
        raise ChangedLine(
            msg("This line was changed after it was written: its id should be {expected}.", expected=expected),
            hint=msg(
                "Put the line back as it was (wksbm audit shows it) and correct it with: wksbm reverse ID --reason ..."
            ),
        )
    day, kind, by, at = table.get("date"), table.get("kind"), table.get("by"), table.get("at")
    if (
        type(day) is not date
        or type(kind) is not str
        or type(by) is not str
        or type(at) is not datetime
        or at.tzinfo is None
    ):
        raise Trouble(msg("An entry needs a date, a kind, who recorded it (by) and when with its time zone (at)."))
    check_year(day.year)
    check_year(at.year)
    if kind not in KINDS:
        raise Trouble(msg('The kind "{kind}" is not known.', kind=kind[:40]))
    del table["date"], table["kind"]
    return Entry(id_, fund, day, kind, by, at, table, text)


def _table(id_: str, text: str) -> dict[str, Any]:
    """The values of an inline table; `NotAnEntry` where it is not TOML."""
    collection = _COLLECTION.fullmatch(text)
    if collection is None:
        return _toml(id_, text)
    before, day, due, pairs, after = collection.groups()
    members: dict[str, int] = json.loads('{"' + pairs.replace(", ", ', "').replace(" = ", '": ') + "}")
    if len(members) != pairs.count("="):  # TOML allows no key twice
        return _toml(id_, text)
    end = _NIGHT_END.fullmatch(after)
    if end is not None:
        collector, by, at = end.groups()
        with suppress(ValueError):  # a day or an hour that is none: TOML says so
            table = {"date": date.fromisoformat(day), "kind": "contribution", "due": due, "members": members}
            table |= {"collector": collector, "by": by, "at": datetime.fromisoformat(at)}
            return {key: value for key, value in table.items() if value is not None}
    table = _toml(id_, f"{before}{{}}{after}")
    table["members"] = members
    return table


def _toml(id_: str, text: str) -> dict[str, Any]:
    import tomli

    try:
        table: dict[str, Any] = tomli.loads(f"{id_} = {text}", parse_float=exact_number)[id_]
    except tomli.TOMLDecodeError as error:
        raise NotAnEntry(msg("This line is not valid TOML: {reason}.", reason=error.msg)) from None
    except (ValueError, ArithmeticError, RecursionError):  # thousands of digits, brackets within thousands of brackets
        raise NotAnEntry(msg("This line holds what no entry can hold.")) from None
    return table
