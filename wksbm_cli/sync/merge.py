"""Merging two versions of a file: ledgers by the ids of their lines, registers by their keys.

Ledgers are append-only sets of lines, so their merge is the union. Registers are merged three-way by key; keys that
both sides changed differently are conflicts, unless decisions settle them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from wksbm_cli.domain.line import LINE, is_recorded

_OURS, _BETWEEN, _THEIRS = "<<<<<<< ours", "=======", ">>>>>>> theirs"
# Keys about the recording rather than the fact: recorder, time, twin and row.
_TYPING = re.compile(r', by = "(?:[^"\\]|\\.)*"(?:, twin = \d+)?(?:, row = \d+)?, at = [^ ,}]+(?:, twin = \d+)? \}$')


class Merged(NamedTuple):
    """The merged text, not usable where it has `conflicts` (ids with two texts, keys that both sides changed)."""

    text: str
    conflicts: tuple[str, ...] = ()


def merge_ledgers(ours: str, theirs: str, keeper: str = "") -> Merged:
    """Our lines in our order, then those only they have, each entry once.

    The merge base is not used: a line deleted on one side comes back from the other. Of two texts with one id, the one
    that agrees with it in the ledger of its `keeper` (a fund or organisation) was recorded, and the other was altered.
    """
    told = {id_: line for line in _lines(theirs) if (id_ := _id(line))}
    merged: list[str] = []
    conflicts: list[str] = []
    present: set[str] = set()
    for line in _lines(ours):
        id_ = _id(line)
        if id_ and line in present:
            continue
        present.add(line)
        other = told.pop(id_, line)
        right = [one for one in (line, other) if keeper and is_recorded(keeper, one)]
        if other == line:
            merged.append(line)
        elif len(right) == 1:
            merged += right
        else:
            conflicts.append(id_)
            merged += [_OURS, line, _BETWEEN, other, _THEIRS]
    present |= {""}
    merged += [
        line for line in dict.fromkeys(_lines(theirs)) if line not in present and (_id(line) in told or not _id(line))
    ]
    return Merged("".join(f"{line}\n" for line in merged), tuple(conflicts))


def doubles(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of new lines, one of each side, with the same content: perhaps one fact typed by two people."""
    known = set(base)
    said: dict[str, list[str]] = {}
    for line in ours:
        if line not in known and _id(line):
            said.setdefault(_fact(line), []).append(_id(line))
    return [
        (id_, _id(line))
        for line in theirs
        if line not in known and _id(line)
        for id_ in said.get(_fact(line), [])
        if id_ != _id(line)
    ]


def _lines(text: str) -> list[str]:
    """The lines of a ledger without their ends."""
    return [line.rstrip("\r") for line in text.removeprefix("\ufeff").removesuffix("\n").split("\n")] if text else []


def _id(line: str) -> str:
    """The id of an entry; '' for a comment or the header."""
    match = LINE.fullmatch(line)
    return match[1] if match else ""


def _fact(line: str) -> str:
    return _TYPING.sub("", line.partition(" = ")[2])


class Arbiter(Protocol):
    """Resolves conflicts in a register by decisions, by dotted key within it."""

    def choose(self, path: Sequence[str], ours: Any, theirs: Any) -> Any:
        """The value of a key that both sides changed; `UNDECIDED` where there is no decision on it."""

    def held(self, path: Sequence[str], rows: Sequence[Any]) -> list[Any]:
        """The rows of both sides without those that conflict with one decided on earlier."""


class Nobody:
    """The arbiter without decisions."""

    def choose(self, path: Sequence[str], ours: Any, theirs: Any) -> Any:
        return UNDECIDED

    def held(self, path: Sequence[str], rows: Sequence[Any]) -> list[Any]:
        return list(rows)


def merge_registers(base: str, ours: str, theirs: str, deciding: Arbiter | None = None) -> Merged:
    """Our file with its comments, and their changes since the merge base.

    Where both changed a key, the first decision applies. An unparsable file conflicts as a whole, reported as ''.
    """
    import tomlkit

    try:
        merged, conflicts = _merge_tables(_plain(base), _plain(ours), _plain(theirs), deciding or Nobody())
        document = tomlkit.parse(ours.removeprefix("\ufeff"))
        _rewrite(document, merged, tomlkit.parse(theirs.removeprefix("\ufeff")))
        text = tomlkit.dumps(document)
        # tomlkit may reorder parts of a file, so its output is parsed and compared.
        if not conflicts and _plain(text) != merged:
            conflicts = [""]
    except (ValueError, RecursionError):  # both parsers' errors are ValueErrors
        return Merged(ours, ("",))
    return Merged(text, tuple(conflicts))


def _plain(text: str) -> dict[str, Any]:
    import tomli

    return tomli.loads(text.removeprefix("\ufeff"), parse_float=Decimal)


_MISSING = object()
UNDECIDED = object()
# The book's random identity: of two, both sides take the smaller.
_IDENTITY = ("identity",)


def _merge_tables(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    deciding: Arbiter,
    at: tuple[str, ...] = (),
) -> tuple[dict[str, Any], list[str]]:
    """The merged table, and the dotted keys in conflict, for which ours is kept."""
    merged: dict[str, Any] = {}
    conflicts: list[str] = []
    for key in dict.fromkeys((*ours, *theirs)):
        was, our, their = (table.get(key, _MISSING) for table in (base, ours, theirs))
        value: Any
        if isinstance(our, dict) and isinstance(their, dict):
            value, deeper = _merge_tables(was if isinstance(was, dict) else {}, our, their, deciding, (*at, key))
            conflicts += deeper
        elif their in (was, our):
            value = our
        elif our == was:
            value = their
        elif (joined := _join_lists(was, our, their)) is not None:
            value = deciding.held((*at, key), joined)
        elif (*at, key) == _IDENTITY and isinstance(our, str) and isinstance(their, str):
            value = min(our, their)
        else:
            sides = (None if side is _MISSING else side for side in (our, their))
            value = deciding.choose((*at, key), *sides)
            if value is UNDECIDED:
                value = our
                conflicts.append(".".join((*at, key)))
            elif value is None:
                value = _MISSING
        if value is not _MISSING:
            merged[key] = value
    return merged, conflicts


def _join_lists(base: Any, ours: Any, theirs: Any) -> list[Any] | None:
    """Merge lists to which both sides only added: tariffs, exemptions, closings."""
    base = [] if base is _MISSING else base
    if not all(isinstance(value, list) for value in (base, ours, theirs)):
        return None
    if not all(item in ours and item in theirs for item in base):
        return None
    return [*ours, *(item for item in theirs if item not in ours)]


def _rewrite(document: MutableMapping[str, Any], wanted: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """Edit a document to the wanted value with minimal changes, copying their formatting for their parts."""
    import tomlkit

    for key in [key for key in document if key not in wanted]:
        del document[key]
    for key, value in wanted.items():
        there, their = document.get(key), theirs.get(key)
        if isinstance(value, dict) and isinstance(there, dict):
            _rewrite(there, value, their if isinstance(their, dict) else {})
        elif there is None or _unwrapped(there) != value:
            document[key] = their if their is not None and _unwrapped(their) == value else tomlkit.item(_floats(value))


def _unwrapped(item: Any) -> Any:
    """The plain value of an item, with exact numbers."""
    value = item.unwrap() if hasattr(item, "unwrap") else item
    match value:
        case float():
            return Decimal(repr(value))
        case list():
            return [_unwrapped(each) for each in value]
        case dict():
            return {key: _unwrapped(each) for key, each in value.items()}
    return value


def _floats(value: Any) -> Any:
    """Numbers as floats for tomlkit: at most a dozen digits, which round-trip."""
    match value:
        case Decimal():
            return float(value)
        case list():
            return [_floats(each) for each in value]
        case dict():
            return {key: _floats(each) for key, each in value.items()}
    return value
