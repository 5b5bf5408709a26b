"""What is wrong is told in one plain sentence with the next thing to type, and changes nothing.

Every case here goes through `refused`, which looks at all of it: exit code, shape of the message, bytes of the book.
"""

from __future__ import annotations

import re

import pytest

from tests.conftest import Answer, Typist

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
LEFT = ("member", "leave", "r003", "--date", "2026-01-31")


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
        (("exchange", "lumbung", "40 kg beras", "0"), 3, "more than nothing", None),
        ((*CONTRIBUTE, "--date", "2026-03-02"), 3, "still to come", "--allow-future"),
        ((*CONTRIBUTE, "--date", "2025-02-29"), 2, "28 days", None),
        ((*CONTRIBUTE, "--date", "29 Feb 2025"), 2, "28 days", None),
        ((*CONTRIBUTE, "--date", "1/1/1944"), 2, "There is no year 1944", None),
        ((*CONTRIBUTE, "--date", "1/1/2200"), 2, "There is no year 2200", None),
        ((*CONTRIBUTE, "--date", "2026-13-01"), 2, "no month 13", None),
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
        (("transfer", "donasi", "kas-sosial", "1000", "--reason", "x"), 3, "given to be given", None),
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
        (("member", "add", "r001", "Budi"), 3, "Already a member", None),
        (("fund", "add", "rt-07/kas-sosial", "Kas"), 3, "is there already", None),
        (("fund", "add", "rt-09/kas", "Kas"), 3, 'no organisation "rt-09"', "rt-07"),
        (("fund", "add", "rt-07/sembako", "S", "--unit", "karung"), 3, 'unit "karung"', "beras"),
        (("org", "add", "rt-07", "RT 07"), 3, "", None),
        (("balance", "--month", "2026-13"), 2, "There is no month 13", None),
        (("balance", "--from", "2026-02-01", "--to", "2026-01-01"), 2, "before it begins", None),
        (("balance", "--fund", "kas"), 3, "no fund", ""),
        (("balance", "--format", "pdf"), 2, "no format", ""),
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
    refused(kept, "reverse", id_, "--reason", "Salah lagi", code=3, says="was already cancelled", hint=None)
    reversal = next(line for line in kept.lines() if 'kind = "reversal"' in line)[:12]
    refused(kept, "reverse", reversal, "--reason", "x", code=3, says="is itself a reversal", hint="Record again")


def test_who_left_contributes_no_more(kept: Typist) -> None:
    kept.must(*LEFT)
    for words in (
        ("contribute", "kas-sosial", "agus", "5000", "--date", "2026-02-01"),
        ("collect", "jimpitan", "--paid", "r003", "--date", "2026-02-01"),
    ):
        refused(kept, *words, code=3, says="Agus Wibowo left on 31 January 2026", hint="wksbm donate")
    kept.must("contribute", "kas-sosial", "agus", "5000", "--date", "2026-01-31")
    refused(kept, *LEFT, code=3, says="left already", hint=None)


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
            if format_ == "text" or words[0] == "member":  # elsewhere two columns are folded side by side
                assert _letters(text) in _letters(shown), f"{words} {format_}"
        strings = _strings(kept.must(*words, *naming, "--format", "json").json)
        assert any(text in string for string in strings), f"{words} json"
        for row in _csv(kept.must(*words, *naming, "--format", "csv").out):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), f"a spreadsheet would calculate {cell}"
                assert not re.match(r"-(?!\d+(\.\d+)?$)", cell), f"a spreadsheet would calculate {cell}"


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
