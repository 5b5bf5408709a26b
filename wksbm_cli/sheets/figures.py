"""Amounts as Indonesians write them into sheets: `Rp. 1.250.000,-`, `1.250.000`, `(50.000)`, `50rb`, `14,5 kg`.

A figure is an exact number of rupiah or of units of a good; an empty cell, a dash and "nihil" are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from wksbm_cli.sheets.grid import Cell

Figure = int | Decimal

# Larger numbers than a trillion rupiah are telephone or identity numbers.
LARGEST = 10**13
_TIMES = {"rb": 3, "ribu": 3, "k": 3, "jt": 6, "juta": 6}
_NOTHING = {"", "-", "–", "—", "--", "nihil", "kosong", "rp-", "rp -", "rp. -", "rp.-", "rp", "rp."}
_WRITTEN = re.compile(
    r"(?P<open>\()?\s*(?P<minus>[-−–])?\s*(?:rp|idr)?\.?\s*(?P<minus_behind>[-−–])?\s*"
    r"(?P<digits>\d[\d., ]*?)\s*(?P<dash>,-+|\.-|,=|-)?\s*(?P<times>rb|ribu|k|jt|juta)?\s*"
    r"(?P<unit>rupiah|idr|kg|gram|gr|liter|ltr|l|bks|bungkus|buah|bh|pcs|paket|pkt|dus|sak|karung|butir|ekor|lembar)?\.?\s*\)?",
    re.IGNORECASE,
)
_INDONESIAN = re.compile(r"^\D*\d{1,3}(?:\.\d{3})+(?:,(?:\d{1,3}|-+))?\D*$|^\D*\d+,(?:\d{1,2}|-+)\D*$")
_ENGLISH = re.compile(r"^\D*\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?\D*$")


def size(figure: Figure) -> Figure:
    """The figure without its sign."""
    return -figure if figure < 0 else figure


def decimal_mark(cells: Iterable[Cell]) -> str:
    """The mark before decimals in a sheet's own texts: `,` as Indonesia writes, unless most amounts are grouped by it."""
    indonesian = english = 0
    for cell in cells:
        if type(cell) is str and cell[-1:].isdigit() | (cell[-1:] in ",-)"):
            if _INDONESIAN.match(cell):
                indonesian += 1
            elif _ENGLISH.match(cell):
                english += 1
    return "." if english > indonesian else ","


def read_figure(cell: Cell, mark: str = ",") -> Figure | None:
    """The number of a cell; None where it says none."""
    kind = type(cell)
    if kind is int or kind is Decimal:
        return cell if -LARGEST < cell < LARGEST else None  # type: ignore[operator, return-value]
    return _of_text(cell, mark) if isinstance(cell, str) else None


@lru_cache(maxsize=4096)
def _of_text(text: str, mark: str) -> Figure | None:
    plain = text.replace("\xa0", " ").strip().lower()
    if plain in _NOTHING or not any(char.isdigit() for char in plain):
        return None
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        return None
    number = _number(found["digits"].replace(" ", ""), mark)
    if number is None:
        return None
    if found["times"]:
        number = number.scaleb(_TIMES[found["times"]])
    value: Figure = int(number) if number == number.to_integral_value() else number
    if value >= LARGEST:
        return None
    is_negative = found["open"] or found["minus"] or found["minus_behind"]
    return -value if is_negative else value


def _number(digits: str, mark: str) -> Decimal | None:
    """Parse digits with points and commas. Either mark separates thousands where all groups have three digits."""
    group = "." if mark == "," else ","
    if re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{mark}\d*)?|\d+(?:\{mark}\d*)?", digits):
        plain = digits.replace(group, "").replace(mark, ".")
    elif re.fullmatch(rf"\d{{1,3}}(?:\{mark}\d{{3}}){{2,}}", digits):
        plain = digits.replace(mark, "")
    else:
        return None
    try:
        return Decimal(plain.rstrip("."))
    except InvalidOperation:
        return None


_UNITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_DIGITS = {word: value for value, word in enumerate(_UNITS)} | {"se": 1, "delapn": 8}
_WORDS = re.compile(r"se(?=puluh|belas|ratus|ribu|juta)|puluh|belas|ratus|ribu|juta|miliar|milyar|[a-z]+")


def read_words(text: str) -> int | None:
    """A number in Indonesian words (`dua ratus lima puluh ribu rupiah`); None where a word does not belong to one."""
    total = part = digit = 0
    seen = False
    for word in _WORDS.findall(text.lower().replace("rupiah", " ").replace("rp", " ")):
        if word in _DIGITS:
            part, digit = part + digit, _DIGITS[word]
        elif word == "puluh":
            part, digit = part + (digit or 1) * 10, 0
        elif word == "belas":
            part, digit = part + digit + 10, 0
        elif word == "ratus":
            part, digit = part + (digit or 1) * 100, 0
        elif word in ("ribu", "juta", "miliar", "milyar"):
            times = 10 ** {"ribu": 3, "juta": 6}.get(word, 9)
            total, part, digit = total + ((part + digit) or 1) * times, 0, 0
        elif word == "seribu":
            total, part, digit = total + 1000, 0, 0
        elif word not in ("saja", "tepat", "dan"):
            return None
        seen = True
    return total + part + digit if seen else None
