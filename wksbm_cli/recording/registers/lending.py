"""Changes of a fund's classes of savings, loan terms and surplus shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wksbm_cli.book.editing import Edit
from wksbm_cli.domain.fund import lending_fault
from wksbm_cli.domain.lending import INSTALMENT_CYCLES, METHODS
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.lending import parse_percent, toml_number
from wksbm_cli.recording.registers.change import Change, edit_fund
from wksbm_cli.recording.registers.funds import number_in, put_all, refuse_taken

# The names of shares distributed among members, by savings or by charges paid.
_SHARED_BY = {"savings": "savings", "simpanan": "savings", "charges": "charges", "jasa": "charges"}


def add_savings_class(
    registers: Registers, typed: str, name: str, *, amount: str | None, locked: bool, called: str | None
) -> Change:
    fund = registers.fund(typed)
    slug = check_slug(name)
    refuse_taken(fund, slug, fund.savings)
    table: dict[str, Any] = {"name": check_text(called) if called else f"Simpanan {slug}"}
    if amount:
        table["amount"] = number_in(registers, amount, fund.unit)
    if locked:
        table["locked"] = True
    said = msg("Added: {name} ({slug}).", name=table["name"], slug=slug)
    return edit_fund(fund, [Edit(("savings", slug), table)], said)


def set_terms(
    registers: Registers,
    typed: str,
    *,
    rate: str | None,
    method: str | None,
    instalments: int | None,
    cycle: str | None,
    ceiling: str | None,
    times_savings: int | None,
    fine: str | None,
    step: str | None,
    lends_savings: bool | None,
) -> Change:
    fund = registers.fund(typed)
    if fault := lending_fault(fund):
        raise Refused(fault)
    table: dict[str, Any] = {}
    if rate is not None:
        table["rate"] = toml_number(parse_percent(rate))
    if method:
        table["method"] = choose(method, METHODS)
    if instalments is not None:
        table["instalments"] = instalments
    if cycle:
        table["cycle"] = choose(cycle, INSTALMENT_CYCLES)
    if ceiling:
        table["ceiling"] = number_in(registers, ceiling, fund.unit)
    if times_savings is not None:
        table["times_savings"] = times_savings
    if fine is not None:
        table["fine"] = number_in(registers, fine, fund.unit)
    if step is not None:
        table["round"] = number_in(registers, step, fund.unit)
    if lends_savings is not None:
        table["lends_savings"] = lends_savings
    if not table:
        raise Usage(msg("Say at least one of the terms: --rate, --instalments, --cycle ..."))
    said = msg("The terms of {fund} are set; loans given before keep theirs.", fund=fund.name)
    return edit_fund(fund, put_all("loans", table), said)


def share_surplus(registers: Registers, typed: str, shares: Sequence[str]) -> Change:
    fund = registers.fund(typed)
    table: dict[str, Any] = {}
    for pair in shares:
        name, equals, percent = pair.partition("=")
        if not equals:
            raise Usage(msg('"{text}" must be a share and its percentage, as cadangan=30.', text=pair[:40]))
        slug = check_slug(name)
        table[slug] = {"name": check_text(name), "percent": toml_number(parse_percent(percent))}
        if by := _SHARED_BY.get(slug):
            table[slug]["by"] = by
    said = msg("The surplus of {fund} is shared so from now on.", fund=fund.name)
    return edit_fund(fund, [Edit(("surplus",), table)], said)
