"""The end of a paper that is handed over: place and date, and who signs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Fund, Organisation, Registers
from wksbm_cli.reports.report import Signature, Signing


def where_when(organisation: Organisation | None, day: date) -> Message:
    """`Argosekar, 31 December 2025`; the date alone where the organisation says no village."""
    village = organisation.fields.get("village") if organisation else None
    return msg("{place}, {date}", place=village, date=day) if village else msg("{date}", date=day)


def only_organisation(registers: Registers, funds: Sequence[Fund]) -> Organisation | None:
    """The organisation that all the funds belong to; None where there are several, whose chairs do not sign for one another."""
    slugs = {fund.organisation for fund in funds}
    return registers.organisations[slugs.pop()] if len(slugs) == 1 else None


def by_the_board(organisation: Organisation | None, day: date) -> Signing:
    """The chair at the left, the treasurer at the right, the supervisor below; lines to write on where names are not known."""
    fields = organisation.fields if organisation else {}
    return Signing(
        where_when(organisation, day),
        (
            Signature(msg("Chair"), fields.get("chair", "")),
            Signature(msg("Treasurer"), fields.get("treasurer", "")),
        ),
        (Signature(msg("Acknowledged by"), fields.get("supervisor", "")),),
    )
