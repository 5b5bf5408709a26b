"""Units and amounts: rupiah and goods, exact, as whole numbers of the smallest step.

An amount of 2.5 kg of a unit with three decimals is `Amount(2500, beras)`. Nothing here is ever a
binary float, and amounts of different units are never added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Underflow
from typing import Final, NamedTuple

from wksbm_cli.domain.inline import shown
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Refused, Trouble, Usage
from wksbm_cli.domain.slug import nearest_hint

# A neighbourhood's fund stays far below a trillion rupiah; more than that is a slip of the key, and the
# bound keeps the sum of nine thousand such entries, in grams even, within SQLite's 64 bits.
LARGEST_WHOLE = 999_999_999_999
MOST_DECIMALS = 3
_SCALES: tuple[int, ...] = tuple(10**decimals for decimals in range(MOST_DECIMALS + 1))


class Unit(NamedTuple):
    """What is counted. `decimals` is how many digits may stand behind the comma (rupiah: none)."""

    code: str
    name: str
    symbol: str
    decimals: int

    @property
    def scale(self) -> int:
        """Smallest steps in one whole: 1 for rupiah, 1000 for kilograms in grams."""
        return _SCALES[self.decimals]

    def number(self, minor: int) -> int | Decimal:
        """The exact number of wholes in `minor` steps, as TOML and JSON write it: 2500 g of rice → `2.5`."""
        if not self.decimals:
            return minor
        whole, rest = divmod(minor, self.scale)
        return (Decimal(minor) / self.scale).normalize() if rest else whole


IDR = Unit("IDR", "Rupiah", "Rp", 0)


class Amount:
    """`minor` smallest steps of `unit`. Not a tuple, unlike other values, since tuples support `+`, `*` and `<`."""

    __slots__ = ("minor", "unit")

    def __init__(self, minor: int, unit: Unit) -> None:
        self.minor: Final = minor
        self.unit: Final = unit

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amount) and (self.minor, self.unit) == (other.minor, other.unit)

    def __hash__(self) -> int:
        return hash((self.minor, self.unit))

    def __repr__(self) -> str:
        return f"Amount({self.minor}, {self.unit.code})"

    def __add__(self, other: Amount) -> Amount:
        if other.unit != self.unit:
            raise ValueError(f"{self.unit.code} and {other.unit.code} are never added up")
        return Amount(self.minor + other.minor, self.unit)

    def __neg__(self) -> Amount:
        return Amount(-self.minor, self.unit)

    @property
    def number(self) -> int | Decimal:
        return self.unit.number(self.minor)


class InWords(NamedTuple):
    """An amount to be spelled out in words, as on a receipt."""

    amount: Amount


def minor_of(value: object, unit: Unit) -> int:
    """A number parsed from a ledger line, as smallest steps.

    The message of a float in a rupiah field names the likely meaning: TOML reads `50.000` as fifty.
    """
    if type(value) is int:
        minor = value * unit.scale
    elif isinstance(value, Decimal) and value.is_finite():
        if unit.decimals == 0:
            raise Trouble(
                msg("{value} is a number with decimals; {unit} are whole numbers.", value=shown(value), unit=unit.name),
                hint=msg("If {digits} was meant, write it without a point.", digits=shown(value).replace(".", "")),
            )
        if value.copy_abs() > LARGEST_WHOLE:
            raise Trouble(_too_large(shown(value)))
        steps = _steps(value, unit.decimals)
        if steps is None:
            raise Trouble(
                msg(
                    "{value} has more than the {decimals} decimals of {unit}.",
                    value=shown(value),
                    decimals=unit.decimals,
                    unit=unit.name,
                )
            )
        minor = steps
    else:
        raise Trouble(msg("{value} is not a number.", value=shown(value)))
    if abs(minor) > LARGEST_WHOLE * unit.scale:
        raise Trouble(_too_large(shown(value)))
    return minor


def _too_large(shown_value: str) -> Message:
    return msg("{value} is larger than any community fund: likely a slip.", value=shown_value)


# Enough digits for any amount; a longer number raises `Inexact` and is never rounded.
_EXACT = Context(prec=40, Emin=-99, Emax=99, traps=[Inexact, InvalidOperation, Overflow, Underflow])


def _steps(number: Decimal, decimals: int) -> int | None:
    """`number` × 10**`decimals` where that is a whole number, else None."""
    try:
        scaled = number.scaleb(decimals, _EXACT)
    except ArithmeticError:
        return None
    return int(scaled) if scaled == scaled.to_integral_value() else None


_TYPED = (
    r"(?P<rp>rp\.?)?\s*(?P<number>[0-9][0-9.,]*?)(?P<dash>,-|,--|\.-)?\s*"
    r"(?:(?P<times>rb|ribu|k|jt|juta|miliar|milyar)(?![a-z]))?\s*(?P<unit>[a-z][a-z0-9 -]*)?"
)
_TIMES = {None: 0, "rb": 3, "ribu": 3, "k": 3, "jt": 6, "juta": 6, "miliar": 9, "milyar": 9}


# A household gives a few kilograms or litres; a larger number without a unit may be meant as rupiah.
_AS_MANY_AS_RUPIAH = 1000


def parse_amount(text: str, units: Mapping[str, Unit], default: Unit, *, is_sure: bool = False) -> Amount:
    """An amount as people write it, or `Usage`/`Refused` saying why it cannot be one.

    `units` are the acceptable units by code; `default` applies where none is typed. When the default is a good, a bare
    number of 1,000 or more is refused, unless it `is_sure` that nothing else can be meant.
    `50rb`, `1,5jt`, `Rp. 50.000,-`, `2,5 kg` and `40 kg beras` are read; `1,500` and `1.50`, which a
    neighbour and an accountant read differently, are refused.
    """
    plain = " ".join(text.split()).lower()
    if plain.startswith(("-", "−", "(")):
        raise below_zero(text)
    match = re.fullmatch(_TYPED, plain)
    if match is None:
        raise Usage(
            msg('"{text}" cannot be read as an amount.', text=text[:60]),
            hint=msg("Type for instance: {example}", example="50000, 50.000, 50rb, 1,5jt, 2,5 kg"),
        )
    unit = _unit_typed(match["unit"], units, default, has_rp=bool(match["rp"] or match["dash"]))
    tens = _TIMES[match["times"]]
    decimals = unit.decimals + tens
    number = _number_typed(match["number"], text, fraction_allowed=decimals > 0)
    if number > LARGEST_WHOLE:
        raise Usage(_too_large(text[:40]))
    minor = _steps(number, decimals)
    if minor is None:
        raise Usage(
            msg('"{text}" has more decimals than {unit} can have.', text=text[:40], unit=unit.name),
            hint=msg("Type for instance: {example}", example="50000, 50.000, 50rb, 1,5jt, 2,5 kg"),
        )
    if minor > LARGEST_WHOLE * unit.scale:
        raise Usage(_too_large(text[:40]))
    amount = Amount(minor, unit)
    if unit is default is not IDR and not (is_sure or match["unit"]) and minor >= _AS_MANY_AS_RUPIAH * unit.scale:
        whole = minor // unit.scale
        raise Usage(
            msg(
                '"{text}" reads two ways: as {goods}, or as {money}.',
                text=text[:40],
                goods=amount,
                money=Amount(whole, IDR),
            ),
            hint=msg("Say the unit: {goods}, or {money}", goods=f"{whole} {unit.symbol}", money=f"Rp{whole}"),
        )
    return amount


def below_zero(text: str) -> Refused:
    """What to say of an amount typed with a minus sign."""
    return Refused(
        msg('"{text}" is less than nothing; an amount is always positive.', text=text[:60]),
        hint=msg("To undo an entry, use: wksbm reverse ID --reason ..."),
    )


def _unit_typed(typed: str | None, units: Mapping[str, Unit], default: Unit, *, has_rp: bool) -> Unit:
    """The unit meant by the words after the number: a code, a symbol, a name, or `kg beras`."""
    if has_rp:
        if typed:
            raise Usage(
                msg('"{typed}" cannot stand behind an amount in rupiah.', typed=typed),
                hint=msg("Type for instance: {example}", example="50000, 50.000, 50rb, 1,5jt, 2,5 kg"),
            )
        return IDR
    if not typed:
        return default
    words = typed.strip()
    if words in ("rp", "rupiah", "idr"):
        return IDR
    found = [
        unit
        for unit in units.values()
        if words
        in {
            unit.code.lower(),
            unit.name.lower(),
            unit.symbol.lower(),
            f"{unit.symbol} {unit.code}".lower(),
            f"{unit.symbol} {unit.name}".lower(),
        }
    ]
    if len(found) == 1:
        return found[0]
    if default in found:
        return default
    if found:
        raise Usage(
            msg(
                '"{typed}" may mean {names}; say which.',
                typed=words,
                names=", ".join(f"{unit.symbol} {unit.code}" for unit in found),
            )
        )
    raise Refused(
        msg('The unit "{typed}" is not known here.', typed=words),
        hint=nearest_hint(words, [name for unit in units.values() for name in (unit.code, unit.symbol)]),
    )


def _number_typed(digits: str, text: str, *, fraction_allowed: bool) -> Decimal:
    """Parse digits with points and commas, refusing what is ambiguous."""

    def unclear(one: str, other: str) -> Problem:
        # Suggested without a point or comma, which would be ambiguous again.
        whole = other.partition(".")[0]
        return Usage(
            msg('"{text}" reads two ways: as {one}, or as {whole} and a part.', text=text, one=one, whole=whole),
            hint=msg("Write it without points and commas, or as 1.500.000 or 1,5jt."),
        )

    if digits.isdigit():
        return Decimal(digits)
    marks = [char for char in digits if not char.isdigit()]
    last, tail = marks[-1], digits[max(digits.rfind("."), digits.rfind(",")) + 1 :]
    head = digits[: len(digits) - len(tail) - 1]
    if len(set(marks)) == 1:
        groups = digits.split(last)
        grouped = _is_grouped(groups)
        if len(marks) > 1 or (grouped and last == "." and not fraction_allowed):
            if not grouped:
                raise unclear(digits.replace(last, ""), digits.replace(last, "", len(marks) - 1))
            return Decimal("".join(groups))
        if grouped or not tail or not fraction_allowed:
            raise unclear(f"{head}{tail}", f"{head}.{tail or '0'}")
        return Decimal(f"{head}.{tail}")
    # Both marks: the last is the decimal mark, the other must group all before it in threes.
    group_mark = marks[0]
    groups = head.split(group_mark)
    if last in head or not _is_grouped(groups) or not tail:
        raise unclear(re.sub(r"[.,]", "", digits), f"{re.sub(r'[.,]', '', head)}.{tail}")
    if not fraction_allowed and tail.strip("0"):
        raise unclear(re.sub(r"[.,]", "", digits), f"{''.join(groups)}.{tail}")
    return Decimal(f"{''.join(groups)}.{tail}")


def _is_grouped(groups: Sequence[str]) -> bool:
    """Whether separators group thousands: groups of three digits after one to three digits without a leading zero."""
    return all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3 and not groups[0].startswith("0")
