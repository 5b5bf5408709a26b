"""A bar chart by month as inline SVG, without a charting library.

Drawn at a phone's width, so that its text is legible there; on wider paper, charts are side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from wksbm_cli.domain.units import Amount
from wksbm_cli.render.language import Language
from wksbm_cli.reports.report import Chart

_WIDTH, _HEIGHT = 320, 150
_TOP, _BOTTOM = 16, 26
_LETTER = 6.0  # the width of a digit or mark of the page's letters, on average and at most
_MOST_STEPS = 4


def svg(chart: Chart, language: Language) -> str:
    """The chart, with figures in `<title>`s for tooltips and screen readers."""
    values = [value for series in chart.series for value in series.values]
    ticks = _ticks(min(0, *values), max(0, *values)) if values else [0]
    labels = [language.figure(Amount(tick, chart.unit)) for tick in ticks]
    left = round(max(map(len, labels)) * _LETTER + 6, 1)
    title = escape(language.say(chart.title))
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}" xmlns="http://www.w3.org/2000/svg">',
        *_grid(ticks, labels, left),
        *_bars(chart, ticks, left, language),
        *_months(chart, left, language),
        "</svg>",
    ]
    return "".join(parts)


def _ticks(least: int, most: int) -> list[int]:
    """Round values, a 1, 2 or 5 with zeros apart, from at or below `least` to at or above `most`."""
    steps = (digit * 10**zeros for zeros in range(18) for digit in (1, 2, 5))
    step = next(step for step in steps if (most - least) <= step * _MOST_STEPS)
    return list(range(least // step * step, -(-most // step) * step + 1, step))


def _y(value: int, ticks: list[int]) -> float:
    low, high = ticks[0], ticks[-1]
    share = (value - low) / (high - low) if high > low else 0.0
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _grid(ticks: list[int], labels: list[str], left: float) -> Iterator[str]:
    for tick, label in zip(ticks, labels, strict=True):
        y = _y(tick, ticks)
        yield f'<line class="{"axis" if tick == 0 else "grid"}" x1="{left}" x2="{_WIDTH}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{round(left - 4, 1)}" y="{round(y + 3.5, 1)}" text-anchor="end">{escape(label)}</text>'


def _slot(chart: Chart, left: float) -> float:
    """The width that a month has."""
    return (_WIDTH - left) / max(1, len(chart.months))


def _bars(chart: Chart, ticks: list[int], left: float, language: Language) -> Iterator[str]:
    slot = _slot(chart, left)
    width = slot * 0.76 / len(chart.series)
    for number, series in enumerate(chart.series):
        for position, (month, value) in enumerate(zip(chart.months, series.values, strict=True)):
            x = round(left + slot * (position + 0.12) + width * number, 1)
            top, bottom = sorted((_y(value, ticks), _y(0, ticks)))
            told = f"{language.month(month)}: {language.amount(Amount(value, chart.unit))}"
            if len(chart.series) > 1:
                told = f"{language.say(series.title)}, {told}"
            yield (
                f'<rect class="bar{number}{" below" if value < 0 else ""}" x="{x}" y="{top}" width="{round(width, 1)}" '
                f'height="{round(bottom - top, 1)}"><title>{escape(told)}</title></rect>'
            )


def _months(chart: Chart, left: float, language: Language) -> Iterator[str]:
    """The months by their short names, fewer where there are many, the year below the first of each."""
    slot = _slot(chart, left)
    every = 1 + int(24 / slot)
    year = None
    for position, month in enumerate(chart.months):
        if position % every:
            continue
        # A year's four digits stand within the picture also below the last bar.
        x = round(min(left + slot * (position + 0.5), _WIDTH - 2 * _LETTER), 1)
        name, _, _ = language.short_month(month).partition(" ")
        yield f'<text x="{x}" y="{_HEIGHT - 14}" text-anchor="middle">{escape(name)}</text>'
        if month.year != year:
            year = month.year
            yield f'<text x="{x}" y="{_HEIGHT - 3}" text-anchor="middle">{year}</text>'
