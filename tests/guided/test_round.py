"""Whatever is marked on a sheet, the command it makes records exactly that."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Typist
from wksbm_cli.cli.guiding import desk_of
from wksbm_cli.cli.session import Session
from wksbm_cli.guided.desk import Desk
from wksbm_cli.guided.kept import keep, kept
from wksbm_cli.guided.round import Mark, Round, collectable, round_of

marks: st.SearchStrategy[Mark] = st.one_of(
    st.sampled_from(["paid", "nothing", "away"]), st.integers(0, 40).map(lambda parts: parts * 500)
)


def sheet_of(desk: Desk) -> Round:
    with desk.view() as view:
        ((fund, due),) = collectable(view)
        return round_of(view, fund, due, view.now.date())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(marks, min_size=25, max_size=25))
def test_the_command_of_a_sheet_records_what_is_marked(neighbourhood: Typist, chosen: list[Mark]) -> None:
    session = Session()
    session.language_code = "en"
    desk = desk_of(session)
    sheet = sheet_of(desk)
    sheet.marks.update({house.slug: mark for house, mark in zip(sheet.houses, chosen, strict=True)})
    given_ = {house.slug: sheet.given(house) for house in sheet.houses if sheet.given(house)}
    outcome = desk.run(["--lang", "en", *sheet.words(desk, desk.today()), "--dry-run", "--format", "json"][2:], None)
    if not given_:
        assert outcome.code == 3 and "Nobody gave anything" in outcome.problem
        return
    assert outcome.code == 0, outcome.problem
    line = re.search(r"members = \{ (.*?) \}", outcome.answer)
    assert line is not None
    recorded = {slug: int(minor) for slug, minor in re.findall(r"(kk-\d+) = (\d+)", line[1])}
    assert recorded == given_
    for word, key in (("nothing", "empty"), ("away", "away")):
        named = re.search(rf"{key} = \[(.*?)\]", outcome.answer)
        expected = {
            house.slug
            for house in sheet.houses
            if sheet.mark(house) == word or (word == "nothing" and sheet.mark(house) == 0)
        }
        assert set(re.findall(r"kk-\d+", named[1] if named else "")) == expected


def test_keys_of_a_sheet(neighbourhood: Typist) -> None:
    sheet = sheet_of(desk_of(Session()))
    house = sheet.houses[0]
    assert [sheet.given(house), sheet.mark(house)] == [5000, "paid"]
    sheet.ahead(house)
    sheet.ahead(house)
    assert sheet.given(house) == 15000
    sheet.erase(house)
    assert sheet.given(house) == 1500
    for _ in range(4):
        sheet.erase(house)
    assert sheet.mark(house) == "paid"
    sheet.all()
    assert sheet.total.minor == 0
    sheet.all()
    assert sheet.total.minor == 125_000


def test_a_kept_sheet_that_someone_bent_is_not_believed(neighbourhood: Typist) -> None:
    state = neighbourhood.folder / "ledgers" / ".wksbm"
    keep(state, "a", {"kk-001": "away", "kk-002": 2500})
    assert kept(state, "a", {"kk-001", "kk-002"}) == {"kk-001": "away", "kk-002": 2500}
    assert kept(state, "a", {"kk-002"}) == {"kk-002": 2500}
    bent = (
        "[]",
        "{",
        '{"a": 1}',
        '{"a": {"kk-001": "stolen", "kk-002": -5}}',
        '{"a": {"kk-001": true, "kk-002": 1e3}}',
    )
    for text in bent:
        (state / "guided.json").write_text(text)
        assert kept(state, "a", {"kk-001", "kk-002"}) == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--absent", "budi", "--gave", "budi=2500"], "Budi Santoso is named twice."),
        (["--absent", "", "--gave", "budi"], '"budi" does not say how much.'),
        (["--absent", "", "--gave", "budi=2500,budi=1000"], "Budi Santoso is named twice."),
        (["--absent", "", "--gave", "budi=25"], "Rp25 or Rp25,000? Iuran is far more."),
        (["--absent", "", "--gave", "budi=2 kg beras"], "beras"),
        (["--absent", "", "--gave", "nobody=2500"], 'There is no member "nobody" in rt-07.'),
    ],
)
def test_what_gave_refuses(neighbourhood: Typist, words: list[str], told: str) -> None:
    answer = neighbourhood("collect", "kas-sosial", *words)
    assert answer.code in (2, 3) and told in answer.err
    assert len(neighbourhood.lines()) == 1
