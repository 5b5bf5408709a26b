"""Days and amounts as banks and spreadsheets write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.units import IDR, LARGEST_WHOLE, Unit
from wksbm_cli.exchange.cells import DateStyle, MoneyStyle, read_day

RICE = Unit("beras", "Beras", "kg", 3)
UNITS = {"IDR": IDR, "beras": RICE}
BANK = MoneyStyle(".", ("CR",), ("DB",))


def day(cell: str, *styles: str) -> date:
    return read_day(cell, [DateStyle.named(style) for style in styles])


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ("2026-02-09", "yyyy-mm-dd"),
        ("'09/02/2026", "dd/mm/yyyy"),
        ("9/2/2026", "dd/mm/yyyy"),
        ("02/09/2026", "mm/dd/yyyy"),
        ("09/02/26 14.30", "dd/mm/yy"),
        ("09 February 2026 14:24:27", "dd mmm yyyy"),
        ("9 Feb 2026", "dd mmm yyyy"),
        ("9-Peb-26", "dd-mmm-yy"),
        ("2026/02/09 7:16:31 PM GMT+7", "yyyy/mm/dd"),
        ("2026-02-09T19:16:31", "yyyy-mm-dd"),
        ("09.02.2026", "dd.mm.yyyy"),
        ("20260209", "yyyymmdd"),
    ],
)
def test_one_day_in_many_styles(cell: str, style: str) -> None:
    assert day(cell, style) == date(2026, 2, 9)


def test_the_first_style_that_fits_reads_it() -> None:
    assert day("9 Feb 2026", "dd/mm/yyyy", "dd mmm yyyy") == date(2026, 2, 9)


@pytest.mark.parametrize("cell", ["2026-02-09", "9/2/2026", "9 Februari 2026", "2026-02-09 19:16:31"])
def test_without_styles_as_people_write(cell: str) -> None:
    assert day(cell) == date(2026, 2, 9)


@pytest.mark.parametrize(
    "cell", ["kemarin", "today", "", "PEND", "29/02/2025", "1/13/2026", "9/2/26", "9/2/0026", "07/09"]
)
def test_what_is_no_day(cell: str) -> None:
    for styles in ((), ("dd/mm/yyyy",)):
        with pytest.raises(Problem):
            day(cell, *styles)


@pytest.mark.parametrize("style", ["", "dd/mm", "yyyy", "dd/mm/yyyy dd", "%d/%m/%Y", "yy yyyy dd"])
def test_a_style_says_day_month_and_year_once(style: str) -> None:
    with pytest.raises(Problem):
        DateStyle.named(style)


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)), st.sampled_from(["dd/mm/yyyy", "yyyy-mm-dd", "mm-dd-yyyy"]))
def test_a_day_written_is_the_day_read(written: date, style: str) -> None:
    cell = style.replace("dd", f"{written:%d}").replace("mm", f"{written:%m}").replace("yyyy", f"{written.year:04d}")
    assert day(cell, style) == written


def money(style: MoneyStyle, unit: Unit = IDR, **cells: str) -> tuple[str, int]:
    """The way and the smallest steps of the row with these cells."""
    found = style.read({name.rstrip("_"): cell for name, cell in cells.items()})
    return found.way, style.amount(found, UNITS, unit).minor


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3,528,964.00 CR", ("in", 3528964)),
        ("15,000.00 DB", ("out", 15000)),
        ("15000.00", ("", 15000)),
        ("-15000", ("out", 15000)),
        ("+15000", ("in", 15000)),
        ("(15,000.00)", ("out", 15000)),
        ("IDR -15000", ("out", 15000)),
        ("Rp-15,000.00", ("out", 15000)),
        ("15000 IDR", ("", 15000)),
        ("'15000", ("", 15000)),
        ("CR 15000", ("in", 15000)),
    ],
)
def test_amounts_with_a_point_before_the_decimals(cell: str, expected: tuple[str, int]) -> None:
    assert money(BANK, amount=cell) == expected


def test_amounts_with_a_comma_before_the_decimals() -> None:
    style = MoneyStyle(",")
    assert money(style, amount="1.250.000,00") == ("", 1250000)
    assert money(style, amount="Rp1.250.000,-") == ("", 1250000)
    assert money(style, RICE, amount="2,125") == ("", 2125)


def test_amounts_as_people_type_them() -> None:
    style = MoneyStyle()
    assert money(style, amount="50rb") == ("", 50000)
    assert money(style, amount="-Rp 5.000") == ("out", 5000)
    assert money(style, RICE, amount="2,5 kg") == ("", 2500)


def test_rupiah_never_become_rice() -> None:
    for style in (MoneyStyle(), MoneyStyle(",")):
        found = style.read({"amount": "Rp5.000"})
        assert style.amount(found, UNITS, RICE).unit == IDR


@pytest.mark.parametrize(
    "cell",
    [
        "1.5",
        "1,23",
        "12,34,567.00",
        "1.000.000",
        "=SUM(A1)",
        "9" * 30,
        "9" * 5000,
        "1e9",
        "12 34",
        "satu",
        "0x10",
        "1\x1b2",
    ],
)
def test_what_is_no_amount_of_rupiah(cell: str) -> None:
    with pytest.raises(Problem):
        money(BANK, amount=cell)


@pytest.mark.parametrize("cell", ["", "0", ".00", "0,00", "-", "Rp0"])
def test_no_money(cell: str) -> None:
    assert BANK.read({"amount": cell}).way == "none"
    assert BANK.read({"in": cell, "out": cell}).way == "none"


def test_two_columns_and_a_column_of_signs() -> None:
    assert money(BANK, in_="", out="5,000.00") == ("out", 5000)
    assert money(BANK, in_="5,000.00", out=".00") == ("in", 5000)
    assert money(BANK, amount="5000", sign="db") == ("out", 5000)
    for cells in ({"in": "1", "out": "2"}, {"in": "-5000", "out": ""}, {"amount": "5000", "sign": "?"}):
        with pytest.raises(Problem):
            BANK.read(cells)


def test_an_amount_without_a_sign_goes_the_way_the_rules_say() -> None:
    assert money(MoneyStyle(".", unsigned="in"), amount="5000") == ("in", 5000)
    assert money(MoneyStyle(".", unsigned="in"), amount="-5000") == ("out", 5000)


@given(st.integers(1, LARGEST_WHOLE), st.sampled_from([".", ","]))
def test_an_amount_written_is_the_amount_read(minor: int, decimal: str) -> None:
    grouped = f"{minor:,}.00" if decimal == "." else f"{minor:,}".replace(",", ".") + ",00"
    for cell in (grouped, str(minor)):
        assert money(MoneyStyle(decimal), amount=cell) == ("", minor)
