"""The papers of the example book as a browser prints them: nothing sticks out, and a page ends where its sums are."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.render.test_browser import BROWSER, PHONE, as_printed, chromium, overflowing
from tests.scripts import ROOT
from wksbm_cli.cli.main import run
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.render.html import render
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Column, Report, Signature, Signing, Table

pytestmark = pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")

PAPERS = {
    "cash book": "cashbook kas-sosial --year 2025",
    "cash book of goods and money": "cashbook jimpitan-beras --year 2025",
    "receipt": "receipt 6dbe2048",
    "voucher": "receipt 264fa322",
    "cancelled receipt": "receipt 326fc50c",
    "yearly report": "annual --year 2025",
    "statements": "annual --year 2025 --isak",
    "supervisor's report": "supervisor --year 2025",
    "sheets of dues": "contributions --year 2025 --org rt-05",
}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each paper in Indonesian, whose words are the longer ones."""
    folder = tmp_path_factory.mktemp("papers")
    shutil.copytree(ROOT / "ledgers", folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    written = {}
    for name, words in PAPERS.items():
        path = folder / "paper.html"
        assert run(["--book", str(folder / "ledgers"), "--lang", "id", *words.split(), "--output", str(path)]) == 0
        written[name] = path.read_text(encoding="utf-8")
    return written


def test_nothing_sticks_out_on_a_phone_or_on_a4(papers: dict[str, str], tmp_path: Path) -> None:
    cases = {f"{name}, on a phone": (page, PHONE) for name, page in papers.items()}
    cases |= {f"{name}, on A4": as_printed(page) for name, page in papers.items()}
    found = dict(zip(cases, overflowing(list(cases.values()), tmp_path), strict=True))
    assert {name: out for name, out in found.items() if out} == {}


def pages(html: str, folder: Path) -> int:
    """On how many sheets a page is printed."""
    source, paper = folder / "page.html", folder / "page.pdf"
    source.write_text(html, encoding="utf-8")
    chromium("--no-pdf-header-footer", f"--print-to-pdf={paper}", source.as_uri())
    return len(re.findall(rb"/Type /Page\b", paper.read_bytes()))


@pytest.mark.parametrize("name", ["receipt", "voucher", "cancelled receipt"])
def test_both_copies_of_a_receipt_are_on_one_sheet(name: str, papers: dict[str, str], tmp_path: Path) -> None:
    assert pages(papers[name], tmp_path) == 1


@pytest.mark.parametrize("name", ["cash book", "cash book of goods and money"])
def test_a_sheet_of_the_cash_book_ends_where_its_sums_are(name: str, papers: dict[str, str], tmp_path: Path) -> None:
    """As many sheets as the page says, each with its carried sums; a sheet too full would spill onto one without."""
    assert pages(papers[name], tmp_path) == papers[name].count("<tbody>")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        *((count, "Iuran sosial") for count in (1, 26, 37, 38, 81)),
        *((count, "Membatalkan iuran sosial Februari yang terketik lima puluh ribu") for count in (21, 26, 50)),
    ],
)
def test_however_many_rows_a_cash_book_has_each_sheet_ends_with_its_sums(count: int, text: str, tmp_path: Path) -> None:
    """Around every number of rows at which a sheet is full, or those who sign have no room any more."""
    page = render(cash_book(count, text), Language("id"))
    assert pages(page, tmp_path) == page.count("<tbody>")
    last = page[page.rindex("<tbody>") : page.rindex("</tbody>")]
    assert last.count("<tr>") >= min(5, count), "those who sign do so below figures"


def cash_book(count: int, text: str) -> Report:
    columns = (
        Column("no", msg("No."), "count"),
        Column("date", msg("Date"), "date"),
        Column("description", msg("Description")),
        Column("voucher", msg("Voucher"), "code"),
        *(Column(key, msg("Balance"), "figure") for key in ("in", "out", "balance")),
    )
    figures = {key: Amount(1_234_500, IDR) for key in ("in", "out", "balance")}
    sums = {"description": msg("Carried over"), **figures}
    rows = tuple(
        {"no": number, "date": date(2026, 2, 3), "description": text, "voucher": f"{number}/3f9a0c17", **figures}
        for number in range(1, count + 1)
    )
    table = Table(columns, rows, (sums,), title=msg("Amount"), carried=(sums,) * count)
    board = (Signature(msg("Chair"), "Joko"), Signature(msg("Treasurer"), "Siti"))
    signing = Signing(msg("Argosekar, 28 Februari 2026"), board, (Signature(msg("Acknowledged by")),))
    seal = {
        "text": "wksbm2 "
        + "+".join(["rt-07/kas-sosial"] * 5)
        + " 42 2026-03-01T19:00:00+07:00 "
        + "4f2a1b3c-" * 5
        + " 2026-02-28 "
        + "4f2a1b3c-" * 5
    }
    return Report(
        "cashbook", msg("Cash book"), "Buku", Span.month(2026, 2), table, (table,), signing=signing, seal=seal
    )


def test_a_year_of_months_and_their_sum_stand_beside_each_other(papers: dict[str, str]) -> None:
    page = papers["sheets of dues"]
    assert page.count("<table") == page.count("<h2>") == 5


@pytest.mark.parametrize("name", ["yearly report", "statements", "supervisor's report"])
def test_who_signs_does_so_below_figures(name: str, papers: dict[str, str], tmp_path: Path) -> None:
    """The last table, the notes and the signatures go to a new sheet together, however full the one before it is."""
    page = papers[name]
    end = page[page.index('<div class="end">') : page.index("<footer")]
    for part in ("</table>", "<li>", '<div class="sign">'):
        assert part in end
    alone = page.replace('<div class="end">', '<div style="height:180mm;background:#ccc"></div><div class="end">')
    assert pages(alone.replace(page[page.index("<header>") : page.index('<div class="end">')], ""), tmp_path) == 2


def test_a_screen_is_spared_what_only_paper_needs(papers: dict[str, str], tmp_path: Path) -> None:
    """The sums carried over, and the second copy: taller only when printed."""
    for name, part in (("cash book", 'class="carried"'), ("receipt", 'class="copy"')):
        assert part in papers[name]
        shown = visible(papers[name], part, tmp_path)
        assert shown == (0 if "carried" in part else 1), name


def visible(html: str, part: str, folder: Path) -> int:
    """How many elements of a class a phone shows."""
    script = f"document.body.dataset.shown=[...document.querySelectorAll('[{part}]')].filter(e=>e.offsetHeight).length"
    path = folder / "shown.html"
    page = re.sub(r"<meta http-equiv[^>]*>", "", html).replace("</body>", f"<script>{script}</script></body>")
    path.write_text(page, encoding="utf-8")
    found = re.search(r'data-shown="(\d+)"', chromium("--window-size=500,900", "--dump-dom", path.as_uri()))
    assert found is not None
    return int(found[1])
