"""Verifying a seal: whether all its lines and facts are unchanged, and what git's history knows of those that are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, Literal, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, git_of
from wksbm_cli.book.ledgers import LedgerLines, read_lines, whole_lines
from wksbm_cli.book.reading import read_registers
from wksbm_cli.book.toml import loaded
from wksbm_cli.check.signatures import KeySignature
from wksbm_cli.domain.decisions import KIND as DECISION
from wksbm_cli.domain.decisions import undone
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.facts import differing, facts_digest, moments, texts_of
from wksbm_cli.domain.line import id_in, parse_line
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.seal import Seal, digest_of_files, digest_of_lines, is_ahead, recorded_at
from wksbm_cli.sync.history import (
    Commit,
    History,
    RecordedLine,
    ledger_states,
    named,
    read_history,
    register_states,
)

# The most combinations tried for lines recorded within the seal's own second; interactive use needs one.
_MOST_WAYS = 50_000


class Difference(NamedTuple):
    """A line added, removed or changed since a seal, and the commit that did it, where known.

    `before` is None for an added line, `after` for a removed one. An `altered` line does not match its own id, and its old
    text is not known.
    """

    what: Literal["came", "went", "changed", "altered"]
    fund: str
    before: str | None
    after: str | None
    commit: Commit | None = None


class FactDifference(NamedTuple):
    """A fact of a register (by path in the book) that differs from the sealed one; None: not there."""

    register: str
    key: str
    before: str | None
    after: str | None


class FactsVerdict(NamedTuple):
    """The verdict on a seal's facts. `commit` is the newest whose registers match; None where git has none. `funds` are those
    whose facts the seal includes, where they match. `decided` are the decisions since that changed these facts, newest first, and
    `undone` all that were undone to find them."""

    hold: bool
    differences: tuple[FactDifference, ...] = ()
    commit: Commit | None = None
    funds: tuple[str, ...] = ()
    decided: tuple[Entry, ...] = ()
    undone: tuple[Entry, ...] = ()


class LinesVerdict(NamedTuple):
    """The verdict on a seal's lines.

    `lines` counts those recorded up to its time that exist now, `later` those since. `is_known` says that git's history
    has exactly the sealed lines; otherwise the differences are derived from changes and ids. `sealed` are the lines
    themselves (fund, text), where all exist.
    """

    hold: bool
    lines: int
    later: int
    differences: tuple[Difference, ...] = ()
    is_known: bool = True
    sealed: frozenset[tuple[str, str]] = frozenset()


class Verdict(NamedTuple):
    """The verdict on a seal; `facts` is None for seals of the first form, which had none.

    `signatures` are those of closings that have this seal.
    """

    seal: Seal
    lines: LinesVerdict
    facts: FactsVerdict | None
    signatures: tuple[KeySignature, ...] = ()

    @property
    def holds(self) -> bool:
        return self.lines.hold and (self.facts is None or self.facts.hold)


def verify(folder: Folder, seal: Seal) -> Verdict:
    """Read every ledger and register of the seal's funds from the disk, and compare. A seal over no lines never verifies,
    since it proves nothing."""
    ledgers = read_lines(folder)
    if not seal.lines:
        return Verdict(seal, LinesVerdict(False, 0, sum(len(ledger.lines) for ledger in ledgers)), None)
    covered = set(seal.covered({ledger.fund for ledger in ledgers if "/" in ledger.fund}))
    cuts = [_Cut(f"{one.fund}/{one.path.name}", one.lines, seal) for one in ledgers if one.fund in covered]
    return Verdict(
        seal, _lines(folder, seal, ledgers, cuts), _facts(folder, seal, ledgers, cuts) if seal.facts else None
    )


def _lines(folder: Folder, seal: Seal, ledgers: Sequence[LedgerLines], cuts: Sequence[_Cut]) -> LinesVerdict:
    covered = {cut.fund for cut in cuts} | set(seal.funds)
    lines = sum(cut.most for cut in cuts)
    later = sum(len(ledger.lines) for ledger in ledgers if ledger.fund in covered) - lines
    if (sealed := _sealed(cuts, seal)) is not None:
        return LinesVerdict(True, seal.lines, later + lines - seal.lines, sealed=frozenset(sealed))
    now = {line for cut in cuts for line in cut.lines(len(cut.same))}
    git = git_of(folder)
    if git is None or git.head() is None:
        return LinesVerdict(False, lines, later, tuple(_altered(now)), is_known=False)
    history = read_history(git, _keys(ledgers))
    was = _state_sealed(git, seal)
    if was is not None:
        return LinesVerdict(False, lines, later, tuple(_differences(was, now, history)))
    told = [*_told_by(history, covered, seal)]
    explained = {difference.after for difference in told}
    altered = [difference for difference in _altered(now) if difference.after not in explained]
    return LinesVerdict(False, lines, later, (*told, *altered), is_known=False)


def _facts(folder: Folder, seal: Seal, ledgers: Sequence[LedgerLines], cuts: Sequence[_Cut]) -> FactsVerdict:
    """Compare the register facts in force on the seal's day, without what was decided since."""
    tables = read_registers(folder, []).tables
    used = {cut.fund for cut in cuts if cut.most}
    if (facts := _facts_sealed(tables, seal, used)) is not None:
        return FactsVerdict(True, funds=tuple(_funds_in(facts)))
    if (held := _before_decisions(tables, seal, used, decisions_since(ledgers, seal.until))) is not None:
        return held
    git = git_of(folder)
    for commit, was in _registers_at(git) if git is not None and git.head() is not None else ():
        try:
            sealed = _facts_sealed(was, seal, used)
        except (AttributeError, KeyError, TypeError):
            continue  # not a valid register at that commit
        if sealed is not None:
            assert seal.day is not None and git is not None
            now = texts_of(tables, _funds_in(sealed), seal.day, seal.until)
            differences = [
                FactDifference(path, *found)
                for path in sorted(sealed.keys() | now.keys())
                for found in differing(sealed.get(path, ""), now.get(path, ""))
            ]
            return FactsVerdict(False, tuple(differences), named(git, commit))
    return FactsVerdict(False)


def decisions_since(ledgers: Iterable[LedgerLines], moment: str) -> list[Entry]:
    """The decisions recorded from a moment on, as it is written, newest first. A line that is no entry, or disagrees with its id,
    decides nothing."""
    found = []
    for ledger in ledgers:
        for line in ledger.lines if "/" not in ledger.fund else ():
            if recorded_at(line) < moment:
                continue
            text = line.decode(errors="replace")
            try:
                entry = parse_line(ledger.fund, text)
            except Problem:
                continue
            if entry.kind == DECISION and RecordedLine("", ledger.fund, entry.id, text).is_valid:
                found.append(entry)
    # Of one second, what was written last was decided last.
    return sorted(found, key=lambda entry: entry.at)[::-1]


def _before_decisions(
    tables: Mapping[str, Mapping[str, Any]], seal: Seal, used: set[str], decisions: Iterable[Entry]
) -> FactsVerdict | None:
    """The verdict where undoing decisions, one after the other, gives the facts sealed. How many is tried, since a fact may
    have stood in a register long before anyone recorded that it was decided."""
    assert seal.day is not None
    decided: list[Entry] = []
    undoing: list[Entry] = []
    texts = _texts(tables, seal)
    for decision in decisions:
        undoing.append(decision)
        tables = undone(tables, decision)
        if (before := _texts(tables, seal)) == texts:
            continue
        texts = before
        decided.append(decision)
        if (facts := _facts_sealed(tables, seal, used)) is not None:
            return FactsVerdict(True, funds=tuple(_funds_in(facts)), decided=tuple(decided), undone=tuple(undoing))
    return None


def _texts(tables: Mapping[str, Mapping[str, Any]], seal: Seal) -> dict[str, str]:
    """The facts of all funds that a seal may cover, on its day."""
    assert seal.day is not None
    known = [path.removesuffix("/fund.toml") for path in tables if path.endswith("/fund.toml")]
    return texts_of(tables, seal.covered(known), seal.day, seal.until)


def _facts_sealed(tables: Mapping[str, Mapping[str, Any]], seal: Seal, used: set[str]) -> dict[str, str] | None:
    """The facts that match the seal's digest, as a text for each register; None where none do.

    A fund without lines up to the seal may have been added since. Of closings made within the seal's own second, as by a
    script, those made before it are included, so each number is tried.
    """
    assert seal.day is not None
    ways: list[list[tuple[str, int]]] = []
    for fund in seal.covered({path.removesuffix("/fund.toml") for path in tables if path.endswith("/fund.toml")}):
        closed = tables.get(f"{fund}/fund.toml", {}).get("closed", [])
        at_once = moments(closed).count(seal.until)
        ways.append([(fund, same) for same in range(at_once, -1, -1)])
        if fund not in used and fund not in seal.funds:
            ways[-1].append(("", 0))
    digests: dict[tuple[str, int], tuple[tuple[str, str], ...]] = {("", 0): ()}
    for fund, same in {way for of_fund in ways for way in of_fund if way[0]}:
        texts = texts_of(tables, [fund], seal.day, seal.until, {fund: same})
        digests[fund, same] = tuple((path, facts_digest(text)) for path, text in texts.items())
    for taken in islice(product(*ways), _MOST_WAYS):
        # The registers of an organisation come with each of its funds.
        if digest_of_files(sorted({file for way in taken for file in digests[way]})) == seal.facts:
            counted = dict(way for way in taken if way[0])
            return texts_of(tables, counted, seal.day, seal.until, counted)
    return None


def _funds_in(texts: Iterable[str]) -> list[str]:
    return [path.removesuffix("/fund.toml") for path in texts if path.endswith("/fund.toml")]


def _registers_at(git: Git) -> Iterator[tuple[str, dict[str, Mapping[str, Any]]]]:
    """The registers at each commit that changed one, newest first, without invalid ones."""
    tables: dict[str, Mapping[str, Any] | None] = {}
    with git.objects() as read:
        for commit, state in register_states(git):
            for _, blob in state:
                if blob not in tables:
                    tables[blob] = loaded(read(blob))
            yield commit, {path: table for path, blob in state if (table := tables[blob]) is not None}


class _Cut:
    """One ledger's lines relative to a seal: those recorded before its time, and those of the same second.

    A seal has the number of its lines. Lines recorded in the same second after it was made come later in the file, since
    ledgers are append-only. Lines that it names (`ahead`) are included whatever their time.
    """

    def __init__(self, path: str, lines: Sequence[bytes], seal: Seal) -> None:
        dated = [(recorded_at(line), line) for line in lines]
        self.path = path
        self.fund = path.rpartition("/")[0]
        self.before = [line for at, line in dated if at < seal.until or not at or is_ahead(line, seal.ahead)]
        self.same = (
            [line for at, line in dated if at == seal.until and not is_ahead(line, seal.ahead)] if seal.until else []
        )
        self._digests: dict[int, str] = {}

    @property
    def most(self) -> int:
        return len(self.before) + len(self.same)

    def digest(self, same: int) -> str | None:
        """The digest with the first `same` lines of the second; None for no line at all."""
        if not self.before and not same:
            return None
        if same not in self._digests:
            self._digests[same] = digest_of_lines([*self.before, *self.same[:same]])
        return self._digests[same]

    def lines(self, same: int) -> Iterator[tuple[str, str]]:
        """The fund and text of each of those lines."""
        for line in (*self.before, *self.same[:same]):
            yield self.fund, line.decode(errors="replace")


def _sealed(cuts: Sequence[_Cut], seal: Seal) -> set[tuple[str, str]] | None:
    """The lines, in the number stated by the seal, that match its digest; None where none do."""
    wanted = seal.lines - sum(len(cut.before) for cut in cuts)
    if not 0 <= wanted <= sum(len(cut.same) for cut in cuts):
        return None
    for ways in islice(_ways([len(cut.same) for cut in cuts], wanted), _MOST_WAYS):
        taken = list(zip(cuts, ways, strict=True))
        digests = ((cut.path, digest) for cut, same in taken if (digest := cut.digest(same)))
        if digest_of_files(digests, seal.version) == seal.digest:
            return {line for cut, same in taken for line in cut.lines(same)}
    return None


def _ways(most: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    """Every way to take `total` items from the beginnings of lists of these lengths."""
    if not most:
        yield ()
        return
    for first in range(min(most[0], total), max(0, total - sum(most[1:])) - 1, -1):
        for others in _ways(most[1:], total - first):
            yield first, *others


def _state_sealed(git: Git, seal: Seal) -> set[tuple[str, str]] | None:
    """The sealed lines, from the newest commit that had them all; None where none had."""
    cuts: dict[tuple[str, str], _Cut] = {}
    with git.objects() as read:
        for state in ledger_states(git):
            covered = seal.covered({path.rpartition("/")[0] for path, _ in state})
            ledgers = [blob for blob in state if blob[0].rpartition("/")[0] in covered]
            for path, blob in ledgers:
                if (path, blob) not in cuts:
                    cuts[path, blob] = _Cut(path, whole_lines(read(blob)), seal)
            if (sealed := _sealed([cuts[ledger] for ledger in ledgers], seal)) is not None:
                return sealed
    return None


def _keys(ledgers: Iterable[LedgerLines]) -> Iterator[tuple[str, str]]:
    for ledger in ledgers:
        for line in ledger.lines:
            yield ledger.fund, line.decode(errors="replace")


def _differences(was: set[tuple[str, str]], now: set[tuple[str, str]], history: History) -> Iterator[Difference]:
    """Removed and changed lines, then added ones."""
    doing = {change.before.key: change.commit for change in reversed(history.changes)}
    came = {id_in(text): (fund, text) for fund, text in sorted(now - was)}
    for fund, text in sorted(was - now):
        after = came.pop(id_in(text), None)
        commit = doing.get((fund, text))
        if after is None:
            yield Difference("went", fund, text, None, commit)
        else:
            yield Difference("changed", fund, text, after[1], commit)
    for fund, text in came.values():
        yield Difference("came", fund, None, text, history.brought_in.get((fund, text)))


def _told_by(history: History, covered: set[str], seal: Seal) -> Iterator[Difference]:
    """The changes in git's history that concern lines recorded up to the seal's moment and not put back since."""
    for change in history.changes:
        before, after = change.before, change.after
        if before.fund in covered and recorded_at(before.text.encode()) <= seal.until and not change.stands:
            what: Literal["went", "changed"] = "changed" if after else "went"
            yield Difference(what, before.fund, before.text, after.text if after else None, change.commit)


def _altered(now: Iterable[tuple[str, str]]) -> Iterator[Difference]:
    for fund, text in sorted(now):
        if not RecordedLine("", fund, id_in(text), text).is_valid:
            yield Difference("altered", fund, None, text)
