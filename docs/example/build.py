"""Makes the example book in `ledgers/` anew, by typing diary.txt into the program.

    python docs/example/build.py            replaces ledgers/
    python docs/example/build.py FOLDER     makes the same book in another folder

The diary is what the two treasurers typed in fourteen months. A line `@ DATE TIME NAME` says who sits down
when; each line below it is one command, typed a minute after the one before (a backslash at the end of a line
continues it). A command may be given a name (`slip: contribute ...`) by which a later one says its id
(`reverse {slip} ...`). The same diary makes the same book, byte for byte: to add to the book, add to the diary
and run this again.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

from wksbm_cli.cli.main import run

HERE = Path(__file__).parent
EXAMPLE_BOOK = HERE.parent.parent / "ledgers"
_SITTING = re.compile(r"@ (\d{4}-\d{2}-\d{2} \d{2}:\d{2}) (\w+)")
_IDENTITY = "5f0c2b7e94d1a83366e20a9b1c47d8f5"
_NAMED = re.compile(r"(\w+): (.+)")


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the diary: when and by whom it was typed, the name given to it, its words."""

    moment: datetime
    by: str
    name: str | None
    text: str


def read_diary(path: Path) -> Iterator[Command]:
    """The commands of a diary in the order of their lines."""
    moment, by = None, ""
    for line in path.read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        if not line or line.startswith("#"):
            continue
        if sitting := _SITTING.match(line):
            moment, by = datetime.strptime(f"{sitting[1]} +0700", "%Y-%m-%d %H:%M %z"), sitting[2]
            continue
        assert moment is not None, f"nobody has sat down yet to type: {line}"
        named = _NAMED.fullmatch(line)
        yield Command(moment, by, *(named.groups() if named else (None, line)))
        moment += timedelta(minutes=1)


def build(folder: Path) -> None:
    """Type the whole diary into a new book in `folder`. Sets WKSBM_NOW and WKSBM_BY as it goes."""
    ids: dict[str, str] = {}
    with chdir(HERE):  # the diary names its CSV files by their place beside it
        for command in read_diary(HERE / "diary.txt"):
            os.environ["WKSBM_NOW"], os.environ["WKSBM_BY"] = command.moment.isoformat(), command.by
            words = shlex.split(command.text.format(**ids))
            answer = StringIO()
            with redirect_stdout(answer):
                code = run(
                    ["--book", str(folder), "--lang", "id", *words, *(["--format", "json"] if command.name else [])]
                )
            if code != 0:
                sys.exit(f"{command.moment:%Y-%m-%d}: wksbm {command.text}: exit {code}")
            if command.name:
                ids[command.name] = json.loads(answer.getvalue())["recorded"][0]["id"]
    book = folder / "book.toml"  # whose identity is random
    book.write_text(
        re.sub('(?<=^identity = ")[0-9a-f]+', _IDENTITY, book.read_text(encoding="utf-8"), flags=re.M), "utf-8"
    )


def main() -> None:
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]).absolute())
        return
    fresh = EXAMPLE_BOOK.with_name(".ledgers-being-made")
    shutil.rmtree(fresh, ignore_errors=True)
    build(fresh)
    shutil.rmtree(fresh / ".wksbm")
    shutil.rmtree(EXAMPLE_BOOK, ignore_errors=True)
    fresh.rename(EXAMPLE_BOOK)


if __name__ == "__main__":
    main()
