"""Sentences, amounts and dates as a reader of Indonesian or of English expects them."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wksbm_cli.domain.dates import Brief, Span
from wksbm_cli.domain.inline import is_list
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.units import IDR, Amount, InWords, Unit
from wksbm_cli.locales import DOMAIN, FOLDER

# From here on an amount is also spelled out, since a zero too many is easily overlooked in digits.
WORDS_FROM = 1_000_000
# From Unicode's CLDR; a test compares them with Babel, whose import took a tenth of the time of a report.
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),  # noqa: SIM905
}
_THOUSAND = r"(?:(?<=juta )|(?<=miliar )|(?<=triliun ))satu ribu"


class Language:
    """One language: `id` or `en`. English sentences are their own catalogue."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._catalogue = gettext.translation(DOMAIN, FOLDER, [code], fallback=True)
        self._marks = str.maketrans(",.", ".,") if code == "id" else {}

    def say(self, message: Message) -> str:
        """The sentence in this language, its values printed as the language does."""
        if message.plural is None:
            text = self._catalogue.gettext(message.text)
        else:
            text = self._catalogue.ngettext(message.text, message.plural, message.number)
        return text.format(**{name: self.show(value) for name, value in message.values.items()})

    def show(self, value: Any) -> str:
        """Format any value of a message or cell, for people."""
        match value:
            case None:
                return ""
            case str():
                return value
            case Message():
                return self.say(value)
            case Person() | RedactableText():
                return str(value)
            case Amount():
                return self.amount(value)
            case InWords():
                return self.spelled(value.amount)
            case date():
                return self.day(value)
            case Span():
                return self.span(value)
            case Brief():
                return self.brief_span(value.span)
            case bool():
                raise TypeError("a truth value needs a sentence")
            case int() | Decimal():
                return self.number(value)
            case _ if is_list(value):
                return ", ".join(self.show(item) for item in value)
            case Mapping():
                return ", ".join(f"{self.show(key)} {self.show(item)}" for key, item in value.items())
        raise TypeError(f"{type(value).__name__} is not shown to people")

    def number(self, value: int | Decimal) -> str:
        """`1.250`, and of a percentage `12,5`: no more decimals than it has."""
        digits = f"{value:,}" if isinstance(value, int) else f"{value.normalize():,f}"
        return digits.translate(self._marks)

    def amount(self, amount: Amount) -> str:
        """`Rp1.250.000`, `2,5 kg beras`; English swaps the marks."""
        digits = self.figure(amount)
        if amount.unit is IDR:
            return f"-Rp{digits[1:]}" if digits.startswith("-") else f"Rp{digits}"
        return f"{digits} {self._label(amount.unit)}"

    @staticmethod
    def _label(unit: Unit) -> str:
        """A unit as people say it behind a number, and as it may be typed: `kg beras`, `liter minyak goreng`, `ekor`."""
        name = unit.name[:1].lower() + unit.name[1:]
        return unit.symbol if unit.symbol == name else f"{unit.symbol} {name}"

    def figure(self, amount: Amount) -> str:
        """An amount as digits alone, where the head names the unit: `1.250.000`, `2,5`."""
        sign, minor = ("-" if amount.minor < 0 else ""), abs(amount.minor)
        whole, rest = divmod(minor, amount.unit.scale)
        digits = f"{whole:,}"
        if rest:
            digits += "." + f"{rest:0{amount.unit.decimals}d}".rstrip("0")
        return sign + digits.translate(self._marks)

    def in_words(self, amount: Amount) -> str | None:
        """A large amount of rupiah spelled out; None for a small one and for goods."""
        return None if amount.unit is not IDR or amount.minor < WORDS_FROM else self.spelled(amount)

    def spelled(self, amount: Amount) -> str:
        """`seratus lima puluh ribu rupiah`, `dua koma lima kg beras`."""
        from num2words import num2words

        words = num2words(amount.number, lang=self.code)
        # After millions a thousand is "seribu"; the library gives "satu ribu", which is only right in "dua puluh satu ribu".
        words = re.sub(_THOUSAND, "seribu", words)
        return f"{words} {'rupiah' if amount.unit is IDR else self._label(amount.unit)}"

    def day(self, day: date) -> str:
        """`5 Oktober 2026`, `5 October 2026`."""
        return f"{day.day} {self.month(day)}"

    def short_day(self, day: date) -> str:
        """`05/10/2026` (day first) in Indonesian tables, `2026-10-05` in English ones."""
        return day.strftime("%d/%m/%Y") if self.code == "id" else day.isoformat()

    def short_month(self, day: date) -> str:
        """`Okt 2026`, `Oct 2026`, as wide for every month."""
        return f"{_MONTHS[self.code][day.month - 1][:3]} {day.year}"

    def month_name(self, month: int) -> str:
        """`Oktober`, `October`."""
        return _MONTHS[self.code][month - 1]

    def month(self, day: date) -> str:
        """`Oktober 2026`, `October 2026`."""
        return f"{_MONTHS[self.code][day.month - 1]} {day.year}"

    def span(self, span: Span) -> str:
        """`Februari 2026`, `2026`, `Januari s.d. Maret 2026`, `1 Januari 2026 s.d. 15 Februari 2026`, `s.d. 31 Maret 2026`."""
        if span.start is None and span.end is None:
            return self.say(msg("all dates"))
        if span.start is None:
            return self.say(msg("up to {end}", end=span.end))
        if span.end is None:
            return self.say(msg("from {start}", start=span.start))
        if span.start == span.end:
            return self.day(span.start)
        if span.is_year:
            return str(span.start.year)
        if span.is_month:
            return self.month(span.start)
        if span.is_months:
            first = self.month(span.start)
            if span.start.year == span.end.year:
                first = first.removesuffix(f" {span.start.year}")
            return self.say(msg("{start} to {end}", start=first, end=self.month(span.end)))
        return self.say(msg("{start} to {end}", start=span.start, end=span.end))

    def period(self, span: Span) -> str:
        """The period of a report: a span, and of a year that begins in another month than January also its name."""
        if not span.is_fiscal_year:
            return self.span(span)
        assert span.start is not None and span.end is not None
        return f"{span.start.year}/{span.end.year}, {self.span(span)}"

    def brief_span(self, span: Span) -> str:
        """`Feb 2026`, `2026`, `Sep 2025–Feb 2026`, `05/01/2026–08/02/2026`: a closed span as a column has room for it."""
        assert span.start is not None and span.end is not None
        if span.start == span.end:
            return self.short_day(span.start)
        if span.is_year:
            return str(span.start.year)
        if span.is_month:
            return self.short_month(span.start)
        if span.is_months and (span.start.month, span.end.month) == (1, 12):
            return f"{span.start.year}–{span.end.year}"
        if not span.is_months:
            return f"{self.short_day(span.start)}–{self.short_day(span.end)}"
        first = self.short_month(span.start)
        if span.start.year == span.end.year:
            first = first.removesuffix(f" {span.start.year}")
        return f"{first}–{self.short_month(span.end)}"
