"""A book to damage: lines put in by hand under ids that agree, and what a check then says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.line import entry_id

Found = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Damaged:
    """A book under a check. `put` writes as a person with an editor and coreutils could."""

    book: Typist

    def put(
        self, table: str, fund: str = "rt-07/kas-sosial", year: int = 2026, at: str = "2026-03-01T18:00:00+07:00"
    ) -> str:
        """Append an entry (without `by` and `at`) to a ledger; its id."""
        text = f'{{ {table}, by = "siti", at = {at} }}' if " at = " not in table else f"{{ {table} }}"
        id_ = entry_id(fund, text)
        self.append(f"{id_} = {text}", fund, year)
        return id_

    def append(self, line: str, fund: str = "rt-07/kas-sosial", year: int = 2026, end: str = "\n") -> None:
        path = self.book.ledger(fund, year)
        if not path.exists():
            path.write_text("# hand\n[transactions]\n")
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(line + end)

    def rewrite(self, change: Callable[[str], str], name: str = "rt-07/kas-sosial/2026.toml") -> None:
        """Change a file of the book as an editor would."""
        path = self.path(name)
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, encoding="utf-8", newline="")

    def path(self, name: str) -> Path:
        return self.book.folder / "ledgers" / name

    def check(self) -> dict[str, Any]:
        """The answer of `check --format json`; its exit code agrees with the errors in it."""
        answer = self.book("check", "--format", "json")
        assert answer.code == (1 if answer.json["errors"] else 0), answer.err
        found: dict[str, Any] = answer.json
        return found

    def found(self) -> Found:
        """Every finding as (severity, code, file:line below the book)."""
        return [
            (
                one["severity"],
                one["code"],
                one["file"].removeprefix("ledgers/") + (f":{one['line']}" if one["line"] else ""),
            )
            for one in self.check()["findings"]
        ]


@pytest.fixture
def damaged(book: Typist) -> Damaged:
    """The small book with an opening balance, a contribution and a help given."""
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-01-10", "--for", "2026-01")
    book.must("disburse", "kas-sosial", "150rb", "--to", "Bu Karsini", "--for", "Besuk", "--date", "2026-01-28")
    return Damaged(book)
