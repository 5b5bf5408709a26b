"""Changing registers: a new file with tomli-w, an existing one with tomlkit so that hand-written comments stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.whole import LARGEST_REGISTER, read_whole
from wksbm_cli.book.writing import replace_file, writing
from wksbm_cli.domain.inline import exact_number
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Trouble
from wksbm_cli.domain.table import UnknownKey

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Item

Check = Callable[[Mapping[str, Any]], object]


def create(folder: Folder, path: Path, table: Mapping[str, Any], check: Check) -> None:
    """Write a register that must not exist yet. `check` reads it as the program will, before it is in place."""
    import tomli_w

    with writing(folder):
        if path.exists():
            raise Refused(msg("{path} is there already.", path=folder.shown(path)))
        text = tomli_w.dumps(_without_none(table))
        _checked(text, check)
        replace_file(folder, path, text)


def edit(folder: Folder, path: Path, change: Callable[[TOMLDocument], None], check: Check) -> None:
    """Change a register in place, keeping what people wrote around it; a missing file starts empty."""
    with writing(folder):
        replace_file(folder, path, changed(folder, path, change, check))


def changed(folder: Folder, path: Path, change: Callable[[TOMLDocument], None], check: Check) -> str:
    """The text of a register after a change, checked but not yet in place: for a caller that holds the book's lock."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    _let_tomlkit_write_decimals()
    try:
        before = read_whole(path, LARGEST_REGISTER)[0].decode("utf-8-sig") if path.exists() else ""
        document = tomlkit.parse(before.replace("\r\n", "\n"))
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise Trouble(
            msg("This file is not valid TOML: {reason}.", reason=str(error)),
            where=folder.where(path),
            hint=msg("Correct this line in a text editor, then type the command again."),
        ) from None
    change(document)
    text = tomlkit.dumps(document)
    _checked(text, check)
    return text


@cache
def _let_tomlkit_write_decimals() -> None:
    """tomlkit knows floats but no exact decimals; these are written by their digits."""
    import tomlkit
    from tomlkit.exceptions import ConvertError

    def exact(value: object) -> Item:
        if isinstance(value, Decimal):
            return tomlkit.value(f"{value:f}")
        raise ConvertError

    tomlkit.register_encoder(exact)


def _checked(text: str, check: Check) -> None:
    """Read the register as it would be. What is wrong in it now was typed now, and is refused as that."""
    import tomli

    try:
        check(tomli.loads(text, parse_float=exact_number))
    except UnknownKey as wrong:
        raise Refused(wrong.text, hint=wrong.hint) from None


def _without_none(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, Mapping) else value
        for key, value in table.items()
        if value is not None and value != "" and value != [] and value != {}
    }
