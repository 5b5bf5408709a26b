"""Regular expressions from a rules file, limited to those without catastrophic backtracking.

Python's matcher backtracks. Where a repeated part contains something repeated, optional or alternative, as in
`(a+)+b`, the number of paths doubles with every character: 30 characters take an hour. Such parts are refused. The rest
is polynomial: an open repetition (`*`, `+`, `{2,}`) can end after each character. Only the first `LOOKED_AT`
characters of a cell are matched, and an expression with more than `MOST_WAYS` paths is refused, which allows three
open repetitions. The worst cell for the worst accepted expression then takes a second or two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage

LOOKED_AT = 200
MOST_WAYS = 4 * LOOKED_AT**3
LONGEST = 500

_GROUP = re.compile(r"\((?:\?:|\?P<[A-Za-z_]\w*>|(?!\?))")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_COUNT = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")


@dataclass(slots=True)
class _Part:
    """A group being parsed: an upper bound of its paths, and whether it has any choice."""

    ways: int = 1
    earlier_branches: int = 0

    @property
    def total(self) -> int:
        return self.ways + self.earlier_branches


def compile_expression(text: str) -> re.Pattern[str]:
    """Compile an expression, ignoring case; `Usage` where it is invalid or too costly."""
    if len(text) > LONGEST:
        raise Usage(msg("An expression may have at most {most} letters.", most=LONGEST))
    try:
        compiled = re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise Usage(
            msg('"{expression}" is not a regular expression: {reason}.', expression=text, reason=str(error))
        ) from None
    if _ways(text) > MOST_WAYS:
        raise Usage(
            msg('"{expression}" could be fitted in too many ways.', expression=text),
            hint=msg("Use at most three of *, + and {{2,}}, and fewer where there are alternatives."),
        )
    return compiled


def _ways(text: str) -> int:
    """An upper bound of the matcher's paths for a valid expression from one starting point."""
    parts = [_Part()]
    at = 0
    while at < len(text):
        atom_ways, end = 1, at + 1
        match text[at]:
            case "\\":
                if text[at + 1].isdigit():
                    raise _refused(text, text[at : at + 2])
                end = at + 2
            case "[":
                found = _CLASS.match(text, at)
                end = found.end() if found else end
            case "(":
                opening = _GROUP.match(text, at)
                if opening is None:
                    raise _refused(text, text[at : at + 3])
                parts.append(_Part())
                at = opening.end()
                continue
            case "|":
                parts[-1] = _Part(1, parts[-1].total)
                at = end
                continue
            case ")":
                atom_ways = parts.pop().total
        counted = _COUNT.match(text, end)
        if counted is not None and counted[0] not in ("{}", "{,}"):
            least, most = _bounds(counted)
            end = counted.end()
            if text[end : end + 1] in ("?", "+"):  # reluctant or possessive: the same choices, in another order
                end += 1
            if most > 1 and atom_ways > 1:
                raise Usage(
                    msg('"{expression}" repeats a part that holds repetitions or alternatives.', expression=text),
                    hint=msg("Write the part out, or use a class such as [a-z] instead of (a|b|c)."),
                )
            atom_ways *= most - least + 1
        parts[-1].ways *= atom_ways
        at = end
    return parts[0].total


def _bounds(counted: re.Match[str]) -> tuple[int, int]:
    """The minimum and maximum repetitions of the preceding atom, the latter limited to the characters matched."""
    match counted[0]:
        case "*":
            return 0, LOOKED_AT
        case "+":
            return 1, LOOKED_AT
        case "?":
            return 0, 1
    least = int(counted[1] or 0)
    most = int(counted[3]) if counted[3] else (LOOKED_AT if counted[2] else least)
    return min(least, LOOKED_AT), max(min(most, LOOKED_AT), min(least, LOOKED_AT))


def _refused(text: str, what: str) -> Usage:
    return Usage(
        msg('"{what}" cannot be used in "{expression}".', what=what, expression=text),
        hint=msg("Groups are written (...), (?:...) or (?P<name>...)."),
    )
