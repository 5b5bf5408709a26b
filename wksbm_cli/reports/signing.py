"""The signature block of papers that are handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.registers import Organisation, Registers
from wksbm_cli.reports.report import Signature, Signing


def where_when(village: str | None, day: date) -> Message:
    """`Argosekar, 31 December 2025`; the date alone where no village is known."""
    return msg("{place}, {date}", place=village, date=day) if village else msg("{date}", date=day)


def network_of(registers: Registers, funds: Sequence[Fund]) -> Organisation | None:
    """The network itself, where a report covers several of its organisations: the one of the kind `WKSBM`."""
    if len({fund.organisation for fund in funds}) == 1:
        return None
    found = [each for each in registers.organisations.values() if each.fields.get("kind", "").casefold() == "wksbm"]
    return found[0] if len(found) == 1 else None


def by_the_board(registers: Registers, funds: Sequence[Fund], day: date) -> Signing:
    """The chair at the left, the treasurer at the right, the supervisor below; lines to write on where names are not known.

    A chair signs only for their own organisation: for several the board of the network signs (`network_of`); where the
    book has none, the lines stay blank, except for a village they share.
    """
    boards = [registers.organisations[slug].fields for slug in {fund.organisation: None for fund in funds}]
    network = network_of(registers, funds)
    fields = boards[0] if len(boards) == 1 else network.fields if network else {}
    villages = {board.get("village") for board in boards}
    return Signing(
        where_when(fields.get("village") or (villages.pop() if len(villages) == 1 else None), day),
        (
            Signature(msg("Chair"), fields.get("chair", "")),
            Signature(msg("Treasurer"), fields.get("treasurer", "")),
        ),
        (Signature(msg("Acknowledged by"), fields.get("supervisor", "")),),
    )
