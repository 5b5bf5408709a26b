"""A year of real records as the papers a neighbourhood hands over: cash book, yearly report, the text for the group's chat.

What is expected is added up from the CSV files with nothing but Python's csv module.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tests.acceptance.conftest import Ask
from tests.acceptance.rt07 import DATA
from wksbm_cli.cli.main import run

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real records are not at {DATA}")
YEAR = ("--year", "2025")


def records(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def nights() -> Iterator[tuple[str, str, int]]:
    """Night, collector and rupiah of every row, those before 2025 too."""
    for row in records("jimpitan_rt07_2024-11_2025-12.csv"):
        yield row["tanggal"], row["petugas"].lower(), int(row["nominal"])


@pytest.fixture
def paper(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A report in Indonesian as it is written to a file."""
    monkeypatch.setenv("WKSBM_NOW", "2026-03-31T20:00:00+07:00")
    monkeypatch.chdir(tmp_path)

    def write(*words: str, format_: str) -> str:
        path = tmp_path / "paper"
        assert run(["--book", str(book), "--lang", "id", *words, "--format", format_, "--output", str(path)]) == 0
        return path.read_text(encoding="utf-8")

    yield write


def rupiah(text: str) -> int:
    return int(text.replace("Rp", "").replace(".", "")) if text else 0


def test_the_cash_book_has_every_night_s_money_once(ask: Ask) -> None:
    """A line for each night and collector, none for a round on which nobody gave anything."""
    expected: Counter[tuple[str, str]] = Counter()
    for night, collector, nominal in nights():
        if night.startswith("2025"):
            expected[night, collector] += nominal
    report = ask("cashbook", "jimpitan", *YEAR)
    told: Counter[tuple[str, str]] = Counter()
    for row in report["rows"]:
        told[row["date"], row["place"]] += row["in"]
    assert told == +expected
    opening = sum(nominal for night, _, nominal in nights() if night < "2025")
    assert report["totals"] == [
        {
            "unit": "IDR",
            "opening": opening,
            "in": sum(expected.values()),
            "out": 0,
            "balance": opening + sum(expected.values()),
        }
    ]
    assert report["rows"][0]["balance"] == opening + report["rows"][0]["in"]
    for before, after in pairwise(report["rows"]):
        assert after["balance"] == before["balance"] + after["in"]


def test_the_cash_book_on_paper_carries_its_sums_from_page_to_page(paper) -> None:  # type: ignore[no-untyped-def]
    page = paper("cashbook", "jimpitan", *YEAR, format_="html")
    sheets = [
        [
            (look, re.findall(r"<td[^>]*>(.*?)</td>", row))
            for look, row in re.findall(r'<tr(?: class="(\w+)")?>(.*?)</tr>', body)
        ]
        for body in re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    ]
    money, vouchers = 0, []
    assert len(sheets) >= 9
    for sheet in sheets:
        lines = [cells for look, cells in sheet if look != "carried"]
        assert len(lines) >= 33 or sheet is sheets[-1], "a sheet that is not full"
        carried = [cells for look, cells in sheet if look == "carried"]
        if sheet is not sheets[0]:
            assert rupiah(carried.pop(0)[4]) == money
        money += sum(rupiah(cells[4]) for cells in lines)
        vouchers += [cells[3] for cells in lines if cells[3]]
        assert [rupiah(cells[4]) for cells in carried] == ([money] if sheet is not sheets[-1] else [])
    assert money == sum(nominal for night, _, nominal in nights() if night.startswith("2025"))
    assert len(set(vouchers)) == len(vouchers) > 300, "each by its id: nothing is closed yet"


def test_the_yearly_report_has_the_published_total_of_each_month(ask: Ask) -> None:
    published = {row["bulan"]: int(row["total_rupiah"]) for row in records("jimpitan_rt07_monthly_totals.csv")}
    report = ask("annual", "--fund", "ronda/jimpitan", *YEAR)
    told = {row["month"]: row["amount"] for row in report["rows"] if row["section"] == "receipt"}
    assert told == {month: total for month, total in published.items() if month.startswith("2025")}
    before = sum(total for month, total in published.items() if month < "2025")
    (total,) = report["totals"]
    assert (total["opening"], total["out"]) == (before, 0)
    assert total["closing"] == sum(published.values())
    # Where it is: in the hands of each collector, who never handed it over in these records.
    hands: Counter[str] = Counter()
    for _, collector, nominal in nights():
        hands[collector] += nominal
    places = {row["detail"]: row["amount"] for row in report["rows"] if row["section"] == "place"}
    assert places == +hands


def test_the_yearly_report_of_the_dues_comes_to_the_sub_ledger_s_totals(ask: Ask) -> None:
    """Opening and receipts together are what the records call received; of the social fund two visits to the sick went out."""
    report = ask("annual", "--org", "rt-07", "--from", "2026-01-01", "--to", "2026-03-31")
    sums: Counter[tuple[str, str]] = Counter()
    for row in report["rows"]:
        sums[row["fund"], row["section"]] += row["amount"]
    received = {
        fund: sums[fund, "opening"] + sums[fund, "receipt"]
        for fund in ("iuran-sosial", "iuran-wajib", "iuran-17an", "setoran-jimpitan")
    }
    assert received == {
        "iuran-sosial": 3_889_000,
        "iuran-wajib": 450_000,
        "iuran-17an": 435_000,
        "setoran-jimpitan": 116_500,
    }
    assert {fund: minor for (fund, section), minor in sums.items() if section == "payment"} == {"iuran-sosial": 300_000}
    months = {
        row["month"]: row["amount"]
        for row in report["rows"]
        if row["fund"] == "iuran-wajib" and row["section"] == "receipt"
    }
    paid: Counter[str] = Counter()
    for row in records("dues_payments_rt07_2026.csv"):
        if row["kode_tarif"] == "TR002":
            paid[row["tgl_bayar"][:7]] += int(row["dibayar"])
    assert months == paid


def test_the_text_for_the_chat_tells_each_month_and_breaks_no_line(paper) -> None:  # type: ignore[no-untyped-def]
    published = {row["bulan"]: int(row["total_rupiah"]) for row in records("jimpitan_rt07_monthly_totals.csv")}
    text = paper("annual", "--fund", "ronda/jimpitan", *YEAR, format_="whatsapp")
    for line in text.splitlines():
        assert len(line) <= 36 or "wksbm" in line
    told = re.findall(r"^Jimpitan (\w+) 2025: Rp([\d.]+)$", text, re.MULTILINE)
    names = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ]
    assert [(name, rupiah(amount)) for name, amount in told] == [
        (name, published[f"{date(2025, number, 1):%Y-%m}"]) for number, name in enumerate(names, 1)
    ]
    assert f"Rp{sum(published.values()):,}".replace(",", ".") in text


def test_the_supervisor_s_report_rolls_both_organisations_up(ask: Ask) -> None:
    report = ask("supervisor", "--from", "2024-11-01", "--to", "2026-03-31")
    given = {
        (row["organisation"], row["item"]): row["amount"] for row in report["rows"] if row["section"] == "receipts"
    }
    assert given["ronda", "contributions"] == sum(nominal for _, _, nominal in nights())
    assert given["rt-07", "contributions"] == sum(int(row["dibayar"]) for row in records("dues_payments_rt07_2026.csv"))
    took_part = {row["organisation"]: row["count"] for row in report["rows"] if row["item"] == "contributed"}
    assert took_part["rt-07"] == len({row["kk"] for row in records("dues_payments_rt07_2026.csv")})
    (total,) = report["totals"]
    assert total["opening"] + total["in"] - total["out"] == total["closing"]
    # Two visits to the sick went to who is recorded as one: no count of it.
    assert [(row["people"], row["count"]) for row in report["rows"] if row["section"] == "help"] == [(None, None)]
