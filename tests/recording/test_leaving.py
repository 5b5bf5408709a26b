"""Who leaves with something open: each sum is told, and somebody says what becomes of it."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from wksbm_cli.cli import members as commands

OWED = ("--debts", "owed")
WRITTEN_OFF = ("--debts", "written-off", "--reason", "Pindah", "--decided-by", "rapat RT")


@pytest.fixture
def circle(book: Typist) -> Typist:
    """The small book with a running arisan of two: Budi has won the first round."""
    for line in (
        ("fund", "add", "rt-07/arisan", "Arisan", "--type", "arisan"),
        ("arisan", "set", "arisan", "50000", "--method", "order"),
        ("arisan", "join", "arisan", "a", "budi"),
        ("arisan", "join", "arisan", "b", "tini"),
        ("arisan", "start", "arisan", "--date", "2026-01-01"),
        ("contribute", "arisan", "budi", "50000", "--date", "2026-01-02"),
        ("contribute", "arisan", "tini", "50000", "--date", "2026-01-02"),
        ("arisan", "next", "arisan", "--date", "2026-01-03"),
    ):
        book.must(*line)
    return book


def test_a_slot_that_has_won_is_told_and_never_written_off(circle: Typist) -> None:
    before = circle.files()
    answer = circle("member", "leave", "budi", "--date", "2026-01-31")
    assert answer.code == 3
    assert "Arisan: the slot a won round 1." in answer.err
    assert "Arisan: Rp50,000 to pay until the arisan ends." in answer.err
    assert "Kas Sosial, Iuran sosial: Rp5,000 still to pay." in answer.err
    refused = circle("member", "leave", "budi", "--date", "2026-01-31", *WRITTEN_OFF)
    assert refused.code == 3 and "Only dues are written off" in refused.err
    assert circle.files() == before
    circle.must("member", "leave", "budi", "--date", "2026-01-31", *OWED)
    circle.must("contribute", "arisan", "budi", "50000", "--date", "2026-02-02")
    assert circle("check").code == 0


def test_what_is_written_off_leaves_the_arrears_of_that_day_and_not_those_of_before(book: Typist) -> None:
    book.must("member", "leave", "budi", "--date", "2026-02-10", *WRITTEN_OFF)

    def owing(day: str) -> set[str]:
        return {row["member"] for row in book.must("arrears", "--as-of", day, "--format", "json").json["rows"]}

    assert "r001" in owing("2026-02-09")
    assert "r001" not in owing("2026-02-10")
    decided = [
        line for line in (book.folder / "ledgers/rt-07/2026.toml").read_text().splitlines() if "written_off" in line
    ]
    assert 'decided_by = "rapat RT"' in decided[-1] and 'reason = "Pindah"' in decided[-1]


def test_debts_of_a_time_that_is_closed_are_written_off_from_today(book: Typist) -> None:
    book.must("member", "leave", "budi", "--date", "2026-02-10", *OWED)
    path = book.folder / "ledgers/rt-07/members.toml"
    path.write_text(path.read_text().replace("owes_still = true\n", ""))
    book.must("accept", "--reason", "Rapat")
    book.must("close", "2026-02")
    book.must("member", "leave", "budi", *WRITTEN_OFF)
    assert "written_off = 2026-03-01" in path.read_text()
    assert "r001" in {
        row["member"] for row in book.must("arrears", "--as-of", "2026-02-28", "--format", "json").json["rows"]
    }


@pytest.mark.parametrize(
    ("answer", "code", "left"), [("y", 0, True), ("ya", 0, True), ("", 130, False), ("n", 130, False)]
)
def test_on_a_terminal_it_is_asked(
    book: Typist, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, left: bool
) -> None:
    monkeypatch.setattr(commands, "can_ask", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert book("member", "leave", "budi", "--date", "2026-02-10").code == code
    register = (book.folder / "ledgers/rt-07/members.toml").read_text()
    assert ("left = 2026-02-10" in register) is left
    assert ("owes_still = true" in register) is left


def test_someone_who_left_before_it_was_asked_may_owe_still(book: Typist) -> None:
    path = book.folder / "ledgers/rt-07/members.toml"
    path.write_text(path.read_text().replace('name = "Budi Santoso"\n', 'name = "Budi Santoso"\nleft = 2026-01-31\n'))
    refused = book("contribute", "kas-sosial", "budi", "5000", "--date", "2026-02-01")
    assert refused.code == 3
    assert "wksbm member leave r001 --debts owed" in refused.err
    book.must("member", "leave", "r001", *OWED)
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-02-01")
