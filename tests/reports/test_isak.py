"""The statements of a nonprofit hold together, and hold what another reader of the postings finds."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Typist
from tests.reports.books import EXAMPLE, YEAR, drawn, spans
from wksbm_cli import Span, open_book
from wksbm_cli.api import ALL, Book
from wksbm_cli.exchange import hledger
from wksbm_cli.exchange.journal import make_journal
from wksbm_cli.render.language import Language
from wksbm_cli.reports.isak import isak

CLASSES = ("unrestricted", "restricted", "total")
# Of the example book: funds whose money was given to be given.
RESTRICTED = ("rt-05/kas-sosial", "rt-05/dana-kematian")


@pytest.fixture
def example(typist: Typist) -> Typist:
    shutil.copytree(EXAMPLE, typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    return typist


def statements(rows: list[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    """Of each statement and item: without restriction, with restriction, total."""
    found = {}
    for row in rows:
        key = row["statement"], row["item"]
        assert key not in found, "told twice"
        found[key] = tuple(Decimal(str(row[name])) for name in CLASSES)
    return found


def plus(*lines: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    return tuple(sum(amounts, Decimal()) for amounts in zip(*lines, strict=True))


def hold_together(told: Mapping[tuple[str, str], tuple[Decimal, ...]]) -> None:
    """What must be the same figure wherever it stands, in each class."""
    position = {item: line for (statement, item), line in told.items() if statement == "position"}
    assets = [line for item, line in position.items() if item.startswith("assets:")]
    owed = [line for item, line in position.items() if item.startswith("liabilities:")]
    nothing = (Decimal(0),) * 3
    assert position["assets"] == plus(nothing, *assets)
    assert position["liabilities"] == plus(nothing, *owed)
    assert plus(position["liabilities"], position["net-assets"]) == position["liabilities-and-net-assets"]
    assert position["liabilities-and-net-assets"] == position["assets"]
    assert told["net-assets", "end"] == position["net-assets"]
    assert told["net-assets", "surplus"] if ("net-assets", "surplus") in told else nothing == told["income", "surplus"]
    cash = [line for item, line in position.items() if item.startswith("assets:") and item != "assets:loans"]
    assert told["cash", "cash-end"] == plus(nothing, *cash)
    assert plus(told["cash", "cash-beginning"], told["cash", "change"]) == told["cash", "cash-end"]
    assert told["cash", "change"] == plus(*(told["cash", name] for name in ("operating", "investing", "financing")))
    for line in told.values():
        assert line[0] + line[1] == line[2]


@pytest.mark.parametrize(
    "period", [("--year", "2025"), ("--from", "2025-06-10", "--to", "2026-01-20"), ("--org", "rt-05")]
)
def test_the_statements_agree_with_each_other(example: Typist, period: tuple[str, ...]) -> None:
    hold_together(statements(example.must("annual", "--isak", *period, "--format", "json").json["rows"]))


def test_one_year_begins_as_the_year_before_ended(example: Typist) -> None:
    year = {
        number: statements(example.must("annual", "--isak", "--year", number, "--format", "json").json["rows"])
        for number in ("2025", "2026")
    }
    assert year["2025"]["net-assets", "end"] == year["2026"]["net-assets", "beginning"]
    assert year["2025"]["cash", "cash-end"] == year["2026"]["cash", "cash-beginning"]


def test_without_loans_and_savings_the_surplus_is_what_the_yearly_report_left_over(example: Typist) -> None:
    """Of one organisation and in rupiah; what came from other organisations is told as a transfer."""
    told = statements(
        example.must("annual", "--isak", "--year", "2025", "--org", "rt-05", "--format", "json").json["rows"]
    )
    (total,) = example.must("annual", "--year", "2025", "--org", "rt-05", "--format", "json").json["totals"]
    surplus, transfers = told["income", "surplus"][2], told["net-assets", "equity:transfers"][2]
    assert transfers == 250_000
    assert surplus + transfers == total["in"] - total["out"]
    assert told["position", "assets"][2] == total["closing"]


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_finds_the_same_under_every_account(tmp_path: Path) -> None:
    """It reads the exported book; what it finds under an account is what the statements say of it."""
    path = tmp_path / "book.journal"
    with open_book(EXAMPLE) as book:
        told = statements_of(book, Span(*YEAR))
        journal = make_journal(book.query, book.registers, book.funds(), ALL)
        path.write_text("".join(f"{line}\n" for line in hledger.write(journal, Language("en").say)), encoding="utf-8")
    end = str(YEAR[1] + timedelta(days=1))
    at_end, change = rupiah(path, "-e", end), rupiah(path, "-b", str(YEAR[0]), "-e", end)
    compared = 0
    for (statement, item), line in told.items():
        if statement == "position" and item in ("liabilities:savings", "liabilities:arisan", "assets:loans"):
            sums, sign = at_end, -1 if item.startswith("liabilities") else 1
        elif statement == "income" and ":" in item:
            sums, sign = change, 1 if item.startswith("expenses") else -1
        else:
            continue
        assert line[:2] == tuple(sign * under(sums, item, is_restricted) for is_restricted in (False, True)), item
        compared += 1
    assert compared > 15


def rupiah(path: Path, *period: str) -> dict[tuple[str, str], Decimal]:
    """What hledger finds in rupiah by fund and account: `income:rt-05:kas-sosial:donations:company`."""
    words = ("balance", "--flat", "--no-total", "--layout=bare", "--output-format=csv", *period)
    done = subprocess.run(["hledger", "-f", str(path), *words], capture_output=True, text=True, check=True, timeout=60)
    found: dict[tuple[str, str], Decimal] = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        if row["commodity"] == "IDR":
            root, organisation, fund, *rest = row["account"].split(":")
            found[f"{organisation}/{fund}", ":".join([root, *rest])] = Decimal(row["balance"])
    return found


def statements_of(book: Book, span: Span) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    report = isak(book.query, book.registers, book.funds(), span)
    return statements(
        [
            {**row, **{name: Decimal(row[name].number) for name in CLASSES}}
            for row in report.data.rows
            if row["statement"] != "goods"
        ]
    )


def under(sums: Mapping[tuple[str, str], Decimal], item: str, is_restricted: bool) -> Decimal:
    return sum(
        (
            amount
            for (fund, account), amount in sums.items()
            if (fund in RESTRICTED) == is_restricted and f"{account}:".startswith(f"{item}:")
        ),
        Decimal(),
    )


def test_what_was_cancelled_before_the_year_is_owed_to_nobody_in_it(book: Typist) -> None:
    for words in (
        ("fund", "add", "rt-07/pinjam", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "pinjam", "pokok"),
        ("fund", "loans", "pinjam", "--rate", "1", "--method", "flat", "--instalments", "10"),
        ("opening", "pinjam", "1jt", "--date", "2025-11-01"),
        ("save", "pinjam", "tini", "50rb", "--class", "pokok", "--date", "2025-11-02"),
    ):
        book.must(*words)
    for words in (
        ("save", "pinjam", "budi", "70rb", "--class", "pokok", "--date", "2025-11-03"),
        ("lend", "pinjam", "budi", "300rb", "--date", "2025-11-04"),
    ):
        book.must("reverse", book.must(*words).out[:8], "--reason", "salah", "--date", "2025-12-01")
    told = statements(book.must("annual", "--isak", "--year", "2026", "--format", "json").json["rows"])
    assert told["position", "liabilities:savings"][2] == 50_000
    assert ("position", "assets:loans") not in told
    assert told["net-assets", "beginning"][2] == 1_000_000


def test_goods_are_listed_and_never_valued(example: Typist) -> None:
    rows = example.must("annual", "--isak", "--year", "2025", "--format", "json").json["rows"]
    goods = {row["unit"]: row["total"] for row in rows if row["statement"] == "goods"}
    assert goods == {"beras": 66.75, "mie": 10, "minyak": 4}
    assert {row["unit"] for row in rows if row["statement"] != "goods"} == {"IDR"}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_statements_of_any_book_agree(data: st.DataObject) -> None:
    with drawn(data) as book:
        span = Span(*data.draw(spans()))
        told = statements_of(book, span)
        hold_together(told)
        # Cash is what the places hold of rupiah, and debts are what all postings so far add up to, whatever else happened.
        held = sum(amount.minor for (_, _, unit), amount in book.place_balances(span.end).items() if unit == "IDR")
        assert told["cash", "cash-end"][2] == held
        owed: Counter[str] = Counter()
        for transaction in make_journal(book.query, book.registers, book.funds(), Span(None, span.end)).transactions:
            for posting in transaction.postings:
                if posting.unit == "IDR":
                    owed[":".join(posting.account.split(":")[:2])] += posting.minor
        for item, sign in (("assets:loans", 1), ("liabilities:savings", -1), ("liabilities:arisan", -1)):
            assert told.get(("position", item), (0, 0, 0))[2] == sign * owed[item], item
