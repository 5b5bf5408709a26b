"""A PDF beside the page it was printed from: whether it shows the same words in the same order.

Where lines and pages break depends on the fonts of a machine, so neither is compared: each text of the page has to follow in the words
of the PDF. Between them may stand what printing adds: the number of a page, the head of a table again, the marks of a list. The texts of
charts are drawn after all others on a page, and follow in an order of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from wksbm_cli.domain.message import msg
from wksbm_cli.seals.paper import SEAL, PaperDifference, Printed, Word

# After a difference the next place where both agree is looked for so many words and texts on.
_WORDS_AHEAD, _TEXTS_AHEAD = 80, 40
_LIST_MARK = "•"
_NOT_SHOWN = ("head", "script", "style")


def words_of(text: str, page: int) -> Iterator[Word]:
    """The words of a page's text."""
    return (Word(page, word) for word in unicodedata.normalize("NFKC", text).split())


def printed_differences(printed: Printed, html: str, numbers: Sequence[str]) -> list[PaperDifference]:
    """Where a PDF shows something else than the page; `numbers` are the texts at the foot of its pages."""
    page = _PrintedPage(printed)
    page.feed(html)
    page.close()
    found = [*_Comparison(printed.words, page, numbers).differences()]
    if printed.foreign:
        found.append(PaperDifference(msg("the file beside its texts"), "...", None))
    return found


class _PrintedPage(HTMLParser):
    """The texts of a page as they are printed, without spaces: those that follow one another, those of charts, and heads of tables."""

    def __init__(self, printed: Printed) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.charts: list[str] = []
        self.heads: set[str] = set()
        self._printed = printed
        self._open: list[str] = []
        self._head = ""
        self._copies = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        look = dict(attrs).get("class") or ""
        self._copies += look == "copy"
        if tag not in ("meta", "br", "line", "rect", "path", "img"):
            self._open.append("made" if look == "made" else tag)
        if tag == "thead":
            self._head = ""

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in ("meta", "br", "line", "rect", "path", "img"):
            self._open.pop()
        if tag == "thead":
            self.heads.add(self._head)

    def handle_data(self, data: str) -> None:
        # The seal is verified by itself, and the command names the format of the page.
        if seal := SEAL.search(data):
            data = data[: seal.start()] + self._printed.seal
        if "made" in self._open:
            data = data.partition("wksbm")[0] + self._printed.command
        text = _packed(data)
        if not text or any(tag in self._open for tag in _NOT_SHOWN):
            return
        if "made" in self._open and self._copies:
            return  # not on what is torn in two
        if "svg" in self._open:
            if "title" not in self._open:
                self.charts.append(text)
        else:
            self.texts.append(text)
            self._head += text if "thead" in self._open else ""


def _packed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


class _Comparison:
    """One walk through the words of a PDF, beside the texts of the page."""

    def __init__(self, words: Sequence[Word], page: _PrintedPage, numbers: Sequence[str]) -> None:
        self._words, self._page = words, page
        self._added = [*page.heads, _LIST_MARK]
        self._numbers = [*map(_packed, numbers)]

    def differences(self) -> Iterator[PaperDifference]:
        words, texts, charts = self._words, self._page.texts, [*self._page.charts]
        at = text = 0
        while at < len(words):
            if text < len(texts) and (end := self._end_of(texts[text], at)):
                at, text = end, text + 1
            elif end := self._beside(charts, at):
                at = end
            else:
                went, skipped = self._agree_again(at, text)
                yield self._difference(at, went, texts[text : text + skipped])
                at, text = at + went, text + skipped
        if text < len(texts):
            yield self._difference(at, 0, texts[text:])
        if charts:
            yield self._difference(at, 0, charts)

    def _beside(self, charts: list[str], at: int) -> int:
        """Where what printing adds, or the next text of a chart, ends; 0 where there is none."""
        number = self._numbers[self._words[at].page - 1]
        for added in (number, *self._added):
            if end := self._end_of(added, at):
                return end
        for place, chart in enumerate(charts):
            if end := self._end_of(chart, at):
                del charts[place]
                return end
        return 0

    def _end_of(self, text: str, at: int) -> int:
        """Behind which word a text ends that begins at one; 0 where it is not there."""
        rest = text
        while rest and at < len(self._words) and rest.startswith(self._words[at].text):
            rest = rest[len(self._words[at].text) :]
            at += 1
        return 0 if rest else at

    def _agree_again(self, at: int, first: int) -> tuple[int, int]:
        """How many words of the paper and texts of the page lie before both agree again."""
        texts = self._page.texts
        for distance in range(1, _WORDS_AHEAD + _TEXTS_AHEAD):
            for skipped in range(min(distance, _TEXTS_AHEAD) + 1):
                went = distance - skipped
                if at + went < len(self._words) and first + skipped < len(texts):
                    end = self._end_of(texts[first + skipped], at + went)
                    if end and (first + skipped + 1 == len(texts) or self._end_of(texts[first + skipped + 1], end)):
                        return went, skipped
        return len(self._words) - at, len(texts) - first

    def _difference(self, at: int, went: int, texts: Sequence[str]) -> PaperDifference:
        page = self._words[min(at, len(self._words) - 1)].page if self._words else 1
        shown = " ".join(word.text for word in self._words[at : at + went])
        return PaperDifference(msg("page {number}", number=str(page)), shown or None, " ".join(texts) or None)
