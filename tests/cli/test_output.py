"""Where reports go, in which format, about which time: what is typed, and what is said of a slip."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Typist
from wksbm_cli.render.formats import FORMATS


@pytest.fixture
def two(book: Typist) -> Typist:
    """The book with a second organisation, and something in a fund of each."""
    book.must("org", "add", "dasawisma", "Dasawisma Mawar")
    book.must("fund", "add", "dasawisma/kas", "Kas Dasawisma", "--type", "general")
    book.must("opening", "rt-07/kas-sosial", "1jt", "--date", "2026-02-01")
    book.must("opening", "dasawisma/kas", "50rb", "--date", "2026-02-01")
    return book


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder, the program's own state left out."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and ".wksbm" not in path.parts)
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def test_a_file_for_each_organisation_and_month_in_silence(two: Typist) -> None:
    answer = two.must(
        "summary", "--month", "last", "--format", "whatsapp", "--output", "laporan/{org}/{month}.txt", lang="id"
    )
    assert (answer.out, answer.err) == ("", "")
    written = files(two.folder / "laporan")
    assert list(written) == ["dasawisma/2026-02.txt", "rt-07/2026-02.txt"]
    assert "*Dasawisma Mawar*" in written["dasawisma/2026-02.txt"] and "Rp50.000" in written["dasawisma/2026-02.txt"]
    assert "1.000.000" not in written["dasawisma/2026-02.txt"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("balance", "--org", "rt-07", "--month", "2026-02"), "rt-07 2026-02"),
        (("cashbook", "rt-07/kas-sosial", "--year", "2026"), "rt-07 2026"),
        (("disbursements", "--fund", "dasawisma/kas", "--month", "2026-02"), "dasawisma 2026-02"),
    ],
)
def test_one_organisation_is_one_file(two: Typist, words: tuple[str, ...], name: str) -> None:
    two.must(*words, "--output", "laporan/{org} {month}.txt")
    assert list(files(two.folder / "laporan")) == [f"{name}.txt"]


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"pdf"}))
def test_the_ending_of_the_file_chooses_the_format(two: Typist, name: str) -> None:
    for ending in FORMATS[name].endings:
        two.must("balance", "--output", f"saldo{ending.upper()}")
        two.must("balance", "--output", "diminta", "--format", name)
        assert (two.folder / f"saldo{ending.upper()}").read_bytes() == (two.folder / "diminta").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("balance", "--format", "htm"), 2, "html"),
        (("balance", "--format", ""), 2, "Known"),
        (("balance", "--output", "."), 4, "folder"),
        (("balance", "--output", ""), 4, "folder"),
        (("balance", "--output", "/dev/full"), 4, "disk is full"),
        (("balance", "--output", "ledgers/book.toml/a.txt"), 4, "not a folder"),
        (("balance", "--output", "ledgers/rt-07/kas-sosial/2026.toml"), 3, "the book itself"),
        (("balance", "--output", "ledgers/../ledgers/book.toml"), 3, "the book itself"),
        (("balance", "--output", "{month}.txt"), 2, "--month"),
        (("balance", "--output", "{fund}.txt"), 2, "{org}, {month}"),
        (("balance", "--short", "--format", "csv"), 2, "whatsapp"),
        (("summary", "--chart", "--format", "csv"), 2, "table"),
        (("balance", "--from", "2026-03-01", "--to", "2026-02-01"), 2, "before it begins"),
        (("balance", "--from", "2026-03-01", "--month", "2026-02"), 2, "one way"),
        (("balance", "--month", "2026-13"), 2, "month"),
    ],
)
def test_a_slip_is_told_and_changes_nothing(two: Typist, words: tuple[str, ...], code: int, told: str) -> None:
    before = files(two.folder)
    answer = two(*words)
    assert answer.code == code
    assert told in answer.err and not answer.out
    assert files(two.folder) == before


@pytest.mark.parametrize(
    "report", ["balance", "cashbook rt-07/kas-sosial", "summary", "disbursements", "contributions"]
)
@pytest.mark.parametrize(
    ("month", "told"),
    [("2024-05", "The book begins on 1 February 2026"), ("2027-01", "The last entry is of 1 February 2026")],
)
def test_a_time_without_a_book_is_an_empty_report_that_says_so(two: Typist, report: str, month: str, told: str) -> None:
    assert told in two.must(*report.split(), "--month", month, "--format", "text").out
    assert two.must(*report.split(), "--month", month, "--format", "json").json["notes"][0].startswith(told)


def test_what_a_format_lacks_is_named_with_the_way_to_get_it(two: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "wksbm_cli.render.xlsx", raising=False)
    answer = two("balance", "--format", "xlsx", "--output", "a.xlsx")
    assert answer.code == 2
    assert 'pip install "wksbm-cli[xlsx]"' in answer.err
    assert not (two.folder / "a.xlsx").exists()


def as_program(two: Typist, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, with an environment of nothing but this."""
    bare = {"PATH": os.environ["PATH"], "WKSBM_NOW": "2026-03-01T06:00:00+07:00"} | environment
    return subprocess.run(
        [sys.executable, "-m", "wksbm_cli", *words],
        cwd=two.folder,
        env=bare | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"pdf"}))
def test_machine_locale_and_home_do_not_change_a_byte(two: Typist, format_: str) -> None:
    words = ("--lang", "id", "summary", "--month", "2026-02", "--format", format_)
    bare = as_program(two, *words)
    assert bare.returncode == 0, bare.stderr
    other = as_program(
        two, *words, LC_ALL="en_US.ISO-8859-1", HOME="/nowhere", TERM="xterm", COLUMNS="33", PYTHONIOENCODING="latin-1"
    )
    assert other.stdout == bare.stdout
    if format_ == "xlsx":
        assert zipfile.ZipFile(io.BytesIO(bare.stdout)).testzip() is None
    else:
        assert "1.000.000" in bare.stdout.decode() or format_ in ("csv", "json")


@pytest.mark.skipif(shutil.which("script") is None, reason="script (util-linux) is not installed")
def test_a_terminal_is_spared_what_is_no_text(two: Typist) -> None:
    command = f"{sys.executable} -m wksbm_cli --lang en balance --format xlsx"
    done = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        cwd=two.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "--output FILE" in done.stdout and "PK" not in done.stdout
