"""What comments and docstrings point to is in the project: a file, a heading of a page, a decision."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("wksbm_cli", "tests", "docs", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
# `docs/trust.md`, `domain/line.py`, `docs/decisions/0011`, `docs/practice.md#arisan`; what leads up or to a root is elsewhere.
_PATH = re.compile(r"(?<![\w./-])(?:[\w-]+/)*[\w-]+\.(?:py|md)\b(?:#[\w-]+)?|(?<![\w./-])docs/decisions/\d{4}\b")
_DECISION = re.compile(r"\bdecisions? (\d+)")


def rotten(text: str, near: Path) -> Iterator[str]:
    """What `text`, written in the file `near`, points to and is not there."""
    if "§" in text:
        yield "§"
    for match in _PATH.finditer(text):
        name, _, heading = match.group().partition("#")
        if name.startswith("docs/decisions/") and not name.endswith(".md"):
            if not list(ROOT.glob(f"{name}-*.md")):
                yield name
            continue
        found = [
            base / name for base in (ROOT, ROOT / "wksbm_cli", ROOT / "tests", near.parent) if (base / name).is_file()
        ]
        if not found or (heading and heading not in headings(found[0])):
            yield match.group()
    for match in _DECISION.finditer(text):
        if not list(ROOT.glob(f"docs/decisions/{int(match.group(1)):04}-*.md")):
            yield match.group()


def headings(page: Path) -> list[str]:
    """The headings of a page as links name them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines]


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The comments and docstrings of a module, each with its line; comments on lines in a row are one."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            told = ast.get_docstring(node)
            if told is not None:
                yield node.body[0].lineno, told
    block: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if block and token.start[0] != last + 1:
                yield last, " ".join(block)
                block = []
            block.append(token.string.lstrip("# "))
            last = token.start[0]
    if block:
        yield last, " ".join(block)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_comment_points_to_is_there(path: Path) -> None:
    found = [f"line {line}: {name}" for line, text in prose(path) for name in rotten(text, path)]
    assert not found


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("as the paper has it (PAPER \N{SECTION SIGN}2)", ["\N{SECTION SIGN}"]),
        ("see docs/gone.md.", ["docs/gone.md"]),
        ("told in trust/entries.py", ["trust/entries.py"]),
        ("docs/practice.md#fishing", ["docs/practice.md#fishing"]),
        ("docs/decisions/0999 and decision 998", ["docs/decisions/0999", "decision 998"]),
        ("docs/practice.md#arisan, domain/line.py, docs/decisions/0011, decision 3", []),
    ],
)
def test_a_rotten_reference_is_found(text: str, gone: list[str]) -> None:
    assert list(rotten(text, Path(__file__))) == gone
