"""`verify FILE.pdf`: what a PDF shows is compared with the book, whatever fonts broke its lines and pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.printing import need_pdf
from tests.seals.test_paper import later

need_pdf()

from pypdf import PdfReader, PdfWriter  # noqa: E402
from pypdf.annotations import FreeText  # noqa: E402
from pypdf.generic import DecodedStreamObject, NameObject  # noqa: E402

REPORTS = (
    ("balance",),
    ("cashbook", "kas-sosial", "--month", "2026-01"),
    ("contributions", "--fund", "kas-sosial", "--year", "2026"),
    ("arrears", "--as-of", "2026-01-31", "--detail"),
    ("summary", "--month", "last"),
    ("annual",),
    ("member", "card", "budi"),
)


@pytest.fixture
def paper(sealed: Typist) -> Callable[..., Path]:
    sealed.clock("2026-03-09T19:00:00+07:00")

    def save(*words: str, lang: str = "en") -> Path:
        path = sealed.folder / "laporan.pdf"
        sealed.must(*words, "--output", str(path), lang=lang)
        return path

    return save


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_pdf_is_verified_whatever_came_since(
    sealed: Typist, paper: Callable[..., Path], words: tuple[str, ...]
) -> None:
    path = paper(*words, lang="id" if words[0] == "summary" else "en")
    for come in (lambda book: None, later):
        come(sealed)
        answer = sealed.must("verify", str(path))
        assert answer.out.startswith("Every figure of the paper is what the book gives.\nVerified: "), answer.out


def test_a_receipt_torn_in_two(sealed: Typist, paper: Callable[..., Path]) -> None:
    entry = sealed.must("cashbook", "kas-sosial", "--format", "json").json["rows"][1]["id"]
    sealed.must("verify", str(paper("receipt", entry)))


def test_other_fonts_break_other_lines_and_pages(
    sealed: Typist, paper: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wksbm_cli.render import html

    for day in range(1, 28):
        sealed.must(
            "income", "kas-sosial", "1000", "--from", f"Toko Sumber Rejeki {day}", "--date", f"2026-02-{day:02}"
        )
    usual = len(PdfReader(paper("cashbook", "kas-sosial")).pages)
    with monkeypatch.context() as patch:
        patch.setattr(html, "_STYLE", html._STYLE + "td,th,p{font-family:monospace;font-size:15pt}")
        path = paper("cashbook", "kas-sosial")
    assert len(PdfReader(path).pages) > usual
    sealed.must("verify", str(path))


def alter(path: Path, before: str, after: str) -> None:
    """Draw one text of the first page in place of another, as whoever edits its content stream would."""
    contents = PdfReader(path).pages[0].get_contents()
    assert contents is not None
    parts = re.split(rb"(\[[^\]]*\]\s*TJ)", contents.get_data())

    def draw() -> str:
        writer = PdfWriter(clone_from=path)
        changed = DecodedStreamObject()
        changed.set_data(b"".join(parts))
        writer.pages[0][NameObject("/Contents")] = changed
        written = io.BytesIO()
        writer.write(written)
        drawn.append(written.getvalue())
        return "".join(PdfReader(written).pages[0].extract_text().split())

    def drawing(text: str) -> int:
        """The operation without which the text stands there one time less."""
        usual = draw().count(text)
        for number in range(1, len(parts), 2):
            kept, parts[number] = parts[number], b""
            less = draw().count(text) < usual
            parts[number] = kept
            if less:
                return number
        raise AssertionError(text)

    drawn: list[bytes] = []
    parts[drawing(before)] = parts[drawing(after)]
    draw()
    path.write_bytes(drawn[-1])


def test_a_figure_falsified_in_the_drawing_of_a_page(sealed: Typist, paper: Callable[..., Path]) -> None:
    path = paper("balance", "--fund", "kas-sosial")
    alter(path, "Rp510,000", "Rp500,000")
    answer = sealed("verify", str(path), "--format", "json")
    assert answer.code == 1
    (one,) = answer.json["seals"]
    assert one["verified"] is True  # the seal itself is as it was
    difference = one["paper"]["differences"][0]
    assert (difference["place"], difference["book"]) == ("page 1", "Rp510,000")
    assert sealed("verify", str(path)).out.startswith("NOT VERIFIED: in 1 place ")


def test_a_note_laid_over_a_page(sealed: Typist, paper: Callable[..., Path]) -> None:
    path = paper("balance", "--fund", "kas-sosial")
    writer = PdfWriter(clone_from=path)
    writer.add_annotation(0, FreeText(text="Rp900,000", rect=(50, 50, 200, 90)))
    writer.write(path)
    assert sealed("verify", str(path)).code == 1


def test_a_page_taken_out(sealed: Typist, paper: Callable[..., Path]) -> None:
    path = paper("annual")
    writer = PdfWriter(clone_from=path)
    assert len(writer.pages) > 1
    writer.remove_page(0)
    writer.write(path)
    assert sealed("verify", str(path)).code == 1


def test_another_seal_or_command_in_the_properties(sealed: Typist, paper: Callable[..., Path]) -> None:
    other = sealed.must("balance", "--fund", "donasi", "--format", "json").json
    for key, value in (
        ("/wksbmseal", other["seal"]["text"]),
        ("/wksbmcommand", "wksbm --lang en balance --format pdf"),
    ):
        path = paper("balance", "--fund", "kas-sosial")
        writer = PdfWriter(clone_from=path)
        writer.add_metadata({key: value})
        writer.write(path)
        assert sealed("verify", str(path)).code == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF"])
def test_a_broken_pdf_is_told(sealed: Typist, data: bytes) -> None:
    path = sealed.folder / "rusak.pdf"
    path.write_bytes(data)
    answer = sealed("verify", str(path))
    assert answer.code in (2, 4)
    assert "rusak.pdf" in answer.err


def test_a_pdf_of_another_program_has_no_seal(sealed: Typist) -> None:
    path = sealed.folder / "lain.pdf"
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(path)
    answer = sealed("verify", str(path))
    assert (answer.code, "There is no seal in" in answer.err) == (2, True)
