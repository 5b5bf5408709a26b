"""Witnessing a book from another household's clone: everything seen once must be contained in every later state.

The last seen seal of each fund is kept in the witness's own state folder, outside every clone. A rewritten history, even
one rewritten in all other clones, no longer contains what was seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from wksbm_cli.book.bound import keep, own_path
from wksbm_cli.book.folder import Folder
from wksbm_cli.book.reading import read_registers
from wksbm_cli.check.signatures import signatures, statements
from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Trouble
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.seal import as_text, find_seals
from wksbm_cli.index.build import refresh
from wksbm_cli.index.query import Query
from wksbm_cli.seals.making import make_seal
from wksbm_cli.seals.signing import SignedClosings, find_signer, last_closing, put_signatures, signatures_of
from wksbm_cli.seals.verify import Verdict, verify


class Seen(NamedTuple):
    """A fund as last seen: its seal, and the file names of its closings' statements."""

    seal: str
    closings: tuple[str, ...]
    at: str


class Parted(NamedTuple):
    """A fund that no longer contains what was seen: the verdict on its seal, and missing closings."""

    fund: str
    seen: Seen
    verdict: Verdict | None
    closings: tuple[str, ...] = ()


class Witnessed(NamedTuple):
    """The result: funds seen before and for the first time, what is missing, funds where only register facts changed, and
    what was countersigned."""

    known: Mapping[str, Seen]
    new: tuple[str, ...]
    missing: tuple[Parted, ...]
    otherwise: tuple[Parted, ...]
    signed: SignedClosings | None
    notices: tuple[Message, ...] = ()


def witness(
    folder: Folder, *, key: Path | None, called: str | None, now: datetime, today: date, dry_run: bool = False
) -> Witnessed:
    """Compare the book with what was last seen. Where it contains all of that, countersign new closings (with a key) and store
    the current state; where a line or closing is missing, sign and store nothing.

    Changed register facts are only reported, since correcting a name loses nothing.
    """
    registers = read_registers(folder)
    known = _read(folder)
    parted = _parted(folder, registers, known)
    missing = tuple(one for one in parted if one.closings or not (one.verdict and one.verdict.lines.hold))
    otherwise = tuple(one for one in parted if one not in missing)
    if missing:
        return Witnessed(known, (), missing, otherwise, None)
    notices: list[Message] = []
    seen = _see(folder, registers, now, notices)
    new = tuple(fund for fund in seen if fund not in known)
    signed = None
    if key is not None and not dry_run and (closings := _to_countersign(registers)):
        signer = find_signer(registers, {fund.partition("/")[0] for fund in closings}, key, called, today)
        closings = {
            fund: one for fund, one in closings.items() if not _has_signed(folder, registers, fund, one[0], signer.slug)
        }
        made = signatures_of(folder, registers, closings, key, signer, is_witness=True)
        signed = put_signatures(folder, registers, made, signer) if made else None
    if not dry_run:
        _write(folder, {**known, **seen})
    return Witnessed(known, new, (), otherwise, signed, tuple(notices))


def _parted(folder: Folder, registers: Registers, known: Mapping[str, Seen]) -> Sequence[Parted]:
    found = []
    for fund, seen in known.items():
        there = statements(fund, registers) if fund in registers.funds else {}
        gone = tuple(name for name in seen.closings if name not in there)
        verdicts = [verdict for seal in find_seals(seen.seal) if not (verdict := verify(folder, seal)).holds]
        if gone or verdicts:
            found.append(Parted(fund, seen, verdicts[0] if verdicts else None, gone))
    return found


def _see(folder: Folder, registers: Registers, now: datetime, notices: list[Message]) -> Mapping[str, Seen]:
    """The current seal of each fund with entries."""
    connection = refresh(folder, registers, notices)
    try:
        query = Query(connection)
        seals = {fund: make_seal(query, registers, [fund], now, None) for fund in registers.funds}
    finally:
        connection.close()
    return {
        fund: Seen(as_text(seal, registers.funds), tuple(statements(fund, registers)), now.isoformat())
        for fund, seal in seals.items()
        if seal.lines
    }


def _to_countersign(registers: Registers) -> dict[str, tuple[str, Closing]]:
    """The last closing in force of each fund."""
    return {fund: last for fund in registers.funds if (last := last_closing(registers, fund))}


def _has_signed(folder: Folder, registers: Registers, fund: str, text: str, signer: str) -> bool:
    found = signatures(folder, registers, fund, only=text)
    return any(one.is_witness and one.signer == signer and one.state == "good" for one in found)


def _path(folder: Folder) -> Path:
    return own_path(folder).with_suffix(".witness.json")


def _read(folder: Folder) -> dict[str, Seen]:
    path = _path(folder)
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        return {fund: Seen(one["seal"], tuple(one["closings"]), one["at"]) for fund, one in saved.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Trouble(
            msg("What this household saw of the book before cannot be read: {path}.", path=str(path)),
            hint=msg(
                "Compare the book with a seal on paper first: wksbm verify SEAL. Then remove that file, and begin anew."
            ),
        ) from None


def _write(folder: Folder, seen: Mapping[str, Seen]) -> None:
    table: dict[str, dict[str, Any]] = {fund: one._asdict() for fund, one in seen.items()}
    keep(_path(folder), f"{json.dumps(table, indent=1)}\n".encode())
