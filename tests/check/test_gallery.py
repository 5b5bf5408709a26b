"""docs/errors.md and docs/id/galat.md say what the program says of each damage, and leave no finding out."""

from __future__ import annotations

import os

import pytest

from tests.check.gallery import CHAPTERS, codes_in_code, lay_out, page
from tests.damaged import Damaged
from tests.scripts import ROOT
from tests.transcript import UPDATE

PAGES = {"en": "docs/errors.md", "id": "docs/id/galat.md"}


@pytest.mark.parametrize(("lang", "name"), PAGES.items())
def test_the_gallery_shows_what_is_found(damaged: Damaged, lang: str, name: str) -> None:
    lay_out(damaged.book)
    assert damaged.found() == []  # the book of the gallery is sound
    now = page(lang, damaged.book)
    path = ROOT / name
    if os.environ.get(UPDATE):
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now, (
        f"after a deliberate change: {UPDATE}=1 pytest {__file__}, and read the diff"
    )


def test_every_finding_is_in_the_gallery() -> None:
    shown = {case.code for chapter in CHAPTERS for case in chapter.cases}
    assert shown == codes_in_code()
