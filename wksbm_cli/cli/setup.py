"""`init`: a new book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wksbm_cli.book.folder import STATE_FOLDER, USUAL_FOLDER, Folder
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import FORMATS, BookSettings
from wksbm_cli.domain.slug import check_text

# Goods that funds collect and hand out (DOMAIN §2b); a book may drop or add its own.
_UNITS = {
    "beras": {"name": "Beras", "symbol": "kg", "decimals": 3},
    "minyak": {"name": "Minyak goreng", "symbol": "liter", "decimals": 3},
    "telur": {"name": "Telur", "symbol": "butir", "decimals": 0},
    "mie": {"name": "Mie instan", "symbol": "bungkus", "decimals": 0},
}
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
    from wksbm_cli.book.editing import create
    from wksbm_cli.book.upgrade import newest_format

    session = ctx.ensure_object(Session)
    root = Path(session.chosen_book) if session.chosen_book else Path.cwd() / USUAL_FOLDER
    if (Path.cwd() / "book.toml").is_file() and not session.chosen_book:
        root = Path.cwd()
    folder = Folder(root)
    if folder.book_file.exists():
        if git and name is None:
            _keep_in_git(session, folder)
            return
        raise Refused(
            msg("There is a book in {folder} already.", folder=folder.shown(root)),
            hint=msg("See what it holds with: wksbm balance"),
        )
    title = check_text(name) if name else check_text(Path.cwd().resolve().name or "WKSBM")
    _check_timezone(timezone)
    table = {
        **newest_format(timezone, session.moment),
        "name": title,
        "language": session.language.code,
        "timezone": timezone,
        "units": _UNITS,
    }
    root.mkdir(parents=True, exist_ok=True)
    create(folder, folder.book_file, table, BookSettings.from_table)
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


upgrade.manual = N_(  # type: ignore[attr-defined]
    "New entries get ids of 32 digits and end with the moment of recording, always in one offset from UTC. "
    "What was recorded before stays as it is."
)


def _check_timezone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            msg('The time zone "{zone}" is not known.', zone=name),
            hint=msg("Type for instance: {example}", example="Asia/Jakarta, Asia/Makassar, Asia/Jayapura"),
        ) from None


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
