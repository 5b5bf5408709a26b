"""`audit` and `verify`: asking the past of a book."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from wksbm_cli.cli.names import N_
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import AnswerFormat, check_answer_format
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Usage, reason_of
from wksbm_cli.domain.seal import Seal, find_seals, from_mapping

if TYPE_CHECKING:
    from wksbm_cli.seals.paper import Paper, PaperDifference, PaperVerdict, Printed
    from wksbm_cli.seals.verify import Verdict

# A saved report of a year with its tables; what is larger is none.
_LARGEST_REPORT = 64 << 20


def audit(
    ctx: typer.Context,
    days: Annotated[
        int,
        typer.Option(
            "--days",
            metavar=N_("DAYS"),
            min=0,
            help=N_("Recordings later than this many days after the day are listed"),
        ),
    ] = 30,
    format_: AnswerFormat = "text",
) -> int:
    from wksbm_cli.render import audit as render
    from wksbm_cli.sync.audit import audit as examine

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    with session.waiting(msg("Reading the history")):
        found = examine(session.folder, days)
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(found, session.language))
    return 1 if found.changes or found.lost_closings else 0


def verify(
    ctx: typer.Context,
    seal: Annotated[
        list[str],
        typer.Argument(metavar=N_("SEAL|FILE"), help=N_("The seal under a report, or the report as it was saved")),
    ],
    format_: AnswerFormat = "text",
) -> int:
    from wksbm_cli.render import verdict as render
    from wksbm_cli.seals.verify import verify as examine

    check_answer_format(format_)
    session = ctx.ensure_object(Session)
    with session.waiting(msg("Reading the book")):
        if seals := find_seals(" ".join(seal)):
            found: list[Verdict | PaperVerdict] = [examine(session.folder, one) for one in seals]
        else:
            found = [*_papers(session, seal)]
        verdicts = [*_with_signatures(session, found)]
    sys.stdout.write((render.as_json if format_ == "json" else render.as_text)(verdicts, session.language))
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _with_signatures(session: Session, found: list[Verdict | PaperVerdict]) -> Iterator[Verdict | PaperVerdict]:
    """The verdicts with who signed each seal; what cannot be read of the registers keeps nobody from verifying."""
    from wksbm_cli.book.reading import read_registers
    from wksbm_cli.check.signatures import signatures_of_seal
    from wksbm_cli.seals.paper import PaperVerdict

    registers = read_registers(session.folder, [])
    for one in found:
        verdict = one.seal if isinstance(one, PaperVerdict) else one
        signed = verdict._replace(signatures=tuple(signatures_of_seal(session.folder, registers, verdict.seal)))
        yield one._replace(seal=signed) if isinstance(one, PaperVerdict) else signed


def _papers(session: Session, words: list[str]) -> Iterator[PaperVerdict]:
    """The verdict on each paper in the file named."""
    from wksbm_cli.seals.paper import PaperVerdict
    from wksbm_cli.seals.verify import verify as examine

    path = Path(words[0])
    if len(words) > 1 or not path.is_file():
        raise Usage(
            msg('"{text}" is neither a seal nor a file.', text=" ".join(words)[:80]),
            hint=msg("Type the seal as it stands under the report: wksbm verify {example}", example=_EXAMPLE),
        )
    sealed = [(paper, one) for paper in _read(path) for one in _seals_of(paper)]
    if not sealed:
        raise Usage(
            msg("There is no seal in {path}.", path=str(path)),
            hint=msg("CSV holds the rows alone. Write the same report with --format xlsx or pdf, which have a seal.")
            if path.suffix.lower() == ".csv"
            else msg("Type the seal as it stands under the report: wksbm verify {example}", example=_EXAMPLE),
        )
    for paper, one in sealed:
        verdict = examine(session.folder, one)
        if not verdict.lines.hold:
            yield PaperVerdict(verdict)
        elif not paper.command:
            yield PaperVerdict(verdict, reason=msg("the paper does not say how it was made"))
        else:
            yield _compared(session, paper, verdict)


def _compared(session: Session, paper: Paper, verdict: Verdict) -> PaperVerdict:
    """The paper held against the same paper made again from the book as it stood."""
    from wksbm_cli.cli.commands import beside_command
    from wksbm_cli.cli.remaking import CannotRemake, remake
    from wksbm_cli.seals.paper import PaperVerdict, differences
    from wksbm_cli.seals.state import recorded_since, states_at

    def differing(paper: Paper, made: Paper) -> Sequence[PaperDifference]:
        if paper.printed is None:
            return differences(paper, made)
        from wksbm_cli.render.language import Language
        from wksbm_cli.render.numbering import number_of
        from wksbm_cli.seals.printed import printed_differences

        language, pages = Language(paper.command.split()[2]), paper.printed.pages
        numbers = [number_of(language, str(page), str(pages)) for page in range(1, pages + 1)]
        return printed_differences(paper.printed, made.whole, numbers)

    last, _ = beside_command(paper.command)
    until = datetime.fromisoformat(verdict.seal.until) if verdict.seal.until else session.moment
    moment = max(until, last or until)
    found: list[PaperVerdict] = []
    for state in states_at(session.folder, verdict, moment):
        try:
            again = remake(session, _remade_by(paper), state, moment)
        except CannotRemake as why:
            found.append(PaperVerdict(verdict, reason=why.text))
            continue
        made = _rendered(again.rendered)
        if [(one.lines, one.digest) for one in _seals_of(made)] != [(verdict.seal.lines, verdict.seal.digest)]:
            return PaperVerdict(verdict, reason=msg("the seal under it is that of another report"))
        since = recorded_since(session.folder, verdict, again.span)
        found.append(PaperVerdict(verdict, tuple(differing(paper, made)), tuple(since)))
        if not found[-1].differences:
            break
    return min(found, key=lambda one: (one.reason is not None, len(one.differences)))


def _remade_by(paper: Paper) -> str:
    """The command that makes a paper again: of a PDF the page that it was printed from."""
    return paper.command.replace("--format pdf", "--format html") if paper.printed else paper.command


def _rendered(rendered: str | bytes) -> Paper:
    from wksbm_cli.seals.paper import papers_in

    if isinstance(rendered, str):
        return papers_in(rendered)[0]
    with TemporaryDirectory(prefix="wksbm-") as scratch:
        path = Path(scratch) / "paper.xlsx"
        path.write_bytes(rendered)
        return _workbook(path)


def _read(path: Path) -> list[Paper]:
    """The papers of a file: a workbook, a PDF, a page, a JSON report, or texts."""
    from wksbm_cli.seals.paper import of_pdf, papers_in

    if path.stat().st_size > _LARGEST_REPORT:
        raise Usage(msg("{path} is too large for a report.", path=str(path)))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Trouble(msg("{path} cannot be read: {reason}.", path=str(path), reason=reason_of(error))) from None
    if data.startswith(b"%PDF"):
        return [of_pdf(_pdf(path))]
    return [_workbook(path)] if data.startswith(b"PK") else papers_in(data.decode("utf-8-sig", errors="replace"))


def _workbook(path: Path) -> Paper:
    from wksbm_cli.seals.paper import of_workbook
    from wksbm_cli.sheets.grid import column_letters
    from wksbm_cli.sheets.xlsx import read_workbook

    return of_workbook(
        [
            (f"{number}!{column_letters(column)}{row}", str(cell))
            for number, grid in enumerate(read_workbook(str(path)), 1)
            for row, cells in enumerate(grid.rows, 1)
            for column, cell in enumerate(cells)
            if cell is not None and cell != ""
        ]
    )


def _pdf(path: Path) -> Printed:
    from wksbm_cli.seals.paper import Printed
    from wksbm_cli.seals.printed import words_of

    try:
        from pypdf import PdfReader
    except ImportError:
        raise Usage(
            msg('The format "{format}" needs a part that is not installed.', format="pdf"),
            hint=msg('Install it with: pip install "wksbm-cli[{extra}]"', extra="pdf"),
        ) from None
    try:
        pdf = PdfReader(path)
        words = [word for number, page in enumerate(pdf.pages, 1) for word in words_of(page.extract_text(), number)]
        told = {key: str(value) for key, value in (pdf.metadata or {}).items()}
        foreign = sum(len(page.images) + len(page.get("/Annots") or ()) for page in pdf.pages)
    except Exception as error:  # its errors have no common class, and the file may be anybody's
        raise Trouble(msg("{path} cannot be read: {reason}.", path=str(path), reason=str(error)[:120])) from None
    return Printed(words, len(pdf.pages), told.get("/wksbmcommand", ""), told.get("/wksbmseal", ""), foreign)


def _seals_of(paper: Paper) -> list[Seal]:
    """The seals of a paper: of a JSON report the one in its envelope."""
    if paper.seal is not None:
        return [from_mapping(paper.seal)]
    return list(dict.fromkeys(find_seals("\n".join(one.text for one in paper.shown))))


_EXAMPLE = "wksbm2 rt-07/kas-sosial 42 2026-03-01T19:00:00+07:00 4f2a1b3c-... 2026-02-28 9d0c5e71-..."
