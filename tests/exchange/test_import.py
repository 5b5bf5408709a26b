"""Importing a file: each row once, all of a file or nothing of it, whatever the file is like."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from tests.conftest import Answer, Typist
from wksbm_cli.domain.line import entry_id

RULES = """
[columns]
date = "tanggal"
text = "uraian"
in = "masuk"
out = "keluar"

[defaults]
fund = "kas-sosial"

[[rules]]
when.text = '^saldo awal'
kind = "opening"

[[rules]]
when.text = '^iuran (?P<who>\\w+)'
kind = "contribution"
member = "{who}"

[[rules]]
when.text = '^jenguk (?P<who>.+)'
kind = "disbursement"
to = "{who}"
purpose = "Jenguk"

[[rules]]
when = { direction = "out", text = '^beli' }
kind = "expense"
purpose = "{text}"
"""
HEAD = "tanggal,uraian,masuk,keluar\n"
ROWS = (
    "2026-02-01,saldo awal,500000,\n",
    "2026-02-05,iuran budi,5000,\n",
    "2026-02-05,iuran tini,5000,\n",
    "2026-02-12,jenguk Pak Agus,,150000\n",
    "2026-02-15,beli buku,,12500\n",
)

WRITTEN_OFF = ("--debts", "written-off", "--reason", "Pindah", "--decided-by", "rapat")


class Desk:
    """A book with rules and a file beside it."""

    def __init__(self, book: Typist) -> None:
        self.book = book
        self.rules(RULES)

    def rules(self, text: str) -> None:
        (self.book.folder / "aturan.toml").write_text(text, encoding="utf-8")

    def imports(self, sheet: str | bytes, *words: str) -> Answer:
        """Import a file of these contents; a failure must leave every file of the book as it was."""
        path = self.book.folder / "kas.csv"
        path.write_bytes(sheet if isinstance(sheet, bytes) else sheet.encode())
        before = self.book.files()
        answer = self.book("import", "kas.csv", "--rules", "aturan.toml", *words)
        if answer.code:
            assert self.book.files() == before
        return answer

    def refuses(self, sheet: str | bytes, *words: str) -> str:
        answer = self.imports(sheet, *words)
        assert answer.code in (2, 3), answer
        assert answer.out == ""
        return answer.err

    def must(self, sheet: str | bytes, *words: str) -> Answer:
        answer = self.imports(sheet, *words)
        assert answer.code == 0, answer.err
        return answer

    @property
    def refs(self) -> list[str]:
        return sorted(line.split('ref = "')[1].split('"')[0] for line in self.book.lines())

    @property
    def balance(self) -> int:
        rows = self.book.must("balance", "--format", "json").json["rows"]
        return int(next(row["balance"] for row in rows if row["fund"] == "kas-sosial"))


@pytest.fixture
def desk(book: Typist) -> Desk:
    return Desk(book)


# In the order of its rows

OF_ONE_DAY = [f"2026-02-05,{what}\n" for what in (
    "iuran budi,5000,", "beli lilin,,2000", "iuran tini,5000,", "beli teh,,3000", "beli gula,,4000", "iuran agus,10000,",
    "jenguk Bu Sri,,1000", "beli kertas,,500", "iuran budi,15000,", "beli pena,,600",
)]  # fmt: skip


def in_cash_book(desk: Desk) -> list[int]:
    rows = desk.book.must("cashbook", "kas-sosial", "--format", "json").json["rows"]
    return [(row["in"] or 0) - (row["out"] or 0) for row in rows if row["date"] == "2026-02-05"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_rows_of_a_day_stay_in_their_order(desk: Desk, newest_first: bool) -> None:
    """As they stand in the file; where it lists the newest first, as they happened."""
    rows = [ROWS[0], *OF_ONE_DAY]
    desk.must(HEAD + "".join(reversed(rows) if newest_first else rows))
    told = [5000, -2000, 5000, -3000, -4000, 10000, -1000, -500, 15000, -600]
    assert in_cash_book(desk) == told
    path = desk.book.ledger()
    head, lines = path.read_text().splitlines()[:2], desk.book.lines()
    random.Random(1).shuffle(lines)
    path.write_text("\n".join([*head, *lines, ""]))
    assert in_cash_book(desk) == told, "in whatever order the lines stand"
    card = desk.book.must("member", "card", "budi", "--format", "json").json["rows"]
    assert [row["paid"] for row in card if row["date"] == "2026-02-05"] == [5000, 15000]


# Once and only once


def test_again_adds_nothing_and_a_longer_file_what_is_new(desk: Desk) -> None:
    desk.must(HEAD + "".join(ROWS[:3]))
    assert len(desk.book.lines()) == 3
    answer = desk.must(HEAD + "".join(ROWS[:3]))
    assert "3 rows are in the book already" in answer.err
    desk.must(HEAD + "".join(ROWS))
    assert (len(desk.book.lines()), desk.balance) == (5, 347500)


def test_a_shorter_or_empty_file_adds_nothing(desk: Desk) -> None:
    desk.must(HEAD + "".join(ROWS))
    desk.must(HEAD + ROWS[3])
    assert "There was nothing to record." in desk.must(HEAD).out
    assert len(desk.book.lines()) == 5


def test_equal_rows_count(desk: Desk) -> None:
    desk.must(HEAD + ROWS[1])
    desk.must(HEAD + ROWS[1] * 3)
    assert desk.balance == 15000
    desk.must(HEAD + ROWS[1] * 2)
    assert desk.balance == 15000
    assert len(set(desk.refs)) == 3


def test_the_order_of_rows_does_not_matter(desk: Desk) -> None:
    rows = [*ROWS, ROWS[1]]
    desk.must(HEAD + "".join(rows))
    refs = desk.refs
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        desk.must(HEAD + "".join(rows))
    assert desk.refs == refs


def test_newest_first_is_no_overdraft_and_is_written_oldest_first(desk: Desk) -> None:
    desk.must(HEAD + "".join(reversed(ROWS)))
    days = [line.split("date = ")[1][:10] for line in desk.book.lines()]
    assert (days, desk.balance) == (sorted(days), 347500)


def quoted(text: str) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row.split(",")) + "\n" for row in text.splitlines())


WRITTEN_OTHERWISE: dict[str, Callable[[str], str]] = {
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "semicolons": lambda text: text.replace(",", ";"),
    "tabs": lambda text: text.replace(",", "\t"),
    "quotation marks": quoted,
    "days first": lambda text: re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", text),
    "a time of day": lambda text: re.sub(r"(\d{4}-\d\d-\d\d)", r"\1 19:16:31", text),
    "capitals and spaces": lambda text: text.replace("budi", " BUDI  ").replace("iuran tini", "iuran   tini"),
    "thousands": lambda text: text.replace("5000,", "5.000,").replace("500000,", "Rp500.000,"),
    "lines above and below": lambda text: f"Kas RT 07\nTahun,2026\n\n{text}\n,,,\n",
}


@pytest.mark.parametrize("write", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE.keys())
def test_the_same_rows_written_otherwise_are_the_same_rows(desk: Desk, write: Callable[[str], str]) -> None:
    text = HEAD + "".join(ROWS[:3])
    assert write(text) != text
    desk.must(text)
    refs = desk.refs
    desk.must(write(text))
    assert (desk.refs, len(refs)) == (refs, 3)


def test_columns_in_another_order_or_more_of_them_are_the_same_rows(desk: Desk) -> None:
    desk.must("tanggal,uraian,masuk,keluar\n2026-02-05,iuran budi,5000,\n")
    desk.must("no,keluar,masuk,uraian,tanggal,saldo\n1,,5000,iuran budi,2026-02-05,99\n")
    assert desk.balance == 5000


def test_two_layouts_with_the_same_number_are_recorded_once(desk: Desk) -> None:
    desk.rules(RULES.replace("[defaults]", 'no = "no"\n[file]\nref = "kas-{no}"\n[defaults]'))
    desk.must("tanggal,uraian,masuk,keluar,no\n2026-02-05,iuran budi,5000,,17\n")
    assert desk.refs == ["kas-17"]
    other = '[columns]\ndate = 1\nnumber = 2\namount = 3\n[file]\nref = "kas-{number}"\n'
    desk.rules(other + '[[rules]]\nkind = "income"\nfrom = "Bank"\nfund = "kas-sosial"\n')
    desk.must("5/2/2026;17;5.000\n6/2/2026;18;6.000\n")
    assert desk.refs == ["kas-17", "kas-18"]


def test_the_same_number_for_something_else_stops_the_import(desk: Desk) -> None:
    desk.rules(RULES.replace("[defaults]", 'no = "no"\n[file]\nref = "kas-{no}"\n[defaults]'))
    head = "tanggal,uraian,masuk,keluar,no\n"
    desk.must(head + "2026-02-05,iuran budi,5000,,17\n")
    said = desk.refuses(head + "2026-02-05,iuran budi,6000,,17\n2026-02-06,iuran tini,5000,,18\n")
    assert 'line 2: "kas-17" is in the book already, of 5 February 2026 with Rp5,000' in said
    assert "line 2" in desk.refuses(head + "2026-02-06,iuran budi,5000,,17\n")
    assert 'line 3: "kas-18" stands in line 2 already.' in desk.refuses(
        head + "2026-02-05,iuran budi,1,,18\n2026-02-05,iuran budi,1,,18\n"
    )


@pytest.mark.parametrize("number", ["17", "A 17", "a'b", 'a"b', "a\\b", "=1", '" ref = "', "…"])
def test_a_number_of_any_letters_is_known_again(desk: Desk, number: str) -> None:
    desk.rules(RULES.replace("[defaults]", 'no = "no"\n[file]\nref = "{no}"\n[defaults]'))
    cell = '"' + number.replace('"', '""') + '"'
    sheet = f"tanggal,uraian,masuk,keluar,no\n2026-02-05,iuran budi,5000,,{cell}\n"
    desk.must(sheet)
    desk.must(sheet)
    assert desk.balance == 5000


@pytest.mark.parametrize("remark", ["ref = x", ' ref = "kas-18"', "it's ref = 'kas-18'", '\\" ref = "kas-18'])
def test_a_remark_is_no_number(desk: Desk, remark: str) -> None:
    desk.rules(RULES.replace("[defaults]", 'no = "no"\n[file]\nref = "kas-{no}"\n[defaults]'))
    desk.book.must("donate", "kas-sosial", "5000", "--from", "Bu Dewi", "--note", remark, "--date", "2026-02-01")
    desk.must("tanggal,uraian,masuk,keluar,no\n2026-02-05,iuran budi,5000,,18\n")
    assert desk.balance == 10000


@pytest.mark.parametrize("remark", ["'x ref = \"kas-18\", by = '", '"""x ref = "kas-18", by = """'])
def test_a_remark_in_a_line_of_another_writer_is_no_number(desk: Desk, remark: str) -> None:
    """TOML has more ways of writing a text than this program writes."""
    desk.must(HEAD + ROWS[0])
    head = 'date = 2026-02-01, kind = "income", amount = 5000, from = "x"'
    text = f'{{ {head}, note = {remark}, by = "lain", at = 2026-02-01T10:00:00+07:00 }}'
    with desk.book.ledger().open("a") as ledger:
        ledger.write(f"{entry_id('rt-07/kas-sosial', text, 12)} = {text}\n")
    desk.rules(RULES.replace("[defaults]", 'no = "no"\n[file]\nref = "kas-{no}"\n[defaults]'))
    desk.must("tanggal,uraian,masuk,keluar,no\n2026-02-05,iuran budi,5000,,18\n")
    assert desk.balance == 510000


def test_a_row_without_the_number_is_known_by_what_it_says(desk: Desk) -> None:
    desk.rules(RULES.replace("[defaults]", 'no = "no"\n[file]\nref = "kas-{no}"\n[defaults]'))
    sheet = "tanggal,uraian,masuk,keluar,no\n2026-02-05,iuran budi,5000,,\n2026-02-05,iuran budi,5000,,\n"
    desk.must(sheet)
    desk.must(sheet)
    assert desk.balance == 10000


def test_what_identity_leaves_out_may_change(desk: Desk) -> None:
    rules = RULES.replace("[defaults]", 'saldo = "saldo"\n[file]\nidentity = ["text"]\n[defaults]')
    desk.rules(rules)
    desk.must("tanggal,uraian,masuk,keluar,saldo\n2026-02-05,iuran budi,5000,,5000\n")
    desk.must("tanggal,uraian,masuk,keluar,saldo\n2026-02-05,iuran budi,5000,,7000\n")
    assert desk.balance == 5000


def test_the_same_row_in_a_sheet_of_another_fund_is_another_row(desk: Desk) -> None:
    desk.rules(RULES.replace('[defaults]\nfund = "kas-sosial"\n', ""))
    desk.must(HEAD + ROWS[1], "--fund", "kas-sosial")
    desk.must(HEAD + ROWS[1], "--fund", "donasi")
    assert (len(desk.book.lines()), len(desk.book.lines("rt-07/donasi"))) == (1, 1)


def test_a_cancelled_row_is_not_recorded_again(desk: Desk) -> None:
    desk.must(HEAD + ROWS[1])
    desk.book.must("reverse", desk.book.lines()[0][:8], "--reason", "salah")
    desk.must(HEAD + ROWS[1])
    assert desk.balance == 0


# All or nothing


def test_every_wrong_row_is_told_in_one_go(desk: Desk) -> None:
    said = desk.refuses(
        HEAD
        + ROWS[0]
        + "2026-02-30,iuran budi,5000,\n"
        + "2026-02-05,iuran joko,5000,\n"
        + "2026-02-05,parkir,2000,\n"
        + "2026-02-05,iuran budi,,\n"
        + "2026-02-05,iuran budi,5.5,\n"
        + "2026-02-05,iuran budi,,5000\n"
        + "2026-02-05,jenguk Tini,5000,\n"
        + "2026-02-05,beli buku,5000,6000\n"
    )
    for line, what in enumerate(
        (
            "there is no day 30",
            'no member "joko"',
            "no rule fits this row: 2026-02-05 | parkir | 2000",
            "There is no amount",
            "5.5",
            'This is money going out; "contribution" is money coming in.',
            'This is money coming in; "disbursement" is money going out.',
            "Money comes in (5000) and goes out (6000) in one row.",
        ),
        start=3,
    ):
        assert any(f"line {line}:" in detail and what in detail for detail in said.splitlines()), (line, said)


def test_what_is_wrong_with_many_rows_alike_is_said_once(desk: Desk) -> None:
    joko = "2026-02-05,iuran joko,5000,\n"
    said = desk.refuses(HEAD + joko * 3 + ROWS[1] + joko)
    assert 'lines 2-4, 6: There is no member "joko" in rt-07.' in said


def test_rows_against_a_rule_of_the_group_are_told_with_their_lines(desk: Desk) -> None:
    desk.book.must(
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
    said = desk.refuses(HEAD + ROWS[0] + "2026-02-05,iuran agus,5000,\n2027-02-05,iuran budi,5000,\n")
    assert "line 3: Agus Wibowo left on 31 January 2026" in said
    assert "line 4: 5 February 2027 is still to come" in said
    said = desk.refuses(HEAD + ROWS[1] + ROWS[3])
    assert "line 3: " in said and "short" in said
    desk.must(HEAD + ROWS[1] + ROWS[3], "--allow-negative")


def test_a_dry_run_has_every_line_and_writes_none(desk: Desk) -> None:
    before = desk.book.files()
    shown = desk.must(HEAD + "".join(ROWS), "--dry-run", "--format", "json")
    assert desk.book.files() == before
    lines = [entry["line"] for entry in shown.json["would_record"]]
    desk.must(HEAD + "".join(ROWS))
    assert lines == desk.book.lines()


def test_json_tells_what_was_recorded(desk: Desk) -> None:
    answer = desk.must(HEAD + "".join(ROWS[:2]), "--format", "json").json
    assert [entry["line"] for entry in answer["recorded"]] == desk.book.lines()
    assert desk.must(HEAD + "".join(ROWS[:2]), "--format", "json").json["recorded"] == []


def test_without_a_fund_nothing_is_guessed(desk: Desk) -> None:
    desk.rules(RULES.replace('fund = "kas-sosial"', ""))
    assert "--fund" in desk.refuses(HEAD + ROWS[0])
    assert "kas-sosial" in desk.refuses(HEAD + ROWS[0], "--fund", "kas-sosail")


def test_days_come_from_the_file_alone(desk: Desk) -> None:
    assert "--date" in desk.refuses(HEAD + ROWS[0], "--date", "2026-02-01")
    assert "line 2" in desk.refuses(HEAD + "kemarin,iuran budi,5000,\n")


# Files as they come


def test_windows_letters_are_read(desk: Desk) -> None:
    desk.must((HEAD + ROWS[0] + "2026-02-02,beli kopi di Café,,9000\n").encode("cp1252"))
    assert "Café" in "".join(desk.book.lines())


def test_a_stated_encoding_is_held_to(desk: Desk) -> None:
    desk.rules(RULES.replace("[defaults]", '[file]\nencoding = "utf-16"\n[defaults]'))
    desk.must((HEAD + ROWS[0]).encode("utf-16"))
    desk.rules(RULES.replace("[defaults]", '[file]\nencoding = "ascii"\n[defaults]'))
    assert "not in the encoding ascii" in desk.refuses((HEAD + "2026-02-01,beli é,,1\n").encode())
    desk.rules(RULES.replace("[defaults]", '[file]\nencoding = "undefined"\n[defaults]'))
    desk.refuses(HEAD + ROWS[0])


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("", 'no column "tanggal"'),
        ("\n\n\n", 'no column "tanggal"'),
        ("tanggal,uraian,masuk\n2026-02-01,saldo awal,5\n", 'no column "keluar"'),
        ("tanggal,uraian,masuk,keluar,Masuk\n2026-02-01,saldo awal,5,,7\n", '2 columns "masuk"'),
        ("uraian,masuk\ntanggal,uraian,masuk,keluar,Masuk\n2026-02-01,saldo awal,5,,7\n", "by its number: 3, 5"),
        ("tanggal,uraian,masok,keluar\n2026-02-01,saldo awal,5,\n", "Did you mean masok?"),
        (HEAD + '2026-02-01,"saldo awal,5000,\n', "quotation mark"),
        (HEAD + '2026-02-01,"saldo" awal,5000,\n', "quotation mark"),
        (HEAD + "2026-02-01,saldo awal,5000,,,x\n", "6 cells"),
        (HEAD + "2026-02-01,saldo awal," + "9" * 30 + ",\n", "larger than any community fund"),
        (HEAD + "2026-02-01,saldo awal," + "9" * 5000 + ",\n", "larger than any community fund"),
        (HEAD + "2026-02-01,saldo awal,=SUM(A1:A9),\n", "cannot be read as an amount"),
        (HEAD + "2026-02-01,saldo awal,-5000,\n", "less than nothing"),
        (HEAD + "2026-02-01,iuran \x1b[31mbudi,5000,\n", "line 2"),
        (HEAD + "2026-02-01,beli \x1b[31mkopi,,5000\n", "control character"),
        (HEAD + "2026-02-01,beli " + "x" * 600 + ",,5000\n", "at most 500 letters"),
        (HEAD + "2026-02-01," + "y" * 200_000 + ",,5000\n", "not a proper CSV file"),
        ("\x00\x01\x02" * 20, "not a CSV file"),
    ],
)
def test_files_that_cannot_be_used(desk: Desk, sheet: str, said: str) -> None:
    assert said in desk.refuses(sheet)


def test_a_file_there_is_not(desk: Desk) -> None:
    answer = desk.book("import", "tiada.csv", "--rules", "aturan.toml")
    assert (answer.code, "tiada.csv" in answer.err) == (2, True)
    answer = desk.book("import", ".", "--rules", "aturan.toml")
    assert answer.code == 2


@pytest.mark.parametrize(
    "text", ["=SUM(A1:A9)", "@import", "<script>alert(1)</script>", "[red]merah[/red]", "Ibu 'Ani' \\n"]
)
def test_what_would_act_elsewhere_is_text_here(desk: Desk, text: str) -> None:
    desk.must(HEAD + ROWS[0] + f'2026-02-12,"jenguk {text}",,1000\n')
    rows = desk.book.must("disbursements", "--format", "json").json["rows"]
    assert [row["to"] for row in rows] == [text]


def test_a_cell_with_line_breaks_is_one_line(desk: Desk) -> None:
    desk.must(HEAD + ROWS[0] + '2026-02-12,"jenguk Pak\nAgus\r\n di RSUD",,1000\n')
    assert 'to = "Pak Agus di RSUD"' in desk.book.lines()[1]


def test_identity_card_numbers_stay_out_of_the_book(desk: Desk) -> None:
    desk.must(HEAD + ROWS[0] + "2026-02-12,jenguk Tini 3374015502800001,,1000\n")
    assert 'to = "Tini …0001"' in desk.book.lines()[1]


def test_a_file_without_heads_by_numbers(desk: Desk) -> None:
    rules = '[columns]\ndate = 2\namount = 4\n[file]\nskip = 1\ndelimiter = ";"\nunsigned = "out"\n'
    desk.rules(rules + '[[rules]]\nkind = "expense"\npurpose = "Belanja"\nfund = "kas-sosial"\n')
    desk.must("tahun;2026\n1;2026-02-01;x;5.000\n2;2026-02-02;y;6.000\n", "--allow-negative")
    assert desk.balance == -11000


def test_an_overflowing_column_takes_the_cells_too_many(desk: Desk) -> None:
    desk.rules(RULES.replace("[defaults]", '[file]\noverflow = "text"\n[defaults]'))
    desk.must(HEAD + ROWS[0] + "2026-02-12,jenguk Pak Agus, RSUD, kamar 4,,1000\n")
    assert 'to = "Pak Agus, RSUD, kamar 4"' in desk.book.lines()[1]


def test_an_expression_looks_at_the_beginning_of_a_cell_alone(desk: Desk) -> None:
    rules = '[columns]\ndate = "d"\namount = "a"\ntext = "t"\n[[rules]]\nwhen.text = \'ujung$\'\nkind = "ignore"\n'
    desk.rules(rules + '[[rules]]\nkind = "income"\nfrom = "Bank"\nfund = "kas-sosial"\n')
    desk.must("d,a,t\n2026-02-01,1000," + "x" * 195 + "ujung\n2026-02-01,1000," + "x" * 196 + "ujung\n")
    assert len(desk.book.lines()) == 1


def test_rice_is_imported_in_its_own_unit(desk: Desk) -> None:
    rules = '[columns]\ndate = "d"\namount = "a"\nwho = "w"\n[file]\ndecimal = ","\n'
    desk.rules(rules + '[[rules]]\nkind = "contribution"\nmember = "{who}"\nfund = "lumbung"\n')
    desk.must("d;a;w\n2026-02-01;2,125;budi\n")
    assert 'members = { r001 = 2.125 }, unit = "beras"' in desk.book.lines("rt-07/lumbung")[0]
    assert "more decimals" in desk.refuses("d;a;w\n2026-02-02;2,1255;budi\n")
    desk.rules(rules + '[[rules]]\nkind = "contribution"\nmember = "{who}"\nfund = "kas-sosial"\nunit = "bras"\n')
    assert 'unit "bras" is not known' in desk.refuses("d;a;w\n2026-02-02;2;budi\n")


def test_two_thousand_rows(desk: Desk) -> None:
    """Many alike and many not: none is dropped or doubled, the first time or the second."""
    desk.rules(RULES.replace("[[rules]]", '[[rules]]\nkind = "income"\nfrom = "{text}"\n[[rules]]', 1))
    amounts = [1 + number // 60 for number in range(2000)]
    sheet = HEAD + "".join(f"2026-01-{1 + n % 28:02d},bunga,{amount},\n" for n, amount in enumerate(amounts))
    desk.must(sheet)
    desk.must(sheet)
    assert (desk.balance, len(desk.book.lines())) == (sum(amounts), 2000)


# Balances beside the rows


BALANCES = (
    "date,what,in,out,left\n01/02/2026,Saldo awal,500.000,,500.000\n05/02/2026,Bunga,10.000,,510.000\n"
    "06/02/2026,Nota,,15.000,{left}\n07/02/2026,Nota,,5.000,{last}\n"
)
BALANCE_RULES = """[columns]
date = "date"
text = "what"
in = "in"
out = "out"
balance = "left"
[defaults]
fund = "kas-sosial"
[[rules]]
when.text = '^Saldo awal'
kind = "opening"
[[rules]]
when.direction = "in"
kind = "income"
from = "Bank"
[[rules]]
kind = "expense"
purpose = "{text}"
"""


@pytest.mark.parametrize("newest_first", [False, True])
def test_each_balance_is_worked_out_again(book: Typist, newest_first: bool) -> None:
    rules, sheet = book.folder / "saldo.toml", book.folder / "saldo.csv"
    rules.write_text(BALANCE_RULES)

    def brought(left: str, last: str, *words: str) -> Answer:
        head, *rows = BALANCES.format(left=left, last=last).splitlines()
        sheet.write_text("\n".join([head, *(reversed(rows) if newest_first else rows)]) + "\n")
        return book("import", str(sheet), "--rules", str(rules), *words)

    wrong = brought("490.000", "485.000")
    assert (wrong.code, book.lines()) == (3, [])
    line = 3 if newest_first else 4
    assert f"line {line}: the balance says Rp490,000; with this row it comes to Rp495,000." in wrong.err
    assert wrong.err.count("the balance says") == 1, "the rows behind it agree with it"
    assert brought("490.000", "485.000", "--allow-difference", "--dry-run").code == 0
    assert brought("495.000", "490.000").code == 0
    assert len(book.lines()) == 4
