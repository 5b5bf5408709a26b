"""The README and the guides say what the program says: every command on them is typed, every answer compared."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.scripts import ROOT
from tests.transcript import UPDATE, performed

SETTING = "---\nclock: 2026-01-31T20:00:00+07:00\nby: ratna\nlang: {lang}\n---\n"
PAGES = {
    "README.md": "en",
    "docs/first-month.md": "en",
    "docs/id/mulai.md": "id",
    "docs/trust.md": "en",
    "docs/id/kepercayaan.md": "id",
    "docs/cron.md": "en",
    "docs/id/cron.md": "id",
    "docs/funds.md": "en",
    "docs/id/dana.md": "id",
    "docs/from-excel.md": "en",
    "docs/id/dari-excel.md": "id",
    "docs/from-notebook.md": "en",
    "docs/id/dari-buku-tulis.md": "id",
    "docs/reports.md": "en",
    "docs/id/laporan.md": "id",
}


@pytest.mark.parametrize(("page", "lang"), PAGES.items())
def test_a_page_says_what_the_program_says(
    page: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ROOT / page
    written = path.read_text(encoding="utf-8")
    setting = SETTING.format(lang=lang)
    now = performed(setting + written, tmp_path, monkeypatch).removeprefix(setting)
    if os.environ.get(UPDATE):
        path.write_text(now, encoding="utf-8")
    else:
        assert now == written, f"after a deliberate change: {UPDATE}=1 pytest {Path(__file__).name}, and read the diff"


def test_links_lead_to_files() -> None:
    """Every relative link of every page of the documentation."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]
    assert len(pages) > len(PAGES)
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
