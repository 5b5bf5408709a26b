"""Parsing dates and amounts in cells of a bank's export or a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.dates import parse_written_date
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.units import IDR, LARGEST_WHOLE, Amount, Unit, parse_amount

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(.*?\d)[ T]+\d{1,2}[:.]\d{2}.*")
_TOKENS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short_year>\d{2})",
    "mmm": r"(?P<name>[A-Za-z]+)",
    "mm": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{1,2})",
}
_TOKEN = re.compile("|".join(_TOKENS))


class DateStyle(NamedTuple):
    """One way of writing a day, named by its letters: `dd/mm/yyyy`, `dd mmm yy`, `mm/dd/yyyy`."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def named(cls, text: str) -> DateStyle:
        """The style; `Usage` unless it has a day, a month and a year, once each."""
        tokens = _TOKEN.findall(text)
        if sorted(token[0] for token in tokens) != ["d", "m", "y"]:
            raise Usage(
                msg('"{text}" does not say where day, month and year stand.', text=text),
                hint=msg("Type for instance: {example}", example="dd/mm/yyyy, yyyy-mm-dd, dd mmm yyyy, mm/dd/yy"),
            )
        pattern = re.escape(text).replace(r"\-", "-")
        return cls(text, re.compile(_TOKEN.sub(lambda token: _TOKENS[token[0]], pattern)))

    def read(self, written: str) -> date | None:
        """The day, or None where it is not written in this style. An impossible day (30/2) is a `Usage`."""
        found = self.pattern.fullmatch(written)
        if found is None:
            return None
        parts = found.groupdict()
        year = parts.get("year") or f"20{parts['short_year']}"
        if "name" in parts:
            return parse_written_date(f"{parts['day']} {parts['name']} {year}")
        return parse_written_date(f"{year}-{parts['month']}-{parts['day']}")


def read_day(cell: str, styles: Sequence[DateStyle]) -> date:
    """The day of a cell, in one of the styles; without styles as people write it, day before month.

    A time of day after it is ignored, and so is a leading apostrophe, a spreadsheet's mark for text.
    """
    written = cell.removeprefix("'").strip()
    with_time = _TIME.fullmatch(written)
    written = with_time[1] if with_time else written
    if _ISO.fullmatch(written):  # ISO 8601, as stored by spreadsheets: unambiguous in any style
        return parse_written_date(written)
    for style in styles:
        if day := style.read(written):
            return day
    # "kemarin" in a sheet is no date: it would change with each import.
    if styles or not any(char.isdigit() for char in written):
        raise Usage(
            msg(
                '"{text}" is not a date as the rules say it is written ({styles}).',
                text=cell[:40],
                styles=", ".join(style.text for style in styles) or "dd/mm/yyyy",
            )
        )
    return parse_written_date(written)


# "999.999.999.999,00" and a unit have at most 40 characters; longer texts are not parsed.
_LONGEST_AMOUNT = 40
IN, OUT, EITHER, NOTHING = "in", "out", "", "none"

_SIGNED = re.compile(
    r"(?P<before>[-−+]?)\s*(?P<currency>rp\.?|idr)?\s*(?P<after>[-−+]?)\s*(?P<digits>[\d.,].*?)(?P<behind>\s*idr)?",
    re.IGNORECASE,
)


class Money(NamedTuple):
    """A row's amount as text, and its direction: `in`, `out`, either (without a sign), or none (no money)."""

    way: str
    digits: str


class MoneyStyle(NamedTuple):
    """The format of amounts: decimal mark, words for in and out, and the direction without a sign."""

    decimal: str | None = None
    money_in: tuple[str, ...] = ()
    money_out: tuple[str, ...] = ()
    unsigned: str = EITHER

    def read(self, cells: Mapping[str, str]) -> Money:
        """The money of a row with the columns `in` and `out`, or `amount` and perhaps `sign`."""
        if "amount" not in cells:
            return self._of_two(cells.get("in", ""), cells.get("out", ""))
        text, way = self._without_words(cells["amount"].removeprefix("'"))
        if not any(char in "123456789" for char in text):
            return Money(NOTHING, text)
        text, sign = _without_sign(text)
        if "sign" in cells:
            way = self._way_of_word(cells["sign"])
        return Money(sign or way or self.unsigned, text)

    def _of_two(self, inward: str, outward: str) -> Money:
        found = [
            Money(way, text.removeprefix("'"))
            for way, text in ((IN, inward), (OUT, outward))
            if any(char in "123456789" for char in text)
        ]
        if len(found) == 2:
            raise Usage(
                msg(
                    "Money comes in ({money_in}) and goes out ({money_out}) in one row.",
                    money_in=inward,
                    money_out=outward,
                )
            )
        if not found:
            return Money(NOTHING, inward or outward)
        text, sign = _without_sign(found[0].digits)
        if sign == OUT:
            raise Usage(msg('"{text}" is less than nothing; an amount is always positive.', text=text))
        return Money(found[0].way, text)

    def _without_words(self, text: str) -> tuple[str, str]:
        """The amount without a word for its way before or behind it, and that way."""
        for way, words in ((IN, self.money_in), (OUT, self.money_out)):
            for word in words:
                if text.casefold().endswith(word.casefold()):
                    return text[: -len(word)].strip(), way
                if text.casefold().startswith(word.casefold()):
                    return text[len(word) :].strip(), way
        return text, ""

    def _way_of_word(self, cell: str) -> str:
        for way, words in ((IN, self.money_in), (OUT, self.money_out)):
            if cell.casefold() in (word.casefold() for word in words):
                return way
        known = ", ".join((*self.money_in, *self.money_out))
        raise Usage(
            msg('"{text}" does not say whether money came in or went out ({known}).', text=cell[:40], known=known)
        )

    def amount(self, money: Money, units: Mapping[str, Unit], unit: Unit) -> Amount:
        """The amount in a unit; without a decimal mark as people write it (`50.000`, `50rb`, `2,5 kg`)."""
        if len(money.digits) > _LONGEST_AMOUNT:
            raise Usage(msg("{value} is larger than any community fund: likely a slip.", value=money.digits[:40]))
        if self.decimal is None:
            return parse_amount(money.digits, units, unit, is_sure=True)
        rupiah = money.digits.startswith("Rp")
        digits, unit = (money.digits[2:], units[IDR.code]) if rupiah else (money.digits, unit)
        group = "." if self.decimal == "," else ","
        pattern = rf"(?P<whole>\d{{1,3}}(?:\{group}\d{{3}})+|\d*)(?:\{self.decimal}(?P<part>\d*)-{{0,2}})?"
        found = re.fullmatch(pattern, digits)
        if found is None:
            raise Usage(
                msg(
                    '"{text}" cannot be read as an amount with "{mark}" before its decimals.',
                    text=digits[:40],
                    mark=self.decimal,
                )
            )
        whole, part = found["whole"].replace(group, ""), (found["part"] or "").rstrip("0")
        if len(part) > unit.decimals:
            raise Usage(msg('"{text}" has more decimals than {unit} can have.', text=digits[:40], unit=unit.name))
        minor = int(f"{whole}{part:0<{unit.decimals}}" or 0)
        if minor > LARGEST_WHOLE * unit.scale:
            raise Usage(msg("{value} is larger than any community fund: likely a slip.", value=digits[:40]))
        return Amount(minor, unit)


def _without_sign(text: str) -> tuple[str, str]:
    """The amount as `Rp5.000` or `5.000`, and the way its sign says: a minus or brackets are money out."""
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        return _without_sign(bare[1:-1])[0], OUT
    found = _SIGNED.fullmatch(bare)
    if found is None:
        return bare, ""
    currency = "Rp" if found["currency"] or found["behind"] else ""
    return currency + found["digits"], {"": "", "+": IN}.get(found["before"] or found["after"], OUT)
