"""git as the treasurer's safety net: `sync`, the commit after a recording, and the merge driver."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import AnswerFormat, check_answer_format
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem


def sync(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only show what would be received and sent"))] = False,
    format_: AnswerFormat = "text",
) -> None:
    from wksbm_cli.render import synced as render
    from wksbm_cli.render.language import Language
    from wksbm_cli.sync.sync import sync as join

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    book = session.registers.book
    language = Language(book.language)
    done = join(
        session.folder,
        by=session.by,
        now=session.now,
        saving=language.say(msg("Saved what was recorded since")),
        joining=language.say(msg("Joined with the other treasurer's copy")),
        dry_run=dry_run,
    )
    session.tell([*done.notices, *_of_the_format(session, book.format)])
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(done, session.language))


def _of_the_format(session: Session, before: int) -> list[Message]:
    """What is to be known of the book's format: that there is a newer one, or that another treasurer brought it there."""
    from wksbm_cli.book.reading import read_registers
    from wksbm_cli.domain.registers import FORMATS

    now = read_registers(session.folder).book.format
    if now != before:
        return [msg("The book now has format {format}: the other treasurer upgraded it.", format=str(now))]
    if now != FORMATS[-1]:
        return [
            msg(
                "This book has format {format}. Once every treasurer has this version of the program, type once: wksbm upgrade",
                format=str(now),
            )
        ]
    return []


def merge_driver(
    ctx: typer.Context,
    base: Annotated[Path, typer.Argument(metavar="BASE")],
    ours: Annotated[Path, typer.Argument(metavar="OURS")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS")],
    path: Annotated[str, typer.Argument(metavar="PATH")],
) -> int:
    """Called by git (sync/driver.py); 1 says that a person has to decide."""
    from wksbm_cli.sync.driver import join

    session = ctx.ensure_object(Session)
    joined = join(base, ours, theirs, path)
    notices: list[Message] = []
    for one, other in joined.doubles:
        notices.append(
            msg("{path}: {id} and {other} say the same; perhaps one was typed twice.", path=path, id=one, other=other)
        )
    for key in joined.conflicts:
        if key:
            notices.append(msg("{path}: {key} was changed in both copies.", path=path, key=key))
        else:
            notices.append(msg("{path} was changed in both copies.", path=path))
    session.tell(notices)
    return 1 if joined.conflicts else 0


def commit_recorded(session: Session) -> None:
    """Commit what this run wrote, where the book asks for it. A failure is told and costs no recording."""
    from wksbm_cli.book.folder import is_ledger_name
    from wksbm_cli.book.reading import read_registers

    written = {path.resolve() for path in session.folder.written}
    try:
        changed = any(not is_ledger_name(path.name) for path in written)
        registers = read_registers(session.folder) if changed else session.registers  # as they are after the command
        if not registers.book.auto_commit:
            return
        from wksbm_cli.book.git import commit_files, git_of
        from wksbm_cli.render.commit_message import commit_message
        from wksbm_cli.render.language import Language

        git = git_of(session.folder)
        if git is None:
            session.tell([msg("Recorded, but not committed: this book is not kept in git. To begin: wksbm init --git")])
            return
        top = git.top.resolve()
        names = sorted(path.relative_to(top).as_posix() for path in written if path.is_relative_to(top))
        names = [name for name in names if git.holds(name)]
        if names:
            files = [name.removeprefix(git.prefix) for name in names]
            files = [name for name in files if not is_ledger_name(Path(name).name)] or files
            message = commit_message(session.recorded, files, registers, Language(registers.book.language))
            commit_files(git, names, message, session.by)
    except Problem as problem:
        session.tell([msg("Recorded, but not committed: {reason}", reason=problem.text)])
