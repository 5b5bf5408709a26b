"""Resolving conflicts in registers by the combined decisions of two clones: the first of two on one fact applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from wksbm_cli.book.git import Git
from wksbm_cli.book.ledgers import whole_lines
from wksbm_cli.domain.decisions import Decided, contradicted, decided, value_at
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.inline import inline_key
from wksbm_cli.domain.line import parse_line
from wksbm_cli.domain.problem import Problem
from wksbm_cli.sync.merge import UNDECIDED

_REGISTER = re.compile(
    r"(?P<organisation>[a-z0-9-]+)/(?:(?P<own>organisation|members)|(?P<fund>[a-z0-9-]+)/fund)\.toml"
)
_YEAR = re.compile(r"[0-9]{4}\.toml")


class DecidedRegister(NamedTuple):
    """The facts after the decisions of both clones, for the register at `root` in the tree."""

    decided: Decided
    root: tuple[str, ...]

    @classmethod
    def of(cls, git: Git, read: Callable[[str], bytes], name: str, commits: Iterable[str]) -> DecidedRegister:
        """The arbiter for the file at a path below the top; `Nobody` for other files."""
        match = _REGISTER.fullmatch(name.removeprefix(git.prefix)) if git.holds(name) else None
        if match is None:
            return cls(decided(()), ())
        organisation = match["organisation"]
        entries = {entry.id: entry for one in commits for entry in decisions_at(git, read, one, organisation)}
        return cls(decided(entries.values()), (match["own"],) if match["own"] else ("funds", match["fund"]))

    def choose(self, path: Sequence[str], ours: Any, theirs: Any) -> Any:
        fact = self._fact(path)
        holds = value_at(self.decided.facts, fact)
        if holds is None:
            return None if fact in self.decided.told else UNDECIDED
        if isinstance(holds, list):
            sides = [row for side in (ours, theirs) if isinstance(side, list) for row in side]
            return holds if all(row in sides for row in holds) else UNDECIDED
        return holds if holds in (ours, theirs) else UNDECIDED

    def held(self, path: Sequence[str], rows: Sequence[Any]) -> list[Any]:
        fact = self._fact(path)
        holds = value_at(self.decided.facts, fact)
        if not isinstance(holds, list):
            return list(rows)
        return [row for row in rows if not (isinstance(row, Mapping) and contradicted(fact, row, holds))]

    def _fact(self, path: Sequence[str]) -> str:
        return ".".join(inline_key(step) for step in (*self.root, *path))


def decisions_at(git: Git, read: Callable[[str], bytes], commit: str, organisation: str) -> Iterator[Entry]:
    """The decisions of an organisation in a commit; invalid lines are left to the check."""
    folder = f"{git.prefix}{organisation}"
    listed = git.attempt("ls-tree", "-z", "--name-only", "--full-tree", commit, f"{folder}/").stdout.split("\0")
    for path in listed:
        if _YEAR.fullmatch(path.rpartition("/")[2]):
            yield from decisions_in(organisation, read(f"{commit}:{path}"))


def decisions_in(organisation: str, data: bytes) -> Iterator[Entry]:
    """The decisions in the bytes of an organisation's ledger."""
    for line in whole_lines(data):
        with suppress(Problem):
            yield parse_line(organisation, line.decode(errors="replace"))
