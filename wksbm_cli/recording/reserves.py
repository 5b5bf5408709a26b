"""Drafts that name a reserve of their fund: what is paid out of it, and what was in it before the book began."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.units import Amount, minor_of
from wksbm_cli.index.query import Query
from wksbm_cli.recording.commit import Draft
from wksbm_cli.recording.drafts import Drafter
from wksbm_cli.standing.reserves import reserves_of


def of_reserve(drafter: Drafter, query: Query, drafts: Sequence[Draft], typed: str) -> list[Draft]:
    """The drafts with the reserve typed, and what is left there. That no more is paid than it holds is judged
    of all entries together (`domain/consistency`)."""
    fund = drafter.fund
    held = {each.name: each.closing for each in reserves_of(query, drafter.registers, fund, Span(None, None))}
    name = find_reserve(fund, held, typed)
    named = [draft._replace(fields={**draft.fields, "reserve": name}) for draft in drafts]
    if KINDS[named[-1].kind].way == "in":
        return named
    left = held.get(name, 0) - sum(minor_of(draft.fields["amount"], fund.unit) for draft in named)
    told = msg("{left} is left for {name}.", left=Amount(max(left, 0), fund.unit), name=fund.reserve_name(name))
    return [*named[:-1], named[-1]._replace(notices=(*named[-1].notices, told))]


def find_reserve(fund: Fund, held: Collection[str], typed: str) -> str:
    """A share of the fund's surplus, or a reserve that its rule no longer has, by short name or name."""
    if not fund.surplus:
        raise Refused(
            msg("{fund} has no rule for sharing its surplus.", fund=fund.name),
            hint=msg("To set it: wksbm fund surplus {fund} SHARE=PERCENT ...", fund=fund.slug),
        )
    names = {share.slug: share.name for share in fund.surplus} | {name: fund.reserve_name(name) for name in held}
    wanted = typed.strip().casefold()
    for slug, name in names.items():
        if wanted in (slug, name.casefold()):
            return slug
    raise Refused(
        msg('{fund} has no reserve "{name}".', fund=fund.name, name=typed[:60]), hint=nearest_hint(wanted, names)
    )
