"""Calls of the git program, hardened so that nothing in a book can redirect them or run a program.

Every call is bound to the repository whose `.git` stands in or above the book, never to what git would find by itself:
a bare repository can be committed inside a book. Hooks, monitors, filters and editors are off in every call, and a
repository whose own settings would start a program is refused. What the user's own settings say of signing,
credentials and ssh holds here too.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from wksbm_cli.book.folder import BOOK_FILES, Folder
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Trouble

# A ledger file of a year, wherever in the repository.
LEDGERS = ":(top,glob)**/[0-9][0-9][0-9][0-9].toml"
# The registers of which seals hold the facts.
REGISTERS = tuple(f":(top,glob)**/{name}.toml" for name in ("organisation", "members", "fund"))
# Variables that git sets for hooks and aliases; unset, since they would redirect a call to another repository.
_OF_ANOTHER = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS"),
)
_SETTINGS = (
    *("-c", "safe.bareRepository=explicit"),
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
    # Submodules could bring settings of their own.
    *("-c", "submodule.recurse=false", "-c", "fetch.recurseSubmodules=false", "-c", "push.recurseSubmodules=no"),
    *("-c", "diff.ignoreSubmodules=all"),
    # Fetched paths must be safe on every file system (case, Unicode, NTFS names).
    *("-c", "transfer.fsckObjects=true", "-c", "fetch.fsckObjects=true", "-c", "receive.fsckObjects=true"),
    *("-c", "core.protectNTFS=true", "-c", "core.protectHFS=true"),
    # .git/info/grafts would change the parents of commits.
    *("-c", "core.commitGraph=false"),
    *("-c", "core.fsync=all"),  # fsync objects before a branch refers to them
)
# The ways in which `sync` reaches another copy; a remote helper (`ext::...`) is a program to run.
_PROTOCOLS = "file:git:http:https:ssh"
# Settings in a repository's own config that would make one of our calls start a program, or read or write elsewhere.
# Derived from the list of `git help --config` in 2.39.5, with those known of later versions.
_ACTS = re.compile(
    r"core\.(?:sshcommand|askpass|gitproxy|alternaterefscommand)|credential\.(?:.*\.)?helper|diff\.external|"
    r"diff\..*\.(?:command|textconv)|filter\..*\.(?:clean|smudge|process)|merge\.(?!wksbm\.).*\.driver|"
    r"gpg\.(?:.*\.)?program|gpg\.ssh\.defaultkeycommand|remote\..*\.(?:uploadpack|receivepack|vcs)|"
    r"uploadpack\.packobjectshook|gc\.recentobjectshook|(?:hook|trailer)\..*\.(?:command|cmd)|"
    r"url\..*\.(?:push)?insteadof|fetch\.bundleuri|http\.(?:.*\.)?(?:cookiefile|savecookies)",
    re.DOTALL,
)
# Exempt: git's own credential helpers, which people configure per repository.
_USUAL_HELPER = re.compile(r"(?:|cache|store|libsecret|osxkeychain|manager|manager-core|wincred)")
# git's longest advice has some 700 characters.
_MOST_SAID = 4000
_FILTER = re.compile(r"(filter\..*)\.(?:clean|smudge|process|required)", re.DOTALL)


class Git(NamedTuple):
    """A work tree: its `top` folder, which holds `.git`, and the `prefix` of the book below it, '' or `ledgers/`.

    `off` are options that disable the filters configured for the user.
    """

    top: Path
    prefix: str = ""
    off: tuple[str, ...] = ()

    def run(self, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None) -> str:
        """git's output; `Trouble` with its error message when it fails."""
        done = self.attempt(*arguments, given=given, environment=environment)
        if done.returncode != 0:
            raise trouble_of(done)
        return done.stdout

    def attempt(
        self, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The same, for a caller that handles failure."""
        return _run(self.top, *self.off, *arguments, given=given, environment={**self._bound(), **(environment or {})})

    def _bound(self) -> dict[str, str]:
        """The environment that binds git to this repository."""
        return {"GIT_DIR": str(self.top / ".git"), "GIT_WORK_TREE": str(self.top)}

    @contextmanager
    def reading(self, *arguments: str, given: str = "") -> Iterator[IO[bytes]]:
        """git's output as a stream, where it may be long."""
        with TemporaryFile() as asked, TemporaryFile() as said:
            asked.write(given.encode())
            asked.seek(0)
            with subprocess.Popen(
                [_program(), *_SETTINGS, *self.off, *arguments],
                cwd=self.top,
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=said,
                env=_environment(self._bound()),
            ) as process:
                assert process.stdout is not None
                yield process.stdout
            if process.returncode != 0:
                said.seek(0)
                raise _says(said.read().decode(errors="replace"))

    @contextmanager
    def objects(self) -> Iterator[Callable[[str], bytes]]:
        """A reader of objects by name (`git cat-file --batch`); a missing one is empty."""
        with subprocess.Popen(
            [_program(), *_SETTINGS, *self.off, "cat-file", "--batch"],
            cwd=self.top,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(self._bound()),
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
        return name.startswith(self.prefix) and BOOK_FILES.fullmatch(name.removeprefix(self.prefix)) is not None

    def head(self) -> str | None:
        """The commit checked out; None before the first."""
        done = self.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return done.stdout.strip() or None

    def path(self, name: str) -> Path:
        """The path of a file in git's folder, such as `info/attributes`."""
        return self.top / self.run("rev-parse", "--git-path", name).removesuffix("\n")


def git_of(folder: Folder) -> Git | None:
    """The repository that a book is kept in; None where it is in none."""
    if not folder.root.is_dir():
        return None
    top = _top_of(folder)
    if top is None:
        return None
    # Run in that folder with a ceiling, so that no other repository is found; git itself checks its owner.
    only_here = {"LC_ALL": "C", "LANGUAGE": "C", "GIT_CEILING_DIRECTORIES": str(top.parent)}
    done = _run(top, "rev-parse", "--absolute-git-dir", environment=only_here)
    if done.returncode != 0:
        if "not a git repository" in done.stderr:
            return None
        if "dubious ownership" in done.stderr:
            raise Trouble(
                msg("The book is in a repository of another user of this machine, which git does not read unasked."),
                hint=msg(
                    "If you trust who owns it: git config --global --add safe.directory {folder}",
                    folder=str(top),
                ),
            )
        raise trouble_of(done)
    below = folder.root.resolve().relative_to(top).as_posix()
    git = Git(top, "" if below == "." else f"{below}/")
    return git._replace(off=_filters_off(settings_of(git)))


def _top_of(folder: Folder) -> Path | None:
    """The folder with a `.git` that a book is in, on its own file system as git would have it."""
    root = folder.root.resolve()
    device = root.stat().st_dev
    for above in (root, *root.parents):
        if above.stat().st_dev != device:
            return None
        if os.path.lexists(above / ".git"):
            return above
    return None


def on_this_machine(git: Git, remote: str, *, sending: bool) -> tuple[str, ...]:
    """The option that disables hooks and settings of a remote which is a local folder, such as a USB stick handed round;
    none for a remote on another machine.

    For a local remote git also starts the server side, with that repository's hooks and settings and without ours.
    """
    ask = ("remote", "get-url", *(("--push",) if sending else ()), "--", remote)
    address = git.run(*ask).split("\n")[0]
    path = address.removeprefix("file://")
    if path == address and re.match(r"[^/\\]{2,}:|\[", address):  # a scheme, or host:path
        return ()
    whole = os.path.join(git.top, path)  # noqa: PTH118 - Path would normalise what git compares literally
    for inside in ("/.git", "", ".git/.git", ".git"):
        if (Path(whole + inside) / "HEAD").is_file():
            there = _run(git.top, *_LISTING, environment={"GIT_DIR": whole + inside, "GIT_WORK_TREE": whole}).stdout
            _refuse_programs(_settings(there, Path(whole)))
            break
    program = "receive-pack" if sending else "upload-pack"
    calls = shlex.join([_program(), *_SETTINGS, "-c", "receive.autogc=false", program])
    return (f"--{program}={calls}",)


_LISTING = ("config", "--list", "-z", "--show-scope", "--show-origin")


class Setting(NamedTuple):
    """One of git's settings: its name in small letters, and the file it comes from where it is the repository's own."""

    name: str
    value: str
    own_file: str | None


def settings_of(git: Git) -> list[Setting]:
    """git's effective settings in a repository; `Refused` where the repository's own would start a program."""
    found = _settings(git.run(*_LISTING), git.top)
    _refuse_programs(found)
    return found


def _settings(listed: str, top: Path) -> list[Setting]:
    told = listed.split("\0")
    found = []
    for scope, origin, setting in zip(told[::3], told[1::3], told[2::3], strict=False):
        name, _, value = setting.partition("\n")
        own = str(top / origin.removeprefix("file:")) if scope in ("local", "worktree") else None
        found.append(Setting(name, value, own))
    return found


def _refuse_programs(settings: Sequence[Setting]) -> None:
    for setting in settings:
        name, value, own = setting.name, setting.value, setting.own_file
        if own is not None and _ACTS.fullmatch(name) and not _is_usual(name, value):
            raise Refused(
                msg(
                    "The repository brings a setting of its own that would start a program, or lead elsewhere: {name} = {value}.",
                    name=name,
                    value=value[:200],
                ),
                hint=msg(
                    "Take it out: git config --file {file} --unset-all {name}; if it is yours, then keep it for this folder in your own "
                    "settings: git config --global {section} {yours}; git config --file {yours} {name} {value}",
                    file=shlex.quote(own),
                    name=shlex.quote(name),
                    section=shlex.quote(f"includeIf.gitdir:{Path(own).parent.as_posix()}.path"),
                    yours="~/.gitconfig-wksbm",
                    value=shlex.quote(value),
                ),
            )


def _is_usual(name: str, value: str) -> bool:
    return name.endswith(".helper") and _USUAL_HELPER.fullmatch(value) is not None


def _filters_off(settings: Sequence[Setting]) -> tuple[str, ...]:
    """Options that disable the user's configured filters: attributes fetched with a book could name them."""
    names = sorted({match[1] for setting in settings if (match := _FILTER.fullmatch(setting.name))})
    off = (f"{name}.{what}" for name in names for what in ("clean=", "smudge=", "process=", "required=false"))
    return tuple(word for setting in off for word in ("-c", setting))


def merge_file(ours: Path, base: Path, theirs: Path, labels: Sequence[str]) -> bool:
    """Three-way merge by lines into `ours`, with conflict markers; returns whether there were no conflicts."""
    named = (word for label in labels for word in ("-L", label))
    return (
        _run(ours.parent, "merge-file", "-q", *named, *map(str, map(Path.resolve, (ours, base, theirs)))).returncode
        == 0
    )


def start_repository(folder: Folder) -> Git:
    """A new repository in the book's own folder."""
    done = _run(folder.root, "init", "--quiet")
    if done.returncode != 0:
        raise trouble_of(done)
    return Git(folder.root.resolve())


def changed_files(git: Git) -> list[str]:
    """The files of the book, as paths below the top, that differ from what is committed, or were never committed."""
    status = git.run(
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--ignore-submodules=all",
        "--untracked-files=all",
        "--",
        git.prefix or ".",
    )
    # Ignore rules do not apply: a fetched .gitignore could keep a ledger from ever being committed.
    ignored = git.run("ls-files", "-z", "--others", "--", git.prefix or ".")
    names = [*(entry[3:] for entry in status.split("\0")), *ignored.split("\0")]
    return sorted({name for name in names if git.holds(name)})


def committed_files(git: Git) -> list[str]:
    """The files of the book at HEAD, as paths below the top."""
    if git.head() is None:
        return []
    listed = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD", "--", *filter(None, [git.prefix]))
    return [name for name in listed.split("\0") if git.holds(name)]


def user_name() -> str:
    """The user's name in git's global settings, '' where there is none."""
    done = _run(Path.home(), "config", "--global", "user.name")
    return done.stdout.strip()


def commit_files(git: Git, names: Sequence[str], message: str, author: str) -> bool:
    """Commit these files (paths below the top) as they are, and nothing else that may be staged.

    False where nothing in them changed. The author is who recorded; the committer is git's user, or the author where
    git knows none.
    """
    literal = {"GIT_LITERAL_PATHSPECS": "1", **identity_of(git, author)}
    git.run("add", "--force", "--", *names, environment=literal)
    head = git.head()
    if (
        head
        and git.attempt(
            "diff", "--cached", "--quiet", "--no-ext-diff", "HEAD", "--", *names, environment=literal
        ).returncode
        == 0
    ):
        return False
    git.run("commit", "--quiet", "--only", "--file=-", "--", *names, given=message, environment=literal)
    return True


def identity_of(git: Git, author: str) -> dict[str, str]:
    """The environment for a commit's author (as given) and committer (git's user, else the author)."""
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
            [_program(), *_SETTINGS, *arguments],
            cwd=folder,
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env=_environment(environment),
            check=False,
        )
    except FileNotFoundError:
        raise _no_git() from None


def _no_git() -> Trouble:
    return Trouble(
        msg("The program git is not installed."),
        hint=msg("Install git (https://git-scm.com), then type the command again."),
    )


def _program() -> str:
    """The absolute path of git, never one in the current folder: Windows looks there first, and so may a PATH."""
    for folder in os.get_exec_path():
        if os.path.isabs(folder):  # noqa: PTH117
            for name in ("git.exe", "git.cmd") if os.name == "nt" else ("git",):
                path = os.path.join(folder, name)  # noqa: PTH118
                if os.access(path, os.X_OK):
                    return path
    raise _no_git()


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    # Replacement objects and grafts would show another history than the one recorded.
    kept.setdefault("GIT_ALLOW_PROTOCOL", _PROTOCOLS)
    return {
        **kept,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_EDITOR": ":",
        "GIT_SEQUENCE_EDITOR": ":",
        "GIT_PAGER": "cat",
        **(more or {}),
    }


def trouble_of(done: subprocess.CompletedProcess[str]) -> Trouble:
    """git's error message as a `Trouble`."""
    return _says(done.stderr or done.stdout)


def _says(words: str) -> Trouble:
    # Not shortened, since it has git's advice; the limit is for output of a remote machine.
    lines = [line.removeprefix("hint:").strip() for line in words[:_MOST_SAID].splitlines()]
    return Trouble(msg("git says: {reason}", reason=" ".join(filter(None, lines)) or "?"))
