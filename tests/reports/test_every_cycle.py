"""Fourteen months of a book with a due of every cycle, against counts made with a calendar alone."""

from __future__ import annotations

from datetime import date, timedelta

from tests.conftest import Typist

FIRST, LAST = date(2025, 1, 1), date(2026, 2, 28)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
# Independence was declared on a Friday Legi (17 August 1945), so the Thursday six days later, one day past the
# Legi of that day, was a Thursday Pahing; and so is each 35th day from it.
THURSDAYS_PAHING = {date(1945, 8, 23) + timedelta(days=35 * number) for number in range(900)}
# What began by the last day, counted without the program: cycle, amount, how many times it fell due.
FALLEN = {
    "night": (500, len(DAYS)),
    "week": (1000, len({day.isocalendar()[:2] for day in DAYS})),
    "selapanan": (2000, 1 + sum(day in THURSDAYS_PAHING for day in DAYS[1:])),
    "month": (5000, 14),
    "semester": (15_000, 3),
    "year": (50_000, 2),
    "once": (25_000, 1),
    "event": (10_000, 2),
}


def test_a_due_of_every_cycle_is_owed_paid_in_parts_and_settled(book: Typist) -> None:
    for cycle, (amount, _) in FALLEN.items():
        fund = f"dana-{cycle}"
        book.must("fund", "add", f"rt-07/{fund}", fund.title())
        anchor = ("--anchor", "kamis pahing") if cycle == "selapanan" else ()
        book.must("fund", "due", fund, "iuran", str(amount), "--cycle", cycle, "--from", "2025-01-01", *anchor)
    for slug, day in (("lelayu-1", "2025-03-05"), ("lelayu-2", "2026-01-09")):
        book.must("fund", "event", "dana-event", slug, "--date", day)
    paid = 0
    for cycle, (amount, times) in FALLEN.items():
        # One household pays all of it in three parts that fit no period; another all but one period less a rupiah.
        whole = amount * times
        for number, part in enumerate((whole // 3 + 1, whole // 3, whole - 2 * (whole // 3) - 1)):
            book.must(
                "contribute", f"dana-{cycle}", "r001", str(part), "--exactly", "--date", f"2025-{number * 4 + 1:02d}-15"
            )
        if whole - amount + 1 > 0:
            book.must(
                "contribute", f"dana-{cycle}", "r002", str(whole - amount + 1), "--exactly", "--date", "2026-02-01"
            )
        paid += whole + whole - amount + 1

    rows = book.must("arrears", "--as-of", LAST.isoformat(), "--format", "json").json["rows"]
    open_ = {(row["fund"], row["member"]): row["amount"] for row in rows if row["fund"].startswith("dana-")}
    assert {member for _, member in open_} == {"r002", "r003"}
    for cycle, (amount, times) in FALLEN.items():
        assert open_[f"dana-{cycle}", "r002"] == amount - 1, cycle
        assert open_[f"dana-{cycle}", "r003"] == amount * times, cycle

    cells = book.must("contributions", "--as-of", LAST.isoformat(), "--format", "json").json["rows"]
    assert sum(row["amount"] for row in cells) == paid, "the sum allocated is the sum paid"
    card = book.must("member", "card", "r001", "--as-of", LAST.isoformat(), lang="id").out
    assert "lunas s.d. Februari 2026" in card
