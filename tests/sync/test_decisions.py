"""Registers that two treasurers change apart: a sync always joins them, by what was decided first."""

from __future__ import annotations

import re

from tests.sync.conftest import Treasurer


def members(who: Treasurer) -> str:
    return (who.book.root / "rt-07/members.toml").read_text(encoding="utf-8")


def both_sync(siti: Treasurer, budi: Treasurer) -> str:
    """Both send and receive; what the second was told, who joined."""
    siti.must("sync")
    told = budi.must("sync").out
    siti.must("sync")
    assert siti.state()[::2] == budi.state()[::2]
    return told


def undecided(who: Treasurer) -> list[tuple[str, str]]:
    """What a check says of decisions, and of which file."""
    found = who.must("check", "--format", "json").json["findings"]
    return [(one["code"], one["file"].rpartition("ledgers/")[2]) for one in found]


def test_of_two_names_the_first_decided_holds_and_a_third_settles_it(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("accept", "--reason", "Rapat anggota")
    both_sync(siti, budi)
    budi.clock("2026-03-02T19:00:00+07:00")
    budi.must("member", "edit", "r001", "--name", "Boedi", "--decided-by", "Rapat")
    siti.clock("2026-03-02T20:00:00+07:00")
    siti.must("member", "edit", "r001", "--name", "Budi Santoso")
    told = both_sync(siti, budi)
    assert 'name = "Boedi"' in members(siti)
    assert "members.r001.name was decided twice" in told
    assert undecided(siti) == [("decided-twice", "rt-07/2026.toml")]
    siti.clock("2026-03-03T20:00:00+07:00")
    siti.must("member", "edit", "r001", "--name", "Budi Santoso")
    both_sync(siti, budi)
    assert 'name = "Budi Santoso"' in members(budi)
    assert undecided(budi) == []


def test_what_holds_is_confirmed_by_the_hint_of_the_check(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("accept", "--reason", "Rapat anggota")
    both_sync(siti, budi)
    for who, name in ((siti, "Boedi"), (budi, "Budhi")):
        who.must("member", "edit", "r001", "--name", name)
    both_sync(siti, budi)
    before = members(siti)
    (finding,) = siti.must("check", "--format", "json").json["findings"]
    assert re.search(r"wksbm (accept --reason) \.\.\.", finding["hint"])
    siti.must("accept", "--reason", "Disepakati")
    assert (undecided(siti), members(siti)) == ([], before)


def test_two_tariffs_from_one_day_do_not_both_stand(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("fund", "due", "kas-sosial", "iuran", "5000", "--from", "2026-01-01")
    siti.must("accept", "--reason", "Rapat anggota")
    both_sync(siti, budi)
    for who, amount in ((siti, "7000"), (budi, "8000")):
        who.must("fund", "due", "kas-sosial", "iuran", amount, "--from", "2026-05-01")
        who.must("member", "exempt", "r002", "--from", "2026-04-01", "--reason", f"kata {who.name}")
    both_sync(siti, budi)
    fund = (siti.book.root / "rt-07/kas-sosial/fund.toml").read_text(encoding="utf-8")
    assert len(re.findall("from = 2026-05-01", fund)) == 1
    assert members(siti).count("from = 2026-04-01") == 2  # two exemptions may both stand
    assert undecided(siti) == [("decided-twice", "rt-07/2026.toml")]


def test_both_who_upgrade_apart_take_the_smaller_identity(siti: Treasurer, budi: Treasurer) -> None:
    settings = siti.book.root / "book.toml"
    settings.write_text(re.sub("format = 2\noffset.*\n", "format = 1\n", settings.read_text()))
    both_sync(siti, budi)
    for who in (siti, budi):
        who.must("upgrade")
    mine = [re.search('identity = "(.*)"', (who.book.root / "book.toml").read_text()) for who in (siti, budi)]
    both_sync(siti, budi)
    smaller = min(one[1] for one in mine if one)
    assert f'identity = "{smaller}"' in (siti.book.root / "book.toml").read_text()


def test_what_the_other_copy_changed_is_told_with_who_decided_it(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("accept", "--reason", "Rapat anggota")
    both_sync(siti, budi)
    siti.must("member", "exempt", "r002", "--from", "2026-01-01", "--reason", "sakit", "--decided-by", "Rapat RT")
    by_hand(siti, '"Budi"', '"Boedi"')
    siti.must("sync")
    answer = budi.must("sync", "--dry-run")
    assert "members.r002.exemptions is [{ from = 2026-01-01" in answer.out
    assert "by siti: sakit)" in answer.out
    assert 'members.r001.name was "Budi" and is "Boedi"; no decision tells of it' in answer.out
    told = {one["fact"]: one for one in budi.must("sync", "--format", "json").json["registers"]}
    assert told["members.r002.exemptions"]["decided_by"] == "Rapat RT"
    assert told["members.r001.name"]["decision"] is None


def test_the_audit_knows_what_was_changed_by_hand_and_put_back(siti: Treasurer) -> None:
    siti.must("accept", "--reason", "Rapat anggota")
    siti.must("sync")
    siti.must("member", "edit", "r002", "--name", "Tini Lestari")
    siti.must("sync")
    assert siti.must("audit", "--format", "json").json["registers"] == []
    by_hand(siti, '"Budi"', '"Boedi"')
    first = siti.book.commit("tukar nama", "siti")
    by_hand(siti, '"Boedi"', '"Budi"')
    second = siti.book.commit("kembali", "siti")
    (change,) = siti.must("audit", "--format", "json").json["registers"]
    assert change["commit"] == first
    assert [(one["fact"], one["was"], one["now"]) for one in change["changes"]] == [
        ("members.r001.name", "Budi", "Boedi")
    ]
    assert second
    assert 'members.r001.name was "Budi" and is "Boedi"; no decision tells of it' in siti.must("audit").out


def test_a_closing_that_was_taken_away_and_put_back_is_told_by_audit_and_sync(siti: Treasurer, budi: Treasurer) -> None:
    siti.must("accept", "--reason", "Rapat anggota")
    siti.must("close", "2026-01", "--fund", "kas-sosial")
    assert "rt-07/kas-sosial: closed 2026-01" in both_sync(siti, budi)
    siti.must("reopen", "2026-01", "--fund", "kas-sosial", "--reason", "salah")
    siti.must("close", "2026-01", "--fund", "kas-sosial")
    both_sync(siti, budi)
    assert siti.must("audit", "--format", "json").json["registers"] == []
    fund = siti.book.root / "rt-07/kas-sosial/fund.toml"
    whole = fund.read_text(encoding="utf-8")
    fund.write_text(whole[: whole.index("[[closed]]")], encoding="utf-8")
    siti.book.commit("hapus")
    siti.book.git("push", "--quiet")
    assert "rt-07/kas-sosial: closings of 2026-01, 2026-01 were changed or taken away" in budi.must("sync").out
    fund.write_text(whole, encoding="utf-8")
    siti.book.commit("kembali")
    answer = siti("audit")
    assert answer.code == 1
    assert "rt-07/kas-sosial: closings of 2026-01, 2026-01 were changed or taken away" in answer.out


def by_hand(who: Treasurer, old: str, new: str) -> None:
    path = who.book.root / "rt-07/members.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
