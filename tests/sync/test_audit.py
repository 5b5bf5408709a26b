"""The audit: every recorded line that a commit changed or removed, and nothing that only came together in a merge."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typist
from tests.sync.git_book import FUND, GitBook, line
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import git_of
from wksbm_cli.cli.main import run
from wksbm_cli.domain.problem import Trouble

L1, L2, L3, L4 = (line(day) for day in (1, 2, 3, 4))


@pytest.fixture
def book(tmp_path: Path) -> GitBook:
    """A book with three lines in two commits."""
    made = GitBook.new(tmp_path / "repo")
    made.add(L1)
    made.commit("first")
    made.add(L2, L3)
    made.commit("more")
    return made


class Auditor:
    """Types `wksbm audit` in a book."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, book: GitBook, *words: str) -> tuple[int, Any]:
        self._monkeypatch.chdir(book.top)
        self._capsys.readouterr()
        code = run(["--lang", "en", "--book", str(book.root), "audit", "--format", "json", *words])
        return code, json.loads(self._capsys.readouterr().out)

    def changes(self, book: GitBook) -> list[tuple[str, str, str | None]]:
        """What, which line, and in which commit; checks the exit code on the way."""
        code, found = self(book)
        assert code == (1 if found["changes"] else 0)
        return [(one["what"], one["before"], one["commit"]) for one in found["changes"]]


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Auditor:
    return Auditor(capsys, monkeypatch)


def test_a_book_that_only_grew_is_clean(book: GitBook, audit: Auditor) -> None:
    code, found = audit(book)
    assert (code, found["changes"], found["entries"], found["commits"]) == (0, [], 3, 2)


def test_a_changed_line_is_told_with_its_commit(book: GitBook, audit: Auditor) -> None:
    altered = L2.replace("5000", "500")
    book.replace(L2, altered)
    commit = book.commit("tidy", who="budi")
    code, found = audit(book)
    (change,) = found["changes"]
    assert code == 1
    assert (change["what"], change["before"], change["after"]) == ("changed", L2, altered)
    assert (change["commit"], change["author"], change["signature"]) == (commit, "budi", "none")
    assert not change["stands"]


def test_a_removed_line_is_told_even_where_it_was_put_back(book: GitBook, audit: Auditor) -> None:
    book.replace(f"{L2}\n", "")
    gone = book.commit("remove")
    assert audit.changes(book) == [("removed", L2, gone)]
    book.add(L2)
    book.commit("put back")
    code, found = audit(book)
    assert code == 1
    assert [(one["commit"], one["stands"]) for one in found["changes"]] == [(gone, True)]


def test_putting_a_line_right_is_no_second_change(book: GitBook, audit: Auditor) -> None:
    book.replace(L2, L2.replace("5000", "500"))
    altered = book.commit("slip")
    book.replace(L2.replace("5000", "500"), L2)
    book.commit("right again")
    assert audit.changes(book) == [("changed", L2, altered)]


def test_what_is_not_committed_yet_is_seen_too(book: GitBook, audit: Auditor) -> None:
    book.replace(L1, L1.replace("r001", "r002"))
    assert audit.changes(book) == [("changed", L1, None)]


def test_order_line_ends_and_comments_are_no_changes(book: GitBook, audit: Auditor) -> None:
    path = book.ledger()
    path.write_bytes(f"# other words\r\n[transactions]\r\n{L3}\r\n\r\n{L1}\r\n{L2}".encode())
    book.commit("shuffled")
    assert audit.changes(book) == []


def test_taking_out_one_of_two_copies_is_no_removal(book: GitBook, audit: Auditor) -> None:
    book.add(L1)
    book.add(L2, fund="rt-07/donasi")
    book.commit("pasted twice")
    book.ledger().write_text(f"[transactions]\n{L1}\n{L2}\n{L3}\n")
    book.ledger("rt-07/donasi").unlink()
    book.commit("mended")
    assert audit.changes(book) == []


def test_a_line_moved_to_another_fund_is_told(book: GitBook, audit: Auditor) -> None:
    book.replace(f"{L3}\n", "")
    book.add(L3, fund="rt-07/donasi")
    commit = book.commit("move")
    code, found = audit(book)
    (change,) = found["changes"]
    assert (code, change["what"], change["fund"], change["after_fund"]) == (1, "moved", FUND, "rt-07/donasi")
    assert change["commit"] == commit


def test_a_deleted_year_is_the_removal_of_its_lines(book: GitBook, audit: Auditor) -> None:
    book.ledger().unlink()
    commit = book.commit("delete")
    assert audit.changes(book) == [("removed", text, commit) for text in (L1, L2, L3)]


def test_a_book_that_moved_in_its_repository_keeps_its_past(book: GitBook, audit: Auditor) -> None:
    book.replace(L1, L1.replace("5000", "50"))
    altered = book.commit("slip")
    book.git("mv", "ledgers", "buku")
    book.commit("other folder")
    moved = GitBook(book.top, book.top / "buku")
    moved.add(L4)
    moved.commit("on")
    assert audit.changes(moved) == [("changed", L1, altered)]


def test_another_book_of_the_repository_is_left_alone(book: GitBook, audit: Auditor) -> None:
    other = GitBook(book.top, book.top / "other")
    other.write("book.toml", 'format = 1\nname = "Other"\n')
    other.add(line(9))
    other.commit("other book")
    other.replace(line(9), line(9).replace("5000", "1"))
    other.commit("altered there")
    assert audit.changes(book) == []
    assert [what for what, *_ in audit.changes(other)] == ["changed"]


def test_a_merge_of_two_sides_is_no_change(book: GitBook, audit: Auditor) -> None:
    book.git("switch", "--quiet", "--create", "budi", "HEAD~1")
    book.add(L4)
    book.commit("budi", who="budi")
    book.git("switch", "--quiet", "main")
    book.git("merge", "--quiet", "--no-edit", "budi")
    assert sorted(book.lines()) == sorted([L1, L2, L3, L4])
    code, found = audit(book)
    assert (code, found["changes"], found["commits"]) == (0, [], 4)


@pytest.mark.parametrize("keeps", ["main", "budi"])
def test_a_merge_that_drops_the_lines_of_one_side_is_told(book: GitBook, audit: Auditor, keeps: str) -> None:
    book.git("switch", "--quiet", "--create", "budi", "HEAD~1")
    book.add(L4)
    book.commit("budi", who="budi")
    book.git("switch", "--quiet", keeps)
    book.git("merge", "--quiet", "--no-edit", "--strategy=ours", "main" if keeps == "budi" else "budi")
    merge = book.git("rev-parse", "HEAD")
    lost = [L4] if keeps == "main" else [L2, L3]
    assert sorted(audit.changes(book)) == sorted(("removed", text, merge) for text in lost)


def test_a_merge_that_alters_a_line_of_both_sides_is_told(book: GitBook, audit: Auditor) -> None:
    book.git("switch", "--quiet", "--create", "budi", "HEAD~1")
    book.add(L4)
    book.commit("budi")
    book.git("switch", "--quiet", "main")
    book.git("merge", "--quiet", "--no-commit", "budi")
    book.replace(L1, L1.replace("5000", "9000"))
    merge = book.commit("evil merge")
    assert audit.changes(book) == [("changed", L1, merge)]


def test_a_removal_on_one_side_is_told_once_and_not_again_by_the_merge(book: GitBook, audit: Auditor) -> None:
    book.git("switch", "--quiet", "--create", "budi")
    book.replace(f"{L1}\n", "")
    removal = book.commit("budi removes")
    book.git("switch", "--quiet", "main")
    book.add(L4)
    book.commit("siti goes on")
    book.git("merge", "--quiet", "--no-edit", "budi")
    assert L1 not in book.lines()
    assert audit.changes(book) == [("removed", L1, removal)]


def test_a_removal_is_told_once_where_two_people_had_merged_one_another(book: GitBook, audit: Auditor) -> None:
    """Their copies then have two nearest common ancestors, and each of these knows one of the two lines alone."""
    late = line(5)
    book.git("branch", "budi")
    book.add(L4)
    siti = book.commit("siti")
    book.git("switch", "--quiet", "budi")
    book.add(late)
    book.commit("budi", who="budi")
    book.git("merge", "--quiet", "--no-edit", siti)
    for text in (L4, late):
        book.replace(f"{text}\n", "")
    removal = book.commit("budi removes both", who="budi")
    book.git("switch", "--quiet", "main")
    book.git("merge", "--quiet", "--no-edit", "budi~2")
    book.add(line(6))
    book.commit("siti goes on")
    book.git("merge", "--quiet", "--no-edit", "--strategy-option=theirs", "budi")
    for text in set(book.lines()) & {L4, late}:
        book.replace(f"{text}\n", "")
        book.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert len(book.git("merge-base", "--all", "HEAD^1", "HEAD^2").split()) == 2
    assert sorted(audit.changes(book)) == sorted(("removed", text, removal) for text in (L4, late))


def test_a_ledger_in_an_archive_folder_is_gone(book: GitBook, audit: Auditor) -> None:
    (book.root / "arsip").mkdir()
    book.git("mv", "ledgers/rt-07/kas-sosial/2026.toml", "ledgers/arsip/2026.toml")
    (book.root / "arsip/rt-07/kas-sosial").mkdir(parents=True)
    book.git("mv", "ledgers/arsip/2026.toml", "ledgers/arsip/rt-07/kas-sosial/2026.toml")
    book.add(line(20))
    book.commit("tidy", who="budi")
    assert gone(audit(book)[1]) == {("removed", one, "budi") for one in (L1, L2, L3)}


def test_a_ledger_under_a_name_that_is_none_is_gone(book: GitBook, audit: Auditor) -> None:
    book.git("mv", "ledgers/rt-07/kas-sosial/2026.toml", "ledgers/rt-07/kas-sosial/2026-lama.toml")
    book.add(line(20))
    book.commit("tidy", who="budi")
    assert gone(audit(book)[1]) == {("removed", one, "budi") for one in (L1, L2, L3)}


def test_an_organisation_behind_a_link_is_no_way_out(book: GitBook, audit: Auditor) -> None:
    book.git("mv", "ledgers/rt-07", "simpan")
    (book.root / "rt-07").symlink_to("../simpan", target_is_directory=True)
    book.commit("elsewhere", who="budi")
    text = (book.top / "simpan/kas-sosial/2026.toml").read_text()
    (book.top / "simpan/kas-sosial/2026.toml").write_text(text.replace(f"{L1}\n", ""))
    book.commit("tidy", who="agus")
    assert {("moved", L1, "budi"), ("removed", L1, "agus")} <= gone(audit(book)[1])


def test_a_book_that_moves_while_every_line_is_rewritten_keeps_its_past(book: GitBook, audit: Auditor) -> None:
    """No line is the same on both sides of the move, each under an id that agrees."""
    book.git("mv", "ledgers", "buku")
    moved = GitBook(book.top, book.top / "buku")
    moved.replace(L1, line(9, 1))
    moved.replace(L2, line(9, 2))
    moved.replace(L3, line(9, 3))
    moved.commit("other folder", who="budi")
    assert gone(audit(moved)[1]) == {("removed", one, "budi") for one in (L1, L2, L3)}


def test_a_book_copied_altered_and_then_deleted_where_it_was_keeps_its_past(book: GitBook, audit: Auditor) -> None:
    shutil.copytree(book.root, book.top / "buku")
    moved = GitBook(book.top, book.top / "buku")
    moved.replace(L1, line(9, 1))
    moved.commit("copy", who="budi")
    moved.git("rm", "-r", "--quiet", "ledgers")
    moved.commit("no longer needed", who="agus")
    assert ("removed", L1, "agus") in gone(audit(moved)[1])


def gone(found: dict[str, Any]) -> set[tuple[str, str, str | None]]:
    return {(one["what"], one["before"], one["author"]) for one in found["changes"]}


def test_late_recordings_and_recorders(book: GitBook, audit: Auditor) -> None:
    late = line(8, by='Tini "T" \\').replace("at = 2026-01-08", "at = 2026-03-20")
    book.add(late)
    book.commit("late", who="budi")
    code, found = audit(book)
    assert code == 0
    assert [(one["id"], one["days"], one["by"]) for one in found["late"]] == [(late.split()[0], 71, 'Tini "T" \\')]
    assert audit(book, "--days", "71")[1]["late"] == []
    assert [(one["by"], one["committed_by"], one["entries"]) for one in found["recorders"]] == [
        ("siti", "siti", 3),
        ('Tini "T" \\', "budi", 1),
    ]


@pytest.fixture
def dated(tmp_path: Path) -> GitBook:
    """A book whose two lines were committed on the evenings on which they were recorded."""
    made = GitBook.new(tmp_path / "dated")
    for number, text in ((1, L1), (3, L3)):
        made.add(text)
        made.commit("saved", at=f"2026-01-0{number}T20:00:00+07:00")
    return made


def arrivals(found: Any) -> list[tuple[str, str, list[str]]]:
    return [(one["what"], one["commit"], [entry["id"] for entry in one["entries"]]) for one in found["arrivals"]]


def test_entries_saved_when_they_say_are_no_finding(dated: GitBook, audit: Auditor, typist: Typist) -> None:
    assert audit(dated)[1]["arrivals"] == []
    assert "The time of every entry agrees" in typist.must("--book", str(dated.root), "audit").out


def test_a_line_that_says_it_is_older_than_a_commit_that_lacks_it_was_backdated(
    dated: GitBook, audit: Auditor, typist: Typist
) -> None:
    dated.add(L2)
    commit = dated.commit("backdated", at="2026-01-04T20:00:00+07:00")
    code, found = audit(dated)
    assert (code, arrivals(found)) == (0, [("passed-over", commit, [L2.split()[0]])])
    assert "1 entry said to be older than commit" in typist.must("--book", str(dated.root), "audit").out


def test_a_line_of_another_treasurer_who_was_offline_passed_nothing_over(
    dated: GitBook, audit: Auditor, tmp_path: Path
) -> None:
    other = dated.clone(tmp_path / "other")
    other.git("reset", "--quiet", "--hard", "HEAD~1", who="budi")
    other.add(L2)
    other.commit("offline", who="budi", at="2026-01-04T20:00:00+07:00")
    dated.git("fetch", "--quiet", str(other.top))
    dated.git("merge", "--quiet", "--no-edit", "FETCH_HEAD", at="2026-01-05T20:00:00+07:00")
    assert audit(dated)[1]["arrivals"] == []


def test_a_line_that_was_committed_long_after_it_says_it_was_recorded(dated: GitBook, audit: Auditor) -> None:
    dated.add(L4)
    commit = dated.commit("late", who="budi", at="2026-03-01T20:00:00+07:00")
    assert arrivals(audit(dated)[1]) == [("late", commit, [L4.split()[0]])]
    assert audit(dated)[1]["arrivals"][0]["days"] == 56
    assert arrivals(audit(dated, "--days", "56")[1]) == []


def test_a_line_of_a_clock_that_ran_ahead(dated: GitBook, audit: Auditor) -> None:
    dated.add(ahead := line(20))
    commit = dated.commit("ahead", at="2026-01-04T20:00:00+07:00")
    assert arrivals(audit(dated)[1]) == [("early", commit, [ahead.split()[0]])]


def test_a_diff_cannot_be_deceived_by_what_a_ledger_says(book: GitBook, audit: Auditor) -> None:
    """Lines that look like the headers of a diff, in a file that git is told to be binary."""
    book.ledger().write_text(f"-- a/rt-07/x/2026.toml\n[transactions]\n{L1}\n++ b/x\n@@ -1 +1 @@\n{L2}\n{L3}\n")
    book.write(".gitattributes", "*.toml -diff -text\n")
    book.commit("odd")
    book.ledger().write_text(f"[transactions]\n{L1}\n{L3}\n")
    commit = book.commit("odd again")
    assert audit.changes(book) == [("removed", L2, commit)]


def test_a_folder_with_an_odd_name_and_bytes_that_are_no_text(tmp_path: Path, audit: Auditor) -> None:
    book = GitBook.new(tmp_path / "repo", 'buku "kas" é [1]')
    book.add(L1)
    book.ledger().write_bytes(book.ledger().read_bytes() + L2.replace("siti", "sit\xe9").encode("latin-1") + b"\n")
    book.commit("first")
    book.replace_bytes(L1.encode() + b"\n", b"")
    book.git("add", "--all")
    book.git("-c", "i18n.commitEncoding=latin-1", "commit", "--quiet", "--message=odd", who="Ren\udce9")
    assert [(what, text) for what, text, _ in audit.changes(book)] == [("removed", L1)]


def test_a_shallow_copy_says_so(book: GitBook, audit: Auditor, tmp_path: Path) -> None:
    book.git("clone", "--quiet", "--depth=1", f"file://{book.top}", str(tmp_path / "copy"))
    copy = GitBook(tmp_path / "copy", tmp_path / "copy" / "ledgers")
    assert audit(copy)[1]["shallow"] is True
    assert audit(book)[1]["shallow"] is False


def test_without_git_nothing_is_claimed(typist: Typist) -> None:
    typist.must("init", "Melati")
    answer = typist("audit")
    assert (answer.code, answer.out) == (3, "")
    assert "init --git" in answer.err


def test_a_repository_without_commits_has_no_past(typist: Typist) -> None:
    typist.must("init", "Melati", "--git")
    assert "No recorded line was ever changed" in typist.must("audit").out


def test_the_text_neutralises_what_a_line_says(book: GitBook, typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    book.replace(L2, L2.replace("siti", "s\x1b[31miti"))
    book.commit("escape \x1b[31m")
    monkeypatch.chdir(book.root)
    answer = typist("audit")
    assert answer.code == 1
    assert "\x1b" not in answer.out


def test_the_signature_of_the_commit_that_altered_is_told(book: GitBook, audit: Auditor, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed here")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text()
    (tmp_path / "signers").write_text(f"siti@example.org {public}")
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key)), ("commit.gpgSign", "true")):
        book.git("config", name, value)
    book.replace(L1, L1.replace("5000", "500"))
    book.commit("signed")
    assert [one["signature"] for one in audit(book)[1]["changes"]] == ["unknown"]
    book.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    assert [one["signature"] for one in audit(book)[1]["changes"]] == ["good"]


def test_who_signed_the_commit_that_brought_each_entry(
    book: GitBook, audit: Auditor, typist: Typist, tmp_path: Path
) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed here")
    assert (
        "None of the commits that brought these entries is signed."
        in typist.must("--book", str(book.root), "audit").out
    )
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "signers").write_text(f"siti@example.org {key.with_suffix('.pub').read_text()}")
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key)), ("commit.gpgSign", "true")):
        book.git("config", name, value)
    book.add(L4)
    book.commit("signed")

    def signed() -> list[tuple[int, str, str | None]]:
        return [(one["entries"], one["signature"], one["signer"]) for one in audit(book)[1]["recorders"]]

    assert signed() == [(3, "none", None), (1, "unknown", None)]
    book.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    assert signed() == [(3, "none", None), (1, "good", "siti@example.org")]
    told = typist.must("--book", str(book.root), "audit").out
    assert "committed by siti (signed by siti@example.org)" in told
    assert "committed by siti (not signed)" in told


def test_a_history_dressed_up_on_this_machine_is_seen_through(book: GitBook, audit: Auditor) -> None:
    """git can be told to show other parents or other commits than were made; the objects themselves stay."""
    book.replace(f"{L2}\n", "")
    gone = book.commit("remove")
    book.add(L4)
    last = book.commit("on")
    first = book.git("rev-list", "--max-parents=0", "HEAD")
    book.git("replace", gone, first)
    (book.top / ".git" / "info" / "grafts").write_text(f"{last}\n")
    assert audit.changes(book) == [("removed", L2, gone)]


def test_a_repository_of_another_owner_is_not_read_unasked(book: GitBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own way to test what it says then
    with pytest.raises(Trouble) as caught:
        git_of(Folder(book.root))
    assert caught.value.hint is not None
    assert caught.value.hint.values["folder"] == str(book.top.resolve())
