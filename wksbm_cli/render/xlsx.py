"""A spreadsheet with real numbers and dates: the report as people read it, and the rows it was made from.

Every text is written as a string cell, so that nothing in a name or note is a formula or a link. The same report
gives the same bytes: the file's dates are those of no clock.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR, Amount, Unit
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.page import page
from wksbm_cli.reports.report import Column, Report, Table

_WIDEST = 48
# The first moment a zip archive can tell: the file says nothing of when it was made.
_NO_CLOCK = datetime(1980, 1, 1)


def render(report: Report, language: Language, layout: Layout = USUAL) -> bytes:
    """The workbook: a sheet as people read it, a sheet of the data with its heads frozen."""
    out = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, {"in_memory": True, **plain_text})
    book.set_properties({"title": language.say(report.title), "created": _NO_CLOCK})
    sheets = _Sheets(book, language)
    sheets.people(report)
    sheets.data(report)
    book.close()
    return out.getvalue()


class _Sheets:
    """The two sheets of a workbook, and the looks of their cells, each made once."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self._book, self._language = book, language
        self._looks: dict[tuple[str, bool], Format] = {}

    def people(self, report: Report) -> None:
        """Title, period, every table below the other, notes and seal."""
        told = page(report, self._language)
        sheet = self._book.add_worksheet(_sheet_name(told.title))
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, f"{told.title} · {told.heading}", self._look("", is_bold=True))
        line = 1
        for text in (*([told.period] if told.period else []), *told.before):
            sheet.write_string(line, 0, text)
            line += 1
        widths: dict[int, int] = {}
        tables = [table for table in report.tables if table.rows or table.totals]
        for table, grid in zip(tables, told.grids, strict=True):
            line += 1
            if grid.title:
                sheet.write_string(line, 0, grid.title, self._look("", is_bold=True))
                line += 1
            line = self._table(sheet, line, table, [head.title for head in grid.heads])
            for row in (*grid.rows, *grid.totals):
                for column, cell in enumerate(row):
                    widths[column] = min(_WIDEST, max(widths.get(column, 8), len(cell.text) + 2))
        for column, width in widths.items():
            sheet.set_column(column, column, width)
        line += 1
        for text in (*told.notes, *filter(None, (told.seal, told.command))):
            sheet.write_string(line, 0, text)
            line += 1

    def data(self, report: Report) -> None:
        """The rows that JSON and CSV carry, under heads that stay in sight, with the totals below them."""
        sheet = self._book.add_worksheet(self._language.say(msg("Data")))
        columns = report.data.columns
        self._table(sheet, 0, report.data, [self._language.say(column.title) for column in columns])
        sheet.freeze_panes(1, 0)
        if report.data.rows:
            sheet.autofilter(0, 0, len(report.data.rows), len(columns) - 1)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, {"text": 20, "date": 12}.get(column.type, 16))

    def _table(self, sheet: Worksheet, line: int, table: Table, heads: list[str]) -> int:
        """Heads, rows and totals from `line` on; the line after them."""
        for number, head in enumerate(() if table.label_value else heads):
            sheet.write_string(line, number, head, self._look("head", is_bold=True))
        for number, row in enumerate(table.rows):
            line += 1
            self._row(sheet, line, table.columns, row, is_bold=number in table.bold_rows)
        for row in table.totals:
            line += 1
            self._row(sheet, line, table.columns, row, is_bold=True)
        return line + 1

    def _row(
        self, sheet: Worksheet, line: int, columns: tuple[Column, ...], row: Mapping[str, Any], *, is_bold: bool
    ) -> None:
        for number, column in enumerate(columns):
            value = row.get(column.key)
            match value:
                case Amount():
                    # At most 15 digits (units.LARGEST_WHOLE): a spreadsheet's number holds them as they are.
                    sheet.write_number(
                        line, number, float(value.number), self._look(_money(value.unit), is_bold=is_bold)
                    )
                case date():
                    moment = datetime(value.year, value.month, value.day)
                    sheet.write_datetime(line, number, moment, self._look(self._day(), is_bold=is_bold))
                case int():
                    sheet.write_number(line, number, value, self._look("0", is_bold=is_bold))
                case None:
                    pass
                case _:
                    sheet.write_string(line, number, self._language.show(value), self._look("", is_bold=is_bold))

    def _day(self) -> str:
        return "dd/mm/yyyy" if self._language.code == "id" else "yyyy-mm-dd"

    def _look(self, number_format: str, *, is_bold: bool) -> Format:
        key = (number_format, is_bold)
        if key not in self._looks:
            look: dict[str, Any] = {"bold": is_bold}
            if number_format == "head":
                look["bottom"] = 1
            elif number_format:
                look["num_format"] = number_format
            self._looks[key] = self._book.add_format(look)
        return self._looks[key]


def _money(unit: Unit) -> str:
    """How a spreadsheet shows an amount, in the marks of its own language: `"Rp"#,##0`, `#,##0.### "kg beras"`."""
    if unit is IDR:
        return '"Rp"#,##0;[Red]-"Rp"#,##0'
    label = unit.symbol if unit.symbol == unit.code else f"{unit.symbol} {unit.code}"
    decimals = f".{'0' * unit.decimals}" if unit.decimals else ""
    return f'#,##0{decimals} "{label.replace(chr(34), "")}"'


def _sheet_name(title: str) -> str:
    """A name that spreadsheets allow: 31 letters, none of `[]:*?/\\`, no apostrophe at the ends."""
    return "".join(" " if char in "[]:*?/\\" else char for char in title)[:31].strip("' ") or "Wksbm"
