"""A little of tests/stress.py, which CI runs at its full size: writers at once, writers killed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests import stress

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")


def test_many_record_and_read_at_once(tmp_path: Path) -> None:
    stress.many_at_once(tmp_path, writers=4, entries=4)


def test_writers_are_killed_at_random(tmp_path: Path) -> None:
    stress.kill_at_random(tmp_path, kills=4, seed=7)
