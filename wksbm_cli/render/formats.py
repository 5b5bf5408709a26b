"""The formats a report is written in, by name. One list: for help, for checking, for the nearest name to a slip.

A format's module is imported when a report is written in it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.render.layout import USUAL, Layout

if TYPE_CHECKING:
    from wksbm_cli.render.language import Language
    from wksbm_cli.reports.report import Report

    Renderer = Callable[[Report, Language, Layout], str | bytes]


class Format(NamedTuple):
    """A format: its name, the module of `render` whose `render` writes it, and the usual endings of its files.

    A format that `circulates` is meant to be passed on, so names are reduced by default. `extra` is the optional
    dependency group that the module needs.
    """

    name: str
    endings: tuple[str, ...] = ()
    circulates: bool = False
    extra: str = ""

    def render(self, report: Report, language: Language, layout: Layout = USUAL) -> str | bytes:
        """A redacted report in this format; bytes where the format is no text."""
        try:
            renderer: Renderer = import_module(f"wksbm_cli.render.{self.name}").render
        except ImportError:
            if not self.extra:
                raise
            hint = msg('Install it with: pip install "wksbm-cli[{extra}]"', extra=self.extra)
            if self.name == "pdf":
                hint = msg(
                    'Install it with: pip install "wksbm-cli[pdf]"; or write the page with --format html --output FILE.html,'
                    " open it in a browser, and print it as a PDF."
                )
            raise Usage(
                msg('The format "{format}" needs a part that is not installed.', format=self.name), hint=hint
            ) from None
        return renderer(report, language, layout)


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format("table"),
        Format("text", (".txt",)),
        Format("whatsapp", circulates=True),
        Format("markdown", (".md",), circulates=True),
        Format("csv", (".csv",)),
        Format("json", (".json",)),
        Format("html", (".html", ".htm"), circulates=True),
        Format("xlsx", (".xlsx",), circulates=True, extra="xlsx"),
        Format("pdf", (".pdf",), circulates=True, extra="pdf"),
    )
}


# Endings of other programs' files.
_FOREIGN = frozenset({".doc", ".docx", ".rtf", ".odt", ".ods", ".xls", ".png", ".jpg", ".jpeg"})


def find_format(name: str) -> Format:
    """The format of a name, or `Usage` with the nearest there is."""
    if name not in FORMATS:
        raise Usage(msg('There is no format "{format}".', format=name), hint=nearest_hint(name, FORMATS))
    return FORMATS[name]


def format_of(path: str | None) -> str:
    """The format a file's ending asks for; a table where it asks for none, or where there is no file. `Usage` for an ending of
    files that none of them is: a text called `laporan.pdf` would open nowhere."""
    ending = PurePath(path).suffix.lower() if path else ""
    if ending in _FOREIGN:
        raise Usage(
            msg("No report can be written as {ending}.", ending=ending),
            hint=msg(
                "Name the file with one of: {endings}.",
                endings=", ".join(each.endings[0] for each in FORMATS.values() if each.endings),
            ),
        )
    return next((format_.name for format_ in FORMATS.values() if ending in format_.endings), "table")
