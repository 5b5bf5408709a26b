"""Joining two versions of a file: no line lost, none twice, and a conflict where a person has to decide."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sync.git_book import line
from wksbm_cli.sync.merge import doubles, merge_ledgers, merge_registers

HEAD = "# Kas · 2026\n[transactions]\n"
LINES = [line(day, amount) for day in range(1, 7) for amount in (500, 1000)]


def ledger(*lines: str) -> str:
    return HEAD + "".join(f"{one}\n" for one in lines)


@given(st.permutations(LINES), st.integers(0, 12), st.integers(0, 12), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_every_line_of_either_side_is_there_once(lines: list[str], ours: int, theirs: int, random: object) -> None:
    mine, other = lines[:ours], lines[theirs:]
    merged = merge_ledgers(ledger(*mine), ledger(*other))
    assert sorted(merged.text.splitlines()) == sorted([*HEAD.splitlines(), *{*mine, *other}])
    assert merged.text.startswith(ledger(*mine))
    assert not merged.conflicts


def test_a_new_years_file_on_both_sides_has_one_head() -> None:
    assert merge_ledgers(ledger(LINES[0]), ledger(LINES[1])).text == ledger(LINES[0], LINES[1])
    assert merge_ledgers("", ledger(LINES[1])).text == ledger(LINES[1])


def test_a_line_that_stood_twice_stands_once() -> None:
    """As after someone pasted a line below itself."""
    twice = f"{HEAD}{LINES[0]}\n{LINES[0]}\n"
    for theirs in (twice, f"{HEAD}{LINES[0]}\n", HEAD):
        assert merge_ledgers(twice, theirs).text == f"{HEAD}{LINES[0]}\n"


def test_line_ends_of_another_system_make_no_second_entry() -> None:
    windows = "\ufeff" + ledger(LINES[0], LINES[1]).replace("\n", "\r\n")
    assert merge_ledgers(ledger(LINES[0]), windows).text == ledger(LINES[0], LINES[1])


def test_an_id_with_two_texts_is_a_conflict() -> None:
    altered = LINES[0].replace("500", "5000")
    merged = merge_ledgers(ledger(LINES[0], LINES[1]), ledger(altered, LINES[2]))
    assert merged.conflicts == (LINES[0].split()[0],)
    assert LINES[0] in merged.text
    assert altered in merged.text
    assert "<<<<<<<" in merged.text
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(merged.text)


def test_one_fact_typed_by_two_people_is_pointed_out() -> None:
    mine, other, twin = line(5, by="siti"), line(5, by="budi"), line(6, by="budi")
    assert doubles(LINES, [*LINES, mine], [*LINES, other, twin]) == [(mine.split()[0], other.split()[0])]
    assert doubles([mine], [mine], [mine, other]) == []


MEMBERS = '# Warga\n[r001]\nname = "Budi" # pindah?\n\n[r002]\nname = "Tini"\n'


def test_members_added_on_both_sides_and_comments_stay() -> None:
    ours = MEMBERS + '\n[r003]\nname = "Agus"\njoined = 2026-01-01\n'
    theirs = MEMBERS.replace('"Tini"', '"Tini Lestari"') + '\n[r004]\nname = "Wati"\njoined = 2026-01-01\n'
    merged = merge_registers(MEMBERS, ours, theirs)
    assert not merged.conflicts
    table = tomllib.loads(merged.text)
    assert {slug: row["name"] for slug, row in table.items()} == {
        "r001": "Budi",
        "r002": "Tini Lestari",
        "r003": "Agus",
        "r004": "Wati",
    }
    assert "# Warga" in merged.text
    assert "# pindah?" in merged.text


def test_a_member_removed_on_one_side_goes_and_one_changed_on_the_other_is_a_conflict() -> None:
    without = MEMBERS.replace('\n[r002]\nname = "Tini"\n', "")
    assert "r002" not in merge_registers(MEMBERS, MEMBERS, without).text
    assert merge_registers(MEMBERS, MEMBERS.replace("Tini", "Tina"), without).conflicts == ("r002",)


FUND = 'name = "Kas"\n[dues.iuran]\n[[dues.iuran.tariffs]]\nfrom = 2026-01-01\namount = 5000\n'


def test_tariffs_added_on_both_sides_are_joined_and_one_changed_twice_is_a_conflict() -> None:
    later = "\n[[dues.iuran.tariffs]]\nfrom = {year}-01-01\namount = 0.1\n"
    merged = merge_registers(FUND, FUND + later.format(year=2027), FUND + later.format(year=2028))
    tariffs = tomllib.loads(merged.text)["dues"]["iuran"]["tariffs"]
    assert [(row["from"].year, row["amount"]) for row in tariffs] == [(2026, 5000), (2027, 0.1), (2028, 0.1)]
    changed = merge_registers(FUND, FUND.replace("5000", "6000"), FUND.replace("5000", "7000"))
    assert changed.conflicts == ("dues.iuran.tariffs",)


def test_a_register_that_cannot_be_read_is_a_conflict_as_a_whole() -> None:
    assert merge_registers(MEMBERS, MEMBERS, "[r001\n").conflicts == ("",)
    assert merge_registers("", "a = 1\n", "a = 2\n").conflicts == ("a",)
