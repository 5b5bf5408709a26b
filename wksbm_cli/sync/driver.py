"""The merge driver: how git, in this clone, is told to join ledgers by ids and registers by keys.

It stands in the clone's own configuration and attributes, which travel with nobody; a clone without it merges
ledgers by the `merge=union` of the book's .gitattributes, which keeps every line too but sees no conflict.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.git import Git, merge_file
from wksbm_cli.sync.merge import doubles, merge_ledgers, merge_registers

_NAME = "wksbm"
_FILES = (
    "book.toml",
    "*/organisation.toml",
    "*/members.toml",
    "*/[0-9][0-9][0-9][0-9].toml",
    "*/*/fund.toml",
    "*/*/[0-9][0-9][0-9][0-9].toml",
)
_LEDGER = re.compile(r"(?:.*/)?[0-9]{4}\.toml")


def install(git: Git) -> None:
    """Set the driver in this clone, as the program that runs now would be called."""
    command = _command()
    if git.attempt("config", "--local", f"merge.{_NAME}.driver").stdout != f"{command}\n":
        git.run("config", "--local", f"merge.{_NAME}.name", "wksbm: every entry once")
        git.run("config", "--local", f"merge.{_NAME}.driver", command)
    path = git.path("info/attributes")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in _attributes(git.prefix) if line not in text.split("\n")]
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = text if not text or text.endswith("\n") else f"{text}\n"
        new = path.with_name(f"{path.name}.wksbm")
        new.write_text(before + "".join(f"{line}\n" for line in missing), encoding="utf-8", newline="\n")
        new.replace(path)


def _command() -> str:
    """This program, by the interpreter it runs in and with nothing from the folder git is in; plain union without it."""
    python = shlex.quote(sys.executable).replace("%", "%%")
    ours = f"{python} -P -m wksbm_cli merge-driver %O %A %B %P"
    return f"if test -x {python}; then {ours}; else git merge-file -q --union %A %O %B; fi"


def _attributes(prefix: str) -> list[str]:
    literal = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)
    patterns = [f"/{literal}{files}" for files in _FILES]
    if re.search(r'[\s"\\#!]', prefix):
        patterns = ['"' + re.sub(r'(["\\])', r"\\\1", pattern) + '"' for pattern in patterns]
    return [f"{pattern} merge={_NAME}" for pattern in patterns]


class Joined(NamedTuple):
    """What came of one file: ids or keys that need a person ('' for the whole file), ids that may be one fact typed twice."""

    conflicts: tuple[str, ...]
    doubles: tuple[tuple[str, str], ...] = ()


def join(base: Path, ours: Path, theirs: Path, name: str) -> Joined:
    """Join three versions of the file `name` into `ours`, as git asks of a driver; conflicts are marked in it."""
    texts = [path.read_text(encoding="utf-8", errors="surrogateescape") for path in (base, ours, theirs)]
    if _LEDGER.fullmatch(name):
        merged = merge_ledgers(*texts[1:])
        lines = [text.replace("\r", "").split("\n") for text in texts]
        joined = Joined(merged.conflicts, tuple(doubles(*lines)))
    else:
        merged = merge_registers(texts[0], texts[1], texts[2])
        joined = Joined(merged.conflicts)
        if merged.conflicts:
            merge_file(ours, base, theirs, ("ours", "base", "theirs"))
            return joined
    with ours.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.write(merged.text)
    return joined
