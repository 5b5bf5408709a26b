"""A progress line on a terminal during long operations."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

# Shorter operations show nothing.
_PATIENCE, _EVERY = 1.0, 0.5


@contextmanager
def told_while_waiting(say: Callable[[int], str]) -> Iterator[None]:
    """While what is inside runs for longer than a second: `say` of the seconds so far, on one line of stderr that goes away.

    A signal's work, not a thread's, because the index may be read in forked processes; where there is no such signal
    (Windows, another thread) nothing is said. The cursor is left at the line's beginning, for whatever is printed next.
    """
    begun, line = time.monotonic(), sys.stderr.fileno()
    shown = False
    say(0)  # loads what it needs now: the signal may come in the middle of another import

    def tick(_signal: int, _frame: Any) -> None:
        nonlocal shown
        shown = True
        with suppress(OSError):
            os.write(line, f"{say(round(time.monotonic() - begun))}\x1b[K\r".encode())

    try:
        before = signal.signal(signal.SIGALRM, tick)
    except (AttributeError, ValueError):
        yield
        return
    try:
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _EVERY)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if shown:
            with suppress(OSError):
                os.write(line, b"\x1b[K")
