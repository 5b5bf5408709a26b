"""Wrong lines that were saved in git before anyone looked: each hint of `check`, followed, ends in a book that is sent."""

from __future__ import annotations

import re
import shlex
from datetime import date, datetime

import pytest

from tests.sync.conftest import Treasurer
from tests.sync.git_book import FUND, WIB, line
from wksbm_cli.domain.line import make_entry

AT = datetime(2026, 2, 1, 19, 0, tzinfo=WIB)
NO_SUCH = make_entry(FUND, "reversal", date(2026, 2, 1), {"of": "0" * 32, "reason": "Keliru"}, "siti", AT).line
NUMBERED = {"amount": 7000, "from": "Bank", "note": "NIK 3404015708900003"}
NUMBER = make_entry(FUND, "income", date(2026, 2, 1), NUMBERED, "siti", AT).line


def found(who: Treasurer) -> list[tuple[str, str, str]]:
    findings = who("check", "--format", "json").json["findings"]
    return [(one["severity"], one["code"], one["hint"]) for one in findings if one["code"] != "undecided"]


@pytest.mark.parametrize(("wrong", "code"), [(NO_SUCH, "reversal-unknown"), (NUMBER, "identity-number")])
def test_what_is_not_saved_yet_is_removed(siti: Treasurer, wrong: str, code: str) -> None:
    siti.book.add(wrong)
    ((severity, told, hint),) = found(siti)
    assert (severity, told) == ("error", code)
    assert hint.startswith("Remove this line, which is not saved in git yet")
    assert siti("sync").code == 4
    siti.book.replace(wrong + "\n", "")
    assert found(siti) == []
    siti.must("sync")


def test_a_reversal_of_nothing_is_taken_by_nobody(siti: Treasurer, budi: Treasurer) -> None:
    siti.book.add(NO_SUCH)
    siti.book.commit("by hand")
    siti.book.git("push", "--quiet")
    before = budi.state()
    assert (budi("sync").code, budi.state()) == (4, before)
    ((severity, _, hint),) = found(siti)
    assert (severity, hint) == ("error", "Remove this line, save that with git (git commit -am WHY), then: wksbm sync")
    siti.book.replace(NO_SUCH + "\n", "")
    siti.book.git("commit", "--quiet", "-am", "WHY")
    siti.must("sync")
    budi.must("sync")
    assert found(siti) == found(budi) == []


def test_another_wrong_reversal_that_is_saved_stays_and_stops_nobody(siti: Treasurer, budi: Treasurer) -> None:
    of = siti.book.lines()[1].split()[0]
    siti.book.add(make_entry(FUND, "reversal", date(2026, 1, 1), {"of": of, "reason": "Keliru"}, "siti", AT).line)
    siti.book.commit("by hand")
    ((severity, code, hint),) = found(siti)
    assert (severity, code, hint.partition(",")[0]) == ("warning", "reversal-early", "It is saved in git")
    siti.must("sync")
    budi.must("sync")
    budi.clock("2026-03-02T19:00:00+07:00")
    budi.must("close", "2026-01", "--fund", "kas-sosial")
    budi.must("sync")
    assert [one[:2] for one in found(budi)] == [("warning", "reversal-early")]


def test_an_identity_number_that_is_saved_is_cancelled(siti: Treasurer, budi: Treasurer) -> None:
    siti.book.add(NUMBER)
    siti.book.commit("by hand")
    ((_, _, hint),) = found(siti)
    command = re.search(r"wksbm (reverse \w+ --reason) \.\.\.", hint)
    assert command is not None
    siti.must(*shlex.split(command[1]), "Nomor KTP")
    assert found(siti) == []
    siti.must("sync")
    budi.must("sync")
    assert found(budi) == []


@pytest.mark.parametrize("behind", [False, True])
def test_a_line_that_was_altered_and_saved_is_put_back(siti: Treasurer, budi: Treasurer, behind: bool) -> None:
    """Also where the other clone has it altered, and went on."""
    good = siti.book.lines()[0]
    siti.book.replace(good, good.replace("5000", "9000"))
    siti.book.commit("by hand")
    siti.book.git("push", "--quiet")
    if behind:
        siti.book.add(line(9))
        siti.book.commit("more")
        budi.book.git("pull", "--quiet")
        siti.book.git("push", "--quiet")
    else:
        budi.book.git("pull", "--quiet")
    ((_, code, hint),) = found(budi)
    assert (code, hint.partition(" (")[0]) == ("changed", "Put the line back as it was")
    assert good in budi("audit").out  # where the hint says that it is shown
    for who in (budi, siti):
        who.book.replace(good.replace("5000", "9000"), good)
        assert found(who) == []
        who.must("sync")
    budi.must("sync")
    for who in (siti, budi):
        assert found(who) == []
        assert good in who.book.lines()
    assert siti.state()[::2] == budi.state()[::2]


def test_a_copy_in_another_fund_is_taken_out(siti: Treasurer, budi: Treasurer) -> None:
    copy = siti.book.lines()[0]
    siti.book.add(copy, fund="rt-07/donasi")
    siti.book.commit("by hand")
    siti.book.git("push", "--quiet")
    budi.book.git("pull", "--quiet")
    ((_, code, hint),) = found(budi)
    assert (code, hint.partition(".")[0]) == ("duplicate", "Remove it here")
    for who in (budi, siti):
        who.book.replace(copy + "\n", "", fund="rt-07/donasi")
        who.must("sync")
    budi.must("sync")
    assert found(siti) == found(budi) == []


def test_an_altered_decision_is_put_back_and_decided_anew(siti: Treasurer) -> None:
    siti.must("accept", "--reason", "Rapat anggota")
    siti.must("member", "edit", "r001", "--name", "Budi Hartono")
    path = siti.book.root / "rt-07/2026.toml"
    good = path.read_text()
    path.write_text(good.replace('"Budi Hartono"', '"Budi Hartanto"'))
    ((_, code, hint),) = found(siti)
    assert (code, "reverse" in hint, "wksbm member edit" in hint) == ("changed", False, True)
    path.write_text(good)
    siti.must("member", "edit", "r001", "--name", "Budi Hartanto")
    assert found(siti) == []
    siti.must("sync")
