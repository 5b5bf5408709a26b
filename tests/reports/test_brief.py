"""Reports in few words: one line to type into a chat after a round or a meeting (docs/practice.md#reports), the notes below a summary."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.conftest import Typist
from tests.reports.books import EXAMPLE


def collected(book: Typist) -> None:
    book.must("collect", "jimpitan", "--absent", "r003", "--collector", "joko", "--date", "2026-02-26")
    book.must("collect", "jimpitan", "--absent", "r002,r003", "--collector", "budi", "--date", "2026-02-27")


def test_a_night_of_the_watch_names_the_houses_that_gave_nothing(book: Typist) -> None:
    collected(book)
    words = ("collect", "status", "jimpitan", "--from", "2026-02-26", "--to", "2026-02-26", "--short")
    out = book.must(*words, "--format", "whatsapp").out
    assert out.endswith(" · ✅ gave: 2 · ⭕ empty: 1 (r003) · 💰 Rp1,000 · 👮 joko\n")
    assert out.startswith("*Collection* Jimpitan · ") and out.count("\n") == 1
    assert book.must(*words, "--format", "text").out.endswith(": gave: 2; empty: 1 (r003); Rp1,000; joko\n")


def test_over_several_nights_houses_are_only_counted(book: Typist) -> None:
    collected(book)
    out = book.must("collect", "status", "jimpitan", "--month", "2026-02", "--short", "--format", "whatsapp").out
    assert "✅ gave: 3 · ⭕ empty: 3 · 💰 Rp1,500 · 👮 budi, joko\n" in out


def test_a_month_in_one_line(book: Typist) -> None:
    collected(book)
    out = book.must("summary", "--month", "2026-02", "--short", "--format", "whatsapp").out
    assert out == "*Summary* WKSBM Melati · February 2026 · 💰 balance Rp1,500 · 📥 in Rp1,500 · 📤 out Rp0\n"


@pytest.mark.parametrize("month", ["2025-01", "2025-09", "2026-02"])
def test_where_the_money_is_adds_up_to_what_is_left(typist: Typist, month: str) -> None:
    shutil.copytree(EXAMPLE, typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    report = typist.must("summary", "--month", month, "--format", "json").json
    (told,) = [note for note in report["notes"] if note.startswith("Where the money is: ")]
    assert ["cash box" in told, "bank account" in told, "collector" in told] == [True, True, True]
    figures = [int(figure.replace(",", "")) for figure in re.findall(r"Rp([\d,]*\d)", told)]
    (left,) = [total["closing"] for total in report["totals"] if total["unit"] == "IDR"]
    assert sum(figures) == left
    # All in one place needs no telling.
    one = typist.must("summary", "--month", month, "--fund", "dana-kematian", "--format", "json").json
    assert not [note for note in one["notes"] if note.startswith("Where")]


def test_how_many_paid_is_told_of_a_month_alone(book: Typist) -> None:
    """Over a year nearly everybody has paid something, which would say nothing."""
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-02-05")
    assert "1 of 3 members who owe paid in February 2026" in book.must("summary", "--month", "2026-02").out
    for words in (("--year", "2026"), ("--from", "2026-01-01", "--to", "2026-02-28"), ("--to", "2026-02-28")):
        assert "who owe paid" not in book.must("summary", *words).out


def test_who_paid_is_counted_of_those_who_owe_in_that_fund(book: Typist) -> None:
    """Who is exempt or away has missed nothing, and who pays without owing fills no gap."""
    book.must("fund", "add", "rt-07/ronda", "Ronda")
    book.must("fund", "due", "ronda", "jaga", "500", "--cycle", "night", "--from", "2026-02-01", "--to", "2026-02-01")
    book.must("member", "exempt", "r002", "--fund", "ronda", "--from", "2026-01-01", "--reason", "lansia")
    book.must("collect", "ronda", "--paid", "r001", "--away", "r003", "--date", "2026-02-01")
    told = " ".join(book.must("summary", "--month", "2026-02", "--fund", "ronda").out.split())
    assert "Ronda: 1 of 1 members who owe paid in February 2026." in told
    assert "Ronda: not counted there: exempt 1, away 1." in told
    book.must("member", "exempt", "r003", "--fund", "kas-sosial", "--from", "2026-01-01", "--reason", "lansia")
    for member in ("r001", "r003"):
        book.must("contribute", "kas-sosial", member, "5000", "--date", "2026-02-05", "--for", "2026-02")
    told = " ".join(book.must("summary", "--month", "2026-02", "--fund", "kas-sosial").out.split())
    assert "Kas Sosial: 1 of 2 members who owe paid in February 2026." in told
    assert "Kas Sosial: not counted there: exempt 1, paid without owing 1." in told


def test_of_a_voluntary_due_those_who_gave_are_counted(book: Typist) -> None:
    collected(book)
    told = " ".join(book.must("summary", "--month", "2026-02", "--fund", "jimpitan").out.split())
    assert "Jimpitan: 2 of 3 members gave in February 2026, as a voluntary gift." in told
    book.must("fund", "due", "kas-sosial", "kurban", "50000", "--cycle", "event", "--voluntary", "--from", "2026-01-01")
    said = book.must(
        "fund", "event", "kas-sosial", "2026", "Kurban 2026", "--due", "kurban", "--date", "2026-02-20"
    ).out
    assert "Kurban 2026: 3 members are asked for Kurban, which is voluntary." in said


def test_a_fund_that_cannot_pay_one_benefit_says_so(book: Typist) -> None:
    book.must("fund", "add", "rt-07/kematian", "Dana Kematian", "--type", "death")
    book.must("death", "set", "kematian", "1jt", "--from", "2026-01-01")
    book.must("opening", "kematian", "900rb", "--date", "2026-01-02")
    assert "not enough for one standard benefit (at the end" in " ".join(book.must("balance").out.split())
    assert "tidak cukup untuk satu santunan pun" in " ".join(book.must("balance", lang="id").out.split())


def test_arrears_of_several_organisations_say_whose_they_are(book: Typist) -> None:
    assert "Organisation" not in book.must("arrears", "--format", "markdown").out
    book.must("org", "add", "rt-08", "RT 08")
    book.must("member", "add", "r001", "Yanto", "--org", "rt-08")
    book.must("fund", "add", "rt-08/kas", "Kas")
    book.must("fund", "due", "rt-08/kas", "iuran", "5000", "--from", "2026-01-01")
    lines = book.must("arrears", "--as-of", "2026-01-31", "--format", "markdown").out.splitlines()
    assert any("RT 07" in line and "Budi" in line for line in lines)
    assert any("RT 08" in line and "Y" in line for line in lines)
