"""Formats of a book: a book of format 1 goes on as it is, and gets to format 2 by one command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Typist

FORMAT_1 = 'format = 1\nname = "Melati"\nlanguage = "en"\ntimezone = "Asia/Jakarta"\n# kept\n'


@pytest.fixture
def old(book: Typist) -> Typist:
    """A book of format 1 with two entries that say the same."""
    settings(book).write_text(FORMAT_1 + "[units.beras]\n")
    book.ledger("rt-07").unlink()  # of decisions, which nobody recorded then
    for _ in range(2):
        book.must("income", "kas-sosial", "5000", "--from", "Bank")
    return book


def settings(book: Typist) -> Path:
    return book.folder / "ledgers" / "book.toml"


def digits(book: Typist) -> list[int]:
    return [len(line.split()[0]) for line in book.lines()]


def test_a_book_of_format_1_goes_on_as_it_was(old: Typist) -> None:
    assert digits(old) == [12, 12]
    assert old.lines()[1].endswith("at = 2026-03-01T19:00:00+07:00, twin = 2 }")
    old.must("reverse", old.lines()[0][:6], "--reason", "salah")
    old.must("check")


def test_the_upgrade_changes_the_settings_alone_and_both_formats_stand_in_one_file(old: Typist) -> None:
    before = old.files()
    old.must("perbarui")
    after = old.files()
    assert {name for name in after if after[name] != before.get(name)} == {"book.toml"}
    text = settings(old).read_text()
    assert "# kept" in text
    assert 'offset = "+07:00"' in text
    old.clock("2026-03-02T05:00:00-03:00")
    old.must("income", "kas-sosial", "7000", "--from", "Bank")
    old.must("reverse", old.lines()[0].split()[0], "--reason", "salah")
    assert digits(old) == [12, 12, 32, 32]
    assert old.lines()[2].endswith("at = 2026-03-02T15:00:00+07:00 }")
    assert old.must("check", "--format", "json").json["errors"] == 0
    (row,) = [row for row in old.must("balance", "--format", "json").json["rows"] if row["fund"] == "kas-sosial"]
    assert row["balance"] == 12000
    again = old.must("upgrade")
    assert "already" in again.out
    assert settings(old).read_text() == text


def test_where_clocks_are_changed_every_moment_has_the_standard_offset(old: Typist) -> None:
    settings(old).write_text(FORMAT_1.replace("Asia/Jakarta", "Europe/Amsterdam") + "[units.beras]\n")
    old.clock("2026-07-01T10:00:00+00:00")
    old.must("upgrade")
    old.must("income", "kas-sosial", "5000", "--from", "Bank")
    assert old.lines()[2].endswith("at = 2026-07-01T11:00:00+01:00 }")


def test_a_moment_in_another_offset_is_an_error(old: Typist) -> None:
    old.must("upgrade")
    old.must("income", "kas-sosial", "5000", "--from", "Bank")
    settings(old).write_text(settings(old).read_text().replace("+07:00", "+08:00"))
    answer = old("balance")
    assert (answer.code, "offset +08:00" in answer.err) == (4, True), answer.err


def test_a_newer_format_is_refused_with_what_to_install(old: Typist) -> None:
    settings(old).write_text(FORMAT_1.replace("format = 1", "format = 3"))
    answer = old("balance")
    assert (answer.code, "pip install -U wksbm-cli" in answer.err) == (4, True)


def test_sync_says_that_there_is_a_newer_format(old: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AUTHOR", "siti"), ("COMMITTER", "siti")):
        monkeypatch.setenv(f"GIT_{name}_NAME", value)
        monkeypatch.setenv(f"GIT_{name}_EMAIL", f"{value}@example.org")
    old.must("init", "--git")
    assert "type once: wksbm upgrade" in old.must("sync").err
    old.must("upgrade")
    assert "format" not in old.must("sync").err
