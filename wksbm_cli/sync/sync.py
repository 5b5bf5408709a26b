"""Sync: merge concurrent work of two treasurers, check the result and push it; atomic, so that a failure changes nothing.

The merge is made among git's objects and checked in a temporary folder in the book's state; only then are the checked
files put in place, durably, and git's branch updated (book/moving.py). The book's lock is held to commit and to apply,
and not during network access.
"""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.disk import disk_trouble
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, changed_files, git_of, on_this_machine, trouble_of
from wksbm_cli.book.ledgers import read_lines
from wksbm_cli.book.lock import locked
from wksbm_cli.book.moving import Move, clear_locks, finish, sweep
from wksbm_cli.book.unjoined import UNDER_WAY
from wksbm_cli.book.writing import note_move, put_files, writing
from wksbm_cli.check.check import Checked, check
from wksbm_cli.check.finding import Finding
from wksbm_cli.domain.line import is_recorded
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused, Trouble, Where
from wksbm_cli.sync.arrivals import refuse_unfit
from wksbm_cli.sync.driver import install
from wksbm_cli.sync.history import lines_at
from wksbm_cli.sync.joining import blob_at, changed_contents, changed_names, join, lay_out, save
from wksbm_cli.sync.merge import doubles
from wksbm_cli.sync.registers import RegisterChange, register_changes

# Retries: another treasurer may push between our fetch and our push.
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.2
_SYNC_PATIENCE_SECONDS = 5.0

_REWRITTEN = msg("In the other copy, lines that are recorded here were changed or removed. Nothing was changed here:")
_AUDIT = msg("See who and when with: wksbm audit")
_ASK = msg("Ask the other treasurer what became of them; the book here still holds them.")

Lines = frozenset[tuple[str, str]]


class Synced(NamedTuple):
    """The result of a sync: files saved, entry lines received and sent. `remote` is None where there is no other clone;
    `were_same` where neither side had anything new, registers included.

    `doubles` are pairs (fund, our id, their id) that may be duplicates typed by two people; `findings` are those of a
    check that are new in the merged book; `registers` the changes of registers received.
    """

    saved: int
    remote: str | None
    received: int = 0
    sent: int = 0
    were_same: bool = False
    doubles: tuple[tuple[str, str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    registers: tuple[RegisterChange, ...] = ()
    notices: tuple[Message, ...] = ()
    dry_run: bool = False


class _Other(NamedTuple):
    """The remote: its name, its branch and the remote-tracking ref."""

    remote: str
    branch: str
    seen: str
    is_new: bool


def sync(folder: Folder, *, by: str, now: datetime, saving: str, joining: str, dry_run: bool = False) -> Synced:
    """Commit, fetch, merge, check and push; a `Problem` where that fails.

    `saving` and `joining` are the messages of the commits.
    """
    git = git_of(folder)
    if git is None:
        raise Refused(msg("This book is not kept in git."), hint=msg("To keep it in git, type: wksbm init --git"))
    busy = Trouble(
        msg("Another sync of this book is going on."), hint=msg("Wait until it is done, then type the command again.")
    )
    try:
        with locked(folder, "sync.lock", _SYNC_PATIENCE_SECONDS, busy):
            return _Sync(folder, git, by, now, saving, joining, dry_run).run()
    except OSError as error:
        raise disk_trouble(error, folder, folder.state) from None


class _Sync:
    """One sync in progress, under the lock of syncs of this clone."""

    def __init__(
        self, folder: Folder, git: Git, by: str, now: datetime, saving: str, joining: str, dry_run: bool
    ) -> None:
        self.folder, self.git, self.by, self.now = folder, git, by, now
        self.saving, self.joining, self.dry_run = saving, joining, dry_run
        self.branch = _branch(git)
        self.saved: set[str] = set()
        self.findings: tuple[Finding, ...] = ()
        self.notices: list[Message] = []

    def run(self) -> Synced:
        under_way = self.folder.state / "sync"
        was_killed = under_way.exists()
        under_way.mkdir(exist_ok=True)
        try:
            return self._run(was_killed)
        finally:
            if not self.folder.write_ahead.exists():  # otherwise a pending update would be overwritten
                shutil.rmtree(under_way, ignore_errors=True)

    def _run(self, was_killed: bool) -> Synced:
        git, branch = self.git, self.branch
        _clear_own_locks(git)
        other = _other(git, branch)
        if was_killed:
            clear_locks(git, ("config", *([other.seen] if other else [])))
        with suppress(Trouble):  # for users of plain `git pull`; nothing here depends on it
            install(git)
        if other is None:
            self._apply_here(None)
            return self._synced(Synced(0, None))
        received: set[tuple[str, str]] = set()
        changed: list[RegisterChange] = []
        for attempt in range(_ATTEMPTS):
            theirs = self._fetched(other)
            ours, joined, twice = self._apply_here(theirs, other)
            if ours is None and not theirs:
                return self._synced(Synced(0, other.remote, were_same=True))
            mine, after, there = (_lines(git, one) for one in (ours, joined, theirs or None))
            received |= after - mine
            if ours and joined != ours:
                changed += register_changes(git, ours, joined)
            synced = Synced(0, other.remote, len(received), len(after - there), ours == theirs, twice)
            synced = synced._replace(registers=tuple(changed))
            if self.dry_run:
                return self._synced(synced)
            if joined == theirs or _send(git, joined, other, last=attempt == _ATTEMPTS - 1):
                _follow(git, branch, other)
                git.attempt("update-ref", other.seen, joined)
                return self._synced(synced)
            time.sleep(_PAUSE_SECONDS * (attempt + random.random()))
        raise AssertionError("the last attempt sends or raises")

    def _synced(self, synced: Synced) -> Synced:
        return synced._replace(
            saved=len(self.saved), findings=self.findings, notices=tuple(self.notices), dry_run=self.dry_run
        )

    def _fetched(self, other: _Other) -> str:
        """Fetch the remote's current commit, '' for none; where it cannot be reached, local commits are kept."""
        refs = "+refs/heads/*:refs/wksbm/fetched/*"
        there = on_this_machine(self.git, other.remote, sending=False)
        done = self.git.attempt("fetch", "--quiet", "--no-tags", "--refmap=", *there, "--", other.remote, refs)
        if done.returncode != 0:
            self._apply_here(None)
            raise Trouble(
                msg(
                    "Everything is saved here, but the other copy could not be reached. {reason}",
                    reason=trouble_of(done).text,
                ),
                hint=msg("Type wksbm sync again when there is a connection."),
            )
        short = other.branch.removeprefix("refs/heads/")
        return _commit_at(self.git, f"refs/wksbm/fetched/{short}")

    def _apply_here(
        self, theirs: str | None, other: _Other | None = None
    ) -> tuple[str | None, str, tuple[tuple[str, str, str], ...]]:
        """Under the book's lock: commit, merge, check, apply. Returns the files saved, the merge, and likely duplicates."""
        with writing(self.folder) as notices:
            self.notices += notices
            finish(self.folder)
            place = sweep(self.folder)
            before = _check_here(self.folder, self.git, place, self.now)
            if theirs:
                refuse_unfit(self.git, self.git.head(), theirs)
            if other is not None:
                _not_rewritten(self.git, _commit_at(self.git, other.seen), theirs or "")
            old = self.git.head()
            names = changed_files(self.git)
            ours = save(self.git, place, old, names, self.saving, self.by) if names else old
            if ours != old:
                self.saved |= set(names)
            joined, twice = (ours, ()) if not theirs else self._joined(place, ours, theirs, before)
            if joined is not None and joined != old and not self.dry_run:
                contents = changed_contents(self.git, ours, joined)
                _nothing_of_others(self.git, ours, contents)
                to = Move(self.branch, old, joined, tuple(changed_names(self.git, old, joined)))
                _move(self.folder, self.git, to, contents)
        return ours, joined or "", twice

    def _joined(
        self, place: Path, ours: str | None, theirs: str, before: Checked
    ) -> tuple[str | None, tuple[tuple[str, str, str], ...]]:
        """The checked merge commit, and likely duplicates.

        Findings that an entry can correct, such as a place that both emptied, can only be corrected in the merged book, since
        neither side knows the other's entry. So they are reported and do not prevent the merge.
        """
        git = self.git
        if ours is None:
            return theirs, ()
        if git.attempt("merge-base", "--is-ancestor", theirs, ours).returncode == 0:
            return ours, ()
        base = _common_base(git, place, ours, theirs, self.by)
        if not base:
            raise Refused(
                msg("The other copy holds another book: the two have no beginning in common."),
                hint=msg("Begin from a clone of one of them: git clone ADDRESS"),
            )
        commit = theirs if base == ours else join(git, place, base, ours, theirs, self.joining, self.by)
        mine, others, after = (_lines(git, one) for one in (ours, theirs, commit))
        _nothing_lost(mine, after, _REWRITTEN, _ASK)
        _nothing_lost(
            others, after, msg("Joining would lose lines of the other copy. Nothing was changed here:"), _AUDIT
        )
        joined = Folder(lay_out(git, place / "tree", commit))
        checked = check(joined, self.now)
        _refuse(
            checked.broken,
            joined,
            msg("Joined, the two copies hold what cannot be read. Nothing was changed here:"),
            msg("Agree with the other treasurer on what is right, let one of you put it right, then sync again."),
        )
        known = {_named(finding) for finding in before.findings}
        self.findings = tuple(
            finding._replace(where=_within(finding.where, joined, self.folder))
            for finding in checked.findings
            if _named(finding) not in known
        )
        return commit, tuple(_twice(_lines(git, base), mine, others))


def _common_base(git: Git, place: Path, ours: str, theirs: str, by: str) -> str:
    """The merge base, '' for none.

    After a criss-cross merge, as from a race to push, there are several: these are merged first, as git's recursive
    strategy does, so that neither side appears to revert the other's changes.
    """
    base, *others = git.attempt("merge-base", "--all", ours, theirs).stdout.split() or [""]
    for other in others:
        before = git.attempt("merge-base", base, other).stdout.strip()
        with suppress(Trouble):  # where the bases conflict, take the first
            base = join(git, place, before, base, other, "base", by) if before else base
    return base


def _clear_own_locks(git: Git) -> None:
    """Remove stale locks of refs that only a sync writes; only one sync runs at a time."""
    for lock in git.path("refs/wksbm").rglob("*.lock"):
        lock.unlink(missing_ok=True)


def _commit_at(git: Git, ref: str) -> str:
    """The commit a ref names, '' for none."""
    return git.attempt("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").stdout.strip()


def _nothing_of_others(git: Git, ours: str | None, contents: Mapping[str, bytes | None]) -> None:
    """Refuse to overwrite uncommitted local changes: files outside the book, or an edit made meanwhile."""
    with git.objects() as read:
        for name in contents:
            path = git.top / name
            here = path.read_bytes() if path.is_file() else None
            saved = read(f"{ours}:{name}") if ours and blob_at(git, ours, name) else None
            if here is not None and here.replace(b"\r\n", b"\n") != (saved or b"").replace(b"\r\n", b"\n"):
                raise Refused(
                    msg("{path} was changed here and is not saved, and the other copy has another.", path=name),
                    hint=msg("Save it with git commit, or move it away; then sync again."),
                )


def _branch(git: Git) -> str:
    """The full name of the current branch; refused during a merge, rebase and the like."""
    for mark, operation in UNDER_WAY.items():
        if git.path(mark).exists():
            raise Refused(
                msg("git is in the middle of a {operation} that someone began by hand.", operation=operation),
                hint=msg("Finish it, or give it up with: git {operation} --abort", operation=operation),
            )
    branch = git.attempt("symbolic-ref", "--quiet", "HEAD").stdout.strip()
    if not branch:
        raise Refused(
            msg("The repository shows an old state of the book, not a branch that grows."),
            hint=msg("Go back to the branch first, for instance: git switch main"),
        )
    return branch


def _check_here(folder: Folder, git: Git, place: Path, now: datetime) -> Checked:
    """Check the local book before anything is pushed; returns the findings.

    An error already in the last commit came from a merge: it is reported, and the entry that corrects it has to be pushed
    too.
    """
    committed = _lines(git, git.head())
    here = frozenset(
        (ledger.fund, line.decode(errors="replace")) for ledger in read_lines(folder) for line in ledger.lines
    )
    _nothing_lost(
        committed,
        here,
        msg("Recorded lines were changed or removed here by hand:"),
        _AUDIT,
    )
    checked = check(folder, now)
    errors, head = checked.errors, git.head()
    if errors and head and not checked.broken:
        known = {_named(one) for one in check(Folder(lay_out(git, place / "head", head)), now).errors}
        errors = [error for error in errors if _named(error) not in known]
    _refuse(
        errors,
        folder,
        msg("The book does not pass the check, so nothing was sent:"),
        msg("See all of it with: wksbm check"),
    )
    return checked


def _refuse(errors: Sequence[Finding], folder: Folder, sentence: Message, hint: Message) -> None:
    if errors:
        root = folder.root.resolve()
        raise Trouble(sentence, details=[_told(one, root) for one in errors[:10]], hint=hint)


def _named(finding: Finding) -> tuple[str, str, str]:
    """The identity of a finding, independent of its line number."""
    return finding.code, finding.fund, str(finding.text)


def _within(where: Where, joined: Folder, folder: Folder) -> Where:
    """Map a path in the temporary folder of the check to the book."""
    path = folder.root / Path(where.path).resolve().relative_to(joined.root.resolve())
    return folder.where(path, where.line, where.excerpt)


def _told(finding: Finding, root: Path) -> Message:
    """A finding in one line, with its path mapped from the temporary folder to the book."""
    whole = Path(finding.where.path).resolve()
    path = str(whole.relative_to(root)) if whole.is_relative_to(root) else finding.where.path
    return finding._replace(where=finding.where._replace(path=path)).in_a_line()


def _move(folder: Folder, git: Git, to: Move, contents: Mapping[str, bytes | None]) -> None:
    """Put files in place (paths below the top; None removes), then update git. The caller holds the book's lock."""
    if contents:
        put_files(folder, git.prefix, contents, to.recorded())
    else:
        note_move(folder, to.recorded())
    finish(folder)


def _nothing_lost(before: Lines, after: Lines, sentence: Message, hint: Message) -> None:
    """Refuse to lose a recorded line. One that disagrees with its id was never recorded so, and may be put right."""
    lost = sorted((fund, line) for fund, line in before - after if is_recorded(fund, line))
    if lost:
        raise Trouble(
            sentence,
            details=[msg("{fund}: {line}", fund=fund, line=line[:200]) for fund, line in lost[:10]],
            hint=hint,
        )


def _other(git: Git, branch: str) -> _Other | None:
    """The branch's upstream; else the only remote, which becomes the upstream."""
    told = git.run("for-each-ref", "--format=%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)", branch)
    remote, there, seen, *_ = (*told.rstrip("\n").split("\0"), "", "")
    if remote and there and seen:
        return _Other(remote, there, seen, is_new=False)
    remotes = git.run("remote").split()
    if not remotes:
        return None
    if "origin" not in remotes and len(remotes) > 1:
        raise Refused(
            msg("There are several other copies: {names}.", names=", ".join(remotes)),
            hint=msg("Say once which one to follow: git branch --set-upstream-to NAME/BRANCH"),
        )
    remote = "origin" if "origin" in remotes else remotes[0]
    short = branch.removeprefix("refs/heads/")
    return _Other(remote, branch, f"refs/remotes/{remote}/{short}", is_new=True)


def _not_rewritten(git: Git, before: str, now: str) -> None:
    """Refuse a remote whose history was rewritten and lost lines seen before: a merge would silently restore them."""
    if before and before != now:
        _nothing_lost(_lines(git, before), _lines(git, now or None), _REWRITTEN, _ASK)


def _lines(git: Git, commit: str | None) -> Lines:
    return lines_at(git, commit, git.prefix) if commit else frozenset()


def _twice(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[str, str, str]]:
    both = {fund for fund, _ in ours - base} & {fund for fund, _ in theirs - base}
    for fund in sorted(fund for fund in both if "/" in fund):  # two equal decisions are no duplicates to report
        sides = ([text for of, text in sorted(lines) if of == fund] for lines in (base, ours - theirs, theirs - ours))
        for mine, other in doubles(*sides):
            yield fund, mine, other


# git's messages when someone else pushed at the same time.
_OVERTAKEN = re.compile(
    r"^!\t.*(?:\[rejected\]|cannot lock ref|failed to update ref|incorrect old value|fetch first|non-fast-forward)",
    re.MULTILINE,
)
_REFUSED = re.compile(r"^!\t.*\[remote rejected\]", re.MULTILINE)


def _send(git: Git, joined: str, other: _Other, *, last: bool) -> bool:
    """Push; False where someone else pushed in between, which is an error only at the `last` attempt."""
    there = on_this_machine(git, other.remote, sending=True)
    done = git.attempt("push", "--quiet", "--porcelain", *there, "--", other.remote, f"{joined}:{other.branch}")
    if done.returncode == 0:
        return True
    told = trouble_of(done)
    if _OVERTAKEN.search(done.stdout):
        if not last:
            return False
        raise Trouble(
            msg("Everything is saved and joined here; others kept sending at the same moment."),
            hint=msg("Type wksbm sync again."),
        )
    if _REFUSED.search(done.stdout):
        raise Trouble(
            msg("Everything is saved here, but the other copy refused it. {reason}", reason=told.text),
            hint=msg("Ask whoever keeps the other copy; then type wksbm sync again."),
        )
    raise Trouble(
        msg("Everything is saved here, but could not be sent. {reason}", reason=told.text),
        hint=msg("Type wksbm sync again when there is a connection."),
    )


def _follow(git: Git, branch: str, other: _Other) -> None:
    """Configure the upstream, also for plain `git pull`."""
    if other.is_new:
        short = branch.removeprefix("refs/heads/")
        git.run("config", "--local", f"branch.{short}.remote", other.remote)
        git.run("config", "--local", f"branch.{short}.merge", other.branch)
