"""Nothing that a repository brings starts a program: not its settings, not its hooks, not another repository inside it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.attacks.conftest import Victim
from tests.sync.git_book import line
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import git_of

SETTINGS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.askPass",
    "core.editor",
    "core.pager",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.toml.textconv",
    "diff.toml.command",
    "filter.toml.clean",
    "filter.toml.smudge",
    "filter.toml.process",
    "gpg.program",
    "gpg.ssh.program",
    "merge.toml.driver",
    "remote.origin.uploadpack",
    "remote.origin.receivepack",
)


def test_a_bare_repository_inside_the_book_is_not_taken_for_the_book_s_own(victim: Victim) -> None:
    """Committed as plain files, it is a repository to git, with settings that start a program."""
    root = victim.book.root
    for name in ("objects", "refs"):
        (root / name).mkdir()
        (root / name / "keep").write_text("")
    (root / "HEAD").write_text("ref: refs/heads/main\n")
    (root / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {root}\n\tfsmonitor = {victim.trap}\n"
        f'[user]\n\tname = x\n[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = {victim.trap}\n[filter "x"]\n\tclean = {victim.trap}\n'
    )
    (root / ".gitattributes").write_text("*.toml filter=x\n")
    victim.book.commit("evil")
    victim.everything()
    assert not victim.is_sprung
    assert "Bank" in victim.book.git("show", "HEAD:ledgers/rt-07/kas-sosial/2026.toml"), "committed in the book's own"


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_setting_of_a_copied_repository_starts_a_program(victim: Victim, setting: str) -> None:
    """A book that came as a folder or an archive brings .git/config along."""
    top = victim.book.top
    (top / ".gitattributes").write_text("*.toml filter=toml diff=toml merge=toml\n")
    victim.book.git("add", ".gitattributes")
    victim.book.git("commit", "--quiet", "-m", "attributes")
    victim.theirs.add(line(6))
    victim.theirs.commit("theirs")
    victim.theirs.git("push", "--quiet")
    if setting.startswith("gpg"):
        victim.book.git("config", "commit.gpgSign", "true")
        victim.book.git("config", "user.signingKey", "ABCD")
        if "ssh" in setting:
            victim.book.git("config", "gpg.format", "ssh")
    if setting == "core.sshCommand":
        victim.book.git("config", "remote.origin.url", "ssh://example.invalid/book")
    victim.book.git("config", setting, victim.trap)
    victim.everything()
    assert not victim.is_sprung


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("url.https://elsewhere.invalid/.insteadOf", "/"),
        ("url.https://elsewhere.invalid/.pushInsteadOf", "/"),
        ("fetch.bundleURI", "https://elsewhere.invalid/bundle"),
        ("http.cookieFile", "/tmp/cookies"),
        ("http.https://example.invalid.saveCookies", "true"),
    ],
)
def test_a_copied_repository_leads_nowhere_else(victim: Victim, setting: str, value: str) -> None:
    """What is sent goes to the copy that stands as `origin`, and nothing is fetched or written beside it."""
    victim.book.git("config", setting, value)
    refused = victim.types("sync")
    assert refused.returncode == 3
    assert "lead elsewhere" in refused.stderr and value in refused.stderr


@pytest.mark.parametrize("setting", ["fetch.fsckObjects", "transfer.fsckObjects", "receive.fsckObjects"])
def test_what_arrives_is_looked_through_whatever_the_repository_says(victim: Victim, setting: str) -> None:
    victim.book.git("config", setting, "false")
    git = git_of(Folder(victim.book.root))
    assert git is not None and git.run("config", "--type=bool", "--get", setting) == "true\n"


def test_a_program_named_git_beside_the_book_does_not_say_who_records(victim: Victim) -> None:
    shutil.copy(victim.trap, victim.book.top / "git")
    for path in (".", ""):
        victim.types(
            "income",
            "kas-sosial",
            "5000",
            "--from",
            "Bank",
            WKSBM_BY="",
            PATH=f"{path}{os.pathsep}{os.environ['PATH']}",
        )
    assert not victim.is_sprung


def test_the_refusal_of_a_setting_names_it_and_its_hint_works(victim: Victim) -> None:
    victim.book.git("config", "filter.x.clean", victim.trap)
    refused = victim.types("sync")
    assert refused.returncode == 3
    assert "filter.x.clean" in refused.stderr
    hint = refused.stderr.partition("git config --file ")[2].partition("; if")[0]
    subprocess.run(f"git config --file {hint}", shell=True, check=True)
    assert victim.types("sync").returncode == 0


def test_who_set_up_ssh_for_one_folder_keeps_it_in_their_own_settings(victim: Victim) -> None:
    """All that the refusal says to type is typed; then git is as it was meant, here and nowhere else."""
    own = victim.folder / "own-settings"
    own.write_text("")
    settings = {"GIT_CONFIG_GLOBAL": str(own), "HOME": str(victim.folder)}
    victim.book.git("config", "core.sshCommand", f"{victim.trap} -i 'my key'")
    refused = victim.types("sync", **settings)
    assert refused.returncode == 3
    commands = [part[part.index("git config") :] for part in refused.stderr.splitlines()[-1].split("; ")]
    assert len(commands) == 3
    for command in commands:
        subprocess.run(command, shell=True, check=True, env={**os.environ, **settings}, cwd=victim.folder)
    assert victim.types("sync", **settings).returncode == 0
    ask = ["git", "config", "core.sshCommand"]
    here = subprocess.run(
        ask, cwd=victim.book.top, env={**os.environ, **settings}, capture_output=True, text=True, check=True
    )
    assert here.stdout == f"{victim.trap} -i 'my key'\n"
    elsewhere = subprocess.run(ask, cwd=victim.theirs.top, env={**os.environ, **settings}, check=False)
    assert elsewhere.returncode == 1
    assert not victim.is_sprung


def test_the_user_s_own_helper_for_passwords_and_own_filters_stay_theirs(victim: Victim) -> None:
    """What the user's own git is set up to do is no attack; but attributes that arrive do not start their filters."""
    settings = victim.folder / "gitconfig"
    settings.write_text(f'[filter "x"]\n\tclean = {victim.trap}\n\trequired = true\n[credential]\n\thelper = store\n')
    (victim.book.root / ".gitattributes").write_text("*.toml filter=x\n")
    done = victim.types("income", "kas-sosial", "5000", "--from", "Bank", GIT_CONFIG_GLOBAL=str(settings))
    assert done.returncode == 0
    assert "not committed" not in done.stderr
    assert not victim.is_sprung


def test_no_hook_of_the_copy_that_is_synced_with_runs(victim: Victim) -> None:
    """The other copy may be a stick that was handed round: git starts the hooks it finds there, as us."""
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive"):
        for hooks in (victim.folder / "common.git" / "hooks", victim.book.top / ".git" / "hooks"):
            hooks.mkdir(exist_ok=True)
            shutil.copy(victim.trap, hooks / name)
    victim.everything()
    assert victim.types("sync").returncode == 0
    assert not victim.is_sprung


def test_a_setting_of_the_copy_that_is_synced_with_starts_no_program(victim: Victim) -> None:
    """Its own git asks for programs of its own, when it lies on this machine."""
    subprocess.run(
        ["git", "-C", victim.folder / "common.git", "config", "core.alternateRefsCommand", victim.trap], check=True
    )
    victim.everything()
    assert victim.types("sync").returncode == 3
    assert not victim.is_sprung


@pytest.mark.parametrize("url", ["ext::{trap}", "x::y"])
def test_another_copy_s_address_starts_no_program(victim: Victim, url: str) -> None:
    victim.book.git("config", "remote.origin.url", url.format(trap=victim.trap))
    victim.book.git("config", "protocol.ext.allow", "always")
    assert victim.types("sync").returncode == 4
    assert not victim.is_sprung


def test_a_program_named_git_in_the_book_is_not_git(victim: Victim) -> None:
    for folder in (victim.book.root, victim.book.top):
        shutil.copy(victim.trap, folder / "git")
    for path in (".", ""):
        victim.types("sync", PATH=f"{path}{os.pathsep}{os.environ['PATH']}")
        victim.types("income", "kas-sosial", "5000", "--from", "Bank", PATH=f"{path}{os.pathsep}{os.environ['PATH']}")
    assert not victim.is_sprung


def test_a_gitignore_that_arrives_keeps_no_ledger_from_being_sent(victim: Victim) -> None:
    (victim.book.top / ".gitignore").write_text("*.toml\n")
    victim.types("income", "donasi", "5000", "--from", "Bank", "--date", "2025-12-31")
    victim.types("sync")
    assert "donasi/2025.toml" in victim.book.git("ls-tree", "-r", "--name-only", "origin/main")


def test_a_repository_is_found_in_a_work_tree_of_git_too(victim: Victim, tmp_path: Path) -> None:
    """There `.git` is a file; the treasurer's own arrangement goes on working."""
    other = tmp_path / "other"
    victim.book.git("worktree", "add", "--quiet", str(other), "-b", "other")
    shutil.rmtree(other / ".wksbm", ignore_errors=True)
    done = Victim(type(victim.book)(other, other / "ledgers"), victim.theirs, victim.folder).types(
        "income", "kas-sosial", "5000", "--from", "Bank"
    )
    assert done.returncode == 0
    assert "not committed" not in done.stderr
