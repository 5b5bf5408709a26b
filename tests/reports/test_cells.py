"""What stands in a cell of any report is of a type that its column's type allows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.render.test_snapshots import REPORTS, example
from wksbm_cli.cli.main import run
from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.inline import is_list
from wksbm_cli.domain.message import Message
from wksbm_cli.domain.person import Person, RedactableText
from wksbm_cli.domain.units import Amount
from wksbm_cli.reports.report import Report

__all__ = ["example"]
WORDS = (str, Message, Person, RedactableText, Span)
ALLOWED: dict[str, tuple[type, ...]] = {
    "text": (*WORDS, dict, Amount, date, int),  # beside the labels of a form stands whatever they name
    "code": (str,),
    "date": (date, Message),
    "amount": (Amount, Message),
    "figure": (Amount,),
    "period": (Amount, Message),
    "count": (int, Message),
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_cell_fits_its_column(name: str, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wksbm_cli.reports import privacy

    seen: list[Report] = []
    redact = privacy.redact

    def seeing(report: Report, *rest: Any) -> Report:
        seen.append(report)
        return redact(report, *rest)

    monkeypatch.setattr(privacy, "redact", seeing)
    monkeypatch.chdir(example)
    monkeypatch.setenv("WKSBM_NOW", "2026-03-01T19:00:00+07:00")
    monkeypatch.delenv("WKSBM_BOOK", raising=False)
    assert run(["--lang", "en", *REPORTS[name].split(), "--format", "json"]) == 0
    (report,) = seen
    for table in (report.data, *report.tables):
        for row in (*table.rows, *table.totals, *table.carried):
            for column in table.columns:
                value = row.get(column.key)
                parts = value if is_list(value) else [value]
                for part in parts:
                    assert part is None or isinstance(part, ALLOWED[column.type]), (column.key, column.type, part)
