"""CSV for spreadsheets: the long form, raw numbers, and no text that a spreadsheet would parse as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wksbm_cli.domain.inline import is_list
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.units import Amount
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.reports.report import Report

# First characters of formulas (OWASP's list of CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """One line per row under the keys of the columns; totals are left to whoever adds up."""
    keys = [column.key for column in report.data.columns]
    return lines(keys, ([row.get(key) for key in keys] for row in report.data.rows), language)


def lines(keys: Sequence[str], rows: Iterable[Sequence[Any]], language: Language) -> str:
    """Any table: a line of its keys, then one per row of cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([_cell(cell, language) for cell in row] for row in rows)
    return out.getvalue()


def _cell(value: Any, language: Language) -> str:
    match value:
        case str():  # first, since exports have millions of texts
            return _text(value)
        case None:
            return ""
        case Amount():
            return f"{value.number:f}" if not isinstance(value.number, int) else str(value.number)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case Mapping():
            return _text("; ".join(f"{key}={_cell(item, language)}" for key, item in value.items()))
        case _ if is_list(value):
            return _text(" ".join(_cell(item, language) for item in value))
        case Message():
            return _text(language.say(value))
    return _text(str(value))


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
