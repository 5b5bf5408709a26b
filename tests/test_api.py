"""The book from Python: values as documented, and nothing loaded before it is asked for."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.transcript import UPDATE
from wksbm_cli import Span, open_book
from wksbm_cli.domain.problem import Refused, Trouble
from wksbm_cli.reports.balance import balance
from wksbm_cli.reports.cashbook import cashbook

ROOT = Path(__file__).parents[1]


@pytest.fixture
def recorded(book: Typist) -> Typist:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("contribute", "kas-sosial", "budi", "5000", "--for", "2026-01", "--date", "2026-01-20")
    book.must("opening", "lumbung", "2,5 kg beras", "--date", "2026-02-01")
    return book


def test_balances_and_entries_are_values(recorded: Typist) -> None:
    with open_book(recorded.folder) as book:
        assert {key: amount.number for key, amount in book.balances().items()} == {
            ("rt-07/kas-sosial", "IDR"): 1_005_000,
            ("rt-07/lumbung", "beras"): Decimal("2.5"),
        }
        assert book.balances(date(2026, 1, 1))["rt-07/kas-sosial", "IDR"].minor == 1_000_000
        assert [amount.number for key, amount in book.place_balances().items() if "lumbung" in key[0]] == [
            Decimal("2.5")
        ]
        assert [entry.kind for entry in book.entries(kinds=["contribution"])] == ["contribution"]
        assert [entry.kind for entry in book.entries([book.fund("lumbung")])] == ["opening"]
        report = book.report(balance, book.funds("rt-07"), Span.month(2026, 1))
        assert [row["balance"].minor for row in report.data.rows if row["fund"] == "kas-sosial"] == [1_005_000]
        assert len(book.report(cashbook, book.fund("kas-sosial"), Span(None, None)).data.rows) == 2


def test_postings_are_exact_and_say_whose_they_are(recorded: Typist) -> None:
    with open_book(recorded.folder) as book:
        rows = book.postings(span=Span(date(2026, 1, 15), None))
    assert [(row.kind, row.account, row.member, row.period, row.amount) for row in rows] == [
        ("carried", "assets:kas", "", "", Decimal(1_000_000)),
        ("carried", "equity:opening", "", "", Decimal(-1_000_000)),
        ("contribution", "assets:kas", "", "", Decimal(5000)),
        ("contribution", "income:contributions:iuran-sosial", "r001", "2026-01", Decimal(-5000)),
        ("opening", "assets:lumbung", "", "", Decimal("2.500")),
        ("opening", "equity:opening", "", "", Decimal("-2.500")),
    ]


def test_what_cancelled_entries_say_can_be_left_out(recorded: Typist) -> None:
    id_ = recorded.lines()[1].split()[0]
    recorded.must("reverse", id_, "--reason", "salah orang")
    with open_book(recorded.folder) as book:
        assert {entry.kind for entry in book.entries([book.fund("kas-sosial")])} == {
            "opening",
            "contribution",
            "reversal",
        }
        assert id_ not in {entry.id for entry in book.entries(with_cancelled=False)}


def test_an_open_book_stays_as_it_was(recorded: Typist) -> None:
    with open_book(recorded.folder) as book:
        recorded.must("contribute", "kas-sosial", "tini", "5000")
        assert book.balances()["rt-07/kas-sosial", "IDR"].minor == 1_005_000
    with open_book(recorded.folder) as book:
        assert book.balances()["rt-07/kas-sosial", "IDR"].minor == 1_010_000


def test_no_book_is_a_problem_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no book"):
        open_book(tmp_path)


def test_a_broken_line_is_a_problem_that_names_it(recorded: Typist) -> None:
    path = recorded.ledger()
    path.write_text(path.read_text(encoding="utf-8").replace("amount = 1000000", "amount = 1000001"), encoding="utf-8")
    with pytest.raises(Trouble) as raised:
        open_book(recorded.folder)
    assert f"{path.name}:3: This line was changed after it was written" in str(raised.value)
    assert "wksbm reverse ID" in str(raised.value)


def test_names_that_are_not_known_are_told(recorded: Typist) -> None:
    with open_book(recorded.folder) as book:
        with pytest.raises(Refused, match=r"rt-08.*rt-07"):
            book.funds("rt-08")
        with pytest.raises(Refused, match=r"kas-sosal.*kas-sosial"):
            book.fund("kas-sosal")
        with pytest.raises(ValueError, match=r"donatio; there are .*donation"):
            book.entries(kinds=["donatio"])


def test_importing_the_package_loads_neither_the_index_nor_the_reports() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, wksbm_cli; print(*sorted(sys.modules)); wksbm_cli.open_book"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"sqlite3", "wksbm_cli.api", "wksbm_cli.domain", "babel"} & set(loaded)
    with pytest.raises(AttributeError, match="opn_book"):
        __import__("wksbm_cli").opn_book  # noqa: B018


def test_the_examples_of_the_documentation_do_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    shutil.copytree(ROOT / "ledgers", tmp_path / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    monkeypatch.chdir(tmp_path)
    path = ROOT / "docs" / "python.md"
    written = path.read_text(encoding="utf-8")
    now = EXAMPLE.sub(_performed, written)
    assert now.count("```text") == 1
    if os.environ.get(UPDATE):
        path.write_text(now, encoding="utf-8")
    else:
        assert now == written, f"after a deliberate change: {UPDATE}=1 pytest {Path(__file__).name}, and read the diff"


EXAMPLE = re.compile(r"```python\n(.*?)```\n(?:\n```text\n.*?```\n)?", re.DOTALL)


def _performed(example: re.Match[str]) -> str:
    """An example with what it prints now, if anything, below it."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(example[1], "docs/python.md", "exec"), {})
    printed = "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
    return f"```python\n{example[1]}```\n" + (f"\n```text\n{printed}```\n" if printed else "")
