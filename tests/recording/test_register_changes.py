"""What a change of a register may not do, and what it leaves alone: closed periods, comments, files of others."""

from __future__ import annotations

import pytest

from tests.conftest import Typist


@pytest.fixture
def closed(book: Typist) -> Typist:
    """January to March owed 5,000 a month of everyone; closed up to the end of February."""
    book.must("fund", "due", "kas-sosial", "kebersihan", "5000", "--from", "2026-01-01")
    book.must("close", "2026-02", "--fund", "kas-sosial")
    return book


@pytest.mark.parametrize(
    "words",
    [
        ("member", "exempt", "r001", "--from", "2026-02-01"),
        ("member", "exempt", "r001", "--fund", "kas-sosial", "--due", "kebersihan", "--from", "2026-01-01"),
        ("member", "leave", "r001", "--date", "2026-01-31", "--debts", "owed"),
        ("member", "edit", "r001", "--joined", "2026-02-01"),
        ("member", "add", "r099", "Warga Baru", "--joined", "2026-01-15"),
        ("member", "add", "r099", "Warga Baru"),
    ],
)
def test_no_change_of_a_member_reaches_into_a_closed_period(closed: Typist, words: tuple[str, ...]) -> None:
    before = closed.files()
    answer = closed(*words)
    assert answer.code == 3
    assert "closed up to 28 February 2026; what was owed until then stands." in answer.err
    assert closed.files() == before


@pytest.mark.parametrize(
    "words",
    [
        ("member", "exempt", "r001", "--from", "2026-03-01"),
        ("member", "leave", "r001", "--date", "2026-02-28", "--debts", "owed"),
        ("member", "edit", "r001", "--name", "Budi Santosa"),
        ("member", "add", "r099", "Warga Baru", "--joined", "2026-03-01"),
        ("fund", "end", "kas-sosial", "--date", "2026-03-31"),
    ],
)
def test_a_change_after_a_closed_period_leaves_what_was_owed_in_it(closed: Typist, words: tuple[str, ...]) -> None:
    owed = closed.must("arrears", "--as-of", "2026-02-28", "--format", "json").json["totals"]
    closed.must(*words)
    assert closed.must("arrears", "--as-of", "2026-02-28", "--format", "json").json["totals"] == owed
    assert closed("check").code == 0


def test_a_dry_run_writes_nothing_and_shows_the_lines_it_would_write(book: Typist) -> None:
    before = book.files()
    answer = book.must("fund", "place", "kas-sosial", "brankas", "Brankas", "--dry-run", "--format", "json").json
    assert answer["changed"] == []
    [would] = answer["would_change"]
    assert would["removed"] == []
    assert "[places.brankas]" in would["added"]
    assert book.files() == before


def test_what_people_wrote_around_a_value_stays(book: Typist) -> None:
    path = next(book.folder.rglob("rt-07/members.toml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('name = "Budi Santoso"', 'name = "Budi Santoso"  # rumah pojok'), encoding="utf-8")
    book.must("member", "edit", "r001", "--name", "Budi Santosa")
    assert path.read_text(encoding="utf-8") == text.replace(
        'name = "Budi Santoso"', 'name = "Budi Santosa"  # rumah pojok'
    )
