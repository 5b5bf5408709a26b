"""Verifying a seal: whether every line and every fact it was made from is still there, and what git knows of those that
are not."""

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
from wksbm_cli.domain.facts import differing, facts_digest, moments, texts_of
from wksbm_cli.domain.line import id_in
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

# Lines of the seal's own last second are tried in this many ways at most; a person's recording needs one.
_MOST_WAYS = 50_000


class Difference(NamedTuple):
    """A line that came, went or changed since a seal, and the commit that did it where git knows one.

    `before` is None where it came, `after` where it went. A line `altered` disagrees with its own id: what it was
    before is not known.
    """

    what: Literal["came", "went", "changed", "altered"]
    fund: str
    before: str | None
    after: str | None
    commit: Commit | None = None


class FactDifference(NamedTuple):
    """A fact of a register (its path in the book) that is another than when it was sealed; None: not there."""

    register: str
    key: str
    before: str | None
    after: str | None


class FactsVerdict(NamedTuple):
    """What became of the facts of a seal. `commit` is the newest whose registers had them; None where git knows none.
    `funds` are those whose facts it counts, where they hold."""

    hold: bool
    differences: tuple[FactDifference, ...] = ()
    commit: Commit | None = None
    funds: tuple[str, ...] = ()


class LinesVerdict(NamedTuple):
    """What became of the lines of a seal.

    `lines` are those recorded up to its moment that stand there now, `later` those recorded since. `is_known` says
    that git's history holds the very lines sealed; otherwise the differences are what it and the ids can tell. `sealed` are the
    lines themselves (fund, text), where they are all there.
    """

    hold: bool
    lines: int
    later: int
    differences: tuple[Difference, ...] = ()
    is_known: bool = True
    sealed: frozenset[tuple[str, str]] = frozenset()


class Verdict(NamedTuple):
    """What became of what a seal was made over; of one of the first form, which had no facts, `facts` is None.

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
    """Read every ledger and register of the seal's funds, straight from the disk, and compare. A seal over no line shows
    nothing, so it never holds."""
    ledgers = read_lines(folder)
    if not seal.lines:
        return Verdict(seal, LinesVerdict(False, 0, sum(len(ledger.lines) for ledger in ledgers)), None)
    covered = set(seal.covered({ledger.fund for ledger in ledgers if "/" in ledger.fund}))
    cuts = [_Cut(f"{one.fund}/{one.path.name}", one.lines, seal) for one in ledgers if one.fund in covered]
    return Verdict(seal, _lines(folder, seal, ledgers, cuts), _facts(folder, seal, cuts) if seal.facts else None)


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


def _facts(folder: Folder, seal: Seal, cuts: Sequence[_Cut]) -> FactsVerdict:
    """Whether the registers still say what they said, going by what was in force on the seal's day."""
    tables = read_registers(folder, []).tables
    used = {cut.fund for cut in cuts if cut.most}
    if (facts := _facts_sealed(tables, seal, used)) is not None:
        return FactsVerdict(True, funds=tuple(_funds_in(facts)))
    git = git_of(folder)
    for commit, was in _registers_at(git) if git is not None and git.head() is not None else ():
        try:
            sealed = _facts_sealed(was, seal, used)
        except (AttributeError, KeyError, TypeError):
            continue  # what was committed then was no register
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


def _facts_sealed(tables: Mapping[str, Mapping[str, Any]], seal: Seal, used: set[str]) -> dict[str, str] | None:
    """The facts that give the seal's digest, as a text for each register; None where none do.

    A fund with no line up to the seal may have been added since. Of closings made in the seal's own last second, what a
    script does in one go, it counts those that were made before it.
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
    """The registers at each commit that touched one, the newest first; without those that could not be read then."""
    tables: dict[str, Mapping[str, Any] | None] = {}
    with git.objects() as read:
        for commit, state in register_states(git):
            for _, blob in state:
                if blob not in tables:
                    tables[blob] = loaded(read(blob))
            yield commit, {path: table for path, blob in state if (table := tables[blob]) is not None}


class _Cut:
    """One ledger's lines as a seal sees them: those recorded before its moment, and those of that very second.

    A seal counts its lines. Where more were recorded in the same second, after it was made, they stand behind
    those it counted, since ledgers only grow. Lines that it names count whatever time they say.
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
    """The lines, as many as the seal counts, that give its digest; None where none do."""
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
    """Every way to take `total` from the heads of lists of these lengths, as much as can be from the first lists first."""
    if not most:
        yield ()
        return
    for first in range(min(most[0], total), max(0, total - sum(most[1:])) - 1, -1):
        for others in _ways(most[1:], total - first):
            yield first, *others


def _state_sealed(git: Git, seal: Seal) -> set[tuple[str, str]] | None:
    """The lines sealed, from the newest commit that still had them all; None where none had."""
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
    """What went or changed, then what came."""
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
