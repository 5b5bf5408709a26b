"""What a change of a register answers: what it did, in words; and the lines of the file it touched."""

from __future__ import annotations

from difflib import ndiff
from typing import Any

from wksbm_cli.domain.message import msg
from wksbm_cli.recording.registers.change import Changed
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language


def as_text(changed: Changed, language: Language) -> str:
    """The sentences of the change; before them, of a dry run, the lines that would go and come."""
    lines = []
    if changed.dry_run:
        lines.append(language.say(msg("Only shown; {path} was not changed:", path=changed.path)))
        lines += [f"{sign} {line}" for sign, line in _touched(changed)]
    lines += [language.say(said) for said in changed.said]
    return "".join(f"{line}\n" for line in lines)


def as_json(changed: Changed, language: Language) -> str:
    """`{"changed": [{"file", "removed", "added"}], "decisions": [{"id", "organisation", "line"}]}`, lines of the register and
    of the organisation's ledger; of a dry run, `would_change`, and the decisions there would be."""
    touched = _touched(changed)
    files = [
        {
            "file": changed.path,
            "removed": [line for sign, line in touched if sign == "-"],
            "added": [line for sign, line in touched if sign == "+"],
        }
    ]
    answer: dict[str, Any] = {"changed": [] if changed.dry_run else files}
    if changed.dry_run:
        answer["would_change"] = files
    answer["decisions"] = [{"id": one.id, "organisation": one.fund, "line": one.line} for one in changed.decisions]
    return dumps(answer, language)


def _touched(changed: Changed) -> list[tuple[str, str]]:
    """The lines that differ, each with its sign; blank ones say nothing."""
    compared = ndiff(changed.before.splitlines(), changed.after.splitlines())
    return [(line[0], line[2:]) for line in compared if line[0] in "+-" and line[2:].strip()]
