"""The yearly report adds up, line by line and both ways, to what the ledgers say."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Typist
from tests.reports.books import EXAMPLE, READER, YEAR, changes, drawn, spans, standing
from wksbm_cli import Span
from wksbm_cli.reports.annual import annual
from wksbm_cli.reports.cashbook import cashbook

Lines = dict[tuple[Any, ...], Decimal]


@pytest.fixture
def example(typist: Typist) -> Typist:
    shutil.copytree(EXAMPLE, typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    return typist


def expected_lines(first: date, last: date) -> Lines:
    """The lines as whoever has only the ledgers and registers would add them up: by fund, unit, side, and what it was for."""
    lines: Lines = defaultdict(Decimal)
    for fund, entry, cancelled in standing(first, last):
        sign = -1 if cancelled else 1
        for of, unit, amount in changes(fund, cancelled or entry):
            if entry["kind"] == "opening":
                continue
            side = "receipt" if sign * amount > 0 else "payment"
            if entry["kind"] == "repayment":
                whole, rest = abs(amount), Decimal(0)
                for part in ("charge", "fine"):
                    paid = Decimal(entry.get(part, 0))
                    rest += paid
                    lines[of, unit, side, "repayment", part] += paid
                lines[of, unit, side, "repayment", "principal"] += whole - rest
            else:
                lines[of, unit, side, entry["kind"], *what_for(of, fund, unit, entry)] += abs(amount)
    return {key: amount for key, amount in lines.items() if amount}


def what_for(of: str, fund: str, unit: str, entry: dict[str, Any]) -> tuple[str, ...]:
    match entry["kind"]:
        case "contribution":
            due = entry.get("due", "")
            if of != fund:
                return f"{fund}:{due}", f"{entry['date']:%Y-%m}"
            register = tomllib.loads((EXAMPLE / fund / "fund.toml").read_text())
            cycle = register.get("dues", {}).get(due, {"cycle": "month"})["cycle"]
            return (due, f"{entry['date']:%Y-%m}" if cycle in ("night", "week", "selapanan", "month") else "")
        case "donation" | "income":
            return (entry["source"],)
        case "disbursement" | "expense":
            return (entry["purpose"].casefold(),)
        case "return":
            return (entry["to"],)
        case "transfer":
            return (fund if of != fund else entry["to_fund"],)
        case "exchange":
            given, got = entry.get("unit", "IDR"), entry.get("get_unit", "IDR")
            return (given if unit == got else got,)
        case "saving" | "withdrawal":
            return (entry["class"],)
        case "return":
            return (entry["to"],)
    return ("",)


def reported_lines(rows: list[dict[str, Any]]) -> Lines:
    lines: Lines = {}
    for row in rows:
        if row["section"] not in ("receipt", "payment"):
            continue
        what: tuple[str, ...] = (row["detail"],)
        if row["kind"] == "contribution":
            what = (row["detail"], row["month"] or "")
        elif row["kind"] in ("disbursement", "expense"):
            what = (row["description"].split(" (")[0].casefold(),)
        key = f"{row['organisation']}/{row['fund']}", row["unit"], row["section"], row["kind"], *what
        assert key not in lines, "told twice"
        lines[key] = Decimal(str(row["amount"]))
    return lines


@pytest.mark.parametrize(
    "period", [YEAR, (date(2026, 1, 1), date(2026, 2, 28)), (date(2025, 3, 10), date(2025, 9, 14))]
)
def test_every_line_is_what_the_ledgers_add_up_to(example: Typist, period: tuple[date, date]) -> None:
    first, last = period
    report = example.must("annual", "--from", str(first), "--to", str(last), "--format", "json").json
    assert reported_lines(report["rows"]) == expected_lines(first, last)


def test_each_fund_begins_and_ends_with_what_its_places_hold(example: Typist) -> None:
    rows = example.must("annual", "--year", "2025", "--format", "json").json["rows"]
    ended: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    told: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    places = {}
    for (fund, place, unit), amount in READER.balances(EXAMPLE, YEAR[1]).items():
        ended[fund, unit] += amount
        places[fund, place, unit] = amount
    sides = {"opening": 1, "receipt": 1, "payment": -1}
    closing = {}
    for row in rows:
        key = f"{row['organisation']}/{row['fund']}", row["unit"]
        amount = Decimal(str(row["amount"]))
        if row["section"] in sides:
            told[key] += sides[row["section"]] * amount
        elif row["section"] == "closing":
            closing[key] = amount
        elif row["section"] == "place":
            assert places.pop((key[0], row["detail"], key[1])) == amount
    assert places == {}, "a place with money in it is not in the report"
    assert told == closing
    assert {key: amount for key, amount in closing.items() if amount} == ended


def test_the_table_of_all_funds_foots_both_ways(example: Typist) -> None:
    report = example.must("annual", "--year", "2025", "--format", "json").json
    by_section: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in report["rows"]:
        by_section[row["unit"], row["section"]] += Decimal(str(row["amount"]))
    for total in report["totals"]:
        across = total["opening"] + total["in"] - total["out"]
        assert total["closing"] == pytest.approx(across, abs=0)
        sections = ("opening", "receipt", "payment", "closing", "place")
        down = [by_section[total["unit"], section] for section in sections]
        assert down == [Decimal(str(total[key])) for key in ("opening", "in", "out", "closing", "closing")]


def test_what_was_there_when_the_book_began_is_no_receipt(book: Typist) -> None:
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-01-10")
    page = book.must("annual", "--year", "2026", "--fund", "kas-sosial", "--format", "text", lang="en").out
    lines = [" ".join(line.split()) for line in page.splitlines()]
    for line in (
        "Opening balance Rp100,000",
        "1 Iuran sosial January 2026 Rp5,000",
        "Total receipts, opening balance included Rp105,000",
        "Balance on 10 January 2026 Rp105,000",
        "Kas Sosial Rp100,000 Rp5,000 Rp0 Rp105,000",
    ):
        assert line in lines, page


@pytest.mark.parametrize(
    ("latest", "closed", "told"),
    [
        ("2026-01-10", False, "10 January 2026"),  # the year still runs
        ("2026-11-30", False, "30 November 2026"),
        ("2026-12-12", False, "12 December 2026"),  # nobody knows yet of the 31st
        ("2026-12-12", True, "31 December 2026"),
        ("2026-12-31", False, "31 December 2026"),
        ("2027-01-02", False, "31 December 2026"),
        ("2026-11-30", True, "31 December 2026"),
    ],
)
def test_a_paper_tells_the_balance_of_the_last_day_that_its_year_has_reached(
    book: Typist, latest: str, closed: bool, told: str
) -> None:
    book.clock("2027-01-15T08:00:00+07:00")
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    book.must("donate", "kas-sosial", "5000", "--from", "Hamba Allah", "--date", latest)
    if closed:
        book.must("close", "2026-12")
    page = book.must("annual", "--year", "2026", "--fund", "kas-sosial", "--format", "text", lang="en").out
    assert f"Balance on {told}  " in page
    for command in ("annual", "annual --isak", "supervisor", "cashbook kas-sosial"):
        paper = book.must(*command.split(), "--year", "2026", "--format", "text", lang="en").out
        assert f" {told}\n" in paper, command


def test_a_slip_and_its_cancelling_are_on_neither_side_and_a_note_says_so(book: Typist) -> None:
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    slip = book.must("contribute", "kas-sosial", "budi", "50000", "--date", "2026-01-10").out[:8]
    book.must("reverse", slip, "--reason", "salah ketik", "--date", "2026-02-01")
    report = book.must("annual", "--year", "2026", "--format", "json").json
    assert [row for row in report["rows"] if row["section"] in ("receipt", "payment")] == []
    assert any("Rp50,000 was recorded and cancelled" in note for note in report["notes"])
    # At the end of January the slip had not been found.
    january = book.must("annual", "--month", "2026-01", "--format", "json").json
    assert [row["amount"] for row in january["rows"] if row["section"] == "receipt"] == [50_000]
    february = book.must("annual", "--month", "2026-02", "--format", "json").json
    row = next(row for row in february["rows"] if row["section"] == "payment")
    assert (row["kind"], row["description"], row["amount"]) == ("reversal", "Cancelled of an earlier period", 50_000)


def test_a_year_whose_only_movement_was_cancelled_shows_it(book: Typist) -> None:
    slip = book.must("contribute", "kas-sosial", "budi", "50000", "--date", "2026-01-10").out[:8]
    book.must("reverse", slip, "--reason", "salah ketik", "--date", "2026-02-01")
    page = book.must("annual", "--year", "2026", "--format", "text").out
    assert "Kas Sosial: Rp50,000 was recorded and cancelled" in " ".join(page.split())
    assert re.search(r"^Kas Sosial +Rp0 +Rp0 +Rp0 +Rp0$", page, re.MULTILINE), page


def test_each_donor_has_a_line(book: Typist) -> None:
    for donor, amount in (("Hamba Allah", "10rb"), ("PT Maju", "1jt"), ("hamba allah", "20rb")):
        book.must("donate", "donasi", amount, "--from", donor, "--date", "2026-01-10")
    book.must(
        "donate", "donasi", "5000", "--from", "PT Maju", "--for", "Yatim", "--note", "tunai", "--date", "2026-02-10"
    )
    rows = book.must("annual", "--year", "2026", "--format", "json").json["rows"]
    assert {(row["description"], row["times"], row["amount"]) for row in rows if row["section"] == "receipt"} == {
        ("Donation from Hamba Allah (2 times)", 2, 30_000),
        ("Donation from PT Maju", 1, 1_000_000),
        ("Donation from PT Maju, for Yatim (tunai)", 1, 5_000),
    }


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_what_is_owed_is_what_the_statements_and_the_arrears_say(example: Typist, year: str) -> None:
    def ask(*words: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = example.must(*words, "--format", "json").json["rows"]
        return rows

    owed: dict[str, int] = defaultdict(int)
    for row in ask("annual", "--year", year):
        if row["section"] == "owed":
            owed[row["kind"]] += row["amount"]
    of_isak = {
        row["item"]: row["total"] for row in ask("annual", "--isak", "--year", year) if row["statement"] == "position"
    }
    assert owed["loans"] == of_isak["assets:loans"] > 0
    assert owed["savings"] == of_isak["liabilities:savings"] > 0
    day = ("--as-of", "2025-12-31") if year == "2025" else ()
    assert owed["arrears"] == sum(row["amount"] for row in ask("arrears", *day) if row["unit"] == "IDR") > 0


def test_what_came_and_what_went_for_the_same_thing_are_not_set_off(book: Typist) -> None:
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    book.must("transfer", "kas-sosial", "jimpitan", "30rb", "--reason", "titip", "--date", "2026-01-02")
    book.must("transfer", "jimpitan", "kas-sosial", "10rb", "--reason", "kembali", "--date", "2026-01-03")
    book.must("count", "kas-sosial", "81rb", "--reason", "lebih", "--date", "2026-01-04")
    book.must("count", "kas-sosial", "79rb", "--reason", "kurang", "--date", "2026-01-05")
    rows = book.must("annual", "--year", "2026", "--fund", "kas-sosial", "--format", "json").json["rows"]
    told = [(row["description"], row["amount"]) for row in rows if row["section"] in ("receipt", "payment")]
    assert told == [
        ("From the fund Jimpitan", 10_000),
        ("Found at a count", 1_000),
        ("To the fund Jimpitan", 30_000),
        ("Missing at a count", 2_000),
    ]


def test_those_who_answer_for_it_sign(example: Typist) -> None:
    page = example.must("annual", "--year", "2025", "--org", "rt-05", "--format", "text", lang="id").out
    where, roles, names = (
        next(n for n, line in enumerate(page.splitlines()) if told in line)
        for told in ("Argosekar, 31 Desember 2025", "Ketua", "(Wagimin Hadi)")
    )
    assert where < roles < names
    assert "(Siti Rahayu)" in page.splitlines()[names]
    assert page.index("(Siti Rahayu)") < page.index("(Lurah Argosekar)")
    # Nobody signs for another organisation.
    whole = example.must("annual", "--year", "2025", "--format", "text", lang="id").out
    assert "(Wagimin Hadi)" not in whole and "(Suharto Prayitno)" in whole


def test_help_is_told_by_what_it_was_for_with_names_as_discreet_as_asked(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    for day in ("2026-01-05", "2026-02-05"):
        book.must("disburse", "kas-sosial", "50rb", "--to", "Bu Karsini", "--for", "Obat Bu Karsini", "--date", day)
    year = ("annual", "--year", "2026")
    assert "Obat Bu K. (2 times)" in book.must(*year, "--format", "whatsapp").out
    assert "Obat Bu Karsini (2 times)" in book.must(*year, "--format", "text").out


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_book_foots(data: st.DataObject) -> None:
    """Of strange books too: opening and receipts less payments are what is left, and with what was cancelled on both
    sides the totals are those of the cash book."""
    with drawn(data) as book:
        first, last = data.draw(spans())
        span = Span(first, last)
        report = annual(book.query, book.registers, book.funds(), span)
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in report.data.rows:
            sums[f"{row['organisation']}/{row['fund']}", row["unit"]][row["section"]] += row["amount"].minor
        after = book.balances(last)
        for key, held in sums.items():
            assert held["opening"] + held["receipt"] - held["payment"] == held["closing"] == held["place"], key
        assert {key: held["closing"] for key, held in sums.items() if held["closing"]} == {
            key: amount.minor for key, amount in after.items() if amount.minor
        }
        for fund in book.funds():
            for total in cashbook(book.query, book.registers, fund, span).data.totals:
                held = sums[fund.slug, total["unit"]]
                cancelled = total["out"].minor - held["payment"]
                assert cancelled >= 0
                assert total["in"].minor - held["receipt"] == cancelled
                assert total["opening"].minor == held["opening"]


def test_goods_for_money_are_sold_or_bought_and_goods_for_goods_exchanged(example: Typist) -> None:
    barter = ("exchange", "jimpitan-beras", "3 kg beras", "20 butir telur", "--to", "Bu Yati", "--date", "2026-02-28")
    example.must(*barter)
    rows = example.must("annual", "--from", "2025-01-01", "--fund", "jimpitan-beras", "--format", "json").json["rows"]
    told = {(row["unit"], row["section"], row["description"]) for row in rows if row["kind"] == "exchange"}
    assert told == {
        ("IDR", "receipt", "Sale of Beras"),
        ("IDR", "payment", "Purchase of Telur"),
        ("beras", "payment", "Sold"),
        ("beras", "payment", "Given for Telur"),
        ("telur", "receipt", "Bought"),
        ("telur", "receipt", "Got for Beras"),
    }


def test_who_paid_is_counted_as_the_summary_counts_it(book: Typist) -> None:
    """Of those who owe; who gave to a voluntary due is counted apart, and a span without an end counts nobody."""
    book.must("collect", "kas-sosial", "--absent", "agus", "--date", "2026-02-10")
    book.must("collect", "jimpitan", "--paid", "budi", "--date", "2026-02-11")
    notes = {
        words: [note for note in book.must(*words, "--format", "json").json["notes"] if " members " in note]
        for words in (
            ("annual", "--year", "2026"),
            ("annual", "--month", "2026-02"),
            ("summary", "--month", "2026-02"),
            ("annual", "--from", "2026-02-01"),
        )
    }
    assert notes["annual", "--year", "2026"] == [
        "Jimpitan: 1 of 3 members gave in 2026, as a voluntary gift.",
        "Kas Sosial: 2 of 3 members who owe paid in 2026.",
    ]
    assert notes["annual", "--month", "2026-02"] == notes["summary", "--month", "2026-02"]
    assert notes["annual", "--from", "2026-02-01"] == []
    for format_ in ("text", "html", "markdown", "whatsapp"):
        page = " ".join(book.must("annual", "--year", "2026", "--format", format_).out.split())
        assert "2 of 3 members who owe paid in 2026" in page
