"""The HTML page as a browser shows it: nothing overflows on a phone of 360 points or on A4, and it is drawn at all.

Chromium (Debian: `chromium`) runs with these flags: `--headless`, no window; `--no-sandbox`, needed as root and in
containers, where nothing but our own page is opened; `--disable-gpu`, none is there; `--no-pdf-header-footer`, the page alone.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.render.formats import FORMATS
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Chart, Column, Report, Series, Signature, Signing, Table

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")

PHONE = 360
# A4 in points of CSS (96 to an inch), less the margins of 14 mm.
UPRIGHT, ACROSS = round((210 - 28) / 25.4 * 96), round((297 - 28) / 25.4 * 96)

# Of each frame: what sticks out of the page to the right, and what is cut off or must be scrolled inside of it.
MEASURE = """
document.body.dataset.measured = JSON.stringify([...document.querySelectorAll('iframe')].map(frame => {
    const page = frame.contentDocument, root = page.documentElement;
    const out = [...page.querySelectorAll('body *')].filter(
        e => e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > root.clientWidth + 0.5
            || e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && getComputedStyle(e).display != 'inline');
    const told = out.map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40));
    return root.scrollWidth > root.clientWidth ? [...told, 'the page itself'] : told;
}));
"""


def chromium(*flags: str) -> str:
    assert BROWSER is not None
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", *flags],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


def overflowing(frames: list[tuple[str, int]], folder: Path) -> list[list[str]]:
    """What does not fit, for each page and the width it has."""
    tags = "".join(
        f'<iframe style="border:0;width:{width}px;height:400px" srcdoc="{html.escape(page)}"></iframe>'
        for page, width in frames
    )
    path = folder / "frames.html"
    path.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{tags}<script>onload=()=>{{{MEASURE}}}</script>", encoding="utf-8"
    )
    found = re.search(r'data-measured="([^"]*)"', chromium("--dump-dom", path.as_uri()))
    assert found is not None, "the pages were not measured"
    measured: list[list[str]] = json.loads(html.unescape(found[1]))
    assert len(measured) == len(frames)
    return measured


def as_printed(page: str) -> tuple[str, int]:
    """A page as a printer sees it, the rules for print always and those for a screen never, and the width it has."""
    printed = page.replace("@media print", "@media all").replace("@media screen", "@media not all")
    return printed, ACROSS if "size:A4 landscape" in page else UPRIGHT


LONG = "Perbaikan atap rumah yang rusak karena angin di wilayah RT 07 sebelah timur lapangan"


def matrix(months: int) -> Report:
    keys = [f"{2025 + number // 12}-{number % 12 + 1:02d}" for number in range(months)]
    columns = (
        Column("member", msg("Member")),
        Column("name", msg("Name")),
        *(Column(key, msg("{key}", key=key), "period") for key in keys),
        Column("sum", msg("Total"), "figure"),
    )
    row = {key: Amount(15_000, IDR) for key in keys}
    rows = tuple(
        {"member": f"kk-{number:03d}", "name": "Raden Mas Suryokusumo Hadiningrat", **row, "sum": Amount(180_000, IDR)}
        for number in range(45)
    )
    sums = {key: Amount(12_675_000, IDR) for key in keys}
    table = Table(columns, rows, ({"member": msg("Total"), **sums, "sum": Amount(999_675_000, IDR)},), key_columns=2)
    return Report("matrix", msg("Contributions"), LONG, Span.year(2025), table, (table,))


def cash_book() -> Report:
    columns = (
        Column("no", msg("No."), "count"),
        Column("date", msg("Date"), "date"),
        Column("description", msg("Description")),
        Column("id", msg("Id"), "code"),
        *(Column(key, msg("{key}", key=key.title()), "amount") for key in ("in", "out", "balance")),
    )
    rows = tuple(
        {
            "no": number,
            "date": date(2026, 2, 3),
            "description": LONG if number % 2 else "x" * 90,
            "id": "3f9a0c17",
            "in": Amount(123_456_789_012, IDR),
            "out": None,
            "balance": Amount(-999_999_999_999, IDR),
        }
        for number in range(1, 60)
    )
    table = Table(columns, rows, ({"description": msg("Total"), "balance": Amount(-999_999_999_999, IDR)},))
    months = tuple(date(2025, month, 1) for month in range(1, 13))
    charts = (
        Chart(msg("{t}", t=LONG), IDR, months, (Series(msg("Balance"), tuple(range(0, 12_000_000, 1_000_000))),)),
        Chart(
            msg("{t}", t="Iuran"), IDR, months, (Series(msg("paid"), (-500,) * 12), Series(msg("due"), (10**11,) * 12))
        ),
    )
    signing = Signing(
        msg("Salatiga, 31 Desember 2026"),
        (Signature(msg("Chair"), "Joko Prasetyo"), Signature(msg("Treasurer"), "Siti Nur Aminah Rahmawati")),
        (Signature(msg("Acknowledged")),),
    )
    seal = {
        "text": "wksbm2 "
        + "+".join(["rt-07/kas-sosial"] * 9)
        + " 42 2026-03-01T19:00:00+07:00 "
        + "4f2a1b3c-" * 5
        + " 2026-02-28 "
        + "4f2a1b3c-" * 5
    }
    notes = (msg("{t}", t=LONG),)
    return Report(
        *("book", msg("Cash book"), LONG, Span.month(2026, 2), table, (table,)),
        notes=notes,
        charts=charts,
        signing=signing,
        seal=seal,
    )


def lists() -> Report:
    columns = (
        Column("what", msg("{t}", t="RT 07 Sumber Rahayu · Kas Sosial")),
        Column("amount", msg("Amount"), "amount"),
    )
    table = Table(columns, tuple({"what": LONG, "amount": Amount(123_456_789, IDR)} for _ in range(4)))
    return Report("lists", msg("Summary"), "Buku", Span.month(2026, 2), table, (table,) * 5)


PAGES: dict[str, Callable[[], Report]] = {
    "a year of members by months": lambda: matrix(12),
    "two years": lambda: matrix(24),
    "a cash book": cash_book,
    "lists": lists,
}


def written(report: Report) -> str:
    rendered = FORMATS["html"].render(report, Language("id"))
    assert isinstance(rendered, str)
    return rendered


def test_nothing_overflows_on_a_phone_or_on_a4(tmp_path: Path) -> None:
    pages = {name: written(make()) for name, make in PAGES.items()}
    cases = {f"{name}, on a phone": (page, PHONE) for name, page in pages.items()}
    cases |= {f"{name}, on A4": as_printed(page) for name, page in pages.items()}
    # The measure itself: the same page with a table that cannot be narrower.
    cases["broken"] = pages["lists"].replace("</style>", "table{min-width:500px}</style>"), PHONE
    found = dict(zip(cases, overflowing(list(cases.values()), tmp_path), strict=True))
    assert found.pop("broken")
    assert {name: out for name, out in found.items() if out} == {}


@pytest.mark.parametrize(("name", "sides"), [("a cash book", (595, 842)), ("two years", (842, 595))])
def test_it_prints_on_a4(name: str, sides: tuple[int, int], tmp_path: Path) -> None:
    source, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_text(written(PAGES[name]()), encoding="utf-8")
    chromium("--no-pdf-header-footer", f"--print-to-pdf={paper}", source.as_uri())
    boxes = [tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]*)\]", paper.read_bytes())]
    assert {(round(right), round(top)) for _, _, right, top in boxes} == {sides}


def test_it_is_drawn_with_its_charts(tmp_path: Path) -> None:
    page = written(cash_book())
    assert page.count("<rect") == 36
    source, picture = tmp_path / "page.html", tmp_path / "page.png"
    source.write_text(page, encoding="utf-8")
    chromium("--hide-scrollbars", "--window-size=900,1200", f"--screenshot={picture}", source.as_uri())
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG") and struct.unpack(">II", data[16:24]) == (900, 1200)
