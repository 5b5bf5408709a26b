"""Rules guessed for a file that has none: its columns as the sheet reader understands them, and the plainest kind for each row.

What comes in is income, what goes out a running cost: who a member is and what a due is for is not guessed. The guess is a
rules file like any other, so that it can be saved and mended.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Usage, Where
from wksbm_cli.exchange.journal import Say
from wksbm_cli.sheets.columns import Columns, Part
from wksbm_cli.sheets.grid import SheetGrid
from wksbm_cli.sheets.tables import SheetTable, read_tables

_NAMES: dict[Part, str] = {
    "day": "date",
    "text": "text",
    "voucher": "voucher",
    "in": "in",
    "out": "out",
    "amount": "amount",
    "balance": "balance",
}
# Below which headings an amount went out, and below which it came in, where one column holds both.
_WENT_OUT = "[kg]eluar|belanja|biaya|penyaluran|santunan|expense|spent|payment"
_CAME_IN = "masuk|terima|penerimaan|pendapatan|iuran|sumbangan|income|received"


class Guess(NamedTuple):
    """A rules file as text, and what was understood in words."""

    rules: str
    understood: Message


def guess_rules(grids: Sequence[SheetGrid], fund: str | None, say: Say, *, opens: bool) -> Guess:
    """Rules for the tables like the first one of days and amounts. `opens` says that the book has no balance yet."""
    from wksbm_cli.review.explain import COLUMN_PARTS

    tables = [table for grid in grids for table in read_tables(grid)]
    columns = next((table.columns for table in tables if table.columns is not None and _fits(table)), None)
    if columns is None:
        raise _nothing_found(grids, tables)
    named = _named(columns)
    parts = [
        msg('"{heading}" is {part}', heading=columns.titles[at], part=COLUMN_PARTS[columns.parts[at]])
        for at in named.values()
    ]
    return Guess(
        _toml(columns, named, fund, say, opens=opens),
        msg("Without a file of rules it was read so: {columns}.", columns=parts),
    )


def _fits(table: SheetTable) -> bool:
    columns = table.columns
    assert columns is not None
    has_money = bool(columns.of("in", "out")) != bool(columns.of("amount"))
    return bool(columns.of("day") and columns.of("text")) and has_money and not (columns.is_matrix or columns.is_recap)


def _nothing_found(grids: Sequence[SheetGrid], tables: Sequence[SheetTable]) -> Usage:
    file = grids[0].file
    if any(table.columns is not None and table.columns.is_matrix for table in tables):
        hint = msg("It has households and months: wksbm collect FUND --file {file}", file=file)
    else:
        hint = msg("See what is understood of it: wksbm review {file} --explain", file=file)
    return Usage(msg("No table of days, texts and amounts was found in it."), hint=hint, where=Where(file))


def _named(columns: Columns) -> dict[str, int]:
    """The columns by the names that rules have for them; a second text is `text2`."""
    found: dict[str, int] = {}
    texts = 0
    for at, part in columns.parts.items():
        if part not in _NAMES:
            continue
        name = _NAMES[part]
        if part == "text":
            texts += 1
            name = name if texts == 1 else f"{name}{texts}"
        found.setdefault(name, at)
    return found


def _toml(columns: Columns, named: dict[str, int], fund: str | None, say: Say, *, opens: bool) -> str:
    same = Counter(title.casefold().strip() for title in columns.titles.values())
    lines = ["[columns]"]
    for name, at in named.items():
        title = columns.titles[at].strip()
        lines.append(f"{name} = {json.dumps(title, ensure_ascii=False) if same[title.casefold()] == 1 else at + 1}")
    telling = [name for name in named if name.startswith(("text", "voucher"))]
    lines += ["", "[file]", f"identity = {json.dumps(telling)}", ""]
    said = msg("What a row is, is seen by itself. Where that is wrong, an expression over its text says it:")
    lines.append(f"# {say(said)}")
    lines += ["# entry, opening, carried, sum, closing, heading, note", "[rows]", "", "[defaults]"]
    lines += [f"fund = {json.dumps(fund)}"] if fund else []
    beside = next((name for name in telling if name != "text"), None)
    lines += [f'note = "{{{beside}}}"'] if beside else []
    lines += ["", *_rule('when.role = ["opening"]', "opening" if opens else "ignore")]
    if "amount" in named:
        lines += _rule(f"when.section = '{_WENT_OUT}'", "expense", 'purpose = "{text}"')
        lines += _rule(f"when.section = '{_CAME_IN}'", "income", 'from = "{text}"')
    else:
        lines += _rule('when.direction = "in"', "income", 'from = "{text}"')
        lines += _rule('when.direction = "out"', "expense", 'purpose = "{text}"')
    return "\n".join(lines).rstrip() + "\n"


def _rule(when: str, kind: str, *fields: str) -> list[str]:
    return ["[[rules]]", when, f'kind = "{kind}"', *fields, ""]
