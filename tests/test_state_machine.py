"""Random commands over a whole book with every fund type: whatever is typed, no figure of the book is ever wrong.

After every command an independent reader (docs/example/reader.py, written from docs/format.md alone) adds up the lines:
the places of a fund are the fund, none is below nothing, nothing restricted paid a running cost, and what members saved or
paid into the arisan is what the books owe them. A command that fails leaves every file as it was. In the end hledger
and ledger re-add the export, a check finds nothing wrong, and an index made from nothing answers the same.

What chance seldom brings about (a circle that comes to its end, a surplus shared out) a year written by hand has for sure.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import tempfile
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.exchange.agreement import agree
from tests.exchange.oracles import Hledger, Ledger
from tests.scripts import script
from wksbm_cli import open_book
from wksbm_cli.api import Book
from wksbm_cli.cli.main import run
from wksbm_cli.domain.kinds import KINDS

READER = script("docs/example/reader.py")
FIRST = datetime.fromisoformat("2026-01-05T19:00:00+07:00")
MEMBERS = ("r001", "r002", "r003", "r004", "r005")
FUNDS = ("kas", "jimpitan", "donasi", "zakat", "lumbung", "kematian", "arisan", "lelang", "usp")
RESTRICTED = ("rt-07/donasi", "rt-07/zakat")
POTS = {"rt-07/arisan": 60000, "rt-07/lelang": 90000}
SETUP = """
init "Buku uji"
org add rt-07 "RT 07"
member add r001 "Budi Santoso"
member add r002 "Tini Lestari"
member add r003 "Agus Wibowo"
member add r004 "Sri Rahayu"
member add r005 "Joko Prasetyo"
fund add rt-07/kas Kas --restriction operational
fund place kas bank Bank --kind bank
fund due kas iuran 5000 --from 2026-01-01
fund add rt-07/jimpitan Jimpitan --type jimpitan
fund due jimpitan jimpitan 500 --cycle night --from 2026-01-01
fund add rt-07/donasi Donasi --type donation
org approver "Pak Lurah"
fund giving donasi --approval-above 100000 --per-recipient 200000
fund add rt-07/zakat Zakat --type zakat
fund add rt-07/lumbung Lumbung --type jimpitan --unit beras
fund place lumbung kotak Kotak
fund add rt-07/kematian Kematian --type death
fund due kematian iuran 10000 --from 2026-01-01
fund due kematian lelayu 5000 --cycle event --from 2026-01-01
fund split kas iuran --part rt-07/kematian=1 --of 4 --from 2026-03-01
death set kematian 100000 150000 --goods 30000 --arrears-limit 3 --from 2026-01-01
fund add rt-07/arisan Arisan --type arisan
arisan set arisan 20000
arisan join arisan melati r001
arisan join arisan mawar r002
arisan join arisan kenanga r003=1/2 r004=1/2
arisan start arisan --date 2026-01-05
fund add rt-07/lelang Lelang --type arisan
arisan set lelang 30000 --method bid --min-bid 1000 --bid-shared waiting
arisan join lelang a r001
arisan join lelang b r002
arisan join lelang c r005
arisan start lelang --date 2026-01-05
fund add rt-07/usp Simpan --type savings
fund savings usp pokok --amount 20000 --locked
fund savings usp sukarela
fund loans usp --rate 1,5 --instalments 4 --times-savings 5 --fine 1000
fund surplus usp simpanan=50 jasa=30 cadangan=20
"""
SAID = ("--said-by", "r001", "--said-by", "r002", "--said-by", "r003")
# A book in which most commands have something to go out from.
MONEY = """
opening kas 300000
contribute arisan r001 20000
contribute arisan r002 20000
contribute arisan r003 10000
contribute arisan r004 10000 --covered-by r005
arisan draw arisan --seed "5 Januari" --said-by r001 --said-by r002 --said-by r003
opening donasi 400000
opening zakat 300000
opening lumbung "50 kg"
opening kematian 260000
opening usp 400000
donate lumbung Rp50.000 --from Warga --place kotak
save usp r001 40000 --class pokok
save usp r002 30000 --class sukarela
"""
members = st.sampled_from(MEMBERS)
amounts = st.sampled_from(("1000", "5000", "12500", "20.000", "45rb", "1jt"))
goods = st.sampled_from(("1 kg", "2,5 kg", "7 kg", "60 kg"))
funds = st.sampled_from(FUNDS)
circles = st.sampled_from(("arisan", "lelang"))
places = st.sampled_from(("kas", "bank", "lumbung", "kotak", "joko", "laci"))
# Most things are recorded on their day, some late, when others that came after them stand in the book already.
late = st.sampled_from((0, 0, 0, 0, 1, 40))


class TypedBook:
    """Types commands into a book in a folder of its own, at a clock that only goes forward."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = FIRST

    def __call__(self, *words: str) -> tuple[int, str]:
        """The exit code and the answer on stdout. Refused, wrong or done; nothing else, and nothing half done."""
        before = self.files()
        out, err = StringIO(), StringIO()
        environment = {"WKSBM_NOW": self.now.isoformat(), "WKSBM_BY": "siti"}
        with (
            mock.patch.dict(os.environ, environment),
            mock.patch("os.fsync"),  # the disk is not what is tried here
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(["--book", str(self.folder), "--lang", "en", *words])
        self.now += timedelta(minutes=1)
        assert code in (0, 1, 2, 3), f"wksbm {' '.join(words)}: exit {code}\n{err.getvalue()}"
        if code > 1:
            assert self.files() == before, f"wksbm {' '.join(words)} failed, yet changed the book"
            assert err.getvalue().strip(), "a failure says why"
        return code, out.getvalue()

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.folder.rglob("*.toml") if ".wksbm" not in path.parts}

    def entries(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What stands in the lines, for the sums below: fund, id, table."""
        return list(READER.entries(self.folder))


def standing(entries: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """The entries that nobody cancelled, without the reversals."""
    gone = {table["of"] for _, _, table in entries if table["kind"] == "reversal"}
    return [(fund, table) for fund, id_, table in entries if table["kind"] != "reversal" and id_ not in gone]


def made() -> Path:
    """The book every run starts from, typed once."""
    folder = Path(tempfile.mkdtemp()) / "book"
    book = TypedBook(folder)
    for line in (*SETUP.strip().splitlines(), *MONEY.strip().splitlines()):
        assert book(*shlex.split(line))[0] == 0, line
    return folder


class WholeBook(RuleBasedStateMachine):
    """Every rule is one or a few commands as a treasurer might type them, sensible or not."""

    template: Path | None = None

    @initialize()
    def begin(self) -> None:
        if WholeBook.template is None:
            WholeBook.template = made()
        self.home = Path(tempfile.mkdtemp())
        shutil.copytree(WholeBook.template, self.home / "book")
        self.book = TypedBook(self.home / "book")
        self.ids: list[str] = [id_ for _, id_, _ in self.book.entries()]

    def won(self, fund: str) -> set[str]:
        lines = standing(self.book.entries())
        return {table["slot"] for of, table in lines if (of, table["kind"]) == (fund, "win")}

    def record(self, *words: str, late: int = 0) -> bool:
        """Type a recording of so many days ago; the ids of what it recorded are kept for reversals."""
        day = (self.book.now - timedelta(days=late)).date()
        code, answer = self.book(*words, "--date", day.isoformat(), "--format", "json")
        if code == 0:
            self.ids += [entry["id"] for entry in json.loads(answer)["recorded"]]
        return code == 0

    # What happens in a neighbourhood

    @rule(days=st.integers(1, 150))
    def time_passes(self, days: int) -> None:
        self.book.now += timedelta(days=days)

    @rule(
        fund=st.sampled_from(("kas", "kematian")),
        member=members,
        months=st.integers(1, 4),
        named=st.booleans(),
        late=late,
    )
    def pay_dues(self, fund: str, member: str, months: int, named: bool, late: int) -> None:
        amount = str((5000 if fund == "kas" else 10000) * months)
        words = ["--for", f"2026-01..2026-0{months}"] if named else []
        self.record("contribute", fund, member, amount, "--due", "iuran", *words, late=late)

    @rule(absent=st.lists(members, unique=True, max_size=3), hands_over=st.booleans(), late=late)
    def collect(self, absent: list[str], hands_over: bool, late: int) -> None:
        self.record("collect", "jimpitan", "--absent", ",".join(absent), "--collector", "joko", late=late)
        if hands_over:
            self.record("move", "jimpitan", "1000", "joko", "kas")

    @rule(fund=funds, amount=st.one_of(amounts, goods), earned=st.booleans(), late=late)
    def something_comes_in(self, fund: str, amount: str, earned: bool, late: int) -> None:
        source = ["--source", "interest"] if earned else []
        self.record("income" if earned else "donate", fund, amount, "--from", "Hamba Allah", *source, late=late)

    @rule(fund=st.sampled_from(("donasi", "zakat", "kas", "lumbung", "arisan")), amount=st.one_of(amounts, goods),
          asnaf=st.sampled_from((None, "fakir", "amil")), approved=st.sampled_from((None, "siti", "Pak Lurah")),
          times=st.sampled_from((1, 1, 3)), late=late)  # fmt: skip
    def help_is_given(
        self, fund: str, amount: str, asnaf: str | None, approved: str | None, times: int, late: int
    ) -> None:
        words = ["--asnaf", asnaf] if asnaf else []
        words += ["--approved-by", approved] if approved else []
        words += ["--to", "Bu Karsini", "--for", "bantuan", "--times", str(times)]
        self.record("disburse", fund, amount, *words, late=late)

    @rule(
        fund=funds,
        other=funds,
        amount=st.one_of(amounts, goods),
        way=st.integers(0, 2),
        place=places,
        to=places,
        late=late,
    )
    def something_goes_out(self, fund: str, other: str, amount: str, way: int, place: str, to: str, late: int) -> None:
        match way:
            case 0:
                self.record("spend", fund, amount, "--for", "fotokopi", late=late)
            case 1:
                self.record("transfer", fund, other, amount, "--reason", "bantuan", late=late)
            case 2:
                self.record("move", fund, amount, place, to, late=late)

    @rule(fund=st.sampled_from(("donasi", "zakat", "arisan")))
    def what_is_bound_is_wanted_for_other_things(self, fund: str) -> None:
        assert not self.record("spend", fund, "1000", "--for", "fotokopi")
        assert not self.record("transfer", fund, "kas", "1000", "--reason", "pinjam dulu")

    @rule(amount=goods, way=st.integers(0, 2), late=late)
    def rice(self, amount: str, way: int, late: int) -> None:
        match way:
            case 0:
                self.record("exchange", "lumbung", f"{amount} beras", "30.000", "--to-place", "kotak", late=late)
            case 1:
                into = ("--place", "kotak", "--to-place", "lumbung")
                self.record("exchange", "lumbung", "Rp20.000", "10 butir telur", *into, late=late)
            case 2:
                self.record("count", "lumbung", amount, "--reason", "susut", late=late)

    @rule(back=st.integers(0, 11))
    def reverse(self, back: int) -> None:
        self.record("reverse", self.ids[-1 - back], "--reason", "keliru")

    # Savings and loans

    @rule(member=members, amount=amounts, kind=st.sampled_from(("pokok", "sukarela")), taken=amounts, late=late)
    def save(self, member: str, amount: str, kind: str, taken: str, late: int) -> None:
        self.record("save", "usp", member, amount, "--class", kind)
        self.record("withdraw", "usp", member, taken, "--class", kind, late=late)

    @rule(member=st.sampled_from(("r001", "r002")), amount=amounts, method=st.sampled_from(("flat", "declining")),
          paid=amounts, how=st.sampled_from((None, "--fine", "--covered-by")), late=late)  # fmt: skip
    def lend(self, member: str, amount: str, method: str, paid: str, how: str | None, late: int) -> None:
        self.record("lend", "usp", member, amount, "--method", method, late=late)
        self.book.now += timedelta(days=31)
        words = [] if how is None else [how, "1000" if how == "--fine" else "r004"]
        self.record("repay", "usp", member, paid, *words)

    @rule(member=st.sampled_from(("r001", "r002")), amount=amounts, given_back=st.booleans(), late=late)
    def repay(self, member: str, amount: str, given_back: bool, late: int) -> None:
        self.record("repay", "usp", member, amount, *(["--to-coverer", "r004"] if given_back else []), late=late)

    @rule(in_time=st.booleans(), year=st.sampled_from(("2025", "2026")))
    def share_the_surplus(self, in_time: bool, year: str) -> None:
        if in_time:
            self.book.now = max(self.book.now, FIRST.replace(year=2027))
        shared = self.record("surplus", "pay", "usp", year)
        assert not shared or self.book.now.year > int(year)

    # The arisan

    @rule(circle=circles, absent=st.sampled_from((None, None, "r001", "r003")), covered=st.booleans(),
          bid=st.sampled_from(("0", "1000", "30000", "90000")))  # fmt: skip
    def an_evening_of_arisan(self, circle: str, absent: str | None, covered: bool, bid: str) -> None:
        """In the next month everyone pays, or someone for who is not there; then the winner is chosen."""
        self.book.now = (self.book.now.replace(day=1) + timedelta(days=32)).replace(day=5)
        self.record("collect", circle, "--absent", absent or "")
        if absent and covered:
            amount = {"arisan": "20000" if absent == "r001" else "10000", "lelang": "30000"}[circle]
            self.record("contribute", circle, absent, amount, "--covered-by", "r005")
        if circle == "arisan":
            self.record("arisan", "draw", circle, "--seed", self.book.now.date().isoformat(), *SAID)
        else:
            left = [slot for slot in ("a", "b", "c") if slot not in self.won("rt-07/lelang")]
            self.record("arisan", "bid", circle, left[0] if left else "a", bid)

    @rule(circle=circles, slot=st.sampled_from(("melati", "mawar", "kenanga", "a", "b", "d")), way=st.integers(0, 3),
          member=members, other=members, late=late)  # fmt: skip
    def an_arisan_goes_on(self, circle: str, slot: str, way: int, member: str, other: str, late: int) -> None:
        """A pot withheld, cover given back, a draw too early or too often, a bid of a slot that has won."""
        match way:
            case 0:
                self.record("arisan", "release", circle, slot, *(["--settle"] if late else []))
            case 1:
                self.record("arisan", "settle", circle, member, other, "10000")
            case 2:
                self.record("arisan", "draw", circle, "--seed", slot, *SAID, late=late)
            case 3:
                self.record("arisan", "bid", circle, slot, "1000", late=late)

    # Deaths

    @rule(member=members, together=st.integers(0, 3), levy=st.booleans(), paid=st.booleans(), late=late)
    def a_death(self, member: str, together: int, levy: bool, paid: bool, late: int) -> None:
        day = (self.book.now - timedelta(days=late)).date().isoformat()
        words = ["--levy", "lelayu"] if levy else []
        words += ["--deaths", str(together), "--date", day]
        self.book("death", "report", "kematian", member, "--deceased", "Mbah", *words)
        if paid:
            self.record("death", "pay", "kematian", f"{day}-{member}")

    @rule(member=members)
    def leave(self, member: str) -> None:
        self.book("member", "leave", member, "--date", self.book.now.date().isoformat(), "--debts", "owed")

    # What is always true

    @invariant()
    def figures_and_rules_hold(self) -> None:
        held = READER.balances(self.book.folder)
        assert all(amount > 0 for amount in held.values()), held
        by_fund: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (fund, _, unit), amount in held.items():
            by_fund[fund, unit] += amount
        lines = standing(self.book.entries())
        nothing_restricted_pays_a_running_cost(lines)
        circles_hold_what_they_owe(lines, by_fund)
        with mock.patch("os.fsync"), open_book(self.book.folder) as book:
            assert {key: Decimal(each.number) for key, each in book.place_balances().items() if each.minor} == held
            assert {key: Decimal(each.number) for key, each in book.balances().items() if each.minor} == by_fund
            assert saved_in(book) == saved_by(lines)

    def teardown(self) -> None:
        findings = json.loads(self.book("check", "--format", "json")[1])["findings"]
        # What is recorded late, for a day before a count, leaves that count in the wrong: it is right to say so.
        assert [each for each in findings if each["severity"] == "error" and each["code"] != "count"] == []
        with open_book(self.book.folder) as book:
            days = sorted({entry.date for entry in book.entries()})
            for program in (Hledger, Ledger):
                if program.is_installed():
                    agree(program, book, self.home / "export", days)
        answers = self.answers(self.book.folder)
        fresh = self.home / "fresh"
        shutil.copytree(self.book.folder, fresh, ignore=shutil.ignore_patterns(".wksbm"))
        assert self.answers(fresh) == answers
        shutil.rmtree(self.home)

    def answers(self, folder: Path) -> list[tuple[int, str]]:
        """What every report says of a book in this folder."""
        book = TypedBook(folder)
        book.now = self.book.now
        return [
            book(*words, "--format", "json")
            for words in (
                ("balance", "--by", "place"),
                ("contributions",),
                ("arrears",),
                ("disbursements",),
                ("summary", "--year", "2026"),
                ("loans", "usp"),
                ("savings", "usp"),
                ("surplus", "usp", "--year", "2026"),
                ("arisan", "status", "arisan"),
                ("arisan", "verify", "lelang"),
                ("cashbook", "kematian"),
                ("member", "card", "r003"),
            )
        ]


Lines = list[tuple[str, dict[str, Any]]]


def nothing_restricted_pays_a_running_cost(lines: Lines) -> None:
    for fund, table in lines:
        if fund in RESTRICTED:
            assert table["kind"] not in ("expense", "loan")
            assert table.get("to_fund") in (None, fund)
        if fund == "rt-07/zakat" and table["kind"] == "disbursement":
            assert "asnaf" in table
        if fund == "rt-07/donasi" and table["kind"] == "disbursement" and Decimal(table["amount"]) > 100000:
            assert "unit" in table or table["approved_by"] not in (table["by"], table["to"])


def circles_hold_what_they_owe(lines: Lines, by_fund: dict[tuple[str, str], Decimal]) -> None:
    """An arisan holds what was paid in and not paid out; each round has one winner, and every slot wins once."""
    for circle in POTS:
        mine = [table for fund, table in lines if fund == circle]
        assert {table["kind"] for table in mine} <= {"contribution", "win", "payout", "settlement", "move"}
        owed = Decimal()
        for table in mine:
            if table["kind"] in ("contribution", "payout"):
                owed += sum(map(Decimal, table["members"].values())) * (1 if table["kind"] == "contribution" else -1)
            if table["kind"] == "payout":
                assert sum(map(Decimal, table["members"].values())) == POTS[circle]
        assert owed == by_fund.get((circle, "IDR"), 0)
        wins = [table for table in mine if table["kind"] == "win"]
        assert len({table["slot"] for table in wins}) == len(wins)
        assert sorted(table["round"] for table in wins) == list(range(1, len(wins) + 1))


def saved_by(lines: Lines) -> dict[tuple[str, str], Decimal]:
    """What members have saved by the lines, never less than nothing."""
    saved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for _, table in lines:
        if table["kind"] in ("saving", "withdrawal"):
            saved[table["member"], table["class"]] += Decimal(table["amount"]) * (
                1 if table["kind"] == "saving" else -1
            )
    assert all(amount >= 0 for amount in saved.values()), saved
    return {key: amount for key, amount in saved.items() if amount}


def saved_in(book: Book) -> dict[tuple[str, str], Decimal]:
    """The same as the index has it."""
    held = book.query.savings("rt-07/usp", date.max)
    return {(member, kind): Decimal(minor) for member, kinds in held.items() for kind, minor in kinds.items() if minor}


# A year in which every kind of entry is recorded, and both circles come to their end: (day, command).
YEAR = """
2026-01-06 contribute kas r001 15000 --due iuran
2026-01-06 contribute kematian r003 10000 --due iuran
2026-01-07 collect jimpitan --absent r002 --collector joko
2026-01-08 move jimpitan 1500 joko kas
2026-01-08 income jimpitan 20000 --from "Joko Prasetyo" --source fine
2026-01-09 spend kas 15000 --for fotokopi
2026-01-09 transfer kas kematian 50000 --reason bantuan
2026-01-10 donate donasi 500000 --from "Hamba Allah"
2026-01-10 disburse donasi 150000 --to "Bu Karsini" --for berobat --approved-by "Pak Lurah"
2026-01-11 donate zakat 100000 --from "Warga RT 07"
2026-01-11 disburse zakat 12500 --to Panitia --for "bagian amil" --asnaf amil
2026-01-11 disburse zakat 50000 --times 2 --to "Fakir RT 07" --for fitrah --asnaf fakir
2026-01-12 disburse lumbung "2,5 kg" --times 4 --to Lansia --for paket
2026-01-12 exchange lumbung "10 kg beras" 120000 --to-place kotak
2026-01-12 exchange lumbung Rp20.000 "10 butir telur" --place kotak --to-place lumbung
2026-01-13 count lumbung "29,4 kg" --reason susut
2026-01-14 save usp r001 20000 --class sukarela
2026-01-14 withdraw usp r002 5000 --class sukarela
2026-01-15 lend usp r001 100000
2026-01-15 lend usp r002 60000 --method declining --rate 2 --instalments 3
2026-01-20 collect lelang --absent ""
2026-01-20 arisan bid lelang b 10000
2026-02-05 collect arisan --absent r003
2026-02-05 contribute arisan r003 10000 --covered-by r005
2026-02-05 arisan draw arisan --seed "5 Februari" --said-by r001 --said-by r002 --said-by r003
2026-02-06 arisan settle arisan r003 r005 10000
2026-02-10 collect lelang --absent ""
2026-02-10 arisan bid lelang a 1000
2026-02-15 repay usp r001 26500
2026-02-15 repay usp r002 21200 --covered-by r004
2026-02-20 death report kematian r003 --deceased Mbah --levy lelayu --deaths 2
2026-02-20 death pay kematian mbah
2026-02-21 contribute kematian r003 5000 --due lelayu
2026-03-05 collect arisan --absent ""
2026-03-05 arisan draw arisan --seed "5 Maret" --said-by r001 --said-by r002 --said-by r003
2026-03-06 arisan release arisan kenanga --settle
2026-03-10 collect lelang --absent ""
2026-03-10 arisan bid lelang c 1000
2026-03-20 repay usp r002 21200 --to-coverer r004
2026-05-20 repay usp r002 43200 --fine 2000
2026-05-20 repay usp r001 79500
2026-05-21 return kas 1000 --to Kelurahan --reason Sisa
2026-05-22 lend usp r001 50000
2026-05-28 reschedule usp r001 --instalments 5 --reason "Panen gagal" --approved-by "Pak Lurah"
2026-05-29 write-off usp r001 --amount 1000 --reason "Pindah tanpa kabar" --approved-by "Pak Lurah"
2026-06-01 donate donasi 1000 --from keliru
2026-06-01 reverse LAST --reason keliru
2026-12-31 count kas 350000 --reason "selisih uang receh"
2027-01-10 surplus pay usp 2026
"""


def test_a_year_in_which_everything_happens() -> None:
    """After every command the figures and rules hold; in the end hledger and ledger add up every day of it to the same."""
    machine = WholeBook()
    machine.begin()
    for line in YEAR.strip().splitlines():
        day, *words = shlex.split(line)
        machine.book.now = datetime.fromisoformat(f"{day}T{machine.book.now:%H:%M:%S}+07:00")
        words = [machine.ids[-1] if word == "LAST" else word for word in words]
        if words[:2] == ["death", "report"]:
            assert machine.book(*words)[0] == 0
        else:
            assert machine.record(*words), line
        machine.figures_and_rules_hold()
    assert {table["kind"] for _, _, table in machine.book.entries()} == {*KINDS}
    for circle in ("arisan", "lelang"):
        assert "Everything paid in has been paid out" in machine.book("arisan", "status", circle)[1]
    with open_book(machine.book.folder) as book:
        days = sorted({table["date"] for _, _, table in machine.book.entries()})
        for program in (Hledger, Ledger):
            if program.is_installed():
                agree(program, book, machine.home / "export", days)
    machine.teardown()


TestWholeBook = WholeBook.TestCase
TestWholeBook.settings = settings(
    max_examples=6, stateful_step_count=35, deadline=None, suppress_health_check=list(HealthCheck)
)
