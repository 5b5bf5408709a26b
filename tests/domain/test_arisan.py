"""An arisan: every slot wins once, the cycle sums to nothing, and anyone can redo a draw."""

from __future__ import annotations

import subprocess
from datetime import date
from fractions import Fraction
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.arisan import ArisanRules, Slot, Win, divide_pot, draw, share_of, table_of_slot
from wksbm_cli.domain.cycles import Cycle
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR

NAMES = ["anggrek", "cempaka", "dahlia", "kenanga", "mawar", "melati", "seruni", "teratai"]


def rules(slots: dict[str, dict[str, Fraction]], contribution: int = 12_000, method: str = "draw") -> ArisanRules:
    made = {slug: Slot(slug, shares, order) for order, (slug, shares) in enumerate(slots.items(), 1)}
    return ArisanRules(contribution, Cycle("month"), method, made, start=date(2026, 1, 5))


@st.composite
def circles(draw_: st.DrawFn) -> ArisanRules:
    """Two to eight slots; some held double, some shared by two or three."""
    slots: dict[str, dict[str, Fraction]] = {}
    for number, name in enumerate(NAMES[: draw_(st.integers(2, 8))]):
        holders = draw_(st.sampled_from([1, 1, 1, 2, 3]))
        first = draw_(st.integers(0, number))
        slots[name] = {f"r{first * 10 + holder:03d}": Fraction(1, holders) for holder in range(holders)}
    return rules(
        slots, draw_(st.sampled_from([6000, 12_000, 60_000])), draw_(st.sampled_from(["draw", "order", "bid"]))
    )


@given(circles(), st.text(min_size=1, max_size=20), st.randoms())
def test_a_cycle_sums_to_nothing_and_every_slot_wins_once(circle: ArisanRules, seed: str, random: object) -> None:
    paid: dict[str, int] = {}
    received: dict[str, int] = {}
    won: list[str] = []
    for round_ in range(1, len(circle.slots) + 1):
        for member, weight in circle.weights.items():
            paid[member] = paid.get(member, 0) + int(circle.contribution * weight)
        left = [slot for slot in circle.slots if slot not in won]
        winner = circle.in_turn(won)[0] if circle.method == "order" else draw(f"{seed} {round_}", round_, left)
        bid = random.randrange(circle.pot) if circle.method == "bid" else 0  # type: ignore[attr-defined]
        for member, minor in divide_pot(circle, winner, bid).items():
            received[member] = received.get(member, 0) + minor
        won.append(winner)
        assert sum(paid.values()) == sum(received.values()) == circle.pot * round_, "every pot is paid out whole"
    assert sorted(won) == sorted(circle.slots)
    if circle.method != "bid":
        assert paid == received, "without bidding everyone ends where they began"


def test_the_winner_of_a_bid_leaves_the_rest_to_the_others() -> None:
    circle = rules({name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:4])}, 100_000, "bid")
    divided = {"r0": 300_001, "r1": 33_333, "r2": 33_333, "r3": 33_333}
    assert divide_pot(circle, "anggrek", 100_000) == divided
    assert divide_pot(circle, "anggrek", 100_000, ["cempaka", "dahlia"]) == divided, "who has won is an other too"


def test_a_bid_may_go_to_those_still_waiting_alone() -> None:
    members = {name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:4])}
    circle = rules(members, 100_000, "bid")._replace(bid_shared="waiting")
    assert divide_pot(circle, "cempaka", 90_000, ["anggrek"]) == {"r1": 310_000, "r2": 45_000, "r3": 45_000}
    assert divide_pot(circle, "cempaka", 90_000, ["anggrek", "dahlia", "kenanga"]) == {"r1": 400_000}


def test_a_bid_below_the_lowest_or_not_below_the_pot_wins_nothing() -> None:
    members = {name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:3])}
    circle = rules(members, 100_000, "bid")._replace(min_bid=5000)
    for bid, wins in ((4999, False), (5000, True), (299_999, True), (300_000, False)):
        told = Win("0" * 12, 1, "anggrek", "bid", tuple(members), bid=bid)
        assert told.proves_itself(circle, []) == wins, bid


def test_the_turn_is_that_of_the_order_fixed() -> None:
    one = Fraction(1)
    slots = {name: Slot(name, {"r1": one}, order) for name, order in (("anggrek", 3), ("melati", 1), ("mawar", 2))}
    circle = ArisanRules(10_000, Cycle("month"), "order", slots, start=date(2026, 1, 5))
    assert circle.in_turn([]) == ["melati", "mawar", "anggrek"]
    assert circle.in_turn(["melati"]) == ["mawar", "anggrek"]


def test_the_pot_is_what_all_slots_pay() -> None:
    """docs/practice.md#arisan: a pot of 100.000 for 8 members is 12.500 each."""
    circle = rules({name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES)}, 12_500)
    assert circle.pot == 100_000
    assert circle.rounds[0] == "2026-01"
    assert circle.rounds[-1] == "2026-08"


def test_shares_of_a_slot_make_one() -> None:
    with pytest.raises(UnknownKey, match="make 5/6, not one"):
        ArisanRules.from_table(
            {"contribution": 60_000, "slots": {"mawar": {"members": {"r001": "1/2", "r002": "1/3"}}}}, IDR
        )


def test_a_share_is_a_whole_amount() -> None:
    with pytest.raises(UnknownKey, match="no whole amount"):
        ArisanRules.from_table(
            {"contribution": 50_000, "slots": {"mawar": {"members": {"r001": "1/3", "r002": "2/3"}}}}, IDR
        )


@pytest.mark.parametrize(
    ("written", "part"),
    [(1, Fraction(1)), ("1", Fraction(1)), ("2/2", Fraction(1)), ("1/999", Fraction(1, 999))]
    + [(none, None) for none in (0, "0", "0/2", "3/2", "1/0", "-1", "1/1000", "0.5", 0.5, 1.0, True)],
)
def test_a_share_is_a_part_of_a_slot_and_no_more_than_all_of_it(written: object, part: Fraction | None) -> None:
    assert share_of(written) == part


@pytest.mark.parametrize(
    ("shares", "order", "table"),
    [
        ({"r001": Fraction(1)}, 0, {"members": {"r001": 1}}),
        ({"r001": Fraction(1, 2), "r002": Fraction(1, 2)}, 7, {"members": {"r001": "1/2", "r002": "1/2"}, "order": 7}),
    ],
)
def test_a_slot_written_down_keeps_its_shares_and_its_turn(
    shares: dict[str, Fraction], order: int, table: dict[str, object]
) -> None:
    assert table_of_slot(shares, order) == table
    assert Slot.from_table("mawar", table) == Slot("mawar", shares, order)


def test_a_contribution_is_a_rupiah_at_least() -> None:
    made = ArisanRules.from_table({"contribution": 1}, IDR)
    assert (made.contribution, made.min_bid, made.rounds, made.last_day()) == (1, 0, [], None)
    with pytest.raises(UnknownKey, match="more than nothing"):
        ArisanRules.from_table({"contribution": 0}, IDR)


def test_without_a_bid_the_winner_has_all_of_the_pot() -> None:
    circle = rules({name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:2])})
    assert divide_pot(circle, "cempaka") == {"r1": 24_000}


@pytest.mark.skipif(which("b2sum") is None, reason="coreutils' b2sum is not installed")
def test_a_draw_is_redone_with_coreutils() -> None:
    """The very lines of the module's own documentation, for a seed with spaces and signs."""
    seed, round_, candidates = "5 Maret 2026, melati & padi", 3, ["anggrek", "melati", "mawar"]
    script = """
        for slot in "$@"; do
          printf '%s  %s\\n' "$(printf '%s\\n%s\\n%s' "$SEED" "$ROUND" "$slot" | b2sum -l 256 | cut -d' ' -f1)" "$slot"
        done | LC_ALL=C sort | head -n 1
    """
    answer = subprocess.run(
        ["sh", "-c", script, "sh", *candidates],
        env={"SEED": seed, "ROUND": str(round_), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split()[1] == draw(seed, round_, candidates)


@given(st.text(min_size=1, max_size=30), st.integers(1, 50), st.permutations(NAMES))
def test_the_order_of_candidates_does_not_matter(seed: str, round_: int, candidates: list[str]) -> None:
    assert draw(seed, round_, candidates) == draw(seed, round_, sorted(candidates))


def test_seeds_choose_fairly() -> None:
    """Over 4,000 seeds each of eight slots wins about 500 times; 400 is more than four standard deviations away."""
    wins = dict.fromkeys(NAMES, 0)
    for number in range(4000):
        wins[draw(f"malam {number}", 1, NAMES)] += 1
    assert min(wins.values()) > 400
    assert max(wins.values()) < 600


def win(slot: str, seed: str = "kata", candidates: tuple[str, ...] = ("anggrek", "cempaka", "dahlia")) -> Win:
    return Win("0" * 12, 1, slot, "draw", candidates, seed)


def test_a_win_that_does_not_follow_from_its_seed_is_found() -> None:
    circle = rules({name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:3])})
    right = draw("kata", 1, NAMES[:3])
    wrong = next(name for name in NAMES[:3] if name != right)
    assert win(right).proves_itself(circle, [])
    assert not win(wrong).proves_itself(circle, [])


def test_a_candidate_left_out_is_found() -> None:
    circle = rules({name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:3])})
    two = ("anggrek", "cempaka")
    assert not win(draw("kata", 1, two), candidates=two).proves_itself(circle, [])


def test_a_draw_on_paper_rests_on_two_who_saw_it() -> None:
    circle = rules({name: {f"r{number}": Fraction(1)} for number, name in enumerate(NAMES[:3])})
    seen = win("cempaka", "")._replace(method="paper", named=("r001", "r002"))
    assert seen.proves_itself(circle, [])
    assert not seen._replace(named=("r001", "r001")).proves_itself(circle, [])
    assert not seen.proves_itself(circle, ["cempaka"])
