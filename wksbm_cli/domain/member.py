"""A member of an organisation as its register has them: a household or a person, with classes and exemptions by date."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.person import Person
from wksbm_cli.domain.table import TomlTable, UnknownKey


class Exemption(NamedTuple):
    """A member owes nothing of a due (or of all dues of a fund, or of all) from a day to a day, both included."""

    start: date
    end: date | None = None
    fund: str | None = None
    due: str | None = None
    reason: str = ""

    def covers(self, fund: str, due: str, day: date) -> bool:
        """`fund` without its organisation."""
        return (
            self.start <= day
            and (self.end is None or day <= self.end)
            and self.fund in (None, fund)
            and self.due in (None, due)
        )


class Member(NamedTuple):
    """A household (or person) of an organisation. `classes` are dated: (from, class), oldest first.

    What was open when the member left stays owed (`owes_still`), or its dues are written off from a day on.
    """

    slug: str
    name: str
    joined: date | None = None
    left: date | None = None
    classes: tuple[tuple[date, str], ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    note: str = ""
    owes_still: bool = False
    written_off: date | None = None

    @property
    def person(self) -> Person:
        """The member as reports name them."""
        return Person(self.name, self.slug)

    @classmethod
    def from_table(cls, slug: str, table: object) -> Member:
        top = TomlTable(table, slug)
        joined = top.take("joined", date)
        classes: list[tuple[date, str]] = []
        if first := top.take("class", str):
            classes.append((joined or date.min, first))
        for change in top.take("class_changes", list, []):
            row = TomlTable(change, f"{slug}.class_changes")
            classes.append((row.take("from", date, required=True), row.take("class", str, required=True)))
            row.done()
        exemptions = []
        for item in top.take("exemptions", list, []):
            row = TomlTable(item, f"{slug}.exemptions")
            exemptions.append(
                Exemption(
                    start=row.take("from", date, required=True),
                    end=row.take("to", date),
                    fund=row.take("fund", str),
                    due=row.take("due", str),
                    reason=row.take("reason", str, ""),
                )
            )
            row.done()
        member = cls(
            slug=slug,
            name=top.take("name", str, required=True),
            joined=joined,
            left=top.take("left", date),
            classes=tuple(sorted(classes)),
            exemptions=tuple(exemptions),
            note=top.take("note", str, ""),
            owes_still=top.take("owes_still", bool, False),
            written_off=top.take("written_off", date),
        )
        top.done()
        if member.joined and member.left and member.left < member.joined:
            raise UnknownKey(msg("{member} left before joining.", member=slug), slug)
        off = member.written_off
        if (member.owes_still or off) and (member.left is None or (off and (off < member.left or member.owes_still))):
            raise UnknownKey(
                msg("What stays owed or is written off is said of a member who left, one of the two."), slug
            )
        return member

    def is_active(self, day: date) -> bool:
        """Whether the member belongs to the group on `day`; the day of leaving is the last."""
        return (self.joined is None or self.joined <= day) and (self.left is None or day <= self.left)

    def class_on(self, day: date) -> str:
        """The member's class on `day`; empty where none was given."""
        return next((name for since, name in reversed(self.classes) if since <= day), "")
