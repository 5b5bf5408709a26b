"""What a reader's screen or paper asks of a layout, beside the report itself."""

from __future__ import annotations

from typing import NamedTuple

WIDTH = 80


class Layout(NamedTuple):
    """`width` in columns and `colour` of a terminal; `short` for one line; `charts` and the seal's QR code drawn where they are
    not drawn anyway."""

    width: int = WIDTH
    colour: bool = False
    short: bool = False
    charts: bool = False
    qr: bool = False


USUAL = Layout()
