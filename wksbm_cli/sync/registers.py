"""Changes of registers (facts and closings) in commits, and whether a decision in the ledger records each.

Decisions and registers are committed together, so each commit's changes are compared with the decisions in it. A
closing needs no decision, but is never removed, only marked as reopened.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from wksbm_cli.book.git import Git
from wksbm_cli.book.toml import loaded
from wksbm_cli.domain.decisions import Decided, FactChange, decided, fact_changes, tree_of, value_at
from wksbm_cli.domain.entry import Entry
from wksbm_cli.sync.decided import decisions_in

_FILE = re.compile(
    r"(?P<organisation>[a-z0-9][a-z0-9-]*)/"
    r"(?:(?P<own>organisation|members)|(?P<year>[0-9]{4})|(?P<fund>[a-z0-9][a-z0-9-]*)/fund)\.toml"
)
# git pathspecs of registers and organisations' ledgers, below a book.
_SELECTED = ("*/organisation.toml", "*/members.toml", "*/*/fund.toml", "*/[0-9][0-9][0-9][0-9].toml")


class RegisterChange(NamedTuple):
    """A change of one fact of an organisation, or (`is_closing`) of a fund's closing, as period, person and time.

    `decision` is the entry that records it; None where there is none, as for any closing.
    """

    organisation: str
    change: FactChange
    decision: Entry | None = None
    is_closing: bool = False


# The files of an organisation as (path below the book, blob).
_Files = frozenset[tuple[str, str]]
_Read = Callable[[str], bytes]


class _State(NamedTuple):
    """An organisation's state at a commit."""

    facts: Mapping[str, Any]
    closings: Mapping[str, Sequence[Mapping[str, Any]]]
    decisions: tuple[Entry, ...]
    decided: Decided


def register_changes(git: Git, before: str, after: str) -> list[RegisterChange]:
    """The differences in registers between two commits."""
    with git.objects() as read:
        return list(_differing(_stater(read), _organisations(git, before), _organisations(git, after)))


def undecided_commits(git: Git) -> list[tuple[str, list[RegisterChange]]]:
    """The commits that changed a fact without a decision, or removed a closing; newest first.

    The first commit of a book is skipped.
    """
    below = re.sub(r"([*?\[\]\\])", r"\\\1", git.prefix)
    selected = (f":(top,glob){below}{name}" for name in _SELECTED)
    listed = git.attempt("rev-list", "--topo-order", "--full-history", "--parents", "HEAD", "--", *selected).stdout
    states: dict[str, Mapping[str, _Files]] = {}
    found = []
    with git.objects() as read:
        state = _stater(read)
        for commit, *parents in reversed([row.split() for row in listed.splitlines()]):
            now = states[commit] = _organisations(git, commit)
            done = [
                [change for change in _differing(state, states[parent], now) if _is_undecided(change)]
                for parent in parents
            ]
            # Of a merge, only changes that neither side had made.
            if done and (changes := [change for change in done[0] if all(change in other for other in done)]):
                found.append((commit, changes))
    return found[::-1]


def _is_undecided(change: RegisterChange) -> bool:
    """A fact without a decision, or a removed closing; new and reopened closings are fine."""
    return change.change.was is not None if change.is_closing else change.decision is None


def _organisations(git: Git, commit: str) -> dict[str, _Files]:
    """The files of each organisation at a commit."""
    words = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", *filter(None, [git.prefix]))
    files: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in git.run(*words).split("\0")[:-1]:
        about, _, path = row.partition("\t")
        if path.startswith(git.prefix) and (match := _FILE.fullmatch(below := path.removeprefix(git.prefix))):
            files[match["organisation"]].append((below, about.split(" ")[2]))
    return {organisation: frozenset(of) for organisation, of in files.items()}


def _stater(read: _Read) -> Callable[[str, _Files], _State]:
    """A cached reader of states, which neighbouring commits share."""

    @lru_cache(maxsize=64)
    def state(organisation: str, files: _Files) -> _State:
        members: Mapping[str, Any] = {}
        own: Mapping[str, Any] | None = None
        funds: dict[str, Mapping[str, Any]] = {}
        entries: list[Entry] = []
        for path, blob in sorted(files):
            match = _FILE.fullmatch(path)
            assert match is not None
            if match["year"]:
                entries += decisions_in(organisation, read(blob))
            elif match["fund"]:
                funds[match["fund"]] = _table(read(blob))
            elif match["own"] == "members":
                members = {name: one for name, one in _table(read(blob)).items() if isinstance(one, Mapping)}
            else:
                own = _table(read(blob))
        closings = {fund: _closings(table) for fund, table in funds.items()}
        return _State(tree_of(own, members, funds), closings, tuple(entries), decided(entries))

    return state


def _table(data: bytes) -> dict[str, Any]:
    """The parsed register; empty where it cannot be parsed."""
    return loaded(data) or {}


def _closings(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = table.get("closed", [])
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _differing(
    state: Callable[[str, _Files], _State], before: Mapping[str, _Files], after: Mapping[str, _Files]
) -> Iterator[RegisterChange]:
    for organisation in sorted(before.keys() | after.keys()):
        files, others = (side.get(organisation, frozenset()) for side in (before, after))
        if files != others:
            yield from _changes(organisation, state(organisation, files), state(organisation, others))


def _changes(organisation: str, was: _State, now: _State) -> Iterator[RegisterChange]:
    for change in fact_changes(was.facts, now.facts):
        yield RegisterChange(organisation, change, _decision(change, now))
    for fund in sorted(was.closings.keys() | now.closings.keys()):
        before, after = (side.closings.get(fund, []) for side in (was, now))
        gone = [_told(row) for row in before if not any(_is_kept(row, other) for other in after)]
        came = [_told(row) for row in after if not any(_is_kept(other, row) for other in before)]
        if gone or came:
            yield RegisterChange(
                organisation, FactChange(f"funds.{fund}.closed", gone or None, came or None), None, True
            )


def _is_kept(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a closing is unchanged, or only reopened."""
    return all(after.get(key) == value for key, value in before.items()) and not after.keys() - before.keys() - {
        "reopened"
    }


def _told(closing: Mapping[str, Any]) -> dict[str, Any]:
    return {key: closing[key] for key in ("period", "by", "at", "reopened") if key in closing}


def _decision(change: FactChange, now: _State) -> Entry | None:
    """The last decision on this fact, if its new value equals that of the register; else None."""
    held, stands = value_at(now.decided.facts, change.fact), value_at(now.facts, change.fact)
    if isinstance(held, list) and isinstance(stands, list):
        rows = change.now or []
        if not all(row in held for row in rows) or any(row in held for row in change.was or [] if row not in rows):
            return None
    elif held != stands:
        return None
    about = [entry for entry in now.decisions if _is_about(entry.fields["fact"], change.fact)]
    return max(about, key=lambda entry: (entry.fields["fact"] == change.fact, entry.at, entry.id), default=None)


def _is_about(decision: str, fact: str) -> bool:
    """Whether a decision concerns the fact, a table that contains it, or a part of it."""
    return fact == decision or fact.startswith(f"{decision}.") or decision.startswith(f"{fact}.")
