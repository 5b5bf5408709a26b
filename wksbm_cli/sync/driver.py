"""The merge driver: configures git in this clone to merge ledgers by ids and registers by keys.

It is set in the clone's own configuration and attributes, which git never transfers; a clone without it merges
ledgers by the `merge=union` of the book's .gitattributes, which also keeps every line but detects no conflict.
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
    """Configure the driver in this clone, with the command of the running program."""
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
    """The driver's command: this interpreter, isolated from git's current folder, with a fallback to union merge."""
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
    """The result for one file: conflicting ids or keys ('' for the whole file), and likely duplicates."""

    conflicts: tuple[str, ...]
    doubles: tuple[tuple[str, str], ...] = ()


def join(base: Path, ours: Path, theirs: Path, name: str) -> Joined:
    """Three-way merge of the file `name` into `ours`, with git's interface of drivers; conflicts are marked in it."""
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
