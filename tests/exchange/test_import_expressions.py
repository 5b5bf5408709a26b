"""Expressions that could keep the program busy for ever are refused; those a treasurer needs are not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.problem import Usage
from wksbm_cli.exchange.expressions import LOOKED_AT, MOST_WAYS, _ways, compile_expression


@pytest.mark.parametrize(
    "text",
    [
        r"Iuran Sosial - (?P<month>\w{3}) (?P<year>\d{4}) \((?P<who>W\d+)\)",
        r"TRSF E-BANKING CR .*\d(?P<name>\D+)$",
        r"^(Starting|Ending) Balance|^Saldo|^(Credit|Debet)$",
        r"(?P<month>jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|nov|des).*\d+",
        r"(?:\d{3}\.)*\d{3}",
        r"[]a]+x|[^]a\]]b",
        r"a{,3}b{2,}c*",
        r"\(\+\*\?\{",
        r"a{x}",
        r"",
    ],
)
def test_what_rules_need_is_taken(text: str) -> None:
    assert compile_expression(text).pattern == text


@pytest.mark.parametrize(
    "text",
    [
        r"(a+)+b",
        r"(a*)*",
        r"(a|a)*b",
        r"(?P<x>a?){30}b",
        r"((ab)*c)+",
        r"(\w+\s?)*$",
        r"(a+){2,}",
        r"(a|b){2}",
        r"(a?){2}",
        r"(a+)+?b",
        r"a*b*c*d*e*x",
        r".*.*.*.*x",
        "a?" * 40 + "a" * 40,
        "(a|b)" * 30,
        r"(?=a+)b",
        r"(?i:a)",
        r"(?(1)a|b)",
        r"(a)\1",
        r"(?P<x>a)(?P=x)",
        r"(a",
        r"[a",
        r"*",
        r"a{99999999999999999999}",
        "a" * 600,
    ],
)
def test_what_could_hang_or_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(Usage):
        compile_expression(text)


def test_capitals_do_not_matter() -> None:
    assert compile_expression("iuran").search("IURAN")


Ends = Callable[[int], list[int]]
"""Where an expression can end that begins at a place of `TEXT`, once for each way of getting there."""
TEXT = "a" * 7


def _letter(text: str) -> tuple[str, Ends]:
    return text, lambda at: [at + 1] if at < len(TEXT) else []


def _then(parts: list[tuple[str, Ends]]) -> tuple[str, Ends]:
    def ends(at: int) -> list[int]:
        places = [at]
        for _, part in parts:
            places = [end for place in places for end in part(place)]
        return places

    return "".join(text for text, _ in parts), ends


def _either(parts: list[tuple[str, Ends]]) -> tuple[str, Ends]:
    return f"({'|'.join(text for text, _ in parts)})", lambda at: [end for _, part in parts for end in part(at)]


def _repeated(part: tuple[str, Ends], count: tuple[str, int, int]) -> tuple[str, Ends]:
    mark, least, most = count
    text, once = part

    def ends(at: int) -> list[int]:
        found, places = [], [at]
        for times in range(min(most, len(TEXT)) + 1):
            found += places if times >= least else []
            places = [end for place in places for end in once(place)]
        return found

    return f"(?:{text}){mark}", ends


COUNTS = st.sampled_from([("*", 0, 99), ("+", 1, 99), ("?", 0, 1), ("{2}", 2, 2), ("{1,3}", 1, 3), ("*?", 0, 99)])
EXPRESSIONS = st.recursive(
    st.sampled_from(["a", ".", "[ab]", r"\w"]).map(_letter),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(_then),
        st.lists(inner, min_size=2, max_size=3).map(_either),
        st.tuples(inner, COUNTS).map(lambda pair: _repeated(*pair)),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
def test_the_ways_counted_are_no_fewer_than_there_are(expression: tuple[str, Ends]) -> None:
    """An independent count of every way to fit an expression never exceeds the bound by which it was let pass."""
    text, ends = expression
    re.compile(text)
    try:
        bound = _ways(text)
    except Usage:
        return
    assert len(ends(0)) <= bound


def test_the_bound_leaves_room_for_three_open_repetitions_and_no_more() -> None:
    assert (LOOKED_AT + 1) ** 3 <= MOST_WAYS < (LOOKED_AT + 1) ** 4
