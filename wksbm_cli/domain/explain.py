"""A fund's rules as sentences a member understands."""

from __future__ import annotations

from collections.abc import Iterator

from wksbm_cli.domain.arisan import METHODS, ArisanRules
from wksbm_cli.domain.cycles import CYCLES
from wksbm_cli.domain.giving import NO_LIMITS
from wksbm_cli.domain.lending import METHODS as LOAN_METHODS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import FUND_TYPES, GIVEN_TO_BE_GIVEN, PLACE_KINDS, Due, Fund
from wksbm_cli.domain.units import Amount


def explain_fund(fund: Fund) -> Iterator[Message]:
    """What the fund is, what it may be used for, where its money is, what members owe it."""
    yield msg("Type: {type}.", type=FUND_TYPES[fund.type])
    if fund.restriction in GIVEN_TO_BE_GIVEN:
        yield msg("Its money is given to be given: it never pays running costs.")
    elif fund.restriction == "operational":
        yield msg("Its money is for running costs.")
    yield msg(
        "Kept in: {places}.",
        places=(
            [msg("{name} ({kind})", name=place.name, kind=PLACE_KINDS[place.kind]) for place in fund.places.values()]
        ),
    )
    for due in fund.dues.values():
        if due.weights is None:  # an arisan's own due is told with the arisan
            yield from explain_due(due)
    if fund.arisan:
        yield from _arisan(fund.arisan, fund)
    yield from _savings_and_loans(fund)
    yield from _death(fund)
    yield from _giving(fund)


def _arisan(rules: ArisanRules, fund: Fund) -> Iterator[Message]:
    yield msg(
        "Arisan: {count} slots of {contribution} {cycle} make a pot of {pot}, won {method}.",
        count=len(rules.slots),
        contribution=Amount(rules.contribution, fund.unit),
        cycle=CYCLES[rules.cycle.name],
        pot=Amount(rules.pot, fund.unit),
        method=METHODS[rules.method],
    )
    if rules.start is None:
        yield msg("It is open: members may still join.")
    else:
        yield msg("It began on {date}; nobody joins before the next cycle.", date=rules.start)


def _savings_and_loans(fund: Fund) -> Iterator[Message]:
    for each in fund.savings.values():
        yield msg("{name}: members' own money.", name=each.name)
        if each.amount:
            yield msg("  Each must hold {amount} of it.", amount=Amount(each.amount, fund.unit))
        if each.locked:
            yield msg("  It stays until the member leaves.")
    if fund.loans:
        yield msg(
            "Loans: {rate}% per instalment, {count} instalments, {cycle}; {method}.",
            rate=f"{fund.loans.rate.normalize():f}",
            count=fund.loans.instalments,
            cycle=CYCLES[fund.loans.cycle],
            method=LOAN_METHODS[fund.loans.method],
        )
        if fund.loans.ceiling:
            yield msg("  At most {amount}.", amount=Amount(fund.loans.ceiling, fund.unit))
        if fund.loans.times_savings:
            yield msg("  At most {count} times what the member has saved.", count=fund.loans.times_savings)
    for share in fund.surplus:
        yield msg("Of the surplus {percent}% for {name}.", percent=f"{share.percent.normalize():f}", name=share.name)


def _death(fund: Fund) -> Iterator[Message]:
    for terms in fund.death.terms if fund.death else ():
        yield msg(
            "Death benefit from {date}: after {months} months of membership.",
            date=terms.start,
            months=terms.waiting_months,
        )
        if terms.arrears_limit is not None:
            yield msg("  At most {count} periods behind.", count=terms.arrears_limit)
        if terms.deduct_arrears:
            yield msg("  Arrears are deducted from what is handed over.")
        for tier in terms.tiers:
            yield msg(
                "  {coverage}, from year {year}, {deaths} at once: {amount}, of it {goods} in goods.",
                coverage=tier.coverage,
                year=tier.year,
                deaths=tier.deaths,
                amount=Amount(tier.amount, fund.unit),
                goods=Amount(tier.goods, fund.unit),
            )


def _giving(fund: Fund) -> Iterator[Message]:
    limits = fund.giving or NO_LIMITS
    if limits.approval_above is not None:
        limit = Amount(limits.approval_above, fund.unit)
        yield msg("Help above {limit} needs the approval of someone who neither records nor receives it.", limit=limit)
    if limits.per_recipient:
        yield msg("At most {amount} to one receiver at a time.", amount=Amount(limits.per_recipient, fund.unit))
    if fund.restriction == "zakat":
        share = f"{limits.amil_share.normalize():f}"
        yield msg("Only to the eight asnaf; to the amil at most {share}% of what comes in.", share=share)


def explain_due(due: Due) -> Iterator[Message]:
    """What a due asks of members, tariff by tariff."""
    for tariff in due.tariffs:
        amount = Amount(tariff.minor, due.unit)
        text = (
            msg(
                "{due}: {amount} {cycle}, from {date}.",
                due=due.name,
                amount=amount,
                cycle=CYCLES[due.cycle.name],
                date=tariff.start,
            )
            if due.required
            else msg(
                "{due}: {amount} {cycle} as a norm, voluntary, from {date}.",
                due=due.name,
                amount=amount,
                cycle=CYCLES[due.cycle.name],
                date=tariff.start,
            )
        )
        yield text
        for name, minor in tariff.classes.items():
            yield msg("  Class {name}: {amount}.", name=name, amount=Amount(minor, due.unit))
    if due.cycle.anchor:
        yield msg("  It begins on {anchor}.", anchor=due.cycle.anchor.title())
    if due.back_dues == "founding":
        yield msg("  Who joins later owes it from its beginning.")
    if due.entry_fee:
        yield msg("  Only who joins after it began owes it.")
    for split in due.splits:
        parts = [
            msg("{share} of {whole} to {fund}", share=share, whole=split.whole, fund=fund)
            if split.whole
            else msg("{amount} to {fund}", amount=Amount(share, due.unit), fund=fund)
            for fund, share in split.parts.items()
        ]
        yield msg("  Of each payment from {date}: {parts}.", date=split.start, parts=parts)
    if due.end:
        yield msg("  Last raised on {date}.", date=due.end)
