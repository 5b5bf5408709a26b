"""The command behind a report, as a paper carries it.

What was typed in a relative way (`last`, `kemarin`, a part of a fund's name) stands in the paper as it was understood. Behind
a `#`, which ends a command for a shell, stands what else the report depended on: the last recording in the whole book where it is
later than the seal, and the day on which it was read where it says so.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ReportOptions
from wksbm_cli.domain.dates import parse_date, parse_month, parse_year
from wksbm_cli.domain.seal import Seal

_NOT_SAID = ("output",)
_DAY = ("DATE", "TANGGAL")


def command_of(session: Session, options: ReportOptions, seal: Seal, read_on: date | None) -> str:
    """How a report was asked for: `wksbm --lang id saldo --dana rt-07/kas-sosial --format text`."""
    words = ["wksbm", "--lang", session.language_code, *_path(session.context), *_given(session, options)]
    beside = []
    last = session.query.last_recorded()
    sealed = datetime.fromisoformat(seal.until) if seal.until else None
    if last is not None and last <= session.moment and (sealed is None or last > sealed):
        beside.append(session.registers.book.recorded_at(last).isoformat(timespec="seconds"))
    if read_on is not None:
        beside.append(read_on.isoformat())
    return " ".join([shlex.join(words), *(["#", *beside] if beside else [])])


def _path(context: Any) -> Iterator[str]:
    """The names of the command and of the groups it is in, without the program's."""
    chain = []
    while context.parent is not None:
        chain.append(context)
        context = context.parent
    for one in reversed(chain):
        first, space, _ = (one.info_name or "").partition(" ")
        yield from ([first] if space else [])  # `collect status`, where `collect` is a command too
        yield str(one.command.name)


def _given(session: Session, options: ReportOptions) -> Iterator[str]:
    command = session.context.command
    of_family = {param.name for param in command.shared.params}
    for param in command.params:
        if param.param_type_name == "argument" and not param.required:
            continue  # the fund or the period of a report, which its options say as they were understood
        value = session.given.get(param.name)
        if param.name in of_family:
            value = _understood(session, options, param.name)
        elif param.metavar in _DAY and value:
            value = parse_date(value, session.today).isoformat()
        elif param.name == "fund" and value:
            value = session.registers.fund(value, options.org).slug
        if param.name in _NOT_SAID or value in (None, False, "", (), []) or value == param.default:
            continue
        values = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        for each in values:
            yield from ([] if param.param_type_name == "argument" else [param.opts[0]])
            if value is not True:
                yield each


def _understood(session: Session, options: ReportOptions, name: str) -> str | bool | None:
    """An option of reports as it was understood."""
    match name:
        case "org" if options.org:
            return session.registers.organisation(options.org).slug
        case "fund_" if options.fund:
            organisation = session.registers.organisation(options.org).slug if options.org else None
            return session.registers.fund(options.fund, organisation).slug
        case "month" if options.month:
            start = parse_month(options.month, session.today).start
            return None if start is None else f"{start:%Y-%m}"
        case "year" if options.year:
            end = parse_year(options.year, session.today, _years_begin(session, options)).end
            return None if end is None else f"{end:%Y}"
        case "start" | "end" | "as_of":
            typed = getattr(options, name)
            return parse_date(typed, session.today).isoformat() if typed else None
        case "format_":
            return options.format
    return getattr(options, name, None)


def _years_begin(session: Session, options: ReportOptions) -> int:
    """The month in which the years begin of the funds that the report is about."""
    registers, typed = session.registers, session.given.get("fund") or options.fund
    if typed:
        return registers.years_begin([registers.fund(typed, options.org)])
    return registers.years_begin(fund for fund in registers.funds.values() if options.org in (None, fund.organisation))


def beside_command(command: str) -> tuple[datetime | None, date | None]:
    """What stands behind the `#`: the last recording in the whole book, and the day of reading."""
    _, _, beside = command.partition(" # ")
    moments = re.findall(r"\d{4}-\d\d-\d\dT\S+", beside)
    days = re.findall(r"(?<!\S)\d{4}-\d\d-\d\d(?!\S)", beside)
    try:
        return (
            datetime.fromisoformat(moments[0]) if moments else None,
            date.fromisoformat(days[0]) if days else None,
        )
    except ValueError:
        return None, None
