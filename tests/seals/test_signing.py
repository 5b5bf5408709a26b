"""Signed closings: made with keys of OpenSSH, verified by us and without us, and lost when what was signed changes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Typist
from tests.damaged import Damaged

KAS = "rt-07/kas-sosial"
pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed here")


def new_key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(folder / name), "-C", name], check=True)
    return folder / name


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: new_key(folder, name) for name in ("bendahara", "pengawas", "orang-lain")}


@pytest.fixture
def book(damaged: Damaged, keys: dict[str, Path]) -> Typist:
    """A book in April whose January is closed, with two registered signers."""
    typist = damaged.book
    typist.clock("2026-04-02T20:00:00+07:00")
    for name, called in (("bendahara", "Siti Rahayu"), ("pengawas", "Harno Wiyono")):
        typist.must("org", "signer", name, f"{keys[name]}.pub", "--name", called)
    typist.must("close", "2026-01", "--fund", KAS)
    return typist


def files(book: Typist) -> list[str]:
    return sorted(path.name for path in (book.folder / "ledgers" / KAS).glob("closing-*"))


def sign(book: Typist, keys: dict[str, Path], *names: str) -> None:
    for name in names:
        book.must("sign", "2026-01", "--key", str(keys[name]))


def found(book: Typist) -> list[tuple[str, str]]:
    answer = book("check", "--format", "json")
    return [(one["severity"], one["code"]) for one in answer.json["findings"]]


def seal(book: Typist) -> str:
    (text,) = re.findall(r'^seal = "(.*)"$', (book.folder / "ledgers" / KAS / "fund.toml").read_text(), re.M)
    return str(text)


def test_treasurer_and_supervisor_sign_and_verify_tells_who_did(book: Typist, keys: dict[str, Path]) -> None:
    assert "January 2026: signed by Siti Rahayu" in book.must("sign", "2026-01", "--key", str(keys["bendahara"])).out
    assert "signed by" not in book.must("verify", seal(book)).out.replace("signed by Siti Rahayu", "")
    sign(book, keys, "pengawas")
    stem = files(book)[0].partition(".")[0]
    assert files(book) == [f"{stem}.bendahara.sig", f"{stem}.pengawas.sig", f"{stem}.txt"]
    told = book.must("verify", seal(book)).out
    for name in ("Siti Rahayu", "Harno Wiyono"):
        assert f"The closing of January 2026 was signed by {name}." in told
    saved = json.loads(book.must("verify", seal(book), "--format", "json").out)
    assert [(one["signer"], one["state"]) for one in saved["seals"][0]["signatures"]] == [
        ("bendahara", "good"),
        ("pengawas", "good"),
    ]
    assert found(book) == []


def test_a_signature_is_verified_without_this_program(book: Typist, keys: dict[str, Path]) -> None:
    """By ssh-keygen alone: the text beside the closing, the key from organisation.toml."""
    sign(book, keys, "bendahara")
    place = book.folder / "ledgers" / KAS
    text = next(place.glob("closing-*.txt"))
    (key,) = re.findall(r'^key = "(.*)"$', (place.parent / "organisation.toml").read_text(), re.M)[:1]
    (book.folder / "signers").write_text(f"bendahara {key}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "bendahara", "-n", "wksbm", "-s"]
    command.append(str(text.with_suffix(".bendahara.sig")))
    done = subprocess.run(command, cwd=book.folder, input=text.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(command, cwd=book.folder, input=text.read_bytes() + b"x", capture_output=True, check=False)
    assert done.returncode != 0
    assert f'seal = "{seal(book)}"' in text.read_text()
    assert 'fund = "rt-07/kas-sosial"\nperiod = "2026-01"\n' in text.read_text()


def test_what_was_signed_cannot_change_afterwards(book: Typist, keys: dict[str, Path]) -> None:
    sign(book, keys, "bendahara")
    register = book.folder / "ledgers" / KAS / "fund.toml"
    before = register.read_text()
    register.write_text(before.replace('by = "siti"', 'by = "budi"'))
    assert found(book) == [("error", "signature"), ("error", "signature")]  # the text, and the signature of it
    register.write_text(before[: before.index("[[closed]]")])
    assert ("error", "signature") in found(book)
    register.write_text(before)
    assert found(book) == []
    text = next((book.folder / "ledgers" / KAS).glob("closing-*.txt"))
    text.write_text(text.read_text().replace("855000", "955000"))
    assert found(book) == [("error", "signature")]


def test_a_signature_of_another_key_another_closing_or_another_purpose_is_none(
    book: Typist, keys: dict[str, Path]
) -> None:
    sign(book, keys, "bendahara", "pengawas")
    place = book.folder / "ledgers" / KAS
    mine, theirs = next(place.glob("*.bendahara.sig")), next(place.glob("*.pengawas.sig"))
    good = mine.read_bytes()
    mine.write_bytes(theirs.read_bytes())
    assert found(book) == [("error", "signature")]
    assert (
        "Signature of Siti Rahayu on the closing of January 2026: the signature is not"
        in book.must("verify", seal(book)).out
    )
    mine.write_bytes(b"-----BEGIN SSH SIGNATURE-----\n")
    assert found(book) == [("error", "signature")]
    mine.write_bytes(good)
    mine.rename(mine.with_name(mine.name.replace(".sig", ".witness.sig")))
    assert found(book) == [("error", "signature")]  # a signature is no countersignature


def test_only_a_registered_key_signs(book: Typist, keys: dict[str, Path]) -> None:
    refused = book("sign", "2026-01", "--key", str(keys["orang-lain"]))
    assert refused.code == 3
    assert f"wksbm org signer bendahara {keys['orang-lain']}.pub --org rt-07" in refused.err
    assert files(book) == []
    refused = book("org", "signer", "bendahara", f"{keys['orang-lain']}.pub")
    assert (refused.code, "--to" in refused.err) == (3, True)
    book.must("org", "signer", "bendahara", "--to", "2026-03-31")
    refused = book("sign", "2026-01", "--key", str(keys["bendahara"]))
    assert refused.code == 3, "the key was registered until March"


def test_a_signature_by_nobody_registered_is_told_with_what_to_type(book: Typist, keys: dict[str, Path]) -> None:
    sign(book, keys, "bendahara")
    register = book.folder / "ledgers" / "rt-07" / "organisation.toml"
    register.write_text(register.read_text().partition("[signers")[0])
    assert found(book) == [("warning", "signature"), ("warning", "undecided")]
    hint = "wksbm org signer bendahara KEY.pub --org rt-07"
    assert hint in book("check").out
    book.must(*hint.replace("KEY.pub", f"{keys['bendahara']}.pub").split()[1:])
    # Taking it out by hand was no decision, so that the second decision begins where the first did; accepting settles it.
    assert found(book) == [("warning", "decided-twice"), ("warning", "undecided")]
    book.clock("2026-04-03T20:00:00+07:00")
    book.must("accept", "--reason", "Rapat 2 Maret")
    assert found(book) == []


def test_nothing_is_signed_that_does_not_hold_or_is_not_closed(book: Typist, keys: dict[str, Path]) -> None:
    refused = book("sign", "2026-02", "--key", str(keys["bendahara"]))
    assert (refused.code, "wksbm close 2026-02" in refused.err) == (3, True)
    ledger = book.ledger()
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[:-1]))
    refused = book("sign", "2026-01", "--key", str(keys["bendahara"]))
    assert (refused.code, "wksbm verify wksbm" in refused.err) == (3, True)
    assert files(book) == []


def test_a_key_file_that_is_none(book: Typist, tmp_path: Path) -> None:
    (tmp_path / "note").write_text('x" command="sh ssh-ed25519 AAAA\n')
    for path in (tmp_path / "note", tmp_path / "nothing", tmp_path):
        refused = book("org", "signer", "siti", str(path))
        assert (refused.code, "ssh-keygen" in refused.err) == (3, True), path


def test_without_ssh_keygen_a_book_is_kept_as_ever(
    book: Typist, keys: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(book, keys, "bendahara")
    monkeypatch.setenv("PATH", "")
    assert found(book) == [("warning", "signature")]
    assert "not verified" in book.must("verify", seal(book)).out
    refused = book("sign", "2026-01", "--key", str(keys["bendahara"]))
    assert (refused.code, "OpenSSH" in refused.err) == (3, True)
    book.must("income", KAS, "7000", "--from", "Bank")


def test_a_period_closed_anew_has_signatures_of_its_own(book: Typist, keys: dict[str, Path]) -> None:
    sign(book, keys, "bendahara")
    book.clock("2026-04-03T20:00:00+07:00")
    book.must("reopen", "2026-01", "--reason", "Kuitansi tertinggal", "--fund", KAS)
    assert found(book) == []  # what was signed still stands there, with the mark that it was opened
    book.must("spend", KAS, "5000", "--for", "Fotokopi", "--date", "2026-01-30")
    book.clock("2026-04-04T20:00:00+07:00")
    book.must("close", "2026-01", "--fund", KAS)
    sign(book, keys, "bendahara")
    assert len(files(book)) == 4
    assert found(book) == []


@pytest.mark.parametrize("page", ["docs/trust.md", "docs/id/kepercayaan.md"])
def test_the_recipe_of_the_page_verifies_every_signature(book: Typist, keys: dict[str, Path], page: str) -> None:
    book.must("org", "signer", "saksi-rt-08", f"{keys['orang-lain']}.pub")
    sign(book, keys, "bendahara", "pengawas")
    book.must("witness", "--key", str(keys["orang-lain"]))
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    (recipe,) = [
        block for block in re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) if "ssh-keygen" in block
    ]
    script = recipe.replace("rt-03", "rt-07")

    def said() -> str:
        done = subprocess.run(
            ["bash", "-c", script], cwd=book.folder / "ledgers", capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    assert len(re.findall(r'Good "wksbm" signature for (?:bendahara|pengawas) ', said())) == 2
    assert 'Good "wksbm-witness" signature for saksi-rt-08 ' in said()
    signed = next((book.folder / "ledgers" / KAS).glob("closing-*.txt"))
    signed.write_text(signed.read_text().replace("855000", "955000"))
    assert "Good" not in said()
