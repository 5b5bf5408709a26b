"""An evening at the screens: what she presses, what the terminal shows, what then stands in the book."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from tests.guided.conftest import NAMES, Screens

MONEY_OF_21_AND_A_HALF = "107500"


def test_an_evening_of_25_houses_takes_at_most_40_keys(neighbourhood: Typist, screens: Screens) -> None:
    """Three absent, one part payment, the money on the table compared; Enter after `wksbm` and the word itself count too."""
    before = len("wksbm") + 1
    told = screens(
        *(
            "1",
            ":ma",
            "space",
            ":um",
            "space",
            ":vi",
            "space",
            ":ek",
            ":2500",
            "enter",
            f":{MONEY_OF_21_AND_A_HALF}",
            "enter",
        )
    )
    assert "Rp107,500" in told and "wksbm collect" in told
    assert before + screens.keys <= 40
    line = neighbourhood.lines()[-1]
    assert 'empty = ["kk-013", "kk-021", "kk-022"]' in line and "kk-005 = 2500" in line
    assert neighbourhood.must("check").out.endswith("nothing is wrong.\n")


def test_the_command_told_would_have_recorded_the_same(
    neighbourhood: Typist, screens: Screens, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = screens("1", "space", "down", ":2500", "down", "+", "enter", "enter")
    command = told.partition("The same, typed: wksbm ")[2].split("Enter goes on")[0].split()
    assert command[0] == "collect"
    recorded = neighbourhood.lines()[-1].partition(" = ")[2]
    neighbourhood.must("reverse", "last", "--reason", "typed again")
    neighbourhood.clock("2026-03-01T20:05:00+07:00")
    neighbourhood.must(*command)
    assert neighbourhood.lines()[-1].partition(" = ")[2].split(", at = ")[0] == recorded.split(", at = ")[0]


def test_money_that_does_not_agree_is_not_recorded(neighbourhood: Typist, screens: Screens) -> None:
    before = neighbourhood.lines()
    told = screens("1", "space", "enter", ":100000", "enter")
    assert "Rp100,000 on the table, Rp120,000 marked" in told
    assert neighbourhood.lines() == before


def test_what_was_marked_is_offered_again_after_a_crash(neighbourhood: Typist, screens: Screens) -> None:
    screens("1", "space", "down", ":2500")  # and the terminal is closed
    told = screens("1")
    assert "· Agus Wibowo" in told and "½ Budi Santoso" in told and "24 houses gave: Rp117,500" in told
    screens("1", "enter", "enter")
    assert "kk-002 = 2500" in neighbourhood.lines()[-1]
    neighbourhood.must("reverse", "last", "--reason", "again")
    assert "25 houses gave: Rp125,000" in screens("1"), "recorded marks are not offered again"


def test_who_has_paid_ahead_is_locked_and_says_until_when(neighbourhood: Typist, screens: Screens) -> None:
    neighbourhood.must("contribute", "kas-sosial", "budi", "15000")
    told = screens("1", "down", "space")
    assert "= Budi Santoso" in told and "paid up to May 2026" in told
    assert "24 houses gave: Rp120,000" in told
    screens("1", "enter", "enter")
    assert "kk-002" not in neighbourhood.lines()[-1]


def test_a_second_round_begins_with_nobody(neighbourhood: Typist, screens: Screens) -> None:
    neighbourhood.must("collect", "kas-sosial", "--absent", "budi,vina")
    assert "0 houses gave" in screens("1")
    screens("1", ":bu", "space", "enter", "enter")
    assert "members = { kk-002 = 5000 }" in neighbourhood.lines()[-1]


def test_a_sheet_that_another_program_wrote_meanwhile_is_refused_in_its_words(
    neighbourhood: Typist, screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wksbm_cli.guided.sheet import CollectionSheet

    record = CollectionSheet._record

    def meanwhile(grid: CollectionSheet) -> None:
        neighbourhood.must("collect", "kas-sosial", "--absent", "")
        record(grid)

    monkeypatch.setattr(CollectionSheet, "_record", meanwhile)
    told = screens("1", "space", "enter", "enter")
    assert "has a sheet for March 2026 already" in told
    assert len(neighbourhood.lines()) == 2


def test_one_payment_by_the_form(neighbourhood: Typist, screens: Screens) -> None:
    told = screens("2", ":kas", "enter", ":tini", "enter", ":10rb", "enter", "enter", "enter", "enter")
    assert "Only shown; nothing was recorded:" in told and "Tini Lestari: Rp10,000" in " ".join(told.split())
    assert len(neighbourhood.lines()) == 1
    told = screens("2", ":kas", "enter", ":tini", "enter", ":10rb", "enter", "enter", "enter", "enter", "enter")
    assert "wksbm contribute rt-07/kas-sosial kk-020 10rb" in told
    assert "members = { kk-020 = 10000 }" in neighbourhood.lines()[-1]


def test_a_refusal_stands_in_the_form_and_what_was_typed_stays(neighbourhood: Typist, screens: Screens) -> None:
    told = screens("6", ":kas", "enter", ":900rb", "enter", ":lampu", "enter", "enter", "enter")
    assert "900rb" in told and "lampu" in told
    assert "(Kas) would be Rp800,000 short" in " ".join(told.split()), "the sentence of the command line"
    assert len(neighbourhood.lines()) == 1


def test_what_a_refusal_says_to_add_can_be_added_in_the_form(neighbourhood: Typist, screens: Screens) -> None:
    """From the note, F2 shows the permissions: a day to come, more than is there."""
    to_the_end = ("enter", "enter", "enter", "enter")
    told = screens(
        *("6", ":kas", "enter", ":900rb", "enter", ":lampu", "enter", "enter", "enter"),
        *("f2", "tab", "tab", ":y", *to_the_end, "enter"),
    )
    assert "--allow-negative" in told
    assert 'allowed = ["negative"]' in neighbourhood.lines()[-1]


@pytest.mark.parametrize("choice", "234567")
def test_every_form_opens_with_the_fields_of_its_command(neighbourhood: Typist, screens: Screens, choice: str) -> None:
    told = screens(choice)
    assert "Fund: rt-07/kas-sosial" in told and "Kas Sosial  (rt-07/kas-sosial)" in told


def test_the_last_entry_is_cancelled_in_three_keys(neighbourhood: Typist, screens: Screens) -> None:
    neighbourhood.must("contribute", "kas-sosial", "budi", "5000")
    told = screens("9", "b", "enter")
    assert "Cancels" in told and "typed wrongly" in told
    assert screens.keys == 3
    assert 'kind = "reversal"' in neighbourhood.lines()[-1]


def test_a_receipt_is_read_from_the_last_entries(neighbourhood: Typist, screens: Screens) -> None:
    neighbourhood.must("contribute", "kas-sosial", "budi", "5000")
    assert "wksbm receipt" in screens("9", "enter", "end")


def test_the_first_screen_tells_money_entries_and_what_waits(neighbourhood: Typist, screens: Screens) -> None:
    neighbourhood.must("fund", "add", "rt-07/jimpitan", "Jimpitan", "--type", "jimpitan")
    neighbourhood.must("fund", "due", "jimpitan", "jimpitan", "500", "--cycle", "night", "--from", "2026-03-01")
    neighbourhood.clock("2026-03-04T20:00:00+07:00")
    neighbourhood.must("collect", "jimpitan", "--absent", "", "--date", "2026-03-02", "--collector", "kk-004")
    told = screens()
    assert "Kas Sosial: Rp100,000" in told
    assert "Jimpitan: nothing recorded for 1 March 2026, 3 March 2026 to 4 March 2026" in told
    assert "Jimpitan: Rp12,500 in the hands of Darmi" in told


def test_a_book_from_five_questions(typist: Typist, screens: Screens) -> None:
    names = [key for name in NAMES[:3] for key in (f":{name}", "enter")]
    told = screens(
        *(":RT 05", "enter", ":Ratna Dewi", "enter", *names, "ctrl+n"),
        *("down", "down", "space", "enter", "enter", ":250rb", "enter", "enter", "enter"),
    )
    assert "RT 05, kept by Ratna Dewi" in told and "3 members" in told and "in hand 250rb" in told
    assert not (typist.folder / "ledgers").exists(), "nothing is written before the end"
    told = screens(
        *(":RT 05", "enter", ":Ratna Dewi", "enter", *names, "ctrl+n"),
        *("down", "down", "space", "enter", "enter", ":250rb", "enter", "enter", "enter", "enter"),
    )
    assert "Neighbourhood fund: Rp250,000" in told
    assert typist.must("check").out.endswith("nothing is wrong.\n")
    assert "Agus Wibowo" in typist.must("member", "list").out


def test_an_answer_that_no_command_takes_is_told_before_anything_is_made(typist: Typist, screens: Screens) -> None:
    told = screens(":RT 05", "enter", ":Ratna", "enter", ":Budi", "ctrl+n", "enter", ":x", "enter", "enter")
    assert '"x" cannot be read as an amount.' in told
    assert not (typist.folder / "ledgers").exists()


@pytest.mark.parametrize("size", [(45, 20), (80, 24)])
def test_two_hundred_houses_fit_small_terminals(typist: Typist, screens: Screens, size: tuple[int, int]) -> None:
    typist.must("init", "RW 01")
    typist.must("org", "add", "rw-01", "RW 01")
    (typist.folder / "names.txt").write_text(
        "".join(f"Rumah {number} yang namanya panjang sekali\n" for number in range(200))
    )
    typist.must("member", "add", "--file", "names.txt")
    typist.must("fund", "add", "rw-01/kas", "Kas")
    typist.must("fund", "due", "kas", "iuran", "5000", "--from", "2026-03-01")
    told = screens("1", "end", "space", size=size)
    assert "199 houses gave: Rp995,000" in told
    assert "Rumah 199 yang" in told
    assert all(len(line) <= size[0] for line in told.splitlines())
