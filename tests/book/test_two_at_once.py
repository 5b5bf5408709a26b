"""Two people at once: what one did while the other's command waited is seen before anything is put over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

from tests.conftest import Typist
from wksbm_cli.book.folder import Folder
from wksbm_cli.domain.message import Message
from wksbm_cli.recording import commit
from wksbm_cli.recording.registers import change

WRITTEN_OFF = ("--debts", "written-off", "--reason", "Pindah", "--decided-by", "rapat")


def overtaken(monkeypatch: pytest.MonkeyPatch, where: ModuleType, other: Callable[[], object]) -> None:
    """The next command that waits for the lock gets it only after `other` was done."""
    real = where.writing
    done: list[bool] = []

    @contextmanager
    def waiting(folder: Folder) -> Iterator[list[Message]]:
        if not done:
            done.append(True)
            other()
        with real(folder) as notices:
            yield notices

    monkeypatch.setattr(where, "writing", waiting)


def test_one_id_is_not_given_to_two_members(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    overtaken(monkeypatch, change, lambda: book.must("member", "add", "r010", "Dewi"))
    answer = book("member", "add", "r010", "Joko")
    assert answer.code == 3
    assert "Already a member: r010 (Dewi)." in answer.err
    assert "Joko" not in book.must("member", "list").out


def test_two_members_added_at_once_are_two(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    overtaken(monkeypatch, change, lambda: book.must("member", "add", "r010", "Dewi"))
    book.must("member", "add", "r011", "Joko")
    shown = book.must("member", "list").out
    assert "Dewi" in shown
    assert "Joko" in shown


def test_one_name_is_not_given_to_two_dues(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    due = ("fund", "due", "kas-sosial", "kebersihan")
    overtaken(monkeypatch, change, lambda: book.must(*due, "2000", "--cycle", "week", "--from", "2026-01-05"))
    answer = book(*due, "5000", "--cycle", "month", "--from", "2026-02-01")
    assert answer.code == 3
    assert "The cycle and kind of Kebersihan are set" in answer.err
    assert "Rp2,000 each week, from 5 January 2026." in book.must("fund", "show", "kas-sosial").out


def test_who_left_while_a_contribution_waited_contributes_no_more(
    book: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken(
        monkeypatch,
        commit,
        lambda: book.must(
            "member",
            "leave",
            "r001",
            "--date",
            "2026-01-31",
            "--debts",
            "written-off",
            "--reason",
            "Pindah",
            "--decided-by",
            "rapat",
        ),
    )
    answer = book("contribute", "kas-sosial", "r001", "5000")
    assert answer.code == 3
    assert "left on 31 January 2026" in answer.err
    assert book.lines() == []


def test_nothing_goes_into_a_period_closed_while_it_waited(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    before = book.lines()
    overtaken(monkeypatch, commit, lambda: book.must("close", "2026-01"))
    answer = book("income", "kas-sosial", "1000", "--from", "Warung", "--date", "2026-01-20")
    assert answer.code == 3
    assert "closed" in answer.err
    assert book.lines() == before


def test_money_is_not_given_out_twice(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    book.must("opening", "kas-sosial", "10000", "--date", "2026-01-01")
    overtaken(monkeypatch, commit, lambda: book.must("spend", "kas-sosial", "8000", "--for", "Lampu"))
    answer = book("spend", "kas-sosial", "8000", "--for", "Sapu")
    assert answer.code == 3
    assert "short" in answer.err


def test_a_fund_that_went_while_a_command_waited_is_missed(book: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    fund = book.folder / "ledgers" / "rt-07" / "lumbung"
    overtaken(monkeypatch, commit, lambda: fund.rename(book.folder / "lumbung"))
    answer = book("opening", "lumbung", "5 kg beras")
    assert answer.code == 3
    assert 'There is no fund "rt-07/lumbung".' in answer.err
    assert not fund.exists()
