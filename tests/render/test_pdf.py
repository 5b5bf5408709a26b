"""Papers as PDF: the page on A4, the same bytes for the same report, nothing fetched; and what is said where it cannot be made."""

from __future__ import annotations

import io
import sys

import pytest

from tests.conftest import Typist
from tests.printing import need_pdf

need_pdf()

from pypdf import PdfReader  # noqa: E402


def read(book: Typist, *words: str, lang: str = "en") -> PdfReader:
    path = book.folder / "paper.pdf"
    book.must(*words, "--output", str(path), lang=lang)
    return PdfReader(io.BytesIO(path.read_bytes()))


@pytest.fixture
def kept(book: Typist) -> Typist:
    book.must("opening", "kas-sosial", "750rb", "--date", "2024-12-01")
    book.must("contribute", "kas-sosial", "budi", "5000")
    return book


def test_the_ending_of_a_file_asks_for_it(kept: Typist) -> None:
    for ending in ("pdf", "PDF"):
        kept.must("balance", "--output", f"saldo.{ending}")
        assert (kept.folder / f"saldo.{ending}").read_bytes().startswith(b"%PDF")
    pdf = read(kept, "balance", "--fund", "kas-sosial")
    assert pdf.metadata is not None
    assert (pdf.metadata.title or "").startswith("Balances · Kas Sosial")
    text = pdf.pages[0].extract_text()
    assert "Rp755,000" in text
    assert "Page 1 of 1" in text
    size = pdf.pages[0].mediabox
    assert (round(size.width), round(size.height)) == (595, 842)


def test_pages_are_numbered_and_the_head_of_a_table_repeated(kept: Typist) -> None:
    for day in range(1, 29):
        for month in ("01", "02", "03"):
            kept.must("donate", "kas-sosial", "1000", "--from", f"Pak {day}", "--date", f"2025-{month}-{day:02}")
    pdf = read(kept, "buku-kas", "kas-sosial", lang="id")
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) >= 3
    for number, text in enumerate(texts, 1):
        assert f"Halaman {number} dari {len(texts)}" in text
        assert "Uraian" in text


def test_a_wide_matrix_lies_on_its_side(kept: Typist) -> None:
    for month in range(1, 13):
        kept.must("contribute", "kas-sosial", "tini", "5000", "--for", f"2026-{month:02}")
    size = read(kept, "contributions", "--fund", "kas-sosial", "--year", "2026").pages[0].mediabox
    assert size.width > size.height


def test_the_same_report_gives_the_same_bytes_and_no_clock(kept: Typist) -> None:
    written = []
    for hour in (19, 21):
        kept.clock(f"2026-03-09T{hour}:00:00+07:00")
        pdf = read(kept, "summary", "--month", "2026-02")
        assert pdf.metadata is not None
        assert pdf.metadata.creation_date is None
        written.append((kept.folder / "paper.pdf").read_bytes())
    assert written[0] == written[1]


def test_nothing_is_fetched() -> None:
    from wksbm_cli.render.pdf import _fetch_nothing

    with pytest.raises(ValueError, match="example"):
        _fetch_nothing("https://example.org/x.css")


def test_where_it_is_not_installed(kept: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.delitem(sys.modules, "wksbm_cli.render.pdf", raising=False)
    answer = kept("balance", "--output", "a.pdf")
    assert answer.code == 2
    assert 'pip install "wksbm-cli[pdf]"' in answer.err
    assert "--format html --output FILE.html" in answer.err
    assert not (kept.folder / "a.pdf").exists()
    kept.must("balance", "--format", "html", "--output", "a.html")  # as the hint says


def test_where_the_libraries_of_the_system_are_missing(kept: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name == "wksbm_cli.render.pdf" or name.startswith("weasyprint")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    answer = kept("balance", "--output", "a.pdf")
    assert answer.code == 4
    assert "libpangoft2-1.0-0" in answer.err
    assert not (kept.folder / "a.pdf").exists()
