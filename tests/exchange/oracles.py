"""hledger, ledger and beancount as judges: each reads an export and says by itself what is where."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# (account, unit) and (fund, member, unit, month of payment), with what is there or was paid in whole units.
# An account is named as in an export, in small letters: `assets:rt-07:kas-sosial:bank`.
Held = dict[tuple[str, str], Decimal]
Paid = dict[tuple[str, str, str, str], Decimal]


class Oracle(ABC):
    """A program that has read one export. Figures of zero are left out."""

    program: str

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    @abstractmethod
    def is_installed(cls) -> bool: ...

    @abstractmethod
    def complaints(self) -> str:
        """What the program has against the file in its strictest mode; '' where nothing."""

    @abstractmethod
    def held(self, days: Iterable[date]) -> dict[date, Held]:
        """What each account of assets and liabilities holds at the end of each day."""

    @abstractmethod
    def paid(self) -> Paid:
        """What each member contributed, by month of payment."""

    def unit(self, name: str) -> str:
        """The code of the unit that this program calls so."""
        return name.strip('"')


def _run(*words: str) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _complaints(*words: str) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    return done.stdout + done.stderr if done.returncode or done.stderr else ""


def _fund(account: str) -> str:
    return "/".join(account.split(":")[1:3])


class Hledger(Oracle):
    program = "hledger"

    @classmethod
    def is_installed(cls) -> bool:
        return shutil.which("hledger") is not None

    def complaints(self) -> str:
        return _complaints("hledger", "-f", str(self.path), "check", "--strict")

    def held(self, days: Iterable[date]) -> dict[date, Held]:
        wanted = sorted(days)
        held: dict[date, Held] = {day: {} for day in wanted}
        period = f"daily {wanted[0]}..{wanted[-1] + timedelta(days=1)}"
        for row in self._rows("balance", "^assets:", "^liabilities:", "--historical", "--period", period):
            day = date.fromisoformat(row["end_date"])
            if day in held and Decimal(row["value"]):
                held[day][row["account"], self.unit(row["commodity"])] = Decimal(row["value"])
        return held

    def paid(self) -> Paid:
        funds = {_fund(account) for account in _run("hledger", "-f", str(self.path), "accounts", "tag:member").split()}
        paid: Paid = {}
        for fund in sorted(funds):
            paid_to = f"^(income:{fund.replace('/', ':')}:contributions:|liabilities:{fund.replace('/', ':')}:arisan)"
            for row in self._rows("balance", paid_to, "tag:member", "--monthly", "--pivot", "member"):
                if Decimal(row["value"]):
                    paid[fund, row["account"], self.unit(row["commodity"]), row["period"]] = -Decimal(row["value"])
        return paid

    def _rows(self, *words: str) -> list[dict[str, str]]:
        out = _run("hledger", "-f", str(self.path), *words, "--no-total", "--layout", "tidy", "-O", "csv")
        return list(csv.DictReader(io.StringIO(out)))


class Ledger(Oracle):
    program = "ledger"

    @classmethod
    def is_installed(cls) -> bool:
        return shutil.which("ledger") is not None

    def complaints(self) -> str:
        return _complaints("ledger", "--pedantic", "-f", str(self.path), "balance", "--limit", "false")

    def unit(self, name: str) -> str:
        code = super().unit(name)
        return code.removeprefix("unit-") if code in ("unit-s", "unit-m", "unit-h") else code

    def held(self, days: Iterable[date]) -> dict[date, Held]:
        return {day: self._held(day) for day in days}

    def _held(self, day: date) -> Held:
        # The account first, then a line for each unit in it.
        form = "%(account)\t%(display_total)\n"
        until = (day + timedelta(days=1)).isoformat()
        words = ("balance", "^assets:", "or", "^liabilities:", "--flat", "--no-total", "--end", until, "--format", form)
        held: Held = {}
        account = ""
        for line in _run("ledger", "-f", str(self.path), *words).splitlines():
            head, tab, tail = line.partition("\t")
            account, figure = (head, tail) if tab else (account, head)
            number, _, name = figure.strip().partition(" ")
            if Decimal(number):
                held[account, self.unit(name)] = Decimal(number)
        return held

    def paid(self) -> Paid:
        form = (
            '%(format_date(date, "%Y-%m"))\t%(account)\t%(tag("member"))\t%(quantity(amount))\t%(commodity(amount))\n'
        )
        paid: Paid = defaultdict(Decimal)
        words = ("register", "^income:.*:contributions:", "or", "^liabilities:.*:arisan$", "--format", form)
        for line in _run("ledger", "-f", str(self.path), *words).splitlines():
            month, account, member, number, name = line.split("\t")
            if member:
                paid[_fund(account), member, self.unit(name), month] -= Decimal(number)
        return {key: amount for key, amount in paid.items() if amount}


class Beancount(Oracle):
    program = "beancount"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        from beancount import loader
        from beancount.core.data import Commodity

        self._entries, self._errors, _ = loader.load_file(str(path))
        self._codes = {each.currency: each.meta["unit"] for each in self._entries if isinstance(each, Commodity)}

    @classmethod
    def is_installed(cls) -> bool:
        return find_spec("beancount") is not None

    def unit(self, name: str) -> str:
        return str(self._codes[name])

    def complaints(self) -> str:
        return "\n".join(f"{error.source}: {error.message}" for error in self._errors)

    def held(self, days: Iterable[date]) -> dict[date, Held]:
        return {day: self._held(day) for day in days}

    def _held(self, day: date) -> Held:
        from beancount.core import realization
        from beancount.ops import summarize

        held: Held = {}
        tree = realization.realize(summarize.truncate(self._entries, day + timedelta(days=1)))
        for account in realization.iter_children(tree):
            if account.account.startswith(("Assets:", "Liabilities:")):
                for position in account.balance:
                    held[account.account.lower(), self.unit(position.units.currency)] = position.units.number
        return held

    def paid(self) -> Paid:
        from beancount.core.data import Transaction

        paid: Paid = defaultdict(Decimal)
        for entry in self._entries:
            for posting in entry.postings if isinstance(entry, Transaction) else ():
                member: Any = (posting.meta or {}).get("member")
                account = posting.account
                if member is not None and (":Contributions:" in account or account.endswith(":Arisan")):
                    assert posting.units is not None and posting.units.number is not None
                    unit = self.unit(posting.units.currency)
                    key = (_fund(account.lower()), member, unit, f"{entry.date:%Y-%m}")
                    paid[key] -= posting.units.number
        return {key: amount for key, amount in paid.items() if amount}


ORACLES: tuple[type[Oracle], ...] = (Hledger, Ledger, Beancount)
every_program = pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            oracle,
            id=oracle.program,
            marks=pytest.mark.skipif(not oracle.is_installed(), reason=f"{oracle.program} is not installed"),
        )
        for oracle in ORACLES
    ],
)
