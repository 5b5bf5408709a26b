"""Tables for people: on a terminal with Rich, or as plain aligned text for mail and cron.

Names and notes reach Rich as `Text`, never as markup, so that `[red]` in a name is only letters.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.units import Amount
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Column, Report, Table

WIDTH = 80
_GAP = 2
# A rule under the heads and one above the totals, as in a cash book, and nothing else.
_RULED = box.Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
_PLAIN = box.Box("    \n    \n -- \n    \n -- \n    \n    \n    \n", ascii=True)


def render(report: Report, language: Language, *, width: int = WIDTH, colour: bool = False) -> str:
    """The report for a terminal of `width` columns."""
    return _render(report, language, width=width, colour=colour, plain=False)


def render_text(report: Report, language: Language) -> str:
    """The report in plain characters, every column as wide as it needs: the same bytes everywhere."""
    return _render(report, language, width=None, colour=False, plain=True)


def _render(report: Report, language: Language, *, width: int | None, colour: bool, plain: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width or 1000,
        height=100,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    heading = f"{language.say(report.title)} · {report.heading or report.book}"
    console.print(Text(heading, style="bold"))
    if report.span != Span(None, None):
        console.print(Text(language.span(report.span)))
    alike = _alike(report.tables, language, width)
    for table in report.tables:
        console.print()
        if table.title is not None:
            console.print(Text(language.say(table.title), style="bold"))
        for number, part in enumerate(continued(table, language, width)):
            if number:
                console.print()
            console.print(_rich_table(part, language, plain=plain, widths=alike.get(_keys(part), {})))
    if report.notes:
        console.print()
    for note in report.notes:
        console.print(Text(language.say(note)))
    return "".join(line.rstrip() + "\n" for line in out.getvalue().split("\n")[:-1])


def continued(table: Table, language: Language, width: int | None) -> Iterator[Table]:
    """The table itself, or the parts into which a matrix too wide for `width` is cut, each with its leading columns."""
    if width is None or any(column.type != "figure" for column in table.columns[table.stub :]):
        yield table
        return
    widths = [needed + _GAP for needed in _widths(table, language).values()]
    stub, left = table.columns[: table.stub], width - sum(widths[: table.stub])
    part: list[Column] = []
    used = 0
    for column, needed in zip(table.columns[table.stub :], widths[table.stub :], strict=True):
        if part and used + needed > left:
            yield replace(table, columns=(*stub, *part))
            part, used = [], 0
        part.append(column)
        used += needed
    yield replace(table, columns=(*stub, *part))


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(column.key for column in table.columns)


def _widths(table: Table, language: Language) -> dict[str, int]:
    """How wide each column is where nothing in it is wrapped."""
    rows = (*table.rows, *table.totals)
    return {
        column.key: max(
            cell_len(text)
            for text in (language.say(column.title), *(_cell(row, column, language).plain for row in rows))
        )
        for column in table.columns
    }


def _alike(tables: Sequence[Table], language: Language, width: int | None) -> dict[tuple[str, ...], Mapping[str, int]]:
    """The common widths of tables with the same columns, one for each fund say, so that their figures stand below one another.

    Left out where they would not fit the paper.
    """
    widest: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for table in tables:
        widths = widest[_keys(table)]
        for key, needed in _widths(table, language).items():
            widths[key] = max(widths[key], needed)
    return {
        keys: widths
        for keys, widths in widest.items()
        if width is None or sum(widths.values()) + _GAP * (len(widths) - 1) <= width
    }


def _rich_table(table: Table, language: Language, *, plain: bool, widths: Mapping[str, int]) -> RichTable:
    made = RichTable(
        box=_PLAIN if plain else _RULED,
        show_edge=False,
        show_footer=False,
        pad_edge=False,
        padding=(0, 1),
        header_style="bold",
        collapse_padding=True,
    )
    for column in table.columns:
        made.add_column(
            Text(language.say(column.title)),
            justify="right" if column.type in ("amount", "figure", "count") else "left",
            no_wrap=column.type != "text",
            min_width=widths.get(column.key),
            overflow="fold",
        )
    for row in table.rows:
        made.add_row(*(_cell(row, column, language) for column in table.columns))
    if table.totals:
        made.add_section()
        for row in table.totals:
            made.add_row(*(_cell(row, column, language) for column in table.columns), style="bold")
    return made


def _cell(row: Mapping[str, Any], column: Column, language: Language) -> Text:
    value = row.get(column.key)
    if isinstance(value, date):
        return Text(language.short_day(value))
    style = "red" if isinstance(value, Amount) and value.minor < 0 else ""
    if column.type == "figure" and isinstance(value, Amount):
        return Text(language.figure(value), style=style)
    return Text(language.show(value), style=style)
