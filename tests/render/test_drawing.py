"""Charts: a bar is as long as its figure, on paper and on a terminal."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR
from wksbm_cli.render.bars import bars
from wksbm_cli.render.language import Language
from wksbm_cli.render.svg import svg
from wksbm_cli.reports.report import Chart, Series

ID = Language("id")
MONTHS = tuple(date(2025 + number // 12, number % 12 + 1, 1) for number in range(13))
FIGURES = st.lists(st.integers(-(10**12), 10**12), min_size=13, max_size=13)


def chart(*series: list[int]) -> Chart:
    named = tuple(Series(msg("{n}", n=f"baris {number}"), tuple(values)) for number, values in enumerate(series))
    return Chart(msg("{t}", t='Kas & <b>"sosial"</b>'), IDR, MONTHS[: len(series[0])], named)


def rectangles(drawn: str) -> list[dict[str, float]]:
    root = ElementTree.fromstring(drawn)
    return [
        {key: float(value) for key, value in each.attrib.items() if key != "class"}
        for each in root.iter("{http://www.w3.org/2000/svg}rect")
    ]


@given(FIGURES, FIGURES)
def test_bars_of_a_picture_measure_their_figures_and_stay_inside(paid: list[int], due: list[int]) -> None:
    drawn = svg(chart(paid, due), ID)
    found = rectangles(drawn)
    zero = float(re.findall(r'class="axis" x1="[\d.]+" x2="[\d.]+" y1="([\d.]+)"', drawn)[0])
    values = [*paid, *due]
    unit = max(each["height"] for each in found) / (max(map(abs, values)) or 1)
    for each, value in zip(found, values, strict=True):
        assert abs(each["height"] - abs(value) * unit) <= 0.11  # drawn to a tenth of a point
        assert abs(each["y"] + (each["height"] if value > 0 else 0) - zero) <= 0.11 or not value
        assert each["x"] >= 0 and each["x"] + each["width"] <= 320.1
        assert each["y"] >= 0 and each["y"] + each["height"] <= 150
    assert drawn.count("<title>") == len(values)


def test_the_marks_beside_a_picture_are_round_and_above_every_figure() -> None:
    labels = re.findall(r'text-anchor="end">([^<]*)<', svg(chart([0, 3_589_000]), ID))
    assert labels == ["0", "1.000.000", "2.000.000", "3.000.000", "4.000.000"]
    assert re.findall(r'text-anchor="end">([^<]*)<', svg(chart([-500, 12_000]), ID)) == [
        "-5.000",
        "0",
        "5.000",
        "10.000",
        "15.000",
    ]
    assert re.findall(r'text-anchor="end">([^<]*)<', svg(chart([0, 0]), ID)) == ["0"]


def test_a_title_is_text_and_a_figure_is_told_with_its_month() -> None:
    drawn = svg(chart([5000, 6000]), ID)
    root = ElementTree.fromstring(drawn)
    assert root.attrib["aria-label"] == 'Kas & <b>"sosial"</b>'
    assert "<title>Februari 2025: Rp6.000</title>" in drawn


@given(FIGURES, st.integers(45, 120))
def test_bars_of_a_terminal_measure_their_figures_and_fit(values: list[int], width: int) -> None:
    title, *lines = bars(chart(values), ID, width)
    assert title.is_bold
    most = max(map(abs, values))
    longest = max(line.text.count("█") + line.text.count("░") for line in lines)
    for line, value in zip(lines, values, strict=True):
        assert len(line.text) <= width
        length = line.text.count("█") + line.text.count("░")
        assert abs(length - longest * abs(value) / (most or 1)) <= 1
        assert ("░" in line.text) == (value < 0)


def test_two_series_stand_below_each_other_under_their_names() -> None:
    lines = [line.text for line in bars(chart([5000, 0], [10_000, 10_000]), ID, 39)][1:]
    assert lines == [
        "Jan 2025  baris 0 █████▌        Rp5.000",
        "          baris 1 ███████████  Rp10.000",
        "Feb 2025  baris 0                   Rp0",
        "          baris 1 ███████████  Rp10.000",
    ]
