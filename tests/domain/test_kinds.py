"""Every kind of entry answers everything that is asked of one, and its answers agree with one another."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.books import entries, write_registers
from wksbm_cli.domain.kinds import COMMON, KINDS, postings
from wksbm_cli.domain.kinds.kind import Kind
from wksbm_cli.domain.statements import HEADS, PAYMENTS, RECEIPTS, head_of

PRODUCT = Path(__file__).parents[2] / "wksbm_cli"


def test_no_question_about_a_kind_has_an_answer_that_nobody_gave() -> None:
    assert Kind._field_defaults == {}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_answers_of_a_kind_agree_with_one_another(kind: Kind) -> None:
    keys = {key.name for key in kind.keys}
    assert keys & {key.name for key in COMMON} <= {"reason"}, "only a reason may be the kind's own"
    assert (kind.amount is None) <= kind.says_amount, "a sentence ends with the amount, which there has to be"
    assert set(kind.rests_in) <= {"arisan", "other", "reserves"}
    assert (kind.on_card != 0) <= bool(keys & {"member", "members"}), "no card is of nobody"
    assert kind.needs_approval == "never" or "approved_by" in keys, "who approved is in the line"
    assert kind.spends <= (kind.way in ("out", "either"))
    assert kind.spends <= (kind.needs_approval != "never"), "what takes of members' savings says who approved it"
    assert kind.is_outgoing <= (kind.way == "out")
    assert kind.is_collected <= (kind.way == "in")
    if kind.way == "none":
        assert kind.lines is None
        assert not kind.heads or kind.in_surplus, "what moves no money is booked where it is a loss"
    if kind.slip is not None:
        assert kind.way in ("in", "out") or "to" in keys
    if kind.in_surplus:
        assert any(head.section in ("income", "expense", "other") for head in kind.heads)
    if kind.changes_owed != "never":
        assert any(head.section in ("loans", "owed") for head in kind.heads)


def test_every_line_of_a_statement_is_some_kinds() -> None:
    named = {head.account for kind in KINDS.values() if kind.name != "reversal" for head in kind.heads}
    assert named == {head.account for head in HEADS}


def test_the_lines_of_the_supervisors_report_have_different_names() -> None:
    assert not RECEIPTS.keys() & PAYMENTS.keys()


@settings(max_examples=30)
@given(st.data())
def test_what_a_kind_books_is_what_it_says_of_itself(data: st.DataObject) -> None:
    """Every account comes under a line that the kind names, and its money moves the way it says."""
    with TemporaryDirectory() as folder:
        registers = write_registers(Path(folder))
    for entry in data.draw(entries(registers)):
        kind = KINDS[entry.kind]
        if entry.kind == "reversal":
            continue
        moved = 0
        for posting in postings(entry, registers.funds[entry.fund], registers.book.units):
            if posting.place is not None:
                moved += posting.minor if posting.fund == entry.fund else 0
            else:
                assert head_of(posting.account) in kind.heads
        assert kind.way == "either" or moved * {"in": 1, "out": -1, "none": 0}[kind.way] >= 0
        assert kind.way != "none" or moved == 0


# Where several kinds stand together for another reason than what each of them is: with that reason.
SEVERAL: dict[str, str] = {
    "exchange/rules.py": "the kinds that one row of a bank's list can tell whole, each with the fields a rule may give",
    "exchange/importing.py": "the drafts that these rows become",
    "domain/rules.py": "what a fund given to be given may not do is a rule for each of four kinds, with a sentence for each",
    "standing/arisan.py": "what was paid for others, and what was given back for it",
    "domain/statements.py": "places where the money of the statements came from, not kinds",
    "reports/supervisor.py": "what was there before is an opening; transfers within an organisation cancel out",
    "standing/lending.py": "loans, what was repaid on them, and what was given back to who covered",
    "check/entries.py": "what two rules remember: the nights a sheet may repeat, and the day from which a fund is kept",
    "domain/consistency.py": "each check is of the kinds that must agree",
}


def test_no_other_list_of_kinds_is_kept_by_hand() -> None:
    """A list of kinds outside the table is one more place to remember when a kind is added."""
    found = {}
    for path in sorted(PRODUCT.rglob("*.py")):
        name = path.relative_to(PRODUCT).as_posix()
        if name.startswith("domain/kinds/") or name == "cli/names.py":
            continue
        if lines := list(_together(path)):
            found[name] = lines
    assert set(found) == set(SEVERAL), found


def _together(path: Path) -> list[int]:
    """The lines where two different kinds are compared with or listed within ten lines of each other."""
    at: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        listed: list[ast.expr] = []
        if isinstance(node, ast.Compare) and _is_kind(node.left):
            listed = [each for right in node.comparators for each in _leaves(right)]
        elif isinstance(node, ast.MatchValue):
            listed = [node.value]
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            listed = node.elts
            if sum(_kind(each) is not None for each in listed) < 2:
                continue
        elif isinstance(node, ast.Dict):
            listed = [key for key in node.keys if key is not None]
            if sum(_kind(each) is not None for each in listed) < 3:
                continue
        at += [(each.lineno, kind) for each in listed if (kind := _kind(each)) and kind != "reversal"]
    at.sort()
    return [line for (line, kind), (after, other) in pairwise(at) if kind != other and after - line <= 10]


def _is_kind(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "kind") or (
        isinstance(node, ast.Name) and node.id == "kind"
    )


def _leaves(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]


def _kind(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and node.value in KINDS else None
