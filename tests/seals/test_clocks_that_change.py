"""A seal holds over the hour in which clocks are set back, when the same time of day comes twice."""

from __future__ import annotations

from tests.conftest import Typist

MOMENTS = (
    "2026-10-25T02:50:00+02:00",
    "2026-10-25T02:10:00+01:00",  # twenty minutes later
    "2026-10-25T02:40:00+01:00",
)


def test_entries_of_the_hour_that_comes_twice_are_verified(book: Typist) -> None:
    settings = book.folder / "ledgers" / "book.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("Asia/Jakarta", "Europe/Amsterdam").replace('offset = "+07:00"', 'offset = "+01:00"'),
        encoding="utf-8",
    )
    book.ledger("rt-07").unlink()  # of decisions, recorded in the other offset
    seals = []
    for number, moment in enumerate(MOMENTS, 1):
        book.clock(moment)
        book.must("donate", "kas-sosial", f"{number}000", "--from", "Toko Jaya", "--date", "2026-10-25")
        seals.append(book.must("balance", "--format", "json").json["seal"])
    assert book("check").code == 0
    for number, seal in enumerate(seals, 1):
        said = book.must("verify", seal["text"] if isinstance(seal, dict) and "text" in seal else str(seal)).out
        assert f"all {number} line" in said or "1 line" in said
