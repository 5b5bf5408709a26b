"""A seal as a QR code, to be scanned with a telephone instead of typing forty characters.

It contains the seal in capitals, which QR encodes more compactly (alphanumeric mode), so that modules are larger and a
creased copy can be read. `verify` accepts the scanned text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import groupby

# The quiet zone required by the standard, in modules.
_MARGIN = 4
# Error correction level M: 15 percent of the code may be damaged.
_CORRECTION = "m"


def packed(text: str) -> str:
    """The contents of the code: the seal in capitals, without the hyphens in digests that help the eye."""
    return re.sub(r"(?<=\b[0-9a-f]{8})-(?=[0-9a-f]{8}\b)", "", text).upper()


@cache  # a receipt has its code twice
def squares(text: str) -> Sequence[Sequence[bool]]:
    """The rows of the code with its quiet zone; True is dark."""
    import segno

    code = segno.make_qr(packed(text), error=_CORRECTION, boost_error=False)
    return [[bool(square) for square in row] for row in code.matrix_iter(border=_MARGIN)]


def as_svg(text: str, label: str) -> str:
    """The code as one path on white."""
    rows = squares(text)
    path = "".join(
        f"M{start} {number}h{length}v1h-{length}z" for number, row in enumerate(rows) for start, length in _dark(row)
    )
    size = len(rows)
    return (
        f'<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" shape-rendering="crispEdges"'
        f' xmlns="http://www.w3.org/2000/svg"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _dark(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of dark modules in a row: start and length."""
    found, at = [], 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            found.append((at, length))
        at += length
    return found


def as_lines(text: str) -> list[str]:
    """The code in half-block characters, two rows of modules to a line, for black on white."""
    rows = squares(text)
    light = [False] * len(rows[0])
    pairs = zip(rows[::2], [*rows[1::2], light] if len(rows) % 2 else rows[1::2], strict=True)
    return ["".join(_HALVES[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs]


_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
