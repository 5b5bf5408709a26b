"""A PDF to print or send: the HTML page on paper, with numbers on its pages and nothing fetched from anywhere.

The same report gives the same bytes on one machine: nothing in the file tells of a clock. The seal and the command that made the paper
stand in its properties too, since lines on paper may break anywhere.
"""

from __future__ import annotations

import re
from typing import NoReturn

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.render.html import document
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.numbering import number_of
from wksbm_cli.reports.report import Report

try:
    from weasyprint import HTML
except OSError:  # its own libraries are on the system, not in its wheel
    raise Trouble(
        msg("The libraries that lay out a PDF (Pango) are missing on this system."),
        hint=msg(
            "Install them (Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0); or write the page with"
            " --format html --output FILE.html, open it in a browser, and print it as a PDF."
        ),
    ) from None

# The names under which a PDF holds what its reader needs for `verify`.
SEAL, COMMAND = "wksbmseal", "wksbmcommand"
_DRAWN = re.compile(r"</figcaption><svg[^>]*>")
_DRAWING = """\
text{font:10px Arial,"Noto Sans",sans-serif;fill:#5a6570}
.grid{stroke:#c9d1d9;stroke-width:.6}.axis{stroke:#1b1f23;stroke-width:.9}
.bar0{fill:#1f6f5c}.bar1{fill:#b8c4cc}rect.below{fill:#a4342b}
"""


def render(report: Report, language: Language, layout: Layout = USUAL) -> bytes:
    """The report as a PDF."""
    told = {SEAL: report.seal["text"] if report.seal else "", COMMAND: report.command}
    source = document(report, language, _pages(language), {name: value for name, value in told.items() if value})
    # A drawing in the page is laid out by itself, so what colours it goes into it.
    source = _DRAWN.sub(rf"\g<0><style>{_DRAWING}</style>", source)
    page = HTML(string=source, url_fetcher=_fetch_nothing)
    written: bytes = page.write_pdf(pdf_identifier=b"wksbm", custom_metadata=True)
    return written


def _pages(language: Language) -> str:
    """A number at the foot of every page but where there is only one."""
    first, between, last = number_of(language, "{}", "{}").split("{}")
    content = f'"{first}" counter(page) "{between}" counter(pages) "{last}"'
    # Where words may break anywhere, the width of each is tried letter by letter.
    return (
        f"@page{{@bottom-right{{content:{content};font:8pt sans-serif;color:#5a6570}}}}\n"
        ".charts{grid-template-columns:1fr 1fr}.seal,.sign{overflow-wrap:break-word}\n"
    )


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(url)
