"""The audit: changes and removals of recorded lines, late recordings, and who recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, git_of
from wksbm_cli.book.ledgers import read_lines
from wksbm_cli.domain.line import id_in
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.sync.history import Commit, CommitChange, History, name_commits, read_history
from wksbm_cli.sync.registers import RegisterChange, undecided_commits

# An entry in canonical form: date first, recorder and time at the end.
_WRITTEN = re.compile(
    r'[0-9a-f]{12,32} = \{ date = (?P<date>\d{4}-\d\d-\d\d), .*by = "(?P<by>(?:[^"\\]|\\.)*)",'
    r"(?: twin = \d+,)?(?: row = \d+,)? at = (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)(?:, twin = \d+)? \}"
)
# Tolerance for clock differences, and for entries recorded while git commits, which come with the next commit.
_CLOCKS_APART = timedelta(hours=1)


class Late(NamedTuple):
    """An entry recorded `days` after its date."""

    fund: str
    id: str
    date: date
    at: datetime
    days: int
    by: str


Disagreement = Literal["early", "passed-over", "late"]


class Arrival(NamedTuple):
    """Entries (fund, id, recorded time) that are inconsistent with the commit that added them.

    `early`: the commit is older than the recorded time. `passed-over`: its parent by the same author, `before`, is later
    than the recorded time and does not contain them. `late`: the commit is many days later.
    """

    commit: Commit
    disagreement: Disagreement
    entries: tuple[tuple[str, str, datetime], ...]
    before: Commit | None = None

    @property
    def days(self) -> int:
        """Days from the earliest recorded time to the commit."""
        return (_made(self.commit) - min(at for _, _, at in self.entries)).days


class Recorder(NamedTuple):
    """The number of entries by recorder and committer (None: uncommitted), with the first and last date.

    `signature` is the status of the commits that added them, `signer` the owner of the key, where known.
    """

    by: str
    committed_by: str | None
    entries: int
    first: datetime
    last: datetime
    signature: str = ""
    signer: str = ""


class RegisterCommit(NamedTuple):
    """A commit's changes of registers without a decision, and closings it removed."""

    commit: Commit
    changes: tuple[RegisterChange, ...]


class Audit(NamedTuple):
    """The result of an audit. `days` is the threshold of late recordings; `unread` are unparsable lines."""

    commits: int
    entries: int
    days: int
    changes: tuple[CommitChange, ...]
    late: tuple[Late, ...]
    arrivals: tuple[Arrival, ...]
    recorders: tuple[Recorder, ...]
    unread: int
    shallow: bool
    registers: tuple[RegisterCommit, ...] = ()

    @property
    def lost_closings(self) -> bool:
        """Whether a closing was ever changed or removed, even if restored since."""
        return any(change.is_closing for one in self.registers for change in one.changes)


def audit(folder: Folder, days: int) -> Audit:
    """Audit a book through git; `Refused` where it is not in git, since then there is no history."""
    git = git_of(folder)
    if git is None:
        raise Refused(
            msg("This book is not kept in git, so nothing tells what stood in it before."),
            hint=msg("To keep it in git from now on, type: wksbm init --git"),
        )
    lines = [(ledger.fund, line.decode(errors="replace")) for ledger in read_lines(folder) for line in ledger.lines]
    history = read_history(git, lines)
    read = [(fund, text, told) for fund, text in lines if (told := _told(text)) is not None]
    return Audit(
        commits=history.commits,
        entries=len(read),
        days=days,
        changes=history.changes,
        late=tuple(_late(read, days)),
        arrivals=tuple(_arrivals(read, history, days)),
        recorders=tuple(_recorders(read, history.brought_in)),
        unread=len(lines) - len(read),
        shallow=history.shallow,
        registers=tuple(_registers(git)),
    )


def _registers(git: Git) -> Iterator[RegisterCommit]:
    found = undecided_commits(git)
    named = name_commits(git, set(), {id_ for id_, _ in found})
    for id_, changes in found:
        yield RegisterCommit(named[id_], tuple(changes))


class _Told(NamedTuple):
    """The date, recorder and time of recording of a line."""

    date: date
    by: str
    at: datetime


def _told(text: str) -> _Told | None:
    """By regular expression for canonical lines (twenty times as fast), else parsed as TOML."""
    if match := _WRITTEN.fullmatch(text):
        try:
            by = re.sub(r"\\(.)", r"\1", match["by"])
            return _Told(date.fromisoformat(match["date"]), by, datetime.fromisoformat(match["at"]))
        except ValueError:
            return None
    import tomli

    try:
        (table,) = tomli.loads(text).values()
    except (ValueError, RecursionError):
        return None
    return _from_table(table)


def _from_table(table: Any) -> _Told | None:
    if not isinstance(table, dict):
        return None
    day, by, at = table.get("date"), table.get("by"), table.get("at")
    if type(day) is not date or type(by) is not str or type(at) is not datetime or at.tzinfo is None:
        return None
    return _Told(day, by, at)


def _late(lines: Iterable[tuple[str, str, _Told]], days: int) -> list[Late]:
    """Largest delay first; the day of recording is in the recorder's own time zone."""
    late = [
        Late(fund, id_in(text), told.date, told.at, behind, told.by)
        for fund, text, told in lines
        if (behind := (told.at.date() - told.date).days) > days
    ]
    return sorted(late, key=lambda entry: (-entry.days, entry.fund, entry.id))


def _arrivals(lines: Iterable[tuple[str, str, _Told]], history: History, days: int) -> list[Arrival]:
    """By commit, oldest first: a book added to git late has one commit of thousands of old entries."""
    found: dict[tuple[str, Disagreement], list[tuple[str, str, datetime]]] = {}
    commits = {commit.id: commit for commit in history.brought_in.values()}
    for fund, text, told in lines:
        commit = history.brought_in.get((fund, text))
        if commit is not None and (what := _disagreement(told.at, commit, history.before.get(commit.id), days)):
            found.setdefault((commit.id, what), []).append((fund, id_in(text), told.at))
    arrivals = [
        Arrival(commits[id_], what, tuple(entries), history.before.get(id_) if what == "passed-over" else None)
        for (id_, what), entries in found.items()
    ]
    return sorted(arrivals, key=lambda one: (_made(one.commit), one.commit.id, one.disagreement))


def _disagreement(at: datetime, commit: Commit, before: Commit | None, days: int) -> Disagreement | None:
    committed = _made(commit)
    if at - committed > _CLOCKS_APART:
        return "early"
    if before is not None and before.email == commit.email and _made(before) - at > _CLOCKS_APART:
        return "passed-over"
    return "late" if (committed - at).days > days else None


def _made(commit: Commit) -> datetime:
    return datetime.fromisoformat(commit.committed)


def _recorders(lines: Sequence[tuple[str, str, _Told]], brought_in: Mapping[tuple[str, str], Commit]) -> list[Recorder]:
    moments: dict[tuple[str, str | None, str, str], list[datetime]] = {}
    for fund, text, told in lines:
        commit = brought_in.get((fund, text))
        key = (told.by, commit.author, commit.signature, commit.signer) if commit else (told.by, None, "", "")
        moments.setdefault(key, []).append(told.at)
    found = [
        Recorder(by, author, len(at), min(at), max(at), signature, signer)
        for (by, author, signature, signer), at in moments.items()
    ]
    return sorted(found, key=lambda one: (-one.entries, one.by, one.committed_by or "", one.signature, one.signer))
