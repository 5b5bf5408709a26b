"""What an export says beside the figures (see test_oracles.py for those), and how it is asked for."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Typist
from tests.exchange.conftest import SLY
from tests.exchange.oracles import Beancount, Hledger, Ledger, Oracle, every_program
from wksbm_cli.domain.units import Unit
from wksbm_cli.exchange.journal import commodity_names, format_exact

hledger = pytest.mark.skipif(not Hledger.is_installed(), reason="hledger is not installed")
ledger = pytest.mark.skipif(not Ledger.is_installed(), reason="ledger is not installed")
beancount = pytest.mark.skipif(not Beancount.is_installed(), reason="beancount is not installed")


def exported(book: Typist, program: str, *options: str) -> Path:
    path = book.folder / f"book.{program}"
    book.must("export", program, *options, "--output", str(path))
    return path


def printed(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


def ids(book: Typist) -> list[str]:
    return [row["id"] for row in json.loads(book.must("export", "json").out)["entries"]]


@hledger
def test_hledger_knows_entries_by_id_members_and_dues_by_tag(full_book: Typist) -> None:
    path = exported(full_book, "hledger")
    codes = {
        line.partition("(")[2][:32] for line in printed("hledger", "-f", path, "print").splitlines() if "* (" in line
    }
    assert codes == set(ids(full_book))
    assert printed("hledger", "-f", path, "tags", "member", "--values").split() == ["r001", "r002", "r003"]
    paid = printed(
        "hledger", "-f", path, "balance", "tag:due=iuran-sosial", "tag:member=r001", "-N", "--layout", "bare"
    )
    assert paid.split()[0] == "-15000"


@hledger
@pytest.mark.parametrize("key", ["member", "date", "tag", "x"])
def test_no_text_makes_a_tag_of_its_own(full_book: Typist, key: str) -> None:
    known = {"member": ["r001", "r002", "r003"]}
    values = printed("hledger", "-f", exported(full_book, "hledger"), "tags", f"^{key}$", "--values").split()
    assert values == known.get(key, [])


@hledger
def test_hledger_takes_every_place_of_money_for_cash_and_neither_stores_nor_loans(full_book: Typist) -> None:
    path = exported(full_book, "hledger")
    types = dict(
        line.replace(" ", "").split(";type:")
        for line in printed("hledger", "-f", path, "accounts", "--types").splitlines()
        if line.startswith("assets:")
    )
    assert types["assets:rt-07:kas-sosial:kas"] == types["assets:rt-07:kas-sosial:bank"] == "C"
    assert types["assets:rt-07:jimpitan:joko"] == "C", "what a collector holds"
    assert types["assets:rt-07:lumbung:lumbung"] == types["assets:rt-07:simpan-pinjam:loans:r001"] == "A"


@every_program
def test_what_members_pass_among_themselves_says_who_gave_what_to_whom(
    full_book: Typist, program: type[Oracle]
) -> None:
    lines = exported(full_book, program.program).read_text(encoding="utf-8").splitlines()
    kind = 'kind: "settlement"' if program is Beancount else "; kind: settlement"
    at = next(number for number, line in enumerate(lines) if line.strip() == kind)
    said = " ".join(lines[at : lines.index("", at)]).replace('"', "")
    assert all(tag in said for tag in ("amount: 20000", "member: r002", "to_coverer: r001"))


@ledger
def test_ledger_prints_each_entry_as_a_sentence_of_one_line(full_book: Typist) -> None:
    out = printed(
        "ledger", "-f", exported(full_book, "ledger"), "register", "--empty", "--format", "%(code)\t%(payee)\n"
    )
    said = {entry["id"]: entry["description"] for entry in json.loads(full_book.must("export", "json").out)["entries"]}
    shown = dict(line.split("\t") for line in out.splitlines())
    assert shown == {
        id_: " ".join(text.replace(";", ",").replace("|", "/").split()) for id_, text in said.items() if id_ in shown
    }
    assert sum(SLY.split()[-1] in text for text in shown.values()) > 3


@ledger
def test_ledger_knows_entries_by_id_and_members_by_tag(full_book: Typist) -> None:
    path = exported(full_book, "ledger")
    out = printed(
        "ledger", "-f", path, "register", "--format", '%(code)\t%(tag("member"))\t%(format_date(date, "%Y-%m-%d"))\n'
    )
    rows = [line.split("\t") for line in out.splitlines()]
    moved = {entry["id"]: entry["date"] for entry in json.loads(full_book.must("export", "json").out)["entries"]}
    assert {code: day for code, _, day in rows}.items() <= moved.items()
    assert {member for _, member, _ in rows} == {"", "r001", "r002", "r003"}


@beancount
def test_beancount_has_every_text_as_it_was_typed(full_book: Typist) -> None:
    from beancount import loader
    from beancount.core.data import Transaction

    entries, errors, _ = loader.load_file(str(exported(full_book, "beancount")))
    transactions = {entry.meta["id"]: entry for entry in entries if isinstance(entry, Transaction)}
    assert not errors
    for entry in json.loads(full_book.must("export", "json").out)["entries"]:
        for key in ("note", "purpose", "reason", "from", "to"):
            assert transactions[entry["id"]].meta.get(key) == entry["fields"].get(key)
    spent = next(entry for entry in transactions.values() if entry.meta["kind"] == "expense")
    assert SLY in (spent.narration or "")


def test_a_count_is_asserted_where_the_book_still_says_so(full_book: Typist) -> None:
    journal = exported(full_book, "hledger").read_text(encoding="utf-8")
    assert "  0 IDR = 867500 IDR" in journal
    assert ' = 27.000 "beras"' in journal
    full_book.clock("2026-02-11T20:00:00+07:00")
    full_book.must("spend", "kas-sosial", "500", "--for", "parkir", "--date", "2026-01-30")
    answer = full_book.must("export", "hledger")
    assert "= 867500 IDR" not in answer.out
    assert "    ; counted: 867500 IDR\n" in answer.out
    assert ' = 27.000 "beras"' in answer.out
    assert "2 counts are written as remarks" in answer.err


def test_what_is_recorded_later_on_the_day_of_a_count_leaves_the_count_true(full_book: Typist) -> None:
    """hledger and ledger check in the order of recording; beancount only the next morning, when it no longer holds."""
    full_book.clock("2026-02-12T20:00:00+07:00")
    full_book.must("spend", "kas-sosial", "500", "--for", "parkir", "--date", "2026-02-05")
    assert "  0 IDR = 833500 IDR" in full_book.must("export", "hledger").out
    morning = full_book.must("export", "beancount").out
    assert "2026-02-06 balance" not in morning
    assert "2026-02-01 balance Assets:Rt-07:Kas-sosial:Kas  867500 ~ 0 IDR" in morning


def test_a_count_that_was_cancelled_is_checked_no_more(full_book: Typist) -> None:
    counted = next(line for line in full_book.lines() if "amount = 867500" in line)
    full_book.must("reverse", counted.split()[0], "--reason", "salah hitung")
    assert "= 867500 IDR" not in full_book.must("export", "hledger").out
    assert "balance Assets:Rt-07:Kas-sosial:Kas  867500" not in full_book.must("export", "beancount").out


@every_program
def test_a_count_that_is_not_met_is_noticed(full_book: Typist, program: type[Oracle]) -> None:
    path = exported(full_book, program.program)
    assert program(path).complaints() == ""
    path.write_text(path.read_text(encoding="utf-8").replace("1000000 IDR", "1000001 IDR"), encoding="utf-8")
    assert "867500" in program(path).complaints()


def test_csv_adds_up_to_the_balances_and_holds_no_formula(full_book: Typist) -> None:
    full_book.must("spend", "kas-sosial", "1000", "--for", "=SUM(A1:A9)", "--date", "2026-02-10")
    rows = list(csv.DictReader(io.StringIO(full_book.must("export", "csv").out)))
    held: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        assert not any(cell.startswith(("=", "+", "@")) for cell in row.values())
        if row["place"]:
            held[row["organisation"], row["fund"], row["unit"]] += Decimal(row["amount"])
    assert {key: amount for key, amount in held.items() if amount} == balances(full_book)


def test_each_row_of_csv_says_what_its_line_says(full_book: Typist) -> None:
    help_ = ("--to", "Bu Karsini", "--for", "Beras", "--approved-by", "Pak Lurah", "--date", "2026-02-10")
    full_book.must("disburse", "kas-sosial", "1000", *help_)
    entries = {entry["id"]: entry for entry in json.loads(full_book.must("export", "json").out)["entries"]}
    rows = list(csv.DictReader(io.StringIO(full_book.must("export", "csv").out)))
    assert {row["id"] for row in rows} == set(entries)
    for row in rows:
        said = entries[row["id"]]["fields"]
        moment = datetime.fromisoformat(str(said["at"])).astimezone(UTC)
        assert datetime.fromisoformat(row["recorded"]) == moment
        for column, keys in {
            "counterparty": ("from", "to"),
            "purpose": ("purpose", "reason"),
            "reverses": ("of",),
            **{key: (key,) for key in ("event", "mode", "approved_by", "note", "ref", "by")},
        }.items():
            assert row[column].removeprefix("'") == next((said[key] for key in keys if key in said), ""), column
        if row["due"] == "iuran-sosial" and "for" in said:
            assert row["period"] in (" ".join(said["for"]), *said["for"])
    assert {row["approved_by"] for row in rows} >= {"Pak Lurah"}


def test_the_json_of_a_month_says_what_was_carried_into_it(full_book: Typist) -> None:
    document = json.loads(full_book.must("export", "json", "--month", "2026-02").out)
    assert (document["from"], document["to"]) == ("2026-02-01", "2026-02-28")
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for posting in document["carried"]:
        sums[posting["fund"], posting["unit"]] += Decimal(str(posting["amount"]))
    assert sums
    assert not any(sums.values())
    held = {(p["fund"], p["account"], p["unit"]): p["amount"] for p in document["carried"] if p["place"]}
    assert held["rt-07/kas-sosial", "assets:kas", "IDR"] == 867500
    assert {p["due"] for p in document["carried"] if p["account"] == "liabilities:arisan"} == {"arisan", None}


def test_json_holds_every_line_and_its_postings(full_book: Typist) -> None:
    document = json.loads(full_book.must("export", "json").out)
    files = full_book.files().items()
    # Of the funds: decisions about registers move nothing, and are no entries of another program's journal.
    ledgers = [text.decode() for name, text in files if re.search(r"rt-07/[a-z-]+/202[56]\.toml$", name)]
    lines = [line for text in ledgers for line in text.splitlines() if " = {" in line]
    assert sorted(entry["id"] for entry in document["entries"]) == sorted(line.split()[0] for line in lines)
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for entry in document["entries"]:
        for posting in entry["postings"]:
            sums[entry["id"], posting["fund"], posting["unit"]] += Decimal(str(posting["amount"]))
    assert not any(sums.values()), "each entry adds up to nothing, in each fund and unit"
    collected = next(entry for entry in document["entries"] if "collector" in entry["fields"])
    assert collected["fields"]["members"] == {"r001": 500, "r002": 500}


def balances(book: Typist) -> Mapping[tuple[str, str, str], Decimal]:
    rows = book.must("balance", "--format", "json").json["rows"]
    return {
        (row["organisation"], row["fund"], row["unit"]): Decimal(str(row["balance"])) for row in rows if row["balance"]
    }


@pytest.mark.parametrize("format_", ["hledger", "ledger", "beancount", "csv", "json"])
def test_the_same_book_gives_the_same_bytes_on_any_day(full_book: Typist, format_: str) -> None:
    first = full_book.must("export", format_, "--month", "2026-02").out
    full_book.clock("2030-01-01T00:00:00+07:00")
    assert full_book.must("export", format_, "--month", "2026-02").out == first
    assert first


def test_an_empty_book_and_an_empty_month_are_still_files(book: Typist) -> None:
    for format_ in ("hledger", "ledger", "beancount", "csv", "json"):
        assert book.must("export", format_).out
        assert book.must("export", format_, "--month", "2020-01").out


@pytest.mark.parametrize("format_", ["hledger", "ledger", "beancount", "csv", "json"])
def test_a_category_stands_beside_a_name_only_when_asked_for(book: Typist, format_: str) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    help_ = ("--to", "Bu Karsini", "--for", "Beras", "--category", "disabilitas", "--date", "2026-01-02")
    book.must("disburse", "kas-sosial", "50rb", *help_)
    usual = book.must("export", format_).out
    full = book.must("export", format_, "--privacy", "full").out
    assert "Karsini" in usual
    assert "disabilitas" not in usual
    assert "disabilitas" in full
    refused = book("export", format_, "--privacy", "initials")
    assert (refused.code, refused.out) == (2, "")
    assert "wksbm disbursements --privacy initials" in refused.err


def test_an_unknown_format_names_the_known_ones(book: Typist) -> None:
    answer = book("export", "ledgr")
    assert answer.code == 2
    assert "Did you mean ledger, hledger" in answer.err


def test_an_export_does_not_overwrite_the_book(full_book: Typist) -> None:
    before = full_book.files()
    assert full_book("export", "hledger", "--output", str(full_book.ledger())).code == 3
    assert full_book("export", "parquet", "--output", str(full_book.folder / "ledgers")).code != 0
    assert full_book.files() == before


@given(st.sets(st.text("ab1-", min_size=1, max_size=9), max_size=8))
def test_no_two_units_get_one_name(codes: set[str]) -> None:
    """Not even where a program takes only short names, none of one letter, and makes no difference of capitals."""
    names = commodity_names(
        {*codes, "IDR", "idr"}, lambda code: code.upper() if 1 < len(code) < 8 and code != "unit-1" else None
    )
    codes |= {"idr"}
    assert len(set(names.values())) == len(codes) + 1
    assert set(names) == {*codes, "IDR"}


@given(st.integers(-(10**15), 10**15), st.integers(0, 3))
def test_amounts_are_written_with_all_their_decimals(minor: int, decimals: int) -> None:
    text = format_exact(minor, Unit("x", "x", "x", decimals))
    assert Decimal(text).scaleb(decimals) == minor
    assert len(text.partition(".")[2]) == decimals


def test_duckdb_opens_parquet_as_it_is(full_book: Typist) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    files = exported(full_book, "parquet") / "**" / "*.parquet"
    found = duckdb.sql(
        f"SELECT organisation, fund, unit, SUM(amount) FROM '{files}' WHERE place <> '' AND year >= 2025 GROUP BY ALL"
    ).fetchall()
    assert {(organisation, fund, unit): amount for organisation, fund, unit, amount in found if amount} == balances(
        full_book
    )


def test_polars_opens_parquet_as_it_is(full_book: Typist) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    polars = pytest.importorskip("polars", reason="polars is not installed")
    table = polars.scan_parquet(exported(full_book, "parquet")).filter(polars.col("place") != "").collect()
    sums = table.group_by("organisation", "fund", "unit").agg(polars.col("amount").sum())
    found = {(row["organisation"], row["fund"], row["unit"]): row["amount"] for row in sums.to_dicts()}
    assert {key: amount for key, amount in found.items() if amount} == balances(full_book)


def test_parquet_replaces_an_earlier_export_and_nothing_else(full_book: Typist) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    folder = exported(full_book, "parquet", "--month", "2026-01")
    first = parquet.read_table(folder).num_rows
    assert parquet.read_table(exported(full_book, "parquet")).num_rows > first
    (folder / "letter.txt").write_text("kept")
    assert full_book("export", "parquet", "--output", str(folder)).code == 4
    assert (folder / "letter.txt").read_text() == "kept"
    (folder / "letter.txt").rename(folder / "organisation=rt-07" / "letter.txt")
    refused = full_book("export", "parquet", "--output", str(folder), lang="id")
    assert refused.code == 4
    assert "--keluaran" in refused.err
    assert (folder / "organisation=rt-07" / "letter.txt").read_text() == "kept"
    assert sorted(path.name for path in full_book.folder.iterdir()) == ["book.parquet", "ledgers"]


def test_parquet_without_its_library_says_what_to_install(full_book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = full_book("export", "parquet", "--output", str(full_book.folder / "data"))
    assert answer.code == 2
    assert 'pip install "wksbm-cli[parquet]"' in answer.err
    assert not (full_book.folder / "data").exists()
