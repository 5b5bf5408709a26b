"""`verify PAPER`: the paper is made again from the book as it stood, and every figure on it compared."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Typist

FORMATS = ("text", "table", "whatsapp", "markdown", "json", "html", "xlsx")
REPORTS = (
    ("balance",),
    ("balance", "--by", "place", "--org", "rt-07"),
    ("cashbook", "kas-sosial", "--month", "2026-01"),
    ("contributions", "--fund", "kas-sosial", "--year", "2026"),
    ("arrears",),
    ("arrears", "--as-of", "2026-01-31", "--detail"),
    ("disbursements", "--from", "2026-01-01", "--to", "2026-02-28"),
    ("summary",),
    ("summary", "--month", "last"),
    ("annual",),
    ("supervisor", "--year", "2026"),
    ("member", "card", "budi"),
    ("collect", "status", "kas-sosial"),
)


@pytest.fixture
def paper(sealed: Typist) -> Callable[..., Path]:
    """Saves a report in a format, a month after the last entry."""
    sealed.clock("2026-03-09T19:00:00+07:00")

    def save(*words: str, format_: str = "text", lang: str = "en") -> Path:
        path = sealed.folder / f"laporan.{format_}"
        sealed.must(*words, "--format", format_, "--output", str(path), lang=lang)
        return path

    return save


def change(path: Path, before: str, after: str) -> None:
    """Falsify a paper of any format."""
    if path.read_bytes()[:2] != b"PK":
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))
        return
    kept = path.with_suffix(".kept")
    shutil.move(path, kept)
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).decode().replace(before, after))


def later(book: Typist) -> None:
    """The year goes on: entries, members, funds, tariffs and closings come in."""
    for moment, *words in (
        ("2026-03-10T19:00:00+07:00", "contribute", "kas-sosial", "agus", "5000", "--date", "2026-03-10"),
        ("2026-03-11T19:00:00+07:00", "disburse", "kas-sosial", "50rb", "--to", "Bu Karsini", "--for", "Besuk"),
        ("2026-03-12T19:00:00+07:00", "member", "add", "r004", "Dewi", "--joined", "2026-03-11"),
        ("2026-03-13T19:00:00+07:00", "fund", "add", "rt-07/kematian", "Dana Kematian", "--type", "death"),
        ("2026-03-14T19:00:00+07:00", "close", "2026-01"),
        ("2026-03-15T19:00:00+07:00", "fund", "due", "kas-sosial", "iuran-sosial", "9000", "--from", "2026-04-01"),
    ):
        book.clock(moment)
        book.must(*words)
    book.clock("2026-04-09T19:00:00+07:00")


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_paper_is_verified_whatever_came_since(
    sealed: Typist, paper: Callable[..., Path], words: tuple[str, ...]
) -> None:
    papers = [paper(*words, format_=format_, lang="id" if format_ == "html" else "en") for format_ in FORMATS]
    for come in (lambda book: None, later):
        come(sealed)
        for path in papers:
            answer = sealed("verify", str(path))
            told = answer.out.startswith("Every figure of the paper is what the book gives.\nVerified: ")
            assert (answer.code, told) == (0, True), answer.out + answer.err


@pytest.mark.parametrize(
    ("format_", "before", "after", "place"),
    [
        ("text", "Rp510,000", "Rp610,000", "line 14"),
        ("table", "Rp510,000", "Rp610,000", "line"),
        ("whatsapp", "Rp510,000", "Rp610,000", "line"),
        ("markdown", "Rp510,000", "Rp610,000", "line"),
        ("json", '"balance": 510000', '"balance": 610000', "rows[0].balance"),
        ("html", "Rp510,000", "Rp610,000", "line"),
        ("xlsx", "<v>510000</v>", "<v>610000</v>", "1!"),
        ("text", "Kas Sosial", "Kas Ketua", "line"),
    ],
)
def test_a_figure_falsified_above_a_true_seal(
    sealed: Typist, paper: Callable[..., Path], format_: str, before: str, after: str, place: str
) -> None:
    path = paper("balance", "--fund", "kas-sosial", format_=format_)
    sealed.must("verify", str(path))
    change(path, before, after)
    answer = sealed("verify", str(path), "--format", "json")
    assert (answer.code, answer.json["verified"]) == (1, False)
    (one,) = answer.json["seals"]
    assert one["verified"] is True  # the seal itself is as it was
    assert any(each["place"].startswith(place.split(" 14")[0]) for each in one["paper"]["differences"])
    told = sealed("verify", str(path)).out
    assert told.startswith("NOT VERIFIED: in ")
    assert "on the paper: " in told


def test_a_page_that_shows_other_figures_by_a_script_or_style(sealed: Typist, paper: Callable[..., Path]) -> None:
    for addition in (
        "<script>document.title='x'</script>",
        "<style>td{display:none}</style>",
        '<img alt="Rp9,000,000">',
    ):
        path = paper("balance", "--fund", "kas-sosial", format_="html")
        change(path, "</body>", f"{addition}</body>")
        assert sealed("verify", str(path)).code == 1


def test_the_command_taken_off_a_paper(sealed: Typist, paper: Callable[..., Path]) -> None:
    path = paper("balance", "--fund", "kas-sosial")
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "Made by" not in line))
    answer = sealed("verify", str(path))
    assert answer.code == 1
    assert "the figures could not be compared, the paper does not say how it was made" in answer.out


def test_a_paper_under_the_seal_of_another(sealed: Typist, paper: Callable[..., Path]) -> None:
    seal = sealed.must("balance", "--fund", "donasi", "--format", "json").json["seal"]["text"]
    path = paper("balance", "--fund", "kas-sosial")
    lines = [f"Seal: {seal}" if line.startswith("Seal: ") else line for line in path.read_text().splitlines()]
    path.write_text("\n".join(lines))
    answer = sealed("verify", str(path))
    assert (answer.code, "the seal under it is that of another report" in answer.out) == (1, True)


@pytest.mark.parametrize(
    "command",
    [
        "wksbm --lang en income kas-sosial 5000 --from x",
        "wksbm --lang en init Buku",
        "wksbm --lang en review laporan.text",
        "wksbm --lang en balance --nothing",
        "wksbm --lang en balance --output ledgers/book.toml",
        "wksbm --lang en 'balance",
        "wksbm --lang en",
    ],
)
def test_a_paper_makes_the_program_do_nothing_but_print_a_report(
    sealed: Typist, paper: Callable[..., Path], command: str
) -> None:
    path = paper("balance", "--fund", "kas-sosial")
    made = next(line for line in path.read_text().splitlines() if line.startswith("Made by: "))
    change(path, made, f"Made by: {command}")
    before = sealed.files()
    answer = sealed("verify", str(path))
    assert answer.code == 1, answer
    assert sealed.files() == before


def test_what_was_recorded_since_but_dated_in_the_period_is_listed(sealed: Typist, paper: Callable[..., Path]) -> None:
    path = paper("cashbook", "kas-sosial", "--month", "2026-01")
    sealed.clock("2026-03-10T19:00:00+07:00")
    sealed.must("contribute", "kas-sosial", "agus", "5000", "--date", "2026-01-20")
    sealed.must("contribute", "kas-sosial", "agus", "5000", "--date", "2026-03-10")
    answer = sealed.must("verify", str(path))
    assert "Recorded since, but dated in the period of the paper:\n  rt-07/kas-sosial " in answer.out
    (one,) = sealed.must("verify", str(path), "--format", "json").json["seals"]
    assert [each["line"].split("date = ")[1][:10] for each in one["paper"]["since"]] == ["2026-01-20"]


def test_a_message_with_a_greeting_above_it(sealed: Typist, paper: Callable[..., Path]) -> None:
    path = paper("balance", "--fund", "kas-sosial", format_="whatsapp")
    text = path.read_text()
    path.write_text(f"Assalamualaikum, bapak ibu\n\n{text}\nBu Siti\n")
    sealed.must("verify", str(path))
    path.write_text(f"{text}\nJumlah semua: Rp900,000\n")
    assert sealed("verify", str(path)).code == 1


def test_what_was_typed_by_the_calendar_stands_as_it_was_understood(sealed: Typist, paper: Callable[..., Path]) -> None:
    made = paper("summary", "--month", "last", "--fund", "kas-sosial").read_text().splitlines()[-1]
    assert (
        made
        == "Made by: wksbm --lang en summary --fund rt-07/kas-sosial --month 2026-02 --format text # 2026-02-06T19:00:00+07:00"
    )
    made = paper("arrears", lang="id").read_text().splitlines()[-1]
    assert made == "Dibuat dengan: wksbm --lang id tunggakan --format text # 2026-03-09"


def test_csv_has_no_room_for_a_seal(sealed: Typist, paper: Callable[..., Path]) -> None:
    answer = sealed("verify", str(paper("balance", format_="csv")))
    assert (answer.code, "There is no seal in" in answer.err) == (2, True)
    assert "--format xlsx" in answer.err


def test_decisions_before_the_seal_are_not_told_as_recorded_since(sealed: Typist, paper: Callable[..., Path]) -> None:
    sealed.must("org", "edit", "rt-07", "--chair", "Bu Ani")
    sealed.must("contribute", "kas-sosial", "agus", "5000")
    assert "Recorded since" not in sealed.must("verify", str(paper("annual", "--year", "2026"))).out
