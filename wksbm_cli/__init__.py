"""Bookkeeping for Indonesian community social funds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wksbm_cli.api import Book, open_book
    from wksbm_cli.domain.dates import Span

__version__ = "0.1.0"
__all__ = ["Book", "Span", "__version__", "open_book"]


def __getattr__(name: str) -> Any:
    """What other Python programs use, imported when it is first asked for: no command waits for it."""
    if name in ("Book", "open_book"):
        from wksbm_cli import api

        return getattr(api, name)
    if name == "Span":
        from wksbm_cli.domain.dates import Span

        return Span
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
