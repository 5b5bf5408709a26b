"""The architecture, kept: imports of the package point downwards only, and in no circle."""

from __future__ import annotations

import ast
import importlib.util
from collections import defaultdict
from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
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
    "exchange": {"sheets", "review", "recording", "reports", "standing", "index", "book", "domain"},
    "render": {"reports", "recording", "seals", "sync", "check", "domain", "locales"},
    "locales": set(),
    "guided": {"render", "recording", "standing", "index", "domain"},
    "cli": {
        "guided",
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


def module_name(path: Path) -> str:
    name = ".".join(("wksbm_cli", *path.relative_to(PACKAGE).with_suffix("").parts))
    return name.removesuffix(".__init__")


def modules_imported(source: str, modules: Collection[str]) -> set[str]:
    """Which of `modules` a source imports, inside its functions too; from a package either the module named or the package."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in modules else str(node.module) for name in names}
    return found & set(modules)


def circle(imports: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The modules of the first circle of imports, () where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def test_no_modules_import_each_other_in_a_circle() -> None:
    sources = {module_name(path): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert not circle({name: modules_imported(source, sources) - {name} for name, source in sources.items()})


def test_a_circle_through_a_function_is_found() -> None:
    sources = {
        "house.cellar": "def fetch():\n    from house.attic import lamp\n",
        "house.stairs": "from house import cellar\n",
        "house.attic": "import house.stairs\n",
    }
    found = circle({name: modules_imported(source, sources) for name, source in sources.items()})
    assert set(found) == set(sources)


def test_a_class_name_names_one_thing() -> None:
    found = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(PACKAGE)))
    assert found
    assert not {name: places for name, places in found.items() if len(places) > 1}


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
