"""All rules of a fund as plain sentences, one a line, with dependent ones indented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from wksbm_cli.domain.arisan import BID_SHARED, METHODS, ArisanRules
from wksbm_cli.domain.cycles import CYCLES
from wksbm_cli.domain.death import YEARS_OF, BenefitTerms, Tier, at_once, coverage_name
from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import FUND_TYPES, PLACE_KINDS, Fund
from wksbm_cli.domain.giving import NO_LIMITS
from wksbm_cli.domain.lending import BANDS, LoanRules
from wksbm_cli.domain.lending import METHODS as LOAN_METHODS
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.units import Amount


def explain_fund(fund: Fund, members: Mapping[str, Member] | None = None) -> Iterator[Message]:
    """The fund's purpose and restriction, its places, dues, and the rules of its type.

    With the `members` of its organisation, the holders of an arisan's slots are called by their names.
    """
    yield msg("Type: {type}.", type=FUND_TYPES[fund.type])
    match fund.restriction:
        case "donation":
            yield msg("Its money is given to be given: it never pays running costs.")
        case "zakat":
            yield msg(
                "Its money is zakat: it is only given, to the eight asnaf, and never lent or spent on running costs."
            )
        case "operational":
            yield msg("Its money is for running costs.")
    yield msg(
        "Kept in: {places}.",
        places=(
            [msg("{name} ({kind})", name=place.name, kind=PLACE_KINDS[place.kind]) for place in fund.places.values()]
        ),
    )
    for due in fund.dues.values():
        if due.weights is None:  # the due of an arisan is explained with the arisan
            yield from explain_due(due)
    if fund.arisan:
        yield from _arisan(fund.arisan, fund, members or {})
    yield from _savings(fund)
    if fund.loans:
        yield from _loans(fund.loans, fund)
    yield from _surplus(fund)
    for terms in fund.death.terms if fund.death else ():
        yield from _death(terms, fund)
    yield from _giving(fund)
    if fund.closed_until:
        yield msg("Closed up to {date}: nothing more is recorded there.", date=fund.closed_until)


def _arisan(rules: ArisanRules, fund: Fund, members: Mapping[str, Member]) -> Iterator[Message]:
    yield msg(
        "Arisan: {count} slots of {contribution} {cycle} make a pot of {pot}, won {method}.",
        count=len(rules.slots),
        contribution=Amount(rules.contribution, fund.unit),
        cycle=CYCLES[rules.cycle.name],
        pot=Amount(rules.pot, fund.unit),
        method=METHODS[rules.method],
    )
    if rules.cycle.anchor:
        yield msg("  A round begins on {anchor}.", anchor=rules.cycle.anchor.title())
    if rules.method == "bid":
        if rules.min_bid:
            yield msg("  The lowest bid is {amount}.", amount=Amount(rules.min_bid, fund.unit))
        yield msg("  What a bid leaves of the pot goes in equal parts to {slots}.", slots=BID_SHARED[rules.bid_shared])
    yield msg("  A slot wins once. Who is behind, or owes someone who covered, gets the pot when that is settled.")
    slots = [rules.slots[slug] for slug in rules.in_turn(())] if rules.method == "order" else rules.slots.values()
    for slot in slots:
        holders = [
            msg("{name}", name=name) if share == 1 else msg("{name} {share}", name=name, share=str(share))
            for member, share in slot.shares.items()
            for name in (members[member].name if member in members else member,)
        ]
        yield msg("  {slot}: {holders}.", slot=slot.slug, holders=holders)
    if rules.start is None:
        yield msg("  It is open: members may still join.")
    else:
        yield msg("  It began on {date}; nobody joins before the next cycle.", date=rules.start)


def _savings(fund: Fund) -> Iterator[Message]:
    for each in fund.savings.values():
        yield msg("{name} ({slug}): members' own money.", name=each.name, slug=each.slug)
        if each.amount:
            yield msg("  A member keeps at least {amount} of it.", amount=Amount(each.amount, fund.unit))
        if each.locked:
            yield msg("  It stays until the member leaves.")


def _loans(rules: LoanRules, fund: Fund) -> Iterator[Message]:
    yield msg(
        "Loans: {count} instalments, {cycle}, with a charge of {rate}% each; {method}.",
        count=rules.instalments,
        cycle=CYCLES[rules.cycle],
        rate=rules.rate,
        method=LOAN_METHODS[rules.method],
    )
    if rules.ceiling:
        yield msg("  A member owes at most {amount} at a time.", amount=Amount(rules.ceiling, fund.unit))
    if rules.times_savings:
        yield msg(
            "  At most {count} times what the member has saved, which stays saved while it is owed.",
            count=rules.times_savings,
        )
    if rules.lends_savings:
        yield msg("  What members save is lent to one another.")
    if rules.round:
        yield msg(
            "  Instalments are rounded up to {step}; the last is what is left.", step=Amount(rules.round, fund.unit)
        )
    yield msg(
        "  A payment goes to the fine, then to charges fallen due, then to principal fallen due, then to what is to come."
    )
    if rules.fine:
        yield msg("  For each late instalment a fine of {amount} is asked.", amount=Amount(rules.fine, fund.unit))
    good, doubtful = BANDS[rules.cycle]
    yield msg(
        "  With more than {good} late instalments a loan is doubtful, with more than {doubtful} bad; so it is when as many"
        " periods have begun since its last due day.",
        good=good,
        doubtful=doubtful,
    )


_SHARED_BY: dict[str, Message] = {
    "": msg("kept for that"),
    "savings": msg("shared by what each has saved"),
    "charges": msg("shared by the charges each has paid"),
}


def _surplus(fund: Fund) -> Iterator[Message]:
    for share in fund.surplus:
        yield msg(
            "Of a year's surplus {percent}% for {name}, {how}.",
            percent=share.percent,
            name=share.name,
            how=_SHARED_BY[share.by],
        )


def _death(terms: BenefitTerms, fund: Fund) -> Iterator[Message]:
    yield msg("Death benefit, from {date}:", date=terms.start)
    for coverage in terms.coverages:
        if who := terms.covers.get(coverage):
            yield msg("  {coverage} means: {who}.", coverage=coverage_name(coverage), who=who)
        for year in sorted({tier.year for tier in terms.tiers if tier.coverage == coverage}):
            tiers = [tier for tier in terms.tiers if (tier.coverage, tier.year) == (coverage, year)]
            yield msg(
                "  {coverage}, from year {year} {of}:",
                coverage=coverage_name(coverage),
                year=year,
                of=YEARS_OF[terms.years_of],
            )
            last = terms.most_deaths(coverage)
            yield from (_benefit(tier, last, fund) for tier in sorted(tiers, key=lambda tier: tier.deaths))
    if terms.waiting_months:
        yield msgn(
            "  After {count} month of membership.", "  After {count} months of membership.", terms.waiting_months
        )
    if terms.arrears_limit is not None:
        yield msgn(
            "  With at most {count} period in arrears.",
            "  With at most {count} periods in arrears.",
            terms.arrears_limit,
        )
    yield (
        msg("  What is in arrears is paid out of the benefit.")
        if terms.deduct_arrears
        else msg("  What is in arrears is not taken off the benefit.")
    )
    for condition in terms.conditions:
        yield msg("  The meeting judges: {condition}.", condition=condition)


def _benefit(tier: Tier, last: int, fund: Fund) -> Message:
    """A tier of benefits; the `last` number of deaths covers any larger number as well."""
    if last == 1:
        deaths = msg("for each death")
    elif tier.deaths == last:
        deaths = msg("for {count} or more deaths at once", count=last)
    else:
        deaths = at_once(tier.deaths)
    amount, goods = Amount(tier.amount, fund.unit), Amount(tier.goods, fund.unit)
    if tier.goods:
        return msg("    {amount} {deaths}, of it {goods} in goods.", amount=amount, deaths=deaths, goods=goods)
    return msg("    {amount} {deaths}.", amount=amount, deaths=deaths)


def _giving(fund: Fund) -> Iterator[Message]:
    limits = fund.giving or NO_LIMITS
    for since, above in limits.approvals:
        limit = Amount(above, fund.unit)
        if since == date.min:
            yield msg("More than {limit} to one receiver in a day needs a second person's approval.", limit=limit)
        else:
            yield msg(
                "From {date}, more than {limit} to one receiver in a day needs a second person's approval.",
                date=since,
                limit=limit,
            )
    if limits.approvals:
        yield msg("Who approves is named for it (wksbm org show), and neither records nor receives it.")
    if limits.per_recipient:
        yield msg("At most {amount} to one receiver at a time.", amount=Amount(limits.per_recipient, fund.unit))
    if fund.restriction == "zakat":
        yield msg(
            "Those who collect it (amil) get at most {share}% of what comes in in a year.", share=limits.amil_share
        )


def explain_due(due: Due) -> Iterator[Message]:
    """A due's tariffs, entry fee, events, splits and last day."""
    for tariff in due.tariffs:
        values = {
            "due": due.name,
            "amount": Amount(tariff.minor, due.unit),
            "cycle": CYCLES[due.cycle.name],
            "date": tariff.start,
        }
        yield (
            msg("{due}: {amount} {cycle}, from {date}.", **values)
            if due.required
            else msg("{due}: {amount} {cycle} as a norm, voluntary, from {date}.", **values)
        )
        for name, minor in tariff.classes.items():
            yield msg("  Class {name}: {amount}.", name=name, amount=Amount(minor, due.unit))
    if due.cycle.anchor:
        yield msg("  It begins on {anchor}.", anchor=due.cycle.anchor.title())
    if due.back_dues == "founding":
        yield msg("  Who joins later owes it from its beginning.")
    if due.entry_fee:
        yield msg("  Only who joins after it began owes it.")
    for event in due.events:
        if event.minor is not None:
            yield msg("  For {event}: {amount}.", event=event.name, amount=Amount(event.minor, due.unit))
    for split in due.splits:
        parts = [
            msg("{share} of {whole} to {fund}", share=share, whole=split.whole, fund=fund)
            if split.whole
            else msg("{amount} to {fund}", amount=Amount(share, due.unit), fund=fund)
            for fund, share in split.parts.items()
        ]
        yield msg("  Of each payment from {date}: {parts}.", date=split.start, parts=parts)
        if split.odd:
            yield msg("  What division leaves over goes to {fund}.", fund=split.odd)
    if due.end:
        yield msg("  Last raised on {date}.", date=due.end)
