"""Names as people say them: with a title or without, with a space for a hyphen; and the entry that was recorded last."""

from __future__ import annotations

import pytest

from tests.conftest import Typist


@pytest.mark.parametrize(
    "typed", ["r002", "Tini", "tini lestari", "Bu Tini", "Ibu TINI", "Mbak Tini Lestari", "Hj. Tini"]
)
def test_a_member_with_a_title(book: Typist, typed: str) -> None:
    assert "Tini Lestari" in book.must("member", "show", typed).out


def test_a_title_in_the_register_may_be_left_out(book: Typist) -> None:
    book.must("member", "add", "r009", "H. Ahmad Fauzi")
    for typed in ("Ahmad", "Pak Ahmad Fauzi", "Haji Ahmad"):
        assert "H. Ahmad Fauzi" in book.must("member", "show", typed).out


def test_an_unknown_name_suggests_none_that_is_only_titled_alike(book: Typist) -> None:
    book.must("member", "add", "r009", "Bu Darmi")
    answer = book("member", "show", "Bu Siti")
    assert answer.code == 3
    assert "Did you mean" not in answer.err


@pytest.mark.parametrize("typed", ["kas-sosial", "kas sosial", "Kas Sosial", "rt-07/kas-sosial"])
def test_a_fund_as_it_is_spoken(book: Typist, typed: str) -> None:
    assert book.must("fund", "show", typed).out == book.must("fund", "show", "rt-07/kas-sosial").out


def test_the_entry_recorded_last_is_cancelled_by_that_word(book: Typist) -> None:
    assert "Nothing is recorded yet." in book("reverse", "last", "--reason", "Salah ketik").err
    book.must("income", "kas-sosial", "7000", "--from", "Bank")
    id_ = book.lines()[-1][:32]
    assert id_[:8] in book.must("receipt", "last").out
    book.must("reverse", "terakhir", "--reason", "Salah ketik")
    assert f'of = "{id_}"' in book.lines()[-1]
    book.clock("2026-03-02T20:00:01+07:00")
    book.must("collect", "jimpitan", "--file", str(sheet_of_two_nights(book)))
    refused = book("reverse", "last", "--reason", "Salah")
    assert (refused.code, "The last command recorded" in refused.err) == (3, True)


def sheet_of_two_nights(book: Typist) -> str:
    path = book.folder / "malam.csv"
    path.write_text("date,member,amount\n2026-02-01,r001,500\n2026-02-02,r001,500\n")
    return str(path)


def test_of_two_commands_in_one_second_the_later_line_is_the_last(book: Typist) -> None:
    for amount in ("7000", "8000"):
        book.must("income", "kas-sosial", amount, "--from", "Bank")
    later = book.lines()[-1][:8]
    assert later in book.must("receipt", "last").out
    book.must("collect", "jimpitan", "--date", "2026-01-02", "--paid", "r001")
    refused = book("reverse", "last", "--reason", "Salah ketik")
    assert (refused.code, "several commands" in refused.err) == (3, True)
    assert all(one in refused.err for one in (later, book.lines("rt-07/jimpitan")[-1][:8]))
