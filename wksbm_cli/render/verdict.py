"""What became of the lines of a seal, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wksbm_cli.domain.line import id_in
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.audit import commit_cells, in_commit
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.seals.verify import Difference, Verdict

_WHAT: dict[str, Message] = {
    "went": msg("gone"),
    "changed": msg("changed"),
    "came": msg("came in since, with an earlier time of recording"),
    "altered": msg("changed after it was written: its id disagrees with its text"),
}


def as_text(verdicts: Sequence[Verdict], language: Language) -> str:
    return "".join(f"{printable(line)}\n" for verdict in verdicts for line in _lines(verdict, language))


def _lines(verdict: Verdict, language: Language) -> Iterator[str]:
    say, seal = language.say, verdict.seal
    if verdict.holds:
        sealed = msgn(
            "Verified: the {count} line is still there, unchanged.",
            "Verified: all {count} lines are still there, unchanged.",
            seal.lines,
        )
        later = msgn("{count} line was recorded since.", "{count} lines were recorded since.", verdict.later)
        yield f"{say(sealed)} {say(later)}" if verdict.later else say(sealed)
        return
    if not seal.lines:
        yield say(msg("NOT VERIFIED: this seal was made over no line at all, so it shows nothing."))
        return
    yield say(
        msg(
            "NOT VERIFIED: the seal was made from {sealed} lines; of those recorded up to then there are {now}.",
            sealed=seal.lines,
            now=verdict.lines,
        )
    )
    if verdict.is_known and all(difference.what == "came" for difference in verdict.differences):
        yield say(msg("Every line of the seal is still there, unchanged; others have come in beside them."))
    if not verdict.is_known:
        yield say(msg("The state that was sealed is not in git's history; this is what can be told without it:"))
        if not verdict.differences:
            yield say(msg("Nothing more. The line that differs went without a trace, or the seal was mistyped."))
    for difference in verdict.differences:
        yield ""
        yield from _difference(difference, language)


def _difference(difference: Difference, language: Language) -> Iterator[str]:
    text = difference.before or difference.after or ""
    commit = None if difference.what == "altered" else in_commit(difference.commit, language)
    told = {"fund": difference.fund, "id": id_in(text), "what": _WHAT[difference.what]}
    if commit is None:
        yield language.say(msg("{fund} {id}: {what}", **told))
    else:
        yield language.say(msg("{fund} {id}: {what}, {commit}", commit=commit, **told))
    if difference.before is not None:
        yield f"  - {difference.before}"
    if difference.after is not None:
        yield f"  + {difference.after}"


def as_json(verdicts: Sequence[Verdict], language: Language) -> str:
    """`{"verified": true, "seals": [{"funds", "lines", "until", "digest", "verified", "now", "later", "differences"}]}`."""
    return dumps(
        {"verified": all(verdict.holds for verdict in verdicts), "seals": [_cells(verdict) for verdict in verdicts]},
        language,
    )


def _cells(verdict: Verdict) -> dict[str, Any]:
    seal = verdict.seal
    return {
        "funds": list(seal.funds) or seal.scope.split("+"),
        "lines": seal.lines,
        "until": seal.until or None,
        "digest": seal.digest,
        "verified": verdict.holds,
        "now": verdict.lines,
        "later": verdict.later,
        "known": verdict.is_known,
        "differences": [
            {
                "what": one.what,
                "fund": one.fund,
                "id": id_in(one.before or one.after or ""),
                "before": one.before,
                "after": one.after,
                **commit_cells(one.commit),
            }
            for one in verdict.differences
        ],
    }
