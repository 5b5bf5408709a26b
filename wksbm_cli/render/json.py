"""The JSON envelope: keys in English whatever the language, numbers exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wksbm_cli.domain.inline import is_list
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.units import Amount
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.reports.report import Report

VERSION = 1


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report as one JSON object, on lines people can read and diff."""
    return dumps(
        {
            "report": report.name,
            "version": VERSION,
            "book": report.book,
            "from": report.span.start,
            "to": report.span.end,
            "columns": [
                {"key": column.key, "title": column.title, "type": "text" if column.type == "code" else column.type}
                for column in report.data.columns
            ],
            "rows": report.data.rows,
            "totals": report.data.totals,
            "notes": report.notes,
            "seal": report.seal,
            **({"command": report.command} if report.command else {}),
        },
        language,
    )


def dumps(value: Mapping[str, Any], language: Language) -> str:
    """Any value of the program as JSON text: amounts as numbers, dates in ISO form, messages as sentences.

    Each row stands on a line of its own, so that a person can read the answer and a diff show what changed.
    """
    plain: dict[str, Any] = _plain(value, language)
    return "{\n" + ",\n".join(f"  {_line(key)}: {_lines(item)}" for key, item in plain.items()) + "\n}\n"


def _lines(item: Any) -> str:
    if isinstance(item, list) and item:
        return "[\n" + ",\n".join(f"    {_line(row)}" for row in item) + "\n  ]"
    return _line(item)


def _line(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False)


def _plain(value: Any, language: Language) -> Any:
    match value:
        case Amount():
            return _plain(value.number, language)
        case Decimal():
            # Amounts have 15 digits at most (units.LARGEST_WHOLE), which a float prints as they are.
            return float(value)
        case date():
            return value.isoformat()
        case Message():
            return language.say(value)
        case Mapping():
            return {str(key): _plain(item, language) for key, item in value.items()}
        case _ if is_list(value):
            return [_plain(item, language) for item in value]
    return value
