"""The documentation that speaks of the program agrees with it: the pages made from it, the format, its examples."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typist
from tests.scripts import ROOT, script
from wksbm_cli.domain import table
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import COMMON, KINDS
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.registers import BookSettings, Organisation

FORMAT = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
REFERENCE = script("docs/reference.py")
READER = script("docs/example/reader.py")


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the table below a heading of docs/format.md, by their first cell."""
    section = FORMAT.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    lines = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in lines[1:]}


@pytest.mark.parametrize("page", REFERENCE.PAGES)
def test_a_page_made_from_the_program_is_current(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")  # what the script sets is put back afterwards
    kept = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert kept == REFERENCE.PAGES[page](), "run docs/reference.py"


@pytest.mark.skipif(shutil.which("b2sum") is None, reason="needs b2sum of GNU coreutils")
def test_the_format_s_shell_commands_say_what_the_page_says(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n((?:.*\n)*?)```\n\n((?:    .*\n)*)", FORMAT, re.MULTILINE)
    assert len(blocks) == 3
    shutil.copytree(ROOT / "ledgers", tmp_path / "ledgers")
    for command, answer in blocks:
        assert shell(command, tmp_path) == re.sub("^    ", "", answer, flags=re.MULTILINE)
    # The second says which lines of a ledger were changed.
    ledger = tmp_path / "ledgers" / "rt-05" / "kas-sosial" / "2025.toml"
    ledger.write_text(ledger.read_text().replace("amount = 385000", "amount = 358000"))
    assert shell(blocks[1][0], tmp_path).startswith("changed: ")


def shell(command: str, folder: Path) -> str:
    return subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_every_form_and_every_kind_is_explained() -> None:
    assert rows("### Forms").keys() == {key.form for kind in KINDS.values() for key in (*kind.keys, *COMMON)}
    assert rows("### What an entry moves").keys() == KINDS.keys()


def test_lines_have_the_keys_of_the_page_in_its_order() -> None:
    common = list(rows("### Keys of every kind"))
    for fund, id_, entry in READER.entries(ROOT / "ledgers"):
        described = rows(f"### {entry['kind']}")
        order = dict.fromkeys(["date", "kind", *described, *common])  # a reason of the kind's own stands with its keys
        assert list(entry) == [key for key in order if key in entry], f"{fund} {id_}"
        assert {key for key, (_, required) in described.items() if required} <= entry.keys(), f"{fund} {id_}"


def test_the_same_again_in_one_second_is_a_twin(book: Typist) -> None:
    for _ in range(3):
        book.must("donate", "donasi", "10000", "--from", "Hamba Allah")
    assert [re.findall(r"twin = \d+", line) for line in book.lines("rt-07/donasi")] == [[], ["twin = 2"], ["twin = 3"]]
    assert READER.balances(book.folder / "ledgers") == {("rt-07/donasi", "kas", "IDR"): Decimal(30000)}


def test_the_registers_of_the_page_hold_every_key_the_program_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads the page's registers as the program does, and notes which keys it asks for and does not find."""
    missing: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    take = table.TomlTable.take

    def noted(self: table.TomlTable, key: str, *rest: Any, **options: Any) -> Any:
        name = re.sub(
            r"^kk-\d+", "MEMBER", re.sub(r"^(units|places|events|savings|surplus|slots|deaths)\..*", r"\1", self._what)
        )
        name = re.sub(r"^(lelayu|beras|jimpitan|uang-pangkal)(?=$|\.)", "DUE", name)
        (found if key in self else missing).setdefault(name, set()).add(key)
        return take(self, key, *rest, **options)

    monkeypatch.setattr(table.TomlTable, "take", noted)
    registers = dict(zip(("book", "organisation", "members", "fund", "arisan"), example_registers(), strict=True))
    book = BookSettings.from_table(registers["book"])
    Organisation.from_table("rt-05", registers["organisation"])
    for slug, member in registers["members"].items():
        Member.from_table(slug, member)
    Fund.from_table("rt-05/kas-sosial", registers["fund"], book.units)
    Fund.from_table("rt-05/arisan", registers["arisan"], book.units)
    assert found, "nothing was read"
    assert {
        name: keys - found.get(name, set()) for name, keys in missing.items() if keys - found.get(name, set())
    } == {}


def example_registers() -> Iterator[dict[str, Any]]:
    for block in re.findall(r"^```toml\n(.*?)^```$", FORMAT, re.MULTILINE | re.DOTALL):
        yield tomllib.loads(block, parse_float=Decimal)
