"""A collection's line is read by a shorter way; it must say what TOML says of it, or leave it to TOML."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import tomli
from hypothesis import example, given
from hypothesis import strategies as st

from wksbm_cli.domain.line import entry_id, parse_line
from wksbm_cli.domain.problem import Problem, Trouble

FUND = "rt-07/jimpitan"
END = 'collector = "p28", by = "siti", at = 2026-02-19T21:00:00+07:00 }'


def line(text: str) -> str:
    """A line of format 1, which may be spelled in any way."""
    return f"{entry_id(FUND, text, 12)} = {text}"


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


DAYS = ("2026-02-19", "2026-02-30", "2026-2-19", "0000-01-01", "2026-13-01", "20260219--")
ENDS = (
    *(
        ", ",
        ', collector = "p28", ',
        ', collector = "P28", ',
        ', collector = "", ',
        ', note = "x", ',
        ', collector = "p28", note = "x", ',
    ),
    *(', for = ["2026-02-19"], ', ', collector = "p28", collector = "p28", ', ", members = { r001 = 1 }, "),
)
NAMES = ("siti", "", "Bu Siti é", "\\u0041", "a\\", "a\tb", "a\x7fb", "a\x00b", 'a"b', "a, by = b")
MOMENTS = (
    *("2026-02-19T21:00:00+07:00", "2026-02-19T21:00:00-00:00", "2026-02-19T21:00:00Z", "2026-02-19T21:00:00"),
    *(
        "2026-02-19T24:00:00+07:00",
        "2026-02-19T21:00:60+07:00",
        "2026-02-19T21:00:00+24:00",
        "2026-02-19T21:00:00+07:99",
    ),
    *("2026-02-19T21:00:00.5+07:00", "2026-02-19 21:00:00+07:00", "2026-02-30T21:00:00+07:00", '"x"'),
)


@pytest.mark.parametrize("due", ['due = "jimpitan", ', ""])
@pytest.mark.parametrize("end", ENDS)
def test_the_rest_of_a_collection_is_read_as_toml_reads_it(due: str, end: str) -> None:
    for day in DAYS:
        for name in NAMES:
            for at in MOMENTS:
                text = line(
                    f'{{ date = {day}, kind = "contribution", {due}members = {{ r001 = 500 }}{end}by = "{name}", at = {at} }}'
                )
                try:
                    expected = next(iter(tomli.loads(text, parse_float=Decimal).values()))
                except tomli.TOMLDecodeError:
                    expected = None
                try:
                    entry = parse_line(FUND, text)
                except Problem:
                    # Not TOML, or TOML of a date and a moment that no entry has.
                    assert expected is None or not _has_head(expected), text
                    continue
                read = {"date": entry.date, "kind": entry.kind, **entry.fields}
                assert expected is not None, text
                assert {key: repr(value) for key, value in read.items()} == {
                    key: repr(value) for key, value in expected.items()
                }


def _has_head(table: dict[str, Any]) -> bool:
    return type(table["date"]) is date and type(table["at"]) is datetime and table["at"].tzinfo is not None


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


WRITTEN = (
    'date = 2026-02-19, kind = "contribution", members = { r001 = 500 }, by = "siti", at = 2026-02-19T21:00:00+07:00'
)
SPELLED_OTHERWISE = (
    WRITTEN.replace('date = 2026-02-19, kind = "contribution"', 'kind = "contribution", date = 2026-02-19'),
    WRITTEN.replace(', at = 2026-02-19T21:00:00+07:00', '').replace("by =", "at = 2026-02-19T21:00:00+07:00, by ="),
    WRITTEN.replace("by =", 'at = 2026-02-19T21:00:00+07:00, note = ", at = 2025-02-19T21:00:00+07:00", by =').rpartition(",")[0],
    f"{WRITTEN} }} # , at = 2025-02-19T21:00:00+07:00",
    f"{WRITTEN}, twin = 2",
    WRITTEN.replace("+07:00", "Z"),
    WRITTEN.replace("21:00:00", "21:00:00.5"),
    WRITTEN.replace("T21", " 21"),
    WRITTEN.replace("+07:00", "-00:00"),
    WRITTEN.replace("500", "5_00"),
    WRITTEN.replace("500", "0x1f4"),
    WRITTEN.replace("500", "0x" + "f" * 5000),  # more digits than Python writes in base 10
    WRITTEN.replace("r001 = ", "r001  = "),
    WRITTEN.replace("members =", '"members" ='),
    WRITTEN.replace('"siti"', "'siti'"),
    WRITTEN.replace('"siti"', '"\\u0073iti"'),
)  # fmt: skip


def test_a_line_of_format_2_is_spelled_in_one_way() -> None:
    """Whatever a line tool reads behind the last ` at = ` is when it was recorded."""
    text = f"{{ {WRITTEN} }}"
    assert parse_line(FUND, f"{entry_id(FUND, text)} = {text}").fields["members"] == {"r001": 500}
    for table in SPELLED_OTHERWISE:
        text = f"{{ {table} }}"
        with pytest.raises(Trouble):
            parse_line(FUND, f"{entry_id(FUND, text)} = {text}")


def test_nothing_follows_the_table_of_a_line_of_format_1() -> None:
    text = f"{{ {WRITTEN} }}"
    assert parse_line(FUND, line(text)).by == "siti"
    for more in (" # , at = 2025-02-19T21:00:00+07:00 }", f", {text}"):
        with pytest.raises(Trouble, match=r"not valid TOML|no entry can hold"):
            parse_line(FUND, line(text + more))
