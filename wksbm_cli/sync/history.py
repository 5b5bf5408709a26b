"""The history of ledger lines in git: the commit that added each, and those changed or removed since.

Reads one stream of diffs, each commit against each of its parents: a book of ten years has some thousand commits of a
few lines each. Lines are compared by fund and text, independent of their position and of the book's folder in the
repository.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import IO, Literal, NamedTuple

from wksbm_cli.book.git import LEDGERS, REGISTERS, Git
from wksbm_cli.domain.line import id_in, is_recorded

_PATH = re.compile(r"(?P<prefix>(?:.*/)?)(?P<fund>[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*)/[0-9]{4}\.toml")
_REGISTER = re.compile(
    r"(?P<prefix>(?:.*/)?)[a-z0-9][a-z0-9-]*/(?:(?:organisation|members)|[a-z0-9][a-z0-9-]*/fund)\.toml"
)
_ORGANISATION_PATH = re.compile(r"(?P<prefix>(?:.*/)?)(?P<fund>[a-z0-9][a-z0-9-]*)/[0-9]{4}\.toml")
# The beginning of a decision line; an organisation's ledger is one folder less deep than a fund's.
_DECISION = re.compile(r"[0-9a-f]+ = \{ date = [0-9-]{10}, kind = \"decision\", ")
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_ENTRY = re.compile(rb"[0-9a-f]{12,32} = ")
_COMMIT = re.compile(rb"[0-9a-f]{40,64}\n")
_DIFF = (
    *("-r", "-p", "-U0", "-a", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--diff-algorithm=myers", "--inter-hunk-context=0"),
)

# The lines (fund, text) of the book below a prefix, at a commit or in the work tree.
Seen = Callable[[str | None, str], frozenset[tuple[str, str]]]
Happening = Literal["changed", "removed", "moved"]


class RecordedLine(NamedTuple):
    """A line of a ledger that should be an entry. `prefix` is the folder of its book."""

    prefix: str
    fund: str
    id: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the line: fund and text."""
        return self.fund, self.text

    @property
    def is_valid(self) -> bool:
        """Whether the id matches the text."""
        return is_recorded(self.fund, self.text)


class Commit(NamedTuple):
    """A commit: `date` is its author date (ISO), `committed` its committer date.

    `signature` is a word of `_SIGNATURES`, '' where it was not verified; `signer` the owner of the key, where known.
    """

    id: str
    author: str
    email: str
    date: str
    subject: str
    committed: str
    signature: str = ""
    signer: str = ""


class CommitChange(NamedTuple):
    """A recorded line that a commit changed, removed or moved to another fund.

    `commit` is None for uncommitted changes; `after` is None for a removed line; `stands` is whether the old line is in
    the book today.
    """

    happening: Happening
    commit: Commit | None
    before: RecordedLine
    after: RecordedLine | None
    stands: bool


class History(NamedTuple):
    """`brought_in` is the commit that added each line (fund, text), with its signature; `before` the parent commit of each
    of these; `shallow` says that older commits are missing in this clone."""

    changes: tuple[CommitChange, ...]
    brought_in: Mapping[tuple[str, str], Commit]
    before: Mapping[str, Commit]
    commits: int
    shallow: bool = False


@dataclass(slots=True)
class _Diff:
    """The lines that a commit (None: the work tree) removed from one parent, and those it added."""

    commit: str | None
    parent: str | None
    removed: list[RecordedLine] = field(default_factory=list)
    added: list[RecordedLine] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """A change whose commit is not looked up yet."""

    happening: Happening
    commit: str | None
    before: RecordedLine
    after: RecordedLine | None


def read_history(git: Git, today: Iterable[tuple[str, str]]) -> History:
    """The whole history of the book's ledgers; `today` are the lines (fund, text) that stand in them now.

    Invariant, also across renames, moved folders, links and merges: every entry ever committed is in its fund today, or
    among the changes. Lines of another book in the repository count as that book's only where it has them today.
    """
    others = _other_books(git)
    brought_in: dict[tuple[str, str], str] = {}
    found: list[_Found] = []
    parents: dict[str, str | None] = {}
    ever: dict[tuple[str, str], RecordedLine] = {}
    last_removed: dict[tuple[str, str], str | None] = {}
    # cached: neighbouring commits often share an ancestor
    seen = lru_cache(maxsize=4)(partial(lines_at, git))
    for diffs in _by_commit(_diffs(git)):
        commit = diffs[0].commit
        for diff in diffs:
            _keep_ours(diff, others)
            ever.update((line.key, line) for line in (*diff.removed, *diff.added))
            for line in diff.removed:
                last_removed.setdefault(line.key, commit)
            _set_moved_aside(diff)
        if commit is not None:
            parents[commit] = diffs[0].parent
            brought_in.update(dict.fromkeys((line.key for line in _in_all(diffs)), commit))
        found += _changes(git, diffs, seen)
    standing = set(today)
    told = {one.before.key for one in found}
    found += (
        _Found("removed", last_removed.get(key), line, None)
        for key, line in ever.items()
        if key not in standing and key not in told and line.is_valid
    )
    brought = {*brought_in.values()}
    before = {commit: parent for commit in brought if (parent := parents[commit])}
    named = name_commits(git, {*before.values()}, {*brought, *(one.commit for one in found if one.commit)})
    return History(
        changes=tuple(
            CommitChange(
                one.happening,
                named[one.commit] if one.commit else None,
                one.before,
                one.after,
                one.before.key in standing,
            )
            for one in found
        ),
        brought_in={key: named[commit] for key, commit in brought_in.items()},
        before={commit: named[parent] for commit, parent in before.items()},
        commits=len(parents),
        shallow=git.run("rev-parse", "--is-shallow-repository").strip() == "true",
    )


def ledger_states(git: Git) -> Iterator[tuple[tuple[str, str], ...]]:
    """The ledgers of funds (path in the book, blob) at each commit that touched one, the newest first; of each book of
    the repository apart, wherever it was."""
    for _, books in _states(git, (LEDGERS,), partial(_prefix_of_fund, git)):
        yield from books


def register_states(git: Git) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The same for registers, each with its commit."""
    for commit, books in _states(git, REGISTERS, _prefix_of_register):
        yield from ((commit, state) for state in books)


def _states(
    git: Git, patterns: Sequence[str], prefix_of: Callable[[str], str | None]
) -> Iterator[tuple[str, list[tuple[tuple[str, str], ...]]]]:
    """The matching files at each commit that changed one, newest first, by book."""
    states: dict[str | None, dict[str, str]] = {None: {}}
    listed = [row.split() for row in _listed(git, *patterns)]
    asked = "".join(f"{commit} {parents[0]}\n" if parents else f"{commit}\n" for commit, *parents in reversed(listed))
    raw = ("--raw", "-r", "--no-renames", "--no-abbrev", "--root", "--always", "--stdin")
    state: dict[str, str] = {}
    parent_of = {commit: parents[0] if parents else None for commit, *parents in listed}
    for row in git.run("diff-tree", *raw, "--", *patterns, given=asked).splitlines():
        if not row.startswith(":"):
            state = states[row] = dict(states[parent_of[row]])
            continue
        facts, _, path = row.partition("\t")
        _, mode, _, blob, _ = facts.split()
        if mode == "000000":
            state.pop(_unquoted(path), None)
        else:
            state[_unquoted(path)] = blob
    for commit, *_ in listed:
        books: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for path, blob in sorted(states[commit].items()):
            prefix = prefix_of(path)
            if prefix is not None:
                books[prefix].append((path.removeprefix(prefix), blob))
        yield commit, [tuple(book) for book in books.values()]


def _prefix_of_register(path: str) -> str | None:
    match = _REGISTER.fullmatch(path)
    return match["prefix"] if match else None


def _prefix_of_fund(git: Git, path: str) -> str | None:
    """The folder of the book that a fund's ledger is in. An organisation's ledger, one folder less deep, is none of a seal."""
    is_organisations = path.startswith(git.prefix) and path.removeprefix(git.prefix).count("/") == 1
    match = None if is_organisations else _PATH.fullmatch(path)
    return match["prefix"] if match else None


def _listed(git: Git, *patterns: str) -> list[str]:
    """Each commit that changes such a file, with its nearest ancestors that do, newest first."""
    return git.run("rev-list", "--topo-order", "--full-history", "--parents", "HEAD", "--", *patterns).splitlines()


def _diffs(git: Git) -> Iterator[_Diff]:
    """Every difference, the newest first: the work tree against HEAD, then each commit against each parent."""
    if git.head() is None:
        return
    uncommitted = _Diff(None, "HEAD")
    with git.reading("diff-index", *_DIFF, "HEAD", "--", LEDGERS) as stream:
        _read_diff(stream, uncommitted, b"")
    yield uncommitted
    pairs: list[tuple[str, str | None]] = []
    for row in _listed(git, LEDGERS):
        commit, *parents = row.split()
        pairs += [(commit, parent) for parent in parents] or [(commit, None)]
    asked = "".join(f"{commit} {parent}\n" if parent else f"{commit}\n" for commit, parent in pairs)
    with git.reading("diff-tree", "--stdin", "--root", "--always", *_DIFF, "--", LEDGERS, given=asked) as stream:
        header = stream.readline()
        for commit, parent in pairs:
            assert header.strip().decode() == commit, "git answers in the order it is asked"
            diff = _Diff(commit, parent)
            header = _read_diff(stream, diff, header)
            yield diff


def _read_diff(stream: IO[bytes], diff: _Diff, header: bytes) -> bytes:
    """Read the patch of one commit; returns the header of the next, or nothing at the end.

    The line counts of each hunk are used, so that no content can be mistaken for a header.
    """
    old = new = ""
    for raw in stream:
        if raw.startswith(b"@@"):
            hunk = _HUNK.match(raw)
            assert hunk is not None
            counts = [1 if count is None else int(count) for count in hunk.groups()]
            _read_lines(stream, counts[0], b"-", old, diff.removed)
            _read_lines(stream, counts[1], b"+", new, diff.added)
        elif raw.startswith(b"--- "):
            old = _path_in(raw)
        elif raw.startswith(b"+++ "):
            new = _path_in(raw)
        elif _COMMIT.fullmatch(raw):
            return raw
    return b""


def _read_lines(stream: IO[bytes], count: int, sign: bytes, path: str, into: list[RecordedLine]) -> None:
    while count:
        raw = stream.readline()
        if raw.startswith(b"\\"):  # "\ No newline at end of file"
            continue
        assert raw[:1] == sign, raw
        count -= 1
        if _ENTRY.match(raw, 1):
            text = raw[1:].rstrip(b"\r\n").decode(errors="replace")
            if ledger := _ledger_of(path, text):
                into.append(RecordedLine(*ledger, id_in(text), text))


def _path_in(header: bytes) -> str:
    """The path in `--- a/...` or `+++ b/...`."""
    return _unquoted(header[4:].rstrip(b"\r\n").removesuffix(b"\t").decode(errors="surrogateescape"))[2:]


def _ledger_of(path: str, text: str) -> tuple[str, str] | None:
    """The book's prefix and the fund or organisation of a ledger's path."""
    match = (_ORGANISATION_PATH if _DECISION.match(text) else _PATH).fullmatch(path)
    return (match["prefix"], match["fund"]) if match else None


def _unquoted(path: str) -> str:
    """A path as git prints it, which puts one that holds quotes or control characters in quotes."""
    if not path.startswith('"'):
        return path
    raw = path[1:-1].encode(errors="surrogateescape").decode("unicode_escape")
    return raw.encode("latin-1").decode(errors="surrogateescape")


def _legible(answer: str) -> str:
    """git's output decoded, with U+FFFD for invalid UTF-8 as in lines read from a file."""
    return answer.encode(errors="surrogateescape").decode(errors="replace")


def _by_commit(diffs: Iterable[_Diff]) -> Iterator[list[_Diff]]:
    """Group the diffs of one commit against all its parents."""
    group: list[_Diff] = []
    for diff in diffs:
        if group and group[0].commit != diff.commit:
            yield group
            group = []
        group.append(diff)
    if group:
        yield group


def _other_books(git: Git) -> set[str]:
    """The folders of other books in the repository today."""
    if git.head() is None:
        return set()
    paths = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD").split("\0")
    return {path.removesuffix("book.toml") for path in paths if re.fullmatch(r"(?:.*/)?book\.toml", path)} - {
        git.prefix
    }


def _keep_ours(diff: _Diff, others: set[str]) -> None:
    diff.removed = [line for line in diff.removed if line.prefix not in others]
    diff.added = [line for line in diff.added if line.prefix not in others]


def _set_moved_aside(diff: _Diff) -> None:
    """Remove lines that only moved."""
    places: dict[tuple[str, str], list[RecordedLine]] = defaultdict(list)
    for line in diff.added:
        places[line.key].append(line)
    removed = []
    for line in diff.removed:
        if same := places.get(line.key):
            same.pop()
        else:
            removed.append(line)
    diff.removed = removed
    diff.added = [line for lines in places.values() for line in lines]


def _in_all(diffs: Sequence[_Diff]) -> list[RecordedLine]:
    """The lines that are in no parent."""
    shared = set.intersection(*({line.key for line in diff.added} for diff in diffs))
    return [line for line in diffs[0].added if line.key in shared]


def _changes(git: Git, diffs: Sequence[_Diff], seen: Seen) -> Iterator[_Found]:
    """The changes of one commit to lines of its parents, each reported once.

    In a merge, a line present in one parent and in the common ancestor was removed on the other parent's side, and is
    reported there. A line that no common ancestor had was dropped by the merge itself.
    """
    commit = diffs[0].commit
    new = _by_id(_in_all(diffs))
    gone = [{line.key for line in diff.removed} for diff in diffs]
    told: set[tuple[str, str]] = set()
    for diff in diffs:
        added = _by_id(diff.added)
        for line in diff.removed:
            if line.key in told:
                continue
            told.add(line.key)
            lost = [other for other, keys in zip(diffs, gone, strict=True) if line.key not in keys]
            if any(line.key in lines for other in lost for lines in _ancestors(git, seen, diff, other, line.prefix)):
                continue
            after = _after(line, new) or _after(line, added)
            if after is None and _is_left(line, seen(commit, line.prefix)):
                continue
            if after is not None and after.is_valid and not line.is_valid:
                continue  # a correction; the change that it corrects is reported with its own commit
            yield _Found(_happening(line, after), commit, line, after)


def _by_id(lines: Iterable[RecordedLine]) -> dict[str, list[RecordedLine]]:
    by_id: dict[str, list[RecordedLine]] = defaultdict(list)
    for line in lines:
        by_id[line.id].append(line)
    return by_id


def _after(line: RecordedLine, added: Mapping[str, list[RecordedLine]]) -> RecordedLine | None:
    """The replacement of a line: the same id in the same fund, or in another."""
    same = added.get(line.id, [])
    return next((other for other in same if other.fund == line.fund), same[0] if same else None)


def _happening(before: RecordedLine, after: RecordedLine | None) -> Happening:
    if after is None:
        return "removed"
    return "moved" if before.text == after.text else "changed"


def _ancestors(git: Git, seen: Seen, one: _Diff, other: _Diff, prefix: str) -> Iterator[frozenset[tuple[str, str]]]:
    """The lines of each merge base of two parents."""
    assert one.parent is not None and other.parent is not None, "only merges compare parents"
    for base in git.attempt("merge-base", "--all", one.parent, other.parent).stdout.split():
        yield seen(base, prefix)


def _is_left(line: RecordedLine, lines: frozenset[tuple[str, str]]) -> bool:
    """Whether a second copy of the same line remains.

    For a copy pasted into another fund, the remaining one has to be in the fund that matches its id.
    """
    if line.key in lines:
        return True
    return not line.is_valid and any(
        text == line.text and RecordedLine("", fund, line.id, text).is_valid for fund, text in lines
    )


def lines_at(git: Git, commit: str | None, prefix: str) -> frozenset[tuple[str, str]]:
    """Every ledger line (fund, text) of the book below a prefix, at a commit or (None) in the work tree."""
    where = [commit] if commit else ["--untracked"]
    below = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)
    found = git.attempt(
        *("grep", "-a", "-z", "-G", "--full-name", "--no-color", "--no-line-number", "--no-column"),
        *(
            "-e",
            r"^[0-9a-f]\{12,32\} = ",
            *where,
            "--",
            *(f":(top,glob){below}{depth}/[0-9][0-9][0-9][0-9].toml" for depth in ("*", "*/*")),
        ),
    )
    lines = set()
    for row in found.stdout.split("\n"):
        name, _, text = row.partition("\0")
        line = _legible(text.rstrip("\r"))
        if ledger := _ledger_of(name.removeprefix(f"{commit}:"), line):
            lines.add((ledger[1], line))
    return frozenset(lines)


# Words for git's signature status (`%G?`).
_SIGNATURES = {"G": "good", "B": "bad", "U": "unknown", "X": "expired", "Y": "expired", "R": "revoked", "N": "none"}
_NAMING = "--format=%H%x00%an%x00%ae%x00%aI%x00%s%x00%cI%x00"


def named(git: Git, commit: str) -> Commit:
    """A commit with its metadata."""
    return name_commits(git, set(), {commit})[commit]


def name_commits(git: Git, commits: set[str], judged: set[str]) -> dict[str, Commit]:
    """The metadata of commits; only signatures of those in `judged` are verified, since each costs a run of gpg or ssh."""
    found: dict[str, Commit] = {}
    for asked, signature in ((commits - judged, "%x00"), (judged, "%G?%x00%GS")):
        if not asked:
            continue
        answer = git.run(
            *("log", "--no-walk=unsorted", "--no-color", f"{_NAMING}{signature}", "--stdin"),
            given="\n".join(sorted(asked)),
        )
        for row in _legible(answer).split("\n")[:-1]:
            id_, author, email, date, subject, committed, mark, signer = row.split("\0")
            word = _SIGNATURES.get(mark, "unknown") if mark else ""
            found[id_] = Commit(id_, author, email, date, subject, committed, word, signer if word == "good" else "")
    with git.objects() as read:
        for id_ in judged:
            # git reports no signature also where it is not configured to verify one.
            if found[id_].signature == "none" and b"\ngpgsig" in read(id_).partition(b"\n\n")[0]:
                found[id_] = found[id_]._replace(signature="unknown")
    return found
