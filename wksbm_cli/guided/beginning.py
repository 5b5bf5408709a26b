"""A first book from five questions: the commands that make it, tried beside before any of them is run."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.slug import slug_from
from wksbm_cli.guided.desk import Desk, Outcome
from wksbm_cli.recording.choices import WORDS


class ReadyFund(NamedTuple):
    """A fund as neighbourhoods usually have it, with its usual due (docs/practice.md)."""

    slug: str
    name: Message
    type: str
    due: str
    cycle: str
    amount: str


READY: tuple[ReadyFund, ...] = (
    ReadyFund("kas-rt", msg("Neighbourhood fund"), "general", "iuran", "month", "10000"),
    ReadyFund("kas-sosial", msg("Social fund"), "social", "iuran-sosial", "month", "5000"),
    ReadyFund("jimpitan", msg("Jimpitan"), "jimpitan", "jimpitan", "night", "500"),
    ReadyFund("dana-kematian", msg("Death benefit fund"), "death", "iuran-kematian", "month", "2000"),
    ReadyFund("kas-pengajian", msg("Prayer group fund"), "general", "iuran-pengajian", "week", "2000"),
)


class FundWanted(NamedTuple):
    """A ready-made fund that she keeps, what its due asks, and what is in hand of it today; '' for none."""

    ready: ReadyFund
    amount: str
    in_hand: str


class Answers(NamedTuple):
    """What the questions were answered with."""

    group: str
    treasurer: str
    members: Sequence[str]
    funds: Sequence[FundWanted]


def names_of(pasted: str) -> list[str]:
    """The names of a pasted list, a line each; what numbers or marks a line is left out."""
    lines = (line.strip().lstrip("0123456789.)-*•· \t").strip() for line in pasted.splitlines())
    return [line for line in lines if line]


def commands(desk: Desk, answers: Answers, names_file: str, today: date) -> list[list[str]]:
    """The commands that make the book, in order."""

    def word(name: str) -> str:
        return desk.say(WORDS[name]) if name in WORDS else name

    org, option = slug_from(answers.group), desk.option
    member, fund = desk.called("member"), desk.called("fund")
    add = desk.called("member add")
    words = [
        [desk.called("init"), answers.group],
        [desk.called("org"), desk.called("org add"), org, answers.group, option("--treasurer"), answers.treasurer],
    ]
    if answers.members:
        words.append([member, add, option("--file"), names_file])
    first = today.replace(day=1).isoformat()
    for ready, amount, in_hand in answers.funds:
        words.append(
            [
                fund,
                desk.called("fund add"),
                f"{org}/{ready.slug}",
                desk.say(ready.name),
                option("--type"),
                word(ready.type),
            ]
        )
        if amount:
            start = [option("--from"), first] if ready.cycle != "night" else []
            words.append(
                [
                    fund,
                    desk.called("fund due"),
                    ready.slug,
                    ready.due,
                    amount,
                    option("--cycle"),
                    word(ready.cycle),
                    *start,
                ]
            )
        if in_hand:
            words.append([desk.called("opening"), ready.slug, in_hand])
    return words


def rehearse(desk: Desk, answers: Answers, today: date) -> Outcome | None:
    """The first refusal of the commands, run in a scratch place; None where they all pass."""
    with tempfile.TemporaryDirectory() as scratch:
        return _run(desk, answers, today, Path(scratch), book=Path(scratch) / "ledgers")


def begin(desk: Desk, answers: Answers, today: date) -> Outcome | None:
    """Makes the book here; the first refusal, or None."""
    with tempfile.TemporaryDirectory() as scratch:
        return _run(desk, answers, today, Path(scratch), book=None)


def _run(desk: Desk, answers: Answers, today: date, scratch: Path, book: Path | None) -> Outcome | None:
    names = scratch / "names.txt"
    names.write_text("".join(f"{name}\n" for name in answers.members), encoding="utf-8")
    for words in commands(desk, answers, str(names), today):
        outcome = desk.run(words, book)
        if outcome.code:
            return outcome
    return None
