"""On a terminal a missing argument is asked for; elsewhere it is an error (tests/scenarios/11-typing.md)."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import Typist

pty = pytest.importorskip("pty", reason="there are no terminals to pretend on this system")
ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 60
MEMBER = "Member: id, or part of the name: "
AMOUNT = "Amount: 50000, 50.000, 50rb, 1,5jt, 2,5 kg beras: "


def at_a_terminal(
    book: Typist, words: list[str], answers: Mapping[str, str] | Sequence[tuple[str, str]]
) -> tuple[int, str]:
    """The exit code of a command, and what stood on the terminal, each question of `answers` answered as it came."""
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        [sys.executable, "-m", "wksbm_cli", "--lang", "en", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=book.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
    )
    os.close(theirs)
    waiting, screen = list(answers.items() if isinstance(answers, Mapping) else answers), ""
    try:
        while select.select([ours], [], [], LONGEST_SECONDS)[0] and (part := os.read(ours, 4096)):
            screen += part.decode()
            if waiting and screen.endswith(waiting[0][0]):
                os.write(ours, waiting.pop(0)[1].encode())
    except OSError:  # how Linux says that the other side is closed
        pass
    finally:
        command.kill()
        os.close(ours)
    return command.wait(LONGEST_SECONDS), screen


def test_what_is_missing_is_asked_for_and_then_recorded(book: Typist) -> None:
    code, screen = at_a_terminal(book, ["contribute", "kas-sosial"], {MEMBER: "budi\n", AMOUNT: "5000\n"})
    assert code == 0, screen
    (line,) = book.lines()
    assert "members = { r001 = 5000 }" in line


def test_a_missing_option_is_asked_for_by_what_it_means(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    code, screen = at_a_terminal(
        book, ["disburse", "kas-sosial", "150rb", "--to", "Bu Karsini"], {"For what: ": "Besuk\n"}
    )
    assert code == 0, screen
    assert 'purpose = "Besuk"' in book.lines()[1]


@pytest.mark.parametrize(("answer", "amount"), [("10000", 10000), ("10", 10), ("5\r10rb", 10000)])
def test_an_amount_far_below_the_due_is_asked_about(book: Typist, answer: str, amount: int) -> None:
    question = "Rp10 or Rp10,000? Type the one that is right: "
    first, *again = answer.split("\r")
    answers = [(question, f"{first}\n"), *((question, f"{more}\n") for more in again)]
    for command in (
        ["contribute", "kas-sosial", "budi", "10"],
        ["collect", "kas-sosial", "--paid", "tini", "--amount", "10"],
    ):
        code, screen = at_a_terminal(book, command, answers)
        assert code == 0, screen
        assert f" = {amount} }}" in book.lines()[-1]


def test_whoever_answers_nothing_more_records_nothing(book: Typist) -> None:
    code, screen = at_a_terminal(book, ["contribute", "kas-sosial", "budi"], {AMOUNT: "\x04"})
    assert code == 130
    assert "Stopped; nothing was recorded." in screen
    assert book.lines() == []


def test_a_prompt_lists_what_may_be_answered_and_takes_its_number(book: Typist) -> None:
    fund = "Fund: rt-07/kas-sosial, or kas-sosial: "
    code, screen = at_a_terminal(
        book,
        ["contribute"],
        [(fund, "kas-sosil\n"), (fund, "3\n"), (MEMBER, "1\n"), (AMOUNT, "lima\n"), (AMOUNT, "5000\n")],
    )
    assert code == 0, screen
    assert "3  Kas Sosial (rt-07/kas-sosial)" in screen and "1  Budi Santoso (r001)" in screen
    assert 'There is no fund "kas-sosil".' in screen and '"lima" cannot be read as an amount.' in screen
    assert "members = { r001 = 5000 }" in book.lines()[-1]
