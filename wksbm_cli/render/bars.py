"""A chart as bars of block characters, a line for each month: read on a terminal, in a mail, by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from wksbm_cli.domain.units import Amount
from wksbm_cli.render.language import Language
from wksbm_cli.render.wrapping import TextLine
from wksbm_cli.reports.report import Chart

_FULL, _EIGHTHS, _BELOW = "█", " ▏▎▍▌▋▊▉", "░"


def bars(chart: Chart, language: Language, width: int) -> Iterator[TextLine]:
    """The chart in lines of at most `width`: its title, then month, bar and amount; a bar below nothing is dotted."""
    yield TextLine(language.say(chart.title), is_bold=True)
    amounts = [[Amount(value, chart.unit) for value in series.values] for series in chart.series]
    names = [language.say(series.title) if len(chart.series) > 1 else "" for series in chart.series]
    months = [language.short_month(month) for month in chart.months]
    label = max((len(month) for month in months), default=0)
    name = max(map(len, names))
    figure = max((len(language.amount(amount)) for series in amounts for amount in series), default=0)
    room = max(4, width - label - figure - 4 - (name + 1 if name else 0))
    most = max((abs(amount.minor) for series in amounts for amount in series), default=0)
    for column, month in enumerate(months):
        for number, series in enumerate(amounts):
            amount = series[column]
            yield TextLine(
                f"{month if not number else '':<{label}}  "
                + (f"{names[number]:<{name}} " if name else "")
                + f"{_bar(amount.minor, most, room):<{room}}  {language.amount(amount):>{figure}}"
            )


def _bar(value: int, most: int, room: int) -> str:
    if not most:
        return ""
    eighths = int(Decimal(abs(value)) * room * 8 / most)
    if value < 0:
        return _BELOW * max(1, eighths // 8)
    return (_FULL * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
