"""The hook by which git checks a book before every commit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.damaged import Damaged

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    identity = ("-c", "user.name=Siti", "-c", "user.email=siti@example.org")
    return subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def kept(damaged: Damaged, monkeypatch: pytest.MonkeyPatch) -> Damaged:
    """A book kept in git, whose owner's own settings play no part."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    assert git(damaged.book.folder, "init", "--quiet").returncode == 0
    return damaged


def commit(damaged: Damaged) -> subprocess.CompletedProcess[str]:
    git(damaged.book.folder, "add", "--all")
    return git(damaged.book.folder, "commit", "--message", "x")


def test_a_book_with_an_error_is_not_committed_and_a_sound_one_is(kept: Damaged) -> None:
    kept.book.must("check", "--install-hook")
    assert commit(kept).returncode == 0
    kept.rewrite(lambda text: text.replace("Besuk", "Besok"))
    refused = commit(kept)
    assert refused.returncode != 0
    assert "2026.toml:5" in refused.stdout + refused.stderr


def test_a_warning_is_shown_and_keeps_nothing_from_being_committed(kept: Damaged) -> None:
    kept.book.must("check", "--install-hook")
    kept.put('date = 2026-03-20, kind = "income", amount = 7000, from = "Bank"', at="2026-01-01T19:00:00+07:00")
    committed = commit(kept)
    assert committed.returncode == 0
    assert "(early)" in committed.stdout + committed.stderr


def test_it_is_put_in_its_place_again_but_never_over_another(kept: Damaged) -> None:
    hook = kept.book.folder / ".git/hooks/pre-commit"
    kept.book.must("check", "--install-hook")
    kept.book.must("check", "--install-hook")
    hook.write_text("#!/bin/sh\necho lain\n")
    answer = kept.book("check", "--install-hook")
    assert (answer.code, hook.read_text()) == (3, "#!/bin/sh\necho lain\n")
    assert "-m wksbm_cli --book ./ledgers/ check" in answer.err  # what to add to it


def test_it_is_not_written_through_a_link(kept: Damaged, tmp_path: Path) -> None:
    target = tmp_path / "milik-orang"
    target.write_text("# Put here by: wksbm check --install-hook\n")
    (kept.book.folder / ".git/hooks/pre-commit").symlink_to(target)
    assert kept.book("check", "--install-hook").code == 3
    assert target.read_text() == "# Put here by: wksbm check --install-hook\n"


def test_hooks_that_are_kept_elsewhere_are_left_alone(kept: Damaged, tmp_path: Path) -> None:
    git(kept.book.folder, "config", "core.hooksPath", str(tmp_path / "kait"))
    answer = kept.book("check", "--install-hook")
    assert (answer.code, (tmp_path / "kait").exists()) == (3, False)
    assert "kait/pre-commit" in answer.err


def test_it_runs_no_module_that_lies_in_the_book(kept: Damaged) -> None:
    kept.book.must("check", "--install-hook")
    for module in (
        "wksbm_cli/__init__.py",
        "wksbm_cli/__main__.py",
        "tomli/__init__.py",
        "typer.py",
        "sitecustomize.py",
    ):
        path = kept.book.folder / module
        path.parent.mkdir(exist_ok=True)
        path.write_text("open('dijalankan', 'w').close()\n")
    assert commit(kept).returncode == 0
    assert not (kept.book.folder / "dijalankan").exists()


def test_a_book_not_kept_in_git_has_no_hook(damaged: Damaged) -> None:
    answer = damaged.book("check", "--install-hook")
    assert (answer.code, "not kept in git" in answer.err) == (3, True)
