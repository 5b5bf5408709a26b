"""Help in reach: whole on one screen, for one command in several ways, and in the reader's language alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Typist
from wksbm_cli.cli.main import run
from wksbm_cli.cli.names import COMMANDS, SECTIONS, SYNONYMS


def shown(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert run(words) == code
    out = capsys.readouterr()
    return out.err if code else out.out


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("width", [80, 45])
def test_every_command_is_on_one_screen(
    lang: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    page = shown(capsys, "--lang", lang)
    assert page == shown(capsys, "--lang", lang, "--help") == shown(capsys, "--lang", lang, "-h")
    lines = page.splitlines()
    assert max(map(len, lines)) <= width
    assert width < 80 or len(lines) <= 24
    words = page.replace(",", " ").split()
    for spec in COMMANDS:
        assert spec.called(lang) in words


def test_each_section_begins_with_a_command() -> None:
    assert next(iter(SECTIONS)) == COMMANDS[0].name
    assert set(SECTIONS) <= {spec.name for spec in COMMANDS}


def test_help_of_a_command_is_the_same_by_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(capsys, "--lang", "id", "iuran", "--help")
    assert "Mencatat iuran" in page
    assert page == shown(capsys, "--lang", "id", "bantu", "iuran") == shown(capsys, "--lang", "id", "iuran", "-h")
    assert shown(capsys, "--lang", "en", "help", "fund", "due") == shown(capsys, "--lang", "en", "fund", "due", "-h")
    every = shown(capsys, "--lang", "id", "bantu", "semua")
    assert all(f"  {spec.indonesian} " in every for spec in COMMANDS)
    assert "Tidak ada perintah 'iurann'" in shown(capsys, "--lang", "id", "bantu", "iurann", code=2)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_synonym_names_the_command_in_the_readers_language(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = {spec.name: spec.called(lang) for spec in COMMANDS}
    taken = {name for spec in COMMANDS for name in (spec.name, spec.indonesian)}
    for typed, meant in SYNONYMS[lang].items():
        assert typed not in taken, "it would never be looked for"
        told = shown(capsys, "--lang", lang, typed, code=2)
        assert f"{names[meant]}?" in told.splitlines()[-1]


def test_no_command_of_the_other_language_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(capsys, "--lang", "en", "balans", code=2)
    assert "balance" in told
    assert "kembalikan" not in told


def test_a_pipe_whose_reader_went_away_is_no_failure_of_the_book(book: Typist) -> None:
    """`wksbm cashbook | head -1` under `set -o pipefail`, as a shell tells it of any program."""
    script = (
        "from wksbm_cli.cli.main import run; import sys; sys.exit(run(['cashbook', 'kas-sosial', '--format', 'csv']))"
    )
    done = subprocess.run(
        ["bash", "-c", f'exec 3>&1; "{sys.executable}" -c "{script}" | true; echo ${{PIPESTATUS[0]}}'],
        cwd=book.folder,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(book.folder)},
    )
    assert done.stdout.strip() in ("141", "0"), done.stderr  # 0 where all was written before the reader went
    assert done.stderr == ""
