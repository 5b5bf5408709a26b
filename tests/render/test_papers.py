"""The papers of the example book as a browser prints them: nothing sticks out, and a page ends where its sums are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.render.test_browser import BROWSER, PHONE, as_printed, chromium, overflowing
from tests.scripts import ROOT
from wksbm_cli.cli.main import run

pytestmark = pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")

PAPERS = {
    "cash book": "cashbook kas-sosial --year 2025",
    "cash book of goods and money": "cashbook jimpitan-beras --year 2025",
    "receipt": "receipt 19c4c02a",
    "voucher": "receipt d6864142",
    "cancelled receipt": "receipt 0954e1da",
    "yearly report": "annual --year 2025",
    "statements": "annual --year 2025 --isak",
    "supervisor's report": "supervisor --year 2025",
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


@pytest.mark.parametrize("name", ["yearly report", "statements", "supervisor's report"])
def test_who_signs_does_so_below_figures(name: str, papers: dict[str, str], tmp_path: Path) -> None:
    """The last table, the notes and the signatures go to a new sheet together, however full the one before it is."""
    page = papers[name]
    end = page[page.index('<div class="end">') : page.index("<footer>")]
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
