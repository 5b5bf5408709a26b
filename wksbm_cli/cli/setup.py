"""`init`: a new book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wksbm_cli.book.folder import STATE_FOLDER, USUAL_FOLDER, Folder
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.registers import FORMATS

# Lines that two people append merge by keeping both; see docs/format.md.
_ATTRIBUTES = "[0-9][0-9][0-9][0-9].toml text eol=lf merge=union\n*.toml text eol=lf\n"
_IGNORED = f"{STATE_FOLDER}/\n"


def init(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar=N_("NAME"), help=N_("Name of the book; that of the folder if none is given"))
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", metavar=N_("ZONE"), help=N_("Time zone of the group"))
    ] = "Asia/Jakarta",
    git: Annotated[bool, typer.Option("--git", help=N_("Keep the book in git from the start"))] = False,
) -> None:
    from wksbm_cli.recording.registers.book import create_book

    session = ctx.ensure_object(Session)
    root = Path(session.chosen_book) if session.chosen_book else Path.cwd() / USUAL_FOLDER
    if (Path.cwd() / "book.toml").is_file() and not session.chosen_book:
        root = Path.cwd()
    folder = Folder(root)
    if git and name is None and folder.book_file.exists():
        _keep_in_git(session, folder)
        return
    title = name or Path.cwd().resolve().name or "WKSBM"
    create_book(folder, title, language=session.language.code, timezone=timezone, now=session.moment)
    _tell_git(folder)
    session.answer(msg("A new book: {folder}.", folder=folder.shown(folder.book_file)))
    if git:
        _keep_in_git(session, folder)
    typer.echo(session.say(msg('Next, an organisation: wksbm org add rt-07 "RT 07"')))


def upgrade(ctx: typer.Context) -> None:
    from wksbm_cli.book.upgrade import upgrade as bring

    session = ctx.ensure_object(Session)
    before = session.registers.book
    if before.format == FORMATS[-1]:
        session.answer(msg("This book has format {format} already, the newest.", format=str(before.format)))
        return
    bring(session.folder, before.timezone, session.now)
    session.answer(
        msg(
            "The book now has format {format}. Whoever records in it needs this version of the program, or a newer one.",
            format=str(FORMATS[-1]),
        )
    )


def _tell_git(folder: Folder) -> None:
    """How git is to treat the files of the book, whether or not it is kept there yet."""
    from wksbm_cli.book.writing import replace_file, writing

    with writing(folder):
        for name, wanted in ((".gitignore", _IGNORED), (".gitattributes", _ATTRIBUTES)):
            path = folder.root / name
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            missing = [line for line in wanted.splitlines() if line not in text.splitlines()]
            if missing:
                before = text if not text or text.endswith("\n") else f"{text}\n"
                replace_file(folder, path, before + "".join(f"{line}\n" for line in missing))


def _keep_in_git(session: Session, folder: Folder) -> None:
    """Set up the repository and, in this clone, the merge driver."""
    from wksbm_cli.book.git import git_of, start_repository
    from wksbm_cli.sync.driver import install

    _tell_git(folder)
    install(git_of(folder) or start_repository(folder))
    typer.echo(session.say(msg("The book is kept in git. To save what is in it: wksbm sync")))
    how = "[git]\nauto_commit = true"
    typer.echo(session.say(msg("To have every recording saved by itself, add to book.toml:\n{how}", how=how)))
