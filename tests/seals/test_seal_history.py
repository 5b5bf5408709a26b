"""Verifying with git's history at hand: which lines came, went or changed, and by whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typist
from tests.sync.git_book import FUND, GitBook, line
from wksbm_cli.domain.line import entry_id

L1, L2, L3 = (line(day) for day in (1, 2, 3))


@pytest.fixture
def book(tmp_path: Path, typist: Typist) -> GitBook:
    made = GitBook.new(tmp_path / "repo")
    made.add(L1)
    made.commit("first")
    made.add(L2, L3)
    made.commit("more")
    typist.clock("2026-02-01T19:00:00+07:00")
    return made


def seal(typist: Typist, book: GitBook) -> str:
    text = typist.must("--book", str(book.root), "balance", "--format", "json").json["seal"]["text"]
    assert isinstance(text, str)
    return text


def verdict(typist: Typist, book: GitBook, text: str) -> dict[str, Any]:
    answer = typist("--book", str(book.root), "verify", text, "--format", "json")
    (one,) = answer.json["seals"]
    assert answer.code == (0 if one["verified"] else 1)
    assert isinstance(one, dict)
    return one


def told(one: dict[str, Any]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(each["what"], each["before"], each["after"], each["author"]) for each in one["differences"]]


def test_a_changed_line_and_who_changed_it(book: GitBook, typist: Typist) -> None:
    text = seal(typist, book)
    altered = L2.replace("5000", "500")
    book.replace(L2, altered)
    book.commit("tidy", who="budi")
    book.add(line(9))
    book.commit("later")
    one = verdict(typist, book, text)
    assert (one["known"], told(one)) == (True, [("changed", L2, altered, "budi")])


def test_a_line_that_went_is_named_although_only_its_digest_was_kept(book: GitBook, typist: Typist) -> None:
    text = seal(typist, book)
    book.replace(f"{L1}\n", "")
    book.commit("tidy", who="budi")
    one = verdict(typist, book, text)
    assert told(one) == [("went", L1, None, "budi")]
    assert (one["lines"], one["now"]) == (3, 2)


def test_a_line_that_came_in_by_a_merge_with_an_earlier_time(book: GitBook, typist: Typist) -> None:
    book.git("switch", "--quiet", "--create", "budi", "HEAD~1")
    early = line(2, member="r002", by="budi")
    book.add(early)
    book.commit("offline", who="budi")
    book.git("switch", "--quiet", "main")
    text = seal(typist, book)
    book.git("merge", "--quiet", "--no-edit", "budi")
    answer = typist("--book", str(book.root), "verify", text)
    assert answer.code == 1
    assert "Every line of the seal is still there" in answer.out
    assert told(verdict(typist, book, text)) == [("came", None, early, "budi")]


def test_what_was_recorded_but_not_committed_when_it_was_sealed(book: GitBook, typist: Typist) -> None:
    book.add(line(5))
    text = seal(typist, book)
    book.add(line(6))
    book.commit("both at once", who="budi")
    assert verdict(typist, book, text)["verified"]
    book.replace(f"{line(5)}\n", "")
    one = verdict(typist, book, text)
    assert told(one) == [("went", line(5), None, None)]


def test_a_fund_that_is_gone_with_all_its_lines(book: GitBook, typist: Typist) -> None:
    book.add(line(4, fund="rt-07/donasi"), fund="rt-07/donasi")
    book.commit("gift")
    text = seal(typist, book)
    book.git("rm", "--quiet", "-r", "ledgers/rt-07/donasi")
    book.commit("fund removed", who="budi")
    assert told(verdict(typist, book, text)) == [("went", line(4, fund="rt-07/donasi"), None, "budi")]


def test_a_state_that_git_never_saw_is_told_by_what_git_knows(book: GitBook, typist: Typist) -> None:
    book.add(line(5))
    text = seal(typist, book)
    book.replace(f"{line(5)}\n", "")  # never committed: gone without a trace
    book.replace(L1, L1.replace("5000", "1"))
    book.commit("tidy", who="budi")
    book.add(line(6))
    book.commit("later")
    book.replace(f"{line(6)}\n", "")  # recorded after the seal: none of its affair
    book.commit("tidy again", who="budi")
    one = verdict(typist, book, text)
    assert not one["known"]
    assert told(one) == [("changed", L1, L1.replace("5000", "1"), "budi")]


def test_lines_whose_time_a_person_wrote_count_as_recorded_before(book: GitBook, typist: Typist) -> None:
    """Even where no line says a time as the program does, so that the seal has none."""
    book.git("rm", "--quiet", "--force", f"ledgers/{FUND}/2026.toml")
    table = (
        '{ date = 2026-01-05, kind = "income", amount = 7000, from = "Bank", by = "siti", at = 2026-01-05T19:00:00Z }'
    )
    written = f"{entry_id(FUND, table, 12)} = {table}"
    book.add(written)
    book.commit("by hand")
    text = seal(typist, book)
    assert " 1 - " in text
    assert verdict(typist, book, text)["verified"]
    book.replace(f"{written}\n", "")
    assert told(verdict(typist, book, text)) == [("went", written, None, None)]


def test_a_book_that_moved_in_its_repository_is_verified_all_the_same(book: GitBook, typist: Typist) -> None:
    text = seal(typist, book)
    book.git("mv", "ledgers", "buku")
    book.commit("other folder")
    moved = GitBook(book.top, book.top / "buku")
    assert verdict(typist, moved, text)["verified"]
    moved.replace(f"{L3}\n", "")
    moved.commit("tidy", who="budi")
    assert told(verdict(typist, moved, text)) == [("went", L3, None, "budi")]


def test_several_seals_in_one_file(book: GitBook, typist: Typist) -> None:
    first = seal(typist, book)
    book.add(line(5))
    second = seal(typist, book)
    (typist.folder / "papers.txt").write_text(f"Laporan 1\n{first}\n\nLaporan 2\n{second}\n{second}\n")
    answer = typist("--book", str(book.root), "verify", "papers.txt", "--format", "json")
    assert [(one["lines"], one["verified"]) for one in answer.json["seals"]] == [(3, True), (4, True)]
    assert (answer.code, answer.json["verified"]) == (1, False)  # seals alone say nothing of figures
    assert FUND in str(answer.json["seals"][0]["funds"])
