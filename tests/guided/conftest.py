"""Someone at the screens: `evening.press("1", "space")`, and what the terminal then shows."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import Typist
from wksbm_cli.cli.guiding import desk_of
from wksbm_cli.cli.main import speak
from wksbm_cli.cli.session import Session
from wksbm_cli.guided.app import Guided


class Screens:
    """The guided program on a terminal of a size. Every key pressed is counted."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.keys = 0

    def __call__(self, *keys: str, size: tuple[int, int] = (80, 24)) -> str:
        """Start, press these keys (`:text` types a text), and give what the terminal shows then."""
        return asyncio.run(self._go(keys, size))

    async def _go(self, keys: tuple[str, ...], size: tuple[int, int]) -> str:
        speak(self.language)
        session = Session()
        session.language_code = self.language
        app = Guided(desk_of(session))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            for key in keys:
                for each in map(_NAMES.get, key[1:], key[1:]) if key.startswith(":") else [key]:
                    self.keys += 1
                    await pilot.press(each)
            await pilot.pause()
            return shown(app)


_NAMES = {" ": "space", "=": "equals_sign", ",": "comma", ".": "full_stop"}


def shown(app: Guided) -> str:
    """The lines of the terminal as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


@pytest.fixture
def screens(typist: Typist) -> Screens:
    """The screens in English, in the folder of the typist."""
    return Screens("en")


@pytest.fixture
def neighbourhood(typist: Typist) -> Typist:
    """RT 07 with 25 houses, a monthly due of 5,000 and a nightly one of 500."""
    typist.must("init", "RT 07")
    typist.must("org", "add", "rt-07", "RT 07")
    (typist.folder / "names.txt").write_text("".join(f"{name}\n" for name in NAMES))
    typist.must("member", "add", "--file", "names.txt")
    typist.must("fund", "add", "rt-07/kas-sosial", "Kas Sosial", "--type", "social")
    typist.must("fund", "due", "kas-sosial", "iuran", "5000", "--from", "2026-03-01")
    typist.must("opening", "kas-sosial", "100000", "--date", "2026-03-01")
    typist.clock("2026-03-01T20:00:00+07:00")
    return typist


NAMES = (
    *(
        "Agus Wibowo",
        "Budi Santoso",
        "Cahyo Utomo",
        "Darmi",
        "Eko Nugroho",
        "Fatimah",
        "Gunawan",
        "Hari Susilo",
        "Indah Sari",
    ),
    *("Joko Pranoto", "Kartini", "Lestari Ayu", "Marno", "Ngatini", "Oyok Suhendar", "Parman", "Qomar", "Ratna Dewi"),
    *("Slamet Riyadi", "Tini Lestari", "Umar Bakri", "Vina", "Wagiyo", "Yanti", "Zainal"),
)
