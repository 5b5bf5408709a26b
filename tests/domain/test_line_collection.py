"""A collection's line is read by a shorter way; it must say what TOML says of it, or leave it to TOML."""

from __future__ import annotations

from decimal import Decimal

import pytest
import tomli
from hypothesis import example, given
from hypothesis import strategies as st

from wksbm_cli.domain.line import entry_id, parse_line
from wksbm_cli.domain.problem import Trouble

FUND = "rt-07/jimpitan"
END = 'collector = "p28", by = "siti", at = 2026-02-19T21:00:00+07:00 }'


def line(text: str) -> str:
    return f"{entry_id(FUND, text)} = {text}"


def members_line(pairs: str) -> str:
    return line(f'{{ date = 2026-02-19, kind = "contribution", due = "jimpitan", members = {pairs}, {END}')


slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
amounts = st.integers(-5, 10**13).map(str) | st.sampled_from(["0", "01", "1e3", "2.5", "true", "null", '"5"', ""])
spaces = st.sampled_from([" = ", " = ", " = ", "=", "  = "])


@example([("r001", " = ", "01"), ("r002", " = ", "5")], ", ")  # a number that JSON refuses
@example([("r001", " = ", "5"), ("r001", " = ", "5")], ", ")  # a key twice, which JSON takes
@given(st.lists(st.tuples(slugs, spaces, amounts), max_size=6), st.sampled_from([", ", ", ", ",", " , "]))
def test_members_are_read_as_toml_reads_them(rows: list[tuple[str, str, str]], comma: str) -> None:
    text = members_line("{ " + comma.join(map("".join, rows)) + " }")
    try:
        expected = tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError:
        with pytest.raises(Trouble, match="not valid TOML"):
            parse_line(FUND, text)
        return
    read = parse_line(FUND, text).fields["members"]
    assert repr(read) == repr(next(iter(expected.values()))["members"])  # order and kinds of number as well


def test_a_note_that_looks_like_members_stays_a_note() -> None:
    note = "members = { r001 = 5 }"
    text = line(
        f'{{ date = 2026-02-19, kind = "contribution", due = "jimpitan", members = {{ r001 = 500 }}, note = "{note}", {END}'
    )
    assert parse_line(FUND, text).fields["note"] == note
    assert parse_line(FUND, text).fields["members"] == {"r001": 500}


@pytest.mark.parametrize(
    "value",
    ["[" * 5000, "9" * 5000, "0x" + "f" * 5000, "1e" + "9" * 30, "1e9999999", "nan"],
    ids=["brackets", "digits", "hex", "exponent", "zeros", "nan"],
)
def test_a_value_out_of_all_bounds_is_a_finding_not_a_crash(value: str) -> None:
    text = f'{{ date = 2026-02-19, kind = "opening", amount = {value}, by = "s", at = 2026-02-19T21:00:00+07:00 }}'
    try:
        parse_line(FUND, line(text))
    except Trouble:
        return
    assert value.startswith("0x")  # TOML knows no bound for it; the shape of an amount does
