"""The seal as a QR code: read back from the page and from the terminal as a telephone reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.seal import find_seals
from wksbm_cli.render.qr import as_lines, as_svg, packed, squares

SEALS = (
    "wksbm1 rt-03/kas-sosial 4 2026-01-31T20:00:00+07:00 a8d2f77f-935b0a16-12097c7a-23db1278-eb4fd05f",
    "wksbm2 rt-07/kas-sosial 4 2026-04-02T20:00:00+07:00 02fb18c4-99b9cb2e-8cfa1a13-dfe99c78-69bd98df"
    " 2026-01-31 662f7d4e-cdc7588f-1e99d3be-95e5dca6-e728069e",
    "wksbm1 all 0 - a8d2f77f-935b0a16-12097c7a-23db1278-eb4fd05f",
    f"wksbm1 {'+'.join(f'rt-0{number}/dana-sosial-kematian' for number in range(9))} 123456 2026-01-31T20:00:00+07:00 a8d2f77f",
)


def read(rows: Sequence[Sequence[bool]]) -> str:
    """What stands in a code, as a reader that is not the one who wrote it finds it: four points to a square."""
    zxingcpp = pytest.importorskip("zxingcpp", reason="no reader of QR codes is installed here")
    points = [bytes(0 if square else 255 for square in row for _ in range(4)) for row in rows for _ in range(4)]
    picture = memoryview(b"".join(points)).cast("B", (len(points), len(points[0])))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def of_svg(page: str) -> list[list[bool]]:
    """The squares that the path of a page's code paints."""
    size, path = re.findall(r'class="qr" viewBox="0 0 (\d+) .*?<path d="([^"]*)"', page)[0]
    rows = [[False] * int(size) for _ in range(int(size))]
    for x, y, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
        assert length == back
        rows[int(y)][int(x) : int(x) + int(length)] = [True] * int(length)
    assert re.sub(r"M\d+ \d+h\d+v1h-\d+z", "", path) == ""
    return rows


def of_lines(lines: Sequence[str]) -> list[list[bool]]:
    rows = []
    for line in lines:
        rows += [[sign in "▀█" for sign in line], [sign in "▄█" for sign in line]]
    return rows


@pytest.mark.parametrize("seal", SEALS)
def test_a_code_is_read_back_as_the_seal_in_capitals(seal: str) -> None:
    assert read(squares(seal)) == packed(seal)
    assert of_svg(as_svg(seal, "Seal")) == squares(seal)
    of_text = of_lines(as_lines(seal))
    assert [row for row in of_text if any(row)] == [list(row) for row in squares(seal) if any(row)]
    assert read(of_text) == packed(seal)


def test_a_usual_seal_has_squares_of_nearly_half_a_millimetre() -> None:
    """24 mm wide on paper, the margin with it: finer than 0.4 mm many telephones do not read."""
    assert 24 / len(squares(SEALS[1])) > 0.48


@pytest.mark.parametrize("seal", SEALS[:3])
def test_what_is_scanned_is_verified_as_what_is_typed(seal: str) -> None:
    assert find_seals(packed(seal)) == find_seals(f"Segel: {packed(seal)}\n") == find_seals(seal) != []


def test_the_code_on_paper_and_on_a_terminal_is_that_of_the_seal(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt")
    seal = re.search(r"wksbm\d .*", book.must("balance").out)
    assert seal is not None
    assert "█" not in book.must("balance").out
    book.must("verify", packed(seal[0]))
    assert read(of_svg(book.must("balance", "--format", "html").out)) == packed(seal[0])
    for format_ in ("table", "text"):
        lines = book.must("balance", "--format", format_, "--qr").out.split("\n")
        code = [line for line in lines if set(line) & set("▀▄█")]
        width = max(map(len, code))
        assert read(of_lines([line.ljust(width + 4) for line in ["", *code, ""]])) == packed(seal[0])
    refused = book("balance", "--format", "csv", "--qr")
    assert (refused.code, "--qr" in refused.err) == (2, True)
