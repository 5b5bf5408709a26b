"""Changes of an organisation's members: joining, leaving, exemptions, classes, names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from wksbm_cli.book.editing import Edit
from wksbm_cli.domain.dates import parse_date
from wksbm_cli.domain.likeness import alike_among, may_be_same_person
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.domain.problem import Refused, Usage
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import check_slug, check_text
from wksbm_cli.recording.choices import choose
from wksbm_cli.recording.drafts import find_due
from wksbm_cli.recording.registers.change import Change, Deciding, Present
from wksbm_cli.recording.rows import InputRow, Sheet
from wksbm_cli.standing.leaving import Open, open_on_leaving

_NUMBERED = re.compile(r"(.*?)(\d{1,9})")


class NewMember(NamedTuple):
    """A member as typed, or as a row of a sheet has it."""

    slug: str
    name: str | None
    joined: str | None = None
    class_: str | None = None
    note: str | None = None

    def table(self, today: date) -> dict[str, Any]:
        """Its table in members.toml."""
        if not (self.name or "").strip():
            raise Usage(
                msg("What is the name of {member}?", member=self.slug),
                hint=msg('Type: wksbm member add {member} "Name"', member=self.slug),
            )
        table: dict[str, Any] = {"name": check_text(self.name or "")}
        if self.joined:
            table["joined"] = parse_date(self.joined, today)
        if self.class_:
            table["class"] = check_slug(self.class_)
        if self.note:
            table["note"] = check_text(self.note)
        return table


def add(registers: Registers, org: str | None, new: NewMember, today: date) -> Change:
    slug, table = check_slug(new.slug), new.table(today)
    return _adding(registers, org, {slug: table}, msg("Added: {name} ({slug}).", name=table["name"], slug=slug))


def add_all(registers: Registers, org: str | None, sheet: Sheet, today: date) -> Change:
    """Add all rows of a sheet atomically; all unusable rows are reported together."""
    rows: dict[str, Mapping[str, Any]] = {}
    seen: dict[str, int] = {}

    organisation = registers.organisation(org).slug
    fresh = _fresh_ids([*registers.members[organisation], *(row.get("id") or "" for row in sheet.rows)])

    def take(row: InputRow) -> None:
        slug = check_slug(row["id"]) if "id" in row.cells else next(fresh)
        if seen.setdefault(slug, row.number) != row.number:
            raise Usage(msg("{member} stands in the file already, in line {line}.", member=slug, line=str(seen[slug])))
        new = NewMember(slug, row["name"], row.get("joined"), row.get("class"), row.get("note"))
        rows[slug] = new.table(today)

    sheet.use(sheet.rows, take)
    sheet.refuse_unusable()
    said = msgn(
        "Added {count} member to {organisation}.",
        "Added {count} members to {organisation}.",
        len(rows),
        organisation=registers.organisation(org).name,
    )
    return _adding(registers, org, rows, said)


def _fresh_ids(taken: Sequence[str]) -> Iterator[str]:
    """New ids that continue the existing ones: `r018` after `r017`, `kk-001` where there are none."""
    numbered = [(found[1], found[2]) for slug in taken if (found := _NUMBERED.fullmatch(slug))]
    prefix = Counter(prefix for prefix, _ in numbered).most_common(1)[0][0] if numbered else "kk-"
    numbers = [digits for each, digits in numbered if each == prefix] or ["000"]
    width = max(map(len, numbers))
    for number in count(max(map(int, numbers)) + 1):
        yield f"{prefix}{number:0{width}d}"


def _adding(registers: Registers, org: str | None, rows: Mapping[str, Mapping[str, Any]], said: Message) -> Change:
    organisation = registers.organisation(org).slug
    there = registers.members[organisation]
    if again := [f"{slug} ({there[slug].name})" for slug in rows if slug in there]:
        raise Refused(
            msgn("Already a member: {names}.", "Already members: {names}.", len(again), names=", ".join(again)),
            hint=msg("See them with: wksbm member list"),
        )
    change = _change(organisation, [Edit((slug,), dict(table)) for slug, table in rows.items()], said)
    new = {slug: str(table["name"]) for slug, table in rows.items()}
    return change._replace(notices=told_alike(registers, organisation, new))


# What becomes of what is open with a member who leaves.
DEBTS = ("owed", "written-off")


class OpenOnLeaving(Refused):
    """A member leaves with something open, and nobody said what becomes of it; a person on a terminal is asked."""


def leave(
    present: Present, org: str | None, typed: str, day: date, today: date, debts: str | None, deciding: Deciding
) -> Change:
    """The day of leaving, and what becomes of what is open; of one who left before, only that."""
    registers = present.registers
    organisation, member = find_member(registers, typed, org)
    known = member.owes_still or member.written_off is not None
    if member.left and (debts is None or known):
        raise Refused(
            msg("{member} left already, on {date}.", member=member.name, date=member.left),
            hint=msg("See it with: wksbm member show {member}", member=member.slug),
        )
    left = member.left or day
    open_ = open_on_leaving(present.query, registers, member._replace(left=left), organisation, max(today, left))
    told = tuple(each.text for each in open_)
    becomes = choose(debts, DEBTS) if debts is not None else None
    if open_ and becomes is None:
        raise OpenOnLeaving(
            msg("{member} leaves, and this is still open:", member=member.name),
            details=[part for each in open_ for part in (each.text, each.hint) if part is not None],
            hint=msg(
                "If it stays owed: --debts owed. If the group gives up its dues: --debts written-off --reason TEXT --decided-by NAME"
            ),
        )
    edits, said = [], []
    if not member.left:
        edits.append(Edit((member.slug, "left"), day))
        said.append(msg("{member} left on {date}.", member=member.name, date=day))
    if becomes == "owed" and open_:
        edits.append(Edit((member.slug, "owes_still"), True))
        said.append(msg("It stays open, and can be paid and paid back:"))
    elif becomes == "written-off" and open_:
        _refuse_writing_off(member, open_, deciding)
        edits.append(Edit((member.slug, "written_off"), left if not member.left else today))
        said.append(msg("Written off:"))
    if not edits:
        raise Refused(
            msg("Nothing is open with {member}.", member=member.name),
            hint=msg("See it with: wksbm member card {member}", member=member.slug),
        )
    return Change("members", organisation, tuple(edits), (*said, *told))


def _refuse_writing_off(member: Member, open_: Sequence[Open], deciding: Deciding) -> None:
    """Refuse to write off what is not dues, or without a reason and someone else who decided it."""
    if others := [each for each in open_ if not each.forgivable]:
        raise Refused(
            msg("Only dues are written off by leaving; this is not:"),
            details=[part for each in others for part in (each.text, each.hint) if part is not None],
            hint=msg("Settle it first, or let all stay open: --debts owed"),
        )
    decided = deciding.decided_by
    if not deciding.reason or not decided:
        raise Usage(msg("What is written off says why and who decided it: --reason TEXT --decided-by NAME."))
    if may_be_same_person(decided, deciding.by) or may_be_same_person(decided, member.name):
        raise Refused(
            msg("{approver} cannot decide this: it is who records it or who owes it.", approver=decided),
            hint=msg("Name who decided it, as the members' meeting, with --decided-by."),
        )


def exempt(
    registers: Registers,
    org: str | None,
    typed: str,
    start: date,
    end: date | None,
    *,
    fund: str | None,
    due: str | None,
    reason: str | None,
) -> Change:
    organisation, member = find_member(registers, typed, org)
    row: dict[str, Any] = {"from": start}
    if end:
        row["to"] = end
        if end < start:
            raise Usage(msg("The period ends on {end}, before it begins on {start}.", end=end, start=start))
    if due and not fund:
        raise Usage(msg("A due belongs to a fund: say which with --fund."))
    if fund:
        of = registers.fund(fund, organisation)
        row["fund"] = of.short
        if due and (exempted := find_due(of, due)):
            row["due"] = exempted.slug
    if reason:
        row["reason"] = check_text(reason)
    said = (
        msg("{member} is exempt from {start} to {end}.", member=member.name, start=start, end=end)
        if end
        else msg("{member} is exempt from {start}.", member=member.name, start=start)
    )
    return _change(organisation, [Edit((member.slug, "exemptions"), row, add=True)], said)


def put_in_class(registers: Registers, org: str | None, typed: str, class_: str, day: date) -> Change:
    organisation, member = find_member(registers, typed, org)
    name = check_slug(class_)
    if member.class_on(day) == name:
        raise Refused(msg("{member} is of the class {name} already.", member=member.name, name=name))
    said = msg("{member} is of the class {name} from {date}.", member=member.name, name=name, date=day)
    return _change(organisation, [Edit((member.slug, "class_changes"), {"from": day, "class": name}, add=True)], said)


def edit(
    registers: Registers,
    org: str | None,
    typed: str,
    *,
    name: str | None,
    joined: date | None,
    left: date | None,
    note: str | None,
) -> Change:
    """Correct a member's data; an empty note removes it."""
    organisation, member = find_member(registers, typed, org)
    edits = []
    if name is not None:
        edits.append(Edit((member.slug, "name"), check_text(name)))
    if joined is not None:
        edits.append(Edit((member.slug, "joined"), joined))
    if left is not None:
        if member.left is None:
            raise Refused(
                msg("{member} has not left.", member=member.name),
                hint=msg(
                    "To record that: wksbm member leave {member} --date {date}",
                    member=member.slug,
                    date=left.isoformat(),
                ),
            )
        edits.append(Edit((member.slug, "left"), left))
    if note is not None:
        edits.append(Edit((member.slug, "note"), check_text(note) if note else None))
    if not edits:
        raise Usage(msg("Say at least one of: {options}.", options="--name, --joined, --left, --note"))
    called = check_text(name) if name is not None else member.name
    change = _change(organisation, edits, msg("Corrected: {name} ({slug}).", name=called, slug=member.slug))
    return (
        change if name is None else change._replace(notices=told_alike(registers, organisation, {member.slug: called}))
    )


def find_member(registers: Registers, typed: str, org: str | None) -> tuple[str, Member]:
    """Find the member typed, in the organisation typed or the only one with such a member."""
    if org is None and len(registers.organisations) > 1:
        holding = [slug for slug, members in registers.members.items() if typed in members]
        if len(holding) == 1:
            return holding[0], registers.members[holding[0]][typed]
    organisation = registers.organisation(org).slug
    return organisation, registers.member(organisation, typed)


# The most pairs of similar names reported one by one; a register of a thousand has many, and most are right.
_MOST_TOLD = 5


def told_alike(registers: Registers, organisation: str, new: Mapping[str, str]) -> tuple[Message, ...]:
    """A notice for each new name similar to an existing one: perhaps the same person, or a name to distinguish.

    `new` are names by member id; an approver has no id.
    """
    there = {slug: member.name for slug, member in registers.members[organisation].items()}
    names = {**there, **new}
    pairs = list(alike_among(new, there))
    told = [
        msg(
            "{name} ({slug}) looks like {other} ({other_slug}): is it the same person? If not, tell the two apart in their names.",
            name=names[slug],
            slug=slug,
            other=names[other],
            other_slug=other,
        )
        for other, slug in pairs[:_MOST_TOLD]
    ]
    if rest := len(pairs) - len(told):
        told.append(msgn("{count} more pair of names looks alike.", "{count} more pairs of names look alike.", rest))
    return tuple(told)


def _change(organisation: str, edits: list[Edit], said: Message) -> Change:
    return Change("members", organisation, tuple(edits), (said,))
