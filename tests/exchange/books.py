"""Made-up books with every kind of entry, for Hypothesis: well-formed line by line, and otherwise as strange as may be.

Fields are drawn by the form of their key in `kinds.KINDS`, so that a kind added there is drawn here as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.domain.categories import CATEGORIES
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import COMMON, KINDS, Key
from wksbm_cli.domain.line import make_entry
from wksbm_cli.domain.registers import Fund, Registers
from wksbm_cli.domain.shape import check_shape
from wksbm_cli.domain.units import IDR

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
format = 1
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
places = { 9gudang = {}, rumah- = {} }
[savings.pokok]
""",
}
COLLECTORS = ("joko", "r001")
FIRST, LAST = date(2025, 12, 20), date(2026, 2, 10)
_DAYS = st.dates(FIRST, LAST)
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


@st.composite
def entries(draw: st.DrawFn, registers: Registers, most: int = 12) -> list[Entry]:
    """Entries of any kind in any fund, recorded in another order than they happened; some in the same second."""
    made: dict[str, Entry] = {}
    at = datetime.fromisoformat("2026-02-10T08:00:00+07:00")
    for _ in range(draw(st.integers(1, most))):
        at += timedelta(seconds=draw(st.sampled_from((0, 1, 86400))))
        fund = registers.funds[draw(st.sampled_from(sorted(registers.funds)))]
        kind = draw(st.sampled_from([kind for kind in sorted(KINDS) if _may_have(fund, kind, made.values())]))
        if kind == "reversal":
            entry = _reversal(draw, fund, list(made.values()), at)
        else:
            fields = _Fields(draw, fund, registers, list(made.values())).of(kind)
            entry = make_entry(fund.slug, kind, draw(_DAYS), fields, "siti", at) if fields is not None else None
        if entry is not None:
            check_shape(entry, registers)
            made[entry.id] = entry
    return list(made.values())


def _may_have(fund: Fund, kind: str, made: Iterable[Entry]) -> bool:
    """Whether the fund has what an entry of the kind needs: loans to repay, savings, slots."""
    forms = {key.form for key in KINDS[kind].keys if key.required}
    return (
        ("savings-class" not in forms or bool(fund.savings))
        and ("arisan-slot" not in forms or fund.arisan is not None)
        and (kind != "repayment" or any((entry.kind, entry.fund) == ("loan", fund.slug) for entry in made))
    )


def _reversal(draw: st.DrawFn, fund: Fund, made: list[Entry], at: datetime) -> Entry | None:
    cancelled = {entry.fields["of"] for entry in made if entry.kind == "reversal"}
    open_ = [e for e in made if e.fund == fund.slug and e.kind != "reversal" and e.id not in cancelled]
    if not open_:
        return None
    of = draw(st.sampled_from(open_))
    day = draw(st.dates(of.date, LAST))
    return make_entry(fund.slug, "reversal", day, {"of": of.id, "reason": draw(_TEXTS)}, "siti", at)


class _Fields:
    """Draws the fields of one entry, key by key; later keys may lean on earlier ones (`for` on `due`)."""

    def __init__(self, draw: st.DrawFn, fund: Fund, registers: Registers, before: list[Entry]) -> None:
        self._draw, self._of, self._registers, self._before = draw, fund, registers, before
        self._kind = ""
        self._fields: dict[str, Any] = {}

    def of(self, kind: str) -> dict[str, Any] | None:
        """The fields of an entry of this kind; None where the fund or the book has not what it needs."""
        self._kind = kind
        keys = [*KINDS[kind].keys, *(key for key in COMMON if key.name in ("note", "ref"))]
        # Units before the amounts that are in them.
        for key in sorted(keys, key=lambda key: key.form != "unit"):
            if key.required or key.form == "unit" or self._draw(st.booleans()):
                value = getattr(self, "_" + key.form.replace("-", "_"))(key)
                if value is not None:
                    self._fields[key.name] = value
                elif key.required:
                    return None
        return self._fields

    def _steps(self, key: Key, low: int, high: int) -> int | Decimal:
        unit = self._registers.unit(self._fields.get("get_unit" if key.name == "get" else "unit", "IDR"))
        minor = self._draw(st.one_of(st.integers(low, high), st.integers(low, 3)))
        return Decimal(minor).scaleb(-unit.decimals) if unit.decimals else minor

    def _amount(self, key: Key) -> int | Decimal:
        return self._steps(key, 1, 999_999_999_999)

    def _counted(self, key: Key) -> int | Decimal:
        return self._steps(key, 0, 999_999_999)

    def _difference(self, key: Key) -> int | Decimal:
        return self._steps(key, -999_999_999, 999_999_999)

    def _unit(self, key: Key) -> str | None:
        # Only in the unit of the fund.
        if self._kind in ("loan", "repayment", "settlement", "saving", "withdrawal", "payout", "surplus"):
            return None if self._of.unit is IDR else self._of.unit.code
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
        return self._draw(st.sampled_from(sorted(self._of.savings))) if self._of.savings else None

    def _entry(self, key: Key) -> str | None:
        """The loan that is paid on."""
        loans = [entry.id for entry in self._before if (entry.kind, entry.fund) == ("loan", self._of.slug)]
        return self._draw(st.sampled_from(loans)) if loans else None

    def _arisan_slots(self, key: Key) -> list[str] | None:
        slots = sorted(self._of.arisan.slots) if self._of.arisan else []
        return self._draw(st.lists(st.sampled_from(slots), min_size=1, unique=True)) if slots else None

    def _arisan_slot(self, key: Key) -> str | None:
        slots = self._arisan_slots(key)
        return slots[0] if slots else None

    def _bid(self, key: Key) -> int | None:
        return self._draw(st.integers(1, self._of.arisan.pot - 1)) if self._of.arisan else None

    def _text(self, key: Key) -> str:
        return self._draw(_TEXTS)

    def _slug(self, key: Key) -> str:
        # The place in another fund, or an event.
        return self._draw(st.sampled_from(("kas", "kas-2", "9gudang", "besuk-1")))

    def _place(self, key: Key) -> str:
        return self._draw(st.sampled_from((*self._of.places, *COLLECTORS)))

    def _collector(self, key: Key) -> str:
        return self._draw(st.sampled_from(COLLECTORS))

    def _members_of_fund(self) -> list[str]:
        return sorted(self._registers.members[self._of.organisation])

    def _member(self, key: Key) -> str:
        return self._draw(st.sampled_from(self._members_of_fund()))

    def _member_list(self, key: Key) -> list[str]:
        return self._draw(st.lists(st.sampled_from(self._members_of_fund()), min_size=1, unique=True))

    def _members(self, key: Key) -> dict[str, int | Decimal]:
        return {member: self._amount(key) for member in self._member_list(key)}

    def _split(self, key: Key) -> dict[str, Any]:
        others = sorted(set(self._registers.funds) - {self._of.slug})
        whole: Any = sum(self._fields["members"].values()) if "members" in self._fields else 0
        unit = self._registers.unit(self._fields.get("unit", "IDR"))
        minor = int(Decimal(whole).scaleb(unit.decimals)) // 2
        if not minor:
            return {}
        part = Decimal(minor).scaleb(-unit.decimals) if unit.decimals else minor
        return {self._draw(st.sampled_from(others)): {"amount": part, "place": self._slug(key)}}

    def _due(self, key: Key) -> str | None:
        code = self._fields.get("unit", "IDR")
        dues = sorted(slug for slug, due in self._of.dues.items() if due.unit.code == code)
        return self._draw(st.sampled_from(dues)) if dues else None

    def _periods(self, key: Key) -> list[str] | None:
        if self._fields.get("due") != "iuran":
            return None
        return self._draw(st.lists(st.sampled_from(("2025-12", "2026-01", "2026-02")), min_size=1, unique=True))

    def _fund(self, key: Key) -> str:
        return self._draw(st.sampled_from(sorted(set(self._registers.funds) - {self._of.slug})))

    def _choice(self, key: Key) -> str:
        return self._draw(st.sampled_from(sorted(key.choices or {})))

    def _category(self, key: Key) -> str:
        return self._draw(st.sampled_from(sorted(CATEGORIES)))
