"""The facts in force on a day: what changes a figure of a period is in them, what does not is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import tomli

from wksbm_cli.domain.facts import differing, facts, facts_digest

END = date(2026, 1, 31)
FUND = """
name = "Kas Sosial"
[places.kas]
[dues.iuran]
cycle = "month"
tariffs = [{ from = 2025-01-01, amount = 5000, classes = { b = 1, a = 2 } }]
"""
MEMBERS = """
[kk-01]
name = "Budi"
joined = 2025-01-01
note = "telepon 0812"
[kk-02]
name = "Tini"
"""
ORGANISATION = 'name = "RT 07"\nphone = "0274"\ntreasurer = "Siti"\n'


def told(fund: str = FUND, members: str = MEMBERS, organisation: str = ORGANISATION) -> str:
    tables: dict[str, Any] = {
        name: tomli.loads(text, parse_float=Decimal)
        for name, text in (("fund", fund), ("members", members), ("organisation", organisation))
    }
    return facts("rt-07/kas-sosial", tables, END)


def test_a_fact_is_a_line() -> None:
    assert told().splitlines() == [
        'fund.dues.iuran.cycle = "month"',
        "fund.dues.iuran.tariffs = { amount = 5000, classes = { a = 2, b = 1 }, from = 2025-01-01 }",
        'fund.first_place = "kas"',
        'fund.name = "Kas Sosial"',
        'fund.slug = "rt-07/kas-sosial"',
        "members.kk-01.joined = 2025-01-01",
        'members.kk-01.name = "Budi"',
        'members.kk-02.name = "Tini"',
        'organisation.name = "RT 07"',
        'organisation.treasurer = "Siti"',
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"members": MEMBERS.replace("0812", "0813")},
        {"members": f"# Pak RT\n{MEMBERS}"},
        {"members": f'{MEMBERS}left = 2026-02-01\n[kk-03]\nname = "Agus"\njoined = 2026-02-01\n'},
        {"members": f'{MEMBERS}exemptions = [{{ from = 2026-02-01, reason = "sakit" }}]\n'},
        {"organisation": ORGANISATION.replace("0274", "0275")},
        {"fund": FUND.replace("}]", "}]\nend = 2026-06-30")},
        {"fund": FUND.replace("}]", "}, { from = 2026-02-01, amount = 6000 }]")},
        {"fund": f"{FUND}[dues.baru]\ntariffs = [{{ from = 2026-03-01, amount = 1 }}]\n[places.bank]\n"},
        {"fund": f'{FUND}[[closed]]\nperiod = "2026-01"\n'},
    ],
)  # fmt: skip
def test_what_reaches_no_day_of_the_period_is_no_fact_of_it(change: dict[str, str]) -> None:
    assert facts_digest(told(**change)) == facts_digest(told())


@pytest.mark.parametrize(
    ("change", "key", "was", "now"),
    [
        ({"members": MEMBERS.replace("Tini", "Tono")}, "members.kk-02.name", '"Tini"', '"Tono"'),
        ({"members": f"{MEMBERS}left = 2026-01-31\n"}, "members.kk-02.left", None, "2026-01-31"),
        ({"members": MEMBERS.replace("joined = 2025-01-01\n", "")}, "members.kk-01.joined", "2025-01-01", None),
        (
            {"members": f"{MEMBERS}exemptions = [{{ from = 2026-01-31 }}]\n"},
            "members.kk-02.exemptions",
            None,
            "{ from = 2026-01-31 }",
        ),
        ({"organisation": ORGANISATION.replace("Siti", "Sita")}, "organisation.treasurer", '"Siti"', '"Sita"'),
        (
            {"fund": FUND.replace("5000", "4000")},
            "fund.dues.iuran.tariffs",
            "{ amount = 5000, classes = { a = 2, b = 1 }, from = 2025-01-01 }",
            "{ amount = 4000, classes = { a = 2, b = 1 }, from = 2025-01-01 }",
        ),
        ({"fund": FUND.replace("[places.kas]", "[places.bank]")}, "fund.first_place", '"kas"', '"bank"'),
    ],
)
def test_a_backdated_change_is_told_by_its_key(
    change: dict[str, str], key: str, was: str | None, now: str | None
) -> None:
    assert differing(told(), told(**change)) == [(key, was, now)]
