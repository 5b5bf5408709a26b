"""How old what is open is: by whole months since its last day."""

from __future__ import annotations

from datetime import date

import pytest

from wksbm_cli.reports.arrears import months_since


@pytest.mark.parametrize(
    ("end", "as_of", "months"),
    [
        (date(2026, 2, 28), date(2026, 2, 28), 0),
        (date(2026, 2, 28), date(2026, 3, 31), 1),
        (date(2026, 2, 28), date(2026, 5, 29), 3),
        (date(2026, 2, 28), date(2026, 5, 31), 3),
        (date(2026, 2, 28), date(2026, 6, 1), 4),
        (date(2026, 1, 31), date(2026, 4, 30), 3),
        (date(2026, 1, 31), date(2026, 5, 1), 4),
        (date(2026, 1, 15), date(2026, 4, 15), 3),
        (date(2026, 1, 15), date(2026, 4, 16), 4),
        (date(2026, 1, 30), date(2026, 2, 28), 1),
        (date(2026, 1, 30), date(2026, 3, 1), 2),
    ],
)
def test_a_month_after_the_end_of_a_month_is_the_end_of_the_next(end: date, as_of: date, months: int) -> None:
    """What was open for February was over three months old on 29 May, and for January from 1 May on."""
    assert months_since(end, as_of) == months
