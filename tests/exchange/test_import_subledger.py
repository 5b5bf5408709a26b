"""The real sub-ledger of a neighbourhood's first quarter, imported by rules."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.conftest import Typist

DATA = Path(__file__).parents[3] / "shared" / "data" / "subledger_rt07_2026-q1.csv"
# What the README of the data says of it: per head of the sub-ledger, in and out.
KNOWN = {"TR003": (3_889_000, 300_000), "TR002": (450_000, 0), "TR004": (435_000, 0), "JMP": (116_500, 0)}
FUNDS = {"TR002": "kas-wajib", "TR003": "kas-sosial", "TR004": "kas-17an", "JMP": "kas-jimpitan"}
RULES = r"""
[file]
NUMBERED

[columns]
id = "id"
date = "tanggal"
text = "uraian"
head = "kode_pos"
in = "masuk"
out = "keluar"

[funds]
TR002 = "kas-wajib"
TR003 = "kas-sosial"
TR004 = "kas-17an"
JMP = "kas-jimpitan"

[defaults]
fund = "{head}"

[[rules]]
when.text = '^Kas awal'
kind = "opening"

[[rules]]
when.text = '^Iuran (?P<due>Sosial|Wajib) - (?P<month>\w+ \d+) \((?P<who>W\d+)\)$'
kind = "contribution"
member = "{who}"
due = "{due}"
for = "{month}"

[[rules]]
when.text = '^Iuran 17an - Tahunan (?P<year>\d+) \((?P<who>W\d+)\)$'
kind = "contribution"
member = "{who}"
for = "{year}"

[[rules]]
when.text = '^Besuk orang sakit ?\((?P<who>W\d+)\)$'
kind = "disbursement"
to = "{who}"
member = "{who}"
purpose = "Besuk orang sakit"

[[rules]]
when.text = '^(Iuran masuk|Pemasukan|Setoran Jimpitan)'
kind = "income"
from = "Warga"
note = "{text}"
"""


@pytest.fixture
def sheet() -> Path:
    if not DATA.is_file():
        pytest.skip(f"the real records are not beside the checkout: {DATA}")
    return DATA


@pytest.fixture
def rt07(typist: Typist, sheet: Path) -> Typist:
    """The funds, dues and households the sub-ledger speaks of."""
    households = sorted(set(re.findall(r"\bW\d+", sheet.read_text())))
    (typist.folder / "warga.csv").write_text("id,nama\n" + "".join(f"{w.lower()},Warga {w}\n" for w in households))
    typist.clock("2026-04-01T19:00:00+07:00")
    for words in (
        ("init", "RT 07"),
        ("org", "add", "rt-07", "RT 07"),
        ("member", "add", "--file", "warga.csv"),
        *(("fund", "add", f"rt-07/{fund}", fund) for fund in FUNDS.values()),
        ("fund", "due", "kas-wajib", "wajib", "5000", "--from", "2026-01-01"),
        ("fund", "due", "kas-sosial", "sosial", "5000", "--from", "2026-01-01"),
        ("fund", "due", "kas-17an", "17an", "50000", "--cycle", "year", "--from", "2026-01-01"),
    ):
        typist.must(*words)
    return typist


def totals(book: Typist) -> dict[str, tuple[int, int]]:
    rows = book.must("balance", "--format", "json").json["rows"]
    # The source books its opening balance as money in; our reports tell it apart.
    flows = {row["fund"]: (row["opening"] + row["in"], row["out"]) for row in rows}
    return {head: flows[fund] for head, fund in FUNDS.items()}


@pytest.mark.parametrize(
    "numbered", ['ref = "sub-{id}"', 'identity = ["text", "head"]'], ids=["by number", "by digest"]
)
def test_totals_are_the_known_ones_and_again_adds_nothing(rt07: Typist, sheet: Path, numbered: str) -> None:
    (rt07.folder / "aturan.toml").write_text(RULES.replace("NUMBERED", numbered))
    rt07.must("import", str(sheet), "--rules", "aturan.toml")
    assert totals(rt07) == KNOWN
    before = rt07.files()
    answer = rt07.must("import", str(sheet), "--rules", "aturan.toml")
    assert "253 rows are in the book already" in answer.err
    assert rt07.files() == before


def test_every_row_became_one_entry_of_its_day(rt07: Typist, sheet: Path) -> None:
    (rt07.folder / "aturan.toml").write_text(RULES.replace("NUMBERED", 'ref = "sub-{id}"'))
    rt07.must("import", str(sheet), "--rules", "aturan.toml")
    lines = [line for fund in FUNDS.values() for line in rt07.lines(f"rt-07/{fund}")]
    recorded = sorted((line.split('ref = "sub-')[1].split('"')[0], line.split("date = ")[1][:10]) for line in lines)
    with sheet.open(newline="") as file:
        assert recorded == sorted((row["id"], row["tanggal"]) for row in csv.DictReader(file))


def test_months_named_in_a_text_are_paid(rt07: Typist, sheet: Path) -> None:
    """`Iuran Sosial - Mar 2026 (W01)` pays March, although it came in February."""
    (rt07.folder / "aturan.toml").write_text(RULES.replace("NUMBERED", 'ref = "sub-{id}"'))
    rt07.must("import", str(sheet), "--rules", "aturan.toml")
    with sheet.open(newline="") as file:
        texts = [(row["kode_pos"], row["uraian"]) for row in csv.DictReader(file)]
    march = sum(head == "TR003" and "- Mar 2026" in text for head, text in texts)
    paid = [line for line in rt07.lines("rt-07/kas-sosial") if 'for = ["2026-03"]' in line]
    assert len(paid) == march > 0
