"""Passes over single entries: the group's rules, dates, duplicates, approvals, private data.

Each maps the evidence to findings, without changing anything or stopping at the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from wksbm_cli.book.lost import is_committed
from wksbm_cli.check.evidence import Evidence
from wksbm_cli.check.finding import Finding, Severity
from wksbm_cli.check.lines import IDENTITY
from wksbm_cli.domain.entry import Entry, short_id
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.members_money import KINDS_OF_LOANS, add_lent
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.rules import Case, against
from wksbm_cli.domain.slug import holds_identity_number

# Rules whose own hint also fits a finished line.
_SAID_AS_WELL = ("unknown-place", "night-twice", "approval", "approver")
# Clock differences between machines up to this are ignored.
_CLOCKS_APART = timedelta(hours=1)
# Not searched for identity numbers: a bank's references, by which an import recognises its rows, and ids of entries.
_NO_TEXT = ("ref", "of", "loan")


def against_rules(evidence: Evidence) -> Iterator[Finding]:
    """Entries that the rules would refuse today, unless cancelled since."""
    before = _Before(evidence)
    for at in evidence.standing():
        entry = at.entry
        case = Case(
            entry=entry,
            fund=evidence.registers.funds[entry.fund],
            movements=evidence.effects[entry.id].movements,
            registers=evidence.registers,
            before=before,
            today=entry.at.date(),
        )
        if entry.kind != "reversal" or not before.is_unreadable(entry.fields["of"]):
            for rule, refused in against(case):
                if rule.is_of_sums and not evidence.is_sure(entry.fund):
                    continue
                severity: Severity = "warning" if rule.only_warns(entry) else "error"
                hint = _mend(rule.code, refused, entry)
                if hint == _REMOVE and is_committed(evidence.lines.folder, at.ledger.path, at.entry.line):
                    severity, hint = ("error", _TAKE_BACK) if rule.code == "reversal-unknown" else ("warning", _STAYS)
                yield evidence.lines.finding(severity, rule.code, at, refused.text, hint)
        before.add(entry)


def _mend(code: str, refused: Refused, entry: Entry) -> Message:
    """The hint for a finished line, where that of the refusal only helps before recording."""
    if code in _SAID_AS_WELL and refused.hint is not None:
        return refused.hint
    if entry.kind == "reversal":
        return _REMOVE
    return msg("Cancel it, and record it as it should be: wksbm reverse {id} --reason ...", id=entry.short_id)


# A reversal cannot be cancelled, and nothing is taken out of git's history: another clone would put it back.
_REMOVE = msg("Remove this line, which is not saved in git yet; a reversal cannot be cancelled.")
_TAKE_BACK = msg("Remove this line, save that with git (git commit -am WHY), then: wksbm sync")
_STAYS = msg(
    "It is saved in git, where nothing is taken away, and stays. Where something should count that it cancels, record that again."
)


class _Before:
    """The state of the book before an entry was recorded, as far as rules query it (see `rules.View`)."""

    def __init__(self, evidence: Evidence) -> None:
        self._lines = evidence.lines
        # Nearly every night has one collection; its members are indexed only when there is a second.
        self._nights: dict[tuple[str, str, date], Entry | dict[str, str]] = {}
        self._hands: dict[str, set[str]] = {}
        self._opened: dict[str, date] = {}
        self._evidence = evidence
        # Payments by event, and of funds with a limit by day.
        self._going_out: dict[tuple[str, date | str], list[Entry]] = {}
        # Only of funds with lending or savings: outstanding principal and the history of savings, by member.
        self._lent: dict[str, dict[str, int]] = defaultdict(dict)
        self._saved: dict[str, dict[str, list[tuple[date, str, int]]]] = defaultdict(lambda: defaultdict(list))
        self._saved_by_all: dict[str, int] = defaultdict(int)
        # Balances of funds with savings, by fund and unit.
        self._held: dict[tuple[str, str], int] = defaultdict(int)
        # Only of zakat funds: receipts and payments by fund, asnaf, unit and year.
        self._zakat: dict[tuple[str, str, str, int], int] = {}
        for at in evidence.lines.placed:
            if collector := at.entry.fields.get("collector"):
                self._hands.setdefault(at.entry.fund, set()).add(collector)

    def add(self, entry: Entry) -> None:
        if entry.kind == "contribution" and "for" not in entry.fields:
            key = entry.fund, entry.fields.get("due", ""), entry.date
            if key in self._nights:
                self._given(key).update(dict.fromkeys(entry.fields["members"], entry.id))
            else:
                self._nights[key] = entry

        if entry.kind == "opening":
            self._opened[entry.fund] = min(entry.date, self._opened.get(entry.fund, entry.date))
        if self._evidence.registers.funds[entry.fund].restriction == "zakat":
            self._add_zakat(entry)
        giving = self._evidence.registers.funds[entry.fund].giving
        if KINDS[entry.kind].needs_approval == "above-limit":
            is_limited = giving is not None and giving.approvals
            for of in (entry.date if is_limited else None, entry.fields.get("event")):
                if of is not None:
                    self._going_out.setdefault((entry.fund, of), []).append(entry)

        if entry.kind != "reversal":  # the cancelled entry was never added
            for fund, _, unit, minor in self._evidence.effects[entry.id].movements:
                if self._evidence.registers.funds[fund].savings:
                    self._held[fund, unit] += minor
        if entry.kind in KINDS_OF_LOANS:
            add_lent(
                self._lent[entry.fund], entry, self._evidence.registers.funds[entry.fund], self._evidence.registers
            )
        if "class" in entry.fields:
            for member, minor in self._evidence.effects[entry.id].parties.items():
                self._saved[entry.fund][member].append((entry.date, entry.fields["class"], minor))
                self._saved_by_all[entry.fund] += minor

    def balance(self, fund: str, unit: str) -> int:
        return self._held[fund, unit]

    def lent(self, fund: Fund, registers: Registers) -> Mapping[str, int]:
        return self._lent[fund.slug]

    def saved(self, fund: str) -> int:
        return self._saved_by_all[fund]

    def savings(self, fund: str, until: date, of: str | None = None) -> Mapping[str, Mapping[str, int]]:
        held: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        saved = self._saved[fund]
        for member in saved if of is None else [of]:
            for day, class_, minor in saved[member]:
                if day <= until:
                    held[member][class_] += minor
        return held

    def _add_zakat(self, entry: Entry) -> None:
        receiver: str | None = "" if KINDS[entry.kind].is_collected else entry.fields.get("asnaf")
        if receiver is None:
            return
        for fund, _, unit, minor in self._evidence.effects[entry.id].movements:
            key = fund, receiver, unit, entry.date.year
            self._zakat[key] = self._zakat.get(key, 0) + minor

    def opened(self, funds: Collection[str]) -> date | None:
        return min((self._opened[fund] for fund in funds if fund in self._opened), default=None)

    def received(self, fund: str, unit: str, year: int) -> int:
        return self._zakat.get((fund, "", unit, year), 0)

    def going_out(self, fund: str, day: date, event: str) -> list[Entry]:
        of_both = (*self._going_out.get((fund, day), ()), *self._going_out.get((fund, event), ()))
        return list({entry.id: entry for entry in of_both}.values())

    def given_to_asnaf(self, fund: str, asnaf: str, unit: str, year: int) -> int:
        return -self._zakat.get((fund, asnaf, unit, year), 0)

    def is_unreadable(self, id_: str) -> bool:
        """Whether there is an unreadable line with this id, so that its reversal cannot be validated."""
        return id_ in self._lines.ids and id_ not in self._lines.by_id

    def places(self, fund: str) -> list[str]:
        return sorted(self._hands.get(fund, ()))

    def reversal_of(self, id_: str) -> str | None:
        at = self._evidence.reversals.get(id_)
        return at.entry.id if at else None

    def collected(self, fund: str, due: str, night: date) -> Mapping[str, str]:
        key = fund, due, night
        return self._given(key) if key in self._nights else {}

    def _given(self, key: tuple[str, str, date]) -> dict[str, str]:
        given = self._nights[key]
        if isinstance(given, Entry):
            given = self._nights[key] = dict.fromkeys(given.fields["members"], given.id)
        return given

    def entry(self, id_: str) -> Entry | None:
        at = self._lines.by_id.get(id_)
        return at.entry if at else None


def cancelled_twice(evidence: Evidence) -> Iterator[Finding]:
    """Reversals without effect, because the entry was cancelled before: concurrently by two people, or on two machines."""
    for at in evidence.standing():
        entry = at.entry
        counts = evidence.reversals.get(entry.fields["of"]) if entry.kind == "reversal" else None
        if counts is None or counts.entry.id == entry.id:
            continue
        text = msg(
            "{id} is cancelled by {other}; this second cancellation takes nothing back.",
            id=short_id(entry.fields["of"]),
            other=counts.entry.short_id,
        )
        hint = msg("The figures are right, and nothing is to be done: it was cancelled in two copies, apart.")
        yield evidence.lines.finding("warning", "reversal-twice", at, text, hint)


def days(evidence: Evidence) -> Iterator[Finding]:
    """Entries recorded before their date, or at a time in the future."""
    for at in evidence.standing():
        entry = at.entry
        if entry.at > evidence.now + _CLOCKS_APART:
            text = msg("By its own word it was recorded on {day}, a day still to come.", day=entry.at.date())
            yield evidence.lines.finding("warning", "clock", at, text, msg("Set the clock of the machine right."))
        elif entry.date > entry.at.date():
            text = msg("Recorded on {day}, before its own day, {date}.", day=entry.at.date(), date=entry.date)
            hint = msg(
                "If it has not happened after all, cancel it: wksbm reverse {id} --reason ...", id=entry.short_id
            )
            yield evidence.lines.finding("warning", "early", at, text, hint)


def twins(evidence: Evidence) -> Iterator[Finding]:
    """Likely duplicates: two entries with the same content and date, typed twice or by two people."""
    seen: dict[tuple[str, str], str] = {}
    for at in evidence.standing():
        entry = at.entry
        if _may_be_said_again(evidence, entry):
            continue
        # The content of a line is everything before its recorder and time at the end.
        first = seen.setdefault((entry.fund, entry.text[: entry.text.rfind(", by = ")]), entry.id)
        if first == entry.id:
            continue
        yield evidence.lines.finding(
            "warning",
            "twin",
            at,
            msg("This says the same as {id}: it may have been recorded twice.", id=short_id(first)),
            msg(
                "If it was: wksbm reverse {id} --reason ... If both are right, nothing is to be done.",
                id=entry.short_id,
            ),
        )


def _may_be_said_again(evidence: Evidence, entry: Entry) -> bool:
    """Kinds not reported: a second count is harmless; a second reversal, or second gift on one night, breaks a rule anyway."""
    if KINDS[entry.kind].may_repeat:
        return True
    due = evidence.registers.funds[entry.fund].dues.get(entry.fields.get("due", ""))
    return entry.kind == "contribution" and due is not None and due.cycle.name == "night"


def identity_numbers(evidence: Evidence) -> Iterator[Finding]:
    """Identity card numbers in texts of entries; findings do not repeat the number.

    A number that is saved in git stays readable in its history, so that cancelling the entry is all that can be done.
    """
    cancelled = evidence.reversals
    for at in evidence.recorded:
        for key, value in at.entry.fields.items():
            if type(value) is str and key not in _NO_TEXT and holds_identity_number(value):
                severity: Severity = "error"
                if not is_committed(evidence.lines.folder, at.ledger.path, at.entry.line):
                    hint = msg(
                        "Remove this line, which is not saved in git yet, and record it again without the number."
                    )
                elif at.entry.id in cancelled:
                    break
                elif at.entry.kind == "reversal":
                    severity, hint = "warning", _STAYS
                else:
                    hint = msg(
                        "Cancel it, and record it again without the number, which stays readable in git's history:"
                        " wksbm reverse {id} --reason ...",
                        id=at.entry.short_id,
                    )
                where = evidence.lines.folder.where(at.ledger.path, at.number)
                yield Finding(severity, "identity-number", where, IDENTITY, hint, at.entry.fund)
                break
