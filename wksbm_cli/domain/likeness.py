"""Names that may be one person's, and names that the eye takes for one another: `Siti` and `Sitl`, `Darmi` and `Darmo`.

The approver is distinguished from recorder and receiver by name alone, so that a look-alike name must not pass for a
second person.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from wksbm_cli.domain.person import BESIDE_NAMES

# Confusable characters (Cyrillic, Greek, Turkish, digits, signs) after `casefold`, and the Latin letter they look like.
_READ_AS = {
    "a": "\u0430\u03b1@4",
    "b": "\u0432\u03b2\u044c8",
    "c": "\u0441\u03f2",
    "d": "\u0501\u0111",
    "e": "\u0435\u03b5\u04543",
    "h": "\u04bb\u043d",
    "i": "l1|!\u0456\u0131\u03b9\u04cf\u0142\u01c0",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "m": "\u043c",
    "n": "\u03b7\u043f",
    "o": "0\u043e\u03bf\u00f8\u0585\u03c3",
    "p": "\u0440\u03c1",
    "q": "\u051b9",
    "s": "\u0455$5",
    "t": "\u0442\u03c47",
    "u": "\u03c5\u057d",
    "v": "\u03bd\u0475",
    "w": "\u051d\u03c9",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03b3\u04af",
}
_FOLDED = str.maketrans({sign: letter for letter, signs in _READ_AS.items() for sign in signs})
# Shorter names are often one letter apart by chance: Edi and Adi, Tri and Sri.
_LONG_ENOUGH = 4


def spelled(name: str) -> str:
    """A name normalised for capitals, spaces and character width."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name with confusable letters folded, and diacritics and punctuation removed."""
    plain = unicodedata.normalize("NFKD", spelled(name))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_FOLDED)
    return tuple(word.replace("rn", "m").replace("vv", "w") for word in re.findall(r"\w+", plain))


def _telling(name: str) -> set[str]:
    """The identifying words of a name, without titles and numbers; all words where no other is left."""
    telling = {word for word in spelled(name).split() if re.search(r"[^\W\d_]", word)} - BESIDE_NAMES
    return set(words_of(" ".join(telling) or name))


def look_alike(one: str, other: str) -> bool:
    """Whether two names are read as one: they differ by capitals, spaces and confusable letters, or by one letter."""
    first, second = "".join(words_of(one)), "".join(words_of(other))
    return bool(first) and (first == second or (_is_long(first, second) and _is_one_apart(first, second)))


def may_be_same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: they look alike, or one is made of words of the other (`siti`, `Siti Rahayu`)."""
    first, second = _telling(one), _telling(other)
    return bool(first and second) and (first <= second or second <= first or look_alike(one, other))


def those_meant(name: str, known: Iterable[str]) -> list[str]:
    """The known names that match a typed one: the same name, else those that contain its words.

    Titles are ignored; confusable letters are not folded here.
    """
    typed = spelled(name)
    names = list(dict.fromkeys(known))
    if same := [each for each in names if spelled(each) == typed]:
        return same[:1]
    words = set(re.findall(r"\w+", typed)) - BESIDE_NAMES
    return [each for each in names if words and words <= set(re.findall(r"\w+", spelled(each)))]


def alike_among(new: Mapping[str, str], there: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The pairs of names that look alike, of which one is new: names by who they belong to.

    Candidates come from an index of names with one letter deleted, so that a thousand names are not compared pairwise.
    """
    near: dict[str, list[str]] = defaultdict(list)
    names = {**there, **new}
    for owner, name in names.items():
        whole = "".join(words_of(name))
        parts = dict.fromkeys((whole, *(whole[:at] + whole[at + 1 :] for at in range(len(whole)))))
        for other in dict.fromkeys(other for part in parts for other in near[part]):
            if (owner in new or other in new) and look_alike(name, names[other]):
                yield other, owner
        for part in parts:
            near[part].append(owner)


def _is_long(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LONG_ENOUGH


def _is_one_apart(one: str, other: str) -> bool:
    """Whether the edit distance is one: a letter inserted, deleted or replaced, or two neighbours transposed."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((number for number, letter in enumerate(one) if letter != other[number]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped
