"""The register facts that a closed period freezes: what each member owed in it, and the tariffs and benefits then in force.

Serialised as lines of effects (amounts owed) and not of the registers' wording, so that a member's new name or an
exemption from another fund changes nothing here. Comparing this text refuses a typed change
(recording/registers/change.py); its digest in the closing lets `check` find a change made in the file by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from wksbm_cli.domain.death import BenefitTerms
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.inline import inline
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.obligations import Obligation


def fixed_facts(fund: Fund, members: Mapping[str, Member], until: date) -> str:
    """The lines for all time up to a day, sorted; amounts are smallest steps."""
    return "".join(f"{line}\n" for line in sorted(_lines(fund, members, until)))


def _lines(fund: Fund, members: Mapping[str, Member], until: date) -> Iterator[str]:
    for due in fund.dues.values():
        for tariff in due.tariffs:
            if tariff.start <= until:
                classes = {key: tariff.classes[key] for key in sorted(tariff.classes)}
                yield f"tariff {due.slug} {tariff.start} {tariff.minor} {due.unit.code} {inline(classes)}"
        for member in members.values():
            for owed in Obligation(fund, due, member).fallen(until):
                yield f"owed {due.slug} {member.slug} {owed.period} {owed.minor}"
    for member in members.values():
        if member.written_off is not None and member.written_off <= until:
            yield f"written-off {member.slug} {member.written_off}"
    for terms in fund.death.terms if fund.death else ():
        if terms.start <= until:
            yield f"benefit {terms.start} {_benefits(terms)}"


def _benefits(terms: BenefitTerms) -> str:
    told = terms._asdict() | {
        "start": None,
        "tiers": [tier._asdict() for tier in terms.tiers],
        "covers": {key: terms.covers[key] for key in sorted(terms.covers)},
    }
    return inline({key: value for key, value in told.items() if value is not None})
