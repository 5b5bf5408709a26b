"""Dates and numbers as Unicode's data for Indonesian and English has them, with Babel as the judge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.dates import Brief, Span
from wksbm_cli.domain.units import IDR, Amount, Unit
from wksbm_cli.render.language import Language

RICE = Unit("beras", "beras", "kg", 3)


@pytest.mark.parametrize("code", ["id", "en"])
def test_every_month_is_named_as_babel_names_it(code: str) -> None:
    language = Language(code)
    for month in range(1, 13):
        day = date(2026, month, month)
        assert language.day(day) == format_date(day, "d MMMM y", locale=code)
        assert language.month(day) == format_date(day, "MMMM y", locale=code)
        assert language.short_month(day) == format_date(day, "MMM y", locale=code)


@pytest.mark.parametrize("code", ["id", "en"])
@given(minor=st.integers(-(10**15), 10**15))
def test_numbers_have_the_marks_that_babel_gives_them(code: str, minor: int) -> None:
    language = Language(code)
    assert language.figure(Amount(minor, IDR)) == format_decimal(minor, locale=code)
    assert language.figure(Amount(minor, RICE)) == format_decimal(Decimal(minor) / 1000, locale=code)
    assert language.number(Decimal(minor) / 1000) == format_decimal(Decimal(minor) / 1000, locale=code)


@pytest.mark.parametrize(
    ("first", "last", "id_", "en"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), "Mei 2026", "May 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026", "2026"),
        (date(2025, 1, 1), date(2026, 12, 31), "2025–2026", "2025–2026"),
        (date(2026, 1, 1), date(2026, 6, 30), "Jan–Jun 2026", "Jan–Jun 2026"),
        (date(2025, 10, 1), date(2026, 2, 28), "Okt 2025–Feb 2026", "Oct 2025–Feb 2026"),
        (date(2026, 2, 12), date(2026, 2, 12), "12/02/2026", "2026-02-12"),
        (date(2026, 2, 9), date(2026, 2, 15), "09/02/2026–15/02/2026", "2026-02-09–2026-02-15"),
    ],
)
def test_a_span_in_the_few_letters_of_a_column(first: date, last: date, id_: str, en: str) -> None:
    brief = Brief(Span(first, last))
    assert (Language("id").show(brief), Language("en").show(brief)) == (id_, en)
