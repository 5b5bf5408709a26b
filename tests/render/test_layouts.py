"""Whatever a name or a note holds, every layout tells the same figures, stays in its lines, and lets nothing act."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.strategies import reports
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR, Amount, Unit
from wksbm_cli.render.formats import FORMATS
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import Layout
from wksbm_cli.render.whatsapp import LINE
from wksbm_cli.render.wrapping import display_width, wrapped
from wksbm_cli.reports.report import Column, Report, Table

ID, EN = Language("id"), Language("en")
BERAS = Unit("beras", "Beras", "kg", 3)
FOR_PEOPLE = ("table", "text", "whatsapp", "markdown", "html")


def rendered(format_: str, report: Report, layout: Layout | None = None) -> str:
    out = FORMATS[format_].render(report, ID, layout or Layout())
    assert isinstance(out, str)
    return out


def figures(report: Report) -> list[int]:
    """Every amount of a report, totals too, in order of size."""
    table = report.data
    lines = (*table.rows, *table.totals)
    return sorted(value.minor for line in lines for value in line.values() if isinstance(value, Amount))


def texts(report: Report) -> list[str]:
    """Every text of a report that a person may have typed."""
    sentences = [str(message) for message in (*report.before, *report.notes)]
    return [text.strip() for text in (*sentences, *(row["text"] for row in report.data.rows))]


def rupiah(text: str) -> list[int]:
    """Every amount in a page, `-Rp1.250.000` as -1250000."""
    found = re.findall(r"(-?)Rp(\d[\d.]*)", text.replace("\\-", "-"))
    return sorted(int(sign + digits.replace(".", "")) for sign, digits in found)


@given(reports())
def test_every_layout_tells_every_figure_and_the_same_total(report: Report) -> None:
    expected = figures(report)
    for format_ in FOR_PEOPLE:
        page = _Page(rendered(format_, report)).text if format_ == "html" else rendered(format_, report)
        assert rupiah(page) == expected, format_
    totals = {key: value.minor for key, value in report.data.totals[0].items() if isinstance(value, Amount)}
    carried = json.loads(rendered("json", report))
    rows = list(csv.DictReader(io.StringIO(rendered("csv", report))))
    for key, total in totals.items():
        assert carried["totals"][0][key] == total == sum(row[key] for row in carried["rows"])
        assert sum(int(row[key]) for row in rows) == total


@given(reports(), st.integers(40, 110))
def test_a_table_is_never_wider_than_its_terminal(report: Report, width: int) -> None:
    from rich.cells import cell_len

    for line in rendered("table", report, Layout(width)).splitlines():
        assert cell_len(line) <= width or "wksbm2" in line


@given(reports())
def test_no_line_of_a_message_is_broken_by_a_phone_but_the_seal(report: Report) -> None:
    for line in rendered("whatsapp", report).splitlines():
        shown = re.sub(r"^( *)([*_])(.*)\2$", r"\1\3", line)  # WhatsApp's marks are not shown
        assert display_width(shown) <= LINE or "wksbm" in line


@pytest.mark.parametrize(
    "text", ["*" * 60, "0" * 15 + "*_" * 10, "12345678901234567890123456789012. x", "> " + "a" * 34]
)
def test_a_mark_that_is_put_as_its_wider_twin_does_not_widen_the_line(text: str) -> None:
    table = Table((Column("text", msg("Description"), "text"),), ({"text": text},))
    report = Report("made", msg("Summary"), text, Span(None, None), table, (table,), notes=(msg("{text}", text=text),))
    for line in rendered("whatsapp", report).splitlines():
        assert display_width(re.sub(r"^([*_])(.*)\1$", r"\2", line)) <= LINE, line


@given(reports())
def test_a_page_has_no_doubled_empty_line(report: Report) -> None:
    for format_ in ("table", "text", "whatsapp", "markdown"):
        assert "\n\n\n" not in rendered(format_, report), format_


@given(reports())
def test_whatsapp_finds_no_mark_but_ours(report: Report) -> None:
    """Ours stand at the ends of a line; a mark anywhere else would come from a text."""
    for line in rendered("whatsapp", report).splitlines():
        inner = line.strip()
        if len(inner) > 1 and inner[0] == inner[-1] and inner[0] in "*_":
            inner = inner[1:-1]
        assert not set(inner) & set("*_~`"), line
        assert not re.match(r"\s*(?:[->*]\s|[0-9]+\.\s|>)", line), line


class _Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._hidden = tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else f"{data}\n"


_OURS = "html head meta title style body main header footer section div h1 h2 p ul li table thead tbody tfoot tr th td"
ELEMENTS = frozenset(_OURS.split())


@given(reports())
def test_html_holds_only_elements_of_ours(report: Report) -> None:
    page = _Page(rendered("html", report))
    of_code = {"svg", "path"} if report.seal else set()
    assert page.tags <= ELEMENTS | of_code
    assert page.attributes <= {"lang", "charset", "name", "content", "http-equiv", "class", "scope", "data-of"} | (
        {"viewbox", "role", "aria-label", "shape-rendering", "xmlns", "fill", "d"} if of_code else set()
    )
    for text in texts(report):
        assert text in page.text


@given(reports())
def test_markdown_reads_back_as_the_text_that_was_typed(report: Report) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(rendered("markdown", report))
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "s_open", "fence", "hr", "blockquote_open"}
    assert not kinds & {"ordered_list_open", "code_block"}
    notes = len(report.notes) or int(not report.data.rows)  # a report without a row says so
    assert [token.type for token in tokens].count("list_item_open") == notes
    plain = ["".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"]
    assert {" ".join(text.split()) for text in texts(report)} <= {" ".join(text.split()) for text in plain}


@given(reports())
def test_no_cell_of_csv_begins_a_formula(report: Report) -> None:
    for row in csv.reader(io.StringIO(rendered("csv", report))):
        for cell in row:
            assert not cell.startswith(("=", "+", "@")) and not (cell.startswith("-") and not cell[1:].isdigit())


def made(columns: tuple[Column, ...], *rows: dict[str, Any], **more: Any) -> Report:
    table = Table(columns, rows, **more)
    return Report("made", msg("Summary"), "Buku", Span(None, date(2026, 3, 31)), table, (table,))


def test_a_terminal_gets_colour_only_where_it_is_asked_for() -> None:
    columns = (Column("what", msg("Fund")), Column("amount", msg("Amount"), "amount"))
    report = made(columns, {"what": "[red]Budi[/red]", "amount": Amount(-500, IDR)})
    plain = rendered("table", report)
    assert "\x1b" not in plain and "[red]Budi[/red]" in plain
    coloured = rendered("table", report, Layout(colour=True))
    assert "\x1b[31m-Rp500" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_where_columns_have_no_room_each_row_is_lines_below_each_other() -> None:
    columns = (
        Column("no", msg("No."), "count"),
        Column("date", msg("Date"), "date"),
        Column("what", msg("Description")),
        Column("in", msg("In"), "amount"),
        Column("balance", msg("Balance"), "amount"),
    )
    row = {
        "no": 1,
        "date": date(2026, 2, 3),
        "what": "Iuran sosial, Budi Santoso",
        "in": Amount(5000, IDR),
        "balance": Amount(1_005_000, IDR),
    }
    report = made(columns, row)
    stacked = "03/02/2026 · Iuran sosial, Budi Santoso\n  Masuk Rp5.000 · Saldo Rp1.005.000\n"
    assert stacked in rendered("table", report, Layout(40))
    assert "  1  03/02/2026  Iuran sosial, Budi Santoso  Rp5.000  Rp1.005.000" in rendered("table", report, Layout(80))


def test_a_wide_matrix_is_continued_below_with_the_names_again() -> None:
    months = [f"2026-{number:02d}" for number in range(1, 13)]
    columns = (Column("name", msg("Name")), *(Column(month, msg("{m}", m=month), "period") for month in months))
    report = made(columns, {"name": "Budi", **{month: Amount(5000, IDR) for month in months}})
    page = rendered("table", report, Layout(80))
    assert page.count("Budi") == 2
    assert [month for month in months if month not in page] == []
    assert rendered("text", report).count("Budi") == 1
    # A phone is told three and more of the same at once.
    assert "2026-01–2026-12: 5.000" in rendered("whatsapp", report)


def test_a_report_without_a_row_says_so() -> None:
    for format_ in FOR_PEOPLE:
        page = str(FORMATS[format_].render(made((Column("a", msg("A")),)), EN))
        assert "Nothing is recorded in this period." in " ".join(page.split()), format_
        assert "\n\n\n" not in page


def test_one_line_holds_the_totals_with_signs_for_whatsapp_and_without_for_mail() -> None:
    columns = (Column("amount", msg("Balance"), "amount"),)
    report = made(
        columns,
        {"amount": Amount(500, IDR)},
        totals=({"amount": Amount(500, IDR)}, {"amount": Amount(2500, BERAS)}),
    )
    short = Layout(short=True)
    assert FORMATS["whatsapp"].render(report, EN, short) == (
        "*Summary* Buku · up to 31 March 2026 · 💰 Balance Rp500 · 📦 Balance 2.5 kg beras\n"
    )
    assert FORMATS["text"].render(report, EN, short) == (
        "Summary Buku, up to 31 March 2026: Balance Rp500; Balance 2.5 kg beras\n"
    )


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"pdf"}))
def test_the_same_report_gives_the_same_bytes(format_: str) -> None:
    columns = (Column("what", msg("Fund")), Column("amount", msg("Amount"), "amount"))
    report = made(columns, {"what": "Kas", "amount": Amount(500, IDR)})
    assert FORMATS[format_].render(report, ID) == FORMATS[format_].render(report, ID)


def test_initials_stay_on_one_line() -> None:
    assert wrapped("Besuk rawat inap, untuk Keluarga N. H. A.", 35) == ["Besuk rawat inap, untuk Keluarga", "N. H. A."]
    assert wrapped("", 35) == []
