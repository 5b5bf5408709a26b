"""Changes of an organisation's own register, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from wksbm_cli.book.editing import Edit
from wksbm_cli.domain.likeness import may_be_same_person, spelled
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import OFFICERS, ORGANISATION_FIELDS, Organisation, Registers
from wksbm_cli.domain.slug import check_slug, check_text
from wksbm_cli.recording.registers.change import Change


def add(registers: Registers, slug: str, name: str, told: Mapping[str, Any]) -> Change:
    """Create an organisation. `told` are the values of organisation.toml beside its name; None where not typed."""
    check_slug(slug)
    if slug in registers.organisations:
        raise Refused(
            msg("{organisation} is there already.", organisation=slug),
            hint=msg("See it with: wksbm org show {organisation}", organisation=slug),
        )
    table = {"name": check_text(name), **_clean(told)}
    said = (
        msg("Added: {name} ({slug}).", name=name, slug=slug),
        msg('Next, its members: wksbm member add kk-001 "Name" --org {slug}', slug=slug),
    )
    return Change("organisation", slug, (), said, table)


def edit(registers: Registers, typed: str | None, name: str | None, told: Mapping[str, Any], today: date) -> Change:
    """Change values of an organisation; an empty text removes one."""
    organisation = registers.organisation(typed)
    edits = [Edit((key,), value) for key, value in _clean(told).items() if told[key] is not None]
    edits += _former_officers(organisation, told, today)
    if name is not None:
        edits.insert(0, Edit(("name",), check_text(name)))
    if not edits:
        raise Usage(msg("Say at least one of: {options}.", options="--name, --chair, --treasurer, --address ..."))
    called = check_text(name) if name is not None else organisation.name
    said = msg("Corrected: {name} ({slug}).", name=called, slug=organisation.slug)
    return Change("organisation", organisation.slug, tuple(edits), (said,))


def _former_officers(organisation: Organisation, told: Mapping[str, Any], today: date) -> list[Edit]:
    """Replaced officers stay approvers up to today, so that their earlier approvals remain valid."""
    former = [
        was
        for office in OFFICERS
        if told.get(office) is not None and (was := organisation.fields.get(office)) != told[office] and was
    ]
    return [Edit(("approvers",), {"name": was, "to": today}, add=True) for was in former]


def approver(
    registers: Registers, typed: str | None, name: str, start: date | None, end: date | None, today: date
) -> Change:
    """Register an approver beside the officers, by default from today; naming one again updates the dates."""
    organisation, called = registers.organisation(typed), check_text(name)
    if start and end and end < start:
        raise Usage(msg("The period ends on {end}, before it begins on {start}.", end=end, start=start))
    known = next((each for each in organisation.approvers if spelled(each.name) == spelled(called)), None)
    if known is None:
        days: dict[str, date | None] = {"from": start or today, **({"to": end} if end else {})}
        edits = [Edit(("approvers",), {"name": called, **days}, add=True)]
    else:
        days = {"from": start or known.start, "to": end}
        edits = [Edit(("approvers", ("name", known.name), key), day) for key, day in days.items()]
    said = (
        msg(
            "{name} may approve for {organisation} until {date}.", name=called, organisation=organisation.name, date=end
        )
        if end
        else msg("{name} may approve for {organisation}.", name=called, organisation=organisation.name)
    )
    others = [each for each in organisation.approvers_on(start or date.max) if spelled(each) != spelled(called)]
    alike = tuple(
        msg(
            "{name} looks like {other}: neither can approve what the other records or receives.",
            name=called,
            other=other,
        )
        for other in others
        if may_be_same_person(called, other)
    )
    return Change("organisation", organisation.slug, tuple(edits), (said,), notices=alike)


def signer(
    registers: Registers,
    typed: str | None,
    slug: str,
    key: str | None,
    name: str | None,
    start: date | None,
    end: date | None,
    today: date,
) -> Change:
    """Register a signer's key, by default from today, or end an existing one."""
    organisation = registers.organisation(typed)
    known = organisation.signers.get(check_slug(slug))
    if start and end and end < start:
        raise Usage(msg("The period ends on {end}, before it begins on {start}.", end=end, start=start))
    if known is None and key is None:
        raise Usage(
            msg("Say the file of the public key as well."),
            hint=msg("Type for instance: {example}", example=f"wksbm org signer {slug} ~/.ssh/id_ed25519.pub"),
        )
    if known is not None and key not in (None, known.key):
        raise Refused(
            msg("{signer} has another key already.", signer=known.name),
            hint=msg("End it with --to, and register the new one under another short name."),
        )
    values = {
        "name": check_text(name) if name else None,
        "key": key,
        "from": start or (None if known else today),
        "to": end,
    }
    told = {part: value for part, value in values.items() if value is not None}
    edits = (
        [Edit(("signers", slug), told)]
        if known is None
        else [Edit(("signers", slug, part), value) for part, value in told.items()]
    )
    called = name or (known.name if known else slug)
    said = msg("{signer} signs for {organisation} with this key.", signer=called, organisation=organisation.name)
    if end:
        said = msg(
            "{signer} signs for {organisation} until {date}.", signer=called, organisation=organisation.name, date=end
        )
    return Change("organisation", organisation.slug, tuple(edits), (said,))


def _clean(told: Mapping[str, Any]) -> dict[str, Any]:
    """The values with texts validated; an empty text becomes None."""
    clean = {
        key: (check_text(value) if value else None) if key in ORGANISATION_FIELDS else value
        for key, value in told.items()
    }
    if told.get("activities"):
        clean["activities"] = [check_text(item) for item in told["activities"]]
    return clean
