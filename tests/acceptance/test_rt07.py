"""Real records go in by commands alone, and every figure that comes out is what the records add up to.

What is expected is added up here from the CSV files with nothing but Python's csv module; what is found is read from
the ledger's lines with nothing but tomllib, or from the program's own reports.
"""

from __future__ import annotations

import csv
import tomllib
from calendar import month_name
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import AS_OF, Ask
from tests.exchange.agreement import agree, days_of
from tests.exchange.oracles import Oracle, every_program
from wksbm_cli import Span, open_book

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real records are not at {DATA}")

MONTHLY = {"TR002": "iuran-wajib", "TR003": "iuran-sosial"}
YEARLY = {"TR004": "iuran-17an"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(book: Path, fund: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The id, the table and the text of every line of a fund's ledgers."""
    for path in sorted((book / fund).glob("[0-9]*.toml")):
        text = path.read_text(encoding="utf-8")
        written = dict(line.split(" = ", 1) for line in text.splitlines() if " = {" in line)
        for id_, entry in tomllib.loads(text)["transactions"].items():
            yield id_, entry, written[id_]


def test_every_line_answers_to_its_id(book: Path) -> None:
    for folder in ("ronda/jimpitan", "rt-07/iuran-sosial", "rt-07/iuran-17an"):
        for id_, _, text in lines(book, folder):
            assert blake2b(f"{folder}\n{text}".encode(), digest_size=16).hexdigest() == id_


# The nightly collection


def nights() -> dict[str, tuple[int, int, int]]:
    """Nights, rows and rupiah of each month, straight from the rows."""
    dates: dict[str, set[str]] = defaultdict(set)
    count: Counter[str] = Counter()
    rupiah: Counter[str] = Counter()
    for row in rows("jimpitan_rt07_2024-11_2025-12.csv"):
        month = row["tanggal"][:7]
        dates[month].add(row["tanggal"])
        count[month] += 1
        rupiah[month] += int(row["nominal"])
    return {month: (len(dates[month]), count[month], rupiah[month]) for month in dates}


def test_the_published_totals_are_those_of_the_rows() -> None:
    published = {
        row["bulan"]: (int(row["malam_tercatat"]), int(row["jumlah_setoran"]), int(row["total_rupiah"]))
        for row in rows("jimpitan_rt07_monthly_totals.csv")
    }
    assert published == nights()


def test_the_ledger_has_every_night_row_and_rupiah(book: Path) -> None:
    """A row of Rp0 is a house visited: it stands in `empty` and is counted, not booked."""
    dates: dict[str, set[str]] = defaultdict(set)
    count: Counter[str] = Counter()
    rupiah: Counter[str] = Counter()
    for _, entry, _ in lines(book, "ronda/jimpitan"):
        month = entry["date"].isoformat()[:7]
        dates[month].add(entry["date"].isoformat())
        count[month] += len(entry["members"]) + len(entry.get("empty", []))
        rupiah[month] += sum(entry["members"].values())
    assert {month: (len(dates[month]), count[month], rupiah[month]) for month in dates} == nights()
    assert sum(count.values()) == 19_028


def test_every_month_s_reports_agree(ask: Ask) -> None:
    before = 0
    for month, (held, visited, rupiah) in nights().items():
        status = ask("collect", "status", "jimpitan", "--month", month)
        (total,) = status["totals"]
        assert (len({row["date"] for row in status["rows"]}), total["gave"] + total["empty"], total["amount"]) == (
            held,
            visited,
            rupiah,
        )
        (summary,) = ask("summary", "--fund", "ronda/jimpitan", "--month", month)["rows"]
        assert (summary["opening"], summary["in"], summary["out"]) == (before, rupiah, 0)
        assert summary["in_by_kind"] == {"contribution": rupiah}
        before += rupiah


def test_each_house_gave_what_its_rows_say(ask: Ask) -> None:
    given: Counter[tuple[str, str]] = Counter()
    for row in rows("jimpitan_rt07_2024-11_2025-12.csv"):
        house = row["rumah"].lower() if row["rumah"].startswith("R") else "lain"
        given[house, row["tanggal"][:7]] += int(row["nominal"])
    shown = ask("contributions", "--fund", "ronda/jimpitan", "--to", AS_OF)["rows"]
    assert {(row["member"], row["period"]): row["amount"] for row in shown} == {
        key: amount for key, amount in given.items() if amount
    }


def test_each_collector_holds_what_nobody_took_over(ask: Ask) -> None:
    held: Counter[str] = Counter()
    for row in rows("jimpitan_rt07_2024-11_2025-12.csv"):
        held[row["petugas"].lower()] += int(row["nominal"])
    places = ask("balance", "--fund", "ronda/jimpitan", "--by", "place")["rows"]
    assert {row["place"]: row["balance"] for row in places} == held
    (fund,) = ask("balance", "--fund", "ronda/jimpitan")["rows"]
    assert fund["balance"] == sum(held.values())


# The dues


def paid() -> Counter[tuple[str, str, str]]:
    """What the records say was paid, by fund, household and period."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in rows("dues_payments_rt07_2026.csv"):
        fund = (MONTHLY | YEARLY)[row["kode_tarif"]]
        period = row["tahun"] if row["bulan"] == "0" else f"{row['tahun']}-{int(row['bulan']):02d}"
        sums[fund, row["kk"].lower(), period] += int(row["dibayar"])
    return sums


def test_all_payments_are_there_each_with_its_day(book: Path) -> None:
    expected = Counter(
        ((MONTHLY | YEARLY)[row["kode_tarif"]], row["kk"].lower(), int(row["dibayar"]), row["tgl_bayar"][:10])
        for row in rows("dues_payments_rt07_2026.csv")
    )
    found = Counter(
        (fund, member, amount, entry["date"].isoformat())
        for fund in (MONTHLY | YEARLY).values()
        for _, entry, _ in lines(book, f"rt-07/{fund}")
        if entry["kind"] == "contribution"
        for member, amount in entry["members"].items()
    )
    assert found == expected
    assert found.total() == 243


def test_contributions_show_the_amount_paid_for_each_period(ask: Ask) -> None:
    shown = ask("contributions", "--org", "rt-07", "--year", "2026")["rows"]
    assert {(row["fund"], row["member"], row["period"]): row["amount"] for row in shown} == dict(paid())


def owed(fund: str) -> dict[tuple[str, str], int]:
    """What each household owes for each period begun by the end of March 2026, exemptions taken off."""
    exempt = {(row["kk"].lower(), MONTHLY[row["kode_tarif"]]): row["sejak"] for row in rows("dues_exemptions_rt07.csv")}
    households = [f"kk{number:03d}" for number in range(1, 41)]
    if fund in YEARLY.values():
        return {(household, "2026"): 50_000 for household in households}
    return {
        (household, month): 5_000
        for household in households
        for month in ("2026-01", "2026-02", "2026-03")
        if f"{month}-01" < exempt.get((household, fund), "9999")
    }


@pytest.mark.parametrize("fund", [*MONTHLY.values(), *YEARLY.values()])
def test_arrears_are_what_is_owed_less_what_is_paid(ask: Ask, fund: str) -> None:
    received = paid()
    expected: dict[str, int] = defaultdict(int)
    periods: dict[str, list[str]] = defaultdict(list)
    for (household, period), due in owed(fund).items():
        if (rest := due - received[fund, household, period]) > 0:
            expected[household] += rest
            periods[household].append(period)
    shown = ask("arrears", "--fund", fund, "--as-of", AS_OF)["rows"]
    assert {row["member"]: row["amount"] for row in shown} == expected
    assert {row["member"]: row["periods"] for row in shown} == periods


def test_a_part_of_the_yearly_due_is_not_the_due(ask: Ask) -> None:
    """The records' own software overwrote the due with what was paid and called it settled: 10.000 of 50.000."""
    parts = [
        row["kk"].lower()
        for row in rows("dues_payments_rt07_2026.csv")
        if (row["kode_tarif"], row["tagihan"], row["dibayar"], row["status"]) == ("TR004", "10000", "10000", "Lunas")
    ]
    household = next(kk for kk in parts if paid()["iuran-17an", kk, "2026"] == 10_000)
    (cell,) = (
        row
        for row in ask("contributions", "--fund", "iuran-17an", "--year", "2026")["rows"]
        if row["member"] == household
    )
    assert (cell["period"], cell["amount"]) == ("2026", 10_000)
    (open_,) = (row for row in ask("arrears", "--fund", "iuran-17an")["rows"] if row["member"] == household)
    assert (open_["periods"], open_["amount"]) == (["2026"], 40_000)
    notes = ask("member", "card", household, "--org", "rt-07", "--as-of", AS_OF)["notes"]
    assert "Iuran 17an: Rp40,000 still open for 2026." in notes


def test_every_household_s_card_says_up_to_when_it_is_paid(ask: Ask) -> None:
    """One sentence per due: the last month before the first one open, however far ahead was paid, and what is open."""
    received = paid()
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    exempt = {row["kk"].lower() for row in rows("dues_exemptions_rt07.csv")}
    for household in (f"kk{number:03d}" for number in range(1, 41)):
        if household in exempt:
            continue
        notes = ask("member", "card", household, "--org", "rt-07", "--as-of", AS_OF)["notes"]
        for fund, name in (("iuran-wajib", "Iuran Wajib"), ("iuran-sosial", "Iuran Sosial")):
            settled = 0
            while settled < 12 and received[fund, household, months[settled]]:
                settled += 1
            missing = [month for month in months[:3] if not received[fund, household, month]]
            told = [f"paid up to {month_name[settled]} 2026"] if settled else []
            if missing:
                since = "for" if len(missing) == 1 else "since"
                told.append(f"Rp{5 * len(missing)},000 still open {since} {month_name[int(missing[0][5:])]} 2026")
            assert f"{name}: {'; '.join(told)}." in notes


# The sub-ledger


def test_the_sub_ledger_comes_to_its_published_totals(ask: Ask) -> None:
    # The source books its opening balance as money in; our reports tell it apart.
    rows = ask("balance", "--org", "rt-07")["rows"]
    shown = {row["fund"]: (row["opening"] + row["in"], row["out"]) for row in rows}
    assert shown["iuran-sosial"] == (3_889_000, 300_000)
    assert shown["iuran-wajib"] == (450_000, 0)
    assert shown["iuran-17an"] == (435_000, 0)
    assert shown["setoran-jimpitan"] == (116_500, 0)


def test_the_sub_ledger_agrees_month_by_month(ask: Ask) -> None:
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows("subledger_rt07_2026-q1.csv"):
        fund = (MONTHLY | YEARLY).get(row["kode_pos"], "setoran-jimpitan")
        flows = expected[row["tanggal"][:7], fund]
        flows[0] += int(row["masuk"])
        flows[1] += int(row["keluar"])
    carried: dict[str, int] = defaultdict(int)
    for month in ("2026-01", "2026-02", "2026-03"):
        for row in ask("balance", "--org", "rt-07", "--month", month)["rows"]:
            fund = row["fund"]
            # An opening balance of the month stands in what it begins with, and the source books it as money in.
            came = row["opening"] - carried[fund] + row["in"]
            assert [came, row["out"]] == expected[month, fund]
            carried[fund] = row["balance"]


def test_the_sick_were_helped_twice(ask: Ask) -> None:
    helped = ask("disbursements", "--org", "rt-07")["rows"]
    assert [(row["date"], row["amount"]) for row in helped] == [("2026-01-28", 150_000), ("2026-02-02", 150_000)]


@every_program
def test_another_program_re_adds_the_whole_book(book: Path, tmp_path: Path, program: type[Oracle]) -> None:
    """What is in every place at the end of every month, and what each household paid in it."""
    with open_book(book) as opened:
        span = opened.query.span_of_entries()
        assert span.start and span.end
        days = [day for day in days_of(span) if (day + timedelta(days=1)).day == 1] + [span.end]
        agree(program, opened, tmp_path / "whole", days)
        agree(program, opened, tmp_path / "quarter", [day for day in days if day.year == 2026], Span.year(2026))
