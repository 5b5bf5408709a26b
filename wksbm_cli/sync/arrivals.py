"""Validation of fetched commits: only files of a book and documents beside them, nothing that could be executed.

Runs before anything of a commit is merged or written to the disk. Every refused file is named with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from wksbm_cli.book.folder import STATE_FOLDER
from wksbm_cli.book.git import Git
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble

_PLAIN = ("100644", "100755")
# Documents beside a book: notes, evidence, reports. The program reads none of them.
_PAPERS = frozenset(
    ".md .txt .pdf .jpg .jpeg .png .webp .heic .csv .xlsx .ods .docx .html .svg .json .sig .pub".split()  # noqa: SIM905
)
# Names that make git treat a folder as a repository.
_REPOSITORY = frozenset({"head", "objects", "refs"})
_ATTRIBUTE = re.compile(r"-?text(=auto)?|eol=(lf|crlf)|merge=(union|wksbm)|-?(merge|diff|filter|ident)|binary")
_MOST_TOLD = 10


class _File(NamedTuple):
    """A file of a commit: its mode as git has it, its object, its path below the top."""

    mode: str
    object: str
    path: str


def refuse_unfit(git: Git, ours: str | None, theirs: str) -> None:
    """`Trouble` naming everything in `theirs` that is not allowed, except what `ours` has too."""
    files = _files(git, theirs)
    known = set(_files(git, ours)) if ours else set()
    new = [file for file in files if file not in known]
    found = [*_unfit(git, new), *_twins(files, new), *_repositories(files, new)]
    if found:
        raise Trouble(
            msg("The other copy brings files that do not belong in a book. Nothing was changed here:"),
            details=found[:_MOST_TOLD],
            hint=msg("Ask who sent them; with them removed from the other copy, sync again."),
        )


def _files(git: Git, commit: str) -> list[_File]:
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", commit)
    files = []
    for entry in filter(None, listed.split("\0")):
        about, _, path = entry.partition("\t")
        mode, _, object_ = about.split(" ")[:3]
        files.append(_File(mode, object_, path))
    return files


def _unfit(git: Git, files: Sequence[_File]) -> Iterator[Message]:
    for file in files:
        if file.mode not in _PLAIN:
            yield msg("{path}: a link or a repository, not a plain file", path=_shown(file.path))
        elif _is_the_programs(file.path):
            yield msg("{path}: only the program itself keeps such a file, and never in git", path=_shown(file.path))
        elif PurePosixPath(file.path).name == ".gitattributes":
            yield from _attributes(git, file)
        elif file.path.startswith(git.prefix) and not git.holds(file.path) and not _is_paper(file.path):
            yield msg("{path}: no file of a book", path=_shown(file.path))


def _is_the_programs(path: str) -> bool:
    parts = [_folded(part) for part in path.split("/")]
    name = parts[-1]
    return STATE_FOLDER in parts or name.endswith(".tmp") or name == ".gitmodules" or ".git" in parts


def _is_paper(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _PAPERS and not any(part.startswith(".") for part in path.split("/"))


def _attributes(git: Git, file: _File) -> Iterator[Message]:
    """Refuse .gitattributes that name a program or transform texts."""
    if file.path not in (f"{git.prefix}.gitattributes", ".gitattributes"):
        yield msg("{path}: only the book's own folder has such a file", path=_shown(file.path))
        return
    for line in git.run("cat-file", "blob", file.object).splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith("[attr]") or not all(_ATTRIBUTE.fullmatch(word) for word in words[1:]):
            yield msg("{path}: {line}", path=_shown(file.path), line=line[:80])


def _twins(files: Sequence[_File], new: Sequence[_File]) -> Iterator[Message]:
    """Paths that collide on case-insensitive or Unicode-normalising file systems."""
    first: dict[str, str] = {}
    arriving = {file.path for file in new}
    for file in files:
        other = first.setdefault(_folded(file.path), file.path)
        if other != file.path and {other, file.path} & arriving:
            yield msg(
                "{path} and {other}: many disks take them for one file", path=_shown(file.path), other=_shown(other)
            )


def _repositories(files: Sequence[_File], new: Sequence[_File]) -> Iterator[Message]:
    """Folders that git would treat as a repository, whose settings could run programs."""
    within: dict[str, set[str]] = {}
    for file in files:
        parts = file.path.split("/")
        for at, part in enumerate(parts):
            within.setdefault("/".join(parts[:at]), set()).add(_folded(part))
    arriving = {str(PurePosixPath(file.path).parent) for file in new} | {""}
    for folder, names in within.items():
        if names >= _REPOSITORY and any(
            each == folder or each.startswith(f"{folder}/") or not folder for each in arriving
        ):
            yield msg("{path}: a repository of git within the book", path=_shown(folder or "."))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _shown(path: str) -> str:
    return path[:120]
