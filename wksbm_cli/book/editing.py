"""Changing registers: a new file with tomli-w, an existing one with tomlkit so that hand-written comments stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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


class Edit(NamedTuple):
    """One edit of a register. A `path` names tables from the root; a step `(key, value)` selects the row of an array of
    tables with this value.

    `value` replaces the value at the path, or with `add` is appended to the array of tables there; None deletes.
    """

    path: tuple[str | tuple[str, Any], ...]
    value: Any
    add: bool = False


def create(folder: Folder, path: Path, table: Mapping[str, Any], check: Check) -> None:
    """Write a register that must not exist yet."""
    with writing(folder):
        replace_file(folder, path, new_register(folder, path, table, check))


def edit(folder: Folder, path: Path, change: Callable[[TOMLDocument], None], check: Check) -> None:
    """Change a register in place, keeping what people wrote around it; a missing file starts empty."""
    with writing(folder):
        replace_file(folder, path, changed(folder, path, change, check))


def new_register(folder: Folder, path: Path, table: Mapping[str, Any], check: Check) -> str:
    """The text of a register that must not exist yet, validated by parsing it as the program will."""
    import tomli_w

    if path.exists():
        raise Refused(msg("{path} is there already.", path=folder.shown(path)))
    text = tomli_w.dumps(_without_none(table))
    _checked(text, check)
    return text


def edited(folder: Folder, path: Path, edits: Sequence[Edit], check: Check) -> tuple[str, str]:
    """The text of a register before and after edits, validated but not yet written."""

    def change(document: TOMLDocument) -> None:
        for edit in edits:
            _apply(document, edit)

    before = _text_of(path)
    return before, changed(folder, path, change, check)


def _apply(document: TOMLDocument, edit: Edit) -> None:
    import tomlkit

    table: Any = document
    *steps, last = edit.path
    assert isinstance(last, str)
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            key, value = step
            table = next(row for row in table if row.get(key) == value)
        else:
            if step not in table:
                # A table that only contains other tables needs no header of its own.
                holds_tables = number < len(steps) - 1 or isinstance(edit.value, Mapping)
                table[step] = tomlkit.table(is_super_table=holds_tables)
            table = table[step]
    if edit.value is None:
        table.pop(last, None)
    elif not edit.add:
        table[last] = edit.value
    else:
        if last not in table:
            table[last] = tomlkit.aot()
        table[last].append(tomlkit.item(edit.value))


def _text_of(path: Path) -> str:
    return read_whole(path, LARGEST_REGISTER)[0].decode("utf-8-sig").replace("\r\n", "\n") if path.exists() else ""


def changed(folder: Folder, path: Path, change: Callable[[TOMLDocument], None], check: Check) -> str:
    """The text of a register after a change, validated but not yet written, for a caller that holds the book's lock."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    _let_tomlkit_write_decimals()
    try:
        document = tomlkit.parse(_text_of(path))
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
    """tomlkit has floats but no `Decimal`; these are written by their digits."""
    import tomlkit
    from tomlkit.exceptions import ConvertError

    def exact(value: object) -> Item:
        if isinstance(value, Decimal):
            return tomlkit.value(f"{value:f}")
        raise ConvertError

    tomlkit.register_encoder(exact)


def _checked(text: str, check: Check) -> None:
    """Parse the register as it would become; an error in it comes from what was typed now, so it is `Refused`."""
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
