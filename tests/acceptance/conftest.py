"""The book of the real neighbourhood, made once for all who hold it against its records."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.rt07 import build
from wksbm_cli.cli.main import run

AS_OF = "2026-03-31"
Report = dict[str, Any]
Ask = Callable[..., Report]


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the book, made once."""
    folder = tmp_path_factory.mktemp("rt07")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("WKSBM_NOW", "WKSBM_BY", "LC_ALL", "LANGUAGE"):  # put back afterwards what the script sets
            patch.setenv(name, "")
        patch.delenv("WKSBM_BOOK", raising=False)
        build(folder)
    return folder / "ledgers"


@pytest.fixture
def ask(book: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A report of the book as a program reads it: `ask("balance", "--month", "2025-06")`."""
    monkeypatch.setenv("WKSBM_NOW", f"{AS_OF}T20:00:00+07:00")

    def answer(*words: str) -> Report:
        out = io.StringIO()
        with redirect_stdout(out):
            assert run(["--book", str(book), "--lang", "en", *words, "--format", "json"]) == 0
        found: Report = json.loads(out.getvalue())
        return found

    return answer
