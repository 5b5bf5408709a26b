"""The ledger line: an id and an inline table, `3f9a0c17be42... = { date = 2026-02-09, kind = ... }`.

The one contract everything stands on (docs/format.md). The id is a digest of the fund and of the table
exactly as written, so that a changed line shows and anyone can check one with coreutils. Lines of format 1 have ids of
12 digits, those of format 2 of 32; a file may hold both. A line of format 2 is spelled in one way only, and ends with
the moment of recording.
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
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble

# The format in which new books are kept.
FORMAT = 2
# Digits of an id, by format.
DIGITS = {1: 12, 2: 32}
ID = re.compile(r"[0-9a-f]{12}(?:[0-9a-f]{20})?")
LINE = re.compile(rf"({ID.pattern}) = (\{{ .+ \}})")
_RECORDED_LAST = re.compile(r".*, at = ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}) \}")
_HEAD = ("date", "kind")
# A collection as the program writes it, its members in whole numbers. A night of 60 houses is a kilobyte of these, and
# ten years of nights are most of a large book: read as the JSON they nearly are, they take a third of the time.
_COLLECTION = re.compile(
    r'(\{ date = ([0-9]{4}-[0-9]{2}-[0-9]{2}), kind = "contribution", (?:due = "([a-z0-9-]+)", )?members = )'
    r"\{ ((?:[a-z0-9][a-z0-9-]* = [1-9][0-9]{0,11}, )*[a-z0-9][a-z0-9-]* = [1-9][0-9]{0,11}) \}(.*)"
)
# What follows the members of an ordinary night: texts without an escape, seconds, an offset. Whatever else is TOML's.
_NIGHT_END = re.compile(
    r'(?:, collector = "([a-z0-9-]+)")?, by = "([^"\\\x00-\x1f\x7f]*)"(?:, row = ([1-9][0-9]{0,5}))?, '
    r"at = ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?!-00:00)[+-][01][0-9]:[0-5][0-9]) \}"
)


class NotAnEntry(Trouble):
    """The line does not parse as an id and one inline table."""


class ChangedLine(Trouble):
    """The digest of the line's text is not its id."""


def entry_id(fund: str, text: str, digits: int = DIGITS[2]) -> str:
    """BLAKE2b of so many digits over `ORG/FUND`, a newline and the inline table: `printf '%s\\n%s' FUND TABLE | b2sum -l 128`."""
    return blake2b(f"{fund}\n{text}".encode(), digest_size=digits // 2).hexdigest()


def is_id_of(id_: str, fund: str, text: str) -> bool:
    """Whether an id is that of this text in this fund."""
    return entry_id(fund, text, len(id_)) == id_


def how_to_restore(keeper: str) -> Message:
    """The hint for an altered line; a decision, in an organisation's ledger, is not cancelled but decided anew."""
    if "/" not in keeper:
        return msg(
            "Put the line back as it was (wksbm audit shows it); what was decided is changed by deciding again, for instance with:"
            " wksbm member edit"
        )
    return msg("Put the line back as it was (wksbm audit shows it) and correct it with: wksbm reverse ID --reason ...")


def is_recorded(fund: str, line: str) -> bool:
    """Whether a line agrees with its id in this fund's ledger, as every line that was recorded there does."""
    match = LINE.fullmatch(line)
    return match is not None and is_id_of(match[1], fund, match[2])


def id_in(line: str) -> str:
    """The id a line begins with, or whatever text is there instead."""
    return line.partition(" ")[0]


def is_format_2(id_: str) -> bool:
    """Whether the line of this id is one of format 2."""
    return len(id_) == DIGITS[2]


def make_entry(
    fund: str,
    kind: str,
    day: date,
    fields: Mapping[str, Any],
    by: str,
    at: datetime,
    twin: int = 1,
    format_: int = FORMAT,
    row: int | None = None,
) -> Entry:
    """A new entry with its text and id; keys in the order of the kind's table, empty ones left out.

    `at` is in the offset in which the book writes it (`BookSettings.recorded_at`). `row` is where it stands among the
    entries of one command, from 1; a command that makes one entry says none.
    """
    written = {
        **{key: value for key, value in fields.items() if value is not None},
        "by": by,
        "twin": twin if twin > 1 else None,
        "row": row,
        "at": at,
    }
    table: dict[str, Any] = {"date": day, "kind": kind}
    for key in (*KINDS[kind].keys, *COMMON):
        value = written.pop(key.name, None)
        if value is not None and value != "" and value != [] and value != {}:
            table[key.name] = value
    assert not written, f"{kind} has no {sorted(written)}"
    if format_ == 1 and "twin" in table:
        table["twin"] = table.pop("twin")  # `twin` was the last key of format 1
    text = inline(table)
    kept = {key: value for key, value in table.items() if key not in _HEAD}
    return Entry(entry_id(fund, text, DIGITS[format_]), fund, day, kind, by, at, kept, text)


def parse_line(fund: str, line: str) -> Entry:
    """The entry of one line, its id checked against its text; a `Problem` (`NotAnEntry`, `ChangedLine`) where it is none.

    The shape of the fields is checked apart, by `shape.check_shape`, which needs the registers.
    """
    match = LINE.fullmatch(line)
    if match is None:
        raise NotAnEntry(
            msg("This line is not an entry: an id of 32 hex digits (or 12), an equals sign and one inline table."),
            hint=msg("An entry is written by the program; to correct one, use: wksbm reverse ID --reason ..."),
        )
    id_, text = match.groups()
    table = _table(id_, text)
    expected = entry_id(fund, text, len(id_))
    if id_ != expected:
        raise ChangedLine(
            msg("This line was changed after it was written: its id should be {expected}.", expected=expected),
            hint=how_to_restore(fund),
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
    if is_format_2(id_):
        _check_recorded_last(at, text)
    del table["date"], table["kind"]
    return Entry(id_, fund, day, kind, by, at, table, text)


def _check_recorded_last(at: datetime, text: str) -> None:
    """Validate that the text ends with its `at`, so that line tools find it too: behind the last ` at = `."""
    last = _RECORDED_LAST.fullmatch(text)
    if last is None or last[1] != at.isoformat():
        raise _spelled_otherwise()


def _check_spelling(table: Mapping[str, Any], text: str) -> None:
    """Validate that the text is the canonical serialisation of its values, date and kind first."""
    try:
        written = inline(table)
    except ValueError:  # a hexadecimal number with more digits than Python converts to decimal
        raise _spelled_otherwise() from None
    if tuple(table)[:2] != _HEAD or written != text:
        raise _spelled_otherwise()


def _spelled_otherwise() -> NotAnEntry:
    return NotAnEntry(
        msg("This line is not written as entries are: date and kind first, at last, and nothing spelled otherwise."),
        hint=msg("An entry is written by the program; to correct one, use: wksbm reverse ID --reason ..."),
    )


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
        collector, by, row, at = end.groups()
        with suppress(ValueError):  # an impossible date or time, which the parser reports as ValueError
            table = {"date": date.fromisoformat(day), "kind": "contribution", "due": due, "members": members}
            table |= {"collector": collector, "by": by, "row": int(row) if row else None}
            table["at"] = datetime.fromisoformat(at)
            return {key: value for key, value in table.items() if value is not None}
    table = _toml(id_, f"{before}{{}}{after}")
    table["members"] = members
    return table


def _toml(id_: str, text: str) -> dict[str, Any]:
    import tomli

    try:
        # Parsed inside brackets, so that nothing (not even a comment) can follow the table.
        (table,) = tomli.loads(f"{id_} = [{text}]", parse_float=exact_number)[id_]
    except tomli.TOMLDecodeError as error:
        raise NotAnEntry(msg("This line is not valid TOML: {reason}.", reason=error.msg)) from None
    except (ValueError, ArithmeticError, RecursionError):  # thousands of digits, or brackets nested thousands deep
        raise NotAnEntry(msg("This line holds what no entry can hold.")) from None
    if is_format_2(id_):
        _check_spelling(table, text)
    return table  # type: ignore[no-any-return]
