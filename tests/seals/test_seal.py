"""Seals: what stands under a report can be re-derived with coreutils, and says when a line was touched."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.scripts import ROOT
from wksbm_cli.domain.line import entry_id
from wksbm_cli.domain.seal import find_seals

SOCIAL = "rt-07/kas-sosial"


def seal_of(book: Typist, *words: str) -> dict[str, object]:
    """The seal of a report as its JSON carries it."""
    seal = book.must("balance", "--format", "json", *words).json["seal"]
    assert isinstance(seal, dict)
    return seal


def recipe(page: str = "docs/trust.md") -> str:
    """The shell of the first recipe on the page."""
    found = re.search(r"^```sh\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def by_coreutils(book: Typist, seal: dict[str, object], files: str, page: str = "docs/trust.md") -> str:
    """What the page's recipe prints for a seal, its time and files put in."""
    script = recipe(page).replace("rt-03/kas-sosial/????.toml", files)
    script = re.sub(r"^until=.*$", f"until={seal['until']}", script, flags=re.MULTILINE)
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=book.folder / "ledgers", capture_output=True, text=True, check=True
    )
    return done.stdout.split()[0]


def test_a_seal_covers_the_funds_of_its_report_and_no_other(sealed: Typist) -> None:
    seal = seal_of(sealed, "--fund", "kas-sosial")
    assert (seal["version"], seal["funds"], seal["lines"]) == (2, [SOCIAL], 3)
    assert seal["until"] == "2026-02-05T19:00:00+07:00"
    whole = seal_of(sealed)
    assert whole["lines"] == 5
    sealed.must("donate", "donasi", "1000", "--from", "Hamba Allah")
    assert seal_of(sealed, "--fund", "kas-sosial") == seal
    assert seal_of(sealed) != whole


@pytest.mark.parametrize("page", ["docs/trust.md", "docs/id/kepercayaan.md"])
def test_coreutils_derive_the_same_digest(sealed: Typist, page: str) -> None:
    if shutil.which("b2sum") is None:
        pytest.skip("b2sum is not installed here")
    one, whole = seal_of(sealed, "--fund", "kas-sosial"), seal_of(sealed)
    sealed.clock("2027-01-02T19:00:00+07:00")
    sealed.must("contribute", "kas-sosial", "budi", "5000", "--date", "2027-01-02")  # a new year's file, after the seal
    assert by_coreutils(sealed, one, "rt-07/kas-sosial/????.toml", page) == one["digest"]
    assert by_coreutils(sealed, whole, "*/*/????.toml", page) == whole["digest"]


def test_a_line_in_a_page_is_checked_by_its_id(sealed: Typist) -> None:
    line = sealed.lines()[0]
    text = line.partition(" = ")[2]
    if shutil.which("b2sum") is None:
        pytest.skip("b2sum is not installed here")
    done = subprocess.run(["b2sum", "-l", "128"], input=f"{SOCIAL}\n{text}", capture_output=True, text=True, check=True)
    assert done.stdout.startswith(line.split()[0])


def test_the_clock_of_the_reader_does_not_show_in_a_seal(sealed: Typist) -> None:
    before = sealed.must("summary", "--month", "2026-02", "--format", "json").out
    sealed.clock("2031-07-01T00:00:00+07:00")
    assert sealed.must("summary", "--month", "2026-02", "--format", "json").out == before


def test_an_index_built_anew_gives_the_same_seal(sealed: Typist) -> None:
    grown = seal_of(sealed)  # the index grew line by line
    shutil.rmtree(sealed.folder / "ledgers" / ".wksbm")
    assert seal_of(sealed) == grown


def test_a_seal_over_no_line_verifies_nothing(book: Typist) -> None:
    seal = seal_of(book)
    assert (seal["lines"], seal["until"]) == (0, None)
    for _ in range(2):
        answer = book("verify", str(seal["text"]))
        assert (answer.code, "over no line" in answer.out) == (1, True)
        book.must("opening", "kas-sosial", "500rb")


def test_a_note_that_says_a_later_time_hides_no_line(sealed: Typist) -> None:
    """A line of format 1, which may be spelled in any way, slipped in before the time of the seal."""
    text = str(seal_of(sealed)["text"])
    table = (
        '{ date = 2026-01-05, kind = "income", amount = 1, from = "x", by = "siti", at = 2026-01-05T19:00:00+07:00,'
        ' note = ", at = 2027-01-05T19:00:00+07:00" }'
    )
    with sealed.ledger().open("a") as ledger:
        ledger.write(f"{entry_id('rt-07/kas-sosial', table, 12)} = {table}\n")
    answer = sealed("verify", text)
    assert (answer.code, "of those recorded up to then there are 6" in answer.out) == (1, True)


@pytest.mark.parametrize("format_", ["json", "text", "table", "whatsapp", "markdown", "html"])
def test_a_saved_report_of_any_format_is_verified(sealed: Typist, format_: str) -> None:
    report = sealed.folder / "laporan"
    sealed.must("balance", "--format", format_, "--output", str(report))
    assert "unchanged" in sealed.must("verify", str(report)).out
    ledger = sealed.ledger()
    ledger.write_text(ledger.read_text().replace("{ r001 = 5000 }", "{ r001 = 4000 }"))
    assert sealed("verify", str(report)).code == 1


def test_a_seal_survives_being_typed_with_other_breaks(sealed: Typist) -> None:
    text = str(seal_of(sealed, "--fund", "kas-sosial")["text"])
    sealed.must("verify", *text.split())
    sealed.must("verify", text.replace(" ", "\n  "))
    sealed.must("verify", re.sub(r"(?<=[0-9a-f]{8})-(?=[0-9a-f]{8})", "", text))
    assert sealed("verify", text.replace(" 3 ", " 2 ")).code == 1


def test_later_lines_do_a_seal_no_harm_even_in_the_same_second(sealed: Typist) -> None:
    text = str(seal_of(sealed)["text"])
    for amount in ("1000", "2000", "3000"):
        sealed.must("donate", "donasi", amount, "--from", "Hamba Allah")  # the clock stands still
        sealed.must("contribute", "kas-sosial", "agus", amount)
        sealed.must("verify", text)
    assert "6 lines were recorded since" in sealed.must("verify", text).out
    ledger = sealed.ledger("rt-07/lumbung")
    ledger.write_text(ledger.read_text().replace("Pak Joko", "Pak Jaka"))
    assert sealed("verify", text).code == 1


def test_an_altered_line_is_told_without_git(sealed: Typist) -> None:
    text = str(seal_of(sealed)["text"])
    line = sealed.lines()[0]
    ledger = sealed.ledger()
    ledger.write_text(ledger.read_text().replace(line, line.replace("5000", "500")))
    answer = sealed("verify", text, "--format", "json")
    assert answer.code == 1
    (seal,) = answer.json["seals"]
    (difference,) = seal["differences"]
    assert (seal["verified"], difference["what"], difference["id"]) == (False, "altered", line.split()[0])
    assert "5000" not in difference["after"]


def test_a_divided_payment_is_sealed_in_every_fund_it_changes(sealed: Typist) -> None:
    split = ("--part", "donasi=1", "--part", "jimpitan=1", "--of", "4", "--from", "2026-01-01")
    sealed.must("fund", "split", "kas-sosial", "iuran-sosial", *split)
    sealed.must("contribute", "kas-sosial", "budi", "20000", "--due", "iuran-sosial")
    for fund in ("donasi", "jimpitan"):
        text = str(seal_of(sealed, "--fund", fund)["text"])
        assert seal_of(sealed, "--fund", fund)["funds"] == [f"rt-07/{fund}", SOCIAL]
    ledger = sealed.ledger()
    ledger.write_text("".join(line for line in ledger.open() if " split = " not in line))
    assert sealed("verify", text).code == 1


def test_a_transfer_is_sealed_in_both_funds_it_changes(sealed: Typist) -> None:
    sealed.must("transfer", "kas-sosial", "donasi", "50rb", "--reason", "kekurangan")
    text = str(seal_of(sealed, "--fund", "donasi")["text"])
    assert seal_of(sealed, "--fund", "donasi")["funds"] == ["rt-07/donasi", SOCIAL]
    ledger = sealed.ledger()
    ledger.write_text("".join(line for line in ledger.open() if "transfer" not in line))
    assert sealed("verify", text).code == 1


def test_a_long_list_of_funds_is_told_by_its_organisation(sealed: Typist) -> None:
    sealed.must("org", "add", "rt-08", "RT 08")
    sealed.must("fund", "add", "rt-08/kas", "Kas RT 08")
    assert str(seal_of(sealed)["text"]).split()[1] == "all"
    seal = seal_of(sealed, "--org", "rt-07")
    assert str(seal["text"]).split()[1] == "rt-07"
    (found,) = find_seals(f"Segel: {seal['text']}.")
    assert found.covered(["rt-07/a", "rt-07/b", "rt-08/kas"]) == ["rt-07/a", "rt-07/b"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["no-such-file"], 2),
        (["wksbm2 all 1 - " + "0" * 40], 2),
        (["wksbm1 ../etc 1 - " + "0" * 40], 2),
        (["ledgers"], 2),
    ],
)
def test_what_is_no_seal_is_told(sealed: Typist, words: list[str], code: int) -> None:
    answer = sealed("verify", *words)
    assert (answer.code, answer.out) == (code, "")
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "seal",
    [{}, {"version": 1}, {"version": 1, "funds": ["../x"], "lines": 1, "until": None, "digest": "0" * 40}, [], None],
)
def test_a_file_with_a_made_up_seal_is_refused(sealed: Typist, seal: object, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps({"seal": seal}))
    answer = sealed("verify", str(tmp_path / "r.json"))
    assert (answer.code, answer.out) == (2, "")
