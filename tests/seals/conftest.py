"""Books to seal, and a book to damage, for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from tests.damaged import damaged

__all__ = ["damaged", "sealed"]


@pytest.fixture
def sealed(book: Typist) -> Typist:
    """A book with lines in three funds and two years, recorded on several days."""
    for moment, *words in (
        ("2025-12-31T19:00:00+07:00", "opening", "kas-sosial", "500rb", "--date", "2025-12-01"),
        ("2026-01-05T19:00:00+07:00", "contribute", "kas-sosial", "budi", "5000", "--for", "2026-01"),
        ("2026-01-05T20:00:00+07:00", "donate", "donasi", "100rb", "--from", "Hamba Allah"),
        (
            "2026-02-05T19:00:00+07:00",
            "contribute",
            "kas-sosial",
            "tini",
            "5000",
            "--note",
            "titip, at = 2030-01-01T00",
        ),
        ("2026-02-06T19:00:00+07:00", "donate", "lumbung", "2,5 kg beras", "--from", "Pak Joko"),
    ):
        book.clock(moment)
        book.must(*words)
    return book
