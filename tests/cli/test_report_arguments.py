"""A report about one fund or one period: what stands behind the command says the same as the option."""

from __future__ import annotations

import pytest

from tests.conftest import Typist


@pytest.fixture
def kept(book: Typist) -> Typist:
    book.must("collect", "jimpitan", "--absent", "", "--date", "2026-02-01")
    book.must("contribute", "kas-sosial", "r001", "5000", "--date", "2026-02-03")
    return book


@pytest.mark.parametrize("report", ["balance", "contributions", "arrears", "disbursements"])
def test_a_fund_behind_the_report(kept: Typist, report: str) -> None:
    named = kept.must(report, "kas-sosial")
    assert named.out == kept.must(report, "--fund", "kas-sosial").out
    assert named.out != kept.must(report).out
    twice = kept(report, "kas-sosial", "--fund", "jimpitan")
    assert (twice.code, twice.err) == (2, "The fund is named twice: kas-sosial and jimpitan.\n")


@pytest.mark.parametrize(("period", "option"), [("2026-02", "--month"), ("2026", "--year"), ("last", "--month")])
def test_a_period_behind_the_summary(kept: Typist, period: str, option: str) -> None:
    assert kept.must("summary", period).out == kept.must("summary", option, period).out
    assert kept("summary", period, "--year", "2025").code == 2


def test_a_file_of_another_programs_kind_is_not_written(kept: Typist) -> None:
    """A text called saldo.docx would open nowhere."""
    for ending in (".doc", ".docx", ".ODT"):
        answer = kept("balance", "--output", f"saldo{ending}")
        assert (answer.code, "--output" not in answer.err) == (2, True)
        assert f"written as {ending.lower()}" in answer.err
        assert not (kept.folder / f"saldo{ending}").exists()
    assert kept.must("balance", "--output", "-").out == kept.must("balance").out
