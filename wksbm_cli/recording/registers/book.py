"""Creating a book, and changing its book.toml."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wksbm_cli.book.editing import Edit, create
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.upgrade import newest_format
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import BookSettings, Registers
from wksbm_cli.domain.slug import check_slug, check_text
from wksbm_cli.recording.registers.change import Change

# Goods that funds collect and hand out (docs/practice.md#goods); a book may drop or add its own.
_UNITS = {
    "beras": {"name": "Beras", "symbol": "kg", "decimals": 3},
    "minyak": {"name": "Minyak goreng", "symbol": "liter", "decimals": 3},
    "telur": {"name": "Telur", "symbol": "butir", "decimals": 0},
    "mie": {"name": "Mie instan", "symbol": "bungkus", "decimals": 0},
}


def create_book(folder: Folder, name: str, *, language: str, timezone: str, now: datetime) -> None:
    """Create a book."""
    if folder.book_file.exists():
        raise Refused(
            msg("There is a book in {folder} already.", folder=folder.shown(folder.root)),
            hint=msg("See what it holds with: wksbm balance"),
        )
    title = check_text(name)
    _check_timezone(timezone)
    table = {
        **newest_format(timezone, now),
        "name": title,
        "language": language,
        "timezone": timezone,
        "units": _UNITS,
    }
    folder.root.mkdir(parents=True, exist_ok=True)
    create(folder, folder.book_file, table, BookSettings.from_table)


def _check_timezone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            msg('The time zone "{zone}" is not known.', zone=name),
            hint=msg("Type for instance: {example}", example="Asia/Jakarta, Asia/Makassar, Asia/Jayapura"),
        ) from None


def add_unit(registers: Registers, code: str, name: str | None, symbol: str | None, decimals: int) -> Change:
    """Add or edit a unit of goods; its decimals cannot change, since recorded amounts depend on them."""
    slug = check_slug(code)
    if slug in registers.book.units:
        unit = registers.book.units[slug]
        raise Refused(
            msg(
                "The unit {unit} is there already: {name}, in {symbol}.", unit=slug, name=unit.name, symbol=unit.symbol
            ),
            hint=msg('To use it: wksbm fund add ORG/FUND "Name" --unit {unit}', unit=slug),
        )
    table: dict[str, Any] = {
        "name": check_text(name) if name else slug.replace("-", " ").capitalize(),
        "symbol": check_text(symbol) if symbol else slug,
        "decimals": decimals,
    }
    said = msg("Added: {name} ({slug}).", name=table["name"], slug=slug)
    return Change("book", "", (Edit(("units", slug), table),), (said,))
