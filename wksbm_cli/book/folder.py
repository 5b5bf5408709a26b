"""Where a book is, and the paths inside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Where

BOOK_FILE = "book.toml"
USUAL_FOLDER = "ledgers"
STATE_FOLDER = ".wksbm"
_YEAR_FILE = re.compile(r"([0-9]{4})\.toml")
# The files of a book, below its folder; this program commits nothing else.
BOOK_FILES = re.compile(
    r"book\.toml|\.gitignore|\.gitattributes|[a-z0-9][a-z0-9-]*/(?:(?:organisation|members|[0-9]{4})\.toml"
    r"|[a-z0-9][a-z0-9-]*/(?:(?:fund|[0-9]{4})\.toml|closing-[0-9]{4}(?:-[0-9]{2})?-[0-9a-f]{8}"
    r"\.(?:txt|[a-z0-9][a-z0-9-]*(?:\.witness)?\.sig)))"
)


def is_ledger_name(name: str) -> bool:
    """Whether this is the file name of a ledger."""
    return _YEAR_FILE.fullmatch(name) is not None


class LedgerFile(NamedTuple):
    """One year of the ledger of a `fund` (`ORG/FUND`), or of an organisation (`ORG`)."""

    path: Path
    fund: str
    year: int


class Folder:
    """The folder with book.toml. `written` collects the files of the book that this process has written."""

    def __init__(self, root: Path) -> None:
        self.root: Final = root
        self.written: Final[list[Path]] = []

    @property
    def book_file(self) -> Path:
        return self.root / BOOK_FILE

    @property
    def state(self) -> Path:
        """The state folder, ignored by git: the index, the lock, a write-ahead file."""
        return self.root / STATE_FOLDER

    @property
    def write_ahead(self) -> Path:
        """The write-ahead file of a batch in progress, or interrupted by a crash."""
        return self.state / "write-ahead.json"

    @property
    def moving(self) -> Path:
        """The pending update of git to a merged state whose files are in place."""
        return self.state / "git-move.json"

    def organisation_file(self, organisation: str) -> Path:
        return self.root / organisation / "organisation.toml"

    def members_file(self, organisation: str) -> Path:
        return self.root / organisation / "members.toml"

    def fund_file(self, fund: str) -> Path:
        return self.root / fund / "fund.toml"

    def ledger(self, fund: str, year: int) -> LedgerFile:
        return LedgerFile(self.root / fund / f"{year:04d}.toml", fund, year)

    def ledgers(self, keepers: Iterable[str]) -> list[LedgerFile]:
        """Every ledger file of these funds and organisations, in the order of keeper and year."""
        found = []
        for fund in keepers:
            with os.scandir(self.root / fund) as entries:
                for entry in entries:
                    if match := _YEAR_FILE.fullmatch(entry.name):
                        if not entry.is_file():  # a folder, a pipe (which would block), a dangling link
                            raise Trouble(
                                msg("A ledger must be a file."),
                                where=self.where(Path(entry.path)),
                                hint=msg(
                                    "Put the file back as it was, for instance with: git restore {path}",
                                    path=self.shown(Path(entry.path)),
                                ),
                            )
                        found.append(LedgerFile(Path(entry.path), fund, int(match[1])))
        return sorted(found, key=lambda ledger: (ledger.fund, ledger.year))

    def shown(self, path: Path) -> str:
        return shown(path)

    def where(self, path: Path, line: int = 0, excerpt: str = "") -> Where:
        return Where(self.shown(path), line, excerpt)

    def check_inside(self, path: Path) -> None:
        """Refuse to write through a symbolic link that leads out of the book."""
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise Trouble(
                msg("{path} leads out of the book; nothing is written there.", path=self.shown(path)),
                hint=msg("Remove the link, or make it a folder of the book."),
            )


def shown(path: Path) -> str:
    """The path as a person would type it: from the folder they are in, where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return relative if len(relative) < len(str(path)) else str(path)


def find_book(start: Path, chosen: str | None = None) -> Folder:
    """The book `chosen` by `--book` or WKSBM_BOOK, else the nearest upwards of `start`.

    A folder is a book's when it holds book.toml, or `ledgers/book.toml`.
    """
    if chosen is not None:
        for root in (Path(chosen), Path(chosen) / USUAL_FOLDER):
            if (root / BOOK_FILE).is_file():
                return Folder(root)
        raise Trouble(
            msg("There is no book in {folder}.", folder=chosen),
            hint=msg("To make one, use: wksbm --book {folder} init", folder=chosen),
        )
    for folder in (start, *start.parents):
        for root in (folder / USUAL_FOLDER, folder):
            if (root / BOOK_FILE).is_file():
                return Folder(root)
    raise Trouble(
        msg("There is no book here or in any folder above."),
        hint=msg("To make one in this folder, use: wksbm init"),
    )
