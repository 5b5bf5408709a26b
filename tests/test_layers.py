"""The architecture, kept: imports of the package point downwards only."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "wksbm_cli"
# What each folder may import of the package, beside itself.
MAY_IMPORT = {
    "domain": set(),
    "book": {"domain"},
    "sheets": {"book", "domain"},
    "review": {"sheets", "reports", "domain"},
    "index": {"book", "domain"},
    "standing": {"index", "book", "domain"},
    "recording": {"standing", "index", "book", "domain"},
    "reports": {"standing", "index", "book", "domain"},
    "check": {"standing", "index", "book", "domain"},
    "sync": {"check", "index", "book", "domain"},
    "seals": {"sync", "check", "standing", "index", "book", "domain"},
    "exchange": {"recording", "reports", "standing", "index", "book", "domain"},
    "render": {"reports", "recording", "seals", "sync", "check", "domain", "locales"},
    "locales": set(),
    "cli": {
        *("render", "exchange", "seals", "sync", "check", "reports", "recording", "standing", "index", "book"),
        *("review", "sheets", "domain", "locales"),
    },
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)


def imported(path: Path) -> set[str]:
    """The folders of the package that a module imports from, wherever in the module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [node.module or ""]
        found |= {name.split(".")[1] for name in names if name.startswith("wksbm_cli.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    folder = path.relative_to(PACKAGE).parts[0]
    above = imported(path) - MAY_IMPORT[folder] - {folder}
    assert not above, f"{path.relative_to(PACKAGE)} imports from {sorted(above)}"


def test_the_picture_of_the_rooms_is_current() -> None:
    path = PACKAGE.parent / "docs" / "rooms.py"
    spec = importlib.util.spec_from_file_location("rooms", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run python docs/rooms.py"


def test_the_command_line_states_no_rule_of_the_group() -> None:
    """A rule is judged in domain/ or recording/, whatever types the command; cli/ keeps its own output off the book."""
    stated = [
        f"{path.name}:{node.lineno}"
        for path in MODULES
        if path.parent.name == "cli" and path.name != "answers.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"
    ]
    assert not stated
