"""What a reader's screen or paper asks of a layout, beside the report itself."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """`width` in columns and `colour` of a terminal; `short` for one line; `charts` drawn where they are not drawn anyway."""

    width: int = WIDTH
    colour: bool = False
    short: bool = False
    charts: bool = False


USUAL = Layout()
