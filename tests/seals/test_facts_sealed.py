"""What a seal says of the registers: names, tariffs, who owed what and which periods were closed when a report was made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Typist
from tests.seals.test_seal import seal_of
from wksbm_cli.domain.seal import find_seals

MEMBERS = "rt-07/members.toml"
FUND = "rt-07/kas-sosial/fund.toml"
# Made by the program of the first form over the book of the fixture `sealed`.
OLD_WHOLE = "wksbm1 all 5 2026-02-06T19:00:00+07:00 45d66805-8ee53588-e9339f23-727105aa-583f55e3"
OLD_FUND = "wksbm1 rt-07/kas-sosial 3 2026-02-05T19:00:00+07:00 a32fdd09-f35eeb1f-6955852c-f7625e75-02525cd9"


def rewrite(book: Typist, name: str, change: Callable[[str], str]) -> None:
    """Change a register as an editor would."""
    path = book.folder / "ledgers" / name
    before = path.read_text()
    after = change(before)
    assert after != before
    path.write_text(after)


@pytest.mark.parametrize("text", [OLD_WHOLE, OLD_FUND])
def test_a_seal_of_the_first_form_stays_readable(sealed: Typist, text: str) -> None:
    answer = sealed.must("verify", text)
    assert "all" in answer.out
    assert "does not cover names, tariffs and closings" in answer.out
    ledger = sealed.ledger()
    ledger.write_text(ledger.read_text().replace("{ r001 = 5000 }", "{ r001 = 4000 }"))
    assert sealed("verify", text).code == 1


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (MEMBERS, "Budi Santoso", "Budi Susanto"),
        (MEMBERS, 'name = "Tini Lestari"', 'name = "Tini Lestari"\nexemptions = [{ from = 2026-01-01 }]'),
        (MEMBERS, 'name = "Tini Lestari"', 'name = "Tini Lestari"\njoined = 2026-02-01'),
        (MEMBERS, 'name = "Tini Lestari"', 'name = "Tini Lestari"\nleft = 2026-01-31'),
        (FUND, "amount = 5000", "amount = 4000"),
        (FUND, 'name = "Kas Sosial"', 'name = "Kas Warga"'),
        ("rt-07/organisation.toml", 'name = "RT 07"', 'name = "RT 07"\ntreasurer = "Budi"'),
    ],
)
def test_a_fact_changed_under_a_seal_is_found(sealed: Typist, name: str, before: str, after: str) -> None:
    text = str(seal_of(sealed, "--fund", "kas-sosial")["text"])
    rewrite(sealed, name, lambda register: register.replace(before, after, 1))
    answer = sealed("verify", text)
    assert (answer.code, answer.out.splitlines()) == (
        1,
        [
            "NOT VERIFIED: all 3 lines are still there, unchanged, but the registers say something else of 5 February 2026.",
            "What they said when it was sealed is not in git's history.",
        ],
    )
    rewrite(sealed, name, lambda register: register.replace(after, before, 1))
    sealed.must("verify", text)


def test_swapped_names_are_found_and_git_tells_which(sealed: Typist) -> None:
    sealed.must("init", "--git")
    sealed.must("sync")
    text = str(seal_of(sealed)["text"])
    rewrite(sealed, MEMBERS, lambda names: names.replace("Budi Santoso", "X").replace("Tini Lestari", "Budi Santoso"))
    rewrite(sealed, MEMBERS, lambda names: names.replace('"X"', '"Tini Lestari"'))
    facts = sealed("verify", text, "--format", "json").json["seals"][0]["facts"]
    assert facts["verified"] is False
    assert [(one["key"], one["before"], one["after"]) for one in facts["differences"]] == [
        ("members.r001.name", '"Budi Santoso"', '"Tini Lestari"'),
        ("members.r002.name", '"Tini Lestari"', '"Budi Santoso"'),
    ]
    told = sealed("verify", text).out
    assert 'rt-07/members.toml: members.r001.name\n  - "Budi Santoso"\n  + "Tini Lestari"\n' in told
    assert facts["commit"][:8] in told


def test_swapped_files_of_funds_are_found(sealed: Typist) -> None:
    """Every line stands there as it was; only the funds they are of have changed places."""
    text = str(seal_of(sealed)["text"])
    one, other = sealed.ledger(), sealed.ledger("rt-07/donasi")
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert sealed("verify", text).code == 1
    sealed.must("verify", OLD_WHOLE)  # which is why there is a second form


@pytest.mark.parametrize(
    "words",
    [
        ("fund", "due", "kas-sosial", "iuran-sosial", "6000", "--from", "2026-03-01"),
        ("member", "add", "r004", "Dewi", "--joined", "2026-03-01"),
        ("member", "exempt", "r001", "--from", "2026-03-01", "--reason", "sakit"),
        ("member", "leave", "r002", "--date", "2026-03-31"),
        ("fund", "add", "rt-07/kematian", "Dana Kematian", "--type", "death"),
        ("org", "add", "rt-08", "RT 08"),
        ("close", "2026-01"),
        ("fund", "place", "kas-sosial", "brankas", "Brankas"),
    ],
)
def test_what_begins_after_the_seal_does_it_no_harm(sealed: Typist, words: tuple[str, ...]) -> None:
    texts = [str(seal_of(sealed, *asked)["text"]) for asked in ((), ("--fund", "kas-sosial"))]
    for moment in ("2026-02-06T19:00:00+07:00", "2026-04-01T19:00:00+07:00"):  # in the second of the seal, or later
        sealed.clock(moment)
        sealed(*words)
        for text in texts:
            sealed.must("verify", text)


def test_a_closing_taken_away_or_changed_is_found_by_later_seals(sealed: Typist) -> None:
    sealed.clock("2026-03-01T20:00:00+07:00")
    sealed.must("close", "2026-01", "--fund", "kas-sosial")
    text = str(seal_of(sealed, "--fund", "kas-sosial")["text"])
    assert " 3 2026-03-01T20:00:00+07:00 " in text
    sealed.must("verify", text)
    register = (sealed.folder / "ledgers" / FUND).read_text()
    for change in (
        lambda fund: fund[: fund.index("[[closed]]")],
        lambda fund: fund.replace("amount = 505000", "amount = 405000"),
        lambda fund: fund.replace('period = "2026-01"', 'period = "2025-12"'),
    ):
        rewrite(sealed, FUND, change)
        assert sealed("verify", text).code == 1
        (sealed.folder / "ledgers" / FUND).write_text(register)
    sealed.clock("2026-03-01T20:30:00+07:00")
    sealed.must("reopen", "2026-01", "--fund", "kas-sosial", "--reason", "Nota tertinggal")
    sealed.must("verify", text)
    opened = str(seal_of(sealed, "--fund", "kas-sosial")["text"])
    rewrite(sealed, FUND, lambda fund: fund[: fund.index("reopened = ")])
    assert sealed("verify", opened).code == 1


def test_the_seal_of_each_closing_holds_those_before_it(sealed: Typist) -> None:
    for month, moment in (("2026-01", "2026-02-10T20:00:00+07:00"), ("2026-02", "2026-03-10T20:00:00+07:00")):
        sealed.clock(moment)
        sealed.must("close", month, "--fund", "kas-sosial")
    first, second = (found for found in find_seals((sealed.folder / "ledgers" / FUND).read_text()))
    assert (first.until, second.until) == ("2026-02-05T19:00:00+07:00", "2026-02-10T20:00:00+07:00")
    for seal in (first, second):
        sealed.must("verify", as_typed(seal.facts, sealed))
    rewrite(sealed, FUND, lambda fund: fund.replace('by = "siti"', 'by = "budi"', 1))
    assert [sealed("verify", as_typed(seal.facts, sealed)).code for seal in (first, second)] == [0, 1]


def as_typed(facts: str, book: Typist) -> str:
    """The seal in a fund.toml that has these facts."""
    lines = (book.folder / "ledgers" / FUND).read_text().splitlines()
    return next(line for line in lines if facts[:8] in line).partition('"')[2].rstrip('"')


def test_an_entry_of_a_clock_years_ahead_spoils_no_later_seal(sealed: Typist) -> None:
    sealed.clock("2031-02-07T19:00:00+07:00")
    sealed.must("donate", "donasi", "7000", "--from", "Pak Joko", "--date", "2026-02-07")
    line = sealed.lines("rt-07/donasi")[-1]
    texts = []
    for day in (8, 9, 10):
        sealed.clock(f"2026-02-{day:02}T19:00:00+07:00")
        texts.append(str(seal_of(sealed)["text"]))
        sealed("contribute", "kas-sosial", "agus", "1000", "--date", f"2026-02-{day:02}")
    assert f"wksbm2 all 6 2026-02-06T19:00:00+07:00+{line[:8]} " in texts[0]
    assert f"wksbm2 all 7 2026-02-08T19:00:00+07:00+{line[:8]} " in texts[1]
    for moment in ("2026-02-11T19:00:00+07:00", "2035-02-11T19:00:00+07:00"):
        sealed.clock(moment)
        for text in texts:
            sealed.must("verify", text)
    ledger = sealed.ledger("rt-07/donasi")
    ledger.write_text(ledger.read_text().replace("7000", "70000"))
    assert [sealed("verify", text).code for text in texts] == [1, 1, 1]


def test_a_seal_cut_off_is_told(sealed: Typist) -> None:
    text = str(seal_of(sealed)["text"])
    answer = sealed("verify", text.rpartition(" ")[0])
    assert (answer.code, "ends too early" in answer.err) == (2, True)
    assert sealed("verify", text[:-1] + ("0" if text[-1] != "0" else "1")).code == 1
    assert sealed("verify", text.replace(" 2026-02-06 ", " 2026-02-31 ")).code == 2
