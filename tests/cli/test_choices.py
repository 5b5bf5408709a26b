"""The choices that a help page names in Indonesian are the ones that may be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import wksbm_cli.cli
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.recording.choices import WORDS, choose
from wksbm_cli.render.language import Language

PAGES = Path(wksbm_cli.cli.__file__).parent
NAMED = re.compile(r'metavar=N_\("([a-z|]+\|[a-z|]+)"\)')
CHOICES = sorted({each for page in PAGES.glob("*.py") for each in NAMED.findall(page.read_text())})


@pytest.mark.parametrize("choices", CHOICES)
def test_choices_are_typed_as_the_help_page_names_them(choices: str) -> None:
    english, shown = choices.split("|"), Language("id").say(msg(choices)).split("|")
    assert shown != english, "the help page of an Indonesian speaks Indonesian"
    assert [choose(each, english) for each in shown] == english


def test_there_are_such_choices() -> None:
    assert "draw|order|bid" in CHOICES


def test_every_word_a_hint_offers_may_be_typed_in_either_language() -> None:
    for language in ("en", "id"):
        say = Language(language).say
        assert {name: choose(say(word), [*WORDS]) for name, word in WORDS.items()} == {name: name for name in WORDS}


def test_what_is_no_choice_is_answered_with_the_words_of_the_reader() -> None:
    with pytest.raises(Usage) as refused:
        choose("undi", ["draw", "order", "bid"])
    assert refused.value.hint is not None
    assert Language("en").say(refused.value.hint) == "Choose from: draw, order, bid"
    assert Language("id").say(refused.value.hint) == "Pilihannya: kocok, urut, lelang"
