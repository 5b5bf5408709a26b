"""Passes over what a fund and its members owe each other: loans, savings, arisan pots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wksbm_cli.domain.arisan import ArisanRules, Win, divide_pot
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.units import IDR, minor_of
from wksbm_cli.trust.evidence import Evidence
from wksbm_cli.trust.finding import Finding
from wksbm_cli.trust.lines import Placed


def loans(evidence: Evidence) -> Iterator[Finding]:
    """Repayments of a loan that is not there, and principal repaid beyond what was lent."""
    lent = {at.entry.id: at.entry for at in evidence.standing() if at.entry.kind == "loan"}
    repaid: dict[str, int] = defaultdict(int)
    for at in _dated(evidence, "repayment"):
        fields = at.entry.fields
        loan = lent.get(fields["loan"])
        if loan is None or loan.fund != at.entry.fund or loan.fields["member"] != fields["member"]:
            if not evidence.is_sure(at.entry.fund):
                continue  # it may be on a line that cannot be read
            text = msg("It repays {id}, which is no loan of this member that still stands.", id=fields["loan"][:8])
            hint = msg(
                "Cancel it, and record it on the right loan: wksbm reverse {id} --reason ...", id=at.entry.id[:8]
            )
            yield evidence.lines.finding("error", "loan-unknown", at, text, hint)
            continue
        principal = _minor(evidence, at.entry, "amount")
        principal -= _minor(evidence, at.entry, "charge") + _minor(evidence, at.entry, "fine")
        repaid[loan.id] += principal
        over = repaid[loan.id] - _minor(evidence, loan, "amount")
        if 0 < over <= principal:  # said once, where it goes beyond
            text = msg(
                "With this, {over} more is repaid than was lent by {id}.",
                over=evidence.registers.amount(over, _unit(at.entry)),
                id=loan.id[:8],
            )
            hint = msg("Cancel it and record what was really paid: wksbm reverse {id} --reason ...", id=at.entry.id[:8])
            yield evidence.lines.finding("error", "loan-overpaid", at, text, hint)


def savings(evidence: Evidence) -> Iterator[Finding]:
    """Withdrawals of more than a member has saved."""
    saved: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for at in _dated(evidence, "saving", "withdrawal"):
        fields, unit = at.entry.fields, _unit(at.entry)
        key = at.entry.fund, fields["member"], fields["class"], unit
        minor = _minor(evidence, at.entry, "amount")
        before = saved[key]
        saved[key] += minor if at.entry.kind == "saving" else -minor
        if saved[key] < 0 <= before and evidence.is_sure(at.entry.fund):
            member = evidence.registers.members[at.entry.organisation][fields["member"]]
            text = msg(
                "{member} had saved {amount}, and withdrew more.",
                member=member.name,
                amount=evidence.registers.amount(before, unit),
            )
            hint = msg(
                "Cancel it, or record the saving that is missing: wksbm reverse {id} --reason ...", id=at.entry.id[:8]
            )
            yield evidence.lines.finding("error", "savings-overdrawn", at, text, hint)


def _dated(evidence: Evidence, *kinds: str) -> list[Placed]:
    """The standing entries of some kinds, by date; of one day what brings money in comes first."""
    found = [at for at in evidence.standing() if at.entry.kind in kinds]
    return sorted(found, key=lambda at: (at.entry.date, at.entry.kind == "withdrawal"))


def arisan(evidence: Evidence) -> Iterator[Finding]:
    """Slots that win twice, rounds with two winners, wins that do not follow from their own line, pots paid wrong."""
    for slug, fund in evidence.registers.funds.items():
        if fund.arisan is None or not evidence.is_sure(slug):
            continue
        wins = [at for at in evidence.standing() if at.entry.kind == "win" and at.entry.fund == slug]
        wins.sort(key=lambda at: at.entry.fields["round"])
        yield from _wins(evidence, fund.arisan, wins)
        payouts = [at for at in evidence.standing() if at.entry.kind == "payout" and at.entry.fund == slug]
        yield from _payouts(evidence, fund.arisan, wins, payouts)


def _wins(evidence: Evidence, rules: ArisanRules, wins: list[Placed]) -> Iterator[Finding]:
    won: dict[str, int] = {}
    for at in wins:
        fields = at.entry.fields
        slot, round_ = fields["slot"], fields["round"]
        hint = msg("Cancel the wrong one: wksbm reverse {id} --reason ...", id=at.entry.id[:8])
        if slot in won:
            text = msg("The slot {slot} has won round {round} already.", slot=slot, round=won[slot])
            yield evidence.lines.finding("error", "win-twice", at, text, hint)
            continue
        if round_ in won.values():
            text = msg("Round {round} has a winner already.", round=round_)
            yield evidence.lines.finding("error", "win-twice", at, text, hint)
            continue
        if not _win(evidence, at.entry).proves_itself(rules, won):
            text = msg("By this line itself, {slot} is not who wins round {round}.", slot=slot, round=round_)
            hint = msg("See it redone with: wksbm arisan verify {fund}", fund=at.entry.fund)
            yield evidence.lines.finding("error", "win-unproven", at, text, hint)
        won[slot] = round_


def _win(evidence: Evidence, entry: Entry) -> Win:
    fields = entry.fields
    return Win(
        entry.id,
        fields["round"],
        fields["slot"],
        fields["method"],
        tuple(fields["candidates"]),
        fields.get("seed", ""),
        minor_of(fields.get("bid", 0), evidence.registers.funds[entry.fund].unit),
    )


def _payouts(evidence: Evidence, rules: ArisanRules, wins: list[Placed], payouts: list[Placed]) -> Iterator[Finding]:
    by_slot = {at.entry.fields["slot"]: _win(evidence, at.entry) for at in reversed(wins)}
    paid: set[str] = set()
    for at in payouts:
        fields = at.entry.fields
        slot, win = fields["slot"], by_slot.get(fields["slot"])
        hint = msg("Cancel it: wksbm reverse {id} --reason ...", id=at.entry.id[:8])
        unit = evidence.registers.unit(_unit(at.entry))
        received = {member: minor_of(value, unit) for member, value in fields["members"].items()}
        if win is None or win.round != fields["round"]:
            text = msg(
                "The pot is paid out to {slot}, which did not win round {round}.", slot=slot, round=fields["round"]
            )
            yield evidence.lines.finding("error", "payout-unknown", at, text, hint)
        elif slot in paid:
            text = msg("The pot of {slot} is paid out twice.", slot=slot)
            yield evidence.lines.finding("error", "payout-twice", at, text, hint)
        elif received != divide_pot(rules, slot, win.bid):
            text = msg("The pot of {slot} is not divided as its shares and the bid say.", slot=slot)
            yield evidence.lines.finding("error", "payout-amount", at, text, hint)
        paid.add(slot)


def _minor(evidence: Evidence, entry: Entry, key: str) -> int:
    return minor_of(entry.fields.get(key, 0), evidence.registers.unit(_unit(entry)))


def _unit(entry: Entry) -> str:
    code: str = entry.fields.get("unit", IDR.code)
    return code
