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
    """The answer to one question; the question is the parameter's own help."""
    label = getattr(param, "help", None) or param.name or ""
    _complete(_candidates(param.name or "", session))
    try:
        while True:
            answer = input(f"{label}: ").strip()
            if answer:
                return answer
    except EOFError:
        raise typer.Abort from None


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


def _candidates(name: str, session: Session) -> list[str]:
    """What may stand for a parameter of this name, as far as the book tells."""
    try:
        registers = session.registers
    except Problem:
        return []
    match name:
        case "fund" | "to_fund":
            return sorted(registers.funds)
        case "member":
            return sorted({slug for members in registers.members.values() for slug in members})
        case "organisation":
            return sorted(registers.organisations)
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
    return [word for word in _candidates(name, session) if word.startswith(incomplete)]
