"""A rules file is read whole, and what is wrong in it is told with file and line before any row is looked at."""

from __future__ import annotations

import pytest

from tests.conftest import Answer, Typist

COLUMNS = '[columns]\ndate = "tanggal"\namount = "jumlah"\ntext = "uraian"\n'
INCOME = '[[rules]]\nkind = "income"\nfrom = "{text}"\nfund = "kas-sosial"\n'
SHEET = "tanggal,uraian,jumlah\n2026-02-01,Bunga,1000\n"


def import_with(book: Typist, rules: str, sheet: str = SHEET, *words: str) -> Answer:
    (book.folder / "aturan.toml").write_text(rules, encoding="utf-8")
    (book.folder / "kas.csv").write_text(sheet, encoding="utf-8")
    before = book.files()
    answer = book("import", "kas.csv", "--rules", "aturan.toml", *words)
    if answer.code:
        assert book.files() == before
    return answer


def test_the_least_rules_there_are(book: Typist) -> None:
    assert import_with(book, COLUMNS + INCOME).code == 0
    assert len(book.lines()) == 1


@pytest.mark.parametrize(
    ("rules", "line", "said"),
    [
        ("colums = 1\n" + COLUMNS + INCOME, 1, "Did you mean columns?"),
        (COLUMNS + "saldo = 3.5\n" + INCOME, 5, "number with decimals"),
        (COLUMNS + "Saldo = 3\n" + INCOME, 5, "small letters"),
        (COLUMNS + 'direction = "arah"\n' + INCOME, 5, "small letters"),
        (COLUMNS + "saldo = 0\n" + INCOME, 5, "head of a column"),
        (COLUMNS.replace('date = "tanggal"\n', "") + INCOME, 1, '"date"'),
        (COLUMNS.replace('amount = "jumlah"\n', "") + INCOME, 1, '"amount"'),
        (COLUMNS + 'in = "masuk"\n' + INCOME, 1, '"amount", or "in" and "out"'),
        (COLUMNS + 'sign = "dk"\n' + INCOME, 5, "which words"),
        (COLUMNS + '[file]\ndelimeter = ";"\n' + INCOME, 6, "Did you mean delimiter"),
        (COLUMNS + '[file]\ndelimiter = ";;"\n' + INCOME, 6, '"delimiter" cannot be'),
        (COLUMNS + '[file]\nencoding = "utf-9"\n' + INCOME, 6, "is not known"),
        (COLUMNS + "[file]\nskip = -1\n" + INCOME, 6, '"skip" cannot be'),
        (COLUMNS + '[file]\ndates = ["d/m/y"]\n' + INCOME, 6, "day, month and year"),
        (COLUMNS + '[file]\ndecimal = ";"\n' + INCOME, 6, '"decimal" is the mark'),
        (COLUMNS + '[file]\noverflow = "txt"\n' + INCOME, 6, "Did you mean text?"),
        (COLUMNS + '[file]\nref = "kas-{no}"\n' + INCOME, 6, "neither a column nor a group"),
        (COLUMNS + '[file]\nidentity = ["txt"]\n' + INCOME, 6, "Did you mean text?"),
        (COLUMNS + '[file]\nunsigned = "masuk"\n' + INCOME, 6, '"unsigned" cannot be'),
        (COLUMNS + '[defaults]\nplase = "bank"\n' + INCOME, 6, "Did you mean place"),
        (COLUMNS + '[members]\nBudi = "r999"\n' + INCOME, 6, 'no member "r999"'),
        (COLUMNS + '[funds]\nTR = "kas-sosail"\n' + INCOME, 6, "Did you mean"),
        (COLUMNS, 0, "at least one [[rules]]"),
        (COLUMNS + INCOME + '[[rules]]\nkind = "incom"\n', 10, "Did you mean income"),
        (COLUMNS + INCOME + '[[rules]]\nkind = "count"\n', 10, 'entries of the kind "count"'),
        (COLUMNS + INCOME + '[[rules]]\nfund = "kas-sosial"\n', 9, '"kind" is missing'),
        (COLUMNS + INCOME + '[[rules]]\nkind = "expense"\n', 10, 'needs "purpose"'),
        (COLUMNS + INCOME + '[[rules]]\nkind = "ignore"\nnote = "x"\n', 11, '"note" is not known'),
        (COLUMNS + INCOME + '[[rules]]\nkind = "opening"\npurpose = "x"\n', 11, '"purpose" is not known'),
        (COLUMNS + INCOME + '[[rules]]\nkind = "opening"\nfund = "kas-sosail"\n', 11, "Did you mean"),
        (COLUMNS + INCOME + '[[rules]]\nkind = "opening"\nnote = "{txt}"\n', 11, "neither a column nor a group"),
        (COLUMNS + INCOME + "[[rules]]\nkind = \"ignore\"\nwhen.txt = 'x'\n", 11, "Did you mean text?"),
        (COLUMNS + INCOME + "[[rules]]\nkind = \"ignore\"\n[rules.when]\ntext = '('\n", 12, "not a regular expression"),
        (COLUMNS + INCOME + "[[rules]]\nwhen = { text = '(a+)+' }\nkind = \"ignore\"\n", 10, "repeats a part"),
        (COLUMNS + INCOME + '[[rules]]\nkind = "ignore"\nwhen.text = 5\n', 11, "list of values"),
        (COLUMNS + INCOME + '[[rules]]\nkind = "ignore"\nwhen.text = []\n', 11, "list of values"),
        (COLUMNS + INCOME + '[[rules]]\nkind = "ignore"\nwhen.direction = "up"\n', 11, '"in", "out" or "none"'),
        (COLUMNS + INCOME + "[[rules]]\nkind = \"ignore\"\nwhen.text = '(?P<date>x)'\n", 11, "name of a column"),
        (COLUMNS + INCOME + "[[rules]\n", 9, "not valid TOML"),
        ('base = "bcaa"\n' + INCOME, 1, "Did you mean bca?"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(book: Typist, rules: str, line: int, said: str) -> None:
    answer = import_with(book, rules)
    assert answer.code == 2
    assert answer.err.startswith(f"aturan.toml:{line}:" if line else "aturan.toml:\n"), answer.err
    assert said in answer.err


def test_a_rules_file_there_is_not(book: Typist) -> None:
    (book.folder / "kas.csv").write_text(SHEET)
    answer = book("import", "kas.csv", "--rules", "aturan.toml")
    assert answer.code == 2
    assert "Ready-made: bca, bca-bisnis, bni, bri, " in answer.err
    assert "Did you mean mandiri" in book("import", "kas.csv", "--rules", "mandri").err


def test_a_rules_file_that_is_none(book: Typist) -> None:
    (book.folder / "kas.csv").write_text(SHEET)
    (book.folder / "latin.toml").write_bytes(b'base = "\xe9"\n')
    (book.folder / "deep.toml").write_text("a = " + "[" * 5000)
    for name in ("latin.toml", "deep.toml"):
        answer = book("import", "kas.csv", "--rules", name)
        assert (answer.code, name in answer.err) == (2, True)


def test_the_first_rule_that_fits_wins_and_all_its_conditions_must(book: Typist) -> None:
    rules = (
        COLUMNS
        + "[[rules]]\nwhen = { text = '^bunga', amount = ['2000'] }\nkind = \"ignore\"\n"
        + INCOME.replace("[[rules]]", "[[rules]]\nwhen.text = ['bunga bank']").replace("{text}", "Bank")
        + INCOME
    )
    import_with(
        book,
        rules,
        "tanggal,uraian,jumlah\n2026-02-01,Bunga,1000\n2026-02-01,bunga  BANK,1000\n2026-02-01,bunga,2000\n",
    )
    assert sorted(line.split('from = "')[1].split('"')[0] for line in book.lines()) == ["Bank", "Bunga"]


def test_what_a_rule_says_goes_before_defaults_and_these_before_options(book: Typist) -> None:
    rules = COLUMNS + '[defaults]\nnote = "umum"\n' + INCOME + 'note = "{text}!"\n'
    import_with(book, rules, SHEET, "--note", "dari perintah", "--fund", "jimpitan")
    assert 'note = "Bunga!"' in book.lines()[0]
    import_with(book, rules.replace('note = "{text}!"\n', ""), SHEET.replace("Bunga", "Lain"))
    assert 'note = "umum"' in book.lines()[1]
    import_with(book, COLUMNS + INCOME, SHEET.replace("Bunga", "Baru"), "--note", "dari perintah", "--place", "bank")
    assert 'place = "bank", note = "dari perintah"' in book.lines()[2]


def test_every_kind_that_a_row_can_tell(book: Typist) -> None:
    rules = (
        COLUMNS
        + '[defaults]\nfund = "kas-sosial"\nmember = "budi"\n'
        + "".join(
            f"[[rules]]\nwhen.text = '^{kind}'\nkind = \"{kind}\"\n{fields}\n"
            for kind, fields in {
                "opening": "",
                "contribution": 'for = "02/2026"',
                "donation": 'from = "PT Maju"\nsource = "company"',
                "income": 'from = "Bank"\nsource = "interest"\nplace = "bank"',
                "disbursement": 'to = "Bu Tini"\npurpose = "Besuk"\npillar = "protection"\nmode = "handling"\napproved_by = "Ketua"',
                "expense": 'purpose = "Buku"\nto = "Toko"',
                "transfer": 'to_fund = "jimpitan"\nreason = "Pinjam"',
                "move": 'to_place = "bank"',
            }.items()
        )
    )
    kinds = ["opening", "contribution", "donation", "income", "disbursement", "expense", "transfer", "move"]
    amounts = ["50000", *["5000"] * 7]
    sheet = "tanggal,uraian,jumlah\n" + "".join(
        f"2026-02-01,{kind},{amount}\n" for kind, amount in zip(kinds, amounts, strict=True)
    )
    assert import_with(book, rules, sheet).code == 0
    lines = {line.split('kind = "')[1].split('"')[0]: line for line in book.lines()}
    assert sorted(lines) == sorted(kinds)
    assert 'members = { r001 = 5000 }, for = ["2026-02"]' in lines["contribution"]
    assert 'member = "r001"' in lines["donation"]
    assert 'member = "r001"' in lines["disbursement"]
    assert "member" not in lines["income"]
    assert 'to_fund = "rt-07/jimpitan"' in lines["transfer"]
    assert 'place = "kas", to_place = "bank"' in lines["move"]


def test_names_are_translated(book: Typist) -> None:
    rules = (
        COLUMNS
        + 'pos = "pos"\n[members]\n"Pak B.  S." = "r001"\n[funds]\nTR1 = "kas-sosial"\nTR2 = "lumbung"\n'
        + '[[rules]]\nkind = "contribution"\nmember = "{text}"\nfund = "{pos}"\n'
    )
    sheet = "tanggal,uraian,jumlah,pos\n2026-02-01,PAK B. S.,5000,tr1\n2026-02-01,agus,2 kg,TR2\n2026-02-01,r002,5000,rt-07/kas-sosial\n"
    assert import_with(book, rules, sheet).code == 0
    assert [line.split("members = ")[1].split("}")[0] for line in book.lines()] == ["{ r001 = 5000 ", "{ r002 = 5000 "]
    assert 'members = { r003 = 2 }, unit = "beras"' in book.lines("rt-07/lumbung")[0]


def test_a_base_gives_its_layout_and_what_it_passes_over_but_none_of_its_entries(book: Typist) -> None:
    sheet = (
        "Account No.,=,'1\nDate,Description,Branch,Amount,,Balance\n"
        "'01/02/2026,BUNGA,'0,1000.00,CR,1\n'02/02/2026,IURAN BUDI,'0,5000.00,CR,1\nEnding Balance,=,6000.00\n"
    )
    rules = 'base = "bca"\n[[rules]]\nwhen.text = \'^IURAN (?P<who>\\w+)\'\nkind = "contribution"\nmember = "{who}"\nfund = "kas-sosial"\n'
    answer = import_with(book, rules, sheet)
    assert answer.code == 3
    assert "line 3: no rule fits this row: '01/02/2026 | BUNGA" in answer.err
    own = '[[rules]]\nkind = "income"\nfrom = "Bank"\nfund = "kas-sosial"\n'
    assert import_with(book, rules + own, sheet).code == 0
    assert len(book.lines()) == 2
