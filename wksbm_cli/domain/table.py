"""Validated access to a TOML table: each key is taken once, and keys left over are refused as unknown.

For files written by hand (registers, import rules), so every refusal names its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wksbm_cli.domain.inline import shown
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.domain.slug import SLUG, is_clean_text, nearest_hint

# An upper bound for amounts in smallest steps, counts and days in a register.
_LARGEST = 10**15
# Earlier than any group, and far enough from year 1 that computing back from a day does not underflow.
_FIRST_YEAR = 1000


class UnknownKey(Trouble):
    """An unknown key, or a key with an invalid value.

    `key` lets the reader find its line; `within` says in which table of an array of tables (`[[rules]]`,
    counted from 0) it stands, where several tables have such a key.
    """

    def __init__(
        self, text: Message, key: str, hint: Message | None = None, within: tuple[str, int] | None = None
    ) -> None:
        super().__init__(text, hint=hint)
        self.key = key
        self.within = within


class TomlTable:
    """Takes values out of a TOML table one by one, and refuses keys that are left over.

    `what` is the table's name in messages; `number` its place in an array of tables of that name.
    """

    def __init__(self, table: object, what: str, number: int | None = None) -> None:
        self._within = None if number is None else (what, number)
        if not isinstance(table, dict):
            raise self.problem(msg("{what} must be a table.", what=what), what)
        self._table: dict[str, Any] = dict(table)
        self._known: list[str] = []
        self._what = what

    def problem(self, text: Message, key: str, hint: Message | None = None) -> UnknownKey:
        """The error about a key of this table, to be raised."""
        return UnknownKey(text, key, hint, self._within)

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def __iter__(self) -> Iterator[str]:
        """The keys not taken yet."""
        return iter(list(self._table))

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None, *, required: bool = False) -> Any:
        self._known.append(key)
        if key not in self._table:
            if required:
                raise self.problem(msg('"{key}" is missing in {what}.', key=key, what=self._what), self._what)
            return default
        value = self._table.pop(key)
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if type(value) not in kinds or (type(value) is int and abs(value) > _LARGEST):
            if isinstance(value, Decimal) and int in kinds:
                raise self.problem(
                    msg("{value} is a number with decimals; rupiah are whole numbers.", value=shown(value)),
                    key,
                    msg("If {digits} was meant, write it without a point.", digits=shown(value).replace(".", "")),
                )
            raise self.problem(msg('"{key}" cannot be {value}.', key=key, value=shown(value)), key)
        if isinstance(value, date) and value.year < _FIRST_YEAR:
            raise self.problem(msg("There is no year {year} in a book like this.", year=f"{value.year:04d}"), key)
        if type(value) is str and not is_clean_text(value):
            raise self.problem(
                msg('The text of "{key}" holds a line break or a control character, or is too long.', key=key), key
            )
        return value

    def choice(self, key: str, choices: Mapping[str, Message] | tuple[str, ...], default: str) -> str:
        value: str = self.take(key, str, default)
        if value not in choices:
            raise self.problem(
                msg('"{key}" cannot be "{value}".', key=key, value=value), key, nearest_hint(value, choices)
            )
        return value

    def tables(self, key: str) -> Mapping[str, Any]:
        value: dict[str, Any] = self.take(key, dict, {})
        for slug in value:
            if not SLUG.fullmatch(slug):
                raise self.problem(
                    msg(
                        '"{slug}" cannot be a short name: use small letters, digits and hyphens, at most 63.', slug=slug
                    ),
                    slug,
                )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.take(key, list, [])
        if not all(type(item) is str and is_clean_text(item) for item in value):
            raise self.problem(msg('"{key}" must be a list of texts.', key=key), key)
        return tuple(value)

    def done(self) -> None:
        for key in self._table:
            raise self.problem(
                msg('"{key}" is not known in {what}.', key=key, what=self._what), key, nearest_hint(key, self._known)
            )
