"""Merging two commits among git's objects: without work tree, merge driver or settings of a repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from wksbm_cli.book.git import Git, identity_of
from wksbm_cli.domain.message import msg, msgn
from wksbm_cli.domain.problem import Refused, Trouble
from wksbm_cli.domain.signing import signed_file
from wksbm_cli.sync.decided import DecidedRegister
from wksbm_cli.sync.merge import Arbiter, merge_ledgers, merge_registers

_FILE_MODES = ("100644", "100755")
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def save(git: Git, place: Path, head: str | None, names: Sequence[str], message: str, by: str) -> str | None:
    """Commit these files on top of `head`, without changing a ref or git's index."""
    scratch = {"GIT_INDEX_FILE": str((place / "index").resolve()), "GIT_LITERAL_PATHSPECS": "1"}
    git.run("read-tree", head or "--empty", environment=scratch)
    git.run("add", "--all", "--", *names, environment=scratch)
    tree = git.run("write-tree", environment=scratch).strip()
    if head and tree == git.run("rev-parse", f"{head}^{{tree}}").strip():
        return head
    return _commit(git, tree, [head] if head else [], message, by)


def join(git: Git, place: Path, base: str, ours: str, theirs: str, message: str, by: str) -> str:
    """The merge commit of both sides: ledgers by ids, registers by keys, other texts by lines."""
    scratch = {"GIT_INDEX_FILE": str((place / "join").resolve())}
    git.run("read-tree", "-i", "-m", "--aggressive", base, ours, theirs, environment=scratch)
    stages: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in git.run("ls-files", "--unmerged", "--full-name", "-z", environment=scratch).split("\0")[:-1]:
        facts, _, name = row.partition("\t")
        mode, blob, stage = facts.split()
        stages[name][stage] = mode, blob
    conflicts, entries = [], []
    with git.objects() as read:
        for name, sides in stages.items():
            text = None
            if {"2", "3"} <= sides.keys() and all(mode in _FILE_MODES for mode, _ in sides.values()):
                was, our, their = (read(sides[stage][1]) if stage in sides else b"" for stage in "123")
                deciding = DecidedRegister.of(git, read, name, (ours, theirs))
                text = _joined_text(git, place, name, was, our, their, deciding)
            if text is None:
                conflicts.append(name)
                continue
            (place / "joined").write_bytes(text)
            blob = git.run("hash-object", "-w", "--no-filters", "--", str((place / "joined").resolve())).strip()
            entries += [f"0 {'0' * 40}\t{name}\0", f"{sides['2'][0]} {blob}\t{name}\0"]
    if conflicts:
        raise Trouble(
            msgn(
                "The same thing was changed in both copies, in {count} file. Nothing was changed here:",
                "The same thing was changed in both copies, in {count} files. Nothing was changed here:",
                len(conflicts),
            ),
            details=[msg("{path}", path=name) for name in conflicts],
            hint=msg(
                "Agree with the other treasurer on what is right, let one of you change it back, then sync again."
            ),
        )
    git.run("update-index", "-z", "--index-info", given="".join(entries), environment=scratch)
    return _commit(git, git.run("write-tree", environment=scratch).strip(), [ours, theirs], message, by)


def _joined_text(
    git: Git, place: Path, name: str, base: bytes, ours: bytes, theirs: bytes, deciding: Arbiter
) -> bytes | None:
    """Merge one file; None for a conflict."""
    if git.holds(name) and name.endswith(".toml"):
        was, our, their = (text.decode(errors="surrogateescape") for text in (base, ours, theirs))
        is_ledger = name[-9:-5].isdigit()
        merged = (
            merge_ledgers(our, their, _keeper_of(git, name))
            if is_ledger
            else merge_registers(was, our, their, deciding)
        )
        return None if merged.conflicts else merged.text.encode(errors="surrogateescape")
    if git.holds(name) and signed_file(name.rpartition("/")[2]) is not None:
        # One signer who signed in two clones: both signatures are good, and either clone has to take the same one.
        return min(ours, theirs)
    paths = [place / side for side in ("ours", "base", "theirs")]
    for path, text in zip(paths, (ours, base, theirs), strict=True):
        path.write_bytes(text)
    done = git.attempt("merge-file", "-q", "--", *(str(path.resolve()) for path in paths))
    return paths[0].read_bytes() if done.returncode == 0 else None


def _keeper_of(git: Git, name: str) -> str:
    """The fund or organisation of a ledger, by its path below the top."""
    return name.removeprefix(git.prefix).rpartition("/")[0]


def _commit(git: Git, tree: str, parents: Sequence[str], message: str, by: str) -> str:
    signing = git.attempt("config", "--type=bool", "--get", "commit.gpgSign").stdout.strip() == "true"
    words = [word for parent in parents for word in ("-p", parent)]
    asked = ("commit-tree", *(["-S"] if signing else []), tree, *words)
    return git.run(*asked, given=f"{message}\n", environment=identity_of(git, by)).strip()


def lay_out(git: Git, place: Path, commit: str) -> Path:
    """Write the book's files at a commit to a temporary folder, for a check."""
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", commit).split("\0")[:-1]
    with git.objects() as read:
        for facts, _, name in (row.partition("\t") for row in listed):
            mode, _, blob = facts.split()
            if git.holds(name) and mode in _FILE_MODES:
                path = place / name.removeprefix(git.prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(read(blob))
    return place


def changed_names(git: Git, before: str | None, after: str) -> list[str]:
    """The paths below the top that differ between two commits."""
    return list(_changes(git, before, after))


def changed_contents(git: Git, before: str | None, after: str) -> Mapping[str, bytes | None]:
    """The new contents of files that differ; None for removed ones. Links and submodules are refused."""
    with git.objects() as read:
        contents: dict[str, bytes | None] = {}
        for name, (mode, blob) in _changes(git, before, after).items():
            if mode not in (*_FILE_MODES, "000000"):
                raise Refused(
                    msg("{path} is no plain file in the other copy; nothing was changed here.", path=name),
                    hint=msg("Ask the other treasurer to take it out of the repository."),
                )
            contents[name] = None if mode == "000000" else read(blob)
    return contents


def blob_at(git: Git, commit: str, name: str) -> bool:
    """Whether a commit has a file at a path."""
    return git.attempt("cat-file", "-e", f"{commit}:{name}").returncode == 0


def _changes(git: Git, before: str | None, after: str) -> dict[str, tuple[str, str]]:
    """By path, the mode and blob after."""
    raw = git.run("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", "--raw", before or _EMPTY_TREE, after)
    fields = raw.split("\0")[:-1]
    return {name: (facts.split()[1], facts.split()[3]) for facts, name in zip(fields[::2], fields[1::2], strict=True)}
