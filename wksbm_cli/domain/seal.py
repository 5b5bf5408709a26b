"""Seals: a short text under a report, by which anyone can see whether the lines it was made from are still there.

The lines of each ledger file are sorted and digested; the digests of the files are sorted and digested again.
Both steps are what `sort` and `b2sum` do, so that nobody needs this program to check one (docs/trust.md). A file
of a year gone by never changes, so a new line costs one file's sorting, and a seal one line per file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import SLUG

VERSION = 1
# 160 bits: two books made to share one seal would take 2**80 tries, and 40 digits can still be typed from paper.
_BYTES = 20
_WHOLE_BOOK = "all"
# So many funds are named in the short form of a seal, whatever else they may be.
_NAMED = 2
_NO_LINES = "-"

_ENTRY = re.compile(rb"^[0-9a-f]{12,32} = .*", re.MULTILINE)
_RECEIVER = re.compile(rb'[{,] to_fund = "([a-z0-9/-]+)"')
_PART_TO = re.compile(rb'[{,] "([a-z0-9/-]+)" = { amount = ')
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
# How a line ends: its moment behind this, and a closing brace.
_AT = b", at = "
_END = len(_AT) + 25 + len(b" }")
_TWIN = re.compile(rb", twin = [0-9]+ \}$")
_TEXT = (
    rf"\bwksbm(?P<version>\d+)\s+(?P<scope>[a-z0-9/+-]+)\s+(?P<lines>\d{{1,12}})"
    rf"\s+(?P<until>{_MOMENT}|{_NO_LINES})\s+(?P<digest>[0-9a-f](?:-?[0-9a-f]){{39}})\b"
)


class LedgerSeal(NamedTuple):
    """The part of a seal that one ledger file gives.

    `until` is when its last line was recorded, as written (its `at`), or '' where it has none. `sends_to` are the
    funds to which it transfers, or gives a part of what is paid: that is written once, in the fund it leaves, and changes both.
    """

    lines: int
    until: str
    digest: str
    sends_to: tuple[str, ...] = ()


class Seal(NamedTuple):
    """`lines` lines of the ledgers of `funds` (`ORG/FUND`, sorted), the last of them recorded at `until`, give `digest`.

    A `scope` is what was typed for the funds: `all`, organisations and funds joined by `+`.
    """

    funds: tuple[str, ...]
    lines: int
    until: str
    digest: str
    scope: str = ""

    def covered(self, known: Collection[str]) -> list[str]:
        """Those of the `known` funds that the seal is about."""
        if not self.scope:
            return sorted(set(self.funds))
        parts = self.scope.split("+")
        if parts == [_WHOLE_BOOK]:
            return sorted(known)
        return sorted({fund for fund in known if fund in parts or fund.partition("/")[0] in parts} | set(self.funds))


def entry_lines(ledger: bytes) -> list[bytes]:
    """The lines of a ledger file that are entries, in its order and without their ends: `grep -E '^[0-9a-f]{12,32} = '`."""
    return _ENTRY.findall(ledger.replace(b"\r", b"") if b"\r" in ledger else ledger)


def recorded_at(line: bytes) -> str:
    """When a line was recorded, as it says itself at its end, before a `twin` of format 1; '' for any other form.

    What a note says behind the moment is no moment: such a line counts as recorded before any.

    Compared as text, as `sort` and `awk` compare: the same as in time, in a book of one time zone.
    """
    end = _TWIN.sub(b" }", line)[-_END:]
    moment = end[len(_AT) : -2].decode(errors="replace")
    return moment if end.startswith(_AT) and end.endswith(b" }") and re.fullmatch(_MOMENT, moment) else ""


def _last_recorded(lines: Sequence[bytes]) -> str:
    """The greatest `recorded_at` of the lines, '' for none."""
    return max(map(recorded_at, lines), default="")


def digest(data: bytes) -> str:
    """`b2sum -l 160`."""
    return blake2b(data, digest_size=_BYTES).hexdigest()


def digest_of_lines(lines: Iterable[bytes]) -> str:
    """`LC_ALL=C sort | b2sum -l 160`."""
    ordered = sorted(lines)
    return digest(b"\n".join(ordered) + b"\n" if ordered else b"")


def digest_of_ledgers(digests: Iterable[str]) -> str:
    """The digest of the lines that `b2sum` printed for each file."""
    return digest_of_lines(f"{one}  -".encode() for one in digests)


def seal_ledger(ledger: bytes) -> LedgerSeal:
    """The part that a ledger file gives: 400 lines a year of a nightly collection, 20,000 where each house has its own."""
    lines = entry_lines(ledger)
    receivers = {*_found(_RECEIVER, b" to_fund = ", ledger), *_found(_PART_TO, b" split = { ", ledger)}
    return LedgerSeal(
        len(lines), _last_recorded(lines), digest_of_lines(lines), tuple(sorted(one.decode() for one in receivers))
    )


def _found(pattern: re.Pattern[bytes], mark: bytes, ledger: bytes) -> Sequence[bytes]:
    """What a pattern finds in a ledger, looked for only where its mark stands: most ledgers are long and have none."""
    return pattern.findall(ledger) if mark in ledger else ()


def seal_of(funds: Iterable[str], ledgers: Iterable[LedgerSeal]) -> Seal:
    """The seal of some funds from the parts of all their ledger files; files without a line count for nothing."""
    parts = [ledger for ledger in ledgers if ledger.lines]
    return Seal(
        tuple(sorted(funds)),
        sum(ledger.lines for ledger in parts),
        max((ledger.until for ledger in parts), default=""),
        digest_of_ledgers(ledger.digest for ledger in parts),
    )


def as_mapping(seal: Seal, known: Collection[str]) -> Mapping[str, Any]:
    """The seal under the stable keys of a report; `text` is the short form that can be typed."""
    return {
        "version": VERSION,
        "funds": list(seal.funds),
        "lines": seal.lines,
        "until": seal.until or None,
        "digest": seal.digest,
        "text": as_text(seal, known),
    }


def as_text(seal: Seal, known: Collection[str]) -> str:
    """`wksbm1 rt-07/kas-sosial 42 2026-03-01T19:00:00+07:00 4f2a1b3c-...`, where `known` are all funds of the book."""
    grouped = "-".join(seal.digest[start : start + 8] for start in range(0, len(seal.digest), 8))
    return f"wksbm{VERSION} {_scope(seal.funds, known)} {seal.lines} {seal.until or _NO_LINES} {grouped}"


def _scope(funds: Sequence[str], known: Collection[str]) -> str:
    """A fund or two by name; of more, `all` for the whole book, an organisation's name for all its funds."""
    if len(funds) <= _NAMED:
        return "+".join(funds)
    if set(funds) == set(known):
        return _WHOLE_BOOK
    parts: dict[str, None] = {}
    for fund in funds:
        organisation = fund.partition("/")[0]
        whole = {other for other in known if other.startswith(f"{organisation}/")} <= set(funds)
        parts[organisation if whole and organisation != _WHOLE_BOOK else fund] = None
    return "+".join(parts)


def find_seals(text: str) -> list[Seal]:
    """Every seal in a text, wherever lines are broken: what was typed, or a report as it was saved."""
    return [_from_match(match) for match in re.finditer(_TEXT, text)]


def _from_match(match: re.Match[str]) -> Seal:
    _check_version(int(match["version"]))
    scope = match["scope"]
    names = scope.split("+")
    if not all(SLUG.fullmatch(part) for name in names for part in name.split("/", 1)):
        raise Usage(msg('"{text}" is no seal.', text=scope[:80]), hint=msg("Type it as it stands under the report."))
    until = "" if match["until"] == _NO_LINES else match["until"]
    funds = tuple(name for name in names if "/" in name)
    return Seal(funds, int(match["lines"]), until, match["digest"].replace("-", ""), scope)


def from_mapping(seal: Mapping[str, Any]) -> Seal:
    """The seal that `as_mapping` made, as a saved JSON report holds it."""
    funds, lines, until, text = seal.get("funds"), seal.get("lines"), seal.get("until"), seal.get("digest")
    _check_version(seal.get("version"))
    if (
        not isinstance(funds, list)
        or not all(isinstance(fund, str) and _is_fund(fund) for fund in funds)
        or type(lines) is not int
        or not (until is None or (isinstance(until, str) and re.fullmatch(_MOMENT, until)))
        or not (isinstance(text, str) and re.fullmatch(rf"[0-9a-f]{{{2 * _BYTES}}}", text))
    ):
        raise Usage(msg("The seal in this file is not as a report writes it."))
    return Seal(tuple(funds), lines, until or "", text)


def _is_fund(name: str) -> bool:
    organisation, slash, fund = name.partition("/")
    return bool(slash and SLUG.fullmatch(organisation) and SLUG.fullmatch(fund))


def _check_version(version: object) -> None:
    if version != VERSION:
        raise Usage(
            msg(
                "This seal has version {version}; this program reads version {known}.",
                version=str(version)[:20],
                known=VERSION,
            )
        )
