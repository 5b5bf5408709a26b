"""A book in a git repository, written by hand and by git: what several people did to it, commit by commit."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from wksbm_cli.domain.line import make_entry

WIB = timezone(timedelta(hours=7))
FUND = "rt-07/kas-sosial"
REGISTERS = {
    "book.toml": 'format = 2\noffset = "+07:00"\nname = "Melati"\nlanguage = "en"\n',
    ".gitattributes": "[0-9][0-9][0-9][0-9].toml text eol=lf merge=union\n*.toml text eol=lf\n",
    ".gitignore": ".wksbm/\n",
    "rt-07/organisation.toml": 'name = "RT 07"\n',
    "rt-07/members.toml": '[r001]\nname = "Budi"\n\n[r002]\nname = "Tini"\n',
    "rt-07/kas-sosial/fund.toml": 'name = "Kas Sosial"\n\n[places.kas]\nname = "Kas"\n',
    "rt-07/donasi/fund.toml": 'name = "Donasi"\n\n[places.kas]\nname = "Kas"\n',
}


def environment(who: str = "siti") -> dict[str, str]:
    """An environment in which git knows nothing of the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    named = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", who), ("EMAIL", f"{who}@example.org"))
    }
    return {**kept, **named, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "LC_ALL": "C"}


def line(
    day: int, amount: int = 5000, member: str = "r001", *, by: str = "siti", fund: str = FUND, year: int = 2026
) -> str:
    """A ledger line of a January, its id right."""
    at = datetime(year, 1, day, 19, 0, tzinfo=WIB)
    return make_entry(fund, "contribution", at.date(), {"members": {member: amount}}, by, at).line


@dataclass(frozen=True)
class GitBook:
    """A book at `root`, in the repository at `top`."""

    top: Path
    root: Path

    @classmethod
    def new(cls, top: Path, below: str = "ledgers") -> GitBook:
        book = cls(top, top / below)
        book.root.mkdir(parents=True)
        book.git("init", "--quiet", "--initial-branch=main")
        for name, text in REGISTERS.items():
            book.write(name, text)
        book.commit("begin")
        return book

    def clone(self, top: Path) -> GitBook:
        """Another treasurer's copy."""
        subprocess.run(["git", "clone", "--quiet", self.top, top], check=True, env=environment(), capture_output=True)
        return GitBook(top, top / self.root.relative_to(self.top))

    def git(self, *words: str, who: str = "siti", code: int = 0, at: str = "") -> str:
        dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
        env = {**environment(who), **dates}
        done = subprocess.run(["git", *words], cwd=self.top, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"git {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def ledger(self, fund: str = FUND, year: int = 2026) -> Path:
        return self.root / fund / f"{year}.toml"

    def add(self, *lines: str, fund: str = FUND, year: int = 2026) -> None:
        """Append lines to a ledger, as the program does."""
        path = self.ledger(fund, year)
        head = "" if path.exists() else f"# Kas · {year}\n[transactions]\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(head + "".join(f"{line}\n" for line in lines))

    def replace(self, old: str, new: str, fund: str = FUND, year: int = 2026) -> None:
        path = self.ledger(fund, year)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def replace_bytes(self, old: bytes, new: bytes) -> None:
        data = self.ledger().read_bytes()
        assert old in data
        self.ledger().write_bytes(data.replace(old, new))

    def commit(self, message: str, who: str = "siti", at: str = "") -> str:
        """`at` is the moment that the commit names; now, if none is given."""
        self.git("add", "--all", who=who)
        self.git("commit", "--quiet", "--message", message, who=who, at=at)
        return self.git("rev-parse", "HEAD")

    def lines(self, fund: str = FUND, year: int = 2026) -> list[str]:
        return [line for line in self.ledger(fund, year).read_text(encoding="utf-8").split("\n") if " = {" in line]
