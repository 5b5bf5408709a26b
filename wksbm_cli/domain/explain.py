"""A fund's rules as sentences a member understands."""

from __future__ import annotations

from collections.abc import Iterator

from wksbm_cli.domain.cycles import CYCLES
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
        yield from explain_due(due)


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
