"""Amounts: exact from the keyboard to the ledger to the page, or refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from wksbm_cli.domain.inline import inline
from wksbm_cli.domain.problem import Problem, Refused, Trouble, Usage
from wksbm_cli.domain.units import IDR, LARGEST_WHOLE, Amount, Unit, minor_of, parse_amount
from wksbm_cli.render.language import Language

BERAS = Unit("beras", "Beras", "kg", 3)
MINYAK = Unit("minyak", "Minyak goreng", "liter", 3)
TELUR = Unit("telur", "Telur", "butir", 0)
UNITS = {unit.code: unit for unit in (IDR, BERAS, MINYAK, TELUR)}
LANGUAGES = {code: Language(code) for code in ("id", "en")}

amounts = st.builds(
    lambda unit, minor: Amount(min(minor, LARGEST_WHOLE * unit.scale), unit),
    st.sampled_from(list(UNITS.values())),
    st.one_of(st.integers(0, 10**7), st.integers(0, LARGEST_WHOLE * 1000)),
)


def read(text: str, default: Unit = IDR) -> Amount | type[Problem]:
    """What is understood; the class of the problem where nothing is."""
    try:
        return parse_amount(text, UNITS, default)
    except Problem as problem:
        return type(problem)


@given(st.integers(0, LARGEST_WHOLE))
def test_rupiah_printed_in_indonesian_are_read_as_they_were(rupiah: int) -> None:
    amount = Amount(rupiah, IDR)
    assert read(LANGUAGES["id"].amount(amount)) == amount
    assert read(f"Rp. {LANGUAGES['id'].number(rupiah)},-") == amount
    assert read(f"{LANGUAGES['id'].number(rupiah)},00") == (amount if rupiah >= 1000 else Usage)


@given(amounts, st.sampled_from(["id", "en"]), st.sampled_from(list(UNITS.values())))
@example(Amount(1500, IDR), "en", IDR)
@example(Amount(1_500_000, BERAS), "id", BERAS)
@example(Amount(2_125, BERAS), "id", IDR)
def test_what_is_printed_is_read_the_same_or_refused(amount: Amount, code: str, default: Unit) -> None:
    """Rp1,500 of an English page is a thousand five hundred to one reader and one and a half to another: refused, never guessed."""
    assert read(LANGUAGES[code].amount(amount), default) in (amount, Usage)


@given(amounts)
def test_without_marks_between_the_digits_nothing_is_refused(amount: Amount) -> None:
    digits = f"{amount.number:f}" if isinstance(amount.number, Decimal) else str(amount.number)
    if len(digits.partition(".")[2]) != 3:  # 1.234 kg could be a thousand
        assert read(f"{digits} {amount.unit.code}") == amount
        assert read(f"{digits.replace('.', ',')} {amount.unit.code}") == amount


@given(amounts)
def test_amounts_are_printed_as_the_languages_write_them(amount: Amount) -> None:
    """Babel's data (CLDR) say where points and commas stand."""
    for code, language in LANGUAGES.items():
        digits = format_decimal(Decimal(amount.minor).scaleb(-amount.unit.decimals), "#,##0.###", locale=code)
        expected = f"Rp{digits}" if amount.unit is IDR else f"{digits} {amount.unit.symbol} {amount.unit.name.lower()}"
        assert language.amount(amount) == expected
        assert language.amount(-amount) == (f"-{expected}" if amount.minor else expected)


@given(amounts)
def test_amounts_are_exact_in_a_line(amount: Amount) -> None:
    import tomli

    written = inline({"amount": amount.number})
    read_back = tomli.loads(f"x = {written}", parse_float=Decimal)["x"]["amount"]
    assert minor_of(read_back, amount.unit) == amount.minor


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("50000", 50_000),
        ("50.000", 50_000),
        ("Rp50.000", 50_000),
        ("Rp 50.000", 50_000),
        ("rp. 50.000,-", 50_000),
        ("50.000,--", 50_000),
        ("50.000 rupiah", 50_000),
        ("50rb", 50_000),
        ("50 ribu", 50_000),
        ("50k", 50_000),
        ("1,5jt", 1_500_000),
        ("1.5 jt", 1_500_000),
        ("0,5 juta", 500_000),
        ("2 miliar", 2_000_000_000),
        ("Rp 13,283,200", 13_283_200),
        ("Rp 185,000.00", 185_000),
        ("1.250.000,00", 1_250_000),
        ("0", 0),
    ],
)
def test_amounts_as_people_write_them(typed: str, rupiah: int) -> None:
    assert read(typed) == Amount(rupiah, IDR)


@pytest.mark.parametrize(
    ("typed", "default", "minor", "unit"),
    [
        ("2,5 kg", BERAS, 2_500, BERAS),
        ("2.5 kg", BERAS, 2_500, BERAS),
        ("40 kg beras", IDR, 40_000, BERAS),
        ("40 KG Beras", IDR, 40_000, BERAS),
        ("0,25 liter", IDR, 250, MINYAK),
        ("30 butir", IDR, 30, TELUR),
        ("1,5rb kg", IDR, 1_500_000, BERAS),
        ("1.234,5 kg", IDR, 1_234_500, BERAS),
    ],
)
def test_goods_as_people_write_them(typed: str, default: Unit, minor: int, unit: Unit) -> None:
    assert read(typed, default) == Amount(minor, unit)


@pytest.mark.parametrize(
    "typed",
    [
        "1,500",
        "1.50",
        "1.5",
        "15.00",
        "1,50",
        "0.500",
        "1.2.3",
        "1.000.00",
        "1,5rbu",
        "1.500 kg",
        "2,125 kg",
        "1.500rb",
        "1,500 jt",
        "Rp50.000 kg",
        "50.000,50",
        "1.000.000,5",
        "0.500,5 kg",
        "1,5 butir",
        "0,0005 kg",
        "1,00000000000000000000000000000000000000001 jt",
        "lima ribu",
        "",
        "Rp",
        "5 0",
        "٥٠٠٠",
        "1e5",
        "0x10",
        "50000 pon",
        "9" * 30,
        "9" * 5000,
        "1000000000000",
        "1000 miliar",
        "999999999999999 kg",
    ],
)
def test_what_reads_two_ways_or_none_is_refused(typed: str) -> None:
    assert read(typed) in (Usage, Refused)


@pytest.mark.parametrize("typed", ["-5000", "- 5000", "−5000", "(5000)", "Rp-5000", "5000-"])
def test_less_than_nothing_is_refused(typed: str) -> None:
    assert read(typed) in (Usage, Refused)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (Decimal("50.000"), IDR),
        (Decimal("5E+4"), IDR),
        (True, IDR),
        ("5000", IDR),
        ({}, IDR),
        ([5000], IDR),
        (10**12, IDR),
        (-(10**12), IDR),
        pytest.param(10**5000, IDR, id="5000 digits"),
        (Decimal("2.5001"), BERAS),
        (Decimal("1.0000000000000000000000000000000000000001"), BERAS),
        (Decimal("1E+999999999"), BERAS),
        (Decimal("-1E+999999999"), BERAS),
        (Decimal("1E-999999999"), BERAS),
        (Decimal("Infinity"), BERAS),
        (Decimal("NaN"), BERAS),
        (Decimal("sNaN"), BERAS),
        (10**12, BERAS),
    ],
)
def test_numbers_no_amount_can_be_are_refused_in_a_line(value: object, unit: Unit) -> None:
    with pytest.raises(Trouble):
        minor_of(value, unit)


def test_a_float_in_rupiah_names_the_likely_meaning() -> None:
    with pytest.raises(Trouble) as trouble:
        minor_of(Decimal("50.000"), IDR)
    assert str(trouble.value.hint) == "If 50000 was meant, write it without a point."


def test_units_are_never_added_up() -> None:
    with pytest.raises(ValueError, match="never added up"):
        Amount(1, IDR) + Amount(1, BERAS)


# --- in words -----------------------------------------------------------------------------------------------------

_ONES = ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]


def spelled(number: int) -> str:
    """Indonesian number words, written from the rules of any school book: the oracle for the library that says them."""
    if number < 10:
        return _ONES[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number, f"{_ONES[number - 10]} belas")
    for step, name in ((10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if number >= step:
            head, rest = divmod(number, step)
            one = head == 1 and step in (100, 1000)
            front = f"se{name}" if one else f"{spelled(head)} {name}"
            return f"{front} {spelled(rest)}".strip()
    raise AssertionError(number)


@given(st.integers(1_000_000, LARGEST_WHOLE))
@example(1_001_001)
@example(11_011_011)
@example(111_100_000_000)
def test_large_amounts_are_said_in_words(rupiah: int) -> None:
    assert LANGUAGES["id"].in_words(Amount(rupiah, IDR)) == f"{spelled(rupiah)} rupiah"


@given(st.integers(1, LARGEST_WHOLE))
@example(1_000)
@example(1_001_000)
@example(101_000)
def test_any_amount_can_be_spelled_out_for_a_receipt(rupiah: int) -> None:
    assert LANGUAGES["id"].spelled(Amount(rupiah, IDR)) == f"{spelled(rupiah)} rupiah"


@given(st.integers(0, 10**9), st.integers(1, 999))
@example(0, 750)
@example(1_000, 5)
def test_parts_of_goods_are_spelled_digit_by_digit(whole: int, thousandths: int) -> None:
    digits = f"{thousandths:03}".rstrip("0")
    words = " ".join(_ONES[int(digit)] or "nol" for digit in digits)
    amount = Amount(whole * 1000 + thousandths, BERAS)
    assert LANGUAGES["id"].spelled(amount) == f"{spelled(whole) or 'nol'} koma {words} kg beras"


def test_small_amounts_and_goods_are_not_said_in_words() -> None:
    assert LANGUAGES["id"].in_words(Amount(999_999, IDR)) is None
    assert LANGUAGES["id"].in_words(Amount(5_000_000, BERAS)) is None
