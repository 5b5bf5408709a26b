"""Dates and numbers as Unicode's data for Indonesian and English has them, with Babel as the judge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

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
