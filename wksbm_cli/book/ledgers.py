"""Ledger lines read directly from the disk, for audits that must not rely on the index or the registers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import is_torn
from wksbm_cli.book.whole import LARGEST_LEDGER, read_whole
from wksbm_cli.domain.seal import entry_lines
from wksbm_cli.domain.slug import SLUG


class LedgerLines(NamedTuple):
    """The entry lines of one ledger file, in its order and without their ends; a torn last one is no line."""

    path: Path
    fund: str
    lines: list[bytes]


def read_lines(folder: Folder) -> list[LedgerLines]:
    """Every ledger file of every folder of a fund or organisation, by fund or organisation and year."""
    found = []
    for ledger in folder.ledgers(sorted(_folders(folder))):
        data, _ = read_whole(ledger.path, LARGEST_LEDGER)
        found.append(LedgerLines(ledger.path, ledger.fund, whole_lines(data)))
    return found


def whole_lines(data: bytes) -> list[bytes]:
    """The entry lines of a ledger's bytes, without one that was cut off while being written."""
    rest = data[data.rfind(b"\n") + 1 :]
    return entry_lines(data[: len(data) - len(rest)] if rest and is_torn(rest) else data)


def _folders(folder: Folder) -> Iterator[str]:
    for organisation in folder.root.iterdir():
        if SLUG.fullmatch(organisation.name) and organisation.is_dir():
            yield organisation.name
            for fund in organisation.iterdir():
                if SLUG.fullmatch(fund.name) and fund.is_dir():
                    yield f"{organisation.name}/{fund.name}"
