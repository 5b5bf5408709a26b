"""What an acceptance recorded: how many facts now have a decision, and which."""

from __future__ import annotations

from wksbm_cli.domain.kinds.decisions import decision_sentence
from wksbm_cli.domain.message import msg, msgn
from wksbm_cli.domain.slug import printable
from wksbm_cli.recording.registers.accept import Accepted
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language

# So many decisions are told one by one.
_MOST_TOLD = 20


def as_text(accepted: Accepted, language: Language) -> str:
    decisions = accepted.decisions
    if not decisions:
        return f"{language.say(msg('Every fact in the registers has its decision already.'))}\n"
    lines = [language.say(msg("Only shown; nothing was changed:"))] if accepted.dry_run else []
    said = msgn("{count} decision recorded:", "{count} decisions recorded:", len(decisions))
    if accepted.dry_run:
        said = msgn("{count} decision would be recorded:", "{count} decisions would be recorded:", len(decisions))
    lines.append(language.say(said))
    lines += [
        f"  {one.short_id}  {one.fund}  {printable(language.say(decision_sentence(one)))}"
        for one in decisions[:_MOST_TOLD]
    ]
    if len(decisions) > _MOST_TOLD:
        lines.append(language.say(msg("and {count} more", count=len(decisions) - _MOST_TOLD)))
    return "".join(f"{line}\n" for line in lines)


def as_json(accepted: Accepted, language: Language) -> str:
    """`{"decisions": [{"id", "organisation", "line"}], "dry_run"}`."""
    decisions = [{"id": one.id, "organisation": one.fund, "line": one.line} for one in accepted.decisions]
    return dumps({"decisions": decisions, "dry_run": accepted.dry_run}, language)
