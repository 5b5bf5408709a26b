"""Likely causes of a difference, as a hint only, since several slips give the same difference."""

from __future__ import annotations

from collections.abc import Iterable

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.sheets.figures import Figure

# A row and its figure, a summand.
Summand = tuple[int, Figure]


def likely_slip(printed: Figure, computed: Figure, summands: Iterable[Summand] = ()) -> Message | None:
    """The slip that explains a difference best: digits first, then a row counted twice, left out or in the wrong column."""
    if found := _of_digits(printed, computed):
        return found
    difference = printed - computed
    for row, figure in summands:
        if not figure:
            continue
        if difference == figure:
            return msg("The difference is the figure of row {row}: it may be counted twice.", row=str(row + 1))
        if difference == -figure:
            return msg("The difference is the figure of row {row}: it may have been left out.", row=str(row + 1))
        if difference in (2 * figure, -2 * figure):
            return msg(
                "The difference is twice the figure of row {row}: it may be taken as out instead of in.",
                row=str(row + 1),
            )
    return None


def _of_digits(printed: Figure, computed: Figure) -> Message | None:
    one, other = str(abs(printed)), str(abs(computed))
    if printed and computed and printed == -computed:
        return msg("Only the sign differs.")
    if len(one) == len(other):
        differing = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(differing) == 1:
            return msg("One digit differs.")
        if len(differing) == 2 and sorted(one) == sorted(other):
            return msg("Two digits are the other way round.")
    if computed and printed in (computed * 10, computed * 100, computed * 1000):
        return msg("There may be a zero too many.")
    if printed and computed in (printed * 10, printed * 100, printed * 1000):
        return msg("A zero may be missing.")
    return None
