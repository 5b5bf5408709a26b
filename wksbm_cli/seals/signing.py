"""Signing a closing, as its treasurer, its supervisor, or a household that witnesses it: files beside fund.toml."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book import ssh
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.writing import replace_file, writing
from wksbm_cli.check.signatures import statements
from wksbm_cli.domain.closing import Closing, period_span
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import find_seals
from wksbm_cli.domain.signing import NAMESPACE, WITNESSING, Signer, signature_name
from wksbm_cli.seals.verify import verify


class SignedClosings(NamedTuple):
    """The closings signed, by fund, with signer and signature files."""

    closings: tuple[tuple[str, Closing], ...]
    signer: Signer
    paths: tuple[str, ...]
    registers: Registers
    notices: tuple[Message, ...]


class _Made(NamedTuple):
    """A statement and its signature."""

    fund: str
    closing: Closing
    name: str
    text: str
    signature: str


def sign(
    folder: Folder, funds: Sequence[str], period: str, key: Path, *, called: str | None = None, today: date
) -> SignedClosings:
    """Sign the closing in force of `period` of each of these funds that has one, by the key of a registered signer.

    The closing's seal is verified first. ssh-keygen may ask for a passphrase, so the book is locked only afterwards, and
    the statements are compared again under the lock.
    """
    registers = read_registers(folder)
    chosen = {slug: last for slug in funds if (last := last_closing(registers, slug, period))}
    if not chosen:
        raise Refused(
            msg("{period} is not closed.", period=period_span(period)),
            hint=msg("To close it: wksbm close {period}", period=period),
        )
    signer = find_signer(registers, {slug.partition("/")[0] for slug in chosen}, key, called, today)
    return put_signatures(folder, registers, signatures_of(folder, registers, chosen, key, signer), signer)


def signatures_of(
    folder: Folder,
    registers: Registers,
    closings: Mapping[str, tuple[str, Closing]],
    key: Path,
    signer: Signer,
    *,
    is_witness: bool = False,
) -> list[_Made]:
    """Sign closings (file name of the statement and closing, by fund), after verifying each."""
    namespace = WITNESSING if is_witness else NAMESPACE
    made = []
    for fund, (name, closing) in closings.items():
        _refuse_broken(folder, registers, fund, closing)
        text = statements(fund, registers)[name].text
        signature = ssh.sign(key, text, namespace)
        if not ssh.verify(signer.key, text, signature.encode(), namespace):
            raise Refused(
                msg("The key that signed is not the one registered for {signer}.", signer=signer.name),
                hint=msg("See it in organisation.toml; choose the key with --key."),
            )
        made.append(_Made(fund, closing, signature_name(name, signer.slug, is_witness=is_witness), text, signature))
    return made


def put_signatures(folder: Folder, registers: Registers, made: Sequence[_Made], signer: Signer) -> SignedClosings:
    """Write statements and signatures beside the closings, unless these changed meanwhile."""
    with writing(folder) as notices:
        now = read_registers(folder)
        for one in made:
            if one.name.partition(".")[0] not in statements(one.fund, now):
                raise Refused(
                    msg(
                        "The closing of {fund} was changed meanwhile; nothing was signed.",
                        fund=now.funds[one.fund].name,
                    ),
                    hint=msg("Look at it with: wksbm fund show {fund}", fund=one.fund),
                )
        paths = []
        for one in made:
            place = folder.fund_file(one.fund).parent
            replace_file(folder, place / f"{one.name.partition('.')[0]}.txt", one.text)
            replace_file(folder, place / one.name, one.signature)
            paths.append(folder.shown(place / one.name))
    return SignedClosings(
        tuple((one.fund, one.closing) for one in made), signer, tuple(paths), registers, tuple(notices)
    )


def find_signer(
    registers: Registers, organisations: Collection[str], key: Path, called: str | None, today: date
) -> Signer:
    """The signer whose key this is, registered with every one of the organisations."""
    public = ssh.read_public_key(key)
    found: Signer | None = None
    for organisation in sorted(organisations):
        signers = registers.organisations[organisation].signers.values()
        mine = [
            one for one in signers if one.key == public and one.may_sign(today) and called in (None, one.slug, one.name)
        ]
        if not mine:
            raise Refused(
                msg(
                    "{organisation} has no signer with this key.",
                    organisation=registers.organisations[organisation].name,
                ),
                hint=msg(
                    "To register it: wksbm org signer {signer} {key} --org {organisation}",
                    signer=called or "bendahara",
                    key=str(key) if key.suffix == ".pub" else f"{key}.pub",
                    organisation=organisation,
                ),
            )
        found = mine[0]
    assert found is not None, "a fund has an organisation"
    return found


def last_closing(registers: Registers, fund: str, period: str | None = None) -> tuple[str, Closing] | None:
    """The last closing in force of a fund, or that of one period, with its file name."""
    for name, of in reversed(statements(fund, registers).items()):
        if of.closing.reopened is None and period in (None, of.closing.period):
            return name, of.closing
    return None


def _refuse_broken(folder: Folder, registers: Registers, fund: str, closing: Closing) -> None:
    if any(not verify(folder, seal).holds for seal in find_seals(closing.seal)):
        raise Refused(
            msg("The seal of this closing of {fund} does not hold; it is not signed.", fund=registers.funds[fund].name),
            hint=msg("See what differs: wksbm verify {seal}", seal=closing.seal),
        )
