"""Every report of the example book in every format and both languages, as files to be read.

After a deliberate change: `WKSBM_UPDATE_SNAPSHOTS=1 pytest tests/render/test_snapshots.py`, and read the diff.
"""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from wksbm_cli.cli.main import run
from wksbm_cli.render.formats import FORMATS

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = os.environ.get("WKSBM_UPDATE_SNAPSHOTS")

REPORTS = {
    "balance": "balance",
    "balance-by-place": "balance --by place --org rt-05",
    "cashbook": "cashbook kas-sosial --month 2026-01",
    "contributions": "contributions --year 2025 --fund kas-sosial",
    "arrears": "arrears --org rt-05",
    "disbursements": "disbursements --year 2025 --org rt-05",
    "summary": "summary --month 2026-01 --org rt-05",
    "card": "member card kk-06 --org rt-05",
    "receipt": "receipt 6dbe2048",
    "receipt-of-help": "receipt 264fa322",
    "receipt-cancelled": "receipt 326fc50c",
    "annual": "annual --year 2025 --org rt-05",
    "isak": "annual --year 2025 --isak",
    "supervisor": "supervisor --year 2025",
    "arisan": "arisan status arisan",
    "loans": "loans usaha-produktif",
    "savings": "savings usaha-produktif",
    "surplus": "surplus usaha-produktif --year 2025",
    "nights": "collect status jimpitan --month 2026-01",
    "death": "death assess dana-kematian 2026-01-21-kk-06",
}
# Whether a page can be short or has charts is seen in two formats as well as in all.
VARIANTS = {
    ("summary-short", "whatsapp"): "summary --month 2026-01 --short",
    ("summary-short", "text"): "summary --month 2026-01 --short",
    ("summary-chart", "table"): "summary --month 2026-01 --org rt-05 --chart",
    ("disbursements-codes", "whatsapp"): "disbursements --year 2025 --org rt-05 --privacy codes",
    ("disbursements-full", "table"): "disbursements --year 2025 --org rt-05 --privacy full",
}
CASES = {
    (name, format_): words for name, words in REPORTS.items() for format_ in FORMATS if format_ != "pdf"
} | VARIANTS
ENDINGS = {"markdown": "md", "csv": "csv", "json": "json", "html": "html"}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example book, so that its index is made here and not in the repository."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(ROOT / "ledgers", folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    return folder


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("name", "format_"), CASES)
def test_a_report_looks_as_it_did(
    name: str, format_: str, language: str, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example)
    monkeypatch.setenv("WKSBM_NOW", "2026-03-01T19:00:00+07:00")
    monkeypatch.delenv("WKSBM_BOOK", raising=False)
    written = tmp_path / "report"
    words = [*CASES[name, format_].split(), "--format", format_, "--output", str(written)]
    assert run(["--lang", language, *words]) == 0
    page = _cells(written) if format_ == "xlsx" else written.read_text(encoding="utf-8")
    if format_ == "html":
        page = re.sub(r"<style>.*</style>", "<style></style>", page, flags=re.DOTALL)
    snapshot = SNAPSHOTS / language / f"{name}.{format_}.{ENDINGS.get(format_, 'txt')}"
    if UPDATE:
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        snapshot.write_text(page, encoding="utf-8")
    assert page == snapshot.read_text(encoding="utf-8"), "if it is to look so: see the first lines of this file"


def test_no_snapshot_is_of_a_report_that_is_no_more() -> None:
    kept = {path.relative_to(SNAPSHOTS) for path in SNAPSHOTS.rglob("*.*")}
    made = {
        Path(language) / f"{name}.{format_}.{ENDINGS.get(format_, 'txt')}"
        for name, format_ in CASES
        for language in ("id", "en")
    }
    assert kept == made


def _cells(workbook: Path) -> str:
    """A spreadsheet as text: each sheet, each row, its cells with the kind that the file says they are."""
    spaces = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(workbook) as archive:
        sheets = [each.attrib["name"] for each in _part(archive, "workbook").iterfind("sheets/sheet", spaces)]
        strings = ["".join(each.itertext()) for each in _part(archive, "sharedStrings")]
        lines = []
        for number, title in enumerate(sheets, 1):
            lines.append(f"== {title}")
            for row in _part(archive, f"worksheets/sheet{number}").iterfind("sheetData/row", spaces):
                cells = []
                for cell in row:
                    value = cell.findtext("v", "", spaces)
                    cells.append(f"“{strings[int(value)]}”" if cell.get("t") == "s" else value)
                lines.append(" | ".join(cells))
    return "\n".join(lines) + "\n"


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(f"xl/{name}.xml"))
