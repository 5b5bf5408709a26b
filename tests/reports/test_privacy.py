"""People on a page: by name, by initials, by code; categories apart from them."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.person import Person, redactable
from wksbm_cli.render.formats import FORMATS

CIRCULATES = ("whatsapp", "markdown", "html")
OWN = ("table", "text", "csv", "json")
CATEGORY = re.compile(r"odha|HIV", re.IGNORECASE)


@pytest.fixture
def helped(book: Typist) -> Typist:
    """A book in which one person of a sensitive category was helped, and a member visited, both named in the purpose."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must(
        *(
            "disburse",
            "kas-sosial",
            "100rb",
            "--to",
            "Ibu Siti Aminah",
            "--for",
            "Obat untuk Siti Aminah, bantuan ODHA",
        ),
        *("--pillar", "rehabilitation", "--category", "odha", "--date", "2026-02-03"),
    )
    book.must(
        *("disburse", "kas-sosial", "150rb", "--to", "Keluarga Budi", "--for", "Besuk Budi Santoso di rumah sakit"),
        *("--member", "budi", "--date", "2026-02-10"),
    )
    book.must("contribute", "kas-sosial", "tini", "5000", "--for", "2026-02", "--date", "2026-02-11")
    return book


def shown(book: Typist, report: str, *words: str) -> str:
    return book.must(*report.split(), *words).out


@pytest.mark.parametrize("report", ["disbursements", "cashbook kas-sosial"])
@pytest.mark.parametrize("format_", CIRCULATES)
def test_a_page_that_circulates_calls_the_helped_by_initials(helped: Typist, report: str, format_: str) -> None:
    out = shown(helped, report, "--format", format_)
    for name in ("Aminah", "Budi", "Santoso"):
        assert name not in out
    assert not CATEGORY.search(out)
    in_one_line = " ".join(out.replace("*", "").split())
    assert "Ibu S. A." in in_one_line and "Keluarga B." in in_one_line


@pytest.mark.parametrize("format_", CIRCULATES)
def test_who_only_pays_dues_is_named_unless_asked_otherwise(helped: Typist, format_: str) -> None:
    assert "Tini Lestari" in shown(helped, "contributions", "--format", format_)
    assert "Tini" not in shown(helped, "contributions", "--format", format_, "--privacy", "initials")
    coded = shown(helped, "contributions", "--format", format_, "--privacy", "codes")
    assert "Tini" not in coded and "r002" in coded


@pytest.mark.parametrize("format_", CIRCULATES)
def test_a_note_on_help_says_nothing_beside_initials(helped: Typist, format_: str) -> None:
    """The cash book names who was helped, so a page that circulates keeps the illness in its note; the yearly report names
    nobody, and tells what money was given for."""
    words = ("--to", "Ibu Wati", "--for", "Sakit", "--note", "opname tifus", "--date", "2026-02-20")
    helped.must("disburse", "kas-sosial", "50rb", *words)
    assert "tifus" not in shown(helped, "cashbook kas-sosial", "--format", format_)
    assert "tifus" in shown(helped, "annual --fund kas-sosial --year 2026", "--format", format_)
    for full in (("--format", format_, "--privacy", "full"), ("--format", "text"), ("--format", "csv")):
        out = shown(helped, "cashbook kas-sosial", *full)
        assert "Wati" in out and "tifus" in out


@pytest.mark.parametrize("format_", CIRCULATES)
def test_what_a_donation_is_for_is_told_of_its_giver(helped: Typist, format_: str) -> None:
    helped.must("donate", "kas-sosial", "75rb", "--from", "Ibu Kartini", "--for", "paving gang", "--date", "2026-02-21")
    helped.must(
        "donate", "kas-sosial", "80rb", "--from", "Pak Lurah", "--for", "operasi Tini Lestari", "--date", "2026-02-22"
    )
    out = " ".join(shown(helped, "cashbook kas-sosial", "--format", format_).replace("*", "").split())
    assert "Ibu Kartini, for paving gang" in out
    assert "operasi" not in out and "Pak Lurah, for help given" in out


@pytest.mark.parametrize("format_", OWN)
def test_the_treasurer_sees_names_but_no_category_beside_them(helped: Typist, format_: str) -> None:
    out = shown(helped, "disbursements", "--format", format_)
    assert "Aminah" in out
    assert "odha" not in out


@pytest.mark.parametrize("format_", [name for name in FORMATS if name not in ("xlsx", "pdf")])
@pytest.mark.parametrize("naming", ["initials", "codes"])
@pytest.mark.parametrize("report", ["disbursements", "cashbook kas-sosial", "contributions"])
def test_what_is_asked_for_holds_in_every_format(helped: Typist, report: str, naming: str, format_: str) -> None:
    out = shown(helped, report, "--format", format_, "--privacy", naming)
    for name in ("Aminah", "Siti A", "Budi", "Santoso", "Tini", "Lestari"):
        assert name not in out
    assert not CATEGORY.search(out)


def test_the_category_stands_beside_the_name_only_where_full_is_asked_for(helped: Typist) -> None:
    rows = {
        naming: helped.must("disbursements", "--format", "json", *naming).json["rows"][0]
        for naming in ((), ("--privacy", "codes"), ("--privacy", "full"))
    }
    assert {naming: row["category"] for naming, row in rows.items()} == {
        (): "",
        ("--privacy", "codes"): "",
        ("--privacy", "full"): "odha",
    }
    assert list(rows[()]) == list(rows["--privacy", "full"])
    assert "orang dengan HIV" not in shown(helped, "disbursements", "--format", "text")


def test_people_without_an_id_are_numbered_the_same_all_over_a_report(helped: Typist) -> None:
    helped.must("disburse", "kas-sosial", "50rb", "--to", "ibu siti aminah", "--for", "Sembako", "--date", "2026-02-20")
    out = shown(helped, "disbursements", "--format", "csv", "--privacy", "codes")
    assert [row["to"] for row in csv.DictReader(io.StringIO(out))] == ["person 1", "r001", "person 1"]


def test_categories_of_few_people_are_counted_together(helped: Typist) -> None:
    for number in range(3):
        helped.must(
            *("disburse", "kas-sosial", "10rb", "--to", f"Warga {number}", "--for", "Sembako"),
            *("--category", "fakir-miskin", "--date", "2026-02-21"),
        )
    # Twice the same person is one person: three times does not make a category safe to name.
    for day in ("2026-02-22", "2026-02-23"):
        helped.must(
            *("disburse", "kas-sosial", "10rb", "--to", "Ibu Siti Aminah", "--for", "Obat", "--date", day),
            *("--category", "odha"),
        )
    text = shown(helped, "disbursements", "--format", "text")
    table = text[text.index("By category") :]
    assert re.search(r"poor and destitute person +3 +3\n", table)
    assert re.search(r"other +2 +4\n", table)
    assert "HIV" not in table
    assert re.search(r"HIV +1 +3\n", shown(helped, "disbursements", "--format", "text", "--privacy", "full"))


def test_a_person_helped_by_two_organisations_is_one_in_the_count_of_a_category(helped: Typist) -> None:
    """As a member of one and by name in another: twice in two lists, and still too few to name the category."""
    helped.must("org", "add", "dasa-wisma", "Dasawisma")
    helped.must("fund", "add", "dasa-wisma/beras", "Beras", "--type", "social")
    helped.must("opening", "beras", "100rb", "--date", "2026-01-01")
    given = ("--for", "Sembako", "--category", "lansia-telantar", "--date", "2026-02-21")
    helped.must("disburse", "kas-sosial", "10rb", "--to", "Budi Santoso", "--member", "budi", *given)
    helped.must("disburse", "beras", "10rb", "--to", "budi  santoso", *given)
    helped.must("disburse", "beras", "10rb", "--to", "Mbah Wiryo", *given)
    assert "neglected" not in shown(helped, "disbursements", "--format", "text")
    full = shown(helped, "disbursements", "--format", "text", "--privacy", "full")
    assert re.search(r"neglected elderly person +2 +3\n", full)


def test_a_naming_that_is_none_is_refused_with_the_choices(book: Typist) -> None:
    answer = book("balance", "--privacy", "initial")
    assert answer.code == 2
    assert "initials" in answer.err


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Budi Santoso", "B. S."),
        ("Bu Siti", "Bu S."),
        ("Keluarga Pak Slamet", "Keluarga Pak S."),
        ("Alm. H. Joko", "Alm. H. J."),
        ("Ma'ruf", "M."),
        ("Budi S.", "B. S."),
        ("rumah A-3", "R. A-3"),
        ("kk-018", "kk-018"),
        ("ÉLOÏSE", "É."),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert Person(name).initials == initials


def test_a_text_hides_only_whole_words_of_names() -> None:
    person = Person("Ana Wati")
    text = redactable("Anak Ana, wati-wati dan Watini", [person], [])
    assert text.hiding([person], to_initials=True) == "Anak A., W.-W. dan Watini"


def test_a_member_named_in_full_in_a_purpose_is_hidden_too(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must(
        "disburse", "kas-sosial", "100rb", "--to", "RSUD", "--for", "Rawat inap Agus Wibowo", "--date", "2026-02-03"
    )
    page = shown(book, "disbursements", "--format", "markdown")
    assert "Agus" not in page and "Wibowo" not in page


@pytest.mark.parametrize("report", ["disbursements", "cashbook kas-sosial"])
@pytest.mark.parametrize("words", [("--format", "whatsapp"), ("--format", "csv", "--privacy", "initials")])
def test_what_someone_called_by_initials_is_ill_with_is_not_written(
    book: Typist, report: str, words: tuple[str, ...]
) -> None:
    """No list of words knows every illness: the whole text is left out."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    given = (
        "disburse",
        "kas-sosial",
        "100rb",
        "--to",
        "Bu Darmi",
        "--for",
        "Operasi usus buntu",
        "--date",
        "2026-02-03",
    )
    book.must(*given)
    page = shown(book, report, *words)
    assert "Bu D." in page and "help given" in page
    assert "usus" not in page
    assert "Operasi usus buntu" in shown(book, report, "--format", "csv", "--privacy", "full")


def test_the_deceased_after_whom_a_levy_is_named_is_called_as_asked(book: Typist) -> None:
    book.must("fund", "add", "rt-07/kematian", "Dana Kematian", "--type", "death")
    book.must("death", "set", "kematian", "1jt", "--from", "2026-01-01")
    book.must("fund", "due", "kematian", "lelayu", "10000", "--cycle", "event", "--from", "2026-01-01")
    book.must(
        "death",
        "report",
        "kematian",
        "budi",
        "--deceased",
        "Sutini Lestari",
        "--date",
        "2026-02-03",
        "--levy",
        "lelayu",
    )
    book.must("contribute", "kematian", "tini", "10rb", "--for", "2026-02-03-r001", "--date", "2026-02-20")
    reports = (
        "contributions --fund kematian",
        "arrears --fund kematian --detail",
        "cashbook kematian",
        "member card agus",
    )
    for report in reports:
        words = [*report.split(), "--format", "text", "--privacy"]
        assert "Sutini Lestari" in book.must(*words, "full").out
        assert "S. L." in book.must(*words, "initials").out
        assert "2026-02-03-r001" in book.must(*words, "codes").out
        assert "Sutini" not in book.must(*words, "codes").out + book.must(*words, "initials").out
