"""Commit messages of the book: the recording in words, and below it the ids."""

from __future__ import annotations

from collections.abc import Sequence

from wksbm_cli.domain.describe import amount_of, describe
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.render.language import Language


def commit_message(entries: Sequence[Entry], files: Sequence[str], registers: Registers, language: Language) -> str:
    """The message for what one command recorded; of a command that only changed registers, which `files`."""
    if not entries:
        return language.say(msg("Changed: {files}", files=", ".join(files))) + "\n"
    ids = "".join(f"{entry.fund} {entry.id}\n" for entry in entries)
    return f"{language.say(_subject(entries, registers))}\n\n{ids}"


def _subject(entries: Sequence[Entry], registers: Registers) -> Message:
    first = entries[0]
    fund = registers.funds[first.fund].name
    if len(entries) > 1:
        return msgn("{fund}: {count} entry", "{fund}: {count} entries", len(entries), fund=fund)
    if KINDS[first.kind].says_amount:
        return msg("{fund}: {what}", fund=fund, what=describe(first, registers))
    return msg(
        "{fund}: {what}, {amount}", fund=fund, what=describe(first, registers), amount=amount_of(first, registers)
    )
