"""Whether an entry has the shape of its kind: every key known, every value of its form, every name in a register.

The reader asks this of every line it reads, the writer of every line it is about to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.dates import FIRST_YEAR, LAST_YEAR
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.giving import MOST_PARCELS
from wksbm_cli.domain.inline import shown
from wksbm_cli.domain.kinds import COMMON, KINDS, Key
from wksbm_cli.domain.line import ID, is_format_2
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.domain.registers import Registers, offset_text
from wksbm_cli.domain.rules import Permissions
from wksbm_cli.domain.slug import SLUG, is_clean_text, nearest_hint
from wksbm_cli.domain.units import IDR, minor_of

# The key of a decided fact: of an organisation, its members or funds; each step a slug or a key of the register.
_FACT = re.compile(r'(?:organisation|members|funds)(?:\.(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"))*')


class UnknownName(Trouble):
    """A value that names a `what` (member, due, fund, unit) which no register has."""

    def __init__(self, what: str, name: object, text: Message, hint: Message | None) -> None:
        super().__init__(text, hint=hint)
        self.what = what
        self.name = name


class _Context(NamedTuple):
    """What a value is validated against: the entry and the registers."""

    entry: Entry
    registers: Registers

    @property
    def fund(self) -> Fund:
        """The fund of an entry that is kept in one."""
        return self.registers.funds[self.entry.fund]


def check_shape(entry: Entry, registers: Registers) -> None:
    """Validate an entry's keys and values; raise `Trouble` with one sentence for the first that is wrong."""
    of_fund = KINDS[entry.kind].kept_in == "fund"
    if of_fund != ("/" in entry.fund):
        raise Trouble(
            msg("A decision stands in the ledger of its organisation, and nothing else does."),
            hint=msg("Put the file back as it was (wksbm audit shows it)."),
        )
    context = _Context(entry, registers)
    keys = _KEYS[entry.kind]
    for name, value in entry.fields.items():
        key = keys.get(name)
        if key is None:
            raise Trouble(
                msg('An entry of the kind "{kind}" has no "{key}".', kind=entry.kind, key=name),
                hint=nearest_hint(name, keys),
            )
        _FORMS[key.form](key, value, context)
    for key in keys.values():
        if key.required and key.name not in entry.fields and key.unless not in entry.fields:
            raise Trouble(msg('An entry of the kind "{kind}" needs "{key}".', kind=entry.kind, key=key.name))
    if of_fund:
        _check_unit(entry, context.fund, registers)


def _check_unit(entry: Entry, fund: Fund, registers: Registers) -> None:
    """Validate the unit: a due, a loan or savings are paid in the unit in which they are owed, never 5 kg for Rp5."""
    code = entry.unit
    if entry.kind == "contribution":
        due = fund.dues.get(entry.fields.get("due", ""))
        if due is not None and code != due.unit.code:
            other = registers.unit(code).name
            raise Trouble(
                msg("{due} is paid in {unit}, not in {other}.", due=due.name, unit=due.unit.name, other=other)
            )
    elif (KINDS[entry.kind].in_funds_unit or "reserve" in entry.fields) and code != fund.unit.code:
        raise Trouble(
            msg(
                "{fund} owes and is owed in {unit}, not in {other}.",
                fund=fund.slug,
                unit=fund.unit.name,
                other=registers.unit(code).name,
            )
        )


# An upper bound on the entries of one command.
_MOST_ROWS = 999_999

_KEYS: dict[str, dict[str, Key]] = {
    name: {key.name: key for key in (*COMMON, *kind.keys)} for name, kind in KINDS.items()
}


def _wrong(key: Key, value: Any) -> Trouble:
    return Trouble(msg('"{key}" cannot be {value}.', key=key.name, value=shown(value)))


def _cut(value: Any) -> str:
    """A name from a file, truncated for a message."""
    return value[:63] if type(value) is str else shown(value)


def _text(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not str or not value or not is_clean_text(value):
        raise _wrong(key, value)


def _slug(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not str or not SLUG.fullmatch(value):
        raise _wrong(key, value)


def _moment(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not datetime or value.tzinfo is None:
        raise _wrong(key, value)
    offset = context.registers.book.offset
    if offset is not None and is_format_2(context.entry.id) and value.utcoffset() != offset.utcoffset(None):
        raise Trouble(
            msg(
                "Entries of this book are recorded with the offset {offset} of its book.toml.",
                offset=offset_text(offset),
            )
        )


def _twin(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not int or value < 2:
        raise _wrong(key, value)


def _row(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not int or not 1 <= value <= _MOST_ROWS:
        raise _wrong(key, value)


def _known(key: Key, value: Any, names: Collection[str], what: str, text: Callable[[], Message]) -> None:
    """Validate that a value is one of `names`; `text` makes the message, lazily, since most values are valid."""
    if type(value) is not str:
        raise _wrong(key, value)
    if value not in names:
        raise UnknownName(what, value, text(), nearest_hint(value[:63], names))


def _unit_code(key: Key, context: _Context) -> str:
    code = context.entry.fields.get("get_unit" if key.name == "get" else "unit", IDR.code)
    _known_unit(key, code, context)
    return str(code)


def _known_unit(key: Key, code: Any, context: _Context) -> None:
    _known(
        key,
        code,
        context.registers.book.units,
        "unit",
        lambda: msg('The unit "{typed}" is not known here.', typed=_cut(code)),
    )


def _amount(key: Key, value: Any, context: _Context) -> None:
    """More than nothing; an arisan may be taken over with nothing in it."""
    minor = minor_of(value, context.registers.unit(_unit_code(key, context)))
    if minor < 0 or (not minor and "won" not in context.entry.fields):
        raise Trouble(msg("An amount must be more than nothing; this one is {value}.", value=shown(value)))


def _counted(key: Key, value: Any, context: _Context) -> None:
    if minor_of(value, context.registers.unit(_unit_code(key, context))) < 0:
        raise _wrong(key, value)


def _difference(key: Key, value: Any, context: _Context) -> None:
    minor_of(value, context.registers.unit(_unit_code(key, context)))


def _part(key: Key, value: Any, context: _Context) -> None:
    """A part of the entry's amount: positive, and all parts together no more than the whole."""
    unit, fields = context.registers.unit(_unit_code(key, context)), context.entry.fields
    whole = fields.get("amount")
    parts = [
        fields[name] for name, other in _KEYS[context.entry.kind].items() if other.form == "part" and name in fields
    ]
    if minor_of(value, unit) <= 0 or (
        type(whole) in (int, Decimal) and sum(minor_of(part, unit) for part in parts) > minor_of(whole, unit)
    ):
        raise _wrong(key, value)


def _percent(key: Key, value: Any, context: _Context) -> None:
    if type(value) not in (int, Decimal) or not Decimal(value).is_finite() or not 0 <= value <= 100:
        raise _wrong(key, value)


def _number(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not int or not 1 <= value <= 520:
        raise _wrong(key, value)


def _permissions(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not list or not value or not all(type(each) is str for each in value):
        raise _wrong(key, value)
    if len(set(value)) != len(value) or not set(value) <= set(Permissions._fields):
        raise _wrong(key, value)


def _parcels(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not int or not 2 <= value <= MOST_PARCELS:
        raise _wrong(key, value)


def _year(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not int or not FIRST_YEAR <= value <= LAST_YEAR:
        raise _wrong(key, value)


def _arisan_slot(key: Key, value: Any, context: _Context) -> None:
    slots = context.fund.arisan.slots if context.fund.arisan else {}
    if type(value) is not str or value not in slots:
        raise Trouble(
            msg('{fund} has no slot "{name}".', fund=context.fund.slug, name=shown(value)),
            hint=nearest_hint(shown(value), slots),
        )


def _arisan_slots(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not list or not value:
        raise _wrong(key, value)
    for slot in value:
        _arisan_slot(key, slot, context)
    if len(set(value)) != len(value):
        raise _wrong(key, value)


def _own_amount(key: Key, value: Any, context: _Context) -> None:
    """A positive amount in the fund's unit. That a bid is less than the pot is validated in `consistency`."""
    if minor_of(value, context.fund.unit) <= 0:
        raise _wrong(key, value)


def _savings_class(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not str or value not in context.fund.savings:
        raise Trouble(
            msg('{fund} has no class of savings "{name}".', fund=context.fund.slug, name=shown(value)),
            hint=nearest_hint(shown(value), context.fund.savings),
        )


def _unit(key: Key, value: Any, context: _Context) -> None:
    if value == IDR.code:
        raise _wrong(key, value)  # rupiah, the default unit, are never written
    _known_unit(key, value, context)


def _place(key: Key, value: Any, context: _Context) -> None:
    """A declared place, or a member's id: a collector holds money from the first collection on."""
    _slug(key, value, context)


def _collector(key: Key, value: Any, context: _Context) -> None:
    _slug(key, value, context)
    place = context.fund.places.get(value)
    if place is not None and place.kind != "collector":
        raise Trouble(msg('"{collector}" is a place of the fund, not a collector.', collector=value))


def _member(key: Key, value: Any, context: _Context) -> None:
    _known(
        key,
        value,
        context.registers.members[context.fund.organisation],
        "member",
        lambda: msg(
            'There is no member "{member}" in {organisation}.',
            member=_cut(value),
            organisation=context.fund.organisation,
        ),
    )


def _members(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not dict or not value:
        raise _wrong(key, value)
    unit = context.registers.unit(_unit_code(key, context))
    known = context.registers.members[context.fund.organisation]
    # Hot path: a night has 60 members and a book thousands of nights, so valid values take one test each.
    amounts = value.values()
    if value.keys() <= known.keys() and set(map(type, amounts)) == {int} and 0 < min(amounts) <= max(amounts) < 10**9:
        return
    for member, paid in value.items():
        if member not in known:
            _member(key, member, context)
        if not (type(paid) is int and 0 < paid < 1_000_000_000) and minor_of(paid, unit) <= 0:
            raise Trouble(msg("An amount must be more than nothing; this one is {value}.", value=shown(paid)))


def _reserve(key: Key, value: Any, context: _Context) -> None:
    """A share of the surplus, of today's rule or of an earlier one. How much is in it is validated in `consistency`."""
    _slug(key, value, context)
    if not context.fund.surplus:
        raise Trouble(
            msg("{fund} has no rule for sharing its surplus.", fund=context.fund.name),
            hint=msg("To set it: wksbm fund surplus {fund} SHARE=PERCENT ...", fund=context.fund.slug),
        )


def _kept(key: Key, value: Any, context: _Context) -> None:
    """`{ cadangan = 22200 }`: what of the surplus is kept in which reserve."""
    if type(value) is not dict or not value:
        raise _wrong(key, value)
    for name, kept in value.items():
        _reserve(key, name, context)
        _own_amount(key, kept, context)


def _member_list(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not list or not value:
        raise _wrong(key, value)
    for member in value:
        _member(key, member, context)


def _split(key: Key, value: Any, context: _Context) -> None:
    """`{ "rt-07/kas-rt" = { amount = 5000, place = "kas" } }`: the shares of other funds, and their places there."""
    if type(value) is not dict or not value:
        raise _wrong(key, value)
    unit = context.registers.unit(_unit_code(key, context))
    given = 0
    for fund, part in value.items():
        _fund(key, fund, context)
        if type(part) is not dict or set(part) != {"amount", "place"}:
            raise _wrong(key, part)
        _slug(key, part["place"], context)
        minor = minor_of(part["amount"], unit)
        if minor <= 0:
            raise _wrong(key, part)
        given += minor
    members = context.entry.fields.get("members")
    if type(members) is dict and given > sum(minor_of(paid, unit) for paid in members.values()):
        raise Trouble(msg("More is split off than was paid."))


def _due(key: Key, value: Any, context: _Context) -> None:
    _known(
        key,
        value,
        context.fund.dues,
        "due",
        lambda: msg('The fund {fund} has no due "{due}".', fund=context.fund.slug, due=_cut(value)),
    )


def _periods(key: Key, value: Any, context: _Context) -> None:
    of = context.entry.fields.get("due", "")
    due = context.fund.dues.get(of) if type(of) is str else None
    if due is None:
        raise Trouble(msg('Periods ("for") need the due they belong to.'))
    if (
        type(value) is not list
        or not value
        or not all(type(item) is str for item in value)
        or len(set(value)) != len(value)
    ):
        raise _wrong(key, value)
    for period in value:
        due.cycle.span(period)


def _fund(key: Key, value: Any, context: _Context) -> None:
    if value == context.fund.slug:
        raise Trouble(msg("A transfer goes to another fund, not to {fund} itself.", fund=context.fund.slug))
    _known(key, value, context.registers.funds, "fund", lambda: msg('There is no fund "{fund}".', fund=_cut(value)))


def _fact(key: Key, value: Any, context: _Context) -> None:
    """The dotted key of a fact; a decision has its old value, its new value, or both."""
    _text(key, value, context)
    if not _FACT.fullmatch(value):
        raise _wrong(key, value)
    if not {"was", "now"} & context.entry.fields.keys():
        raise Trouble(msg('An entry of the kind "{kind}" needs "{key}".', kind=context.entry.kind, key="now"))


def _value(key: Key, value: Any, context: _Context) -> None:
    """Any value a register can hold, with no line break in a text."""
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if type(value) is list:
        for part in value:
            _value(key, part, context)
    elif type(value) not in (bool, int, Decimal, date) and not (type(value) is str and is_clean_text(value)):
        raise _wrong(key, value)


def _entry(key: Key, value: Any, context: _Context) -> None:
    if type(value) is not str or not ID.fullmatch(value):
        raise _wrong(key, value)


def _choice(key: Key, value: Any, context: _Context) -> None:
    choices: Mapping[str, Message] = key.choices or {}
    if type(value) is not str or value not in choices:
        raise Trouble(
            msg('"{key}" cannot be {value}.', key=key.name, value=shown(value)),
            hint=nearest_hint(_cut(value), choices),
        )


def _category(key: Key, value: Any, context: _Context) -> None:
    _choice(Key(key.name, "choice", False, CATEGORIES), value, context)


_FORMS: dict[str, Callable[[Key, Any, _Context], None]] = {
    "text": _text,
    "slug": _slug,
    "moment": _moment,
    "twin": _twin,
    "row": _row,
    "amount": _amount,
    "counted": _counted,
    "difference": _difference,
    "part": _part,
    "percent": _percent,
    "number": _number,
    "parcels": _parcels,
    "permissions": _permissions,
    "year": _year,
    "savings-class": _savings_class,
    "arisan-slot": _arisan_slot,
    "arisan-slots": _arisan_slots,
    "own-amount": _own_amount,
    "unit": _unit,
    "place": _place,
    "collector": _collector,
    "member": _member,
    "members": _members,
    "reserve": _reserve,
    "kept": _kept,
    "member-list": _member_list,
    "split": _split,
    "due": _due,
    "periods": _periods,
    "fund": _fund,
    "fact": _fact,
    "value": _value,
    "entry": _entry,
    "choice": _choice,
    "category": _category,
}
assert {key.form for keys in _KEYS.values() for key in keys.values()} <= set(_FORMS)
