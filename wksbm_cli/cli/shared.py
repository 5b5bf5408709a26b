"""Options that many commands share: those of the program, of a recording, of a report, of a listing."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.render.formats import FORMATS, format_of
from wksbm_cli.reports.privacy import NAMINGS

FormatOption = Annotated[
    str | None, typer.Option("--format", help=N_("How the answer is laid out"), metavar="|".join(FORMATS))
]
PrivacyOption = Annotated[
    str | None,
    typer.Option("--privacy", help=N_("How people are named; full shows categories too"), metavar="|".join(NAMINGS)),
]
QrOption = Annotated[bool, typer.Option("--qr", help=N_("The seal as a QR code below it, as pages always have it"))]
OrgOption = Annotated[str | None, typer.Option("--org", help=N_("Only this organisation"), metavar="ORG")]


class RecordingOptions(NamedTuple):
    """How an entry is recorded; amounts and names are the command's own."""

    date: str | None
    note: str | None
    allow_future: bool
    allow_negative: bool
    allow_early: bool
    from_savings: bool
    because: str | None
    dry_run: bool
    format: str


AnswerFormat = Annotated[str, typer.Option("--format", help=N_("How the answer is laid out"), metavar="text|json")]
_ANSWERS = ("text", "json")


def check_answer_format(format_: str) -> None:
    """Refuse a format there is none of before anything is done: found out afterwards, it would be done all the same."""
    if format_ not in _ANSWERS:
        from wksbm_cli.domain.message import msg
        from wksbm_cli.domain.problem import Usage
        from wksbm_cli.domain.slug import nearest_hint

        raise Usage(msg('There is no format "{format}".', format=format_), hint=nearest_hint(format_, _ANSWERS))


def recording(
    date: Annotated[
        str | None,
        typer.Option(
            "--date", help=N_("Day it happened: 2026-02-19, 19/2/2026, 19/2, 19 Feb, kemarin, senin"), metavar="DATE"
        ),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help=N_("A note for the entry"), metavar="TEXT")] = None,
    allow_future: Annotated[bool, typer.Option("--allow-future", help=N_("Allow a day still to come"))] = False,
    allow_negative: Annotated[
        bool, typer.Option("--allow-negative", help=N_("Allow more to go out of a place than is in it"))
    ] = False,
    allow_early: Annotated[
        bool, typer.Option("--allow-early", help=N_("Allow a day before the opening balance"))
    ] = False,
    from_savings: Annotated[
        bool, typer.Option("--from-savings", help=N_("Allow to take of what members have saved"))
    ] = False,
    because: Annotated[
        str | None, typer.Option("--because", help=N_("Why what a rule is against is allowed"), metavar=N_("TEXT"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only show what would be recorded"))] = False,
    format_: AnswerFormat = "text",
) -> RecordingOptions:
    check_answer_format(format_)
    return RecordingOptions(
        date, note, allow_future, allow_negative, allow_early, from_savings, because, dry_run, format_
    )


class ChangeOptions(NamedTuple):
    """How a register is changed, and for the decision that records it: who decided, and why."""

    dry_run: bool
    format: str
    decided_by: str | None
    reason: str | None


DecidedByOption = Annotated[
    str | None, typer.Option("--decided-by", help=N_("Who decided it, as the members' meeting"), metavar="TEXT")
]


def changing(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only show what would be changed"))] = False,
    format_: AnswerFormat = "text",
    decided_by: DecidedByOption = None,
    reason: Annotated[str | None, typer.Option("--reason", help=N_("Why"), metavar="TEXT")] = None,
) -> ChangeOptions:
    from wksbm_cli.domain.slug import check_text

    check_answer_format(format_)
    who, why = (check_text(text) if text else None for text in (decided_by, reason))
    return ChangeOptions(dry_run, format_, who, why)


class ReportOptions(NamedTuple):
    """Which part of the book a report is about, and how and where it is written."""

    org: str | None
    fund: str | None
    month: str | None
    year: str | None
    start: str | None
    end: str | None
    as_of: str | None
    format: str
    output: str | None
    privacy: str | None = None
    short: bool = False
    qr: bool = False


FundOption = Annotated[str | None, typer.Option("--fund", help=N_("Only this fund"), metavar="FUND")]
MonthOption = Annotated[
    str | None, typer.Option("--month", help=N_("A month: 2026-02, or last, this"), metavar="MONTH")
]
YearOption = Annotated[str | None, typer.Option("--year", help=N_("A year: 2026, or last, this"), metavar="YEAR")]
FromOption = Annotated[str | None, typer.Option("--from", help=N_("From this day on"), metavar="DATE")]
ToOption = Annotated[str | None, typer.Option("--to", help=N_("Up to this day"), metavar="DATE")]


def report(
    org: OrgOption = None,
    fund_: FundOption = None,
    month: MonthOption = None,
    year: YearOption = None,
    start: FromOption = None,
    end: ToOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help=N_("As things stood at the end of this day"), metavar="DATE")
    ] = None,
    format_: FormatOption = None,
    output: Annotated[
        str | None,
        typer.Option("--output", help=N_("Write to this file; {org} and {month} are filled in"), metavar="PATH"),
    ] = None,
    privacy: PrivacyOption = None,
    short: Annotated[bool, typer.Option("--short", help=N_("All in one line"))] = False,
    qr: QrOption = False,
) -> ReportOptions:
    layout = format_of(output) if format_ is None else format_
    return ReportOptions(org, fund_, month, year, start, end, as_of, layout, output, privacy, short, qr)


def document(
    format_: FormatOption = None,
    output: Annotated[str | None, typer.Option("--output", help=N_("Write to this file"), metavar="PATH")] = None,
    privacy: PrivacyOption = None,
    qr: QrOption = False,
) -> ReportOptions:
    """How a paper about one thing is laid out, which has no period and no part of the book to choose."""
    layout = format_of(output) if format_ is None else format_
    return ReportOptions(None, None, None, None, None, None, None, layout, output, privacy, qr=qr)


def selection(
    org: OrgOption = None,
    fund_: FundOption = None,
    month: MonthOption = None,
    year: YearOption = None,
    start: FromOption = None,
    end: ToOption = None,
    output: Annotated[
        str | None,
        typer.Option("--output", help=N_("Write to this file, or for Parquet to this folder"), metavar="PATH"),
    ] = None,
    privacy: Annotated[
        str | None,
        typer.Option("--privacy", help=N_("full: the categories of those who were helped too"), metavar="full"),
    ] = None,
) -> ReportOptions:
    """The part of the book that an export holds, as a report would name it."""
    return ReportOptions(org, fund_, month, year, start, end, None, "", output, privacy)


class ListingOptions(NamedTuple):
    """How a list of a register is laid out."""

    org: str | None
    format: str
    privacy: str | None


def listing(org: OrgOption = None, format_: FormatOption = None, privacy: PrivacyOption = None) -> ListingOptions:
    return ListingOptions(org, format_of(None) if format_ is None else format_, privacy)
