"""Validation across entries: loans, savings, reserves, cover and arisan pots must agree with the entries they refer to.

Run over the entries of one fund that are not cancelled: before anything more is recorded there, and by a check of the
finished book. Size: a few hundred entries; of contributions only an arisan's are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from wksbm_cli.domain.arisan import ArisanRules, Win, divide_pot
from wksbm_cli.domain.entry import Entry, short_id
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import kinds_where, postings
from wksbm_cli.domain.kinds.lending import event_of, terms_of
from wksbm_cli.domain.lending import LoanTerms, Repayment, Rescheduling, schedule, state
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.statements import RESERVES
from wksbm_cli.domain.units import Amount, minor_of

_IN_ARISAN = kinds_where(lambda kind: "arisan" in kind.rests_in)
_ELSEWHERE = kinds_where(lambda kind: "other" in kind.rests_in)
_ON_RESERVES = kinds_where(lambda kind: "reserves" in kind.rests_in)


class Violation(NamedTuple):
    """An entry that contradicts the others. `code` is the short stable name of how."""

    code: str
    entry: Entry
    text: Message


def kinds_judged_together(fund: Fund) -> tuple[str, ...]:
    """The kinds of entry that are validated against one another in a fund."""
    kinds = _IN_ARISAN if fund.type == "arisan" else _ELSEWHERE
    return (*kinds, *_ON_RESERVES) if fund.surplus else kinds


def violations(fund: Fund, entries: Iterable[Entry], registers: Registers) -> Iterator[Violation]:
    """Every entry that contradicts those before it.

    `entries` are the fund's uncancelled ones of `kinds_judged_together`, sorted by date, then by time of recording.
    """
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    on_loans: list[Entry] = []
    on_reserves: list[Entry] = []
    for entry in entries:
        by_kind[entry.kind].append(entry)
        if entry.kind in ("repayment", "reschedule", "write-off"):
            on_loans.append(entry)
        if {"kept", "reserve"} & entry.fields.keys():
            on_reserves.append(entry)
    if fund.arisan is not None:
        wins = sorted(by_kind["win"], key=lambda entry: entry.fields["round"])
        taken = [entry for entry in by_kind["opening"] if "won" in entry.fields]
        others = [entry for kind in ("contribution", "win", "payout") for entry in by_kind[kind]]
        yield from _taken_over(fund, fund.arisan, taken, others)
        earlier = {slot: round_ for entry in taken[:1] for round_, slot in enumerate(entry.fields["won"], 1)}
        yield from _wins(fund, fund.arisan, wins, earlier)
        yield from _payouts(fund, fund.arisan, wins, by_kind["payout"], earlier)
    yield from _loans(fund, by_kind["loan"], on_loans)
    covering = [entry for kind in ("contribution", "repayment") for entry in by_kind[kind]]
    yield from _cover(fund, covering, by_kind["settlement"])
    yield from _surplus(by_kind["surplus"])
    yield from _reserves(fund, registers, on_reserves)
    yield from _savings(fund, registers, [*by_kind["saving"], *by_kind["withdrawal"]])


def win_of(entry: Entry, fund: Fund, *, paid_out: bool = False) -> Win:
    """The win that an entry records."""
    fields = entry.fields
    return Win(
        entry.id,
        fields["round"],
        fields["slot"],
        fields["method"],
        tuple(fields["candidates"]),
        fields.get("seed", ""),
        minor_of(fields.get("bid", 0), fund.unit),
        paid_out,
        tuple(fields.get("said_by", fields.get("witnesses", ()))),
    )


def _taken_over(fund: Fund, rules: ArisanRules, taken: Sequence[Entry], others: Sequence[Entry]) -> Iterator[Violation]:
    """A running arisan is taken over once, before anything is recorded in it, with all that was paid in and out."""
    for number, entry in enumerate(taken):
        fields = entry.fields
        paid, received = (
            sum(minor_of(value, fund.unit) for value in fields.get(key, {}).values()) for key in ("paid", "received")
        )
        if number or any(other.date < entry.date for other in others):
            text = msg("The arisan is taken over after something was recorded in it.")
            yield Violation("takeover-late", entry, text)
        elif len(fields["won"]) > len(rules.rounds):
            text = msg(
                "There is no round {round}; the arisan has {count}.", round=len(fields["won"]), count=len(rules.rounds)
            )
            yield Violation("win-round", entry, text)
        elif received != rules.pot * len(fields["won"]) or paid - received != minor_of(fields["amount"], fund.unit):
            text = msg(
                "What was paid in ({paid}) less what was paid out ({received}) is not what is there.",
                paid=Amount(paid, fund.unit),
                received=Amount(received, fund.unit),
            )
            yield Violation("takeover-sums", entry, text)


def _wins(fund: Fund, rules: ArisanRules, wins: Sequence[Entry], earlier: Mapping[str, int]) -> Iterator[Violation]:
    won: dict[str, int] = dict(earlier)
    for entry in wins:
        win = win_of(entry, fund)
        if win.slot in won:
            yield Violation(
                "win-twice",
                entry,
                msg("The slot {slot} has won round {round} already.", slot=win.slot, round=won[win.slot]),
            )
        elif win.round in won.values():
            yield Violation("win-twice", entry, msg("Round {round} has a winner already.", round=win.round))
        elif win.round > len(rules.rounds):
            yield Violation(
                "win-round",
                entry,
                msg("There is no round {round}; the arisan has {count}.", round=win.round, count=len(rules.rounds)),
            )
        else:
            yield from _win(fund, rules, entry, win, won)
            won[win.slot] = win.round


def _win(fund: Fund, rules: ArisanRules, entry: Entry, win: Win, won: dict[str, int]) -> Iterator[Violation]:
    if win.round > len(won) + 1:
        text = msg("Round {round} has a winner, and round {earlier} has none.", round=win.round, earlier=len(won) + 1)
        yield Violation("win-gap", entry, text)
    elif win.bid >= rules.pot:
        text = msg(
            "A bid of {bid} is not less than the pot of {pot}.",
            bid=Amount(win.bid, fund.unit),
            pot=Amount(rules.pot, fund.unit),
        )
        yield Violation("bid", entry, text)
    elif not win.proves_itself(rules, won):
        text = msg("By this line itself, {slot} is not who wins round {round}.", slot=win.slot, round=win.round)
        yield Violation("win-unproven", entry, text)


def _payouts(
    fund: Fund, rules: ArisanRules, wins: Sequence[Entry], payouts: Sequence[Entry], earlier: Mapping[str, int]
) -> Iterator[Violation]:
    by_slot = {entry.fields["slot"]: win_of(entry, fund) for entry in reversed(wins)}
    paid: set[str] = set(earlier)
    for entry in payouts:
        slot, round_ = entry.fields["slot"], entry.fields["round"]
        win = by_slot.get(slot)
        received = {member: minor_of(value, fund.unit) for member, value in entry.fields["members"].items()}
        if win is None or win.round != round_:
            text = msg("The pot is paid out to {slot}, which did not win round {round}.", slot=slot, round=round_)
            yield Violation("payout-unknown", entry, text)
        elif slot in paid:
            yield Violation("payout-twice", entry, msg("The pot of {slot} is paid out twice.", slot=slot))
        elif received != divide_pot(
            rules, slot, win.bid, [*earlier, *(each.slot for each in by_slot.values() if each.round < round_)]
        ):
            text = msg("The pot of {slot} is not divided as its shares and the bid say.", slot=slot)
            yield Violation("payout-amount", entry, text)
        paid.add(slot)


class _Lent:
    """Running state of a loan after the entries so far; sums are smallest steps."""

    def __init__(self, entry: Entry, terms: LoanTerms) -> None:
        self.entry = entry
        self.terms = terms
        self.events: list[Repayment | Rescheduling] = []
        self.outstanding = terms.principal
        self.charged = 0
        self.most_charged = _charges(terms)


def _charges(terms: LoanTerms) -> int:
    return sum(each.charge for each in schedule(terms))


def _loans(fund: Fund, loans: Sequence[Entry], entries: Sequence[Entry]) -> Iterator[Violation]:
    """Validate entries on a loan against the state of that loan at that time."""
    lent = {entry.id: _Lent(entry, terms_of(entry, fund)) for entry in loans}
    for entry in entries:
        fields = entry.fields
        loan = lent.get(fields["loan"])
        if loan is None or loan.entry.fields["member"] != fields["member"]:
            text = msg(
                "It is about {id}, which is no loan of this member that still stands.", id=short_id(fields["loan"])
            )
            yield Violation("loan-unknown", entry, text)
            continue
        event = event_of(entry, fund)
        if isinstance(event, Rescheduling):
            yield from _rescheduled(fund, loan, entry, event)
        else:
            yield from _repaid(fund, loan, entry, event)
        loan.events.append(event)


def _repaid(fund: Fund, loan: _Lent, entry: Entry, repaid: Repayment) -> Iterator[Violation]:
    id_ = loan.entry.short_id
    loan.outstanding -= repaid.principal
    if over := _beyond(-loan.outstanding, repaid.principal):
        text = (
            msg("With this, {over} more is written off than is owed of {id}.", over=Amount(over, fund.unit), id=id_)
            if repaid.written_off
            else msg("With this, {over} more is repaid than was lent by {id}.", over=Amount(over, fund.unit), id=id_)
        )
        yield Violation("loan-overpaid", entry, text)
    loan.charged += repaid.charge
    if over := _beyond(loan.charged - loan.most_charged, repaid.charge):
        text = msg("With this, {over} more is charged than was agreed in {id}.", over=Amount(over, fund.unit), id=id_)
        yield Violation("loan-overpaid", entry, text)


def _beyond(over: int, minor: int) -> int:
    """By how much a sum exceeds its maximum, if it was this entry that made it exceed."""
    return over if 0 < over <= minor else 0


def _rescheduled(fund: Fund, loan: _Lent, entry: Entry, anew: Rescheduling) -> Iterator[Violation]:
    """A rescheduling covers exactly the outstanding principal and the charges fallen due."""
    owed = state(loan.terms, loan.events, entry.date).charge_due
    if (anew.terms.principal, anew.carried) != (loan.outstanding, owed):
        text = msg(
            "It reschedules {principal} and charges of {carried}; of {id} {left} and charges of {owed} were owed.",
            principal=Amount(anew.terms.principal, fund.unit),
            carried=Amount(anew.carried, fund.unit),
            id=loan.entry.short_id,
            left=Amount(loan.outstanding, fund.unit),
            owed=Amount(owed, fund.unit),
        )
        yield Violation("loan-rescheduled", entry, text)
    loan.most_charged = loan.charged + anew.carried + _charges(anew.terms)


def _cover(fund: Fund, covering: Sequence[Entry], settlements: Sequence[Entry]) -> Iterator[Violation]:
    """Validate settlements against what was covered: loan repayments, or contributions to an arisan."""
    covered: dict[tuple[str, str, str], int] = defaultdict(int)
    for entry in covering:
        if coverer := entry.fields.get("covered_by"):
            members = entry.fields.get("members") or {entry.fields["member"]: entry.fields["amount"]}
            for member, value in members.items():
                covered[entry.fields.get("loan", ""), member, coverer] += minor_of(value, fund.unit)
    for entry in settlements:
        fields = entry.fields
        key = fields.get("loan", ""), fields["member"], fields["to_coverer"]
        minor = minor_of(fields["amount"], fund.unit)
        covered[key] -= minor
        if 0 < -covered[key] <= minor:
            text = msg("With this, {over} more is given back than was covered.", over=Amount(-covered[key], fund.unit))
            yield Violation("cover-overpaid", entry, text)


def _surplus(shared: Sequence[Entry]) -> Iterator[Violation]:
    """The members' parts of a year are given out once, and what is kept of it is kept once."""
    years: dict[tuple[int, str], str] = {}
    for entry in shared:
        parts = [(entry.fields["year"], part) for part in ("members", "kept") if part in entry.fields]
        first = next((years[part] for part in parts if part in years), entry.id)
        years.update(dict.fromkeys(parts, first))
        if first != entry.id:
            text = msg(
                "The surplus of {year} was shared out by {id} already.",
                year=str(entry.fields["year"]),
                id=short_id(first),
            )
            yield Violation("surplus-twice", entry, text)


def _reserves(fund: Fund, registers: Registers, entries: Sequence[Entry]) -> Iterator[Violation]:
    held: dict[str, int] = defaultdict(int)
    changes = [(entry, reserve_changes(entry, fund, registers)) for entry in entries]
    # On one day, what is kept comes first.
    for entry, change in sorted(changes, key=lambda each: (each[0].date, min(each[1].values()) < 0)):
        for name, minor in change.items():
            before = held[name]
            held[name] += minor
            if minor < 0 and held[name] < 0 and -minor > max(before, 0):
                text = msg(
                    "{fund} keeps {held} for {name}; {amount} is more.",
                    fund=fund.name,
                    held=Amount(max(before, 0), fund.unit),
                    name=fund.reserve_name(name),
                    amount=Amount(-minor, fund.unit),
                )
                yield Violation("reserve-overdrawn", entry, text)


def reserve_changes(entry: Entry, fund: Fund, registers: Registers) -> dict[str, int]:
    """What an entry (no reversal) keeps in each reserve of the fund, less than nothing where it pays out of one."""
    kept: dict[str, int] = defaultdict(int)
    for posting in postings(entry, fund, registers.book.units):
        if posting.fund == fund.slug and posting.account.startswith(RESERVES.account):
            kept[posting.account.removeprefix(RESERVES.account)] -= posting.minor
    return dict(kept)


def _savings(fund: Fund, registers: Registers, entries: Sequence[Entry]) -> Iterator[Violation]:
    saved: dict[tuple[str, str], int] = defaultdict(int)
    # On one day, what adds to the covered sum comes first.
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.kind == "withdrawal")):
        key = entry.fields["member"], entry.fields["class"]
        before, minor = saved[key], minor_of(entry.fields["amount"], fund.unit)
        saved[key] += minor if entry.kind == "saving" else -minor
        if saved[key] < 0 <= before:
            text = msg(
                "{member} holds {held} of {name}; {amount} is more.",
                member=registers.members[fund.organisation][key[0]].person,
                held=Amount(before, fund.unit),
                name=fund.savings[key[1]].name,
                amount=Amount(minor, fund.unit),
            )
            yield Violation("savings-overdrawn", entry, text)
