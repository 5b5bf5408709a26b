"""Who waits at a terminal is told that the work goes on; nobody else is told anything."""

from __future__ import annotations

import os
import signal
import time

import pytest

from wksbm_cli.cli import waiting
from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such signal")


def working(seconds: float) -> None:
    """Work in small steps, as Python code is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sum(range(1000))


def test_long_work_is_told_on_one_line_that_goes_away(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_PATIENCE", 0.05)
    monkeypatch.setattr(waiting, "_EVERY", 0.05)
    before = signal.getsignal(signal.SIGALRM)
    with waiting.told_while_waiting(lambda seconds: f"Reading, {seconds} s ..."):
        working(0.2)
    told = capfd.readouterr().err
    lines = told.split("\r")
    assert len(lines) > 2
    assert set(lines[:-1]) == {"Reading, 0 s ...\x1b[K"}
    assert lines[-1] == "\x1b[K"
    assert signal.getsignal(signal.SIGALRM) == before
    working(0.1)
    assert capfd.readouterr().err == ""


def test_fast_work_and_work_that_fails_leave_nothing_behind(capfd: pytest.CaptureFixture[str]) -> None:
    with waiting.told_while_waiting(str):
        pass
    with pytest.raises(ZeroDivisionError), waiting.told_while_waiting(str):
        1 / 0  # noqa: B018
    assert capfd.readouterr().err == ""
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("terminal", [True, False])
def test_only_a_terminal_is_told(
    terminal: bool, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_PATIENCE", 0.02)
    monkeypatch.setattr("sys.stderr", os.fdopen(2, "w", closefd=False))
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    for term, told in (("xterm", terminal), ("dumb", False)):
        session = Session()
        session.environment = {"TERM": term}
        with session.waiting(msg("Reading the book")):
            working(0.06)
        assert ("Membaca buku, 0 detik ..." in capfd.readouterr().err) is told
