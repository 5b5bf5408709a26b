"""The decisions of an organisation, read from its ledger without the index."""

from __future__ import annotations

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.ledgers import whole_lines
from wksbm_cli.book.whole import LARGEST_LEDGER, read_whole
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import parse_line
from wksbm_cli.domain.problem import Problem


def read_decisions(folder: Folder, organisation: str) -> list[Entry]:
    """Every decision of an organisation, in the order of its ledger; the first invalid line raises."""
    found = []
    for ledger in folder.ledgers([organisation]):
        for line in whole_lines(read_whole(ledger.path, LARGEST_LEDGER)[0]):
            try:
                found.append(parse_line(organisation, line.decode(errors="replace")))
            except Problem as problem:
                problem.at(folder.where(ledger.path))
                raise
    return found
