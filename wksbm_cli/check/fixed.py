"""The pass over register facts frozen by closings, and over the arrears stated in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from wksbm_cli.check.closings import unknown_to
from wksbm_cli.check.evidence import Evidence
from wksbm_cli.check.finding import Finding
from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.facts import facts_digest
from wksbm_cli.domain.fixed import fixed_facts
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.obligations import Obligation, Payments, allocate_payments


def registers_of_closed(evidence: Evidence) -> Iterator[Finding]:
    """Closed periods for which registers or payments now give other arrears than the closing states.

    The last closing covers all time before it; earlier ones only help to locate where a change began.
    """
    for fund in evidence.registers.funds.values():
        closings = [one for one in fund.closings if one.reopened is None and one.facts]
        if not closings or not evidence.is_sure(fund.slug):
            continue
        closings.sort(key=lambda closing: (closing.until, closing.at))
        if found := [*_against_registers(evidence, fund, closings[-1])]:
            first = next(found for closing in closings if (found := [*_against_registers(evidence, fund, closing)]))
            yield from first


def _against_registers(evidence: Evidence, fund: Fund, closing: Closing) -> Iterator[Finding]:
    where = evidence.lines.folder.where(evidence.lines.folder.fund_file(fund.slug))
    members = evidence.registers.members[fund.organisation]
    if facts_digest(fixed_facts(fund, members, closing.until)) != closing.facts:
        text = msg(
            "{fund} is closed over {period}, and the registers now say something else of it: what someone owed, a tariff or a benefit.",
            period=closing.period,
            fund=fund.name,
        )
        hint = msg(
            "Take it back, or open the period and close it again: wksbm reopen {period} --fund {fund} --reason ...; "
            "wksbm close {period} --fund {fund}. What changed is told by: wksbm verify {seal}",
            period=closing.period,
            fund=fund.slug,
            seal=closing.seal,
        )
        yield Finding("error", "closing-facts", where, text, hint, fund.slug)
        return  # other arrears are a consequence
    now = arrears_at(evidence, fund, closing.until, unknown_to(evidence, fund.slug, closing))
    for unit in sorted(closing.arrears.keys() | now.keys()):
        before, after = closing.arrears.get(unit, 0), now.get(unit, 0)
        if before != after:
            text = msg(
                "When {period} was closed {before} was still owed; there would now be {after}.",
                period=closing.period,
                before=evidence.registers.amount(before, unit),
                after=evidence.registers.amount(after, unit),
            )
            hint = msg(
                "See which lines came, went or changed since: wksbm audit. Where they are right as they are, open the period and "
                "close it again: wksbm reopen {period} --fund {fund} --reason ...; wksbm close {period} --fund {fund}",
                period=closing.period,
                fund=fund.slug,
            )
            yield Finding("error", "closing-arrears", where, text, hint, fund.slug)


def arrears_at(evidence: Evidence, fund: Fund, day: date, without: Collection[str] = ()) -> Mapping[str, int]:
    """Total arrears of a fund at the end of a day, by unit code, computed `without` some entries."""
    payments: dict[tuple[str, str], Payments] = defaultdict(lambda: Payments({}))
    away: dict[tuple[str, str], Counter[date]] = defaultdict(Counter)
    for at in evidence.recorded:
        effect = evidence.effects[at.entry.id]
        if at.entry.fund != fund.slug or at.entry.date > day or not effect.due or at.entry.id in without:
            continue
        month = f"{at.entry.date:%Y-%m}"
        for slug, minor in effect.paid.items():
            before = payments[effect.due, slug]
            payments[effect.due, slug] = before.with_payment(tuple(effect.period.split()), minor)._replace(
                latest=max(before.latest, month)
            )
        for slug, night in effect.away:
            away[effect.due, slug][date.fromisoformat(night)] += -1 if at.entry.kind == "reversal" else 1
    owed: Counter[str] = Counter()
    for due in fund.dues.values():
        for member in evidence.registers.members[fund.organisation].values() if due.required else ():
            nights = [night for night, times in away[due.slug, member.slug].items() if times > 0]
            standing = allocate_payments(Obligation(fund, due, member, nights), payments[due.slug, member.slug], day)
            owed[due.unit.code] += standing.arrears
    return {unit: minor for unit, minor in sorted(owed.items()) if minor}
