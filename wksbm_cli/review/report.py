"""A review as a report: discrepancies, then what could not be verified, then what agreed."""

from __future__ import annotations

from pathlib import PurePath

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.reports.report import Column, Report, Row, Table
from wksbm_cli.review.outcome import Discrepancy, Reviewed
from wksbm_cli.review.review import CHECKS

_DATA = (
    Column("where", msg("Where"), "code"),
    Column("check", msg("Check"), "code"),
    Column("printed", msg("Printed")),
    Column("computed", msg("Worked out")),
    Column("difference", msg("Difference")),
    Column("finding", msg("Finding")),
    Column("hint", msg("Hint")),
)
_FOUND = (Column("where", msg("Where"), "code"), Column("finding", msg("What does not agree")))
_RIGHT = (Column("check", msg("Worked out again and right")), Column("count", msg("Times"), "count"))


def review_report(reviewed: Reviewed) -> Report:
    """The report; `book` names the files, for there is no book."""
    names = ", ".join(PurePath(path).name for path in reviewed.files)
    found = reviewed.discrepancies
    before = (
        msgn("{count} thing does not agree.", "{count} things do not agree.", len(found))
        if found
        else msg("Everything that could be worked out again agrees.")
    )
    tables = [Table(_FOUND, tuple(_row(each, reviewed) for each in found))] if found else []
    right = [
        {"check": title, "count": reviewed.agreed[check]} for check, title in CHECKS.items() if reviewed.agreed[check]
    ]
    tables.append(Table(_RIGHT, tuple(right)))
    return Report(
        name="review",
        title=msg("Review of a report"),
        book=names,
        span=Span(None, None),
        data=Table(_DATA, tuple(_data(each, reviewed) for each in found)),
        tables=tuple(tables),
        before=(before,),
        notes=tuple(msg("Not judged: {what}", what=each) for each in reviewed.unchecked),
    )


def _where(found: Discrepancy, reviewed: Reviewed) -> str:
    several = len(reviewed.files) > 1
    return f"{PurePath(found.spot.file).name} {found.spot}" if several else str(found.spot)


def _sentence(found: Discrepancy) -> Message:
    parts = [found.text, *(each for each in (found.hint, found.settled_by) if each is not None)]
    match parts:
        case [text]:
            return text
        case [text, hint]:
            return msg("{text} {hint}", text=text, hint=hint)
        case _:
            return msg("{text} {hint} {more}", text=parts[0], hint=parts[1], more=parts[2])


def _hint(found: Discrepancy) -> Message | None:
    if found.hint is not None and found.settled_by is not None:
        return msg("{text} {hint}", text=found.hint, hint=found.settled_by)
    return found.hint or found.settled_by


def _row(found: Discrepancy, reviewed: Reviewed) -> Row:
    return {"where": _where(found, reviewed), "finding": _sentence(found)}


def _data(found: Discrepancy, reviewed: Reviewed) -> Row:
    """The row of JSON and CSV; figures are numbers, in rupiah or in the sheet's own goods."""
    return {
        "where": _where(found, reviewed),
        "check": found.check,
        "printed": found.printed,
        "computed": found.computed,
        "difference": found.difference,
        "finding": found.text,
        "hint": _hint(found),
    }
