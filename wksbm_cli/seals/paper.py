"""Comparing a saved paper with the same paper made again.

Texts are compared line by line, pages by the texts they show, JSON and workbooks value by value. The seal is left out
here and verified separately.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any, NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.seals.verify import Verdict

# The command line on a paper, followed by `#` and its other inputs (see `cli.commands`).
_COMMAND = re.compile(r"wksbm --lang (?:id|en) [^\n`]*")
SEAL = re.compile(r"\bwksbm\d+ [a-z0-9/+-]+ \d+ ")
# Longer lists are compared position by position rather than by an alignment, which takes quadratic time.
_MOST_ALIGNED = 4000


class PaperVerdict(NamedTuple):
    """The verdict on a paper: its seal, and its contents. `reason` is why contents were not compared; `since` are entries
    recorded later and dated within its period, as fund, id and line."""

    seal: Verdict
    differences: tuple[PaperDifference, ...] = ()
    since: tuple[tuple[str, str, str], ...] = ()
    reason: Message | None = None

    @property
    def holds(self) -> bool:
        return self.seal.holds and self.reason is None and not self.differences


class Shown(NamedTuple):
    """A text shown on a paper, and its place."""

    place: Message
    text: str


class PaperDifference(NamedTuple):
    """A difference between the paper and the book; None: nothing there."""

    place: Message
    paper: str | None
    book: str | None


class Word(NamedTuple):
    """A word of a PDF, and the page it stands on, from 1."""

    page: int
    text: str


class Printed(NamedTuple):
    """What a PDF holds: its words in the order in which they are drawn, on how many pages; the command and the seal in its
    properties; and how many pictures and notes lie on its pages, of which this program makes none."""

    words: Sequence[Word]
    pages: int
    command: str
    seal: str
    foreign: int = 0


class Paper(NamedTuple):
    """One paper: its command ('' where there is none) and its contents. `whole` is the source of a page, which may contain
    more than is shown; `seal` is that of a JSON report, from its envelope; `printed` what a PDF
    holds."""

    command: str
    shown: tuple[Shown, ...]
    whole: str = ""
    seal: Mapping[str, Any] | None = None
    printed: Printed | None = None


def papers_in(text: str) -> list[Paper]:
    """The papers of a saved text: one page or JSON report, or as many as a text has commands."""
    start = text.lstrip("\ufeff \r\n\t")
    if start[:1] == "{":
        try:
            saved = json.loads(start)
        except (ValueError, RecursionError):
            saved = None
        if isinstance(saved, dict):
            command = saved.get("command")
            seal = saved.get("seal")
            shown = tuple(_values({key: value for key, value in saved.items() if key != "seal"}))
            return [
                Paper(command if isinstance(command, str) else "", shown, seal=seal if isinstance(seal, dict) else None)
            ]
    if start[:1] == "<":
        page = _Page()
        page.feed(start)
        page.close()
        return [Paper(_command_in(page.shown), tuple(page.shown), start.replace("\r\n", "\n").rstrip())]
    return _texts(text)


def _texts(text: str) -> list[Paper]:
    found: list[Paper] = []
    shown: list[Shown] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        shown.append(Shown(msg("line {number}", number=str(number)), line.rstrip()))
        if command := _COMMAND.search(line):
            found.append(Paper(command[0], tuple(shown)))
            shown = []
    if found and shown:
        found[-1] = found[-1]._replace(shown=(*found[-1].shown, *shown))
    return found or [Paper("", tuple(shown))]


def _command_in(shown: Sequence[Shown]) -> str:
    return next((found[0] for one in shown if (found := _COMMAND.search(one.text))), "")


def _values(value: Any, place: str = "") -> list[Shown]:
    """Every value of a JSON report, by its path."""
    if isinstance(value, Mapping):
        items = [(f"{place}.{key}" if place else str(key), part) for key, part in value.items()]
    elif isinstance(value, list):
        items = [(f"{place}[{number}]", part) for number, part in enumerate(value)]
    else:
        return [Shown(msg("{place}", place=place), json.dumps(value, ensure_ascii=False))]
    return [shown for path, part in items for shown in _values(part, path)] or [Shown(msg("{place}", place=place), "-")]


class _Page(HTMLParser):
    """The texts that a page shows, each with its line in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Shown] = []

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.shown.append(Shown(msg("line {number}", number=str(self.getpos()[0])), text))


def of_workbook(cells: Sequence[tuple[str, str]]) -> Paper:
    """The paper of a workbook, given as cells (place, text)."""
    shown = [Shown(msg("{place}", place=place), text) for place, text in cells]
    return Paper(_command_in(shown), tuple(shown))


def of_pdf(printed: Printed) -> Paper:
    """The paper of a PDF. One that another program made has its seal in its words alone, where lines break in it."""
    words = [Shown(msg("page {number}", number=str(word.page)), word.text) for word in printed.words]
    # A line may end behind a hyphen of a digest.
    text = printed.seal or re.sub(r"(?<=[0-9a-f]{8}-)\n", "", "\n".join(word.text for word in words))
    return Paper(printed.command, (Shown(msg("page {number}", number="1"), text),), printed=printed)


def differences(paper: Paper, again: Paper) -> list[PaperDifference]:
    """The differences between a paper and the same one made again; text around it in a message is ignored where it has no
    digits."""
    ours, book = _without_seal(paper.shown), _without_seal(again.shown)
    keyed = any(one.place.text == "{place}" for one in again.shown)
    found = _by_place(ours, book) if keyed else _aligned(ours, book)
    if not found and paper.whole != again.whole:
        # Scripts, styles and attributes are not text, yet may change what is displayed.
        found = [PaperDifference(msg("the file beside its texts"), "...", None)]
    return found


def _without_seal(shown: Sequence[Shown]) -> list[Shown]:
    return [one for one in shown if not SEAL.search(one.text)]


def _by_place(paper: Sequence[Shown], book: Sequence[Shown]) -> list[PaperDifference]:
    places = {one.place.values["place"]: one for one in (*paper, *book)}
    was = {one.place.values["place"]: one.text for one in paper}
    now = {one.place.values["place"]: one.text for one in book}
    return [
        PaperDifference(one.place, was.get(key), now.get(key))
        for key, one in places.items()
        if was.get(key) != now.get(key)
    ]


def _aligned(paper: Sequence[Shown], book: Sequence[Shown]) -> list[PaperDifference]:
    ours, theirs = [one.text for one in paper], [one.text for one in book]
    found: list[PaperDifference] = []
    if max(len(ours), len(theirs)) > _MOST_ALIGNED:
        steps = [("replace", 0, len(ours), 0, len(theirs))]
    else:
        steps = [*SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()]
    for what, i, j, k, m in steps:
        if what == "equal":
            continue
        before_all, after_all = i == 0 and k == m == 0, j == len(ours) and k == m == len(theirs)
        for at in range(max(j - i, m - k)):
            mine = ours[i + at] if i + at < j else None
            other = theirs[k + at] if k + at < m else None
            if mine == other or not (mine or other):
                continue
            if (before_all or after_all) and other is None and not re.search(r"\d", mine or ""):
                continue  # a greeting above a message, or a name below it
            place = paper[min(i + at, len(paper) - 1)].place if paper else msg("line {number}", number="1")
            found.append(PaperDifference(place, mine, other))
    return found
