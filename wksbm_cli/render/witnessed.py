"""What a witness found in a copy of a book, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wksbm_cli.domain.message import msg, msgn
from wksbm_cli.domain.slug import printable
from wksbm_cli.render import signed, verdict
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.seals.witness import Parted, Witnessed


def as_text(found: Witnessed, language: Language) -> str:
    return "".join(f"{printable(line)}\n" for line in _lines(found, language))


def _lines(found: Witnessed, language: Language) -> Iterator[str]:
    say = language.say
    if found.missing:
        for missing in found.missing:
            yield from _missing(missing, language)
        yield say(msg("Nothing was signed. Ask who keeps the book, and keep this copy as it is."))
        return
    for parted in found.otherwise:
        yield say(
            msg(
                "{fund}: nothing is missing, but the registers say something else than was seen on {date}:",
                fund=parted.fund,
                date=datetime.fromisoformat(parted.seen.at).date(),
            )
        )
        yield from _verdict(parted, language)
    if found.known:
        yield say(
            msgn(
                "All that was seen before is there, unchanged, in {count} fund.",
                "All that was seen before is there, unchanged, in {count} funds.",
                len(found.known),
            )
        )
    if found.new:
        yield say(
            msgn(
                "Seen for the first time: {count} fund. From now on, what is in it must stay.",
                "Seen for the first time: {count} funds. From now on, what is in them must stay.",
                len(found.new),
            )
        )
    if found.signed:
        yield from map(say, signed.lines(found.signed))


def _missing(missing: Parted, language: Language) -> Iterator[str]:
    at = datetime.fromisoformat(missing.seen.at)
    yield language.say(
        msg(
            "NOT WITNESSED: {fund} does not contain what was seen on {date}.",
            fund=missing.fund,
            date=at.date(),
        )
    )
    for name in missing.closings:
        yield "  " + language.say(msg("The closing {name} is gone or was changed.", name=name))
    yield from _verdict(missing, language)


def _verdict(parted: Parted, language: Language) -> Iterator[str]:
    if parted.verdict is not None:
        yield from (f"  {line}" for line in verdict.as_text([parted.verdict], language).splitlines())


def as_json(found: Witnessed, language: Language) -> str:
    """`{"contained", "known": [...], "new": [...], "missing": [{"fund", "seal", "at", "closings"}], "signed": [...]}`."""
    return dumps(
        {
            "contained": not found.missing,
            "known": list(found.known),
            "new": list(found.new),
            "missing": [
                {"fund": one.fund, "seal": one.seen.seal, "at": one.seen.at, "closings": list(one.closings)}
                for one in found.missing
            ],
            "registers_changed": [one.fund for one in found.otherwise],
            "signed": list(signed.cells(found.signed)) if found.signed else [],
        },
        language,
    )
