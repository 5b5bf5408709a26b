"""Names that may be one person's, and names that the eye takes for one another."""

from __future__ import annotations

import pytest

from wksbm_cli.domain.likeness import alike_among, look_alike, may_be_same_person, those_meant


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("siti", "Siti Rahayu", True),
        ("Siti Rahayu", "siti", True),
        ("Joko Prasetyo", "Keluarga Joko Prasetyo", True),
        ("Keluarga Joko", "Joko Prasetyo", True),
        ("Anak yatim RT 07", "Warga RT 08", False),
        ("Siti Rahayu", "Siti Aminah", False),
        ("Joko", "Jokowi", False),
        ("", "siti", False),
        ("S\u0456ti Rahayu", "siti", True),  # a Cyrillic letter
        ("Siti Rahayo", "Siti Rahayu", True),
    ],
)
def test_who_may_be_one_person(one: str, other: str, same: bool) -> None:
    assert may_be_same_person(one, other) is same
    assert may_be_same_person(other, one) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bu Darmi", "bu  DARMI"),
        ("Siti", "Sitl"),
        ("Joko", "J0k0"),
        ("Karni", "Kami"),
        ("Darmi", "D\u0430rmi"),
        ("\uff33iti", "Siti"),
        ("Andr\u00e9", "Andre"),
        ("Suparno", "Supamo"),
        ("Suparno", "Suparmo"),
        ("Wiyono", "Wiyno"),
        ("Wiyono", "Wiyonoo"),
        ("Wiyono", "Wiyoon"),
    ],
)
def test_names_that_look_alike(one: str, other: str) -> None:
    assert look_alike(one, other)
    assert look_alike(other, one)


@pytest.mark.parametrize(("one", "other"), [("Edi", "Adi"), ("Sukino", "Sukirman"), ("Budi", "Rudy"), ("", "")])
def test_names_that_are_told_apart(one: str, other: str) -> None:
    assert not look_alike(one, other)


def test_an_approver_is_meant_by_the_name_or_by_words_of_it_but_by_no_letters_that_look_alike() -> None:
    named = ["Harno Wiyono, S.Pd.", "Sri Harno", "Joko Prasetyo"]
    assert those_meant("joko  prasetyo", named) == ["Joko Prasetyo"]
    assert those_meant("Pak Joko", named) == ["Joko Prasetyo"]
    assert those_meant("Harno Wiyono", named) == ["Harno Wiyono, S.Pd."]
    assert len(those_meant("Harno", named)) == 2
    assert those_meant("J0ko Prasetyo", named) == []
    assert those_meant("Pak RT", named) == []
    assert those_meant("Pak RT", [*named, "Pak RT"]) == ["Pak RT"]


def test_pairs_that_look_alike_are_found_without_comparing_each_with_each() -> None:
    there = {f"kk-{number:03}": f"Warga {number:03} Makmur" for number in range(0, 300, 100)} | {"r001": "Budi Santoso"}
    new = {"r002": "Rudi Santoso", "r003": "Tini Lestari", "r004": "Tini Iestari"}
    assert list(alike_among(new, there)) == [("r001", "r002"), ("r003", "r004")]
    assert list(alike_among({"r001": "Budi Santosa"}, there)) == []  # the member's own name, corrected
