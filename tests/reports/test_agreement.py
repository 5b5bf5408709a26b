"""One opening, one closing: what the reports tell of one period is the same in each of them, in every format."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.conftest import Typist
from tests.reports.books import drawn, spans
from wksbm_cli import Span
from wksbm_cli.reports.annual import annual
from wksbm_cli.reports.balance import balance, balance_by_place
from wksbm_cli.reports.cashbook import cashbook
from wksbm_cli.reports.isak import isak
from wksbm_cli.reports.summary import summary
from wksbm_cli.reports.supervisor import supervisor

FIGURES = ("opening", "in", "out", "closing")
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")


@pytest.fixture(params=["open", "closed"])
def told(book: Typist, request: pytest.FixtureRequest) -> Typist:
    """A book that begins within January, an opening that was a slip and one that is cancelled months later, and dues
    cancelled in their own month and in another; once with every month closed when it is over."""
    book.clock("2026-04-30T19:00:00+07:00")

    def over(month: str) -> None:
        if request.param == "closed":
            book.must("close", month)

    def typed(day: str, *words: str) -> str:
        return book.must(*words, "--date", f"2026-{day}").out[:8]

    typed("01-10", "opening", "kas-sosial", "2.909.000")
    slip = typed("01-10", "opening", "kas-sosial", "290.000", "--place", "bank")
    typed("01-11", "reverse", slip, "--reason", "salah ketik")
    wrong = typed("01-12", "opening", "donasi", "500rb")
    typed("01-15", "contribute", "kas-sosial", "budi", "5000")
    late = typed("01-16", "contribute", "kas-sosial", "tini", "5000")
    over("2026-01")
    own = typed("02-09", "contribute", "kas-sosial", "budi", "5000")
    typed("02-10", "reverse", own, "--reason", "dua kali")
    typed("02-10", "reverse", late, "--reason", "belum bayar")
    typed("02-11", "transfer", "kas-sosial", "donasi", "100rb", "--reason", "santunan")
    over("2026-02")
    typed("03-01", "reverse", wrong, "--reason", "milik dana lain")
    typed("03-02", "donate", "donasi", "450rb", "--from", "Hamba Allah")
    typed("03-28", "disburse", "donasi", "50rb", "--to", "Bu Karsini", "--for", "Besuk")
    over("2026-03")
    return book


def rupiah(rows: list[dict[str, Any]]) -> dict[str, int]:
    (total,) = (row for row in rows if row["unit"] == "IDR")
    return {key: total[key] for key in ("opening", "in", "out")} | {
        "closing": total.get("closing", total.get("balance"))
    }


def agreed(book: Typist, *period: str) -> dict[str, int]:
    """The figures of a period in rupiah, by summary, balance (of funds and of places), cash books, LPJ, supervisor and
    ISAK; what was recorded and cancelled within the period stands on both sides of the first, on neither of the last."""

    def ask(*words: str) -> dict[str, Any]:
        answer: dict[str, Any] = book.must(*words, *period, "--format", "json").json
        return answer

    of_summary = rupiah(ask("summary")["totals"])
    assert rupiah(ask("balance")["totals"]) == of_summary
    by_place = rupiah(ask("balance", "--by", "place")["totals"])
    assert (by_place["opening"], by_place["closing"]) == (of_summary["opening"], of_summary["closing"])
    books = [ask("cashbook", fund) for fund in ("kas-sosial", "donasi")]
    for made in books:
        (whole,) = made["totals"]
        assert sum(row["in"] or 0 for row in made["rows"]) == whole["in"]
        assert sum(row["out"] or 0 for row in made["rows"]) == whole["out"]
    assert {key: sum(rupiah(made["totals"])[key] for made in books) for key in FIGURES} == of_summary
    report = ask("annual")
    of_lpj = rupiah(report["totals"])
    cancelled = of_summary["in"] - of_lpj["in"]
    assert of_summary == {**of_lpj, "in": of_lpj["in"] + cancelled, "out": of_lpj["out"] + cancelled}
    of_supervisor = rupiah(ask("supervisor")["totals"])
    within = sum(row["amount"] for row in report["rows"] if row["kind"] == "transfer" and row["section"] == "receipt")
    assert of_lpj == {**of_supervisor, "in": of_supervisor["in"] + within, "out": of_supervisor["out"] + within}
    of_isak = {(row["statement"], row["item"]): row["total"] for row in ask("annual", "--isak")["rows"]}
    assert of_isak["cash", "cash-beginning"] == of_summary["opening"]
    assert of_isak["cash", "cash-end"] == of_summary["closing"]
    assert of_isak["cash", "change"] == of_summary["in"] - of_summary["out"]
    assert of_isak["net-assets", "end"] == of_isak["position", "net-assets"] == of_summary["closing"]
    return {**of_summary, "cancelled": cancelled}


def test_a_month_is_told_alike_in_every_report(told: Typist) -> None:
    january, february, march, april = (agreed(told, "--month", month) for month in MONTHS)
    assert january == {"opening": 3_409_000, "in": 300_000, "out": 290_000, "closing": 3_419_000, "cancelled": 290_000}
    assert february == {"opening": 3_419_000, "in": 105_000, "out": 110_000, "closing": 3_414_000, "cancelled": 5_000}
    assert march == {"opening": 3_414_000, "in": 450_000, "out": 550_000, "closing": 3_314_000, "cancelled": 0}
    assert april == {"opening": 3_314_000, "in": 0, "out": 0, "closing": 3_314_000, "cancelled": 0}
    year = agreed(told, "--year", "2026")
    assert (year["opening"], year["closing"]) == (2_909_000, 3_314_000)


REPORTS = ("summary", "balance", "cashbook", "annual", "supervisor", "annual --isak")
PAGES = ("table", "text", "whatsapp", "markdown", "html", "xlsx")


def asking(report: str, period: tuple[str, ...]) -> tuple[str, ...]:
    """A report about one fund."""
    which = ("kas-sosial",) if report == "cashbook" else ("--fund", "kas-sosial")
    command, *options = report.split()
    return command, *which, *options, *period


def numbers_on(book: Typist, words: tuple[str, ...], format_: str) -> list[int]:
    """Every number of a page, in the order in which it is read."""
    if format_ == "xlsx":
        book.must(*words, "--format", "xlsx", "--output", "page.xlsx")
        cells = (cell for sheet in load_workbook(book.folder / "page.xlsx") for row in sheet.values for cell in row)
        return [int(cell) for cell in cells if isinstance(cell, int | float)]
    page = book.must(*words, "--format", format_).out
    text = html.unescape(re.sub(r"<(style|svg|script).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))
    return [int(re.sub("[^0-9-]", "", told)) for told in re.findall(r"(?<![\w-])-?(?:Rp)?\d[\d,]*", text)]


def run_of(figures: list[int], numbers: list[int]) -> bool:
    """Whether the figures are read on a page one straight after the other."""
    return any(numbers[at : at + len(figures)] == figures for at in range(len(numbers)))


def in_order(figures: list[int], numbers: list[int]) -> bool:
    """Whether the figures are read on a page one after the other, with others between them."""
    rest = iter(numbers)
    return all(figure in rest for figure in figures)


@pytest.mark.parametrize("report", REPORTS)
def test_every_format_tells_the_same_figures(told: Typist, report: str) -> None:
    """Opening, what came in and went out, and closing of one fund, as every page and file has them."""
    for period in (*(("--month", month) for month in MONTHS), ("--year", "2026")):
        check_formats(told, report, period)


def check_formats(told: Typist, report: str, period: tuple[str, ...]) -> None:
    words = asking(report, period)
    given = told.must(*words, "--format", "json").json
    rows = list(csv.DictReader(io.StringIO(told.must(*words, "--format", "csv").out)))
    assert len(rows) == len(given["rows"])
    for shown, row in zip(rows, given["rows"], strict=True):
        for key, value in row.items():
            if type(value) in (int, str):
                assert shown[key] == str(value), (key, row)
    if report == "annual --isak":
        by_item = {row["item"]: row["total"] for row in given["rows"] if row["statement"] == "cash"}
        figures = [by_item["change"], by_item["cash-beginning"], by_item["cash-end"]]
    elif report == "summary":  # of one fund, by kind
        (row,) = given["rows"]
        kinds = [*row["in_by_kind"].values(), *(-minor for minor in row["out_by_kind"].values())]
        figures = [row["opening"], *sorted(kinds), row["closing"]]
    else:
        figures = [*rupiah(given["totals"]).values()]
    for format_ in PAGES:
        numbers = numbers_on(told, words, format_)
        if report in ("balance", "annual"):
            assert run_of(figures, numbers), (period, format_)  # a line of its own, or a block
        elif report == "cashbook":
            assert figures[0] in numbers and run_of(figures[1:], numbers), (period, format_)
        elif report == "summary":
            blocks = [numbers[at : at + len(figures)] for at in range(len(numbers))]
            assert figures in [[*block[:1], *sorted(block[1:-1]), *block[-1:]] for block in blocks], (period, format_)
        else:
            assert in_order(figures, numbers), (period, format_)


def test_a_book_that_begins_has_no_receipt_of_what_was_there(told: Typist) -> None:
    """Seen in the summary of an opening month, whose last block told the opening as income."""
    page = told.must("summary", "--month", "2026-01", "--format", "text").out
    figures = re.findall(r"^Kas Sosial +(Rp.*)$", page, re.MULTILINE)
    assert [each.split() for each in figures] == [["Rp2,909,000", "Rp300,000", "Rp290,000", "Rp2,919,000"]]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_of_any_book_and_days_all_reports_agree(data: st.DataObject) -> None:
    """Fund by fund and unit by unit, of made-up books with every kind of entry."""
    with drawn(data) as book:
        span = Span(*data.draw(spans()))
        query, registers, funds = book.query, book.registers, book.funds()

        def figures(rows: Any, closing: str) -> dict[tuple[str, str], tuple[int, ...]]:
            keys = ("opening", "in", "out", closing)
            made = {
                (f"{row['organisation']}/{row['fund']}", row["unit"]): tuple(row[key].minor for key in keys)
                for row in rows
            }
            return {key: each for key, each in made.items() if any(each)}

        of_summary = figures(summary(query, registers, funds, span).data.rows, "closing")
        assert figures(balance(query, registers, funds, span).data.rows, "balance") == of_summary
        places: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in balance_by_place(query, registers, funds, span).data.rows:
            held = places[f"{row['organisation']}/{row['fund']}", row["unit"]]
            held[0] += row["opening"].minor
            held[1] += row["balance"].minor
        for fund in funds:
            made = cashbook(query, registers, fund, span).data
            for total in made.totals:
                key = fund.slug, total["unit"]
                told = tuple(total[name].minor for name in ("opening", "in", "out", "balance"))
                assert told == of_summary.get(key, (0, 0, 0, 0))
                assert tuple(places[key]) == (told[0], told[3])
                rows = [row for row in made.rows if row["unit"] == total["unit"]]
                assert sum(row["in"].minor for row in rows if row["in"]) == told[1]
                assert sum(row["out"].minor for row in rows if row["out"]) == told[2]
        by_unit = {total["unit"]: total for total in annual(query, registers, funds, span).data.totals}
        for total in supervisor(query, registers, funds, span).data.totals:
            assert total["opening"] == by_unit[total["unit"]]["opening"]
            assert total["closing"] == by_unit[total["unit"]]["closing"]
        cash = {
            (row["statement"], row["item"]): row["total"].minor for row in isak(query, registers, funds, span).data.rows
        }
        money = [held for (_, unit), held in of_summary.items() if unit == "IDR"]
        assert cash["cash", "cash-beginning"] == sum(held[0] for held in money)
        assert cash["cash", "cash-end"] == sum(held[3] for held in money)
        assert cash["net-assets", "end"] == cash["position", "net-assets"]
