"""Two treasurers, two clones, one book: with sync, with plain git, and where something is in the way."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.sync.conftest import Treasurer
from tests.sync.git_book import FUND, WIB, GitBook, environment, line
from wksbm_cli.domain.line import make_entry


def record_apart(siti: Treasurer, budi: Treasurer) -> list[str]:
    """Both record on overlapping days, each opens the new year's file, each adds a member. Returns the new lines."""
    for who, member in ((siti, "r001"), (budi, "r002")):
        for day in ("2026-02-01", "2026-02-02", "2027-01-01"):
            who.must("contribute", "kas-sosial", member, "5000", "--date", day, "--allow-future")
        who.must("member", "add", f"{who.name}-1", f"Warga {who.name}")
    return [*siti.book.lines()[2:], *budi.book.lines()[2:], *siti.book.lines(year=2027), *budi.book.lines(year=2027)]


def all_lines(book: GitBook) -> list[str]:
    return sorted([*book.lines(), *book.lines(year=2027)])


def test_two_treasurers_who_cancel_the_same_entry_end_with_it_cancelled_once(siti: Treasurer, budi: Treasurer) -> None:
    wrong = siti.book.lines()[0].split()[0]
    siti.must("reverse", wrong, "--reason", "Salah orang", "--date", "2026-02-01")
    budi.must("reverse", wrong, "--reason", "Bukan Rp5.000", "--date", "2026-02-02")
    siti.must("sync")
    budi.must("sync")
    siti.must("sync")
    for who in (siti, budi):
        balance = who.must("balance", "--format", "json").json["rows"]
        assert [(row["balance"]) for row in balance if row["fund"] == "kas-sosial"] == [5000]  # of two entries of 5000
        found = who.must("check", "--format", "json").json["findings"]
        of_lines = [(one["severity"], one["code"]) for one in found if one["line"]]
        assert of_lines == [("warning", "reversal-twice")]


def test_two_treasurers_end_with_every_entry_once(siti: Treasurer, budi: Treasurer) -> None:
    old = siti.book.lines()
    new = record_apart(siti, budi)
    assert "Sent 4 entries" in siti.must("sync").out
    answer = budi.must("sync", "--format", "json").json
    assert (answer["received"], answer["sent"], answer["doubles"]) == (4, 4, [])
    assert "Received 4 entries" in siti.must("sync").out
    assert all_lines(siti.book) == all_lines(budi.book) == sorted([*old, *new])
    assert siti.state()[::2] == budi.state()[::2]
    assert siti.state()[1] == ""
    for who in (siti, budi):
        assert who.must("member", "list", "--format", "csv").out.count("Warga") == 2
        assert who.must("balance", "--format", "json").json["totals"][0]["balance"] == 8 * 5000
        assert who("audit").code == 0
    assert "Nothing new" in budi.must("sync").out
    budi.must("member", "add", "budi-2", "Warga baru")
    assert "Sent 1 entry" in budi.must("sync").out, "the decision that somebody joined"
    assert "Received 1 entry" in siti.must("sync").out
    with (siti.book.root / "rt-07/members.toml").open("a") as register:  # by hand, so that no decision goes with it
        register.write('\n[r099]\nname = "Warga pindahan"\njoined = 2026-02-01\n')
    for who in (siti, budi):
        assert "the registers are the same here and there now" in who.must("sync").out
    assert not list(Path(siti.book.top / ".git").glob("worktrees/*"))


def test_one_fact_typed_by_both_is_named(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        who.must("contribute", "kas-sosial", "r001", "5000", "--date", "2026-02-01")
    siti.must("sync")
    (double,) = budi.must("sync", "--format", "json").json["doubles"]
    assert double == {"fund": FUND, "ours": budi.book.lines()[2].split()[0], "theirs": siti.book.lines()[2].split()[0]}


@pytest.mark.parametrize("driver", [False, True])
@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_plain_git_joins_ledgers_as_well(siti: Treasurer, budi: Treasurer, way: str, driver: bool) -> None:
    if driver:
        budi.must("init", "--git")
    assert bool(budi.book.git("config", "--get-regexp", "merge.wksbm.driver", code=0 if driver else 1)) is driver
    old = siti.book.lines()
    new = record_apart(siti, budi)
    if not driver:  # without it git cannot join the registers of both, only the ledgers
        budi.book.git("checkout", "--", "ledgers/rt-07/members.toml")
    siti.must("sync")
    budi.book.commit("february", who="budi")
    budi.book.git("pull", "--quiet", "--no-edit", "--rebase" if way == "rebase" else "--no-rebase", who="budi")
    assert all_lines(budi.book) == sorted([*old, *new])
    assert budi.must("balance", "--format", "json").json["totals"][0]["balance"] == 8 * 5000
    assert budi("audit").code == 0


def test_what_both_spent_is_taken_and_told_with_both_their_names(siti: Treasurer, budi: Treasurer) -> None:
    """Each spends what is in the box; together they would spend it twice."""
    for who in (siti, budi):
        who.must("disburse", "kas-sosial", "8000", "--to", "Bu Darmi", "--for", f"besuk, {who.name}")
    siti.must("sync")
    before = budi.must("check", "--format", "json").json["findings"]  # registers that nobody decided on
    assert {one["code"] for one in before} == {"undecided"}
    told = budi.must("sync").out
    for who in (siti, budi):
        (entry,) = (line[:8] for line in budi.book.lines() if f"besuk, {who.name}" in line)
        assert f"{entry} by {who.name}" in told
    found = [one for one in budi.must("check", "--format", "json").json["findings"] if one not in before]
    assert [(one["severity"], one["code"]) for one in found] == [("warning", "negative")]
    assert f"  - {found[0]['file']}:{found[0]['line']}: " in told


def test_a_joined_book_with_a_line_that_cannot_be_read_is_not_taken(siti: Treasurer, budi: Treasurer) -> None:
    """One takes a member out of the register by hand, the other records what that member paid."""
    members = siti.book.root / "rt-07/members.toml"
    members.write_text(members.read_text().replace('[r002]\nname = "Tini"\n', ""))
    budi.must("contribute", "kas-sosial", "r002", "5000", "--date", "2026-02-01")
    siti.must("sync")
    before = budi.state()
    answer = budi("sync")
    assert (answer.code, answer.out) == (4, "")
    assert "\n  - rt-07/kas-sosial/2026.toml:5: " in answer.err  # not where the two were joined, which is gone again
    assert budi.state() == before


def test_a_line_against_the_rules_is_not_sent(siti: Treasurer, remote: GitBook) -> None:
    before = remote.git("rev-parse", "main")
    spent = {"amount": 1000, "purpose": "Lem", "place": "bank"}  # which the fund has not
    siti.book.add(make_entry(FUND, "expense", date(2026, 1, 3), spent, "siti", datetime(2026, 1, 3, tzinfo=WIB)).line)
    assert siti("sync").code == 4
    assert remote.git("rev-parse", "main") == before


def test_sync_does_not_take_a_book_in_which_recorded_lines_were_altered(siti: Treasurer, budi: Treasurer) -> None:
    siti.book.replace(line(1), line(1).replace("5000", "500"))
    siti.book.commit("tidy")
    siti.book.git("push", "--quiet")
    before = budi.state()
    answer = budi("sync")
    assert (answer.code, answer.out) == (4, "")
    assert line(1) in answer.err
    assert budi.state() == before


def test_sync_does_not_join_a_rewritten_history(siti: Treasurer, budi: Treasurer) -> None:
    """Joined, the line taken out of the past would come back, and nobody would learn that it had gone."""
    siti.must("donate", "kas-sosial", "900rb", "--from", "Toko Jaya")
    siti.must("sync")
    budi.must("sync")
    siti.book.git("reset", "--quiet", "--hard", "HEAD~1")
    siti.must("donate", "kas-sosial", "100rb", "--from", "Toko Jaya")
    siti.book.commit("saved")
    siti.book.git("push", "--quiet", "--force")
    before = budi.state()
    for _ in range(2):  # nor the next time
        answer = budi("sync")
        assert (answer.code, answer.out) == (4, "")
        assert "changed or removed" in answer.err
        assert "900000" in answer.err
        assert "Ask the other treasurer" in answer.err
        assert budi.state() == before


def test_sync_does_not_send_what_was_altered_here(siti: Treasurer, remote: GitBook) -> None:
    siti.book.replace(f"{line(1)}\n", "")
    before, there = siti.state(), remote.git("rev-parse", "main")
    answer = siti("sync")
    assert answer.code == 4
    assert "changed or removed here by hand" in answer.err
    assert (siti.state(), remote.git("rev-parse", "main")) == (before, there)


def test_the_same_thing_changed_on_both_sides_is_left_to_people(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        path = who.book.root / "rt-07/organisation.toml"
        path.write_text(f'name = "RT 07 {who.name}"\n')
    siti.must("sync")
    before = budi.state()
    answer = budi("sync")
    assert answer.code == 4
    assert "ledgers/rt-07/organisation.toml" in answer.err
    assert budi.state() == before


def test_a_dry_run_shows_and_changes_nothing(siti: Treasurer, budi: Treasurer, remote: GitBook) -> None:
    record_apart(siti, budi)
    siti.must("sync")
    before, there = budi.state(), remote.git("rev-parse", "main")
    answer = budi.must("sync", "--dry-run", "--format", "json").json
    assert (answer["received"], answer["sent"], answer["dry_run"]) == (4, 4, True)
    assert (budi.state(), remote.git("rev-parse", "main")) == (before, there)


def test_without_a_connection_the_recording_is_saved_and_sent_later(siti: Treasurer, remote: GitBook) -> None:
    siti.must("contribute", "kas-sosial", "r001", "5000")
    away = remote.top.rename(remote.top.with_name("away.git"))
    answer = siti("sync")
    assert answer.code == 4
    assert "could not be reached" in answer.err
    assert siti.book.git("status", "--porcelain") == ""
    away.rename(remote.top)
    assert "Sent 1 entry" in siti.must("sync").out


def test_sync_saves_only_files_of_the_book(siti: Treasurer) -> None:
    (siti.book.root / "laporan.txt").write_text("private\n")
    (siti.book.top / "other.toml").write_text("x = 1\n")
    siti.must("contribute", "kas-sosial", "r001", "5000")
    siti.must("sync")
    assert siti.book.git("status", "--porcelain").splitlines() == ["?? ledgers/laporan.txt", "?? other.toml"]


def test_a_first_sync_fills_an_empty_copy_and_follows_it(typist: Typist, tmp_path: Path) -> None:
    typist.must("init", "Melati", "--git")
    book = GitBook(tmp_path / "ledgers", tmp_path / "ledgers")
    book.git("init", "--quiet", "--bare", str(tmp_path / "remote.git"))
    assert "no other copy" in typist.must("sync").out
    book.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    typist.must("sync")
    assert book.git("status", "--short", "--branch").startswith(f"## {book.git('branch', '--show-current')}...origin/")
    book.git("pull", "--quiet")


def test_sync_waits_for_a_merge_begun_by_hand(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("contribute", "kas-sosial", "r001", "5000")
    siti.must("sync")
    budi.must("contribute", "kas-sosial", "r002", "5000")
    budi.book.commit("mine", who="budi")
    budi.book.git("fetch", "--quiet")
    budi.book.git("merge", "--no-commit", "origin/main", who="budi")
    answer = budi("sync")
    assert answer.code == 3
    assert "git merge --abort" in answer.err


def test_no_hook_of_the_book_runs(siti: Treasurer, budi: Treasurer, tmp_path: Path) -> None:
    record_apart(siti, budi)
    siti.must("sync")
    for name in (
        "pre-commit",
        "post-commit",
        "post-checkout",
        "post-merge",
        "pre-push",
        "prepare-commit-msg",
        "reference-transaction",
    ):
        hook = budi.book.top / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran-{name}\n")
        hook.chmod(0o755)
    budi.book.write("book.toml", (budi.book.root / "book.toml").read_text() + "\n[git]\nauto_commit = true\n")
    budi.must("contribute", "kas-sosial", "r001", "5000")
    budi.must("sync")
    budi("audit")
    assert not list(tmp_path.glob("ran-*"))


@pytest.mark.parametrize("option", ["--upload-pack", "--receive-pack"])
def test_no_name_of_another_copy_is_an_option(siti: Treasurer, tmp_path: Path, option: str) -> None:
    """A remote may be called anything in `.git/config`."""
    program, ran = tmp_path / "program", tmp_path / "ran"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    address = siti.book.git("config", "remote.origin.url").strip()
    siti.book.git("remote", "remove", "origin")
    siti.book.git("config", f"remote.{option}={program}.url", address)
    siti.book.git("config", f"remote.{option}={program}.fetch", "+refs/heads/*:refs/remotes/other/*")
    siti.must("contribute", "kas-sosial", "budi", "5000")
    assert "Sent 1 entry" in siti.must("sync").out
    assert not ran.exists()


def test_no_module_beside_the_book_runs_in_the_merge(siti: Treasurer, budi: Treasurer, tmp_path: Path) -> None:
    record_apart(siti, budi)
    siti.must("sync")
    for name in ("wksbm_cli", "tomli", "typer"):
        (budi.book.top / name).mkdir()
        (budi.book.top / name / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    budi.must("init", "--git")
    budi.book.git("add", "ledgers", who="budi")
    budi.book.git("commit", "--quiet", "--message=february", who="budi")
    budi.book.git("pull", "--quiet", "--no-edit", "--no-rebase", who="budi")
    assert len(all_lines(budi.book)) == 8
    assert not (tmp_path / "ran").exists()


def test_the_driver_leaves_two_texts_of_one_id_to_a_person(siti: Treasurer, budi: Treasurer) -> None:
    budi.must("init", "--git")
    siti.book.replace(line(1), line(1).replace("5000", "500"))
    siti.book.commit("tidy")
    siti.book.git("push", "--quiet")
    budi.must("contribute", "kas-sosial", "r001", "5000")
    budi.book.commit("mine", who="budi")
    said = budi.book.git("pull", "--no-edit", "--no-rebase", who="budi", code=1)
    assert "CONFLICT" in said
    text = budi.book.ledger().read_text()
    assert line(1) in text
    assert line(1).replace("5000", "500") in text


def test_the_driver_names_what_may_have_been_typed_twice(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi):
        who.must("contribute", "kas-sosial", "r001", "5000", "--date", "2026-02-01")
    siti.must("sync")
    budi.must("init", "--git")
    budi.book.commit("mine", who="budi")
    done = subprocess.run(
        ["git", "pull", "--quiet", "--no-edit", "--no-rebase"],
        cwd=budi.book.top,
        env=environment("budi"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{budi.book.lines()[2].split()[0]} and {siti.book.lines()[2].split()[0]}" in done.stderr


def test_each_recording_is_committed_where_the_book_asks(siti: Treasurer) -> None:
    siti.book.write("book.toml", (siti.book.root / "book.toml").read_text() + "\n[git]\nauto_commit = true\n")
    siti.book.git("commit", "--quiet", "--all", "--message=auto")
    (siti.book.root / "rt-07/organisation.toml").write_text('name = "RT 07 Melati"\n')  # waits for its own commit
    answer = siti.must("contribute", "kas-sosial", "r001", "5000", "--date", "2026-02-01", "--note", "--all; $(reboot)")
    entry = siti.book.lines()[-1].split()[0]
    assert entry[:8] in answer.out
    assert siti.book.git("log", "-1", "--format=%an|%s") == "siti|Kas Sosial: Kas Sosial, Budi, Rp5,000"
    assert f"{FUND} {entry}" in siti.book.git("log", "-1", "--format=%b")
    assert siti.book.git("show", "--name-only", "--format=").splitlines() == ["ledgers/rt-07/kas-sosial/2026.toml"]
    siti.must("member", "add", "r009", "Agus")
    assert siti.book.git("log", "-1", "--format=%s") == "Changed: rt-07/members.toml"
    count = siti.book.git("rev-list", "--count", "HEAD")
    siti.must("contribute", "kas-sosial", "r009", "5000", "--dry-run")
    siti.must("balance")
    assert siti.book.git("rev-list", "--count", "HEAD") == count


def test_a_recording_stands_where_git_fails(siti: Treasurer) -> None:
    siti.book.write("book.toml", (siti.book.root / "book.toml").read_text() + "\n[git]\nauto_commit = true\n")
    (siti.book.top / ".git" / "index.lock").touch()
    answer = siti.must("contribute", "kas-sosial", "r001", "5000")
    assert "not committed" in answer.err
    assert len(siti.book.lines()) == 3


def test_a_book_outside_git_says_so(typist: Typist) -> None:
    typist.must("init", "Melati")
    answer = typist("sync")
    assert (answer.code, answer.out) == (3, "")
    assert "init --git" in answer.err


def test_git_can_be_set_up_for_a_book_that_is_there(typist: Typist) -> None:
    typist.must("init", "Melati")
    typist.must("init", "--git")
    assert (typist.folder / "ledgers" / ".git").is_dir()
    assert typist("init", "Other").code == 3
