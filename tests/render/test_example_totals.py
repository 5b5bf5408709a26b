"""The reports of the example book: each layout prints the totals that the data have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.render.test_snapshots import ENDINGS, REPORTS, SNAPSHOTS

# Of totals, what only the long form tells; pages name each reserve in a sentence.
UNTOLD = {"loans": {"paid", "charge"}, "balance": {"reserves"}}
PAGES = [(name, language) for name in REPORTS for language in ("id", "en")]


def read(name: str, format_: str, language: str) -> str:
    return (Path(SNAPSHOTS) / language / f"{name}.{format_}.{ENDINGS.get(format_, 'txt')}").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_the_same_total_stands_in_every_layout(name: str, language: str) -> None:
    report: dict[str, Any] = json.loads(read(name, "json", language))
    untold = {"unit", *UNTOLD.get(name, ())}
    totals = [value for total in report["totals"] for key, value in total.items() if key not in untold and value]
    for format_ in ("table", "text", "whatsapp", "markdown", "html"):
        # Every figure of the page as a number, without the marks of its language.
        thousands, decimal = (".", ",") if language == "id" else (",", ".")
        found = re.findall(r"\d+(?:[.,]\d+)*", read(name, format_, language))
        figures = {float(figure.replace(thousands, "").replace(decimal, ".")) for figure in found}
        assert {abs(total) for total in totals} <= figures, format_
    sheets = re.findall(r"-?\d+(?:\.\d+)?", read(name, "xlsx", language))
    assert set(totals) <= set(map(float, sheets))


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phone_is_told_what_is_a_total(language: str) -> None:
    """The ids of entries are left out there; what would name a total must not be left out with them."""
    word = {"id": "Jumlah", "en": "Total"}[language]
    assert f"*{word}*\n" in read("loans", "whatsapp", language)
