"""Two treasurers who were apart always join, and what does not agree is mended by typing what the program says to type.

Every hint that `check` prints is carried out as it is printed, until nothing more is found; then both copies are the same,
hold everything that either recorded, and every fund can be closed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.sync.conftest import Treasurer
from tests.sync.git_book import GitBook

# A command in a hint: to the end of its sentence or of the part of it.
_COMMAND = re.compile(r"wksbm ((?:[^.;(]|\.\.\.|\.(?=\S))+)")
_MOST_ROUNDS = 12


@pytest.fixture
def remote(tmp_path: Path, typist: Typist) -> GitBook:
    """The shared copy: a social fund with Rp100,000, a nightly collection, a fund that lends and takes savings."""
    typist.clock("2026-01-03T19:00:00+07:00")
    for words in (
        ("init", "Melati", "--git"),
        ("org", "add", "rt-07", "RT 07"),
        *(("member", "add", f"r00{n}", name) for n, name in enumerate(("Budi Santoso", "Tini Lestari", "Agus"), 1)),
        ("fund", "add", "rt-07/kas-sosial", "Kas Sosial", "--type", "social"),
        ("fund", "add", "rt-07/jimpitan", "Jimpitan", "--type", "jimpitan"),
        ("fund", "due", "jimpitan", "jimpitan", "500", "--cycle", "night", "--from", "2026-01-01"),
        ("fund", "add", "rt-07/usp", "Simpan Pinjam", "--type", "savings"),
        ("fund", "savings", "usp", "sukarela"),
        ("fund", "loans", "usp", "--rate", "0", "--instalments", "10"),
        ("opening", "kas-sosial", "100.000", "--date", "2025-12-01"),
        ("opening", "usp", "1jt", "--date", "2026-01-02"),
        ("save", "usp", "r001", "50.000", "--date", "2026-01-02"),
        ("lend", "usp", "r002", "100.000", "--date", "2026-01-02"),
        ("sync",),
    ):
        typist.must(*words)
    book = GitBook(typist.folder / "ledgers", typist.folder / "ledgers")
    book.git("clone", "--quiet", "--bare", str(book.top), str(tmp_path / "remote.git"))
    return GitBook(tmp_path / "remote.git", tmp_path / "remote.git")


def spends(who: Treasurer, amount: str, day: str, *more: str) -> None:
    who.must("spend", "kas-sosial", amount, "--for", f"Tenda {who.name}", "--date", day, *more)


def closes_and_records_later(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("close", "2026-01", "--fund", "kas-sosial")
    siti.clock("2026-02-03T19:00:00+07:00")
    spends(budi, "20.000", "2026-01-20")


def records_unseen_and_closes(siti: Treasurer, budi: Treasurer) -> None:
    spends(budi, "20.000", "2026-01-20")
    spends(budi, "5.000", "2026-02-01")
    siti.clock("2026-02-03T19:00:00+07:00")
    siti.must("close", "2026-01", "--fund", "kas-sosial")


def records_unseen_what_a_second_closing_does_not_know(siti: Treasurer, budi: Treasurer) -> None:
    spends(budi, "20.000", "2025-12-20")
    siti.must("close", "2025", "--fund", "kas-sosial")
    siti.clock("2026-02-03T19:00:00+07:00")
    siti.must("close", "2026-01", "--fund", "kas-sosial")


def both_close(siti: Treasurer, budi: Treasurer) -> None:
    for who, clock in ((siti, "2026-02-02T19:00:00+07:00"), (budi, "2026-02-02T20:00:00+07:00")):
        who.clock(clock)
        spends(who, "20.000", "2026-01-20")
        who.must("close", "2026-01", "--fund", "kas-sosial")


def closes_in_a_book_from_before_closings_said_what_they_know(siti: Treasurer, budi: Treasurer) -> None:
    spends(budi, "20.000", "2026-01-20")
    siti.clock("2026-02-03T19:00:00+07:00")
    siti.must("close", "2026-01", "--fund", "kas-sosial")
    register = siti.book.root / "rt-07/kas-sosial/fund.toml"
    text = re.sub(r"\nseen = .*", "", register.read_text(encoding="utf-8"))
    assert "seen" not in text
    register.write_text(text, encoding="utf-8")


def both_spend_the_last(siti: Treasurer, budi: Treasurer) -> None:
    for who, day in ((siti, "2026-01-20"), (budi, "2026-01-21")):
        spends(who, "80.000", day)


def both_spend_the_last_and_one_closes(siti: Treasurer, budi: Treasurer) -> None:
    both_spend_the_last(siti, budi)
    siti.must("close", "2026-01", "--fund", "kas-sosial")


def one_spends_more_than_there_is(siti: Treasurer, budi: Treasurer) -> None:
    spends(siti, "150.000", "2026-01-20", "--allow-negative")
    spends(budi, "5.000", "2026-01-25")


def one_counts_what_the_other_spends(siti: Treasurer, budi: Treasurer) -> None:
    spends(budi, "20.000", "2026-01-20")
    siti.must("count", "kas-sosial", "99.000", "--date", "2026-01-31", "--reason", "Uang kecil")


def both_collect_one_night(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        who.must("collect", "jimpitan", "--date", "2026-01-20", "--paid", "r001,r002")


def one_takes_back_what_the_other_takes_back(siti: Treasurer, budi: Treasurer) -> None:
    opening = siti.book.lines(year=2025)[0].split()[0]
    for who, reason in ((siti, "Salah"), (budi, "Keliru")):
        who("reverse", opening, "--reason", reason, "--date", "2026-02-01")


def both_take_the_last_instalment(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        who.must("repay", "usp", "r002", "100.000", "--date", "2026-01-20", "--note", who.name)


def both_give_out_the_savings(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        who.must("withdraw", "usp", "r001", "40.000", "--date", "2026-01-20", "--note", who.name)


APART = (
    closes_and_records_later,
    records_unseen_and_closes,
    records_unseen_what_a_second_closing_does_not_know,
    both_close,
    closes_in_a_book_from_before_closings_said_what_they_know,
    both_spend_the_last,
    both_spend_the_last_and_one_closes,
    one_spends_more_than_there_is,
    one_counts_what_the_other_spends,
    both_collect_one_night,
    one_takes_back_what_the_other_takes_back,
    both_take_the_last_instalment,
    both_give_out_the_savings,
)


def lines(who: Treasurer) -> set[str]:
    """Every entry in a copy."""
    ledgers = (file.read_text(encoding="utf-8") for file in who.book.root.glob("rt-07/*/20*.toml"))
    return {line for text in ledgers for line in text.splitlines() if " = {" in line}


def told(who: Treasurer) -> set[str]:
    """What `check` says of a copy."""
    return {finding["message"] for finding in who("check", "--format", "json").json["findings"]}


def commands(hint: str) -> list[list[str]]:
    """The commands that a hint prints, with what a person puts for `...` and AMOUNT."""
    said = (match[1].strip().replace(" ...", " Beres") for match in _COMMAND.finditer(hint))
    return [shlex.split(re.sub("AMOUNT|JUMLAH", "0 --reason Beres", words)) for words in said]


def mend(who: Treasurer, lang: str) -> list[str]:
    """Do what `check` says until it says nothing more that is to be typed; what was typed."""
    typed: list[str] = []
    for _ in range(_MOST_ROUNDS):
        found = who("check", "--format", "json", lang=lang).json["findings"]
        to_type = [words for one in found if (words := commands(one["hint"]))]
        if not to_type:
            assert {one["code"] for one in found} <= {"reversal-twice"}, found  # of which nothing is to be done
            return typed
        for command in to_type[0]:
            answer = who(*command, lang=lang)
            assert answer.code in ((0, 1) if command[0] in ("audit", "telusur") else (0,)), (command, answer.err)
            typed.append(" ".join(command))
            if command[0] in ("close", "tutup-buku"):
                break  # what stands behind it is for an entry that is wrong
    raise AssertionError(f"never clean: {typed}")


@pytest.mark.parametrize(
    ("apart", "mender", "lang"), [*zip(APART, cycle(("siti", "budi")), cycle(("en", "en", "id", "id")), strict=False)]
)
def test_two_treasurers_join_and_come_to_a_clean_book(
    siti: Treasurer, budi: Treasurer, apart: Callable[[Treasurer, Treasurer], None], mender: str, lang: str
) -> None:
    siti.clock("2026-02-02T19:00:00+07:00")
    apart(siti, budi)
    recorded = lines(siti) | lines(budi)
    siti.must("sync")
    before = told(budi)
    said = budi.must("sync").out
    siti.must("sync")
    assert told(budi) and all(sentence in said for sentence in told(budi) - before)
    for who in (siti, budi):  # both go on recording and sending, whether or not anything was mended yet
        who.must("donate", "kas-sosial", "1000", "--from", who.name, "--date", "2026-02-02")
        who.must("sync")
    siti.must("sync")
    who, other = (siti, budi) if mender == "siti" else (budi, siti)
    who.clock("2026-03-05T19:00:00+07:00")
    assert mend(who, lang) or apart is one_takes_back_what_the_other_takes_back
    who.must("sync")
    other.must("sync")
    for one in (who, other):
        assert one.must("check", "--format", "json").json["errors"] == 0
        assert recorded <= lines(one)
    assert siti.state()[::2] == budi.state()[::2]
    other.must("close", "2026-02")
    other.must("sync")
