"""The keys that other programs rely on: docs/json.md says them, and the program keeps to it."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import Typist

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| `(?P<command>[^`]+)` \| `(?P<report>\w+)` \| (?P<keys>[a-z_, ]+) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "json.md").read_text(encoding="utf-8"))
NAMES = {"FUND": "rt-05/jimpitan", "MEMBER": "kk-01"}


def test_the_page_has_every_report_of_the_contract() -> None:
    assert {report for _, report, _ in ROWS} >= {
        "balance",
        "cashbook",
        "contributions",
        "arrears",
        "disbursements",
        "summary",
    }


@pytest.mark.parametrize(("command", "report", "keys"), ROWS, ids=[row[0] for row in ROWS])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_report_has_the_keys_it_promises(typist: Typist, command: str, report: str, keys: str, lang: str) -> None:
    shutil.copytree(ROOT / "ledgers", typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    words = [NAMES.get(word, word) for word in shlex.split(command)]
    answer = typist.must(*words, "--format", "json", lang=lang).json
    assert set(answer) == {
        "report",
        "version",
        "book",
        "from",
        "to",
        "columns",
        "rows",
        "totals",
        "notes",
        "seal",
        "command",
    }
    assert (answer["report"], answer["version"]) == (report, 1)
    assert [column["key"] for column in answer["columns"]] == keys.split(", ")
    assert answer["rows"], "the example book has something to show"
    for row in answer["rows"]:
        assert list(row) == keys.split(", ")
