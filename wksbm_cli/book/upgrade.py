"""The format of a book: the one of new books, and the upgrade of older ones.

Lines of format 1 stay as they are; only book.toml changes, which sets the format of new lines.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from wksbm_cli.book.editing import edit
from wksbm_cli.book.folder import Folder
from wksbm_cli.domain.registers import FORMATS, BookSettings, offset_of, offset_text

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def newest_format(timezone: str, now: datetime) -> dict[str, Any]:
    """The keys of the format in book.toml: its number, the standard UTC offset of the zone, a random identity."""
    import secrets

    return {
        "format": FORMATS[-1],
        "offset": offset_text(offset_of(now.astimezone(ZoneInfo(timezone)))),
        "identity": secrets.token_hex(16),
    }


def upgrade(folder: Folder, timezone: str, now: datetime) -> None:
    """Bring a book of format 1 to the newest format."""

    def change(document: TOMLDocument) -> None:
        if document["format"] != FORMATS[-1]:
            for key, value in newest_format(timezone, now).items():
                document[key] = value

    edit(folder, folder.book_file, change, BookSettings.from_table)
