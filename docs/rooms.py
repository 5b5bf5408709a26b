"""Draws which room of the program imports which, into docs/architecture.md: `python docs/rooms.py`.

An arrow that follows from two others is left out, as in any drawing of layers.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms -->", "<!-- /rooms -->"


def rooms() -> dict[str, set[str]]:
    """Each folder of the package, and the folders it imports from."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "wksbm_cli").glob("*/**/*.py")):
        room = path.relative_to(ROOT / "wksbm_cli").parts[0]
        modules = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module)
        others = {name.split(".")[1] for name in modules if name.startswith("wksbm_cli.")}
        found.setdefault(room, set()).update(others - {room})
    return found


def drawing(found: dict[str, set[str]]) -> str:
    def reached(room: str) -> set[str]:
        return {far for near in found[room] for far in (near, *reached(near))}

    lines = ["```mermaid", "graph TD"]
    for room in sorted(found):
        direct = {near for near in found[room] if not any(near in reached(other) for other in found[room])}
        lines += [f"    {room} --> {near}" for near in sorted(direct)]
    return "\n".join([*lines, "```"])


def page() -> str:
    """docs/architecture.md with the rooms as they are now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{drawing(rooms())}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
