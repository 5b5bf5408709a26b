"""Rows of a sheet, independent of file format, and one refusal for all unusable rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Problem, Refused, Where

# A problem of one row: its line, and the message.
RowProblem = tuple[int, Message]


class InputRow:
    """One row: its line in the file and its cells by the names asked for. A cell never typed is ''."""

    __slots__ = ("cells", "number")

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number: Final = number
        self.cells: Final = cells

    def __getitem__(self, key: str) -> str:
        return self.cells[key]

    def get(self, key: str) -> str | None:
        """The cell's text, or None where the column or the text is missing."""
        return self.cells.get(key) or None


@dataclass(slots=True)
class Sheet:
    """A file's rows. Problems are collected, so that one run reports all of them."""

    path: str
    rows: list[InputRow]
    _wrong: list[RowProblem] = field(default_factory=list)

    def use(self, rows: Iterable[InputRow], how: Callable[[InputRow], object]) -> None:
        """Apply a function to every row, collecting each `Problem`."""
        for row in rows:
            try:
                how(row)
            except Problem as problem:
                self._wrong.append((row.number, problem.text))

    @property
    def has_unusable(self) -> bool:
        return bool(self._wrong)

    def refuse_unusable(self) -> None:
        """Raise one `Refused` with all collected problems, if any."""
        if self._wrong:
            raise unusable_rows(self.path, self._wrong)


def unusable_rows(path: str, wrong: Sequence[RowProblem]) -> Refused:
    """One problem for all unusable rows of a file; equal messages are merged."""
    alike: dict[str, list[RowProblem]] = defaultdict(list)
    for finding in wrong:
        alike[repr(finding[1])].append(finding)
    return Refused(
        msg("Nothing was recorded: the file has rows that cannot be used."),
        where=Where(path),
        details=[
            msgn("line {lines}: {what}", "lines {lines}: {what}", len(same), lines=_runs(same), what=same[0][1])
            for same in alike.values()
        ],
        hint=msg("Mend these rows, then type the command again."),
    )


def _runs(findings: Sequence[RowProblem]) -> str:
    """Line numbers as ranges, `5-7, 9`."""
    runs: list[list[int]] = []
    for line in sorted(line for line, _ in findings):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
