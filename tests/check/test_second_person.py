"""A second person for whatever goes out: judged alike when it is typed and in a finished book."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.line import entry_id

KAS = "rt-07/kas-sosial"
# A line of each kind that takes something out, of 60000.
OUT = {
    "disbursement": 'amount = 60000, to = "Bu Karsini", purpose = "Besuk"',
    "expense": 'amount = 60000, purpose = "Kursi"',
    "return": 'amount = 60000, to = "Kelurahan", reason = "Sisa hibah"',
    "transfer": 'amount = 60000, to_fund = "rt-07/jimpitan", to_place = "kas", reason = "Talangan"',
    "exchange": 'amount = 60000, get = 5, get_unit = "beras", to_place = "kas"',
    "loan": 'amount = 60000, member = "r001", rate = 0, method = "flat", instalments = 6, cycle = "month"',
    "withdrawal": 'amount = 60000, member = "r001", class = "sukarela"',
    "surplus": "year = 2025, members = { r001 = 30000, r002 = 30000 }",
}


@pytest.fixture
def limited(damaged: Damaged) -> Damaged:
    """A fund that lends and saves, with a limit of 50000 from February on; its chair is Harno Wiyono."""
    damaged.book.must("org", "edit", "--chair", "Harno Wiyono")
    damaged.book.must("fund", "savings", KAS, "sukarela")
    damaged.book.must("fund", "loans", KAS, "--rate", "0", "--method", "flat", "--instalments", "6", "--cycle", "month")
    damaged.book.must("fund", "giving", KAS, "--approval-above", "50rb", "--from", "2026-02-01")
    damaged.put('date = 2026-01-31, kind = "saving", amount = 100000, member = "r001", class = "sukarela"')
    return damaged


def of_approval(damaged: Damaged) -> list[tuple[str, str]]:
    codes = ("second-person", "second-person-day", "approver", "approval")
    return [(severity, code) for severity, code, _ in damaged.found() if code in codes]


def test_a_line_of_each_kind_is_told_here() -> None:
    assert set(OUT) == {kind.name for kind in KINDS.values() if kind.needs_approval == "above-limit"}


@pytest.mark.parametrize("kind", OUT)
def test_whatever_goes_out_needs_a_second_person(limited: Damaged, kind: str) -> None:
    before = limited.path(f"{KAS}/2026.toml").read_bytes()
    for approved_by, found in (
        ("", [("error", "second-person")]),
        (', approved_by = "Siti"', [("error", "second-person"), ("warning", "approver")]),
        (', approved_by = "Sit\u0456 Rahayu"', [("error", "second-person"), ("warning", "approver")]),
        (', approved_by = "Pak Lurah"', [("warning", "approver")]),
        (', approved_by = "Harno Wiyono"', []),
    ):
        limited.path(f"{KAS}/2026.toml").write_bytes(before)
        limited.put(f'date = 2026-02-05, kind = "{kind}", {OUT[kind]}{approved_by}')
        assert of_approval(limited) == found, approved_by


def test_a_limit_holds_for_no_day_before_it(limited: Damaged) -> None:
    limited.put(f'date = 2026-01-31, kind = "expense", {OUT["expense"]}')
    assert of_approval(limited) == []


def test_parts_of_a_day_are_a_warning_since_two_may_have_recorded_them_apart(limited: Damaged) -> None:
    for to, minute in (("Toko Jaya", 1), ("toko  jaya", 2), ("Toko Makmur", 3)):
        table = f'date = 2026-02-05, kind = "expense", amount = 30000, purpose = "Cat {minute}", to = "{to}"'
        limited.put(table, at=f"2026-02-05T20:0{minute}:00+07:00")
    assert of_approval(limited) == [("warning", "second-person-day")]


def test_a_line_of_format_1_is_a_warning(limited: Damaged) -> None:
    text = f'{{ date = 2026-02-05, kind = "expense", {OUT["expense"]}, by = "siti", at = 2026-02-05T20:00:00+07:00 }}'
    limited.append(f"{entry_id(KAS, text, 12)} = {text}")
    assert of_approval(limited) == [("warning", "second-person")]


def test_what_was_cancelled_does_not_count(book: Typist) -> None:
    book.must("opening", KAS, "1jt")
    book.must("fund", "giving", KAS, "--approval-above", "50rb")
    id_ = book.must("spend", KAS, "40rb", "--for", "Cat", "--to", "Toko Jaya").out.split()[0]
    assert book("spend", KAS, "40rb", "--for", "Kuas", "--to", "Toko Jaya").code == 3
    book.must("reverse", id_, "--reason", "Salah ketik")
    book.must("spend", KAS, "40rb", "--for", "Kuas", "--to", "Toko Jaya")


def test_the_hint_names_a_command_that_works(book: Typist) -> None:
    """Typed as it is told, with a name in place of NAME."""
    book.must("opening", KAS, "1jt")
    told = book.must("fund", "giving", KAS, "--approval-above", "50rb", "--from", "2020-01-01").err
    assert 'wksbm org approver "NAME" --org rt-07' in told
    spend = ("spend", KAS, "60rb", "--for", "Cat")
    assert 'wksbm org approver "NAME" --org rt-07' in book(*spend).err
    book.must("org", "approver", "Pak Harno", "--org", "rt-07")
    assert "--approved-by: Pak Harno" in book(*spend).err
    book.must(*spend, "--approved-by", "Pak Harno")
