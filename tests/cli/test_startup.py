"""What a run loads before it answers: every module here is paid for at every command.

Whoever adds one to these lists has measured what it costs (`benchmarks/run.py`) and found no way to load it later.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What the bare Typer program of the benchmark loads as well.
TYPER = {"click", "typer", "shellingham", "annotated_doc", "typing_extensions"}
FIRST = {
    "wksbm_cli", "book", "book.folder", "cli", "cli.app", "cli.main", "cli.names", "cli.program", "cli.session", "cli.usage", "domain",
    "domain.inline", "domain.message", "domain.problem", "domain.slug", "domain.units", "locales",
}  # fmt: skip
BALANCE = {
    "book.reading", "book.toml", "book.whole", "cli.answers", "cli.arguments", "cli.asking", "cli.reporting",
    "cli.commands", "cli.shared", "domain.arisan", "domain.categories", "domain.cycles", "domain.dates", "domain.death", "domain.due",
    "domain.entry", "domain.fund", "domain.lending", "domain.member", "domain.obligations", "domain.person",
    "domain.facts", "domain.registers", "domain.seal", "domain.table", "index", "index.cache", "index.connect",
    "index.current", "standing.death", "index.query", "index.schema", "standing", "standing.dues", "render",
    "render.formats", "render.json", "render.language", "render.layout", "reports", "reports.balance",
    "reports.privacy", "reports.report", "reports.totals", "seals", "seals.making",
}  # fmt: skip
# Of the standard library, what took a millisecond or more to load when the start was last measured.
SLOW = {
    "asyncio",
    "babel",
    "calendar",
    "concurrent.futures",
    "csv",
    "dataclasses",
    "email",
    "logging",
    "pickle",
    "zoneinfo",
}


def loaded(words: list[str], folder: Path) -> set[str]:
    script = (
        "import json, sys\nfrom wksbm_cli.cli.main import run\n"
        f"code = run({words!r})\nprint(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.mark.parametrize(
    ("words", "allowed"),
    # Of funds that keep no reserves; those of the third organisation are read from entries, which needs their kinds.
    [(["--version"], FIRST), (["balance", "--org", "rt-05", "--format", "json"], FIRST | BALANCE)],
)
def test_a_run_loads_only_what_it_answers_with(words: list[str], allowed: set[str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "ledgers", tmp_path / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    loaded(["balance"], tmp_path)  # the index is made by the first of all reports
    modules = loaded(words, tmp_path)
    ours = {name.removeprefix("wksbm_cli.") for name in modules if name.split(".")[0] == "wksbm_cli"}
    assert ours == allowed
    assert not modules & SLOW
    installed = {name.split(".")[0] for name in modules} - set(sys.stdlib_module_names)
    theirs = {name for name in installed if not (name.startswith("_") or name.endswith("__mypyc"))}
    assert theirs - TYPER - {"wksbm_cli"} <= ({"tomli"} if "balance" in words else set()), theirs
