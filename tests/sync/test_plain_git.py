"""Treasurers who type `git pull` themselves: their registers are joined, or every command says how they are."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from tests.sync.conftest import Treasurer
from tests.sync.git_book import environment
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import git_of
from wksbm_cli.sync.driver import install


def saves(who: Treasurer, *words: str) -> None:
    who.must(*words)
    who.book.git("add", "--all")
    who.book.git("commit", "--quiet", "--message", words[0])


def both_add_a_member(siti: Treasurer, budi: Treasurer) -> None:
    saves(siti, "member", "add", "r008", "Agus")
    siti.book.git("push", "--quiet")
    saves(budi, "member", "add", "r009", "Dewi")


def names(who: Treasurer) -> list[str]:
    return sorted(row["member"] for row in who.must("member", "list", "--format", "json").json["rows"])


def type_hint(who: Treasurer, hint: str) -> None:
    """Type the commands of a hint, divided by semicolons."""
    for words in (shlex.split(one) for one in hint.rpartition(": ")[2].split(";")):
        if words[0] == "git":
            subprocess.run(words, cwd=who.book.root, env=environment(), check=True, capture_output=True)
        else:
            who.must(*words[1:])


def test_registers_are_joined_by_the_rule_that_the_program_installs(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        git = git_of(Folder(who.book.root))
        assert git is not None
        install(git)
    both_add_a_member(siti, budi)
    budi.book.git("pull", "--quiet", "--no-rebase", "--no-edit")
    assert names(budi) == ["r001", "r002", "r008", "r009"]
    assert budi.must("check").code == 0
    budi.must("sync")
    siti.must("sync")
    assert names(siti) == names(budi)


@pytest.mark.parametrize("how", ["--no-rebase", "--rebase"])
def test_without_it_every_command_says_what_to_type_and_it_works(siti: Treasurer, budi: Treasurer, how: str) -> None:
    both_add_a_member(siti, budi)
    budi.book.git("pull", "--quiet", how, "--no-edit", code=1)
    hints = set()
    for words in (("balance",), ("check",), ("income", "kas-sosial", "5000", "--from", "Bank"), ("sync",)):
        answer = budi(*words)
        assert answer.code in (1, 4), words
        assert "git could not join the two versions of this file." in answer.err + answer.out, words
        (hint,) = {line for line in (answer.err + answer.out).splitlines() if "--abort; wksbm sync" in line}
        hints.add(hint)
    (hint,) = hints
    type_hint(budi, hint)
    siti.must("sync")
    assert names(budi) == names(siti) == ["r001", "r002", "r008", "r009"]
    assert budi.must("check").code == 0


@pytest.mark.parametrize("operation", ["merge", "rebase"])
def test_a_sync_refuses_to_begin_within_what_git_has_begun(siti: Treasurer, budi: Treasurer, operation: str) -> None:
    for who in (siti, budi):
        who.book.write("catatan.txt", who.name)
        who.book.commit("note")
    siti.book.git("push", "--quiet")
    budi.book.git("fetch", "--quiet")
    budi.book.git(operation, "origin/main", code=1)
    answer = budi("sync")
    assert answer.code == 3
    type_hint(budi, answer.err.splitlines()[-1])
    assert budi.book.git("status", "--porcelain") == ""


def test_markers_that_were_committed_are_told_too(siti: Treasurer, budi: Treasurer) -> None:
    both_add_a_member(siti, budi)
    budi.book.git("pull", "--quiet", "--no-rebase", "--no-edit", code=1)
    budi.book.commit("as it is")
    answer = budi("balance")
    assert (answer.code, "take out the lines that begin with <<<<<<<" in answer.err) == (4, True)
    path = budi.book.root / "rt-07/members.toml"
    kept = [line for line in path.read_text().splitlines() if line[:7] not in ("<<<<<<<", "=======", ">>>>>>>")]
    path.write_text("\n".join(kept) + "\n")
    assert budi.must("check").code == 0
    budi.must("sync")
    siti.must("sync")
    assert names(siti) == ["r001", "r002", "r008", "r009"]


def test_a_ledger_with_markers_is_told_as_well(siti: Treasurer) -> None:
    line = siti.book.lines()[0]
    siti.book.replace(line, f"<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> 0123456")
    for words in (("balance",), ("check",)):
        answer = siti(*words)
        assert "git could not join the two versions of this file." in answer.err + answer.out
    siti.book.replace(f"<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> 0123456", line)
    assert siti.must("check").code == 0
