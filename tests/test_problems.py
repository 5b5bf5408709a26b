"""Every problem a person can meet is told in one shape: where, the text there, one plain sentence, what to type next."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem, Refused, Trouble, Usage, Where, reason_of
from wksbm_cli.render.language import Language

PACKAGE = Path(__file__).parent.parent / "wksbm_cli"
# A sentence begins with a capital, a value, a quoted word or an option; a problem ends as sentences end, a hint may
# end in what to type.
PROBLEM = re.compile(r'(?:[A-Z{"\[]|--|git ).*(?:[.?:!]|\{reason\})')
# Told behind the line of its row.
OF_A_ROW = ("no rule fits this row: {cells}",)
HINT = re.compile(r'(?:[A-Z{"\[]|--).*\S')


def _problem_classes() -> set[str]:
    names = {"Problem"}
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]
    grown = True
    while grown:
        found = {
            node.name
            for tree in trees
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id in names for base in node.bases)
        }
        grown = not found <= names
        names |= found
    return names


CLASSES = _problem_classes()


def problems() -> Iterator[tuple[str, ast.Call]]:
    """Every place in the program where a problem is made."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def sentences(node: ast.AST | None) -> Iterator[str]:
    """The English sentences of a message, written in place."""
    for inner in ast.walk(node) if node is not None else ():
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in ("msg", "msgn"):
            for argument in inner.args[: 1 if inner.func.id == "msg" else 2]:
                assert isinstance(argument, ast.Constant), ast.unparse(inner)
                yield str(argument.value)


def test_there_are_problems_of_every_class() -> None:
    assert {"Usage", "Refused", "Trouble", "UnknownKey", "Unwritable"} <= CLASSES
    assert len(list(problems())) > 150


def test_every_problem_and_every_hint_is_a_sentence() -> None:
    wrong = []
    for place, node in problems():
        hint = next((keyword.value for keyword in node.keywords if keyword.arg == "hint"), None)
        said = [text for text in sentences(node.args[0]) if text not in OF_A_ROW]
        wrong += [f"{place}: {text}" for text in said if not PROBLEM.fullmatch(text)]
        wrong += [f"{place}: {text}" for text in sentences(hint) if not HINT.fullmatch(text)]
    assert wrong == []


def test_no_sentence_speaks_of_the_program_s_insides() -> None:
    """What a treasurer need not know: Python's words, SQLite's, classes, exceptions."""
    inside = re.compile(r"\b(None|null|[Ee]xception|[Tt]raceback|stderr|SQLite|sqlite|dict|tuple|regex)\b")
    assert [f"{place}: {text}" for place, node in problems() for text in sentences(node) if inside.search(text)] == []


# --- how it is shown ----------------------------------------------------------------------------------------------


def told(problem: Problem, capsys: pytest.CaptureFixture[str], code: str = "en") -> list[str]:
    session = Session()
    session.__dict__["language"] = Language(code)
    session.report_problem(problem)
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


@pytest.mark.parametrize(
    ("problem", "lines"),
    [
        (Usage(msg("Say which member.")), ["Say which member."]),
        (Refused(msg("No."), hint=msg("Type: yes")), ["No.", "Type: yes"]),
        (
            Trouble(msg("It was changed."), hint=msg("Put it back."), where=Where("a/2026.toml", 41, "x = { y }")),
            ["a/2026.toml:41:", "    x = { y }", "It was changed.", "Put it back."],
        ),
        (Trouble(msg("It is gone."), where=Where("a/2026.toml")), ["a/2026.toml:", "It is gone."]),
        (
            Refused(
                msg("Two rows."), details=[msg("line 2: {what}", what=msg("no")), msg("line 3: no")], hint=msg("Mend.")
            ),
            ["Two rows.", "  - line 2: no", "  - line 3: no", "Mend."],
        ),
        (
            Trouble(msg("{text} is wrong.", text="\x1b[31m\u202e"), where=Where("\x07.toml", 1, "\x1b]0;x\x07")),
            ["\\x07.toml:1:", "    \\x1b]0;x\\x07", "\\x1b[31m\\u202e is wrong."],
        ),
    ],
)
def test_one_shape(problem: Problem, lines: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert told(problem, capsys) == lines


@pytest.mark.parametrize(("kind", "code"), [(Usage, 2), (Refused, 3), (Trouble, 4)])
def test_exit_codes(kind: type[Problem], code: int) -> None:
    assert kind(msg("No.")).exit_code == code


def test_the_first_place_given_stands() -> None:
    problem = Trouble(msg("No."), where=Where("first", 1))
    assert problem.at(Where("second", 2)).where == Where("first", 1)


def test_why_the_system_refused_is_told_in_the_reader_s_language() -> None:
    reasons = [
        reason_of(OSError(number, "english")) for number in (errno.EACCES, errno.ENOSPC, errno.ENOENT, errno.ELOOP)
    ]
    told = [Language("id").show(reason) for reason in reasons]
    assert told == [
        "tidak diizinkan",
        "penyimpanan penuh",
        "berkas atau foldernya tidak ada",
        "tautannya berputar-putar",
    ]
    assert reason_of(OSError(errno.EMLINK, "Too many links")) == "Too many links"
    assert reason_of(OSError("no number")) == "no number"
