"""What a check says of loans, savings and arisan pots that do not agree with one another."""

from __future__ import annotations

import pytest

from tests.damaged import Damaged
from wksbm_cli.domain.arisan import draw

SAVINGS = "rt-07/simpan-pinjam"
ARISAN = "rt-07/arisan"
LOAN = 'kind = "loan", amount = 100000, member = "r001", rate = 1, method = "flat", instalments = 10, cycle = "month"'


@pytest.fixture
def damaged(damaged: Damaged) -> Damaged:
    """The small book with a fund that lends, and an arisan of three slots."""
    root = damaged.book.folder / "ledgers"
    for fund, text in {
        SAVINGS: 'name = "Simpan Pinjam"\ntype = "savings"\n[places.kas]\n[savings.wajib]\n[loans]\nrate = 1\n',
        ARISAN: (
            'name = "Arisan"\ntype = "arisan"\n[places.kas]\n'
            "[arisan]\ncontribution = 50000\nstart = 2026-01-01\n"
            + "".join(f"[arisan.slots.s{n}]\nmembers = {{ r00{n} = 1 }}\n" for n in (1, 2, 3))
        ),
    }.items():
        (root / fund).mkdir()
        (root / fund / "fund.toml").write_text(text)
        damaged.put('date = 2026-01-01, kind = "opening", amount = 1000000', fund)
    damaged.book.must("accept", "--reason", "Rapat")
    return damaged


def test_principal_repaid_beyond_what_was_lent(damaged: Damaged) -> None:
    loan = damaged.put(f"date = 2026-01-02, {LOAN}", SAVINGS)
    pay = f'kind = "repayment", member = "r001", loan = "{loan}"'
    damaged.put(f"date = 2026-01-03, {pay}, amount = 61000, charge = 1000", SAVINGS)
    over = damaged.put(f"date = 2026-01-04, {pay}, amount = 41000, charge = 500", SAVINGS)
    damaged.put(f"date = 2026-01-05, {pay}, amount = 500", SAVINGS)
    assert damaged.found() == [("error", "loan-overpaid", f"{SAVINGS}/2026.toml:6")]
    damaged.put(f'date = 2026-01-06, kind = "reversal", of = "{over}", reason = "x"', SAVINGS)
    assert damaged.found() == []


def test_a_repayment_of_no_loan_of_this_member(damaged: Damaged) -> None:
    loan = damaged.put(f"date = 2026-01-02, {LOAN}", SAVINGS)
    damaged.put('date = 2026-01-03, kind = "repayment", amount = 5, member = "r001", loan = "000000000000"', SAVINGS)
    damaged.put(f'date = 2026-01-03, kind = "repayment", amount = 5, member = "r002", loan = "{loan}"', SAVINGS)
    assert damaged.found() == [("error", "loan-unknown", f"{SAVINGS}/2026.toml:{line}") for line in (5, 6)]


def test_a_withdrawal_of_more_than_was_saved(damaged: Damaged) -> None:
    own = 'member = "r001", class = "wajib"'
    damaged.put(f'date = 2026-01-03, kind = "withdrawal", amount = 30000, {own}', SAVINGS)
    damaged.put(f'date = 2026-01-03, kind = "saving", amount = 50000, {own}', SAVINGS)
    damaged.put('date = 2026-01-03, kind = "saving", amount = 50000, member = "r002", class = "wajib"', SAVINGS)
    damaged.put(f'date = 2026-01-04, kind = "withdrawal", amount = 20001, {own}', SAVINGS)
    assert damaged.found() == [("error", "savings-overdrawn", f"{SAVINGS}/2026.toml:7")]


@pytest.mark.parametrize(
    ("payments", "line"),
    [
        ("amount = 100001", 5),
        ("amount = 100000|amount = 500", 6),
        ("amount = 60000, charge = 9999|amount = 2, charge = 2", 6),
        ("amount = 10000, charge = 10000|amount = 5000, charge = 5000", 6),
    ],
)
def test_a_rupiah_more_than_was_lent_or_agreed(damaged: Damaged, payments: str, line: int) -> None:
    """A hundred thousand at one percent in ten instalments: no more than that is repaid, and no more than 10.000 charged."""
    loan = damaged.put(f"date = 2026-01-02, {LOAN}", SAVINGS)
    for each in payments.split("|"):
        damaged.put(f'date = 2026-01-03, kind = "repayment", member = "r001", loan = "{loan}", {each}', SAVINGS)
    assert damaged.found() == [("error", "loan-overpaid", f"{SAVINGS}/2026.toml:{line}")]


def test_all_that_was_lent_and_agreed_is_no_rupiah_too_much(damaged: Damaged) -> None:
    loan = damaged.put(f"date = 2026-01-02, {LOAN}", SAVINGS)
    pay = f'kind = "repayment", member = "r001", loan = "{loan}"'
    damaged.put(f"date = 2026-01-03, {pay}, amount = 112000, charge = 10000, fine = 2000", SAVINGS)
    assert damaged.found() == []


def test_more_given_back_than_was_covered(damaged: Damaged) -> None:
    loan = damaged.put(f"date = 2026-01-02, {LOAN}", SAVINGS)
    of_loan = f'member = "r001", loan = "{loan}"'
    damaged.put(f'date = 2026-01-03, kind = "repayment", amount = 11000, covered_by = "r002", {of_loan}', SAVINGS)
    back = f'kind = "settlement", to_coverer = "r002", {of_loan}'
    damaged.put(f"date = 2026-01-04, {back}, amount = 6000", SAVINGS)
    damaged.put(f"date = 2026-01-05, {back}, amount = 5000", SAVINGS)
    assert damaged.found() == []
    damaged.put(f"date = 2026-01-06, {back}, amount = 1", SAVINGS)
    assert damaged.found() == [("error", "cover-overpaid", f"{SAVINGS}/2026.toml:8")]


def test_more_given_back_in_an_arisan_than_was_covered(damaged: Damaged) -> None:
    paid = 'kind = "contribution", due = "arisan", members = { r001 = 50000 }, covered_by = "r002"'
    damaged.put(f"date = 2026-01-02, {paid}", ARISAN)
    back = 'kind = "settlement", member = "r001", to_coverer = "r002"'
    damaged.put(f"date = 2026-01-03, {back}, amount = 50000", ARISAN)
    assert damaged.found() == []
    damaged.put(f"date = 2026-01-04, {back}, amount = 50000", ARISAN)
    assert damaged.found() == [("error", "cover-overpaid", f"{ARISAN}/2026.toml:6")]


def test_a_surplus_shared_out_twice(damaged: Damaged) -> None:
    damaged.put('date = 2026-01-03, kind = "surplus", year = 2025, members = { r001 = 1000 }', SAVINGS)
    damaged.put('date = 2026-01-03, kind = "surplus", year = 2024, members = { r001 = 1000 }', SAVINGS)
    damaged.put('date = 2026-01-04, kind = "surplus", year = 2025, members = { r002 = 1000 }', SAVINGS)
    assert damaged.found() == [("error", "surplus-twice", f"{SAVINGS}/2026.toml:6")]


def win(round_: int, slot: str | None, left: list[str], seed: str = "bulan purnama") -> str:
    drawn = draw(seed, round_, left)
    slots = ", ".join(f'"{one}"' for one in left)
    return (
        f'date = 2026-0{round_}-02, kind = "win", slot = "{slot or drawn}", round = {round_},'
        f' method = "draw", seed = "{seed}", candidates = [{slots}]'
    )


def payout(round_: int, slot: str, amount: int = 150000) -> str:
    return f'date = 2026-0{round_}-02, kind = "payout", slot = "{slot}", round = {round_}, members = {{ r00{slot[1]} = {amount} }}'


def test_a_draw_that_can_be_redone_and_its_pot(damaged: Damaged) -> None:
    first = draw("bulan purnama", 1, ["s1", "s2", "s3"])
    damaged.put(win(1, None, ["s1", "s2", "s3"]), ARISAN)
    damaged.put(payout(1, first), ARISAN)
    assert damaged.found() == []


def test_wins_that_do_not_follow_from_their_lines(damaged: Damaged) -> None:
    first = draw("bulan purnama", 1, ["s1", "s2", "s3"])
    other = next(slot for slot in ("s1", "s2", "s3") if slot != first)
    damaged.put(win(1, other, ["s1", "s2", "s3"]), ARISAN)
    assert damaged.found() == [("error", "win-unproven", f"{ARISAN}/2026.toml:4")]


def test_a_slot_wins_once_and_a_round_has_one_winner(damaged: Damaged) -> None:
    first = draw("bulan purnama", 1, ["s1", "s2", "s3"])
    left = [slot for slot in ("s1", "s2", "s3") if slot != first]
    damaged.put(win(1, None, ["s1", "s2", "s3"]), ARISAN)
    damaged.put(win(2, first, ["s1", "s2", "s3"]), ARISAN)
    damaged.put(win(1, left[0], left), ARISAN)
    assert damaged.found() == [("error", "win-twice", f"{ARISAN}/2026.toml:{line}") for line in (5, 6)]


def test_pots_paid_to_whom_they_are_not_due(damaged: Damaged) -> None:
    first = draw("bulan purnama", 1, ["s1", "s2", "s3"])
    other = next(slot for slot in ("s1", "s2", "s3") if slot != first)
    damaged.put(win(1, None, ["s1", "s2", "s3"]), ARISAN)
    damaged.put(payout(1, other), ARISAN)
    damaged.put(payout(1, first, 140000), ARISAN)
    damaged.put(payout(1, first), ARISAN)
    assert damaged.found() == [
        ("error", "payout-unknown", f"{ARISAN}/2026.toml:5"),
        ("error", "payout-amount", f"{ARISAN}/2026.toml:6"),
        ("error", "payout-twice", f"{ARISAN}/2026.toml:7"),
    ]


def test_a_win_of_a_round_that_the_arisan_does_not_have(damaged: Damaged) -> None:
    left = ["s1", "s2", "s3"]
    for round_ in (1, 2):
        damaged.put(win(round_, None, left), ARISAN)
        left.remove(draw("bulan purnama", round_, left))
    damaged.put(win(4, None, left).replace("2026-04-02", "2026-02-03"), ARISAN)
    assert damaged.found() == [("error", "win-round", f"{ARISAN}/2026.toml:6")]


def test_a_bid_of_the_whole_pot(damaged: Damaged) -> None:
    rules = damaged.book.folder / "ledgers" / ARISAN / "fund.toml"
    rules.write_text(rules.read_text().replace("[arisan]\n", '[arisan]\nmethod = "bid"\n'))
    damaged.book.must("accept", "--reason", "Rapat")
    line = 'date = 2026-01-02, kind = "win", slot = "s1", round = 1, method = "bid", candidates = ["s1", "s2", "s3"]'
    bid = damaged.put(f"{line}, bid = 149999", ARISAN)
    assert damaged.found() == []
    damaged.put(f'date = 2026-01-02, kind = "reversal", of = "{bid}", reason = "x"', ARISAN)
    damaged.put(f"{line}, bid = 150000", ARISAN)
    assert damaged.found() == [("error", "bid", f"{ARISAN}/2026.toml:6")]
