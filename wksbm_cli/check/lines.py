"""Reading every line of a book without index or cache: valid entries, and a finding for everything else.

Errors are isolated: an unreadable line affects only itself, a register only what it declares. Size, for a large book:
27,000 lines of a kilobyte in 70 files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from wksbm_cli.book.folder import Folder, LedgerFile
from wksbm_cli.book.lost import LOST, committed_ledgers, how_to_restore, missing
from wksbm_cli.book.reading import HEADER, is_torn, read_registers
from wksbm_cli.book.toml import CONFLICT
from wksbm_cli.book.unjoined import UNJOINED, how_to_join
from wksbm_cli.book.whole import LARGEST_LEDGER, LARGEST_REGISTER, read_whole
from wksbm_cli.check.finding import Finding, Severity
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.line import LINE, ChangedLine, NotAnEntry, id_in, is_id_of, parse_line
from wksbm_cli.domain.line import how_to_restore as how_to_restore_line
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Trouble, Where, reason_of
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.shape import UnknownName, check_shape
from wksbm_cli.domain.slug import SLUG, holds_identity_number
from wksbm_cli.index.current import remembered_ledgers

_YEAR_FILE = re.compile(r"([0-9]{4})\.toml")
_LONGEST_EXCERPT = 120
# With at least so many lines, all of which disagree with their ids, a fund was renamed rather than tampered with.
_MANY = 3


class LedgerLine(NamedTuple):
    """A line of a ledger file as it was found, counted from 1."""

    ledger: LedgerFile
    number: int
    text: str


class Placed(NamedTuple):
    """An entry and where it was read."""

    entry: Entry
    ledger: LedgerFile
    number: int

    @property
    def raw(self) -> LedgerLine:
        return LedgerLine(self.ledger, self.number, self.entry.line)


@dataclass(frozen=True, slots=True)
class BookLines:
    """What was read of a book.

    `placed` are the valid entries of funds, in the order of files and lines, `decisions` those of organisations; `ids`
    those of every line that has one, valid or not. An `unsure` fund has lines missing from `placed`, so its sums are
    unknown. `files` and `count` are the numbers of ledgers and lines.
    """

    folder: Folder
    registers: Registers
    placed: Sequence[Placed]
    decisions: Sequence[Placed]
    by_id: Mapping[str, Placed]
    ids: Collection[str]
    unsure: Collection[str]
    files: int
    count: int

    def finding(self, severity: Severity, code: str, at: Placed, text: Message, hint: Message | None = None) -> Finding:
        """A finding about one entry."""
        return Finding(severity, code, where_of(self.folder, at.raw), text, hint, at.ledger.fund)


def where_of(folder: Folder, line: LedgerLine) -> Where:
    """The place of a line as a finding shows it."""
    return folder.where(line.ledger.path, line.number, line.text.strip()[:_LONGEST_EXCERPT])


def read_lines(folder: Folder) -> tuple[BookLines, list[Finding]]:
    """Read the whole book from its files, with findings about what cannot be read."""
    reading = _BookReading(folder)
    return reading.read(), reading.findings


@dataclass
class _BookReading:
    """State of one reading of a book, accumulated file by file."""

    folder: Folder
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    by_id: dict[str, Placed] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    decisions: list[Placed] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    changed: dict[str, list[tuple[LedgerLine, Problem]]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    files: int = 0

    def read(self) -> BookLines:
        self.registers = read_registers(self.folder, self.problems)
        for problem in self.problems:
            where = problem.where or self.folder.where(self.folder.book_file)
            self.findings.append(Finding("error", "register", where, problem.text, problem.hint))
        if self.folder.write_ahead.exists():
            self._file_finding("warning", "interrupted", self.folder.write_ahead, _INTERRUPTED, _INTERRUPTED_HINT, "")
        for organisation in self._folders(self.folder.root):
            for register in (self.folder.organisation_file(organisation), self.folder.members_file(organisation)):
                self._find_identity_numbers(register)
            self._read_ledgers(organisation, self._names(self.folder.root / organisation, ""))
            for fund in self._folders(self.folder.root / organisation):
                self._read_fund(f"{organisation}/{fund}", self.folder.root / organisation / fund)
        for fund, lines in self.changed.items():
            self._judge_changed(fund, lines)
        self._find_lost()
        return BookLines(
            self.folder,
            self.registers,
            self.placed,
            self.decisions,
            self.by_id,
            self.ids,
            self.unsure,
            self.files,
            sum(self.counts.values()),
        )

    # Files

    def _folders(self, path: Path) -> list[str]:
        return [name for name in self._names(path, "") if SLUG.fullmatch(name) and (path / name).is_dir()]

    def _names(self, path: Path, fund: str) -> list[str]:
        try:
            return sorted(entry.name for entry in path.iterdir())
        except OSError as error:
            self._file_finding("error", "unreadable", path, _unreadable(error), None, fund)
            return []

    def _find_lost(self) -> None:
        """Ledgers known to git or the index and missing on the disk, which are missing from every sum."""
        committed = committed_ledgers(self.folder)
        renamed = any(finding.code == "renamed" for finding in self.findings)  # its message says where they are
        for path in sorted(missing(self.folder, {*committed, *remembered_ledgers(self.folder)})):
            fund = path.rpartition("/")[0]
            if renamed and not (self.folder.root / fund).is_dir():
                continue
            hint = how_to_restore(self.folder, path, committed=path in committed)
            self._file_finding("error", "lost", self.folder.root / path, LOST, hint, fund)
            self.unsure.add(fund)

    def _read_fund(self, fund: str, path: Path) -> None:
        names = self._names(path, fund)
        if "fund.toml" in names:
            self._find_stray_files(fund, path, names)
        self._read_ledgers(fund, names)

    def _read_ledgers(self, keeper: str, names: Sequence[str]) -> None:
        for name in names:
            if not (match := _YEAR_FILE.fullmatch(name)):
                continue
            ledger = LedgerFile(self.folder.root / keeper / name, keeper, int(match[1]))
            self.files += 1
            data = self._bytes(ledger)
            if data is not None:
                self._read_ledger(ledger, data)

    def _find_identity_numbers(self, register: Path) -> None:
        with suppress(OSError, Trouble, UnicodeDecodeError):  # missing, or already reported as unreadable
            for number, line in enumerate(read_whole(register, LARGEST_REGISTER)[0].decode().split("\n"), 1):
                if holds_identity_number(line):
                    where = self.folder.where(register, number)
                    hint = msg("Take it out; the name, or the member's id, is enough.")
                    self.findings.append(Finding("error", "identity-number", where, IDENTITY, hint))

    def _find_stray_files(self, fund: str, path: Path, names: Sequence[str]) -> None:
        """Copies of ledgers left by an editor or a synchronised folder, which are not read."""
        for name in names:
            if name.endswith(".toml") and name[0] != "." and name != "fund.toml" and not _YEAR_FILE.fullmatch(name):
                self._file_finding(
                    "warning",
                    "stray-file",
                    path / name,
                    msg("This is no ledger of a year; what stands in it is not counted."),
                    msg("Compare it with the ledger beside it, then move it away."),
                    fund,
                )

    def _bytes(self, ledger: LedgerFile) -> bytes | None:
        try:
            return read_whole(ledger.path, LARGEST_LEDGER)[0]
        except Trouble as trouble:
            text = trouble.text
        except OSError as error:
            text = _unreadable(error)
        hint = msg(
            "Put the file back as it was, for instance with: git restore {path}", path=self.folder.shown(ledger.path)
        )
        self._file_finding("error", "unreadable", ledger.path, text, hint, ledger.fund)
        self.unsure.add(ledger.fund)
        return None

    def _file_finding(
        self, severity: Severity, code: str, path: Path, text: Message, hint: Message | None, fund: str
    ) -> None:
        self.findings.append(Finding(severity, code, self.folder.where(path), text, hint, fund))

    # Lines

    def _read_ledger(self, ledger: LedgerFile, data: bytes) -> None:
        headers, windows_end = 0, None
        *whole, rest = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        for number, raw in enumerate((*whole, rest) if rest else whole, 1):
            line = LedgerLine(ledger, number, raw.decode(errors="replace"))
            is_last = number > len(whole)
            if is_last and is_torn(raw):
                self._error("torn", line, _TORN, _TORN_HINT)
                break
            if "\ufffd" in line.text and not _is_utf8(raw):
                self._error("encoding", line, msg("This line is not in UTF-8."), how_to_restore_line(line.ledger.fund))
                self._spoil(line)
                continue
            if line.text.endswith("\r"):
                line = LedgerLine(ledger, number, line.text.rstrip("\r"))
                windows_end = windows_end or line
            bare = line.text.strip()
            if not bare or bare.startswith("#"):
                continue
            if bare == HEADER:
                headers += 1
                if headers == 2:
                    self._warning("header-twice", line, _HEADER_TWICE, _HEADER_TWICE_HINT)
                continue
            if not headers:
                headers = 1  # said once
                self._error("header-missing", line, _HEADER_MISSING, _HEADER_MISSING_HINT)
            self._read_line(line)
            if is_last:
                self._warning("no-line-end", line, _NO_LINE_END, _NO_LINE_END_HINT)
        if windows_end:
            self._warning("line-ends", windows_end, _LINE_ENDS, _LINE_ENDS_HINT)

    def _read_line(self, line: LedgerLine) -> None:
        self.counts[line.ledger.fund] += 1
        self.ids.add(id_in(line.text))
        try:
            entry = parse_line(line.ledger.fund, line.text)
        except ChangedLine as problem:
            self.changed[line.ledger.fund].append((line, problem))
            self._spoil(line)
            return
        except Problem as problem:
            if line.text.startswith(CONFLICT):
                self._error("syntax", line, UNJOINED, how_to_join(line.ledger.path))
                self._spoil(line)
                return
            code = "syntax" if isinstance(problem, NotAnEntry) else "schema"
            self._error(code, line, problem.text, problem.hint or how_to_restore_line(line.ledger.fund))
            self._spoil(line)
            return
        if first := self.by_id.get(entry.id):
            if (first.entry.fund, first.entry.text) != (entry.fund, entry.text):
                text = msg("Another entry has the same id; it stands in {place}.", place=self._place(first))
                self._error("same-id", line, text, _SAME_ID_HINT)
                self._spoil(line)
                return
            text = msg("This entry is in the book twice; it also stands in {place}.", place=self._place(first))
            self._error("duplicate", line, text, msg("Remove one of the two identical lines."))
            return
        placed = Placed(entry, line.ledger, line.number)
        self.by_id[entry.id] = placed
        if self._is_of_year(placed) and self._has_right_shape(placed):
            of_fund = KINDS[entry.kind].kept_in == "fund"
            (self.placed if of_fund else self.decisions).append(placed)
        else:
            self._spoil(line)

    def _is_of_year(self, at: Placed) -> bool:
        year, other = str(at.entry.date.year), str(at.ledger.year)
        if at.entry.date.year != at.ledger.year:
            text = msg("An entry of {year} cannot stand in the ledger of {other}.", year=year, other=other)
            self._error("year", at.raw, text, msg("Move the line, as it is, to {year}.toml.", year=year))
            return False
        return True

    def _has_right_shape(self, at: Placed) -> bool:
        """Whether the entry is valid enough for further passes; names of an unreadable register are not reported."""
        keeper = at.entry.fund
        known = self.registers.funds if "/" in keeper else self.registers.organisations
        if keeper not in known or at.entry.organisation not in self.registers.members:
            return False
        try:
            check_shape(at.entry, self.registers)
        except UnknownName as problem:
            if problem.what != "fund" or not self._is_unreadable(str(problem.name)):
                self._error(f"unknown-{problem.what}", at.raw, problem.text, problem.hint or _REGISTER)
            return False
        except Problem as problem:
            self._error("schema", at.raw, problem.text, problem.hint or how_to_restore_line(at.ledger.fund))
            return False
        return True

    def _is_unreadable(self, fund: str) -> bool:
        """Whether a fund may be unknown only because a register could not be read."""
        return (
            bool(self.problems)
            and SLUG.fullmatch(fund.replace("/", "-", 1)) is not None
            and self.folder.fund_file(fund).exists()
        )

    def _judge_changed(self, fund: str, lines: Sequence[tuple[LedgerLine, Problem]]) -> None:
        """Classify lines that disagree with their ids: copied or moved from another fund, of a renamed fund, or changed."""
        owners = [self._owner(line) for line, _ in lines]
        if len(lines) == self.counts[fund] >= _MANY and not any(owners):
            text = msg("None of the {count} lines of {fund} agrees with its id.", count=len(lines), fund=fund)
            self._error("renamed", lines[0][0], text, _RENAMED_HINT)
            return
        for (line, problem), owner in zip(lines, owners, strict=True):
            if owner is None:
                self._error("changed", line, problem.text, problem.hint)
            elif first := self.by_id.get(id_in(line.text)):
                text = msg("This line is a copy of {place}, where it belongs.", place=self._place(first))
                self._error("duplicate", line, text, _COPY_HINT)
            else:
                text = msg("This line was written in {fund}; here it means something else.", fund=owner)
                self._error("other-fund", line, text, msg("Move it, as it is, back to {fund}.", fund=owner))

    def _owner(self, line: LedgerLine) -> str | None:
        """The fund with which the line's text matches its id."""
        match = LINE.fullmatch(line.text)
        return next(
            (keeper for keeper in self.registers.ledgers if match and is_id_of(match[1], keeper, match[2])), None
        )

    def _spoil(self, line: LedgerLine) -> None:
        """Mark as unsure the fund of this line and the funds it names."""
        self.unsure.add(line.ledger.fund)
        if '_fund = "' in line.text or "split = {" in line.text:
            self.unsure.update(fund for fund in self.registers.funds if f'"{fund}"' in line.text)

    def _place(self, at: Placed) -> str:
        return f"{self.folder.shown(at.ledger.path)}:{at.number}"

    def _error(self, code: str, line: LedgerLine, text: Message, hint: Message | None) -> None:
        self.findings.append(Finding("error", code, where_of(self.folder, line), text, hint, line.ledger.fund))

    def _warning(self, code: str, line: LedgerLine, text: Message, hint: Message) -> None:
        self.findings.append(Finding("warning", code, where_of(self.folder, line), text, hint, line.ledger.fund))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unreadable(error: OSError) -> Message:
    return msg("This file cannot be read: {reason}.", reason=reason_of(error))


IDENTITY = msg("A number like that of an identity or family card (NIK, KK) stands here, where many can read it.")
_REGISTER = msg("Put the name back into its register; a name that entries use stays there for ever.")
_COPY_HINT = msg("Remove it here. If money came to this fund, record it: wksbm transfer FROM_FUND TO_FUND AMOUNT")
_SAME_ID_HINT = msg(
    "That does not happen by chance: find out who wrote each (wksbm audit). To have ids that nobody can make alike: wksbm upgrade"
)
_RENAMED_HINT = msg(
    "The folders of a fund and of its organisation keep their names for ever; give them the old ones back."
)
_INTERRUPTED = msg("Several things were being recorded together, and not all of them may stand here yet.")
_INTERRUPTED_HINT = msg("Whoever comes next finishes it, for instance with: wksbm balance")
_TORN = msg("This line was cut off while being written; it was never acknowledged, and is not counted.")
_TORN_HINT = msg("The next recording in this fund sets it aside; or remove it.")
_HEADER_TWICE = msg("The line {header} stands here twice, as after a merge.", header=HEADER)
_HEADER_TWICE_HINT = msg("Remove the second one: other programs cannot read the file as TOML.")
_HEADER_MISSING = msg("The line {header} is missing before the first entry.", header=HEADER)
_HEADER_MISSING_HINT = msg("Put it back, as the second line of the file.")
_NO_LINE_END = msg("The last line has no line end; a merge could glue the next one to it.")
_NO_LINE_END_HINT = msg("The next recording in this fund puts it there; or add an empty line.")
_LINE_ENDS = msg("Lines of this file end as on Windows (CR LF); seals are made over lines that end with LF.")
_LINE_ENDS_HINT = msg("Save it in an editor with line feeds (Unix line ends).")
