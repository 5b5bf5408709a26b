"""What another hand does while a sync is under way: sends first, records, edits a register. And histories that crossed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts import ROOT
from tests.sync.conftest import Treasurer
from wksbm_cli.book.git import trouble_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a wrapper of git is a shell script")


def while_git(word: str, does: str, tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """The first time that git is asked to do something, do this before."""
    real = shutil.which("git")
    done = tmp_path / f"done-{word}"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir(exist_ok=True)
    wrapper.write_text(
        f'#!/bin/sh\ncase " $* " in *" {word} "*) if [ ! -e {done} ]; then touch {done}; ( unset GIT_DIR GIT_WORK_TREE '
        f'GIT_INDEX_FILE; {does} ) >> {tmp_path}/said 2>&1 </dev/null; fi;; esac\nexec {real} "$@"\n'
    )
    wrapper.chmod(0o755)
    patch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")


def test_who_is_overtaken_while_sending_joins_once_more(
    siti: Treasurer, budi: Treasurer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    siti.must("income", "kas-sosial", "7000", "--from", "Bank siti")
    siti.book.commit("mine")
    budi.must("income", "kas-sosial", "8000", "--from", "Bank budi")
    while_git("push", f"cd {shlex.quote(str(siti.book.top))} && git push --quiet", tmp_path, monkeypatch)
    said = budi.must("sync", "--format", "json").json
    assert (tmp_path / "done-push").exists()
    assert (said["received"], said["sent"]) == (1, 1)
    siti.must("sync")
    assert sorted(siti.book.lines()) == sorted(budi.book.lines())
    assert len(siti.book.lines()) == 4


@pytest.mark.parametrize("word", ["fetch", "push"])
def test_while_the_network_is_waited_for_one_records(
    siti: Treasurer, budi: Treasurer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """Offline for minutes, the treasurer at the same machine goes on."""
    siti.must("income", "kas-sosial", "7000", "--from", "Bank siti")
    siti.must("sync")
    budi.must("income", "kas-sosial", "8000", "--from", "Bank budi")
    types = f"PYTHONPATH={ROOT} timeout 60 {sys.executable} -m wksbm_cli --book {budi.book.root}"
    while_git(word, f"{types} income kas-sosial 9000 --from Meanwhile", tmp_path, monkeypatch)
    budi.must("sync")
    assert [one for one in budi.book.lines() if "Meanwhile" in one], (tmp_path / "said").read_text()
    budi.must("sync")
    siti.must("sync")
    assert sorted(siti.book.lines()) == sorted(budi.book.lines())
    assert len(siti.book.lines()) == 5


def test_an_edit_of_a_register_made_meanwhile_is_not_written_over(
    siti: Treasurer, budi: Treasurer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    siti.must("member", "add", "r009", "Dewi")
    siti.must("sync")
    register = budi.book.root / "rt-07/members.toml"
    while_git("diff-tree", f"printf '\\n# mine\\n' >> {shlex.quote(str(register))}", tmp_path, monkeypatch)
    answer = budi("sync")
    assert answer.code == 3
    assert "members.toml was changed here and is not saved" in answer.err
    assert register.read_text().endswith("# mine\n")
    budi.must("sync")  # which saves it
    assert "# mine" in register.read_text() and "Dewi" in register.read_text()


def test_histories_that_crossed_are_joined_from_all_that_they_have_in_common(siti: Treasurer, budi: Treasurer) -> None:
    """Each had joined the other: from one of the two beginnings alone, either change would look like two."""
    for who, old, new in ((siti, "Budi", "Budi S"), (budi, "Tini", "Tini L")):
        register = who.book.root / "rt-07/members.toml"
        register.write_text(register.read_text().replace(f'"{old}"', f'"{new}"'))
        who.book.commit("names", who=who.name)
    budi.must("init", "--git")
    siti.must("init", "--git")
    ends = {who.name: who.book.git("rev-parse", "HEAD") for who in (siti, budi)}
    for who, other in ((siti, budi), (budi, siti)):
        who.book.git("fetch", "--quiet", str(other.book.top), ends[other.name])
    for who, other in ((siti, budi), (budi, siti)):
        who.book.git("merge", "--quiet", "--no-edit", ends[other.name], who=who.name)
    register = siti.book.root / "rt-07/members.toml"
    register.write_text(register.read_text().replace("Budi S", "Budi Santoso").replace("Tini L", "Tini Lestari"))
    siti.book.commit("whole names")
    siti.book.git("push", "--quiet")
    assert len(budi.book.git("merge-base", "--all", "HEAD", ends["siti"]).split()) == 1
    budi.must("sync")
    names = budi.must("member", "list", "--format", "csv").out
    assert "Budi Santoso" in names and "Tini Lestari" in names


def test_the_lock_of_a_branch_that_a_killed_git_left_stops_no_sync(siti: Treasurer) -> None:
    """As when the commit that follows a recording is killed."""
    siti.must("income", "kas-sosial", "7000", "--from", "Bank")
    branch = siti.book.git("symbolic-ref", "HEAD")
    for name in ("HEAD", branch):
        (siti.book.top / ".git" / f"{name}.lock").touch()
    siti.must("sync")
    assert siti.book.git("status", "--porcelain", "--branch") == "## main...origin/main"
    assert not list((siti.book.top / ".git").rglob("*.lock"))


def test_what_git_advises_is_told_whole() -> None:
    advice = [f"hint: {n} do this, and then that with the other" for n in range(20)]
    done = subprocess.CompletedProcess(["git"], 1, "", "\n".join(["error: it cannot be", "hint:", *advice]))
    told = str(trouble_of(done).text)
    assert told.startswith("git says: error: it cannot be 0 do this") and told.endswith(
        "19 do this, and then that with the other"
    )
    assert "hint:" not in told
