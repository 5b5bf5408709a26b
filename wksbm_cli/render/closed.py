"""What a closing or a reopening did, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wksbm_cli.domain.closing import Closing, period_span
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import printable
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language
from wksbm_cli.seals.closing import Closed, Reopened


def as_text(done: Closed | Reopened, language: Language) -> str:
    """Of a closing what each fund held, and its seal; of a reopening what is open and what is still closed."""
    messages = _closed(done) if isinstance(done, Closed) else _reopened(done)
    lines = [language.say(msg("Only shown; nothing was written:"))] if done.dry_run else []
    lines += [language.say(message) for message in messages]
    return "".join(f"{printable(line)}\n" for line in lines)


def _closed(closed: Closed) -> Iterator[Message]:
    for slug, closing in closed.closings:
        fund = closed.registers.funds[slug]
        balances = [
            msg(
                "{amount} in {place}",
                amount=closed.registers.amount(minor, unit),
                place=closed.registers.place_name(fund, place),
            )
            for (place, unit), minor in closing.balances.items()
        ]
        yield msg(
            "{fund} is closed up to {date}, with {balances}.",
            fund=fund.name,
            date=closing.until,
            balances=balances or msg("nothing in it"),
        )
        if closing.arrears:
            owed = [closed.registers.amount(minor, unit) for unit, minor in closing.arrears.items()]
            yield msg("  Still owed: {amounts}", amounts=owed)
        yield msg("  Seal: {seal}", seal=closing.seal)


def _reopened(reopened: Reopened) -> Iterator[Message]:
    for slug, closing in reopened.closings:
        name = reopened.registers.funds[slug].name
        yield msg("{fund}: {period} is open again.", fund=name, period=period_span(closing.period))
    for slug, until in reopened.until.items():
        if until is not None:
            yield msg("{fund} is still closed up to {date}.", fund=reopened.registers.funds[slug].name, date=until)


def as_json(done: Closed | Reopened, language: Language) -> str:
    """`{"closed": [{"fund", "period", "until", "balances": [{"place", "unit", "amount"}], "arrears": [{"unit", "amount"}], "facts",
    "seal"}], "dry_run"}`.

    Of a reopening `reopened` instead of `closed`, and `closed_until` by fund.
    """
    closings = [_cells(slug, closing, done.registers) for slug, closing in done.closings]
    if isinstance(done, Closed):
        return dumps({"closed": closings, "dry_run": done.dry_run}, language)
    return dumps({"reopened": closings, "closed_until": done.until, "dry_run": done.dry_run}, language)


def _cells(slug: str, closing: Closing, registers: Registers) -> Mapping[str, Any]:
    balances = [
        {"place": place, "unit": unit, "amount": registers.amount(minor, unit)}
        for (place, unit), minor in closing.balances.items()
    ]
    return {
        "fund": slug,
        "period": closing.period,
        "until": closing.until,
        "balances": balances,
        "arrears": [{"unit": unit, "amount": registers.amount(minor, unit)} for unit, minor in closing.arrears.items()],
        "facts": closing.facts or None,
        "seal": closing.seal or None,
    }
