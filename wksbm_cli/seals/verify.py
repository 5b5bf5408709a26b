"""Verifying a seal: whether every line it was made from is still there, and what git knows of those that are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.git import Git, git_of
from wksbm_cli.book.ledgers import LedgerLines, read_lines, whole_lines
from wksbm_cli.domain.line import id_in
from wksbm_cli.domain.seal import Seal, digest_of_ledgers, digest_of_lines, recorded_at
from wksbm_cli.sync.history import Commit, History, RecordedLine, ledger_states, read_history

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


class Verdict(NamedTuple):
    """What became of the lines of a seal.

    `lines` are those recorded up to its moment that stand there now, `later` those recorded since. `is_known` says
    that git's history holds the very lines sealed; otherwise the differences are what it and the ids can tell.
    """

    seal: Seal
    holds: bool
    lines: int
    later: int
    differences: tuple[Difference, ...] = ()
    is_known: bool = True


def verify(folder: Folder, seal: Seal) -> Verdict:
    """Read every ledger of the seal's funds, straight from the disk, and compare. A seal over no line shows nothing, so it never holds."""
    ledgers = read_lines(folder)
    if not seal.lines:
        return Verdict(seal, False, 0, sum(len(ledger.lines) for ledger in ledgers))
    covered = set(seal.covered({ledger.fund for ledger in ledgers}))
    cuts = [_Cut(ledger.fund, ledger.lines, seal.until) for ledger in ledgers if ledger.fund in covered]
    lines = sum(cut.most for cut in cuts)
    later = sum(len(ledger.lines) for ledger in ledgers if ledger.fund in covered) - lines
    if _sealed(cuts, seal) is not None:
        return Verdict(seal, True, seal.lines, later + lines - seal.lines)
    now = {line for cut in cuts for line in cut.lines(len(cut.same))}
    git = git_of(folder)
    if git is None or git.head() is None:
        return Verdict(seal, False, lines, later, tuple(_altered(now)), is_known=False)
    history = read_history(git, _keys(ledgers))
    was = _state_sealed(git, seal)
    if was is not None:
        return Verdict(seal, False, lines, later, tuple(_differences(was, now, history)))
    told = [*_told_by(history, covered, seal)]
    explained = {difference.after for difference in told}
    altered = [difference for difference in _altered(now) if difference.after not in explained]
    return Verdict(seal, False, lines, later, (*told, *altered), is_known=False)


class _Cut:
    """One ledger's lines as a seal sees them: those recorded before its moment, and those of that very second.

    A seal counts its lines. Where more were recorded in the same second, after it was made, they stand behind
    those it counted, since ledgers only grow.
    """

    def __init__(self, fund: str, lines: Sequence[bytes], until: str) -> None:
        dated = [(recorded_at(line), line) for line in lines]
        self.before = [line for at, line in dated if at < until or not at]
        self.same = [line for at, line in dated if at == until] if until else []
        self._fund = fund
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
            yield self._fund, line.decode(errors="replace")


def _sealed(cuts: Sequence[_Cut], seal: Seal) -> set[tuple[str, str]] | None:
    """The lines, as many as the seal counts, that give its digest; None where none do."""
    wanted = seal.lines - sum(len(cut.before) for cut in cuts)
    if not 0 <= wanted <= sum(len(cut.same) for cut in cuts):
        return None
    for ways in islice(_ways([len(cut.same) for cut in cuts], wanted), _MOST_WAYS):
        taken = list(zip(cuts, ways, strict=True))
        if digest_of_ledgers(digest for cut, same in taken if (digest := cut.digest(same))) == seal.digest:
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
            covered = seal.covered({fund for fund, _ in state})
            ledgers = [blob for blob in state if blob[0] in covered]
            for fund, blob in ledgers:
                if (fund, blob) not in cuts:
                    cuts[fund, blob] = _Cut(fund, whole_lines(read(blob)), seal.until)
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
