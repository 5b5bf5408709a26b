"""Signatures beside closings: by whom, and whether they verify against the closing in fund.toml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from wksbm_cli.book import ssh
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.whole import read_whole
from wksbm_cli.check.evidence import Evidence
from wksbm_cli.check.finding import Finding
from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import Seal, find_seals
from wksbm_cli.domain.signing import (
    NAMESPACE,
    WITNESSING,
    SignedFile,
    Signer,
    signed_file,
    statement,
    text_name,
)

_LARGEST_TEXT = 1 << 20

# `good`: verified with the signer's key. `bad`: another key or another text. `stranger`: no such signer is registered
# for the day of the closing. `gone`: its closing is not in fund.toml. `unread`: not verified here.
State = Literal["good", "bad", "stranger", "gone", "unread"]


class KeySignature(NamedTuple):
    """A signature found beside a fund.toml: its `closing` (None where there is none) and signer.

    `name` is the signer's registered name, else the one in the file name.
    """

    fund: str
    path: Path
    period: str
    closing: Closing | None
    signer: str
    name: str
    is_witness: bool
    state: State


class _Text(NamedTuple):
    """A closing with its statement."""

    closing: Closing
    text: str


def statements(fund: str, registers: Registers) -> dict[str, _Text]:
    """The statement of each closing of a fund, by file name."""
    units = dict(registers.book.units)
    found = {}
    for closing in registers.funds[fund].closings:
        text = statement(fund, closing, units)
        found[text_name(closing.period, text)] = _Text(closing, text)
    return found


def signatures(folder: Folder, registers: Registers, fund: str, *, only: str = "") -> Iterator[KeySignature]:
    """Every signature beside a fund's register, or those of the closing whose file is called `only`."""
    texts = statements(fund, registers)
    signers = registers.organisations[registers.funds[fund].organisation].signers
    for path, file in _files(folder, fund):
        if not file.signer or (only and file.text != only):
            continue
        of = texts.get(file.text)
        signer = signers.get(file.signer)
        state = _state(path, file, of, signer)
        name = signer.name if signer else file.signer
        yield KeySignature(fund, path, file.period, of and of.closing, file.signer, name, file.is_witness, state)


def signatures_of_seal(folder: Folder, registers: Registers, seal: Seal) -> Iterator[KeySignature]:
    """Who signed the closings that have this seal."""
    for fund in registers.funds:
        for name, of in statements(fund, registers).items():
            if any(seal.digest == own.digest for own in find_seals(of.closing.seal)):
                yield from signatures(folder, registers, fund, only=name)


def closing_signatures(evidence: Evidence) -> Iterator[Finding]:
    """Signatures that do not verify against their closing, and statements that differ from it.

    Only the signatures of each fund's last closing are verified, since it depends on all before it; `verify` does the
    others. The file names of all signatures are validated.
    """
    folder, registers = evidence.lines.folder, evidence.registers
    is_unread = False
    for fund in registers.funds:
        texts = statements(fund, registers)
        last = next(reversed(texts), "")
        for path, file in _files(folder, fund):
            if file.text not in texts:
                yield _finding(folder, "error", path, fund, _GONE, _GONE_HINT)
            elif not file.signer and _read(path, _LARGEST_TEXT) != texts[file.text].text.encode():
                yield _finding(folder, "error", path, fund, _TEXT_CHANGED, _TEXT_HINT)
        for one in signatures(folder, registers, fund, only=last) if last else ():
            is_unread = is_unread or one.state == "unread"
            if one.state == "bad":
                yield _finding(folder, "error", one.path, fund, _BAD, _BAD_HINT)
            elif one.state == "stranger":
                text = msg("No key of {signer} is registered for the day of this closing.", signer=one.signer)
                hint = msg(
                    "To register it: wksbm org signer {signer} KEY.pub --org {organisation}",
                    signer=one.signer,
                    organisation=fund.partition("/")[0],
                )
                yield _finding(folder, "warning", one.path, fund, text, hint)
    if is_unread:
        text = msg("There are signatures, and no ssh-keygen here to verify them with.")
        yield Finding("warning", "signature", folder.where(folder.root), text, msg("It comes with OpenSSH."))


_GONE = msg("This is of a closing that does not stand in fund.toml as it was signed.")
_GONE_HINT = msg(
    "Put the [[closed]] table back as it was (git log -p shows it); a closing is opened with wksbm reopen."
)
_TEXT_CHANGED = msg("This text is not that of the closing in fund.toml.")
_TEXT_HINT = msg("Remove the file; wksbm sign writes it anew.")
_BAD = msg("This signature is not of this closing by the key that is registered.")
_BAD_HINT = msg("Let whoever it names sign again: wksbm sign PERIOD")


def _finding(
    folder: Folder, severity: Literal["error", "warning"], path: Path, fund: str, text: Message, hint: Message
) -> Finding:
    return Finding(severity, "signature", folder.where(path), text, hint, fund)


def _files(folder: Folder, fund: str) -> Iterator[tuple[Path, SignedFile]]:
    try:
        paths = sorted(folder.fund_file(fund).parent.glob("closing-*"))
    except OSError:
        return
    for path in paths:
        if file := signed_file(path.name):
            yield path, file


def _state(path: Path, file: SignedFile, of: _Text | None, signer: Signer | None) -> State:
    if of is None:
        return "gone"
    if signer is None or not signer.may_sign(of.closing.at.date()):
        return "stranger"
    if not ssh.is_installed():
        return "unread"
    made = _read(path, ssh.LARGEST_SIGNATURE)
    namespace = WITNESSING if file.is_witness else NAMESPACE
    return "good" if made and ssh.verify(signer.key, of.text, made, namespace) else "bad"


def _read(path: Path, largest: int) -> bytes:
    try:
        return read_whole(path, largest)[0]
    except (OSError, Problem):
        return b""
