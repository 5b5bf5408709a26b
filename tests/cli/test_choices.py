"""The choices that a help page names in Indonesian are the ones that may be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import wksbm_cli.cli
from wksbm_cli.domain.message import msg
from wksbm_cli.recording.drafts import choose
from wksbm_cli.render.language import Language

PAGES = Path(wksbm_cli.cli.__file__).parent
NAMED = re.compile(r'metavar=N_\("([a-z|]+\|[a-z|]+)"\)')
CHOICES = sorted({each for page in PAGES.glob("*.py") for each in NAMED.findall(page.read_text())})


@pytest.mark.parametrize("choices", CHOICES)
def test_choices_are_typed_as_the_help_page_names_them(choices: str) -> None:
    english, shown = choices.split("|"), Language("id").say(msg(choices)).split("|")
    assert shown != english, "the help page of an Indonesian speaks Indonesian"
    assert [choose("--x", each, english) for each in shown] == english


def test_there_are_such_choices() -> None:
    assert "draw|order|bid" in CHOICES
