"""What members saved is theirs: what goes out of their fund takes nothing of it unless they agreed, typed or forged."""

from __future__ import annotations

import shlex

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged

USP = "rt-07/usp"
# Ways out of a fund, of 60.000 each; the last is of the fund's own terms.
WAYS = {
    "disburse": "disburse usp 60rb --to Karsini --for Besuk",
    "spend": "spend usp 60rb --for Meja",
    "return": "return usp 60rb --to Kelurahan --reason Sisa",
    "transfer": "transfer usp kas-sosial 60rb --reason Talangan",
    "exchange": "exchange usp 60rb '5 kg beras'",
    "lend": "lend usp budi 60rb",
}
AGREED = ("--from-savings", "--approved-by", "Harno Wiyono", "--because", "Rapat anggota 1 Februari")


@pytest.fixture
def usp(book: Typist) -> Typist:
    """A fund with 50.000 of its own, in which Budi has saved 100.000."""
    for line in (
        "org edit --chair 'Harno Wiyono'",
        "fund add rt-07/usp 'Simpan Pinjam' --type savings",
        "fund savings usp sukarela",
        "fund loans usp --rate 1 --instalments 10",
        "opening usp 50rb --date 2026-01-01",
        "save usp budi 100rb --date 2026-01-02",
    ):
        book.must(*shlex.split(line))
    return book


@pytest.mark.parametrize("way", WAYS)
def test_whatever_goes_out_takes_nothing_of_what_was_saved(usp: Typist, way: str) -> None:
    typed = [*shlex.split(WAYS[way]), "--date", "2026-02-01"]
    before = usp.files()
    answer = usp(*typed)
    assert (answer.code, answer.err.splitlines()[0]) == (
        3,
        "Simpan Pinjam would have Rp90,000 left, and holds Rp100,000 that its members have saved.",
    )
    assert usp(*typed, "--from-savings").code == 3, "somebody approves it"
    if "--reason" not in typed:
        assert usp(*typed, *AGREED[:3]).code == 3, "and it says why"
    assert usp.files() == before
    usp.must(*typed, *AGREED)
    assert 'allowed = ["savings"]' in usp.lines(USP)[-1]
    found = [(each["severity"], each["code"]) for each in usp("check", "--format", "json").json["findings"]]
    assert set(found) <= {("warning", "members-money")}


def test_what_is_the_funds_own_goes_out_without_a_word(usp: Typist) -> None:
    usp.must("spend", "usp", "50rb", "--for", "Meja", "--date", "2026-02-01", *AGREED)
    assert "allowed" not in usp.lines(USP)[-1]
    assert "reason" not in usp.lines(USP)[-1]
    assert usp("spend", "usp", "1", "--for", "Lem", "--date", "2026-02-01").code == 3


def test_a_fund_that_lends_what_is_saved_says_so_by_its_terms(usp: Typist) -> None:
    """The hint, typed as it is told; what is lent is still there for those who saved, what is spent is not."""
    lend = ("lend", "usp", "budi", "140rb", "--date", "2026-02-01")
    assert "wksbm fund loans rt-07/usp --lends-savings" in usp(*lend).err
    usp.must("fund", "loans", USP, "--lends-savings")
    usp.must(*lend)
    usp.must("spend", "usp", "10rb", "--for", "Buku", "--date", "2026-02-02")
    assert usp.must("check").code == 0
    usp.must("income", "usp", "90rb", "--from", "Bank", "--date", "2026-02-03")
    usp.must("fund", "loans", USP, "--keeps-savings")
    assert usp("spend", "usp", "10rb", "--for", "Buku", "--date", "2026-02-04").code == 3


def test_what_stands_is_found_and_closes_all_the_same(damaged: Damaged) -> None:
    book = damaged.book
    book.must("fund", "savings", "kas-sosial", "sukarela")
    book.must("save", "kas-sosial", "budi", "2jt", "--class", "sukarela", "--date", "2026-02-01")
    spent = 'date = 2026-02-02, kind = "expense", amount = 2000000, purpose = "Tenda"'
    damaged.put(spent, at="2026-03-01T19:30:00+07:00")
    assert ("warning", "members-money") in [found[:2] for found in damaged.found()]
    book.must("close", "2026-02", "--fund", "kas-sosial")
