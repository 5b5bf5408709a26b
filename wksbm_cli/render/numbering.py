"""The number at the foot of a printed page: written into a PDF, and known again in one by whoever has no program to lay it out."""

from __future__ import annotations

from wksbm_cli.domain.message import msg
from wksbm_cli.render.language import Language


def number_of(language: Language, page: str, pages: str) -> str:
    return language.say(msg("Page {page} of {pages}", page=page, pages=pages))
