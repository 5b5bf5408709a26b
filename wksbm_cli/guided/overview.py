"""What the first screen tells: where the money is, what was recorded last, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from wksbm_cli.domain.dates import Span, joined
from wksbm_cli.domain.describe import amount_of, describe
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.units import Amount
from wksbm_cli.guided.desk import BookView
from wksbm_cli.guided.round import collectable
from wksbm_cli.recording.collecting import night_of

# Nights further back than this are a matter of the reports.
_NIGHTS_BACK = 31
_MOST_STRETCHES = 3


def money(view: BookView) -> list[tuple[str, list[Amount]]]:
    """What each fund holds, in the order of the register; a fund that never held anything as nothing of its own unit."""
    flows = view.query.fund_flows(list(view.registers.funds), Span(None, view.now.date()))
    held: dict[str, list[Amount]] = {slug: [] for slug in view.registers.funds}
    for (fund, unit), flow in flows.items():
        if flow.closing:
            held[fund].append(view.registers.amount(flow.closing, unit))
    return [(fund.name, held[slug] or [Amount(0, fund.unit)]) for slug, fund in view.registers.funds.items()]


def sentence(view: BookView, entry: Entry) -> Message:
    """An entry in one line: its day, what it was, how much."""
    what = describe(entry, view.registers, view.query.cancelled_by(entry))
    fund = view.registers.funds[entry.fund].name
    if KINDS[entry.kind].says_amount:
        return msg("{date}, {fund}: {what}", date=entry.date, fund=fund, what=what)
    return msg(
        "{date}, {fund}: {what}, {amount}",
        date=entry.date,
        fund=fund,
        what=what,
        amount=amount_of(entry, view.registers),
    )


def waiting(view: BookView) -> Iterator[Message]:
    """What is still to be done: nights without a record, money in collectors' hands."""
    yield from _nights(view)
    yield from _hands(view)


def _nights(view: BookView) -> Iterator[Message]:
    today = view.now.date()
    for fund, due in collectable(view):
        if due.cycle.name != "night":
            continue
        last = night_of(view.now, due, view.registers.book.night_until)
        first = max(due.start, last - timedelta(days=_NIGHTS_BACK))
        recorded = {
            entry.date
            for entry in view.query.entries([fund.slug], ["contribution"], Span(first, today), with_cancelled=False)
            if entry.fields.get("due") == due.slug
        }
        nights = (first + timedelta(days=number) for number in range((last - first).days + 1))
        missing = [night for night in nights if night not in recorded and night not in due.cancelled]
        runs = joined(Span(night, night) for night in missing)
        if 0 < len(runs) <= _MOST_STRETCHES:
            yield msg("{fund}: nothing recorded for {dates}", fund=fund.name, dates=runs)
        elif missing:
            yield msg("{fund}: {count} nights not recorded", fund=fund.name, count=len(missing))


def _hands(view: BookView) -> Iterator[Message]:
    for fund in view.registers.funds.values():
        for (_, place, unit), flow in sorted(view.query.place_flows([fund.slug], Span(None, view.now.date())).items()):
            declared = fund.places.get(place)
            if flow.closing > 0 and (declared is None or declared.kind == "collector"):
                yield msg(
                    "{fund}: {amount} in the hands of {collector}",
                    fund=fund.name,
                    amount=view.registers.amount(flow.closing, unit),
                    collector=view.registers.place_name(fund, place),
                )
