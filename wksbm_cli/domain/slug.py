"""Slugs: the short permanent names of organisations, funds, members, places and dues."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused, Usage

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
# Control and invisible characters: Unicode line ends, direction marks, joiners, lone surrogates.
_CONTROL = (
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LONGEST_TEXT = 500
# NIK and family card numbers have 16 digits: six of a district, a date as DDMMYY (a woman's day is raised by 40), four
# of a serial number. Sixteen in one piece are refused whatever they say; in groups, as on a photocopy, only with such a
# date in them, so that a row of years or dates stays a note.
# Separators between groups of digits: spaces, points, slashes and every kind of dash, sometimes two of them.
_MARK = r"[\s./_\-\u2010-\u2015\u2212]{1,3}"
_SIXTEEN = (
    rf"(?<!\d)(?:\d{{16}}|\d{{4}}(?:{_MARK}\d{{4}}){{3}}|\d{{6}}{_MARK}\d{{6}}{_MARK}\d{{4}}"
    rf"|(?:\d{{2}}{_MARK}){{3}}\d{{6}}{_MARK}\d{{4}})(?!\d)"
)
_BIRTH = r"\d{6}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}"


def check_slug(text: str) -> str:
    """Validate a slug; `Usage` suggests the nearest valid one."""
    if SLUG.fullmatch(text):
        _refuse_identity_number(text)
        return text
    likely = slug_from(text)
    raise Usage(
        msg('"{text}" cannot be a short name: use small letters, digits and hyphens, at most 63.', text=text),
        hint=msg("Type for instance: {example}", example=likely) if likely else None,
    )


def slug_from(name: str) -> str:
    """A slug made of a displayed name: `Kas Sosial` → `kas-sosial`; empty when nothing usable is in it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")


def _has_control(text: str) -> bool:
    # Fast path: nearly every text is printable.
    return not text.isprintable() and re.search(_CONTROL, text) is not None


def check_text(text: str) -> str:
    """Validate a name or note: not empty, not too long, no control or invisible characters.

    Markup, formulas and HTML are kept as text; each renderer escapes them.
    """
    cleaned = text.strip()
    if not cleaned:
        raise Usage(msg("A text is needed here; this one says nothing."))
    if _has_control(cleaned):
        raise Usage(msg("The text {text} holds a line break or a control character.", text=ascii(cleaned)[:80]))
    if len(cleaned) > LONGEST_TEXT:
        raise Usage(
            msg(
                "A text may have at most {most} letters; this one has {length}.", most=LONGEST_TEXT, length=len(cleaned)
            )
        )
    _refuse_identity_number(cleaned)
    return cleaned


def holds_identity_number(text: str) -> bool:
    """Whether a number like that of an identity or family card (NIK, KK) stands in `text`."""
    for found in re.finditer(_SIXTEEN, text):
        digits = "".join(str(int(letter)) for letter in found[0] if letter.isdecimal())  # full-width ones too
        if len(found[0]) == len(digits) or re.fullmatch(_BIRTH, digits):
            return True
    return False


def without_identity_numbers(text: str) -> str:
    """`text` with such numbers cut down to their last four digits, for texts that no person typed: a bank's are full of them."""
    return re.sub(_SIXTEEN, lambda found: f"…{found[0][-4:]}" if holds_identity_number(found[0]) else found[0], text)


def _refuse_identity_number(text: str) -> None:
    """Books are read by many and kept for ever, and with this number accounts and loans are opened in someone's name."""
    if holds_identity_number(text):
        raise Refused(
            msg(
                "A number of 16 digits looks like that of an identity card or a family card (NIK, KK); a book that others "
                "read does not keep those."
            ),
            hint=msg("Leave it out: the name, or the member's id, is enough."),
        )


def is_clean_text(text: str) -> bool:
    """Whether a text found in a file could have been typed: the reader's side of `check_text`."""
    return not _has_control(text) and len(text) <= LONGEST_TEXT


def printable(text: str) -> str:
    """`text` with control characters escaped, so that nothing read from a file acts on the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names most like `word`, best first."""
    from difflib import get_close_matches

    names = {name.casefold(): name for name in sorted(known)}
    wanted = word.casefold()
    close = get_close_matches(wanted, names, n=most, cutoff=0.5)
    inside = [name for name in names if wanted and wanted in name]
    return [names[name] for name in dict.fromkeys([*close, *inside])][:most]


def nearest_hint(word: str, known: Iterable[str]) -> Message | None:
    """A hint for an unknown `word`: the nearest name, else all names where they are few."""
    names = sorted(set(known))
    near = nearest(word, names)
    if near:
        return msg("Did you mean {names}?", names=", ".join(near))
    if 0 < len(names) <= 12:
        return msg("Known: {names}", names=", ".join(names))
    return None
