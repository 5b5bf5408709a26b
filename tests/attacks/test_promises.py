"""What SECURITY.md promises of the program as a whole, and that each of its promises names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.scripts import ROOT

PAGES = ("SECURITY.md", "docs/id/keamanan.md")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_STARTS = {"subprocess", "pty", "multiprocessing"}
_CONNECTS = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc", "webbrowser", "requests", "httpx"}
# Of urllib, only what takes an address apart.
_HARMLESS = {"urllib.parse"}


def named(page: str) -> list[tuple[str, str]]:
    return _TEST.findall((ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_promise_names_is_there(page: str) -> None:
    assert named(page)
    for file, function in named(page):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}: {function}"


def test_both_pages_promise_the_same() -> None:
    assert named(PAGES[0]) == named(PAGES[1])
    rows = [len(re.findall(r"^\| ", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)) for page in PAGES]
    assert rows[0] == rows[1]


def imports() -> dict[str, set[str]]:
    """The modules that each module of the program imports, wherever in it."""
    found = {}
    for path in (ROOT / "wksbm_cli").rglob("*.py"):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
        found[path.relative_to(ROOT / "wksbm_cli").as_posix()] = names
    return found


def test_only_git_and_ssh_keygen_are_ever_started() -> None:
    starters = {name for name, used in imports().items() if {one.partition(".")[0] for one in used} & _STARTS}
    assert starters == {"book/git.py", "book/ssh.py"}
    for path in (ROOT / "wksbm_cli").rglob("*.py"):
        assert not re.search(r"\bos\.(?:system|popen|exec|spawn|posix_spawn)\w*\(", path.read_text(encoding="utf-8")), (
            path
        )


def test_nothing_of_the_program_opens_a_connection() -> None:
    for name, used in imports().items():
        assert not {one.partition(".")[0] for one in used - _HARMLESS} & _CONNECTS, name


def test_recording_and_reporting_write_nowhere_but_in_the_book(
    book: Typist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    before = {path for path in tmp_path.rglob("*") if "ledgers" not in path.parts}
    book.must("collect", "jimpitan", "--date", "2026-01-02", "--paid", "r001,r002")
    book.must("member", "edit", "r001", "--name", "Budi Hartono")
    book.must("close", "2026-01")
    for words in (("balance",), ("summary", "--month", "2026-01"), ("cashbook", "jimpitan"), ("check",)):
        book.must(*words)
    written = {path for path in tmp_path.rglob("*") if "ledgers" not in path.parts} - before
    assert {path for path in written if path.is_file()} == set()
