"""Seals: a short text under a report that commits to its inputs, so that anyone can verify they are unchanged.

A seal has two digests. The first is over the lines of the ledgers: those of each file are sorted and digested, and
the digests of the files, with their names, are sorted and digested again. `sort` and `b2sum` do both steps, so that
nobody needs this program to verify a seal (docs/trust.md). Files of past years never change, so that a new line costs
sorting one file, and a seal one line per file. The second is made in the same way over the facts of the registers
that were in force and the closings made by then (domain/facts.py). Seals of the first form had neither
names of files nor a second digest; they are read and verified as before (docs/decisions/0019-seals-v2.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import SLUG

# The form in which seals are made, and those that are read.
VERSION = 2
_VERSIONS = (1, VERSION)
# 160 bits: two books made to share one seal would take 2**80 tries, and 40 digits can still be typed from paper.
_BYTES = 20
_WHOLE_BOOK = "all"
# The most funds listed by name in the short form of a seal.
_NAMED = 2
_NO_LINES = "-"
# Digits of the id that name a line whose clock was ahead, and the most lines named: with more, the clock of this
# machine is the wrong one.
_AHEAD_DIGITS = 8
_MOST_AHEAD = 40

_ENTRY = re.compile(rb"^[0-9a-f]{12,32} = .*", re.MULTILINE)
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
# How a line ends: its moment behind this, and a closing brace.
_AT = b", at = "
_END = len(_AT) + 25 + len(b" }")
_TWIN = re.compile(rb", twin = [0-9]+ \}$")
_DAY = r"\d{4}-\d\d-\d\d"
_DIGITS = r"[0-9a-f](?:-?[0-9a-f]){39}"
_TEXT = (
    rf"\bwksbm(?P<version>\d+)\s+(?P<scope>[a-z0-9/+-]+)\s+(?P<lines>\d{{1,12}})"
    rf"\s+(?P<until>{_MOMENT}|{_NO_LINES})(?P<ahead>(?:\+[0-9a-f]{{{_AHEAD_DIGITS}}})*)\s+(?P<digest>{_DIGITS})\b"
    rf"(?:\s+(?P<day>{_DAY})\s+(?P<facts>{_DIGITS})\b)?"
)


class LedgerSeal(NamedTuple):
    """The contribution of one ledger file to a seal.

    `until` is when its last line was recorded, as written (its `at`), or '' where it has none.
    """

    lines: int
    until: str
    digest: str


class Seal(NamedTuple):
    """`lines` lines of the ledgers of `funds` (`ORG/FUND`, sorted), recorded up to `until`, give `digest`; the facts of
    the registers in force on `day`, with the closings made up to `until`, give `facts`.

    A `scope` is what was typed for the funds: `all`, organisations and funds joined by `+`. `ahead` are the beginnings of
    the ids of lines that are sealed as well although they say a time after `until`: their clock was ahead. Seals of `version` 1
    have no facts.
    """

    funds: tuple[str, ...]
    lines: int
    until: str
    digest: str
    scope: str = ""
    ahead: tuple[str, ...] = ()
    day: date | None = None
    facts: str = ""
    version: int = VERSION

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
    """When a line was recorded: the `at` at its end (before a `twin` of format 1); '' for any other form.

    A timestamp inside a later note is ignored: such a line counts as recorded before any.

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


def digest_of_files(digests: Iterable[tuple[str, str]], version: int = VERSION) -> str:
    """The digest of the lines that `b2sum` prints for each file (its path in the book, and its digest); the first form
    of seals did not name the files."""
    return digest_of_lines(f"{one}  {path if version > 1 else '-'}".encode() for path, one in digests)


def seal_ledger(ledger: bytes) -> LedgerSeal:
    """The contribution of a ledger file: 400 lines a year of a nightly collection, 20,000 where each house has its own."""
    lines = entry_lines(ledger)
    return LedgerSeal(len(lines), _last_recorded(lines), digest_of_lines(lines))


def last_sealed(
    ledgers: Sequence[str], lines: Callable[[], Iterable[tuple[str, str]]], now: datetime
) -> tuple[str, tuple[str, ...]]:
    """Up to when a seal made at `now` counts lines, and the beginnings of those that say a later time.

    `ledgers` are when the last line of each file was recorded; `lines` gives every line with its time, and is asked only where
    one is later than `now`. A clock that is years ahead would else put its time on every seal to come, and whatever
    is recorded after one would look as if it had come in before.
    """
    latest = max(ledgers, default="")
    if not is_later(latest, now):
        return latest, ()
    told = [*lines()]
    later = sorted(line[:_AHEAD_DIGITS] for line, moment in told if is_later(moment, now))
    if len(later) > _MOST_AHEAD:
        return latest, ()
    return max((moment for _, moment in told if not is_later(moment, now)), default=""), tuple(later)


def is_later(moment: str, now: datetime) -> bool:
    """Whether one written timestamp is after another; an empty one never is."""
    return moment != "" and datetime.fromisoformat(moment) > now


def is_ahead(line: bytes, ahead: Sequence[str]) -> bool:
    """Whether a line is among those that a seal names."""
    return line[:_AHEAD_DIGITS].decode(errors="replace") in ahead


def as_mapping(seal: Seal, known: Collection[str]) -> Mapping[str, Any]:
    """The seal with the stable keys of a report; `text` is the short form that can be typed."""
    return {
        "version": seal.version,
        "funds": list(seal.funds),
        "lines": seal.lines,
        "until": seal.until or None,
        "ahead": list(seal.ahead),
        "digest": seal.digest,
        "facts_on": seal.day,
        "facts": seal.facts,
        "text": as_text(seal, known),
    }


def as_text(seal: Seal, known: Collection[str]) -> str:
    """`wksbm2 rt-07/kas-sosial 42 2026-03-01T19:00:00+07:00 4f2a1b3c-... 2026-02-28 9d0c5e71-...`, where `known` are all funds
    of the book."""
    until = "+".join((seal.until or _NO_LINES, *seal.ahead))
    facts = f" {seal.day} {_grouped(seal.facts)}" if seal.day is not None else ""
    return f"wksbm{seal.version} {_scope(seal.funds, known)} {seal.lines} {until} {_grouped(seal.digest)}{facts}"


def _grouped(digits: str) -> str:
    return "-".join(digits[start : start + 8] for start in range(0, len(digits), 8))


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
    """Every seal in a text, wherever lines are broken: what was typed, a report as it was saved, or what a telephone read
    from a QR code, which is in capitals."""
    found = [*re.finditer(_TEXT, text)]
    return [_from_match(match) for match in found or re.finditer(_TEXT, _SCANNED.sub(_as_typed, text))]


# Undo the capitals of a QR code: only the `T` of a timestamp stays a capital.
_SCANNED = re.compile(r"\bWKSBM[0-9]+ [A-Z0-9/+:\s-]{40,}")


def _as_typed(scanned: re.Match[str]) -> str:
    return re.sub(r"(?<=[0-9]{2})t(?=[0-9]{2}:)", "T", scanned[0].lower())


def _from_match(match: re.Match[str]) -> Seal:
    version, scope = int(match["version"]), match["scope"]
    _check_version(version)
    names = scope.split("+")
    if not all(SLUG.fullmatch(part) for name in names for part in name.split("/", 1)):
        raise Usage(msg('"{text}" is no seal.', text=scope[:80]), hint=msg("Type it as it stands under the report."))
    if version == 1 and match["ahead"]:
        raise Usage(
            msg('"{text}" is no seal.', text=match["ahead"][:80]), hint=msg("Type it as it stands under the report.")
        )
    if version > 1 and match["facts"] is None:
        raise Usage(
            msg("This seal ends too early: behind its first digest stand a day and a second one."),
            hint=msg("Type it as it stands under the report."),
        )
    return Seal(
        funds=tuple(name for name in names if "/" in name),
        lines=int(match["lines"]),
        until="" if match["until"] == _NO_LINES else match["until"],
        digest=match["digest"].replace("-", ""),
        scope=scope,
        ahead=tuple(match["ahead"].split("+")[1:]),
        day=_day(match["day"]) if version > 1 else None,
        facts=match["facts"].replace("-", "") if version > 1 else "",
        version=version,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Usage(
            msg('"{text}" is no seal.', text=text), hint=msg("Type it as it stands under the report.")
        ) from None


def from_mapping(seal: Mapping[str, Any]) -> Seal:
    """The seal that `as_mapping` made, as a saved JSON report holds it."""
    funds, text = seal.get("funds"), seal.get("text")
    _check_version(seal.get("version"))
    found = find_seals(text) if isinstance(text, str) else []
    if (
        len(found) != 1
        or not isinstance(funds, list)
        or not all(isinstance(fund, str) and _is_fund(fund) for fund in funds)
    ):
        raise Usage(msg("The seal in this file is not as a report writes it."))
    made = found[0]._replace(funds=tuple(funds), scope="")
    if (made.version, made.lines, made.until or None, made.digest, made.facts) != (
        *(seal.get(key) for key in ("version", "lines", "until", "digest")),
        seal.get("facts", ""),
    ):
        raise Usage(msg("The seal in this file is not as a report writes it."))
    return made


def _is_fund(name: str) -> bool:
    organisation, slash, fund = name.partition("/")
    return bool(slash and SLUG.fullmatch(organisation) and SLUG.fullmatch(fund))


def _check_version(version: object) -> None:
    if version not in _VERSIONS:
        raise Usage(
            msg(
                "This seal has version {version}; this program reads versions up to {known}.",
                version=str(version)[:20],
                known=VERSION,
            )
        )
