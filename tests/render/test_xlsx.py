"""A spreadsheet of real numbers and dates, in which no text acts; read back by another library than wrote it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR, Amount, Unit
from wksbm_cli.render.formats import FORMATS
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Column, Report, Table

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
BERAS = Unit("beras", 'Beras "putih"', "kg", 3)
HOSTILE = '=HYPERLINK("http://contoh.invalid";"klik")'


@pytest.fixture
def workbook() -> Any:
    columns = (
        Column("date", msg("Date"), "date"),
        Column("who", msg("Name")),
        Column("amount", msg("Amount"), "amount"),
        Column("goods", msg("Goods"), "amount"),
    )
    rows: tuple[dict[str, Any], ...] = (
        {"date": date(2026, 2, 3), "who": HOSTILE, "amount": Amount(1_250_000, IDR), "goods": Amount(2_500, BERAS)},
        {
            "date": date(2026, 2, 4),
            "who": "http://contoh.invalid",
            "amount": Amount(-999_999_999_999, IDR),
            "goods": None,
        },
        {"date": date(2026, 2, 5), "who": "00123", "amount": Amount(5000, IDR), "goods": Amount(1, BERAS)},
    )
    total = {"who": msg("Total"), "amount": Amount(sum(row["amount"].minor for row in rows), IDR)}
    table = Table(columns, rows, (total,))
    report = Report(
        "made",
        msg("{t}", t="Saldo [2026]: RT/07 yang sangat panjang namanya"),
        "Buku",
        Span.month(2026, 2),
        table,
        (table,),
    )
    rendered = FORMATS["xlsx"].render(report, Language("id"))
    assert isinstance(rendered, bytes)
    return openpyxl.load_workbook(io.BytesIO(rendered))


def test_data_are_numbers_dates_and_texts_under_a_frozen_head(workbook: Any) -> None:
    sheet = workbook.worksheets[1]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet["A"]][1:4] == [datetime(2026, 2, day) for day in (3, 4, 5)]
    assert [cell.value for cell in sheet["C"]][1:] == [1_250_000, -999_999_999_999, 5000, -999_998_744_999]
    assert [cell.value for cell in sheet["D"]][1:4] == [2.5, None, 0.001]
    assert sheet["A2"].number_format == "dd/mm/yyyy"
    assert sheet["C2"].number_format.startswith('"Rp"#,##0')


def test_no_text_is_a_formula_a_link_or_a_number(workbook: Any) -> None:
    for sheet in workbook.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        assert {HOSTILE, "http://contoh.invalid", "00123"} <= {cell.value for cell in cells}


def test_people_read_the_title_and_period_first(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    assert sheet["A1"].value.endswith("· Buku")
    assert sheet["A2"].value == "Februari 2026"
    assert len(sheet.title) <= 31 and not set(sheet.title) & set("[]:*?/\\")


def test_the_file_says_nothing_of_when_it_was_made() -> None:
    table = Table((Column("who", msg("Name")),), ({"who": "Budi"},))
    report = Report("made", msg("Summary"), "Buku", Span(None, None), table, (table,))
    rendered = FORMATS["xlsx"].render(report, Language("id"))
    assert isinstance(rendered, bytes)
    with zipfile.ZipFile(io.BytesIO(rendered)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"1980-01-01" in archive.read("docProps/core.xml")
