"""Values that a TOML file can hold where something quite different is meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

AT = datetime(2026, 2, 19, 21, tzinfo=UTC)

TEXTS = (
    *(
        "r001",
        "iuran",
        "beras",
        "IDR",
        "kas",
        "rt-07/donasi",
        "2026-01",
        "２０２６-01",
        "9999",
        "",
        "a" * 600,
        "\x1b[31m",
    ),
    *("1/0", "1e9999999", "minggu pon", "../x"),
)
# The last is a number that Python refuses to write out.
NUMBERS = (0, -1, 1, 5000, 10**12, 10**15, 10**40, True, 16**5000)
FRACTIONS = tuple(map(Decimal, ("2.5", "-0.0001", "1e20", "1e-20")))
MOMENTS = (date(2026, 1, 1), date.min, date.max, AT, datetime(2026, 1, 1), time(1, 2))
SCALARS: tuple[Any, ...] = (*TEXTS, *NUMBERS, *FRACTIONS, *MOMENTS)

# By their numbers, so that a failure can be shown.
values: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, len(SCALARS) - 1).map(SCALARS.__getitem__) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["r001", "amount", "place", "from", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
