"""What is wrong is told in one plain sentence with the next thing to type, and changes nothing.

Every case here goes through `refused`, which looks at all of it: exit code, shape of the message, bytes of the book.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import Answer, Typist
from wksbm_cli.cli.main import run
from wksbm_cli.domain.line import entry_id

KAS = "rt-07/kas-sosial"


def refused(book: Typist, *words: str, code: int, says: str, hint: str | None = "", where: str | None = None) -> Answer:
    """Type what must fail. `says` stands in its sentence, `hint` in the line below (None: it has none), `where` is its place."""
    before = book.files()
    answer = book(*words)
    assert answer.code == code, f"{' '.join(words)}: {answer.err or answer.out}"
    assert answer.out == ""
    assert book.files() == before, "something was written"
    assert "Traceback" not in answer.err
    assert all(char.isprintable() or char == "\n" for char in answer.err), f"acts on a terminal: {answer.err!r}"
    lines = answer.err.splitlines()
    if where is not None:
        assert lines.pop(0) == f"{where}:"
        if lines[0].startswith("    "):
            lines.pop(0)
    sentence, *more = lines
    assert says in sentence
    assert re.search(r"[.:?)]$", sentence), f"no whole sentence: {sentence}"
    more = [line for line in more if not line.startswith("  - ")]
    if hint is None:
        assert more == []
    else:
        assert len(more) == 1, f"no hint of one line: {more}"
        assert hint in more[0]
    return answer


@pytest.fixture
def kept(book: Typist) -> Typist:
    """The small book with money in it."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("donate", "donasi", "100rb", "--from", "Toko Jaya", "--date", "2026-01-02")
    return book


# --- what a rule of the group refuses -----------------------------------------------------------------------------

CONTRIBUTE = ("contribute", "kas-sosial", "budi", "5000")
LEFT = (
    "member",
    "leave",
    "r003",
    "--date",
    "2026-01-31",
    "--debts",
    "written-off",
    "--reason",
    "Pindah",
    "--decided-by",
    "rapat",
)


@pytest.mark.parametrize(
    ("words", "code", "says", "hint"),
    [
        (("opening", "kas-sosail", "5000"), 3, 'There is no fund "kas-sosail".', "Did you mean kas-sosial"),
        (("opening", "dana-duka", "5000"), 3, 'There is no fund "dana-duka".', ""),
        (("contribute", "kas-sosial", "budy", "5000"), 3, 'There is no member "budy"', "Budi Santoso"),
        (("contribute", "kas-sosial", "r009", "5000"), 3, 'There is no member "r009"', "r00"),
        (("contribute", "kas-sosial", "t", "5000"), 3, "may be one of several members", "Tini Lestari"),
        (("opening", "lumbung", "40 kg bears"), 3, 'The unit "kg bears" is not known here.', "beras"),
        (("opening", "lumbung", "40 pikul"), 3, 'The unit "pikul" is not known here.', ""),
        (("opening", "kas-sosial", "5000", "--place", "bnak"), 3, 'has no place "bnak"', "Did you mean bank"),
        (("move", "kas-sosial", "5000", "kas", "brankas"), 3, 'has no place "brankas"', "kas"),
        (("transfer", "kas-sosial", "donasi", "1000", "--reason", "x", "--to-place", "bnk"), 3, "has no place", "kas"),
        (("opening", "kas-sosial", "-5000"), 3, "less than nothing", "wksbm reverse"),
        (("opening", "kas-sosial", "0"), 3, "more than nothing", None),
        (("contribute", "kas-sosial", "budi", "0"), 3, "more than nothing", None),
        (("donate", "lumbung", "300000", "--from", "x"), 2, "as 300,000 kg beras, or as Rp300,000", "Rp300000"),
        (("opening", "lumbung", "1,5jt"), 2, "as 1,500,000 kg beras, or as Rp1,500,000", "1500000 kg"),
        (("exchange", "lumbung", "40 kg beras", "0"), 3, "more than nothing", None),
        ((*CONTRIBUTE, "--date", "2026-03-02"), 3, "still to come", "--allow-future"),
        ((*CONTRIBUTE, "--date", "2025-02-29"), 2, "28 days", None),
        ((*CONTRIBUTE, "--date", "29 Feb 2025"), 2, "28 days", None),
        ((*CONTRIBUTE, "--date", "1/1/1944"), 2, "There is no year 1944", None),
        ((*CONTRIBUTE, "--date", "1/1/2200"), 2, "There is no year 2200", None),
        ((*CONTRIBUTE, "--date", "2026-13-01"), 2, "no month 13", "19 Feb 2026"),
        ((*CONTRIBUTE, "--date", "1/1/26"), 2, "must have four digits", "19 Feb 2026"),
        ((*CONTRIBUTE, "--date", "1 Fevruari 2026"), 2, "is not a month", "19 Feb 2026"),
        ((*CONTRIBUTE, "--date", "besok"), 2, "cannot be read as a date", "2026-02-19"),
        ((*CONTRIBUTE, "--for", "2026-W09"), 2, "is not a period", "2026-01..2026-03"),
        ((*CONTRIBUTE, "--for", "2026-03..2026-01"), 2, "names no period", None),
        (
            ("spend", "kas-sosial", "2jt", "--for", "Tenda"),
            3,
            "would be Rp1,000,000 short on 1 March 2026",
            "--allow-negative",
        ),
        (
            ("spend", "kas-sosial", "1000", "--for", "x", "--place", "bank"),
            3,
            " short on 1 March 2026",
            "--allow-negative",
        ),
        (("transfer", "kas-sosial", "donasi", "2jt", "--reason", "x"), 3, " short on 1 March 2026", "--allow-negative"),
        (("spend", "donasi", "1000", "--for", "Rapat"), 3, "cannot pay running costs", "wksbm disburse"),
        (("transfer", "donasi", "kas-sosial", "1000", "--reason", "x"), 3, "given to be given", "wksbm disburse"),
        (("transfer", "kas-sosial", "kas-sosial", "1000", "--reason", "x"), 2, "another fund", "wksbm move"),
        (("move", "kas-sosial", "1000", "kas", "kas"), 2, "nothing moves", None),
        (("exchange", "kas-sosial", "1000", "2000"), 2, "one unit for another", "40 kg beras"),
        (("reverse", "ffffffff", "--reason", "x"), 3, "There is no entry ffffffff", "cashbook"),
        (("reverse", "xyz", "--reason", "x"), 2, "is not the beginning of an id", "cashbook"),
        (("opening", "kas-sosial", "9" * 30), 2, "likely a slip", None),
        (("opening", "kas-sosial", "1,500"), 2, "reads two ways", "1.500.000"),
        (("opening", "kas-sosial", "banyak"), 2, "cannot be read as an amount", "50rb"),
        (("opening", "kas-sosial", "1,5 butir telur"), 2, "", ""),
        (("count", "kas-sosial", "900rb"), 3, "Rp100,000 less", "--reason"),
        (("collect", "jimpitan"), 2, "in one way", "--absent"),
        (("collect", "jimpitan", "--absent", "r009"), 3, 'no member "r009"', ""),
        (("member", "leave", "r009"), 3, 'no member "r009"', ""),
        (("member", "add", "r001", "Budi"), 3, "Already a member", "wksbm member list"),
        (("fund", "add", "rt-07/kas-sosial", "Kas"), 3, "is there already", "wksbm fund show rt-07/kas-sosial"),
        (("fund", "place", "kas-sosial", "bank", "Bank"), 3, "is there already", "wksbm fund show rt-07/kas-sosial"),
        (("fund", "add", "rt-09/kas", "Kas"), 3, 'no organisation "rt-09"', "rt-07"),
        (("fund", "add", "rt-07/sembako", "S", "--unit", "karung"), 3, 'unit "karung"', "beras"),
        (("org", "add", "rt-07", "RT 07"), 3, "is there already", "wksbm org show rt-07"),
        (("collect", "jimpitan", "--absent", "r001,r002,r003"), 3, "Nobody gave", "wksbm collect cancel"),
        (("reopen", "2026-01", "--reason", "Lupa"), 3, "is not closed", "wksbm fund show"),
        (("balance", "--month", "2026-13"), 2, "There is no month 13", None),
        (("balance", "--from", "2026-02-01", "--to", "2026-01-01"), 2, "before it begins", None),
        (("balance", "--fund", "kas"), 3, "no fund", ""),
        (("balance", "--format", "odt"), 2, "no format", ""),
        (("cashbook", "kas-sosial", "--place", "brankas"), 3, "no place", ""),
    ],
)
def test_refused(kept: Typist, words: tuple[str, ...], code: int, says: str, hint: str | None) -> None:
    refused(kept, *words, code=code, says=says, hint=hint)


def test_what_is_allowed_with_a_flag_is_done_with_it(kept: Typist) -> None:
    """The refusals above are not refusals of everything."""
    kept.must(*CONTRIBUTE, "--date", "2026-03-02", "--allow-future")
    kept.must("spend", "kas-sosial", "2jt", "--for", "Tenda", "--allow-negative")
    kept.must("count", "donasi", "90rb", "--reason", "Salah hitung")


def test_an_entry_is_reversed_once(kept: Typist) -> None:
    id_ = kept.must(*CONTRIBUTE, "--format", "json").json["recorded"][0]["id"]
    kept.must("reverse", id_, "--reason", "Salah orang")
    refused(kept, "reverse", id_, "--reason", "Salah lagi", code=3, says="was already cancelled", hint="wksbm cashbook")
    reversal = next(line for line in kept.lines() if 'kind = "reversal"' in line).split()[0]
    refused(kept, "reverse", reversal, "--reason", "x", code=3, says="is itself a reversal", hint="Record again")


def test_who_left_contributes_no_more(kept: Typist) -> None:
    kept.must(*LEFT)
    for words in (
        ("contribute", "kas-sosial", "agus", "5000", "--date", "2026-02-01"),
        ("collect", "jimpitan", "--paid", "r003", "--date", "2026-02-01"),
    ):
        refused(kept, *words, code=3, says="Agus Wibowo left on 31 January 2026", hint="wksbm donate")
    kept.must("contribute", "kas-sosial", "agus", "5000", "--date", "2026-01-31")
    refused(kept, *LEFT, code=3, says="left already", hint="wksbm member show r003")


def test_a_house_gives_once_a_night(kept: Typist) -> None:
    kept.must("collect", "jimpitan", "--absent", "r003", "--date", "2026-02-01")
    for words in (
        ("collect", "jimpitan", "--paid", "r001", "--date", "2026-02-01"),
        ("contribute", "jimpitan", "r001", "500", "--date", "2026-02-01"),
    ):
        refused(kept, *words, code=3, says="Already recorded for the night", hint="wksbm reverse")


def test_a_problem_speaks_the_language_of_its_reader(kept: Typist) -> None:
    assert kept(*CONTRIBUTE, "--date", "2026-03-02", lang="id").err.splitlines()[0].startswith("2 Maret 2026 ")


# --- names that are no names --------------------------------------------------------------------------------------

BAD_IDS = ("../r004", "r 004", "R004", "", "-r004", "r_004", "r004\n", "r" * 64, "rödi", "r/4", ".", "CON:")


@pytest.mark.parametrize(
    "words",
    [
        ("org", "add", "BAD", "Nama"),
        ("member", "add", "BAD", "Nama"),
        ("fund", "add", "rt-07/BAD", "Nama"),
        ("fund", "place", "kas-sosial", "BAD", "Nama"),
        ("fund", "due", "kas-sosial", "BAD", "5000"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_ids_are_small_letters_digits_and_hyphens(book: Typist, words: tuple[str, ...]) -> None:
    outside = sorted(book.folder.parent.iterdir())
    before = book.files()
    for bad in BAD_IDS:
        answer = book(*(word.replace("BAD", bad) for word in words))
        assert (answer.code, answer.out) in ((2, ""), (3, "")), bad
        assert "Traceback" not in answer.err
        assert book.files() == before, bad
    assert sorted(book.folder.parent.iterdir()) == outside


@pytest.mark.parametrize("bad", ["R004", "../r004", "r 004"])
def test_an_id_no_member_can_have_is_told_with_its_line(kept: Typist, bad: str) -> None:
    path = kept.folder / "ledgers" / "rt-07" / "members.toml"
    path.write_text(path.read_text() + f'\n["{bad}"]\nname = "Dewi"\n')
    line = len(path.read_text().splitlines()) - 1
    for words in (("balance",), CONTRIBUTE):
        refused(
            kept,
            *words,
            code=4,
            says=f'"{bad}" cannot be a short name',
            where=f"ledgers/rt-07/members.toml:{line}",
            hint=None,
        )


# --- texts that would like to be more -----------------------------------------------------------------------------

CONTROL = (
    "a\nb",
    "\x1b[31ma",
    "a\tb",
    "a\rb",
    "a\0b",
    "a\x07b",
    "\x9b1ma",
    "a\u2028b",
    "\u202eab",
    "a\u200bb",
    "a\u061cb",
)


@pytest.mark.parametrize(
    "words",
    [
        ("member", "add", "r004", "TEXT"),
        ("fund", "add", "rt-07/baru", "TEXT"),
        ("org", "add", "rt-08", "TEXT"),
        ("donate", "donasi", "5000", "--from", "TEXT"),
        ("disburse", "donasi", "5000", "--to", "TEXT", "--for", "x"),
        ("disburse", "donasi", "5000", "--to", "x", "--for", "TEXT"),
        ("transfer", "kas-sosial", "donasi", "1000", "--reason", "TEXT"),
        ("opening", "kas-sosial", "5000", "--note", "TEXT"),
    ],
    ids=lambda words: f"{words[0]} {words[words.index('TEXT') - 1]}",
)
def test_texts_hold_no_line_breaks_and_no_control_characters(kept: Typist, words: tuple[str, ...]) -> None:
    for text in CONTROL:
        typed = [word.replace("TEXT", text) for word in words]
        refused(kept, *typed, code=2, says="holds a line break or a control character", hint=None)


SLY = (
    "[red]Budi[/red]",
    "=SUM(A1:A9)",
    "+62811",
    "-1+1",
    "@cmd",
    "<script>alert(1)</script>",
    '"; drop',
    "\\",
    "[bold",
    "{0}",
    "%s",
    "🍚 beras",
)


@pytest.mark.parametrize("text", SLY)
def test_texts_stay_texts_in_every_format(kept: Typist, text: str) -> None:
    """In a terminal's table, in text, in a spreadsheet's CSV and in JSON they are letters, and no letter is lost."""
    kept.must("member", "add", "--", "r004", text)
    kept.must("contribute", "kas-sosial", "r004", "5000", "--note", f"n {text}")
    kept.must("disburse", "donasi", "5000", "--to", f"u {text}", "--for", text.rjust(60))
    for words in (("contributions",), ("cashbook", "donasi"), ("disbursements",), ("member", "list")):
        naming = () if words[0] == "member" else ("--privacy", "full")
        for format_ in ("table", "text"):
            shown = kept.must(*words, *naming, "--format", format_).out
            assert all(char.isprintable() or char == "\n" for char in shown)
            if format_ == "text" or words[0] == "member":
                assert any(_letters(text) in _letters(part) for part in _parts(shown)), f"{words} {format_}"
        strings = _strings(kept.must(*words, *naming, "--format", "json").json)
        assert any(text in string for string in strings), f"{words} json"
        for row in _csv(kept.must(*words, *naming, "--format", "csv").out):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), f"a spreadsheet would calculate {cell}"
                assert not re.match(r"-(?!\d+(\.\d+)?$)", cell), f"a spreadsheet would calculate {cell}"


def _parts(shown: str) -> Iterator[str]:
    """A page as it is, and below each title of a table what stands up to the next one: two columns may be folded side by side."""
    yield shown
    lines = shown.splitlines()
    for number, line in enumerate(lines[1:], 1):
        if set(line) == {"-"}:
            starts = [title.start() for title in re.finditer(r"\S+(?: \S+)*", lines[number - 1])]
            yield from ("\n".join(row[a:b] for row in lines[number:]) for a, b in pairwise(starts))


def _letters(text: str) -> str:
    """Without the spaces and line breaks of a table, in whose columns a long text is folded."""
    return re.sub(r"\s", "", text)


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [string for item in value.values() for string in _strings(item)]
    if isinstance(value, list):
        return [string for item in value for string in _strings(item)]
    return [value] if isinstance(value, str) else []


def _csv(text: str) -> list[list[str]]:
    import csv

    return list(csv.reader(text.splitlines()))


# --- a file of the book at fault ----------------------------------------------------------------------------------

BY = 'by = "siti", at = 2026-01-05T10:00:00+07:00'


def entry_line(table: str, fund: str = KAS) -> str:
    """A line whose id is right, whatever the table says."""
    return f"{entry_id(fund, table)} = {table}"


def income(amount: str = "5000", **more: str) -> str:
    """An income of the fifth of January as its table; `more` replaces or adds keys, written as TOML."""
    fields = {"date": "2026-01-05", "kind": '"income"', "amount": amount, "from": '"Warung"'} | more
    return entry_line("{ " + ", ".join(f"{key} = {value}" for key, value in fields.items()) + f", {BY} }}")


LEDGER_FAULTS = {
    "malformed TOML": (entry_line('{ date = 2026-01-05, kind = "income, amount = 5000 }'), "not valid TOML"),
    "no entry": ("saldo = 5000", "not an entry"),
    "a table of its own": ("[lain]", "not an entry"),
    "nothing but words": ("besok ditulis lagi", "not an entry"),
    "a float where rupiah belong": (income("50.000"), "50.000 is a number with decimals"),
    "a text where rupiah belong": (income('"5000"'), "is not a number"),
    "no amount": (income("0"), "more than nothing"),
    "less than nothing": (income("-5000"), "more than nothing"),
    "30 digits": (income("9" * 30), "likely a slip"),
    "an endless exponent": (income("1e999999999"), ""),
    "an id that does not match": (income()[:3] + "000" + income()[6:], "was changed after it was written"),
    "a changed amount": (income().replace("5000", "6000"), "was changed after it was written"),
    "an unknown key": (income(saldo="1"), 'has no "saldo"'),
    "a missing key": (income(**{"from": '""'}), '"from"'),
    "an unknown kind": (income(kind='"pinjam"'), '"pinjam" is not known'),
    "a date of another year": (income(date="2025-12-31"), "of 2025 cannot stand in the ledger of 2026"),
    "a date that never was": (income(date="2026-02-29"), "not valid TOML"),
    "a time for a date": (income(date="2026-01-05T10:00:00"), "needs a date"),
    "an unknown unit": (income(unit='"karung"'), "karung"),
    "rupiah said twice": (income(unit='"IDR"'), "unit"),
    "an unknown place's form": (income(place='"../kas"'), "../kas"),
    "an unknown source": (income(source='"lotre"'), "lotre"),
    "an escape in a text": (income(**{"from": '"\\u001b[31mmerah"'}), ""),
    "a text without end": (income(**{"from": f'"{"a" * 600}"'}), ""),
    "an unknown member": (
        entry_line(f'{{ date = 2026-01-05, kind = "contribution", members = {{ r009 = 5000 }}, {BY} }}'),
        'no member "r009"',
    ),
    "an unknown due": (
        entry_line(
            f'{{ date = 2026-01-05, kind = "contribution", due = "parkir", members = {{ r001 = 5000 }}, {BY} }}'
        ),
        'no due "parkir"',
    ),
    "an unknown fund": (
        entry_line(
            '{ date = 2026-01-05, kind = "transfer", amount = 5, to_fund = "rt-07/parkir", to_place = "kas", '
            f'reason = "x", {BY} }}'
        ),
        'no fund "rt-07/parkir"',
    ),
    "a period of no month": (
        entry_line(
            '{ date = 2026-01-05, kind = "contribution", due = "iuran-sosial", members = { r001 = 5000 }, '
            f'for = ["2026-13"], {BY} }}'
        ),
        "2026-13",
    ),
    "nobody who recorded it": (
        entry_line('{ date = 2026-01-05, kind = "income", amount = 5, from = "x" }'),
        "who recorded it",
    ),
    "a time without a zone": (
        entry_line(
            '{ date = 2026-01-05, kind = "income", amount = 5, from = "x", by = "s", at = 2026-01-05T10:00:00 }'
        ),
        "time zone",
    ),
}


@pytest.mark.parametrize("fault", LEDGER_FAULTS)
def test_a_fault_in_a_ledger_is_told_with_its_line(kept: Typist, fault: str) -> None:
    """In a report and in a recording, and whether the book was just read or is read anew."""
    line, says = LEDGER_FAULTS[fault]
    kept.must("balance")
    path = kept.ledger()
    path.write_text(path.read_text() + line + "\n")
    number = len(path.read_text().splitlines())
    for words in (("balance",), CONTRIBUTE, ("cashbook", "donasi"), ("opening", "donasi", "5000", "--dry-run")):
        answer = kept(*words)
        refused_lines = answer.err.splitlines()
        assert refused_lines[0] == f"ledgers/rt-07/kas-sosial/2026.toml:{number}:"
        assert refused_lines[1].strip() == line[:120].strip() or "\\x" in refused_lines[1]
        hint = None if len(refused_lines) == 3 else ""
        refused(kept, *words, code=4, says=says, hint=hint, where=refused_lines[0][:-1])
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    kept.must(*CONTRIBUTE)


def test_an_entry_that_stands_twice_is_told_with_the_second_line(kept: Typist) -> None:
    path = kept.ledger()
    path.write_text(path.read_text() + path.read_text().splitlines()[-1] + "\n")
    for words in (("balance",), CONTRIBUTE):
        refused(
            kept,
            *words,
            code=4,
            says="is in the book twice",
            hint="Remove one",
            where="ledgers/rt-07/kas-sosial/2026.toml:4",
        )


def test_a_line_pasted_into_another_fund_is_no_entry_of_it(kept: Typist) -> None:
    path = kept.ledger("rt-07/donasi")
    path.write_text(path.read_text() + kept.lines()[0] + "\n")
    refused(kept, "balance", code=4, says="was changed after it was written", where="ledgers/rt-07/donasi/2026.toml:4")


def test_entries_before_the_header_are_refused(kept: Typist) -> None:
    path = kept.ledger()
    path.write_text(path.read_text().replace("[transactions]\n", ""))
    refused(
        kept,
        "balance",
        code=4,
        says="[transactions] is missing",
        hint="second line",
        where="ledgers/rt-07/kas-sosial/2026.toml:2",
    )


REGISTER_FAULTS = {
    "book, malformed": ("book.toml", 'name = "WKSBM', "not valid TOML"),
    "book, unknown key": ("book.toml", "saldo = 5", '"saldo" is not known'),
    "organisation, unknown key": ("rt-07/organisation.toml", 'ketua = "x"', '"ketua" is not known'),
    "organisation, malformed": ("rt-07/organisation.toml", "name = ", "not valid TOML"),
    "members, malformed": ("rt-07/members.toml", "[r004", "not valid TOML"),
    "members, unknown key": ("rt-07/members.toml", '[r004]\nname = "Dewi"\numur = 40', '"umur" is not known'),
    "members, no name": ("rt-07/members.toml", "[r004]", '"name" is missing'),
    "members, an escape in a name": ("rt-07/members.toml", '[r004]\nname = "\\u001b[31m"', "control character"),
    "members, a date that never was": ("rt-07/members.toml", "[r004]\njoined = 2025-02-29", "not valid TOML"),
    "members, left before joining": (
        "rt-07/members.toml",
        '[r004]\nname = "D"\njoined = 2026-01-02\nleft = 2026-01-01',
        "left before joining",
    ),
    "members, no table": ("rt-07/members.toml", "x = 5\n", "must be a table"),
    "fund, unknown key": ("rt-07/kas-sosial/fund.toml", "[saldo]\nx = 1", '"saldo" is not known'),
    "fund, a float where rupiah belong": (
        "rt-07/kas-sosial/fund.toml",
        "[[dues.iuran-sosial.tariffs]]\nfrom = 2026-06-01\namount = 7.500",
        "7.500 is a number with decimals",
    ),
    "fund, a due of less than nothing": (
        "rt-07/kas-sosial/fund.toml",
        "[[dues.iuran-sosial.tariffs]]\nfrom = 2026-06-01\namount = -7500",
        "",
    ),
    "fund, two tariffs of one day": (
        "rt-07/kas-sosial/fund.toml",
        "[[dues.iuran-sosial.tariffs]]\nfrom = 2026-01-01\namount = 7500",
        "two tariffs from 1 January 2026",
    ),
    "fund, a unit no book has": ("rt-07/lumbung/fund.toml", '[dues.x]\nunit = "karung"\ntariffs = []', "karung"),
    "fund, a place of a reserved name": ("rt-07/kas-sosial/fund.toml", "[places.loans]", '"loans"'),
    "fund, malformed": ("rt-07/kas-sosial/fund.toml", "[[[", "not valid TOML"),
    "fund, endless digits": ("rt-07/kas-sosial/fund.toml", "x = " + "9" * 5000, ""),
    "fund, endless brackets": ("rt-07/kas-sosial/fund.toml", "x = " + "[" * 5000, ""),
}


@pytest.mark.parametrize("fault", REGISTER_FAULTS)
def test_a_fault_in_a_register_is_told_with_its_file(kept: Typist, fault: str) -> None:
    name, text, says = REGISTER_FAULTS[fault]
    path = kept.folder / "ledgers" / name
    before = path.read_text()
    at_top = name.endswith(("book.toml", "organisation.toml")) or text.endswith("\n")
    path.write_text(f"{text}\n{before}" if at_top else f"{before}\n{text}\n")
    for words in (("balance",), CONTRIBUTE, ("member", "add", "r005", "Rini"), ("fund", "place", "donasi", "bank")):
        answer = kept(*words)
        assert answer.code == 4, fault
        first, *rest = answer.err.splitlines()
        assert re.fullmatch(rf"ledgers/{name}(:\d+)?:", first)
        hint = None if len([line for line in rest if not line.startswith("    ")]) == 1 else ""
        refused(kept, *words, code=4, says=says, hint=hint, where=first[:-1])


def test_a_register_that_is_not_in_utf_8_is_told(kept: Typist) -> None:
    path = kept.folder / "ledgers" / "rt-07" / "members.toml"
    path.write_bytes(path.read_bytes().replace(b"Budi", b"Bud\xe9"))
    refused(kept, "balance", code=4, says="not in UTF-8", hint="as UTF-8", where="ledgers/rt-07/members.toml")


def test_a_ledger_that_is_not_in_utf_8_is_told_with_its_line(kept: Typist) -> None:
    path = kept.ledger()
    path.write_bytes(path.read_bytes() + b"# Bu Tin\xe9\n")
    refused(kept, "balance", code=4, says="not in UTF-8", hint="as UTF-8", where="ledgers/rt-07/kas-sosial/2026.toml:4")


# --- a folder at fault --------------------------------------------------------------------------------------------


def test_a_book_without_anything_in_it_answers(typist: Typist) -> None:
    typist.must("init", "WKSBM Kosong")
    for words in (("balance",), ("contributions",), ("arrears",), ("disbursements",), ("summary",), ("org", "list")):
        for format_ in ("table", "json", "csv"):
            typist.must(*words, "--format", format_)
    refused(typist, *CONTRIBUTE, code=3, says='There is no fund "kas-sosial".', hint="wksbm fund add")
    refused(typist, "member", "add", "r001", "Budi", code=3, says="--org", hint="wksbm org add")


def test_no_book_at_all(typist: Typist) -> None:
    answer = typist("balance")
    assert (answer.code, answer.out) == (4, "")
    assert "There is no book here" in answer.err
    assert "wksbm init" in answer.err
    answer = typist("--book", "tidak/ada", "balance")
    assert answer.code == 4
    assert "There is no book in tidak/ada." in answer.err


def test_an_empty_book_file_is_told(typist: Typist) -> None:
    typist.must("init", "WKSBM Kosong")
    (typist.folder / "ledgers" / "book.toml").write_text("")
    refused(typist, "balance", code=4, says='"format" is missing', hint=None, where="ledgers/book.toml")


def test_a_book_of_a_later_format_is_left_alone(kept: Typist) -> None:
    path = kept.folder / "ledgers" / "book.toml"
    path.write_text(path.read_text().replace("format = 2", "format = 3"))
    refused(kept, *CONTRIBUTE, code=4, says="has format 3", hint="Install a newer version", where="ledgers/book.toml:1")


@pytest.mark.parametrize("lost", ["fund.toml", "organisation.toml"])
def test_ledgers_whose_register_is_gone_are_not_passed_over(kept: Typist, lost: str) -> None:
    """A fund that vanished from the totals would be worse than any error."""
    folder = kept.folder / "ledgers" / ("rt-07" if lost == "organisation.toml" else KAS)
    (folder / lost).unlink()
    for words in (("balance",), ("opening", "donasi", "5000")):
        answer = kept(*words)
        assert answer.code == 4
        assert lost in answer.err


@pytest.mark.parametrize("name", ["Kas-Lama", "kas lama"])
def test_a_fund_in_a_folder_that_cannot_be_its_name_is_not_passed_over(kept: Typist, name: str) -> None:
    (kept.folder / "ledgers" / "rt-07" / "donasi").rename(kept.folder / "ledgers" / "rt-07" / name)
    answer = kept("balance")
    assert answer.code == 4
    assert f"ledgers/rt-07/{name}" in answer.err
    assert "cannot be a short name" in answer.err


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to nowhere"])
def test_a_ledger_that_is_no_file_is_told_and_not_waited_for(kept: Typist, kind: str) -> None:
    path = kept.ledger("rt-07/lumbung")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("needs pipes with names")
        os.mkfifo(path)
    else:
        path.symlink_to("tidak-ada.toml")
    answer = kept("balance")
    assert answer.code == 4
    assert answer.err.splitlines()[:2] == ["ledgers/rt-07/lumbung/2026.toml:", "A ledger must be a file."]


def test_nothing_is_written_through_a_link_out_of_the_book(kept: Typist, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.toml").write_text("[transactions]\n")
    kept.ledger("rt-07/lumbung").symlink_to(outside / "secret.toml")
    answer = kept("opening", "lumbung", "5 kg beras")
    assert answer.code == 4
    assert (outside / "secret.toml").read_text() == "[transactions]\n"
    kept.ledger("rt-07/lumbung").unlink()
    (kept.folder / "ledgers" / "rt-07" / "lumbung" / "fund.toml").rename(outside / "fund.toml")
    (kept.folder / "ledgers" / "rt-07" / "lumbung").rmdir()
    (kept.folder / "ledgers" / "rt-07" / "lumbung").symlink_to(outside)
    before = sorted(path.name for path in outside.iterdir())
    answer = kept("opening", "lumbung", "5 kg beras")
    assert answer.code == 4
    assert "leads out of the book" in answer.err
    assert sorted(path.name for path in outside.iterdir()) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the right to become someone else")
def test_who_may_only_read_can_read_and_writes_nothing(kept: Typist) -> None:
    with tempfile.TemporaryDirectory(prefix="wksbm-") as name:  # the folders of pytest may not be entered by others
        root = Path(name) / "ledgers"
        shutil.copytree(kept.folder / "ledgers", root)
        Path(name).chmod(0o755)
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for fresh in (True, False):
            if fresh:
                shutil.rmtree(root / ".wksbm")
            for words, code, says in (
                (("balance", "--format", "json"), 0, '"balance": 1000000'),
                (CONTRIBUTE, 4, "This folder may not be written; nothing was recorded."),
                (("member", "add", "r004", "Dewi"), 4, "This folder may not be written; nothing was recorded."),
            ):
                kept(*words, "--dry-run" if words == CONTRIBUTE else "--help")  # loads what the other may not read
                answer = _as_nobody(("--book", str(root), *words))
                assert answer.code == code, answer.err
                assert says in answer.out + answer.err
                assert "Traceback" not in answer.err
            now = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
            assert {path: data for path, data in now.items() if ".wksbm" not in path.parts} == {
                path: data for path, data in before.items() if ".wksbm" not in path.parts
            }
            assert fresh is not (root / ".wksbm").exists()
            kept.must("--book", str(root), "balance")


def _as_nobody(words: tuple[str, ...]) -> Answer:
    """Type a command in a process that has no rights of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        code = run(["--lang", "en", *words])
        os.write(writing, json.dumps([code, sys.stdout.getvalue(), sys.stderr.getvalue()]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as file:
        told = file.read()
    os.waitpid(child, 0)
    return Answer(*json.loads(told))
