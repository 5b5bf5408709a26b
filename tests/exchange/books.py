"""Made-up books with every kind of entry, for Hypothesis: well-formed line by line, and otherwise as strange as may be.

Each kind of `kinds.KINDS` has its turn in a book, unless drawn to be left out, and its fields are drawn by the form of their key, so
that a kind or key added there is drawn here as well. Only loans are kept lawful: never is more paid back than was lent, nor by another.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import COMMON, KINDS, Key, kinds_where
from wksbm_cli.domain.line import make_entry
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.shape import check_shape
from wksbm_cli.domain.units import IDR, minor_of

# Whatever a program might take for its own: comments, tags, dates, links, strings, virtual accounts, cost, expressions.
SIGNS = ";|\"{}@:,[]()=*!#^\\%~<>&'`éü米 "
WORDS = (
    "member:r999",
    "member: r999",
    "[2026-01-05]",
    "[=2026-01-05]",
    "date:2026-02-02",
    ":x:y:",
    "  ;",
    "@ 3 IDR",
    "*",
    "{1 x}",
)
NAME = 'Kas; "Sosial" | {x} @ [2026-01-01], member: r999  ; \\'

REGISTERS = {
    "book.toml": f"""
format = 2
offset = "+07:00"
name = '{NAME}'
[units.beras-merah]
name = "Beras; merah"
symbol = "kg"
decimals = 3
[units.idr]
decimals = 2
[units.m]
decimals = 0
[units.5l]
decimals = 1
[units.true]
decimals = 0
""",
    "rt-07/organisation.toml": f"name = '{NAME}'",
    "rt-07/members.toml": f"""
r001 = {{ name = '{NAME}' }}
r002 = {{ name = "Budi" }}
2nd- = {{ name = "Tini" }}
""",
    "rt-07/kas/fund.toml": f"""
name = '{NAME}'
places = {{ kas = {{ name = '{NAME}' }}, bank = {{ kind = "bank" }} }}
[dues.iuran]
cycle = "month"
tariffs = [{{ from = 2026-01-01, amount = 5000 }}]
[savings.pokok]
[savings.sukarela]
[surplus.cadangan]
percent = 100
[dues.jimpitan]
cycle = "night"
tariffs = [{{ from = 2026-01-01, amount = 500 }}]
""",
    "rt-07/kas-2/fund.toml": """
name = "Dua"
places = { kas-2 = {} }
[dues.iuran]
cycle = "month"
tariffs = [{ from = 2026-01-01, amount = 5000 }]
""",
    "rt-07/arisan/fund.toml": """
name = "Arisan"
type = "arisan"
places = { kas = {} }
[arisan]
contribution = 20000
[arisan.slots.melati]
members = { r001 = "1/2", r002 = "1/2" }
[arisan.slots.mawar]
members = { 2nd- = 1 }
""",
    "dw/organisation.toml": 'name = "Dasawisma"',
    "dw/members.toml": 'r001 = { name = "Rini" }',
    "dw/1lumbung/fund.toml": """
name = "Lumbung"
unit = "beras-merah"
places = { 9gudang = { kind = "store" }, rumah- = {} }
[savings.pokok]
[surplus.cadangan]
percent = 100
[dues.beras]
cycle = "month"
tariffs = [{ from = 2026-01-01, amount = 0.5 }]
""",
}
# What names a loan, and is of the member who owes it.
ON_LOANS = ("repayment", "reschedule", "write-off")
COLLECTORS = ("joko", "r001")
FIRST, LAST = date(2025, 12, 20), date(2026, 2, 10)
_TEXTS = st.lists(
    st.one_of(st.text(SIGNS, min_size=1, max_size=6), st.sampled_from(WORDS), st.text("abc ", min_size=1, max_size=5)),
    min_size=1,
    max_size=4,
).map("".join)


def write_registers(root: Path) -> Registers:
    """The registers of every made-up book, in a new folder."""
    for name, text in REGISTERS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_registers(Folder(root))


def write_ledgers(root: Path, entries: list[Entry]) -> None:
    """The entries, each in the ledger of its fund and year."""
    ledgers: dict[Path, list[str]] = defaultdict(list)
    for entry in entries:
        ledgers[Folder(root).ledger(entry.fund, entry.date.year).path].append(entry.line)
    for path, lines in ledgers.items():
        path.write_text("\n".join(["[transactions]", *lines, ""]), encoding="utf-8")


# An arisan taken over must agree with its rounds and pot, which drawn fields do not: shown in tests/scenarios/37.
TAKEN_OVER = {("opening", "won"), ("opening", "paid"), ("opening", "received")}


@st.composite
def entries(draw: st.DrawFn, registers: Registers) -> list[Entry]:
    """Entries of every kind, in any fund, recorded in another order than they happened; some in the same second."""
    made: dict[str, Entry] = {}
    at = datetime.fromisoformat("2026-02-10T08:00:00+07:00")
    of_funds = sorted(kinds_where(lambda kind: kind.kept_in == "fund"))
    more = ("contribution", "repayment", "reschedule", "write-off", "loan", "reversal", "count", "reversal")
    for kind in [*draw(st.permutations(of_funds)), *more]:
        if not draw(st.sampled_from((False, True, True, True))):
            continue
        at += timedelta(seconds=draw(st.sampled_from((0, 1, 86400))))
        entry = _entry(draw, kind, registers, list(made.values()), at)
        if entry is not None:
            check_shape(entry, registers)
            made[entry.id] = entry
    return list(made.values())


def _entry(draw: st.DrawFn, kind: str, registers: Registers, before: list[Entry], at: datetime) -> Entry | None:
    """One of the kind; None where nothing is left to cancel or to pay back."""
    if kind == "reversal":
        if not (open_ := _cancellable(before)):
            return None
        of_kind = draw(st.sampled_from(sorted({entry.kind for entry in open_})))
        of = draw(st.sampled_from([entry for entry in open_ if entry.kind == of_kind]))
        day = draw(st.dates(of.date, LAST))
        return make_entry(of.fund, kind, day, {"of": of.id, "reason": draw(_TEXTS)}, "siti", at)
    funds = [slug for slug, fund in sorted(registers.funds.items()) if _may_have(fund, kind, before)]
    if not funds:
        return None
    fields = _Fields(draw, registers.funds[draw(st.sampled_from(funds))], registers, before)
    made = fields.of(kind)
    return make_entry(fields.fund.slug, kind, draw(st.dates(fields.earliest, LAST)), made, "siti", at)


def _cancellable(before: list[Entry]) -> list[Entry]:
    """What was not cancelled yet, but for a loan on which something was paid."""
    named = {entry.fields.get("of") or entry.fields.get("loan") for entry in before}
    return [entry for entry in before if entry.kind != "reversal" and entry.id not in named]


def _may_have(fund: Fund, kind: str, before: list[Entry]) -> bool:
    """Whether the fund has what an entry of the kind needs: loans to repay, savings, slots."""
    forms = {key.form for key in KINDS[kind].keys if key.required}
    return (
        ("savings-class" not in forms or bool(fund.savings))
        and ("arisan-slot" not in forms or fund.arisan is not None)
        and (kind not in ON_LOANS or bool(_owed(fund, before)))
    )


def _owed(fund: Fund, before: list[Entry]) -> dict[str, int]:
    """What is still to be paid back of each loan that was not cancelled, in smallest steps; what was paid stays so, even if cancelled."""
    cancelled = {entry.fields["of"] for entry in before if entry.kind == "reversal"}
    owed = {e.id: e for e in before if e.kind == "loan" and e.fund == fund.slug and e.id not in cancelled}
    rest = {id_: minor_of(entry.fields["amount"], fund.unit) for id_, entry in owed.items()}
    for entry in before:
        if entry.kind in ("repayment", "write-off") and entry.fields["loan"] in rest:
            rest[entry.fields["loan"]] -= minor_of(entry.fields["amount"], fund.unit)
    return {id_: minor for id_, minor in rest.items() if minor > 0}


class _Fields:
    """Draws the fields of one entry, key by key; later keys may lean on earlier ones (`for` on `due`).

    `earliest` is the first day on which such an entry may happen.
    """

    def __init__(self, draw: st.DrawFn, fund: Fund, registers: Registers, before: list[Entry]) -> None:
        self._draw, self.fund, self._registers, self._before = draw, fund, registers, before
        self.earliest = FIRST
        self._kind = ""
        self._fields: dict[str, Any] = {}

    def of(self, kind: str) -> dict[str, Any]:
        """The fields of an entry of this kind."""
        self._kind = kind
        keys = [
            *(key for key in KINDS[kind].keys if (kind, key.name) not in TAKEN_OVER),
            *(key for key in COMMON if key.name in ("note", "ref")),
        ]
        # Dues and loans before the units they are in, units before the amounts in them.
        order = {"due": 0, "entry": 0, "unit": 1}
        for key in sorted(keys, key=lambda key: order.get(key.form, 2)):
            if key.required or key.form in order or self._draw(st.booleans()):
                value = getattr(self, "_" + key.form.replace("-", "_"))(key)
                if value is not None:
                    self._fields[key.name] = value
        return self._fields

    def _steps(self, key: Key, low: int, high: int) -> int | Decimal:
        unit = self._registers.unit(self._fields.get("get_unit" if key.name == "get" else "unit", "IDR"))
        minor = self._draw(st.one_of(st.integers(low, high), st.integers(low, min(high, 3))))
        return Decimal(minor).scaleb(-unit.decimals) if unit.decimals else minor

    def _amount(self, key: Key) -> int | Decimal:
        if self._kind in ON_LOANS:
            if self._kind == "reschedule":
                return self.fund.unit.number(_owed(self.fund, self._before)[self._fields["loan"]])
            return self._steps(key, 1, _owed(self.fund, self._before)[self._fields["loan"]])
        return self._steps(key, 1, 999_999_999_999)

    def _counted(self, key: Key) -> int | Decimal:
        return self._steps(key, 0, 999_999_999)

    def _difference(self, key: Key) -> int | Decimal:
        return self._steps(key, -999_999_999, 999_999_999)

    def _unit(self, key: Key) -> str | None:
        if "due" in self._fields:
            unit = self.fund.dues[self._fields["due"]].unit
            return None if unit is IDR else unit.code
        # Only in the unit of the fund.
        if KINDS[self._kind].in_funds_unit:
            return None if self.fund.unit is IDR else self.fund.unit.code
        return self._draw(st.sampled_from((None, None, None, *sorted(set(self._registers.book.units) - {"IDR"}))))

    def _part(self, key: Key) -> int | Decimal | None:
        """At most half of the amount, so that two parts are no more than the whole."""
        half = self._fields["amount"] // 2
        return half if half and self._draw(st.booleans()) else None

    def _percent(self, key: Key) -> int:
        return self._draw(st.integers(0, 100))

    def _parcels(self, key: Key) -> int:
        return self._draw(st.integers(2, 500))

    def _year(self, key: Key) -> int:
        return self._draw(st.integers(2024, 2026))

    def _number(self, key: Key) -> int:
        return self._draw(st.integers(1, 520))

    def _savings_class(self, key: Key) -> str | None:
        return self._draw(st.sampled_from(sorted(self.fund.savings))) if self.fund.savings else None

    def _entry(self, key: Key) -> str | None:
        """The loan that is paid on, or for which something is given back."""
        loans = sorted(_owed(self.fund, self._before))
        if not loans or not (key.required or self._draw(st.booleans())):
            return None
        loan = self._draw(st.sampled_from(loans))
        self.earliest = next(entry.date for entry in self._before if entry.id == loan)
        return loan

    def _arisan_slots(self, key: Key) -> list[str] | None:
        slots = sorted(self.fund.arisan.slots) if self.fund.arisan else []
        return self._draw(st.lists(st.sampled_from(slots), min_size=1, unique=True)) if slots else None

    def _arisan_slot(self, key: Key) -> str | None:
        slots = self._arisan_slots(key)
        return slots[0] if slots else None

    def _own_amount(self, key: Key) -> int | Decimal | None:
        """A bid of an arisan; of a loan what its instalments are rounded to, and charges that come along."""
        if key.name == "bid":
            return self._draw(st.integers(1, self.fund.arisan.pot - 1)) if self.fund.arisan else None
        return self._steps(key, 1, 9_999)

    def _text(self, key: Key) -> str:
        return self._draw(_TEXTS)

    def _slug(self, key: Key) -> str:
        # The place in another fund, or an event.
        return self._draw(st.sampled_from(("kas", "kas-2", "9gudang", "besuk-1")))

    def _place(self, key: Key) -> str:
        return self._draw(st.sampled_from((*self.fund.places, *COLLECTORS)))

    def _collector(self, key: Key) -> str:
        return self._draw(st.sampled_from(COLLECTORS))

    def _members_of_fund(self) -> list[str]:
        return sorted(self._registers.members[self.fund.organisation])

    def _member(self, key: Key) -> str:
        if self._kind in ON_LOANS and key.required:
            return str(next(e.fields["member"] for e in self._before if e.id == self._fields["loan"]))
        return self._draw(st.sampled_from(self._members_of_fund()))

    def _member_list(self, key: Key) -> list[str]:
        return self._draw(st.lists(st.sampled_from(self._members_of_fund()), min_size=1, unique=True))

    def _members(self, key: Key) -> dict[str, int | Decimal]:
        return {member: self._amount(key) for member in self._member_list(key)}

    def _reserve(self, key: Key) -> str | None:
        if not self.fund.surplus or self._fields.get("unit", "IDR") != self.fund.unit.code:
            return None
        return self._draw(st.sampled_from(("cadangan", "sosial")))

    def _kept(self, key: Key) -> dict[str, int | Decimal] | None:
        if not self.fund.surplus:
            return None
        return {"cadangan": self.fund.unit.number(self._draw(st.integers(1, 9_999)))}

    def _split(self, key: Key) -> dict[str, Any]:
        others = sorted(set(self._registers.funds) - {self.fund.slug})
        whole: Any = sum(self._fields["members"].values()) if "members" in self._fields else 0
        unit = self._registers.unit(self._fields.get("unit", "IDR"))
        minor = int(Decimal(whole).scaleb(unit.decimals)) // 2
        if not minor:
            return {}
        part = Decimal(minor).scaleb(-unit.decimals) if unit.decimals else minor
        return {self._draw(st.sampled_from(others)): {"amount": part, "place": self._slug(key)}}

    def _due(self, key: Key) -> str | None:
        return self._draw(st.sampled_from((*sorted(self.fund.dues), None)))

    def _periods(self, key: Key) -> list[str] | None:
        due = self._fields.get("due")
        if due is None or self.fund.dues[due].cycle.name != "month":
            return None
        return self._draw(st.lists(st.sampled_from(("2025-12", "2026-01", "2026-02")), min_size=1, unique=True))

    def _fund(self, key: Key) -> str:
        return self._draw(st.sampled_from(sorted(set(self._registers.funds) - {self.fund.slug})))

    def _choice(self, key: Key) -> str:
        return self._draw(st.sampled_from(sorted(key.choices or {})))

    def _category(self, key: Key) -> str:
        return self._draw(st.sampled_from(sorted(CATEGORIES)))
