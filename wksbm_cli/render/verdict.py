"""What became of what a seal was made over, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds.decisions import decision_sentence
from wksbm_cli.domain.line import id_in
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.seal import Seal
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.audit import commit_cells, in_commit
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.render.signed import signature_cells, who_signed
from wksbm_cli.seals.paper import PaperVerdict
from wksbm_cli.seals.verify import Difference, FactsVerdict, LinesVerdict, Verdict

_WHAT: dict[str, Message] = {
    "went": msg("gone"),
    "changed": msg("changed"),
    "came": msg("came in since, with an earlier time of recording"),
    "altered": msg("changed after it was written: its id disagrees with its text"),
}


def as_text(verdicts: Sequence[Verdict | PaperVerdict], language: Language) -> str:
    return "".join(
        f"{printable(line)}\n"
        for verdict in verdicts
        for line in (_paper(verdict, language) if isinstance(verdict, PaperVerdict) else _lines(verdict, language))
    )


def _paper(paper: PaperVerdict, language: Language) -> Iterator[str]:
    """The verdict on the seal, with what the paper shows before it where that decides."""
    say = language.say
    if not paper.seal.lines.hold:
        yield from _lines(paper.seal, language)
        return
    if paper.reason is not None:
        yield say(msg("NOT VERIFIED: the figures could not be compared, {reason}.", reason=paper.reason))
        yield say(msg("Of the seal alone:"))
    elif paper.differences:
        yield say(
            msgn(
                "NOT VERIFIED: in {count} place the paper shows something else than the book gives.",
                "NOT VERIFIED: in {count} places the paper shows something else than the book gives.",
                len(paper.differences),
            )
        )
        for one in paper.differences[:_MOST_SHOWN]:
            yield ""
            yield say(msg("{place}:", place=one.place))
            yield say(msg("  on the paper: {text}", text=_told(one.paper)))
            yield say(msg("  by the book:  {text}", text=_told(one.book)))
        if len(paper.differences) > _MOST_SHOWN:
            yield say(msg("... and {count} more", count=len(paper.differences) - _MOST_SHOWN))
        yield ""
        yield say(msg("Of the seal alone:"))
    else:
        yield say(msg("Every figure of the paper is what the book gives."))
    yield from _lines(paper.seal, language)
    if paper.since:
        yield ""
        yield say(msg("Recorded since, but dated in the period of the paper:"))
        yield from (f"  {fund} {text}" for fund, _, text in paper.since)


# So many differences are shown; the JSON answer has all.
_MOST_SHOWN = 20


def _told(text: str | None) -> str | Message:
    return msg("nothing") if text is None else text.strip()


def _lines(verdict: Verdict, language: Language) -> Iterator[str]:
    say, seal, lines = language.say, verdict.seal, verdict.lines
    if not seal.lines:
        yield say(msg("NOT VERIFIED: this seal was made over no line at all, so it shows nothing."))
        return
    there = msgn(
        "the {count} line is still there, unchanged",
        "all {count} lines are still there, unchanged",
        seal.lines,
    )
    if verdict.holds:
        if verdict.facts is None:
            yield say(msg("Verified: {lines}.", lines=there))
            yield say(msg("This is a seal of the first form, which does not cover names, tariffs and closings."))
        else:
            yield say(msg("Verified: {lines}, and so is what the registers said on {day}.", lines=there, day=seal.day))
    elif lines.hold:
        yield say(
            msg("NOT VERIFIED: {lines}, but the registers say something else of {day}.", lines=there, day=seal.day)
        )
    else:
        yield from _not_there(seal.lines, lines, language)
    if lines.hold and lines.later:
        yield say(msgn("{count} line was recorded since.", "{count} lines were recorded since.", lines.later))
    if verdict.facts is not None and not verdict.facts.hold:
        yield from _facts(verdict.facts, lines, language)
    if verdict.facts is not None and verdict.facts.decided:
        yield from _decided(verdict.facts.decided, language)
    yield from map(say, who_signed(verdict.signatures))


def _decided(decisions: Sequence[Entry], language: Language) -> Iterator[str]:
    """What was decided since of the facts sealed, oldest first."""
    yield language.say(msg("Decided since, and changed in the registers:"))
    for one in reversed(decisions):
        sentence = language.say(decision_sentence(one))
        yield language.say(
            msg("  {id}  {date}, {by}: {text}", id=one.short_id, date=one.date, by=one.by, text=sentence)
        )


def _not_there(sealed: int, lines: LinesVerdict, language: Language) -> Iterator[str]:
    say = language.say
    yield say(
        msg(
            "NOT VERIFIED: the seal was made from {sealed} lines; of those recorded up to then there are {now}.",
            sealed=sealed,
            now=lines.lines,
        )
    )
    if lines.is_known and all(difference.what == "came" for difference in lines.differences):
        yield say(msg("Every line of the seal is still there, unchanged; others have come in beside them."))
    if not lines.is_known:
        yield say(msg("The state that was sealed is not in git's history; this is what can be told without it:"))
        if not lines.differences:
            yield say(msg("Nothing more. The line that differs went without a trace, or the seal was mistyped."))
    for difference in lines.differences:
        yield ""
        yield from _difference(difference, language)


def _facts(facts: FactsVerdict, lines: LinesVerdict, language: Language) -> Iterator[str]:
    """What the registers said and say; without git's history only that they differ."""
    if not lines.hold:
        yield ""
        yield language.say(msg("The registers say something else too."))
    if facts.commit is None:
        yield language.say(msg("What they said when it was sealed is not in git's history."))
        return
    yield language.say(msg("So they were in {commit}, the newest to agree with the seal:", commit=facts.commit.id[:8]))
    for one in facts.differences:
        yield ""
        yield language.say(msg("{register}: {key}", register=one.register, key=one.key))
        if one.before is not None:
            yield f"  - {one.before}"
        if one.after is not None:
            yield f"  + {one.after}"


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


def as_json(verdicts: Sequence[Verdict | PaperVerdict], language: Language) -> str:
    """`{"verified": true, "seals": [{"version", "funds", "lines", "until", "digest", "verified", "now", "later", "differences",
    "facts"}]}`; `facts` is null of a seal that has none, and else `{"on", "digest", "verified", "commit", "differences", "decided"}`.

    Of papers each has `paper` too: `{"compared", "reason", "differences": [{"place", "paper", "book"}], "since": [{"fund", "id",
    "line"}]}`.
    """
    return dumps({"verified": all(verdict.holds for verdict in verdicts), "seals": [*map(_of_any, verdicts)]}, language)


def _of_any(verdict: Verdict | PaperVerdict) -> dict[str, Any]:
    if not isinstance(verdict, PaperVerdict):
        return _cells(verdict)
    return {
        **_cells(verdict.seal),
        "paper": {
            "compared": verdict.seal.lines.hold and verdict.reason is None,
            "reason": verdict.reason,
            "differences": [one._asdict() for one in verdict.differences],
            "since": [{"fund": fund, "id": id_, "line": text} for fund, id_, text in verdict.since],
        },
    }


def _cells(verdict: Verdict) -> dict[str, Any]:
    seal, lines = verdict.seal, verdict.lines
    return {
        "version": seal.version,
        "funds": list(seal.funds) or seal.scope.split("+"),
        "lines": seal.lines,
        "until": seal.until or None,
        "digest": seal.digest,
        "verified": verdict.holds,
        "now": lines.lines,
        "later": lines.later,
        "known": lines.is_known,
        "signatures": signature_cells(verdict.signatures),
        "differences": [
            {
                "what": one.what,
                "fund": one.fund,
                "id": id_in(one.before or one.after or ""),
                "before": one.before,
                "after": one.after,
                **commit_cells(one.commit),
            }
            for one in lines.differences
        ],
        "facts": None if verdict.facts is None else _facts_cells(seal, verdict.facts),
    }


def _facts_cells(seal: Seal, facts: FactsVerdict) -> dict[str, Any]:
    return {
        "on": seal.day,
        "digest": seal.facts,
        "verified": facts.hold,
        "commit": facts.commit.id if facts.commit else None,
        "differences": [one._asdict() for one in facts.differences],
        "decided": [{"id": one.id, "organisation": one.fund, "line": one.line} for one in reversed(facts.decided)],
    }
