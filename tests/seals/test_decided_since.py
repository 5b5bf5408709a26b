"""Seals and papers of a year gone by still verify after officers, names and tariffs were changed by decision; not by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.seals.test_facts_sealed import rewrite
from tests.seals.test_seal import seal_of

FUND = "rt-07/kas-sosial/fund.toml"
CHANGES: dict[str, tuple[tuple[str, ...], tuple[str, str, str], str]] = {
    "chair": (
        ("org", "edit", "rt-07", "--chair", "Bu Wati"),
        ("rt-07/organisation.toml", 'name = "RT 07"', 'name = "RT 07"\nchair = "Bu Wati"'),
        "organisation.chair",
    ),
    "organisation": (
        ("org", "edit", "rt-07", "--name", "RT 07 Mekar"),
        ("rt-07/organisation.toml", "RT 07", "RT 07 Mekar"),
        "organisation.name",
    ),
    "member": (
        ("member", "edit", "r001", "--name", "Budi Susanto"),
        ("rt-07/members.toml", "Budi Santoso", "Budi Susanto"),
        "members.r001.name",
    ),
    "fund": (
        ("fund", "edit", "kas-sosial", "--name", "Kas Warga"),
        (FUND, 'name = "Kas Sosial"', 'name = "Kas Warga"'),
        "funds.kas-sosial.name",
    ),
    "tariff": (
        ("fund", "due", "kas-sosial", "iuran-sosial", "6000", "--from", "2026-02-01"),
        (FUND, "amount = 5000", "amount = 6000"),
        "funds.kas-sosial.dues.iuran-sosial.tariffs",
    ),
}
FORMATS = ("text", "html", "xlsx", "json")


@pytest.fixture
def old(sealed: Typist) -> Typist:
    """The sealed book with officers; the clock a year on after `--year` papers."""
    sealed.clock("2026-02-06T19:30:00+07:00")
    sealed.must("org", "edit", "rt-07", "--chair", "Pak Hasan", "--treasurer", "Bu Siti")
    sealed.clock("2026-02-07T19:00:00+07:00")
    sealed.must("contribute", "kas-sosial", "tini", "5000", "--date", "2026-02-07")
    return sealed


@pytest.fixture
def papers(old: Typist) -> Callable[[], list[Path]]:
    def save() -> list[Path]:
        found = []
        for name, *words in (("annual", "annual"), ("dues", "contributions", "--fund", "kas-sosial")):
            for format_ in FORMATS:
                found.append(old.folder / f"{name}.{format_}")
                old.must(*words, "--year", "2026", "--format", format_, "--output", str(found[-1]))
        return found

    return save


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_by_decision_leaves_older_seals_and_papers_true(
    old: Typist, papers: Callable[[], list[Path]], what: str
) -> None:
    words, _, fact = CHANGES[what]
    text = str(seal_of(old)["text"])
    saved = papers()
    old.clock("2027-03-01T19:00:00+07:00")
    old.must(*words)
    answer = old.must("verify", text, "--format", "json")
    (line,) = [one["line"] for one in answer.json["seals"][0]["facts"]["decided"] if f'"{fact}"' in one["line"]]
    assert "at = 2027-03-01" in line
    told = old.must("verify", text).out
    assert told.startswith("Verified: all ")
    assert "Decided since, and changed in the registers:\n" in told
    for path in saved:
        answer = old("verify", str(path))
        assert answer.code == 0, answer.out + answer.err
        assert answer.out.startswith("Every figure of the paper is what the book gives.\nVerified: ")


@pytest.mark.parametrize("what", CHANGES)
def test_the_same_change_by_hand_is_found(old: Typist, what: str) -> None:
    _, change, _ = CHANGES[what]
    text = str(seal_of(old)["text"])
    name, before, after = change
    if what == "chair":
        before, after = "Pak Hasan", "Bu Wati"
    rewrite(old, name, lambda register: register.replace(before, after, 1))
    answer = old("verify", text)
    assert (answer.code, "the registers say something else" in answer.out) == (1, True)
    # Decided afterwards, it is told who accepted it, and no longer hidden.
    old.clock("2027-03-01T19:00:00+07:00")
    old.must("accept", "--reason", "rapat warga")
    answer = old.must("verify", text)
    assert "Decided since, and changed in the registers:\n" in answer.out


def test_several_changes_one_after_another(old: Typist) -> None:
    texts = []
    for year, name in enumerate(("Bu Ani", "Bu Eni", "Bu Siti"), 2027):
        texts.append(str(seal_of(old)["text"]))
        old.clock(f"{year}-03-01T19:00:00+07:00")
        old.must("org", "edit", "rt-07", "--treasurer", "Pak Salah Tulis")
        old.must("org", "edit", "rt-07", "--treasurer", name)  # in the same second
        old.must("member", "add", f"x{year}", f"Warga {year}")
    for text in texts:
        old.must("verify", text)


def test_a_hand_beside_a_decision_is_still_found(old: Typist) -> None:
    text = str(seal_of(old)["text"])
    old.clock("2027-03-01T19:00:00+07:00")
    old.must("org", "edit", "rt-07", "--treasurer", "Bu Ani")
    rewrite(old, "rt-07/members.toml", lambda register: register.replace("Budi Santoso", "Budi Susanto"))
    assert old("verify", text).code == 1


def test_a_decision_taken_out_is_missed_by_older_seals_by_check_and_by_audit(old: Typist) -> None:
    old.must("accept", "--reason", "awal buku")
    old.must("init", "--git")
    text = str(seal_of(old)["text"])
    old.clock("2027-03-01T19:00:00+07:00")
    old.must("org", "edit", "rt-07", "--treasurer", "Bu Ani")
    old.must("sync")
    old.must("verify", text)
    decisions = old.folder / "ledgers" / "rt-07" / "2027.toml"
    lines = decisions.read_text().splitlines(keepends=True)
    decisions.write_text("".join(line for line in lines if '"organisation.treasurer"' not in line))
    assert old("verify", text).code == 1
    assert "organisation.treasurer" in old("check").out
    assert "organisation.treasurer" in old("audit").out
