"""What arrives with another copy and is no book's: links, the program's own state, twins, programs; each refused by name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.sync.git_book import FUND, GitBook, line


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[GitBook, GitBook]:
    """The copy of someone who means harm, and the victim's clone of it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    theirs = GitBook.new(tmp_path / "theirs")
    theirs.add(line(3))
    theirs.commit("first")
    theirs.git("config", "receive.denyCurrentBranch", "ignore")
    return theirs, theirs.clone(tmp_path / "ours")


@pytest.fixture
def treasurer(
    pair: tuple[GitBook, GitBook], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Typist:
    typist = Typist(pair[1].top, capsys, monkeypatch)
    typist.clock("2026-02-01T19:00:00+07:00")
    return typist


def bare_repository(folder: Path) -> None:
    """What git takes for a repository: `HEAD`, `objects`, `refs`."""
    for name in ("objects", "refs/heads"):
        (folder / name).mkdir(parents=True)
        (folder / name / "keep").write_text("")
    (folder / "HEAD").write_text("ref: refs/heads/main\n")


def test_a_repository_within_the_book_is_refused_when_it_arrives(
    pair: tuple[GitBook, GitBook], treasurer: Typist
) -> None:
    theirs = pair[0]
    bare_repository(theirs.root)
    theirs.commit("a gift")
    before = treasurer.files()
    answer = treasurer("sync")
    assert answer.code == 4 and "a repository of git within the book" in answer.err
    assert treasurer.files() == before


def _tracked_state(book: GitBook) -> None:
    (book.root / ".gitignore").unlink()
    parts = json.dumps([{"fund": FUND, "year": 2026, "title": "Kas", "lines": [line(9, 900_000)]}])
    (book.root / ".wksbm").mkdir()
    (book.root / ".wksbm" / "write-ahead.json").write_text(parts)


def _link(book: GitBook) -> None:
    (book.root / "rt-07" / "catatan.md").symlink_to("/etc/passwd")


def _submodule_file(book: GitBook) -> None:
    (book.top / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::touch /tmp/x\n')


def _twin(book: GitBook) -> None:
    (book.root / "RT-07.md").write_text("a\n")
    (book.root / "rt-07.md").write_text("b\n")


def _arabic_year(book: GitBook) -> None:
    (book.root / FUND / "٢٠٢٦.toml").write_text(f"[transactions]\n{line(9, 900_000)}\n")


def _waiting_register(book: GitBook) -> None:
    (book.root / FUND / ".fund.toml.tmp").write_text('name = "Kas"\n')


def _filter(book: GitBook) -> None:
    book.write(".gitattributes", "*.toml filter=lfs\n")


def _inner_attributes(book: GitBook) -> None:
    book.write("rt-07/.gitattributes", "*.toml -text\n")


def _program(book: GitBook) -> None:
    book.write("rt-07/kas-sosial/jalankan.sh", "#!/bin/sh\n")


@pytest.mark.parametrize(
    ("bring", "said"),
    [
        (_tracked_state, ".wksbm/write-ahead.json: only the program itself keeps such a file"),
        (_link, "rt-07/catatan.md: a link or a repository"),
        (_submodule_file, ".gitmodules: only the program itself"),
        (_twin, "many disks take them for one file"),
        (_arabic_year, "٢٠٢٦.toml: no file of a book"),
        (_waiting_register, ".fund.toml.tmp: only the program itself"),
        (_filter, ".gitattributes: *.toml filter=lfs"),
        (_inner_attributes, "rt-07/.gitattributes: only the book's own folder"),
        (_program, "jalankan.sh: no file of a book"),
    ],
)
def test_what_is_no_books_is_refused_by_name_and_nothing_changes(
    pair: tuple[GitBook, GitBook], treasurer: Typist, bring: Callable[[GitBook], None], said: str
) -> None:
    theirs, ours = pair
    bring(theirs)
    theirs.git("add", "--all", "--force")
    theirs.git("commit", "--quiet", "--message", "a gift")
    before, head = treasurer.files(), ours.git("rev-parse", "HEAD")
    answer = treasurer("sync")
    assert answer.code == 4 and said in answer.err
    assert (treasurer.files(), ours.git("rev-parse", "HEAD")) == (before, head)
    assert sum(row["balance"] for row in treasurer.must("balance", "--format", "json").json["rows"]) == 5_000


def test_notes_and_evidence_may_arrive(pair: tuple[GitBook, GitBook], treasurer: Typist) -> None:
    theirs, ours = pair
    theirs.write("rt-07/notulen-januari.md", "# Rapat\n")
    theirs.write("rt-07/kas-sosial/bukti/kuitansi-1.jpg", "\xff\xd8")
    theirs.commit("minutes")
    treasurer.must("sync")
    assert (ours.root / "rt-07" / "notulen-januari.md").read_text() == "# Rapat\n"
