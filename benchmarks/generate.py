"""A book of any size, the same every time: 60 houses collected from every night, monthly dues, help now and then.

    python benchmarks/generate.py FOLDER --organisations 10 --nights 2600

One organisation over 2,600 nights makes some 159 thousand postings, ten of them 1.59 million. Entries are made by the
library (`make_entry`), so that every line is one a treasurer could have recorded.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from wksbm_cli.domain.line import make_entry

HOUSES = 60
FIRST_NIGHT = date(2017, 1, 1)
JAKARTA = timezone(timedelta(hours=7))

_BOOK = """format = 2
offset = "+07:00"
name = "Buku besar percobaan"
language = "id"
timezone = "Asia/Jakarta"
"""
_JIMPITAN = """name = "Jimpitan"
type = "jimpitan"

[places.kas]
name = "Kas"

[dues.jimpitan]
name = "Jimpitan"
cycle = "night"
required = false
[[dues.jimpitan.tariffs]]
from = 2017-01-01
amount = 500
"""
_SOCIAL = """name = "Kas Sosial"
type = "social"

[places.kas]
name = "Kas"

[dues.iuran]
name = "Iuran Sosial"
cycle = "month"
[[dues.iuran.tariffs]]
from = 2017-01-01
amount = 5000
"""


def make(folder: Path, organisations: int, nights: int) -> int:
    """Write the book below `folder`/ledgers; returns how many postings it has."""
    root = folder / "ledgers"
    root.mkdir(parents=True)
    (root / "book.toml").write_text(_BOOK)
    return sum(_organisation(root, f"rt-{number:02d}", number, nights) for number in range(1, organisations + 1))


def _organisation(root: Path, slug: str, number: int, nights: int) -> int:
    folder = root / slug
    folder.mkdir()
    (folder / "organisation.toml").write_text(f'name = "RT {number:02d}"\n')
    members = [f"r{house:03d}" for house in range(1, HOUSES + 1)]
    (folder / "members.toml").write_text("".join(f'[{member}]\nname = "Warga {member}"\n' for member in members))
    postings = _fund(folder / "jimpitan", f"{slug}/jimpitan", _JIMPITAN, _collections(members, nights))
    return postings + _fund(folder / "kas-sosial", f"{slug}/kas-sosial", _SOCIAL, _dues(members, nights))


def _collections(members: list[str], nights: int) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Every night every house gives 500; each month the box is emptied for the neighbourhood's expenses."""
    for night in range(nights):
        day = FIRST_NIGHT + timedelta(days=night)
        yield day, "contribution", {"due": "jimpitan", "members": dict.fromkeys(members, 500)}
        if day.day == 28:
            yield day, "expense", {"amount": 600_000, "purpose": "Lampu jalan"}


def _dues(members: list[str], nights: int) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """On the tenth of each month a third of the houses pay, each for three months; twice a year someone is visited."""
    for night in range(nights):
        day = FIRST_NIGHT + timedelta(days=night)
        if day.day == 10:
            for member in members[day.month % 3 :: 3]:
                yield day, "contribution", {"due": "iuran", "members": {member: 15_000}}
        if day.day == 20 and day.month in (3, 9):
            yield day, "disbursement", {"amount": 150_000, "to": "Keluarga", "purpose": "Besuk", "pillar": "protection"}


def _fund(folder: Path, fund: str, register: str, drafts: Iterator[tuple[date, str, dict[str, Any]]]) -> int:
    folder.mkdir()
    (folder / "fund.toml").write_text(register)
    years: dict[int, list[str]] = defaultdict(list)
    postings = 0
    for number, (day, kind, fields) in enumerate(drafts):
        at = datetime(day.year, day.month, day.day, 20, number // 60 % 60, number % 60, tzinfo=JAKARTA)
        years[day.year].append(make_entry(fund, kind, day, fields, "siti", at).line)
        postings += 1 + len(fields.get("members", "-"))
    for year, lines in years.items():
        (folder / f"{year}.toml").write_text("\n".join([f"# {fund} · {year}", "[transactions]", *lines]) + "\n")
    return postings


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--organisations", type=int, default=1)
    parser.add_argument("--nights", type=int, default=2600)
    typed = parser.parse_args()
    print(f"{make(typed.folder, typed.organisations, typed.nights):,} postings")
