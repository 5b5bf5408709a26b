"""What a check says of lines that can be read and should not be so."""

from __future__ import annotations

import sqlite3

import pytest

from tests.damaged import Damaged
from tests.scripts import script
from wksbm_cli.book.folder import Folder
from wksbm_cli.index import cache

LEDGER = "rt-07/kas-sosial/2026.toml"
READER = script("docs/example/reader.py")


def test_money_given_to_be_given_paid_a_running_cost(damaged: Damaged) -> None:
    damaged.put('date = 2026-01-02, kind = "opening", amount = 50000', "rt-07/donasi")
    wrong = damaged.put('date = 2026-01-03, kind = "expense", amount = 5000, purpose = "ATK"', "rt-07/donasi")
    damaged.put(
        'date = 2026-01-03, kind = "transfer", amount = 5, to_fund = "rt-07/kas-sosial", to_place = "kas", reason = "x"',
        "rt-07/donasi",
    )
    assert damaged.found() == [("error", "restriction", f"rt-07/donasi/2026.toml:{line}") for line in (4, 5)]
    damaged.put(f'date = 2026-01-04, kind = "reversal", of = "{wrong}", reason = "salah dana"', "rt-07/donasi")
    assert damaged.found() == [("error", "restriction", "rt-07/donasi/2026.toml:5")]


def test_a_night_recorded_twice_is_found_until_one_is_cancelled(damaged: Damaged) -> None:
    night = 'date = 2026-01-05, kind = "contribution", due = "jimpitan", members = { r001 = 500, r002 = 500 }'
    damaged.put(night, "rt-07/jimpitan", at="2026-01-05T21:00:00+07:00")
    damaged.put(night.replace("r001", "r003"), "rt-07/jimpitan", at="2026-01-05T22:00:00+07:00")
    third = damaged.put(night.replace("r002", "r003"), "rt-07/jimpitan", at="2026-01-05T23:00:00+07:00")
    ledger = "rt-07/jimpitan/2026.toml"
    assert damaged.found() == [("error", "night-twice", f"{ledger}:{line}") for line in (4, 5)]
    damaged.put(f'date = 2026-01-06, kind = "reversal", of = "{third}", reason = "dobel"', "rt-07/jimpitan")
    assert damaged.found() == [("error", "night-twice", f"{ledger}:4")]


def test_whoever_left_contributes_no_more(damaged: Damaged) -> None:
    damaged.book.must("member", "leave", "r002", "--date", "2026-01-15", "--debts", "owed")
    damaged.put('date = 2026-01-15, kind = "contribution", members = { r002 = 5000 }')
    damaged.put('date = 2026-01-16, kind = "contribution", members = { r002 = 5000 }')
    assert damaged.found() == [("error", "member-left", f"{LEDGER}:7")]


REVERSAL = 'date = 2026-02-01, kind = "reversal", reason = "x", of = '


def test_reversals_of_what_is_not_there_of_reversals_and_too_early(damaged: Damaged) -> None:
    first = damaged.put(f'{REVERSAL}"{damaged.book.lines()[2].split()[0]}"')
    damaged.put(f'{REVERSAL}"{first}"')
    damaged.put(f'{REVERSAL}"000000000000"')
    opening = damaged.book.lines()[0].split()[0]
    damaged.put(f'{REVERSAL.replace("2026-02-01", "2025-12-31")}"{opening}"', year=2025)
    assert {(code, place) for _, code, place in damaged.found() if code != "negative"} == {
        ("reversal-early", "rt-07/kas-sosial/2025.toml:3"),
        ("reversal-unknown", f"{LEDGER}:7"),
        ("reversal-unknown", f"{LEDGER}:8"),
    }


@pytest.mark.parametrize("by", ["siti", "budi"])
def test_an_entry_cancelled_twice_is_cancelled_once(damaged: Damaged, by: str) -> None:
    """Whichever reversal is read first, and whether it is read at once or later; a reader of its own agrees."""
    cancelled = damaged.book.lines()[2].split()[0]
    at = "2026-03-01T18:00:00+07:00"
    ids = [
        damaged.put(f'date = 2026-02-01, kind = "reversal", of = "{cancelled}", reason = "x", by = "siti", at = {at}'),
        damaged.put(f'date = 2026-01-30, kind = "reversal", of = "{cancelled}", reason = "y", by = "{by}", at = {at}'),
    ]
    needless = f"{LEDGER}:{6 + ids.index(max(ids))}"
    assert damaged.found() == [("warning", "reversal-twice", needless)]
    lines = damaged.path(LEDGER).read_text().splitlines(keepends=True)
    answers = []
    for order in ((5, 6), (6, 5)):
        damaged.path(LEDGER).write_text("".join([*lines[:5], lines[order[0]]]))
        damaged.book.must("balance")  # the index has read one of them
        damaged.path(LEDGER).write_text("".join([*lines[:5], *(lines[number] for number in order)]))
        for month in ("2026-01", "2026-02"):
            answers.append(damaged.book.must("summary", "--month", month, "--format", "json").out)
        assert READER.balances(damaged.path("")) == {("rt-07/kas-sosial", "kas", "IDR"): 1_005_000}
        assert [
            row["balance"]
            for row in damaged.book.must("balance", "--fund", "kas-sosial", "--format", "json").json["rows"]
        ] == [1_005_000]
        assert [code for _, code, _ in damaged.found()] == ["reversal-twice"]  # and the index agrees
    assert answers[:2] == answers[2:]


def test_a_reversal_of_a_line_that_cannot_be_read_is_not_held_against_it(damaged: Damaged) -> None:
    help_given = damaged.book.lines()[2].split()[0]
    damaged.put(f'date = 2026-02-01, kind = "reversal", of = "{help_given}", reason = "x"')
    damaged.rewrite(lambda text: text.replace("Besuk", "Besok"))
    assert damaged.found() == [("error", "changed", f"{LEDGER}:5")]


def test_a_place_below_zero_is_found_on_the_day_it_came_to_be(damaged: Damaged) -> None:
    damaged.put('date = 2026-01-29, kind = "expense", amount = 900000, purpose = "Kursi"')
    damaged.put('date = 2026-01-30, kind = "expense", amount = 1, purpose = "Lem"')
    damaged.put('date = 2026-01-31, kind = "income", amount = 900000, from = "Bank"')
    damaged.put('date = 2026-02-01, kind = "move", amount = 1, place = "bank", to_place = "kas"')
    assert damaged.found() == [("warning", "negative", f"{LEDGER}:6"), ("warning", "negative", f"{LEDGER}:9")]


def test_within_a_day_the_order_does_not_matter(damaged: Damaged) -> None:
    damaged.put('date = 2026-01-29, kind = "expense", amount = 900000, purpose = "Kursi"')
    damaged.put('date = 2026-01-29, kind = "income", amount = 900000, from = "Bank"')
    assert damaged.found() == []


def test_a_spoilt_line_makes_no_sum_of_its_fund_suspect(damaged: Damaged) -> None:
    damaged.rewrite(lambda text: text.replace("amount = 1000000", "amount = 10"))
    assert damaged.found() == [("error", "changed", f"{LEDGER}:3")]


def test_a_count_that_no_longer_agrees_with_the_lines_before_it(damaged: Damaged) -> None:
    damaged.book.must("count", "kas-sosial", "850000", "--date", "2026-02-01", "--reason", "Tidak jelas")
    assert damaged.found() == []
    damaged.put('date = 2026-02-01, kind = "income", amount = 7000, from = "Bank"', at="2026-03-01T19:30:00+07:00")
    assert damaged.found() == []  # of the same day, after the count
    damaged.put('date = 2026-01-30, kind = "income", amount = 7000, from = "Bank"', at="2026-03-01T19:30:00+07:00")
    assert damaged.found() == [("error", "count", f"{LEDGER}:6")]


def test_a_count_is_right_where_one_machines_clock_was_ahead(damaged: Damaged) -> None:
    damaged.put('date = 2026-02-01, kind = "income", amount = 7000, from = "Bank"', at="2026-02-01T20:30:00+07:00")
    damaged.put('date = 2026-02-01, kind = "count", amount = 862000, difference = 0', at="2026-02-01T20:00:00+07:00")
    assert damaged.found() == []


def test_a_count_is_right_where_a_merge_put_an_earlier_line_below_it(damaged: Damaged) -> None:
    count = 'date = 2026-02-01, kind = "count", amount = 861000, difference = -1000, reason = "x"'
    damaged.put(count, at="2026-02-01T20:00:00+07:00")
    damaged.put('date = 2026-02-01, kind = "income", amount = 7000, from = "Bank"', at="2026-02-01T19:00:00+07:00")
    assert damaged.found() == []


def test_recorded_before_it_happened_or_in_the_future(damaged: Damaged) -> None:
    damaged.put('date = 2026-02-20, kind = "income", amount = 7000, from = "Bank"', at="2026-02-01T20:00:00+07:00")
    damaged.put('date = 2026-02-20, kind = "income", amount = 8000, from = "Bank"', at="2026-03-01T19:30:00+07:00")
    damaged.put('date = 2026-02-20, kind = "income", amount = 9000, from = "Bank"', at="2027-03-01T20:00:00+07:00")
    assert damaged.found() == [("warning", "early", f"{LEDGER}:6"), ("warning", "clock", f"{LEDGER}:8")]


def test_the_same_said_twice_is_a_warning_until_one_is_cancelled(damaged: Damaged) -> None:
    gift = 'date = 2026-02-01, kind = "donation", amount = 50000, from = "Hamba Allah", source = "individual"'
    damaged.put(gift, at="2026-02-01T10:00:00+07:00")
    second = damaged.put(gift, at="2026-02-01T11:00:00+07:00")
    damaged.put(gift.replace("50000", "60000"))
    damaged.put(gift + ', note = "kotak kedua"')
    assert damaged.found() == [("warning", "twin", f"{LEDGER}:7")]
    damaged.put(f'date = 2026-02-02, kind = "reversal", of = "{second}", reason = "dobel"')
    assert damaged.found() == []


def test_one_person_recorded_approved_and_received(damaged: Damaged) -> None:
    for approved, to in (("Siti", "siti"), ("Joko", "Siti"), ("Siti", "Bu Karsini")):
        damaged.put(
            f'date = 2026-02-01, kind = "disbursement", amount = 5, to = "{to}", purpose = "x", approved_by = "{approved}"'
        )
    assert damaged.found() == [("warning", "approval", f"{LEDGER}:6")]


def test_an_index_that_says_other_than_the_lines(damaged: Damaged) -> None:
    damaged.book.must("balance")
    assert damaged.found() == []
    index = damaged.path(".wksbm/index.sqlite")
    connection = sqlite3.connect(index)
    connection.execute("UPDATE fund_month SET inflow = inflow + 1 WHERE fund = 'rt-07/kas-sosial'")
    connection.commit()
    connection.close()
    assert damaged.found() == []  # nobody believes a file that another hand has touched
    with cache.changing(Folder(damaged.path(""))):
        pass  # as if the program had written it so
    assert damaged.found() == [("error", "index", ".wksbm/index.sqlite")]
    damaged.put('date = 2026-02-01, kind = "income", amount = 7000, from = "Bank"')
    assert damaged.found() == [("error", "index", ".wksbm/index.sqlite")]  # as far as it has read


def test_a_check_writes_nothing(damaged: Damaged) -> None:
    before = {path: path.stat().st_mtime_ns for path in damaged.path("").rglob("*")}
    damaged.check()
    assert {path: path.stat().st_mtime_ns for path in damaged.path("").rglob("*")} == before


def test_a_line_that_takes_more_than_the_years_eighth_is_found(damaged: Damaged) -> None:
    book = damaged.book
    book.must("fund", "add", "rt-07/zakat", "Zakat", "--type", "zakat")
    for year, amount in ((2025, 1_000_000), (2026, 400_000)):
        damaged.put(
            f'date = {year}-02-01, kind = "donation", amount = {amount}, from = "Warga", source = "individual"',
            "rt-07/zakat",
            year,
        )
    amil = 'kind = "disbursement", amount = 60000, to = "Panitia", purpose = "Amil", asnaf = "amil"'
    damaged.put(f"date = 2026-02-02, {amil}", "rt-07/zakat")
    assert [code for _, code, _ in damaged.found()] == ["zakat"]
