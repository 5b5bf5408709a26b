"""Signatures of closings, carried by a sync between two clones: each arrives, both stand, and what was falsified is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.seals.test_signing import new_key
from tests.sync.conftest import Treasurer

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed here")
NAMES = {"bendahara": "Siti Rahayu", "pengawas": "Harno Wiyono"}


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: new_key(folder, name) for name in (*NAMES, "orang-lain")}


@pytest.fixture(autouse=True)
def closed(siti: Treasurer, budi: Treasurer, keys: dict[str, Path]) -> None:
    """January is closed in both clones, with two registered signers."""
    siti.must("accept", "--reason", "Rapat anggota")
    siti.clock("2026-04-02T20:00:00+07:00")
    for name, called in NAMES.items():
        siti.must("org", "signer", name, f"{keys[name]}.pub", "--name", called)
    siti.must("close", "2026-01", "--fund", "kas-sosial")
    both_sync(siti, budi)


def both_sync(siti: Treasurer, budi: Treasurer) -> None:
    for who in (siti, budi, siti):
        who.must("sync")


def sign(who: Treasurer, key: Path) -> None:
    who.must("sign", "2026-01", "--fund", "kas-sosial", "--key", str(key))


def place(who: Treasurer) -> Path:
    return who.book.root / "rt-07/kas-sosial"


def endings(who: Treasurer) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in place(who).glob("closing-*"))


def signers(who: Treasurer) -> dict[str, str]:
    """Who signed the closing, as `verify` says of its seal."""
    (text,) = [line for line in (place(who) / "fund.toml").read_text().splitlines() if line.startswith("seal = ")]
    answer = who.must("verify", text.split('"')[1], "--format", "json")
    return {one["signer"]: one["state"] for one in answer.json["seals"][0]["signatures"]}


def found(who: Treasurer) -> list[tuple[str, str]]:
    return [(one["severity"], one["code"]) for one in who("check", "--format", "json").json["findings"]]


def test_a_signature_arrives_with_its_text(siti: Treasurer, budi: Treasurer, keys: dict[str, Path]) -> None:
    sign(siti, keys["bendahara"])
    both_sync(siti, budi)
    assert endings(budi) == ["bendahara.sig", "txt"]
    assert signers(budi) == {"bendahara": "good"}
    assert found(budi) == []


def test_both_sign_apart_and_both_stand(siti: Treasurer, budi: Treasurer, keys: dict[str, Path]) -> None:
    sign(siti, keys["bendahara"])
    sign(budi, keys["pengawas"])
    both_sync(siti, budi)
    for who in (siti, budi):
        assert endings(who) == ["bendahara.sig", "pengawas.sig", "txt"]
        assert signers(who) == {"bendahara": "good", "pengawas": "good"}
        assert found(who) == []
    assert siti.state()[::2] == budi.state()[::2]


def test_one_key_that_signs_in_both_clones_is_no_conflict(siti: Treasurer, budi: Treasurer, tmp_path: Path) -> None:
    """As a treasurer with two machines does; with this sort of key each signature is another."""
    key = new_key(tmp_path, "sekretaris", "ecdsa")
    siti.must("org", "signer", "sekretaris", f"{key}.pub")
    both_sync(siti, budi)
    for who in (siti, budi):
        sign(who, key)
    both_sync(siti, budi)
    assert signers(siti) == signers(budi) == {"sekretaris": "good"}
    assert siti.state()[::2] == budi.state()[::2]


@pytest.mark.parametrize("ending", ["txt", "bendahara.sig"])
def test_what_was_changed_by_hand_is_not_sent(
    siti: Treasurer, budi: Treasurer, keys: dict[str, Path], ending: str
) -> None:
    sign(siti, keys["bendahara"])
    both_sync(siti, budi)
    (path,) = place(siti).glob(f"closing-*.{ending}")
    good = path.read_bytes()
    path.write_bytes(good.replace(b"seal", b"sael") if ending == "txt" else good.replace(b"U1NIU0lH", b"U1NIU0lI"))
    assert path.read_bytes() != good
    refused = siti("sync")
    assert (refused.code, path.name in refused.err) == (4, True)
    path.unlink()  # as the hint says: signing writes it anew
    sign(siti, keys["bendahara"])
    both_sync(siti, budi)
    assert signers(budi) == {"bendahara": "good"}


def test_one_that_was_forged_arrives_and_is_told(siti: Treasurer, budi: Treasurer, keys: dict[str, Path]) -> None:
    """Siti has no program that refuses: she pushes a signature of another key under the supervisor's name."""
    sign(siti, keys["bendahara"])
    (mine,) = place(siti).glob("closing-*.bendahara.sig")
    mine.with_name(mine.name.replace("bendahara", "pengawas")).write_bytes(mine.read_bytes())
    siti.book.commit("signed")
    siti.book.git("push", "--quiet")
    told = budi.must("sync").out
    assert "This signature is not of this closing by the key that is registered." in told
    assert found(budi) == [("error", "signature")]
    assert signers(budi) == {"bendahara": "good", "pengawas": "bad"}
    sign(budi, keys["pengawas"])  # as the hint says
    both_sync(siti, budi)
    assert found(siti) == found(budi) == []


def test_a_closing_that_was_signed_does_not_go_away_by_a_sync(
    siti: Treasurer, budi: Treasurer, keys: dict[str, Path]
) -> None:
    sign(siti, keys["bendahara"])
    both_sync(siti, budi)
    register = place(siti) / "fund.toml"
    whole = register.read_text()
    register.write_text(whole[: whole.index("[[closed]]")])
    siti.book.commit("opened by hand")
    siti.book.git("push", "--quiet")
    told = budi.must("sync").out
    assert "This is of a closing that does not stand in fund.toml as it was signed." in told
    (budi.book.root / "rt-07/kas-sosial/fund.toml").write_text(whole)  # as the hint says
    both_sync(siti, budi)
    assert found(siti) == found(budi) == []
