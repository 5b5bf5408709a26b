"""What a benefit is paid from and what of it settles a family's arrears, to the rupiah."""

from __future__ import annotations

import pytest

from tests.conftest import Typist


@pytest.fixture
def duka(book: Typist) -> Typist:
    """The small book with a death fund of two monthly dues, of which nobody has paid anything."""
    for line in (
        ("fund", "add", "rt-07/duka", "Duka", "--type", "death"),
        ("fund", "due", "duka", "iuran", "10000", "--from", "2025-12-01"),
        ("fund", "due", "duka", "kafan", "3000", "--from", "2025-12-01"),
    ):
        book.must(*line)
    return book


@pytest.mark.parametrize(
    ("benefit", "settled"),
    [
        ("15.000", [("iuran", 15000, '["2025-12", "2026-01"]')]),
        ("22.000", [("iuran", 20000, '["2025-12", "2026-01"]'), ("kafan", 2000, '["2025-12"]')]),
    ],
)
def test_arrears_are_settled_as_far_as_the_benefit_goes(
    duka: Typist, benefit: str, settled: list[tuple[str, int, str]]
) -> None:
    """Two months of both dues, 26.000, were over when he died; of a smaller benefit nothing is handed over."""
    duka.must("death", "set", "duka", benefit, "--from", "2025-12-01")
    duka.must("death", "report", "duka", "budi", "--deceased", "Mbah", "--date", "2026-02-20")
    assert "Rp0 handed over" in duka.must("death", "pay", "duka", "mbah").err
    *contributions, help_given = duka.lines("rt-07/duka")
    assert f"amount = {benefit.replace('.', '')}" in help_given
    for line, (due, minor, periods) in zip(contributions, settled, strict=True):
        assert f'due = "{due}", members = {{ r001 = {minor} }}, for = {periods}' in line


def test_a_benefit_is_paid_with_the_last_rupiah_and_not_with_one_less(duka: Typist) -> None:
    duka.must("death", "set", "duka", "100.000", "--from", "2025-12-01", "--keep-arrears")
    duka.must("opening", "duka", "99.999", "--date", "2026-01-01")
    duka.must("death", "report", "duka", "budi", "--deceased", "Mbah", "--date", "2026-02-20")
    short = duka("death", "pay", "duka", "mbah")
    assert (short.code, short.err.splitlines()[0]) == (
        3,
        "In Kas there is Rp99,999; the benefit asks Rp100,000: Rp1 is missing.",
    )
    early = duka("death", "pay", "duka", "mbah", "--date", "2026-02-19")
    assert (early.code, early.err.splitlines()[0]) == (3, "Mbah died on 20 February 2026, after 19 February 2026.")
    duka.must("donate", "duka", "Rp1", "--from", "Warga")
    duka.must("death", "pay", "duka", "mbah")


def test_of_two_deaths_in_a_family_the_one_not_paid_yet_is_meant(duka: Typist) -> None:
    duka.must("death", "set", "duka", "100.000", "--from", "2025-12-01", "--keep-arrears")
    duka.must("opening", "duka", "500.000", "--date", "2026-01-01")
    duka.must("death", "report", "duka", "budi", "--deceased", "Mbah Kromo", "--date", "2026-02-10")
    duka.must("death", "pay", "duka", "budi", "--date", "2026-02-11")
    duka.must("death", "report", "duka", "budi", "--deceased", "Mbah Putri", "--date", "2026-02-20")
    assert "Mbah Putri" in duka.must("death", "pay", "duka", "budi", "--date", "2026-02-21").out
    again = duka("death", "pay", "duka", "budi")
    assert (again.code, again.err.splitlines()[0]) == (3, '"budi" may be one of several deaths.')
