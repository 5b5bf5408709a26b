"""Decisions: what changed is told fact by fact, and what all decisions leave is what the registers say, in any order of lines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.decisions import FactChange, decided, fact_changes, steps, tree_of, value_at
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.line import make_entry, parse_line

START = datetime(2026, 1, 1, tzinfo=UTC)
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def decision(change: FactChange, second: int = 0, by: str = "siti") -> Entry:
    return make_entry("rt-07", "decision", JANUARY, change._asdict(), by, START + timedelta(seconds=second))


def tree(members: dict[str, Any] | None = None, **funds: Any) -> dict[str, Any]:
    return tree_of({"name": "RT 07", "phone": "0274"}, members or {}, funds)


def test_a_new_thing_is_one_fact_and_a_change_of_one_its_key() -> None:
    budi = {"name": "Budi", "joined": JANUARY, "note": "telepon 0812"}
    assert list(fact_changes({}, tree({"kk-01": budi}))) == [
        FactChange("organisation", None, {"name": "RT 07"}),
        FactChange("members.kk-01", None, {"name": "Budi", "joined": JANUARY}),
    ]
    left = tree({"kk-01": {**budi, "left": MARCH, "note": "pindah"}})
    assert list(fact_changes(tree({"kk-01": budi}), left)) == [FactChange("members.kk-01.left", None, MARCH)]


def test_of_an_array_the_rows_that_went_and_came_are_told() -> None:
    old, new = {"from": JANUARY, "amount": 5000}, {"from": MARCH, "amount": 7500}
    before, after = (tree(kas={"name": "Kas", "dues": {"iuran": {"tariffs": rows}}}) for rows in ([old], [old, new]))
    fact = "funds.kas.dues.iuran.tariffs"
    assert list(fact_changes(before, after)) == [FactChange(fact, None, [new])]
    assert list(fact_changes(after, before)) == [FactChange(fact, [new], None)]
    assert list(fact_changes(after, tree(kas={"name": "Kas"}))) == [
        FactChange("funds.kas.dues.iuran", {"tariffs": [old, new]}, None)
    ]


def test_a_key_that_a_person_quoted_is_found_again() -> None:
    (change,) = fact_changes({"funds": {"kas": {"x": {"a b.c": 1, "d": 2}}}}, {"funds": {"kas": {"x": {"d": 2}}}})
    assert change == FactChange('funds.kas.x."a b.c"', 1, None)
    assert steps(change.fact) == ["funds", "kas", "x", "a b.c"]


def test_of_two_made_apart_the_first_holds_and_a_third_settles_it() -> None:
    budi = decision(FactChange("members.kk-01", None, {"name": "Budi"}))
    first = decision(FactChange("members.kk-01.name", "Budi", "Budi S."), 10)
    second = decision(FactChange("members.kk-01.name", "Budi", "Boedi"), 20, "tini")
    third = decision(FactChange("members.kk-01.name", "Budi S.", "Boedi"), 30)
    for lines in ([budi, first, second], [second, first, budi]):
        made = decided(lines)
        assert value_at(made.facts, "members.kk-01.name") == "Budi S."
        assert [(one.decision, one.holding) for one in made.overruled] == [(second, first)]
    settled = decided([third, second, first, budi])
    assert (value_at(settled.facts, "members.kk-01.name"), settled.overruled) == ("Boedi", ())


def test_two_who_decide_the_same_do_not_contradict_one_another() -> None:
    changes = [FactChange("members.kk-01.left", None, MARCH)] * 2
    made = decided(
        decision(change, at, by) for at, (change, by) in enumerate(zip(changes, ("siti", "tini"), strict=True))
    )
    assert (value_at(made.facts, "members.kk-01.left"), made.overruled) == (MARCH, ())


def test_two_classes_from_one_day_contradict_one_another_and_two_exemptions_do_not() -> None:
    for array, key, clash in (("class_changes", "class", 1), ("exemptions", "reason", 0)):
        rows = [FactChange(f"members.kk-01.{array}", None, [{"from": MARCH, key: value}]) for value in ("a", "b")]
        made = decided(decision(row, at) for at, row in enumerate(rows))
        assert len(made.overruled) == clash
        assert len(value_at(made.facts, f"members.kk-01.{array}")) == 2 - clash


def test_an_older_book_begins_where_its_first_decision_says_it_was() -> None:
    made = decided([decision(FactChange("members.kk-01.name", "Budi", "Budi S."))])
    assert (made.facts, made.overruled) == ({"members": {"kk-01": {"name": "Budi S."}}}, ())


_VALUES = st.one_of(st.integers(2, 4), st.booleans(), st.sampled_from(["a", 'b"\\', "Kas 7"]), st.just(JANUARY))


def _row(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))


# A row written twice says what it says once; how often it stands is no fact.
_ROWS = st.lists(
    st.fixed_dictionaries({"from": st.sampled_from([JANUARY, MARCH]), "x": _VALUES}), max_size=3, unique_by=_row
)
_TABLES = st.dictionaries(
    st.sampled_from(["name", "class", "exemptions", "deep"]),
    st.one_of(_VALUES, _ROWS, st.dictionaries(st.sampled_from(["p", "q"]), _VALUES, max_size=2)),
    max_size=4,
)
_TREES = st.builds(
    lambda members, fund: tree_of({"name": "RT"}, members, {"kas": {"name": "Kas", **fund}}),
    st.dictionaries(st.sampled_from(["kk-01", "kk-02"]), _TABLES, max_size=2),
    _TABLES,
)


def _unordered(value: Any) -> Any:
    """The same, its rows as a set."""
    if isinstance(value, dict):
        return {key: _unordered(part) for key, part in value.items()}
    return {_row(row) for row in value} if isinstance(value, list) else (type(value), value)


@given(st.lists(_TREES, min_size=1, max_size=4), st.randoms())
def test_the_decisions_of_a_history_make_its_end_in_any_order_of_lines(
    states: list[dict[str, Any]], order: Any
) -> None:
    entries: list[Entry] = []
    before: dict[str, Any] = {}
    for second, state in enumerate(states):
        entries += [decision(change, second) for change in fact_changes(before, state)]
        before = state
    order.shuffle(entries)
    assert all(parse_line("rt-07", entry.line) == entry for entry in entries)
    made = decided(entries)
    assert _unordered(made.facts) == _unordered(states[-1])
    assert made.overruled == ()
