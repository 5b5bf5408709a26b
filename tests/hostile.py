"""Attacks on a book: files bent out of shape, and words that nobody would type.

Every attack follows from its number, so that one that succeeded can be repeated. The tests make some hundreds; run by
itself, `python -m tests.hostile --seconds 600`, this goes on for as long as it is told.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from wksbm_cli.cli.app import build
from wksbm_cli.cli.main import run
from wksbm_cli.cli.names import COMMANDS, Command

ROOT = Path(__file__).parents[1]
# What one command on a small book may take before it counts as hanging.
PATIENCE_SECONDS = 20
# So many lines of each ledger of the example book are kept: every kind of entry, and a book read in a blink.
_LINES = 25

# Texts that mean something to a terminal, a shell, a spreadsheet, a browser, git, a file system or a number's reader.
NASTY = (
    "", " ", "-", "--", "-x", "--upload-pack=touch gila", "$(touch gila)", "`touch gila`", "; touch gila", "| sh",
    "../../luar", "/etc/passwd", "~", "~root", "C:\\x", "con", "rt-05/../..", "rt-05//kas-sosial", "/", ".", "..",
    "\x1b[31mmerah", "\x1b]0;judul\x07", "\u202egnuj", "\u200b", "\ufeff", "a\nb", "a\tb", "a\rb", "\u2028", "\udcff", "\ud800",
    "=1+1", "@SUM(A1)", "<script>x</script>", "[bold]x[/bold]", "[/", "{x}", "{0}", "{", "}", "%s", "%n", "\\", '"', "'", "'''",
    "0", "-1", "1e400", "9" * 400, "0x10", "1_000", "１２３", "٣", "nan", "inf", "1.5.5", "50.000", "1,500", "Rp", "rb", "5 kg",
    "2026-02-30", "0001-01-01", "9999-12-31", "31/12/9999", "2026-13", "2026-W53", "2026-01..9999-12", "1945..2199", "last",
    "2026-01..1945-01", "a" * 600, "é" * 300, "\U0001f600", "i" * 64, "KAS-SOSIAL", "kas-sosial", "rt-05", "IDR", "beras",
)  # fmt: skip
# The same for bytes in a file; a quarter of all bends put one of these somewhere.
_BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\x1b[2J", b"\xe2\x80\xae", b"'''", b'"""', b"[", b"[[",
    b"]" , b"{", b"}", b"=", b"#", b",", b".", b"-", b"9" * 5000, b"0x" + b"f" * 5000, b"1e9999999", b"nan", b"inf", b"true", b"[]",
    b"{}", b'""', b"[" * 3000, b"{a=" * 500, b"0001-01-01", b"9999-12-31", b"2026-02-30", b"2026-01-01T00:00:00", b"-1", b"0.5",
    b"\\ud800", b"../../luar", b"[transactions]\n",
)  # fmt: skip

# What is typed at a bent book: everything that reads, and some of what writes.
READING = (
    ("check",),
    ("balance", "--format", "json"),
    ("balance", "--by", "place"),
    ("cashbook", "kas-sosial"),
    ("contributions", "--format", "csv"),
    ("arrears",),
    ("disbursements", "--format", "markdown"),
    ("summary", "--month", "2026-01", "--format", "whatsapp"),
    ("summary", "--year", "2025", "--format", "html"),
    ("member", "list"),
    ("member", "show", "kk-01", "--org", "rt-05"),
    ("fund", "list"),
    ("fund", "show", "kas-sosial"),
    ("org", "show", "rt-05"),
    ("loans", "usaha-produktif"),
    ("arisan", "status", "arisan"),
    ("export", "hledger"),
    ("export", "json"),
    ("close", "2025", "--dry-run"),
)
WRITING = (
    ("income", "kas-sosial", "5000", "--from", "Bank"),
    ("collect", "jimpitan", "--absent", "kk-01"),
    ("reverse", "0000", "--reason", "x"),
    ("transfer", "kas-sosial", "jimpitan", "5", "--reason", "x"),
    ("fund", "due", "kas-sosial", "baru", "500", "--from", "2026-03-01"),
    ("member", "exempt", "kk-01", "--org", "rt-05", "--reason", "x"),
    ("close", "2025"),
    ("reopen", "2025", "--reason", "x"),
)  # fmt: skip


class Hangs(BaseException):
    """A command took longer than anything on a small book may."""


@dataclass(frozen=True)
class Battlefield:
    """A folder `outside` that nothing may change, and in it, some way down, a book."""

    outside: Path

    @property
    def folder(self) -> Path:
        return self.outside / "a" / "b" / "kerja"

    @property
    def book(self) -> Path:
        return self.folder / "ledgers"

    @classmethod
    def lay_out(cls, outside: Path) -> Battlefield:
        """The example book, shortened, in a folder of its own."""
        field = cls(outside)
        shutil.copytree(ROOT / "ledgers", field.book, ignore=shutil.ignore_patterns(".wksbm"))
        for ledger in field.book.rglob("20*.toml"):
            lines = ledger.read_text(encoding="utf-8").splitlines(keepends=True)
            ledger.write_text("".join(lines[:_LINES]), encoding="utf-8")
        (outside / "luar").mkdir()
        (outside / "luar" / "rahasia.toml").write_text('name = "Rahasia"\n', encoding="utf-8")
        return field

    def files(self) -> list[Path]:
        """The files of the book that a person could have bent."""
        return sorted(path for path in self.book.rglob("*.toml") if path.is_file())

    def state(self) -> dict[str, tuple[int, int]]:
        """Everything that lies outside the folder of the book."""
        return {
            str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in self.outside.rglob("*")
            if not path.is_relative_to(self.folder) and not path.is_dir()
        }


def bend(data: bytes, dice: random.Random) -> bytes:
    """The bytes of a file after one to three accidents, or with one or two values that are none."""
    if dice.random() < 0.6:
        for _ in range(dice.randint(1, 2)):
            data = _swap_value(data, dice)
        return data
    for _ in range(dice.randint(1, 3)):
        at, length = dice.randint(0, len(data)), dice.choice((1, 1, 2, 8, 60))
        match dice.randrange(6):
            case 0:
                data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + length :]
            case 2:
                data = data[:at] + data[at : at + length] + data[at:]
            case 3 | 4:
                data = data[:at] + dice.choice(_BYTES) + data[at + dice.choice((0, 0, length)) :]
            case 5:
                lines = data.split(b"\n")
                dice.shuffle(lines)
                data = b"\n".join(lines)
    return data


def forge(fund: str, data: bytes) -> bytes:
    """A ledger with ids that agree with its lines, as someone with an editor and coreutils makes them."""
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        _, equals, text = line.partition(b" = ")
        if equals and text.startswith(b"{"):
            lines[number] = blake2b(fund.encode() + b"\n" + text, digest_size=16).hexdigest().encode() + equals + text
    return b"\n".join(lines)


def _swap_value(data: bytes, dice: random.Random) -> bytes:
    """One value of a key given another type or another size."""
    values = list(re.finditer(rb"= ([^\n,}]+)", data))
    if not values:
        return data
    one = dice.choice(values)
    text = dice.choice(NASTY).encode(errors="replace").replace(b"\\", b"").replace(b'"', b"").replace(b"\n", b"")
    return data[: one.start(1)] + dice.choice((dice.choice(_BYTES), b'"' + text + b'"')) + data[one.end(1) :]


def attempt(field: Battlefield, words: Sequence[str]) -> str | None:
    """Type one command at the book; None when it behaved, otherwise what it did wrong."""
    before = field.state()
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO())
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _limit():
            code = run(["--lang", "en", *words])
            out.flush()
    except Hangs:
        return f"it hangs\n{err.getvalue()}"
    except BaseException:
        return traceback.format_exc()
    finally:
        sys.stdin = stdin
    said = out.buffer.getvalue().decode(errors="replace") + err.getvalue()
    if code not in (0, 1, 2, 3, 4):
        return f"exit code {code}"
    if code >= 2 and not err.getvalue().strip():
        return f"exit code {code} without a word"
    if acting := {char for char in said if char != "\n" and _acts(char)}:
        return f"it prints {sorted(map(ascii, acting))}: {said[:2000]!a}"
    if field.state() != before:
        return "it changed something outside the book"
    if (field.folder / "gila").exists():
        return "it ran something"
    return None


def _acts(char: str) -> bool:
    """Whether a terminal obeys a character instead of showing it."""
    return (
        unicodedata.category(char) in ("Cc", "Cs")
        or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
    )


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise Hangs

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def attack_a_file(field: Battlefield, number: int) -> Iterator[tuple[Sequence[str], str]]:
    """Bend one or two files of the book, type everything at it, and yield what went wrong."""
    dice = random.Random(number)
    bent = {path: path.read_bytes() for path in dice.sample(field.files(), dice.choice((1, 1, 2)))}
    try:
        for path, data in bent.items():
            made = bend(data, dice)
            if path.stem.isdigit() and dice.random() < 0.8:
                made = forge(f"{path.parent.parent.name}/{path.parent.name}", made)
            path.write_bytes(made)
        for words in (*dice.sample(READING, 6), *dice.sample(WRITING, 2)):
            if wrong := attempt(field, words):
                yield words, wrong
    finally:
        for path, data in bent.items():
            path.write_bytes(data)


def leaves(
    commands: Sequence[Command] = COMMANDS, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command that does something, with the words that lead to it."""
    for command in commands:
        if command.target:
            yield (*above, command.name), command
        yield from leaves(command.children, (*above, command.name))


# Words of the book itself, so that some of what is typed gets past the first question.
_LIKELY = {
    "fund": ("kas-sosial", "jimpitan", "rt-05/dana-kematian", "jimpitan-beras", "usaha-produktif", "arisan"),
    "to_fund": ("jimpitan", "kas-sosial"),
    "member": ("kk-01", "kk-02", "dm-05"),
    "amount": ("5000", "5rb", "2 kg beras"),
    "format_": ("json", "text", "table", "csv", "whatsapp", "markdown", "html"),
    "org": ("rt-05", "dasawisma-melati"),
    "period": ("2025", "2026-01"),
    "month": ("2026-01", "last"),
    "year": ("2025", "this"),
    "start": ("2026-01-01",),
    "end": ("2026-01-31",),
    "as_of": ("2026-01-31",),
    "date": ("2026-01-31", "kemarin"),
    "place": ("kas", "bank"),
    "to_place": ("kas", "bank"),
}
# Not typed: it would reach for the network, or write where it is told to, as it should.
_LEFT_OUT = ("sync", "merge-driver")
_NOT_TYPED = ("output", "file", "rules", "book", "install_hook")


def words_at(number: int) -> list[str]:
    """A command with likely and unlikely words in every place."""
    dice = random.Random(number)
    path, command = dice.choice([leaf for leaf in leaves() if leaf[0][0] not in _LEFT_OUT])
    words = list(path)
    for param in build(command, "en").params:
        if param.name in _NOT_TYPED:
            continue
        values = [_word(param, dice) for _ in range(dice.choice((1, 1, 1, 2)) if param.nargs == -1 else 1)]
        if param.param_type_name == "argument":
            words += values if dice.random() < 0.97 else []
        elif dice.random() < (0.8 if param.required else 0.2):
            option = dice.choice(param.opts)
            words += [option] if getattr(param, "is_flag", False) else [option, *values]
    return words


def _word(param: Any, dice: random.Random) -> str:
    likely = _LIKELY.get(param.name or "", ())
    if likely and dice.random() < 0.7:
        return dice.choice(likely)
    return dice.choice(NASTY)


def attack_with_words(field: Battlefield, number: int) -> Iterator[tuple[Sequence[str], str]]:
    words = words_at(number)
    if wrong := attempt(field, words):
        yield words, wrong


Attack = Callable[[Battlefield, int], Iterator[tuple[Sequence[str], str]]]
ATTACKS: dict[str, Attack] = {"file": attack_a_file, "words": attack_with_words}


def main() -> int:
    """Attack until the time is up; every success of an attacker is printed with the number that repeats it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--start", type=int, default=int(time.time()))
    parser.add_argument("--attack", choices=ATTACKS)
    parser.add_argument("--once", action="store_true", help="only the attack of this number")
    chosen = parser.parse_args()
    os.environ.update(WKSBM_NOW="2026-03-01T19:00:00+07:00", WKSBM_BY="siti", GIT_CONFIG_GLOBAL=os.devnull)
    until, number, successes = time.monotonic() + chosen.seconds, chosen.start, 0
    attacks = {chosen.attack: ATTACKS[chosen.attack]} if chosen.attack else ATTACKS
    while time.monotonic() < until and successes < 20:
        with tempfile.TemporaryDirectory() as outside:
            field = Battlefield.lay_out(Path(outside))
            os.chdir(field.folder)
            for name, attack in attacks.items():
                for words, wrong in attack(field, number):
                    successes += 1
                    print(f"--attack {name} --start {number} --once: wksbm {words!a}\n{wrong}\n")
            os.chdir(ROOT)
        number += 1
        if chosen.once:
            break
    print(f"{number - chosen.start} rounds, {successes} successes")
    return 1 if successes else 0


if __name__ == "__main__":
    sys.exit(main())
