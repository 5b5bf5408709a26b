"""What a check says of files and lines that cannot be read: each spoils only itself."""

from __future__ import annotations

import os

import pytest

from tests.damaged import Damaged

LEDGER = "rt-07/kas-sosial/2026.toml"


def test_a_book_as_the_program_writes_it_has_nothing_to_find(damaged: Damaged) -> None:
    checked = damaged.check()
    assert (checked["findings"], checked["files"], checked["lines"]) == ([], 2, 13)
    assert "nothing is wrong" in damaged.book("check").out
    assert damaged.book("periksa", lang="id").code == 0


def test_a_changed_amount_is_found_where_it_stands(damaged: Damaged) -> None:
    damaged.rewrite(lambda text: text.replace("amount = 1000000", "amount = 900000"))
    assert damaged.found() == [("error", "changed", f"{LEDGER}:3")]


def test_every_bad_line_is_found_and_none_of_the_good_ones(damaged: Damaged) -> None:
    damaged.append("nonsense")
    damaged.append('000000000000 = { date = 2026-02-30, kind = "opening" }')
    damaged.put('date = 2026-02-01, kind = "gift", amount = 5')
    damaged.put('date = 2026-02-01, kind = "opening"')
    damaged.put('date = 2026-02-01, kind = "opening", amount = 50.000')
    damaged.put('date = 2026-02-01, kind = "opening", amount = 5, colour = "red"')
    damaged.put('date = 2025-02-01, kind = "opening", amount = 5')
    damaged.put('date = 0001-02-01, kind = "opening", amount = 5')
    assert damaged.found() == [
        ("error", code, f"{LEDGER}:{line}")
        for line, code in enumerate(("syntax", "syntax", "schema", "schema", "schema", "schema", "year", "schema"), 6)
    ]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ('kind = "contribution", members = { r999 = 5000 }', "unknown-member"),
        ('kind = "contribution", due = "iurann", members = { r001 = 5000 }', "unknown-due"),
        ('kind = "opening", amount = 5, unit = "padi"', "unknown-unit"),
        ('kind = "opening", amount = 5, place = "brankas"', "unknown-place"),
        (
            'kind = "transfer", amount = 5, to_fund = "rt-07/hilang", to_place = "kas", reason = "x"',
            "unknown-fund",
        ),
        ('kind = "transfer", amount = 5, to_fund = "rt-07/donasi", to_place = "laci", reason = "x"', "unknown-place"),
    ],
)
def test_a_name_that_no_register_has(damaged: Damaged, table: str, code: str) -> None:
    damaged.put(f"date = 2026-02-01, {table}")
    assert damaged.found() == [("error", code, f"{LEDGER}:6")]


def test_a_collectors_hands_are_a_place_once_something_is_in_them(damaged: Damaged) -> None:
    damaged.put('date = 2026-02-01, kind = "contribution", members = { r001 = 5000 }, collector = "p28"')
    damaged.put('date = 2026-02-01, kind = "move", amount = 5000, place = "p28", to_place = "kas"')
    assert damaged.found() == []


def test_a_line_pasted_into_another_fund(damaged: Damaged) -> None:
    line = damaged.book.lines()[0]
    damaged.append(line, "rt-07/donasi")
    assert damaged.found() == [("error", "duplicate", "rt-07/donasi/2026.toml:3")]


def test_a_line_moved_to_another_fund(damaged: Damaged) -> None:
    line = damaged.book.lines()[0]
    damaged.rewrite(lambda text: text.replace(line + "\n", ""))
    damaged.append(line, "rt-07/donasi")
    assert ("error", "other-fund", "rt-07/donasi/2026.toml:3") in damaged.found()


def test_a_line_twice_in_its_own_fund(damaged: Damaged) -> None:
    damaged.append(damaged.book.lines()[0])
    assert damaged.found() == [("error", "duplicate", f"{LEDGER}:6")]


def test_a_line_in_the_ledger_of_another_year(damaged: Damaged) -> None:
    line = damaged.book.lines()[2]
    damaged.rewrite(lambda text: text.replace(line + "\n", ""))
    damaged.append(line, year=2025)
    assert damaged.found() == [("error", "year", "rt-07/kas-sosial/2025.toml:3")]


def test_a_renamed_fund_is_one_finding_not_one_per_line(damaged: Damaged) -> None:
    damaged.path("rt-07/kas-sosial").rename(damaged.path("rt-07/kas-rt"))
    assert damaged.found() == [("error", "renamed", "rt-07/kas-rt/2026.toml:3")]


def test_a_fund_without_its_register(damaged: Damaged) -> None:
    damaged.path("rt-07/kas-sosial/fund.toml").unlink()
    assert damaged.found() == [("error", "register", "rt-07/kas-sosial")]


def test_a_torn_last_line_and_a_whole_one_without_its_end(damaged: Damaged) -> None:
    whole = damaged.book.lines()[2]
    damaged.append(whole[:70], end="")
    assert damaged.found() == [("error", "torn", f"{LEDGER}:6")]
    damaged.rewrite(lambda text: text[: text.rindex("\n")])
    assert damaged.found() == [("warning", "no-line-end", f"{LEDGER}:5")]


def test_headers_and_line_ends(damaged: Damaged) -> None:
    damaged.rewrite(lambda text: text + "[transactions]\n")
    assert damaged.found() == [("warning", "header-twice", f"{LEDGER}:6")]
    damaged.rewrite(lambda text: text.replace("[transactions]\n", ""))
    assert damaged.found() == [("error", "header-missing", f"{LEDGER}:2")]
    damaged.rewrite(lambda text: text.replace("\n", "\r\n", 3).replace("# Kas", "[transactions]\r\n# Kas", 1))
    assert damaged.found() == [("warning", "line-ends", f"{LEDGER}:1")]


def test_bytes_that_are_no_text_spoil_their_line_alone(damaged: Damaged) -> None:
    path = damaged.path(LEDGER)
    path.write_bytes(path.read_bytes().replace(b"Besuk", b"Bes\xffk"))
    assert damaged.found() == [("error", "encoding", f"{LEDGER}:5")]


def test_a_replacement_sign_that_was_typed_is_text(damaged: Damaged) -> None:
    damaged.put('date = 2026-02-01, kind = "opening", amount = 5, note = "\ufffd"')
    assert damaged.found() == []


def test_a_bad_register_spoils_only_what_it_declares(damaged: Damaged) -> None:
    damaged.book.must("opening", "jimpitan", "100rb", "--date", "2026-01-01")
    damaged.book.must("transfer", "jimpitan", "kas-sosial", "10rb", "--reason", "Patungan", "--date", "2026-01-02")
    damaged.put('date = 2026-02-01, kind = "expense", amount = 5, purpose = "x", place = "laci"', "rt-07/jimpitan")
    damaged.rewrite(lambda text: text.replace("social", "sosial"), "rt-07/kas-sosial/fund.toml")
    damaged.append("nonsense")
    assert damaged.found() == [
        ("error", "unknown-place", "rt-07/jimpitan/2026.toml:5"),
        ("error", "syntax", f"{LEDGER}:6"),
        ("error", "register", "rt-07/kas-sosial/fund.toml:2"),
    ]


def test_without_book_toml_lines_are_still_held_against_their_ids(damaged: Damaged) -> None:
    damaged.rewrite(lambda text: text.replace("format = 2", "format = 9"), "book.toml")
    damaged.rewrite(lambda text: text.replace("Besuk", "Besok"))
    assert damaged.found() == [("error", "register", "book.toml:1"), ("error", "changed", f"{LEDGER}:5")]


def test_copies_that_look_like_ledgers(damaged: Damaged) -> None:
    damaged.path("rt-07/kas-sosial/2026 (salinan).toml").write_text("")
    assert damaged.found() == [("warning", "stray-file", "rt-07/kas-sosial/2026 (salinan).toml")]


def test_what_is_no_file_is_not_waited_for(damaged: Damaged) -> None:
    os.mkfifo(damaged.path("rt-07/donasi/2026.toml"))
    damaged.path("rt-07/lumbung/2026.toml").symlink_to("/dev/zero")
    damaged.path("rt-07/jimpitan/2026.toml").mkdir()
    assert damaged.found() == [
        ("error", "unreadable", f"rt-07/{fund}/2026.toml") for fund in ("donasi", "jimpitan", "lumbung")
    ]


def test_identity_numbers_are_found_and_not_repeated(damaged: Damaged) -> None:
    damaged.put('date = 2026-02-01, kind = "opening", amount = 5, note = "NIK 3404015708900003"')
    damaged.put('date = 2026-02-02, kind = "opening", amount = 5, ref = "3404015708900003"')  # a bank's own number
    damaged.rewrite(lambda text: text.replace('"Budi Santoso"', '"Budi 3404015708900003"'), "rt-07/members.toml")
    assert damaged.found() == [
        ("error", "identity-number", f"{LEDGER}:6"),
        ("warning", "undecided", "rt-07/members.toml"),
        ("error", "identity-number", "rt-07/members.toml:2"),
    ]
    assert "3404015708900003" not in damaged.book("check").out
