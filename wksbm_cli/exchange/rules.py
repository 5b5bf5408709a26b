"""Parsing the rules of an import: the layout of a file, and the entry each row becomes. docs/import.md is its manual.

A rules file is TOML, validated as a whole before any row is read: unknown keys, invalid expressions and references to
missing columns are reported with file and line.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from wksbm_cli.book.toml import TomlFile
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused, Trouble, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.table import TomlTable
from wksbm_cli.exchange.cells import EITHER, IN, NOTHING, OUT, DateStyle, MoneyStyle
from wksbm_cli.exchange.expressions import LOOKED_AT, compile_expression
from wksbm_cli.sheets.tables import RowPart

READY = Path(__file__).parent / "ready"
IGNORE = "ignore"

# Columns with a meaning to the program; all others are defined by the rules.
_DAY_AND_MONEY = ("date", "amount", "in", "out", "sign", "balance")
_DIRECTION = "direction"
# What rows have beside their columns where the sheet reader says what each is.
ROLE, SECTION = "role", "section"
_ROLES: tuple[RowPart, ...] = ("entry", "opening", "carried", "sum", "closing", "heading", "note")
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class _Form(NamedTuple):
    """What a kind requires of a rule: its direction, and required and optional fields."""

    way: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


# The kinds that one row fully determines. A count needs the book, a reversal an id, an exchange two amounts.
_FORMS: dict[str, _Form] = {
    "opening": _Form(IN),
    "contribution": _Form(IN, ("member",), ("due", "for")),
    "donation": _Form(IN, ("from",), ("source", "member", "purpose")),
    "income": _Form(IN, ("from",), ("source", "purpose")),
    "disbursement": _Form(OUT, ("to", "purpose"), ("member", "pillar", "mode", "category", "asnaf", "approved_by")),
    "expense": _Form(OUT, ("purpose",), ("to", "approved_by")),
    "transfer": _Form(EITHER, ("to_fund", "reason"), ("to_place", "approved_by")),
    "move": _Form(EITHER, ("to_place",)),
    IGNORE: _Form(EITHER),
}
_EVERY_KIND = ("fund", "place", "unit", "note")
_FIELDS = tuple(dict.fromkeys(key for form in _FORMS.values() for key in (*form.required, *form.optional)))


class Template(NamedTuple):
    """A text with `{name}` places for columns of the row and groups of the rule's expressions."""

    text: str

    @property
    def names(self) -> list[str]:
        return _PLACEHOLDER.findall(self.text)

    def fill(self, values: Mapping[str, str]) -> str:
        """Fill in the values, with runs of spaces collapsed."""
        return squeeze(_PLACEHOLDER.sub(lambda place: values[place[1]], self.text))


def squeeze(text: str) -> str:
    """`text` with every run of spaces and line breaks as one space: banks pad, and break long texts."""
    return " ".join(text.split())


class Condition(NamedTuple):
    """A condition on one column: one of some values, or a match of an expression."""

    column: str
    values: frozenset[str] = frozenset()
    expression: re.Pattern[str] | None = None

    def holds(self, cell: str) -> dict[str, str] | None:
        """The named groups found, none of them None; None where the cell does not meet the condition."""
        if self.expression is None:
            return {} if cell.casefold() in self.values else None
        found = self.expression.search(cell[:LOOKED_AT])
        return None if found is None else {name: text or "" for name, text in found.groupdict().items()}


class ImportRule(NamedTuple):
    """The kind and fields of the entry for a row that meets all conditions; none for the kind `ignore`."""

    kind: str
    fields: Mapping[str, Template]
    conditions: tuple[Condition, ...] = ()
    direction: str | None = None

    def match(self, cells: Mapping[str, str], direction: Callable[[], str]) -> dict[str, str] | None:
        """The groups matched in a row that meets the rule, else None. `direction` is computed lazily."""
        groups: dict[str, str] = {}
        for condition in self.conditions:
            found = condition.holds(cells[condition.column])
            if found is None:
                return None
            groups |= found
        if self.direction is not None and direction() != self.direction:
            return None
        return groups

    @property
    def way(self) -> str:
        """The direction of such an entry: `in`, `out` or either."""
        return _FORMS[self.kind].way


class FileLayout(NamedTuple):
    """The layout of a file: its columns by name, each with its possible heads or its number."""

    columns: Mapping[str, tuple[str | int, ...]] = {}
    delimiter: str | None = None
    encoding: str | None = None
    skip: int = 0
    overflow: str | None = None
    dates: tuple[DateStyle, ...] = ()
    money: MoneyStyle = MoneyStyle()
    ref: Template | None = None
    identity: tuple[str, ...] | None = None
    roles: Mapping[RowPart, re.Pattern[str]] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What a rule may ask of a row: its columns, and with [rows] its role and the heading it stands below."""
        return (*self.columns, *((ROLE, SECTION) if self.roles is not None else ()))

    @property
    def telling_apart(self) -> tuple[str, ...]:
        """The columns that identify a row together with date and amount: those configured, or all others."""
        if self.identity is not None:
            return tuple(sorted(self.identity))
        return tuple(sorted(name for name in self.columns if name not in _DAY_AND_MONEY))


class Rules(NamedTuple):
    """A rules file. `members` and `funds` say what names in the file mean here; their keys are folded in case."""

    layout: FileLayout
    rules: tuple[ImportRule, ...]
    members: Mapping[str, str]
    funds: Mapping[str, str]

    def first_match(
        self, cells: Mapping[str, str], direction: Callable[[], str]
    ) -> tuple[ImportRule, dict[str, str]] | None:
        """The first rule a row meets, and the groups its expressions found."""
        for rule in self.rules:
            groups = rule.match(cells, direction)
            if groups is not None:
                return rule, groups
        return None


def read_rules(name: str, registers: Registers) -> Rules:
    """The rules of a file, or the ready-made ones of that name; `Usage` says what is wrong where."""
    return _read(_find(name), registers)


def rules_of(text: str, registers: Registers) -> Rules:
    """The rules of a text that the program itself has written."""
    return _rules(TomlTable(tomli.loads(text), "rules"), registers, None)


def _read(path: Path, registers: Registers) -> Rules:
    try:
        with TomlFile(path) as read:
            top = TomlTable(read.table, "rules")
            base = top.take("base", str)
            if base is not None and base not in ready_made():
                raise top.problem(
                    msg('There are no ready-made rules "{name}".', name=base),
                    "base",
                    nearest_hint(base, ready_made()) or _known_hint(),
                )
            return _rules(top, registers, _read(_ready_file(base), registers) if base else None)
    except Trouble as problem:
        raise Usage(problem.text, hint=problem.hint, where=problem.where) from None


def ready_made() -> list[str]:
    """The names of the rules that come with the program."""
    return sorted(path.stem for path in READY.glob("*.toml"))


def _find(name: str) -> Path:
    path = Path(name)
    if path.is_file():
        return path
    if name in ready_made():
        return _ready_file(name)
    raise Usage(
        msg('There is no rules file "{name}".', name=name),
        hint=nearest_hint(name, ready_made()) if "." not in name else _known_hint(),
    )


def _ready_file(name: str) -> Path:
    return READY / f"{name}.toml"


def _known_hint() -> Message:
    return msg("Ready-made: {names}", names=", ".join(ready_made()))


def _rules(top: TomlTable, registers: Registers, base: Rules | None) -> Rules:
    """The rules of a table. From a `base`, the layout and the rules that ignore rows are inherited."""
    layout = _layout(
        TomlTable(top.take("file", dict, {}), "file"),
        top.take("columns", dict, {}),
        base.layout if base else FileLayout(),
    )
    if "rows" in top:
        layout = _with_roles(layout, TomlTable(top.take("rows", dict), "rows"))
    defaults = _defaults(TomlTable(top.take("defaults", dict, {}), "defaults"), layout)
    rules = [
        _rule(TomlTable(item, "rules", number), layout, defaults, registers)
        for number, item in enumerate(top.take("rules", list, []))
    ]
    if not rules:
        raise top.problem(msg("A rules file has at least one [[rules]]."), "rules")
    known = {slug for of_organisation in registers.members.values() for slug in of_organisation}
    members = _translations(
        TomlTable(top.take("members", dict, {}), "members"), lambda slug: _check_member(slug, known)
    )
    funds = _translations(TomlTable(top.take("funds", dict, {}), "funds"), registers.fund)
    top.done()
    # Rules that ignore non-transactions come first, before catch-all rules.
    ignored = [rule for rule in base.rules if rule.kind == IGNORE] if base else []
    return Rules(layout, (*ignored, *rules), members, funds)


def _layout(file: TomlTable, columns: Mapping[str, Any], start: FileLayout) -> FileLayout:
    """Parse [file] and [columns]; missing keys are taken from `start`."""
    named = {**start.columns, **_columns(TomlTable(columns, "columns"), columns)}
    text_columns = [name for name in named if name not in _DAY_AND_MONEY]
    layout = start._replace(
        columns=named,
        delimiter=_delimiter(file) or start.delimiter,
        encoding=_encoding(file) or start.encoding,
        skip=file.take("skip", int, start.skip),
        overflow=_column_named(file, "overflow", text_columns) or start.overflow,
        dates=tuple(_style(file, text) for text in file.texts("dates")) or start.dates,
        money=_money(file, start.money),
        ref=_template(file, "ref", named) or start.ref,
        identity=file.texts("identity") if "identity" in file else start.identity,
    )
    for name in layout.identity or ():
        if name not in text_columns:
            raise file.problem(
                msg('There is no column "{column}" in [columns].', column=name), "identity", nearest_hint(name, named)
            )
    if layout.skip < 0:
        raise file.problem(msg('"{key}" cannot be {value}.', key="skip", value=str(layout.skip)), "skip")
    file.done()
    if "date" not in named:
        raise file.problem(msg('[columns] must say which column is the "date".'), "columns")
    if ("amount" in named) == ("in" in named or "out" in named):
        raise file.problem(msg('[columns] must have either "amount", or "in" and "out".'), "columns")
    if "sign" in named and not (layout.money.money_in and layout.money.money_out):
        raise file.problem(
            msg('For the column "sign", [file] must say which words are money in and money out.'),
            "sign",
            msg("Type for instance: {example}", example='money_in = ["CR"], money_out = ["DB"]'),
        )
    return layout


def _with_roles(layout: FileLayout, rows: TomlTable) -> FileLayout:
    """[rows]: the sheet reader says what each row is; an expression over a row's text says otherwise."""
    for name in (ROLE, SECTION):
        if name in layout.columns:
            raise rows.problem(msg('With [rows] no column can be named "{name}".', name=name), name)
    roles: dict[RowPart, re.Pattern[str]] = {}
    for role in _ROLES:
        text = rows.take(role, str)
        if text is not None:
            with _placed(rows, role):
                roles[role] = compile_expression(text)
    rows.done()
    return layout._replace(roles=roles)


def _columns(table: TomlTable, names: Iterable[str]) -> dict[str, tuple[str | int, ...]]:
    columns: dict[str, tuple[str | int, ...]] = {}
    for name in names:
        if not _COLUMN_NAME.fullmatch(name) or name == _DIRECTION:
            raise table.problem(
                msg('"{name}" cannot name a column here: use small letters, digits and _.', name=name), name
            )
        value = table.take(name, (str, int, list))
        heads = value if isinstance(value, list) else [value]
        if not heads or not all(
            (type(head) is str and head) or (type(head) is int and 0 < head < 1000) for head in heads
        ):
            raise table.problem(
                msg('"{key}" must be the head of a column, a list of heads it may have, or its number.', key=name), name
            )
        columns[name] = tuple(heads)
    return columns


def _delimiter(file: TomlTable) -> str | None:
    text: str | None = file.take("delimiter", str)
    if text is None or text == "tab":
        return "\t" if text else None
    if len(text) != 1 or text.isalnum() or text in "\"' ":
        raise file.problem(msg('"{key}" cannot be {value}.', key="delimiter", value=text), "delimiter")
    return text


def _encoding(file: TomlTable) -> str | None:
    name: str | None = file.take("encoding", str)
    if name is not None:
        try:
            codecs.lookup(name)
        except LookupError:
            raise file.problem(
                msg('The encoding "{name}" is not known.', name=name),
                "encoding",
                msg("Type for instance: {example}", example="utf-8, windows-1252, utf-16"),
            ) from None
    return name


def _column_named(file: TomlTable, key: str, columns: Iterable[str]) -> str | None:
    name: str | None = file.take(key, str)
    if name is not None and name not in columns:
        raise file.problem(
            msg('There is no column "{column}" in [columns].', column=name), key, nearest_hint(name, columns)
        )
    return name


def _style(file: TomlTable, text: str) -> DateStyle:
    with _placed(file, "dates"):
        return DateStyle.named(text)


def _money(file: TomlTable, start: MoneyStyle) -> MoneyStyle:
    decimal: str | None = file.take("decimal", str, start.decimal)
    if decimal not in (None, ".", ","):
        raise file.problem(msg('"decimal" is the mark before the decimals: "." or ",".'), "decimal")
    return MoneyStyle(
        decimal,
        file.texts("money_in") or start.money_in,
        file.texts("money_out") or start.money_out,
        file.choice("unsigned", (IN, OUT, EITHER), start.unsigned),
    )


def _template(table: TomlTable, key: str, names: Iterable[str]) -> Template | None:
    """A text whose `{names}` are all known."""
    text: str | None = table.take(key, str)
    if text is None:
        return None
    template = Template(text)
    for name in template.names:
        if name not in names:
            raise table.problem(
                msg('"{{{name}}}" is neither a column nor a group of this rule.', name=name),
                key,
                nearest_hint(name, names),
            )
    return template


def _defaults(table: TomlTable, layout: FileLayout) -> dict[str, Template]:
    found = {key: _template(table, key, layout.names) for key in (*_EVERY_KIND, *_FIELDS)}
    table.done()
    return {key: template for key, template in found.items() if template is not None}


def _rule(row: TomlTable, layout: FileLayout, defaults: Mapping[str, Template], registers: Registers) -> ImportRule:
    kind: str = row.take("kind", str, required=True)
    if kind not in _FORMS:
        raise row.problem(
            msg('An import cannot make entries of the kind "{kind}".', kind=kind), "kind", nearest_hint(kind, _FORMS)
        )
    form = _FORMS[kind]
    when = row.take("when", dict, {})
    conditions = tuple(_condition(row, name, value, layout) for name, value in when.items() if name != _DIRECTION)
    groups: list[str] = []
    for condition in conditions:
        for name in condition.expression.groupindex if condition.expression else ():
            if name in layout.names or name in groups:
                raise row.problem(
                    msg('The group "{name}" has the name of a column or of another group.', name=name), condition.column
                )
            groups.append(name)
    own = () if kind == IGNORE else (*_EVERY_KIND, *form.required, *form.optional)
    found = {key: _template(row, key, (*layout.names, *groups)) for key in own}
    row.done()
    given = {key: template for key, template in found.items() if template is not None}
    fields = {**{key: template for key, template in defaults.items() if key in own}, **given}
    for key in form.required:
        if key not in fields:
            raise row.problem(msg('An entry of the kind "{kind}" needs "{key}".', kind=kind, key=key), "kind")
    for key in ("fund", "to_fund"):
        if key in given and not given[key].names:
            with _placed(row, key):
                registers.fund(given[key].text)
    return ImportRule(kind, fields, conditions, _direction(row, when))


def _condition(row: TomlTable, column: str, value: Any, layout: FileLayout) -> Condition:
    if column not in layout.names:
        raise row.problem(
            msg('There is no column "{column}" in [columns].', column=column),
            column,
            nearest_hint(column, (*layout.names, _DIRECTION)),
        )
    if isinstance(value, list) and value and all(type(item) is str for item in value):
        return Condition(column, values=frozenset(squeeze(item).casefold() for item in value))
    if type(value) is not str:
        raise row.problem(msg('"{column}" must be a regular expression, or a list of values.', column=column), column)
    with _placed(row, column):
        return Condition(column, expression=compile_expression(value))


def _direction(row: TomlTable, when: Mapping[str, Any]) -> str | None:
    direction = when.get(_DIRECTION)
    if direction not in (None, IN, OUT, NOTHING):
        raise row.problem(msg('"direction" is "in", "out" or "none".'), _DIRECTION)
    return direction


def _translations(table: TomlTable, check: Callable[[str], object]) -> dict[str, str]:
    found = {}
    for key in table:
        value: str = table.take(key, str)
        with _placed(table, key):
            check(value)
        found[squeeze(key).casefold()] = value
    return found


def _check_member(slug: str, known: Collection[str]) -> None:
    if slug not in known:
        raise Refused(msg('There is no member "{member}".', member=slug), hint=nearest_hint(slug, known))


@contextmanager
def _placed(table: TomlTable, key: str) -> Iterator[None]:
    """A context that turns a problem with a value into one of the table, with the line of the key."""
    try:
        yield
    except (Usage, Refused) as problem:
        raise table.problem(problem.text, key, problem.hint) from None
