"""People in cells and sentences, as values: so that a page can call them by name, by initials or by code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.message import Message

# Titles that people add to a name or leave out.
_TITLES = (
    "bapak bpk pak ibu bu mbah mbak mas kak adik bang cak gus haji hajah hj h sdr sdri saudara saudari tn ny nn nyonya tuan "
    "mr mrs ms"
)
# With words of kinship and the like, which do not identify a person.
_BESIDE = (
    f"{_TITLES} alm almh almarhum almarhumah keluarga kel anak istri suami orang tua warga rt rw dusun dukuh desa dan serta di untuk "
    "yatim piatu janda duda lansia balita bayi panti asuhan yayasan posyandu masjid musala "
    "the family of and late"
)
TITLES, BESIDE_NAMES = frozenset(_TITLES.split()), frozenset(_BESIDE.split())
# Letters alone: `R001` or `A-3` is a house.
_WORD = r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*(?!\w|-\d)"
_HIDDEN = "…"


# A category typed into a free text (`bantuan ODHA`), by its name or by what people call it.
@cache
def _category() -> re.Pattern[str]:
    names = "|".join(slug.replace("-", "[ -]") for slug in CATEGORIES)
    return re.compile(rf"\b(?:{names}|hiv(?:[ /-]aids)?|aids|psk|narkoba)\b", re.IGNORECASE)


class Person(NamedTuple):
    """Someone named on a page. `code` is a member's id, '' for anyone else; `helped` marks one whom help was given to."""

    name: str
    code: str = ""
    helped: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """`Bu Siti Aminah` → `Bu S. A.`"""
        return re.sub(_WORD, _initial, self.name).replace("..", ".")


def _initial(word: re.Match[str]) -> str:
    return word[0] if word[0].casefold() in BESIDE_NAMES else f"{word[0][0].upper()}."


def without_titles(name: str) -> str:
    """A name without titles (Bu, Pak, Haji ...); '' where nothing else is left."""
    return " ".join(word for word in name.split() if word.casefold().rstrip(".,") not in TITLES)


class RedactableText(NamedTuple):
    """A free text, with the people it may mention. `instead` replaces a text about why someone received help wherever that
    person's name is reduced: no list of words has every illness."""

    text: str
    about: tuple[Person, ...]
    instead: Message | None = None

    def __str__(self) -> str:
        return self.text

    def hiding(self, people: Collection[Person], *, to_initials: bool) -> str | Message:
        """The text with these people's names reduced, and categories of need removed."""
        if self.instead is not None and any(person.helped for person in people):
            return self.instead
        names = {word for person in people for word in re.findall(_WORD, person.name.casefold())} - BESIDE_NAMES
        if not names:
            return self.text

        def reduced(word: re.Match[str]) -> str:
            if word[0].casefold() not in names:
                return word[0]
            return f"{word[0][0].upper()}." if to_initials else _HIDDEN

        return re.sub(_WORD, reduced, _category().sub(_HIDDEN, self.text))


def redactable(
    text: str, people: Iterable[Person], known: Iterable[Person], instead: Message | None = None
) -> RedactableText:
    """A free text about `people` and any `known` person whose full name occurs in it."""
    plain = text.casefold()
    return RedactableText(text, (*people, *(person for person in known if person.name.casefold() in plain)), instead)
