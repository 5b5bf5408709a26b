"""A report made by hand is worked out again: every planted slip is found where it stands, and nothing else is said."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.review.sheets import LAYOUTS, Made, plant, plant_day
from wksbm_cli.review.outcome import Discrepancy
from wksbm_cli.review.review import review

# 10 layouts x 5 seeds without a slip, and twice as many with one.
SEEDS = range(5)


def made(layout: int, seed: int) -> Made:
    return LAYOUTS[layout](random.Random(1000 * layout + seed))


def found_in(report: Made, folder: Path, kind: str) -> list[Discrepancy]:
    return list(review(report.write(folder, kind)).discrepancies)


def told(found: list[Discrepancy]) -> str:
    return "\n".join(f"{each.spot} {each.check}: {each.text} {each.printed} {each.computed}" for each in found)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", range(len(LAYOUTS)), ids=lambda at: LAYOUTS[at].__name__)
def test_a_report_that_agrees_yields_nothing(layout: int, seed: int, kind: str, tmp_path: Path) -> None:
    report = made(layout, seed)
    reviewed = review(report.write(tmp_path, kind))
    assert not reviewed.discrepancies, told(list(reviewed.discrepancies))
    assert sum(reviewed.agreed.values()) >= len(report.arithmetic) * 3 // 4, "hardly anything was worked out"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", range(len(LAYOUTS)), ids=lambda at: LAYOUTS[at].__name__)
def test_every_arithmetic_slip_is_found(layout: int, seed: int, kind: str, tmp_path: Path) -> None:
    report = made(layout, seed)
    chance = random.Random(seed)
    done = plant(report, chance.choice(report.arithmetic), chance)
    assert found_in(report, tmp_path, kind), done


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", [0, 1, 2, 3], ids=lambda at: LAYOUTS[at].__name__)
def test_every_slip_in_a_day_is_found(layout: int, seed: int, tmp_path: Path) -> None:
    report = made(layout, seed)
    chance = random.Random(seed)
    done = plant_day(report, chance.choice(report.days), chance)
    found = found_in(report, tmp_path, "xlsx")
    assert {each.check for each in found} & {"date", "weekday", "order", "period"}, done


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "txt"])
@pytest.mark.parametrize(
    "report", [("annual", "--year", "2025"), ("cashbook", "kas-sosial", "--year", "2025"), ("balance",)]
)
def test_our_own_papers_of_the_example_book_agree(
    typist: Typist, monkeypatch: pytest.MonkeyPatch, report: tuple[str, ...], kind: str, lang: str
) -> None:
    monkeypatch.setenv("WKSBM_BOOK", str(Path(__file__).parents[2] / "ledgers"))
    typist.must(*report, "--output", f"paper.{kind}", lang=lang)
    answer = typist("review", f"paper.{kind}", "--format", "json", lang=lang)
    assert (answer.code, answer.json["rows"]) == (0, [])


def test_a_review_needs_no_book_and_its_rows_have_the_keys_of_the_contract(typist: Typist) -> None:
    (typist.folder / "kas.csv").write_text(
        "Tanggal;Uraian;Masuk;Keluar;Saldo\n;Saldo awal;;;100.000\n1/1/2026;Iuran;50.000;;150.000\n"
        "2/1/2026;Beli lampu;;20.000;103.000\n;Jumlah;50.000;20.000;130.000\n"
    )
    answer = typist("review", "kas.csv", "--format", "json")
    assert answer.code == 1
    (row,) = answer.json["rows"]
    assert {key: row[key] for key in ("where", "check", "printed", "computed", "difference")} == {
        "where": "kas!E4",
        "check": "balance",
        "printed": 103_000,
        "computed": 130_000,
        "difference": -27_000,
    }
    assert row["hint"] == "Two digits are the other way round. Ask for the receipt of this row."


def test_what_was_understood_names_each_column_and_row(book: Typist) -> None:
    report = made(0, 1)
    (path,) = report.write(book.folder, "xlsx")
    rows = book.must("review", path, "--explain", "--format", "json").json["rows"]
    parts = {row["part"] for row in rows if row["column"]}
    assert {"day", "text", "in", "out", "balance"} <= parts
    told = [number for row in rows if row["rows"] for number in row["rows"]]
    assert len(told) == len(set(told)), "each row has one part"
