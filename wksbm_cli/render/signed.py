"""Which closings were signed and by whom, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wksbm_cli.check.signatures import KeySignature, State
from wksbm_cli.domain.closing import period_span
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.seals.signing import SignedClosings

_STATES: dict[State, Message] = {
    "bad": msg("the signature is not of this closing by the key that is registered"),
    "stranger": msg("no such signer is registered for that day"),
    "gone": msg("it is of a closing that fund.toml does not have"),
    "unread": msg("not verified, since there is no ssh-keygen here"),
}


def as_text(signed: SignedClosings, language: Language) -> str:
    return "".join(f"{printable(language.say(line))}\n" for line in lines(signed))


def lines(signed: SignedClosings) -> Iterator[Message]:
    for (fund, closing), path in zip(signed.closings, signed.paths, strict=True):
        yield msg(
            "{fund}, {period}: signed by {signer} ({path}).",
            fund=signed.registers.funds[fund].name,
            period=period_span(closing.period),
            signer=signed.signer.name,
            path=path,
        )


def as_json(signed: SignedClosings, language: Language) -> str:
    """`{"signed": [{"fund", "period", "signer", "name", "file"}]}`."""
    return dumps({"signed": list(cells(signed))}, language)


def cells(signed: SignedClosings) -> Iterator[dict[str, Any]]:
    for (fund, closing), path in zip(signed.closings, signed.paths, strict=True):
        yield {
            "fund": fund,
            "period": closing.period,
            "signer": signed.signer.slug,
            "name": signed.signer.name,
            "file": path,
        }


def who_signed(signatures: Iterable[KeySignature]) -> Iterator[Message]:
    """Who signed a closing, as `verify` tells it."""
    for one in signatures:
        values = {"signer": one.name, "period": period_span(one.period)}
        if one.state != "good":
            yield msg("Signature of {signer} on the closing of {period}: {state}.", state=_STATES[one.state], **values)
        elif one.is_witness:
            yield msg("The closing of {period} was countersigned by {signer}, as a witness.", **values)
        else:
            yield msg("The closing of {period} was signed by {signer}.", **values)


def signature_cells(signatures: Iterable[KeySignature]) -> list[dict[str, Any]]:
    return [
        {
            "fund": one.fund,
            "period": one.period,
            "signer": one.signer,
            "name": one.name,
            "witness": one.is_witness,
            "state": one.state,
        }
        for one in signatures
    ]
