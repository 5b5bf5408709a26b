"""One HTML file that needs nothing beside it: read on a phone, printed on A4, charts drawn in it, no script.

Every text is escaped on its way in, and the page's own policy forbids scripts and anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from wksbm_cli.render.columns import broken_heads, continued
from wksbm_cli.render.language import Language
from wksbm_cli.render.layout import USUAL, Layout
from wksbm_cli.render.page import Cell, Grid, Page, Signed, page
from wksbm_cli.render.sheets import height_of_end, sheets
from wksbm_cli.render.svg import svg
from wksbm_cli.reports.report import Report

# More columns than these do not stand beside each other: in half a page, on a phone, and on A4 upright.
_SLIM_COLUMNS = 2
_PHONE_COLUMNS = 3
_UPRIGHT_COLUMNS = 9
# What A4 on its side holds in letters of a matrix; a year of months and their sum.
_ACROSS = 150
# Rows of a table that is not cut between two printed pages.
_ON_ONE_PAGE = 12

_STYLE = """\
:root{color-scheme:light;--ink:#1b1f23;--soft:#5a6570;--line:#c9d1d9;--bar:#1f6f5c;--bar-beside:#b8c4cc;--below:#a4342b}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--ink);font:16px/1.45 system-ui,"Noto Sans",Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1rem}
header{border-bottom:2px solid var(--ink);padding-bottom:.5rem}
h1{font-size:1.4rem;line-height:1.2;margin:0}
h2{font-size:1.05rem;margin:0 0 .4rem}
header p,footer p{margin:.15rem 0}
section{margin:1.4rem 0;overflow-x:auto}
.period,.seal,figcaption span{color:var(--soft)}
table{width:100%;border-collapse:collapse}
th,td{padding:.25rem .4rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{border-bottom:1.5px solid var(--ink);font-weight:600;vertical-align:bottom}
.n{text-align:right;font-variant-numeric:tabular-nums}
th{overflow-wrap:break-word}
td.n,td.k{white-space:nowrap}
td.n,td.k,.matrix th.n{overflow-wrap:normal}
.matrix th.n{white-space:pre-line}
.below{color:var(--below)}
tfoot td{font-weight:600;border-bottom:0}
tfoot tr:first-child td{border-top:2px solid var(--ink)}
tr>:first-child{padding-left:0}tr>:last-child{padding-right:0}
.matrix{font-size:.82rem;overflow-wrap:break-word}
.matrix+.matrix{margin-top:1rem}
.strong td{font-weight:600}
.carried{display:none}.carried td{font-style:italic}
.copy+.copy{display:none}
.whose{color:var(--soft);font-size:.8rem}
.form td:first-child{width:9rem;color:var(--soft)}
.form .strong td{border:0}.form .strong td+td{display:inline-block;border:1.5px solid var(--ink);padding:.4rem 1rem;margin-top:.4rem}
.slim{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 2.5rem}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:1rem}
figure{margin:0;break-inside:avoid}
figcaption{font-weight:600;font-size:.9rem}
figcaption span{white-space:nowrap;margin-left:.8em}
figcaption i{display:inline-block;width:.7em;height:.7em;margin-right:.3em;background:var(--bar)}
figcaption i.bar1{background:var(--bar-beside)}
svg{display:block;width:100%;height:auto}
svg text{font:10px system-ui,Arial,sans-serif;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:.6}.axis{stroke:var(--ink);stroke-width:.9}
.bar0{fill:var(--bar)}.bar1{fill:var(--bar-beside)}rect.below{fill:var(--below)}
ul{padding-left:1.2rem;margin:.3rem 0}
.sign{display:flex;flex-wrap:wrap;justify-content:space-between;gap:1.5rem;text-align:center;break-inside:avoid}
.sign div{flex:1 1 9rem;display:flex;flex-direction:column;justify-content:space-between}
.sign p{margin:0}.sign p:last-child{margin-top:4.5rem}
.sign+.sign,footer{margin-top:2rem}
.when{text-align:right;margin:2rem 0 1rem}
.sealed{display:flex;justify-content:space-between;align-items:center;gap:1rem;break-inside:avoid}
.qr{flex:none;width:24mm}
.seal{font:.75rem/1.4 ui-monospace,"Liberation Mono",monospace}
@media screen and (max-width:640px){
td.goods{white-space:normal}
.wide thead{display:none}
.wide,.wide tbody,.wide tfoot,.wide tr,.wide td{display:block;width:auto}
.wide.captioned thead{display:block}
.wide.captioned th{display:block;padding:0;border:0}
.wide tr{padding:.4rem 0;border-bottom:1px solid var(--line)}
.wide tfoot tr,.wide thead tr{border-bottom:0}
.wide tfoot tr:first-child{border-top:1.5px solid var(--ink)}
.wide td,.wide tfoot tr:first-child td{border:0;padding:.05rem 0;text-align:left}
.blocks td:not([data-of]){font-weight:600}
.wide td:not([data-of]){display:inline}
.wide td:not([data-of]):not(:empty):not(.id)~td:not([data-of]):not(:empty)::before{content:" · "}
.wide td[data-of]{display:flex;justify-content:space-between;gap:1rem}
.wide td[data-of]::before{content:attr(data-of);color:var(--soft);font-weight:400;white-space:normal}
.matrix{font-size:1rem}.matrix td:not([data-of]){display:block}.matrix td:not([data-of])::before{content:none!important}
.matrix td[data-of]{display:inline-flex;gap:.3rem;margin-right:.9rem}
.wide tr.carried,.wide td.id,.wide td:empty,.wide.captioned th:not(:first-child),.wide.recap tbody{display:none}
}
@media print{
body{font-size:10pt}main{max-width:none;padding:0}
.copy .made{display:none}
section{margin:3mm 0;overflow:visible}.slim{grid-template-columns:1fr 1fr;gap:0 8mm}.slim section{break-inside:avoid}
th,td{padding:.6mm 1mm}
td:not(.n):not(.k){min-width:7.5em}.statement th.n:not(:first-child){width:8em}.statement,.whole,.end{break-inside:avoid}.when,.sign,footer{break-before:avoid}
.when{margin:4mm 0 2mm}.sign p:last-child{margin-top:13mm}.sign+.sign,footer{margin-top:4mm}
thead{display:table-header-group}tfoot{display:table-row-group}tr{break-inside:avoid}h2{break-after:avoid}
.matrix{font-size:8pt}
.sheets{font-size:9pt;line-height:1.35}.book+.book,.sheets tbody+tbody{break-before:page}.carried{display:table-row}
.copy{height:130mm;break-inside:avoid;font-size:9.5pt}.copy h1{font-size:13pt}.copy footer{margin-top:2mm}.copy .qr{width:18mm}.copy p{margin:1mm 0}.copy+.copy{display:block;border-top:1px dashed var(--soft);padding-top:8mm}
.charts{grid-template-columns:repeat(auto-fill,minmax(80mm,1fr))}
rect,figcaption i{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
"""
_NONE: Mapping[str, str] = {}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(report: Report, language: Language, layout: Layout = USUAL) -> str:
    """The report as a whole document."""
    return document(report, language)


def document(report: Report, language: Language, style: str = "", properties: Mapping[str, str] = _NONE) -> str:
    """The same with some more style, and with properties in its head."""
    told = page(report, language)
    across = any(len(grid.heads) > _UPRIGHT_COLUMNS for grid in told.grids)
    paper = f"@page{{size:A4{' landscape' if across else ''};margin:14mm}}\n"
    return (
        f'<!DOCTYPE html>\n<html lang="{language.code}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(_title(told))}</title>\n{_properties(properties)}<style>\n{_STYLE}{paper}{style}</style>\n</head>\n<body>\n<main>\n"
        + "".join(f"{part}\n" for part in _copies(told, language))
        + "</main>\n</body>\n</html>\n"
    )


def _properties(properties: Mapping[str, str]) -> str:
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in properties.items())


def _title(told: Page) -> str:
    return " · ".join(part for part in (told.title, told.heading, told.period) if part)


def _copies(told: Page, language: Language) -> Iterator[str]:
    """The page, or where it is torn in two the page for each; a screen shows the first alone."""
    if not told.copies:
        yield from _body(told, language)
    for copy in told.copies:
        yield '<div class="copy">'
        yield from _body(told, language)
        yield f'<p class="whose">{escape(copy)}</p>'
        yield "</div>"


def _body(told: Page, language: Language) -> Iterator[str]:
    yield "<header>"
    yield f"<h1>{escape(told.title)}</h1>"
    yield f"<p>{escape(told.heading)}</p>"
    if told.period:
        yield f'<p class="period">{escape(told.period)}</p>'
    yield "</header>"
    yield from (f"<p>{escape(sentence)}</p>" for sentence in told.before)
    # Who signs a paper signs below figures, not on a page of their own; a day book breaks its pages by itself.
    last = -1 if told.signatures and told.grids and not told.grids[-1].carried else len(told.grids)
    end = height_of_end(told)
    yield from _sections(told.grids[:last], end)
    yield '<div class="end">'
    yield from _sections(told.grids[last:], end)
    if told.charts:
        yield '<section class="charts">'
        for chart in told.charts:
            yield f"<figure><figcaption>{escape(language.say(chart.title))}"
            if len(chart.series) > 1:
                yield "".join(
                    f' <span><i class="bar{number}"></i>{escape(language.say(series.title))}</span>'
                    for number, series in enumerate(chart.series)
                )
            yield f"</figcaption>{svg(chart, language)}</figure>"
        yield "</section>"
    if told.notes:
        yield "<ul>"
        yield from (f"<li>{escape(note)}</li>" for note in told.notes)
        yield "</ul>"
    if told.signatures:
        yield f'<p class="when">{escape(told.where_when)}</p>'
        yield from _signatures(told.signatures)
        yield from _signatures(told.acknowledged)
    yield "</div>"
    if told.seal:
        from wksbm_cli.render.qr import as_svg

        code = as_svg(told.seal_text, told.seal)
        made = f'<span class="made"><br>{escape(told.command)}</span>' if told.command else ""
        yield f'<footer class="sealed"><p class="seal">{escape(told.seal)}{made}</p>{code}</footer>'


def _sections(grids: Sequence[Grid], end: float) -> Iterator[str]:
    """The tables; neighbouring lists of a label and an amount stand side by side where there is room.

    So do several forms. `end` is how high is what stands below the last of them on paper.
    """
    several = sum(grid.label_value for grid in grids) > 1

    def is_slim(grid: Grid) -> bool:
        return len(grid.heads) <= _SLIM_COLUMNS and (several or not grid.label_value)

    for slim, neighbours in groupby(grids, key=is_slim):
        yield '<div class="slim">' if slim else "<div>"
        for grid in neighbours:
            looks = {
                "book": grid.carried,
                "statement": grid.bold_rows,
                "whole": not grid.carried and len(grid.rows) <= _ON_ONE_PAGE,
            }
            yield f"<section{_classes([look for look, has in looks.items() if has])}>"
            if grid.title:
                yield f"<h2>{escape(grid.title)}</h2>"
            for part in continued(broken_heads(grid, _ACROSS) if grid.is_matrix else grid, _ACROSS):
                on = sheets(part, begins=grid is grids[0], end=end if grid is grids[-1] else 0.0)
                yield from _table(part, on)
            yield "</section>"
        yield "</div>"


def _table(grid: Grid, on: Iterable[tuple[int, int]]) -> Iterator[str]:
    """A table, its rows in a body for each sheet it is printed on."""
    looks = {
        "wide": len(grid.heads) > _PHONE_COLUMNS,
        "matrix": any(head.type == "period" for head in grid.heads),
        "recap": grid.is_summary,
        "form": grid.label_value,
        "sheets": bool(grid.carried),
        "captioned": grid.caption != grid.title,
        # Rows with a name over several figures, not lines of a day book.
        "blocks": grid.is_matrix or (grid.numbers > 1 and all(head.type != "date" for head in grid.heads)),
    }
    yield f"<table{_classes([look for look, has in looks.items() if has])}>"
    heads = "".join(
        f'<th scope="col"{_classes(["n"] if head.is_number else [])}>{escape(head.title)}</th>' for head in grid.heads
    )
    if not grid.label_value:
        yield f"<thead><tr>{heads}</tr></thead>"
    for first, last in on:
        yield "<tbody>"
        if first:
            yield from _rows(grid, [grid.carried[first - 1]], "carried")
        for number in range(first, last):
            yield from _rows(grid, [grid.rows[number]], "strong" if number in grid.bold_rows else "")
        if last < len(grid.rows):
            yield from _rows(grid, [grid.carried[last - 1]], "carried")
        yield "</tbody>"
    if grid.totals:
        yield "<tfoot>"
        yield from _rows(grid, grid.totals)
        yield "</tfoot>"
    yield "</table>"


def _rows(grid: Grid, rows: Iterable[Sequence[Cell]], look: str = "") -> Iterator[str]:
    first = next((number for number, head in enumerate(grid.heads) if number and head.is_number), len(grid.heads))
    for row in rows:
        cells = []
        for number, (head, cell) in enumerate(zip(grid.heads, row, strict=True)):
            classes = ["n"] if head.is_number else ["k"] if head.type in ("date", "code") else []
            classes += ["below"] if cell.negative else []
            # Goods are words behind a number, which a phone may break.
            classes += ["goods"] if head.is_number and " " in cell.text.strip() else []
            # These two are read by the phone's style alone: to leave out what only the keeper of the book needs, and
            # to put the head beside the figure.
            classes += ["id"] if head.type == "code" or (number == 0 and head.is_number) else []
            of = f' data-of="{escape(" ".join(head.title.split()))}"' if number >= first else ""
            cells.append(f"<td{_classes(classes)}{of}>{escape(cell.text.strip())}</td>")
        yield f"<tr{_classes([look] if look else [])}>{''.join(cells)}</tr>"


def _classes(names: Sequence[str]) -> str:
    return f' class="{" ".join(names)}"' if names else ""


def _signatures(block: Sequence[Signed]) -> Iterator[str]:
    if block:
        yield '<div class="sign">'
        yield from (f"<div><p>{escape(each.role)}</p><p>({escape(each.name)})</p></div>" for each in block)
        yield "</div>"
