"""What a check found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wksbm_cli.check.check import Checked
from wksbm_cli.check.finding import Finding
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language

_SEVERITIES: dict[str, Message] = {"error": msg("error"), "warning": msg("warning")}


def as_text(checked: Checked, language: Language) -> str:
    """Each finding in four lines at most (where, the excerpt, what is wrong, what to do), then one line about all."""
    return "".join(f"{printable(line)}\n" for line in _lines(checked, language))


def _lines(checked: Checked, language: Language) -> Iterator[str]:
    for finding in checked.findings:
        yield from _finding(finding, language)
        yield ""
    errors = len(checked.errors)
    warnings = len(checked.findings) - errors
    yield language.say(
        msg(
            "{lines} in {files}: {errors}, {warnings}.",
            lines=msgn("{count} line", "{count} lines", checked.lines),
            files=msgn("{count} ledger", "{count} ledgers", checked.files),
            errors=msgn("{count} error", "{count} errors", errors),
            warnings=msgn("{count} warning", "{count} warnings", warnings),
        )
        if checked.findings
        else msg(
            "{lines} in {files}: nothing is wrong.",
            lines=msgn("{count} line", "{count} lines", checked.lines),
            files=msgn("{count} ledger", "{count} ledgers", checked.files),
        )
    )


def _finding(finding: Finding, language: Language) -> Iterator[str]:
    where = finding.where
    place = f"{where.path}:{where.line}" if where.line else where.path
    yield f"{place}: {language.say(_SEVERITIES[finding.severity])} ({finding.code})"
    if where.excerpt:
        yield f"    {where.excerpt}"
    yield language.say(finding.text)
    if finding.hint is not None:
        yield language.say(finding.hint)


def as_json(checked: Checked, language: Language) -> str:
    """`{"files", "lines", "errors", "warnings", "findings": [{"severity", "code", "fund", "file", "line", ...}]}`."""
    errors = len(checked.errors)
    return dumps(
        {
            "files": checked.files,
            "lines": checked.lines,
            "errors": errors,
            "warnings": len(checked.findings) - errors,
            "findings": [as_cells(finding) for finding in checked.findings],
        },
        language,
    )


def as_cells(finding: Finding) -> Mapping[str, Any]:
    """A finding as the answers in JSON have it."""
    return {
        "severity": finding.severity,
        "code": finding.code,
        "fund": finding.fund or None,
        "file": finding.where.path,
        "line": finding.where.line or None,
        "excerpt": finding.where.excerpt or None,
        "message": finding.text,
        "hint": finding.hint,
    }
