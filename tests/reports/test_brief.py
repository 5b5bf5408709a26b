"""Reports in one line, as they are typed into a chat after a round or a meeting (DOMAIN §3)."""

from __future__ import annotations

from tests.conftest import Typist


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
