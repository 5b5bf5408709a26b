"""The cash book on paper: vouchers that can be found by their number, pages that hand their sums to the next."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged
from tests.scripts import ROOT


def vouchers(book: Typist, fund: str, *period: str) -> dict[str, str]:
    """The number before the slash of each voucher of a fund's cash book ('' where there is none), by id."""
    page = book.must("cashbook", fund, *period, "--format", "markdown").out
    found = re.findall(r"\| (?:(\d+)/)?([0-9a-f]{8}) \|", page)
    return {id_: number for number, id_ in found}


def closed(book: Typist, *periods: str) -> None:
    """The cash box counted and the periods closed, in May."""
    book.clock("2026-05-02T19:00:00+07:00")
    for period in periods:
        book.must("close", period)


def test_numbers_are_given_when_the_period_is_closed_and_stay(book: Typist) -> None:
    """Before that an older entry may still come, by hand or from another copy, and would move every number after it."""
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-01-28")
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-02-10")
    assert list(vouchers(book, "kas-sosial").values()) == ["", "", ""]
    late = book.must("contribute", "kas-sosial", "tini", "5000", "--date", "2026-01-20").out[:8]
    closed(book, "2026-01")
    before = vouchers(book, "kas-sosial")
    assert list(before.values()) == ["1", "2", "3", ""]
    assert before[late] == "2", "by date, as the cash book is"
    book.must("contribute", "kas-sosial", "tini", "5000", "--date", "2026-02-01")
    closed(book, "2026-02")
    after = vouchers(book, "kas-sosial")
    assert list(after.values()) == ["1", "2", "3", "4", "5"]
    assert {id_: after[id_] for id_ in list(before)[:3]} == {id_: before[id_] for id_ in list(before)[:3]}


def test_what_is_put_into_a_closed_period_has_no_number(book: Typist) -> None:
    """A line written by hand, or from a copy that did not know: the numbers on paper stay."""
    damaged = Damaged(book)
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-01-28")
    closed(book, "2026-01")
    before = vouchers(book, "kas-sosial")
    forged = damaged.put('date = 2026-01-20, kind = "income", amount = 5, from = "x"', at="2026-05-03T19:00:00+07:00")
    apart = 'date = 2026-01-21, kind = "income", amount = 7, from = "x", by = "budi", at = 2026-01-21T19:00:00+07:00'
    unseen = damaged.put(apart)  # recorded before the closing, in a copy that came later
    assert vouchers(book, "kas-sosial") == {**before, forged[:8]: "", unseen[:8]: ""}
    closed(book, "2026-01")  # anew, with both
    assert vouchers(book, "kas-sosial") == {**before, forged[:8]: "", unseen[:8]: ""}


def test_each_year_is_numbered_from_one(book: Typist) -> None:
    book.must("opening", "kas-sosial", "100rb", "--date", "2025-12-30")
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2025-12-31")
    book.must("contribute", "kas-sosial", "tini", "5000", "--date", "2026-01-01")
    closed(book, "2026-01")
    assert list(vouchers(book, "kas-sosial").values()) == ["1", "2", "1"]


def test_every_number_of_a_fund_is_in_its_cash_book_once(book: Typist) -> None:
    """A transfer has a number in each of its two funds; a hand-over within one changes nothing there, and has none."""
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    book.must("opening", "jimpitan", "50rb", "--date", "2026-01-01")
    moved = book.must("move", "kas-sosial", "20rb", "kas", "bank", "--date", "2026-01-02").out[:8]
    sent = book.must("transfer", "jimpitan", "kas-sosial", "10rb", "--reason", "bagi", "--date", "2026-01-03").out[:8]
    closed(book, "2026-01")
    assert list(vouchers(book, "kas-sosial").values()) == ["1", "2"]
    assert (vouchers(book, "kas-sosial")[sent], vouchers(book, "jimpitan")[sent]) == ("2", "2")
    assert vouchers(book, "kas-sosial", "--place", "bank") == {moved: ""}


def test_goods_sold_have_one_number_in_both_tables(book: Typist) -> None:
    book.must("opening", "lumbung", "10 beras", "--date", "2026-01-01")
    sold = book.must("exchange", "lumbung", "2 beras", "Rp24.000", "--date", "2026-01-02").out[:8]
    closed(book, "2026-01")
    page = book.must("cashbook", "lumbung", "--format", "markdown").out
    assert page.count(f"| 2/{sold} |") == 2


def test_an_entry_is_cancelled_by_what_stands_on_its_voucher(book: Typist) -> None:
    book.must("opening", "kas-sosial", "100rb", "--date", "2026-01-01")
    closed(book, "2026-01")
    (id_, number), *_ = vouchers(book, "kas-sosial").items()
    answer = book.must("reverse", f"{number}/{id_}", "--reason", "dua kali")
    assert f"Cancels {id_}" in answer.out


# What is read back from the page: rupiah written as 1.250.000.
ROW = re.compile(r'<tr(?: class="(\w+)")?>(.*?)</tr>')
CELL = re.compile(r"<td[^>]*>(.*?)</td>")


def rupiah(text: str) -> int:
    return int(text.replace(".", "")) if text else 0


@pytest.fixture
def example(typist: Typist) -> Typist:
    """The example book of the repository."""
    shutil.copytree(ROOT / "ledgers", typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    return typist


def test_each_printed_page_hands_over_what_its_lines_add_up_to(example: Typist) -> None:
    example.must("cashbook", "kas-sosial", "--year", "2025", "--output", "buku.html", lang="id")
    html = Path("buku.html").read_text(encoding="utf-8")
    pages = [
        [(look, CELL.findall(cells)) for look, cells in ROW.findall(body)]
        for body in re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    ]
    assert len(pages) == 3, "a year of this fund"
    opening = money_in = money_out = 0
    for number, page in enumerate(pages):
        *lines, last = page
        if number:
            look, cells = lines.pop(0)
            assert look == "carried"
            assert [rupiah(cell) for cell in cells[4:6]] == [money_in, money_out]
        if number == len(pages) - 1:
            lines.append(last)
        # Notes take a second line.
        assert len(lines) >= 26 or number == len(pages) - 1, "a page that is not full"
        for look, cells in lines:
            assert look == ""
            opening = rupiah(cells[6]) if "Saldo awal" in cells[2] else opening
            money_in += rupiah(cells[4])
            money_out += rupiah(cells[5])
        if number < len(pages) - 1:
            assert last[0] == "carried"
            assert [rupiah(cell) for cell in last[1][4:7]] == [money_in, money_out, rupiah(lines[-1][1][6])]
    closing = CELL.findall(re.findall(r"<tfoot>(.*?)</tfoot>", html, re.DOTALL)[0])
    assert [rupiah(cell) for cell in closing[4:7]] == [money_in, money_out, opening + money_in - money_out]


def test_paper_says_who_keeps_the_book_and_a_screen_does_not_ask_to_be_signed(example: Typist) -> None:
    year = ("cashbook", "kas-sosial", "--year", "2025")
    paper = example.must(*year, "--format", "text", lang="id").out
    assert "Buku kas · Kas Sosial, RT 05 Sumberayem" in paper
    assert "Argosekar, 31 Desember 2025" in paper
    assert "(Wagimin Hadi)" in paper and "(Siti Rahayu)" in paper and "(Lurah Argosekar)" in paper
    assert "(Siti Rahayu)" not in example.must(*year, lang="id").out


def test_places_collectors_and_units_go_by_name(book: Typist) -> None:
    """Seen by their codes: a collector who is a member, and goods whose unit has a name of its own."""
    book.must("collect", "jimpitan", "--absent", "budi", "--collector", "r003", "--date", "2026-02-10")
    for command in ("cashbook jimpitan", "collect status jimpitan", "balance --by place"):
        page = " ".join(book.must(*command.split(), "--format", "text").out.split())
        assert "Agus Wibowo" in page and "r003" not in page, command
    data = book.must("collect", "status", "jimpitan", "--format", "json").json["rows"]
    assert [row["collector"] for row in data] == ["r003"], "programs keep the code"
    book.must("unit", "add", "kb", "Kopi bubuk", "--symbol", "bungkus")
    answer = book.must("donate", "lumbung", "3 kb", "--from", "Toko Jaya").out
    assert "3 bungkus kopi bubuk" in answer
    assert "3 bungkus kopi bubuk" in book.must("balance", "--fund", "lumbung").out
    book.must("disburse", "lumbung", "1 bungkus kopi bubuk", "--to", "Bu Karsini", "--for", "Sembako")


def test_the_cash_book_says_which_months_a_payment_settled(book: Typist) -> None:
    book.must("contribute", "kas-sosial", "budi", "12000", "--for", "2026", "--date", "2026-02-10")
    page = " ".join(book.must("cashbook", "kas-sosial", "--format", "text").out.split())
    assert "January to February 2026; part of March 2026, Rp3,000 still open" in re.sub(
        r" [0-9a-f]{8} 12,000 12,000", "", page
    )
