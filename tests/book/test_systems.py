"""Systems that are not the one at hand: text mode as Windows has it, file systems that keep no locks."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Typist

# What the C runtime of Windows does to a file that was not opened as binary: line ends are written as two characters
# and read as one, and Ctrl-Z is its end.
TEXT_MODE = """
import os, sys
os.O_BINARY = 1 << 30
text, real = set(), {name: getattr(os, name) for name in ("open", "write", "read", "close", "fdopen")}
def opening(path, flags, *mode, **named):
    descriptor = real["open"](path, flags & ~os.O_BINARY, *mode, **named)
    (text.discard if flags & os.O_BINARY else text.add)(descriptor)
    return descriptor
def writing(descriptor, data):
    if descriptor in text:
        real["write"](descriptor, bytes(data).replace(b"\\n", b"\\r\\n"))
        return len(data)
    return real["write"](descriptor, data)
def reading(descriptor, size):
    data = real["read"](descriptor, size)
    return data.replace(b"\\r\\n", b"\\n").partition(b"\\x1a")[0] if descriptor in text else data
def fdopening(descriptor, *mode, **named):
    if descriptor in text and ".wksbm/lock" not in os.readlink(f"/proc/self/fd/{descriptor}"):
        raise AssertionError("opened as text: " + os.readlink(f"/proc/self/fd/{descriptor}"))
    return real["fdopen"](descriptor, *mode, **named)
os.open, os.write, os.read, os.fdopen = opening, writing, reading, fdopening
from wksbm_cli.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs to ask which file is open")
def test_every_file_of_a_book_is_opened_as_bytes(book: Typist, tmp_path: Path) -> None:
    sheet = tmp_path / "nights.csv"
    sheet.write_text("date,member,amount\n2025-12-31,r001,500\n2026-01-01,r001,500\n2026-01-01,r002,1000\n")
    for words in (
        ("opening", "kas-sosial", "1jt", "--date", "2025-12-31"),
        ("income", "kas-sosial", "1000", "--from", "Warung"),
        ("collect", "jimpitan", "--file", str(sheet)),
        ("member", "add", "r004", "Dewi"),
        ("close", "2026-01"),
        ("init", "--git"),
        ("check", "--install-hook"),
        ("balance",),
        ("check",),
    ):
        if words[0] == "balance":  # a last line that was cut off is set aside
            with book.ledger().open("ab") as file:
                file.write(b"3f9a0c17be42 = { da")
            words = ("income", "kas-sosial", "1000", "--from", "Warung")
        ran = subprocess.run(
            [sys.executable, "-c", TEXT_MODE, "--lang", "en", *words], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{words}: {ran.stderr}"
    written = [path for path in (book.folder / "ledgers").rglob("*") if path.is_file() and path.suffix != ".sqlite"]
    assert not [path for path in written if b"\r" in path.read_bytes()]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_without_locks_a_book_is_read_and_recording_is_refused_at_once(
    book: Typist, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fcntl = pytest.importorskip("fcntl")
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")

    def no_locks(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    before = book.files()
    monkeypatch.setattr(fcntl, "flock", no_locks)
    shutil.rmtree(book.folder / "ledgers" / ".wksbm")
    assert book.must("balance", "--format", "json").json["totals"][0]["balance"] == 1_000_000
    book.must("check")
    for words in (
        ("income", "kas-sosial", "1000", "--from", "Warung"),
        ("member", "add", "r004", "Dewi"),
        ("close", "2026-01"),
    ):
        answer = book(*words)
        assert (answer.code, answer.out) == (4, "")
        assert re.search(r"keeps no locks .* nothing was recorded", answer.err)
        assert "on the disk of the machine itself" in answer.err
    assert book.files() == before
