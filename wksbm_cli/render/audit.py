"""What an audit found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.render.registered import register_cells, register_change
from wksbm_cli.sync.audit import Arrival, Audit, Recorder
from wksbm_cli.sync.history import Commit, CommitChange

_HAPPENING: dict[str, Message] = {
    "changed": msg("changed"),
    "removed": msg("removed"),
    "moved": msg("moved to another fund"),
}
# Of a book kept by hand every change is told; the latest are enough to read, and JSON has all.
_MOST_COMMITS, _MOST_CHANGES = 10, 5
_SIGNATURES: dict[str, Message] = {
    "good": msg("signed, and the signature is good"),
    "bad": msg("the signature is bad"),
    "unknown": msg("signed, by a key not known here"),
    "expired": msg("signed, by a key that has expired"),
    "revoked": msg("signed, by a key that was revoked"),
    "none": msg("not signed"),
}


def as_text(audit: Audit, language: Language) -> str:
    """Changes first, each with the line before and after; then late recordings, then who recorded what."""
    return "".join(f"{printable(line)}\n" for line in _lines(audit, language))


def _lines(audit: Audit, language: Language) -> Iterator[str]:
    say = language.say
    commits = msgn("{count} commit", "{count} commits", audit.commits)
    entries = msgn("{count} entry", "{count} entries", audit.entries)
    yield say(msg("Read: {commits}, {entries}.", commits=commits, entries=entries))
    if audit.shallow:
        yield say(msg("This copy of the repository holds only the latest commits; what came before was not seen."))
    if audit.unread:
        yield say(
            msgn("{count} line is no entry: wksbm check", "{count} lines are no entries: wksbm check", audit.unread)
        )
    yield ""
    if not audit.changes:
        yield say(msg("No recorded line was ever changed or removed."))
    else:
        yield say(
            msgn(
                "{count} recorded line was changed or removed:",
                "{count} recorded lines were changed or removed:",
                len(audit.changes),
            )
        )
        for change in audit.changes:
            yield from _change(change, language)
    yield ""
    late = len(audit.late)
    if not late:
        yield say(
            msgn(
                "None was recorded more than {count} day late.",
                "None was recorded more than {count} days late.",
                audit.days,
            )
        )
    else:
        yield say(msg("Recorded more than {days} days after they happened: {count}", days=audit.days, count=late))
        for entry in audit.late:
            yield "  " + say(
                msgn(
                    "{fund} {id}, {date}: {count} day later, by {by}",
                    "{fund} {id}, {date}: {count} days later, by {by}",
                    entry.days,
                    fund=entry.fund,
                    id=entry.id,
                    date=entry.date,
                    by=entry.by,
                )
            )
    yield ""
    if not audit.arrivals:
        yield say(msg("The time of every entry agrees with the commit that first held it."))
    else:
        yield say(msg("Entries whose own time does not agree with the commit that first held them:"))
        for arrival in audit.arrivals:
            yield "  " + say(_arrival(arrival, language))
    yield ""
    yield from _registers(audit, language)
    yield ""
    yield say(msg("Who recorded:"))
    signed = any(recorder.signature not in ("", "none") for recorder in audit.recorders)
    for recorder in audit.recorders:
        yield (
            "  " + say(_recorder(recorder)) + (f" ({say(_signed(recorder))})" if signed and recorder.signature else "")
        )
    if not signed and any(recorder.committed_by for recorder in audit.recorders):
        yield "  " + say(msg("None of the commits that brought these entries is signed."))


def _registers(audit: Audit, language: Language) -> Iterator[str]:
    if not audit.registers:
        yield language.say(msg("Every change of a register has its decision, and no closing was taken away."))
        return
    yield language.say(msg("Changed in a register with no decision that tells of it, or taken from its closings:"))
    for one in audit.registers[:_MOST_COMMITS]:
        yield "  " + language.say(in_commit(one.commit, language))
        for change in one.changes[:_MOST_CHANGES]:
            yield "    - " + language.say(register_change(change))
        if len(one.changes) > _MOST_CHANGES:
            yield "    - " + language.say(msg("and {count} more", count=len(one.changes) - _MOST_CHANGES))
    if len(audit.registers) > _MOST_COMMITS:
        yield "  " + language.say(msg("and {count} more", count=len(audit.registers) - _MOST_COMMITS))


def _change(change: CommitChange, language: Language) -> Iterator[str]:
    yield ""
    yield "  " + language.say(
        msg(
            "{fund} {id}: {happening}, {commit}",
            fund=change.before.fund,
            id=change.before.id,
            happening=_HAPPENING[change.happening],
            commit=in_commit(change.commit, language),
        )
    )
    yield "    - " + change.before.text
    if change.after is not None:
        moved = f"{change.after.fund}: " if change.happening == "moved" else ""
        yield f"    + {moved}{change.after.text}"
    if change.stands:
        yield "    " + language.say(msg("The line is in the book today as it was first recorded."))


def _arrival(arrival: Arrival, language: Language) -> Message:
    fund, id_, at = arrival.entries[0]
    values = {
        "commit": in_commit(arrival.commit, language),
        "fund": fund,
        "id": id_[:8],
        "at": f"{language.day(at)} {at:%H:%M}",
    }
    match arrival.disagreement:
        case "early":
            return msgn(
                "{commit}: {count} entry that says it was recorded only after that, {fund} {id} ({at})",
                "{commit}: {count} entries that say they were recorded only after that, the first {fund} {id} ({at})",
                len(arrival.entries),
                **values,
            )
        case "passed-over":
            return msgn(
                "{commit}: {count} entry said to be older than {before}, which does not have it, {fund} {id} ({at})",
                "{commit}: {count} entries said to be older than {before}, which does not have them, the first {fund} {id} ({at})",
                len(arrival.entries),
                before=in_commit(arrival.before, language),
                **values,
            )
    return msgn(
        "{commit}: {count} entry, {days} days after its own time, {fund} {id} ({at})",
        "{commit}: {count} entries, up to {days} days after their own time, the first {fund} {id} ({at})",
        len(arrival.entries),
        days=arrival.days,
        **values,
    )


def _signed(recorder: Recorder) -> Message:
    if recorder.signer:
        return msg("signed by {signer}", signer=recorder.signer)
    return _SIGNATURES[recorder.signature]


def in_commit(commit: Commit | None, language: Language) -> Message:
    """Which commit, when and whose; said in the same way by audit and verify."""
    if commit is None:
        return msg("not committed yet")
    made = datetime.fromisoformat(commit.date)
    when = f"{language.day(made)} {made:%H:%M}"
    who = f"{commit.author} <{commit.email}>" if commit.email else commit.author
    if not commit.signature:
        return msg("commit {commit} of {when} by {who}", commit=commit.id[:12], when=when, who=who)
    return msg(
        "commit {commit} of {when} by {who} ({signature})",
        commit=commit.id[:12],
        when=when,
        who=who,
        signature=_SIGNATURES[commit.signature],
    )


def _recorder(recorder: Recorder) -> Message:
    values: dict[str, Any] = {"by": recorder.by, "first": recorder.first, "last": recorder.last}
    if recorder.committed_by is None:
        return msgn(
            "{by}: {count} entry, {first} to {last}, not committed yet",
            "{by}: {count} entries, {first} to {last}, not committed yet",
            recorder.entries,
            **values,
        )
    return msgn(
        "{by}: {count} entry, {first} to {last}, committed by {who}",
        "{by}: {count} entries, {first} to {last}, committed by {who}",
        recorder.entries,
        who=recorder.committed_by,
        **values,
    )


def as_json(audit: Audit, language: Language) -> str:
    """`{"commits", "entries", "changes": [...], "late": [...], "recorders": [...]}`; keys as the values' own."""
    return dumps(
        {
            "commits": audit.commits,
            "entries": audit.entries,
            "days": audit.days,
            "shallow": audit.shallow,
            "unread": audit.unread,
            "changes": [
                {
                    "what": change.happening,
                    "fund": change.before.fund,
                    "id": change.before.id,
                    "before": change.before.text,
                    "after": change.after.text if change.after else None,
                    "after_fund": change.after.fund if change.after else None,
                    "stands": change.stands,
                    **commit_cells(change.commit),
                }
                for change in audit.changes
            ],
            "late": [
                {"fund": late.fund, "id": late.id, "date": late.date, "at": late.at, "days": late.days, "by": late.by}
                for late in audit.late
            ],
            "arrivals": [
                {
                    "what": arrival.disagreement,
                    "days": arrival.days,
                    "before": arrival.before.id if arrival.before else None,
                    "entries": [{"fund": fund, "id": id_, "at": at} for fund, id_, at in arrival.entries],
                    **commit_cells(arrival.commit),
                }
                for arrival in audit.arrivals
            ],
            "registers": [
                {**commit_cells(one.commit), "changes": [register_cells(change) for change in one.changes]}
                for one in audit.registers
            ],
            "recorders": [
                {
                    "by": one.by,
                    "committed_by": one.committed_by,
                    "entries": one.entries,
                    "first": one.first,
                    "last": one.last,
                    "signature": one.signature or None,
                    "signer": one.signer or None,
                }
                for one in audit.recorders
            ],
        },
        language,
    )


def commit_cells(commit: Commit | None) -> dict[str, str | None]:
    """A commit's facts under stable keys, all None for what is not committed yet."""
    if commit is None:
        return dict.fromkeys(("commit", "date", "author", "email", "signature"))
    return {
        "commit": commit.id,
        "date": commit.date,
        "author": commit.author,
        "email": commit.email,
        "signature": commit.signature or None,
    }
