"""The entry point: determine the language, run the command, and print errors in one place."""

from __future__ import annotations

import gettext
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from wksbm_cli.book.folder import find_book
from wksbm_cli.cli.app import root
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.usage import errors, shown
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem, Trouble, Usage, reason_of
from wksbm_cli.locales import DOMAIN, FOLDER


def run(argv: Sequence[str]) -> int:
    """The exit code of one command: 0 done, 1 findings, 2 wrong usage, 3 refused, 4 trouble with book or disk;
    130 stopped by Ctrl-C, 141 the reader of a pipe went away."""
    _same_bytes_everywhere()
    session = Session(chosen_book=_early(argv, "--book", "--buku") or os.environ.get("WKSBM_BOOK") or None)
    session.language_code = _language(argv, session)
    speak(session.language_code)
    try:
        _check_words(argv)
        result = root(session.language_code).main(list(argv), prog_name="wksbm", standalone_mode=False, obj=session)
        sys.stdout.flush()
        _commit_written(session)
        if result == _STOPPED:  # Typer's answer to Ctrl-C
            return _stopped(session)
        return result if isinstance(result, int) else 0
    except typer.Exit as exit_:
        return exit_.exit_code
    except typer.Abort:
        return _stopped(session)
    except errors.ClickException as error:
        _show(error)
        return int(error.exit_code)
    except Problem as problem:
        session.report_problem(problem)
        return problem.exit_code
    except BrokenPipeError:  # the reader, `head` for instance, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if _has_recorded(session) else _CLOSED
    except OSError as error:
        if (code := _unshown(error, session)) is not None:
            return code
        from wksbm_cli.book.disk import disk_trouble
        from wksbm_cli.book.folder import Folder

        trouble = disk_trouble(error, Folder(Path.cwd()), Path.cwd())
        session.report_problem(trouble)
        return trouble.exit_code
    except Exception as error:
        if (damaged := _index_trouble(error, session)) is None:
            raise
        session.report_problem(damaged)
        return damaged.exit_code
    finally:
        session.done_reading()


def _check_words(argv: Sequence[str]) -> None:
    """Refuse what no shell hands over, and no system takes as the name of a file: whoever calls `run` may type it."""
    for word in argv:
        if "\0" in word:
            raise Usage(msg("The text {text} holds a line break or a control character.", text=ascii(word)[:80]))
        try:
            os.fsencode(word)
        except UnicodeEncodeError:
            raise Usage(msg("{text} holds a character that no file name can have.", text=ascii(word)[:40])) from None


def _unshown(error: OSError, session: Session) -> int | None:
    """The exit code where output could not be written, as on a full disk; None where the error concerns the book."""
    recorded = _has_recorded(session)
    if not recorded and error.filename is not _Outlet.NAME:
        return None
    reason = reason_of(error)
    if recorded:
        told = msg("It was recorded; the answer could not be shown: {reason}.", reason=reason)
    else:
        told = msg("The answer could not be written: {reason}.", reason=reason)
    print(session.say(told), file=sys.stderr)  # noqa: T201
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if recorded else Trouble.exit_code


def _has_recorded(session: Session) -> bool:
    """Whether this run has written to the book."""
    folder = session.__dict__.get("folder")
    return folder is not None and bool(folder.written)


def _commit_written(session: Session) -> None:
    """Commit what the run wrote, where book.toml asks for it, after the answer is printed."""
    folder = session.__dict__.get("folder")  # the command needs no book
    if folder is not None and folder.written:
        from wksbm_cli.cli.gitting import commit_recorded

        commit_recorded(session)


def _show(error: Exception) -> None:
    """What was wrong with the command, with what was typed shown as letters."""
    from wksbm_cli.domain.slug import printable

    print("\n".join(map(printable, shown(error).splitlines())), file=sys.stderr)  # noqa: T201


_STOPPED = 130
# The conventional code after SIGPIPE: 128 plus its number.
_CLOSED = 141


def _stopped(session: Session) -> int:
    said = (
        msg("Stopped; what was recorded stands.") if _has_recorded(session) else msg("Stopped; nothing was recorded.")
    )
    print(session.say(said), file=sys.stderr)  # noqa: T201
    return _STOPPED


def _index_trouble(error: Exception, session: Session) -> Problem | None:
    """An error of SQLite while reading the index or validating drafts."""
    sqlite3 = sys.modules.get("sqlite3")  # sqlite3 is not imported where the index was not used
    if sqlite3 is None or not isinstance(error, sqlite3.Error):
        return None
    from wksbm_cli.index.cache import distrust

    distrust(session.folder)
    return Trouble(
        msg("The index of the book cannot be used: {reason}. Nothing was recorded.", reason=str(error)),
        hint=msg("It is only a copy and is made anew: type the command again."),
    )


class _Outlet(io.FileIO):
    """Output that is no terminal; its write errors are distinguished from those of the book's disk."""

    NAME = "<stdout>"

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            error.filename = self.NAME
            raise


def _same_bytes_everywhere() -> None:
    """UTF-8 and LF for files and pipes, whatever the locale; a terminal replaces what it cannot show.

    A stream closed before the start (`>&-`) is opened on the null device, so that its number is not reused for a file.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
    if sys.stdout is not sys.__stdout__ or not isinstance(sys.stdout, io.TextIOWrapper):
        return  # caught by whoever calls `run`
    if sys.stdout.isatty():
        sys.stdout.reconfigure(errors="replace")
    else:
        outlet = io.BufferedWriter(_Outlet(sys.stdout.fileno(), "w", closefd=False))
        # Names with undecodable bytes (surrogates) have to be printable.
        sys.stdout = io.TextIOWrapper(outlet, encoding="utf-8", errors="backslashreplace", newline="\n")


def _early(argv: Sequence[str], *names: str) -> str | None:
    """The value of a global option, which stands before the command."""
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else next(words, None)
        if name in ("--book", "--buku", "--lang", "--bahasa"):
            next(words, None) if not equals else None
        elif not word.startswith("-"):
            return None
    return None


def _language(argv: Sequence[str], session: Session) -> str:
    """`--lang`, else the book's own language, else Indonesian unless the system speaks English."""
    chosen = _early(argv, "--lang", "--bahasa")
    if chosen in ("id", "en"):
        return chosen
    with suppress(Problem, OSError):
        return _book_language(find_book(Path.cwd(), session.chosen_book).book_file)
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if spoken.startswith("en") else "id"


def _book_language(path: Path) -> str:
    """The language of book.toml without reading the rest of it: what is wrong with it is reported later, in this language."""
    import re

    with path.open("rb") as file:
        beginning = file.read(_LANGUAGE_WITHIN)
    found = re.search(rb'^\s*language\s*=\s*"(id|en)"', beginning, re.MULTILINE)
    return found[1].decode() if found else "id"


# Bytes of book.toml in which its language is looked for; what follows are units.
_LANGUAGE_WITHIN = 64 << 10


def speak(code: str) -> None:
    """Let help and usage errors find their sentences in our catalogue."""
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
