"""Parsing registers and splitting ledgers, with file and line in every error."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from wksbm_cli.book.folder import Folder, LedgerFile, is_ledger_name
from wksbm_cli.book.toml import CONFLICT, TomlFile, unreadable
from wksbm_cli.domain.fund import Fund, check_members
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem, Trouble
from wksbm_cli.domain.registers import LANGUAGES, BookSettings, Organisation, Registers
from wksbm_cli.domain.slug import SLUG
from wksbm_cli.domain.table import UnknownKey
from wksbm_cli.domain.units import IDR

HEADER = "[transactions]"


def read_registers(folder: Folder, problems: list[Problem] | None = None) -> Registers:
    """All registers of the book. A folder with neither registers nor ledgers is ignored.

    The first error is raised; with `problems`, errors are collected there and the registers concerned left out.
    """
    book = BookSettings("", LANGUAGES[0], "UTC", {IDR.code: IDR})
    organisations: dict[str, Organisation] = {}
    members: dict[str, dict[str, Member]] = {}
    funds: dict[str, Fund] = {}
    tables: dict[str, Mapping[str, Any]] = {}
    with _left_out(problems):
        with TomlFile(folder.book_file) as read:
            book = BookSettings.from_table(read.table)
        for slug in _registered(folder, folder.root, folder.organisation_file("").name, problems):
            with _left_out(problems), TomlFile(folder.organisation_file(slug)) as read:
                organisations[slug] = Organisation.from_table(slug, read.table)
                tables[f"{slug}/organisation.toml"] = read.table
            with _left_out(problems):
                members[slug] = _read_members(folder, slug, tables)
            for short in _registered(folder, folder.root / slug, folder.fund_file("").name, problems):
                fund = f"{slug}/{short}"
                with _left_out(problems), TomlFile(folder.fund_file(fund)) as read:
                    made = Fund.from_table(fund, read.table, book.units)
                    if slug in members:
                        check_members(made, members[slug])
                    funds[fund] = made
                    tables[f"{fund}/fund.toml"] = read.table
    return Registers(book, organisations, members, funds, tables)


@contextmanager
def _left_out(problems: list[Problem] | None) -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        if problems is None:
            raise
        problems.append(problem)


def _read_members(folder: Folder, organisation: str, tables: dict[str, Mapping[str, Any]]) -> dict[str, Member]:
    path = folder.members_file(organisation)
    if not path.is_file():
        return {}
    with TomlFile(path) as read:
        for slug in read.table:
            if not SLUG.fullmatch(slug):
                raise UnknownKey(
                    msg(
                        '"{slug}" cannot be a short name: use small letters, digits and hyphens, at most 63.', slug=slug
                    ),
                    slug,
                )
        tables[f"{organisation}/members.toml"] = read.table
        return {slug: Member.from_table(slug, table) for slug, table in read.table.items()}


def _registered(folder: Folder, path: Path, register: str, problems: list[Problem] | None) -> list[str]:
    """The subfolders of `path` with the register file of an organisation or fund, by name."""
    names = []
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir() and not entry.name.startswith("."):
                with _left_out(problems):
                    if _is_registered(folder, Path(entry.path), register):
                        names.append(entry.name)
    return names


def _is_registered(folder: Folder, path: Path, register: str) -> bool:
    """Whether the register exists. `Trouble` where ignoring the folder would silently drop its ledgers."""
    try:
        is_registered = (path / register).is_file()
        lost = not is_registered and _holds_ledgers(path)
    except PermissionError as error:
        if not SLUG.fullmatch(path.name):
            return False
        raise unreadable(error, path) from None
    if lost:
        raise Trouble(
            msg("There are ledgers here and no {file}; they would not be counted.", file=register),
            hint=msg("Put the file back (git has it), or move the folder out of the book."),
            where=folder.where(path),
        )
    if is_registered and not SLUG.fullmatch(path.name):
        raise Trouble(
            msg('"{slug}" cannot be a short name: use small letters, digits and hyphens, at most 63.', slug=path.name),
            hint=msg("Give the folder such a name."),
            where=folder.where(path),
        )
    return is_registered


def _holds_ledgers(path: Path) -> bool:
    """Whether there is a ledger in the folder or in a subfolder."""
    with os.scandir(path) as entries:
        for entry in entries:
            if is_ledger_name(entry.name) or (entry.is_dir() and (path / entry.name / "fund.toml").is_file()):
                return True
    return False


class RawLine(NamedTuple):
    """A line of a ledger that should parse as an entry: its number from 1 and its text."""

    number: int
    text: str


class RawLedger(NamedTuple):
    """A ledger file cut into lines. `torn` is what follows the last line end where a write was cut off.

    `ended` is whether the last line has its line end; a complete one without it is in `lines` all the same.
    """

    lines: list[RawLine]
    torn: bytes
    ended: bool


def split_ledger(folder: Folder, ledger: LedgerFile, data: bytes, first_line: int = 1) -> RawLedger:
    """The entry lines of a ledger's bytes (or of its tail, which begins at `first_line`).

    Blank lines, comments and the header are skipped. Lines end with a line feed; a carriage return
    before it, which some editors and mail programs add, is no part of the line.
    """
    rest = data[data.rfind(b"\n") + 1 :]
    torn = rest if is_torn(rest) else b""
    try:
        text = data[: len(data) - len(torn)].decode("utf-8-sig" if first_line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        at = first_line + data.count(b"\n", 0, error.start)
        raise Trouble(
            msg("This file is not in UTF-8."),
            where=folder.where(ledger.path, at),
            hint=msg("Save it in a text editor as UTF-8."),
        ) from None
    lines = []
    has_header = first_line > 1
    for number, ended in enumerate(text.split("\n"), first_line):
        line = ended.rstrip("\r")
        bare = line.strip()
        if "\r" in bare:
            raise Trouble(
                msg("Lines of this file end with a carriage return alone, which no ledger does."),
                hint=msg("Save it in an editor with line feeds (Unix line ends)."),
                where=folder.where(ledger.path, number),
            )
        if not bare or bare.startswith("#"):
            continue
        if line.startswith(CONFLICT):
            from wksbm_cli.book.unjoined import unjoined

            raise unjoined(ledger.path, folder.where(ledger.path, number, line[:120]))
        if bare == HEADER:
            has_header = True  # merging two new files may leave the header twice
            continue
        if not has_header:
            raise Trouble(
                msg("The line {header} is missing before the first entry.", header=HEADER),
                where=folder.where(ledger.path, number, line[:120]),
                hint=msg("Put it back, as the second line of the file."),
            )
        lines.append(RawLine(number, line))
    return RawLedger(lines, torn, not rest or bool(torn))


def is_torn(rest: bytes) -> bool:
    """Whether the bytes after the last line end were cut off while being written.

    A prefix of an entry never parses, since its brace is not closed. What parses was written completely, and is for the
    reader to validate.
    """
    import tomli

    try:
        tomli.loads(rest.decode("utf-8-sig").replace("\r", "\n"))
    except (ValueError, RecursionError):
        return True
    return False
