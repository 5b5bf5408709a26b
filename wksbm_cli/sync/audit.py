"""The audit: what was ever done to recorded lines, what was recorded long after it happened, and who recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import git_of
from wksbm_cli.book.ledgers import read_lines
from wksbm_cli.domain.line import id_in
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.sync.history import Commit, CommitChange, read_history

# An entry as the program writes it: its day first, who recorded it and when at the end.
_WRITTEN = re.compile(
    r'[0-9a-f]{12,32} = \{ date = (?P<date>\d{4}-\d\d-\d\d), .*by = "(?P<by>(?:[^"\\]|\\.)*)",'
    r"(?: twin = \d+,)?(?: row = \d+,)? at = (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)(?:, twin = \d+)? \}"
)


class Late(NamedTuple):
    """An entry that was recorded `days` after the day it is dated."""

    fund: str
    id: str
    date: date
    at: datetime
    days: int
    by: str


class Recorder(NamedTuple):
    """So many entries recorded by one name and committed by another (None: not committed yet), from the first to the last."""

    by: str
    committed_by: str | None
    entries: int
    first: datetime
    last: datetime


class Audit(NamedTuple):
    """What an audit found. `days` is from how many days on a recording is late; `unread` are lines that are no entries."""

    commits: int
    entries: int
    days: int
    changes: tuple[CommitChange, ...]
    late: tuple[Late, ...]
    recorders: tuple[Recorder, ...]
    unread: int
    shallow: bool


def audit(folder: Folder, days: int) -> Audit:
    """Audit a book through git; `Refused` where it is not kept in git, since then nothing remembers what was."""
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
        recorders=tuple(_recorders(read, history.brought_in)),
        unread=len(lines) - len(read),
        shallow=history.shallow,
    )


class _Told(NamedTuple):
    """What a line says of its day, its recorder and the moment of recording."""

    date: date
    by: str
    at: datetime


def _told(text: str) -> _Told | None:
    """Read from the text where the program wrote it (twenty times as fast), as TOML where a person did."""
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
    """The latest first; the day of recording is that of the recorder's own clock."""
    late = [
        Late(fund, id_in(text), told.date, told.at, behind, told.by)
        for fund, text, told in lines
        if (behind := (told.at.date() - told.date).days) > days
    ]
    return sorted(late, key=lambda entry: (-entry.days, entry.fund, entry.id))


def _recorders(lines: Sequence[tuple[str, str, _Told]], brought_in: Mapping[tuple[str, str], Commit]) -> list[Recorder]:
    moments: dict[tuple[str, str | None], list[datetime]] = {}
    for fund, text, told in lines:
        commit = brought_in.get((fund, text))
        moments.setdefault((told.by, commit.author if commit else None), []).append(told.at)
    found = [Recorder(by, author, len(at), min(at), max(at)) for (by, author), at in moments.items()]
    return sorted(found, key=lambda one: (-one.entries, one.by, one.committed_by or ""))
