"""Converting rows of a file into drafts by rules, idempotently: rows imported before are skipped.

A row is identified by its `ref`: a value made by the rules (a bank's own number), else a digest over date, amount and
identifying columns after parsing. So the same sheet saved with other quotation marks, another delimiter or another
format of dates adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from hashlib import blake2b
from typing import NamedTuple

from wksbm_cli.domain.describe import amount_of
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage, Where
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_text, holds_identity_number, nearest_hint, without_identity_numbers
from wksbm_cli.domain.units import IDR, Amount
from wksbm_cli.exchange.cells import EITHER, IN, NOTHING, OUT, Money, read_day
from wksbm_cli.exchange.rules import IGNORE, FileLayout, ImportRule, Rules, squeeze
from wksbm_cli.index.query import Query
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter, HelpTyped
from wksbm_cli.recording.rows import InputRow, Sheet


class Beside(NamedTuple):
    """Options typed for rows whose rule does not set them."""

    fund: str | None = None
    place: str | None = None
    note: str | None = None


class Imported(NamedTuple):
    """The drafts of a file's new rows, oldest first, and notices about the others."""

    drafts: list[Draft]
    notices: list[Message]


def import_rows(
    sheet: Sheet, rules: Rules, registers: Registers, query: Query, beside: Beside, *, allow_difference: bool = False
) -> Imported:
    """The drafts of the rows that are not in the book yet.

    Raises one `Refused` with every row that no rule fits, whose day or amount cannot be read, that names a
    member, fund or due there is not, or whose balance is not what the rows make it, unless that is allowed.
    """
    importer = _Importer(rules, registers, query, beside, sheet.path)
    sheet.use(sheet.rows, importer.add)
    if not allow_difference and not sheet.has_unusable:
        importer.compare_balances(sheet)
    sheet.refuse_unusable()
    # A bank lists the newest first; entries are recorded by date, and within a date in the order of rows.
    drafts = importer.drafts
    if drafts and drafts[0].date > drafts[-1].date:
        drafts.reverse()
    return Imported(sorted(drafts, key=lambda draft: draft.date), importer.notices())


@dataclass
class _RowRead:
    """A row by column name, without padding; date and money are parsed lazily."""

    row: InputRow
    layout: FileLayout

    @cached_property
    def cells(self) -> dict[str, str]:
        return {name: squeeze(cell) for name, cell in self.row.cells.items()}

    @cached_property
    def day(self) -> date:
        return read_day(self.cells["date"], self.layout.dates)

    @cached_property
    def money(self) -> Money:
        return self.layout.money.read(self.cells)

    def balance(self, registers: Registers) -> Amount | None:
        """The balance stated in the row, if any."""
        money = self.layout.money.read({"amount": self.cells.get("balance", "")})
        if not any(map(str.isdigit, money.digits)):
            return None
        units = registers.book.units
        found = self.layout.money.amount(money, units, units[IDR.code]) if money.way != NOTHING else Amount(0, IDR)
        return Amount(-found.minor, found.unit) if money.way == OUT else found

    def change(self, rule: ImportRule, amount: Amount) -> int:
        """How the row changes the balance."""
        way = rule.way if rule.way != EITHER else self.money.way
        return -amount.minor if way == OUT else amount.minor

    def digest(self, amount: Amount) -> str:
        """48 bits over what the row says, a line each: day, way and amount, then the telling columns by name."""
        parts = [self.day.isoformat(), f"{self.money.way} {amount.number} {amount.unit.code}"]
        parts += [f"{name} {self.cells[name].casefold()}" for name in self.layout.telling_apart]
        return _digest("\n".join(parts))


class _BalanceRow(NamedTuple):
    """A row in the chain of balances. `change` is None where a rule ignores the row: its balance is then taken as given."""

    row: InputRow
    day: date
    change: int | None
    balance: Amount | None


def _digest(text: str) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=6).hexdigest()


@dataclass
class _Importer:
    """Converts rows one by one, remembering the refs assigned."""

    rules: Rules
    registers: Registers
    query: Query
    beside: Beside
    path: str
    drafts: list[Draft] = field(default_factory=list)
    ignored: int = 0
    known: int = 0
    _balances: list[_BalanceRow] = field(default_factory=list)
    _occurrences: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)
    _imported: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def add(self, row: InputRow) -> None:
        reading = _RowRead(row, self.rules.layout)
        matched = self.rules.first_match(reading.cells, lambda: reading.money.way)
        if matched is None:
            cells = " | ".join(cell for cell in reading.cells.values() if cell)
            raise Refused(msg("no rule fits this row: {cells}", cells=cells[:200]))
        rule, groups = matched
        if rule.kind == IGNORE:
            self.ignored += 1
            with suppress(Refused, Usage):  # an ignored line may have anything there
                self._balances.append(_BalanceRow(row, date.min, None, reading.balance(self.registers)))
            return
        fields = {
            key: without_identity_numbers(template.fill({**reading.cells, **groups}))
            for key, template in rule.fields.items()
        }
        fund = self._fund(fields)
        amount = self._amount(reading, rule, fields, fund)
        balance = reading.balance(self.registers) if "balance" in reading.cells else None
        self._balances.append(_BalanceRow(row, reading.day, reading.change(rule, amount), balance))
        ref = self._ref(reading, amount, fund)
        if self._is_known(ref, reading, amount, fund):
            self.known += 1
            return
        drafter = Drafter(
            self.registers,
            fund,
            reading.day,
            fields.get("note") or self.beside.note,
            fields.get("place") or self.beside.place,
            fields.get("approved_by") or None,
        )
        draft = _Fields(rule.kind, fields, self.rules, drafter).draft(self.query, amount)
        self.drafts.append(
            draft._replace(fields={**draft.fields, "ref": ref}, origin=Where(self.path, reading.row.number))
        )

    def _fund(self, fields: Mapping[str, str]) -> Fund:
        name = fields.get("fund") or self.beside.fund
        if not name:
            raise Usage(msg("It is not said which fund this belongs to: in the rules, or with --fund."))
        return self.registers.fund(self.rules.funds.get(name.casefold(), name))

    def _amount(self, reading: _RowRead, rule: ImportRule, fields: Mapping[str, str], fund: Fund) -> Amount:
        """The amount, validated to be positive and in the direction of its kind."""
        money = reading.money
        if money.way == NOTHING:
            raise Refused(msg("There is no amount in this row."))
        if rule.way != EITHER and money.way not in (EITHER, rule.way):
            raise Refused(
                msg('This is money coming in; "{kind}" is money going out.', kind=rule.kind)
                if money.way == IN
                else msg('This is money going out; "{kind}" is money coming in.', kind=rule.kind)
            )
        units = self.registers.book.units
        code = fields.get("unit") or fund.unit.code
        if code not in units:
            raise Refused(msg('The unit "{typed}" is not known here.', typed=code), hint=nearest_hint(code, units))
        return reading.layout.money.amount(money, units, units[code])

    def _ref(self, reading: _RowRead, amount: Amount, fund: Fund) -> str:
        """The row's `ref` in its fund; equal rows of one file are numbered."""
        template = reading.layout.ref
        own = template.fill(reading.cells) if template and any(reading.cells[name] for name in template.names) else ""
        if own:
            ref = _digest(own) if holds_identity_number(own) else check_text(own)
            if earlier := self._lines.get((fund.slug, ref)):
                raise Refused(msg('"{ref}" stands in line {line} already.', ref=ref, line=str(earlier)))
            self._lines[fund.slug, ref] = reading.row.number
            return ref
        digest = reading.digest(amount)
        self._occurrences[fund.slug, digest] += 1
        number = self._occurrences[fund.slug, digest]
        return digest if number == 1 else f"{digest}-{number}"

    def _is_known(self, ref: str, reading: _RowRead, amount: Amount, fund: Fund) -> bool:
        """Whether the book has an entry with this ref; one with another date or amount is an error."""
        if fund.slug not in self._imported:
            self._imported[fund.slug] = self.query.refs([fund.slug])
        id_ = self._imported[fund.slug].get(ref)
        entry = self.query.entry(id_) if id_ else None
        if entry is None:
            return False
        booked = amount_of(entry, self.registers)
        if (entry.date, booked) != (reading.day, amount):
            raise Refused(
                msg(
                    '"{ref}" is in the book already, of {date} with {amount} ({id}): another sheet may count alike.',
                    ref=ref,
                    date=entry.date,
                    amount=booked,
                    id=entry.short_id,
                )
            )
        return True

    def compare_balances(self, sheet: Sheet) -> None:
        """Validate each balance against the previous one plus the changes between, in ascending or descending order."""
        days = [each.day for each in self._balances if each.change is not None]
        newest_first = bool(days) and days[0] > days[-1]
        computed: int | None = None
        for each in reversed(self._balances) if newest_first else self._balances:
            printed = None if each.balance is None else each.balance.minor
            if each.change is None:
                computed = printed if printed is not None else computed
                continue
            computed = None if computed is None else computed + each.change
            if printed is not None and computed is not None and printed != computed:
                text = msg(
                    "the balance says {printed}; with this row it comes to {computed}.",
                    printed=each.balance,
                    computed=Amount(computed, IDR),
                )
                sheet.use([each.row], partial(_refuse, text))
            computed = printed if printed is not None else computed

    def notices(self) -> list[Message]:
        found = []
        if self.known:
            found.append(
                msgn(
                    "{count} row is in the book already; it was passed over.",
                    "{count} rows are in the book already; they were passed over.",
                    self.known,
                )
            )
        if self.ignored:
            found.append(
                msgn(
                    "{count} row was passed over, as the rules say.",
                    "{count} rows were passed over, as the rules say.",
                    self.ignored,
                )
            )
        return found


def _refuse(text: Message, row: InputRow) -> None:
    raise Refused(text)


class _Fields(NamedTuple):
    """The fields of a rule for one row, converted into a draft of its kind."""

    kind: str
    fields: Mapping[str, str]
    rules: Rules
    drafter: Drafter

    def draft(self, query: Query, amount: Amount) -> Draft:
        make = self.drafter
        match self.kind:
            case "opening":
                return make.opening(amount)
            case "contribution":
                return make.contribution(query, self._member() or "", amount, self._may("due"), self._may("for"))
            case "donation":
                source = self._may("source") or "individual"
                return make.donation(amount, self._must("from"), source, self._member(), self._may("purpose"))
            case "income":
                return make.income(amount, self._must("from"), self._may("source"), self._may("purpose"))
            case "disbursement":
                given = HelpTyped(
                    self._must("to"),
                    self._must("purpose"),
                    member=self._member(),
                    pillar=self._may("pillar"),
                    mode=self._may("mode"),
                    category=self._may("category"),
                    asnaf=self._may("asnaf"),
                )
                return make.disbursement(amount, given)
            case "expense":
                return make.expense(amount, self._must("purpose"), self._may("to"))
            case "transfer":
                other = make.registers.fund(
                    self.rules.funds.get(self._must("to_fund").casefold(), self._must("to_fund"))
                )
                return make.transfer(other, amount, self._must("reason"), self._may("to_place"))
            case "move":
                return make.move(amount, make.place or make.fund.default_place, self._must("to_place"))
        raise KeyError(self.kind)

    def _may(self, key: str) -> str | None:
        return self.fields.get(key) or None

    def _must(self, key: str) -> str:
        text = self._may(key)
        if text is None:
            raise Refused(msg('"{key}" is empty in this row.', key=key))
        return text

    def _member(self) -> str | None:
        """The member named, as the rules translate the name."""
        if self.kind == "contribution":
            self._must("member")
        name = self._may("member")
        return None if name is None else self.rules.members.get(name.casefold(), name)
