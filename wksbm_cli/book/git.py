"""The git program, asked so that nothing in a book can bend the question or run anything.

Every call names its repository, takes no hook and no file-system monitor from it, and puts paths behind `--`.
Whatever else the user's own git is set up to do (signing, credentials, ssh) it does here too.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble

# A ledger file of a year, wherever in the repository.
LEDGERS = ":(top,glob)**/[0-9][0-9][0-9][0-9].toml"
# The files of a book, below its folder: nothing else is ever committed by this program.
_BOOK_FILE = re.compile(
    r"book\.toml|\.gitignore|\.gitattributes|[a-z0-9][a-z0-9-]*/(?:(?:organisation|members)\.toml"
    r"|[a-z0-9][a-z0-9-]*/(?:fund|\d{4})\.toml)"
)
# What git itself sets for a hook's or an alias's repository; the book's own is meant.
_OF_ANOTHER = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS"),
)
_SETTINGS = (
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
)


class Git(NamedTuple):
    """A work tree: its `top` folder, and the `prefix` of the book below it, '' or `ledgers/`."""

    top: Path
    prefix: str = ""

    def run(self, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None) -> str:
        """What git answers; `Trouble` with its own words when it fails."""
        done = self.attempt(*arguments, given=given, environment=environment)
        if done.returncode != 0:
            raise trouble_of(done)
        return done.stdout

    def attempt(
        self, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The same for a caller who knows what a failure means."""
        return _run(self.top, *arguments, given=given, environment=environment)

    @contextmanager
    def reading(self, *arguments: str, given: str = "") -> Iterator[IO[bytes]]:
        """git's answer as it comes, for one that may be long."""
        with TemporaryFile() as asked, TemporaryFile() as said:
            asked.write(given.encode())
            asked.seek(0)
            with subprocess.Popen(
                ["git", *_SETTINGS, *arguments],
                cwd=self.top,
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=said,
                env=_environment(),
            ) as process:
                assert process.stdout is not None
                yield process.stdout
            if process.returncode != 0:
                said.seek(0)
                raise _says(said.read().decode(errors="replace"))

    @contextmanager
    def objects(self) -> Iterator[Callable[[str], bytes]]:
        """A reader of objects by their names; a missing one is empty."""
        with subprocess.Popen(
            ["git", *_SETTINGS, "cat-file", "--batch"],
            cwd=self.top,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        ) as process:
            asking, answering = process.stdin, process.stdout
            assert asking is not None and answering is not None

            def read(name: str) -> bytes:
                asking.write(f"{name}\n".encode())
                asking.flush()
                *_, size = answering.readline().split()
                if not size.isdigit():
                    return b""
                return answering.read(int(size) + 1)[:-1]

            yield read

    def holds(self, name: str) -> bool:
        """Whether a path below the top is a file of the book."""
        return name.startswith(self.prefix) and _BOOK_FILE.fullmatch(name.removeprefix(self.prefix)) is not None

    def head(self) -> str | None:
        """The commit checked out; None before the first."""
        done = self.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return done.stdout.strip() or None

    def path(self, name: str) -> Path:
        """A file of git's own, `info/attributes` for instance."""
        return self.top / self.run("rev-parse", "--git-path", name).removesuffix("\n")


def git_of(folder: Folder) -> Git | None:
    """The repository that a book is kept in; None where it is in none."""
    if not folder.root.is_dir():
        return None
    done = _run(
        folder.root, "rev-parse", "--show-prefix", "--show-toplevel", environment={"LC_ALL": "C", "LANGUAGE": "C"}
    )
    if done.returncode != 0:
        if "not a git repository" in done.stderr:
            return None
        if "dubious ownership" in done.stderr:
            raise Trouble(
                msg("The book is in a repository of another user of this machine, which git does not read unasked."),
                hint=msg(
                    "If you trust who owns it: git config --global --add safe.directory {folder}",
                    folder=_top_of(folder),
                ),
            )
        raise trouble_of(done)
    prefix, top = done.stdout.split("\n")[:2]
    return Git(Path(top), prefix) if top else None


def _top_of(folder: Folder) -> str:
    """The folder of the repository around a book, found without asking git."""
    root = folder.root.resolve()
    return str(next((above for above in (root, *root.parents) if (above / ".git").exists()), root))


def start_repository(folder: Folder) -> Git:
    """A new repository in the book's own folder."""
    done = _run(folder.root, "init", "--quiet")
    if done.returncode != 0:
        raise trouble_of(done)
    return Git(folder.root.resolve())


def changed_files(git: Git) -> list[str]:
    """The files of the book, as paths below the top, that differ from what is committed, or were never committed."""
    status = git.run("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", git.prefix or ".")
    return [name for entry in status.split("\0") if git.holds(name := entry[3:])]


def committed_files(git: Git) -> list[str]:
    """The files of the book at HEAD, as paths below the top."""
    if git.head() is None:
        return []
    listed = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD", "--", *filter(None, [git.prefix]))
    return [name for name in listed.split("\0") if git.holds(name)]


def commit_files(git: Git, names: Sequence[str], message: str, author: str) -> bool:
    """Commit these files (paths below the top) as they are, and nothing else that may be waiting.

    False where nothing in them is new. The author is who recorded; the committer is whom git knows, or the same
    where it knows nobody.
    """
    literal = {"GIT_LITERAL_PATHSPECS": "1", **identity_of(git, author)}
    git.run("add", "--", *names, environment=literal)
    head = git.head()
    if head and git.attempt("diff", "--cached", "--quiet", "HEAD", "--", *names, environment=literal).returncode == 0:
        return False
    git.run("commit", "--quiet", "--only", "--file=-", "--", *names, given=message, environment=literal)
    return True


def identity_of(git: Git, author: str) -> dict[str, str]:
    """git's variables for who a commit is by: the author as given, the committer whom git knows, else the same."""
    known = git.attempt("config", "--get-regexp", r"^user\.(name|email)$").stdout
    name, email = (
        next((line.partition(" ")[2] for line in known.splitlines()[::-1] if line.startswith(f"user.{key} ")), "")
        for key in ("name", "email")
    )
    identity = {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": email if author == name else ""}
    if not name and "GIT_COMMITTER_NAME" not in os.environ:
        identity["GIT_COMMITTER_NAME"] = author
    if not email and "GIT_COMMITTER_EMAIL" not in os.environ:
        identity["GIT_COMMITTER_EMAIL"] = ""
    return identity


def _run(
    folder: Path, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *_SETTINGS, *arguments],
            cwd=folder,
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env=_environment(environment),
            check=False,
        )
    except FileNotFoundError:
        raise Trouble(
            msg("The program git is not installed."),
            hint=msg("Install git (https://git-scm.com), then type the command again."),
        ) from None


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    # Replaced objects and grafted parents would show another history than the one that was recorded.
    return {**kept, "GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull, **(more or {})}


def trouble_of(done: subprocess.CompletedProcess[str]) -> Trouble:
    """What git said when it failed."""
    return _says(done.stderr or done.stdout)


def _says(words: str) -> Trouble:
    lines = [line.strip() for line in words.splitlines() if line.strip() and not line.startswith("hint:")]
    return Trouble(msg("git says: {reason}", reason=" ".join(lines)[:400] or "?"))
