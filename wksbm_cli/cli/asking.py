"""Asking a person on a terminal for what a command lacks, with completion of the names the book has."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem

if TYPE_CHECKING:
    from wksbm_cli.domain.units import Amount
    from wksbm_cli.recording.asking import DoubtfulAmount


def ask(param: Any, session: Session) -> str:
    """The answer to one question; the question is the parameter's own help.

    What may be answered stands above it, numbered; an answer that the book does not know is told at once and asked again.
    """
    label = getattr(param, "help", None) or param.name or ""
    known = _known(param.name or "", session)
    _complete([word for word, _ in known])
    if 0 < len(known) <= _MOST_LISTED:
        session.tell(
            [
                msg("{number}  {name} ({word})", number=number, name=name, word=word)
                for number, (word, name) in enumerate(known, 1)
            ]
        )
    try:
        while True:
            answer = input(f"{label}: ").strip()
            if answer.isdecimal() and answer.isascii() and 0 < int(answer) <= len(known) <= _MOST_LISTED:
                return known[int(answer) - 1][0]
            if answer and (problem := _refused(param.name or "", answer, session)) is not None:
                session.report_problem(problem)
            elif answer:
                return answer
    except EOFError:
        raise typer.Abort from None


# Of more names than this a list helps nobody; Tab completes them.
_MOST_LISTED = 20


def _refused(name: str, answer: str, session: Session) -> Problem | None:
    """Why an answer cannot stand for a fund or an amount, whatever else is typed; None where it may."""
    try:
        match name:
            case "fund" | "to_fund":
                session.registers.fund(answer)
            case "amount":
                from wksbm_cli.domain.units import IDR, parse_amount

                parse_amount(answer, session.registers.book.units, IDR)
    except Problem as problem:
        return problem
    return None


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def choose_amount(session: Session, doubt: DoubtfulAmount) -> Amount:
    """Which of two amounts is meant, asked until one of them is typed."""
    from wksbm_cli.domain.units import parse_amount

    typed, meant = doubt.choices
    question = session.say(msg("{typed} or {meant}? Type the one that is right", typed=typed, meant=meant))
    try:
        while True:
            with suppress(Problem):
                answer = parse_amount(input(f"{question}: "), session.registers.book.units, typed.unit)
                if answer in (typed, meant):
                    return answer
    except EOFError:
        raise typer.Abort from None


def confirmed(session: Session, question: Message) -> bool:
    """Whether a question is answered with yes, in either language; anything else is no."""
    try:
        answer = input(f"{session.say(question)} {session.say(msg('[y/N]'))} ")
    except EOFError:
        raise typer.Abort from None
    return answer.strip().casefold() in ("y", "yes", "ya")


def _known(name: str, session: Session) -> list[tuple[str, str]]:
    """What may stand for a parameter of this name, as far as the book tells, with what people call it."""
    try:
        registers = session.registers
    except Problem:
        return []
    match name:
        case "fund" | "to_fund":
            return [(slug, fund.name) for slug, fund in sorted(registers.funds.items())]
        case "member":
            found = {slug: member.name for members in registers.members.values() for slug, member in members.items()}
            return sorted(found.items())
        case "organisation":
            return [(slug, organisation.name) for slug, organisation in sorted(registers.organisations.items())]
    return []


def _complete(words: Sequence[str]) -> None:
    try:
        import readline
    except ImportError:  # not on every system; the question is asked all the same
        return

    def completer(text: str, state: int) -> str | None:
        found = [word for word in words if word.startswith(text)]
        return found[state] if state < len(found) else None

    readline.set_completer_delims("")
    readline.set_completer(completer)
    readline.parse_and_bind("tab: complete")


def complete_fund(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:
    """For the shell's completion."""
    return _starting("fund", ctx, incomplete)


def complete_member(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:
    return _starting("member", ctx, incomplete)


def _starting(name: str, ctx: typer.Context, incomplete: str) -> list[str]:
    session = ctx.find_object(Session) or Session()
    return [word for word, _ in _known(name, session) if word.startswith(incomplete)]
