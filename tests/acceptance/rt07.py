"""The book of a real neighbourhood, typed from its records: `python tests/acceptance/rt07.py FOLDER` makes it.

The records (../shared/data beside the checkout, told in the README there) are read here and never copied. They
hold codes instead of names. Houses of the nightly collection and households that pay dues are coded apart, so
they are members of two organisations; each heading of the records' sub-ledger is a fund.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from wksbm_cli.cli.main import run

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NIGHTS = "jimpitan_rt07_2024-11_2025-12.csv"
PAYMENTS = "dues_payments_rt07_2026.csv"
EXEMPTIONS = "dues_exemptions_rt07.csv"
LEDGER = "subledger_rt07_2026-q1.csv"

HOUSES, HOUSEHOLDS = 67, 40
# A heading of the records: the fund that keeps it, its due, what the due asks and from when. The merti dusun
# (TR005) is not raised in 2026, and hiring out the inventory (TR007) has no tariff.
FUNDS = {
    "TR002": ("iuran-wajib", "Iuran Wajib", "general", ("5000", "--cycle", "month", "--from", "2026-01-01")),
    "TR003": ("iuran-sosial", "Iuran Sosial", "social", ("5000", "--cycle", "month", "--from", "2026-01-01")),
    "TR004": ("iuran-17an", "Iuran 17an", "general", ("50000", "--cycle", "year", "--from", "2026-01-01")),
    "TR006": ("dana-kematian", "Dana Kematian", "death", ("25000", "--cycle", "once", "--from", "2026-01-01")),
}


@dataclass(frozen=True)
class Typed:
    """One command and the moment at which it is typed."""

    at: str
    words: tuple[str, ...]


def records(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def commands() -> Iterator[Typed]:
    """Every command that makes the book, in the order in which the neighbourhood would have typed them."""
    yield from _registers("2024-11-01T08:00:00+07:00")
    yield Typed(
        "2025-12-31T20:00:00+07:00",
        ("collect", "jimpitan", "--file", str(DATA / NIGHTS), "--unknown-as", "lain"),
    )
    yield from _dues("2026-01-01T08:00:00+07:00")
    yield from _ledger()


def _registers(at: str) -> Iterator[Typed]:
    for words in (
        ("init", "Dana Warga RT 07"),
        ("org", "add", "ronda", "Ronda RT 07"),
        ("member", "add", "--file", "houses.csv", "--org", "ronda"),
        ("member", "add", "lain", "Salah pindai", "--org", "ronda"),
        ("member", "exempt", "lain", "--org", "ronda", "--reason", "tidak ada rumahnya"),
        ("fund", "add", "ronda/jimpitan", "Jimpitan", "--type", "jimpitan"),
        ("fund", "due", "jimpitan", "jimpitan", "500", "--cycle", "night", "--voluntary", "--from", "2024-11-01"),
        ("org", "add", "rt-07", "RT 07"),
        ("member", "add", "--file", "households.csv", "--org", "rt-07"),
    ):
        yield Typed(at, words)


def _dues(at: str) -> Iterator[Typed]:
    for slug, name, kind, due in FUNDS.values():
        yield Typed(at, ("fund", "add", f"rt-07/{slug}", name, "--type", kind))
        yield Typed(at, ("fund", "due", slug, slug, *due, "--name", name))
    # What the watch hands over in 2026, of nights for which there are no sheets.
    yield Typed(at, ("fund", "add", "rt-07/setoran-jimpitan", "Setoran Jimpitan", "--type", "jimpitan"))
    for row in records(EXEMPTIONS):
        fund = FUNDS[row["kode_tarif"]][0]
        yield Typed(
            f"{row['sejak']}T08:00:00+07:00",
            ("member", "exempt", row["kk"].lower(), "--org", "rt-07", "--fund", fund, "--from", row["sejak"]),
        )


def _ledger() -> Iterator[Typed]:
    """The sub-ledger's own rows, and in place of those it copied from the payments the payments themselves."""
    for row in records(LEDGER):
        day, told = row["tanggal"], row["uraian"]
        fund = FUNDS[row["kode_pos"]][0] if row["kode_pos"] in FUNDS else "setoran-jimpitan"
        at = f"{day}T20:00:00+07:00"
        if told.startswith("Kas awal"):
            yield Typed(at, ("opening", fund, row["masuk"], "--date", day))
        elif int(row["keluar"]):
            yield Typed(at, ("disburse", fund, row["keluar"], "--to", "Warga sakit", "--for", told, "--date", day))
        elif not is_copied(row):
            yield Typed(at, ("income", fund, row["masuk"], "--from", told, "--date", day))
    for row in records(PAYMENTS):
        period = f"{row['tahun']}-{int(row['bulan']):02d}" if int(row["bulan"]) else row["tahun"]
        fund, day = FUNDS[row["kode_tarif"]][0], row["tgl_bayar"][:10]
        yield Typed(
            row["tgl_bayar"].replace(" ", "T") + "+07:00",
            ("contribute", fund, row["kk"].lower(), row["dibayar"], "--for", period, "--date", day),
        )


def is_copied(row: dict[str, str]) -> bool:
    """Whether a row of the sub-ledger repeats a payment of dues: `Iuran Wajib - Jan 2026 (W04)`."""
    return row["uraian"].startswith("Iuran ") and " - " in row["uraian"]


def build(folder: Path) -> None:
    """Type every command in `folder`; a command that fails ends it with what the program said."""
    _members(folder / "houses.csv", "r", "Rumah", HOUSES)
    _members(folder / "households.csv", "kk", "Keluarga", HOUSEHOLDS)
    os.environ |= {"WKSBM_BY": "bendahara", "LC_ALL": "en_US.UTF-8"}
    with chdir(folder):
        for typed in commands():
            os.environ["WKSBM_NOW"] = typed.at
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                code = run(typed.words)
            if code:
                raise SystemExit(f"wksbm {' '.join(typed.words)}\n{said.getvalue()}[exit {code}]")


def _members(path: Path, letters: str, name: str, count: int) -> None:
    rows = "".join(f"{letters}{number:03d},{name} {number:03d}\n" for number in range(1, count + 1))
    path.write_text(f"id,name\n{rows}", encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    build(target)
