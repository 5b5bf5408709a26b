"""Sync: what two treasurers wrote apart, joined, checked and sent, or everything left as it was.

The joining is done in a folder of its own, which is thrown away; the book itself is touched only by moving on to a
state that was checked. Nobody records meanwhile: the book's lock is held.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, changed_files, commit_files, git_of, identity_of, on_this_machine, trouble_of
from wksbm_cli.book.ledgers import read_lines
from wksbm_cli.book.writing import writing
from wksbm_cli.check.check import check
from wksbm_cli.check.finding import Finding
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Trouble
from wksbm_cli.sync.arrivals import refuse_unfit
from wksbm_cli.sync.driver import install
from wksbm_cli.sync.history import lines_at
from wksbm_cli.sync.merge import doubles

# Another treasurer may send between our receiving and our sending; then it is done once more.
_ATTEMPTS = 3
_BUSY = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")

_REWRITTEN = msg("In the other copy, lines that are recorded here were changed or removed. Nothing was changed here:")
_AUDIT = msg("See who and when with: wksbm audit")
_ASK = msg("Ask the other treasurer what became of them; the book here still holds them.")

Lines = frozenset[tuple[str, str]]


class Synced(NamedTuple):
    """What a sync did: files saved, entry lines received and sent. `remote` is None where there is no other copy;
    `were_same` says that neither side had anything, be it a register, that the other had not.

    `doubles` are pairs (fund, our id, their id) that may be one fact typed by two people.
    """

    saved: int
    remote: str | None
    received: int = 0
    sent: int = 0
    were_same: bool = False
    doubles: tuple[tuple[str, str, str], ...] = ()
    notices: tuple[Message, ...] = ()
    dry_run: bool = False


class _Other(NamedTuple):
    """The copy to sync with: its name, the branch there and the ref under which git keeps what it last saw of it."""

    remote: str
    branch: str
    seen: str
    is_new: bool


def sync(folder: Folder, *, by: str, now: datetime, saving: str, joining: str, dry_run: bool = False) -> Synced:
    """Save, receive, join, check and send; a `Problem` says in words why not, and nothing has changed then.

    `saving` and `joining` are what the commits on the way say.
    """
    git = git_of(folder)
    if git is None:
        raise Refused(msg("This book is not kept in git."), hint=msg("To keep it in git, type: wksbm init --git"))
    branch = _branch(git)
    install(git)
    with writing(folder) as notices:
        _check_here(folder, git, now)
        with _unless_it_fails(git, branch) as state:
            # What was recorded since, and changed registers.
            names = changed_files(git)
            saved = len(names) if names and commit_files(git, names, saving, by) else 0
            synced = _exchange(git, branch, state, by=by, now=now, message=joining, dry_run=dry_run)
    return synced._replace(saved=saved, notices=tuple(notices))


def _branch(git: Git) -> str:
    """The branch the book is on, whole name; refused while git is in the middle of something."""
    branch = git.attempt("symbolic-ref", "--quiet", "HEAD").stdout.strip()
    if not branch:
        raise Refused(
            msg("The repository shows an old state of the book, not a branch that grows."),
            hint=msg("Go back to the branch first, for instance: git switch main"),
        )
    if any(git.path(name).exists() for name in _BUSY):
        raise Refused(
            msg("git is in the middle of a merge that someone began by hand."),
            hint=msg("Finish it, or give it up with: git merge --abort (or git rebase --abort)"),
        )
    return branch


def _check_here(folder: Folder, git: Git, now: datetime) -> None:
    """The book as it lies here must be sound before anything of it is sent."""
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
    _check(
        folder,
        now,
        msg("The book does not pass the check, so nothing was sent:"),
        msg("See all of it with: wksbm check"),
    )


def _check(folder: Folder, now: datetime, sentence: Message, hint: Message) -> None:
    errors = check(folder, now).errors
    if errors:
        root = folder.root.resolve()
        raise Trouble(sentence, details=[_told(one, root) for one in errors[:10]], hint=hint)


def _told(finding: Finding, root: Path) -> Message:
    """A finding in one line, its path from the book on: where the two sides were joined is gone again."""
    whole = Path(finding.where.path).resolve()
    path = str(whole.relative_to(root)) if whole.is_relative_to(root) else finding.where.path
    place = {"path": path, "line": str(finding.where.line), "text": finding.text}
    if finding.hint is None:
        return msg("{path}:{line}: {text}", **place)
    return msg("{path}:{line}: {text} {hint}", **place, hint=finding.hint)


def _nothing_lost(before: Lines, after: Lines, sentence: Message, hint: Message) -> None:
    lost = sorted(before - after)
    if lost:
        raise Trouble(
            sentence,
            details=[msg("{fund}: {line}", fund=fund, line=line[:200]) for fund, line in lost[:10]],
            hint=hint,
        )


class _State:
    """Whether what was saved here is to stay, whatever becomes of the rest."""

    stays = False


@contextmanager
def _unless_it_fails(git: Git, branch: str) -> Iterator[_State]:
    """Put the branch and what was staged back where they were, unless the state is to stay. Files are not touched."""
    before = git.head()
    index = git.path("index")
    staged = index.read_bytes() if index.exists() else None
    state = _State()
    try:
        yield state
    finally:
        if not state.stays and git.head() != before:
            git.run("update-ref", *(("-d", branch) if before is None else (branch, before)))
            if staged is None:
                index.unlink(missing_ok=True)
            else:
                index.write_bytes(staged)


def _exchange(git: Git, branch: str, state: _State, *, by: str, now: datetime, message: str, dry_run: bool) -> Synced:
    other = _other(git, branch)
    if other is None:
        state.stays = not dry_run
        return Synced(0, None, dry_run=dry_run)
    ours = git.head()
    before = _lines(git, ours)
    for attempt in range(_ATTEMPTS):
        state.stays = not dry_run  # sound, and nobody's loss where the other copy cannot be reached
        before_that = _seen(git, other)
        _reach(
            git, "fetch", "--quiet", "--no-tags", *on_this_machine(git, other.remote, sending=False), "--", other.remote
        )
        state.stays = False
        theirs = _seen(git, other)
        if theirs:
            refuse_unfit(git, ours, theirs)
        _not_rewritten(git, other, before_that, theirs)
        if ours is None and not theirs:
            return Synced(0, other.remote, were_same=True, dry_run=dry_run)
        joined, twice = _joined(git, ours, theirs, by=by, now=now, message=message)
        after, there = _lines(git, joined), _lines(git, theirs or None)
        synced = Synced(
            0, other.remote, len(after - before), len(after - there), ours == theirs, twice, dry_run=dry_run
        )
        if dry_run:
            return synced
        state.stays = True
        if joined == theirs or _send(git, joined, other, last=attempt == _ATTEMPTS - 1):
            if joined != ours:
                git.run("merge", "--ff-only", "--quiet", joined)
            _follow(git, branch, other)
            return synced
    raise AssertionError("the last attempt sends or raises")


def _other(git: Git, branch: str) -> _Other | None:
    """The copy this branch follows; else the one there is, to be followed from now on."""
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


def _reach(git: Git, *arguments: str) -> None:
    done = git.attempt(*arguments)
    if done.returncode != 0:
        told = trouble_of(done)
        raise Trouble(
            msg("Everything is saved here, but the other copy could not be reached. {reason}", reason=told.text),
            hint=msg("Type wksbm sync again when there is a connection."),
        )


def _seen(git: Git, other: _Other) -> str:
    """The commit at which the other copy was last seen, '' for none."""
    return git.attempt("rev-parse", "--verify", "--quiet", f"{other.seen}^{{commit}}").stdout.strip()


def _not_rewritten(git: Git, other: _Other, before: str, now: str) -> None:
    """Refuse another copy that lost lines it was seen to hold: joined, they would come back as if nothing had been."""
    if not before or before == now:
        return
    try:
        _nothing_lost(_lines(git, before), _lines(git, now or None), _REWRITTEN, _ASK)
    except Trouble:
        # To be found the next time too.
        git.run("update-ref", other.seen, before)
        raise


def _lines(git: Git, commit: str | None) -> Lines:
    return lines_at(git, commit, git.prefix) if commit else frozenset()


def _joined(
    git: Git, ours: str | None, theirs: str, *, by: str, now: datetime, message: str
) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """The commit that holds both sides, checked; and what may have been typed twice."""
    if ours is None:
        return theirs, ()
    if not theirs or git.attempt("merge-base", "--is-ancestor", theirs, ours).returncode == 0:
        return ours, ()
    base = git.attempt("merge-base", ours, theirs).stdout.strip()
    if not base:
        raise Refused(
            msg("The other copy holds another book: the two have no beginning in common."),
            hint=msg("Begin from a clone of one of them: git clone ADDRESS"),
        )
    with _apart(git, ours) as apart:
        if base == ours:
            apart.run("merge", "--ff-only", "--quiet", theirs)
        else:
            _merge(apart, theirs, by=by, message=message)
        commit = apart.head()
        assert commit is not None
        mine, others, after = (_lines(apart, one) for one in (ours, theirs, commit))
        _nothing_lost(mine, after, _REWRITTEN, _ASK)
        _nothing_lost(
            others,
            after,
            msg("Joining would lose lines of the other copy. Nothing was changed here:"),
            _AUDIT,
        )
        _check(
            Folder(apart.top / apart.prefix),
            now,
            msg("Joined, the two copies do not pass the check. Nothing was changed here:"),
            msg(
                "Agree on what is right; who recorded what is too much cancels it (wksbm reverse ID --reason ...). "
                "Then sync again."
            ),
        )
    return commit, tuple(_twice(_lines(git, base), mine, others))


def _twice(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[str, str, str]]:
    for fund in sorted({fund for fund, _ in ours - base} & {fund for fund, _ in theirs - base}):
        sides = ([text for of, text in sorted(lines) if of == fund] for lines in (base, ours - theirs, theirs - ours))
        for mine, other in doubles(*sides):
            yield fund, mine, other


@contextmanager
def _apart(git: Git, commit: str) -> Iterator[Git]:
    """A work tree of its own at a commit, gone afterwards."""
    place = Path(tempfile.mkdtemp(prefix="wksbm-"))
    git.run("worktree", "prune")
    try:
        tree = place / "book"
        git.run("worktree", "add", "--quiet", "--detach", str(tree), commit)
        yield git._replace(top=tree)
    finally:
        git.attempt("worktree", "remove", "--force", str(place / "book"))
        shutil.rmtree(place, ignore_errors=True)
        git.attempt("worktree", "prune")


def _merge(apart: Git, theirs: str, *, by: str, message: str) -> None:
    done = apart.attempt(
        *("-c", "rerere.enabled=false", "merge", "--no-ff", "--no-edit", "--quiet", "-m", message, theirs),
        environment=identity_of(apart, by),
    )
    if done.returncode == 0:
        return
    both = [name for name in apart.run("diff", "--name-only", "--diff-filter=U", "-z").split("\0") if name]
    if not both:
        raise trouble_of(done)
    raise Trouble(
        msgn(
            "The same thing was changed in both copies, in {count} file. Nothing was changed here:",
            "The same thing was changed in both copies, in {count} files. Nothing was changed here:",
            len(both),
        ),
        details=[msg("{path}", path=name) for name in both],
        hint=msg("Agree with the other treasurer on what is right, let one of you change it back, then sync again."),
    )


def _send(git: Git, joined: str, other: _Other, *, last: bool) -> bool:
    """Whether it was taken; not when someone else sent in between, which is no failure before the `last` time."""
    there = on_this_machine(git, other.remote, sending=True)
    done = git.attempt("push", "--quiet", "--porcelain", *there, "--", other.remote, f"{joined}:{other.branch}")
    if done.returncode == 0:
        return True
    if not last and re.search(r"^!\t.*\[rejected\]", done.stdout, re.MULTILINE):
        return False
    told = trouble_of(done)
    raise Trouble(
        msg("Everything is saved here, but could not be sent. {reason}", reason=told.text),
        hint=msg("Type wksbm sync again when there is a connection."),
    )


def _follow(git: Git, branch: str, other: _Other) -> None:
    """Remember the other copy, so that a plain `git pull` knows it too."""
    if other.is_new:
        short = branch.removeprefix("refs/heads/")
        git.run("config", "--local", f"branch.{short}.remote", other.remote)
        git.run("config", "--local", f"branch.{short}.merge", other.branch)
