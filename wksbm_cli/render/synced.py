"""What a sync did, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.checked import as_cells
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.render.registered import register_cells, register_change
from wksbm_cli.sync.sync import Synced

# So many findings are shown; `check` shows all.
_MOST_SHOWN = 10


def as_text(synced: Synced, language: Language) -> str:
    return "".join(f"{printable(language.say(sentence))}\n" for sentence in _sentences(synced))


def _sentences(synced: Synced) -> Iterator[Message]:
    if synced.dry_run:
        yield msg("Only shown; nothing was changed:")
    if synced.saved:
        yield msgn("Saved {count} file of the book.", "Saved {count} files of the book.", synced.saved)
    if synced.remote is None:
        yield msg("There is no other copy to sync with. To name one: git remote add origin ADDRESS")
        return
    if synced.were_same:
        yield msg("Nothing new on either side; the book is the same here and there.")
    elif not synced.received and not synced.sent:
        yield msg("There were no new entries; the registers are the same here and there now.")
    if synced.received:
        yield msgn("Received {count} entry.", "Received {count} entries.", synced.received)
    if synced.sent:
        yield msgn("Sent {count} entry.", "Sent {count} entries.", synced.sent)
    for fund, mine, other in synced.doubles:
        yield msg(
            "Look at {id} and {other} of {fund}: they say the same. If one was typed twice, wksbm reverse it.",
            id=mine,
            other=other,
            fund=fund,
        )
    if synced.registers:
        yield msg("The other copy changed in the registers:")
    for change in synced.registers[:_MOST_SHOWN]:
        yield msg("  - {change}", change=register_change(change))
    if len(synced.registers) > _MOST_SHOWN:
        yield msg("  - and {count} more", count=len(synced.registers) - _MOST_SHOWN)
    if synced.findings:
        yield msg("Taken together, the two copies show what neither did alone:")
    for finding in synced.findings[:_MOST_SHOWN]:
        yield msg("  - {finding}", finding=finding.in_a_line())
    if synced.findings:
        yield msg("It can be mended here with an entry; see all of it with: wksbm check")


def as_json(synced: Synced, language: Language) -> str:
    """`{"saved", "remote", "received", "sent", "doubles": [{"fund", "ours", "theirs"}], "registers": [...], "findings": [...], "dry_run"}`.

    A finding has `severity`, `code`, `fund`, `file`, `line`, `message` and `hint`, as those of `check`.
    """
    return dumps(
        {
            "saved": synced.saved,
            "remote": synced.remote,
            "received": synced.received,
            "sent": synced.sent,
            "doubles": [{"fund": fund, "ours": mine, "theirs": other} for fund, mine, other in synced.doubles],
            "registers": [register_cells(change) for change in synced.registers],
            "findings": [as_cells(finding) for finding in synced.findings],
            "dry_run": synced.dry_run,
        },
        language,
    )
